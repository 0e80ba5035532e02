//! Small curves side by side, on the same axes: how soon the mail of each part of a fleet is told, with a curve for
//! each arm; or with one arm, before the curve of all of it.

use super::canvas::{Anchor, Canvas, GRID, MUTED, Sheet};
use super::frame::{Area, Draw, MARGIN, NARROW_MARGIN};
use super::look::{Look, NAME, NOTE, mark_of};
use super::scale::TimeScale;
use super::steps::{band, height, steps};
use super::{Cells, Heading};
use crate::analysis::survival::Point;
use crate::report::human::{listed, share, short_duration};
use crate::report::labels::{abridged, letters};
use crate::report::wrap::within;
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Multiples {
    /// What stands above it.
    pub heading: Heading,
    /// The arms in the order of their curves, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<String>,
    /// With one arm the curve of all, which stands behind each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Point>,
    /// The parts, in order.
    pub panels: Vec<Small>,
    /// Parts for which there is no room, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Whether the ends of points are those of a band of devices.
    #[serde(default)]
    pub has_bands: bool,
}

/// The curves of a part.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Small {
    /// The name of the part.
    pub label: String,
    /// How many it is.
    #[serde(default)]
    pub size: String,
    /// What is said of it below its name.
    pub note: String,
    /// The share told within each time, in order of time; of the first arm.
    pub points: Vec<Point>,
    /// The same of each other arm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Vec<Point>>,
}

/// How panels stand on a sheet.
struct Layout {
    across: usize,
    left: f64,
    /// From the left edge of a panel to that of the next.
    step: f64,
    /// The size of the area of its curves.
    wide: f64,
    high: f64,
    /// From one height on, how much is written above it: a line each, and the lines of its note.
    above: f64,
    /// Letters of a line of its note.
    in_a_line: usize,
}

/// The baseline of the line that follows the heading.
const BEGIN: f64 = 92.0;
const LINE: f64 = 16.0;
/// Between names and curves, and from curves to the names of the next row.
const GAP: f64 = 10.0;
const BELOW: f64 = 46.0;
/// Of a line of the legend.
const LEGEND: f64 = 20.0;
/// The line and mark of an arm in it, and the room between two arms.
const SIGN: f64 = 30.0;
const APART: f64 = 22.0;
/// Room for a letter of a note, and of a name in the widest of the fonts that may stand in.
const OF_NOTE: f64 = 6.2;
const OF_NAME: f64 = 8.8;
/// Letters of an arm's name that the legend shows.
const MOST_LETTERS: usize = 42;
const MARK: f64 = 3.5;
/// Rows of a curve in the chart's table.
const ROWS: usize = 12;
/// Parts without a picture that are named in it, before the others are only counted.
const NAMED: usize = 24;

