//! What people decide: who may reach the key and when, passcode, working hours, device switches.

mod delivery;
mod hours;
mod key_access;
mod product;
mod zone;

pub use delivery::{Code, Delivery, OutsideHours, Renewal, Shows};
pub use hours::{Day, Days, Hours, TimeOfDay, WorkingHours};
pub use key_access::KeyAccess;
pub use product::{Facts as ProductFacts, Product};
pub use zone::HoursZone;

use crate::section::{Held, Shape};
use crate::time::Span;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use toml::Value;

crate::section! {
    /// The `[policy]` section as it is written; [`Policy`] is what it means.
    pub struct Config {
        /// A product, which sets `delivery`, `key_access`, `keychain_class` and who renews its subscription; a key
        /// that is written beside it wins.
        product: Option<Product> = None, decision;
        /// How mail is told; by background refresh where nothing is said.
        delivery: Option<Delivery> = None,
            decision, offers("How mail is told", &[
                ("refresh", "Background refresh", "mail told by background refresh"),
                ("push_generic_then_detail", "Generic push", "a push that says only that something came"),
                ("push_server_text", "Push with text", "a push whose text the server writes"),
                ("push_extension", "Push, own extension", "a push whose text the client's extension writes"),
                ("push_interval", "Push to wake", "a push at every interval that wakes the client"),
            ]);
        /// How the client comes by its key; by an app flip where nothing is said.
        key_access: Option<KeyAccess> = None,
            decision, offers("Where the key comes from", &KeyAccess::OFFERS);
        /// The administrator's own spelling: `false` is `app_flip`, `true` is `device_keychain`.
        allow_device_keychain: Option<bool> = None, decision, label("device keychain allowed");
        /// The class of the keychain item, or of the files; `when_unlocked` where nothing is said.
        keychain_class: Option<KeychainClass> = None,
            decision, offers("When the key can be read", &[
                ("when_unlocked", "While unlocked", "it readable while the phone is unlocked"),
                ("after_first_unlock", "From the first unlock on", "it readable from the first unlock on"),
                ("when_passcode_set", "While unlocked, with passcode", "it readable while a phone with a passcode is unlocked"),
            ]), where_key("policy.key_access", KeyAccess::BY_CLASS);
        /// How long an authentication opens the background under `background_authorize`.
        max_age: Span = Span::DAY * 3,
            decision, label("age of an authentication"), plausible("h", 1.0..168.0),
            from(BLACKBERRY, "Enabling Background Authorize, 3 days"),
            turns("How long a sign-in counts", "a sign-in that counts for {}", &["1h", "4h", "12h", "1d", "2d", "3d", "7d"]),
            where_key("policy.key_access", KeyAccess::BY_AUTHENTICATION);
        /// The passcode that is required.
        passcode: Passcode = Passcode::SixDigits,
            decision, offers("Passcode", &[
                ("none", "None", "no passcode"),
                ("four_digits", "4 digits", "a passcode of four digits"),
                ("six_digits", "6 digits", "a passcode of six digits"),
                ("alphanumeric", "Letters and digits", "a passcode of letters and digits"),
            ]);
        /// How long the screen stays on untouched, and then locks.
        auto_lock: Span = Span::MINUTE * 2,
            decision, label("auto-lock"), within(Span::SECOND..=Span::from_secs(900)),
            hint("this is the screen's auto-lock; AppConnect's own is `policy.appconnect.auto_lock`"),
            turns("Auto-lock", "the screen locking after {}", &["30s", "1m", "2m", "3m", "4m", "5m", "10m", "15m"]);
        /// How long a `when_unlocked` item stays readable after the device locked.
        keychain_lock_grace: Span = Span::from_secs(10),
            plausible("s", 0.0..30.0),
            from(PLATFORM_SECURITY, "the class key of Complete Protection is discarded about 10 s after lock"),
            assumed("as remembered");
        /// The switch of Background App Refresh; unset, each persona has its own share of phones with it off.
        background_app_refresh: Option<bool> = None,
            decision, label("Background App Refresh"), offers("Background App Refresh", &[
                ("unset", "As people have it", "Background App Refresh as people have it"),
                ("true", "On for all", "Background App Refresh on for all"),
                ("false", "Off for all", "Background App Refresh off for all"),
            ]);
        /// When new mail is announced, such as "mon-fri 08:00-18:00", "daily ...", a list of these, or "always"; unset
        /// means always. Past midnight, the day is that on which they begin. As a table they may be those of a place,
        /// wherever the device is: `{ from = "08:00", to = "18:00", zone = "Europe/Berlin" }`.
        working_hours: Option<WorkingHours> = None,
            decision, offers("When mail is announced", &[
                ("unset", "Always", "mail announced at any time"),
                ("mon-fri 08:00-18:00", "Mon\u{2013}Fri 8\u{2013}18", "mail announced on weekdays from 8 to 18"),
                ("daily 07:00-22:00", "Daily 7\u{2013}22", "mail announced daily from 7 to 22"),
            ]);
        /// What the UEM client decides for all AppConnect apps.
        appconnect: AppConnect = AppConnect::default(), decision;
    }
}

