//! Why a mail waits. A cause of delay is declared here, with its name, its words, and when it stands in the
//! way; the order of the causes says which is booked where several do.

use super::keys::{Ground, key_access};
use crate::policy::Policy;
use crate::signal::{Facts, KeyFailure, KeySource, Network, Word, Words};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

crate::named!(Cause);

/// Why a mail waits, in the order in which the first that applies is the cause.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, VariantArray, VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
    /// The cause in plain words.
    pub const fn words(self) -> &'static str {
        match self {
            Cause::Checking => "check running",
            Cause::NoNetwork => "no network",
            Cause::RefreshOff => "background refresh off",
            Cause::ForceQuit => "swiped away by the user",
            Cause::UnusedApp => "not opened for too long",
            Cause::LowPower => "low power",
            Cause::BeforeFirstUnlock => "not unlocked since restart",
            Cause::KeychainLocked => "keychain locked",
            Cause::NeedsAppFlip => "key needs an app flip",
            Cause::KeyNotStored => "key not stored",
            Cause::AuthorizationExpired => "authentication too old",
            Cause::Budget => "system budget exhausted",
            Cause::NotScheduled => "not scheduled by iOS",
        }
    }

    /// Whether it stands in the way of a mail that waits and is not seen by a running check, given what
    /// came of asking for the key. All that is asked for here is told by [`BLOCKER_READS`].
    #[inline(always)]
    fn stands(self, facts: &Facts, now: Time, key: Result<KeySource, KeyFailure>) -> bool {
        let lacks_key = || key.is_err_and(|reason| Cause::from(reason) == self);
        match self {
            // An open client that is online knows of all mail but what it is just looking for.
            Cause::Checking => facts.sees_mail_at_once(),
            Cause::NoNetwork => facts.network == Network::None,
            Cause::RefreshOff => facts.by_request && facts.refresh_off,
            Cause::ForceQuit => facts.by_request && facts.force_quit,
            Cause::UnusedApp => facts.by_request && facts.unused_app,
            Cause::LowPower => {
                facts.by_request && (facts.low_power_enforced(now) || facts.critically_low(now))
                    || lacks_key()
            }
            Cause::BeforeFirstUnlock
            | Cause::KeychainLocked
            | Cause::NeedsAppFlip
            | Cause::KeyNotStored
            | Cause::AuthorizationExpired => lacks_key(),
            Cause::Budget => facts.by_request && facts.budget_denies,
            Cause::NotScheduled => true,
        }
    }
}

/// What a mail waits for where the key cannot be had.
impl From<KeyFailure> for Cause {
    fn from(reason: KeyFailure) -> Cause {
        match reason {
            KeyFailure::BeforeFirstUnlock => Cause::BeforeFirstUnlock,
            KeyFailure::KeychainLocked => Cause::KeychainLocked,
            KeyFailure::NeedsAppFlip => Cause::NeedsAppFlip,
            KeyFailure::KeyNotStored => Cause::KeyNotStored,
            KeyFailure::AuthorizationExpired => Cause::AuthorizationExpired,
            KeyFailure::LowPower => Cause::LowPower,
        }
    }
}

/// The blocker of a mail that waits and is not seen by a running check: the first cause that stands in its
/// way.
pub fn blocker(policy: &Policy, facts: &Facts, now: Time) -> Cause {
    let key = key_access(policy, facts, Ground::Background);
    let first = Cause::ALL.into_iter().find(|cause| cause.stands(facts, now, key));
    first.expect("the last one always stands")
}

/// The signals that change what [`blocker`] reads, and what [`key_access`] and
/// [`key_readable_without_process`](super::key_readable_without_process) do: between two of them all three
/// give the same answer.
pub const BLOCKER_READS: Words = Words::of(&[
    Word::PickedUp,
    Word::Glanced,
    Word::PutDown,
    Word::ClientOpened,
    Word::ForceQuit,
    Word::Unlocked,
    Word::Locked,
    Word::KeychainClosed,
    Word::Rebooted,
    Word::Network,
    Word::PluggedIn,
    Word::Unplugged,
    Word::Battery,
    Word::LowPowerMode,
    Word::UnusedApp,
    Word::BudgetDenies,
    Word::Process,
    Word::KeyRead,
    Word::KeyDropped,
    Word::KeyStored,
    Word::AuthorizationExpired,
]);
