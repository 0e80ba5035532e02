//! A record is the whole life of a device: from `events.csv` alone, which begins with the state at its first
//! instant, this program folds what held when and works out every cause of every mail, every outcome, the
//! exposure of the key and the ends of the process. It shares no code with the models and the books, so that
//! a fault in either shows.

use crate::common::{Run, run_as};
use crate::worlds::{is_scenario, policies, scenario, worlds};
use bgsim::engine::Engine;
use bgsim::experiment::{KeepRows, Plan};
use bgsim::record::RecordFile;
use proptest::prelude::*;
use std::collections::BTreeMap;

pub type Cells = BTreeMap<String, String>;

const FULL: i64 = 1_000_000_000_000;

fn instant(cell: &str) -> i64 {
    cell.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

/// Milliseconds of a length such as `1m 5s 300ms`.
fn length(text: &str) -> i64 {
    let unit = |part: &str| {
        let (digits, unit) = part.split_at(part.find(|c: char| !c.is_ascii_digit()).unwrap());
        let ms = match unit {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            other => panic!("`{other}` is no unit"),
        };
        digits.parse::<i64>().unwrap() * ms
    };
    text.split(' ').map(unit).sum()
}

pub fn table(run: &Run, file: RecordFile) -> Vec<Cells> {
    let mut reader = csv::Reader::from_reader(run.text(file).as_bytes());
    let header = reader.headers().unwrap().clone();
    let cells =
        |row: csv::StringRecord| header.iter().map(String::from).zip(row.iter().map(String::from)).collect();
    reader.records().map(|row| cells(row.unwrap())).collect()
}

/// What holds, by the names of the first row.
struct State(Cells);

impl State {
    fn read(detail: &str) -> State {
        let pair = |part: &str| part.split_once('=').map(|(name, value)| (name.into(), value.into()));
        State(detail.split("; ").filter_map(pair).collect())
    }

    fn get(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_else(|| panic!("the state has no {name}"))
    }

    fn is(&self, name: &str) -> bool {
        self.get(name) == "true"
    }

    fn number(&self, name: &str) -> i64 {
        self.get(name).parse().unwrap()
    }

    fn set(&mut self, name: &str, value: impl ToString) {
        self.get(name);
        self.0.insert(name.into(), value.to_string());
    }

    fn charge(&self, now: i64) -> i64 {
        let slope = self.number(if self.is("in_use") { "change_in_hand" } else { "change_idle" });
        (self.number("charge") + slope * (now - instant(self.get("charge_at")))).clamp(0, FULL)
    }

    fn settle_charge(&mut self, now: i64, more: i64) {
        let charge = (self.charge(now) + more).clamp(0, FULL);
        self.set("charge", charge);
        self.set("charge_at", bgsim::clock::utc(now));
    }

    fn take(&mut self, now: i64, signal: &str, detail: &str) {
        let first = detail.split(' ').next().unwrap();
        match signal {
            "picked_up" => {
                self.set("in_hand", true);
                if detail == "own" {
                    self.settle_charge(now, 0);
                    self.set("in_use", true);
                }
            }
            "own_use_begins" => {
                self.settle_charge(now, 0);
                self.set("in_use", true);
            }
            "own_use_over" => {
                self.settle_charge(now, 0);
                self.set("in_use", false);
            }
            "put_down" => {
                self.settle_charge(now, 0);
                self.set("in_hand", false);
                self.set("in_use", false);
            }
            "powered_off" => {
                self.set("powered_off", true);
                self.set("keychain_open", self.is("keychain_open") && self.get("lock") != "locked");
            }
            "powered_on" => self.set("powered_off", false),
            "glanced" => {
                let more = (self.number("change_in_hand") - self.number("change_idle")).min(0);
                self.settle_charge(now, more * length(detail));
            }
            "client_opened" => self.set("force_quit", false),
            "force_quit" => self.set("force_quit", true),
            "unlocked" => {
                self.set("lock", "unlocked");
                self.set("keychain_open", true);
                self.set("authorized", true);
            }
            "locked" => self.set("lock", "locked"),
            "keychain_closed" => self.set("keychain_open", false),
            "rebooted" => {
                self.set("lock", "before_first_unlock");
                self.set("keychain_open", false);
            }
            "network" => self.set("network", detail),
            "plugged_in" => self.set("plugged_in", true),
            "unplugged" => self.set("plugged_in", false),
            "battery" => {
                for part in detail.split("; ").filter_map(|part| part.split_once('=')) {
                    self.set(part.0, part.1);
                }
                self.set("charge_at", bgsim::clock::utc(now));
            }
            "low_power_mode" | "memory_pressure" | "unused_app" | "budget_denies" | "refresh_spacing"
            | "herd_quiet" | "boot_quiet" | "push_spacing" | "process" => self.set(signal, detail),
            "extension_item" => self.set("extension_class", detail),
            "background_push" => self.set("push_waits", ["came", "took_its_place"].contains(&detail)),
            "push_launched" => self.set("push_waits", false),
            "refresh_requested" => {
                self.set("pending_refresh", detail);
                self.set("refresh_due", false);
            }
            "refresh_due" => self.set("refresh_due", true),
            "refresh_cancelled" | "refresh_launched" => {
                self.set("pending_refresh", "none");
                self.set("refresh_due", false);
            }
            "key_read" => self.set("key_in_memory", true),
            "key_dropped" => self.set("key_in_memory", false),
            "key_stored" => {
                self.set("key_stored", true);
                self.set("key_lost", false);
            }
            "key_lost" => self.set("key_lost", true),
            "key_deleted" => {
                self.set("key_stored", false);
                self.set("key_lost", false);
            }
            "policy_reached" => {
                let (setting, value) = detail.split_once('=').unwrap();
                self.set(setting, value);
                if setting == "background_app_refresh" {
                    assert_ne!(value, "unset", "what the user chose is no longer known");
                    self.set("refresh_off", self.is("by_request") && value == "false");
                }
            }
            "occurred" if detail == "wiped" => self.set("removed", true),
            "authorization_expired" => self.set("authorized", false),
            "check_started" => {
                self.set("check", first);
                self.set("keychain_error", detail.ends_with(" keychain_error"));
            }
            "check_ended" => self.set("check", "none"),
            _ => {}
        }
    }
}

/// What stands in the way of the key without the foreground; `None` where it can be had without the process.
fn key_lacks(state: &State) -> Option<&'static str> {
    let first_unlock = (state.get("lock") == "before_first_unlock").then_some("before_first_unlock");
    let passcode = state.get("passcode") != "none";
    let class = || match (passcode, state.get("keychain_class")) {
        (false, "when_passcode_set") => Some("key_not_stored"),
        (false, _) => None,
        (_, "after_first_unlock") => first_unlock,
        _ => first_unlock.or((!state.is("keychain_open")).then_some("keychain_locked")),
    };
    match state.get("key_access") {
        "app_flip" => Some("needs_app_flip"),
        _ if state.is("key_lost") => Some("key_lost"),
        "device_keychain" if !state.is("key_stored") => Some("key_not_stored"),
        "device_keychain" | "os_protection" => class(),
        "background_authorize" if state.is("low_power_mode") => Some("low_power"),
        "background_authorize" if !passcode => None,
        "background_authorize" => {
            first_unlock.or((!state.is("authorized")).then_some("authorization_expired"))
        }
        other => panic!("`{other}` is no access to a key"),
    }
}

