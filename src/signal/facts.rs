//! The public state of a device: the fold of every signal so far, and nothing else.

use super::{
    Battery, Habits, Held, HerdQuiet, KeyFailure, KeySource, Network, Notice, Occurrence, Pressure, Process,
    Push, PushStage, Reason, Signal, ToldBy, Trigger,
};
use crate::policy::{KeychainClass, Policy, Setting};
use crate::time::{Span, Time};
use std::collections::VecDeque;

crate::named!(Lock);

/// Lock state of a device with a passcode.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Debug,
    Default,
    serde::Serialize,
    serde::Deserialize,
    strum::VariantArray,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Lock {
    /// Restarted and not yet unlocked: class keys do not exist.
    BeforeFirstUnlock,
    /// In use, or not yet locked again.
    #[default]
    Unlocked,
    /// Locked after having been unlocked.
    Locked,
}

/// A check for new mail, as it began.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Check {
    /// What made the client check.
    pub trigger: Trigger,
    /// Whether a process was launched for it rather than resumed.
    pub launched: bool,
    /// The key it has, or why it has none.
    pub key: Result<KeySource, KeyFailure>,
}

/// The public state of a device.
#[derive(Clone, PartialEq, Debug)]
pub struct Facts {
    /// What people decided, as far as it has reached this device.
    pub policy: Policy,
    /// Lock state.
    pub lock: Lock,
    /// Whether items of class `when_unlocked` can be read: unlocked, or within the grace after.
    pub keychain_open: bool,
    /// Whether the last authentication is young enough for `background_authorize`.
    pub authorized: bool,
    /// When the device was last unlocked.
    pub unlocked_at: Time,
    /// Whether the phone is off, its battery being empty.
    pub powered_off: bool,
    /// Whether the user has the phone in hand.
    pub in_hand: bool,
    /// Whether they use it of their own accord, rather than to answer a notification only.
    pub in_use: bool,
    /// The network path.
    pub network: Network,
    /// Whether a charger is connected.
    pub plugged_in: bool,
    /// Charge at `battery_at`, and its slopes.
    pub battery: Battery,
    /// When `battery` was true.
    pub battery_at: Time,
    /// Low Power Mode.
    pub low_power_mode: bool,
    /// On a charger Low Power Mode is enforced below this charge.
    pub enforced_below: u64,
    /// Off a charger a charge below this is critically low.
    pub critical_below: u64,
    /// Memory pressure.
    pub pressure: Pressure,
    /// The process of the client.
    pub process: Process,
    /// Whether the key is in the memory of the process.
    pub key_in_memory: bool,
    /// Whether the key is in the keychain.
    pub key_stored: bool,
    /// Whether the client was removed from the device.
    pub removed: bool,
    /// Whether the key is gone from the keychain until the client is opened.
    pub key_lost: bool,
    /// Whether the last check failed for a keychain that gave no answer.
    pub keychain_error: bool,
    /// Whether refreshes are granted on request and through gates, as by the system's own scheduler.
    pub by_request: bool,
    /// Whether Background App Refresh is switched off.
    pub refresh_off: bool,
    /// Whether the user has it off where nobody decided for them.
    pub refresh_off_by_user: bool,
    /// Whether the user has swiped the client away since last opening it.
    pub force_quit: bool,
    /// Whether the system has stopped the client's background work for want of use.
    pub unused_app: bool,
    /// Whether an exhausted budget stands in the way.
    pub budget_denies: bool,
    /// Whether this phone gets no background refresh, for no known reason.
    pub never_refreshed: bool,
    /// Whether the system's least time between two refreshes of the client stands in the way.
    pub refresh_spacing: bool,
    /// How far nothing starts since a herd moment.
    pub herd_quiet: HerdQuiet,
    /// Whether nothing discretionary starts, the device having just restarted.
    pub boot_quiet: bool,
    /// Whether a refresh request of the client is pending, and its earliest instant.
    pub pending_refresh: Option<Time>,
    /// Whether that instant has come.
    pub refresh_due: bool,
    /// The check that is running.
    pub check: Option<Check>,
    /// When the client last showed what a background check had found: what a user who looks unprompted has
    /// not had for long. What ends a check begun on the screen is no such word to an absent user.
    pub shown_at: Option<Time>,
    /// Mail that arrived, from the origin.
    pub arrived: u32,
    /// Mail of which the user does not know and which no check has found, each counted from the origin, the oldest
    /// first.
    pub waiting: VecDeque<u32>,
    /// Of it, how much the running check sees.
    pub seen: u32,
    /// Mail that a check found and holds back.
    pub held: u32,
    /// The first mail that is held back, if any is.
    pub first_held: u32,
    /// Whether the system's least time between two wakes for background pushes has not passed.
    pub push_spacing: bool,
    /// Whether the system holds a background push that may wake the client.
    pub push_waits: bool,
    /// The class of the item that the extension of the client reads, where one writes what a push shows.
    pub extension_class: KeychainClass,
    /// What the system has learnt.
    pub habits: Habits,
}

