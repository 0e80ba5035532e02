//! The words of a story: states, causes, keys and signals as an engineer would say them.

use super::cause_looks::sentence;
use super::human::trimmed;
use super::terms::{Keeper, Terms};
use crate::client::DelayCause;
use crate::clock::Clock;
use crate::signal::{
    Battery, CheckResult, Ended, ExtensionFailure, Facts, Held, HerdQuiet, KeyFailure, KeySource, Lock,
    Network, Occurrence, Pressure, Process, PushStage, Reason, ScreenOff, Signal, Termination, Trigger,
};
use crate::time::Time;

/// `Tue 2026-03-03`
pub(super) fn day(clock: &Clock, at: Time) -> String {
    clock.wall(at).strftime("%a %F").to_string()
}

/// `22:14:07`
pub(super) fn dial(clock: &Clock, at: Time) -> String {
    clock.wall(at).strftime("%T").to_string()
}

/// `Tue 2026-03-03 22:14:07`
pub(super) fn stamp(clock: &Clock, at: Time) -> String {
    clock.wall(at).strftime("%a %F %T").to_string()
}

/// The dial, with the day where it is not that of `day_of`.
pub(super) fn dial_from(clock: &Clock, at: Time, day_of: Time) -> String {
    if clock.local(at).day == clock.local(day_of).day { dial(clock, at) } else { stamp(clock, at) }
}

/// `In the way: ...`
pub(super) fn in_the_way(blocker: DelayCause, terms: Terms) -> String {
    format!("{} ({})", blocker.name(), sentence(blocker, terms))
}

/// What came of asking for the key.
pub(super) const fn key(key: Result<KeySource, KeyFailure>, terms: Terms) -> &'static str {
    match (terms.keeper, key) {
        (Keeper::Files, Ok(KeySource::Memory | KeySource::Keychain)) => return "its files are readable",
        (Keeper::Files, Ok(KeySource::Flip)) => return "its files are open on the screen",
        (Keeper::Files, Err(KeyFailure::BeforeFirstUnlock)) => {
            return "its files are closed until the first unlock";
        }
        (Keeper::Files, Err(KeyFailure::KeychainLocked)) => {
            return "its files are closed while the phone is locked";
        }
        (Keeper::Files, Err(_)) => return "its files cannot be read",
        (Keeper::Container, Ok(KeySource::Keychain)) => return "key from the container",
        (Keeper::Container, Err(KeyFailure::BeforeFirstUnlock)) => {
            return "no key: container closed until the first unlock";
        }
        (Keeper::Container, Err(KeyFailure::KeychainLocked)) => return "no key: container closed",
        (Keeper::Container, Err(KeyFailure::KeychainError)) => return "no key: the container gave no answer",
        _ => {}
    }
    match key {
        Ok(KeySource::Memory) => "key from memory",
        Ok(KeySource::Keychain) => "key from the keychain",
        Ok(KeySource::Flip) => "key by an app flip",
        Err(KeyFailure::BeforeFirstUnlock) => "no key: keychain closed until the first unlock",
        Err(KeyFailure::KeychainLocked) => "no key: keychain closed while the phone is locked",
        Err(KeyFailure::NeedsAppFlip) => "no key: it needs an app flip",
        Err(KeyFailure::KeyNotStored) => "no key: it was never stored",
        Err(KeyFailure::AuthorizationExpired) => "no key: authentication too old",
        Err(KeyFailure::LowPower) => "no key: not in Low Power Mode",
        Err(KeyFailure::KeyLost) => "no key: it is gone until the client is opened",
        Err(KeyFailure::KeychainError) => "no key: the keychain gave no answer",
    }
}

/// How a check ends.
pub(super) fn result(result: CheckResult) -> String {
    match result {
        CheckResult::NewMail(1) => "1 new mail".into(),
        CheckResult::NewMail(mails) => format!("{mails} new mails"),
        CheckResult::NoMail => "nothing new".into(),
        CheckResult::KeyFailure => "it can do nothing (key_failure)".into(),
        CheckResult::NoNetwork => "no network".into(),
        CheckResult::Expired => "cut short before it was done (expired)".into(),
        CheckResult::LaunchRefused => "the process ends again (launch_refused)".into(),
    }
}

/// What made the client check.
pub(super) const fn trigger(trigger: Trigger, launched: bool) -> &'static str {
    match (trigger, launched) {
        (Trigger::UserLaunch, _) => "The user opens the client",
        (Trigger::NetworkReturn, _) => "The network is back and the client is open: it checks",
        (Trigger::BackgroundRefresh, true) => "iOS launches the client in the background",
        (Trigger::BackgroundRefresh, false) => "iOS resumes the client in the background",
        (Trigger::BackgroundPush, true) => "iOS launches the client in the background, for a push",
        (Trigger::BackgroundPush, false) => "iOS resumes the client in the background, for a push",
    }
}

