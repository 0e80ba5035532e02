//! Suites of promises as a build runs them: what nobody saw, what is not compared, and what is said and how often.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn bgsim(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(folder).args(words).output().unwrap()
}

#[track_caller]
fn ends(folder: &Path, words: &[&str], code: i32) -> String {
    let output = bgsim(folder, words);
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!(output.status.code(), Some(code), "{words:?}\n{out}\n{err}");
    if code == 1 { err } else { out }
}

/// A folder with the scenario `s.toml`, which ends with this.
fn with(base: &str, rest: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("extends = \"{base}\"\nname = \"s\"\nmeasure = \"2d\"\n{rest}");
    fs::write(folder.path().join("s.toml"), text).unwrap();
    folder
}

fn promising(assert: &str) -> String {
    format!("[[expect]]\nname = \"it holds\"\nassert = [{assert}]\n")
}

const MORE: [&str; 5] = ["--devices", "96", "--max-devices", "96", "--allow-undecided"];
const SOON: [&str; 5] = ["--devices", "32", "--max-devices", "32", "--allow-undecided"];

#[test]
fn what_nobody_was_watched_for_decides_nothing() {
    // Of four days all that is known of a month is that no less is told than in four days: here about half.
    for (assert, verdict) in [
        ("told_within(30d) >= 5 %", "pass"),
        ("told_within(30d) >= 99.9 %", "undecided"),
        ("told_within(30d) >= 100 %", "undecided"),
        ("told_within(30d) <= 5 %", "fail"),
        ("told_within(30d) <= 99.9 %", "undecided"),
        ("told_within(30d) < 100 %", "undecided"),
        ("told_within(30d) <= 100 %", "pass"),
        ("latency(p99.9) <= 30d", "undecided"),
        ("latency(p99.9) >= 30d", "undecided"),
        ("latency(p10) <= 30d", "pass"),
    ] {
        let folder = with("rarely-opened", &promising(&format!("'{assert}'")));
        let words = [&["test", "s.toml", "-o", "json", "--set", "measure=4d"], &MORE[..]].concat();
        let code = if verdict == "fail" { 2 } else { 0 };
        let found: Value = serde_json::from_str(&ends(folder.path(), &words, code)).unwrap();
        let found = &found["scenarios"][0]["asserts"][0];
        assert_eq!(found["verdict"], verdict, "{assert}: {found}");
        let is_said = found["reason"].as_str().unwrap().contains("; nothing was watched for so long, so");
        assert_eq!(is_said, verdict == "undecided", "{found}");
    }
}

#[test]
fn a_baseline_of_another_span_is_refused_with_both_spans_and_the_command() {
    let versus = "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +5 %\"]\n";
    let folder = with("periodic-15m", versus);
    let test = ["test", "s.toml", "--devices", "32"];
    ends(folder.path(), &[&test[..], &["--update"]].concat(), 0);
    for (set, was, is) in [
        ("measure=3d", "measure = 2d", "measure = 3d"),
        ("warmup=3d", "warmup = ", "warmup = 3d"),
        ("start=2026-03-09T00:00", "start = ", "start = 2026-03-09T00:00"),
    ] {
        let error = ends(folder.path(), &[&test[..], &["--set", set]].concat(), 1);
        for part in [was, is, "figures of other spans", "renew it with `bgsim test s.toml --update`"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
    ends(folder.path(), &[&test[..], &["--set", "seed=7", "--allow-undecided"]].concat(), 0);
}

#[test]
fn on_fewer_devices_than_the_baseline_has_a_kept_promise_is_told_in_a_line() {
    let versus = "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +50 %\"]\n";
    let folder = with("periodic-15m", versus);
    ends(folder.path(), &["test", "s.toml", "--devices", "64", "--update"], 0);
    let found = ends(folder.path(), &["test", "s.toml", "--devices", "32"], 0);
    assert!(found.starts_with("pass  s  1 assertion holds, 32 devices\n\n1 scenario: "), "{found}");
    assert!(found.contains("\n1 scenario was compared on fewer devices than its baseline has.\n"), "{found}");
    for block in ["unclear", "different from the baseline", "program itself"] {
        assert!(!found.contains(block), "{found}");
    }
    // Where settings differ, that is told.
    let found =
        ends(folder.path(), &["test", "s.toml", "--devices", "32", "--set", "scheduler.every=14m"], 0);
    assert!(found.contains("setting   scheduler.every"), "{found}");
    assert!(found.contains("devices   the baseline has 64 devices"), "{found}");
}

#[test]
fn what_is_promised_twice_counts_once() {
    let once = promising("'told_within(450s) >= 40 %', 'mail.arrived > 0'");
    let twice =
        format!("{once}{once}{}", promising("'told_within(450s) >= 40 %', 'told_within(450s) >= 41 %'"));
    let json = |rest: &str| {
        let folder = with("periodic-15m", rest);
        let words = ["test", "s.toml", "--devices", "32", "-o", "json"];
        serde_json::from_str::<Value>(&ends(folder.path(), &words, 0)).unwrap()
    };
    let (once, twice) = (json(&once), json(&twice));
    assert_eq!(once["errors"]["promises_by_chance"], 1);
    assert_eq!(twice["errors"]["promises_by_chance"], 2);
    let asserts = twice["scenarios"][0]["asserts"].as_array().unwrap();
    assert_eq!(asserts.len(), 6);
    // Each place is told of, and alike.
    for twin in [2, 4] {
        assert_eq!(asserts[twin]["looks_so_good_though_broken"], asserts[0]["looks_so_good_though_broken"]);
        assert_ne!(asserts[twin]["place"], asserts[0]["place"]);
    }
}

#[test]
fn of_arms_that_are_the_same_no_precision_is_sought() {
    let words =
        ["compare", "email-plus", "email-plus", "--devices", "32", "--until-precision", "10% of difference"];
    let found = ends(Path::new("."), &words, 0);
    assert!(found.contains("there is no difference to be precise about, at 32 devices"), "{found}");
}

#[test]
fn what_was_found_never_reads_like_its_bound() {
    let folder = with(
        "periodic-15m",
        &promising("'exposure(key_readable_while_locked) >= 0.001', 'told_within(450s) >= 49.99 %'"),
    );
    let found = ends(folder.path(), &[&["test", "s.toml"], &SOON[..]].concat(), 0);
    assert!(!found.contains("at least 0 h"), "{found}");
    let reason = found.lines().find(|line| line.contains("expected at least 49.99 %, found ")).unwrap();
    assert!(!reason.contains("found 49.99 %"), "{reason}");
}
