//! What was simulated of a scenario, at every number of devices at which somebody looks at it.

use super::Watched;
use super::trial::{Asked, Trial};
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::time::Duration;

/// A scenario that is simulated for itself and for those that compare with it.
pub(super) struct Run {
    /// The scenario with as many devices as are simulated by now.
    reached: Scenario,
    watched: Watched,
    /// What became of the first so many devices.
    looks: BTreeMap<u32, Trial>,
}

impl Run {
    pub(super) fn of(scenario: &Scenario, watched: Watched) -> Run {
        Run { reached: scenario.clone(), watched, looks: BTreeMap::new() }
    }

    /// How many devices were simulated.
    pub(super) fn finished(&self) -> u32 {
        self.looks.last_key_value().map_or(0, |(finished, _)| *finished)
    }

    /// How long all of them took.
    pub(super) fn busy(&self) -> Duration {
        self.looks.last_key_value().map_or(Duration::ZERO, |(_, trial)| trial.busy)
    }

    /// The first so many devices, where they were looked at.
    pub(super) fn at(&self, devices: u32) -> Option<&Trial> {
        self.looks.get(&devices)
    }

    /// Makes devices up to so many quick to find.
    pub(super) fn reach(&mut self, devices: u32) {
        self.reached.fleet.mark(devices);
    }

    /// What is to be simulated up to so many devices.
    pub(super) fn asks(&self, until: u32) -> Asked<'_> {
        (&self.reached, self.finished()..until, &self.watched)
    }

    /// Takes what was simulated.
    pub(super) fn take(&mut self, more: &Trial) {
        let last = self.looks.last_key_value().map(|(_, trial)| trial.clone());
        let mut sum = last.unwrap_or_else(|| Trial::none(self.watched.laws.len()));
        sum.add(more);
        self.looks.insert(sum.finished, sum);
    }

    /// Lets go of what nobody will look at any more: all that is of fewer devices, but for the latest.
    pub(super) fn forget_below(&mut self, devices: u32) {
        let latest = self.finished();
        self.looks.retain(|looked, _| *looked >= devices || *looked == latest);
    }
}
