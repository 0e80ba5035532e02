//! The words and looks of a day's states.

use super::charts::day::Tone;
use crate::client::Cause;
use crate::signal::{Ended, KeySource, Lock, Network, Process};
use crate::timeline::{Lane, Power, State};

/// What a strip is called.
pub(super) const fn strip(lane: Lane) -> &'static str {
    match lane {
        Lane::InTheWay => "Mail waits because",
        Lane::Key => "Key in background",
        Lane::Lock => "Phone",
        Lane::Process => "Mail client",
        Lane::Network => "Network",
        Lane::Power => "Power",
    }
}

/// A state in words and how it looks; `None` where nothing is to be shown.
pub(super) fn state(state: State) -> Option<(String, Tone)> {
    let (words, tone) = match state {
        State::InTheWay(None) => return None,
        State::InTheWay(Some(cause)) => return Some((spaced(cause.name()), in_the_way(cause))),
        State::Key(Ok(KeySource::Memory)) => ("in memory", Tone::Strong),
        State::Key(Ok(KeySource::Keychain | KeySource::Flip)) => ("readable", Tone::Strong),
        State::Key(Err(reason)) => return Some((spaced(reason.name()), Tone::Pale)),
        State::Lock(Lock::Unlocked) => ("unlocked", Tone::Strong),
        State::Lock(Lock::Locked) => ("locked", Tone::Pale),
        State::Lock(Lock::BeforeFirstUnlock) => ("before first unlock", Tone::Alarm),
        State::Process(process) => client(process),
        State::Network(Network::Wifi) => ("Wi-Fi", Tone::Pale),
        State::Network(Network::Cellular) => ("cellular", Tone::Middle),
        State::Network(Network::None) => ("no network", Tone::Slate),
        State::Power(Power::Charger) => ("charger", Tone::Middle),
        State::Power(Power::Battery) => ("battery", Tone::Pale),
        State::Power(Power::ChargerLowPowerMode) => ("Low Power, charger", Tone::Middle),
        State::Power(Power::LowPowerMode) => ("Low Power Mode", Tone::Slate),
        State::Power(Power::Low) => ("below 20 %", Tone::Slate),
    };
    Some((words.into(), tone))
}

/// Lack of a key is the policy's doing, waiting is the system's, the rest is network, power and user.
const fn in_the_way(cause: Cause) -> Tone {
    match cause {
        Cause::Checking => Tone::Strong,
        Cause::NotScheduled | Cause::Budget => Tone::Middle,
        Cause::BeforeFirstUnlock
        | Cause::KeychainLocked
        | Cause::NeedsAppFlip
        | Cause::KeyNotStored
        | Cause::AuthorizationExpired => Tone::Alarm,
        Cause::NoNetwork | Cause::RefreshOff | Cause::ForceQuit | Cause::UnusedApp | Cause::LowPower => {
            Tone::Slate
        }
    }
}

const fn client(process: Process) -> (&'static str, Tone) {
    match process {
        Process::Foreground | Process::BackgroundRunning => ("running", Tone::Strong),
        Process::Suspended => ("suspended", Tone::Pale),
        Process::NotRunning(Ended::Memory) => ("ended for memory", Tone::Middle),
        Process::NotRunning(Ended::Power) => ("ended to save power", Tone::Middle),
        Process::NotRunning(Ended::Reboot) => ("ended by a restart", Tone::Middle),
        Process::NotRunning(Ended::Refused) => ("launch refused", Tone::Alarm),
        Process::NotRunning(Ended::ForceQuit) => ("swiped away", Tone::Slate),
    }
}

/// A name of the record as words.
pub(super) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}
