//! The chart of notification latency: which share of mail was told within which time, one curve per arm.
//!
//! Made for a slide: curves are labelled at their ends rather than in a legend, and arms differ in colour,
//! dashes and the mark at their median, so that a print in black and white reads as well.

use crate::analysis::survival::Point;
use crate::report::canvas::{Anchor, Canvas, Font, GRID, INK, MUTED, PAPER, Place, picture};
use crate::report::human::{NOT_REACHED, share, short_duration, trimmed};
use crate::report::labels::{dodge, shortened};
use crate::report::scale::TimeScale;
use crate::time::Span;
use plotters::style::{Color, RGBColor};

/// One curve of the chart.
#[derive(Clone, PartialEq, Debug)]
pub struct Arm {
    /// Its name.
    pub label: String,
    /// The share told within each time, in order of time; it starts at nothing and ends at its last point.
    pub curve: Vec<Point>,
    /// The median in milliseconds, where it is reached.
    pub median: Option<u64>,
    /// The share told by the end, or `None` where there was no mail.
    pub told_by_end: Option<f64>,
}

/// The colours of M. Okabe and K. Ito, "Color Universal Design" (2008), that stand out at least 3:1 from
/// both backgrounds; yellow, orange and sky blue do not.
const COLOURS: [RGBColor; 5] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0x00, 0x00, 0x00),
];

/// Not as many as there are colours, so that a colour that comes again has other dashes.
const DASHES: [&[f64]; 4] = [&[], &[9.0, 4.0], &[2.5, 2.5], &[12.0, 3.0, 2.5, 3.0]];

const WIDTH: u32 = 960;
const HEIGHT: u32 = 520;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 660.0;
const TOP: f64 = 108.0;
/// From the lower edge of the sheet to the time axis.
const FOOT: f64 = 64.0;

const TITLE: Font = Font { size: 21.0, bold: true, colour: INK };
const SUBTITLE: Font = Font { size: 13.0, bold: false, colour: MUTED };
const NAME: Font = Font { size: 13.0, bold: true, colour: INK };
const NOTE: Font = Font { size: 12.0, bold: false, colour: MUTED };

/// The chart as SVG. Time is logarithmic; the band of a curve is the 95 % band of its points; a mark shows
/// each median; `target` is a share to be told within so many milliseconds.
pub fn latency_chart(title: &str, subtitle: &str, arms: &[Arm], target: Option<(u64, f64)>) -> String {
    let lengths = arms.iter().flat_map(|arm| arm.curve.iter().map(|point| point.ms).chain(arm.median));
    let scale = TimeScale::showing(lengths.chain(target.map(|target| target.0)), LEFT, RIGHT);
    // Two lines a label while there is room, then one, then a taller sheet.
    let many = arms.len() as f64;
    let room = f64::from(HEIGHT) - TOP - FOOT;
    let label_height = if many * 38.0 <= room { 38.0 } else { 17.0 };
    let height = (many * label_height + TOP + FOOT).max(HEIGHT.into());
    let sheet = Sheet { scale, bottom: height - FOOT, label_height };
    picture((WIDTH, libm::ceil(height) as u32), title, &description(subtitle, arms, target), |canvas| {
        canvas.text(&shortened(title, 72), (24.0, 38.0), TITLE, Anchor::Start);
        canvas.text(&shortened(subtitle, 125), (24.0, 62.0), SUBTITLE, Anchor::Start);
        sheet.axes(canvas);
        if let Some(target) = target {
            sheet.target(canvas, target);
        }
        for (place, arm) in arms.iter().enumerate() {
            sheet.band(canvas, arm, Look::of(place));
        }
        for (place, arm) in arms.iter().enumerate() {
            sheet.curve(canvas, arm, Look::of(place));
        }
        sheet.labels(canvas, arms);
        if arms.is_empty() {
            let middle = ((LEFT + RIGHT) / 2.0, sheet.y(0.5));
            canvas.text("nothing to show", middle, SUBTITLE, Anchor::Middle);
        }
    })
}

/// What tells an arm from the others.
#[derive(Clone, Copy)]
struct Look {
    colour: RGBColor,
    dash: &'static [f64],
    mark: usize,
}

