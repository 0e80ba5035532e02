//! The chart of notification latency: which share of mail was told within which time, one curve per arm.
//!
//! Made for a slide: curves are labelled at their ends rather than in a legend, and arms differ in colour,
//! dashes and the mark at their median, so that a print in black and white reads as well.

use super::alike::{FEW, LINE, alike, lines};
use super::canvas::{Anchor, Canvas, GRID, MUTED, PAPER, Sheet, Xy};
use super::frame::{Area, Draw, NARROW_MARGIN, label, label_height};
use super::look::{Look, NAME, NOTE, leader, mark};
use super::scale::TimeScale;
use super::steps::{band, height, steps};
use super::{Cells, Heading};
use crate::analysis::survival::{KaplanMeier, Point};
use crate::report::human::{NOT_REACHED, share, short_duration, trimmed};
use crate::report::labels::dodge;
use crate::time::Span;
use plotters::style::Color;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Latency {
    /// What stands above it.
    pub heading: Heading,
    /// A curve for each arm.
    pub arms: Vec<Curve>,
    /// A share to be told within so many milliseconds.
    pub target: Option<Target>,
}

/// One curve of the chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Curve {
    /// Its name.
    pub label: String,
    /// The share told within each time, in order of time; it starts at nothing and ends at its last point.
    pub points: Vec<Point>,
    /// The median in milliseconds, where it is reached.
    pub median: Option<u64>,
    /// Milliseconds after which mail was still waiting at the horizon, in order: marks, not every mail.
    pub censored: Vec<u64>,
    /// How much was told soon, or `None` where there was no mail.
    pub told: Option<Told>,
    /// Where it lies in the iPhones that observations allow, in order of time, where that was asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Allowed>,
}

/// Between which shares the told mail lies at a time, over what is not known.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Allowed {
    /// Within how many milliseconds.
    pub ms: u64,
    /// The lower share.
    pub low: f64,
    /// The higher one.
    pub high: f64,
}

/// How much of the mail was told within a length of time that was observed. At the curve's end that would mislead:
/// the last step of the estimate may rise to all mail where much is still untold.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Told {
    /// Within how many milliseconds.
    pub ms: u64,
    /// Which share of the mail.
    pub share: f64,
}

impl Told {
    /// Within a day, or by the last observation if that is earlier; `None` where there was no mail.
    pub fn of(estimate: &KaplanMeier) -> Option<Told> {
        let within = estimate.last().min(Span::DAY);
        Some(Told { ms: within.ms(), share: estimate.told_within(within)? })
    }
}

/// What is wished for.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Target {
    /// Within how many milliseconds.
    pub ms: u64,
    /// Which share of the mail.
    pub share: f64,
}

/// Rows of an arm in the chart's table.
const ROWS: usize = 40;

const HEIGHT: f64 = 520.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 660.0;
const TOP: f64 = 108.0;
/// From the lower edge of the sheet to the time axis.
const FOOT: f64 = 64.0;
/// Where the labels' lines and marks begin, after the leaders.
const KEY: f64 = RIGHT + 26.0;
/// The area on a narrow sheet, where the labels stand below it.
const NARROW: Area = Area { left: 52.0, right: 386.0, top: TOP, bottom: TOP + 250.0 };
/// From the time axis to the labels below it.
const BELOW: f64 = 62.0;
/// Curves that end closer than this end together.
const TOGETHER: f64 = 8.0;
/// Censored mail is marked no more often than once in so many pixels.
const TICKS_APART: f64 = 6.0;

/// The chart in pictures and words. Time is logarithmic; the band of a curve is the 95 % band of its points; a
/// mark shows each median, and small ticks the mail that was still waiting at the end.
impl Draw for Latency {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        self.inside_with(canvas, ["Mail told", "Time since the mail arrived, logarithmic"])
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let arms = self.arms.iter().map(|arm| format!("{}: {}", arm.label, note(arm)));
        arms.chain(self.target.map(wish)).collect()
    }

    /// The points of the curves.
    fn cells(&self) -> Cells {
        let row = |arm: &Curve, point: &Point| {
            // A curve without a band has none here either.
            let has_band = arm.points.iter().any(|point| point.low < point.high);
            let end = |part| if has_band { share(Some(part)) } else { String::new() };
            let shares = [share(Some(point.told)), end(point.low), end(point.high)];
            [vec![arm.label.clone(), short_duration(Span::from_ms(point.ms))], shares.to_vec()].concat()
        };
        let rows = self.arms.iter().flat_map(|arm| read(&arm.points).map(move |point| row(arm, point)));
        Cells::of(["arm", "within", "told", "95 % band from", "to"], rows)
    }
}

