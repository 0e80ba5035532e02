//! The tornado of a sensitivity analysis: how far each unknown number moves a figure from what it is, the one
//! that moves it the farthest on top.

use super::canvas::{Anchor, Canvas, Font, GRID, INK, MUTED, PAPER, Place, picture};
use super::look::{Look, NOTE, SUBTITLE};
use super::ticks::Linear;
use super::{Cells, Estimate, Heading};
use crate::analysis::jackknife::Interval;
use crate::figure::{Figure, Unit};
use crate::report::figure::{difference, name, value};
use crate::report::human::capitalised;
use crate::report::labels::{letters, shortened};
use plotters::style::{Color, RGBColor};
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tornado {
    /// What stands above it.
    pub heading: Heading,
    /// The figure.
    pub figure: Figure,
    /// Whether it is the difference that a change makes to that figure.
    pub is_difference: bool,
    /// The figure with every number as it is, in its own unit: shares from 0 to 1, times in seconds.
    pub base: Estimate,
    /// What each unknown number does to it, in any order.
    pub bars: Vec<Swing>,
    /// How many more unknown numbers there are, which matter less.
    pub more: usize,
}

/// What an unknown number does to the figure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Swing {
    /// The key of the number.
    pub label: String,
    /// What it rests on: `assumed` or `reverse-engineered`.
    pub tag: String,
    /// At the low end of its plausible range.
    pub low: End,
    /// At the high end.
    pub high: End,
}

/// One end of the range of an unknown number.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct End {
    /// The number there, with its unit.
    pub at: String,
    /// The figure there.
    pub found: Estimate,
}

const WIDTH: u32 = 960;
/// Between these the values stand; beyond them there is room for the settings of the ends.
const LEFT: f64 = 362.0;
const RIGHT: f64 = 846.0;
const NAMES: f64 = 24.0;
const TOP: f64 = 134.0;
const ROW: f64 = 36.0;
const BAR: f64 = 18.0;
/// From the axis' name to the lower edge of the sheet.
const FOOT: f64 = 32.0;
/// Bars of a longer chart are not read.
const MOST_BARS: usize = 15;

const KEY: Font = Font { size: 12.5, bold: true, colour: INK };
const SMALL: Font = Font { size: 11.0, bold: false, colour: MUTED };
const SETTING: Font = Font { size: 11.5, bold: false, colour: INK };

impl Swing {
    /// How far the figure moves over the range. What becomes unknown, a median that is not reached any more,
    /// moves farther than anything that can be measured.
    fn reach(&self, base: Option<f64>) -> f64 {
        let ends = [self.low.found.known(), self.high.found.known()];
        if base.is_some() && ends.contains(&None) {
            return f64::INFINITY;
        }
        let known = || ends.into_iter().chain([base]).flatten();
        let (low, high) = (known().fold(f64::MAX, f64::min), known().fold(f64::MIN, f64::max));
        if low <= high { high - low } else { 0.0 }
    }
}

