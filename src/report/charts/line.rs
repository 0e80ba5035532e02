//! The chart of a sweep over one key: a figure at each of its values, with a band of 95 %.
//!
//! Numbers, sizes and lengths of time stand where they belong on the axis and are joined by a line. Other
//! values stand side by side and are not, since nothing lies between `false` and `true`.

use super::canvas::{Anchor, Canvas, Font, GRID, INK, MUTED, Place, picture};
use super::labelled::{Area, Side, beside_line};
use super::look::{Look, NOTE, SUBTITLE, mark};
use super::ticks::{Axis, Linear, WIDE, decimals, drawable};
use super::{Cells, Estimate, Heading};
use crate::figure::{Figure, Unit};
use crate::report::figure::{name, value};
use crate::report::human::capitalised;
use crate::report::labels::{in_few_digits, letters, shortened};
use plotters::style::Color;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Line {
    /// What stands above it.
    pub heading: Heading,
    /// The figure.
    pub figure: Figure,
    /// The key that is varied.
    pub key: String,
    /// Its values, in the order of the sweep.
    pub values: Vec<Varied>,
    /// The figure at each value, in its own unit: shares from 0 to 1, times in seconds.
    pub found: Vec<Estimate>,
}

/// A value of the key that is varied.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Varied {
    /// As it is written in a scenario: `30s`.
    pub text: String,
    /// Where it is a number, a size or a length of time: how much it is in one unit, the same for all.
    pub at: Option<f64>,
}

const WIDTH: u32 = 960;
const HEIGHT: u32 = 500;
const LEFT: f64 = 92.0;
const RIGHT: f64 = 920.0;
const TOP: f64 = 116.0;
const BOTTOM: f64 = 432.0;
/// From the axis to the first point, so that neither it nor its label stands on the axis.
const INSET: f64 = 36.0;
/// What unknown values have to themselves at the upper edge.
const LANE: f64 = 30.0;
/// Values are printed at no more points than these.
const MOST_LABELS: usize = 8;
/// The least part of the mail that an axis of shares spans: one that spans less exaggerates.
const LEAST_SHARE: f64 = 0.1;

const SMALL: Font = Font { size: 12.0, bold: true, colour: INK };

impl Line {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let sheet = Sheet::of(self);
        picture((WIDTH, HEIGHT), &self.heading.title, &self.description(), |canvas| {
            self.heading.draw(canvas);
            sheet.axes(canvas, self);
            sheet.points(canvas);
            sheet.labels(canvas, self);
            if sheet.places.is_empty() {
                let middle = ((LEFT + RIGHT) / 2.0, (TOP + BOTTOM) / 2.0);
                canvas.text("nothing to show", middle, SUBTITLE, Anchor::Middle);
            }
        })
    }

    /// The chart in words.
    fn description(&self) -> String {
        let point = |(varied, found): (&Varied, &Estimate)| {
            format!("{}: {}", varied.text, value(self.figure, found.value))
        };
        let points: Vec<String> = self.values.iter().zip(&self.found).map(point).collect();
        let what = format!("{} by {}", name(self.figure), self.key);
        [self.heading.subtitle.clone(), what, points.join("; ")].join(". ")
    }

    /// The points.
    pub fn cells(&self) -> Cells {
        let columns = [self.key.as_str(), &name(self.figure), "95 % interval from", "to"];
        let row = |(varied, found): (&Varied, &Estimate)| {
            let end =
                |place: usize| found.ci95.map_or(String::new(), |ends| value(self.figure, Some(ends[place])));
            vec![varied.text.clone(), value(self.figure, found.value), end(0), end(1)]
        };
        let rows = self.values.iter().zip(&self.found).map(row).collect();
        Cells { columns: columns.map(String::from).to_vec(), rows }
    }
}

/// The axis of the figure. Shares are shown as closely as they differ, times logarithmically where they
/// differ much, and all else from zero.
fn axis(unit: Unit, found: &[Estimate], ends: [f64; 2]) -> Axis {
    // No figure is less than nothing, though the end of an interval may be.
    let numbers: Vec<f64> = found.iter().flat_map(Estimate::numbers).map(|number| number.max(0.0)).collect();
    let linear = |shown: &[f64]| {
        let all = numbers.iter().chain(shown).copied();
        Axis::Linear(Linear::showing(all, unit, 5, ends))
    };
    match unit {
        Unit::Seconds if numbers.is_empty() => linear(&[0.0, 3600.0]),
        Unit::Seconds => Axis::of_times(&numbers, ends).unwrap_or_else(|| linear(&[0.0])),
        Unit::Share if numbers.is_empty() => linear(&[0.0, 1.0]),
        Unit::Share => {
            let low = numbers.iter().copied().fold(f64::MAX, f64::min);
            let high = numbers.iter().copied().fold(f64::MIN, f64::max).min(1.0);
            let middle = ((low + high) / 2.0).clamp(LEAST_SHARE / 2.0, 1.0 - LEAST_SHARE / 2.0);
            linear(&[middle - LEAST_SHARE / 2.0, middle + LEAST_SHARE / 2.0])
        }
        _ => linear(&[0.0]),
    }
}