crate::section! {
    /// The `[policy.appconnect]` table: what holds for AppConnect apps, and not for the device as a whole.
    pub struct AppConnect {
        /// How long after its last use on the screen the client forgets its key. This is AppConnect's own auto-lock,
        /// not the screen's, which is `policy.auto_lock`.
        auto_lock: Lapse = Lapse::NEVER, decision, label("AppConnect auto-lock");
        /// How long an AppConnect passcode is valid; the client forgets its key when it has expired, until it is next
        /// opened. It is not the device's passcode.
        passcode_age: Lapse = Lapse::NEVER, decision, label("age of the AppConnect passcode");
        /// The time between two app check-ins, with which published settings travel.
        check_in_interval: Span = Span::HOUR,
            decision, label("app check-in interval"), plausible("min", 15.0..1440.0),
            assumed("the default was not seen in writing"), within(Span::ZERO..=Span::hours(720));
    }
}

/// After how long something lapses, if it ever does. Written as a length, or `"never"`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Lapse(pub Option<Span>);

impl Lapse {
    /// It does not.
    pub const NEVER: Lapse = Lapse(None);
}

impl Held for Lapse {
    const SHAPE: Shape = Shape::LengthOrNever;
}

impl Serialize for Lapse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(after) => after.serialize(serializer),
            None => serializer.serialize_str("never"),
        }
    }
}

impl<'de> Deserialize<'de> for Lapse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lapse, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "never" => Ok(Lapse::NEVER),
            // In none it would lapse again and again in one instant.
            after => match after.parse::<Span>().map_err(D::Error::custom)? {
                Span::ZERO => Err(D::Error::custom("it must be longer than nothing, or \"never\"")),
                after => Ok(Lapse(Some(after))),
            },
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

/// Which keys of the section mean nothing beside one that a later layer writes: the other spelling of key access, and
/// what a product sets.
pub const SUPERSEDES: [(&str, &[&str]); 3] = [
    ("key_access", &["allow_device_keychain"]),
    ("allow_device_keychain", &["key_access"]),
    ("product", &["delivery", "key_access", "allow_device_keychain", "keychain_class"]),
];

/// A value in words without commas or quotes, which may stand in any cell.
fn shown(value: &impl Serialize) -> String {
    fn plain(value: &Value) -> String {
        match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(" "),
            Value::Table(keys) => keys
                .iter()
                .map(|(key, value)| format!("{key} {}", plain(value)))
                .collect::<Vec<_>>()
                .join(" "),
            other => other.to_string(),
        }
    }
    Value::try_from(value).map_or_else(|_| "unset".into(), |value| plain(&value))
}

