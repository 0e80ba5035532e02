//! Signals as words for `events.csv`, and as numbers for the fingerprint.

use super::{CheckResult, KeyFailure, KeySource, Lock, Network, Process, Signal, Trigger};
use crate::clock::{Clock, utc};
use crate::time::Time;

impl Signal {
    /// The signal's name and what it carries.
    pub fn words(self, clock: &Clock) -> (&'static str, String) {
        let instant = |time: Time| utc(clock.unix_ms(time));
        match self {
            Signal::MailArrived => ("mail_arrived", String::new()),
            Signal::PickedUp(reason) => ("picked_up", snake(reason)),
            Signal::Glanced(span) => ("glanced", span.to_string()),
            Signal::PutDown(how) => ("put_down", snake(how)),
            Signal::AppOpened(app) => ("app_opened", app.0.to_string()),
            Signal::ClientOpened(reason) => ("client_opened", snake(reason)),
            Signal::ClientClosed => ("client_closed", String::new()),
            Signal::ForceQuit => ("force_quit", String::new()),
            Signal::Unlocked => ("unlocked", String::new()),
            Signal::Locked => ("locked", String::new()),
            Signal::KeychainClosed => ("keychain_closed", String::new()),
            Signal::Rebooted(why) => ("rebooted", snake(why)),
            Signal::Network(network) => ("network", network.name().into()),
            Signal::PluggedIn => ("plugged_in", String::new()),
            Signal::Unplugged => ("unplugged", String::new()),
            Signal::Battery(battery) => {
                let hundredths = battery.charge / (super::Battery::FULL / 10_000);
                ("battery", format!("{}.{:02} %", hundredths / 100, hundredths % 100))
            }
            Signal::LowPowerMode(on) => ("low_power_mode", on.to_string()),
            Signal::MemoryPressure(pressure) => ("memory_pressure", snake(pressure)),
            Signal::AppTerminated(app) => ("app_terminated", app.0.to_string()),
            Signal::Terminated(why) => ("terminated", snake(why)),
            Signal::HabitsRefreshed => ("habits_refreshed", String::new()),
            Signal::UnusedApp(unused) => ("unused_app", unused.to_string()),
            Signal::RefreshRequested(earliest) => ("refresh_requested", instant(earliest)),
            Signal::RefreshReplaced => ("refresh_replaced", String::new()),
            Signal::RefreshCancelled => ("refresh_cancelled", String::new()),
            Signal::RefreshLaunched(wake) => ("refresh_launched", wake.runtime.to_string()),
            Signal::EnergyBudget(level) => ("energy_budget", format!("{level} milliunits")),
            Signal::DataBudget(level) => ("data_budget", format!("{level} kB")),
            Signal::BudgetDenies(denies) => ("budget_denies", denies.to_string()),
            Signal::Process(process) => ("process", process.name()),
            Signal::KeyRead(source) => ("key_read", source.name().into()),
            Signal::KeyDropped => ("key_dropped", String::new()),
            Signal::KeyStored => ("key_stored", String::new()),
            Signal::AuthorizationExpired => ("authorization_expired", String::new()),
            Signal::CheckStarted(check) => {
                let key = check.key.map_or_else(KeyFailure::name, KeySource::name);
                ("check_started", format!("{} {key}", check.trigger.name()))
            }
            Signal::CheckEnded(result) => ("check_ended", result.name().into()),
            Signal::Notified(notice) => ("notified", format!("{} mails", notice.mails)),
            Signal::KeptQuiet(notice) => ("kept_quiet", format!("{} mails", notice.mails)),
        }
    }

