//! The chart of price against gain: what each arm costs in key exposure, and how soon its mail is told.
//!
//! Better is up and to the left. The arms that no other beats on both are joined by a pale line; each arm is
//! labelled beside its mark, or in a column where there are too many for that.

use super::canvas::{Anchor, Canvas, Font, GRID, INK, MUTED, PAPER, Place, picture};
use super::labelled::{Area, CROSSING, Crowd, thread};
use super::look::{Look, NAME, NOTE, SUBTITLE, leader, mark, mark_of};
use super::scale::TimeScale;
use super::ticks::{Linear, milliseconds};
use super::{Cells, Estimate, Heading};
use crate::analysis::jackknife::Interval;
use crate::figure::Unit;
use crate::report::human::{NOT_REACHED, duration_estimate, hours_estimate, short_duration, trimmed};
use crate::report::labels::{abridged, dodge, letters};
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
}

const WIDTH: u32 = 960;
const HEIGHT: u32 = 540;
const LEFT: f64 = 98.0;
const TOP: f64 = 124.0;
/// From the lower edge of the sheet to the axis.
const FOOT: f64 = 74.0;
/// Right end of the axis where labels stand beside their marks, and where they stand in a column.
const RIGHT: [f64; 2] = [920.0, 640.0];
/// From the corner of the axes to zero, so that no mark stands on an axis.
const INSET: f64 = 16.0;
/// What arms whose median is not reached have to themselves at the lower edge.
const LANE: f64 = 44.0;
/// More labels than these are no longer found beside their marks.
const MOST_BESIDE: usize = 8;
/// Marks closer than this hide each other.
const HIDING: f64 = 6.0;
/// The size of a mark, how much larger it is for each that is drawn over it, and how often at most.
const RADIUS: f64 = 4.75;
const LARGER: f64 = 3.0;
const MOST_LARGER: usize = 4;
/// Letters of an arm's name that are shown.
const MOST_LETTERS: usize = 34;
/// From the left end of a label, where its arm's mark is, to its text.
const KEY: f64 = 16.0;
/// Ticks of latency are no closer.
const TICKS_APART: f64 = 26.0;
const HINT: Font = Font { size: 12.0, bold: true, colour: INK };

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
}

impl Price {
    /// The arms, by their places, that no other arm dominates: none is at least as good on both counts and
    /// better on one. Equal arms do not dominate each other.
    pub fn undominated(&self) -> Vec<usize> {
        let stays = |place: &usize| !self.arms.iter().any(|other| other.dominates(&self.arms[*place]));
        (0..self.arms.len()).filter(stays).collect()
    }

    /// The chart as SVG. Latency is logarithmic; bars show intervals of 95 %.
    pub fn svg(&self) -> String {
        let (sheet, beside) = self.laid_out();
        let size = (WIDTH, libm::ceil(sheet.bottom + FOOT) as u32);
        picture(size, &self.heading.title, &self.description(), |canvas| {
            self.heading.draw(canvas);
            sheet.axes(canvas, self);
            sheet.front(canvas, self);
            if beside.is_none() {
                sheet.threads(canvas);
            }
            sheet.marks(canvas, self);
            match &beside {
                Some(places) => sheet.beside(canvas, self, places),
                None => sheet.column(canvas, self),
            }
            if sheet.marks.iter().all(Option::is_none) {
                let middle = ((LEFT + sheet.right) / 2.0, (TOP + sheet.bottom) / 2.0);
                canvas.text("nothing to show", middle, SUBTITLE, Anchor::Middle);
            }
        })
    }

    /// The sheet, and the places of labels beside their marks, where all have found one.
    fn laid_out(&self) -> (Sheet, Option<Vec<Place>>) {
        if self.arms.len() <= MOST_BESIDE {
            let sheet = Sheet::of(self, RIGHT[0], HEIGHT.into());
            if let Some(places) = sheet.places_beside(self) {
                return (sheet, Some(places));
            }
        }
        let needed = self.arms.len() as f64 * 17.0 + TOP + FOOT;
        (Sheet::of(self, RIGHT[1], needed.max(HEIGHT.into())), None)
    }

