//! The life of one device: how it is built, and how it is lived into books.

use crate::engine::{Core, Engine, Observer, Setup, run, run_on};
use crate::random::Streams;
use crate::record::Ledger;
use crate::registry::{Device, DeviceSetup};
use crate::scenario::{Group, Member, Own, Scenario};
use crate::signal::{Facts, Habits, Signal};
use crate::time::{Span, Time};
use std::collections::BTreeSet;

/// Builds one device at its origin.
pub fn build(scenario: &Scenario, device: u32, engine: Engine) -> (Device, Core) {
    let member = scenario.member(device);
    let Member { group, rank } = member;
    let Group { name, .. } = &scenario.fleet.groups[group];
    let Own { policy, sections, persona, clock: home, traces, .. } = scenario.own(member);
    let clock = scenario.clock_of(member);
    let common = Setup {
        config: &(),
        policy,
        persona,
        clock: &clock,
        home,
        dates: &scenario.dates,
        seed: scenario.seed,
        streams: Streams::new(scenario.seed, name, rank),
        group: name,
        rank,
        traces,
        end: scenario.end,
    };
    let mut models = Device::new(&DeviceSetup { sections, common, later: &scenario.later });
    let mut facts = Facts::at_origin(*policy, Habits::new(&sections.habits, home.clone()));
    models.at_origin(&mut facts);
    (models, Core::new(engine, Device::SLOTS, facts))
}

/// Simulates one device for a listener of one's own: how a life is replayed from the seed alone.
pub fn replay(scenario: &Scenario, device: u32, engine: Engine, sink: &mut impl Observer) -> Facts {
    let (mut models, mut core) = build(scenario, device, engine);
    run(&mut models, &mut core, scenario.end, sink);
    core.facts
}

/// A device with more alarms than these takes seconds, and to compare its mail gigabytes.
pub const MOST_ALARMS: u64 = 5_000_000;

/// Of so many devices the first of each group is looked at.
const LOOKED_AT: u32 = 256;

/// Makes sure that no device takes unreasonably long, by the first days of one of each group.
///
/// # Errors
/// If one would, with how many alarms it would take.
pub fn check_length(scenario: &Scenario) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let firsts =
        (0..scenario.devices.min(LOOKED_AT)).filter(|device| seen.insert(scenario.member(*device).group));
    let most = firsts.map(|device| foreseen(scenario, device)).max().unwrap_or(0);
    match most > MOST_ALARMS {
        false => Ok(()),
        true => Err(format!(
            "one device would take about {} million alarms of {}, and {} million are the most; simulate fewer days, \
             or let less happen in them",
            most / 1_000_000,
            scenario.end.since(Time::ORIGIN),
            MOST_ALARMS / 1_000_000
        )),
    }
}

/// How many alarms a device would take, foretold from its first hours or days.
fn foreseen(scenario: &Scenario, device: u32) -> u64 {
    const DAYS: Span = Span::from_ms(2 * Span::DAY.ms());
    let end = scenario.end.since(Time::ORIGIN);
    let (mut models, mut core) = build(scenario, device, Engine::Fast);
    let mut lived = end.min(Span::MINUTE);
    run(&mut models, &mut core, Time::ORIGIN + lived, &mut ());
    loop {
        let foretold = u128::from(core.events) * u128::from(end.ms()) / u128::from(lived.ms().max(1));
        // What happens once at the beginning is not repeated each minute.
        let is_sure = core.events > MOST_ALARMS / 100 || lived >= end.min(DAYS);
        if is_sure {
            return u64::try_from(foretold).unwrap_or(u64::MAX);
        }
        lived = end.min(lived * 4).min(DAYS.max(lived));
        run_on(&mut models, &mut core, Time::ORIGIN + lived, &mut ());
    }
}

/// Books for the devices of a scenario.
pub fn ledger(scenario: &Scenario) -> Ledger<'_> {
    let mut ledger = Ledger::new(&scenario.policy, &scenario.clock, scenario.start, scenario.end);
    ledger.pushes = scenario.pushes();
    ledger
}

/// Books for one device that is replayed, of all its mail from the origin on; its public state there is given.
pub fn ledger_of<'a>(scenario: &'a Scenario, device: u32, origin: &Facts) -> Ledger<'a> {
    let member = scenario.member(device);
    let policy = scenario.own(member).policy;
    let mut ledger = Ledger::new(policy, &scenario.clock, Time::ORIGIN, scenario.end);
    ledger.goes_by(policy, scenario.clock_of(member), &scenario.dates.changes);
    ledger.open(device, &scenario.group_of(device).name, origin, false, false);
    ledger
}

/// Which rows of a device are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Keep {
    /// Those of its mail, checks and notifications.
    pub rows: bool,
    /// Those of its every signal.
    pub events: bool,
}

/// Simulates one device into books, and for another listener beside them. Returns how many alarms went
/// off.
pub fn live<'a>(
    scenario: &'a Scenario,
    device: u32,
    engine: Engine,
    ledger: &mut Ledger<'a>,
    keep: Keep,
    beside: &mut impl Observer,
) -> u64 {
    let (mut models, mut core) = build(scenario, device, engine);
    let member = scenario.member(device);
    let (group, own) = (&scenario.fleet.groups[member.group], scenario.own(member));
    ledger.goes_by(own.policy, scenario.clock_of(member), &scenario.dates.changes);
    ledger.open(device, &group.name, &core.facts, keep.rows, keep.events);
    ledger.pass_over_warm_up();
    run(&mut models, &mut core, scenario.start, &mut Both(ledger, beside));
    ledger.begin(&core.facts);
    run_on(&mut models, &mut core, scenario.end, &mut Both(ledger, beside));
    ledger.close(&core.facts, core.events);
    if keep.rows {
        ledger.device_row(group.entry.persona.name(), own.persona.ram, own.time_zone);
    }
    core.events
}

/// Two listeners.
struct Both<'a, A, B>(&'a mut A, &'a mut B);

impl<A: Observer, B: Observer> Observer for Both<'_, A, B> {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        self.0.record(now, signal, facts);
        self.1.record(now, signal, facts);
    }

    fn all_said(&mut self, now: Time, facts: &Facts) {
        self.0.all_said(now, facts);
        self.1.all_said(now, facts);
    }
}
