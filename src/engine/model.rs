//! What a part of the phone is, and all that it can see and do.

use super::run::Core;
use super::slot::Slot;
use crate::clock::Clock;
use crate::dealing::{UNIT, key_of, quantile, user_of};
use crate::event::Dates;
use crate::persona::Persona;
use crate::policy::Policy;
use crate::random::{Streams, mix, normal_quantile};
use crate::section::Held;
use crate::signal::{Facts, Signal, SignalKinds};
use crate::time::{Span, Time};
use crate::units::Share;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Signals are handed from model to model by value, so none may carry much.
const _: () = assert!(size_of::<Signal>() <= 32);

/// The alarms of one model. They are private to it: a fieldless enum, one slot each.
///
/// ```
/// use bgsim::engine::Timer;
///
/// bgsim::timers! {
///     /// Alarms of a kettle.
///     Kettle {
///         /// It boils.
///         Boils,
///         /// It is cold again.
///         Cold,
///     }
/// }
/// assert_eq!(Kettle::ALL, [Kettle::Boils, Kettle::Cold]);
/// assert_eq!(Kettle::Cold.index(), 1);
/// ```
pub trait Timer: Copy + 'static {
    /// Every alarm, in the order that breaks ties within the model.
    const ALL: &'static [Self];
    /// The place of this alarm in `ALL`.
    fn index(self) -> u16;
}

/// Declares the alarms of a model.
#[macro_export]
macro_rules! timers {
    ($(#[$meta:meta])* $name:ident { $($(#[$what:meta])* $timer:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $($(#[$what])* $timer),+ }
        impl $crate::engine::Timer for $name {
            const ALL: &'static [$name] = &[$($name::$timer),+];
            fn index(self) -> u16 { self as u16 }
        }
    };
}

/// Everything a model is built from.
#[derive(Clone, Copy)]
pub struct Setup<'a, C> {
    /// The model's own section of the scenario.
    pub config: &'a C,
    /// What people decide.
    pub policy: &'a Policy,
    /// Who holds this phone.
    pub persona: &'a Persona,
    /// Local wall time, where the device is.
    pub clock: &'a Clock,
    /// Local wall time where its home is.
    pub home: &'a Clock,
    /// What happens on dates.
    pub dates: &'a Dates,
    /// The seed of the run.
    pub seed: u64,
    /// Random streams of this device, by name.
    pub streams: Streams,
    /// The group that this device is in.
    pub group: &'a str,
    /// Which of its members this device is.
    pub rank: u32,
    /// Real input, where the scenario names some.
    pub traces: &'a crate::trace::Traces,
    /// The horizon: nothing happens at or after it.
    pub end: Time,
}

impl<C> Setup<'_, C> {
    /// Which of so many users of a trace this device follows; the same in every trace of as many.
    pub fn user_of(&self, users: usize) -> usize {
        match u32::try_from(users) {
            Ok(users @ 1..) => user_of(key_of(&["trace", self.group]), users, self.rank) as usize,
            _ => 0,
        }
    }

    /// Whether this device is among a share of its group that has something: dealt by its place, so that round
    /// shares of round groups are met exactly, and a larger share moves only the devices that it must.
    pub fn is_among(&self, share: Share, what: &str) -> bool {
        let place = quantile(key_of(&["share", self.group, what]), self.rank.into());
        place < (share.get() * UNIT as f64).round() as u64
    }

    /// What this device, or who holds it, is by nature, as a standard normal variate. It is dealt by its place, so
    /// that the members of a group come evenly from the whole law and a few of them stand for all: devices differ
    /// more by what they are than by what happens to them, which is drawn. Another seed deals others, as evenly.
    pub fn by_nature(&self, what: &str) -> f64 {
        let key = mix(self.seed ^ mix(key_of(&["nature", self.group, what])));
        let place = quantile(key, self.rank.into());
        normal_quantile((place as f64 + 0.5) / UNIT as f64)
    }
}

