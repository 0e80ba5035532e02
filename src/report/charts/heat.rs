//! What heat maps have in common: readings, their colours, the scale and its bar.

use super::canvas::{Anchor, Canvas, Font, GRID, MUTED, Xy};
use super::frame::legend;
use super::look::{NOTE, ink};
use super::ticks::drawable;
use crate::report::human::NOT_REACHED;
use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

/// What was found for a cell of a heat map: in a file a number, `"beyond"`, or `null` for nothing.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// More than was observed, as a percentile that is not reached.
    Beyond,
    /// Nothing, or too little to say anything.
    #[serde(untagged)]
    Nothing,
    /// A value.
    #[serde(untagged)]
    Value(f64),
}

impl Reading {
    /// The value, where it is a number.
    pub(super) fn value(self) -> Option<f64> {
        match self {
            Reading::Value(value) => Some(value).filter(|value| drawable(*value)),
            Reading::Nothing | Reading::Beyond => None,
        }
    }

    /// The same, but what is no number is no value.
    pub(super) fn sound(self) -> Reading {
        match self {
            Reading::Value(value) if value == f64::INFINITY => Reading::Beyond,
            Reading::Value(value) if !drawable(value) => Reading::Nothing,
            sound => sound,
        }
    }
}

/// The colour map viridis by S. van der Walt and N. Smith (matplotlib, 2015, CC0) at ten even steps, as
/// `viridis(10)` of R's viridisLite gives it. Its luminance rises throughout, so that it reads in black and
/// white and by colour-blind people.
const VIRIDIS: [RGBColor; 10] = [
    RGBColor(0x44, 0x01, 0x54),
    RGBColor(0x48, 0x28, 0x78),
    RGBColor(0x3E, 0x4A, 0x89),
    RGBColor(0x31, 0x68, 0x8E),
    RGBColor(0x26, 0x82, 0x8E),
    RGBColor(0x1F, 0x9E, 0x89),
    RGBColor(0x35, 0xB7, 0x79),
    RGBColor(0x6D, 0xCD, 0x59),
    RGBColor(0xB4, 0xDE, 0x2C),
    RGBColor(0xFD, 0xE7, 0x25),
];

/// The colour this far up a colour map, 0 to 1.
fn between(colours: &[RGBColor], share: f64) -> RGBColor {
    let steps = colours.len() - 1;
    let place = share * steps as f64;
    let below = (place as usize).min(steps - 1);
    let part = place - below as f64;
    let (from, to) = (colours[below], colours[below + 1]);
    let mixed =
        |from: u8, to: u8| libm::round(f64::from(from) + part * (f64::from(to) - f64::from(from))) as u8;
    RGBColor(mixed(from.0, to.0), mixed(from.1, to.1), mixed(from.2, to.2))
}

/// For differences, from what is worse to what is better: vermillion and blue, which colour-blind people tell apart, with
/// paper grey between them. Luminance falls from the middle to either end.
const PARTING: [RGBColor; 5] = [
    RGBColor(0x8A, 0x36, 0x00),
    RGBColor(0xE0, 0x84, 0x3C),
    RGBColor(0xF1, 0xF1, 0xF0),
    RGBColor(0x4A, 0x94, 0xC6),
    RGBColor(0x00, 0x43, 0x78),
];

/// What equal steps of colour are.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Steps {
    /// Equal differences.
    Even,
    /// Equal ratios. `low` is above 0.
    Ratios,
    /// Equal differences to either side of zero, in colours that part there. `low` is `-high`.
    Parting,
}

/// From which value to which the colours go.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Shading {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) steps: Steps,
}

impl Shading {
    /// The colour this far up.
    fn colour(&self, share: f64) -> RGBColor {
        match self.steps {
            Steps::Parting => between(&PARTING, share),
            Steps::Even | Steps::Ratios => between(&VIRIDIS, share),
        }
    }

    /// How far up the colours a value stands, 0 to 1; in the middle if all are equal.
    pub(super) fn share(&self, value: f64) -> f64 {
        if self.is_flat() {
            return 0.5;
        }
        let bent = |value: f64| match self.steps {
            Steps::Ratios => libm::log(value.max(self.low)),
            Steps::Even | Steps::Parting => value,
        };
        let share = (bent(value) - bent(self.low)) / (bent(self.high) - bent(self.low));
        // Not `clamp`, which would let not-a-number through.
        if share >= 0.0 { share.min(1.0) } else { 0.0 }
    }

