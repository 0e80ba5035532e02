//! The life of a simulated phone, written as phones write theirs, is read as it was, to the millisecond.

use super::phone::{CLIENT, Database, flag, gathered, own_clock, power_log, seconds, text};
use bgsim::import::{Entry, ExitReason, Gathered, Named, Path, Track, Utc, Why};
use rusqlite::types::Value;
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// What happened to the first device: when, what, and more about it.
pub struct Event {
    at: i64,
    signal: String,
    detail: String,
}

pub fn simulated(folder: &TempDir, name: &str, scenario: &str, sets: &[&str]) -> Vec<Event> {
    let out = folder.path().join(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    command.args(["run", scenario, "--devices", "1", "--events", "0", "--out"]).arg(&out);
    for set in sets {
        command.args(["--set", set]);
    }
    let ran = command.current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{ran:?}");
    let rows = fs::read_to_string(out.join("events.csv")).unwrap();
    let event = |row: &str| {
        let mut fields = row.splitn(4, ',').skip(1);
        let at: jiff::Timestamp = fields.next().unwrap().parse().unwrap();
        let mut field = || fields.next().unwrap().trim_matches('"').to_owned();
        Event { at: at.as_millisecond(), signal: field(), detail: field() }
    };
    rows.lines().skip(1).map(event).collect()
}

fn length_ms(text: &str) -> i64 {
    let span: jiff::Span = text.parse().unwrap();
    span.total(jiff::Unit::Millisecond).unwrap() as i64
}

/// A timeline by what it is made of.
type Told<T> = Vec<(i64, T)>;

fn told<T: Copy + PartialEq>(track: &Track<T>) -> Told<T> {
    track.entries().iter().map(|Entry { at, what, .. }| (at.ms(), *what)).collect()
}

fn states(events: &[Event], of: impl Fn(&Event) -> Option<bool>) -> Told<bool> {
    events.iter().filter_map(|event| Some((event.at, of(event)?))).collect()
}

fn is(signal: &str, on: &str, off: &str) -> Option<bool> {
    match signal {
        _ if signal == on => Some(true),
        _ if signal == off => Some(false),
        _ => None,
    }
}

fn screen(events: &[Event]) -> Told<bool> {
    let mut told = Vec::new();
    for event in events {
        match event.signal.as_str() {
            "picked_up" => told.push((event.at, true)),
            "put_down" => told.push((event.at, false)),
            "glanced" => told.extend([(event.at, true), (event.at + length_ms(&event.detail), false)]),
            _ => {}
        }
    }
    // A look may go on into a use.
    told.sort_by_key(|(at, _)| *at);
    told
}

/// When something began, and when the next event that ends it was.
fn spans(events: &[Event], begins: &str, ends: &str) -> Told<Option<i64>> {
    let began = events.iter().enumerate().filter(|(_, event)| event.signal == begins);
    began
        .map(|(place, event)| {
            (event.at, events[place..].iter().find(|event| event.signal == ends).map(|event| event.at))
        })
        .collect()
}

fn network(events: &[Event]) -> Told<Path> {
    let changes = events.iter().filter(|event| event.signal == "network");
    // The table has Wi-Fi, or not.
    changes
        .map(|event| (event.at, if event.detail == "wifi" { Path::Wifi } else { Path::Cellular }))
        .collect()
}

fn instants(events: &[Event], signal: &str) -> Vec<i64> {
    events.iter().filter(|event| event.signal == signal).map(|event| event.at).collect()
}

pub fn logs(events: &[Event]) -> [Vec<u8>; 2] {
    let on_off = |told: Told<bool>| told.into_iter().map(|(at, on)| [own_clock(at), flag(on)]).collect();
    let front = spans(events, "client_opened", "client_closed").into_iter().flat_map(|(from, until)| {
        let state = |at, state| [own_clock(at), text(CLIENT), Value::Integer(state)];
        [Some(state(from, 8)), until.map(|until| state(until, 2))].into_iter().flatten()
    });
    let levels = events.iter().filter(|event| event.signal == "battery").map(|event| {
        let level: f64 = event.detail.split(' ').next().unwrap().parse().unwrap();
        [own_clock(event.at), Value::Real(level)]
    });
    let one = |signal: &str| instants(events, signal).into_iter();
    let power = power_log()
        .table(
            "PLSpringBoardAgent_EventForward_SBLock",
            ["timestamp", "Locked"],
            on_off(states(events, |event| is(&event.signal, "locked", "unlocked"))),
        )
        .table(
            "PLSpringBoardAgent_EventForward_SBBlank",
            ["timestamp", "Blanked"],
            on_off(screen(events).into_iter().map(|(at, on)| (at, !on)).collect()),
        )
        .table(
            "PLApplicationAgent_EventForward_Application",
            ["timestamp", "Identifier", "State"],
            front.collect(),
        )
        .table("PLBatteryAgent_EventBackward_BatteryUI", ["timestamp", "Level"], levels.collect())
        .table(
            "PLBatteryAgent_EventBackward_Battery",
            ["timestamp", "ExternalConnected"],
            on_off(states(events, |event| is(&event.signal, "plugged_in", "unplugged"))),
        )
        .table(
            "PLDuetService_EventForward_BatterySaverMode",
            ["timestamp", "Mode", "Value"],
            low_power(events)
                .into_iter()
                .map(|(at, on)| [own_clock(at), text("com.apple.system.lowpowermode"), flag(on)])
                .collect(),
        )
        .table(
            "PLSCDynamicStoreAgent_EventForward_WifiActive",
            ["timestamp", "Active"],
            on_off(network(events).into_iter().map(|(at, path)| (at, path == Path::Wifi)).collect()),
        )
        .table(
            "PLConfigAgent_EventNone_Config",
            ["timestamp", "DeviceBootTime"],
            one("rebooted").map(|at| [own_clock(at + 60_000), own_clock(at)]).collect(),
        )
        .table(
            "PLApplicationAgent_EventPoint_ApplicationExitReason",
            ["timestamp", "Identifier", "Reason"],
            one("terminated").map(|at| [own_clock(at), text(CLIENT), Value::Integer(1)]).collect(),
        )
        .table(
            "PLSpringBoardAgent_EventPoint_SBNotifications",
            ["timestamp", "NotificationBundleID", "UIShown"],
            one("notified").map(|at| [own_clock(at), text(CLIENT), flag(true)]).collect(),
        );
    let runs = spans(events, "refresh_launched", "check_ended").into_iter();
    let tasks = Database::new()
        .table(
            "BackgroundProcessing_TaskInstanceData_24_5",
            ["ProcessName", "StartDate", "EndDate", "StartedOnBattery", "TaskID"],
            runs.map(|(from, until)| {
                [
                    text("Mail"),
                    seconds(from),
                    until.map_or(Value::Null, seconds),
                    flag(true),
                    Value::Integer(7),
                ]
            })
            .collect(),
        )
        .table(
            "BackgroundProcessing_TaskMetadata_24_5",
            ["BundleID", "Name", "LaunchReason", "TaskID"],
            vec![[text(CLIENT), text("refresh"), text("bgRefresh"), Value::Integer(7)]],
        );
    [power.bytes(), tasks.bytes()]
}

fn low_power(events: &[Event]) -> Told<bool> {
    states(events, |event| (event.signal == "low_power_mode").then(|| event.detail == "true"))
}

fn check(events: &[Event], found: &Gathered) {
    let log = &found.log;
    assert_eq!(told(&log.locked), states(events, |event| is(&event.signal, "locked", "unlocked")));
    assert_eq!(told(&log.screen), screen(events));
    assert_eq!(told(&log.charger), states(events, |event| is(&event.signal, "plugged_in", "unplugged")));
    assert_eq!(told(&log.low_power), low_power(events));
    assert_eq!(told(&log.network), network(events));
    let until = |until: Option<Utc>| until.map(Utc::ms);
    let openings: Told<_> =
        log.openings.entries().iter().map(|entry| (entry.at.ms(), until(entry.what.until))).collect();
    assert_eq!(openings, spans(events, "client_opened", "client_closed"));
    let runs: Told<_> =
        log.runs.entries().iter().map(|entry| (entry.at.ms(), until(entry.what.until))).collect();
    assert_eq!(runs, spans(events, "refresh_launched", "check_ended"));
    assert!(
        log.runs.entries().iter().all(|run| run.what.why == Why::Refresh && found.is_client(run.what.app))
    );
    assert!(log.exits.entries().iter().all(|exit| exit.what.reason == ExitReason::Code(1)));
    let at = |entries: Vec<Utc>| entries.into_iter().map(Utc::ms).collect::<Vec<_>>();
    assert_eq!(
        at(log.restarts.entries().iter().map(|entry| entry.at).collect()),
        instants(events, "rebooted")
    );
    assert_eq!(
        at(log.exits.entries().iter().map(|entry| entry.at).collect()),
        instants(events, "terminated")
    );
    assert_eq!(
        at(log.notifications.entries().iter().map(|entry| entry.at).collect()),
        instants(events, "notified")
    );
    assert_eq!(log.battery.entries().len(), instants(events, "battery").len());
}

#[test]
fn a_simulated_life_comes_back_to_the_millisecond_and_can_be_followed() {
    let folder = TempDir::new().unwrap();
    let sets = [
        "measure=7d",
        // Who charges little and is glad of Low Power Mode, so that the charge is low now and then.
        "fleet=[{persona='heavy', reboots_per_30d=8.0, overnight_charge=0.3, top_ups_per_day=0.3, \
         drain_on=0.2, drain_idle=0.015, low_power_accept=1.0, low_power_always=0.0}]",
        "time_zone=UTC",
        "scheduler.never_refreshed=0.0",
    ];
    let events = simulated(&folder, "first", "device-keychain", &sets);
    let [power, tasks] = logs(&events);
    let found = gathered(&[&power, &tasks]);
    check(&events, &found);
    for (what, many) in [
        ("lock", found.log.locked.entries().len()),
        ("screen", found.log.screen.entries().len()),
        ("openings", found.log.openings.entries().len()),
        ("runs", found.log.runs.entries().len()),
        ("charger", found.log.charger.entries().len()),
        ("network", found.log.network.entries().len()),
        ("restarts", found.log.restarts.entries().len()),
        ("notifications", found.log.notifications.entries().len()),
    ] {
        assert!(many > 0, "nothing of {what} was tried");
    }

    // Archives overlap; twice the same is once.
    assert_eq!(gathered(&[&power, &tasks, &power]).log, found.log);

    // The scenario made of it lives the same life.
    let written = found.written(Named::Anonymous, Some("UTC")).unwrap();
    for (name, text) in &written.files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let again = simulated(&folder, "again", "device.toml", &[]);
    let (first, second) = (instants(&events, "client_opened"), instants(&again, "client_opened"));
    assert_eq!(first, second);
    assert_eq!(instants(&events, "rebooted"), instants(&again, "rebooted"));
    let wifi = |events: &[Event]| {
        let mut paths = network(events);
        paths.dedup_by_key(|path| path.1);
        paths
    };
    // Before the first change the network is taken to be what it is then, so that this is none.
    let (first, mut second) = (wifi(&events), wifi(&again));
    second.retain(|(at, _)| *at > first[0].0);
    assert_eq!(first[1..], second);

    // So is the charger. Before its first change Low Power Mode is taken to be off, as this phone has it.
    let charger = |events: &[Event]| states(events, |event| is(&event.signal, "plugged_in", "unplugged"));
    let (first, mut second) = (charger(&events), charger(&again));
    second.retain(|(at, _)| *at > first[0].0);
    assert!(first.len() > 10);
    assert_eq!(first[1..], second);
    assert!(low_power(&events).len() > 1, "the mode was not tried");
    assert_eq!(low_power(&events), low_power(&again));
    // At each level of the log the charge is that level; a level that it had on the way is told by no event.
    let levels = |events: &[Event]| -> BTreeMap<i64, String> {
        let of = |event: &Event| event.detail.split(' ').next().unwrap().to_owned();
        events.iter().filter(|event| event.signal == "battery").map(|event| (event.at, of(event))).collect()
    };
    let (first, second) = (levels(&events), levels(&again));
    let both: Vec<_> = first.iter().filter_map(|(at, level)| Some((level, second.get(at)?))).collect();
    assert!(both.len() * 10 > first.len() * 9, "{} of {}", both.len(), first.len());
    for (one, other) in both {
        let [one, other]: [f64; 2] = [one, other].map(|level| level.parse().unwrap());
        assert!((one - other).abs() < 0.011, "{one} and {other}");
    }
}
