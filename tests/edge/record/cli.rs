//! The command line as a script meets it.

use bgsim::record::RecordFile;
use bgsim::scenario::{BUNDLED, load};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

pub(super) fn bgsim(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    command.args(words).current_dir(folder).stdin(Stdio::null());
    command
}

pub(super) fn done(folder: &Path, words: &[&str]) -> Output {
    bgsim(folder, words).output().unwrap()
}

pub(super) fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

pub(super) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Names and bytes of everything in a folder.
pub(super) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let bytes = if entry.path().is_dir() { Vec::new() } else { fs::read(entry.path()).unwrap() };
        (name, bytes)
    });
    entries.collect()
}

/// A run of a second at most.
const SHORT: [&str; 8] = ["run", "email-plus", "--devices", "8", "--set", "warmup=1d", "--set", "measure=1d"];

pub(super) fn short<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&SHORT[..], more].concat()
}

#[test]
fn what_could_be_done_is_0_and_what_could_not_be_run_is_1() {
    let home = TempDir::new().unwrap();
    let fine: [&[&str]; 6] =
        [&["--help"], &["--version"], &["run", "--help"], &["scenarios"], &["assumptions"], &short(&[])];
    for words in fine {
        let output = done(home.path(), words);
        assert_eq!(code(&output), Some(0), "{words:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{words:?}");
    }
    // A usage error is no expectation that failed: 1, never clap's own 2.
    let wrong: [&[&str]; 12] = [
        &[],
        &["runn"],
        &["run"],
        &["run", "--no-such-option", "email-plus"],
        &["run", "email-plus", "--devices", "many"],
        &["run", "email-plus", "--engine", "warp"],
        &["run", "email-plus", "--rows", "some"],
        &["run", "no-such-scenario"],
        &["run", "no/such/file.toml"],
        &["run", "email-plus", "--set", "policy.passcode"],
        &short(&["--jobs", "0"]),
        &short(&["--events", "8"]),
    ];
    for words in wrong {
        let output = done(home.path(), words);
        assert_eq!(code(&output), Some(1), "{words:?}");
        assert!(output.stdout.is_empty(), "{words:?}");
        assert!(!output.stderr.is_empty() && !text(&output.stderr).contains("panicked"), "{words:?}");
    }
}

#[test]
fn a_misspelt_key_is_named_with_its_place_and_the_key_that_was_meant() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("mine.toml"), "name = \"mine\"\n\n[policy]\n  pascode = \"none\"\n").unwrap();
    let output = done(home.path(), &["run", "mine.toml"]);
    let error = text(&output.stderr);
    assert_eq!(code(&output), Some(1));
    for part in ["unknown key `policy.pascode`", "mine.toml:4:3", "did you mean `passcode`?"] {
        assert!(error.contains(part), "{part} is missing from:\n{error}");
    }
    let output = done(home.path(), &short(&["--set", "policy.pascode=none"]));
    assert_eq!(code(&output), Some(1));
    assert!(text(&output.stderr).contains("--set policy.pascode=none:1:8"));
}

