//! Plans in step: whoever changes a row changes what reads it, and leaves every other plan as it was, to the
//! millisecond. Otherwise two arms that differ in it would be compared on different days.

use crate::common::scenario;
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::replay;
use bgsim::persona::FleetEntry;
use bgsim::scenario::{Scenario, keys};
use bgsim::section::{Held, Role};
use bgsim::signal::{Facts, Network, Reason, Reboot, Signal};
use bgsim::time::{Span, Time};
use std::collections::{BTreeMap, BTreeSet};

/// No notification is posted, since nothing wakes the client and no check outlasts its look, no phone is ever
/// empty, and nobody waits for a restarted phone: all that happens is planned.
const BASE: &str = r#"
name = "plans"
time_zone = "UTC"
warmup = "0s"
measure = "22d"
[client]
check_duration = "0s"
check_per_mail = "0s"
[user]
model = "persona"
[scheduler]
model = "never"
[memory]
model = "off"
[power]
seek_charger = false
first_prompt = 0.7
second_prompt = 0.5
[lock]
boot = "0s"
"#;
const SEEDS: u64 = 4;

/// People of the base, with more rows; a row that is written twice holds as written last.
fn people(rows: &str) -> String {
    let written = |row: &str| rows.lines().any(|line| line.starts_with(row));
    let low = ["drain_on = 0.04", "drain_idle = 0.002", "overnight_charge = 0.9"];
    let low = low.iter().filter(|row| !written(row.split(' ').next().unwrap()));
    format!("{BASE}[[fleet]]\n{}\n{rows}\n", low.copied().collect::<Vec<_>>().join("\n"))
}
/// The last day's sessions are cut off at the horizon.
const WHOLE_DAYS: u32 = 21;

/// When a day of the user turns: before and after, nobody of the persona is up.
const TURN: Span = Span::hours(4);
/// What an instant that is rounded twice may be off.
const ROUNDED: u64 = 2;
/// What is told apart in spite of that.
const APART: u64 = 1000;
const WITHIN_SESSIONS: [&str; 4] = ["lengths", "buttons", "openings", "stays"];

/// One plan, and whether it is that of weekdays or of weekends. Those of the phone are of every day.
type Strand = (&'static str, bool);
/// What belongs to a strand, in order: of each occasion its name, and an instant or a length.
type Strands = BTreeMap<Strand, Vec<(u64, u64)>>;

struct Plans<'a> {
    scenario: &'a Scenario,
    strands: Strands,
    /// Pick-ups of this day, the last of them, and the opening within it.
    day: u32,
    number: u64,
    picked_up: Time,
    opened: Time,
}

impl Plans<'_> {
    fn put(&mut self, name: &'static str, weekend: bool, occasion: u64, value: u64) {
        self.strands.entry((name, weekend)).or_default().push((occasion, value));
    }
}

impl Observer for Plans<'_> {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        let clock = &self.scenario.clock;
        let is_weekend = |day: u32| clock.weekday(day).is_weekend();
        let day = clock.local(now.back(TURN)).day;
        // The first hours belong to the user's day before.
        if now < Time::ORIGIN + TURN || day >= WHOLE_DAYS {
            return;
        }
        if day != self.day {
            (self.day, self.number) = (day, 0);
        }
        let (weekend, at) = (is_weekend(day), now.ms());
        let session = u64::from(day) << 32 | self.number;
        match signal {
            Signal::PickedUp(Reason::Own) | Signal::OwnUseBegins => {
                self.number += 1;
                self.picked_up = now;
                self.put("pick-ups", weekend, 0, at);
            }
            Signal::PutDown(how) => {
                self.put("lengths", weekend, session, (now - self.picked_up).ms());
                self.put("buttons", weekend, session, (how as u64 + 1) * APART);
            }
            Signal::AppOpened(app) => self.put("apps", weekend, session, app.0.into()),
            Signal::ClientOpened(_) => {
                self.opened = now;
                self.put("visits", weekend, session, 0);
                self.put("openings", weekend, session, (now - self.picked_up).ms());
            }
            Signal::ClientClosed => self.put("stays", weekend, session, (now - self.opened).ms()),
            Signal::ForceQuit => self.put("quits", weekend, session, 0),
            Signal::Glanced(length) => self.put("glances", weekend, at, length.ms()),
            Signal::MailArrived => {
                // What follows from the last mail of a weekend may come on Monday, before dawn.
                let local = clock.local(now);
                let is_like_yesterday = is_weekend(local.day) == is_weekend(local.day + 6);
                if is_like_yesterday || local.hour() >= 6 {
                    self.put("mail", is_weekend(local.day), 0, at);
                }
            }
            Signal::Network(Network::None) => self.put("outages", false, 0, at),
            Signal::Network(path) => self.put("paths", false, path as u64, at),
            Signal::PluggedIn => self.put("charging", weekend, 1, at),
            Signal::Unplugged => self.put("charging", weekend, 0, at),
            Signal::LowPowerMode(on) => self.put("low power", false, on.into(), at),
            Signal::Rebooted(Reboot::Planned) => self.put("reboots", false, 0, at),
            _ => {}
        }
    }
}

