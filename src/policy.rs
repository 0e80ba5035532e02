//! What people decide: who may reach the key and when, passcode, working hours, device switches.

use crate::clock::{Clock, Weekday};
use crate::section::{Held, Row, Shape};
use crate::time::{Span, Time};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

crate::section! {
    /// The `[policy]` section as it is written; [`Policy`] is what it means.
    pub struct Config {
        /// How the client comes by its key; by an app flip where nothing is said.
        key_access: Option<KeyAccess> = None, decision;
        /// The administrator's own spelling: `false` is `app_flip`, `true` is `device_keychain`.
        allow_device_keychain: Option<bool> = None, decision, label("device keychain allowed");
        /// The class of the keychain item, or of the files.
        keychain_class: KeychainClass = KeychainClass::WhenUnlocked, decision;
        /// How long an authentication opens the background under `background_authorize`.
        max_age: Span = Span::DAY * 3,
            decision, label("age of an authentication"), plausible("h", 1.0..168.0),
            from(BLACKBERRY, "Enabling Background Authorize, 3 days");
        /// The passcode that is required.
        passcode: Passcode = Passcode::SixDigits, decision;
        /// How long the screen stays on untouched, and then locks.
        auto_lock: Span = Span::MINUTE * 2, decision, label("auto-lock"), at_least(Span::SECOND);
        /// How long a `when_unlocked` item stays readable after the device locked.
        keychain_lock_grace: Span = Span::from_secs(10),
            plausible("s", 0.0..30.0),
            from(PLATFORM_SECURITY, "the class key of Complete Protection is discarded about 10 s after lock"),
            assumed("as remembered");
        /// The switch of Background App Refresh; unset, each persona has its own share of phones with it off.
        background_app_refresh: Option<bool> = None, decision, label("Background App Refresh");
        /// When new mail is announced; unset means always.
        working_hours: Option<WorkingHours> = None, decision;
    }
}

crate::choice! {
    /// How the client comes by its key.
    pub enum KeyAccess {
        /// From the UEM client, by an app flip in the foreground (Email+ as delivered).
        AppFlip,
        /// From the device keychain too (`allow_device_keychain = true`).
        DeviceKeychain,
        /// From the container while the user has authenticated recently (BlackBerry).
        BackgroundAuthorize,
        /// No key of its own: only the operating system protects the data (Outlook, Intune).
        OsProtection,
    }
}

impl KeyAccess {
    /// Whether the client puts the key into the keychain, as an item of its own.
    pub const fn stores_item(self) -> bool {
        match self {
            KeyAccess::DeviceKeychain => true,
            KeyAccess::AppFlip | KeyAccess::BackgroundAuthorize | KeyAccess::OsProtection => false,
        }
    }

    /// Whether the keychain class says when the key, or the files that need none, can be read.
    pub const fn goes_by_class(self) -> bool {
        match self {
            KeyAccess::DeviceKeychain | KeyAccess::OsProtection => true,
            KeyAccess::AppFlip | KeyAccess::BackgroundAuthorize => false,
        }
    }

    /// Whether the age of the last authentication says so.
    pub const fn goes_by_authentication(self) -> bool {
        match self {
            KeyAccess::BackgroundAuthorize => true,
            KeyAccess::AppFlip | KeyAccess::DeviceKeychain | KeyAccess::OsProtection => false,
        }
    }

    /// Whether nothing but the foreground gives the key to a process that has none in memory.
    pub const fn needs_foreground(self) -> bool {
        match self {
            KeyAccess::AppFlip => true,
            KeyAccess::DeviceKeychain | KeyAccess::BackgroundAuthorize | KeyAccess::OsProtection => false,
        }
    }
}

crate::choice! {
    /// When the operating system gives a keychain item out.
    pub enum KeychainClass {
        /// While the device is unlocked.
        WhenUnlocked,
        /// From the first unlock after boot on.
        AfterFirstUnlock,
        /// While unlocked, and only if a passcode is set at all.
        WhenPasscodeSet,
    }
}

crate::choice! {
    /// The passcode of the device.
    pub enum Passcode {
        /// None: nothing is protected.
        None,
        /// Four digits.
        FourDigits,
        /// Six digits.
        SixDigits,
        /// Letters and digits.
        Alphanumeric,
    }
}

/// What people decided, with the two spellings of key access made one.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How the client comes by its key.
    pub key_access: KeyAccess,
    /// The class of the keychain item.
    pub keychain_class: KeychainClass,
    /// Under `background_authorize`, how old an authentication may be.
    pub max_age: Span,
    /// The passcode.
    pub passcode: Passcode,
    /// Auto-lock.
    pub auto_lock: Span,
    /// The grace of `when_unlocked`.
    pub keychain_lock_grace: Span,
    /// Background App Refresh, where it is decided for all.
    pub background_app_refresh: Option<bool>,
    /// When new mail is announced.
    pub working_hours: Option<WorkingHours>,
}