impl Latency {
    /// What stands within, its axes named so.
    pub(super) fn inside_with(&self, canvas: &mut Canvas<'_>, measures: [&str; 2]) -> f64 {
        let mut curves = Curves::of(self, canvas.sheet);
        let groups = if self.arms.len() > FEW { curves.grouped(&self.arms) } else { Vec::new() };
        curves.axes(canvas, measures);
        if let Some(target) = self.target {
            curves.target(canvas, target);
        }
        let is_drawn = |place: usize| groups.is_empty() || groups.iter().any(|group| group[0] == place);
        let drawn = || self.arms.iter().enumerate().filter(|(place, _)| is_drawn(*place));
        for (place, arm) in drawn() {
            curves.allowed(canvas, arm, Look::of(place));
        }
        for (place, arm) in drawn() {
            band(canvas, &arm.points, (curves.area, curves.scale), Look::of(place));
        }
        for (place, arm) in drawn() {
            curves.curve(canvas, arm, Look::of(place));
        }
        if self.arms.is_empty() {
            curves.area.nothing(canvas);
        }
        match (canvas.sheet, groups.is_empty()) {
            (Sheet::Wide, true) => curves.labels(canvas, &self.arms),
            (Sheet::Wide, false) => {
                curves.labels_of_groups(canvas, &self.arms, &groups, (KEY, TOP));
            }
            (Sheet::Narrow, is_each) => {
                let groups = if is_each { curves.each(&self.arms) } else { groups };
                let from = (NARROW_MARGIN, curves.area.bottom + BELOW);
                return curves.labels_of_groups(canvas, &self.arms, &groups, from);
            }
        }
        curves.area.bottom + FOOT
    }
}

/// The area of the curves, and the labels to its right or below it.
struct Curves {
    sheet: Sheet,
    scale: TimeScale,
    area: Area,
    label_height: f64,
}

impl Curves {
    fn of(Latency { arms, target, .. }: &Latency, sheet: Sheet) -> Curves {
        let lengths = arms.iter().flat_map(|arm| {
            let told = arm.points.iter().map(|point| point.ms).chain(arm.median);
            told.chain(arm.censored.iter().copied())
        });
        // Where there is no room for a line each, the sheet grows.
        let label_height = label_height(arms.len(), HEIGHT - TOP - FOOT);
        let bottom = (TOP + arms.len() as f64 * label_height).max(HEIGHT - FOOT);
        let area = sheet.pick(Area { left: LEFT, right: RIGHT, top: TOP, bottom }, NARROW);
        let scale = TimeScale::showing(lengths.chain(target.map(|target| target.ms)), area.left, area.right);
        Curves { sheet, scale, area, label_height }
    }

    fn y(&self, told: f64) -> f64 {
        height(self.area, told)
    }

    fn axes(&self, canvas: &mut Canvas<'_>, measures: [&str; 2]) {
        for percent in [0, 25, 50, 75, 100] {
            let colour = if percent == 0 { MUTED } else { GRID };
            self.area.level(canvas, &format!("{percent} %"), self.y(f64::from(percent) / 100.0), colour);
        }
        for (name, x) in self.scale.ticks(46.0) {
            self.area.tick(canvas, x);
            self.area.below(canvas, name, x);
        }
        self.area.measures(canvas, measures);
    }

    fn target(&self, canvas: &mut Canvas<'_>, target: Target) {
        let (x, y) = (self.scale.at(target.ms), self.y(target.share));
        canvas.path(&[(self.area.left, y), (x, y), (x, self.area.bottom)], MUTED, 1.25, &[4.0, 4.0]);
        canvas.circle((x, y), 4.5, MUTED);
        canvas.circle((x, y), 2.5, PAPER);
        // Above the curves, where it covers none, and clear of the axis' own name.
        let middle = x.clamp(self.area.left + self.sheet.pick(170.0, 110.0), self.area.right - 90.0);
        canvas.line((x, TOP - 8.0), (x, y - 4.5), GRID, 1.0);
        canvas.text(&wish(target), (middle, TOP - 12.0), NOTE, Anchor::Middle);
    }