/// A part of the phone. It hears signals and speaks in signals; its alarms are its own.
///
/// ```
/// use bgsim::engine::{Context, Model, Setup};
/// use bgsim::signal::{Signal, SignalKind, SignalKinds};
/// use bgsim::time::Span;
///
/// bgsim::section! {
///     /// What the kettle goes by.
///     pub struct Config {
///         /// How long it takes.
///         takes: Span = Span::MINUTE * 3, plausible("min", 1.0..10.0), assumed("an example");
///     }
/// }
///
/// bgsim::timers! { Alarm { Boils } }
///
/// /// Puts the kettle on when the phone is picked up, and is found by the user when it boils.
/// struct Kettle {
///     takes: Span,
/// }
///
/// impl Model for Kettle {
///     type Config = Config;
///     type Timer = Alarm;
///     const HEARS: SignalKinds = SignalKinds::of(&[SignalKind::PickedUp]);
///
///     fn new(setup: &Setup<'_, Config>) -> Kettle {
///         Kettle { takes: setup.config.takes }
///     }
///
///     fn start(&mut self, _: &mut Context<'_, Alarm>) {}
///
///     fn fire(&mut self, Alarm::Boils: Alarm, cx: &mut Context<'_, Alarm>) {
///         cx.say(Signal::Glanced(Span::SECOND));
///     }
///
///     fn hear(&mut self, _: Signal, cx: &mut Context<'_, Alarm>) {
///         cx.arm(Alarm::Boils, self.takes);
///     }
/// }
/// ```
pub trait Model: Sized {
    /// Its section of the scenario.
    type Config: Held + Serialize + DeserializeOwned + Default + Clone + PartialEq + std::fmt::Debug;
    /// Its alarms.
    type Timer: Timer;

    /// The signals it listens to; others are not passed to it, which saves most of the calls.
    const HEARS: SignalKinds = SignalKinds::ALL;

    /// Builds the model for one device.
    fn new(setup: &Setup<'_, Self::Config>) -> Self;
    /// Sets the part of the public state that holds before anything has happened.
    fn at_origin(&mut self, _facts: &mut Facts) {}
    /// Sets the first alarms.
    fn start(&mut self, cx: &mut Context<'_, Self::Timer>);
    /// One of its alarms is due.
    fn fire(&mut self, timer: Self::Timer, cx: &mut Context<'_, Self::Timer>);
    /// Other values of some keys of its section have been published and have reached the device.
    fn adopt(&mut self, _keys: &[&str], _from: &Self::Config, _facts: &Facts) {}
    /// Something public happened.
    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, Self::Timer>);
}

/// A model's view of the device: the time, the public state, its own alarms, its voice.
pub struct Context<'a, T> {
    core: &'a mut Core,
    base: u16,
    timers: PhantomData<T>,
}

impl<'a, T: Timer> Context<'a, T> {
    /// The view of the model whose first slot is `base`.
    pub fn new(core: &'a mut Core, base: u16) -> Context<'a, T> {
        Context { core, base, timers: PhantomData }
    }

    /// The time.
    pub fn now(&self) -> Time {
        self.core.now
    }

    /// The public state, with the signal being heard already in it.
    pub fn facts(&self) -> &Facts {
        &self.core.facts
    }

    /// Sets or moves an alarm to `after` from now.
    pub fn arm(&mut self, timer: T, after: Span) {
        let at = self.core.now + after;
        self.core.calendar.arm(Slot(self.base + timer.index()), at);
    }

    /// Sets or moves an alarm to an instant, which must not have passed.
    pub fn arm_at(&mut self, timer: T, at: Time) {
        debug_assert!(at >= self.core.now, "an alarm in the past");
        self.core.calendar.arm(Slot(self.base + timer.index()), at.max(self.core.now));
    }

    /// Takes an alarm back.
    pub fn disarm(&mut self, timer: T) {
        self.core.calendar.disarm(Slot(self.base + timer.index()));
    }

    /// Makes something public. It is heard, by all and in order, after the current handler.
    pub fn say(&mut self, signal: Signal) {
        self.core.said.push(signal);
    }
}
