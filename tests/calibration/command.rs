//! `bgsim calibrate` as people use it: its files, its ends, its errors, and the same bytes however it is run.

use bgsim::calibration::Ensemble;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub fn bgsim(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(folder).args(words).output().unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Two observations that a simulated iPhone of a short life can meet, the second kept out.
pub const MINE: &str = r#"
discrepancy = 0.05

[[observe]]
name = "pick-ups a day"
measure = "pickups_per_day"
statistic = "median"
value = 80.0
range = [70.0, 90.0]
unit = "1/day"
situation = "made up"
source = "nobody"
confidence = "inferred"
year = 2026
scenario = { warmup = "1d", measure = "3d" }

[[observe]]
name = "minutes a day"
measure = "minutes_per_day"
statistic = "median"
value = 200.0
range = [120.0, 300.0]
unit = "min/day"
situation = "made up"
source = "nobody"
confidence = "inferred"
year = 2026
exam = true
scenario = { warmup = "1d", measure = "3d" }
"#;

/// Short lives, so that little is waited for.
pub const SHORT: [&str; 9] =
    ["calibrate", "mine.toml", "--devices", "4", "--points", "64", "--waves", "8", "--members"];

pub fn with_mine(text: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("mine.toml"), text).unwrap();
    fs::write(
        folder.path().join("short.toml"),
        "extends = \"device-keychain\"\nwarmup = \"1d\"\nmeasure = \"3d\"\n",
    )
    .unwrap();
    folder
}

pub fn short(more: &[&str]) -> Vec<String> {
    let words = SHORT.iter().chain(&["16", "--scenario", "short.toml"]).chain(more);
    words.map(|word| (*word).to_owned()).collect()
}

fn calibrate(folder: &Path, more: &[&str]) -> Output {
    let words = short(more);
    bgsim(folder, &words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let file =
        |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    fs::read_dir(folder).unwrap().map(|entry| file(entry.unwrap())).collect()
}

#[test]
fn its_files_are_the_same_however_it_is_run() {
    let folder = with_mine(MINE);
    let path = folder.path();
    let one = calibrate(path, &["--jobs", "1", "--out", "one"]);
    assert_eq!(one.status.code(), Some(0), "{}", err(&one));
    let files_of_one = files(&path.join("one"));
    let names: Vec<&str> = files_of_one.keys().map(String::as_str).collect();
    for name in ["calibration.json", "ensemble.toml", "left.json", "report.html", "report.json", "pair-1.svg"]
    {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(!path.join("one.journal").exists());
    assert_eq!(calibrate(path, &["--jobs", "2", "--out", "two"]).status.code(), Some(0));
    assert!(files_of_one == files(&path.join("two")), "threads left a trace");

    // Killed in the midst of it, and gone on with.
    let journal = path.join("three.journal");
    let mut child = Command::new(env!("CARGO_BIN_EXE_bgsim"))
        .current_dir(path)
        .args(short(&["--jobs", "1", "--out", "three"]))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let lines = || fs::read_to_string(&journal).map_or(0, |text| text.lines().count());
    while lines() < 40 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = lines();
    assert!(kept >= 40 && !path.join("three").exists(), "{kept}");
    let refused = calibrate(path, &["--out", "three"]);
    assert!(refused.status.code() == Some(1) && err(&refused).contains("--resume"), "{}", err(&refused));
    let other = calibrate(path, &["--out", "three", "--resume", "--seed", "9"]);
    assert!(err(&other).contains("was begun by another command"), "{}", err(&other));
    assert_eq!(calibrate(path, &["--out", "three", "--resume"]).status.code(), Some(0));
    assert!(files_of_one == files(&path.join("three")), "the interruption left a trace");

    // What bgsim wrote it replaces.
    assert_eq!(calibrate(path, &["--out", "two", "--hold-out", "minutes a day"]).status.code(), Some(0));

    // And what stands in them.
    let ensemble = Ensemble::read(&fs::read_to_string(path.join("one/ensemble.toml")).unwrap()).unwrap();
    assert!(ensemble.member.len() == 16 && ensemble.observations.used == 1);
    assert_eq!(ensemble.observations.held_out, ["minutes a day"]);
    let json: Value = serde_json::from_slice(&files_of_one["calibration.json"]).unwrap();
    assert_eq!((&json["verdict"], &json["members"]), (&"allowed".into(), &16.into()));
    assert!(json["left"].as_f64().unwrap() < 1.0);
    let exam = &json["targets"][1];
    assert!(exam["exam"] == true && exam["rules_out"].as_f64().unwrap() < 1.0);
}

/// What refreshes every five minutes is no iPhone of this model.
#[test]
fn the_observations_of_another_model_are_refused() {
    let folder = with_mine(
        r#"
[[observe]]
name = "refreshes as by a clock"
measure = "refreshes_per_day"
value = 288.0
range = [280.0, 296.0]
unit = "1/day"
situation = "a phone that refreshes every five minutes"
source = "nobody"
confidence = "inferred"
year = 2026
scenario = { extends = "device-keychain", warmup = "1d", measure = "2d" }
"#,
    );
    let output = calibrate(folder.path(), &["--out", "verdict"]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("The observations contradict the model"), "{text}");
    assert!(text.contains("\u{201c}refreshes as by a clock\u{201d}"), "{text}");
    let folder = folder.path().join("verdict");
    assert!(folder.join("report.html").exists() && !folder.join("ensemble.toml").exists());
}

#[test]
fn hostile_observations_are_told_where_they_are_wrong() {
    let refused = |change: &dyn Fn(&str) -> String, more: &[&str], word: &str| {
        let folder = with_mine(&change(MINE));
        let output = calibrate(folder.path(), more);
        let told = err(&output);
        assert!(output.status.code() == Some(1) && told.contains(word), "{word}: {told}");
    };
    let with = |from: &'static str, to: &'static str| move |text: &str| text.replacen(from, to, 1);
    let never_off = "`discrepancy` must be a number from 0.001 to 10";
    refused(&with("discrepancy = 0.05", "discrepancy = 0"), &[], never_off);
    refused(&with("discrepancy = 0.05", "discrepancy = nan"), &[], never_off);
    refused(&with("discrepancy = 0.05", "discrepancy = \"much\""), &[], never_off);
    refused(&with("exam = true", "discrepancy = -1.0"), &[], never_off);
    refused(&with("exam = true", "exam = 1"), &[], "`exam` must be true or false");
    refused(&with("discrepancy = 0.05", "discrepancies = 0.15"), &[], "unknown key or section");
    refused(&with("value = 80.0", "value = inf"), &[], "`value` is inf");
    refused(&|_| "\u{0}".into(), &[], "this is not TOML");
    refused(&|_| String::new(), &[], "has no observations");
    refused(&with("", ""), &["--hold-out", "nothing"], "no observation is called so");
    refused(&with("", ""), &["--hold-out", "pick-ups a day"], "every observation is held out");
    refused(&with("value = 80.0", "value = nan"), &[], "`value` is NaN");
    refused(&with("", ""), &["--set", "no.such=1"], "no.such");
    let folder = with_mine(MINE);
    let missing = bgsim(folder.path(), &["calibrate", "nowhere.toml"]);
    assert!(missing.status.code() == Some(1) && err(&missing).contains("cannot be read"));
}