impl Draw for Multiples {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let layout = self.layout(canvas.sheet);
        let top = self.legend(canvas) + layout.above;
        let down = layout.high + BELOW + layout.above;
        let place_of = |place: usize| {
            let left = layout.left + layout.step * (place % layout.across) as f64;
            let top = top + down * (place / layout.across) as f64;
            Area { left, right: left + layout.wide, top, bottom: top + layout.high }
        };
        for (place, panel) in self.panels.iter().enumerate() {
            let area = place_of(place);
            self.panel(canvas, area, panel, place.is_multiple_of(layout.across));
            heading(canvas, area, panel, &layout);
        }
        if self.panels.is_empty() {
            place_of(0).nothing(canvas);
        }
        let mut bottom = place_of(self.panels.len().saturating_sub(1)).bottom + BELOW - 10.0;
        let most = canvas.sheet.pick(140, 58);
        for line in self.unseen().iter().flat_map(|said| within(said, most)) {
            bottom += LINE;
            canvas.text(&line, (canvas.sheet.pick(MARGIN, NARROW_MARGIN), bottom - 6.0), NOTE, Anchor::Start);
        }
        bottom
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let said = |panel: &Small| match panel.size.as_str() {
            "" => format!("{}: {}", panel.label, panel.note),
            size => format!("{} ({size}): {}", panel.label, panel.note),
        };
        let arms = (!self.arms.is_empty()).then(|| format!("A curve each for {}", listed(&self.arms)));
        arms.into_iter().chain(self.panels.iter().map(said)).chain(self.unseen()).collect()
    }

    /// Some points of each curve.
    fn cells(&self) -> Cells {
        let has_bands = self.panels.iter().any(|panel| self.has_band(panel.curves()));
        let row = |panel: &Small, arm: usize, point: &Point| {
            let within = short_duration(Span::from_ms(point.ms));
            let of = self.arms.get(arm).cloned();
            let ends = [point.low, point.high].map(|end| match point.low < point.high {
                true => share(Some(end)),
                false => String::new(),
            });
            let told = [within, share(Some(point.told))];
            let ends = ends.into_iter().filter(|_| has_bands);
            std::iter::once(panel.label.clone()).chain(of).chain(told).chain(ends).collect()
        };
        let rows = self.panels.iter().flat_map(|panel| {
            let curves = panel.curves().enumerate();
            curves.flat_map(move |(arm, points)| {
                let every = points.len().div_ceil(ROWS).max(1);
                let last = points.len().saturating_sub(1);
                let read = points.iter().enumerate();
                let read = read.filter(move |(place, _)| (last - place).is_multiple_of(every));
                read.map(move |(_, point)| row(panel, arm, point))
            })
        });
        let columns = ["part", "arm", "within", "told", "95 % band from", "to"];
        let is_there = |column: &&str| match *column {
            "arm" => !self.arms.is_empty(),
            "95 % band from" | "to" => has_bands,
            _ => true,
        };
        let columns = columns.iter().filter(|column| is_there(column));
        Cells { columns: columns.map(|column| column.to_string()).collect(), rows: rows.collect() }
    }
}

impl Small {
    /// Arm by arm.
    fn curves(&self) -> impl Iterator<Item = &[Point]> + Clone {
        std::iter::once(self.points.as_slice()).chain(self.others.iter().map(Vec::as_slice))
    }
}

impl Multiples {
    fn layout(&self, sheet: Sheet) -> Layout {
        let many = self.panels.len();
        let (across, left, step, wide, high, in_a_line) = match sheet {
            // Rows are full where that can be.
            Sheet::Wide if matches!(many, 1 | 2 | 4) => (2, 72.0, 446.0, 410.0, 130.0, usize::MAX),
            Sheet::Wide => (3, 72.0, 298.0, 262.0, 120.0, usize::MAX),
            Sheet::Narrow if many == 1 => (1, 48.0, 340.0, 340.0, 120.0, 54),
            Sheet::Narrow => (2, 48.0, 181.0, 159.0, 100.0, 25),
        };
        let lines = self.panels.iter().map(|panel| sheet.pick(1, 2 + lines(&panel.note, in_a_line).len()));
        let above = LINE * lines.max().unwrap_or(1) as f64 + GAP;
        Layout { across, left, step, wide, high, above, in_a_line }
    }

    /// The arms in lines, and the baseline of what stands below them.
    fn legend(&self, canvas: &mut Canvas<'_>) -> f64 {
        let margin = canvas.sheet.pick(MARGIN, NARROW_MARGIN);
        let (mut left, mut baseline) = (margin, BEGIN);
        for (place, arm) in self.arms.iter().enumerate() {
            let (look, arm) = (Look::of(place), abridged(arm, MOST_LETTERS));
            let takes = SIGN + 8.0 + letters(&arm) as f64 * OF_NAME;
            let is_first = left == margin;
            if !is_first && left + takes > canvas.sheet.width() - margin {
                (left, baseline) = (margin, baseline + LEGEND);
            }
            let middle = baseline - 4.0;
            canvas.path(&[(left, middle), (left + SIGN, middle)], look.colour, 2.25, look.dash);
            mark_of(canvas, (left + SIGN / 2.0, middle), look, 4.0);
            canvas.text(&arm, (left + SIGN + 8.0, baseline), NAME, Anchor::Start);
            left += takes + APART;
        }
        if self.arms.is_empty() { BEGIN + GAP } else { baseline + LEGEND + GAP }
    }