    /// The signal as a number that differs wherever two signals do.
    pub fn code(self) -> u64 {
        let detail = match self {
            Signal::MailArrived => 0,
            Signal::PickedUp(reason) => reason as u64,
            Signal::Glanced(span) => span.ms(),
            Signal::PutDown(how) => how as u64,
            Signal::AppOpened(app) => u64::from(app.0),
            Signal::ClientOpened(reason) => reason as u64,
            Signal::ClientClosed => 0,
            Signal::ForceQuit => 0,
            Signal::Unlocked => 0,
            Signal::Locked => 0,
            Signal::KeychainClosed => 0,
            Signal::Rebooted(why) => why as u64,
            Signal::Network(network) => network as u64,
            Signal::PluggedIn => 0,
            Signal::Unplugged => 0,
            Signal::Battery(battery) => battery.charge ^ (battery.idle as u64).rotate_left(32),
            Signal::LowPowerMode(on) => u64::from(on),
            Signal::MemoryPressure(pressure) => pressure as u64,
            Signal::AppTerminated(app) => u64::from(app.0),
            Signal::Terminated(why) => why as u64,
            Signal::HabitsRefreshed => 0,
            Signal::UnusedApp(unused) => u64::from(unused),
            Signal::RefreshRequested(earliest) => earliest.ms(),
            Signal::RefreshReplaced => 0,
            Signal::RefreshCancelled => 0,
            Signal::RefreshLaunched(wake) => wake.runtime.ms(),
            Signal::EnergyBudget(level) => level as u64,
            Signal::DataBudget(level) => level as u64,
            Signal::BudgetDenies(denies) => u64::from(denies),
            Signal::Process(Process::NotRunning(why)) => 8 + why as u64,
            Signal::Process(Process::Foreground) => 0,
            Signal::Process(Process::BackgroundRunning) => 1,
            Signal::Process(Process::Suspended) => 2,
            Signal::KeyRead(source) => source as u64,
            Signal::KeyDropped => 0,
            Signal::KeyStored => 0,
            Signal::AuthorizationExpired => 0,
            Signal::CheckStarted(check) => {
                let key = check.key.map_or_else(|reason| 8 + reason as u64, |source| source as u64);
                (check.trigger as u64) << 8 | u64::from(check.launched) << 7 | key
            }
            Signal::CheckEnded(CheckResult::NewMail(mails)) => 8 + u64::from(mails),
            Signal::CheckEnded(CheckResult::NoMail) => 0,
            Signal::CheckEnded(CheckResult::KeyFailure) => 1,
            Signal::CheckEnded(CheckResult::NoNetwork) => 2,
            Signal::CheckEnded(CheckResult::Expired) => 3,
            Signal::CheckEnded(CheckResult::LaunchRefused) => 4,
            Signal::Notified(notice) => u64::from(notice.first) << 32 | u64::from(notice.mails),
            Signal::KeptQuiet(notice) => u64::from(notice.first) << 32 | u64::from(notice.mails),
        };
        ((self.word() as u64) << 56) ^ detail
    }
}

/// The name of a fieldless variant as files write it: `SideButton` is `side_button`.
fn snake(variant: impl std::fmt::Debug) -> String {
    let mut out = String::new();
    for (index, letter) in format!("{variant:?}").char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

impl Network {
    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Network::None => "none",
            Network::Cellular => "cellular",
            Network::Wifi => "wifi",
        }
    }
}

impl Process {
    /// The name in files, with the reason where there is no process.
    pub fn name(self) -> String {
        match self {
            Process::NotRunning(why) => format!("not_running {}", snake(why)),
            other => snake(other),
        }
    }
}

impl Lock {
    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Lock::BeforeFirstUnlock => "before_first_unlock",
            Lock::Unlocked => "unlocked",
            Lock::Locked => "locked",
        }
    }
}

impl Trigger {
    /// Every trigger.
    pub const ALL: [Trigger; 3] = [Trigger::UserLaunch, Trigger::BackgroundRefresh, Trigger::NetworkReturn];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Trigger::UserLaunch => "user_launch",
            Trigger::BackgroundRefresh => "background_refresh",
            Trigger::NetworkReturn => "network_return",
        }
    }
}

impl KeySource {
    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            KeySource::Memory => "memory",
            KeySource::Keychain => "keychain",
            KeySource::Flip => "flip",
        }
    }
}

impl KeyFailure {
    /// Every reason.
    pub const ALL: [KeyFailure; 6] = [
        KeyFailure::BeforeFirstUnlock,
        KeyFailure::KeychainLocked,
        KeyFailure::NeedsAppFlip,
        KeyFailure::KeyNotStored,
        KeyFailure::AuthorizationExpired,
        KeyFailure::LowPower,
    ];

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            KeyFailure::BeforeFirstUnlock => "before_first_unlock",
            KeyFailure::KeychainLocked => "keychain_locked",
            KeyFailure::NeedsAppFlip => "needs_app_flip",
            KeyFailure::KeyNotStored => "key_not_stored",
            KeyFailure::AuthorizationExpired => "authorization_expired",
            KeyFailure::LowPower => "low_power",
        }
    }
}

impl CheckResult {
    /// The names of every result, by [`CheckResult::index`].
    pub const NAMES: [&'static str; 6] =
        ["new_mail", "no_mail", "key_failure", "no_network", "expired", "launch_refused"];

    /// Which of the six results it is.
    pub const fn index(self) -> usize {
        match self {
            CheckResult::NewMail(_) => 0,
            CheckResult::NoMail => 1,
            CheckResult::KeyFailure => 2,
            CheckResult::NoNetwork => 3,
            CheckResult::Expired => 4,
            CheckResult::LaunchRefused => 5,
        }
    }

    /// The name in files.
    pub const fn name(self) -> &'static str {
        CheckResult::NAMES[self.index()]
    }
}
