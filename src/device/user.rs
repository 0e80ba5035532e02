//! User (placeholder while the skeleton grows).

use crate::engine::{Cx, Model, Setup};
use crate::signal::Signal;

crate::section! {
    /// `[user]`
    pub struct Config {}
}

crate::timers! {
    /// Alarms.
    UserTimer {
        /// Next.
        Next,
    }
}

/// Placeholder.
pub struct User;

impl Model for User {
    type Config = Config;
    type Timer = UserTimer;
    fn new(_: &Setup<'_, Config>) -> User {
        User
    }
    fn start(&mut self, _: &mut Cx<'_, UserTimer>) {}
    fn fire(&mut self, _: UserTimer, _: &mut Cx<'_, UserTimer>) {}
    fn hear(&mut self, _: Signal, _: &mut Cx<'_, UserTimer>) {}
}
