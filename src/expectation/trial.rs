//! Simulates what expectations are decided on: the fleet, the parts of it they speak of, and the laws.

use super::law::{Breaches, Law, Witness};
use crate::experiment::{Keep, Plan, Watch, Work, each_device, ledger, live};
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
    let parts = Parts::for_sizes(scenario.sizes(devices.end));
    let hire = || Worker {
        scenario,
        plan,
        laws,
        ledger: ledger(scenario),
        trial: Trial { parts: parts.clone(), ..Trial::none(laws.len()) },
    };
    let (books, _) = each_device(devices, plan.jobs, watch, hire)?;
    let mut trial = Trial::none(laws.len());
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
        let member = self.scenario.member(device);
        let Member { group, rank } = member;
        let policy = self.scenario.own(member).policy;
        let persona = self.scenario.fleet.groups[group].entry.persona;
        let binds = |bound: Option<PersonaName>| bound.is_none_or(|bound| bound == persona);
        let laws = self.laws.iter().map(|(law, bound)| (*law, binds(*bound).then(Breaches::default)));
        let mut witness =
            Witness { scenario: self.scenario, policy, device, laws: laws.collect(), began: None };
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