    /// The chart in words.
    fn description(&self) -> String {
        let arms = self.arms.iter().map(|arm| format!("{}: {}", arm.label, arm.note()));
        std::iter::once(self.heading.subtitle.clone()).chain(arms).collect::<Vec<_>>().join(". ")
    }

    /// The arms.
    pub fn cells(&self) -> Cells {
        let columns =
            ["arm", "key can be had while locked, a day", "median latency", "beaten on both by none"];
        let undominated = self.undominated();
        let row = |(place, arm): (usize, &Offer)| {
            let interval = |found: &Estimate| found.ends().map(|[low, high]| Interval { low, high });
            let (price, loss) = (&arm.exposure_h_per_day, &arm.latency_s);
            vec![
                arm.label.clone(),
                hours_estimate(price.known(), interval(price)),
                duration_estimate(loss.known(), interval(loss)),
                if undominated.contains(&place) { "yes" } else { "no" }.into(),
            ]
        };
        let rows = self.arms.iter().enumerate().map(row).collect();
        Cells { columns: columns.map(String::from).to_vec(), rows }
    }
}

/// The area of the marks.
struct Sheet {
    x: Linear,
    y: TimeScale,
    right: f64,
    bottom: f64,
    /// The height of the lane of what is not reached, if there is any.
    lane: Option<f64>,
    /// Where each arm's mark stands; nowhere if its price is unknown.
    marks: Vec<Option<Place>>,
}

impl Sheet {
    fn of(chart: &Price, right: f64, height: f64) -> Sheet {
        let bottom = height - FOOT;
        let is_lost =
            |arm: &Offer| arm.latency_s.known().is_none() && arm.exposure_h_per_day.known().is_some();
        let lane = chart.arms.iter().any(is_lost).then_some(bottom - LANE / 2.0);
        let hours = chart.arms.iter().flat_map(|arm| arm.exposure_h_per_day.numbers()).map(|h| h.max(0.0));
        let x = Linear::showing(hours.chain([0.0]), Unit::HoursPerDay, 8, [LEFT + INSET, right - INSET]);
        // An interval that reaches down to nothing must not stretch a logarithmic axis: its bar runs to the end.
        let seconds = chart.arms.iter().map(|arm| &arm.latency_s);
        let seconds = seconds.flat_map(|found| found.numbers().filter(|end| *end > 0.0).chain(found.known()));
        let lengths: Vec<u64> = seconds.map(milliseconds).collect();
        let lowest = if lane.is_some() { bottom - LANE } else { bottom };
        let y = TimeScale::showing(lengths.into_iter(), TOP, lowest);
        let mut sheet = Sheet { x, y, right, bottom, lane, marks: Vec::new() };
        sheet.marks = chart.arms.iter().map(|arm| sheet.place(arm)).collect();
        sheet
    }

    fn place(&self, arm: &Offer) -> Option<Place> {
        let x = self.x.at(arm.exposure_h_per_day.known()?);
        let known = arm.latency_s.known().map(|seconds| self.y.at(milliseconds(seconds)));
        Some((x, known.or(self.lane)?))
    }

    /// The marks of other arms that stand where this one does, or so close that one hides the other.
    fn hidden(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        let hides = move |other: &Option<Place>| {
            self.marks[number]
                .zip(*other)
                .is_some_and(|(a, b)| (a.0 - b.0).abs() < HIDING && (a.1 - b.1).abs() < HIDING)
        };
        (0..self.marks.len()).filter(move |other| *other != number && hides(&self.marks[*other]))
    }

    /// The size of a mark: larger than those that are drawn over it, so that each is seen.
    fn radius(&self, number: usize) -> f64 {
        let over = self.hidden(number).filter(|other| *other > number).count();
        RADIUS + LARGER * over.min(MOST_LARGER) as f64
    }