    fn steps(&self, arm: &Curve, height: impl Fn(&Point) -> f64) -> Vec<Xy> {
        steps(&arm.points, self.area, self.scale, height)
    }

    /// The wider and paler band of what is not known.
    fn allowed(&self, canvas: &mut Canvas<'_>, arm: &Curve, look: Look) {
        let edge = |end: fn(&Allowed) -> f64| {
            arm.allowed.iter().map(move |at| (self.scale.at(at.ms), self.y(end(at)))).collect::<Vec<Xy>>()
        };
        let (low, high) = (edge(|at| at.low), edge(|at| at.high));
        if high.len() < 2 {
            return;
        }
        let outline: Vec<Xy> = high.iter().chain(low.iter().rev()).copied().collect();
        canvas.shape(&outline, look.colour.mix(0.08));
        for edge in [high, low] {
            canvas.path(&edge, look.colour, 0.75, &[2.0, 3.0]);
        }
    }

    fn curve(&self, canvas: &mut Canvas<'_>, arm: &Curve, look: Look) {
        let places = self.steps(arm, |point| point.told);
        canvas.path(&places, look.colour, 2.25, look.dash);
        let mut last = f64::MIN;
        for x in arm.censored.iter().map(|ms| self.scale.at(*ms)) {
            if x - last >= TICKS_APART {
                let y = height_at(&places, x).unwrap_or(self.area.bottom);
                canvas.line((x, y - 5.5), (x, y + 5.5), look.colour, 1.25);
                last = x;
            }
        }
        if let Some(median) = arm.median {
            mark(canvas, (self.scale.at(median), self.y(0.5)), look);
        }
    }

    fn labels(&self, canvas: &mut Canvas<'_>, arms: &[Curve]) {
        let ends: Vec<Xy> = arms.iter().map(|arm| self.end(arm)).collect();
        let order = order(arms, &ends);
        let mut wanted: Vec<f64> = ends.iter().map(|end| end.1).collect();
        wanted.sort_by(f64::total_cmp);
        let half = self.label_height / 2.0;
        let centres = dodge(&wanted, self.label_height, TOP - half, self.area.bottom + half);
        for (place, centre) in order.into_iter().zip(centres) {
            let (arm, look, end) = (&arms[place], Look::of(place), ends[place]);
            // After the last observation the estimate stands, but nothing was seen any more.
            let thread = [vec![end], leader((RIGHT, end.1), (KEY, centre))].concat();
            canvas.path(&thread, look.colour, 0.75, &[]);
            canvas.path(&[(KEY, centre), (KEY + 36.0, centre)], look.colour, 2.25, look.dash);
            mark(canvas, (KEY + 18.0, centre), look);
            let note = Some(note(arm)).filter(|_| self.label_height > 30.0);
            label(canvas, (KEY + 44.0, centre), &arm.label, note.as_deref());
        }
    }

    /// The arms by what no eye tells apart, where many have a curve, from the one that is half told soonest, where that
    /// leaves few; makes room for their labels.
    fn grouped(&mut self, arms: &[Curve]) -> Vec<Vec<usize>> {
        let (before, bottom) = (self.area.bottom, self.sheet.pick(HEIGHT - FOOT, NARROW.bottom));
        self.area.bottom = bottom;
        // That one has an earlier end sets no curve apart.
        let path = |arm: &Curve| {
            let mut path = self.steps(arm, |point| point.told);
            path.extend(path.last().map(|last| (self.area.right, last.1)));
            path
        };
        let paths: Vec<Vec<Xy>> = arms.iter().map(path).collect();
        let mut groups = alike(&paths);
        if groups.len() > FEW {
            self.area.bottom = before;
            return Vec::new();
        }
        groups.sort_by_key(|group| arms[group[0]].median.unwrap_or(u64::MAX));
        if self.sheet == Sheet::Wide {
            let heights = groups.iter().map(|group| height_of(&lines(&names(arms, group))));
            self.area.bottom = bottom.max(TOP + heights.sum::<f64>());
        }
        groups
    }

