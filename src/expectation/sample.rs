//! Figures of some devices with what an interval is worked out from.

use super::quantity::Quantity;
use crate::analysis::jackknife::{Interval, Replicates, interval};
use crate::record::{Figures, Tally};
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

    /// A quantity without one group, or of all. Counts are scaled to all devices.
    pub fn value(&self, quantity: &Quantity, left_out: Option<usize>) -> Option<f64> {
        let all = self.all_devices();
        let left = left_out.map_or(all, |group| all - self.devices[group]);
        quantity.value(self.replicates.get(left_out), all as f64 / left as f64)
    }

    /// The interval of a quantity; none can be negative, and a share cannot exceed 1.
    pub fn interval(&self, quantity: &Quantity) -> Option<Interval> {
        let found = interval(self.devices.len(), |left_out| self.value(quantity, left_out));
        let share = quantity.unit() == super::Unit::Share;
        found.map(|found| found.clamp(0.0, if share { 1.0 } else { f64::MAX }))
    }
}