    fn axes(&self, canvas: &mut Canvas<'_>, chart: &Price) {
        let line = |canvas: &mut Canvas<'_>, y, colour: plotters::style::RGBColor| {
            canvas.line((LEFT, y), (self.right, y), colour.to_rgba(), 1.0);
        };
        for (name, y) in self.y.ticks(TICKS_APART) {
            line(canvas, y, GRID);
            canvas.text(name, (LEFT - 10.0, y + 4.0), NOTE, Anchor::End);
        }
        if let Some(lane) = self.lane {
            line(canvas, self.bottom - LANE, MUTED);
            canvas.text(NOT_REACHED, (LEFT - 10.0, lane + 4.0), NOTE, Anchor::End);
        }
        line(canvas, self.bottom, MUTED);
        for (hours, x) in self.x.ticks() {
            canvas.line((x, self.bottom), (x, self.bottom + 5.0), MUTED.to_rgba(), 1.0);
            let name = self.x.name(hours, Unit::HoursPerDay) + " h";
            canvas.text(&name, (x, self.bottom + 20.0), NOTE, Anchor::Middle);
        }
        canvas.text("\u{2191} sooner", (24.0, TOP - 20.0), HINT, Anchor::Start);
        canvas.text("Median latency, logarithmic", (LEFT + 14.0, TOP - 20.0), NOTE, Anchor::Start);
        let below = self.bottom + 46.0;
        canvas.text("\u{2190} safer", (LEFT, below), HINT, Anchor::Start);
        let what = "Hours a day the key can be had while the device is locked";
        canvas.text(what, (self.right, below), NOTE, Anchor::End);
        let unknown = chart.arms.iter().filter(|arm| arm.exposure_h_per_day.known().is_none()).count();
        if unknown > 0 {
            let text = format!("{unknown} not shown: exposure unknown");
            canvas.text(&text, (self.right, below + 17.0), NOTE, Anchor::End);
        }
    }

    /// The places of the undominated marks and the corners between them: what is to be had for each price.
    fn steps(&self, chart: &Price) -> Vec<Place> {
        let undominated = chart.undominated();
        let mut places: Vec<Place> = undominated.into_iter().filter_map(|arm| self.marks[arm]).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
        let mut steps: Vec<Place> = Vec::new();
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
            canvas.text(text, (self.right, TOP - 20.0), NOTE, Anchor::End);
        }
    }

    /// The ends of an arm's bars: across and upright.
    fn bars(&self, arm: &Offer, (x, y): Place) -> Vec<[Place; 2]> {
        let across = arm.exposure_h_per_day.ends().map(|ends| ends.map(|hours| (self.x.at(hours), y)));
        let upright =
            arm.latency_s.ends().map(|ends| ends.map(|seconds| (x, self.y.at(milliseconds(seconds)))));
        across.into_iter().chain(upright).collect()
    }

    fn marks(&self, canvas: &mut Canvas<'_>, chart: &Price) {
        let shown = || chart.arms.iter().zip(&self.marks).enumerate();
        for (place, (arm, at)) in shown() {
            for [from, to] in at.iter().flat_map(|at| self.bars(arm, *at)) {
                canvas.line(from, to, Look::of(place).colour.to_rgba(), 1.5);
            }
        }
        for (place, (_, at)) in shown() {
            at.iter().for_each(|at| mark_of(canvas, *at, Look::of(place), self.radius(place)));
        }
    }

    /// A place for each label beside its mark, clear of all else; `None` if one finds none.
    fn places_beside(&self, chart: &Price) -> Option<Vec<Place>> {
        let mut crowd = Crowd::within(Area {
            left: LEFT + 6.0,
            right: self.right,
            top: TOP - 8.0,
            bottom: self.bottom - 4.0,
        });
        for (number, (arm, at)) in chart.arms.iter().zip(&self.marks).enumerate() {
            let Some(at) = *at else { continue };
            let around = self.radius(number) + 5.0;
            crowd.keep_clear(Area::around(at, around, around));
            for [from, to] in self.bars(arm, at) {
                crowd.avoid(Area::between(from, to), CROSSING);
            }
        }
        for pair in self.steps(chart).windows(2) {
            crowd.avoid(Area::between(pair[0], pair[1]), CROSSING);
        }
        for (_, y) in self.y.ticks(TICKS_APART) {
            crowd.avoid(Area::between((LEFT, y), (self.right, y)), CROSSING / 4.0);
        }
        let labels = chart.arms.iter().zip(&self.marks);
        labels.map(|(arm, at)| at.map_or(Some((0.0, 0.0)), |at| crowd.settle(at, size(arm)))).collect()
    }

    fn beside(&self, canvas: &mut Canvas<'_>, chart: &Price, places: &[Place]) {
        for (number, (arm, corner)) in chart.arms.iter().zip(places).enumerate() {
            let Some(at) = self.marks[number] else { continue };
            let (x, room) = (corner.0 + KEY, size(arm));
            // On paper of its own, where no place was free of lines; the text is narrower than its room.
            let far = corner.0 + room.0 * 0.95;
            canvas.rectangle((corner.0, corner.1 + 1.0), (far, corner.1 + room.1), PAPER);
            if let Some([from, to]) = thread(at, *corner, room) {
                canvas.line(from, to, Look::of(number).colour.to_rgba(), 0.75);
            }
            mark(canvas, (corner.0 + 5.0, corner.1 + 8.5), Look::of(number));
            canvas.text(&abridged(&arm.label, MOST_LETTERS), (x, corner.1 + 13.0), NAME, Anchor::Start);
            canvas.text(&arm.note(), (x, corner.1 + 29.0), NOTE, Anchor::Start);
        }
    }

    /// The height of the labels of a column, and their centres.
    fn rows(&self) -> (f64, Vec<f64>) {
        let room = self.bottom - TOP;
        let height = if self.marks.len() as f64 * 36.0 <= room { 36.0 } else { 17.0 };
        let wanted: Vec<f64> = self.marks.iter().map(|at| at.map_or(self.bottom, |at| at.1)).collect();
        (height, dodge(&wanted, height, TOP - height / 2.0, self.bottom + height / 2.0))
    }

    /// From marks that hide each other to their labels in the column: whose is which.
    fn threads(&self, canvas: &mut Canvas<'_>) {
        for (number, centre) in self.rows().1.into_iter().enumerate() {
            let Some(at) = self.marks[number].filter(|_| self.hidden(number).next().is_some()) else {
                continue;
            };
            let thread = [vec![at], leader((self.right, at.1), (self.right + 30.0, centre))].concat();
            canvas.path(&thread, Look::of(number).colour, 0.5, &[]);
        }
    }

    fn column(&self, canvas: &mut Canvas<'_>, chart: &Price) {
        let (height, centres) = self.rows();
        for (number, (arm, centre)) in chart.arms.iter().zip(centres).enumerate() {
            let key = (self.right + 40.0, centre);
            let two_lines = height > 30.0;
            let baseline = if two_lines { centre - 2.0 } else { centre + 4.5 };
            mark(canvas, key, Look::of(number));
            canvas.text(&abridged(&arm.label, MOST_LETTERS), (key.0 + 16.0, baseline), NAME, Anchor::Start);
            if two_lines {
                canvas.text(&arm.note(), (key.0 + 16.0, centre + 14.0), NOTE, Anchor::Start);
            }
        }
    }
}

/// How much room a label takes: text cannot be measured here, so generously.
fn size(arm: &Offer) -> (f64, f64) {
    let name = letters(&abridged(&arm.label, MOST_LETTERS)) as f64 * 7.2;
    (KEY + name.max(letters(&arm.note()) as f64 * 6.2) + 4.0, 34.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chart(offers: &[(Option<f64>, Option<f64>)]) -> Price {
        let known = |value| Estimate { value, ci95: None };
        let offer = |(hours, seconds): &(Option<f64>, Option<f64>)| Offer {
            label: String::new(),
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