impl Tornado {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let mut bars = self.sorted();
        bars.truncate(MOST_BARS);
        let sheet = Sheet::of(self, &bars);
        let size = (WIDTH, libm::ceil(sheet.name + FOOT) as u32);
        picture(size, &self.heading.title, &self.description(), |canvas| {
            self.heading.draw(canvas);
            sheet.legend(canvas);
            sheet.axes(canvas, self);
            let rows: Vec<(&Swing, [Bar; 2])> =
                bars.iter().enumerate().map(|(row, swing)| (*swing, sheet.bars(row, swing))).collect();
            rows.iter().flat_map(|(_, bars)| bars).for_each(|bar| sheet.bar(canvas, bar));
            if !bars.is_empty() {
                sheet.lines(canvas, self);
            }
            for (swing, bars) in &rows {
                name_row(canvas, swing, bars);
                bars.iter().for_each(|bar| sheet.whisker(canvas, bar));
                bars.iter().for_each(|bar| sheet.setting(canvas, self, bar));
            }
            if bars.is_empty() {
                let middle = ((LEFT + RIGHT) / 2.0, (TOP + sheet.bottom) / 2.0);
                canvas.text("nothing to show", middle, SUBTITLE, Anchor::Middle);
            }
        })
    }

    /// All bars, the longest first.
    fn sorted(&self) -> Vec<&Swing> {
        let base = self.base.known();
        let mut bars: Vec<&Swing> = self.bars.iter().collect();
        bars.sort_by(|a, b| b.reach(base).total_cmp(&a.reach(base)));
        bars
    }

    /// Unknown numbers that are not drawn.
    fn left_out(&self) -> usize {
        self.more.saturating_add(self.bars.len().saturating_sub(MOST_BARS))
    }

    fn says(&self, found: &Estimate, with_interval: bool) -> String {
        let ends = found.ends().filter(|_| with_interval);
        if self.is_difference {
            return difference(self.figure, found.known(), ends.map(|[low, high]| Interval { low, high }));
        }
        let ends = ends.map(|ends| ends.map(|end| value(self.figure, Some(end))));
        let ends = ends.map_or(String::new(), |[low, high]| format!(" [{low}, {high}]"));
        value(self.figure, found.known()) + &ends
    }

    /// The chart in words.
    fn description(&self) -> String {
        let mut words =
            vec![self.heading.subtitle.clone(), format!("as it is: {}", self.says(&self.base, false))];
        words.extend(self.sorted().into_iter().take(MOST_BARS).map(|swing| {
            let end = |end: &End| format!("{} at {}", self.says(&end.found, false), end.at);
            format!("{}: {}, {}", swing.label, end(&swing.low), end(&swing.high))
        }));
        words.join(". ")
    }

    /// The bars, the longest first, and the figure as it is.
    pub fn cells(&self) -> Cells {
        let columns =
            ["unknown", "rests on", "low end", "figure at low end", "high end", "figure at high end"];
        let row = |swing: &Swing| {
            let end = |end: &End| [end.at.clone(), self.says(&end.found, true)];
            let ends = [end(&swing.low), end(&swing.high)].concat();
            [vec![swing.label.clone(), swing.tag.clone()], ends].concat()
        };
        let as_it_is = vec!["as it is".into(), String::new(), String::new(), self.says(&self.base, true)];
        let as_it_is = [as_it_is, vec![String::new(); 2]].concat();
        let rows = std::iter::once(as_it_is).chain(self.sorted().into_iter().map(row)).collect();
        Cells { columns: columns.map(String::from).to_vec(), rows }
    }
}

/// The area of the bars.
struct Sheet {
    x: Linear,
    unit: Unit,
    base: Option<f64>,
    bottom: f64,
    /// Where there is no difference, if that is in view.
    zero: Option<f64>,
    /// The height of the axis' name.
    name: f64,
}

/// One of the two bars of a row.
struct Bar<'a> {
    end: &'a End,
    is_high: bool,
    top: f64,
    height: f64,
    /// Whether its end's setting stands to the right of it.
    is_right: bool,
}

impl Bar<'_> {
    fn middle(&self) -> f64 {
        self.top + self.height / 2.0
    }

    /// The height of its whisker: the low end's above the high end's, since both may reach over the base.
    fn whisker(&self) -> f64 {
        let lifted = if self.height < BAR { 0.0 } else { BAR / 4.0 };
        self.middle() + if self.is_high { lifted } else { -lifted }
    }
}

/// What the axis has to show: every value, and of the intervals as much as leaves the bars their length.
fn numbers(chart: &Tornado, bars: &[&Swing]) -> Vec<f64> {
    let found = || bars.iter().flat_map(|swing| [&swing.low.found, &swing.high.found]);
    let values: Vec<f64> = found().filter_map(Estimate::known).chain(chart.base.known()).collect();
    let low = values.iter().copied().fold(f64::MAX, f64::min);
    let high = values.iter().copied().fold(f64::MIN, f64::max);
    // Where all is equal, the intervals are all there is to see.
    let room = if low < high { (high - low) / 2.0 } else { f64::MAX };
    let least = if chart.is_difference { low - room } else { (low - room).max(0.0) };
    let ends = found().filter_map(Estimate::ends).flatten();
    let ends: Vec<f64> = ends.map(|end| end.max(least).min(high + room)).collect();
    [values, ends].concat()
}

