//! When the system looks at what it has learnt. The learning itself is a fold of public signals
//! ([`crate::signal::Habits`]); this model only says when predictions are made anew.

use crate::engine::{Cx, Model, Setup};
use crate::signal::{HabitsProfile, Signal, Words};
use crate::time::Span;

crate::section! {
    /// `[habits]`
    pub struct Config {
        /// Which published description of the learner is used.
        profile: HabitsProfile = HabitsProfile::Ios26;
        /// Whether the phone may learn at all; `false` is a phone that stays new.
        learn: bool = true;
        /// How often predictions are made anew.
        refresh: Span = Span::HOUR * 6,
            plausible("h", 1.0..24.0), from(DASD, "usage prediction refreshed every 6 h"),
            within(Span::SECOND..=Span::hours(48));
    }
}

crate::timers! {
    /// Alarms of the learner.
    HabitsTimer {
        /// Predictions are due.
        Refresh,
    }
}

/// The learner's timetable.
pub struct Habits {
    config: Config,
}

impl Model for Habits {
    type Config = Config;
    type Timer = HabitsTimer;
    const HEARS: Words = Words::NONE;

    fn new(setup: &Setup<'_, Config>) -> Habits {
        Habits { config: setup.config.clone() }
    }

    fn start(&mut self, cx: &mut Cx<'_, HabitsTimer>) {
        if self.config.learn {
            cx.arm(HabitsTimer::Refresh, self.config.refresh);
        }
    }

    fn fire(&mut self, HabitsTimer::Refresh: HabitsTimer, cx: &mut Cx<'_, HabitsTimer>) {
        cx.say(Signal::HabitsRefreshed);
        cx.arm(HabitsTimer::Refresh, self.config.refresh);
    }

    fn hear(&mut self, _: Signal, _: &mut Cx<'_, HabitsTimer>) {}
}
