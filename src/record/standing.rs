//! What stands in the way of mail, and what of the key is in reach while the device is locked.

use crate::client::{DelayCause, blocker, key_readable_without_process};
use crate::signal::{Facts, Lock};
use crate::time::Time;

/// How things stand since a look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Standing {
    at: Time,
    /// What a mail waits for that no running check sees.
    pub(super) cause: DelayCause,
    /// Whether the device is unlocked.
    pub(super) unlocked: bool,
    /// Whether the key is readable without a process, on a locked device.
    pub(super) readable_while_locked: bool,
    /// Whether it is in memory, on a locked device.
    pub(super) in_memory_while_locked: bool,
}

impl Standing {
    /// Before the first look.
    pub(super) const UNKNOWN: Standing = Standing {
        at: Time::ORIGIN,
        cause: DelayCause::NotScheduled,
        unlocked: false,
        readable_while_locked: false,
        in_memory_while_locked: false,
    };

    /// A look.
    pub(super) fn of(facts: &Facts, at: Time) -> Standing {
        let unlocked = facts.lock == Lock::Unlocked;
        let locked = !unlocked;
        Standing {
            at,
            cause: blocker(facts, at),
            unlocked: unlocked && !facts.powered_off,
            readable_while_locked: locked && key_readable_without_process(facts),
            in_memory_while_locked: locked && facts.key_in_memory,
        }
    }

    /// Whether nothing has changed since but the time.
    pub(super) fn still_holds(self, facts: &Facts) -> bool {
        self == Standing::of(facts, self.at)
    }
}