impl Sheet {
    fn of(chart: &Tornado, bars: &[&Swing]) -> Sheet {
        let unit = chart.figure.unit();
        // The axis need not begin at zero: bars run from the base.
        let x = Linear::showing(numbers(chart, bars).into_iter(), unit, 6, [LEFT, RIGHT]);
        let bottom = TOP + ROW * bars.len().max(3) as f64;
        let zero = (chart.is_difference && x.shows(0.0)).then(|| x.at(0.0));
        let name = bottom + if zero.is_some() { 60.0 } else { 42.0 };
        Sheet { x, unit, base: chart.base.known(), bottom, zero, name }
    }

    fn legend(&self, canvas: &mut Canvas<'_>) {
        let y = 84.0;
        for (x, is_high, text) in
            [(LEFT, false, "at the low end of its plausible range"), (LEFT + 250.0, true, "at the high end")]
        {
            filled(canvas, (x, y), (x + 22.0, y + 11.0), is_high);
            canvas.text(text, (x + 29.0, y + 10.0), NOTE, Anchor::Start);
        }
    }

    fn axes(&self, canvas: &mut Canvas<'_>, chart: &Tornado) {
        for (number, x) in self.x.ticks() {
            canvas.line((x, TOP), (x, self.bottom), GRID.to_rgba(), 1.0);
            let plus = if chart.is_difference && number > 0.0 { "+" } else { "" };
            let name = format!("{plus}{}", self.x.name(number, self.unit));
            // A difference of shares is in points and not in percent of anything.
            let name = if chart.is_difference { name.replace(" %", "") } else { name };
            canvas.text(&name, (x, self.bottom + 18.0), NOTE, Anchor::Middle);
        }
        let unit = match self.unit.a_day() {
            Some(unit) => format!(" in {unit}"),
            None if self.unit == Unit::Share && chart.is_difference => " in points".into(),
            None => String::new(),
        };
        let figure = name(chart.figure);
        let below = if chart.is_difference {
            format!("Difference{unit}: {figure}")
        } else {
            capitalised(&figure) + &unit
        };
        canvas.text(&shortened(&below, 90), (RIGHT, self.name), NOTE, Anchor::End);
        match chart.left_out() {
            0 => {}
            more => {
                let text = format!("and {more} more that matter less");
                canvas.text(&text, (NAMES, self.bottom + 18.0), NOTE, Anchor::Start);
            }
        }
    }

    /// What the figure is, and where there is no difference.
    fn lines(&self, canvas: &mut Canvas<'_>, chart: &Tornado) {
        if let Some(x) = self.zero {
            canvas.line((x, TOP - 6.0), (x, self.bottom), INK.to_rgba(), 2.5);
            canvas.text("no difference", (x, self.bottom + 36.0), KEY, Anchor::Middle);
        }
        if let Some(base) = self.base {
            let x = self.x.at(base);
            canvas.path(&[(x, TOP - 6.0), (x, self.bottom)], INK, 1.25, &[]);
            let text = format!("as it is: {}", chart.says(&chart.base, false));
            canvas.text(&text, (x, TOP - 12.0), KEY, Anchor::Middle);
        }
    }

