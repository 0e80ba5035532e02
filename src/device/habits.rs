//! When the system looks at what it has learnt. The learning itself is a fold of public signals
//! ([`crate::signal::Habits`]); this model only says when predictions are made anew.

use crate::engine::{Context, Model, Setup};
use crate::signal::{HabitsConfig, Signal, SignalKinds};

crate::timers! {
    /// Alarms of the learner.
    HabitsTimer {
        /// Predictions are due.
        Refresh,
    }
}

/// The learner's timetable.
pub struct HabitsModel {
    config: HabitsConfig,
}

impl Model for HabitsModel {
    type Config = HabitsConfig;
    type Timer = HabitsTimer;
    const HEARS: SignalKinds = SignalKinds::NONE;

    fn new(setup: &Setup<'_, HabitsConfig>) -> HabitsModel {
        HabitsModel { config: setup.config.clone() }
    }

    fn start(&mut self, cx: &mut Context<'_, HabitsTimer>) {
        if self.config.learn {
            cx.arm(HabitsTimer::Refresh, self.config.refresh);
        }
    }

    fn fire(&mut self, HabitsTimer::Refresh: HabitsTimer, cx: &mut Context<'_, HabitsTimer>) {
        cx.say(Signal::HabitsRefreshed);
        cx.arm(HabitsTimer::Refresh, self.config.refresh);
    }

    fn hear(&mut self, _: Signal, _: &mut Context<'_, HabitsTimer>) {}
}
