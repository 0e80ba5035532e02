//! The chart of price against gain: what each arm costs in key exposure, and how soon its mail is told.
//!
//! Better is up and to the left. The arms that no other beats on both are joined by a pale line; the labels of
//! all stand in a column at the right.

use super::canvas::{Anchor, Canvas, GRID, MUTED, Sheet, Xy};
use super::frame::{Area, Draw, NARROW_MARGIN, label, label_height, name_beside};
use super::look::{Look, NOTE, leader, mark, mark_of};
use super::scale::TimeScale;
use super::ticks::{Linear, milliseconds};
use super::{Cells, Estimate, Heading};
use crate::analysis::jackknife::Interval;
use crate::figure::Unit;
use crate::report::human::{
    NOT_REACHED, duration_estimate, hours_estimate, share as human_share, short_duration, trimmed,
};
use crate::report::labels::dodge;
use crate::time::Span;
use plotters::style::Color;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Price {
    /// What stands above it.
    pub heading: Heading,
    /// What may be chosen.
    pub arms: Vec<Offer>,
}

/// One arm: its price and its gain.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// Its name.
    pub label: String,
    /// Hours a day the key can be had while the device is locked.
    pub exposure_h_per_day: Estimate,
    /// Median latency in seconds; unknown where it is not reached.
    pub latency_s: Estimate,
    /// Share of devices whose mail a server of the vendor reads, where it does any's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_reads_mail: Option<f64>,
    /// Share of devices a key of which is kept elsewhere, where any's is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_leaves_device: Option<f64>,
}

const HEIGHT: f64 = 540.0;
const LEFT: f64 = 98.0;
const TOP: f64 = 124.0;
/// From the lower edge of the sheet to the axis.
const FOOT: f64 = 74.0;
const RIGHT: f64 = 640.0;
/// The area on a narrow sheet, where the labels stand below it, each so high.
const NARROW: Area = Area { left: 84.0, right: 386.0, top: TOP, bottom: TOP + 250.0 };
const NARROW_LABEL: f64 = 36.0;
/// From the corner of the axes to zero, so that no mark stands on an axis.
const INSET: f64 = 16.0;
/// What arms whose median is not reached have to themselves at the lower edge.
const LANE: f64 = 44.0;
/// Marks closer than this hide each other.
const HIDING: f64 = 6.0;
/// The size of a mark, how much larger it is for each that is drawn over it, and how often at most.
const RADIUS: f64 = 4.75;
const LARGER: f64 = 3.0;
const MOST_LARGER: usize = 4;
/// From the left end of a label, where its arm's mark is, to its text.
const KEY: f64 = 16.0;
/// Ticks of latency are no closer.
const TICKS_APART: f64 = 26.0;

impl Offer {
    /// Price and loss, to be compared: what is unknown, or not reached, is worse than anything known.
    fn worth(&self) -> (f64, f64) {
        let or_worst = |found: &Estimate| found.known().unwrap_or(f64::INFINITY);
        (or_worst(&self.exposure_h_per_day), or_worst(&self.latency_s))
    }

    /// Whether it is as good as the other on both counts and better on one.
    fn dominates(&self, other: &Offer) -> bool {
        let ((price, loss), (other_price, other_loss)) = (self.worth(), other.worth());
        price <= other_price && loss <= other_loss && (price < other_price || loss < other_loss)
    }

    /// What stands below its name.
    fn note(&self) -> String {
        let hours = self.exposure_h_per_day.known();
        let hours = hours.map_or("exposure unknown".into(), |hours| trimmed(hours, 1) + " h/day");
        let seconds = self.latency_s.known();
        let median =
            seconds.map_or(NOT_REACHED.into(), |seconds| short_duration(Span::from_secs_f64(seconds)));
        format!("{hours}, median {median}")
    }

    /// The prices that no axis shows, in words.
    fn beside(&self) -> Option<String> {
        let some = |share: Option<f64>, words: &str| {
            let share = share?;
            Some(if share < 1.0 { format!("{words} ({})", human_share(Some(share))) } else { words.into() })
        };
        let prices =
            [some(self.server_reads_mail, "server reads"), some(self.key_leaves_device, "key leaves")];
        let prices: Vec<String> = prices.into_iter().flatten().collect();
        (!prices.is_empty()).then(|| prices.join(", "))
    }
}

