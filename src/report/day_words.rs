//! The words and looks of a day's states.

use super::cause_looks::words;
use super::charts::day::Tone;
use super::terms::Terms;
use crate::client::DelayCause;
use crate::signal::{Ended, KeyFailure, KeySource, Lock, Network, Process};
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

/// A state in words and how it looks; `None` where nothing is to be shown. A state of network or lock that
/// is itself a cause of delay looks like that cause.
pub(super) fn state(state: State, terms: Terms) -> Option<(String, Tone)> {
    let (text, tone) = match state {
        State::InTheWay(None) => return None,
        State::InTheWay(Some(cause)) => (words(cause, terms), Tone::Cause(cause)),
        State::Key(Ok(KeySource::Memory)) => ("in memory", Tone::Strong),
        State::Key(Ok(KeySource::Keychain | KeySource::Flip)) => ("readable", Tone::Middle),
        State::Key(Err(reason)) => no_key(reason, terms),
        State::Lock(Lock::Unlocked) => ("unlocked", Tone::Strong),
        State::Lock(Lock::Locked) => ("locked", Tone::Pale),
        State::Lock(Lock::BeforeFirstUnlock) => {
            ("not unlocked since restart", Tone::Cause(DelayCause::BeforeFirstUnlock))
        }
        State::Process(process) => client(process),
        State::Network(Network::Wifi) => ("Wi-Fi", Tone::Pale),
        State::Network(Network::Cellular) => ("cellular", Tone::Middle),
        State::Network(Network::None) => ("no network", Tone::Cause(DelayCause::NoNetwork)),
        State::Power(Power::Charger) => ("charger", Tone::Middle),
        State::Power(Power::Battery) => ("battery", Tone::Pale),
        State::Power(Power::ChargerLowPowerMode) => ("Low Power, charger", Tone::Sand),
        State::Power(Power::LowPowerMode) => ("Low Power Mode", Tone::Slate),
        State::Power(Power::Low) => ("critically low", Tone::Alarm),
        State::Power(Power::Off) => ("off", Tone::Cause(DelayCause::DeviceOff)),
    };
    Some((text.into(), tone))
}

/// Why there is no key, in the words of the delay that comes of it. Most policies lack it most of the day,
/// so that what is usual is pale here.
fn no_key(reason: KeyFailure, terms: Terms) -> (&'static str, Tone) {
    let cause = DelayCause::from(reason);
    let tone = match reason {
        KeyFailure::NeedsAppFlip => Tone::Pale,
        KeyFailure::KeychainLocked => Tone::Sand,
        KeyFailure::AuthorizationExpired => Tone::Alarm,
        KeyFailure::LowPower => Tone::Slate,
        KeyFailure::KeyNotStored => Tone::Plum,
        KeyFailure::BeforeFirstUnlock | KeyFailure::KeyLost | KeyFailure::KeychainError => Tone::Cause(cause),
    };
    (words(cause, terms), tone)
}

const fn client(process: Process) -> (&'static str, Tone) {
    match process {
        Process::Foreground | Process::BackgroundRunning => ("running", Tone::Strong),
        Process::Suspended => ("suspended", Tone::Pale),
        Process::NotRunning(Ended::Memory) => ("ended for memory", Tone::Middle),
        Process::NotRunning(Ended::Power) => ("ended to save power", Tone::Sand),
        Process::NotRunning(Ended::Reboot) => ("ended by a restart", Tone::Plum),
        Process::NotRunning(Ended::Update) => ("ended by an update", Tone::Moss),
        Process::NotRunning(Ended::Crash) => ("crashed", Tone::Rust),
        Process::NotRunning(Ended::Watchdog) => ("ended by the watchdog", Tone::Soot),
        Process::NotRunning(Ended::Removed) => ("removed from the device", Tone::Lichen),
        Process::NotRunning(Ended::Refused) => ("launch refused", Tone::Alarm),
        Process::NotRunning(Ended::ForceQuit) => ("swiped away", Tone::Slate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_states_of_a_strip_look_alike() {
        let mut ended: Vec<State> = Ended::ALL.map(|ended| State::Process(Process::NotRunning(ended))).into();
        ended.extend([Process::Suspended, Process::Foreground].map(State::Process));
        let mut keys: Vec<State> = KeyFailure::ALL.map(|reason| State::Key(Err(reason))).into();
        keys.extend([KeySource::Memory, KeySource::Keychain].map(|source| State::Key(Ok(source))));
        let strips = [
            DelayCause::ALL.map(|cause| State::InTheWay(Some(cause))).to_vec(),
            keys,
            Lock::ALL.map(State::Lock).to_vec(),
            ended,
            Network::ALL.map(State::Network).to_vec(),
            Power::ALL.map(State::Power).to_vec(),
        ];
        for strip in strips {
            let tones: BTreeSet<Tone> =
                strip.iter().filter_map(|of| state(*of, Terms::default())).map(|shown| shown.1).collect();
            assert_eq!(tones.len(), strip.len(), "{strip:?}");
        }
    }
}
