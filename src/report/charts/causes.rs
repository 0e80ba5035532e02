//! The chart of the causes of delay: where the time went that mail waited, one bar per arm, the parts of each
//! bar in the same order and every cause in its own colour wherever it occurs.

use super::canvas::{Anchor, Canvas, Font, MUTED, PAPER, Xy};
use super::frame::{Area, Draw, MARGIN, NARROW_MARGIN, legend};
use super::look::{Look, NAME, ink, mark};
use super::ticks::{drawable, extent, step};
use super::{Cells, Heading};
use crate::client::DelayCause;
use crate::figure::Unit;
use crate::report::cause_looks::looks;
use crate::report::human::{duration, short_duration};
use crate::report::labels::{letters, shortened};
use crate::time::Span;
use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Causes {
    /// What stands above it.
    pub heading: Heading,
    /// A bar for each arm.
    pub arms: Vec<Bar>,
}

/// The bar of one arm.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bar {
    /// Its name.
    pub label: String,
    /// The causes, in any order; none if there was no mail.
    pub parts: Vec<Part>,
}

/// The mean delay by one cause.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Part {
    /// The cause.
    pub cause: DelayCause,
    /// The seconds a mail waited for it.
    pub seconds: f64,
}

const RIGHT: f64 = 862.0;
const NARROW_RIGHT: f64 = 316.0;
const TOP: f64 = 92.0;
/// From a row's upper edge, where the arm's label stands, to its bar.
const LABEL: f64 = 22.0;
/// From the last row to the legend, where the axis stands.
const AXIS: f64 = 46.0;
const LEGEND_ROW: f64 = 23.0;
/// The columns of the legend: how many, and how wide.
const LEGEND: (usize, f64) = (4, 228.0);
const NARROW_LEGEND: (usize, f64) = (2, 188.0);
/// Paper between the parts of a bar.
const GUTTER: f64 = 1.5;
/// The rim of a part.
const RIM: f64 = 0.75;
/// A part of the longest bar that is too small to see.
const TOO_SMALL: f64 = 0.005;

/// A part of a bar as it is drawn: its cause, or none for several pooled, and its seconds.
type Segment = (Option<DelayCause>, f64);

/// Parts of a bar that are too small to be seen one by one.
const OTHER: RGBColor = RGBColor(0xD9, 0xDC, 0xDF);

/// The colour of a part of a bar: that of its cause.
pub(super) fn colour(cause: Option<DelayCause>) -> RGBColor {
    cause.map_or(OTHER, |cause| looks(cause).colour)
}

/// A part of a bar in plain words.
fn words(cause: Option<DelayCause>) -> &'static str {
    cause.map_or("other", DelayCause::words)
}

impl Bar {
    /// The seconds of a cause; what is no number counts for nothing.
    fn of(&self, cause: DelayCause) -> f64 {
        let parts = self.parts.iter().filter(|part| part.cause == cause).map(|part| part.seconds);
        parts.filter(|seconds| drawable(*seconds) && *seconds > 0.0).sum()
    }

    fn total(&self) -> f64 {
        DelayCause::ALL.into_iter().map(|cause| self.of(cause)).sum()
    }

    /// The total with its unit.
    fn sum(&self) -> String {
        if self.parts.is_empty() { "no mail".into() } else { short(self.total()) }
    }

    /// The parts to draw in this order, what is too small pooled at the end, and left out if it is too small
    /// even so.
    fn segments(&self, order: &[DelayCause], longest: f64) -> Vec<Segment> {
        let parts = order.iter().map(|cause| (Some(*cause), self.of(*cause)));
        let (shown, small): (Vec<_>, Vec<_>) = parts.partition(|part| part.1 >= TOO_SMALL * longest);
        let other: f64 = small.iter().map(|part| part.1).sum();
        let other = Some((None, other)).filter(|other| other.1 >= TOO_SMALL / 2.0 * longest);
        shown.into_iter().chain(other).filter(|part| part.1 > 0.0).collect()
    }
}

