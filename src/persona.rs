//! Who holds the phone: the distributions of a person's day, of their mail and of their habits.
//!
//! Each row holds the values of `light`, `typical` and `heavy` with their provenance, and is also
//! a key of `[[fleet]]`, so that any of them can be changed for a part of the fleet.

use crate::number::{Number, Tag};
use crate::time::Span;
use crate::units::{Bytes, Share};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

crate::named!(PersonaName);

/// A kind of user.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Debug,
    Default,
    Serialize,
    Deserialize,
    VariantArray,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PersonaName {
    /// Uses the phone and mail a little.
    Light,
    /// The median of the published measurements.
    #[default]
    Typical,
    /// The upper decile.
    Heavy,
    /// `typical`, with the user's day shifted by 12 h.
    NightWorker,
}

impl PersonaName {
    /// Its column in the table below.
    const fn column(self) -> usize {
        match self {
            PersonaName::Light => 0,
            PersonaName::Typical | PersonaName::NightWorker => 1,
            PersonaName::Heavy => 2,
        }
    }
}

macro_rules! persona {
    ($( #[doc = $what:literal] $row:ident : $type:ty = [$light:expr, $typical:expr, $heavy:expr],
        [$tag:ident, $unit:literal, $low:literal .. $high:literal, $source:literal]; )*) => {
        /// A user, every row resolved.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct Persona {
            $( #[doc = $what] pub $row: $type, )*
        }

        /// An entry of `[[fleet]]`: a persona, its weight, and the rows that differ.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct FleetEntry {
            /// The persona it starts from.
            pub persona: PersonaName,
            /// Its weight among the entries.
            pub weight: f64,
            $( #[doc = $what] #[serde(skip_serializing_if = "Option::is_none")] pub $row: Option<$type>, )*
        }

        impl Default for FleetEntry {
            fn default() -> FleetEntry {
                FleetEntry { persona: PersonaName::default(), weight: 1.0, $( $row: None, )* }
            }
        }

        impl FleetEntry {
            /// The person this entry describes.
            pub fn resolve(&self) -> Persona {
                let column = self.persona.column();
                let mut person = Persona { $( $row: [$light, $typical, $heavy][column], )* };
                if self.persona == PersonaName::NightWorker {
                    person.shift = Span::HOUR * 12;
                }
                $( if let Some(value) = self.$row { person.$row = value; } )*
                person
            }
        }

        /// The rows and where they come from; the key is the row's name.
        pub const NUMBERS: &[Number] = &[ $( Number {
            key: stringify!($row), what: $what.trim_ascii(), tag: Tag::$tag, unit: $unit,
            range: ($low, $high), source: $source,
        }, )* ];
    };
}

const fn hm(hours: u64, minutes: u64) -> Span {
    Span::from_secs(hours * 3600 + minutes * 60)
}

