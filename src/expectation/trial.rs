//! Simulates what expectations are decided on: the fleet, the parts of it they speak of, and the laws.

use super::law::{Breaches, Law, Witness};
use crate::experiment::{Keep, Plan, Watch, Work, each_device, ledger, live, person};
use crate::persona::PersonaName;
use crate::record::{GROUPS, Ledger, Tally, group_of};
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::ops::Range;

/// What became of some devices.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Sums per group of devices.
    pub groups: Vec<Tally>,
    /// The same, for the kinds of users that were asked for.
    pub personas: BTreeMap<PersonaName, Vec<Tally>>,
    /// How often each law was broken.
    pub breaches: Vec<Breaches>,
    /// Devices that were simulated to their end.
    pub finished: u32,
}

impl Trial {
    /// No devices yet.
    pub fn none(personas: &[PersonaName], laws: usize) -> Trial {
        let groups = vec![Tally::default(); GROUPS];
        Trial {
            personas: personas.iter().map(|name| (*name, groups.clone())).collect(),
            groups,
            breaches: vec![Breaches::default(); laws],
            finished: 0,
        }
    }

    /// Adds other devices.
    pub fn add(&mut self, more: &Trial) {
        self.groups.iter_mut().zip(&more.groups).for_each(|(sum, more)| *sum += more);
        let personas = self.personas.values_mut().flatten().zip(more.personas.values().flatten());
        personas.for_each(|(sum, more)| *sum += more);
        self.breaches.iter_mut().zip(&more.breaches).for_each(|(sum, more)| sum.add(*more));
        self.finished += more.finished;
    }
}

/// Simulates these devices.
///
/// # Errors
/// If the watcher fails.
pub fn run_trial<O: Watch<()>>(
    scenario: &Scenario,
    devices: Range<u32>,
    personas: &[PersonaName],
    laws: &[(Law, Option<PersonaName>)],
    plan: &Plan,
    watch: &mut O,
) -> Result<Trial, O::Fault> {
    let hire = || Worker {
        scenario,
        plan,
        laws,
        ledger: ledger(scenario),
        trial: Trial::none(personas, laws.len()),
    };
    let (books, _) = each_device(devices, plan.jobs, watch, hire)?;
    let mut trial = Trial::none(personas, laws.len());
    books.iter().for_each(|more| trial.add(more));
    Ok(trial)
}

/// One thread's books.
struct Worker<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    laws: &'a [(Law, Option<PersonaName>)],
    ledger: Ledger<'a>,
    trial: Trial,
}

impl Work for Worker<'_> {
    type Rows = ();
    type Books = Trial;

    fn simulate(&mut self, device: u32) -> u64 {
        let (persona, _) = person(self.scenario, device);
        let binds = |bound: Option<PersonaName>| bound.is_none_or(|bound| bound == persona);
        let laws = self.laws.iter().map(|(law, bound)| (*law, binds(*bound).then(Breaches::default)));
        let mut witness = Witness { scenario: self.scenario, device, laws: laws.collect(), began: None };
        let engine = self.plan.engine;
        let events = live(self.scenario, device, engine, &mut self.ledger, Keep::default(), &mut witness);
        let tally = std::mem::take(&mut self.ledger.tally);
        let group = group_of(device);
        self.trial.groups[group] += &tally;
        if let Some(groups) = self.trial.personas.get_mut(&persona) {
            groups[group] += &tally;
        }
        let breaches = self.trial.breaches.iter_mut().zip(witness.laws);
        breaches.for_each(|(sum, (_, more))| sum.add(more.unwrap_or_default()));
        self.trial.finished += 1;
        events
    }

    fn take_rows(&mut self) {}

    fn finish(self) -> Trial {
        self.trial
    }
}