/// Declares what people decided: each setting is a field, and what can be said of it anew.
macro_rules! policy {
    ($($(#[doc = $what:literal])+ $field:ident / $setting:ident: $type:ty,)*) => {
        /// What people decided, with the two spellings of key access made one.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Policy { $( $(#[doc = $what])+ pub $field: $type, )* }

        /// One of the settings of a policy, with its value.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, strum::IntoStaticStr)]
        #[strum(serialize_all = "snake_case")]
        pub enum Setting { $( $(#[doc = $what])+ $setting($type), )* }

        impl fmt::Display for Setting {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name: &str = self.into();
                match self { $( Setting::$setting(value) => write!(out, "{name}={}", shown(value)), )* }
            }
        }

        impl Policy {
            /// Every setting with its value.
            pub fn words(&self, between: &str) -> String {
                [$( Setting::$setting(self.$field).to_string() ),*].join(between)
            }

            /// Puts one setting in the place of another.
            pub fn set(&mut self, setting: Setting) {
                match setting { $( Setting::$setting(value) => self.$field = value, )* }
            }

            /// What is in force in the place of this setting.
            pub fn instead_of(&self, setting: Setting) -> Setting {
                match setting { $( Setting::$setting(_) => Setting::$setting(self.$field), )* }
            }

            /// Whether this setting is in force.
            pub fn has(&self, setting: Setting) -> bool {
                match setting { $( Setting::$setting(value) => self.$field == value, )* }
            }

            /// The setting that a key of the section sets, by its path there.
            pub fn setting(&self, key: &str) -> Option<Setting> {
                let key = if key == "allow_device_keychain" { "key_access" } else { key };
                match key.replace('.', "_").as_str() { $( stringify!($field) => Some(Setting::$setting(self.$field)), )* _ => None }
            }
        }
    };
}

policy! {
    /// The product whose settings these are, where one is named.
    product / Product: Option<Product>,
    /// How mail is told.
    delivery / Delivery: Delivery,
    /// How the client comes by its key.
    key_access / KeyAccess: KeyAccess,
    /// The class of the keychain item.
    keychain_class / KeychainClass: KeychainClass,
    /// Under `background_authorize`, how old an authentication may be.
    max_age / MaxAge: Span,
    /// The passcode.
    passcode / Passcode: Passcode,
    /// Auto-lock.
    auto_lock / AutoLock: Span,
    /// The grace of `when_unlocked`.
    keychain_lock_grace / KeychainLockGrace: Span,
    /// Background App Refresh, where it is decided for all.
    background_app_refresh / BackgroundAppRefresh: Option<bool>,
    /// When new mail is announced.
    working_hours / WorkingHours: Option<WorkingHours>,
    /// How long after its last use on the screen the client forgets its key.
    appconnect_auto_lock / AppconnectAutoLock: Lapse,
    /// How long an AppConnect passcode is valid.
    appconnect_passcode_age / AppconnectPasscodeAge: Lapse,
    /// The time between two app check-ins.
    appconnect_check_in_interval / AppconnectCheckInInterval: Span,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy::try_from(&Config::default()).expect("the defaults do not contradict each other")
    }
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
            (access, other) => access.or(other),
        };
        let product = config.product.map(Product::facts);
        let of_product = product.and_then(|product| product.keychain_class);
        Ok(Policy {
            product: config.product,
            delivery: config
                .delivery
                .or(product.map(|product| product.delivery))
                .unwrap_or(Delivery::Refresh),
            key_access: key_access
                .or(product.map(|product| product.key_access))
                .unwrap_or(KeyAccess::AppFlip),
            keychain_class: config.keychain_class.or(of_product).unwrap_or(KeychainClass::WhenUnlocked),
            max_age: config.max_age,
            passcode: config.passcode,
            auto_lock: config.auto_lock,
            keychain_lock_grace: config.keychain_lock_grace,
            background_app_refresh: config.background_app_refresh,
            working_hours: config.working_hours.filter(|hours| !hours.is_always()),
            appconnect_auto_lock: config.appconnect.auto_lock,
            appconnect_passcode_age: config.appconnect.passcode_age,
            appconnect_check_in_interval: config.appconnect.check_in_interval,
        })
    }
}
