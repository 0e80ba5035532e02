//! Runs a fleet: devices one after the other, in parallel over threads, merged in index order.
//!
//! Everything that is summed is an integer and every row is handed out by device, so the number of
//! threads leaves no trace in any result.

use crate::engine::{Core, Engine, Setup, Sink, run};
use crate::persona::{Persona, PersonaName};
use crate::random::{Streams, uniform};
use crate::record::{GROUPS, Ledger, Rows, Tally, Week, group_of};
use crate::registry::{Device, DeviceSetup};
use crate::scenario::Scenario;
use crate::signal::{Facts, Habits};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// Which devices' rows are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeepRows {
    /// Nobody's.
    None,
    /// Those of so many devices, evenly spaced.
    Sample(u32),
    /// Everybody's.
    All,
}

/// How a fleet is run; nothing here changes a result, but for which rows there are.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many threads simulate.
    pub jobs: usize,
    /// Which calendar drives them.
    pub engine: Engine,
    /// Whose rows are kept.
    pub rows: KeepRows,
    /// Whose every signal is kept.
    pub events: Vec<u32>,
    /// Whether sums by hour of the week are kept.
    pub week: bool,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan { jobs: 1, engine: Engine::Fast, rows: KeepRows::None, events: Vec::new(), week: false }
    }
}

/// What became of a run.
#[derive(Debug, Default)]
pub struct Fleet {
    /// Sums per group of devices.
    pub groups: Vec<Tally>,
    /// Sums by hour of the week, where they are kept.
    pub week: Week,
    /// Devices that were simulated to their end.
    pub finished: u32,
    /// Time that threads spent simulating, added up.
    pub simulating: Duration,
}

impl Fleet {
    /// Sums over all devices.
    pub fn total(&self) -> Tally {
        self.groups.iter().sum()
    }
}

/// Who watches a run: takes rows in device order, sees progress, and may stop it.
pub trait Watch<R = Rows> {
    /// Rows of the next devices, in order.
    ///
    /// # Errors
    /// If they cannot be kept; the run then stops.
    fn rows(&mut self, rows: R) -> Result<(), String>;
    /// How many devices are done and how many alarms went off so far.
    fn progress(&mut self, _devices: u32, _events: u64) {}
}

/// Keeps nothing.
impl<R> Watch<R> for () {
    fn rows(&mut self, _: R) -> Result<(), String> {
        Ok(())
    }
}

/// What one thread does with the devices that it is handed.
pub trait Work {
    /// What is handed out in device order.
    type Rows: Send;
    /// What is left at the end.
    type Books: Send;
    /// Simulates one device; returns how many alarms went off.
    fn simulate(&mut self, device: u32) -> u64;
    /// The rows since they were last taken.
    fn take_rows(&mut self) -> Self::Rows;
    /// The end of the work.
    fn finish(self) -> Self::Books;
}

/// Devices handed to a thread at a time.
const CHUNK: u32 = 16;
/// How often progress is told.
const TICK: Duration = Duration::from_millis(100);

/// Simulates every device of a scenario, or those that finish before `stop` is set.
///
/// # Errors
/// If the watcher cannot keep rows.
pub fn run_fleet(
    scenario: &Scenario,
    plan: &Plan,
    stop: &AtomicBool,
    watch: &mut impl Watch,
) -> Result<Fleet, String> {
    let hire = || Worker::new(scenario, plan);
    let (books, finished) = each_device(0..scenario.devices, plan.jobs, stop, watch, hire)?;
    let mut fleet = Fleet { groups: vec![Tally::default(); GROUPS], finished, ..Fleet::default() };
    for (groups, week, busy) in books {
        fleet.groups.iter_mut().zip(&groups).for_each(|(sum, more)| *sum += more);
        week.iter().for_each(|week| fleet.week += week);
        fleet.simulating += busy;
    }
    Ok(fleet)
}

