//! Who holds the phone: the distributions of a person's day, of their mail and of their habits.
//!
//! Each row holds the values of `light`, `typical`, `heavy` and `night_worker`, who is as `typical` where the
//! row has three, and is also a key of `[[fleet]]`, so that any of them can be changed for a part of the
//! fleet. Persons of one persona differ: a row is the mean over them, or the median where it says so. Where a
//! row does not say otherwise, it is the model of the user that reads it.

use crate::hardware::{AdaptivePower, Hardware};
use crate::section::Key;
use crate::time::Span;
use crate::units::{Bytes, Share};
use serde::Serialize;

crate::choice! {
    /// A kind of user.
    pub enum PersonaName {
        /// Uses the phone and mail a little.
        Light,
        /// Somebody at work, as most of those who were measured.
        Typical,
        /// Lives with the phone and by mail.
        Heavy,
        /// Works at night and sleeps in the day.
        NightWorker,
    }
}

/// A row's value of a persona.
macro_rules! column {
    ($persona:expr, [$light:expr, $typical:expr, $heavy:expr]) => {
        column!($persona, [$light, $typical, $heavy, $typical])
    };
    ($persona:expr, [$light:expr, $typical:expr, $heavy:expr, $night_worker:expr]) => {
        match $persona {
            PersonaName::Light => $light,
            PersonaName::Typical => $typical,
            PersonaName::Heavy => $heavy,
            PersonaName::NightWorker => $night_worker,
        }
    };
}

