//! The states of process and device that the rows of the table stand for.

use crate::policy::Policy;
use crate::signal::{Ended, Facts, Lock, Network, Process};
use crate::time::Span;
use strum::{VariantArray, VariantNames};

crate::named!(State);

/// A state of process and device, in the order of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// The user opens the client.
    Opened,
    /// Suspended in memory, device unlocked.
    SuspendedUnlocked,
    /// Suspended in memory, device locked.
    SuspendedLocked,
    /// Ended by the system, launched while unlocked.
    LaunchedUnlocked,
    /// Ended by the system, launched while just locked.
    LaunchedInGrace,
    /// Ended by the system, launched while locked.
    LaunchedLocked,
    /// The same, when the last authentication has become too old.
    LaunchedLockedLong,
    /// Restarted and not yet unlocked.
    BeforeFirstUnlock,
    /// Swiped away by the user.
    ForceQuit,
    /// Not opened for so long that the system stops its background work.
    Unused,
    /// Background App Refresh is off.
    RefreshOff,
    /// Low Power Mode, on battery.
    LowPowerOnBattery,
    /// Low Power Mode, on a charger.
    LowPowerOnCharger,
    /// No network.
    NoNetwork,
    /// Outside working hours.
    OutsideHours,
}

impl State {
    /// The state in words, the lengths being those of the policy.
    pub fn words(self, policy: &Policy) -> String {
        let words = match self {
            State::LaunchedInGrace => {
                let grace = policy.keychain_lock_grace;
                return format!("ended by the system, launched within {grace} of locking");
            }
            State::LaunchedLockedLong => {
                return format!("ended by the system, launched locked for over {}", policy.max_age);
            }
            State::Opened => "user opens the client",
            State::SuspendedUnlocked => "suspended in memory, unlocked",
            State::SuspendedLocked => "suspended in memory, locked",
            State::LaunchedUnlocked => "ended by the system, launched unlocked",
            State::LaunchedLocked => "ended by the system, launched locked",
            State::BeforeFirstUnlock => "after a restart, before the first unlock",
            State::ForceQuit => "force-quit by the user",
            State::Unused => "not opened for a long time",
            State::RefreshOff => "Background App Refresh off",
            State::LowPowerOnBattery => "Low Power Mode, on battery",
            State::LowPowerOnCharger => "Low Power Mode, on a charger",
            State::NoNetwork => "no network",
            State::OutsideHours => "outside working hours, unlocked",
        };
        words.into()
    }

    pub(super) fn set(self, facts: &mut Facts, grace: Span) {
        let unlocked = !matches!(
            self,
            State::SuspendedLocked
                | State::LaunchedInGrace
                | State::LaunchedLocked
                | State::LaunchedLockedLong
                | State::BeforeFirstUnlock
        );
        facts.lock = if unlocked { Lock::Unlocked } else { Lock::Locked };
        facts.keychain_open = unlocked || (self == State::LaunchedInGrace && grace > Span::ZERO);
        let ended = match self {
            State::LaunchedUnlocked | State::LaunchedInGrace => Some(Ended::Memory),
            State::LaunchedLocked | State::LaunchedLockedLong => Some(Ended::Memory),
            State::BeforeFirstUnlock => Some(Ended::Reboot),
            State::ForceQuit => Some(Ended::ForceQuit),
            _ => None,
        };
        facts.process = ended.map_or(facts.process, Process::NotRunning);
        match self {
            State::Opened => facts.process = Process::Foreground,
            State::BeforeFirstUnlock => facts.lock = Lock::BeforeFirstUnlock,
            State::NoNetwork => facts.network = Network::None,
            _ => {}
        }
        facts.authorized &= self != State::LaunchedLockedLong;
        facts.force_quit |= self == State::ForceQuit;
        facts.unused_app |= self == State::Unused;
        facts.refresh_off |= self == State::RefreshOff;
        facts.low_power_mode |= matches!(self, State::LowPowerOnBattery | State::LowPowerOnCharger);
        facts.plugged_in |= self == State::LowPowerOnCharger;
    }
}