impl Price {
    /// The arms, by their places, that no other arm dominates: none is at least as good on both counts and
    /// better on one. Equal arms do not dominate each other.
    pub fn undominated(&self) -> Vec<usize> {
        let stays = |place: &usize| !self.arms.iter().any(|other| other.dominates(&self.arms[*place]));
        (0..self.arms.len()).filter(stays).collect()
    }
}

impl Draw for Price {
    /// Latency is logarithmic; bars show intervals of 95 %.
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let market = Market::of(self, canvas.sheet);
        market.axes(canvas, self);
        market.front(canvas, self);
        market.threads(canvas);
        market.marks(canvas, self);
        if market.marks.iter().all(Option::is_none) {
            market.area.nothing(canvas);
        }
        market.column(canvas, self)
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let words = |arm: &Offer| {
            let beside = arm.beside().map_or_else(String::new, |prices| format!(", {prices}"));
            format!("{}: {}{beside}", arm.label, arm.note())
        };
        self.arms.iter().map(words).collect()
    }

    /// The arms.
    fn cells(&self) -> Cells {
        let undominated = self.undominated();
        let any = self.arms.iter().any(|arm| arm.beside().is_some());
        let row = |(place, arm): (usize, &Offer)| {
            let interval = |found: &Estimate| found.ends().map(|[low, high]| Interval { low, high });
            let (price, loss) = (&arm.exposure_h_per_day, &arm.latency_s);
            let mut row = vec![
                arm.label.clone(),
                hours_estimate(price.known(), interval(price)),
                duration_estimate(loss.known(), interval(loss)),
                if undominated.contains(&place) { "yes" } else { "no" }.into(),
            ];
            let share = |share: Option<f64>| human_share(Some(share.unwrap_or(0.0)));
            row.extend([arm.server_reads_mail, arm.key_leaves_device].into_iter().filter(|_| any).map(share));
            row
        };
        let columns =
            ["arm", "key can be had while locked, a day", "median latency", "beaten on both by none"];
        let mut cells = Cells::of(columns, self.arms.iter().enumerate().map(row));
        let more = ["server reads mail", "key leaves device"].into_iter().filter(|_| any);
        cells.columns.extend(more.map(String::from));
        cells
    }
}

/// The marks on their axes.
struct Market {
    sheet: Sheet,
    x: Linear,
    y: TimeScale,
    area: Area,
    label_height: f64,
    /// The height of the lane of what is not reached, if there is any.
    lane: Option<f64>,
    /// Where each arm's mark stands; nowhere if its price is unknown.
    marks: Vec<Option<Xy>>,
}

impl Market {
    fn of(chart: &Price, sheet: Sheet) -> Market {
        let label_height = label_height(chart.arms.len(), HEIGHT - TOP - FOOT);
        let bottom = (TOP + chart.arms.len() as f64 * label_height).max(HEIGHT - FOOT);
        let area = sheet.pick(Area { left: LEFT, right: RIGHT, top: TOP, bottom }, NARROW);
        let Area { left, right, bottom, .. } = area;
        let is_lost =
            |arm: &Offer| arm.latency_s.known().is_none() && arm.exposure_h_per_day.known().is_some();
        let lane = chart.arms.iter().any(is_lost).then_some(bottom - LANE / 2.0);
        let hours = chart.arms.iter().flat_map(|arm| arm.exposure_h_per_day.numbers()).map(|h| h.max(0.0));
        let x = Linear::showing(
            hours.chain([0.0]),
            Unit::HoursPerDay,
            sheet.pick(8, 4),
            [left + INSET, right - INSET],
        );
        // An interval that reaches down to nothing must not stretch a logarithmic axis: its bar runs to the end.
        let seconds = chart.arms.iter().map(|arm| &arm.latency_s);
        let seconds = seconds.flat_map(|found| found.numbers().filter(|end| *end > 0.0).chain(found.known()));
        let lengths: Vec<u64> = seconds.map(milliseconds).collect();
        let lowest = if lane.is_some() { bottom - LANE } else { bottom };
        let y = TimeScale::showing(lengths.into_iter(), TOP, lowest);
        let mut market = Market { sheet, x, y, area, label_height, lane, marks: Vec::new() };
        market.marks = chart.arms.iter().map(|arm| market.place(arm)).collect();
        market
    }

