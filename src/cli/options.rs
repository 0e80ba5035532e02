//! Options that every verb that simulates takes.

use super::Fault;
use crate::engine::Engine;
use crate::scenario::{self, Scenario};

/// Which scenario, and what is different this time.
#[derive(clap::Args, Clone)]
pub(crate) struct ScenarioOptions {
    /// A scenario file, or the name of a bundled scenario.
    pub scenario: String,
    /// Simulate this many devices.
    #[arg(long, value_name = "N")]
    pub devices: Option<u32>,
    /// Use this seed.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Change a key, such as policy.auto_lock=30s; may be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
}

impl ScenarioOptions {
    /// Reads the scenario with everything that is different applied.
    pub(crate) fn load(&self) -> Result<Scenario, Fault> {
        let mut sets = self.sets.clone();
        sets.extend(self.devices.map(|devices| format!("devices={devices}")));
        sets.extend(self.seed.map(|seed| format!("seed={seed}")));
        Ok(scenario::load(&self.scenario, &sets)?)
    }

    /// The command that simulates the same, without what cannot change a result.
    pub(crate) fn canonical(&self, verb: &str) -> String {
        let mut words = vec!["bgsim".to_string(), verb.to_string(), quoted(&self.scenario)];
        words.extend(self.sets.iter().flat_map(|set| ["--set".to_string(), quoted(set)]));
        words.extend(self.devices.iter().flat_map(|n| ["--devices".to_string(), n.to_string()]));
        words.extend(self.seed.iter().flat_map(|n| ["--seed".to_string(), n.to_string()]));
        words.join(" ")
    }
}

/// How the machine is used; nothing here changes a result.
#[derive(clap::Args, Clone)]
pub(crate) struct MachineOptions {
    /// Threads that simulate; by default one per core.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Which calendar drives the simulation; both give the same results.
    #[arg(long, value_enum, default_value = "fast")]
    pub engine: Engine,
}

impl MachineOptions {
    pub(crate) fn jobs(&self) -> Result<usize, Fault> {
        match self.jobs {
            Some(0) => Err("`--jobs 0` leaves nobody to simulate; use 1 or more".into()),
            Some(jobs) => Ok(jobs.min(1024)),
            None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        }
    }
}

/// A word as a shell takes it.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