fn plans(text: &str, sets: &[&str], seed: u64) -> Strands {
    let mut scenario = scenario(text, sets);
    scenario.seed = seed;
    let at = Time::ORIGIN;
    let mut plans =
        Plans { scenario: &scenario, strands: Strands::new(), day: 0, number: 0, picked_up: at, opened: at };
    replay(&scenario, 0, Engine::Fast, &mut plans);
    plans.strands
}

/// The strands that are not the same.
fn moved(one: &Strands, other: &Strands) -> BTreeSet<Strand> {
    let names: BTreeSet<Strand> = one.keys().chain(other.keys()).copied().collect();
    let same = |strand: &Strand| match (one.get(strand), other.get(strand)) {
        (Some(one), Some(other)) if WITHIN_SESSIONS.contains(&strand.0) => alike(one, other),
        (one, other) => one == other,
    };
    names.into_iter().filter(|name| !same(name)).collect()
}

/// Of two sessions that touch by rounding the phone is put down once: what both have must agree, but for
/// rounding.
fn alike(one: &[(u64, u64)], other: &[(u64, u64)]) -> bool {
    let other: BTreeMap<u64, u64> = other.iter().copied().collect();
    let both = one.iter().filter_map(|(session, value)| Some((value, other.get(session)?)));
    let (common, same) = both.fold((0, true), |(common, same), (one, other)| {
        (common + 1, same && one.abs_diff(*other) <= ROUNDED)
    });
    same && common * 100 >= one.len().max(other.len()) * 98
}

/// What any change of the sessions may move, and what any change of visits may.
const ALL_OF_A_DAY: &str = "pick-ups lengths buttons apps visits openings stays quits glances low_power";
const VISITS: &str = "visits openings stays quits";
/// The same of those that decide which sessions a look fills, in which no other app is opened.
const LOOKS: &str = "apps visits openings stays quits";