impl Facts {
    /// The public state at the origin (docs/semantics.md, "Time and start"): unlocked once, the client opened once and
    /// suspended, its item stored.
    pub fn at_origin(policy: Policy, habits: Habits) -> Facts {
        Facts {
            policy,
            lock: Lock::Locked,
            keychain_open: false,
            authorized: true,
            unlocked_at: Time::ORIGIN,
            powered_off: false,
            in_hand: false,
            in_use: false,
            network: Network::Wifi,
            plugged_in: false,
            battery: Battery::ALWAYS_FULL,
            battery_at: Time::ORIGIN,
            low_power_mode: false,
            enforced_below: 0,
            critical_below: 0,
            pressure: Pressure::Normal,
            process: Process::Suspended,
            key_in_memory: false,
            key_stored: false,
            removed: false,
            key_lost: false,
            keychain_error: false,
            by_request: false,
            refresh_off: false,
            refresh_off_by_user: false,
            force_quit: false,
            unused_app: false,
            budget_denies: false,
            never_refreshed: false,
            refresh_spacing: false,
            herd_quiet: HerdQuiet::Over,
            boot_quiet: false,
            pending_refresh: None,
            refresh_due: false,
            check: None,
            shown_at: None,
            arrived: 0,
            waiting: VecDeque::new(),
            seen: 0,
            held: 0,
            first_held: 0,
            push_spacing: false,
            push_waits: false,
            extension_class: KeychainClass::AfterFirstUnlock,
            habits,
        }
    }

    /// The charge now.
    pub fn charge(&self, now: Time) -> u64 {
        self.battery.after(now.since(self.battery_at).ms(), self.in_use)
    }

    fn settle_battery(&mut self, now: Time) {
        self.battery.charge = self.charge(now);
        self.battery_at = now;
    }

    fn begin_use(&mut self, now: Time) {
        self.settle_battery(now);
        self.in_use = true;
    }

    /// Whether Low Power Mode is enforced: on a charger only while the charge is low.
    pub fn low_power_enforced(&self, now: Time) -> bool {
        self.low_power_mode && (!self.plugged_in || self.charge(now) < self.enforced_below)
    }

    /// Whether the battery is critically low: essential work only.
    pub fn critically_low(&self, now: Time) -> bool {
        !self.plugged_in && self.charge(now) < self.critical_below
    }

    /// Whether background work waits for memory: at critical pressure, or at any while the phone is in hand.
    pub fn memory_refuses(&self) -> bool {
        match self.pressure {
            Pressure::Normal => false,
            Pressure::Warning => self.in_hand,
            Pressure::Critical => true,
        }
    }

    /// Whether background work waits for a herd to pass.
    pub fn herd_refuses(&self) -> bool {
        match self.herd_quiet {
            HerdQuiet::Over => false,
            HerdQuiet::InHand => self.in_hand,
            HerdQuiet::Always => true,
        }
    }

    /// Whether a mail that arrives now is seen at once, because the client is open and online.
    pub fn sees_mail_at_once(&self) -> bool {
        self.process == Process::Foreground && self.network != Network::None
    }

    /// Whether the client has shown anything so shortly before.
    pub fn shown_within(&self, span: Span, now: Time) -> bool {
        self.shown_at.is_some_and(|at| now.since(at) <= span)
    }

    /// Its user knows of this mail, which no check has found.
    fn told_of(&mut self, mail: u32) {
        if let Ok(place) = self.waiting.binary_search(&mail) {
            self.waiting.remove(place);
            self.seen -= u32::from(place < self.seen as usize);
        }
    }

    /// Whether its user does not know of this mail, and no check has found it.
    pub fn is_waiting(&self, mail: u32) -> bool {
        self.waiting.binary_search(&mail).is_ok()
    }

