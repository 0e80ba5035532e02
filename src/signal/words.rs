//! Signals as words for `events.csv`.

use super::{KeyFailure, KeySource, Signal};
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
}