impl Look {
    fn of(place: usize) -> Look {
        let (colours, dashes) = (COLOURS.len(), DASHES.len());
        Look { colour: COLOURS[place % colours], dash: DASHES[place % dashes], mark: place % 4 }
    }
}

/// The area of the curves, and the labels to its right.
struct Sheet {
    scale: TimeScale,
    bottom: f64,
    label_height: f64,
}

impl Sheet {
    fn y(&self, told: f64) -> f64 {
        // Not `clamp`, which would let not-a-number through.
        let share = if told >= 0.0 { told.min(1.0) } else { 0.0 };
        self.bottom - share * (self.bottom - TOP)
    }

    fn axes(&self, canvas: &mut Canvas<'_>) {
        for percent in [0, 25, 50, 75, 100] {
            let y = self.y(f64::from(percent) / 100.0);
            let (colour, name) = (if percent == 0 { MUTED } else { GRID }, format!("{percent} %"));
            canvas.line((LEFT, y), (RIGHT, y), colour.to_rgba(), 1.0);
            canvas.text(&name, (LEFT - 10.0, y + 4.0), NOTE, Anchor::End);
        }
        for (name, x) in self.scale.ticks(46.0) {
            canvas.line((x, self.bottom), (x, self.bottom + 5.0), MUTED.to_rgba(), 1.0);
            canvas.text(name, (x, self.bottom + 20.0), NOTE, Anchor::Middle);
        }
        canvas.text("Mail told", (LEFT, TOP - 12.0), NOTE, Anchor::Start);
        let below = (RIGHT, self.bottom + 44.0);
        canvas.text("Time since the mail arrived, logarithmic", below, NOTE, Anchor::End);
    }

    fn target(&self, canvas: &mut Canvas<'_>, (ms, aim): (u64, f64)) {
        let (x, y) = (self.scale.x(ms), self.y(aim));
        canvas.path(&[(LEFT, y), (x, y), (x, self.bottom)], MUTED, 1.25, &[4.0, 4.0]);
        canvas.circle((x, y), 4.5, MUTED);
        canvas.circle((x, y), 2.5, PAPER);
        // Above the curves, where it covers none, and clear of the axis' own name.
        let middle = x.clamp(LEFT + 170.0, RIGHT - 90.0);
        canvas.line((x, TOP - 8.0), (x, y - 4.5), GRID.to_rgba(), 1.0);
        canvas.text(&wish((ms, aim)), (middle, TOP - 12.0), NOTE, Anchor::Middle);
    }

    /// The places of a step curve through the points, each height held until the next point.
    fn steps(&self, arm: &Arm, height: impl Fn(&Point) -> f64) -> Vec<Place> {
        let mut last = self.y(0.0);
        // Before the first mail is told there is nothing to see but the axis.
        let told = arm.curve.first().is_some_and(|point| point.told > 0.0);
        let mut places = if told { Vec::new() } else { vec![(LEFT, last)] };
        for point in &arm.curve {
            let (x, y) = (self.scale.x(point.ms), self.y(height(point)));
            places.extend([(x, last), (x, y)]);
            last = y;
        }
        places.dedup();
        places
    }

    fn band(&self, canvas: &mut Canvas<'_>, arm: &Arm, look: Look) {
        let mut outline = self.steps(arm, |point| point.high);
        outline.extend(self.steps(arm, |point| point.low).into_iter().rev());
        canvas.shape(&outline, look.colour.mix(0.16));
    }

    fn curve(&self, canvas: &mut Canvas<'_>, arm: &Arm, look: Look) {
        let places = self.steps(arm, |point| point.told);
        canvas.path(&places, look.colour, 2.25, look.dash);
        if let Some(median) = arm.median {
            mark(canvas, (self.scale.x(median), self.y(0.5)), look);
        }
    }