    /// The value this far up the colours.
    pub(super) fn at(&self, share: f64) -> f64 {
        match self.steps {
            Steps::Ratios => self.low * libm::pow(self.high / self.low, share),
            Steps::Even | Steps::Parting => self.low * (1.0 - share) + self.high * share,
        }
    }

    /// Whether there is but one value.
    pub(super) fn is_flat(&self) -> bool {
        self.high <= self.low
    }
}

/// The scale where no colour depends on a value.
pub(super) const FIXED: Shading = Shading { low: 0.0, high: 1.0, steps: Steps::Even };

/// Where a cell lies, its gutter to the right and below included.
#[derive(Clone, Copy)]
pub(super) struct Tile {
    pub(super) corner: Xy,
    pub(super) size: Xy,
}

/// Paper between cells, unless they are hardly wider themselves.
const GUTTER: f64 = 1.0;
const FRAME: f64 = 2.0;
const OUTLINE: f64 = 1.0;
const NUMBER: f64 = 12.0;
const BENEATH: f64 = 11.0;

impl Tile {
    /// Draws a reading with its number and what stands beneath that, either of which may be empty.
    ///
    /// What is beyond all values has the colour of the greatest and a sign for its number; a cell without
    /// a value has no colour.
    pub(super) fn draw(self, canvas: &mut Canvas<'_>, reading: Reading, scale: &Shading, lines: [&str; 2]) {
        let (share, lines) = match reading.sound() {
            Reading::Nothing => return canvas.circle(self.middle(), 1.5, MUTED),
            Reading::Beyond => (1.0, [">", ""]),
            Reading::Value(value) => (scale.share(value), lines),
        };
        let ground = scale.colour(share);
        canvas.rectangle(self.corner, self.end(), ground);
        self.write(canvas, lines, ink(ground));
    }

    /// Draws a frame in a tile, in the colour of its number.
    pub(super) fn frame(self, canvas: &mut Canvas<'_>, reading: Reading, scale: &Shading) {
        let share = match reading.sound() {
            Reading::Nothing => return,
            Reading::Beyond => 1.0,
            Reading::Value(value) => scale.share(value),
        };
        self.outline(canvas, FRAME * 1.5, ink(scale.colour(share)), FRAME);
    }

    /// Draws a value that no colour is to stress: its number in an outline.
    pub(super) fn hollow(self, canvas: &mut Canvas<'_>, number: &str) {
        self.outline(canvas, OUTLINE, GRID, OUTLINE);
        self.write(canvas, [number, ""], MUTED);
    }

    fn outline(self, canvas: &mut Canvas<'_>, inset: f64, colour: RGBColor, width: f64) {
        let ((left, top), (right, bottom)) = (self.corner, self.end());
        let (left, top, right, bottom) = (left + inset, top + inset, right - inset, bottom - inset);
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
        canvas.path(&corners, colour, width, &[]);
    }

    fn write(self, canvas: &mut Canvas<'_>, [number, beneath]: [&str; 2], colour: RGBColor) {
        let (x, middle) = self.middle();
        let baseline = if beneath.is_empty() { middle + NUMBER * 0.36 } else { middle - 2.0 };
        for (text, y, size) in [(number, baseline, NUMBER), (beneath, middle + 11.5, BENEATH)] {
            if !text.is_empty() {
                canvas.text(text, (x, y), Font { size, bold: false, colour }, Anchor::Middle);
            }
        }
    }

    /// Where the gutter begins.
    fn end(self) -> Xy {
        let ((left, top), (width, height)) = (self.corner, self.size);
        let gutter = GUTTER.min(width / 4.0);
        (left + width - gutter, top + height - gutter)
    }

    fn middle(self) -> Xy {
        let (right, bottom) = self.end();
        ((self.corner.0 + right) / 2.0, (self.corner.1 + bottom) / 2.0)
    }
}

const BAR_WIDTH: f64 = 16.0;
/// Steps of colour in the bar, too fine to be seen.
const STRIPS: u32 = 90;