/// Every row and key of what no policy moves: a value near that of the base, and the plans that read it.
/// `weekend:` and `weekday:` before a plan mean that of such days only; `fleet` stands for the persona.
const READ: &[(&str, &str, &str, &str)] = &[
    ("fleet", "unlocks_per_day", "86.0", ALL_OF_A_DAY),
    ("fleet", "person_pickups_sd", "0.3", ALL_OF_A_DAY),
    ("fleet", "day_sd", "0.36", ALL_OF_A_DAY),
    ("fleet", "day_correlation", "0.34", ALL_OF_A_DAY),
    (
        "fleet",
        "weekend_unlocks",
        "0.89",
        "weekend: pick-ups lengths buttons apps visits openings stays quits glances; low_power",
    ),
    ("fleet", "glances_per_day", "26.0", "glances low_power"),
    ("fleet", "session_mu", "3.61", "pick-ups lengths apps openings stays glances low_power"),
    ("fleet", "session_sigma", "1.76", "pick-ups lengths apps openings stays glances low_power"),
    ("fleet", "person_length_sd", "0.41", "pick-ups lengths apps openings stays glances low_power"),
    ("fleet", "weekend_length", "1.14", "weekend: pick-ups lengths apps openings stays glances; low_power"),
    ("fleet", "gap_shape", "0.51", "pick-ups glances low_power"),
    ("fleet", "wake", "\"6h50m\"", "pick-ups glances charging low_power paths outages"),
    ("fleet", "bed", "\"23h10m\"", "pick-ups glances charging low_power paths outages"),
    ("fleet", "sleep_sd", "\"51m\"", "pick-ups glances low_power"),
    ("fleet", "weekend_shift", "\"80m\"", "weekend: pick-ups glances charging; low_power paths outages"),
    ("fleet", "shift", "\"5m\"", "pick-ups glances charging low_power paths outages"),
    ("fleet", "shape_sd", "0.6", "pick-ups glances low_power"),
    ("fleet", "clockwork", "1.0", "pick-ups glances low_power"),
    ("fleet", "clockwork_shape_sd", "1.3", "pick-ups glances low_power"),
    ("fleet", "apps_per_session", "1.8", "apps"),
    ("fleet", "apps_in_use", "31", "apps"),
    ("fleet", "app_zipf", "1.41", "apps"),
    ("fleet", "mail_opens_per_weekday", "10.0", LOOKS),
    ("fleet", "person_opens_sd", "0.6", LOOKS),
    ("fleet", "weekend_mail_opens", "0.5", "weekend: apps visits openings stays quits"),
    ("fleet", "notification_driven", "0.21", LOOKS),
    ("fleet", "compensates", "0.9", VISITS),
    ("fleet", "response", "0.3", ""),
    ("fleet", "response_delay", "\"4m\"", ""),
    ("fleet", "mail_session", "\"13s\"", "apps openings stays"),
    ("fleet", "mail_session_sigma", "1.21", "apps openings stays"),
    ("fleet", "force_quitters", "1.0", "quits"),
    ("fleet", "force_quits_per_day", "1.5", "quits"),
    ("fleet", "mails_per_weekday", "111.0", "mail"),
    ("fleet", "person_mail_sd", "0.46", "mail"),
    ("fleet", "weekend_mail", "0.2", "weekend: mail"),
    ("fleet", "mail_branching", "0.36", "mail"),
    ("fleet", "mail_echo", "\"901s\"", "mail"),
    ("fleet", "mail_day_shape", "30.5", "mail"),
    ("fleet", "overnight_charge", "0.8", "charging low_power"),
    ("fleet", "top_ups_per_day", "0.51", "charging low_power"),
    ("fleet", "top_up", "\"41m\"", "charging low_power"),
    ("fleet", "top_up_sigma", "0.71", "charging low_power"),
    ("fleet", "seek_charger", "0.39", ""),
    ("fleet", "seek_charger_sd", "0.13", ""),
    ("fleet", "drain_on", "0.05", "low_power"),
    ("fleet", "drain_idle", "0.003", "low_power"),
    ("fleet", "low_power_accept", "0.5", "low_power"),
    ("fleet", "leaves_after", "\"80m\"", "paths outages"),
    ("fleet", "commute", "\"36m\"", "paths outages"),
    ("fleet", "home_office", "0.3", "paths outages"),
    ("fleet", "out_per_day", "\"140m\"", "paths outages"),
    ("fleet", "adaptive_power", "0.9", "low_power"),
    ("fleet", "low_power_always", "0.9", "low_power"),
    // Without a model of the phone nobody asks for these.
    ("fleet", "adaptive_chosen", "0.5", ""),
    ("fleet", "adaptive_kept", "0.5", ""),
    ("fleet", "offline", "0.014", "paths outages"),
    ("fleet", "ram", "\"7 GB\"", ""),
    ("fleet", "refresh_off", "0.5", ""),
    ("fleet", "reboots_per_30d", "1.2", "reboots visits openings stays quits"),
    ("user", "force_quit_every_evening", "true", "quits"),
    ("user", "side_button", "0.61", "buttons"),
    ("user", "longest_session", "\"121m\"", "pick-ups lengths apps openings stays glances low_power"),
    ("user", "day_turns", "\"3h50m\"", "pick-ups glances low_power"),
    ("user", "shortest_day", "\"5h\"", "pick-ups glances low_power"),
    ("user", "most_use", "0.8", ALL_OF_A_DAY),
    ("user", "glance", "\"6s\"", "glances low_power"),
    ("user", "glance_sigma", "0.91", "glances low_power"),
    ("user", "response_sigma", "1.1", ""),
    ("user", "unprompted_after", "\"23h\"", ""),
    (
        "user",
        "diurnal",
        "[1.2, 0.2, 0.0, 0.0, 0.0, 0.2, 2.0, 5.3, 7.3, 7.5, 5.4, 6.2, 5.8, 5.5, 4.8, 6.3, 6.3, 5.8, 7.2, 6.4, 6.6, 4.5, 3.3, 2.3]",
        "pick-ups glances low_power",
    ),
    (
        "mail",
        "weekday_hours",
        "[0.7, 0.3, 0.2, 0.2, 0.2, 0.6, 1.1, 1.6, 4.8, 9.0, 9.0, 8.1, 6.8, 7.9, 7.5, 8.0, 8.6, 6.6, 5.0, 3.9, 3.8, 3.1, 1.8, 1.3]",
        "weekday: mail",
    ),
    (
        "mail",
        "weekend_hours",
        "[2.2, 1.3, 1.1, 2.2, 0.4, 0.9, 1.4, 1.2, 6.0, 8.0, 7.2, 7.9, 4.5, 6.0, 6.6, 6.2, 6.9, 5.0, 7.6, 6.2, 3.4, 3.4, 2.3, 2.3]",
        "weekend: mail",
    ),
    ("network", "wifi_at_home", "0.05", "paths"),
    ("network", "wifi_at_work", "0.05", "paths"),
    ("network", "wifi_on_the_way", "0.5", "paths"),
    ("network", "wifi_elsewhere", "0.9", "paths"),
    ("network", "work", "\"7h\"", "paths outages"),
    ("network", "leaves_sd", "\"40m\"", "paths outages"),
    ("network", "leaves_on_days_off", "\"6h\"", "paths outages"),
    ("network", "longer_on_days_off", "1.6", "paths outages"),
    ("network", "stay_shape", "3.0", "paths outages"),
    ("network", "outages_on_the_way", "0.6", "paths outages"),
    ("network", "outage", "\"181s\"", "paths outages"),
    ("network", "outage_sigma", "1.1", "paths outages"),
    ("power", "low_power_mode", "\"off\"", "low_power"),
    ("power", "seek_charger", "true", "charging low_power"),
    ("power", "drain_battery_mah", "3000", ""),
    ("power", "first_charge", "0.5", "low_power"),
    ("power", "first_prompt", "0.25", "low_power"),
    ("power", "second_prompt", "0.11", "low_power"),
    ("power", "low_power_ends", "0.7", "low_power"),
    ("power", "low_power_enforced", "0.31", ""),
    ("power", "critical_charge", "0.21", ""),
    ("power", "fast_until", "0.79", "low_power"),
    ("power", "slow_until", "0.94", "low_power"),
    ("power", "fast_charge", "0.012", "low_power"),
    ("power", "slow_charge", "0.006", "low_power"),
    ("power", "trickle_charge", "0.003", "low_power"),
    ("power", "plug_before_bed", "\"21m\"", "charging low_power"),
    ("power", "plug_sd", "\"31m\"", "charging low_power"),
    ("power", "unplug_after_wake", "\"16m\"", "charging low_power"),
    ("power", "unplug_sd", "\"21m\"", "charging low_power"),
    ("power", "seek_delay", "\"3h\"", ""),
    ("power", "boots_after", "\"6m\"", ""),
    ("power", "power_termination_per_hour", "0.2", ""),
    ("lock", "reboot_at", "\"03:00\"", "reboots visits openings stays quits"),
    ("lock", "low_power_auto_lock", "\"31s\"", ""),
    ("lock", "reboots_at_night", "0.6", "reboots visits openings stays quits"),
    ("lock", "night_from", "\"121m\"", "reboots visits openings stays quits"),
    ("lock", "night_length", "\"181m\"", "reboots visits openings stays quits"),
    ("lock", "boot", "\"2m\"", "apps visits openings stays quits"),
    ("lock", "inactivity_reboot", "\"80h\"", ""),
];