/// Hands out devices to as many threads as `jobs` says, until all are done or `stop` is set. Returns
/// the books of each thread, and how many devices are in them.
///
/// # Errors
/// If the watcher cannot keep rows.
pub fn each_device<W: Work>(
    devices: Range<u32>,
    jobs: usize,
    stop: &AtomicBool,
    watch: &mut impl Watch<W::Rows>,
    hire: impl Fn() -> W + Sync,
) -> Result<(Vec<W::Books>, u32), String> {
    let next = AtomicU32::new(0);
    let (done, events) = (AtomicU32::new(0), AtomicU64::new(0));
    let chunks = (devices.end - devices.start).div_ceil(CHUNK);
    let jobs = jobs.clamp(1, chunks.max(1) as usize);
    let mut books = Vec::new();
    let mut fault = None;
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<(u32, W::Rows)>(2 * jobs);
        let workers: Vec<_> = (0..jobs)
            .map(|_| {
                let (sender, next, done, events) = (sender.clone(), &next, &done, &events);
                let (hire, devices) = (&hire, devices.clone());
                scope.spawn(move || {
                    let mut worker = hire();
                    loop {
                        let chunk = next.fetch_add(1, Ordering::Relaxed);
                        if chunk >= chunks || stop.load(Ordering::Relaxed) {
                            break worker.finish();
                        }
                        let first = devices.start + chunk * CHUNK;
                        for device in first..(first + CHUNK).min(devices.end) {
                            if stop.load(Ordering::Relaxed) {
                                break;
                            }
                            events.fetch_add(worker.simulate(device), Ordering::Relaxed);
                            done.fetch_add(1, Ordering::Relaxed);
                        }
                        if sender.send((chunk, worker.take_rows())).is_err() {
                            break worker.finish();
                        }
                    }
                })
            })
            .collect();
        drop(sender);
        let mut ahead = BTreeMap::new();
        let mut wanted = 0;
        loop {
            match receiver.recv_timeout(TICK) {
                Ok((chunk, rows)) => {
                    ahead.insert(chunk, rows);
                    while let Some(rows) = ahead.remove(&wanted) {
                        wanted += 1;
                        if fault.is_none()
                            && let Err(error) = watch.rows(rows)
                        {
                            stop.store(true, Ordering::Relaxed);
                            fault = Some(error);
                        }
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            watch.progress(done.load(Ordering::Relaxed), events.load(Ordering::Relaxed));
        }
        // A stopped run may have left gaps: what did finish is still in device order.
        for rows in ahead.into_values() {
            if fault.is_none()
                && let Err(error) = watch.rows(rows)
            {
                fault = Some(error);
            }
        }
        for worker in workers {
            books.push(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    let finished = done.load(Ordering::Relaxed);
    fault.map_or(Ok((books, finished)), Err)
}

/// One thread's books.
struct Worker<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    ledger: Ledger<'a>,
    groups: Vec<Tally>,
    busy: Duration,
}

impl<'a> Worker<'a> {
    fn new(scenario: &'a Scenario, plan: &'a Plan) -> Worker<'a> {
        let mut ledger = Ledger::new(&scenario.policy, &scenario.clock, scenario.start, scenario.end);
        ledger.week = plan.week.then(Week::default);
        Worker { scenario, plan, ledger, groups: vec![Tally::default(); GROUPS], busy: Duration::ZERO }
    }
}

impl Work for Worker<'_> {
    type Rows = Rows;
    type Books = (Vec<Tally>, Option<Week>, Duration);

    fn simulate(&mut self, device: u32) -> u64 {
        let begun = std::time::Instant::now();
        let (mut models, mut core) = build(self.scenario, device, self.plan.engine);
        let keep = keeps(&self.plan.rows, device, self.scenario.devices);
        self.ledger.tally = std::mem::take(&mut self.groups[group_of(device)]);
        self.ledger.open(device, &core.facts, keep, self.plan.events.contains(&device));
        run(&mut models, &mut core, self.scenario.end, &mut self.ledger);
        self.ledger.close(&core.facts, core.events);
        self.groups[group_of(device)] = std::mem::take(&mut self.ledger.tally);
        self.busy += begun.elapsed();
        core.events
    }

    fn take_rows(&mut self) -> Rows {
        std::mem::take(&mut self.ledger.rows)
    }

    fn finish(self) -> Self::Books {
        (self.groups, self.ledger.week, self.busy)
    }
}

fn keeps(rows: &KeepRows, device: u32, devices: u32) -> bool {
    match *rows {
        KeepRows::None => false,
        KeepRows::All => true,
        // Device i is kept where the line from 0 to `most` steps up between i and i + 1.
        KeepRows::Sample(most) => {
            let step = |device: u32| u64::from(device) * u64::from(most.min(devices)) / u64::from(devices);
            step(device + 1) > step(device)
        }
    }
}

/// Who holds a device.
pub fn person(scenario: &Scenario, device: u32) -> (PersonaName, &Persona) {
    let draw = uniform(&mut Streams::new(scenario.seed, device).stream("persona"));
    let drawn = scenario.fleet.iter().find(|(until, ..)| draw < *until).or(scenario.fleet.last());
    let (_, entry, persona) = drawn.expect("a scenario has a fleet");
    (entry.persona, persona)
}

/// Builds one device at its origin.
pub fn build(scenario: &Scenario, device: u32, engine: Engine) -> (Device, Core) {
    let streams = Streams::new(scenario.seed, device);
    let (_, persona) = person(scenario, device);
    let common = Setup {
        config: &(),
        policy: &scenario.policy,
        persona,
        clock: &scenario.clock,
        streams,
        device,
        traces: &scenario.traces,
        end: scenario.end,
    };
    let mut models = Device::new(&DeviceSetup { sections: &scenario.sections, common });
    let mut facts = Facts::at_origin(Habits::new(scenario.sections.habits.profile, scenario.clock.clone()));
    models.at_origin(&mut facts);
    (models, Core::new(engine, Device::SLOTS, facts))
}

/// Simulates one device for a listener of one's own: how a life is replayed from the seed alone.
pub fn replay(scenario: &Scenario, device: u32, engine: Engine, sink: &mut impl Sink) -> Facts {
    let (mut models, mut core) = build(scenario, device, engine);
    run(&mut models, &mut core, scenario.end, sink);
    core.facts
}
