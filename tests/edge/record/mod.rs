//! The record of a run: every file can be read back, agrees with the summary and with the others,
//! and is the same whatever the machine.

mod cli;
#[cfg(unix)]
mod interrupted;
#[cfg(target_os = "linux")]
mod kills;
mod ledger;
#[cfg(unix)]
mod places;

use crate::common::{Run, run_as};
use bgsim::engine::Engine;
use bgsim::experiment::{KeepRows, Plan};
use bgsim::record::{HOURS, RecordFile};
use bgsim::scenario::{BUNDLED, Scenario, load};
use ledger::{Books, count};

/// A bundled scenario with a few devices over a few days.
fn bundled(name: &str, sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    load(name, &sets).unwrap_or_else(|errors| panic!("{name}: {errors}"))
}

fn everything(jobs: usize, engine: Engine) -> Plan {
    Plan { jobs, engine, rows: KeepRows::All, events: vec![0, 3], week: true, ..Plan::default() }
}

fn books(run: &Run) -> Books {
    let file = |name: &str| {
        let index = RecordFile::ALL.iter().position(|table| table.name() == name).unwrap();
        String::from_utf8(run.files[index].clone()).unwrap()
    };
    Books::read(file, &run.summary())
}

/// The scenarios whose records are read: between them they have every outcome, every result that a
/// check can have and every reason for a missing key.
const READ: [(&str, &[&str]); 10] = [
    ("working-hours", &["devices=40", "warmup=5d", "measure=7d"]),
    ("reboot-at-03", &["devices=40", "warmup=5d", "measure=7d"]),
    // The system's own scheduler launches nothing before the first unlock.
    (
        "reboot-at-03",
        &["devices=20", "warmup=2d", "measure=7d", "scheduler={ model = \"periodic\", every = \"1h\" }"],
    ),
    (
        "small-memory",
        &["devices=20", "warmup=2d", "measure=7d", "client.key_in_memory=dropped_in_background"],
    ),
    ("background-authorize", &["devices=20", "warmup=2d", "measure=7d", "policy.max_age=4h"]),
    // On the charger the system grants a check in Low Power Mode, and the policy refuses its key.
    ("background-authorize", &["devices=20", "warmup=2d", "measure=7d", "power.low_power_mode=on"]),
    (
        "device-keychain",
        &[
            "devices=20",
            "warmup=2d",
            "measure=7d",
            "policy.keychain_class=when_passcode_set",
            "policy.passcode=none",
        ],
    ),
    (
        "email-plus",
        &[
            "devices=20",
            "warmup=2d",
            "measure=7d",
            "time_zone=Asia/Kolkata",
            "network={ model = \"alternating\", offline = 0.3, outage = \"30s\" }",
        ],
    ),
    ("device-keychain", &["devices=20", "warmup=2d", "measure=7d", "fleet=[{ offline = 0.05 }]"]),
    ("published-on-friday", &["devices=20"]),
];

#[test]
fn every_file_reads_back_and_agrees_with_the_summary() {
    for (name, sets) in READ {
        let scenario = bundled(name, sets);
        let run = run_as(scenario, &everything(2, Engine::Fast));
        let books = books(&run);
        books.are_well_formed(run.scenario.clock.unix_ms(run.scenario.start), run.scenario.measured().ms());
        books.agree_with_the_summary();
        books.agree_with_each_other();
        books.devices_agree();
        assert!(books.mail.len() > 1000 && books.checks.len() > 1000, "{name} has hardly any rows");
    }
}

/// The readings above mean nothing where the thing read never happens.
#[test]
fn the_records_that_are_read_have_every_outcome_and_every_common_failure() {
    let all: Vec<Books> = READ
        .iter()
        .map(|(name, sets)| books(&run_as(bundled(name, sets), &everything(2, Engine::Fast))))
        .collect();
    let some = |path: &str| all.iter().any(|books| count(&books.summary, path) > 0);
    for outcome in ["notified", "on_open", "undelivered"] {
        assert!(some(&format!("mail.outcomes.{outcome}")), "no mail is {outcome}");
    }
    assert!(some("mail.held_back"), "no mail is held back");
    for result in ["new_mail", "no_mail", "key_failure", "no_network", "expired", "launch_refused"] {
        assert!(some(&format!("checks.by_result.{result}")), "no check ends as {result}");
    }
    for reason in [
        "before_first_unlock",
        "keychain_locked",
        "needs_app_flip",
        "key_not_stored",
        "authorization_expired",
        "low_power",
    ] {
        assert!(some(&format!("key_failures.by_reason.{reason}")), "no key fails for {reason}");
    }
    for trigger in ["user_launch", "background_refresh", "network_return"] {
        assert!(some(&format!("checks.by_trigger.{trigger}")), "no check is triggered by {trigger}");
    }
}