#[test]
fn a_folder_of_others_is_refused_and_left_as_it_was() {
    let home = TempDir::new().unwrap();
    let foreign: [(&str, &[(&str, &str)]); 4] = [
        ("notes", &[("notes.txt", "mine")]),
        ("other-tool", &[("summary.json", r#"{"tool": {"name": "other"}}"#)]),
        ("no-json", &[("summary.json", "mine")]),
        ("mixed", &[("summary.json", r#"{"tool": {"name": "bgsim"}}"#), ("thesis.tex", "mine")]),
    ];
    for (name, files) in foreign {
        let folder = home.path().join(name);
        fs::create_dir(&folder).unwrap();
        files.iter().for_each(|(file, content)| fs::write(folder.join(file), content).unwrap());
        let before = contents(&folder);
        let output = done(home.path(), &short(&["--out", name]));
        assert_eq!(code(&output), Some(1), "{name}");
        assert!(text(&output.stderr).contains(name), "{name}: {}", text(&output.stderr));
        assert_eq!(contents(&folder), before, "{name}");
    }
    fs::write(home.path().join("file"), "mine").unwrap();
    assert_eq!(code(&done(home.path(), &short(&["--out", "file"]))), Some(1));
    assert_eq!(fs::read_to_string(home.path().join("file")).unwrap(), "mine");
    assert_eq!(contents(home.path()).len(), 5, "something was left behind");
}

#[test]
fn its_own_folder_is_replaced_as_a_whole() {
    let home = TempDir::new().unwrap();
    let record = home.path().join("record");
    fs::create_dir(&record).unwrap();
    assert_eq!(code(&done(home.path(), &short(&["--out", "record", "--events", "0,3"]))), Some(0));
    let first = contents(&record);
    let names: BTreeSet<&str> = first.keys().map(String::as_str).collect();
    let expected: BTreeSet<&str> =
        RecordFile::ALL.map(RecordFile::name).into_iter().chain(["summary.json"]).collect();
    assert!(names.is_superset(&expected), "{names:?}");
    assert_eq!(
        code(&done(home.path(), &short(&["--out", "record", "--rows", "none", "--seed", "2"]))),
        Some(0)
    );
    let second = contents(&record);
    assert!(!second.contains_key("mail.csv") && !second.contains_key("events.csv"));
    assert_ne!(first["summary.json"], second["summary.json"]);
    assert_eq!(contents(home.path()).len(), 1, "something was left beside the record");
}

#[test]
fn an_error_leaves_nothing_half_written_and_an_older_record_whole() {
    let home = TempDir::new().unwrap();
    assert_eq!(code(&done(home.path(), &short(&["--out", "record"]))), Some(0));
    let before = contents(&home.path().join("record"));
    for out in ["record", "fresh"] {
        for wrong in [&["--jobs", "0"][..], &["--events", "8"], &["--set", "policy.auto_lock=soon"]] {
            let output = done(home.path(), &[&short(&["--out", out])[..], wrong].concat());
            assert_eq!(code(&output), Some(1), "{wrong:?}");
        }
    }
    assert_eq!(contents(&home.path().join("record")), before);
    assert_eq!(contents(home.path()).len(), 1, "{:?}", contents(home.path()).keys());
}

#[test]
fn rows_threads_and_calendar_are_the_machines_business() {
    let home = TempDir::new().unwrap();
    let record = |name: &str, more: &[&str]| {
        assert_eq!(
            code(&done(home.path(), &[&short(&["--out", name])[..], more].concat())),
            Some(0),
            "{more:?}"
        );
        contents(&home.path().join(name))
    };
    let one = record("one", &["--jobs", "1"]);
    assert_eq!(one, record("two", &["--jobs", "2"]));
    assert_eq!(one, record("reference", &["--engine", "reference", "--jobs", "7"]));
    assert_eq!(one["summary.json"], record("none", &["--rows", "none"])["summary.json"]);
    assert_eq!(one, record("sample", &["--rows", "sample"]));
    assert_eq!(one, record("all", &["--rows", "all"]));

    // The command that is kept makes the record again.
    let summary: Value = serde_json::from_slice(&one["summary.json"]).unwrap();
    let command = summary["scenario"]["command"].as_str().unwrap();
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[0], "bgsim");
    let again = done(home.path(), &[&words[1..], &["--out", "again"]].concat());
    assert_eq!(code(&again), Some(0));
    assert_eq!(one, contents(&home.path().join("again")));
}

#[test]
fn in_a_pipe_standard_output_is_the_result_and_standard_error_is_silent() {
    let home = TempDir::new().unwrap();
    let output = done(home.path(), &short(&["--json", "--out", "record"]));
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    assert_eq!(output.stdout, fs::read(home.path().join("record/summary.json")).unwrap());
}

#[test]
fn a_pipe_that_closes_early_is_no_fault() {
    let home = TempDir::new().unwrap();
    let long: [&[&str]; 4] = [
        &["assumptions"],
        &["assumptions", "--json"],
        &["run", "email-plus", "--print-config"],
        &short(&["--json"]),
    ];
    for words in long {
        let mut child =
            bgsim(home.path(), words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Closed before anything can be read: every write meets a broken pipe.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""), "{words:?}");
    }
    let pipeline = format!("{} assumptions --json | head -1", env!("CARGO_BIN_EXE_bgsim"));
    let output = Command::new("sh").args(["-c", &pipeline]).output().unwrap();
    assert_eq!((text(&output.stdout), text(&output.stderr)), ("{\n", ""));
}

/// Case (a) of the golden mails, from files that lie beside the scenario and not where it is run.
#[test]
fn recorded_mail_and_users_are_read_from_beside_the_scenario() {
    let home = TempDir::new().unwrap();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/on-open.toml");
    let output = done(home.path(), &["run", fixture, "--out", "record"]);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    let mail = fs::read_to_string(home.path().join("record/mail.csv")).unwrap();
    let row = mail.lines().nth(1).unwrap();
    assert!(row.contains(",on_open,2026-03-02T08:30:04.200Z,1804200,user_launch,"), "{row}");
}

#[test]
fn a_printed_configuration_is_the_same_scenario() {
    let home = TempDir::new().unwrap();
    for scenario in BUNDLED {
        let sets = ["--set", "policy.auto_lock=45s", "--devices", "7"];
        let printed = done(home.path(), &[&["run", scenario.name, "--print-config"][..], &sets].concat());
        assert_eq!((code(&printed), text(&printed.stderr)), (Some(0), ""));
        let path = home.path().join(format!("{}.toml", scenario.name));
        fs::write(&path, &printed.stdout).unwrap();
        let again = done(home.path(), &["run", path.to_str().unwrap(), "--print-config"]);
        assert_eq!(text(&again.stdout), text(&printed.stdout), "{}", scenario.name);
        let original = load(scenario.name, &["policy.auto_lock=45s".into(), "devices=7".into()]).unwrap();
        let loaded = load(path.to_str().unwrap(), &[]).unwrap();
        assert_eq!(loaded.sha256(), original.sha256(), "{}", scenario.name);
        let other = load(scenario.name, &["policy.auto_lock=46s".into(), "devices=7".into()]).unwrap();
        assert_ne!(other.sha256(), original.sha256());
    }
    // And the run says so.
    let run = |scenario: &str| {
        let output = done(home.path(), &["run", scenario, "--set", "measure=1d", "--json"]);
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        (summary["scenario"]["sha256"].clone(), summary["fingerprint"].clone())
    };
    let path = home.path().join("email-plus.toml");
    let output = done(
        home.path(),
        &[
            "run",
            "email-plus",
            "--set",
            "policy.auto_lock=45s",
            "--devices",
            "7",
            "--set",
            "measure=1d",
            "--json",
        ],
    );
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        run(path.to_str().unwrap()),
        (summary["scenario"]["sha256"].clone(), summary["fingerprint"].clone())
    );
}
