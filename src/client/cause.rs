//! Why a mail waits. A cause of delay is declared here, with its name, its words, and when it stands in the
//! way; the order of the causes says which is booked where several do.

use super::keys::{Ground, key_access};
use crate::policy::{Code, Delivery};
use crate::signal::{Facts, KeyFailure, Lock, Network, PushStage, SignalKind, SignalKinds};
use crate::time::Time;
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

crate::named!(DelayCause);

/// Declares the causes, each with its words and when it stands in the way. They are asked by a chain of `if`,
/// because a loop over them costs a tenth of all that simulating a device takes.
macro_rules! causes {
    (
        |$facts:ident, $now:ident, $lacks:ident, $asks:ident| {
            $($(#[$what:meta])* $cause:ident, $words:literal, $stands:expr;)*
        }
        else $(#[$what_else:meta])* $other:ident, $other_words:literal;
    ) => {
        /// Why a mail waits, in the order in which the first that stands in its way is the cause.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[derive(VariantArray, VariantNames)]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum DelayCause {
            $($(#[$what])* $cause,)*
            $(#[$what_else])* $other,
        }

        impl DelayCause {
            /// The cause in plain words.
            pub const fn words(self) -> &'static str {
                match self {
                    $(DelayCause::$cause => $words,)*
                    DelayCause::$other => $other_words,
                }
            }
        }

        /// The first that stands in the way of a mail that waits and is not seen by a running check.
        #[inline(always)]
        fn first($facts: &Facts, $now: Time, $lacks: impl Fn(DelayCause) -> bool, $asks: bool) -> DelayCause {
            $(if $stands { return DelayCause::$cause; })*
            DelayCause::$other
        }
    };
}

causes! {
    |facts, now, lacks_key, asks| {
        /// The battery is empty and the phone is off.
        DeviceOff, "phone off", facts.powered_off;
        /// The server could push nothing of it: when it arrived there was no subscription, or a date kept pushes away.
        SubscriptionLost, "no push could be sent", false;
        /// APNs stores its push, the device being off, offline or asleep.
        PushHeld, "push stored by APNs", false;
        /// Its push is on its way.
        PushInFlight, "push on its way", false;
        /// Its push has told nothing, and no code runs that could: it waits for the client to be opened.
        PushLost, "push told nothing", false;
        /// A check that will see this mail is running: an open client that is online knows of all mail but what
        /// it is just looking for.
        Checking, "check running", facts.sees_mail_at_once();
        /// A check has found it outside working hours, and it is held back.
        QuietHours, "held back after hours", false;
        /// No network.
        NoNetwork, "no network", facts.network == Network::None;
        /// Background App Refresh is off.
        RefreshOff, "background refresh off", asks && facts.refresh_off;
        /// The user has swiped the client away.
        ForceQuit, "swiped away by the user", asks && facts.force_quit;
        /// The client was not opened for too long.
        UnusedApp, "not opened for too long", asks && facts.unused_app;
        /// Low Power Mode, or a critically low battery.
        LowPower, "low power", lacks_key(DelayCause::LowPower)
            || asks && (facts.low_power_enforced(now) || facts.critically_low(now))
            || facts.policy.delivery == Delivery::SystemFetch && facts.low_power_enforced(now);
        /// The device restarted and was not unlocked since.
        BeforeFirstUnlock, "not unlocked since restart", lacks_key(DelayCause::BeforeFirstUnlock)
            || (asks || facts.policy.delivery.code() == Code::System) && facts.lock == Lock::BeforeFirstUnlock;
        /// The keychain item is closed while the device is locked.
        KeychainLocked, "keychain locked", lacks_key(DelayCause::KeychainLocked);
        /// Only an app flip would give the key.
        NeedsAppFlip, "key needs an app flip", lacks_key(DelayCause::NeedsAppFlip);
        /// The key was never stored.
        KeyNotStored, "key not stored", lacks_key(DelayCause::KeyNotStored);
        /// The user authenticated too long ago.
        AuthorizationExpired, "authentication too old", lacks_key(DelayCause::AuthorizationExpired);
        /// The key is gone from the keychain until the client is opened.
        KeyLost, "key is gone", lacks_key(DelayCause::KeyLost);
        /// The keychain gave no answer to the last check.
        KeychainError, "keychain gave no answer", facts.keychain_error;
        /// Memory pressure keeps background work from starting.
        MemoryPressure, "memory pressure", asks && facts.memory_refuses();
        /// The device has just restarted, and nothing discretionary starts yet.
        Boot, "just restarted", asks && facts.boot_quiet;
        /// Network, charger or user came back after long, and the system lets the herd of waiting work pass.
        Herd, "herd of background work", asks && facts.herd_refuses();
        /// The energy or data budget is exhausted.
        Budget, "system budget exhausted", asks && facts.budget_denies;
        /// This phone gets no background refresh; nobody knows why (assumed).
        NeverRefreshed, "phone is never refreshed", asks && facts.never_refreshed;
        /// The system's least time between two refreshes of the client has not passed.
        Spacing, "refreshes kept apart", asks && facts.refresh_spacing && !throttles_push(facts);
        /// The same of wakes for pushes, one of which waits.
        PushThrottled, "pushes kept apart", throttles_push(facts);
        /// The client's request may not run before its own `earliestBeginDate`.
        ClientInterval, "client's own interval", asks && facts.pending_refresh.is_some()
            && !facts.refresh_due;
        /// The client has not asked for a refresh.
        NoRequest, "no refresh asked for", asks && facts.pending_refresh.is_none();
    } else
    /// The score of the moment is below the threshold, or the scheduler's next look has not come.
    NotScheduled, "not scheduled by iOS";
}

/// What a mail waits for where the key cannot be had.
impl From<KeyFailure> for DelayCause {
    fn from(reason: KeyFailure) -> DelayCause {
        match reason {
            KeyFailure::BeforeFirstUnlock => DelayCause::BeforeFirstUnlock,
            KeyFailure::KeychainLocked => DelayCause::KeychainLocked,
            KeyFailure::NeedsAppFlip => DelayCause::NeedsAppFlip,
            KeyFailure::KeyNotStored => DelayCause::KeyNotStored,
            KeyFailure::AuthorizationExpired => DelayCause::AuthorizationExpired,
            KeyFailure::LowPower => DelayCause::LowPower,
            KeyFailure::KeyLost => DelayCause::KeyLost,
            KeyFailure::KeychainError => DelayCause::KeychainError,
        }
    }
}

impl DelayCause {
    /// What a mail waits for while its push is under way.
    pub const OF_PUSH: [DelayCause; 3] =
        [DelayCause::SubscriptionLost, DelayCause::PushHeld, DelayCause::PushInFlight];

    /// What a mail waits for that is held back.
    pub const OF_HELD: DelayCause = DelayCause::QuietHours;

    /// What a mail waits for while its push is in this stage; nothing of its push where that is over.
    pub const fn of_push(stage: PushStage) -> Option<DelayCause> {
        match stage {
            PushStage::Unsubscribed => Some(DelayCause::SubscriptionLost),
            PushStage::Sent => Some(DelayCause::PushInFlight),
            PushStage::Held => Some(DelayCause::PushHeld),
            PushStage::Displaced | PushStage::Expired | PushStage::Dropped | PushStage::Badged => None,
            PushStage::Signalled | PushStage::Late | PushStage::Unneeded => None,
        }
    }
}

/// Whether the next push would wake the client, but too little time has passed since the last. At intervals each mail
/// waits for the next push; else only its own, or another that came with it, can wake the client.
const fn throttles_push(facts: &Facts) -> bool {
    facts.push_spacing && (facts.push_waits || matches!(facts.policy.delivery, Delivery::PushInterval))
}

/// The blocker of a mail that waits and is not seen by a running check.
pub fn blocker(facts: &Facts, now: Time) -> DelayCause {
    let code = facts.policy.delivery.code();
    if code == Code::None {
        return DelayCause::PushLost;
    }
    let own_code = code == Code::Client;
    let lacking =
        if own_code { key_access(facts, Ground::Background).err().map(DelayCause::from) } else { None };
    first(facts, now, |cause| lacking == Some(cause), own_code && facts.by_request)
}

/// The signals that change what [`blocker`] reads, and what [`key_access`] and
/// [`key_readable_without_process`](super::key_readable_without_process) do: between two of them all three
/// give the same answer.
pub const BLOCKER_READS: SignalKinds = SignalKinds::of(&[
    SignalKind::PickedUp,
    SignalKind::Glanced,
    SignalKind::OwnUseBegins,
    SignalKind::OwnUseOver,
    SignalKind::PutDown,
    SignalKind::ClientOpened,
    SignalKind::ForceQuit,
    SignalKind::Unlocked,
    SignalKind::Locked,
    SignalKind::KeychainClosed,
    SignalKind::Rebooted,
    SignalKind::Network,
    SignalKind::PluggedIn,
    SignalKind::Unplugged,
    SignalKind::Battery,
    SignalKind::LowPowerMode,
    SignalKind::PoweredOff,
    SignalKind::PoweredOn,
    SignalKind::MemoryPressure,
    SignalKind::UnusedApp,
    SignalKind::RefreshRequested,
    SignalKind::RefreshDue,
    SignalKind::RefreshCancelled,
    SignalKind::RefreshLaunched,
    SignalKind::RefreshSpacing,
    SignalKind::HerdQuiet,
    SignalKind::BootQuiet,
    SignalKind::BudgetDenies,
    SignalKind::Process,
    SignalKind::KeyRead,
    SignalKind::KeyDropped,
    SignalKind::KeyStored,
    SignalKind::KeyLost,
    SignalKind::CheckStarted,
    SignalKind::AuthorizationExpired,
    SignalKind::PolicyReached,
    SignalKind::KeyDeleted,
    SignalKind::Occurred,
    SignalKind::PushSpacing,
    SignalKind::PushLaunched,
    SignalKind::BackgroundPush,
    SignalKind::ExtensionItem,
]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::policy::{self, KeyAccess, KeychainClass, Passcode, Policy};
    use crate::signal::{Habits, HabitsConfig, HerdQuiet, Pressure, Process};

    /// A client in the background whose refresh is due, with its key in the keychain of a locked phone.
    fn facts(access: KeyAccess, class: KeychainClass) -> Facts {
        let config = policy::Config {
            key_access: Some(access),
            keychain_class: Some(class),
            passcode: Passcode::SixDigits,
            ..policy::Config::default()
        };
        let policy = Policy::try_from(&config).unwrap();
        let habits = Habits::new(&HabitsConfig::default(), Clock::utc());
        Facts {
            key_stored: true,
            by_request: true,
            pending_refresh: Some(Time::ORIGIN),
            refresh_due: true,
            ..Facts::at_origin(policy, habits)
        }
    }

    fn open() -> Facts {
        facts(KeyAccess::DeviceKeychain, KeychainClass::AfterFirstUnlock)
    }

    fn cause(facts: &Facts) -> DelayCause {
        blocker(facts, Time::ORIGIN)
    }

    type Change = (fn(&mut Facts), DelayCause);

    const ALWAYS: [Change; 5] = [
        (|facts| facts.powered_off = true, DelayCause::DeviceOff),
        (|facts| facts.network = Network::None, DelayCause::NoNetwork),
        (|facts| facts.lock = Lock::BeforeFirstUnlock, DelayCause::BeforeFirstUnlock),
        (|facts| facts.key_lost = true, DelayCause::KeyLost),
        (|facts| facts.keychain_error = true, DelayCause::KeychainError),
    ];

    /// What keeps only background refreshes from running.
    const OF_REFRESHES: [Change; 16] = [
        (|facts| facts.refresh_off = true, DelayCause::RefreshOff),
        (|facts| facts.force_quit = true, DelayCause::ForceQuit),
        (|facts| facts.unused_app = true, DelayCause::UnusedApp),
        (|facts| facts.low_power_mode = true, DelayCause::LowPower),
        (|facts| facts.critical_below = u64::MAX, DelayCause::LowPower),
        (|facts| facts.pressure = Pressure::Critical, DelayCause::MemoryPressure),
        (|facts| (facts.pressure, facts.in_hand) = (Pressure::Warning, true), DelayCause::MemoryPressure),
        (|facts| facts.boot_quiet = true, DelayCause::Boot),
        (|facts| facts.herd_quiet = HerdQuiet::Always, DelayCause::Herd),
        (|facts| (facts.herd_quiet, facts.in_hand) = (HerdQuiet::InHand, true), DelayCause::Herd),
        (|facts| facts.budget_denies = true, DelayCause::Budget),
        (|facts| facts.never_refreshed = true, DelayCause::NeverRefreshed),
        (|facts| facts.refresh_spacing = true, DelayCause::Spacing),
        (
            |facts| (facts.pending_refresh, facts.refresh_due) = (Some(Time::ORIGIN), false),
            DelayCause::ClientInterval,
        ),
        (|facts| facts.pending_refresh = None, DelayCause::NoRequest),
        (|_| {}, DelayCause::NotScheduled),
    ];

    #[test]
    fn each_condition_is_a_cause_and_the_first_of_several_is_the_cause() {
        let mut all = [&ALWAYS[..], &OF_REFRESHES].concat();
        all.sort_by_key(|(_, cause)| *cause);
        let mut several = open();
        for (change, expected) in all.into_iter().rev() {
            let mut alone = open();
            change(&mut alone);
            change(&mut several);
            assert_eq!((cause(&alone), cause(&several)), (expected, expected));
        }
    }

    #[test]
    fn what_keeps_refreshes_from_running_stands_in_no_other_clients_way() {
        for (change, _) in OF_REFRESHES {
            let mut facts = Facts { by_request: false, ..open() };
            change(&mut facts);
            assert_eq!(cause(&facts), DelayCause::NotScheduled);
        }
        for (change, expected) in ALWAYS {
            let mut facts = Facts { by_request: false, ..open() };
            change(&mut facts);
            assert_eq!(cause(&facts), expected);
        }
    }

    #[test]
    fn at_ease_memory_and_herds_refuse_nothing_and_on_a_charger_power_does_not() {
        let changes: [fn(&mut Facts); 6] = [
            |facts| facts.pressure = Pressure::Warning,
            |facts| facts.herd_quiet = HerdQuiet::InHand,
            |facts| facts.in_hand = true,
            |facts| (facts.low_power_mode, facts.plugged_in) = (true, true),
            |facts| (facts.critical_below, facts.plugged_in) = (u64::MAX, true),
            |facts| facts.push_waits = true,
        ];
        for change in changes {
            let mut facts = open();
            change(&mut facts);
            assert_eq!(cause(&facts), DelayCause::NotScheduled);
        }
        // Low Power Mode is enforced on a charger while the charge is low.
        let charging = Facts { low_power_mode: true, plugged_in: true, enforced_below: u64::MAX, ..open() };
        assert_eq!(cause(&charging), DelayCause::LowPower);
        // A charge at its limit is not below it.
        let charge = open().charge(Time::ORIGIN);
        let at_limit = Facts { critical_below: charge, ..open() };
        assert_eq!(cause(&at_limit), DelayCause::NotScheduled);
        let at_limit = Facts { enforced_below: charge, plugged_in: true, low_power_mode: true, ..open() };
        assert_eq!(cause(&at_limit), DelayCause::NotScheduled);
    }

    #[test]
    fn an_open_client_that_is_online_is_checking() {
        let client = Facts { process: Process::Foreground, refresh_off: true, ..open() };
        assert_eq!(cause(&client), DelayCause::Checking);
        let offline = Facts { network: Network::None, ..client.clone() };
        assert_eq!(cause(&offline), DelayCause::NoNetwork);
        assert_eq!(cause(&Facts { powered_off: true, ..client }), DelayCause::DeviceOff);
    }

    #[test]
    fn what_a_client_lacks_of_its_key_is_the_cause_whether_it_asks_or_not() {
        use KeyAccess::*;
        use KeychainClass::*;
        let lacks: [(KeyAccess, KeychainClass, Change); 5] = [
            (AppFlip, WhenUnlocked, (|_| {}, DelayCause::NeedsAppFlip)),
            (DeviceKeychain, WhenUnlocked, (|_| {}, DelayCause::KeychainLocked)),
            (DeviceKeychain, AfterFirstUnlock, (|facts| facts.key_stored = false, DelayCause::KeyNotStored)),
            (
                BackgroundAuthorize,
                WhenUnlocked,
                (|facts| facts.authorized = false, DelayCause::AuthorizationExpired),
            ),
            (BackgroundAuthorize, WhenUnlocked, (|facts| facts.low_power_mode = true, DelayCause::LowPower)),
        ];
        for (access, class, (change, expected)) in lacks {
            for by_request in [false, true] {
                let mut facts = Facts { by_request, ..facts(access, class) };
                change(&mut facts);
                assert_eq!(cause(&facts), expected, "{access:?} {class:?}");
            }
        }
    }

    #[test]
    fn the_systems_own_client_needs_no_key_and_a_push_alone_needs_the_user() {
        let of = |delivery, change: fn(&mut Facts)| {
            let mut facts = facts(KeyAccess::AppFlip, KeychainClass::WhenUnlocked);
            facts.policy.delivery = delivery;
            change(&mut facts);
            cause(&facts)
        };
        let (fetch, longpoll) = (Delivery::SystemFetch, Delivery::SystemLongpoll);
        for delivery in [fetch, longpoll] {
            assert_eq!(of(delivery, |facts| facts.refresh_off = true), DelayCause::NotScheduled);
            let restarted: fn(&mut Facts) = |facts| facts.lock = Lock::BeforeFirstUnlock;
            assert_eq!(of(delivery, restarted), DelayCause::BeforeFirstUnlock);
        }
        let low_power: fn(&mut Facts) = |facts| facts.low_power_mode = true;
        assert_eq!(
            [of(fetch, low_power), of(longpoll, low_power)],
            [DelayCause::LowPower, DelayCause::NotScheduled]
        );
        assert_eq!(of(Delivery::PushServerText, |facts| facts.powered_off = true), DelayCause::PushLost);
    }

    #[test]
    fn a_push_waits_for_the_spacing_of_pushes_and_not_for_that_of_refreshes() {
        let of = |delivery, push_spacing, push_waits| {
            let mut facts = Facts { push_spacing, push_waits, refresh_spacing: true, ..open() };
            facts.policy.delivery = delivery;
            cause(&facts)
        };
        let (pushed, spaced) = (DelayCause::PushThrottled, DelayCause::Spacing);
        let found = [(true, true), (true, false), (false, true), (false, false)].map(|(spacing, waits)| {
            [Delivery::PushInterval, Delivery::PushSubject].map(|delivery| of(delivery, spacing, waits))
        });
        assert_eq!(found, [[pushed, pushed], [pushed, spaced], [spaced, spaced], [spaced, spaced]]);
        let stages = [PushStage::Unsubscribed, PushStage::Held, PushStage::Sent].map(DelayCause::of_push);
        assert_eq!(stages, DelayCause::OF_PUSH.map(Some));
        assert_eq!(DelayCause::of_push(PushStage::Signalled), None);
    }
}