/// Whether the extension of the client could read an item of its own.
fn extension_reads(state: &State) -> bool {
    let open = match (state.get("passcode"), state.get("extension_class")) {
        ("none", class) => class != "when_passcode_set",
        (_, "after_first_unlock") => state.get("lock") != "before_first_unlock",
        _ => state.is("keychain_open"),
    };
    state.get("delivery") == "push_extension" && open
}

/// The first cause that applies, in the order of the specification.
fn blocker(state: &State, now: i64) -> &'static str {
    let lacks = if state.is("key_in_memory") { None } else { key_lacks(state) };
    let delivery = state.get("delivery");
    let system = delivery.starts_with("system_");
    if ["push_server_text", "push_extension"].contains(&delivery) {
        return "push_lost";
    }
    let lacks = lacks.filter(|_| !system);
    let asked = state.is("by_request") && !system;
    let low = |below: &str| state.charge(now) < state.number(below);
    let unplugged = !state.is("plugged_in");
    let enforced = state.is("low_power_mode") && (unplugged || low("enforced_below"));
    let in_hand = state.is("in_hand");
    let pressed = match state.get("memory_pressure") {
        "warning" => in_hand,
        pressure => pressure == "critical",
    };
    let herd = match state.get("herd_quiet") {
        "in_hand" => in_hand,
        quiet => quiet == "always",
    };
    let throttled = state.is("push_spacing") && (state.is("push_waits") || delivery == "push_interval");
    let request = state.get("pending_refresh");
    let online = state.get("network") != "none";
    let in_order = [
        ("device_off", state.is("powered_off")),
        ("checking", state.get("process") == "foreground" && online),
        ("no_network", !online),
        ("refresh_off", asked && state.is("refresh_off")),
        ("force_quit", asked && state.is("force_quit")),
        ("unused_app", asked && state.is("unused_app")),
        (
            "low_power",
            lacks == Some("low_power")
                || asked && (enforced || unplugged && low("critical_below"))
                || delivery == "system_fetch" && enforced,
        ),
        (
            "before_first_unlock",
            lacks == Some("before_first_unlock")
                || (asked || system) && state.get("lock") == "before_first_unlock",
        ),
        ("keychain_locked", lacks == Some("keychain_locked")),
        ("needs_app_flip", lacks == Some("needs_app_flip")),
        ("key_not_stored", lacks == Some("key_not_stored")),
        ("authorization_expired", lacks == Some("authorization_expired")),
        ("key_lost", lacks == Some("key_lost")),
        ("keychain_error", state.is("keychain_error")),
        ("memory_pressure", asked && pressed),
        ("boot", asked && state.is("boot_quiet")),
        ("herd", asked && herd),
        ("budget", asked && state.is("budget_denies")),
        ("never_refreshed", asked && state.is("never_refreshed")),
        ("spacing", asked && state.is("refresh_spacing") && !throttled),
        ("push_throttled", throttled),
        ("client_interval", asked && request != "none" && !state.is("refresh_due")),
        ("no_request", asked && request == "none"),
    ];
    in_order.iter().find(|(_, stands)| *stands).map_or("not_scheduled", |(cause, _)| cause)
}

