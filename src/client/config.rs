//! What the engineer of a mail client decides, and what is assumed of one.

use crate::policy::KeyAccess;
use crate::time::Span;
use crate::units::Share;

crate::choice! {
    /// What becomes of the key in memory when the client leaves the screen.
    pub enum KeyInMemory {
        /// It is erased as soon as the process is suspended.
        DroppedInBackground,
        /// It stays for as long as the process lives.
        WhileProcessLives,
    }
}

crate::choice! {
    /// When mail is told that was found off the screen and outside working hours.
    pub enum AfterHours {
        /// When the client is next on the screen.
        UntilOpened,
        /// By one notification at the next beginning of the hours, prepared when it was found.
        AnnouncedWhenHoursBegin,
    }
}

crate::choice! {
    /// What becomes of a check that its time does not suffice for.
    pub enum Expiry {
        /// All it did is lost.
        Lost,
        /// What it did need not be done again by the next.
        Kept,
        /// The process is frozen in the middle and goes on when it is next woken; opened, it begins anew.
        Suspended,
    }
}

crate::choice! {
    /// When the client asks for its next refresh.
    pub enum Requests {
        /// With every background check, and whenever it leaves the screen.
        CheckAndClose,
        /// Only when it is opened.
        Open,
        /// As `check_and_close`, unless a request is pending: then its time stands.
        IfNonePending,
    }
}

crate::choice! {
    /// What the client makes of a key that it cannot read in the background.
    pub enum OnMissingKey {
        /// Nothing: the next check asks again.
        Retry,
        /// It takes itself for signed out, and has no key until it is opened.
        SignedOutUntilOpened,
    }
}

crate::section! {
    /// `[client]`
    pub struct Config {
        /// What becomes of the key in memory; by default it lives with the process under `device_keychain`
        /// only.
        key_in_memory: Option<KeyInMemory> = None,
            decision, offers("The key in memory", &[
                ("unset", "As the key is had", "the key in memory as it is had"),
                ("dropped_in_background", "Erased off the screen", "the key erased from memory off the screen"),
                ("while_process_lives", "While the process lives", "the key in memory while the process lives"),
            ]);
        /// How long after a check the next one is asked for (`earliestBeginDate`).
        refresh_interval: Span = Span::MINUTE * 15,
            decision, plausible("min", 1.0..240.0),
            assumed("no source for Email+; the shortest interval that apps commonly ask for"),
            at_least(Span::SECOND),
            turns("How soon the client asks again", "the client asking again after {}",
                &["1m", "5m", "10m", "15m", "20m", "30m", "45m", "1h", "2h", "4h"]);
        /// When mail is told that was found off the screen and outside working hours. What Email+ does is not
        /// published: the default is assumed.
        after_hours: AfterHours = AfterHours::UntilOpened, decision, unpublished;
        /// How long a check takes on Wi-Fi, an app flip included, beside what each mail that waits adds.
        check_duration: Span = Span::from_secs(4),
            plausible("s", 0.0..30.0), assumed, within(Span::ZERO..=Span::HOUR);
        /// What each mail that waits adds to a check.
        check_per_mail: Span = Span::from_ms(200),
            plausible("s", 0.0..0.4), assumed("more, and a backlog could never be fetched in its 30 s"),
            within(Span::ZERO..=Span::MINUTE);
        /// How many mails add to it at most: the rest is counted, not fetched.
        check_most_mails: u32 = 50, plausible("1", 10.0..500.0), assumed, within(0..=1_000_000);
        /// How many times as long a check takes on cellular.
        check_on_cellular: f64 = 1.5, plausible("1", 1.0..4.0), assumed, within(1.0..=100.0);
        /// What becomes of a check that its time does not suffice for. What Email+ does is not published: the
        /// default is assumed.
        expiry: Expiry = Expiry::Lost, decision, unpublished;
        /// How long a check that began on the screen may go on when the user has left.
        finish_runtime: Span = Span::from_secs(30),
            plausible("s", 5.0..30.0), from(FORUM_85066, "about 30 s since iOS 13"),
            within(Span::ZERO..=Span::HOUR);
        /// When the next refresh is asked for. What Email+ does is not published: the default is assumed.
        requests: Requests = Requests::CheckAndClose, decision, unpublished;
        /// What the client makes of a key that it cannot read in the background. What Email+ does is not
        /// published: the default is assumed.
        on_missing_key: OnMissingKey = OnMissingKey::Retry, decision, unpublished;
        /// Share of background reads of the keychain that fail though the item is readable.
        keychain_errors: Share = Share::new(0.0),
            plausible("1", 0.0..0.05), from(FIELD_REPORTS, "not found, or no answer, though unlocked"),
            assumed("how often is not known");
        /// How often in 30 days the key is gone from the keychain, until the client is opened.
        key_losses_per_30d: f64 = 0.0,
            plausible("1/30 d", 0.0..1.0), from(FIELD_REPORTS), assumed("how often is not known"),
            within(0.0..=3000.0);
        /// Share of background checks after which the process crashes, as for a file that it still has locked.
        crashes: Share = Share::new(0.001),
            plausible("1", 0.0..0.05), from(FIELD_REPORTS, "the commonest crash of several messengers"),
            assumed("how often is not known");
        /// Share of background checks cut short whose process the watchdog ends for not giving in.
        watchdog: Share = Share::new(0.0), plausible("1", 0.0..1.0), assumed;
        /// Updates of the app in 30 days, each of which ends its process.
        updates_per_30d: f64 = 1.5,
            plausible("1/30 d", 0.0..4.0), assumed("mail clients release every one to four weeks"),
            within(0.0..=30.0);
        /// When the system begins to install updates at night, since midnight of the user's own day (`shift`).
        updates_from: Span = Span::HOUR * 2, plausible("h", 0.0..5.0), assumed, within(Span::ZERO..=Span::hours(23));
        /// For how long; each moment in it is as likely.
        updates_for: Span = Span::HOUR * 3,
            plausible("h", 1.0..6.0), assumed, within(Span::SECOND..=Span::hours(24));
        /// Energy of one background check, of one run of the client's extension, and of one fetch of the system's own
        /// mail client. That these take alike is assumed too.
        check_energy_mah: f64 = 0.3, plausible("mAh", 0.05..2.0), assumed;
    }
}

impl Config {
    /// The effective rule for the key in memory under a policy.
    pub fn key_in_memory(&self, access: KeyAccess) -> KeyInMemory {
        self.key_in_memory.unwrap_or(match access {
            KeyAccess::DeviceKeychain => KeyInMemory::WhileProcessLives,
            KeyAccess::AppFlip | KeyAccess::BackgroundAuthorize | KeyAccess::OsProtection => {
                KeyInMemory::DroppedInBackground
            }
        })
    }
}