impl Draw for Causes {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let order = self.order();
        let longest = self.longest();
        // Bars of two lines while they fit on a slide, then of one.
        let (bar_height, row) = if self.arms.len() <= 5 { (38.0, 76.0) } else { (24.0, 58.0) };
        let bottom = TOP + row * self.arms.len().max(1) as f64;
        let sheet = canvas.sheet;
        let (left, right) = sheet.pick((MARGIN, RIGHT), (NARROW_MARGIN, NARROW_RIGHT));
        let area = Area { left, right, top: TOP, bottom };
        let stack = Stack { longest, bar_height, row, area };
        let bars: Vec<_> = self.arms.iter().map(|arm| arm.segments(&order, longest)).collect();
        let occurs = |kind: &Option<DelayCause>| bars.iter().flatten().any(|part| part.0 == *kind);
        let shown: Vec<_> = order.into_iter().map(Some).chain([None]).filter(occurs).collect();
        match self.arms.is_empty() {
            true => area.nothing(canvas),
            false => stack.axis(canvas, sheet.pick(7, 4)),
        }
        for (place, (arm, parts)) in self.arms.iter().zip(&bars).enumerate() {
            stack.bar(canvas, place, arm, parts);
        }
        let mut below = bottom + AXIS;
        let (columns, column) = sheet.pick(LEGEND, NARROW_LEGEND);
        for causes in shown.chunks(columns) {
            let entries = causes.iter().map(|cause| (*cause, words(*cause)));
            legend(canvas, (left, below), Some(column), entries, |canvas, (x, y), cause| {
                part(canvas, (x - 6.0, y - 6.0), (x + 6.0, y + 6.0), cause);
            });
            below += LEGEND_ROW;
        }
        below + 16.0
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let order = self.order();
        let bar = |arm: &Bar| {
            let parts = arm.segments(&order, self.longest()).into_iter().enumerate();
            let part = |(place, (cause, seconds))| {
                format!("{} {} {}", if place == 0 { ":" } else { "," }, words(cause), short(seconds))
            };
            format!("{}, {}{}", arm.label, arm.sum(), parts.map(part).collect::<String>())
        };
        self.arms.iter().map(bar).collect()
    }

    /// The seconds of each cause, a row for each arm.
    fn cells(&self) -> Cells {
        let order = self.order();
        let time = |seconds| duration(Span::from_secs_f64(seconds));
        let names = order.iter().map(|cause| words(Some(*cause)).into());
        let columns = ["arm".into()].into_iter().chain(names).chain(["total".into()]).collect();
        let row = |arm: &Bar| {
            let parts = order.iter().map(|cause| time(arm.of(*cause)));
            let total = if arm.parts.is_empty() { arm.sum() } else { time(arm.total()) };
            [arm.label.clone()].into_iter().chain(parts).chain([total]).collect()
        };
        Cells { columns, rows: self.arms.iter().map(row).collect() }
    }
}

impl Causes {
    /// The causes that occur, that which is largest in any arm first.
    fn order(&self) -> Vec<DelayCause> {
        let largest = |cause: &DelayCause| self.arms.iter().map(|arm| arm.of(*cause)).fold(0.0, f64::max);
        let mut order: Vec<DelayCause> =
            DelayCause::ALL.into_iter().filter(|cause| largest(cause) > 0.0).collect();
        order.sort_by(|a, b| largest(b).total_cmp(&largest(a)));
        order
    }

    fn longest(&self) -> f64 {
        extent(self.arms.iter().map(Bar::total)).map_or(0.0, |extent| extent.1)
    }
}

fn short(seconds: f64) -> String {
    short_duration(Span::from_secs_f64(seconds))
}

/// The area of the bars.
struct Stack {
    /// The seconds of the longest bar.
    longest: f64,
    bar_height: f64,
    row: f64,
    area: Area,
}

impl Stack {
    fn x(&self, seconds: f64) -> f64 {
        let Area { left, right, .. } = self.area;
        left + if self.longest > 0.0 { seconds / self.longest * (right - left) } else { 0.0 }
    }

    fn axis(&self, canvas: &mut Canvas<'_>, most: usize) {
        let step = step(self.longest, Unit::Seconds, most);
        let ticks = (0..8).map(|tick| f64::from(tick) * step);
        for seconds in ticks.take_while(|seconds| *seconds <= self.longest) {
            let name = if seconds == 0.0 { "0".into() } else { short(seconds) };
            self.area.upright(canvas, &name, self.x(seconds));
        }
    }

    fn bar(&self, canvas: &mut Canvas<'_>, place: usize, arm: &Bar, parts: &[Segment]) {
        let top = TOP + self.row * place as f64 + LABEL;
        let left = self.area.left;
        mark(canvas, (left + 12.0, top - 10.0), Look::of(place));
        let label = shortened(&arm.label, canvas.sheet.pick(80, 44));
        canvas.text(&label, (left + 26.0, top - 5.5), NAME, Anchor::Start);
        let mut before = 0.0;
        for (number, (cause, seconds)) in parts.iter().enumerate() {
            let (from, to) = (self.x(before), self.x(before + seconds));
            before += seconds;
            let gutter = if number + 1 < parts.len() { GUTTER } else { 0.0 };
            let end = (to - gutter).max(from + 0.5);
            part(canvas, (from, top), (end, top + self.bar_height), *cause);
            self.label(canvas, (from, end), top, (*cause, *seconds));
        }
        let (total, end, baseline) = (arm.sum(), self.x(before), top + self.bar_height / 2.0 + 4.6);
        // No line of the axis runs through the total.
        let room = (end + 14.0 + letters(&total) as f64 * 7.6, top + self.bar_height);
        canvas.rectangle((end + 2.0, top), room, PAPER);
        canvas.text(&total, (end + 10.0, baseline), NAME, Anchor::Start);
    }

