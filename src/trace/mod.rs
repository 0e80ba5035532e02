//! Real input: arrival times of mail, the use of a phone, its network and its power, as read from files by the edge.
//!
//! **Time.** An instant is RFC 3339 with its offset (`2026-03-02T09:00:00+01:00`), whole
//! milliseconds since 1970 in UTC, or what the wall clock showed in the time zone of the scenario
//! (`2026-03-02 09:00`, `02.03.2026 09:00`, `02/03/2026 9:00 AM`). Whether the day or the month comes
//! first in a date with slashes, all rows decide together, or [`Dates`] says it; it is never guessed. Files come from other years than the one simulated, so by
//! default ([`Align::Week`]) all rows are moved by the same number of whole weeks, so many that the
//! first row falls into the first week from the origin. A row with an offset, or of the wall clock, keeps its weekday and
//! its local time of day; a row in UTC (`Z`, or milliseconds) keeps those of UTC, so that it may be
//! an hour off on the dial where the season differs. What then lies before the origin, or at the
//! horizon or later, is dropped and counted in a note.
//!
//! **Rows** may stand in any order; they are sorted, with a note. A row that cannot be read is
//! refused with its line, what was found and what would be right; none is skipped in silence.

mod align;
mod columns;
mod mail;
mod network;
mod power;
mod repeat;
mod stamp;
mod table;
mod text;
mod usage;

pub use columns::{MailColumns, NetworkColumns, PowerColumns, UserColumns};
pub use mail::read_mail;
pub use network::read_network;
pub use power::read_power;
pub use repeat::Repeat;
pub(crate) use text::{delimiter, in_utf8};
pub use usage::read_user;

use crate::clock::Clock;
use crate::time::{Span, Time};
use crate::units::Share;
use jiff::tz::TimeZone;
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

crate::choice! {
    /// What comes first in a date with slashes.
    pub enum Dates {
        /// The day: 02/03/2026 is in March.
        DayFirst,
        /// The month: 02/03/2026 is in February.
        MonthFirst,
    }
}

/// How a file is read, and over what it is laid.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// What the file is called in messages.
    pub label: &'a str,
    /// How its time is laid over the simulated span.
    pub align: Align,
    /// What comes first in its dates with slashes; its rows decide where nothing is said.
    pub dates: Option<Dates>,
    /// Where the wall clock hung that its times without an offset are of.
    pub zone: TimeZone,
    /// The clock of the simulated span.
    pub clock: &'a Clock,
    /// Where what is measured begins.
    pub start: Time,
    /// Where both end.
    pub end: Time,
}

impl<'a> Reading<'a> {
    /// A reading of a file whose times without an offset are of UTC; all of the span is measured.
    pub fn new(label: &'a str, align: Align, clock: &'a Clock, end: Time) -> Reading<'a> {
        Reading { label, align, dates: None, zone: TimeZone::UTC, clock, start: Time::ORIGIN, end }
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
    /// What was known of charge and charger, ascending, one list per phone, dealt out to devices in turn.
    pub batteries: Arc<Vec<Vec<TraceLevel>>>,
    /// What was sorted, dropped or repeated on reading.
    pub notes: Vec<String>,
}

impl Traces {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        let Traces { mailboxes, users, networks, batteries, notes: _ } = self;
        mailboxes.is_empty() && users.is_empty() && networks.is_empty() && batteries.is_empty()
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

/// What was known of the power of a phone at an instant.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct TraceLevel {
    /// When.
    pub at: Time,
    /// The charge.
    pub charge: Share,
    /// Whether a charger was connected from there on.
    pub plugged_in: bool,
    /// Whether Low Power Mode was on from there on, if the record says so.
    pub low_power_mode: Option<bool>,
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