/// Why a process ended.
pub(super) const fn ended(why: Ended) -> &'static str {
    match why {
        Ended::Memory => "ended by iOS for its memory",
        Ended::Power => "ended by iOS to save power",
        Ended::ForceQuit => "swiped away by the user",
        Ended::Reboot => "gone since a restart",
        Ended::Update => "ended by an update of the app",
        Ended::Crash => "gone since a crash",
        Ended::Watchdog => "ended by the watchdog",
        Ended::Removed => "removed from the device",
        Ended::Refused => "gone since a launch without a key",
    }
}

/// The public state in a sentence.
pub(super) fn state(clock: &Clock, facts: &Facts, at: Time) -> String {
    let lock = match (facts.lock, facts.in_hand) {
        _ if facts.powered_off => "off".into(),
        (Lock::BeforeFirstUnlock, _) => "restarted and not yet unlocked".into(),
        (Lock::Locked, _) => {
            format!("locked (last unlocked {})", dial_from(clock, facts.unlocked_at, at))
        }
        (Lock::Unlocked, true) => "unlocked and in hand".into(),
        (Lock::Unlocked, false) => "unlocked".into(),
    };
    let client = match facts.process {
        Process::NotRunning(why) => format!("not running ({})", ended(why)),
        Process::Foreground => "open".into(),
        Process::BackgroundRunning => "running in the background".into(),
        Process::Suspended => "suspended".into(),
    };
    let key = match (Terms::of(&facts.policy).keeper, facts.key_in_memory) {
        (Keeper::Files, _) => "",
        (Keeper::Keychain | Keeper::Container, true) => " with its key in memory",
        (Keeper::Keychain | Keeper::Container, false) => " without its key in memory",
    };
    let key = if facts.process.is_alive() { key } else { "" };
    let network = match facts.network {
        Network::None => "no network",
        Network::Cellular => "cellular",
        Network::Wifi => "Wi-Fi",
    };
    let charge = trimmed(Battery::percent(facts.charge(at)), 0);
    let charger = if facts.plugged_in { " on the charger" } else { "" };
    let saving = if facts.low_power_mode { ", Low Power Mode" } else { "" };
    format!("Phone {lock}; client {client}{key}; {network}; battery {charge} %{charger}{saving}.")
}

/// Whether and from when a refresh may be granted, where that is by request.
pub(super) fn request(clock: &Clock, facts: &Facts, at: Time) -> Option<String> {
    let text = match facts.pending_refresh {
        _ if !facts.by_request => return None,
        _ if facts.never_refreshed => {
            "This phone gets no background refresh, and nobody knows why (assumed).".into()
        }
        _ if facts.refresh_spacing => {
            "The system leaves a least time between two refreshes, and it has not passed.".into()
        }
        None => "No refresh request is pending: the client asks for one when it next runs.".into(),
        Some(earliest) if earliest > at => {
            format!("Its refresh request may run from {} on.", dial_from(clock, earliest, at))
        }
        Some(earliest) => format!("Its refresh request is pending since {}.", dial_from(clock, earliest, at)),
    };
    Some(text)
}

