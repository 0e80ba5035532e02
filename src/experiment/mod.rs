//! Runs a fleet: devices one after the other, in parallel over threads, merged in index order.
//!
//! Everything that is summed is an integer and every row is handed out by device, so the number of
//! threads leaves no trace in any result. To simulate takes no thread, no clock and no file.

mod life;
mod pool;
#[cfg(test)]
mod pool_tests;

pub use life::{Keep, MOST_ALARMS, build, check_length, ledger, ledger_of, live, replay};
pub use pool::{After, Watch, Work, each_device, each_device_of};

use crate::engine::Engine;
use crate::figure::Sample;
use crate::record::{Ledger, Parts, Rows, SliceSums, Sliced, Sums, Tally, Week};
use crate::scenario::{Member, Scenario};
use crate::slice::{Breakdown, Cut, Dimension, Slice, Window, break_down};
use std::ops::{AddAssign, Range};
use std::time::Duration;

/// Which devices' rows are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeepRows {
    /// Nobody's.
    None,
    /// Those of the first so many devices, of each group in proportion.
    Sample(u32),
    /// Everybody's.
    All,
}

/// How a fleet is run; nothing here changes a result, but for which rows there are.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many threads simulate; one is the thread that asks.
    pub jobs: usize,
    /// Which calendar drives them.
    pub engine: Engine,
    /// Whose rows are kept.
    pub rows: KeepRows,
    /// Whose every signal is kept.
    pub events: Vec<u32>,
    /// Whether sums by hour of the week are kept.
    pub week: bool,
    /// What the sums are broken down by, beside group.
    pub by: Vec<Dimension>,
    /// What tells how long devices take the thread that asks, since an instant of its own. No result depends on it.
    pub clock: Option<fn() -> Duration>,
}

impl Plan {
    /// The slices that a scenario is broken down into; none along what it cannot be cut along.
    pub fn slices(&self, scenario: &Scenario) -> Vec<Slice> {
        let cuts = self.by.iter().filter_map(|dimension| Cut::of(scenario, *dimension).ok());
        cuts.flat_map(|cut| cut.slices).map(|(_, slice)| slice).collect()
    }
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            jobs: 1,
            engine: Engine::Fast,
            rows: KeepRows::None,
            events: Vec::new(),
            week: false,
            by: Vec::new(),
            clock: None,
        }
    }
}

/// What became of a run.
#[derive(Debug, Default)]
pub struct Fleet {
    /// Sums by group and part.
    pub parts: Parts,
    /// Sums by hour of the week, where they are kept.
    pub week: Week,
    /// Sums of slices, where they are kept.
    pub slices: SliceSums,
    /// Devices that were simulated to their end.
    pub finished: u32,
}

impl Fleet {
    /// The fleet whose devices are in these books.
    pub fn of(books: impl IntoIterator<Item = Books>, finished: u32) -> Fleet {
        let mut fleet = Fleet { finished, ..Fleet::default() };
        for Books { parts, week, slices } in books {
            fleet.parts += &parts;
            fleet.slices += &slices;
            week.iter().for_each(|week| fleet.week += week);
        }
        fleet
    }

    /// Its sums, to be sent elsewhere; `plan` is that of the run.
    pub fn into_sums(self, plan: &Plan) -> Sums {
        Sums::of(self.parts, plan.week.then_some(self.week), self.slices)
    }

    /// The fleet of these sums, if they are of so many devices of a scenario that was run by such a plan.
    pub fn of_sums(sums: Sums, scenario: &Scenario, plan: &Plan, finished: u32) -> Option<Fleet> {
        let (parts, week, slices) =
            sums.open(&scenario.sizes(scenario.devices), &plan.slices(scenario), finished)?;
        (week.is_some() == plan.week).then(|| Fleet {
            parts,
            week: week.unwrap_or_default(),
            slices,
            finished,
        })
    }

    /// What is found in each slice of these cuts, of which the plan of the run knew; `whole` has the figures of all.
    pub fn by<T>(
        &self,
        scenario: &Scenario,
        cuts: &[Cut],
        whole: &Sample,
        of: impl Fn(&Sample) -> T,
    ) -> Vec<Breakdown<T>> {
        let sums = (&self.parts, &self.slices);
        break_down(cuts, |slice| match slice.is_whole(scenario) {
            true => of(whole),
            false => of(&Sample::of_slice(slice, sums, scenario, scenario)),
        })
    }

