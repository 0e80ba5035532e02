//! The chart of what users hear of: which share of the mail is signalled or told within which time.

use super::canvas::Canvas;
use super::frame::Draw;
use super::latency::{Curve, Latency};
use super::{Cells, Heading};
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Signalled {
    /// What stands above it.
    pub heading: Heading,
    /// A curve for each arm.
    pub arms: Vec<Curve>,
}

impl Signalled {
    /// It is drawn as latency is.
    fn drawn(&self) -> Latency {
        Latency { heading: self.heading.clone(), arms: self.arms.clone(), target: None }
    }
}

impl Draw for Signalled {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        self.drawn().inside_with(canvas, ["Mail heard of", "Time since the mail arrived, logarithmic"])
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        self.drawn().words()
    }

    fn cells(&self) -> Cells {
        let mut cells = self.drawn().cells();
        cells.columns[2] = "heard of".into();
        cells
    }
}