    /// The curves of a part.
    fn panel(&self, canvas: &mut Canvas<'_>, area: Area, panel: &Small, is_first: bool) {
        let scale = self.scale(area);
        axes(canvas, area, scale, is_first);
        if panel.curves().all(<[Point]>::is_empty) {
            return area.nothing(canvas);
        }
        if self.has_band(panel.curves()) {
            for (arm, points) in panel.curves().enumerate().filter(|(_, points)| !points.is_empty()) {
                band(canvas, points, (area, scale), Look::of(arm));
            }
        }
        let curve = |points: &[Point]| steps(points, area, scale, |point| point.told);
        if !self.all.is_empty() {
            canvas.path(&curve(&self.all), MUTED, 1.25, &[]);
        }
        for (arm, points) in panel.curves().enumerate().filter(|(_, points)| !points.is_empty()) {
            let look = Look::of(arm);
            canvas.path(&curve(points), look.colour, 2.0, look.dash);
        }
        for (arm, points) in panel.curves().enumerate() {
            if let Some(median) = points.iter().find(|point| point.told >= 0.5) {
                mark_of(canvas, (scale.at(median.ms), height(area, 0.5)), Look::of(arm), MARK);
            }
        }
    }

    fn has_band<'a>(&self, mut curves: impl Iterator<Item = &'a [Point]>) -> bool {
        self.has_bands && curves.any(|points| points.iter().any(|point| point.low < point.high))
    }

    /// The same scale in every panel.
    fn scale(&self, area: Area) -> TimeScale {
        let curves = self
            .panels
            .iter()
            .flat_map(|panel| std::iter::once(&panel.points).chain(&panel.others))
            .chain([&self.all]);
        TimeScale::showing(curves.flatten().map(|point| point.ms), area.left, area.right)
    }

    /// Whom it does not show.
    fn unseen(&self) -> Option<String> {
        let (named, more) = self.left_out.split_at(self.left_out.len().min(NAMED));
        let more = (!more.is_empty()).then(|| format!("{} more", more.len()));
        let named: Vec<String> = named.iter().map(|part| abridged(part, 48)).chain(more).collect();
        (!named.is_empty()).then(|| format!("Without a picture here: {}", listed(&named)))
    }
}

/// What is said of a part, in lines that fit above it.
fn lines(note: &str, most: usize) -> Vec<String> {
    if note.is_empty() { Vec::new() } else { within(note, most) }
}

/// The name of a part, how many it is, and what is said of it: on a wide sheet in two lines, else below each other.
fn heading(canvas: &mut Canvas<'_>, area: Area, panel: &Small, layout: &Layout) {
    let lines = lines(&panel.note, layout.in_a_line);
    let room = area.right - area.left;
    match canvas.sheet {
        Sheet::Wide => {
            let taken = letters(&panel.size) as f64 * OF_NOTE + GAP;
            let most = ((room - taken) / OF_NAME) as usize;
            let baseline = area.top - GAP - LINE;
            canvas.text(&abridged(&panel.label, most.max(4)), (area.left, baseline), NAME, Anchor::Start);
            canvas.text(&panel.size, (area.right, baseline), NOTE, Anchor::End);
            for line in lines {
                canvas.text(&line, (area.left, area.top - GAP), NOTE, Anchor::Start);
            }
        }
        Sheet::Narrow => {
            let name = abridged(&panel.label, (room / OF_NAME) as usize);
            let mut baseline = area.top - layout.above + LINE - GAP / 2.0;
            canvas.text(&name, (area.left, baseline), NAME, Anchor::Start);
            for line in std::iter::once(panel.size.clone()).chain(lines) {
                baseline += LINE;
                canvas.text(&line, (area.left, baseline), NOTE, Anchor::Start);
            }
        }
    }
}

fn axes(canvas: &mut Canvas<'_>, area: Area, scale: TimeScale, is_first: bool) {
    for percent in [0, 50, 100] {
        let colour = if percent == 0 { MUTED } else { GRID };
        let y = height(area, f64::from(percent) / 100.0);
        canvas.line((area.left, y), (area.right, y), colour, 1.0);
        if is_first {
            area.beside(canvas, &format!("{percent} %"), y);
        }
    }
    for (name, x) in scale.ticks(46.0) {
        area.tick(canvas, x);
        area.below(canvas, name, x);
    }
}
