//! The tornado of a sensitivity analysis: how far each unknown number moves a figure from what it is, the one
//! that moves it the farthest on top.

use super::canvas::{Anchor, Canvas, Font, INK, MUTED, PAPER, Sheet, Xy};
use super::frame::{Area, Draw, MARGIN, NARROW_MARGIN, legend};
use super::look::{Look, NOTE};
use super::ticks::{Linear, extent};
use super::{Cells, Estimate, Heading};
use crate::figure::{Figure, Unit};
use crate::report::figure::{alone, estimate, name};
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

/// Where things stand on a sheet.
struct Layout {
    /// Between these the values stand; beyond them there is room for the settings of the ends.
    left: f64,
    right: f64,
    top: f64,
    row: f64,
    /// From the top of a row to the middle of its bars, and to the line of its name.
    middle: f64,
    name: f64,
    /// Letters of a setting.
    setting: usize,
}

const WIDE: Layout =
    Layout { left: 362.0, right: 846.0, top: 134.0, row: 36.0, middle: 18.0, name: 17.0, setting: 13 };
/// The name stands above the bars.
const NARROW: Layout =
    Layout { left: 72.0, right: 328.0, top: 158.0, row: 54.0, middle: 36.0, name: 16.0, setting: 9 };
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
        extent(ends.into_iter().chain([base]).flatten()).map_or(0.0, |(low, high)| high - low)
    }
}

impl Tornado {
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

    /// An estimate without its interval.
    fn value(&self, found: &Estimate) -> String {
        alone(self.figure, found.known(), self.is_difference)
    }

    fn estimate(&self, found: &Estimate) -> String {
        estimate(self.figure, found.drawn(), self.is_difference)
    }
}

impl Draw for Tornado {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let mut bars = self.sorted();
        bars.truncate(MOST_BARS);
        let layout = canvas.sheet.pick(&WIDE, &NARROW);
        let swings = Swings::of(self, &bars, layout);
        let ends = [(false, "at the low end of its plausible range"), (true, "at the high end")];
        let sign = |canvas: &mut Canvas<'_>, (x, y): Xy, is_high: bool| {
            filled(canvas, (x - 9.0, y - 5.5), (x + 9.0, y + 5.5), is_high);
        };
        match canvas.sheet {
            Sheet::Wide => legend(canvas, (layout.left, 94.0), None, ends, sign),
            Sheet::Narrow => ends.into_iter().zip([94.0, 114.0]).for_each(|(end, baseline)| {
                legend(canvas, (NARROW_MARGIN, baseline), None, [end], sign);
            }),
        }
        swings.axes(canvas, self);
        let rows: Vec<(&Swing, [Half; 2])> =
            bars.iter().enumerate().map(|(row, swing)| (*swing, swings.halves(row, swing))).collect();
        rows.iter().flat_map(|(_, halves)| halves).for_each(|half| swings.half(canvas, half));
        match bars.is_empty() {
            true => swings.area.nothing(canvas),
            false => swings.lines(canvas, self),
        }
        for (row, (swing, halves)) in rows.iter().enumerate() {
            name_row(canvas, swing, layout.top + layout.row * row as f64 + layout.name);
            halves.iter().for_each(|half| swings.whisker(canvas, half));
            halves.iter().for_each(|half| swings.setting(canvas, self, half));
        }
        swings.name + FOOT
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let as_it_is = format!("as it is: {}", self.value(&self.base));
        let bars = self.sorted().into_iter().take(MOST_BARS).map(|swing| {
            let end = |end: &End| format!("{} at {}", self.value(&end.found), end.at);
            format!("{}: {}, {}", swing.label, end(&swing.low), end(&swing.high))
        });
        std::iter::once(as_it_is).chain(bars).collect()
    }

    /// The bars, the longest first, and the figure as it is.
    fn cells(&self) -> Cells {
        let row = |swing: &Swing| {
            let end = |end: &End| [end.at.clone(), self.estimate(&end.found)];
            let ends = [end(&swing.low), end(&swing.high)].concat();
            [vec![swing.label.clone(), swing.tag.clone()], ends].concat()
        };
        let mut as_it_is = vec![String::new(); 6];
        (as_it_is[0], as_it_is[3]) = ("as it is".into(), self.estimate(&self.base));
        let columns =
            ["unknown", "rests on", "low end", "figure at low end", "high end", "figure at high end"];
        Cells::of(columns, std::iter::once(as_it_is).chain(self.sorted().into_iter().map(row)))
    }
}