/// A point on the sheet.
#[derive(Clone, Copy)]
struct Spot {
    /// Where it is, if its value is known.
    centre: Option<Place>,
    x: f64,
    /// The upper and the lower end of its interval.
    ends: Option<[f64; 2]>,
}

/// The area of the line.
struct Sheet {
    unit: Unit,
    height: Axis,
    /// Whether the values have places of their own on the axis.
    is_numeric: bool,
    is_log: bool,
    places: Vec<Spot>,
}

impl Sheet {
    fn of(chart: &Line) -> Sheet {
        let unit = chart.figure.unit();
        let many = chart.values.len().min(chart.found.len());
        let (values, found) = (&chart.values[..many], &chart.found[..many]);
        let lane = if found.iter().any(|found| found.known().is_none()) { LANE } else { 0.0 };
        let height = axis(unit, found, [BOTTOM, TOP + lane]);
        let numbers = numbers(values);
        let is_log = numbers.as_ref().is_some_and(|numbers| {
            let low = numbers.iter().copied().fold(f64::MAX, f64::min);
            low > 0.0 && numbers.iter().any(|number| *number >= low * WIDE)
        });
        let shares = match &numbers {
            Some(numbers) if is_log => shares(&numbers.iter().map(|n| libm::log(*n)).collect::<Vec<_>>()),
            Some(numbers) => shares(numbers),
            None => (0..many).map(|place| (place as f64 + 0.5) / many as f64).collect(),
        };
        let width = RIGHT - LEFT - 2.0 * INSET;
        let spot = |(share, found): (f64, &Estimate)| {
            let x = LEFT + INSET + share * width;
            let ends = found.ends().map(|[low, high]| [height.at(high), height.at(low)]);
            Spot { centre: found.known().map(|value| (x, height.at(value))), x, ends }
        };
        let places = shares.into_iter().zip(found).map(spot).collect();
        Sheet { unit, height, is_numeric: numbers.is_some(), is_log, places }
    }

    fn axes(&self, canvas: &mut Canvas<'_>, chart: &Line) {
        for (place, (text, y)) in self.height.ticks(self.unit, 24.0).into_iter().enumerate() {
            let colour = if place == 0 { MUTED } else { GRID };
            canvas.line((LEFT, y), (RIGHT, y), colour.to_rgba(), 1.0);
            canvas.text(&text, (LEFT - 10.0, y + 4.0), NOTE, Anchor::End);
        }
        let a_day = self.unit.a_day().map(|unit| format!(", {unit}")).unwrap_or_default();
        let log = if matches!(self.height, Axis::Time(_)) { ", logarithmic" } else { "" };
        let above = capitalised(&name(chart.figure)) + &a_day + log;
        canvas.text(&shortened(&above, 70), (24.0, TOP - 18.0), NOTE, Anchor::Start);
        let log = if self.is_log { ", logarithmic" } else { "" };
        let below = shortened(&chart.key, 90) + log;
        canvas.text(&below, (RIGHT, BOTTOM + 48.0), NOTE, Anchor::End);
        self.names(canvas, chart);
    }