/// A mail that waits, with what it has waited for so far.
#[derive(Clone, Default)]
struct Mail {
    /// Counted from the origin.
    number: usize,
    /// Mail of before the first instant has no row.
    row: Option<usize>,
    arrived: i64,
    causes: BTreeMap<&'static str, i64>,
    /// What it waits for while its own push is under way; and all that as the running check began.
    push: Option<&'static str>,
    at_check: BTreeMap<&'static str, i64>,
    held: Option<i64>,
}

/// A check that runs.
struct Check {
    trigger: String,
    /// How many of the waiting mails it sees.
    sees: usize,
    began: i64,
    /// Whether what it finds is notified or held back.
    notice: Option<String>,
}

impl Check {
    fn new(trigger: &str, sees: usize, began: i64) -> Check {
        Check { trigger: trigger.into(), sees, began, notice: None }
    }
}

/// What became of the mail of one device, and how its key and its process fared.
#[derive(Default)]
struct Life {
    waiting: Vec<Mail>,
    held: Vec<Mail>,
    check: Option<Check>,
    told: BTreeMap<usize, Cells>,
    /// The mails that arrived, and those of them before the first instant.
    arrived: usize,
    before: usize,
    /// Hours the key was readable, in memory, or either, while the device was locked.
    /// Readable while locked, in memory while locked, either of them; unlocked.
    exposure: [i64; 4],
    ends: BTreeMap<String, u64>,
    /// Given back: what is counted from here on is how long its key is in reach, and that its client goes.
    is_retired: bool,
}

impl Life {
    fn new(state: &State, now: i64) -> Life {
        let seen = state.number("seen") as usize;
        let trigger = Some(state.get("check")).filter(|trigger| *trigger != "none");
        let check = trigger.map(|trigger| Check::new(trigger, seen, now));
        let numbers = state.get("waiting_mail").split(' ').filter_map(|number| number.parse().ok());
        let waiting: Vec<Mail> = numbers.map(|number| Mail { number, ..Mail::default() }).collect();
        assert_eq!(waiting.len(), state.number("waiting") as usize);
        let held = vec![Mail::default(); state.number("held") as usize];
        let arrived = state.number("arrived") as usize;
        Life { waiting, held, check, arrived, before: arrived, ..Life::default() }
    }