/// A signal as a line of its own. None goes without: whatever changes what stands in the way may be told.
pub(super) fn signal(signal: Signal, terms: Terms) -> String {
    let text = match signal {
        Signal::KeychainClosed if terms.keeper != Keeper::Keychain => "The grace after locking is over.",
        Signal::KeyRead(KeySource::Keychain) if terms.keeper == Keeper::Files => {
            "The client opens its files."
        }
        Signal::KeyRead(KeySource::Keychain) if terms.keeper == Keeper::Container => {
            "The client gets its key from the container."
        }
        Signal::KeyLost if terms.keeper != Keeper::Keychain => {
            "What opens the mail is gone until the client is opened."
        }
        Signal::KeyDropped if terms.keeper == Keeper::Files => "The client closes its files.",
        Signal::Locked => "The phone locks.",
        Signal::KeychainClosed => "The grace after locking is over: the keychain closes.",
        Signal::Network(Network::Cellular) => "The network is back: cellular.",
        Signal::Network(Network::Wifi) => "The network is back: Wi-Fi.",
        Signal::PluggedIn => "The phone is put on the charger.",
        Signal::Unplugged => "The phone is taken off the charger.",
        Signal::BatteryEmpty => "The battery is empty: what is open is closed.",
        Signal::PoweredOff => "The phone is off, and nothing runs.",
        Signal::PoweredOn => "The phone starts on the charger.",
        Signal::LowPowerMode(true) => "Low Power Mode goes on.",
        Signal::LowPowerMode(false) => "Low Power Mode goes off.",
        Signal::BudgetDenies(true) => "The system's budget of energy or cellular data is exhausted.",
        Signal::BudgetDenies(false) => "The system's budgets allow background work again.",
        Signal::UnusedApp(true) => {
            "The client was not opened for so long that iOS stops its background work."
        }
        Signal::UnusedApp(false) => "The client counts as used again.",
        Signal::HeldBack(_) => "It is outside working hours: what the check has found is held back.",
        Signal::RefreshDue => "From now on its refresh request may run.",
        Signal::RefreshSpacing(true) => "The system's least time between two refreshes begins.",
        Signal::RefreshSpacing(false) => "The system's least time between two refreshes has passed.",
        Signal::HerdQuiet(HerdQuiet::Always) => {
            "Much waiting work may start at once: iOS holds it all for a while."
        }
        Signal::HerdQuiet(HerdQuiet::InHand) => "Waiting work may start unless the phone is in hand.",
        Signal::HerdQuiet(HerdQuiet::Over) => "Waiting work may start again.",
        Signal::BootQuiet(true) => "So soon after a restart iOS starts nothing but the needful.",
        Signal::BootQuiet(false) => "The quiet after the restart is over.",
        Signal::MemoryPressure(Pressure::Normal) => "Memory is no longer short.",
        Signal::MemoryPressure(Pressure::Warning) => "Memory is short.",
        Signal::MemoryPressure(Pressure::Critical) => "Memory is critically short.",
        Signal::RefreshRequested(_) => "The client asks for its next refresh.",
        Signal::RefreshCancelled => "iOS cancels the client's refresh request.",
        Signal::AuthorizationExpired => "The user's last authentication is now too old.",
        Signal::ClientOpened(_) => "The user opens the client.",
        Signal::ClientClosed => "The user leaves the client.",
        Signal::ForceQuit => "The user swipes the client away.",
        Signal::Rebooted(_) => "The phone restarts: no process and no key in memory outlives it.",
        Signal::Battery(_) => "The battery crosses a level that matters.",
        Signal::MailArrived => "Another mail arrives.",
        Signal::PickedUp(Reason::Own) => "The user takes the phone in hand.",
        Signal::PickedUp(Reason::Notification) => "A notification makes the user take the phone in hand.",
        Signal::Glanced(_) => "The user looks at the locked screen for a moment.",
        Signal::OwnUseBegins => "The user goes on with the phone of their own accord.",
        Signal::OwnUseOver => "The user is done with the phone but for the answer to a notification.",
        Signal::PutDown(ScreenOff::SideButton) => "The user puts the phone down and locks it.",
        Signal::PutDown(ScreenOff::AutoLock) => "The user puts the phone down and leaves it to auto-lock.",
        Signal::AppOpened(_) => "The user opens another app.",
        Signal::Unlocked => "The phone is unlocked.",
        Signal::Network(Network::None) => "The network is gone.",
        Signal::AppTerminated(_) => "iOS ends another app.",
        Signal::Terminated(Termination::Memory) => "iOS ends the client for its memory.",
        Signal::Terminated(Termination::Power) => "iOS ends the client to save power.",
        Signal::HabitsRefreshed => "iOS predicts the use of the phone anew.",
        Signal::RefreshReplaced => "The client asks for its next refresh anew.",
        Signal::RefreshLaunched(_) => "iOS lets the client run in the background.",
        Signal::EnergyBudget(_) => "The system's budget of energy changes.",
        Signal::DataBudget(_) => "The system's budget of cellular data changes.",
        Signal::Process(Process::NotRunning(why)) => return format!("The client is {}.", ended(why)),
        Signal::Process(Process::Foreground) => "The client is on the screen.",
        Signal::Process(Process::BackgroundRunning) => "The client runs in the background.",
        Signal::Process(Process::Suspended) => "The client is suspended.",
        Signal::KeyRead(KeySource::Memory) => "The client finds its key in memory.",
        Signal::KeyRead(KeySource::Keychain) => "The client reads its key from the keychain.",
        Signal::KeyRead(KeySource::Flip) => "The client gets its key by an app flip.",
        Signal::KeyDropped => "The key leaves the client's memory.",
        Signal::KeyStored => "The client stores its key in the keychain.",
        Signal::KeyLost => "The key is gone from the keychain until the client is opened.",
        Signal::CheckStarted(check) => return format!("{}.", trigger(check.trigger, check.launched)),
        Signal::CheckEnded(how) => return format!("The check ends: {}.", result(how)),
        Signal::PolicyReached(setting) => {
            return format!("A setting that was published is in force now: {setting}.");
        }
        Signal::ClientConfigured(_) => "Settings of the client that were published have reached it.",
        Signal::KeyDeleted => "The key is deleted from the keychain.",
        Signal::Occurred(what) => return occurred(what),
        Signal::Notified(_) => "A notification tells the user.",
        Signal::Push(push) => push_stage(push.stage, terms),
        Signal::ExtensionFailed(why) => extension_failed(why),
        Signal::Subscribed(true) => "The push subscription is renewed.",
        Signal::Subscribed(false) => "The push subscription dies, and nobody notices.",
        Signal::PushLaunched(_) => "iOS wakes the client for a push.",
        Signal::BackgroundPush(held) => background_push(held),
        Signal::PushSpacing(true) => "The system's least time between two wakes for pushes begins.",
        Signal::PushSpacing(false) => "The system's least time between two wakes for pushes has passed.",
        Signal::CheckedElsewhere => "The server is asked for mail, though not by the client.",
        Signal::ExtensionItem(_) => "The keychain item of the extension is of another class.",
    };
    text.into()
}

