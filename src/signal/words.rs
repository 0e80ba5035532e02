//! Signals as words for `events.csv`, and as numbers for the fingerprint.

use super::{CheckResult, KeyFailure, KeySource, Process, Signal};
use crate::clock::{Clock, utc};

impl Signal {
    /// The signal's name and what it carries.
    pub fn words(self, clock: &Clock) -> (&'static str, String) {
        let detail = match self {
            Signal::PickedUp(reason) | Signal::ClientOpened(reason) => reason.name().into(),
            Signal::Glanced(span) => span.to_string(),
            Signal::PutDown(how) => how.name().into(),
            Signal::AppOpened(app) | Signal::AppTerminated(app) => app.0.to_string(),
            Signal::Rebooted(why) => why.name().into(),
            Signal::Network(network) => network.name().into(),
            Signal::Battery(battery) => {
                let hundredths = battery.charge / (super::Battery::FULL / 10_000);
                format!("{}.{:02} %", hundredths / 100, hundredths % 100)
            }
            Signal::LowPowerMode(yes) | Signal::UnusedApp(yes) | Signal::BudgetDenies(yes) => yes.to_string(),
            Signal::MemoryPressure(pressure) => pressure.name().into(),
            Signal::Terminated(why) => why.name().into(),
            Signal::RefreshRequested(earliest) => utc(clock.unix_ms(earliest)),
            Signal::RefreshLaunched(wake) => wake.runtime.to_string(),
            Signal::EnergyBudget(level) => format!("{level} milliunits"),
            Signal::DataBudget(level) => format!("{level} kB"),
            Signal::Process(process) => process.name(),
            Signal::KeyRead(source) => source.name().into(),
            Signal::CheckStarted(check) => {
                let key = check.key.map_or_else(KeyFailure::name, KeySource::name);
                format!("{} {key}", check.trigger.name())
            }
            Signal::CheckEnded(result) => result.name().into(),
            Signal::Notified(notice) | Signal::KeptQuiet(notice) => format!("{} mails", notice.mails),
            Signal::MailArrived
            | Signal::ClientClosed
            | Signal::ForceQuit
            | Signal::Unlocked
            | Signal::Locked
            | Signal::KeychainClosed
            | Signal::PluggedIn
            | Signal::Unplugged
            | Signal::HabitsRefreshed
            | Signal::RefreshReplaced
            | Signal::RefreshCancelled
            | Signal::KeyDropped
            | Signal::KeyStored
            | Signal::AuthorizationExpired => String::new(),
        };
        (self.word().name(), detail)
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