    /// Everything waits for the blocker; what a check sees does so only if the check finds nothing.
    fn pass(&mut self, state: &State, from: i64, until: i64) {
        let cause = blocker(state, from);
        for mail in &mut self.waiting {
            *mail.causes.entry(mail.push.unwrap_or(cause)).or_default() += until - from;
        }
        if state.get("lock") != "unlocked" && !state.is("powered_off") {
            let readable = !state.is("removed") && (key_lacks(state).is_none() || extension_reads(state));
            let reach = [readable, state.is("key_in_memory")];
            for (sum, holds) in self.exposure.iter_mut().zip([reach[0], reach[1], reach[0] || reach[1]]) {
                *sum += if holds { until - from } else { 0 };
            }
        } else if state.get("lock") == "unlocked" && !state.is("powered_off") && !self.is_retired {
            self.exposure[3] += until - from;
        }
    }

    fn close(&mut self, mail: Mail, outcome: &str, told: Option<(i64, &str)>) {
        let Some(row) = mail.row else { return };
        let mut cells = Cells::new();
        let instant = |at: Option<i64>| at.map_or(String::new(), bgsim::clock::utc);
        cells.insert("arrived".into(), instant(Some(mail.arrived)));
        cells.insert("outcome".into(), outcome.into());
        cells.insert("told".into(), instant(told.map(|told| told.0)));
        cells.insert("notified_by".into(), told.map_or("", |told| told.1).into());
        cells.insert("held_back".into(), instant(mail.held));
        for (cause, ms) in mail.causes.iter().filter(|(_, ms)| **ms > 0) {
            cells.insert(format!("{cause}_ms"), ms.to_string());
        }
        self.told.insert(row, cells);
    }

    fn release(&mut self, now: i64, outcome: &str, by: Option<&str>) {
        for mut mail in std::mem::take(&mut self.held) {
            let quiet = now - mail.held.unwrap_or(now);
            *mail.causes.entry("quiet_hours").or_default() += quiet;
            self.close(mail, outcome, by.map(|by| (now, by)));
        }
    }

    /// What is not told by now never is.
    fn give_up(&mut self, now: i64) {
        self.release(now, "undelivered", None);
        for mail in std::mem::take(&mut self.waiting) {
            self.close(mail, "undelivered", None);
        }
    }

    fn take(&mut self, state: &State, now: i64, signal: &str, detail: &str) {
        match signal {
            "process" if detail == "not_running removed" => {
                *self.ends.entry("removed".into()).or_default() += 1;
            }
            _ if self.is_retired => {}
            "occurred" if detail == "retired" => {
                self.give_up(now);
                (self.is_retired, self.check) = (true, None);
            }
            "mail_arrived" => {
                let row = Some(self.arrived - self.before);
                let mail = Mail { number: self.arrived, row, arrived: now, ..Mail::default() };
                self.arrived += 1;
                if state.get("process") == "foreground" && state.get("network") != "none" {
                    self.close(mail, "on_open", Some((now, "client_open")));
                } else {
                    self.waiting.push(mail);
                }
            }
            "process" if detail == "foreground" => self.release(now, "on_open", Some("client_open")),
            "process" => {
                if let Some(why) = detail.strip_prefix("not_running ") {
                    *self.ends.entry(why.into()).or_default() += 1;
                }
            }
            "check_started" => {
                self.check = Some(Check::new(detail.split(' ').next().unwrap(), self.waiting.len(), now));
                for mail in &mut self.waiting {
                    mail.at_check = mail.causes.clone();
                }
            }
            "notified" if detail.ends_with(" hours_begin") => {
                self.release(now, "notified", Some("hours_begin"))
            }
            "push" => {
                let (stage, number) = detail.split_once(" mail ").unwrap();
                let number: usize = number.parse().unwrap();
                if let Some(mail) = self.waiting.iter_mut().find(|mail| mail.number == number) {
                    mail.push = match stage {
                        "unsubscribed" => Some("subscription_lost"),
                        "sent" => Some("push_in_flight"),
                        "held" => Some("push_held"),
                        _ => None,
                    };
                }
            }
            "notified" if detail.ends_with(" system_mail") => {
                if let Some(check) = &mut self.check {
                    check.sees = 0;
                }
                for mail in std::mem::take(&mut self.waiting) {
                    self.close(mail, "notified", Some((now, "system_mail")));
                }
            }
            "notified" if detail.contains(" mail ") => {
                let (by, number) = detail.strip_prefix("1 mails ").unwrap().split_once(" mail ").unwrap();
                let number: usize = number.parse().unwrap();
                let place = self.waiting.iter().position(|mail| mail.number == number).expect("it waits");
                if let Some(check) = &mut self.check {
                    check.sees -= usize::from(place < check.sees);
                }
                let mail = self.waiting.remove(place);
                self.close(mail, "notified", Some((now, by)));
            }
            "notified" | "held_back" => {
                self.check.as_mut().expect("a check runs").notice = Some(signal.into());
            }
            "check_ended" => {
                let Check { trigger, sees, began, notice } = self.check.take().expect("a check runs");
                if detail != "new_mail" {
                    return;
                }
                for mut mail in self.waiting.drain(..sees).collect::<Vec<_>>() {
                    mail.causes = mail.at_check.clone();
                    *mail.causes.entry("checking").or_default() += now - began;
                    match notice.as_deref() {
                        Some("held_back") => self.held.push(Mail { held: Some(now), ..mail }),
                        Some(_) => self.close(mail, "notified", Some((now, &trigger))),
                        None => self.close(mail, "on_open", Some((now, &trigger))),
                    }
                }
            }
            _ => {}
        }
    }
}