    /// The bars of a row: across its height where they part, one above the other where they run the same way.
    fn bars<'a>(&self, row: usize, swing: &'a Swing) -> [Bar<'a>; 2] {
        let side = |end: &End, other: &End| {
            let (value, from) = (end.found.known()?, self.base.or(other.found.known())?);
            (value != from).then_some(value > from)
        };
        let other = |side: Option<bool>| side.map(|is_right| !is_right);
        let (low, high) = (side(&swing.low, &swing.high), side(&swing.high, &swing.low));
        let low_right = low.or(other(high)).unwrap_or(false);
        let high_right = high.or(other(low)).unwrap_or(true);
        let top = TOP + ROW * row as f64 + (ROW - BAR) / 2.0;
        let (height, apart) =
            if low_right == high_right { (BAR / 2.0 + 2.0, BAR / 2.0 + 3.0) } else { (BAR, 0.0) };
        let lifted = if apart > 0.0 { top - 2.5 } else { top };
        [
            Bar { end: &swing.low, is_high: false, top: lifted, height, is_right: low_right },
            Bar { end: &swing.high, is_high: true, top: lifted + apart, height, is_right: high_right },
        ]
    }

    fn bar(&self, canvas: &mut Canvas<'_>, bar: &Bar<'_>) {
        let known = bar.end.found.known().zip(self.base).filter(|(value, base)| value != base);
        if let Some((value, base)) = known {
            let (from, to) = (self.x.at(value.min(base)), self.x.at(value.max(base)));
            filled(canvas, (from, bar.top), (to, bar.top + bar.height), bar.is_high);
        }
    }

    /// The interval at a bar's end, with a rim of paper so that it stands out from the bar.
    fn whisker(&self, canvas: &mut Canvas<'_>, bar: &Bar<'_>) {
        let y = bar.whisker();
        if let Some(ends) = bar.end.found.ends() {
            let [low, high] = ends.map(|end| self.x.at(end));
            let mut ticks = vec![((low, y), (high, y))];
            // Where an interval goes on beyond the axis, nothing ends it.
            let shown = ends.into_iter().zip([low, high]).filter(|(end, _)| self.x.shows(*end));
            ticks.extend(shown.map(|(_, x)| ((x, y - 2.5), (x, y + 2.5))));
            for (colour, width) in [(PAPER, 3.0), (INK, 1.0)] {
                ticks.iter().for_each(|(from, to)| canvas.line(*from, *to, colour.to_rgba(), width));
            }
        }
        // Without a base there is no bar, but the value is known.
        if let (Some(value), None) = (bar.end.found.known(), self.base) {
            let x = self.x.at(value);
            canvas.line((x, bar.top), (x, bar.top + bar.height), INK.to_rgba(), 3.0);
        }
    }

    /// What the number is at a bar's end, beyond the bar and its whisker.
    fn setting(&self, canvas: &mut Canvas<'_>, chart: &Tornado, bar: &Bar<'_>) {
        let found = &bar.end.found;
        let text = match found.known() {
            Some(_) => shortened(&bar.end.at, 13),
            None => format!("{}: {}", shortened(&bar.end.at, 9), chart.says(found, false)),
        };
        let mut covered = found.numbers().chain(self.base).map(|number| self.x.at(number)).peekable();
        let (x, anchor) = match (covered.peek().is_some(), bar.is_right) {
            (true, true) => (covered.fold(LEFT, f64::max) + 7.0, Anchor::Start),
            (true, false) => (covered.fold(RIGHT, f64::min) - 7.0, Anchor::End),
            // Nothing is known: low to the left, high to the right.
            (false, false) => (LEFT + 7.0, Anchor::Start),
            (false, true) => (RIGHT - 7.0, Anchor::End),
        };
        let (y, width) = (bar.middle(), letters(&text) as f64 * 6.0);
        // On paper of its own, so that no line runs through it.
        let (from, to) =
            if matches!(anchor, Anchor::Start) { (x - 2.0, x + width) } else { (x - width, x + 2.0) };
        canvas.rectangle((from, y - 6.0), (to, y + 6.0), PAPER);
        canvas.text(&text, (x, y + 4.0), SETTING, anchor);
    }
}

/// What the unknown number is called and rests on.
fn name_row(canvas: &mut Canvas<'_>, swing: &Swing, bars: &[Bar<'_>; 2]) {
    let middle = (bars[0].top + bars[1].top + bars[1].height) / 2.0;
    canvas.text(&shortened(&swing.label, 33), (NAMES, middle - 1.0), KEY, Anchor::Start);
    canvas.text(&shortened(&swing.tag, 40), (NAMES, middle + 13.0), SMALL, Anchor::Start);
}

/// A bar: solid at the high end, an outline at the low end, so that a print in black and white tells them
/// apart.
fn filled(canvas: &mut Canvas<'_>, from: Place, to: Place, is_high: bool) {
    let colour: RGBColor = Look::of(usize::from(!is_high)).colour;
    if is_high {
        canvas.rectangle(from, to, colour);
        return;
    }
    canvas.shape(&[from, (to.0, from.1), to, (from.0, to.1)], colour.mix(0.22));
    let (a, b) = ((from.0 + 0.75, from.1 + 0.75), (to.0 - 0.75, to.1 - 0.75));
    if b.0 > a.0 {
        canvas.path(&[a, (b.0, a.1), b, (a.0, b.1), a], colour, 1.5, &[]);
    } else {
        canvas.rectangle(from, to, colour);
    }
}