    fn labels(&self, canvas: &mut Canvas<'_>, arms: &[Arm]) {
        let ends: Vec<Place> = arms.iter().map(|arm| self.end(arm)).collect();
        let wanted: Vec<f64> = ends.iter().map(|end| end.1).collect();
        let half = self.label_height / 2.0;
        let centres = dodge(&wanted, self.label_height, TOP - half, self.bottom + half);
        for (place, (arm, centre)) in arms.iter().zip(centres).enumerate() {
            let (look, end) = (Look::of(place), ends[place]);
            let thin = look.colour.mix(0.55);
            // After the last observation the estimate stands, but nothing was seen any more.
            canvas.line((end.0, end.1), (RIGHT, end.1), thin, 0.75);
            canvas.line((RIGHT, end.1), (RIGHT + 14.0, centre), thin, 0.75);
            canvas.path(&[(RIGHT + 14.0, centre), (RIGHT + 54.0, centre)], look.colour, 2.25, look.dash);
            mark(canvas, (RIGHT + 34.0, centre), look);
            let text = RIGHT + 62.0;
            let two_lines = self.label_height > 30.0;
            let baseline = if two_lines { centre - 2.0 } else { centre + 4.5 };
            canvas.text(&shortened(&arm.label, 28), (text, baseline), NAME, Anchor::Start);
            if two_lines {
                canvas.text(&note(arm), (text, centre + 14.0), NOTE, Anchor::Start);
            }
        }
    }

    /// Where an arm's curve ends.
    fn end(&self, arm: &Arm) -> Place {
        arm.curve.last().map_or((RIGHT, self.y(0.0)), |point| (self.scale.x(point.ms), self.y(point.told)))
    }
}

/// The mark of an arm, with a rim of paper so that it stands out from any curve.
fn mark(canvas: &mut Canvas<'_>, (x, y): Place, look: Look) {
    for (radius, colour) in [(6.5, PAPER), (4.75, look.colour)] {
        let corners = |offsets: &[(f64, f64)]| -> Vec<Place> {
            offsets.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius)).collect()
        };
        let colour_alpha = colour.to_rgba();
        match look.mark {
            0 => canvas.circle((x, y), radius, colour),
            1 => canvas.shape(&corners(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]), colour_alpha),
            2 => canvas.shape(&corners(&[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)]), colour_alpha),
            _ => canvas.shape(&corners(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]), colour_alpha),
        }
    }
}

/// What stands below an arm's name.
fn note(arm: &Arm) -> String {
    match arm.told_by_end {
        None => "no mail".into(),
        told => {
            let median = arm.median.map_or(NOT_REACHED.into(), |ms| short_duration(Span::from_ms(ms)));
            format!("{} told, median {median}", share(told))
        }
    }
}

/// The target in words.
fn wish((ms, aim): (u64, f64)) -> String {
    format!("target: {} % within {}", trimmed(aim * 100.0, 2), short_duration(Span::from_ms(ms)))
}

/// The chart in words.
fn description(subtitle: &str, arms: &[Arm], target: Option<(u64, f64)>) -> String {
    let mut words = vec![subtitle.to_owned()];
    words.extend(arms.iter().map(|arm| format!("{}: {}", arm.label, note(arm))));
    words.extend(target.map(wish));
    words.join(". ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::canvas::DARK;

    /// Relative luminance and contrast as WCAG 2.2 defines them.
    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let luminance = |RGBColor(red, green, blue): RGBColor| {
            let linear = |byte: u8| match f64::from(byte) / 255.0 {
                c if c <= 0.04045 => c / 12.92,
                c => libm::pow((c + 0.055) / 1.055, 2.4),
            };
            0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        };
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        (a / b).max(b / a)
    }

    #[test]
    fn every_curve_and_text_stands_out_from_both_backgrounds() {
        let dark = |colour| DARK.iter().find(|pair| pair.0 == colour).map_or(colour, |pair| pair.1);
        for colour in COLOURS {
            assert!(
                contrast(colour, PAPER) >= 3.0 && contrast(dark(colour), dark(PAPER)) >= 3.0,
                "{colour:?}"
            );
        }
        for text in [INK, MUTED] {
            assert!(contrast(text, PAPER) >= 4.5 && contrast(dark(text), dark(PAPER)) >= 4.5, "{text:?}");
        }
        for font in [TITLE, SUBTITLE, NAME, NOTE] {
            assert!(font.size >= 11.0);
        }
    }

    #[test]
    fn arms_of_one_colour_differ_in_dashes() {
        for (a, b) in (0..20).flat_map(|a| (0..a).map(move |b| (Look::of(a), Look::of(b)))) {
            assert!(a.colour != b.colour || a.dash != b.dash);
        }
    }
}
