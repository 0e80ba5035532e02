//! The chart of a sweep over one key: a figure at each of its values, with a band of 95 %.
//!
//! Numbers, sizes and lengths of time stand where they belong on the axis and are joined by a line. Other
//! values stand side by side and are not, since nothing lies between `false` and `true`.

use super::canvas::{Anchor, Canvas, Font, GRID, INK, MUTED, Sheet, Xy};
use super::frame::{Area, Draw};
use super::labelled::Crowd;
use super::look::{Look, NOTE, mark};
use super::ticks::{Axis, Linear, WIDE, decimals, drawable, extent};
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
    /// Where each lies in the iPhones that observations allow, where that was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Option<[f64; 2]>>,
}

/// A value of the key that is varied.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Varied {
    /// As it is written in a scenario: `30s`.
    pub text: String,
    /// Where it is a number, a size or a length of time: how much it is in one unit, the same for all.
    pub at: Option<f64>,
}

/// Where the line stands on a sheet.
const fn area(sheet: Sheet) -> Area {
    match sheet {
        Sheet::Wide => Area { left: 92.0, right: 920.0, top: 116.0, bottom: 432.0 },
        Sheet::Narrow => Area { left: 62.0, right: 388.0, top: 112.0, bottom: 372.0 },
    }
}

const FOOT: f64 = 68.0;
/// From the axis to the first point, so that neither it nor its label stands on the axis.
const INSET: [f64; 2] = [36.0, 22.0];
/// What unknown values have to themselves at the upper edge.
const LANE: f64 = 30.0;
/// Values are printed at no more points than these.
const MOST_LABELS: usize = 8;
/// The least part of the mail that an axis of shares spans: one that spans less exaggerates.
const LEAST_SHARE: f64 = 0.1;

const SMALL: Font = Font { size: 12.0, bold: true, colour: INK };

impl Draw for Line {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let points = Points::of(self, canvas.sheet);
        points.axes(canvas, self);
        points.draw(canvas);
        points.labels(canvas, self);
        if points.places.is_empty() {
            points.area.nothing(canvas);
        }
        points.area.bottom + FOOT
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let point = |(varied, found): (&Varied, &Estimate)| {
            format!("{}: {}", varied.text, value(self.figure, found.value))
        };
        let points: Vec<String> = self.values.iter().zip(&self.found).map(point).collect();
        vec![format!("{} by {}", name(self.figure), self.key), points.join("; ")]
    }

    /// The points.
    fn cells(&self) -> Cells {
        let row = |(varied, found): (&Varied, &Estimate)| {
            [varied.text.clone()].into_iter().chain(found.in_words(self.figure)).collect()
        };
        let rows = self.values.iter().zip(&self.found).map(row);
        Cells::of([&self.key, &name(self.figure), "95 % interval from", "to"], rows)
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
    match (unit, extent(numbers.iter().copied())) {
        (Unit::Seconds, None) => linear(&[0.0, 3600.0]),
        (Unit::Seconds, _) => Axis::of_times(&numbers, ends).unwrap_or_else(|| linear(&[0.0])),
        (Unit::Share, None) => linear(&[0.0, 1.0]),
        (Unit::Share, Some((low, high))) => {
            let middle = ((low + high.min(1.0)) / 2.0).clamp(LEAST_SHARE / 2.0, 1.0 - LEAST_SHARE / 2.0);
            linear(&[middle - LEAST_SHARE / 2.0, middle + LEAST_SHARE / 2.0])
        }
        _ => linear(&[0.0]),
    }
}

/// A point on the sheet.
#[derive(Clone, Copy)]
struct Spot {
    /// Where it is, if its value is known.
    centre: Option<Xy>,
    x: f64,
    /// The upper and the lower end of its interval.
    ends: Option<[f64; 2]>,
    /// Those of what observations allow.
    allowed: Option<[f64; 2]>,
}

/// The area of the line.
struct Points {
    area: Area,
    unit: Unit,
    height: Axis,
    /// Whether the values have places of their own on the axis.
    is_numeric: bool,
    is_log: bool,
    places: Vec<Spot>,
}

