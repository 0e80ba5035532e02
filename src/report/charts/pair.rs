//! Two numbers of a calibration: how implausible the least implausible place of each cell is, and how many places of it
//! were kept.

use super::canvas::{Anchor, Canvas, Xy};
use super::frame::Draw;
use super::heat::{Reading, Shading, Steps, Tile, bar};
use super::look::{NAME, NOTE};
use super::ticks::drawable;
use super::{Cells, Heading};
use crate::report::human::{share, trimmed};
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Pair {
    /// What stands above it.
    pub heading: Heading,
    /// The number from left to right, and the ends of its range.
    pub across: String,
    /// Those ends.
    pub across_ends: [String; 2],
    /// The number from bottom to top.
    pub down: String,
    /// The ends of its range.
    pub down_ends: [String; 2],
    /// Cells each way.
    pub size: usize,
    /// What is more implausible is ruled out.
    pub cut: f64,
    /// Of each cell, row by row from the low end on, how implausible its least implausible place is; nothing of one where
    /// nothing was tried.
    pub least: Vec<Option<f64>>,
    /// The part of the places of the first wave that were kept.
    pub depth: Vec<Option<f64>>,
}

const TOP: f64 = 128.0;
const SIDE: f64 = 288.0;
const LEFT: [f64; 2] = [72.0, 480.0];
const FOOT: f64 = 68.0;
/// The colours go to so many times the cut: what lies beyond is ruled out anyway.
const BEYOND: f64 = 2.0;

impl Draw for Pair {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let implausible = Shading { low: 0.0, high: self.cut * BEYOND, steps: Steps::Even };
        let kept = Shading { low: 0.0, high: 1.0, steps: Steps::Even };
        let cut = trimmed(self.cut, 1);
        let marks = [(0.0, "0".into()), (self.cut, cut), (implausible.high, "more".into())];
        self.panel(
            canvas,
            LEFT[0],
            "Least implausibility",
            Panel { values: &self.least, scale: &implausible, marks: &marks },
        );
        let marks = [(0.0, "0 %".into()), (0.5, "50 %".into()), (1.0, "100 %".into())];
        self.panel(
            canvas,
            LEFT[1],
            "Part that was kept",
            Panel { values: &self.depth, scale: &kept, marks: &marks },
        );
        TOP + SIDE + FOOT
    }

    fn words(&self) -> Vec<String> {
        let known = self.least.iter().flatten().filter(|least| drawable(**least));
        let within = known.clone().filter(|least| **least <= self.cut).count();
        vec![format!(
            "{} and {}: of {} cells in which something was tried, {within} have a place that is not ruled out",
            self.across,
            self.down,
            known.count()
        )]
    }

    /// The cells.
    fn cells(&self) -> Cells {
        let row = |place: usize| {
            let number = |list: &[Option<f64>]| list.get(place).copied().flatten().filter(|n| drawable(*n));
            let least = number(&self.least).map_or(String::new(), |least| trimmed(least, 2));
            let depth = number(&self.depth).map_or(String::new(), |depth| share(Some(depth)));
            vec![(place % self.size + 1).to_string(), (place / self.size + 1).to_string(), least, depth]
        };
        let columns = [&*self.across, &*self.down, "least implausibility", "kept of the first wave"];
        Cells::of(columns, (0..self.count()).map(row))
    }
}

/// What one of the two pictures shows: a value of each cell, how it is shaded, and what stands beside the scale.
struct Panel<'a> {
    values: &'a [Option<f64>],
    scale: &'a Shading,
    marks: &'a [(f64, String)],
}

impl Pair {
    /// Cells that there can be.
    fn count(&self) -> usize {
        self.size.saturating_mul(self.size).min(self.least.len().max(self.depth.len()))
    }

    fn panel(
        &self,
        canvas: &mut Canvas<'_>,
        left: f64,
        name: &str,
        Panel { values, scale, marks }: Panel<'_>,
    ) {
        let side = SIDE / self.size.max(1) as f64;
        canvas.text(name, (left, TOP - 12.0), NAME, Anchor::Start);
        for (place, value) in values.iter().enumerate().take(self.count()) {
            let (row, column) = (place / self.size, place % self.size);
            let corner: Xy = (left + side * column as f64, TOP + SIDE - side * (row + 1) as f64);
            let reading = value.map_or(Reading::Nothing, Reading::Value);
            Tile { corner, size: (side, side) }.draw(canvas, reading, scale, [""; 2]);
        }
        bar(canvas, scale, (left + SIDE + 12.0, TOP), TOP + SIDE, marks);
        let bottom = TOP + SIDE + 18.0;
        canvas.text(&self.across_ends[0], (left, bottom), NOTE, Anchor::Start);
        canvas.text(&self.across_ends[1], (left + SIDE, bottom), NOTE, Anchor::End);
        canvas.text(&self.across, (left, bottom + 20.0), NOTE, Anchor::Start);
        let upwards = format!("upwards: {}, {} to {}", self.down, self.down_ends[0], self.down_ends[1]);
        canvas.text(&upwards, (left, bottom + 38.0), NOTE, Anchor::Start);
    }
}