impl TryFrom<&Config> for Policy {
    type Error = String;
    fn try_from(config: &Config) -> Result<Policy, String> {
        let spelled = config.allow_device_keychain.map(|allowed| match allowed {
            true => KeyAccess::DeviceKeychain,
            false => KeyAccess::AppFlip,
        });
        let key_access = match (config.key_access, spelled) {
            (Some(access), Some(other)) if access != other => {
                return Err(format!(
                    "`allow_device_keychain = {}` contradicts `key_access`; keep one of the two",
                    other == KeyAccess::DeviceKeychain
                ));
            }
            (access, other) => access.or(other).unwrap_or(KeyAccess::AppFlip),
        };
        Ok(Policy {
            key_access,
            keychain_class: config.keychain_class,
            max_age: config.max_age,
            passcode: config.passcode,
            auto_lock: config.auto_lock,
            keychain_lock_grace: config.keychain_lock_grace,
            background_app_refresh: config.background_app_refresh,
            working_hours: config.working_hours.clone(),
        })
    }
}

/// When new mail is announced: some days of the week, from one time of day to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// The days on which the hours begin.
    #[serde(default = "working_week")]
    pub days: Vec<Day>,
    /// When they begin.
    pub from: TimeOfDay,
    /// When they end; before `from` means on the next day.
    pub to: TimeOfDay,
}

impl Held for WorkingHours {
    const SHAPE: Shape = Shape::Table(&[
        Row::<Vec<Day>>::new("days", "The days on which the hours begin.").decision().key(),
        Row::<TimeOfDay>::new("from", "When they begin.").decision().key(),
        Row::<TimeOfDay>::new("to", "When they end; before `from` means on the next day.").decision().key(),
    ]);
}

fn working_week() -> Vec<Day> {
    vec![Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri]
}

crate::choice! {
    /// A day of the week.
    pub enum Day {
        /// Monday.
        Mon,
        /// Tuesday.
        Tue,
        /// Wednesday.
        Wed,
        /// Thursday.
        Thu,
        /// Friday.
        Fri,
        /// Saturday.
        Sat,
        /// Sunday.
        Sun,
    }
}

impl WorkingHours {
    /// Whether new mail is announced at this instant. The beginning belongs to the hours, the end
    /// does not; equal times mean the whole day.
    pub fn contain(&self, clock: &Clock, time: Time) -> bool {
        let local = clock.local(time);
        let today = self.has(clock.weekday(local.day));
        let yesterday = self.has(Weekday::new(clock.weekday(local.day).index() as u8 + 6));
        let (from, to) = (self.from.0, self.to.0);
        let now = local.ms / 60_000;
        if from < to {
            today && (from..to).contains(&now)
        } else {
            (today && now >= from) || (yesterday && now < to)
        }
    }

    /// The next beginning of the hours after an instant.
    pub fn next_beginning(&self, clock: &Clock, after: Time) -> Option<Time> {
        let today = clock.local(after).day;
        let begin = |day: u32| self.has(clock.weekday(day)).then(|| clock.at(day, self.from.dial()));
        (today..=today + 7).filter_map(begin).find(|at| *at > after)
    }

    fn has(&self, weekday: Weekday) -> bool {
        self.days.iter().any(|day| *day as usize == weekday.index())
    }
}

/// A time of day in minutes since midnight. Written `"08:00"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    /// A time on the dial.
    pub const fn new(hour: u32, minute: u32) -> TimeOfDay {
        TimeOfDay(hour * 60 + minute)
    }

    /// The length since midnight.
    pub const fn dial(self) -> Span {
        Span::from_secs(self.0 as u64 * 60)
    }
}

impl Held for TimeOfDay {
    const SHAPE: Shape = Shape::TimeOfDay;
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TimeOfDay, D::Error> {
        struct Times;
        impl Visitor<'_> for Times {
            type Value = TimeOfDay;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time of day such as \"08:00\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<TimeOfDay, E> {
                let parts = text.split_once(':').filter(|(h, m)| h.len() <= 2 && m.len() == 2);
                let time = parts.and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
                match time {
                    Some((hour @ 0..=23, minute @ 0..=59)) => Ok(TimeOfDay::new(hour, minute)),
                    Some((24, 0)) => Ok(TimeOfDay::new(24, 0)),
                    _ => {
                        Err(E::custom(format!("`{text}` is not a time of day; write for example \"08:00\"")))
                    }
                }
            }
        }
        deserializer.deserialize_str(Times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: TimeOfDay, to: TimeOfDay, days: &[Day]) -> WorkingHours {
        WorkingHours { days: days.to_vec(), from, to }
    }

    #[test]
    fn working_hours_are_half_open_and_may_cross_midnight() {
        let clock = Clock::utc();
        let day = hours(TimeOfDay::new(8, 0), TimeOfDay::new(18, 0), &[Day::Mon]);
        let at = |day: u32, minutes: u64| clock.at(day, Span::MINUTE * minutes);
        assert!(day.contain(&clock, at(0, 8 * 60)));
        assert!(!day.contain(&clock, at(0, 18 * 60)));
        assert!(!day.contain(&clock, at(1, 9 * 60)));
        let night = hours(TimeOfDay::new(22, 0), TimeOfDay::new(6, 0), &[Day::Sun]);
        assert!(night.contain(&clock, at(6, 23 * 60)));
        assert!(night.contain(&clock, at(7, 5 * 60)));
        assert!(!night.contain(&clock, at(6, 5 * 60)));
        let whole = hours(TimeOfDay::new(0, 0), TimeOfDay::new(0, 0), &[Day::Tue]);
        assert!(whole.contain(&clock, at(1, 0)) && whole.contain(&clock, at(1, 1439)));
        assert!(!whole.contain(&clock, at(2, 1)));
    }
}
