//! Lock state (placeholder while the skeleton grows).

use crate::engine::{Cx, Model, Setup};
use crate::signal::Signal;

crate::section! {
    /// `[lock]`
    pub struct Config {}
}

crate::timers! {
    /// Alarms.
    LockTimer {
        /// Next.
        Next,
    }
}

/// Placeholder.
pub struct Lock;

impl Model for Lock {
    type Config = Config;
    type Timer = LockTimer;
    fn new(_: &Setup<'_, Config>) -> Lock {
        Lock
    }
    fn start(&mut self, _: &mut Cx<'_, LockTimer>) {}
    fn fire(&mut self, _: LockTimer, _: &mut Cx<'_, LockTimer>) {}
    fn hear(&mut self, _: Signal, _: &mut Cx<'_, LockTimer>) {}
}