/// The sums by hour of the week are those of the rows, in local time also where the clock changes.
#[test]
fn every_hour_of_the_week_counts_its_own_mail_and_checks() {
    let sets = ["devices=20", "warmup=2d", "measure=9d", "start=2026-03-23T00:00"];
    for (name, zone) in [("working-hours", "Europe/Berlin"), ("device-keychain", "Asia/Kolkata")] {
        let zone_set = format!("time_zone={zone}");
        let sets: Vec<&str> = sets.into_iter().chain([zone_set.as_str()]).collect();
        let run = run_as(bundled(name, &sets), &everything(2, Engine::Fast));
        let books = books(&run);
        let zone = jiff::tz::TimeZone::get(zone).unwrap();
        let hour_of = |cell: &str| {
            let wall = cell.parse::<jiff::Timestamp>().unwrap().to_zoned(zone.clone());
            wall.weekday().to_monday_zero_offset() as usize * 24 + wall.hour() as usize
        };
        let mut told = vec![(0_u64, 0_u64); HOURS];
        for row in books.mail.iter().filter(|row| row["in_working_hours"] == "true") {
            let hour = &mut told[hour_of(&row["arrived"])];
            hour.0 += 1;
            hour.1 += u64::from(row["outcome"] != "undelivered");
        }
        let mut checks = vec![0_u64; HOURS];
        for row in books.checks.iter().filter(|row| row["trigger"] == "background_refresh") {
            checks[hour_of(&row["time"])] += 1;
        }
        let hours = &run.fleet.week.hours;
        let found: Vec<_> = hours.iter().map(|hour| (hour.waits.mail(), hour.waits.told.total())).collect();
        assert_eq!(found, told);
        assert_eq!(hours.iter().map(|hour| hour.checks.iter().sum()).collect::<Vec<u64>>(), checks);
        assert!(checks.iter().sum::<u64>() > 400 && told.iter().any(|hour| hour.0 > 10));
    }
}

/// Without a warm-up no mail is older than the record, so checks find exactly what is told by them.
#[test]
fn without_a_warmup_checks_and_notifications_account_for_every_mail_told() {
    let run = run_as(
        bundled("working-hours", &["devices=40", "warmup=0s", "measure=7d"]),
        &everything(2, Engine::Fast),
    );
    let books = books(&run);
    let found: u64 = books.checks.iter().map(|row| row["new_mails"].parse::<u64>().unwrap()).sum();
    let outcome = |name: &str| count(&books.summary, &format!("mail.outcomes.{name}"));
    let of = |row: &&ledger::Row| row["notified_by"] == "client_open" && row["held_back"].is_empty();
    let seen_at_once = books.mail.iter().filter(of).count() as u64;
    let held_at_the_end =
        books.mail.iter().filter(|row| row["outcome"] == "undelivered" && !row["held_back"].is_empty());
    assert_eq!(
        found,
        outcome("notified") + outcome("on_open") - seen_at_once + held_at_the_end.count() as u64
    );
    let announced: u64 = books.notifications.iter().map(|row| row["mails"].parse::<u64>().unwrap()).sum();
    assert_eq!(announced, outcome("notified"));
    let held = count(&books.summary, "mail.held_back");
    assert!(outcome("notified") > 0 && held > 0 && seen_at_once > 0);
}

#[test]
fn the_number_of_threads_leaves_no_trace() {
    // Eight chunks of 16 devices, so that seven threads have something to race for.
    let sets = ["devices=120", "warmup=2d", "measure=1d"];
    let run = |jobs| run_as(bundled("device-keychain", &sets), &everything(jobs, Engine::Fast));
    let one = run(1);
    for jobs in [2, 7] {
        let many = run(jobs);
        assert!(one.files == many.files, "{jobs} threads write other rows than one");
        assert_eq!(one.summary(), many.summary(), "{jobs} threads");
    }
    assert!(one.rows(RecordFile::Mail).len() > 1000 && one.rows(RecordFile::Events).len() > 1000);
}

#[test]
fn both_calendars_give_the_same_record_of_every_bundled_scenario() {
    for scenario in BUNDLED {
        let sets = ["devices=6", "warmup=3d", "measure=2d"];
        let run = |engine| run_as(bundled(scenario.name, &sets), &everything(2, engine));
        let (fast, reference) = (run(Engine::Fast), run(Engine::Reference));
        assert!(fast.files == reference.files, "{}: other rows", scenario.name);
        assert_eq!(fast.summary(), reference.summary(), "{}", scenario.name);
        assert!(!fast.rows(RecordFile::Mail).is_empty() && !fast.rows(RecordFile::Checks).is_empty());
    }
}