/// Folds the events of one device.
fn fold(events: &[&Cells], end: i64) -> Life {
    assert_eq!(events[0]["signal"], "state");
    let mut state = State::read(&events[0]["detail"]);
    let mut since = instant(&events[0]["time"]);
    let mut life = Life::new(&state, since);
    for event in &events[1..] {
        let now = instant(&event["time"]);
        life.pass(&state, since, now);
        since = now;
        state.take(now, &event["signal"], &event["detail"]);
        life.take(&state, now, &event["signal"], &event["detail"]);
    }
    life.pass(&state, since, end);
    life.give_up(end);
    life
}

fn the_record_follows_from_its_events(text: &str) {
    let scenario = scenario(text);
    let plan = Plan {
        jobs: 1,
        engine: Engine::Fast,
        rows: KeepRows::All,
        events: (0..scenario.devices).collect(),
        ..Plan::default()
    };
    let run = run_as(scenario, &plan);
    let end = run.scenario.clock.unix_ms(run.scenario.end);
    let (events, mail) = (table(&run, RecordFile::Events), table(&run, RecordFile::Mail));
    let (mut exposure, mut ends) = ([0; 4], BTreeMap::<String, u64>::new());
    for device in 0..run.scenario.devices {
        let of = |rows: &'_ Cells| rows["device"] == device.to_string();
        let life = fold(&events.iter().filter(|row| of(row)).collect::<Vec<_>>(), end);
        let rows: Vec<&Cells> = mail.iter().filter(|row| of(row)).collect();
        assert_eq!(life.told.len(), rows.len(), "{text}");
        for (row, told) in rows.iter().zip(life.told.values()) {
            let other = |name: &&String| name.ends_with("_ms") && *name != "latency_ms" && row[*name] != "0";
            let named: Vec<&String> = row.keys().filter(other).collect();
            let folded: Vec<&String> = told.keys().filter(|name| name.ends_with("_ms")).collect();
            assert_eq!(named, folded, "device {device}, {row:?}\n{told:?}\n{text}");
            for (name, cell) in told {
                assert_eq!(&row[name], cell, "device {device}, {name} of {row:?}\n{text}");
            }
        }
        exposure.iter_mut().zip(life.exposure).for_each(|(sum, ms)| *sum += ms);
        life.ends.into_iter().for_each(|(why, count)| *ends.entry(why).or_default() += count);
    }
    let counts = run.total().counts;
    let booked = [
        counts.readable_while_locked_ms,
        counts.in_memory_while_locked_ms,
        counts.in_reach_while_locked_ms,
        counts.unlocked_ms,
    ];
    assert_eq!(exposure.map(|ms| ms as u64), booked, "{text}");
    for (why, count) in ends.iter().filter(|(why, _)| *why != "refused") {
        let booked = run.figure(&format!("process.terminations.{why}"));
        assert_eq!(booked, Some(*count as f64), "{why} in {text}");
    }
}

