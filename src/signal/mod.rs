//! The words of the phone: everything public that can happen on a device at an instant.
//!
//! A model learns of others only through these, and each one can be recorded. The public state
//! ([`Facts`]) is the fold of the signals and nothing else, so a record can be replayed.

mod battery;
mod check;
mod facts;
mod habits;
mod keychain;
mod occurrence;
mod push;
mod vocabulary;
mod words;

pub use battery::Battery;
pub use check::{CheckResult, Notice, ResultKind, ToldBy};
pub use facts::{Check, Facts, Lock};
pub use habits::{Activity, Habits, HabitsConfig, HabitsProfile, SLOT, SLOTS};
pub use occurrence::{ChangeId, Occurrence};
pub use push::{ExtensionFailure, Push, PushStage};
pub use vocabulary::SignalKinds;

use crate::policy::{KeychainClass, Setting};
use crate::time::{Span, Time};
use strum::{EnumDiscriminants, IntoStaticStr, VariantArray, VariantNames};

crate::named!(Reason, ScreenOff, Reboot, Network, Pressure, HerdQuiet, Termination, Ended);
crate::named!(Trigger, KeySource, KeyFailure, Held);

/// Something public that happens on a device.
#[derive(Clone, Copy, PartialEq, Hash, Debug, EnumDiscriminants)]
#[strum_discriminants(
    name(SignalKind),
    doc = "Which signal it is, without what it carries.",
    derive(PartialOrd, Ord, VariantArray, VariantNames),
    strum(serialize_all = "snake_case")
)]
pub enum Signal {
    /// A mail for the user reached the mailbox.
    MailArrived,

    /// The user took the phone in hand to use it.
    PickedUp(Reason),
    /// The user looked at the locked screen for a moment.
    Glanced(Span),
    /// An own use of the phone begins, and it is in hand already.
    OwnUseBegins,
    /// An own use of the phone is over, and it stays in hand for the answer to a notification.
    OwnUseOver,
    /// The user put the phone down.
    PutDown(ScreenOff),
    /// The user opened an app other than the mail client.
    AppOpened(App),
    /// The user opened the mail client.
    ClientOpened(Reason),
    /// The user left the mail client.
    ClientClosed,
    /// The user swiped the mail client out of the app switcher.
    ForceQuit,

    /// The device was unlocked; the user is authenticated.
    Unlocked,
    /// The device locked.
    Locked,
    /// The grace after locking is over: items of class `when_unlocked` are closed.
    KeychainClosed,
    /// The device restarted and waits for its first unlock.
    Rebooted(Reboot),

    /// The network path changed.
    Network(Network),
    /// A charger was connected.
    PluggedIn,
    /// The charger was disconnected.
    Unplugged,
    /// The charge and its slopes from here on.
    Battery(Battery),
    /// Low Power Mode was switched.
    LowPowerMode(bool),
    /// The battery is empty and the phone shuts down: what is open is closed, before it is off.
    BatteryEmpty,
    /// The phone is off: nothing runs, and no key is left.
    PoweredOff,
    /// The phone starts again, on a charger.
    PoweredOn,

    /// Memory pressure changed.
    MemoryPressure(Pressure),
    /// The system ended another app.
    AppTerminated(App),
    /// The system ended the mail client.
    Terminated(Termination),

    /// The system computed its predictions of use anew.
    HabitsRefreshed,
    /// The client was not opened for so long that the system stops its background work, or it was
    /// opened again.
    UnusedApp(bool),
    /// The client asked for a background refresh, not before an instant.
    RefreshRequested(Time),
    /// The pending request may run from now on, as far as its earliest instant goes.
    RefreshDue,
    /// A pending request was replaced by a newer one of the same identifier.
    RefreshReplaced,
    /// A pending request was cancelled by the system.
    RefreshCancelled,
    /// The system lets the client run in the background.
    RefreshLaunched(Wake),
    /// Whether the system's least time between two refreshes of the client now stands in the way.
    RefreshSpacing(bool),
    /// How far nothing starts since a herd moment.
    HerdQuiet(HerdQuiet),
    /// Whether nothing discretionary starts, the device having just restarted.
    BootQuiet(bool),
    /// The system-wide budget of energy, in thousandths of a unit.
    EnergyBudget(i32),
    /// The system-wide budget of cellular data, in kilobytes.
    DataBudget(i32),
    /// Whether an exhausted budget now stands in the way of background work.
    BudgetDenies(bool),

    /// The process of the mail client changed.
    Process(Process),
    /// The encryption key was read into the memory of the process.
    KeyRead(KeySource),
    /// The key left the memory of the process.
    KeyDropped,
    /// The key was stored in the keychain.
    KeyStored,
    /// The key is gone from the keychain, or the client takes it for gone, until it is opened.
    KeyLost,
    /// The last authentication became too old for `background_authorize`.
    AuthorizationExpired,
    /// A check for new mail began, with what came of asking for the key.
    CheckStarted(Check),
    /// The check ended.
    CheckEnded(CheckResult),
    /// One notification was posted, about all mail that it covers.
    Notified(Notice),
    /// The client found new mail off the screen and outside working hours, and holds it back.
    HeldBack(Notice),

    /// A setting of the policy that was published has reached the device, and holds from here on.
    PolicyReached(Setting),
    /// Settings of the client itself that were published have reached it.
    ClientConfigured(ChangeId),
    /// The client's item was deleted from the keychain.
    KeyDeleted,
    /// What a dated event of the scenario brings about.
    Occurred(Occurrence),

