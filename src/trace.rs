//! Real input: arrival times of mail and the use of a phone, as read from files by the edge.

use crate::time::{Span, Time};
use std::sync::Arc;

/// Real input of a scenario, shared by all devices.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// Arrival times, ascending, one list per mailbox, dealt out to devices in turn.
    pub mailboxes: Arc<Vec<Vec<Time>>>,
    /// Sessions, ascending, one list per user, dealt out to devices in turn.
    pub users: Arc<Vec<Vec<TraceSession>>>,
}

/// One time the screen was on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TraceSession {
    /// When the screen went on.
    pub from: Time,
    /// When it went off.
    pub until: Time,
    /// Whether the device was unlocked; otherwise it was a glance.
    pub unlocked: bool,
    /// When the mail client came into focus, and for how long.
    pub client: Option<(Time, Span)>,
}