macro_rules! persona {
    ($(
        $(#[doc = $what:literal])+
        $row:ident : $type:ty = [$($column:expr),+]
        $(, $facet:ident $( ( $($say:tt)* ) )? )* ;
    )*) => {
        /// A user, every row resolved.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        pub struct Persona {
            /// Which phone it is, where that is said.
            pub hardware: Option<Hardware>,
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
                /// IANA name of its time zone; the scenario's where nothing is said.
                time_zone: Option<String> = None;
                /// Which iPhones these are: it says how much memory they have, how long they last and whether they
                /// have Adaptive Power, where no row says it.
                hardware: Option<Hardware> = None, label("model of the phone"), read_by("memory");
                $( $(#[doc = $what])+ $row: Option<$type> = None $(, $facet $( ( $($say)* ) )? )*; )*
            }
        }

        impl FleetEntry {
            /// The person this entry describes.
            pub fn resolve(&self) -> Persona {
                let mut person =
                    Persona { hardware: self.hardware, $( $row: column!(self.persona, [$($column),+]), )* };
                $( if let Some(value) = self.$row { person.$row = value; } )*
                person.take_from_hardware(self.ram, self.adaptive_power);
                person
            }

            /// What the group is called.
            pub fn name(&self) -> &str {
                self.name.as_deref().unwrap_or(self.persona.name())
            }

            /// The entry with its name and every row written out.
            pub fn whole(&self) -> FleetEntry {
                let person = self.resolve();
                let FleetEntry { title, persona, weight, devices, time_zone, hardware, ram, adaptive_power, .. } = self.clone();
                let name = Some(self.name().into());
                let whole =
                    FleetEntry { name, title, persona, weight, devices, time_zone, hardware, $( $row: Some(person.$row), )* };
                match hardware {
                    // What follows from the model must go on following from it: it may be a mix.
                    Some(_) => FleetEntry { ram, adaptive_power, ..whole },
                    None => whole,
                }
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
    /// Times a weekday the phone is picked up and unlocked.
    unlocks_per_day: f64 = [45.0, 85.0, 140.0, 80.0],
        plausible("1/day", 10.0..200.0), from(UM24, "median of students 108"),
        assumed("people at work are assumed to take it up less; who is light or heavy is assumed"),
        within(0.0..=5000.0);
    /// Standard deviation, between persons, of the logarithm of how often they take up the phone.
    person_pickups_sd: f64 = [0.25, 0.25, 0.25],
        plausible("1", 0.0..0.6), from(UM24, "0.21 of 27 persons, 0.53 with one more"), within(0.0..=1.5);
    /// Standard deviation, within a person, of the logarithm of a day's rate of pick-ups.
    day_sd: f64 = [0.35, 0.35, 0.35, 0.38],
        plausible("1", 0.1..0.6), from(UM24, "0.37 of counts, chance and weekends included"),
        assumed("students; night_worker is assumed"), within(0.0..=1.5);
    /// Correlation of that with the day before's.
    day_correlation: f64 = [0.33, 0.33, 0.33, 0.28],
        plausible("1", 0.0..0.6), from(UM24, "0.30 of counts, chance and weekends included"),
        assumed("students; night_worker is assumed"), within(0.0..=0.7);
    /// Factor on pick-ups at weekends.
    weekend_unlocks: f64 = [0.88, 0.88, 0.88, 0.95],
        plausible("1", 0.65..1.05), from(UM24, "median 0.87"),
        assumed("students; night_worker is assumed"), within(0.0..=10.0);
    /// Glances at the locked screen a day.
    glances_per_day: f64 = [15.0, 25.0, 40.0, 25.0],
        plausible("1/day", 0.0..150.0), from(HEITMAYER, "17 % of interactions are glances at the locked screen"),
        assumed("a share; the numbers are assumed"), within(0.0..=5000.0);
    /// Location (log seconds) of the lognormal length of a session, of the median person.
    session_mu: f64 = [3.3, 3.6, 3.6, 3.7],
        plausible("ln s", 2.5..4.2), from(IP26, "P(<30 s) = 0.42, P(<240 s) = 0.83"),
        from(UM24, "median 243 s a pick-up"),
        assumed("one phone and students; others are assumed to stay for less"), within(0.0..=12.0);
    /// Scale of the lognormal length of a session.
    session_sigma: f64 = [1.7, 1.75, 1.75],
        plausible("1", 1.0..2.0), from(IP26), assumed("one phone; light is assumed"), within(0.0..=5.0);
    /// Standard deviation, between persons, of the logarithm of the length of their sessions.
    person_length_sd: f64 = [0.4, 0.4, 0.4],
        plausible("1", 0.0..0.6), from(UM24, "0.41 to 0.44 of seconds a pick-up"), within(0.0..=1.5);
    /// Factor on the length of sessions at weekends.
    weekend_length: f64 = [1.13, 1.13, 1.13, 1.05],
        plausible("1", 0.8..1.5), from(UM24, "minutes as on weekdays, with fewer pick-ups"),
        assumed("students; night_worker is assumed"), within(0.01..=10.0);
    /// Weibull shape of the gaps between sessions.
    gap_shape: f64 = [0.55, 0.5, 0.5],
        plausible("1", 0.4..0.8), from(USAGE_LOGGER, "k = 0.46"), from(FALAKI, "shape < 1 for all users"),
        assumed("one phone on one day"), within(0.05..=1000.0);
    /// When the user wakes on weekdays, since midnight.
    wake: Span = [hm(6, 45), hm(6, 45), hm(6, 15)],
        label("wake-up time"), plausible("h", 4.0..10.0), from(UM24, "students' first pick-up 7.7 h"),
        assumed("people at work are assumed to rise earlier"), within(Span::ZERO..=Span::hours(24));
    /// When the user goes to bed on weekdays, since midnight.
    bed: Span = [hm(22, 45), hm(23, 15), hm(23, 45), hm(22, 45)],
        label("bedtime"), plausible("h", 20.0..26.0), assumed, within(Span::ZERO..=Span::hours(48));
    /// Standard deviation of both.
    sleep_sd: Span = [hm(0, 45), hm(0, 55), hm(1, 0), hm(1, 15)],
        plausible("min", 10.0..120.0), from(UM24, "78 min of the first pick-up"),
        assumed("students; people at work are assumed to vary less"), within(Span::ZERO..=Span::hours(12));
    /// How much later both are at weekends.
    weekend_shift: Span = [hm(1, 0), hm(1, 0), hm(1, 0)],
        plausible("min", 0.0..180.0), from(UM24, "60 min of the first pick-up"),
        assumed("students; night_worker is assumed"), within(Span::ZERO..=Span::hours(24));
    /// How much later the whole day of this user runs.
    shift: Span = [Span::ZERO, Span::ZERO, Span::ZERO, hm(8, 45)],
        plausible("h", 0.0..12.0), assumed("night_worker: up from 15:30 to 07:30"),
        within(Span::ZERO..=Span::hours(24));
    /// Standard deviation of the logarithm of what is a person's own in how they spread their use over the
    /// quarters of an hour of a day.
    shape_sd: f64 = [0.5, 0.5, 0.5, 0.4],
        plausible("1", 0.0..1.2), from(IP26, "of when Gmail is opened, 09 to 24 h, is known: AUC 0.556"),
        assumed("one phone; that others are alike, and night_worker, is assumed"), within(0.0..=3.0);
    /// Share of people who live by the clock.
    clockwork: Share = [Share::new(0.2), Share::new(0.2), Share::new(0.2)],
        plausible("1", 0.0..0.5), assumed;
    /// The same standard deviation of people who live by the clock.
    clockwork_shape_sd: f64 = [1.2, 1.2, 1.2],
        plausible("1", 0.5..2.0), assumed, within(0.0..=3.0);
    /// Mean number of apps used in a session.
    apps_per_session: f64 = [1.75, 2.2, 2.35, 2.2],
        plausible("1", 1.0..4.0), from(IP26, "1 app in 43 %, 2 in 31 %, 4 or more in 13 % of sessions"),
        assumed("one phone; light is assumed"), within(1.0..=20.0);
    /// Apps in use.
    apps_in_use: u32 = [25, 50, 80],
        plausible("1", 5.0..120.0), from(IP26, "79 in 30 days"), from(FALAKI, "10 to 90 apps, median about 50"),
        assumed("who uses how many is assumed"), within(1..=500);
    /// Zipf exponent of the choice of app.
    app_zipf: f64 = [1.4, 1.27, 1.2],
        plausible("1", 0.8..2.0), from(IP26, "slope -1.27"), from(USAGE_LOGGER, "slope -1.6"),
        assumed("one phone; light and heavy are assumed"), within(0.0..=10.0);
    /// Times a weekday the mail client is opened, notification-driven ones included.
    mail_opens_per_weekday: f64 = [3.0, 9.0, 24.0, 8.0],
        plausible("1/day", 0.0..50.0), from(IP26, "Gmail 9.5 a day"), from(HEITMAYER, "6 % of interactions"),
        assumed("students; for people at work, and who is light or heavy, it is assumed"), within(0.0..=5000.0),
        offers("How often people open mail", &[
            ("x0.25", "A quarter", "people opening mail a quarter as often"),
            ("x0.5", "Half", "people opening mail half as often"),
            ("x1", "As most do", "people opening mail as most do"),
            ("x2", "Twice", "people opening mail twice as often"),
        ]);
    /// Standard deviation, between persons, of the logarithm of how often they open the mail client.
    person_opens_sd: f64 = [0.5, 0.5, 0.5],
        plausible("1", 0.0..1.0), assumed, within(0.0..=1.5);
    /// Factor on mail opens at weekends.
    weekend_mail_opens: f64 = [0.5, 0.6, 0.65, 0.8],
        plausible("1", 0.0..1.2), from(IP26, "0.65"), assumed("one student; others are assumed to leave work alone more"),
        within(0.0..=10.0);
    /// Share of mail opens that respond to a notification, if one comes. Without one in `user.unprompted_after`,
    /// `compensates` says how many of them take place.
    notification_driven: Share = [Share::new(0.15), Share::new(0.2), Share::new(0.2)],
        plausible("1", 0.0..0.4), from(HEITMAYER, "11 % of interactions follow a notification"),
        from(IP26, "at most 22 % of Gmail opens"),
        assumed("between that of all apps and the most that it can be on one phone");
    /// How many of the mail opens that respond to a notification the user makes unprompted when the client has
    /// shown none in `user.unprompted_after`, as a multiple.
    compensates: f64 = [0.9, 1.0, 1.0],
        plausible("1", 0.5..1.3), from(DEKKER, "as many checks in a week without notifications"),
        assumed("all apps were muted; none is known for mail alone"),
        within(0.0..=MOST_COMPENSATION);
    /// Probability that a notification is answered by opening the client, as long as fewer are than
    /// `notification_driven` says.
    response: Share = [Share::new(0.2), Share::new(0.2), Share::new(0.2)],
        plausible("1", 0.02..0.5), from(PIELOT_2018, "conversion of non-messaging notifications 15-25 %"),
        assumed("that mail is alike is assumed");
    /// Median delay of an answer.
    response_delay: Span = [hm(0, 4), hm(0, 3), hm(0, 2)],
        plausible("min", 0.5..30.0), from(PIELOT_2014, "viewed within minutes"),
        assumed("the lognormal with sigma 1 is assumed");
    /// Median length of a mail session.
    mail_session: Span = [Span::from_secs(9), Span::from_secs(12), Span::from_secs(15)],
        plausible("s", 5.0..60.0), from(IP26, "10 s"), assumed("one phone; light and heavy are assumed");
    /// Scale of its lognormal.
    mail_session_sigma: f64 = [1.2, 1.2, 1.2],
        plausible("1", 0.3..1.6), from(IP26, "1.2"), note("one phone"), within(0.0..=5.0);
    /// Share of users who swipe the client away; the others never do.
    force_quitters: Share = [Share::new(0.25), Share::new(0.25), Share::new(0.25)],
        plausible("1", 0.1..0.4), assumed("a habit that many have; no survey with a number"),
        turns("People who swipe the client away", "{} of the people swiping the client away",
            &["0", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.4", "0.5", "0.75", "1"]);
    /// How often those who do swipe it away on a weekday, each time as they leave it.
    force_quits_per_day: f64 = [0.5, 1.0, 2.0],
        plausible("1/day", 0.1..5.0), assumed, within(0.0..=1000.0);
    /// Mails that arrive on a weekday.
    mails_per_weekday: f64 = [25.0, 100.0, 180.0, 60.0],
        plausible("1/day", 2.0..400.0), from(WORK_TREND, "117"), from(DNC, "41 to 120"),
        assumed("whose volume is which is assumed"), within(0.0..=100000.0), read_by("mail"),
        offers("How much mail comes", &[
            ("x0.25", "A quarter", "a quarter of the mail"),
            ("x0.5", "Half", "half of the mail"),
            ("x1", "As most get", "as much mail as most get"),
            ("x2", "Twice", "twice the mail"),
        ]);
    /// Standard deviation, between persons, of the logarithm of how much mail they get.
    person_mail_sd: f64 = [0.45, 0.45, 0.4],
        plausible("1", 0.0..1.0), from(DNC, "about 0.45"), assumed("that heavy differ less is assumed"),
        within(0.0..=1.5), read_by("mail");
    /// Mail on a weekend day relative to a weekday.
    weekend_mail: f64 = [0.12, 0.17, 0.25, 0.5],
        plausible("1", 0.02..1.0), from(DNC), assumed("whose is which is assumed, and night_worker"),
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
    overnight_charge: Share = [Share::new(0.60), Share::new(0.66), Share::new(0.72), Share::new(0.60)],
        plausible("1", 0.3..1.0), from(CHARGING, "64 % charge overnight"), from(REALITY_MINE, "charging is mostly overnight"),
        assumed("whose share is which is assumed"), read_by("power");
    /// Short charges a day while awake.
    top_ups_per_day: f64 = [0.4, 0.9, 1.8],
        plausible("1/day", 0.0..4.0), from(CHARGING, "69 % charge twice a day or more"),
        assumed("whose rate is which is assumed"), within(0.0..=100.0), read_by("power");
    /// Median length of a short charge.
    top_up: Span = [hm(0, 40), hm(0, 40), hm(0, 45)],
        plausible("min", 10.0..120.0), assumed, read_by("power");
    /// Scale of its lognormal.
    top_up_sigma: f64 = [0.7, 0.7, 0.8],
        plausible("1", 0.2..1.2), assumed, within(0.0..=5.0), read_by("power");
    /// Mean charge at which the user looks for a charger.
    seek_charger: Share = [Share::new(0.30), Share::new(0.36), Share::new(0.42)],
        plausible("1", 0.05..0.6), from(TALKER, "worry at 38 %, and at 34 to 44 % by age"),
        assumed("who worries when is assumed"), read_by("power");
    /// Standard deviation of that charge.
    seek_charger_sd: Share = [Share::new(0.14), Share::new(0.15), Share::new(0.15)],
        plausible("1", 0.0..0.3), from(TALKER, "24 % before half, 34 % at 20 %, 13 % at 10 %"),
        assumed("that shares make this deviation"), read_by("power");
    /// Drain with the screen on, per hour.
    drain_on: Share = [Share::new(0.08), Share::new(0.095), Share::new(0.11)],
        plausible("1/h", 0.05..0.2), from(BATTERY_TESTS, "5.5 to 7.9 %/h of the web, 14 to 17 %/h at worst"),
        assumed("taken between the two"), read_by("power");
    /// Drain with the screen off, per hour.
    drain_idle: Share = [Share::new(0.006), Share::new(0.008), Share::new(0.010)],
        plausible("1/h", 0.001..0.05), assumed("no citable source for phones"), read_by("power");
    /// Probability of accepting Low Power Mode when asked at 20 %.
    low_power_accept: Share = [Share::new(0.35), Share::new(0.35), Share::new(0.35)],
        plausible("1", 0.0..1.0), from(TALKER, "34 % wait for the 20 % alert"),
        assumed("that they accept is assumed"), read_by("power");
    /// How long after waking the user leaves home for work.
    leaves_after: Span = [hm(1, 15), hm(1, 15), hm(1, 0), hm(5, 45)],
        plausible("h", 0.5..8.0), assumed, within(Span::ZERO..=Span::hours(16)), read_by("network");
    /// How long a way is, there and back each.
    commute: Span = [hm(0, 30), hm(0, 35), hm(0, 40), hm(0, 30)],
        plausible("min", 10.0..90.0), assumed, within(Span::ZERO..=Span::hours(4)), read_by("network");
    /// Share of weekdays on which the user works at home.
    home_office: Share = [Share::new(0.2), Share::new(0.2), Share::new(0.2), Share::new(0.0)],
        plausible("1", 0.0..0.6), assumed("people at desks"), read_by("network");
    /// How long the user is elsewhere on a day at work, on average.
    out_per_day: Span = [hm(1, 0), hm(2, 40), hm(5, 0), hm(3, 30)],
        plausible("h", 0.5..6.0), from(OFCOM), assumed("so that all places together are 84, 78, 72 and 80 % Wi-Fi"),
        within(Span::ZERO..=Span::hours(16)), read_by("network");
    /// Share of phones that switch Low Power Mode on by themselves at 20 % (Adaptive Power).
    adaptive_power: Share = [Share::new(0.15), Share::new(0.20), Share::new(0.30)],
        plausible("1", 0.0..0.9), from(ADAPTIVE_POWER, "on by default on the iPhones of 2025 only"),
        assumed("how many of these are in use is assumed"), read_by("power");
    /// Share of phones with Adaptive Power on, of those on which the user has to switch it on, where `hardware` says
    /// which phones these are.
    adaptive_chosen: Share = [Share::new(0.1), Share::new(0.1), Share::new(0.1)],
        plausible("1", 0.0..0.4), assumed("nobody has counted them"), read_by("power");
    /// The same, of those on which it is on from the start.
    adaptive_kept: Share = [Share::new(0.9), Share::new(0.9), Share::new(0.9)],
        plausible("1", 0.6..1.0), from(ADAPTIVE_POWER, "on by default on the iPhones of 2025"),
        assumed("that few switch it off is assumed"), read_by("power");
    /// Share of users who leave Low Power Mode on.
    low_power_always: Share = [Share::new(0.06), Share::new(0.05), Share::new(0.04)],
        plausible("1", 0.0..0.15), from(GREENHUB, "a power saver is on in 5.9 % of 23.6 M samples"),
        assumed("how much of it is habit is assumed"), read_by("power");
    /// Share of time without any network.
    offline: Share = [Share::new(0.007), Share::new(0.01), Share::new(0.014), Share::new(0.01)],
        plausible("1", 0.0..0.05), from(OFCOM, "1.2 to 1.3 % of 4G connections fail"),
        assumed("that it is as much of the time is assumed"), read_by("network"),
        offers("Without network", &[
            ("unset", "As measured", "phones without network as seldom as measured"),
            ("0", "Never", "phones that always have network"),
            ("0.05", "5 % of the time", "phones without network for 5 % of the time"),
            ("0.2", "20 % of the time", "phones without network for 20 % of the time"),
        ]);
    /// Memory of the phone.
    ram: Bytes = [Bytes::megabytes(6_000), Bytes::megabytes(8_000), Bytes::megabytes(8_000)],
        mixed(&[
            ("light", "{ \"12 GB\" = 0.05, \"8 GB\" = 0.25, \"6 GB\" = 0.35, \"4 GB\" = 0.31, \"3 GB\" = 0.04 }"),
            ("typical", "{ \"12 GB\" = 0.12, \"8 GB\" = 0.4, \"6 GB\" = 0.32, \"4 GB\" = 0.15, \"3 GB\" = 0.01 }"),
            ("heavy", "{ \"12 GB\" = 0.3, \"8 GB\" = 0.5, \"6 GB\" = 0.17, \"4 GB\" = 0.03 }"),
            ("night_worker", "{ \"12 GB\" = 0.12, \"8 GB\" = 0.4, \"6 GB\" = 0.32, \"4 GB\" = 0.15, \"3 GB\" = 0.01 }"),
        ]),
        label("memory of the phone"), plausible("GB", 2.0..12.0), from(IPHONES),
        assumed("shares of the models in use in November 2026, and who holds which, are assumed"),
        within(Bytes::megabytes(256)..=Bytes::megabytes(1_000_000)), read_by("memory"),
        offers("Memory of the phones", &[
            ("unset", "As in use", "phones with the memory that is in use"),
            ("3 GB", "3 GB", "phones with 3 GB of memory"),
            ("4 GB", "4 GB", "phones with 4 GB of memory"),
            ("6 GB", "6 GB", "phones with 6 GB of memory"),
            ("8 GB", "8 GB", "phones with 8 GB of memory"),
            ("12 GB", "12 GB", "phones with 12 GB of memory"),
        ]);
    /// Share of users who have switched Background App Refresh off, where no policy decides on it.
    refresh_off: Share = [Share::new(0.12), Share::new(0.09), Share::new(0.07)],
        plausible("1", 0.0..0.25), from(BEIWE, "9.5 % of study phones without any refresh on iOS 18, 25.9 % on iOS 26"),
        assumed("how many of them have the switch off is not known"), read_by("scheduler");
    /// Restarts in 30 days.
    reboots_per_30d: f64 = [0.9, 1.1, 1.2],
        plausible("1/30 d", 0.5..3.0), assumed("no good survey found; who updates restarts each month"), within(0.0..=3000.0),
        read_by("lock");
}

impl Persona {
    /// What the model of the phone says in the place of the persona. Memory that is written wins; what is written of
    /// Adaptive Power does where there is such a thing.
    fn take_from_hardware(&mut self, ram: Option<Bytes>, adaptive: Option<Share>) {
        let Some(model) = self.hardware.map(Hardware::model) else { return };
        self.ram = ram.unwrap_or(model.ram);
        self.adaptive_power = match model.adaptive_power {
            AdaptivePower::Never => Share::new(0.0),
            AdaptivePower::Chosen => adaptive.unwrap_or(self.adaptive_chosen),
            AdaptivePower::FromTheStart => adaptive.unwrap_or(self.adaptive_kept),
        };
    }
}

/// Numbers, with their sections, that mean nothing where nobody says which phones these are.
pub const OF_HARDWARE: [(&str, &str); 3] =
    [("fleet", "adaptive_chosen"), ("fleet", "adaptive_kept"), ("power", "drain_battery_mah")];

impl FleetEntry {
    /// Whether the model of the phone says what a row would have said.
    pub fn follows_hardware(&self, row: &str) -> bool {
        self.hardware.is_some() && ["ram", "adaptive_power"].contains(&row)
    }
}

/// The section whose model reads a row of the fleet.
pub fn reader(row: &Key) -> &'static str {
    row.read_by.unwrap_or("user")
}
