//! Options that every verb that simulates takes.

use super::arms::tell_notes;
use super::pictures::Live;
use super::{Fault, inputs, note, suggest};
use crate::command::Command;
use crate::engine::Engine;
use crate::experiment::{Plan, check_length};
use crate::scenario::{self, Asked, Scenario};
use crate::shard::Shard;
use crate::slice::Dimension;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// What is different this time from what a scenario says.
#[derive(clap::Args, Clone)]
pub(crate) struct Changes {
    /// Simulate this many devices.
    #[arg(long, value_name = "N", value_parser = suggest::devices)]
    pub devices: Option<u32>,
    /// Use this seed.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub settings: Settings,
}

/// Keys that are different this time.
#[derive(clap::Args, Clone)]
pub(crate) struct Settings {
    /// Change a key, such as policy.auto_lock=30s; may be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = suggest::setting(), hide_possible_values = true)]
    pub sets: Vec<String>,
}

impl Settings {
    /// Reads a scenario, or an arm of it, with them applied, if one is named; its traces need not be there.
    pub(crate) fn load(
        &self,
        scenario: Option<&String>,
        arm: Option<&str>,
    ) -> Result<Option<Scenario>, Fault> {
        match scenario {
            None if !self.sets.is_empty() => {
                Err("`--set` changes a scenario; name one, or a bundled one such as email-plus".into())
            }
            None => Ok(None),
            Some(name) => {
                let asked = Asked { sets: &self.sets, arm, then: &[] };
                let scenario = scenario::load_without_traces(name, asked)?;
                tell_notes([&scenario]);
                Ok(Some(scenario))
            }
        }
    }
}

impl Changes {
    /// Reads a scenario with everything that is different applied, an arm of its own where one is meant, and `more`
    /// after it.
    pub(crate) fn load(&self, scenario: &str, arm: Option<&str>, more: &[String]) -> Result<Scenario, Fault> {
        let sets = self.as_sets();
        let asked = Asked { sets: &sets, arm, then: more };
        let scenario = scenario::load_from(scenario, asked, &mut inputs::Held)?;
        // A slip in what it promises is told by every verb, not only by the one that keeps promises.
        crate::expectation::read(&scenario)?;
        check_length(&scenario)?;
        Ok(scenario)
    }

    /// What is different, as values of `--set`.
    pub(crate) fn as_sets(&self) -> Vec<String> {
        let mut sets = self.settings.sets.clone();
        sets.extend(self.devices.map(|devices| format!("devices={devices}")));
        sets.extend(self.seed.map(|seed| format!("seed={seed}")));
        sets
    }

    /// Adds what is different to a command.
    pub(crate) fn to(&self, command: Command) -> Command {
        command.each("--set", &self.settings.sets).each("--devices", self.devices).each("--seed", self.seed)
    }
}

/// Which scenario, and what is different this time.
#[derive(clap::Args, Clone)]
pub(crate) struct ScenarioOptions {
    /// A scenario file, the name of a bundled scenario, or - for standard input.
    #[arg(add = suggest::scenarios())]
    scenario: String,
    /// An arm of the file, in place of its reference.
    #[arg(long, value_name = "NAME")]
    arm: Option<String>,
    #[command(flatten)]
    changes: Changes,
}

impl ScenarioOptions {
    /// Reads the scenario with everything that is different applied.
    pub(crate) fn load(&self) -> Result<Scenario, Fault> {
        self.load_with(&[])
    }

    /// Reads it with more changed.
    pub(crate) fn load_with(&self, more: &[String]) -> Result<Scenario, Fault> {
        self.changes.load(&self.scenario, self.arm.as_deref(), more)
    }

    /// The page in which its numbers are turned; devices and seed are the page's own.
    pub(crate) fn live(&self) -> Live<'_> {
        Live { scenario: &self.scenario, sets: self.changes.settings.sets.clone(), is_made: false }
    }

    /// The command that simulates the same.
    pub(crate) fn command(&self, verb: &str) -> Command {
        self.changes.to(Command::new(verb).words([&self.scenario]).each("--arm", &self.arm))
    }
}

/// What results are broken down by, beside group.
#[derive(clap::Args, Clone)]
pub(crate) struct ByOption {
    /// Break the results down: group (which the files always have), persona, ram, passcode, time_zone, day, week
    /// or event; several with commas between.
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', value_parser = one_of(Dimension::ALL.map(|by| (by.name(), by))))]
    pub by: Vec<Dimension>,
}

impl ByOption {
    pub(crate) fn to(&self, command: Command) -> Command {
        let names: Vec<&str> = self.by.iter().map(|by| by.name()).collect();
        command.each("--by", (!names.is_empty()).then(|| names.join(",")))
    }
}

/// Which part of the work is done here.
#[derive(clap::Args, Clone)]
pub(crate) struct ShardOption {
    /// Compute the I-th of N parts, on this machine or another, and keep it in the folder of --out for bgsim merge.
    #[arg(long, value_name = "I/N", requires = "out")]
    pub shard: Option<Shard>,
}

const ENGINES: [(&str, Engine); 2] = [("fast", Engine::Fast), ("reference", Engine::Reference)];

/// How the machine is used; nothing here changes a result.
#[derive(clap::Args, Clone)]
pub(crate) struct MachineOptions {
    /// Threads that simulate; by default one per core.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Which calendar drives the simulation; both give the same results.
    #[arg(long, value_parser = one_of(ENGINES), default_value = "fast")]
    pub engine: Engine,
}

impl MachineOptions {
    /// The plan of a simulation that keeps nothing but its sums.
    pub(crate) fn plan(&self) -> Result<Plan, Fault> {
        Ok(Plan { jobs: self.jobs()?, engine: self.engine, ..Plan::default() })
    }

    fn jobs(&self) -> Result<usize, Fault> {
        match self.jobs {
            Some(0) => Err("`--jobs 0` leaves nobody to simulate; use 1 or more".into()),
            Some(jobs) => {
                let most = (cores() * THREADS_PER_CORE).max(LEAST_MOST);
                if jobs > most {
                    note(&format!(
                        "note: `--jobs {jobs}` is taken as {most}: more threads gain nothing here"
                    ));
                }
                Ok(jobs.min(most))
            }
            None => Ok(cores()),
        }
    }
}

/// More threads than so many per core only cost memory.
const THREADS_PER_CORE: usize = 4;
/// So many may be asked for on any machine.
const LEAST_MOST: usize = 16;

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// One of these, each with its name.
pub(super) fn one_of<T, const N: usize>(choices: [(&'static str, T); N]) -> impl TypedValueParser<Value = T>
where
    T: Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(choices.each_ref().map(|(name, _)| *name)).map(move |chosen: String| {
        let found = choices.iter().find(|(name, _)| *name == chosen);
        found.expect("what is none of them is refused before").1.clone()
    })
}
