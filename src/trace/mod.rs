//! Real input: arrival times of mail, the use of a phone and its network, as read from files by the edge.
//!
//! **Time.** An instant is RFC 3339 with its offset (`2026-03-02T09:00:00+01:00`) or whole
//! milliseconds since 1970 in UTC. Files come from other years than the one simulated, so by
//! default ([`Align::Week`]) all rows are moved by the same number of whole weeks, so many that the
//! first row falls into the first week from the origin. A row with an offset keeps its weekday and
//! its local time of day; a row in UTC (`Z`, or milliseconds) keeps those of UTC, so that it may be
//! an hour off on the dial where the season differs. What then lies before the origin, or at the
//! horizon or later, is dropped and counted in a note.
//!
//! **Rows** may stand in any order; they are sorted, with a note. A row that cannot be read is
//! refused with its line, what was found and what would be right; none is skipped in silence.

mod mail;
mod network;
mod table;
mod usage;

pub use mail::read_mail;
pub use network::read_network;
pub use usage::read_user;

use crate::time::{Span, Time};
use std::sync::Arc;

crate::choice! {
    /// How the time of a file is laid over the simulated span.
    pub enum Align {
        /// Moved by whole weeks, so that its first row falls into the first week from the origin.
        Week,
        /// As it stands.
        None,
    }
}

/// Real input of a scenario, shared by all devices.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// Arrival times, ascending, one list per mailbox, dealt out to devices in turn.
    pub mailboxes: Arc<Vec<Vec<Time>>>,
    /// Sessions, ascending, one list per user, dealt out to devices in turn.
    pub users: Arc<Vec<Vec<TraceSession>>>,
    /// Stretches with one network or none, ascending, one list per phone, dealt out to devices in turn.
    pub networks: Arc<Vec<Vec<TraceStretch>>>,
    /// What was sorted, dropped or repeated on reading.
    pub notes: Vec<String>,
}

impl Traces {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        let Traces { mailboxes, users, networks, notes: _ } = self;
        mailboxes.is_empty() && users.is_empty() && networks.is_empty()
    }
}

crate::choice! {
    /// What network there was.
    pub enum TracePath {
        /// None at all.
        None,
        /// Cellular.
        Cellular,
        /// Wi-Fi.
        Wifi,
    }
}

/// A stretch of time with one network, or with none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TraceStretch {
    /// When it began.
    pub from: Time,
    /// When it ended.
    pub until: Time,
    /// What there was.
    pub path: TracePath,
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
