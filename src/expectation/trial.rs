//! Simulates what expectations are decided on: the fleet, the parts of it they speak of, and the laws.

use super::Watched;
use super::law::{Breaches, Witness};
use crate::experiment::{Keep, Plan, Watch, Work, each_device_of, ledger, live};
use crate::record::{Ledger, Parts, SliceSums, Sliced};
use crate::scenario::{Member, Scenario};
use crate::slice::{Slice, Window};
use std::ops::Range;
use std::time::Duration;

/// What became of some devices.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Sums by group and part.
    pub parts: Parts,
    /// Sums of the slices that are spoken of.
    pub slices: SliceSums,
    /// How often each law was broken.
    pub breaches: Vec<Breaches>,
    /// Devices that were simulated to their end.
    pub finished: u32,
    /// How long they took those who simulated them, where the plan has a clock.
    pub busy: Duration,
}

impl Trial {
    /// No devices yet.
    pub fn none(laws: usize) -> Trial {
        Trial {
            parts: Parts::default(),
            slices: SliceSums::default(),
            breaches: vec![Breaches::default(); laws],
            finished: 0,
            busy: Duration::ZERO,
        }
    }

    /// Adds other devices.
    pub fn add(&mut self, more: &Trial) {
        self.parts += &more.parts;
        self.slices += &more.slices;
        self.breaches.iter_mut().zip(&more.breaches).for_each(|(sum, more)| sum.add(*more));
        self.finished += more.finished;
        self.busy += more.busy;
    }
}

/// Simulates these devices.
///
/// # Errors
/// If the watcher fails.
pub fn run_trial<O: Watch<()>>(
    scenario: &Scenario,
    devices: Range<u32>,
    watched: &Watched,
    plan: &Plan,
    watch: &mut O,
) -> Result<Trial, O::Fault> {
    let mut found = Trial::none(watched.laws.len());
    let done = |_, trial| {
        found = trial;
        Ok(())
    };
    run_trials(&[(scenario, devices, watched)], plan, watch, done)?;
    Ok(found)
}

/// A scenario, which of its devices are simulated, and what is kept an eye on.
pub type Asked<'a> = (&'a Scenario, Range<u32>, &'a Watched);

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
        let (scenario, devices, watched) = &asked[which];
        let sizes = scenario.sizes(devices.end);
        let mut ledger = ledger(scenario);
        ledger.slices = Sliced::new(&watched.slices, Window::measured(scenario), &sizes);
        let trial = Trial { parts: Parts::for_sizes(sizes), ..Trial::none(watched.laws.len()) };
        Worker { scenario, plan, watched, ledger, trial }
    };
    let summed = |which: usize, books: Vec<Trial>, _| {
        let mut trial = Trial::none(asked[which].2.laws.len());
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
    watched: &'a Watched,
    ledger: Ledger<'a>,
    trial: Trial,
}

impl Work for Worker<'_> {
    type Rows = ();
    type Books = Trial;

    fn simulate(&mut self, device: u32) -> u64 {
        let begun = self.plan.clock.map(|clock| clock());
        let member = self.scenario.member(device);
        let Member { group, rank } = member;
        let clock = self.scenario.clock_of(member);
        let belongs = |slice: &Slice| slice.who.has(self.scenario, member);
        let laws =
            self.watched.laws.iter().map(|(law, binds)| {
                (*law, binds.window(self.scenario), belongs(binds).then(Breaches::default))
            });
        let mut witness = Witness { clock, device, laws: laws.collect(), began: None };
        let engine = self.plan.engine;
        let events = live(self.scenario, device, engine, &mut self.ledger, Keep::default(), &mut witness);
        *self.trial.parts.at(group, rank) += &std::mem::take(&mut self.ledger.tally);
        self.ledger.slices.close(group, rank, belongs);
        let breaches = self.trial.breaches.iter_mut().zip(witness.laws);
        breaches.for_each(|(sum, (.., more))| sum.add(more.unwrap_or_default()));
        self.trial.finished += 1;
        if let Some((clock, begun)) = self.plan.clock.zip(begun) {
            self.trial.busy += clock().saturating_sub(begun);
        }
        events
    }

    fn take_rows(&mut self) {}

    fn finish(self) -> Trial {
        Trial { slices: self.ledger.slices.finish(), ..self.trial }
    }
}
