//! Client (placeholder while the skeleton grows).

use crate::engine::{Cx, Model, Setup};
use crate::signal::Signal;

crate::section! {
    /// `[client]`
    pub struct Config {}
}

crate::timers! {
    /// Alarms.
    ClientTimer {
        /// Next.
        Next,
    }
}

/// Placeholder.
pub struct Client;

impl Model for Client {
    type Config = Config;
    type Timer = ClientTimer;
    fn new(_: &Setup<'_, Config>) -> Client {
        Client
    }
    fn start(&mut self, _: &mut Cx<'_, ClientTimer>) {}
    fn fire(&mut self, _: ClientTimer, _: &mut Cx<'_, ClientTimer>) {}
    fn hear(&mut self, _: Signal, _: &mut Cx<'_, ClientTimer>) {}
}
