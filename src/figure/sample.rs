//! Figures of some devices with what an interval is worked out from.

use super::{Figure, Figures, Unit};
use crate::analysis::jackknife::{Interval, Replicates, interval};
use crate::record::Tally;
use crate::scenario::Scenario;

/// Figures of all groups and of all but each.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The figures.
    pub replicates: Replicates<Figures>,
    /// Devices in each group; no group is empty.
    pub devices: Vec<u64>,
}

impl Sample {
    /// The figures of these groups.
    pub fn of(groups: &[Tally], scenario: &Scenario) -> Sample {
        let groups: Vec<Tally> = groups.iter().filter(|group| group.counts.devices > 0).cloned().collect();
        Sample {
            replicates: Replicates::of(&groups, |tally| Figures::of(tally, scenario)),
            devices: groups.iter().map(|group| group.counts.devices).collect(),
        }
    }

    /// How many devices.
    pub fn all_devices(&self) -> u64 {
        self.devices.iter().sum()
    }

    /// A figure of all devices.
    pub fn value(&self, figure: Figure) -> Option<f64> {
        self.replicates.all.value(figure)
    }

    /// A figure without one group, or of all. Counts are scaled to all devices, so that they can be compared.
    pub fn without(&self, figure: Figure, left_out: Option<usize>) -> Option<f64> {
        let value = self.replicates.get(left_out).value(figure)?;
        let all = self.all_devices();
        let left = left_out.map_or(all, |group| all - self.devices[group]);
        Some(if figure.unit() == Unit::Count { value * (all as f64 / left as f64) } else { value })
    }

    /// The interval of a figure; none can be negative, a share cannot exceed 1, and a day has 24 hours.
    pub fn interval(&self, figure: Figure) -> Option<Interval> {
        let found = interval(self.devices.len(), |left_out| self.without(figure, left_out));
        found.map(|found| found.clamp(0.0, figure.unit().most()))
    }

    /// The interval of a share. What makes all counts of a device large leaves it alone.
    pub fn share_interval(&self, part: Figure, whole: Figure) -> Option<Interval> {
        let found = self.replicates.interval(|figures| figures.share(part, whole));
        found.map(|found| found.clamp(0.0, 1.0))
    }
}