/// What may happen on a date to a phone itself, and what is published for it.
const DATED: [&str; 17] = [
    "restart = true",
    "offline = '5h'",
    "battery = '15 %'",
    "battery = '3 %'",
    "no_push = '6h'",
    "no_push = true",
    "travel = { time_zone = 'Asia/Tokyo', for = '1d' }",
    "retire = true",
    "retire = true\nby = 'app_checkin'",
    "set = { 'policy.key_access' = 'device_keychain' }",
    "set = { 'policy.key_access' = 'app_flip' }\nby = 'managed_config'",
    "set = { 'policy.key_access' = 'background_authorize', 'policy.max_age' = '1h' }\nby = 'at_once'",
    "set = { 'policy.keychain_class' = 'after_first_unlock' }",
    "set = { 'policy.passcode' = 'none' }",
    "set = { 'policy.background_app_refresh' = false }",
    "set = { 'policy.delivery' = 'push_generic_then_detail' }\nby = 'at_once'",
    "set = { 'policy.working_hours' = { from = '10:00', to = '12:00' } }\nby = 'at_once'",
];

/// How many hours after the first day began, and what.
fn dated() -> impl Strategy<Value = Vec<(i64, &'static str)>> {
    prop::collection::vec((12i64..36, prop::sample::select(&DATED)), 0..4)
}

/// The same as it is written, for a world that begins on a day; nothing where its models have no such thing.
fn written(world: &str, policy: &str, dated: &[(i64, &str)]) -> String {
    let day = world.split("start = '").nth(1).unwrap()[..16].parse::<jiff::civil::DateTime>().unwrap();
    let event = |(number, (after, what)): (usize, &(i64, &str))| {
        let at = day + jiff::Span::new().hours(*after);
        let text = format!("[[event]]\nname = 'date-{number}'\nat = '{at}Z'\n{what}\n");
        is_scenario(&format!("{world}{policy}{text}")).then_some(text)
    };
    let text: String = dated.iter().enumerate().filter_map(event).collect();
    if is_scenario(&format!("{world}{policy}{text}")) { text } else { String::new() }
}

/// The law below is of dates only where they are taken.
#[test]
fn a_world_with_the_full_models_and_push_takes_every_date() {
    let world = "warmup = '1d'\nmeasure = '3d'\nstart = '2026-07-01T04:05'\n";
    let policy =
        "[policy]\ndelivery = 'push_generic_then_detail'\nworking_hours = { from = '08:00', to = '18:00' }\n";
    for (number, what) in DATED.iter().enumerate() {
        assert!(written(world, policy, &[(12 + number as i64, what)]).contains(what), "{what}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, max_shrink_iters: 32, ..ProptestConfig::default() })]

    #[test]
    fn every_cause_exposure_and_ending_follows_from_the_events(
        world in worlds(true),
        policy in policies(),
        dated in dated(),
    ) {
        let events = written(&world, &policy, &dated);
        the_record_follows_from_its_events(&format!("{world}{policy}{events}"));
    }
}

/// A charge that stands on a level is not below it, and is a moment later: nothing else need happen for mail to begin to
/// wait for power.
#[test]
fn what_waits_for_power_waits_from_the_moment_on_which_it_is_low() {
    let falls = |at: &str, to: u32| format!("[[event]]\nname = 'to-{to}'\nat = '{at}'\nbattery = '{to} %'\n");
    for text in [
        falls("2026-03-03T16:00", 20) + &falls("2026-03-04T16:00", 10),
        // At this rate, of whole parts of the battery each millisecond, it comes to stand on every level by itself.
        "[[fleet]]\ndrain_on = 0.036\ndrain_idle = 0.036\n".to_owned() + &falls("2026-03-03T12:00", 50),
    ] {
        let world = "devices = 6\nwarmup = '1d'\nmeasure = '4d'\nstart = '2026-03-02T00:00'\n\
                     policy = { key_access = 'device_keychain' }\n";
        the_record_follows_from_its_events(&format!("{world}{text}"));
    }
}