    /// What becomes of the push of a mail.
    Push(Push),
    /// The extension left the generic text of a push as it was.
    ExtensionFailed(ExtensionFailure),
    /// Whether the server hears of new mail.
    Subscribed(bool),
    /// The system wakes the client for a background push.
    PushLaunched(Wake),
    /// A background push reached the device, and the system holds it, or holds it no longer.
    BackgroundPush(Held),
    /// Whether the system's least time between two wakes for background pushes now stands in the way.
    PushSpacing(bool),
    /// Another process than the client's has asked the server for mail: its extension, or the system's own mail client.
    CheckedElsewhere,
    /// The item that the extension of the client reads is of this class from here on.
    ExtensionItem(KeychainClass),
}

/// What becomes of a background push that reached the device.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Held {
    /// It came, and may wake the client.
    Came,
    /// It took the place of one that was held.
    TookItsPlace,
    /// It was handed to a client that runs.
    HandedOver,
    /// It is gone: the client was ended, or may not be woken.
    Discarded,
}

/// Why the user turned to the phone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// Of their own accord: drawn ahead of any policy.
    Own,
    /// In response to a notification.
    Notification,
}

/// How the screen goes dark when the phone is put down.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum ScreenOff {
    /// The side button locks at once.
    SideButton,
    /// The screen times out after auto-lock.
    AutoLock,
}

/// Another app, by its rank in the user's favour.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct App(pub u16);

/// Why the device restarted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Reboot {
    /// An update, a panic, or the user.
    Planned,
    /// Not unlocked for so long that the system restarts to close its keys.
    Inactivity,
    /// It was off, its battery being empty.
    Empty,
}

/// The network path.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Network {
    /// No path at all.
    None,
    /// Cellular.
    Cellular,
    /// Wi-Fi.
    #[default]
    Wifi,
}

/// Memory pressure as the kernel reports it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Pressure {
    /// No need to do anything.
    #[default]
    Normal,
    /// Apps should give memory back.
    Warning,
    /// Processes are ended until it recovers.
    Critical,
}

/// How far nothing starts after a herd moment: the return of what many apps wait for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum HerdQuiet {
    /// It is over.
    #[default]
    Over,
    /// While the device is in hand.
    InHand,
    /// In any case.
    Always,
}

/// Why the system ended the client.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Termination {
    /// To reclaim memory.
    Memory,
    /// To save power.
    Power,
}

/// The state of the client's process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Process {
    /// No process exists.
    NotRunning(Ended),
    /// On the screen.
    Foreground,
    /// Running without being on the screen.
    BackgroundRunning,
    /// In memory, running no code.
    Suspended,
}

impl Process {
    /// Whether a process exists, so that memory survives.
    pub const fn is_alive(self) -> bool {
        !matches!(self, Process::NotRunning(_))
    }

    /// The name in files, with the reason where there is no process.
    pub fn name(self) -> String {
        let name: &str = self.into();
        match self {
            Process::NotRunning(why) => format!("{name} {}", why.name()),
            Process::Foreground | Process::BackgroundRunning | Process::Suspended => name.into(),
        }
    }
}

/// Why no process exists.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Ended {
    /// The system reclaimed its memory.
    Memory,
    /// The system saved power.
    Power,
    /// The user swiped it away.
    ForceQuit,
    /// The device restarted.
    Reboot,
    /// An update of the app took its place.
    Update,
    /// It crashed.
    Crash,
    /// The watchdog ended it for not giving in when its time was over.
    Watchdog,
    /// It was launched in the background and could not reach its key.
    Refused,
    /// The device was given back, and the client removed from it.
    Removed,
}

impl Ended {
    /// Whether a process that did its work was ended, rather than one that could not begin.
    pub const fn is_termination(self) -> bool {
        match self {
            Ended::Memory | Ended::Power | Ended::ForceQuit | Ended::Reboot => true,
            Ended::Update | Ended::Crash | Ended::Watchdog | Ended::Removed => true,
            Ended::Refused => false,
        }
    }
}

/// Permission to run in the background for a while.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Wake {
    /// How long until the system takes it back.
    pub runtime: Span,
}

/// What made the client check.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Trigger {
    /// The user opened it.
    UserLaunch,
    /// The system granted a background refresh.
    BackgroundRefresh,
    /// The network came back while the client was open.
    NetworkReturn,
    /// A push woke the client in the background.
    BackgroundPush,
}

impl Trigger {
    /// Whether the client checks off the screen, where the system let it.
    pub const fn is_in_background(self) -> bool {
        match self {
            Trigger::BackgroundRefresh | Trigger::BackgroundPush => true,
            Trigger::UserLaunch | Trigger::NetworkReturn => false,
        }
    }
}

/// Where the key came from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum KeySource {
    /// The memory of the living process.
    Memory,
    /// The device keychain, or files of its class.
    Keychain,
    /// The UEM client, by an app flip in the foreground.
    Flip,
}

/// Why the key could not be had.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum KeyFailure {
    /// The keychain item is closed until the first unlock after boot.
    BeforeFirstUnlock,
    /// The keychain item is closed while the device is locked.
    KeychainLocked,
    /// Only an app flip would give it, and that needs the foreground.
    NeedsAppFlip,
    /// It was never stored in the keychain.
    KeyNotStored,
    /// The user last authenticated too long ago.
    AuthorizationExpired,
    /// The policy refuses it in Low Power Mode.
    LowPower,
    /// It is gone from the keychain, until the client is opened.
    KeyLost,
    /// The keychain gave no answer, though the item is readable.
    KeychainError,
}
