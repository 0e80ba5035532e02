//! The chart of an adoption: which share of the devices has what was published, and when.

use super::canvas::Canvas;
use super::frame::Draw;
use super::latency::{Curve, Latency};
use super::{Cells, Heading};
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Adoption {
    /// What stands above it.
    pub heading: Heading,
    /// A curve for each change and each stage of it.
    pub curves: Vec<Curve>,
}

impl Adoption {
    /// It is drawn as latency is: a change is told to a device as mail is to a user.
    fn drawn(&self) -> Latency {
        Latency { heading: self.heading.clone(), arms: self.curves.clone(), target: None }
    }
}

impl Draw for Adoption {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        self.drawn().inside_with(canvas, ["Devices", "Time since it was published, logarithmic"])
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        self.drawn().words()
    }

    fn cells(&self) -> Cells {
        let mut cells = self.drawn().cells();
        cells.columns[0] = "change".into();
        cells.columns[2] = "devices".into();
        cells
    }
}