    /// Takes one signal in. Models hear it afterwards, so they see its effect here.
    pub fn apply(&mut self, now: Time, signal: Signal) {
        match signal {
            Signal::MailArrived => {
                if !self.sees_mail_at_once() {
                    self.waiting.push_back(self.arrived);
                }
                self.arrived += 1;
            }
            Signal::PickedUp(reason) => {
                self.habits.saw_device_use(now);
                self.in_hand = true;
                if reason == Reason::Own {
                    self.begin_use(now);
                }
            }
            Signal::OwnUseBegins => self.begin_use(now),
            Signal::OwnUseOver => {
                self.settle_battery(now);
                self.in_use = false;
            }
            Signal::PutDown(_) => {
                self.settle_battery(now);
                self.in_hand = false;
                self.in_use = false;
            }
            Signal::Glanced(length) => {
                self.settle_battery(now);
                self.battery.charge = self.battery.glanced(length);
            }
            Signal::ClientOpened(Reason::Own | Reason::Notification) => {
                self.force_quit = false;
                self.habits.saw_client_opened(now);
            }
            Signal::ClientClosed => self.habits.saw_client_closed(now),
            Signal::ForceQuit => self.force_quit = true,
            Signal::Unlocked => {
                self.lock = Lock::Unlocked;
                self.keychain_open = true;
                self.authorized = true;
                self.unlocked_at = now;
            }
            Signal::Locked => self.lock = Lock::Locked,
            Signal::KeychainClosed => self.keychain_open = false,
            Signal::Rebooted(_) => {
                self.lock = Lock::BeforeFirstUnlock;
                self.keychain_open = false;
            }
            Signal::Network(network) => self.network = network,
            Signal::PluggedIn => self.plugged_in = true,
            Signal::Unplugged => self.plugged_in = false,
            Signal::Battery(battery) => {
                self.battery = battery;
                self.battery_at = now;
            }
            Signal::LowPowerMode(on) => self.low_power_mode = on,
            Signal::PoweredOff => {
                self.powered_off = true;
                self.keychain_open &= self.lock != Lock::Locked;
            }
            Signal::PoweredOn => self.powered_off = false,
            Signal::MemoryPressure(pressure) => self.pressure = pressure,
            Signal::HabitsRefreshed => self.habits.refresh(now),
            Signal::UnusedApp(unused) => self.unused_app = unused,
            Signal::RefreshRequested(earliest) => {
                self.pending_refresh = Some(earliest);
                self.refresh_due = false;
            }
            Signal::RefreshDue => self.refresh_due = true,
            Signal::RefreshCancelled | Signal::RefreshLaunched(_) => {
                self.pending_refresh = None;
                self.refresh_due = false;
            }
            Signal::RefreshSpacing(on) => self.refresh_spacing = on,
            Signal::HerdQuiet(quiet) => self.herd_quiet = quiet,
            Signal::BootQuiet(on) => self.boot_quiet = on,
            Signal::BudgetDenies(denies) => self.budget_denies = denies,
            Signal::Process(process) => {
                self.process = process;
                if process == Process::Foreground {
                    self.held = 0;
                }
            }
            Signal::KeyRead(_) => self.key_in_memory = true,
            Signal::KeyDropped => self.key_in_memory = false,
            Signal::KeyStored => {
                self.key_stored = true;
                self.key_lost = false;
            }
            Signal::KeyLost => self.key_lost = true,
            Signal::KeyDeleted => (self.key_stored, self.key_lost) = (false, false),
            Signal::Occurred(Occurrence::Wiped) => self.removed = true,
            Signal::AuthorizationExpired => self.authorized = false,
            Signal::HeldBack(notice) => {
                if self.held == 0 {
                    self.first_held = notice.first;
                }
                self.held += notice.mails;
            }
            Signal::Notified(Notice { first, by, .. }) => {
                if by == ToldBy::HoursBegin {
                    self.held = 0;
                }
                if by.is_unasked() {
                    self.shown_at = Some(now);
                }
                match by {
                    by if by.is_one_mail() => self.told_of(first),
                    ToldBy::SystemMail => {
                        self.waiting.clear();
                        self.seen = 0;
                    }
                    _ => {}
                }
            }
            Signal::CheckStarted(check) => {
                self.check = Some(check);
                self.keychain_error = check.key == Err(KeyFailure::KeychainError);
                self.seen = self.waiting.len() as u32;
            }
            Signal::CheckEnded(result) => {
                if let super::CheckResult::NewMail(_) = result {
                    self.waiting.drain(..self.seen as usize);
                }
                self.seen = 0;
                self.check = None;
            }
            Signal::PolicyReached(setting) => {
                self.policy.set(setting);
                if let Setting::BackgroundAppRefresh(decided) = setting {
                    self.refresh_off = self.by_request && decided.map_or(self.refresh_off_by_user, |on| !on);
                }
            }
            Signal::PushSpacing(on) => self.push_spacing = on,
            Signal::ExtensionItem(class) => self.extension_class = class,
            Signal::PushLaunched(_) => self.push_waits = false,
            Signal::BackgroundPush(held) => self.push_waits = matches!(held, Held::Came | Held::TookItsPlace),
            Signal::Push(Push { stage: PushStage::Signalled, .. }) => self.shown_at = Some(now),
            Signal::Occurred(_)
            | Signal::Push(_)
            | Signal::ExtensionFailed(_)
            | Signal::CheckedElsewhere
            | Signal::Subscribed(_)
            | Signal::ClientConfigured(_)
            | Signal::AppOpened(_)
            | Signal::AppTerminated(_)
            | Signal::BatteryEmpty
            | Signal::Terminated(_)
            | Signal::RefreshReplaced
            | Signal::EnergyBudget(_)
            | Signal::DataBudget(_) => {}
        }
    }
}
