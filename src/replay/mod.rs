//! A phone lived again by the model, on its own record, and held against what its system really did.
//!
//! The span of the record is cut into quarters of an hour. For each the model says with which probability the client is
//! refreshed in it: the share of simulated phones that are, all of which follow what is recorded of use, network, power
//! and restarts.
//! What it says is scored against what was observed, beside three forecasts that know nothing of iOS.

mod forecast;
mod record;
mod score;

pub use forecast::Rival;
pub use record::{Asked, Record};
pub use score::{Bin, Difference, Score};

use crate::clock::Clock;
use crate::engine::{Engine, Observer, run};
use crate::event::What;
use crate::experiment::build;
use crate::scenario::Scenario;
use crate::signal::{Facts, Signal};
use crate::time::{Span, Time};
use forecast::{rivals, smoothed};

/// A quarter of an hour, as the system's own predictions have it.
const SLOT: Span = Span::from_ms(900_000);

crate::choice! {
    /// What the simulated phones have learnt of the use before the first slot.
    pub enum Learning {
        /// What came before: the record is long enough for that.
        TheDaysBefore,
        /// The record itself, repeated: it knows the use that is to come.
        TheRecordItself,
    }
}

/// What the system's predictions look back on.
const LOOKS_BACK: Span = Span::from_ms(14 * 86_400_000);

impl Learning {
    /// What is possible with a scenario that measures all days of a record.
    pub fn of(scenario: &Scenario) -> Learning {
        match scenario.measured() > LOOKS_BACK {
            true => Learning::TheDaysBefore,
            false => Learning::TheRecordItself,
        }
    }

    /// The keys of such a scenario that are to be set: the first days of a long record are its warm-up.
    pub fn sets(self, scenario: &Scenario) -> Vec<String> {
        match self {
            Learning::TheRecordItself => Vec::new(),
            Learning::TheDaysBefore => {
                let days = LOOKS_BACK.ms() / Span::DAY.ms();
                let first = scenario.clock.wall(scenario.start + LOOKS_BACK).strftime("%FT%R").to_string();
                let left = (scenario.measured() - LOOKS_BACK).ms() / 60_000;
                vec![format!("start={first:?}"), format!("warmup={days}d"), format!("measure={left}m")]
            }
        }
    }
}

/// What of a record its scenario follows.
pub fn followed(scenario: &Scenario) -> Vec<&'static str> {
    let is_trace = |section: &str| scenario.model_of(section).is_some_and(|model| model == "trace");
    let sections = [("user", "use"), ("network", "network"), ("power", "power")];
    let traces = sections.into_iter().filter(|(section, _)| is_trace(section)).map(|(_, word)| word);
    let restarts = scenario.dates.events.iter().any(|event| matches!(event.what, What::Restart));
    traces.chain(restarts.then_some("restarts")).collect()
}

/// What was forecast of each slot, and what was.
#[derive(Clone, PartialEq, Debug)]
pub struct Replay {
    /// The first instant of each slot.
    pub slots: Vec<Time>,
    /// Whether the client was refreshed in it.
    pub ran: Vec<bool>,
    /// With which probability the model has it.
    pub model: Vec<f64>,
    /// The same of each of [`Rival::ALL`], from what was before the slot.
    pub rivals: [Vec<f64>; Rival::ALL.len()],
    /// How many phones were simulated.
    pub devices: u32,
    /// What they had learnt.
    pub learning: Learning,
    /// The scores.
    pub score: Score,
}

/// Lives the scenario of a record again, with all its devices.
///
/// # Errors
/// If the record covers no whole quarter of an hour of the measured span.
pub fn replay(
    scenario: &Scenario,
    record: &Record,
    learning: Learning,
    engine: Engine,
) -> Result<Replay, String> {
    let clock = &scenario.clock;
    let slots = slots(scenario, record);
    let Some(first) = slots.first().copied() else {
        return Err("the record covers no whole quarter of an hour of what device.toml measures".into());
    };
    let place = |at: Time| {
        let place = (at >= first).then(|| at.since(first).ms() / SLOT.ms())? as usize;
        (place < slots.len()).then_some(place)
    };
    let mut ran = vec![false; slots.len()];
    let instants = record.runs.iter().filter_map(|unix_ms| time(clock, *unix_ms));
    instants.filter_map(place).for_each(|place| ran[place] = true);

    let mut phones = vec![0_u32; slots.len()];
    for device in 0..scenario.devices {
        let mut launches = Launches(Vec::new());
        let (mut models, mut core) = build(scenario, device, engine);
        run(&mut models, &mut core, scenario.end, &mut launches);
        let mut places: Vec<usize> = launches.0.into_iter().filter_map(place).collect();
        places.dedup();
        places.into_iter().for_each(|place| phones[place] += 1);
    }
    let of_all = f64::from(scenario.devices);
    let model: Vec<f64> = phones.iter().map(|phones| smoothed(f64::from(*phones), of_all)).collect();
    let hours: Vec<usize> = slots.iter().map(|slot| clock.local(*slot).hour()).collect();
    let days: Vec<u32> = slots.iter().map(|slot| clock.local(*slot).day).collect();
    let rivals = rivals(&ran, &hours);
    let score = Score::of(&ran, &model, &rivals, &days);
    Ok(Replay { slots, ran, model, rivals, devices: scenario.devices, learning, score })
}

impl Replay {
    /// Which slot an instant lies in.
    pub fn slot(&self, at: Time) -> Option<usize> {
        let after = self.slots.partition_point(|slot| *slot <= at);
        after.checked_sub(1).filter(|place| at < self.slots[*place] + SLOT)
    }
}

/// An instant of a record on the clock of the simulation; `None` before its origin.
pub fn time(clock: &Clock, unix_ms: i64) -> Option<Time> {
    let since = u64::try_from(unix_ms - clock.unix_ms(Time::ORIGIN)).ok()?;
    Some(Time::ORIGIN + Span::from_ms(since))
}

/// The whole slots that the record covers and the scenario measures.
fn slots(scenario: &Scenario, record: &Record) -> Vec<Time> {
    let slot = SLOT.ms() as i64;
    let [from, until] = record.covered;
    let measured = [scenario.start, scenario.end].map(|at| scenario.clock.unix_ms(at));
    let (from, until) = (from.max(measured[0]), until.min(measured[1]));
    // Quarters of the clock of UTC are those of every clock.
    let first = from.div_euclid(slot) + i64::from(from.rem_euclid(slot) > 0);
    let places = first..until.div_euclid(slot);
    places.filter_map(|place| time(&scenario.clock, place * slot)).collect()
}

/// When the system let the client run.
struct Launches(Vec<Time>);

impl Observer for Launches {
    fn record(&mut self, now: Time, signal: Signal, _facts: &Facts) {
        if let Signal::RefreshLaunched(_) = signal {
            self.0.push(now);
        }
    }
}