persona! {
    /// Times a day the phone is picked up and unlocked.
    unlocks_per_day: f64 = [35.0, 72.0, 132.0], [Measured, "1/day", 10.0..200.0, "Moment app log of one iPhone over 371 days; dscout 2016 (94 users)"];
    /// Shape of the negative binomial of daily unlocks, that is of the gamma day factor.
    unlocks_shape: f64 = [6.0, 8.5, 10.0], [Measured, "1", 3.0..20.0, "Moment app log of one iPhone over 371 days"];
    /// Factor on unlocks at weekends.
    weekend_unlocks: f64 = [1.10, 1.13, 1.05], [Measured, "1", 0.8..1.4, "Moment app log of one iPhone over 371 days"];
    /// Glances at the locked screen a day.
    glances_per_day: f64 = [20.0, 45.0, 75.0], [Field, "1/day", 0.0..150.0, "Hintze 2017 (Device Analyzer): unlocked in 43-46 % of interactions"];
    /// Location (log seconds) of the lognormal length of a session.
    session_mu: f64 = [3.0, 3.4, 3.55], [Field, "ln s", 2.5..4.2, "Yan 2012 (FALCON, LiveLab iPhones): P(<30 s) = 0.50, P(<240 s) = 0.90"];
    /// Scale of the lognormal length of a session.
    session_sigma: f64 = [1.5, 1.62, 1.7], [Field, "1", 1.0..2.0, "Yan 2012 (FALCON, LiveLab iPhones); dscout 2016"];
    /// Weibull shape of the gaps between sessions.
    gap_shape: f64 = [0.55, 0.5, 0.5], [Measured, "1", 0.4..0.8, "UsageLogger, one Android user-day: k = 0.46; Falaki 2010: shape < 1 for all users"];
    /// When the user wakes on weekdays, since midnight.
    wake: Span = [hm(7, 0), hm(6, 45), hm(6, 15)], [Assumed, "h", 4.0..10.0, "no source"];
    /// When the user goes to bed on weekdays, since midnight.
    bed: Span = [hm(22, 45), hm(23, 15), hm(23, 45)], [Assumed, "h", 20.0..26.0, "no source"];
    /// Standard deviation of both.
    sleep_sd: Span = [hm(0, 45), hm(0, 50), hm(1, 0)], [Assumed, "min", 10.0..120.0, "no source"];
    /// How much later both are at weekends.
    weekend_shift: Span = [hm(1, 15), hm(1, 15), hm(1, 0)], [Assumed, "min", 0.0..180.0, "no source"];
    /// How much later the whole day of this user runs.
    shift: Span = [Span::ZERO, Span::ZERO, Span::ZERO], [Assumed, "h", 0.0..12.0, "night_worker: typical shifted by 12 h"];
    /// Mean number of apps used in a session.
    apps_per_session: f64 = [1.53, 1.78, 2.04], [Field, "1", 1.0..4.0, "dscout 2016: 1 app in 52 %, 2 in 27 %, 4 or more in 9 % of sessions"];
    /// Apps in use.
    apps_in_use: u32 = [15, 30, 50], [Field, "1", 5.0..120.0, "Falaki 2010: 10 to 90 apps, median about 50"];
    /// Zipf exponent of the choice of app.
    app_zipf: f64 = [1.6, 1.4, 1.2], [Field, "1", 0.8..2.0, "Falaki 2010; UsageLogger: slope -1.6"];
    /// Times a weekday the mail client is opened, notification-driven ones included.
    mail_opens_per_weekday: f64 = [4.0, 14.0, 36.0], [Assumed, "1/day", 0.0..80.0, "no source for iPhones; between 7 % of unlocks (UsageLogger) and 77 desktop checks (Mark 2016)"];
    /// Factor on mail opens at weekends.
    weekend_mail_opens: f64 = [0.3, 0.4, 0.5], [Assumed, "1", 0.0..1.2, "no source"];
    /// Share of mail opens that respond to a notification, left out of the user's own plan.
    notification_driven: Share = [Share::new(0.5), Share::new(0.4), Share::new(0.3)], [Field, "1", 0.0..0.8, "Mark 2016: 31 % of checks notification-driven, 28 % both"];
    /// Probability that a notification is answered by opening the client.
    response: Share = [Share::new(0.2), Share::new(0.2), Share::new(0.2)], [Assumed, "1", 0.02..0.5, "Pielot 2018: conversion of non-messaging notifications 15-25 %; that mail is alike is assumed"];
    /// Median delay of an answer.
    response_delay: Span = [hm(0, 4), hm(0, 3), hm(0, 2)], [Assumed, "min", 0.5..30.0, "Pielot 2014: viewed within minutes; the lognormal with sigma 1 is assumed"];
    /// Median length of a mail session.
    mail_session: Span = [Span::from_secs(20), Span::from_secs(30), Span::from_secs(35)], [Assumed, "s", 5.0..180.0, "no source"];
    /// Scale of its lognormal.
    mail_session_sigma: f64 = [1.0, 1.1, 1.2], [Assumed, "1", 0.3..1.6, "no source"];
    /// Probability that a mail session ends by swiping the client away.
    force_quit: Share = [Share::new(0.01), Share::new(0.01), Share::new(0.01)], [Assumed, "1", 0.0..0.2, "no source"];
    /// Mails that arrive on a weekday.
    mails_per_weekday: f64 = [25.0, 110.0, 220.0], [Measured, "1/day", 2.0..400.0, "DNC 2016 mailboxes (KONECT); Microsoft Work Trend Index 2025: 117"];
    /// Mail on a weekend day relative to a weekday.
    weekend_mail: f64 = [0.12, 0.19, 0.30], [Measured, "1", 0.02..1.0, "DNC 2016 mailboxes (KONECT)"];
    /// Share of mail that follows from earlier mail (Hawkes branching ratio).
    mail_branching: Share = [Share::new(0.45), Share::new(0.35), Share::new(0.35)], [Measured, "1", 0.0..0.7, "fit to DNC 2016 mailboxes (KONECT)"];
    /// Mean delay of mail that follows.
    mail_echo: Span = [Span::from_secs(700), Span::from_secs(900), Span::from_secs(900)], [Measured, "s", 100.0..3600.0, "fit to DNC 2016 mailboxes (KONECT)"];
    /// Shape of the gamma day factor on mail.
    mail_day_shape: f64 = [15.0, 30.0, 30.0], [Measured, "1", 5.0..100.0, "fit to DNC 2016 mailboxes (KONECT)"];
    /// Probability of charging overnight.
    overnight_charge: Share = [Share::new(0.80), Share::new(0.90), Share::new(0.95)], [Assumed, "1", 0.3..1.0, "RealityMine 2013: charging is mostly overnight; the share is assumed"];
    /// Short charges a day while awake.
    top_ups_per_day: f64 = [0.15, 0.5, 1.4], [Assumed, "1/day", 0.0..4.0, "Ferreira 2011: short charges cluster in the evening; the rate is assumed"];
    /// Median length of a short charge.
    top_up: Span = [hm(0, 40), hm(0, 40), hm(0, 45)], [Assumed, "min", 10.0..120.0, "no source"];
    /// Scale of its lognormal.
    top_up_sigma: f64 = [0.7, 0.7, 0.8], [Assumed, "1", 0.2..1.2, "no source"];
    /// Mean charge at which the user looks for a charger.
    seek_charger: Share = [Share::new(0.34), Share::new(0.38), Share::new(0.44)], [Field, "1", 0.05..0.6, "Talker 2025 (n = 2000): worry at 38 %"];
    /// Standard deviation of that charge.
    seek_charger_sd: Share = [Share::new(0.12), Share::new(0.12), Share::new(0.12)], [Assumed, "1", 0.0..0.3, "no source"];
    /// Drain with the screen on, per hour.
    drain_on: Share = [Share::new(0.08), Share::new(0.10), Share::new(0.13)], [Assumed, "1/h", 0.03..0.3, "no citable source for phones"];
    /// Drain with the screen off, per hour.
    drain_idle: Share = [Share::new(0.005), Share::new(0.007), Share::new(0.010)], [Assumed, "1/h", 0.001..0.05, "no citable source for phones"];
    /// Probability of accepting Low Power Mode when asked at 20 %.
    low_power_accept: Share = [Share::new(0.25), Share::new(0.35), Share::new(0.45)], [Assumed, "1", 0.0..1.0, "Talker 2025: 34 % wait for the 20 % alert; that they accept is assumed"];
    /// Share of time on Wi-Fi.
    wifi: Share = [Share::new(0.62), Share::new(0.55), Share::new(0.48)], [Field, "1", 0.2..0.95, "Opensignal 2017: 43-54 % of time, more at weekends"];
    /// Share of time without any network.
    offline: Share = [Share::new(0.01), Share::new(0.013), Share::new(0.02)], [Assumed, "1", 0.0..0.1, "no source"];
    /// Memory of the phone.
    ram: Bytes = [Bytes::megabytes(4_000), Bytes::megabytes(6_000), Bytes::megabytes(8_000)], [Field, "GB", 2.0..12.0, "iPhones sold 2019 to 2025"];
    /// Restarts in 30 days.
    reboots_per_30d: f64 = [0.7, 1.1, 1.1], [Assumed, "1/30 d", 0.0..10.0, "no good survey found"];
}

/// The section whose model reads a row.
pub fn section_of(row: &str) -> &'static str {
    match row {
        "mails_per_weekday" | "weekend_mail" | "mail_branching" | "mail_echo" | "mail_day_shape" => "mail",
        "wifi" | "offline" => "network",
        "ram" => "memory",
        "reboots_per_30d" => "lock",
        "overnight_charge" | "top_ups_per_day" | "top_up" | "top_up_sigma" | "seek_charger"
        | "seek_charger_sd" | "drain_on" | "drain_idle" | "low_power_accept" => "power",
        _ => "user",
    }
}