#[test]
fn the_summary_is_the_same_whosever_rows_are_kept() {
    let run = |rows| {
        let plan = Plan { jobs: 2, rows, ..Plan::default() };
        run_as(bundled("device-keychain", &["devices=50", "warmup=2d", "measure=2d"]), &plan)
    };
    let (all, sample, none) = (run(KeepRows::All), run(KeepRows::Sample(10)), run(KeepRows::None));
    assert_eq!(all.summary(), sample.summary());
    assert_eq!(all.summary(), none.summary());
    let devices = |run: &Run| {
        let mut devices: Vec<u32> = run.checks().iter().map(|check| check.device).collect();
        devices.dedup();
        devices
    };
    assert_eq!(devices(&all).len(), 50);
    assert_eq!(devices(&sample), (0..10).collect::<Vec<_>>());
    assert!(devices(&none).is_empty());
    // What is kept of a sampled device is what is kept of it among all.
    let of_all: Vec<&str> = all
        .rows(RecordFile::Mail)
        .into_iter()
        .filter(|row| row.split(',').next().unwrap().parse::<u32>().unwrap() < 10)
        .collect();
    assert_eq!(of_all, sample.rows(RecordFile::Mail));
}

/// Common random numbers: what policy cannot influence happens at the same instants under each.
#[test]
fn mail_outages_restarts_and_own_pick_ups_are_the_same_under_every_policy() {
    let exogenous = |name: &str| -> Vec<String> {
        let sets = ["devices=20", "warmup=3d", "measure=5d"];
        let plan = Plan { events: (0..20).collect(), ..everything(2, Engine::Fast) };
        let run = run_as(bundled(name, &sets), &plan);
        // An own use may begin while the phone is in hand for an answer, which goes by the policy.
        let exogenous = |row: &str| {
            let [device, time, signal, detail] = row.split(',').collect::<Vec<_>>()[..] else {
                panic!("{row}")
            };
            match (signal, detail) {
                ("picked_up", "own") | ("own_use_begins", _) => Some(format!("{device},{time},own use")),
                ("mail_arrived" | "network", _) | ("rebooted", "planned") => Some(row.to_owned()),
                _ => None,
            }
        };
        run.rows(RecordFile::Events).into_iter().filter_map(exogenous).collect()
    };
    let base = exogenous("email-plus");
    for signal in ["mail_arrived", "network,none", "own use", "rebooted"] {
        assert!(base.iter().any(|row| row.contains(signal)), "no {signal} to compare");
    }
    for name in [
        "device-keychain",
        "after-first-unlock",
        "background-authorize",
        "os-protection",
        "no-background-refresh",
        "working-hours",
        "weak-passcode",
        "strong-passcode",
    ] {
        // Events within one instant may stand in another order; the instants may not differ.
        let (mut base, mut other) = (base.clone(), exogenous(name));
        base.sort();
        other.sort();
        assert!(base == other, "{name} moves what it cannot influence");
    }
}

/// The sources of the key are tried in the order memory, keychain, flip; who answers a notification
/// unlocks the phone first and opens the client then.
#[test]
fn where_the_keychain_can_be_read_nobody_flips() {
    let sets = ["devices=40", "warmup=2d", "measure=7d", "client.key_in_memory=dropped_in_background"];
    let plan = Plan { events: (0..40).collect(), ..everything(2, Engine::Fast) };
    let run = run_as(bundled("device-keychain", &sets), &plan);
    let answered = run.text(RecordFile::Events).matches("picked_up,notification").count();
    assert!(answered > 30, "only {answered} notifications are answered");
    let opened: Vec<_> = run.checks().into_iter().filter(|check| check.trigger == "user_launch").collect();
    assert!(opened.len() > 1000);
    for check in opened {
        // From memory where it is opened in the middle of a background check.
        assert!(["keychain", "memory"].contains(&check.key.as_str()), "{check:?}");
    }
}

/// Comparing bytes proves something only if other lives leave other bytes.
#[test]
fn another_seed_leaves_another_record() {
    let run = |seed: &str| {
        let sets = ["devices=6", "warmup=1d", "measure=1d", seed];
        run_as(bundled("device-keychain", &sets), &everything(1, Engine::Fast))
    };
    let (one, two) = (run("seed=1"), run("seed=2"));
    assert_ne!(one.total().counts.fingerprint, two.total().counts.fingerprint);
    for table in [RecordFile::Mail, RecordFile::Checks, RecordFile::Events] {
        assert_ne!(one.text(table), two.text(table));
    }
}