/// The bars around what the figure is.
struct Swings {
    layout: &'static Layout,
    x: Linear,
    unit: Unit,
    base: Option<f64>,
    area: Area,
    /// Where there is no difference, if that is in view.
    zero: Option<f64>,
    /// The height of the axis' name.
    name: f64,
}

/// One of the two bars of a row.
struct Half<'a> {
    end: &'a End,
    is_high: bool,
    top: f64,
    height: f64,
    /// Whether its end's setting stands to the right of it.
    is_right: bool,
}

impl Half<'_> {
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
    let (low, high) = extent(values.iter().copied()).unwrap_or_default();
    // Where all is equal, the intervals are all there is to see.
    let room = if low < high { (high - low) / 2.0 } else { f64::MAX };
    let least = if chart.is_difference { low - room } else { (low - room).max(0.0) };
    let ends = found().filter_map(Estimate::ends).flatten();
    let ends: Vec<f64> = ends.map(|end| end.max(least).min(high + room)).collect();
    [values, ends].concat()
}

impl Swings {
    fn of(chart: &Tornado, bars: &[&Swing], layout: &'static Layout) -> Swings {
        let Layout { left, right, top, row, .. } = *layout;
        let unit = chart.figure.unit();
        // The axis need not begin at zero: bars run from the base.
        let x = Linear::showing(
            numbers(chart, bars).into_iter(),
            unit,
            if right - left < 400.0 { 3 } else { 6 },
            [left, right],
        );
        let bottom = top + row * bars.len().max(3) as f64;
        let zero = (chart.is_difference && x.shows(0.0)).then(|| x.at(0.0));
        let name = bottom + if zero.is_some() { 60.0 } else { 42.0 };
        let area = Area { left, right, top, bottom };
        Swings { layout, x, unit, base: chart.base.known(), area, zero, name }
    }

    fn axes(&self, canvas: &mut Canvas<'_>, chart: &Tornado) {
        for (number, x) in self.x.ticks() {
            let plus = if chart.is_difference && number > 0.0 { "+" } else { "" };
            let name = format!("{plus}{}", self.x.name(number, self.unit));
            // A difference of shares is in points and not in percent of anything.
            let name = if chart.is_difference { name.replace(" %", "") } else { name };
            self.area.upright(canvas, &name, x);
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
        let edge = canvas.sheet.pick(self.area.right, canvas.sheet.width() - NARROW_MARGIN);
        canvas.text(&shortened(&below, canvas.sheet.pick(90, 60)), (edge, self.name), NOTE, Anchor::End);
        let left_out = chart.left_out();
        if left_out > 0 {
            let text = format!("and {left_out} more that matter less");
            canvas.text(
                &text,
                (canvas.sheet.pick(MARGIN, NARROW_MARGIN), self.area.bottom + canvas.sheet.pick(20.0, 58.0)),
                NOTE,
                Anchor::Start,
            );
        }
    }

    /// What the figure is, and where there is no difference.
    fn lines(&self, canvas: &mut Canvas<'_>, chart: &Tornado) {
        if let Some(x) = self.zero {
            canvas.line((x, self.area.top - 6.0), (x, self.area.bottom), INK, 2.5);
            canvas.text("no difference", (x, self.area.bottom + 36.0), KEY, Anchor::Middle);
        }
        if let Some(base) = self.base {
            let x = self.x.at(base);
            canvas.path(&[(x, self.area.top - 6.0), (x, self.area.bottom)], INK, 1.25, &[]);
            let text = format!("as it is: {}", chart.value(&chart.base));
            canvas.text(&text, (x, self.area.top - 12.0), KEY, Anchor::Middle);
        }
    }

    /// The bars of a row: across its height where they part, one above the other where they run the same way.
    fn halves<'a>(&self, row: usize, swing: &'a Swing) -> [Half<'a>; 2] {
        let side = |end: &End, other: &End| {
            let (value, from) = (end.found.known()?, self.base.or(other.found.known())?);
            (value != from).then_some(value > from)
        };
        let other = |side: Option<bool>| side.map(|is_right| !is_right);
        let (low, high) = (side(&swing.low, &swing.high), side(&swing.high, &swing.low));
        let low_right = low.or(other(high)).unwrap_or(false);
        let high_right = high.or(other(low)).unwrap_or(true);
        let Layout { top, row: high, middle, .. } = *self.layout;
        let top = top + high * row as f64 + middle - BAR / 2.0;
        let (height, apart) =
            if low_right == high_right { (BAR / 2.0 + 2.0, BAR / 2.0 + 3.0) } else { (BAR, 0.0) };
        let lifted = if apart > 0.0 { top - 2.5 } else { top };
        [
            Half { end: &swing.low, is_high: false, top: lifted, height, is_right: low_right },
            Half { end: &swing.high, is_high: true, top: lifted + apart, height, is_right: high_right },
        ]
    }

