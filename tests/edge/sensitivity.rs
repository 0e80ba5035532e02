//! Sensitivity: what is said of a difference, what numbers do in company, and the points that anybody can work it out
//! from again.

use bgsim::sensitivity::{Screened, Step, Trajectory, elementary};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn printed(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bgsim")).arg("sensitivity").args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn analysis(words: &[&str]) -> Value {
    serde_json::from_str(&printed(&[words, &["--json"]].concat())).unwrap()
}

/// Periodic wakes that nothing refuses: few numbers matter to them, and what they do is known.
const PERIODIC: [&str; 5] = ["periodic-15m", "--set", "measure=3d", "--figure", "mail.latency_s.mean"];

fn periodic(words: &[&str]) -> Value {
    analysis(&[&PERIODIC[..], words].concat())
}

fn effect<'a>(found: &'a Value, key: &str) -> &'a Value {
    let unknowns = found["unknowns"].as_array().unwrap();
    unknowns.iter().find(|unknown| unknown["key"] == key).unwrap()
}

/// Only how long a check takes matters: it delays mail by itself, and the refresh interval, which such wakes ignore,
/// does nothing, less than what is made of nothing.
#[test]
fn the_unknown_that_matters_is_found_and_the_others_are_below_the_noise() {
    let found = periodic(&["--trajectories", "6"]);
    let duration = effect(&found, "client.check_duration");
    assert_eq!(found["unknowns"][0]["key"], duration["key"]);
    // From 0 to 30 s, and the mail that comes during a check waits for the next.
    let number = |value: &Value| value.as_f64().unwrap();
    assert!((number(&duration["swing"]) - 30.0).abs() < 15.0, "{duration}");
    // Its levels are 1, 3, 10.5 and 23.5 s: a step is of 9.5 or 20.5 s, and as often two thirds of the way.
    assert!((number(&duration["mu_star"]) - 22.5).abs() < 6.0, "{duration}");
    let ends = &duration["mu_star_ci95"];
    assert!(
        number(&ends[0]) < number(&duration["mu_star"]) && number(&duration["mu_star"]) < number(&ends[1])
    );
    assert_eq!(duration["is_below_floor"], false);
    let idle = effect(&found, "client.refresh_interval");
    assert_eq!((&idle["swing"], &idle["mu_star"], &idle["sigma"]), (&0.0.into(), &0.0.into(), &0.0.into()));
    assert_eq!(idle["is_below_floor"], true);
    let floor = number(&found["noise_floor"]);
    assert!(0.0 < floor && floor < 0.1, "{floor}");
    assert_eq!(found["points"], found["planned"]);
    assert!(found["verdict"].is_null());
    let said = found["conclusion"].as_str().unwrap();
    assert!(said.starts_with(&format!("At the {} points tried", found["points"])), "{said}");
}

#[test]
fn a_difference_that_is_clear_everywhere_holds_at_every_point_tried() {
    let twice = ["--set-b", "scheduler.every=30m", "--trajectories", "2"];
    let found = periodic(&twice);
    let verdict = &found["verdict"];
    assert_eq!(verdict["verdict"], "holds", "{verdict}");
    assert_eq!((&verdict["same"], &verdict["level"]), (&found["points"], &0.95.into()));
    let said = found["conclusion"].as_str().unwrap();
    assert!(said.starts_with("The answer holds at every point tried: "), "{said}");
    // The same difference is none that matters to whom only three times the wait would.
    let found = periodic(&[&twice[..], &["--smallest", "200%"]].concat());
    let verdict = &found["verdict"];
    assert_eq!(
        (&verdict["verdict"], &verdict["small"]),
        (&"too_small".into(), &found["points"]),
        "{verdict}"
    );
}

