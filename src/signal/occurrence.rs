//! What the dated events of a scenario bring about on a device.

use super::Battery;
use std::fmt;

/// Something that was published, by its place among all that is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ChangeId(pub u16);

/// What a dated event brings about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Occurrence {
    /// The device restarts.
    Restart,
    /// Whether there is no network wherever the device is.
    Offline(bool),
    /// The battery has this charge all at once, in parts of 10^12.
    Charge(u64),
    /// The clock is taken elsewhere, where it is so many minutes ahead of UTC.
    Elsewhere(i32),
    /// The device is given back: its measured life ends.
    Retired,
    /// What the client and its keychain hold is wiped, and the client is gone.
    Wiped,
    /// Settings were published for this device.
    Published(ChangeId),
    /// All of them have reached it.
    Reached(ChangeId),
    /// Whether no push is sent to the device.
    NoPush(bool),
    /// Pushes have ended for good.
    PushEnded,
}

impl fmt::Display for Occurrence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Occurrence::Restart => out.write_str("restart"),
            Occurrence::Offline(offline) => write!(out, "offline={offline}"),
            Occurrence::Charge(charge) => write!(out, "charge={} %", Battery::percent(*charge)),
            Occurrence::Elsewhere(minutes) => write!(out, "ahead_of_utc={minutes}min"),
            Occurrence::Retired => out.write_str("retired"),
            Occurrence::Wiped => out.write_str("wiped"),
            Occurrence::Published(ChangeId(change)) => write!(out, "published={change}"),
            Occurrence::Reached(ChangeId(change)) => write!(out, "reached={change}"),
            Occurrence::NoPush(none) => write!(out, "no_push={none}"),
            Occurrence::PushEnded => out.write_str("push_ended"),
        }
    }
}