    fn half(&self, canvas: &mut Canvas<'_>, half: &Half<'_>) {
        let known = half.end.found.known().zip(self.base).filter(|(value, base)| value != base);
        if let Some((value, base)) = known {
            let (from, to) = (self.x.at(value.min(base)), self.x.at(value.max(base)));
            filled(canvas, (from, half.top), (to, half.top + half.height), half.is_high);
        }
    }

    /// The interval at a bar's end, with a rim of paper so that it stands out from the bar.
    fn whisker(&self, canvas: &mut Canvas<'_>, half: &Half<'_>) {
        let y = half.whisker();
        if let Some(ends) = half.end.found.ends() {
            let [low, high] = ends.map(|end| self.x.at(end));
            let mut ticks = vec![((low, y), (high, y))];
            // Where an interval goes on beyond the axis, nothing ends it.
            let shown = ends.into_iter().zip([low, high]).filter(|(end, _)| self.x.shows(*end));
            ticks.extend(shown.map(|(_, x)| ((x, y - 2.5), (x, y + 2.5))));
            for (colour, width) in [(PAPER, 3.0), (INK, 1.0)] {
                ticks.iter().for_each(|(from, to)| canvas.line(*from, *to, colour, width));
            }
        }
        // Without a base there is no bar, but the value is known.
        if let (Some(value), None) = (half.end.found.known(), self.base) {
            let x = self.x.at(value);
            canvas.line((x, half.top), (x, half.top + half.height), INK, 3.0);
        }
    }

    /// What the number is at a bar's end, beyond the bar and its whisker.
    fn setting(&self, canvas: &mut Canvas<'_>, chart: &Tornado, half: &Half<'_>) {
        let found = &half.end.found;
        let text = match found.known() {
            Some(_) => shortened(&half.end.at, self.layout.setting),
            None => format!("{}: {}", shortened(&half.end.at, 9), chart.value(found)),
        };
        let mut covered = found.numbers().chain(self.base).map(|number| self.x.at(number)).peekable();
        let (x, anchor) = match (covered.peek().is_some(), half.is_right) {
            (true, true) => (covered.fold(self.area.left, f64::max) + 7.0, Anchor::Start),
            (true, false) => (covered.fold(self.area.right, f64::min) - 7.0, Anchor::End),
            // Nothing is known: low to the left, high to the right.
            (false, false) => (self.area.left + 7.0, Anchor::Start),
            (false, true) => (self.area.right - 7.0, Anchor::End),
        };
        let (y, width) = (half.middle(), letters(&text) as f64 * 6.0);
        // On paper of its own, so that no line runs through it.
        let (from, to) =
            if matches!(anchor, Anchor::Start) { (x - 2.0, x + width) } else { (x - width, x + 2.0) };
        canvas.rectangle((from, y - 6.0), (to, y + 6.0), PAPER);
        canvas.text(&text, (x, y + 4.0), SETTING, anchor);
    }
}

/// What the unknown number is called and rests on: in two lines beside its bars, or in one above them.
fn name_row(canvas: &mut Canvas<'_>, swing: &Swing, y: f64) {
    match canvas.sheet {
        Sheet::Wide => {
            canvas.text(&shortened(&swing.label, 33), (MARGIN, y), KEY, Anchor::Start);
            canvas.text(&shortened(&swing.tag, 40), (MARGIN, y + 14.0), SMALL, Anchor::Start);
        }
        Sheet::Narrow => {
            canvas.text(&shortened(&swing.label, 36), (NARROW_MARGIN, y), KEY, Anchor::Start);
            let edge = canvas.sheet.width() - NARROW_MARGIN;
            canvas.text(&shortened(&swing.tag, 18), (edge, y), SMALL, Anchor::End);
        }
    }
}

/// A bar: solid at the high end, an outline at the low end, so that a print in black and white tells them
/// apart.
fn filled(canvas: &mut Canvas<'_>, from: Xy, to: Xy, is_high: bool) {
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
