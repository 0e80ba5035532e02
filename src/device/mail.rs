//! Mail (placeholder while the skeleton grows).

use crate::engine::{Cx, Model, Setup};
use crate::signal::Signal;

crate::section! {
    /// `[mail]`
    pub struct Config {}
}

crate::timers! {
    /// Alarms.
    MailTimer {
        /// Next.
        Next,
    }
}

/// Placeholder.
pub struct Mail;

impl Model for Mail {
    type Config = Config;
    type Timer = MailTimer;
    fn new(_: &Setup<'_, Config>) -> Mail {
        Mail
    }
    fn start(&mut self, _: &mut Cx<'_, MailTimer>) {}
    fn fire(&mut self, _: MailTimer, _: &mut Cx<'_, MailTimer>) {}
    fn hear(&mut self, _: Signal, _: &mut Cx<'_, MailTimer>) {}
}