    fn place(&self, arm: &Offer) -> Option<Xy> {
        let x = self.x.at(arm.exposure_h_per_day.known()?);
        let known = arm.latency_s.known().map(|seconds| self.y.at(milliseconds(seconds)));
        Some((x, known.or(self.lane)?))
    }

    /// The marks of other arms that stand where this one does, or so close that one hides the other.
    fn hidden(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        let close = |(a, b): (Xy, Xy)| (a.0 - b.0).abs() < HIDING && (a.1 - b.1).abs() < HIDING;
        let hides = move |other: &usize| self.marks[number].zip(self.marks[*other]).is_some_and(close);
        (0..self.marks.len()).filter(move |other| *other != number && hides(other))
    }

    /// The size of a mark: larger than those that are drawn over it, so that each is seen.
    fn radius(&self, number: usize) -> f64 {
        let over = self.hidden(number).filter(|other| *other > number).count();
        RADIUS + LARGER * over.min(MOST_LARGER) as f64
    }

    fn axes(&self, canvas: &mut Canvas<'_>, chart: &Price) {
        let area = &self.area;
        for (name, y) in self.y.ticks(TICKS_APART) {
            area.level(canvas, name, y, GRID);
        }
        if let Some(lane) = self.lane {
            area.beside(canvas, NOT_REACHED, lane);
            canvas.line((area.left, area.bottom - LANE), (area.right, area.bottom - LANE), MUTED, 1.0);
        }
        canvas.line((area.left, area.bottom), (area.right, area.bottom), MUTED, 1.0);
        for (hours, x) in self.x.ticks() {
            area.tick(canvas, x);
            area.below(canvas, &(self.x.name(hours, Unit::HoursPerDay) + " h"), x);
        }
        let upright = "\u{2191} sooner: median latency, logarithmic";
        let level = self.sheet.pick(
            "\u{2190} safer: hours a day the key can be had while the device is locked",
            "\u{2190} safer: hours a day with the key in reach",
        );
        area.measures(canvas, [upright, level]);
        let unknown = chart.arms.iter().filter(|arm| arm.exposure_h_per_day.known().is_none()).count();
        if unknown > 0 {
            let text = format!("{unknown} not shown: exposure unknown");
            canvas.text(&text, (area.right, area.bottom + 63.0), NOTE, Anchor::End);
        }
    }

    /// The places of the undominated marks and the corners between them: what is to be had for each price.
    fn steps(&self, chart: &Price) -> Vec<Xy> {
        let undominated = chart.undominated();
        let mut places: Vec<Xy> = undominated.into_iter().filter_map(|arm| self.marks[arm]).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
        let mut steps: Vec<Xy> = Vec::new();
        for place in places {
            steps.extend(steps.last().map(|last| (place.0, last.1)));
            steps.push(place);
        }
        steps
    }

    fn front(&self, canvas: &mut Canvas<'_>, chart: &Price) {
        let steps = self.steps(chart);
        for pair in steps.windows(2) {
            canvas.line(pair[0], pair[1], MUTED.mix(0.45), 1.5);
        }
        if steps.len() > 1 {
            let text = "grey line: the arms that no other beats on both";
            let at = (self.area.right, self.sheet.pick(TOP - 18.0, self.area.bottom + 80.0));
            canvas.text(text, at, NOTE, Anchor::End);
        }
    }

    /// The ends of an arm's bars: across and upright.
    fn bars(&self, arm: &Offer, (x, y): Xy) -> Vec<[Xy; 2]> {
        let across = arm.exposure_h_per_day.ends().map(|ends| ends.map(|hours| (self.x.at(hours), y)));
        let upright =
            arm.latency_s.ends().map(|ends| ends.map(|seconds| (x, self.y.at(milliseconds(seconds)))));
        across.into_iter().chain(upright).collect()
    }

    fn marks(&self, canvas: &mut Canvas<'_>, chart: &Price) {
        let shown = || chart.arms.iter().zip(&self.marks).enumerate();
        for (place, (arm, at)) in shown() {
            for [from, to] in at.iter().flat_map(|at| self.bars(arm, *at)) {
                canvas.line(from, to, Look::of(place).colour, 1.5);
            }
        }
        for (place, (_, at)) in shown() {
            at.iter().for_each(|at| mark_of(canvas, *at, Look::of(place), self.radius(place)));
        }
    }