/// An arm whose checks take 10 s is slower by 6 s than one of 4 s, and faster by 20 s than one of 30 s.
#[test]
fn where_it_reverses_is_told_the_worst_first() {
    let found = periodic(&["--set-b", "client.check_duration=10s", "--trajectories", "2"]);
    let verdict = &found["verdict"];
    assert_eq!(verdict["verdict"], "reverses", "{verdict}");
    let reversals = verdict["reversals"].as_array().unwrap();
    assert_eq!(verdict["contrary"], reversals.len());
    let size = |point: &Value| point["difference"]["value"].as_f64().unwrap();
    assert!(reversals.iter().map(size).is_sorted(), "{reversals:?}");
    let alone = reversals.iter().find(|point| point["at"] == "with client.check_duration = 30s").unwrap();
    assert_eq!(alone["differs"], serde_json::json!(["client.check_duration = 30s"]));
    assert!((size(alone) + 20.0).abs() < 5.0, "{alone}");
    assert_eq!(reversals[0]["differs"][0], "client.check_duration = 30s");
}

/// Of 0.1.0 two devices drew the verdict that "the answer survives", since 240 of 242 points showed nothing, and 32
/// did so though nearly every second point showed nothing.
#[test]
fn what_was_not_seen_is_not_said_to_hold() {
    let two = [
        "email-plus",
        "--set-b",
        "policy.allow_device_keychain=true",
        "--set",
        "warmup=2d",
        "--set",
        "measure=2d",
        "--devices",
        "2",
        "--max-devices",
        "2",
        "--trajectories",
        "1",
    ];
    let small = [
        "device-keychain",
        "--set-b",
        "policy.auto_lock=3m",
        "--set",
        "warmup=1d",
        "--set",
        "measure=2d",
        "--devices",
        "12",
        "--max-devices",
        "12",
        "--trajectories",
        "0",
    ];
    for words in [&two[..], &small] {
        let found = analysis(words);
        assert_eq!(found["verdict"]["verdict"], "cannot_tell", "{}", found["verdict"]);
        assert!(found["verdict"]["unclear"].as_u64().unwrap() > 100, "{}", found["verdict"]);
        let said = found["conclusion"].as_str().unwrap();
        assert!(said.starts_with("Cannot tell") && !said.contains("survive"), "{said}");
    }
}

/// Devices one by one, until they can tell; and unclear points get more of them.
#[test]
fn more_devices_tell_what_few_cannot() {
    let with = |devices: &str, most: &str| {
        let words = ["--set-b", "scheduler.every=30m", "--trajectories", "0", "--devices", devices];
        let found = periodic(&[&words[..], &["--max-devices", most]].concat());
        (found["verdict"]["verdict"].as_str().unwrap().to_string(), found)
    };
    let mut told = false;
    for devices in ["1", "2", "4", "8", "16", "32"] {
        let (verdict, _) = with(devices, devices);
        assert!(verdict == "holds" || (verdict == "cannot_tell" && !told), "{devices}: {verdict}");
        told = verdict == "holds";
    }
    assert!(told);
    let (verdict, found) = with("2", "64");
    assert_eq!((verdict.as_str(), &found["verdict"]["looks"]), ("holds", &6.into()));
    assert!(found["verdict"]["least"]["devices"].as_u64().unwrap() > 2);
}

/// A table with a header: a map for each row.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(String::from));
    let header: Vec<String> = lines.next().unwrap().collect();
    lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect()
}

/// The numbers that a trajectory moved, the dummy last, as they stand in the header.
fn moved(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|cell| *cell == name).unwrap();
    header[at("seed") + 1..at("base")].iter().map(|name| name.to_string()).collect()
}