    /// Each arm as a group of its own, in the order of their labels.
    fn each(&self, arms: &[Curve]) -> Vec<Vec<usize>> {
        let ends: Vec<Xy> = arms.iter().map(|arm| self.end(arm)).collect();
        order(arms, &ends).into_iter().map(|place| vec![place]).collect()
    }

    /// The label of each curve from this place on: a mark as on the curve, and the names of its arms. Gives where they
    /// end.
    fn labels_of_groups(
        &self,
        canvas: &mut Canvas<'_>,
        arms: &[Curve],
        groups: &[Vec<usize>],
        (left, mut top): Xy,
    ) -> f64 {
        for group in groups {
            let (arm, look) = (&arms[group[0]], Look::of(group[0]));
            let lines = lines(&names(arms, group));
            let middle = top + LINE / 2.0;
            canvas.path(&[(left, middle), (left + 36.0, middle)], look.colour, 2.25, look.dash);
            mark(canvas, (left + 18.0, middle), look);
            for (number, line) in lines.iter().enumerate() {
                let baseline = top + 13.0 + LINE * number as f64;
                canvas.text(line, (left + 44.0, baseline), NAME, Anchor::Start);
            }
            let below = top + 12.0 + LINE * lines.len() as f64;
            canvas.text(&note(arm), (left + 44.0, below), NOTE, Anchor::Start);
            top += height_of(&lines);
        }
        top
    }

    /// Where an arm's curve ends.
    fn end(&self, arm: &Curve) -> Xy {
        arm.points
            .last()
            .map_or((self.area.right, self.y(0.0)), |point| (self.scale.at(point.ms), self.y(point.told)))
    }
}

fn names<'a>(arms: &'a [Curve], group: &[usize]) -> Vec<&'a str> {
    group.iter().map(|place| arms[*place].label.as_str()).collect()
}

/// The height of a label with these lines of names and a note.
fn height_of(lines: &[String]) -> f64 {
    LINE * (lines.len() + 1) as f64 + 10.0
}

/// The arms from the highest label to the lowest: by where their curves end, or by what was told soon where
/// these ends fall together, so that the better one stands above.
fn order(arms: &[Curve], ends: &[Xy]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..arms.len()).collect();
    order.sort_by(|&a, &b| ends[a].1.total_cmp(&ends[b].1));
    let told = |arm: usize| arms[arm].told.map_or(-1.0, |told| told.share);
    for together in order.chunk_by_mut(|&a, &b| ends[b].1 - ends[a].1 < TOGETHER) {
        together.sort_by(|&a, &b| told(b).total_cmp(&told(a)));
    }
    order
}

/// The height of a path that runs to the right, at `x`: the later one where it rises there.
fn height_at(places: &[Xy], x: f64) -> Option<f64> {
    let after = places.partition_point(|place| place.0 <= x);
    let before = *places.get(after.checked_sub(1)?)?;
    let Some(next) = places.get(after) else { return Some(before.1) };
    Some(before.1 + (x - before.0) / (next.0 - before.0) * (next.1 - before.1))
}

/// What stands below an arm's name.
fn note(arm: &Curve) -> String {
    let Some(Told { ms, share: told }) = arm.told else { return "no mail".into() };
    let median = arm.median.map_or(NOT_REACHED.into(), |ms| short_duration(Span::from_ms(ms)));
    format!("{} in {}, median {median}", share(Some(told)), short_duration(Span::from_ms(ms)))
}

/// The points of a curve that its table lists: as many as are read, the last one always among them.
fn read(points: &[Point]) -> impl Iterator<Item = &Point> {
    let every = points.len().div_ceil(ROWS).max(1);
    let last = points.len().saturating_sub(1);
    let listed = move |(place, _): &(usize, &Point)| (last - place).is_multiple_of(every);
    points.iter().enumerate().filter(listed).map(|(_, point)| point)
}

/// The target in words.
fn wish(target: Target) -> String {
    let within = short_duration(Span::from_ms(target.ms));
    format!("target: {} % within {within}", trimmed(target.share * 100.0, 2))
}
