//! Small curves side by side, on the same axes: how soon the mail of each part of a fleet is told, before the
//! curve of all of it.

use super::canvas::{Anchor, Canvas, GRID, MUTED, Xy};
use super::frame::{Area, Draw};
use super::look::{Look, NAME, NOTE};
use super::scale::TimeScale;
use super::{Cells, Heading};
use crate::analysis::survival::Point;
use crate::report::human::{share, short_duration};
use crate::report::labels::abridged;
use crate::time::Span;
use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Multiples {
    /// What stands above it.
    pub heading: Heading,
    /// The curve of all, which stands behind each.
    pub all: Vec<Point>,
    /// The parts, in order.
    pub panels: Vec<Small>,
}

/// A curve of a part.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Small {
    /// The name of the part.
    pub label: String,
    /// What is said of it below its name.
    pub note: String,
    /// The share told within each time, in order of time.
    pub points: Vec<Point>,
}

/// Panels beside each other, the left edge of the first, and how wide each is.
const ACROSS: (usize, f64, f64) = (3, 72.0, 262.0);
const NARROW: (usize, f64, f64) = (1, 52.0, 334.0);
/// Rows of a curve in the chart's table.
const ROWS: usize = 12;

const STEP: f64 = 298.0;
const TOP: f64 = 128.0;
const HIGH: f64 = 120.0;
/// From the top of a row of panels to that of the next: names above, the axis below.
const DOWN: f64 = 206.0;
const FOOT: f64 = 52.0;

impl Draw for Multiples {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let (across, left, wide) = canvas.sheet.pick(ACROSS, NARROW);
        let areas = (0..self.panels.len().max(1)).map(|place| {
            let left = left + STEP * (place % across) as f64;
            let top = TOP + DOWN * (place / across) as f64;
            Area { left, right: left + wide, top, bottom: top + HIGH }
        });
        let areas: Vec<Area> = areas.collect();
        for (place, (area, panel)) in areas.iter().zip(&self.panels).enumerate() {
            let scale = self.scale(*area);
            axes(canvas, *area, scale, place % across == 0);
            curve(canvas, *area, scale, &self.all, (MUTED, 1.25));
            curve(canvas, *area, scale, &panel.points, (Look::of(0).colour, 2.25));
            canvas.text(&abridged(&panel.label, 34), (area.left, area.top - 26.0), NAME, Anchor::Start);
            canvas.text(&panel.note, (area.left, area.top - 10.0), NOTE, Anchor::Start);
        }
        if self.panels.is_empty() {
            areas[0].nothing(canvas);
        }
        areas[areas.len() - 1].bottom + FOOT
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        self.panels.iter().map(|panel| format!("{}: {}", panel.label, panel.note)).collect()
    }

    /// Some points of each curve.
    fn cells(&self) -> Cells {
        let rows = self.panels.iter().flat_map(|panel| {
            let every = panel.points.len().div_ceil(ROWS).max(1);
            let last = panel.points.len().saturating_sub(1);
            let read = panel.points.iter().enumerate();
            let read = read.filter(move |(place, _)| (last - place).is_multiple_of(every));
            read.map(|(_, point)| {
                let within = short_duration(Span::from_ms(point.ms));
                vec![panel.label.clone(), within, share(Some(point.told))]
            })
        });
        Cells::of(["part", "within", "told"], rows)
    }
}

impl Multiples {
    /// The same scale in every panel.
    fn scale(&self, area: Area) -> TimeScale {
        let curves = self.panels.iter().map(|panel| &panel.points).chain([&self.all]);
        TimeScale::showing(curves.flatten().map(|point| point.ms), area.left, area.right)
    }
}

fn height(area: Area, told: f64) -> f64 {
    area.bottom - told.clamp(0.0, 1.0) * (area.bottom - area.top)
}

fn axes(canvas: &mut Canvas<'_>, area: Area, scale: TimeScale, is_first: bool) {
    for percent in [0, 50, 100] {
        let (y, colour) = (height(area, f64::from(percent) / 100.0), if percent == 0 { MUTED } else { GRID });
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

/// A step curve: each height is held until the next point.
fn curve(canvas: &mut Canvas<'_>, area: Area, scale: TimeScale, points: &[Point], look: (RGBColor, f64)) {
    let mut last = height(area, 0.0);
    let mut places: Vec<Xy> = vec![(area.left, last)];
    for point in points {
        let (x, y) = (scale.at(point.ms), height(area, point.told));
        places.extend([(x, last), (x, y)]);
        last = y;
    }
    places.dedup();
    canvas.path(&places, look.0, look.1, &[]);
}