impl Points {
    fn of(chart: &Line, sheet: Sheet) -> Points {
        let (area, inset) = (area(sheet), sheet.pick(INSET[0], INSET[1]));
        let unit = chart.figure.unit();
        let many = chart.values.len().min(chart.found.len());
        let (values, found) = (&chart.values[..many], &chart.found[..many]);
        let lane = if found.iter().any(|found| found.known().is_none()) { LANE } else { 0.0 };
        let pale =
            chart.allowed.iter().flatten().map(|ends| Estimate { value: Some(ends[0]), ci95: Some(*ends) });
        let all: Vec<Estimate> = found.iter().copied().chain(pale).collect();
        let height = axis(unit, &all, [area.bottom, area.top + lane]);
        let numbers = numbers(values);
        let span = numbers.as_ref().and_then(|numbers| extent(numbers.iter().copied()));
        let is_log = span.is_some_and(|(low, high)| low > 0.0 && high >= low * WIDE);
        let shares = match &numbers {
            Some(numbers) if is_log => shares(&numbers.iter().map(|n| libm::log(*n)).collect::<Vec<_>>()),
            Some(numbers) => shares(numbers),
            None => (0..many).map(|place| (place as f64 + 0.5) / many as f64).collect(),
        };
        let width = area.right - area.left - 2.0 * inset;
        let spot = |(share, found): (f64, &Estimate)| {
            let x = area.left + inset + share * width;
            let ends = found.ends().map(|[low, high]| [height.at(high), height.at(low)]);
            Spot { centre: found.known().map(|value| (x, height.at(value))), x, ends, allowed: None }
        };
        let mut places: Vec<Spot> = shares.into_iter().zip(found).map(spot).collect();
        for (place, ends) in places.iter_mut().zip(&chart.allowed) {
            let ends = ends.filter(|ends| ends.iter().all(|end| drawable(*end)));
            place.allowed = ends.map(|[low, high]| [height.at(high), height.at(low)]);
        }
        Points { area, unit, height, is_numeric: numbers.is_some(), is_log, places }
    }

