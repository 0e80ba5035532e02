//! Sweeps and sensitivity: a resumed sweep is a whole one, and what is refused is refused before any work.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn bgsim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap()
}

fn succeeds(words: &[&str]) -> String {
    let output = bgsim(words);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refusal(words: &[&str]) -> String {
    let output = bgsim(words);
    assert_eq!(output.status.code(), Some(1), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

const GRID: [&str; 8] = [
    "sweep",
    "email-plus",
    "--vary",
    "policy.allow_device_keychain=false,true",
    "--vary",
    "scheduler.energy_per_refresh=0.5..8:5:log",
    "--devices",
    "33",
];

fn grid_into(out: &Path, more: &[&str]) -> Vec<String> {
    let words = [&GRID[..], &["--out", out.to_str().unwrap()], more].concat();
    words.into_iter().map(String::from).collect()
}

fn as_str(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

#[test]
fn a_resumed_sweep_is_a_whole_one_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let [whole, broken] = ["whole", "broken"].map(|name| folder.path().join(name));
    let journal = folder.path().join("broken.journal");
    let table = succeeds(&as_str(&grid_into(&whole, &["--jobs", "1"])));
    let has_a_share = |line: &&str| line.starts_with("       ") && line.contains(" %");
    assert_eq!(
        table.lines().skip_while(|line| !line.starts_with('─')).filter(has_a_share).count(),
        10,
        "{table}"
    );

    let mut child = Command::new(env!("CARGO_BIN_EXE_bgsim"))
        .args(grid_into(&broken, &[]))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let lines = || fs::read_to_string(&journal).unwrap_or_default().lines().count();
    while lines() < 3 && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(2));
    }
    // The hardest interruption there is.
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = fs::read_to_string(&journal).unwrap();
    assert!((3..11).contains(&kept.lines().count()) && !broken.exists());
    // A line that was being written is torn.
    fs::write(&journal, kept.clone() + "{\"values\":{\"pol").unwrap();

    let again = refusal(&as_str(&grid_into(&broken, &[])));
    assert!(again.contains("--resume"), "{again}");
    let other = refusal(&as_str(&grid_into(&broken, &["--resume", "--seed", "9"])));
    assert!(other.contains("another command"), "{other}");
    assert_eq!(succeeds(&as_str(&grid_into(&broken, &["--resume"]))).lines().count(), table.lines().count());
    for name in ["sweep.csv", "sweep.json"] {
        assert!(fs::read(whole.join(name)).unwrap() == fs::read(broken.join(name)).unwrap(), "{name}");
    }
    assert!(!journal.exists());
    // A finished sweep is replaced as any folder of results is.
    succeeds(&as_str(&grid_into(&broken, &[])));
}

#[cfg(unix)]
#[test]
fn the_table_of_some_points_says_that_it_is_partial() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_bgsim"))
        .args(grid_into(&folder.path().join("out"), &["--jobs", "1", "--set", "measure=30d"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let journal = folder.path().join("out.journal");
    let lines = || fs::read_to_string(&journal).unwrap_or_default().lines().count();
    while lines() < 2 && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(child.try_wait().unwrap(), None, "it ended too soon");
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(143), "{table}");
    let first = table.lines().next().unwrap();
    assert!(
        first.starts_with("partial: interrupted when ") && first.ends_with(" points were finished"),
        "{table}"
    );
}

/// Two who go on at once would each leave the other's points out.
#[test]
fn only_one_goes_on_with_a_sweep() {
    let folder = tempfile::tempdir().unwrap();
    let [out, whole] = ["out", "whole"].map(|name| folder.path().join(name));
    let long = |out: &Path| grid_into(out, &["--jobs", "1", "--set", "measure=30d"]);
    let mut first =
        Command::new(env!("CARGO_BIN_EXE_bgsim")).args(long(&out)).stdout(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    let journal = folder.path().join("out.journal");
    let lines = || fs::read_to_string(&journal).unwrap_or_default().lines().count();
    while lines() < 2 && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(2));
    }
    let second = bgsim(&as_str(&[long(&out), vec!["--resume".into()]].concat()));
    let said = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(75), "{said}");
    assert!(said.contains("another bgsim is at work on"), "{said}");
    first.kill().unwrap();
    first.wait().unwrap();

    // One digit is another: the line is not believed, and its place is told.
    let kept = fs::read_to_string(&journal).unwrap();
    let line = kept.lines().nth(1).unwrap();
    let at = kept.find(line).unwrap() + line.find(":0.").unwrap() + 3;
    assert!(line.contains("\"figures\""), "{line}");
    let digit = if kept.as_bytes()[at] == b'0' { "9" } else { "0" };
    let mut changed = kept.clone();
    changed.replace_range(at..=at, digit);
    fs::write(&journal, changed).unwrap();
    let resumed = bgsim(&as_str(&[long(&out), vec!["--resume".into()]].concat()));
    let said = String::from_utf8_lossy(&resumed.stderr);
    assert_eq!(resumed.status.code(), Some(0), "{said}");
    assert!(said.contains("out.journal:2: this line is broken"), "{said}");
    succeeds(&as_str(&long(&whole)));
    for name in ["sweep.csv", "sweep.json"] {
        assert!(fs::read(whole.join(name)).unwrap() == fs::read(out.join(name)).unwrap(), "{name}");
    }
    assert!(!journal.exists());
}