/// What each number does in company, from the rows alone: which changed, in which direction, and what came of it.
fn screened(path: &Path) -> Vec<(String, Screened)> {
    let names = moved(path);
    let rows: Vec<_> = rows(path).into_iter().filter(|row| row["kind"] == "trajectory").collect();
    let found: Vec<Option<f64>> = rows
        .iter()
        .map(|row| if row["other"].is_empty() { &row["base"] } else { &row["difference"] }.parse().ok())
        .collect();
    let ways: Vec<Trajectory> = rows
        .chunks(names.len() + 1)
        .map(|points| {
            let step = |pair: &[BTreeMap<String, String>]| {
                let changed = &pair[1]["changed"];
                let value = |row: &BTreeMap<String, String>| row[changed].parse::<f64>().unwrap();
                let by = (value(&pair[1]) - value(&pair[0])).signum() * 2.0 / 3.0;
                Step { unknown: names.iter().position(|name| name == changed).unwrap(), by }
            };
            Trajectory { start: Vec::new(), steps: points.windows(2).map(step).collect(), seed: 0 }
        })
        .collect();
    let effects = elementary(&ways, &found, names.len());
    names.into_iter().zip(effects.iter().map(|effects| Screened::of(effects))).collect()
}

#[test]
fn the_points_that_are_kept_say_what_the_analysis_says() {
    let home = TempDir::new().unwrap();
    let out = home.path().join("it");
    let words = ["--set-b", "scheduler.every=30m", "--trajectories", "5", "--devices", "20", "--out"];
    let found = periodic(&[&words[..], &[out.to_str().unwrap()]].concat());
    let points = out.join("points.csv");
    let kept = rows(&points);
    assert_eq!(found["points"], kept.len());
    assert_eq!(kept[0]["kind"], "base");
    let counted = |says: &str| kept.iter().filter(|row| row["says"] == says).count();
    for says in ["same", "small", "contrary", "unclear"] {
        assert_eq!(found["verdict"][says], counted(says), "{says}");
    }
    let mut seeds: Vec<&String> =
        kept.iter().filter(|row| row["kind"] == "trajectory").map(|row| &row["seed"]).collect();
    seeds.dedup();
    assert_eq!(seeds.len(), 5);
    for row in &kept {
        let number = |column: &str| row[column].parse::<f64>().unwrap();
        assert!((number("other") - number("base") - number("difference")).abs() < 2e-6, "{row:?}");
        assert_eq!(number("devices"), if row["kind"] == "trajectory" { 5.0 } else { 20.0 });
        assert!(number("judged_devices") >= number("devices"));
    }
    let screened = screened(&points);
    assert_eq!(screened.len(), found["unknowns"].as_array().unwrap().len() + 1);
    for (name, screened) in screened {
        let wanted = if name == "dummy" { &found["dummy"] } else { effect(&found, &name) };
        let alike = |one: Option<f64>, other: &Value| (one.unwrap() - other.as_f64().unwrap()).abs() < 2e-6;
        assert!(alike(screened.mu_star, &wanted["mu_star"]), "{name}: {screened:?} {wanted}");
        assert!(alike(screened.sigma, &wanted["sigma"]), "{name}: {screened:?} {wanted}");
    }
}

/// The points are of `bgsim sensitivity periodic-15m --set measure=3d --figure mail.latency_s.mean --set-b
/// scheduler.every=30m --trajectories 6`. The figures are what SALib 1.6.0 makes of them (`SALib.analyze.morris`, four
/// levels), by tests/fixtures/sensitivity/salib.
#[test]
fn another_program_finds_the_same_numbers_in_the_points() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sensitivity");
    let screened: BTreeMap<String, Screened> = screened(&fixtures.join("points.csv")).into_iter().collect();
    let theirs = rows(&fixtures.join("salib.csv"));
    assert_eq!(theirs.len(), screened.len());
    for row in &theirs {
        let ours = &screened[&row["name"]];
        let alike =
            |ours: Option<f64>, theirs: &str| (ours.unwrap() - theirs.parse::<f64>().unwrap()).abs() < 2e-6;
        assert!(alike(ours.mu_star, &row["mu_star"]), "{ours:?} {row:?}");
        assert!(alike(ours.sigma, &row["sigma"]), "{ours:?} {row:?}");
    }
    assert!(theirs.iter().any(|row| row["mu_star"].parse::<f64>().unwrap() > 5.0));
}