    fn axes(&self, canvas: &mut Canvas<'_>, chart: &Line) {
        for (place, (text, y)) in self.height.ticks(self.unit, 24.0).into_iter().enumerate() {
            self.area.level(canvas, &text, y, if place == 0 { MUTED } else { GRID });
        }
        let a_day = self.unit.a_day().map(|unit| format!(", {unit}")).unwrap_or_default();
        let log = if matches!(self.height, Axis::Time(_)) { ", logarithmic" } else { "" };
        let upright = capitalised(&name(chart.figure)) + &a_day + log;
        let level =
            shortened(&chart.key, canvas.sheet.pick(90, 44)) + if self.is_log { ", logarithmic" } else { "" };
        self.area.measures(canvas, [&shortened(&upright, canvas.sheet.pick(70, 56)), &level]);
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
        let most = canvas.sheet.pick(if order.len() <= 4 { 24 } else { 14 }, 12);
        let mut free = 0.0;
        let names: Vec<&str> = chart.values.iter().map(|value| value.text.as_str()).collect();
        let names = in_few_digits(&names);
        for place in order {
            let (x, text) = (self.places[place].x, shortened(&names[place], most));
            self.area.tick(canvas, x);
            let half = letters(&text) as f64 * 3.4;
            if x - half >= free && x + half <= canvas.sheet.width() - 4.0 {
                self.area.below(canvas, &text, x);
                free = x + half + 8.0;
            }
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        let look = Look::of(0);
        let spots: Vec<Spot> = self.order().into_iter().map(|at| self.places[at]).collect();
        for run in spots.split(|spot| spot.centre.is_none()).filter(|run| !run.is_empty()) {
            let centres: Vec<Xy> = run.iter().filter_map(|spot| spot.centre).collect();
            if !self.is_numeric || centres.len() < 2 {
                run.iter().for_each(|spot| pale_whisker(canvas, spot, look));
                run.iter().for_each(|spot| whisker(canvas, spot, look));
                centres.into_iter().for_each(|centre| mark(canvas, centre, look));
                continue;
            }
            let edge = |end: usize| {
                run.iter()
                    .zip(&centres)
                    .map(move |(spot, centre)| (spot.x, spot.ends.map_or(centre.1, |ends| ends[end])))
            };
            let outline: Vec<Xy> = edge(0).chain(edge(1).collect::<Vec<_>>().into_iter().rev()).collect();
            let pale = |end: usize| run.iter().filter_map(move |spot| Some((spot.x, spot.allowed?[end])));
            let allowed: Vec<Xy> = pale(0).chain(pale(1).collect::<Vec<_>>().into_iter().rev()).collect();
            if !allowed.is_empty() {
                canvas.shape(&allowed, look.colour.mix(0.08));
            }
            canvas.shape(&outline, look.colour.mix(0.16));
            canvas.path(&centres, look.colour, 2.25, &[]);
            // A line has marks as long as they can be told apart.
            if self.area.right - self.area.left >= 14.0 * self.places.len() as f64 {
                centres.into_iter().for_each(|centre| mark(canvas, centre, look));
            }
        }
    }

    /// The values of the points, where they are few. One without room is in the table.
    fn labels(&self, canvas: &mut Canvas<'_>, chart: &Line) {
        let order = self.order();
        self.gaps(canvas, chart, &order);
        let known: Vec<(usize, Xy)> =
            order.into_iter().filter_map(|at| Some((at, self.places[at].centre?))).collect();
        if known.len() > MOST_LABELS {
            return;
        }
        let centres: Vec<Xy> = known.iter().map(|(_, centre)| *centre).collect();
        let joined = centres.windows(2).filter(|_| self.is_numeric).map(|pair| [pair[0], pair[1]]);
        let whiskers = known.iter().filter(|_| !self.is_numeric).filter_map(|(at, (x, _))| {
            let [high, low] = self.places[*at].ends?;
            Some([(*x, high), (*x, low)])
        });
        let within = Area { left: self.area.left - 8.0, ..self.area };
        let mut crowd = Crowd::of(&centres, joined.chain(whiskers), within);
        for (at, centre) in known {
            let text = self.value(chart, at);
            let room = (letters(&text) as f64 * 7.0, 14.0);
            if let Some((left, top)) = crowd.settle(centre, room) {
                canvas.text(&text, (left + room.0 / 2.0, top + 11.0), SMALL, Anchor::Middle);
            }
        }
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

    /// Crosses at the edge for what is unknown, with one word for those that stand together.
    fn gaps(&self, canvas: &mut Canvas<'_>, chart: &Line, order: &[usize]) {
        let is_known = |at: &usize| self.places[*at].centre.is_some();
        for gap in order.split(is_known).filter(|gap| !gap.is_empty()) {
            let y = self.area.top + 6.0;
            for at in gap {
                let x = self.places[*at].x;
                for (dx, dy) in [(4.0, 4.0), (4.0, -4.0)] {
                    canvas.line((x - dx, y - dy), (x + dx, y + dy), MUTED, 1.5);
                }
            }
            let ends = [gap[0], gap[gap.len() - 1]].map(|at| self.places[at].x);
            let middle = ((ends[0] + ends[1]) / 2.0).clamp(self.area.left + 40.0, self.area.right - 40.0);
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
    let (low, high) = extent(numbers.iter().copied()).unwrap_or_default();
    numbers.iter().map(|number| if high > low { (number - low) / (high - low) } else { 0.5 }).collect()
}

fn whisker(canvas: &mut Canvas<'_>, spot: &Spot, look: Look) {
    let Some([high, low]) = spot.ends else { return };
    canvas.line((spot.x, high), (spot.x, low), look.colour, 1.5);
    for y in [high, low] {
        canvas.line((spot.x - 5.0, y), (spot.x + 5.0, y), look.colour, 1.5);
    }
}

/// What observations allow, as a broad pale line.
fn pale_whisker(canvas: &mut Canvas<'_>, spot: &Spot, look: Look) {
    if let Some([high, low]) = spot.allowed {
        canvas.shape(
            &[(spot.x - 6.0, high), (spot.x + 6.0, high), (spot.x + 6.0, low), (spot.x - 6.0, low)],
            look.colour.mix(0.12),
        );
    }
}
