//! Who holds the phone: the distributions of a person's day, of their mail and of their habits.
//!
//! Each row holds the values of `light`, `typical` and `heavy`, and is also a key of `[[fleet]]`, so
//! that any of them can be changed for a part of the fleet. Where a row does not say otherwise, it is
//! the model of the user that reads it.

use crate::section::Key;
use crate::time::Span;
use crate::units::{Bytes, Share};
use serde::Serialize;

crate::choice! {
    /// A kind of user.
    pub enum PersonaName {
        /// Uses the phone and mail a little.
        Light,
        /// The median of the published measurements.
        Typical,
        /// The upper decile.
        Heavy,
        /// `typical`, with the user's day shifted by 12 h.
        NightWorker,
    }
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
    ($(
        $(#[doc = $what:literal])+
        $row:ident : $type:ty = [$light:expr, $typical:expr, $heavy:expr]
        $(, $facet:ident $( ( $($say:tt)* ) )? )* ;
    )*) => {
        /// A user, every row resolved.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct Persona {
            $( $(#[doc = $what])+ pub $row: $type, )*
        }

        crate::section! {
            /// An entry of `[[fleet]]`: a group, its size, its persona, and the rows that differ.
            pub struct FleetEntry {
                /// What the group is called: letters, digits, `_` and `-`; as its persona where nothing is said.
                name: Option<String> = None, study;
                /// What people call it: any text.
                title: Option<String> = None, study;
                /// The persona this group starts from.
                persona: PersonaName = PersonaName::Typical;
                /// Its share of the devices against the other groups'; 1 where nothing is said.
                weight: Option<f64> = None;
                /// How many devices it has, written in every block in place of `weight`.
                devices: Option<u32> = None, study, within(1..=10_000_000);
                $( $(#[doc = $what])+ $row: Option<$type> = None $(, $facet $( ( $($say)* ) )? )*; )*
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

            /// What the group is called.
            pub fn name(&self) -> &str {
                self.name.as_deref().unwrap_or(self.persona.name())
            }

            /// The entry with its name and every row written out.
            pub fn whole(&self) -> FleetEntry {
                let person = self.resolve();
                let FleetEntry { title, persona, weight, devices, .. } = self.clone();
                let name = Some(self.name().into());
                FleetEntry { name, title, persona, weight, devices, $( $row: Some(person.$row), )* }
            }
        }
    };
}

/// The most that anyone makes up for: as many visits are planned, so that any part of them is among them.
pub const MOST_COMPENSATION: f64 = 1.3;

const fn hm(hours: u64, minutes: u64) -> Span {
    Span::from_secs(hours * 3600 + minutes * 60)
}

persona! {
    /// Times a day the phone is picked up and unlocked.
    unlocks_per_day: f64 = [35.0, 72.0, 132.0],
        plausible("1/day", 10.0..200.0), from(MOMENT), from(DSCOUT, "94 users"),
        note("light is assumed"), within(0.0..=5000.0);
    /// Shape of the negative binomial of daily unlocks, that is of the gamma day factor.
    unlocks_shape: f64 = [6.0, 8.5, 10.0],
        plausible("1", 3.0..20.0), from(MOMENT),
        note("light and heavy are assumed"), within(0.05..=1000.0);
    /// Factor on unlocks at weekends.
    weekend_unlocks: f64 = [1.10, 1.13, 1.05],
        plausible("1", 0.8..1.4), from(MOMENT), within(0.0..=10.0);
    /// Glances at the locked screen a day.
    glances_per_day: f64 = [20.0, 45.0, 75.0],
        plausible("1/day", 0.0..150.0), from(HINTZE, "unlocked in 43-46 % of interactions"),
        assumed("a ratio; the numbers are assumed"),
        within(0.0..=5000.0);
    /// Location (log seconds) of the lognormal length of a session.
    session_mu: f64 = [3.0, 3.4, 3.55],
        plausible("ln s", 2.5..4.2), from(FALCON, "P(<30 s) = 0.50, P(<240 s) = 0.90"),
        note("light and heavy are assumed"), within(0.0..=12.0);
    /// Scale of the lognormal length of a session.
    session_sigma: f64 = [1.5, 1.62, 1.7],
        plausible("1", 1.0..2.0), from(FALCON), from(DSCOUT),
        note("light and heavy are assumed"), within(0.0..=5.0);
    /// Weibull shape of the gaps between sessions.
    gap_shape: f64 = [0.55, 0.5, 0.5],
        plausible("1", 0.4..0.8), from(USAGE_LOGGER, "k = 0.46"), from(FALAKI, "shape < 1 for all users"),
        note("light is assumed"), within(0.05..=1000.0);
    /// When the user wakes on weekdays, since midnight.
    wake: Span = [hm(7, 0), hm(6, 45), hm(6, 15)],
        label("wake-up time"), plausible("h", 4.0..10.0), assumed, within(Span::ZERO..=Span::hours(24));
    /// When the user goes to bed on weekdays, since midnight.
    bed: Span = [hm(22, 45), hm(23, 15), hm(23, 45)],
        label("bedtime"), plausible("h", 20.0..26.0), assumed, within(Span::ZERO..=Span::hours(48));
    /// Standard deviation of both.
    sleep_sd: Span = [hm(0, 45), hm(0, 50), hm(1, 0)],
        plausible("min", 10.0..120.0), assumed, within(Span::ZERO..=Span::hours(12));
    /// How much later both are at weekends.
    weekend_shift: Span = [hm(1, 15), hm(1, 15), hm(1, 0)],
        plausible("min", 0.0..180.0), assumed, within(Span::ZERO..=Span::hours(24));
    /// How much later the whole day of this user runs.
    shift: Span = [Span::ZERO, Span::ZERO, Span::ZERO],
        plausible("h", 0.0..12.0), assumed("night_worker: typical shifted by 12 h"),
        within(Span::ZERO..=Span::hours(24));
    /// Mean number of apps used in a session.
    apps_per_session: f64 = [1.53, 1.78, 2.04],
        plausible("1", 1.0..4.0), from(DSCOUT, "1 app in 52 %, 2 in 27 %, 4 or more in 9 % of sessions"),
        within(1.0..=20.0);
    /// Apps in use.
    apps_in_use: u32 = [15, 30, 50],
        plausible("1", 5.0..120.0), from(FALAKI, "10 to 90 apps, median about 50"),
        assumed("who uses how many is assumed"), within(1..=500);
    /// Zipf exponent of the choice of app.
    app_zipf: f64 = [1.6, 1.4, 1.2],
        plausible("1", 0.8..2.0), from(FALAKI), from(USAGE_LOGGER, "slope -1.6"), within(0.0..=10.0);
    /// Times a weekday the mail client is opened, notification-driven ones included.
    mail_opens_per_weekday: f64 = [4.0, 14.0, 36.0],
        plausible("1/day", 0.0..80.0), from(USAGE_LOGGER, "7 % of unlocks"),
        from(MARK, "77 desktop checks"), assumed("none for iPhones; taken between the two"),
        within(0.0..=5000.0);
    /// Factor on mail opens at weekends.
    weekend_mail_opens: f64 = [0.3, 0.4, 0.5], plausible("1", 0.0..1.2), assumed, within(0.0..=10.0);
    /// Share of mail opens that respond to a notification. Without one in the last 24 h, `compensates` says
    /// how many of them take place.
    notification_driven: Share = [Share::new(0.5), Share::new(0.4), Share::new(0.3)],
        plausible("1", 0.0..0.8), from(MARK, "31 % of checks notification-driven, 28 % both"),
        assumed("whose share is which is assumed");
    /// How many of the mail opens that respond to a notification the user makes unprompted when the client has
    /// shown none in the last 24 h, as a multiple.
    compensates: f64 = [1.0, 1.0, 1.0],
        plausible("1", 0.0..1.3),
        assumed("in a randomised trial that muted all apps people checked as often; none for mail alone"),
        within(0.0..=MOST_COMPENSATION);
    /// Probability that a notification is answered by opening the client.
    response: Share = [Share::new(0.2), Share::new(0.2), Share::new(0.2)],
        plausible("1", 0.02..0.5), from(PIELOT_2018, "conversion of non-messaging notifications 15-25 %"),
        assumed("that mail is alike is assumed");
    /// Median delay of an answer.
    response_delay: Span = [hm(0, 4), hm(0, 3), hm(0, 2)],
        plausible("min", 0.5..30.0), from(PIELOT_2014, "viewed within minutes"),
        assumed("the lognormal with sigma 1 is assumed");
    /// Median length of a mail session.
    mail_session: Span = [Span::from_secs(20), Span::from_secs(30), Span::from_secs(35)],
        plausible("s", 5.0..180.0), assumed;
    /// Scale of its lognormal.
    mail_session_sigma: f64 = [1.0, 1.1, 1.2], plausible("1", 0.3..1.6), assumed, within(0.0..=5.0);
    /// Probability that a mail session ends by swiping the client away.
    force_quit: Share = [Share::new(0.01), Share::new(0.01), Share::new(0.01)],
        plausible("1", 0.0..0.2), assumed;
    /// Mails that arrive on a weekday.
    mails_per_weekday: f64 = [25.0, 110.0, 220.0],
        plausible("1/day", 2.0..400.0), from(DNC), from(WORK_TREND, "117"),
        note("light and heavy are assumed"), within(0.0..=100000.0),
        read_by("mail");
    /// Mail on a weekend day relative to a weekday.
    weekend_mail: f64 = [0.12, 0.19, 0.30],
        plausible("1", 0.02..1.0), from(DNC), note("that heavy is as its second mailbox is assumed"),
        within(0.0..=10.0), read_by("mail");
    /// Share of mail that follows from earlier mail (Hawkes branching ratio).
    mail_branching: Share = [Share::new(0.45), Share::new(0.35), Share::new(0.35)],
        plausible("1", 0.0..0.7), from(DNC, "fitted"), within(Share::new(0.0)..=Share::new(0.95)),
        read_by("mail");
    /// Mean delay of mail that follows.
    mail_echo: Span = [Span::from_secs(700), Span::from_secs(900), Span::from_secs(900)],
        plausible("s", 100.0..3600.0), from(DNC, "fitted"), read_by("mail");
    /// Shape of the gamma day factor on mail.
    mail_day_shape: f64 = [15.0, 30.0, 30.0],
        plausible("1", 5.0..100.0), from(DNC, "fitted"), within(0.05..=1000.0), read_by("mail");
    /// Probability of charging overnight.
    overnight_charge: Share = [Share::new(0.80), Share::new(0.90), Share::new(0.95)],
        plausible("1", 0.3..1.0), from(REALITY_MINE, "charging is mostly overnight"),
        assumed("the share is assumed"), read_by("power");
    /// Short charges a day while awake.
    top_ups_per_day: f64 = [0.15, 0.5, 1.4],
        plausible("1/day", 0.0..4.0), from(FERREIRA, "short charges cluster in the evening"),
        assumed("the rate is assumed"), within(0.0..=100.0), read_by("power");
    /// Median length of a short charge.
    top_up: Span = [hm(0, 40), hm(0, 40), hm(0, 45)],
        plausible("min", 10.0..120.0), assumed, read_by("power");
    /// Scale of its lognormal.
    top_up_sigma: f64 = [0.7, 0.7, 0.8],
        plausible("1", 0.2..1.2), assumed, within(0.0..=5.0), read_by("power");
    /// Mean charge at which the user looks for a charger.
    seek_charger: Share = [Share::new(0.34), Share::new(0.38), Share::new(0.44)],
        plausible("1", 0.05..0.6), from(TALKER, "worry at 38 %"), read_by("power");
    /// Standard deviation of that charge.
    seek_charger_sd: Share = [Share::new(0.12), Share::new(0.12), Share::new(0.12)],
        plausible("1", 0.0..0.3), assumed, read_by("power");
    /// Drain with the screen on, per hour.
    drain_on: Share = [Share::new(0.08), Share::new(0.10), Share::new(0.13)],
        plausible("1/h", 0.03..0.3), assumed("no citable source for phones"), read_by("power");
    /// Drain with the screen off, per hour.
    drain_idle: Share = [Share::new(0.005), Share::new(0.007), Share::new(0.010)],
        plausible("1/h", 0.001..0.05), assumed("no citable source for phones"), read_by("power");
    /// Probability of accepting Low Power Mode when asked at 20 %.
    low_power_accept: Share = [Share::new(0.25), Share::new(0.35), Share::new(0.45)],
        plausible("1", 0.0..1.0), from(TALKER, "34 % wait for the 20 % alert"),
        assumed("that they accept is assumed"), read_by("power");
    /// Share of time on Wi-Fi.
    wifi: Share = [Share::new(0.62), Share::new(0.55), Share::new(0.48)],
        plausible("1", 0.2..0.95), from(OPENSIGNAL, "43-54 % of time, more at weekends"),
        assumed("whose share is which is assumed"), read_by("network");
    /// Share of time without any network.
    offline: Share = [Share::new(0.01), Share::new(0.013), Share::new(0.02)],
        plausible("1", 0.0..0.1), assumed, read_by("network");
    /// Memory of the phone.
    ram: Bytes = [Bytes::megabytes(4_000), Bytes::megabytes(6_000), Bytes::megabytes(8_000)],
        label("memory of the phone"), plausible("GB", 2.0..12.0), from(IPHONES),
        assumed("who holds which is assumed"),
        within(Bytes::megabytes(256)..=Bytes::megabytes(1_000_000)), read_by("memory");
    /// Share of users who have switched Background App Refresh off, where no policy decides on it.
    refresh_off: Share = [Share::new(0.12), Share::new(0.09), Share::new(0.07)],
        plausible("1", 0.0..0.25), from(BEIWE, "9.5 % of study phones without any refresh on iOS 18, 25.9 % on iOS 26"),
        assumed("how many of them have the switch off is not known"), read_by("scheduler");
    /// Restarts in 30 days.
    reboots_per_30d: f64 = [0.7, 1.1, 1.1],
        plausible("1/30 d", 0.0..10.0), assumed("no good survey found"), within(0.0..=3000.0),
        read_by("lock");
}

/// The section whose model reads a row of the fleet.
pub fn reader(row: &Key) -> &'static str {
    row.read_by.unwrap_or("user")
}
