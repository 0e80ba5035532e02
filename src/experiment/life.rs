//! The life of one device: how it is built, and how it is lived into books.

use crate::engine::{Core, Engine, Observer, Setup, run, run_on};
use crate::random::Streams;
use crate::record::Ledger;
use crate::registry::{Device, DeviceSetup};
use crate::scenario::{Group, Member, Own, Scenario};
use crate::signal::{Facts, Habits, Signal};
use crate::time::Time;

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

/// Books for the devices of a scenario.
pub fn ledger(scenario: &Scenario) -> Ledger<'_> {
    Ledger::new(&scenario.policy, &scenario.clock, scenario.start, scenario.end)
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