    /// The centres of the labels.
    fn centres(&self) -> Vec<f64> {
        let height = self.label_height;
        let wanted: Vec<f64> = self.marks.iter().map(|at| at.map_or(self.area.bottom, |at| at.1)).collect();
        dodge(&wanted, height, TOP - height / 2.0, self.area.bottom + height / 2.0)
    }

    /// From marks that hide each other to their labels in the column: whose is which.
    fn threads(&self, canvas: &mut Canvas<'_>) {
        if self.sheet == Sheet::Narrow {
            return;
        }
        for (number, centre) in self.centres().into_iter().enumerate() {
            let Some(at) = self.marks[number].filter(|_| self.hidden(number).next().is_some()) else {
                continue;
            };
            let thread = [vec![at], leader((RIGHT, at.1), (RIGHT + 30.0, centre))].concat();
            canvas.path(&thread, Look::of(number).colour, 0.5, &[]);
        }
    }

    /// The labels, and how high the sheet is.
    fn column(&self, canvas: &mut Canvas<'_>, chart: &Price) -> f64 {
        let bottom = self.area.bottom;
        let (left, centres, height) = match self.sheet {
            Sheet::Wide => (RIGHT + 40.0, self.centres(), bottom + FOOT),
            Sheet::Narrow => {
                let first = bottom + FOOT + 34.0;
                let centre = |number| first + NARROW_LABEL * f64::from(number);
                let many = chart.arms.len() as u32;
                (NARROW_MARGIN + 8.0, (0..many).map(centre).collect(), centre(many))
            }
        };
        for (number, (arm, centre)) in chart.arms.iter().zip(centres).enumerate() {
            let note = Some(arm.note()).filter(|_| self.sheet == Sheet::Narrow || self.label_height > 30.0);
            mark(canvas, (left, centre), Look::of(number));
            let left = left + KEY;
            let prices = arm.beside().unwrap_or_default();
            let (name, reach) = name_beside(self.sheet, &arm.label, &prices, left);
            label(canvas, (left, centre), &name, note.as_deref());
            if !prices.is_empty() {
                let baseline = centre + if note.is_some() { -2.0 } else { 4.5 };
                canvas.text(&prices, (reach, baseline), NOTE, Anchor::Start);
            }
        }
        height
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chart(offers: &[(Option<f64>, Option<f64>)]) -> Price {
        let known = |value| Estimate { value, ci95: None };
        let offer = |(hours, seconds): &(Option<f64>, Option<f64>)| Offer {
            label: String::new(),
            server_reads_mail: None,
            key_leaves_device: None,
            exposure_h_per_day: known(*hours),
            latency_s: known(*seconds),
        };
        Price { heading: Heading::default(), arms: offers.iter().map(offer).collect() }
    }

    #[test]
    fn what_another_beats_on_both_is_dominated() {
        let at = |hours, seconds| (Some(hours), Some(seconds));
        assert_eq!(
            chart(&[at(0.0, 60.0), at(1.0, 30.0), at(2.0, 45.0), at(1.0, 30.0)]).undominated(),
            [0, 1, 3]
        );
        // Not reached is worse than anything, but may be the safest.
        assert_eq!(chart(&[(Some(0.0), None), at(1.0, 30.0), (Some(1.0), None)]).undominated(), [0, 1]);
        assert_eq!(chart(&[(None, Some(1.0)), at(1.0, f64::NAN)]).undominated(), [0, 1]);
        assert!(chart(&[]).undominated().is_empty());
    }

    proptest! {
        #[test]
        fn the_undominated_beat_all_others(
            offers in proptest::collection::vec(
                (proptest::option::of((0..6u8).prop_map(f64::from)), proptest::option::of((0..6u8).prop_map(f64::from))),
                0..12,
            ),
        ) {
            let chart = chart(&offers);
            let stay = chart.undominated();
            for (place, arm) in chart.arms.iter().enumerate() {
                let beaten = chart.arms.iter().any(|other| other.dominates(arm));
                prop_assert_eq!(stay.contains(&place), !beaten);
                let by_one_that_stays = stay.iter().any(|other| chart.arms[*other].dominates(arm));
                prop_assert_eq!(beaten, by_one_that_stays);
            }
            prop_assert_eq!(stay.is_empty(), offers.is_empty());
        }
    }
}
