//! Power (placeholder while the skeleton grows).

use crate::engine::{Cx, Model, Setup};
use crate::signal::Signal;

crate::section! {
    /// `[power]`
    pub struct Config {}
}

crate::timers! {
    /// Alarms.
    PowerTimer {
        /// Next.
        Next,
    }
}

/// Placeholder.
pub struct Power;

impl Model for Power {
    type Config = Config;
    type Timer = PowerTimer;
    fn new(_: &Setup<'_, Config>) -> Power {
        Power
    }
    fn start(&mut self, _: &mut Cx<'_, PowerTimer>) {}
    fn fire(&mut self, _: PowerTimer, _: &mut Cx<'_, PowerTimer>) {}
    fn hear(&mut self, _: Signal, _: &mut Cx<'_, PowerTimer>) {}
}