/// Draws the colours from `top` to `bottom`, the greatest above, with these values marked; of a flat scale
/// there is but one to draw.
pub(super) fn bar(
    canvas: &mut Canvas<'_>,
    scale: &Shading,
    (left, top): Xy,
    bottom: f64,
    marked: &[(f64, String)],
) {
    let bottom = if scale.is_flat() { top + BAR_WIDTH } else { bottom };
    let height = bottom - top;
    let strips = if scale.is_flat() { 1 } else { STRIPS };
    for strip in 0..strips {
        // Down to the foot, so that no seam shows where strips meet.
        let y = top + height * f64::from(strip) / f64::from(STRIPS);
        let value = scale.at(1.0 - f64::from(strip) / f64::from(STRIPS - 1));
        canvas.rectangle((left, y), (left + BAR_WIDTH, bottom), scale.colour(scale.share(value)));
    }
    for (value, name) in marked {
        let y = bottom - scale.share(*value) * height;
        canvas.text(name, (left + BAR_WIDTH + 8.0, y + 4.0), NOTE, Anchor::Start);
    }
}

/// Which of the readings that are no values occur.
pub(super) fn signs(readings: impl Iterator<Item = Reading> + Clone) -> Vec<Reading> {
    let occurs = |wanted: &Reading| readings.clone().any(|reading| reading.sound() == *wanted);
    [Reading::Beyond, Reading::Nothing].into_iter().filter(occurs).collect()
}

/// Says from this place on what these signs mean; `nothing` is why cells are empty.
pub(super) fn explain(canvas: &mut Canvas<'_>, at: Xy, signs: &[Reading], nothing: &str) {
    let meaning = |sign: &Reading| (*sign, if *sign == Reading::Beyond { NOT_REACHED } else { nothing });
    legend(canvas, at, None, signs.iter().map(meaning), |canvas, (x, y), sign| {
        Tile { corner: (x - 9.0, y - 9.0), size: (18.0, 18.0) }.draw(canvas, sign, &FIXED, [""; 2]);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::canvas::DARK;
    use crate::report::charts::look::{contrast, luminance};

    #[test]
    fn colours_rise_in_luminance_and_bear_ink() {
        let colours: Vec<RGBColor> =
            (0..=1000).map(|step| between(&VIRIDIS, f64::from(step) / 1000.0)).collect();
        let parting: Vec<RGBColor> =
            (0..=1000).map(|step| between(&PARTING, f64::from(step) / 1000.0)).collect();
        assert_eq!((colours[0], colours[1000]), (VIRIDIS[0], VIRIDIS[9]));
        let rises = |two: &[RGBColor]| luminance(two[0]) <= luminance(two[1]);
        assert!(
            parting[..=500].windows(2).all(rises)
                && !parting[500..].windows(2).any(|two| two[0] != two[1] && rises(two))
        );
        assert!(colours.windows(2).all(|two| luminance(two[0]) <= luminance(two[1]) + 1e-3));
        assert!(VIRIDIS.windows(2).all(|two| luminance(two[0]) + 0.01 < luminance(two[1])));
        for colour in colours.into_iter().chain(parting) {
            assert!(contrast(colour, ink(colour)) >= 4.5, "{colour:?}");
            assert!(
                DARK.iter().all(|(light, _)| *light != colour),
                "the dark style would replace {colour:?}"
            );
        }
    }

    #[test]
    fn a_scale_puts_every_value_somewhere() {
        let linear = Shading { low: 10.0, high: 20.0, steps: Steps::Even };
        let log = Shading { low: 1.0, high: 100.0, steps: Steps::Ratios };
        assert_eq!((linear.share(15.0), log.share(10.0)), (0.5, 0.5));
        assert!((linear.at(0.5) - 15.0).abs() < 1e-9 && (log.at(0.5) - 10.0).abs() < 1e-9);
        for value in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0] {
            assert_eq!((linear.share(value), log.share(value)), (0.0, 0.0));
        }
        assert_eq!((linear.share(f64::INFINITY), log.share(1e300)), (1.0, 1.0));
        let widest = Shading { low: f64::MIN, high: f64::MAX, steps: Steps::Even };
        assert!((0.0..=1.0).contains(&widest.share(f64::MAX)) && widest.at(0.5).is_finite());
        assert_eq!(Shading { low: 3.0, high: 3.0, steps: Steps::Ratios }.share(3.0), 0.5);
    }
}
