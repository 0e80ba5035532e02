//! Signals as words for `events.csv`.

use super::{Battery, ChangeId, Facts, KeyFailure, KeySource, Signal};
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
                let Battery { charge, in_hand, idle } = battery;
                format!("{}; charge={charge}; change_in_hand={in_hand}; change_idle={idle}", percent(charge))
            }
            Signal::LowPowerMode(yes)
            | Signal::UnusedApp(yes)
            | Signal::BudgetDenies(yes)
            | Signal::RefreshSpacing(yes)
            | Signal::PushSpacing(yes)
            | Signal::Subscribed(yes)
            | Signal::BootQuiet(yes) => yes.to_string(),
            Signal::HerdQuiet(quiet) => quiet.name().into(),
            Signal::MemoryPressure(pressure) => pressure.name().into(),
            Signal::Terminated(why) => why.name().into(),
            Signal::RefreshRequested(earliest) => utc(clock.unix_ms(earliest)),
            Signal::Push(push) => format!("{} mail {}", push.stage.name(), push.mail),
            Signal::ExtensionFailed(why) => why.name().into(),
            Signal::ExtensionItem(class) => class.name().into(),
            Signal::BackgroundPush(held) => held.name().into(),
            Signal::RefreshLaunched(wake) | Signal::PushLaunched(wake) => wake.runtime.to_string(),
            Signal::EnergyBudget(level) => format!("{level} milliunits"),
            Signal::DataBudget(level) => format!("{level} kB"),
            Signal::Process(process) => process.name(),
            Signal::KeyRead(source) => source.name().into(),
            Signal::CheckStarted(check) => {
                let key = check.key.map_or_else(KeyFailure::name, KeySource::name);
                format!("{} {key}", check.trigger.name())
            }
            Signal::CheckEnded(result) => result.name().into(),
            Signal::Notified(notice) | Signal::HeldBack(notice) => {
                // What no check has found is told in any order.
                let which =
                    if notice.by.is_one_mail() { format!(" mail {}", notice.first) } else { String::new() };
                format!("{} mails {}{which}", notice.mails, notice.by.name())
            }
            Signal::ClientConfigured(ChangeId(change)) => change.to_string(),
            Signal::Occurred(what) => what.to_string(),
            Signal::PolicyReached(setting) => setting.to_string(),
            Signal::MailArrived
            | Signal::ClientClosed
            | Signal::ForceQuit
            | Signal::Unlocked
            | Signal::Locked
            | Signal::KeychainClosed
            | Signal::OwnUseBegins
            | Signal::OwnUseOver
            | Signal::BatteryEmpty
            | Signal::PoweredOff
            | Signal::PoweredOn
            | Signal::PluggedIn
            | Signal::Unplugged
            | Signal::HabitsRefreshed
            | Signal::RefreshDue
            | Signal::RefreshReplaced
            | Signal::RefreshCancelled
            | Signal::KeyDropped
            | Signal::KeyStored
            | Signal::KeyLost
            | Signal::KeyDeleted
            | Signal::CheckedElsewhere
            | Signal::AuthorizationExpired => String::new(),
        };
        (self.word().name(), detail)
    }
}

fn percent(charge: u64) -> String {
    let hundredths = charge / (Battery::FULL / 10_000);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

impl Facts {
    /// The public state in names and values, so that whoever reads the signals after it knows all that holds.
    /// Charges are in parts of 10^12.
    pub fn words(&self, clock: &Clock) -> String {
        let instant = |at| utc(clock.unix_ms(at));
        let request = self.pending_refresh.map_or_else(|| "none".into(), instant);
        let check = self.check.map_or("none", |check| check.trigger.name());
        [
            self.policy.words("; "),
            format!("lock={}", self.lock.name()),
            format!("keychain_open={}", self.keychain_open),
            format!("authorized={}", self.authorized),
            format!("powered_off={}", self.powered_off),
            format!("in_hand={}", self.in_hand),
            format!("in_use={}", self.in_use),
            format!("network={}", self.network.name()),
            format!("plugged_in={}", self.plugged_in),
            format!("charge={}", self.battery.charge),
            format!("charge_at={}", instant(self.battery_at)),
            format!("change_in_hand={}", self.battery.in_hand),
            format!("change_idle={}", self.battery.idle),
            format!("low_power_mode={}", self.low_power_mode),
            format!("enforced_below={}", self.enforced_below),
            format!("critical_below={}", self.critical_below),
            format!("memory_pressure={}", self.pressure.name()),
            format!("process={}", self.process.name()),
            format!("key_in_memory={}", self.key_in_memory),
            format!("key_stored={}", self.key_stored),
            format!("key_lost={}", self.key_lost),
            format!("removed={}", self.removed),
            format!("keychain_error={}", self.keychain_error),
            format!("by_request={}", self.by_request),
            format!("refresh_off={}", self.refresh_off),
            format!("force_quit={}", self.force_quit),
            format!("unused_app={}", self.unused_app),
            format!("budget_denies={}", self.budget_denies),
            format!("never_refreshed={}", self.never_refreshed),
            format!("refresh_spacing={}", self.refresh_spacing),
            format!("herd_quiet={}", self.herd_quiet.name()),
            format!("boot_quiet={}", self.boot_quiet),
            format!("pending_refresh={request}"),
            format!("refresh_due={}", self.refresh_due),
            format!("check={check}"),
            format!("push_spacing={}", self.push_spacing),
            format!("push_waits={}", self.push_waits),
            format!("extension_class={}", self.extension_class.name()),
            format!("arrived={}", self.arrived),
            format!("waiting={}", self.waiting.len()),
            format!("waiting_mail={}", self.waiting.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")),
            format!("seen={}", self.seen),
            format!("held={}", self.held),
        ]
        .join("; ")
    }
}