/// The strands that may move, from their names.
fn may_move(text: &str) -> BTreeSet<(String, bool)> {
    let mut may = BTreeSet::new();
    for part in text.split(';') {
        let (days, names): (&[bool], &str) = match part.trim().split_once(':') {
            Some(("weekend", names)) => (&[true], names),
            Some(("weekday", names)) => (&[false], names),
            _ => (&[false, true], part),
        };
        // An update waits for a phone that charges and is not in use, and takes an open client from the screen.
        let restarts = ["pick-ups", "charging"].iter().any(|plan| names.contains(plan));
        let restarts = if restarts { "reboots visits openings stays quits" } else { "" };
        for name in restarts.split_whitespace() {
            may.extend([false, true].map(|weekend| (name.to_owned(), weekend)));
        }
        for name in names.split_whitespace() {
            may.extend(days.iter().map(|weekend| (name.replace('_', " "), *weekend)));
        }
    }
    may
}

/// The base with one row or key changed.
fn changed(section: &str, key: &str, value: &str, seed: u64) -> Strands {
    match section {
        "fleet" => plans(&people(&format!("{key} = {value}")), &[], seed),
        _ => plans(&people(""), &[&format!("{section}.{key}={value}")], seed),
    }
}

#[test]
fn a_row_changed_leaves_alone_what_does_not_read_it() {
    let base: Vec<Strands> = (1..=SEEDS).map(|seed| plans(&people(""), &[], seed)).collect();
    let mut faults = Vec::new();
    for (section, key, value, reads) in READ {
        let may = may_move(reads);
        let mut all = BTreeSet::new();
        for (seed, base) in (1..).zip(&base) {
            all.extend(moved(base, &changed(section, key, value, seed)));
        }
        let wrong: Vec<&Strand> =
            all.iter().filter(|(name, end)| !may.contains(&(name.to_string(), *end))).collect();
        if !wrong.is_empty() {
            faults.push(format!("{section}.{key} moves {wrong:?}"));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_row_of_what_no_policy_moves_says_who_reads_it() {
    let said: BTreeSet<(&str, &str)> = READ.iter().map(|(section, key, ..)| (*section, *key)).collect();
    assert_eq!(said.len(), READ.len(), "a row stands twice");
    let models = [
        ("user", "persona"),
        ("mail", "persona"),
        ("network", "places"),
        ("power", "battery"),
        ("lock", "user"),
    ];
    let rows = FleetEntry::SHAPE.keys().iter().filter(|row| row.number.is_some());
    let of_models = keys().into_iter().filter_map(|(section, key)| {
        let (_, model) = models.into_iter().find(|(name, _)| *name == section)?;
        (key.role != Role::Study && key.belongs_to(model)).then_some((section, key.name))
    });
    let there: BTreeSet<(&str, &str)> = rows.map(|row| ("fleet", row.name)).chain(of_models).collect();
    let missing: Vec<_> = there.difference(&said).collect();
    let stale: Vec<_> = said.difference(&there).filter(|(section, _)| *section != "fleet").collect();
    assert!(missing.is_empty() && stale.is_empty(), "not said of {missing:?}; there are no {stale:?}");
}

#[test]
fn who_looks_more_often_keeps_the_looks_that_were() {
    for (rows, row, value) in [
        ("", "mail_opens_per_weekday", "10.0"),
        ("", "weekend_mail_opens", "0.7"),
        ("", "compensates", "1.3"),
        ("compensates = 0.0", "notification_driven", "0.1"),
    ] {
        for seed in 1..=SEEDS {
            let base = plans(&people(rows), &[], seed);
            let more = plans(&people(&format!("{rows}\n{row} = {value}")), &[], seed);
            for strand in [("openings", false), ("openings", true)] {
                let more: BTreeSet<_> = more[&strand].iter().collect();
                let lost = base[&strand].iter().filter(|opening| !more.contains(opening)).count();
                assert_eq!(lost, 0, "{row}: of {} openings", base[&strand].len());
            }
        }
    }
}

/// A longer look begins when the shorter one did, where the session leaves it the time.
#[test]
fn who_looks_longer_opens_the_client_when_they_did() {
    let (mut all, mut moved) = (0, 0);
    for seed in 1..=SEEDS {
        let [base, longer] =
            ["mail_session = '12s'", "mail_session = '12600ms'"].map(|row| plans(&people(row), &[], seed));
        for strand in [("openings", false), ("openings", true)] {
            all += base[&strand].len();
            moved += base[&strand].iter().zip(&longer[&strand]).filter(|(one, other)| one != other).count();
        }
    }
    println!("{moved} of {all} openings moved");
    assert!(all > 400 && moved * 4 < all, "{moved} of {all}");
}