    /// The cause and its length where there is room for both, else its length, else nothing.
    fn label(&self, canvas: &mut Canvas<'_>, (from, to): Xy, top: f64, (cause, seconds): Segment) {
        let (name, length, colour) = (words(cause), short(seconds), ink(colour(cause)));
        let plain = Font { size: 12.0, bold: false, colour };
        let width = |text: &str| letters(text) as f64 * 7.2 + 14.0;
        let (room, middle) = (to - from, top + self.bar_height / 2.0);
        let mut write =
            |text: &str, dy, font| canvas.text(text, (from + 8.0, middle + dy), font, Anchor::Start);
        if self.bar_height > 30.0 && width(name).max(width(&length)) <= room {
            write(name, -2.5, Font { bold: true, ..plain });
            write(&length, 12.5, plain);
        } else if width(name) + width(&length) <= room {
            write(&format!("{name}, {length}"), 4.3, plain);
        } else if width(&length) <= room {
            write(&length, 4.3, plain);
        }
    }
}

/// A part of a bar, with a rim that stands out from light and dark paper alike: some colours do from one only.
fn part(canvas: &mut Canvas<'_>, from: Xy, to: Xy, cause: Option<DelayCause>) {
    canvas.rectangle(from, to, MUTED);
    let rim = RIM.min((to.0 - from.0) / 4.0);
    canvas.rectangle((from.0 + rim, from.1 + rim), (to.0 - rim, to.1 - rim), colour(cause));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::canvas::DARK;
    use crate::report::charts::look::{contrast, luminance};
    use proptest::prelude::*;

    /// How light a colour looks, 0 to 100 (CIE 1976), and how light screens and printers in black and white
    /// make it (luma, ITU-R BT.709 and BT.601).
    fn greys(colour: RGBColor) -> [f64; 3] {
        let RGBColor(red, green, blue) = colour;
        let luma = 0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue);
        let older = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
        [116.0 * libm::cbrt(luminance(colour)) - 16.0, luma / 2.55, older / 2.55]
    }

    #[test]
    fn any_two_causes_may_be_neighbours_in_black_and_white() {
        let all: Vec<_> = DelayCause::ALL.into_iter().map(Some).chain([None]).collect();
        let common = [
            DelayCause::NoNetwork,
            DelayCause::LowPower,
            DelayCause::BeforeFirstUnlock,
            DelayCause::KeychainLocked,
            DelayCause::NeedsAppFlip,
            DelayCause::Budget,
            DelayCause::ClientInterval,
            DelayCause::NotScheduled,
        ]
        .map(Some);
        for (a, b) in all.iter().flat_map(|a| all.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b) {
            let least = if common.contains(&a) && common.contains(&b) { 4.0 } else { 1.4 };
            for (first, second) in greys(colour(a)).into_iter().zip(greys(colour(b))) {
                assert!((first - second).abs() > least, "{a:?} {first} {b:?} {second}");
            }
        }
        for cause in all {
            let ground = colour(cause);
            assert!(contrast(ground, ink(ground)) >= 4.5, "{cause:?}");
            assert!(DARK.iter().all(|(light, _)| *light != ground), "{cause:?}");
            assert!(words(cause).len() <= 28, "{cause:?} is too long for the legend");
        }
    }

    proptest! {
        #[test]
        fn the_parts_of_a_bar_sum_to_its_total(
            seconds in proptest::collection::vec(0.0..1e6f64, DelayCause::ALL.len()), longest in 0.0..1e8f64,
        ) {
            let parts = DelayCause::ALL.into_iter().zip(seconds).map(|(cause, seconds)| Part { cause, seconds });
            let bar = Bar { label: String::new(), parts: parts.collect() };
            let drawn: f64 = bar.segments(&DelayCause::ALL, longest).iter().map(|part| part.1).sum();
            prop_assert!(drawn <= bar.total() * (1.0 + 1e-9));
            prop_assert!(bar.total() - drawn <= TOO_SMALL / 2.0 * longest + 1e-6);
        }
    }
}