    /// The points from left to right.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by(|&a, &b| self.places[a].x.total_cmp(&self.places[b].x));
        order
    }

    /// The values below the axis, as many as there is room for.
    fn names(&self, canvas: &mut Canvas<'_>, chart: &Line) {
        let order = self.order();
        let most = if order.len() <= 4 { 24 } else { 14 };
        let mut free = 0.0;
        let names: Vec<&str> = chart.values.iter().map(|value| value.text.as_str()).collect();
        let names = in_few_digits(&names);
        for place in order {
            let (x, text) = (self.places[place].x, shortened(&names[place], most));
            canvas.line((x, BOTTOM), (x, BOTTOM + 5.0), MUTED.to_rgba(), 1.0);
            let half = letters(&text) as f64 * 3.4;
            if x - half >= free && x + half <= f64::from(WIDTH) - 4.0 {
                canvas.text(&text, (x, BOTTOM + 21.0), NOTE, Anchor::Middle);
                free = x + half + 8.0;
            }
        }
    }

    fn points(&self, canvas: &mut Canvas<'_>) {
        let look = Look::of(0);
        let spots: Vec<Spot> = self.order().into_iter().map(|at| self.places[at]).collect();
        let runs: Vec<&[Spot]> =
            spots.split(|spot| spot.centre.is_none()).filter(|run| !run.is_empty()).collect();
        for run in runs {
            let centres: Vec<Place> = run.iter().filter_map(|spot| spot.centre).collect();
            if !self.is_numeric || centres.len() < 2 {
                run.iter().for_each(|spot| whisker(canvas, spot, look));
                centres.into_iter().for_each(|centre| mark(canvas, centre, look));
                continue;
            }
            let edge = |end: usize| {
                run.iter()
                    .zip(&centres)
                    .map(move |(spot, centre)| (spot.x, spot.ends.map_or(centre.1, |ends| ends[end])))
            };
            let outline: Vec<Place> = edge(0).chain(edge(1).collect::<Vec<_>>().into_iter().rev()).collect();
            canvas.shape(&outline, look.colour.mix(0.16));
            canvas.path(&centres, look.colour, 2.25, &[]);
            // A line has marks as long as they can be told apart.
            if RIGHT - LEFT >= 14.0 * self.places.len() as f64 {
                centres.into_iter().for_each(|centre| mark(canvas, centre, look));
            }
        }
    }

    fn labels(&self, canvas: &mut Canvas<'_>, chart: &Line) {
        let order = self.order();
        let known = self.places.iter().filter(|spot| spot.centre.is_some()).count();
        let mut taken: Vec<Area> = Vec::new();
        for place in (0..order.len()).filter(|_| known <= MOST_LABELS) {
            let (at, sides) = (order[place], self.free_sides(&order, place));
            let Some(centre) = self.places[at].centre else { continue };
            let text = self.value(chart, at);
            let free = sides.into_iter().map(|side| (side, side.area(centre, &text)));
            // Without room its value is not printed: it is in the table.
            if let Some((side, area)) =
                free.into_iter().find(|(_, area)| !taken.iter().any(|t| t.meets(area)))
            {
                canvas.text(&text, (centre.0 + side.dx, centre.1 + side.dy), SMALL, side.anchor);
                taken.push(area);
            }
        }
        self.gaps(canvas, chart, &order);
    }

    /// A value without the unit that stands at the axis, with as many decimals as all others.
    fn value(&self, chart: &Line, at: usize) -> String {
        match (self.unit, chart.found[at].known()) {
            (Unit::HoursPerDay | Unit::PerDay(_), Some(number)) => {
                format!("{number:.*}", decimals(chart.found.iter().filter_map(Estimate::known)))
            }
            (_, found) => value(chart.figure, found),
        }
    }

    /// Where the label of a point may stand, the best first.
    fn free_sides(&self, order: &[usize], place: usize) -> Vec<Side> {
        let centre = |place: usize| order.get(place).and_then(|at| self.places[*at].centre);
        let Some((x, y)) = centre(place) else { return Vec::new() };
        // Which way the line goes from here: up, down, or neither.
        let way = |other: Option<usize>| {
            let (_, other) = centre(other?).filter(|_| self.is_numeric)?;
            Some(if (other - y).abs() < 8.0 {
                0
            } else if other < y {
                1
            } else {
                -1
            })
        };
        match (way(place.checked_sub(1)), way(Some(place + 1))) {
            // No line, but a bar: beside it.
            (None, None) if x > RIGHT - 90.0 => vec![Side::new(-12.0, 4.0, Anchor::End)],
            (None, None) => vec![Side::new(12.0, 4.0, Anchor::Start)],
            (before, after) => {
                let first = beside_line(before, after);
                let is_level = before.unwrap_or(0) == 0 && after.unwrap_or(0) == 0;
                if is_level { vec![first, Side::new(0.0, 22.0, Anchor::Middle)] } else { vec![first] }
            }
        }
    }

    /// Crosses at the edge for what is unknown, with one word for those that stand together.
    fn gaps(&self, canvas: &mut Canvas<'_>, chart: &Line, order: &[usize]) {
        let is_known = |at: &usize| self.places[*at].centre.is_some();
        for gap in order.split(is_known).filter(|gap| !gap.is_empty()) {
            let y = TOP + 6.0;
            for at in gap {
                let x = self.places[*at].x;
                for (dx, dy) in [(4.0, 4.0), (4.0, -4.0)] {
                    canvas.line((x - dx, y - dy), (x + dx, y + dy), MUTED.to_rgba(), 1.5);
                }
            }
            let ends = [gap[0], gap[gap.len() - 1]].map(|at| self.places[at].x);
            let middle = ((ends[0] + ends[1]) / 2.0).clamp(LEFT + 40.0, RIGHT - 40.0);
            canvas.text(&value(chart.figure, None), (middle, y - 9.0), NOTE, Anchor::Middle);
        }
    }
}

/// The numbers of the values, where all are known and differ.
fn numbers(values: &[Varied]) -> Option<Vec<f64>> {
    let numbers: Vec<f64> =
        values.iter().map(|value| value.at.filter(|at| drawable(*at))).collect::<Option<_>>()?;
    let mut sorted = numbers.clone();
    sorted.sort_by(f64::total_cmp);
    sorted.windows(2).all(|pair| pair[0] < pair[1]).then_some(numbers)
}

/// How far along each number stands between the least and the greatest; a single one in the middle.
fn shares(numbers: &[f64]) -> Vec<f64> {
    let low = numbers.iter().copied().fold(f64::MAX, f64::min);
    let high = numbers.iter().copied().fold(f64::MIN, f64::max);
    numbers.iter().map(|number| if high > low { (number - low) / (high - low) } else { 0.5 }).collect()
}

fn whisker(canvas: &mut Canvas<'_>, spot: &Spot, look: Look) {
    let Some([high, low]) = spot.ends else { return };
    canvas.line((spot.x, high), (spot.x, low), look.colour.to_rgba(), 1.5);
    for y in [high, low] {
        canvas.line((spot.x - 5.0, y), (spot.x + 5.0, y), look.colour.to_rgba(), 1.5);
    }
}
