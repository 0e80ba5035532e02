//! Memory (placeholder while the skeleton grows).

use crate::engine::{Cx, Model, Setup};
use crate::signal::Signal;

crate::section! {
    /// `[memory]`
    pub struct Config {}
}

crate::timers! {
    /// Alarms.
    MemoryTimer {
        /// Next.
        Next,
    }
}

/// Placeholder.
pub struct Memory;

impl Model for Memory {
    type Config = Config;
    type Timer = MemoryTimer;
    fn new(_: &Setup<'_, Config>) -> Memory {
        Memory
    }
    fn start(&mut self, _: &mut Cx<'_, MemoryTimer>) {}
    fn fire(&mut self, _: MemoryTimer, _: &mut Cx<'_, MemoryTimer>) {}
    fn hear(&mut self, _: Signal, _: &mut Cx<'_, MemoryTimer>) {}
}
