//! A model of one's own beside the phone's: a home without reception at night.
//!
//! `cargo run --example own_model` says what it costs. The phone is the bundled one, with its models untouched; the own
//! model has an alarm, hears signals, and says signals, as they do. It stands behind all of them among equals in time.

use bgsim::engine::{Context, Core, Engine, Models, Observer, Slot, Timer, run};
use bgsim::experiment::build;
use bgsim::registry::Device;
use bgsim::scenario::{Scenario, SourceText, fetch_bundled, read};
use bgsim::signal::{Facts, Network, Signal};
use bgsim::time::{Span, Time};

bgsim::timers! {
    /// Alarms of the own model.
    Turn {
        /// Reception goes.
        Gone,
        /// It is back.
        Back,
    }
}

/// A home without reception at night.
struct DeadSpot {
    /// What the network was before it went, or would be by now.
    before: Network,
    is_gone: bool,
}

impl DeadSpot {
    /// Reception goes at 22:00: the origin is a midnight.
    const GOES: Span = Span::hours(22);
    const LENGTH: Span = Span::hours(8);

    fn start(&mut self, cx: &mut Context<'_, Turn>) {
        cx.arm(Turn::Gone, Self::GOES);
    }

    fn fire(&mut self, turn: Turn, cx: &mut Context<'_, Turn>) {
        match turn {
            Turn::Gone => {
                (self.before, self.is_gone) = (cx.facts().network, true);
                cx.say(Signal::Network(Network::None));
                cx.arm(Turn::Back, Self::LENGTH);
            }
            Turn::Back => {
                self.is_gone = false;
                cx.say(Signal::Network(self.before));
                cx.arm(Turn::Gone, Span::DAY - Self::LENGTH);
            }
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, Turn>) {
        // The phone's own network changes too: behind the walls that goes on unseen.
        if let Signal::Network(network) = signal
            && self.is_gone
            && network != Network::None
        {
            self.before = network;
            cx.say(Signal::Network(Network::None));
        }
    }
}

/// The phone with the own model behind it.
struct AtHome {
    phone: Device,
    home: DeadSpot,
}

impl Models for AtHome {
    fn start(&mut self, core: &mut Core) {
        self.phone.start(core);
        self.home.start(&mut Context::new(core, Device::SLOTS));
    }

    fn fire(&mut self, slot: Slot, core: &mut Core) {
        match slot.0.checked_sub(Device::SLOTS) {
            None => self.phone.fire(slot, core),
            Some(own) => {
                self.home.fire(Turn::ALL[usize::from(own)], &mut Context::new(core, Device::SLOTS));
            }
        }
    }

    fn hear(&mut self, signal: Signal, core: &mut Core) {
        self.phone.hear(signal, core);
        self.home.hear(signal, &mut Context::new(core, Device::SLOTS));
    }
}

/// Counts notifications of the measured span.
struct Counter {
    from: Time,
    notifications: u32,
}

impl Observer for Counter {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        self.notifications += u32::from(now >= self.from && matches!(signal, Signal::Notified(_)));
    }
}

/// How many notifications are posted, over all devices.
fn notified(scenario: &Scenario, has_dead_spot: bool) -> u32 {
    let mut counter = Counter { from: scenario.start, notifications: 0 };
    for number in 0..scenario.devices {
        let (mut phone, core) = build(scenario, number, Engine::Fast);
        // A calendar with room for the own alarms.
        let mut core = Core::new(Engine::Fast, Device::SLOTS + Turn::ALL.len() as u16, core.facts);
        if has_dead_spot {
            let home = DeadSpot { before: Network::Wifi, is_gone: false };
            run(&mut AtHome { phone, home }, &mut core, scenario.end, &mut counter);
        } else {
            run(&mut phone, &mut core, scenario.end, &mut counter);
        }
    }
    counter.notifications
}

fn main() {
    let text = "extends = \"device-keychain\"\ndevices = 32\nmeasure = \"7d\"\n";
    let source = SourceText { label: "own.toml".into(), text: text.into() };
    let scenario = read(source, &[], &mut fetch_bundled).unwrap_or_else(|faults| panic!("{faults}"));
    let [with, without] = [true, false].map(|has_dead_spot| notified(&scenario, has_dead_spot));
    println!("{without} notifications, and {with} where there is no reception from 22:00 to 06:00");
    assert!(with < without, "without a network nothing is found");
}
