//! Figures of some devices with what an interval is worked out from.

use super::{Figure, Figures};
use crate::analysis::jackknife::{Interval, Replicates};
use crate::record::Parts;
use crate::scenario::Scenario;

/// Figures of all devices, and of all but each part.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The figures. Counts without a part stand for all devices, as its group's other parts stand for it.
    pub replicates: Replicates<Figures>,
}

impl Sample {
    /// The figures of all devices.
    pub fn of(parts: &Parts, scenario: &Scenario) -> Sample {
        Sample::chosen(parts, scenario, |_| true)
    }

    /// The figures of some groups.
    pub fn chosen(parts: &Parts, scenario: &Scenario, chosen: impl Fn(usize) -> bool) -> Sample {
        Sample { replicates: parts.replicates(chosen, |tally| Figures::of(tally, scenario)) }
    }

    /// How many devices.
    pub fn all_devices(&self) -> u64 {
        self.replicates.all.devices()
    }

    /// A figure of all devices.
    pub fn value(&self, figure: Figure) -> Option<f64> {
        self.without(figure, None)
    }

    /// A figure without one part, or of all.
    pub fn without(&self, figure: Figure, left_out: Option<usize>) -> Option<f64> {
        self.replicates.get(left_out).value(figure)
    }

    /// The interval of a figure; none can be negative, a share cannot exceed 1, and a day has 24 hours.
    pub fn interval(&self, figure: Figure) -> Option<Interval> {
        let found = self.replicates.interval(|figures| figures.value(figure));
        found.map(|found| found.clamp(0.0, figure.unit().most()))
    }

    /// The interval of a share. What makes all counts of a device large leaves it alone.
    pub fn share_interval(&self, part: Figure, whole: Figure) -> Option<Interval> {
        let found = self.replicates.interval(|figures| figures.share(part, whole));
        found.map(|found| found.clamp(0.0, 1.0))
    }
}
