//! Simulates what expectations are decided on: the fleet, the parts of it they speak of, and the laws.

use super::law::{Breaches, Law, Witness};
use crate::experiment::{Keep, Plan, Watch, Work, each_device_of, ledger, live};
use crate::persona::PersonaName;
use crate::record::{Ledger, Parts};
use crate::scenario::{Member, Scenario};
use std::ops::Range;

/// What became of some devices.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Sums by group and part.
    pub parts: Parts,
    /// How often each law was broken.
    pub breaches: Vec<Breaches>,
    /// Devices that were simulated to their end.
    pub finished: u32,
}

impl Trial {
    /// No devices yet.
    pub fn none(laws: usize) -> Trial {
        Trial { parts: Parts::default(), breaches: vec![Breaches::default(); laws], finished: 0 }
    }

    /// Adds other devices.
    pub fn add(&mut self, more: &Trial) {
        self.parts += &more.parts;
        self.breaches.iter_mut().zip(&more.breaches).for_each(|(sum, more)| sum.add(*more));
        self.finished += more.finished;
    }
}

/// The laws of a scenario, each with those whom it binds.
pub type Laws = Vec<(Law, Option<PersonaName>)>;

/// Simulates these devices.
///
/// # Errors
/// If the watcher fails.
pub fn run_trial<O: Watch<()>>(
    scenario: &Scenario,
    devices: Range<u32>,
    laws: &[(Law, Option<PersonaName>)],
    plan: &Plan,
    watch: &mut O,
) -> Result<Trial, O::Fault> {
    let mut found = Trial::none(laws.len());
    let done = |_, trial| {
        found = trial;
        Ok(())
    };
    run_trials(&[(scenario, devices, laws)], plan, watch, done)?;
    Ok(found)
}

/// A scenario, which of its devices are simulated, and its laws.
pub type Asked<'a> = (&'a Scenario, Range<u32>, &'a [(Law, Option<PersonaName>)]);

/// The same for several scenarios on one list of work; `done` is given what became of each in turn.
///
/// # Errors
/// If the watcher or `done` fails.
pub fn run_trials<O: Watch<()>>(
    asked: &[Asked<'_>],
    plan: &Plan,
    watch: &mut O,
    mut done: impl FnMut(usize, Trial) -> Result<(), O::Fault>,
) -> Result<(), O::Fault> {
    let hire = |which: usize| {
        let (scenario, devices, laws) = &asked[which];
        let parts = Parts::for_sizes(scenario.sizes(devices.end));
        let trial = Trial { parts, ..Trial::none(laws.len()) };
        Worker { scenario, plan, laws, ledger: ledger(scenario), trial }
    };
    let summed = |which: usize, books: Vec<Trial>, _| {
        let mut trial = Trial::none(asked[which].2.len());
        books.iter().for_each(|more| trial.add(more));
        done(which, trial)
    };
    let devices: Vec<_> = asked.iter().map(|(_, devices, _)| devices.clone()).collect();
    each_device_of(&devices, plan.jobs, watch, hire, summed)
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
        let member = self.scenario.member(device);
        let Member { group, rank } = member;
        let persona = self.scenario.fleet.groups[group].entry.persona;
        let binds = |bound: Option<PersonaName>| bound.is_none_or(|bound| bound == persona);
        let laws = self.laws.iter().map(|(law, bound)| (*law, binds(*bound).then(Breaches::default)));
        let clock = self.scenario.clock_of(member);
        let mut witness =
            Witness { scenario: self.scenario, device, clock, laws: laws.collect(), began: None };
        let engine = self.plan.engine;
        let events = live(self.scenario, device, engine, &mut self.ledger, Keep::default(), &mut witness);
        *self.trial.parts.at(group, rank) += &std::mem::take(&mut self.ledger.tally);
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
