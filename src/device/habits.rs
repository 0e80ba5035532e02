//! When the system looks at what it has learnt. The learning itself is a fold of public signals
//! ([`crate::signal::Habits`]); this model only says when predictions are made anew.

use crate::engine::{Cx, Model, Setup};
use crate::signal::{HabitsConfig, Signal, Words};

crate::timers! {
    /// Alarms of the learner.
    HabitsTimer {
        /// Predictions are due.
        Refresh,
    }
}

/// The learner's timetable.
pub struct Habits {
    config: HabitsConfig,
}

impl Model for Habits {
    type Config = HabitsConfig;
    type Timer = HabitsTimer;
    const HEARS: Words = Words::NONE;

    fn new(setup: &Setup<'_, HabitsConfig>) -> Habits {
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
