//! `--ensemble`: an answer over all iPhones that observations allow, and what is refused.

use super::command::{MINE, bgsim, err, short, with_mine};
use bgsim::calibration::Ensemble;
use bgsim::observation::bundled_text;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// The ensemble that comes with the program.
const SHIPPED: &str = include_str!("../../scenarios/ensemble.toml");

fn with_ensemble() -> TempDir {
    let folder = with_mine(MINE);
    let words = short(&["--out", "found"]);
    let made = bgsim(folder.path(), &words.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    // So short a search is worth too little for a band; what is asked here is how one of enough is told.
    let found = fs::read_to_string(folder.path().join("found/ensemble.toml")).unwrap();
    let worth = found.lines().find(|line| line.starts_with("effective = ")).unwrap();
    fs::write(folder.path().join("ensemble.toml"), found.replace(worth, "effective = 60.0")).unwrap();
    folder
}

fn json(folder: &Path, words: &[&str]) -> (Value, String) {
    let output = bgsim(folder, &[words, &["--ensemble", "ensemble.toml", "--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    (serde_json::from_slice(&output.stdout).unwrap(), err(&output))
}

fn ends(value: &Value) -> [f64; 2] {
    [0, 1].map(|end| value[end].as_f64().unwrap())
}

#[test]
fn the_ensemble_that_ships_is_of_this_version_and_of_the_observations_that_ship() {
    let ensemble = Ensemble::read(SHIPPED).unwrap();
    let sha256: String =
        Sha256::digest(bundled_text().text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(ensemble.observations.sha256, sha256);
    assert!(ensemble.search.effective >= 50.0 && ensemble.member.len() == 64);
}

#[test]
fn a_run_has_two_bands_and_is_else_as_before() {
    let folder = with_ensemble();
    let path = folder.path();
    let words = ["run", "short.toml", "--devices", "32"];
    let (with, _) = json(path, &words);
    let without = bgsim(path, &[&words[..], &["--json"]].concat());
    let without: Value = serde_json::from_slice(&without.stdout).unwrap();
    assert_eq!(
        (&with["mail"], &with["ci95"], &with["fingerprint"]),
        (&without["mail"], &without["ci95"], &without["fingerprint"])
    );
    let ensemble = &with["ensemble"];
    assert_eq!((&ensemble["members"], &ensemble["devices"]), (&16.into(), &64.into()));
    let figure = ensemble["figures"]
        .as_array()
        .unwrap()
        .iter()
        .find(|figure| figure["name"] == "mail.told_within.15m");
    let value = &figure.unwrap()["arms"][0]["value"];
    let ([low, high], [least, most]) = (ends(&value["ignorance"]), ends(&value["extent"]));
    let [below, above] = ends(&value["chance"]);
    assert!(least <= low && low < high && high <= most, "{value}");
    // Of 16 iPhones that hardly anything was observed of, more is not known than chance makes of a thousand devices.
    assert!(high - low > above - below, "{value}");
    let text = bgsim(path, &[&words[..], &["--ensemble", "ensemble.toml"]].concat());
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("In nine of ten iPhones of the ensemble"), "{text}");
}

#[test]
fn a_comparison_says_in_how_many_an_arm_is_better() {
    let folder = with_ensemble();
    let path = folder.path();
    let words = ["compare", "short.toml", "--devices", "16", "--set-b", "policy.allow_device_keychain=false"];
    let (found, _) = json(path, &words);
    let figures = found["ensemble"]["figures"].as_array().unwrap();
    let told = figures.iter().find(|figure| figure["name"] == "mail.told_within.15m").unwrap();
    let other = &told["arms"][1];
    let standing = &other["standing"];
    let share = |name: &str| standing[name].as_f64().unwrap();
    assert!(share("better") + share("worse") <= 1.0 + 1e-6 && share("clearly") <= share("better"));
    assert!(share("worse") > 0.6 && ends(&other["difference"]["ignorance"])[0] < -0.01, "{other}");
    // An arm that is the first again differs in none.
    let same = ["compare", "short.toml", "--devices", "16", "--set-b", "seed=1"];
    let (found, _) = json(path, &same);
    let band = &found["ensemble"]["figures"][0]["arms"][1]["difference"];
    assert_eq!((&band["mean"], &band["extent"]), (&0.0.into(), &serde_json::json!([0.0, 0.0])));
    // The curve of the page has both bands.
    let words = [&words[..], &["--ensemble", "ensemble.toml", "--out", "page"]].concat();
    assert_eq!(bgsim(path, &words).status.code(), Some(0));
    let report: Value = serde_json::from_slice(&fs::read(path.join("page/report.json")).unwrap()).unwrap();
    let curve = report["charts"].as_array().unwrap().iter().find(|chart| chart[0] == "latency").unwrap();
    assert!(curve[1]["arms"][0]["allowed"].as_array().unwrap().len() > 5);
    let page = fs::read_to_string(path.join("page/report.html")).unwrap();
    assert!(page.contains("in nine of ten iPhones of the ensemble"));
}

#[test]
fn a_sweep_has_a_band_at_every_point() {
    let folder = with_ensemble();
    let words = ["sweep", "short.toml", "--devices", "16", "--vary", "policy.auto_lock=1m,5m"];
    let (found, _) = json(folder.path(), &words);
    for point in found["points"].as_array().unwrap() {
        let value = &point["ensemble"]["figures"][0]["arms"][0]["value"];
        assert!(value["mean"].is_number(), "{value}");
    }
}

#[test]
fn what_somebody_says_wins_and_is_named() {
    let folder = with_ensemble();
    let words = ["run", "short.toml", "--devices", "8", "--set", "scheduler.min_spacing=7m"];
    let (found, told) = json(folder.path(), &words);
    assert_eq!(found["ensemble"]["fixed"], serde_json::json!(["scheduler.min_spacing"]));
    assert!(told.contains("scheduler.min_spacing") && told.contains("as they are written"), "{told}");
}

#[test]
fn other_versions_other_files_and_other_verbs_refuse() {
    let folder = with_ensemble();
    let path = folder.path();
    let text = fs::read_to_string(path.join("ensemble.toml")).unwrap();
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&version));
    fs::write(path.join("old.toml"), text.replace(&version, "version = \"0.0.1\"")).unwrap();
    let refused = |file: &str, words: &[&str], code: i32, word: &str| {
        let output = bgsim(path, &[words, &["--ensemble", file]].concat());
        assert!(output.status.code() == Some(code) && err(&output).contains(word), "{}", err(&output));
    };
    refused("old.toml", &["run", "short.toml"], 1, "was made by bgsim 0.0.1");
    refused("mine.toml", &["run", "short.toml"], 1, "is no ensemble of bgsim calibrate");
    refused(
        "nowhere.toml",
        &["compare", "short.toml", "--set-b", "policy.auto_lock=1m"],
        1,
        "cannot be read",
    );
    refused(
        "ensemble.toml",
        &["run", "short.toml", "--shard", "1/2", "--out", "x"],
        1,
        "cannot be used with",
    );
    for verb in ["test", "sensitivity", "explain"] {
        refused("ensemble.toml", &[verb, "short.toml"], 1, "--ensemble");
    }
}
