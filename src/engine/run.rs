//! The only loop there is.

use super::calendar::{Calendar, Engine};
use super::slot::Slot;
use crate::signal::{Facts, Signal};
use crate::time::Time;

/// More signals than this within one instant mean that models answer each other without end.
const MOST_SIGNALS_PER_ALARM: usize = 1000;

/// Time, alarms, public state and what has been said but not yet heard.
#[derive(Debug)]
pub struct Core {
    /// The time.
    pub now: Time,
    /// The alarms of all models.
    pub calendar: Calendar,
    /// The public state.
    pub facts: Facts,
    /// What has been said since the alarm went off, the first part of it heard already.
    pub said: Vec<Signal>,
    /// Alarms that have gone off.
    pub events: u64,
}

impl Core {
    /// The core of a device at its origin.
    pub fn new(engine: Engine, slots: u16, facts: Facts) -> Core {
        let said = Vec::with_capacity(64);
        Core { now: Time::ORIGIN, calendar: Calendar::new(engine, slots), facts, said, events: 0 }
    }
}

/// The models of a device as the engine sees them. `examples/own_model.rs` puts one of one's own behind the phone's.
///
/// ```
/// use bgsim::engine::{Core, Engine, Models, Slot, run};
/// use bgsim::experiment::build;
/// use bgsim::scenario::load;
/// use bgsim::signal::Signal;
/// use bgsim::time::Span;
///
/// /// Mail comes once an hour, and nothing else happens.
/// struct Hourly;
///
/// impl Models for Hourly {
///     fn start(&mut self, core: &mut Core) {
///         core.calendar.arm(Slot(0), core.now + Span::HOUR);
///     }
///
///     fn fire(&mut self, slot: Slot, core: &mut Core) {
///         core.said.push(Signal::MailArrived);
///         core.calendar.arm(slot, core.now + Span::HOUR);
///     }
///
///     fn hear(&mut self, _: Signal, _: &mut Core) {}
/// }
///
/// let scenario = load("email-plus", &["warmup=0s".into(), "measure=1d".into()]).unwrap();
/// let (_, phone) = build(&scenario, 0, Engine::Fast);
/// let mut core = Core::new(Engine::Fast, 1, phone.facts);
/// run(&mut Hourly, &mut core, scenario.end, &mut ());
/// assert_eq!(core.events, 23);
/// ```
pub trait Models {
    /// Lets each model set its first alarms, in registry order.
    fn start(&mut self, core: &mut Core);
    /// Passes an alarm to its owner.
    fn fire(&mut self, slot: Slot, core: &mut Core);
    /// Passes a signal to every model, in registry order.
    fn hear(&mut self, signal: Signal, core: &mut Core);
}

/// Who listens to a device from outside. It is a type parameter, so that nobody listening is free.
///
/// ```
/// use bgsim::engine::{Engine, Observer};
/// use bgsim::experiment::replay;
/// use bgsim::scenario::load;
/// use bgsim::signal::{Facts, Signal};
/// use bgsim::time::Time;
///
/// struct Unlocks(u32);
///
/// impl Observer for Unlocks {
///     fn record(&mut self, _: Time, signal: Signal, _: &Facts) {
///         self.0 += u32::from(signal == Signal::Unlocked);
///     }
/// }
///
/// let scenario = load("device-keychain", &["warmup=0s".into(), "measure=1d".into()]).unwrap();
/// let mut unlocks = Unlocks(0);
/// replay(&scenario, 3, Engine::Fast, &mut unlocks);
/// assert!(unlocks.0 > 0);
/// ```
pub trait Observer {
    /// A signal, after the public state took it in.
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts);
    /// Nothing more is said in answer to the alarm that went off.
    fn all_said(&mut self, _now: Time, _facts: &Facts) {}
}

/// Runs a device from its origin up to but not including `end`.
pub fn run<M: Models, S: Observer>(models: &mut M, core: &mut Core, end: Time, sink: &mut S) {
    models.start(core);
    dispatch(models, core, sink);
    run_on(models, core, end, sink);
}

/// Runs a device on from where it is.
pub fn run_on<M: Models, S: Observer>(models: &mut M, core: &mut Core, end: Time, sink: &mut S) {
    while let Some((now, slot)) = core.calendar.pop_before(end) {
        debug_assert!(now >= core.now, "time went back from {:?} to {now:?}", core.now);
        core.now = now;
        core.events += 1;
        models.fire(slot, core);
        dispatch(models, core, sink);
    }
    core.now = end;
}

fn dispatch<M: Models, S: Observer>(models: &mut M, core: &mut Core, sink: &mut S) {
    let mut heard = 0;
    while let Some(&signal) = core.said.get(heard) {
        core.facts.apply(core.now, signal);
        sink.record(core.now, signal, &core.facts);
        models.hear(signal, core);
        heard += 1;
        assert!(heard < MOST_SIGNALS_PER_ALARM, "models answer each other without end at {:?}", core.now);
    }
    if heard > 0 {
        core.said.clear();
        sink.all_said(core.now, &core.facts);
    }
}

impl Observer for () {
    fn record(&mut self, _: Time, _: Signal, _: &Facts) {}
}
