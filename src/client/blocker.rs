//! The one condition that now keeps a waiting mail from being told.

use super::keys::{Ground, key_access};
use crate::policy::Policy;
use crate::signal::{Facts, KeyFailure, Network, Process};
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// Why a mail waits, in the order in which the first that applies is the cause.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A check that will see this mail is running.
    Checking,
    /// No network.
    NoNetwork,
    /// Background App Refresh is off.
    RefreshOff,
    /// The user has swiped the client away.
    ForceQuit,
    /// The client was not opened for too long.
    UnusedApp,
    /// Low Power Mode, or a critically low battery.
    LowPower,
    /// The device restarted and was not unlocked since.
    BeforeFirstUnlock,
    /// The keychain item is closed while the device is locked.
    KeychainLocked,
    /// Only an app flip would give the key.
    NeedsAppFlip,
    /// The key was never stored.
    KeyNotStored,
    /// The user authenticated too long ago.
    AuthorizationExpired,
    /// The energy or data budget is exhausted.
    Budget,
    /// Every other refusal of the scheduler, and waiting for its next decision.
    NotScheduled,
}

impl Cause {
    /// Every cause, in order.
    pub const ALL: [Cause; 13] = [
        Cause::Checking,
        Cause::NoNetwork,
        Cause::RefreshOff,
        Cause::ForceQuit,
        Cause::UnusedApp,
        Cause::LowPower,
        Cause::BeforeFirstUnlock,
        Cause::KeychainLocked,
        Cause::NeedsAppFlip,
        Cause::KeyNotStored,
        Cause::AuthorizationExpired,
        Cause::Budget,
        Cause::NotScheduled,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Cause::Checking => "checking",
            Cause::NoNetwork => "no_network",
            Cause::RefreshOff => "refresh_off",
            Cause::ForceQuit => "force_quit",
            Cause::UnusedApp => "unused_app",
            Cause::LowPower => "low_power",
            Cause::BeforeFirstUnlock => "before_first_unlock",
            Cause::KeychainLocked => "keychain_locked",
            Cause::NeedsAppFlip => "needs_app_flip",
            Cause::KeyNotStored => "key_not_stored",
            Cause::AuthorizationExpired => "authorization_expired",
            Cause::Budget => "budget",
            Cause::NotScheduled => "not_scheduled",
        }
    }
}

/// The blocker of a mail that waits and is not seen by a running check.
pub fn blocker(policy: &Policy, facts: &Facts, now: Time) -> Cause {
    if facts.network == Network::None {
        return Cause::NoNetwork;
    }
    if facts.process == Process::Foreground {
        // An open client that is online knows of all mail but what it is just looking for.
        return Cause::Checking;
    }
    if facts.by_request {
        if facts.refresh_off {
            return Cause::RefreshOff;
        }
        if facts.force_quit {
            return Cause::ForceQuit;
        }
        if facts.unused_app {
            return Cause::UnusedApp;
        }
        if facts.low_power_enforced(now) || facts.critically_low(now) {
            return Cause::LowPower;
        }
    }
    match key_access(policy, facts, Ground::Background) {
        Err(KeyFailure::LowPower) => Cause::LowPower,
        Err(KeyFailure::BeforeFirstUnlock) => Cause::BeforeFirstUnlock,
        Err(KeyFailure::KeychainLocked) => Cause::KeychainLocked,
        Err(KeyFailure::NeedsAppFlip) => Cause::NeedsAppFlip,
        Err(KeyFailure::KeyNotStored) => Cause::KeyNotStored,
        Err(KeyFailure::AuthorizationExpired) => Cause::AuthorizationExpired,
        Ok(_) if facts.by_request && facts.budget_denies => Cause::Budget,
        Ok(_) => Cause::NotScheduled,
    }
}
