//! What a baseline's settings come to today, and what is different from it. A change has two halves: that of the
//! settings, which this version can tell on the same devices, and that of the program, which only the record tells.

use super::Session;
use super::baseline::{Baseline, config_changes};
use super::outcome::Changed;
use crate::divergence::{Divergence, first_device};
use crate::engine::Engine;
use crate::figure::Sample;
use crate::record::Prints;
use crate::scenario::{self, Scenario, SourceText, differing};

/// Devices whose lives are compared before it is said that none was found to part.
const MOST_REPLAYED: u32 = 16;

/// The settings of a baseline beside those that are tested.
pub(super) enum Settings {
    /// They are the same, or nothing is compared with them.
    Same,
    /// They are others: with the seed and the devices of what is tested.
    Old(Box<Scenario>),
    /// They cannot be simulated beside it, for this reason.
    Lost(String),
}

impl Settings {
    /// Those of a session that promises something against its baseline.
    pub(super) fn of(session: &Session<'_>) -> Settings {
        let compares = session.expectations.iter().any(super::Expectation::versus_baseline);
        let Some(baseline) = session.baseline.filter(|_| compares && !session.updates) else {
            return Settings::Same;
        };
        let new = session.scenario;
        let sets = [format!("seed={}", new.seed), format!("devices={}", new.devices)];
        let Some(old) = scenario_of(baseline, &sets) else {
            return Settings::Lost("the baseline does not hold all of its settings".into());
        };
        if config_changes(old.config(), new.config()).is_empty() {
            return Settings::Same;
        }
        match differing(&old, new) {
            Some(differing) => Settings::Lost(differing.words("the baseline", &new.name).0),
            None => Settings::Old(Box::new(old)),
        }
    }

    /// The scenario that is to be simulated beside it.
    pub(super) fn scenario(&self) -> Option<&Scenario> {
        if let Settings::Old(old) = self { Some(old) } else { None }
    }
}

impl Session<'_> {
    /// What is different from the baseline, if anything is.
    pub(super) fn changed(
        &self,
        settings: &Settings,
        compared: &Sample,
        prints: &Prints,
        is_whole: bool,
    ) -> Option<Changed> {
        let baseline = self.baseline.filter(|baseline| baseline.prints() != *prints)?;
        let old = scenario_of(baseline, &[]);
        // Keys that came later have their defaults; what cannot be read as a scenario is as it is written.
        let written = || baseline.config().parse().unwrap_or_default();
        let keys =
            config_changes(old.as_ref().map_or_else(written, Scenario::config), self.scenario.config());
        let lost = if let Settings::Lost(why) = settings { Some(why.clone()) } else { None };
        let fewer = Some(baseline.devices()).filter(|all| *all > compared.all_devices());
        let is_told = |key: &String| is_whole && fewer.is_none() || !key.starts_with("devices ");
        Some(Changed {
            figures: baseline.changes(compared),
            keys: keys.into_iter().filter(is_told).collect(),
            fewer,
            lost,
            divergence: old.and_then(|old| divergence(&old, self.scenario)),
            version: baseline.version().into(),
        })
    }
}

/// The scenario of a baseline, as far as its configuration holds it: real input is not kept.
pub(super) fn scenario_of(baseline: &Baseline, sets: &[String]) -> Option<Scenario> {
    let source = SourceText { label: "baseline".into(), text: baseline.config().into() };
    scenario::read(source, sets, &mut |_, _| Err("a baseline stands alone".into())).ok()
}

/// Where the lives of the first device that differs part, old against new.
fn divergence(old: &Scenario, new: &Scenario) -> Option<Divergence> {
    let traces = new.fleet.groups.iter().any(|group| !group.traces.is_empty());
    let same = traces || old.file_config() == new.file_config();
    let devices = MOST_REPLAYED.min(old.devices).min(new.devices);
    (!same).then(|| first_device(devices, [(old, Engine::Fast), (new, Engine::Fast)])).flatten()
}