#[test]
fn points_are_plain_runs_that_share_their_mail() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("grid");
    succeeds(&as_str(&grid_into(&out, &[])));
    let sweep: Value = serde_json::from_slice(&fs::read(out.join("sweep.json")).unwrap()).unwrap();
    assert_eq!((&sweep["schema"], &sweep["tool"]["name"]), (&1.into(), &"bgsim".into()));
    assert_eq!(sweep["vary"][1]["values"], serde_json::json!(["0.5", "1", "2", "4", "8"]));
    let last = &sweep["points"][9];
    let sets = ["policy.allow_device_keychain=true", "scheduler.energy_per_refresh=8"];
    let run =
        succeeds(&["run", "email-plus", "--devices", "33", "--json", "--set", sets[0], "--set", sets[1]]);
    let run: Value = serde_json::from_str(&run).unwrap();
    assert_eq!(last["fingerprint"], run["fingerprint"]);
    assert_eq!(last["ci95"], run["ci95"]);
    assert_eq!(last["figures"]["mail.told_within.1h"], run["mail"]["told_within"]["1h"]);

    let mut reader = csv::Reader::from_path(out.join("sweep.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|cell| cell == name).unwrap();
    assert_eq!((&header[0], &header[1]), ("policy.allow_device_keychain", "scheduler.energy_per_refresh"));
    let arrived: Vec<u64> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            let cell = |name: &str| row[column(name)].parse::<f64>().unwrap();
            let path = "mail.told_within.15m";
            let (low, value, high) =
                (cell(&format!("{path}.low")), cell(path), cell(&format!("{path}.high")));
            assert!(low < value && value < high);
            let outcomes = ["notified", "on_open", "undelivered"];
            outcomes.iter().map(|outcome| cell(&format!("mail.outcomes.{outcome}")) as u64).sum()
        })
        .collect();
    assert_eq!(arrived.len(), 10);
    assert!(arrived.iter().all(|mails| *mails == arrived[0]), "{arrived:?}");
}

#[test]
fn bad_values_are_refused_before_any_work() {
    for (words, message) in [
        (vec!["sweep", "email-plus"], "--vary"),
        (vec!["sweep", "email-plus", "--vary", "policy.auto_lok=1m,2m"], "did you mean `auto_lock`?"),
        (vec!["sweep", "email-plus", "--vary", "policy.auto_lock=1m,5"], "must be a length of time"),
        (vec!["sweep", "email-plus", "--vary", "policy.auto_lock=1m..5m"], "a number of values"),
        (vec!["sweep", "email-plus", "--vary", "seed=1..3:3", "--vary", "seed=4"], "twice"),
        (
            vec!["sweep", "email-plus", "--vary", "seed=1..1000:1000", "--vary", "devices=1..11:11"],
            "11000 points",
        ),
        (vec!["sweep", "email-plus", "--vary", "seed=1,2", "--resume"], "--out"),
        (vec!["sensitivity", "email-plus", "--figure", "mail"], "there is no figure `mail`"),
        (vec!["sensitivity", "email-plus", "--set-b", "warmup=1d"], "`warmup` is"),
    ] {
        let found = refusal(&words);
        assert!(found.contains(message), "{found}");
    }
}