    /// Sums over all devices.
    pub fn total(&self) -> Tally {
        self.parts.total()
    }
}

impl AddAssign<&Fleet> for Fleet {
    fn add_assign(&mut self, more: &Fleet) {
        self.parts += &more.parts;
        self.week += &more.week;
        self.slices += &more.slices;
        self.finished += more.finished;
    }
}

/// Simulates every device of a scenario, or those that finish before `watch` stops it.
///
/// # Errors
/// If the watcher cannot keep rows.
pub fn run_fleet<O: Watch>(scenario: &Scenario, plan: &Plan, watch: &mut O) -> Result<Fleet, O::Fault> {
    let hire = || Worker::new(scenario, plan);
    let (books, finished) = each_device(0..scenario.devices, plan.jobs, watch, hire)?;
    Ok(Fleet::of(books, finished))
}

/// The same for several scenarios on one list of work; `done` is given what became of each in turn.
///
/// # Errors
/// If the watcher cannot keep rows, or `done` fails.
pub fn run_fleets<O: Watch>(
    scenarios: &[&Scenario],
    plan: &Plan,
    watch: &mut O,
    done: impl FnMut(usize, Fleet) -> Result<(), O::Fault>,
) -> Result<(), O::Fault> {
    let devices: Vec<_> = scenarios.iter().map(|scenario| 0..scenario.devices).collect();
    run_some(scenarios, &devices, plan, watch, done)
}

/// The same for some devices of each scenario.
///
/// # Errors
/// If the watcher cannot keep rows, or `done` fails.
pub fn run_some<O: Watch>(
    scenarios: &[&Scenario],
    devices: &[Range<u32>],
    plan: &Plan,
    watch: &mut O,
    mut done: impl FnMut(usize, Fleet) -> Result<(), O::Fault>,
) -> Result<(), O::Fault> {
    let hire = |point: usize| Worker::new(scenarios[point], plan);
    each_device_of(devices, plan.jobs, watch, hire, |point, books, finished| {
        done(point, Fleet::of(books, finished))
    })
}

/// What one worker leaves.
#[derive(Debug)]
pub struct Books {
    parts: Parts,
    week: Option<Week>,
    slices: SliceSums,
}

/// Simulates devices of a scenario, one after the other.
pub struct Worker<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    ledger: Ledger<'a>,
    parts: Parts,
}

impl<'a> Worker<'a> {
    /// A worker that has done nothing yet.
    pub fn new(scenario: &'a Scenario, plan: &'a Plan) -> Worker<'a> {
        let mut ledger = ledger(scenario);
        let sizes = scenario.sizes(scenario.devices);
        ledger.week = plan.week.then(Week::default);
        ledger.slices = Sliced::new(&plan.slices(scenario), Window::measured(scenario), &sizes);
        Worker { scenario, plan, ledger, parts: Parts::for_sizes(sizes) }
    }
}

impl Work for Worker<'_> {
    type Rows = Rows;
    type Books = Books;

    fn simulate(&mut self, device: u32) -> u64 {
        let keep = Keep { rows: keeps(&self.plan.rows, device), events: self.plan.events.contains(&device) };
        let member @ Member { group, rank } = self.scenario.member(device);
        let sums = self.parts.at(group, rank);
        std::mem::swap(&mut self.ledger.tally, sums);
        let events = live(self.scenario, device, self.plan.engine, &mut self.ledger, keep, &mut ());
        std::mem::swap(&mut self.ledger.tally, sums);
        self.ledger.slices.close(group, rank, |slice| slice.who.has(self.scenario, member));
        events
    }

    fn take_rows(&mut self) -> Rows {
        std::mem::take(&mut self.ledger.rows)
    }

    fn finish(self) -> Books {
        Books { parts: self.parts, week: self.ledger.week, slices: self.ledger.slices.finish() }
    }
}

fn keeps(rows: &KeepRows, device: u32) -> bool {
    match *rows {
        KeepRows::None => false,
        KeepRows::All => true,
        KeepRows::Sample(most) => device < most,
    }
}
