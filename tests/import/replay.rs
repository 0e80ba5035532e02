//! The record of a phone lived again: the model knows its own kind, and is beaten where a phone is of another.

use super::phone::CLIENT;
use super::round_trip::{logs, simulated};
use serde_json::Value;
use std::fs;
use std::process::{Command, Output};
use tempfile::TempDir;

/// What differs between phones for reasons that nobody knows is held fixed.
const KNOWN: [&str; 2] = ["scheduler.never_refreshed=0.0", "scheduler.spacing.sigma=0.0"];

fn bgsim(folder: &TempDir, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    command.env("COLUMNS", "80").current_dir(folder).args(words).output().unwrap()
}

/// The folder of an import of four weeks of a simulated phone: two to learn from, and two to be scored.
fn imported() -> TempDir {
    let folder = TempDir::new().unwrap();
    let sets = ["measure=28d", "fleet=[{persona='typical'}]", "time_zone=UTC", KNOWN[0], KNOWN[1]];
    let [power, tasks] = logs(&simulated(&folder, "first", "device-keychain", &sets));
    fs::write(folder.path().join("power"), power).unwrap();
    fs::write(folder.path().join("tasks"), tasks).unwrap();
    let words = ["import", "power", "tasks", "--client", CLIENT, "--time-zone", "UTC", "--out", "phone"];
    let done = bgsim(&folder, &words);
    assert!(done.status.success(), "{done:?}");
    folder
}

fn replayed(folder: &TempDir) -> Value {
    let words = ["replay", "phone", "--json", "--devices", "96", "--set", KNOWN[0], "--set", KNOWN[1]];
    let done = bgsim(folder, &words);
    assert!(done.status.success(), "{done:?}");
    serde_json::from_slice(&done.stdout).unwrap()
}

fn better_by(json: &Value, rival: &str) -> f64 {
    json["against"][rival]["better_by"].as_f64().unwrap()
}

#[test]
fn the_model_knows_its_own_kind_and_no_other() {
    let folder = imported();
    let own = replayed(&folder);
    assert!(own["refreshed"].as_u64().unwrap() > 20, "{own:#}");
    assert_eq!(own["learns_from"], "the_days_before");
    // Its own record it forecasts better than who knows nothing of iOS.
    for rival in ["constant", "hour_of_day", "as_yesterday"] {
        assert_eq!(own["against"][rival]["verdict"], "better", "{:#}", own["against"]);
    }
    // Its probabilities are shares.
    let forecasts = own["forecasts"].as_array().unwrap();
    assert!(forecasts.iter().all(|row| (0.0..1.0).contains(&row["model"].as_f64().unwrap())));
    let bins = own["calibration"].as_array().unwrap();
    let number = |bin: &Value, name: &str| bin[name].as_f64().unwrap();
    let many = bins.iter().filter(|bin| number(bin, "slots") >= 50.0);
    for bin in many {
        let (says, was) = (number(bin, "forecast"), number(bin, "observed"));
        let by_chance = 3.0 * (says * (1.0 - says) / number(bin, "slots")).sqrt();
        assert!((says - was).abs() < 0.05 + by_chance, "{bin:#}");
    }

    // A phone that refreshes by the clock, at night, is none of its kind.
    let runs = fs::read_to_string(folder.path().join("phone/runs.csv")).unwrap();
    let first = runs.lines().nth(1).unwrap()[..8].to_owned();
    let night = |day: u32| format!("{first}{:02}T03:20:00.000Z,,{CLIENT},refresh,,task_log\n", day);
    let other: String = (17..29).map(night).collect();
    fs::write(folder.path().join("phone/runs.csv"), format!("at,until,app,why,on_battery,source\n{other}"))
        .unwrap();
    let foreign = replayed(&folder);
    assert_eq!(foreign["refreshed"], 12);
    for rival in ["hour_of_day", "as_yesterday"] {
        assert!(better_by(&foreign, rival) < 0.0, "{rival} {:#}", foreign["against"]);
    }
}

#[test]
fn a_replay_names_what_is_not_there() {
    let folder = imported();
    let shown = bgsim(&folder, &["replay", "phone", "--devices", "8"]);
    let text = String::from_utf8(shown.stdout).unwrap();
    for part in ["model better by", "hour of day", "a simulated phone said", "8 simulated"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    fs::create_dir(folder.path().join("empty")).unwrap();
    let refused = bgsim(&folder, &["replay", "empty"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`empty` has no import.json"), "{refused:?}");
}
