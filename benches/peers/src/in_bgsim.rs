//! The toy in bgsim, twice: its engine with the toy as its models, and the product, whose own models do more than
//! is asked of them: public state, causes of delay, a fingerprint.

use crate::toy::{self, DAYS, Due, END, Outcome};
use bgsim::engine::{Calendar, Core, Engine, Models, Slot};
use bgsim::experiment::{Fleet, Plan, build, run_fleet};
use bgsim::figure::{Figure, Moment, Sample};
use bgsim::scenario::{BUNDLED, Scenario, SourceText, fetch, read};
use bgsim::signal::Signal;
use bgsim::summary::summarise;
use bgsim::time::{Span, Time};

/// The scenario that asks for the same.
pub fn scenario(devices: u32) -> Scenario {
    let bundled = BUNDLED.iter().find(|bundled| bundled.name == "periodic-15m").expect("it is bundled");
    let source = SourceText { label: bundled.name.into(), text: bundled.text.into() };
    let sets = ["client.check_duration=4s".into(), format!("measure={DAYS}d"), format!("devices={devices}")];
    read(source, &sets, &mut fetch).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The product, without rows.
pub fn product(scenario: &Scenario) -> Fleet {
    let Ok(fleet) = run_fleet(scenario, &Plan::default(), &mut ());
    fleet
}

/// What the product found.
pub fn outcome(scenario: &Scenario, fleet: &Fleet) -> Outcome {
    let figures = Sample::of(&fleet.parts, scenario);
    let summary = summarise(scenario, &fleet.parts, &figures, &[], String::new());
    let value = |figure| figures.value(figure).expect("every run has it");
    let told = value(Figure::Arrived) - value(Figure::Outcomes(bgsim::record::Outcome::Undelivered));
    Outcome { events: summary.engine.events, told: told as u64, mean: value(Figure::Latency(Moment::Mean)) }
}

struct Toy(toy::Device);

const ALARMS: [Due; 3] = [Due::Wake, Due::CheckDone, Due::Mail];

fn arm(core: &mut Core, due: Due, after: u64) {
    core.calendar.arm(Slot(due as u16), core.now + Span::from_ms(after));
}

impl Models for Toy {
    fn start(&mut self, core: &mut Core) {
        self.0.start().into_iter().for_each(|(due, after)| arm(core, due, after));
    }

    fn fire(&mut self, slot: Slot, core: &mut Core) {
        let now = core.now.ms();
        self.0.on(ALARMS[usize::from(slot.0)], now, |due, after| arm(core, due, after));
    }

    fn hear(&mut self, _: Signal, _: &mut Core) {}
}

/// The engine with the toy as its models.
pub fn engine(scenario: &Scenario) {
    let (_, mut core) = build(scenario, 0, Engine::Fast);
    for number in 0..scenario.devices {
        (core.now, core.calendar) = (Time::ORIGIN, Calendar::new(Engine::Fast, ALARMS.len() as u16));
        bgsim::engine::run(&mut Toy(toy::Device::new(number)), &mut core, Time::from_ms(END), &mut ());
    }
}