/// What becomes of the push of a mail.
const fn push_stage(stage: PushStage, terms: Terms) -> &'static str {
    match stage {
        PushStage::Sent if terms.by_connection => {
            "The server tells the system's own mail client, over an open connection."
        }
        PushStage::Unsubscribed => {
            "The server sends no push of it: there is no subscription, or pushes are kept away."
        }
        PushStage::Sent => "Its push is on its way.",
        PushStage::Held => "The phone cannot be reached: APNs stores its push.",
        PushStage::Displaced => "A newer push takes its place in the store of APNs.",
        PushStage::Expired => "Its push expires in the store of APNs.",
        PushStage::Dropped if terms.by_connection => {
            "No connection is open: the system's own mail client fetches it when it has opened one anew."
        }
        PushStage::Unneeded if terms.by_connection => {
            "The system's own mail client hears of it, and shows no notification."
        }
        PushStage::Dropped => "The phone cannot be reached, and its push was not to be stored.",
        PushStage::Badged => "Its push counts up the number on the icon.",
        PushStage::Signalled => "Its push is shown: the user reads that something came, and not what.",
        PushStage::Late => "Its push is shown when the user knows of it already.",
        PushStage::Unneeded => "Its push arrives, and is not shown.",
    }
}

const fn extension_failed(why: ExtensionFailure) -> &'static str {
    match why {
        ExtensionFailure::Memory => "The extension is ended for its memory: the push stays as it was.",
        ExtensionFailure::Time => "The extension's time is over: the push stays as it was.",
        ExtensionFailure::NoKey => "The extension cannot reach its key: the push stays as it was.",
        ExtensionFailure::NoNetwork => "The extension cannot reach the server: the push stays as it was.",
        ExtensionFailure::NotStarted => {
            "The system starts the extension no longer: the push stays as it was."
        }
    }
}

const fn background_push(held: Held) -> &'static str {
    match held {
        Held::Came => "A background push has reached the phone, and may wake the client.",
        Held::TookItsPlace => "A background push takes the place of the one that the system holds.",
        Held::HandedOver => "The client on the screen gets the background push.",
        Held::Discarded => "A background push is discarded: the client may not be woken.",
    }
}

/// What a dated event brings about.
fn occurred(what: Occurrence) -> String {
    match what {
        Occurrence::Restart => "On this date the phone restarts.".into(),
        Occurrence::Offline(true) => "On this date the phone loses every network.".into(),
        Occurrence::Offline(false) => "Nothing keeps the network from the phone any more.".into(),
        Occurrence::Charge(charge) => format!("On this date its charge is {} %.", Battery::percent(charge)),
        Occurrence::Elsewhere(minutes) => {
            format!("The phone is elsewhere: its clock is {} h ahead of UTC.", f64::from(minutes) / 60.0)
        }
        Occurrence::Retired => "The phone is given back.".into(),
        Occurrence::Wiped => "The wipe reaches the phone: client and key are gone.".into(),
        Occurrence::Published(_) => "Settings are published for this phone.".into(),
        Occurrence::Reached(_) => "All that was published has reached the phone.".into(),
        Occurrence::NoPush(true) => "On this date pushes stop.".into(),
        Occurrence::NoPush(false) => "Pushes are sent again.".into(),
        Occurrence::PushEnded => "On this date pushes end for good.".into(),
    }
}
