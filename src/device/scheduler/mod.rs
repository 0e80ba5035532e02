//! Scheduler (placeholder while the skeleton grows).

use crate::engine::{Cx, Model, Setup};
use crate::signal::Signal;

crate::section! {
    /// `[scheduler]`
    pub struct Config {}
}

crate::timers! {
    /// Alarms.
    SchedulerTimer {
        /// Next.
        Next,
    }
}

/// Placeholder.
pub struct Scheduler;

impl Model for Scheduler {
    type Config = Config;
    type Timer = SchedulerTimer;
    fn new(_: &Setup<'_, Config>) -> Scheduler {
        Scheduler
    }
    fn start(&mut self, _: &mut Cx<'_, SchedulerTimer>) {}
    fn fire(&mut self, _: SchedulerTimer, _: &mut Cx<'_, SchedulerTimer>) {}
    fn hear(&mut self, _: Signal, _: &mut Cx<'_, SchedulerTimer>) {}
}
