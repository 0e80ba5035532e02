//! Signals that end a run: what was finished is kept beside the place of the whole, says everywhere that it is part,
//! and never takes the place of more.

use super::cli::{bgsim, code, contents, done, text};
use super::ledger::{Books, count};
use bgsim::scenario::load;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const LONG: &str = "run email-plus --devices 20000 --rows all --events 0 --jobs 2 --out record";

/// Begins work in a folder, sends it a signal once so many bytes of a file that it writes have reached the disk, and
/// returns its exit code and what it said.
fn ended_by(signal: &str, home: &Path, words: &str, file: &str, bytes: u64) -> (Option<i32>, String) {
    let words: Vec<&str> = words.split(' ').collect();
    let child = bgsim(home, &words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    signalled(child, signal, home, file, bytes)
}

fn signalled(mut child: Child, signal: &str, home: &Path, file: &str, bytes: u64) -> (Option<i32>, String) {
    let begun = Instant::now();
    let is_written = || {
        let mut folders = fs::read_dir(home)
            .unwrap()
            .flatten()
            .filter(|folder| folder.file_name().to_string_lossy().starts_with(".bgsim-"));
        folders.any(|folder| fs::metadata(folder.path().join(file)).is_ok_and(|it| it.len() > bytes))
    };
    while !is_written() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no rows after a minute");
        assert_eq!(child.try_wait().unwrap(), None, "it ended too soon");
        std::thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    (code(&output), text(&output.stderr).into())
}

fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap_or_else(|error| panic!("{path:?}: {error}"))).unwrap()
}

#[test]
fn an_interrupted_run_says_so_even_if_nobody_reads_its_result() {
    let home = TempDir::new().unwrap();
    let words: Vec<&str> = LONG.split(' ').collect();
    let mut child = bgsim(home.path(), &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Closed from the beginning.
    drop(child.stdout.take());
    let (code, error) = signalled(child, "-INT", home.path(), "mail.csv", 1 << 18);
    assert_eq!(code, Some(130), "{error}");
    assert!(error.contains("interrupted") && !error.contains("panicked"), "{error}");
    assert!(home.path().join("record.partial/summary.json").exists());
}

#[test]
fn an_interrupted_run_keeps_a_consistent_record_of_what_was_finished() {
    let home = TempDir::new().unwrap();
    let (code, error) = ended_by("-INT", home.path(), LONG, "mail.csv", 1 << 18);
    assert_eq!(code, Some(130), "{error}");
    assert!(
        error.contains("what was found is kept in record.partial") && !error.contains("panicked"),
        "{error}"
    );

    let record = home.path().join("record.partial");
    let file = |name: &str| fs::read_to_string(record.join(name.replace(".csv", ".partial.csv"))).unwrap();
    let books = Books::read(file, &file("summary.json"));
    let scenario = load("email-plus", &[]).unwrap();
    books.are_well_formed(scenario.clock.unix_ms(scenario.start), scenario.measured().ms());
    books.agree_with_the_summary();
    books.agree_with_each_other();
    let devices: BTreeSet<u64> = books.mail.iter().map(|row| row["device"].parse().unwrap()).collect();
    let finished = count(&books.summary, "scenario.devices");
    assert!((1..20_000).contains(&finished));
    // The first ones, without a gap: the slow ones are not missing.
    assert_eq!(devices, (0..finished).collect());

    // Every artefact says it: both files, the page, and each table and picture, which travel alone.
    let tables = contents(&record).into_keys().filter(|name| name.ends_with(".csv"));
    let (marked, unmarked): (Vec<_>, Vec<_>) = tables.partition(|name| name.ends_with(".partial.csv"));
    assert!(marked.contains(&"mail.partial.csv".into()) && unmarked.is_empty(), "{unmarked:?}");
    let part = json!({ "finished": finished, "asked": 20_000, "of": "devices" });
    assert_eq!(books.summary["interrupted"], part);
    assert_eq!(json_of(&record.join("report.json"))["interrupted"], part);
    let words = format!("partial: interrupted when {finished} of 20000 devices were finished");
    assert!(file("report.html").contains(&words), "the page does not say it");
    let pictures = contents(&record);
    let pictures = pictures.keys().filter(|name| name.ends_with(".svg"));
    let silent: Vec<_> = pictures.filter(|name| !file(name).contains("partial: interrupted")).collect();
    assert!(silent.is_empty(), "{silent:?}");
    // And the page that is made again.
    assert!(done(home.path(), &["report", "record.partial"]).status.success());
    assert!(file("report.html").contains(&words));
    assert_eq!(contents(home.path()).len(), 1, "something was left beside the record");
}

#[test]
fn a_complete_record_stays_whatever_interrupts_the_next() {
    let home = TempDir::new().unwrap();
    let words = "run email-plus --devices 400 --rows all --out record";
    let whole: Vec<&str> = "run email-plus --devices 40 --out record".split(' ').collect();
    assert_eq!(code(&done(home.path(), &whole)), Some(0));
    let record = home.path().join("record");
    let before = contents(&record);
    let finished =
        || count(&json_of(&home.path().join("record.partial/summary.json")), "interrupted.finished");
    let mut most = 0;
    for bytes in [1 << 18, 1 << 21, 1 << 18] {
        let (code, error) = ended_by("-TERM", home.path(), words, "mail.csv", bytes);
        assert_eq!(code, Some(143), "{error}");
        assert_eq!(contents(&record), before);
        // Less of the same replaces nothing either.
        assert!(finished() >= most, "{} after {most}: {error}", finished());
        most = finished();
    }
    // Of other work nothing is lost: what is there stays.
    let (_, error) = ended_by("-INT", home.path(), &format!("{words} --seed 2"), "mail.csv", 1 << 18);
    assert!(error.contains("record.partial holds something else"), "{error}");
    assert_eq!(finished(), most);
    let mut names: Vec<_> = contents(home.path()).into_keys().collect();
    names.sort();
    assert_eq!(names, ["record", "record.partial", "record.partial.new-1"]);
    assert!(error.contains("record.partial.new-1"), "{error}");
    // The whole has all of it, and more.
    assert_eq!(code(&done(home.path(), &words.split(' ').collect::<Vec<_>>())), Some(0));
    let mut names: Vec<_> = contents(home.path()).into_keys().collect();
    names.sort();
    assert_eq!(names, ["record", "record.partial.new-1"]);
    assert_eq!(count(&json_of(&record.join("summary.json")), "scenario.devices"), 400);
}

#[test]
fn a_comparison_is_kept_likewise() {
    let home = TempDir::new().unwrap();
    let words = "compare email-plus device-keychain --pairs --devices 20000 --out both";
    let (code, error) = ended_by("-INT", home.path(), words, "pairs.csv", 1 << 18);
    assert_eq!(code, Some(130), "{error}");
    let folder = home.path().join("both.partial");
    let found = json_of(&folder.join("compare.json"));
    let finished = count(&found, "scenario.devices");
    assert_eq!(found["interrupted"], json!({ "finished": finished, "asked": 20_000, "of": "devices" }));
    assert_eq!(json_of(&folder.join("report.json"))["interrupted"], found["interrupted"]);
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("partial: interrupted when"), "the page does not say it");
    assert!(folder.join("pairs.partial.csv").exists() && !folder.join("pairs.csv").exists());
    assert!(!home.path().join("both").exists());
}

/// A terminal that is closed ends a run as Ctrl-C does, unless `nohup` said otherwise.
#[test]
fn a_closed_terminal_ends_a_run_alike() {
    let home = TempDir::new().unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let is_ignored = ignored.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).unwrap() & 1 == 1);
    if is_ignored {
        return crate::common::skip::skip("a_closed_terminal_ends_a_run_alike", "SIGHUP is ignored here");
    }
    let (code, error) = ended_by("-HUP", home.path(), LONG, "mail.csv", 1 << 18);
    assert_eq!(code, Some(129), "{error}");
    assert!(home.path().join("record.partial/summary.json").exists(), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn nohup_is_obeyed() {
    let home = TempDir::new().unwrap();
    let script = format!(
        "nohup {} run email-plus --devices 300 --rows all --out record >/dev/null 2>&1 & pid=$!
         while ! ls .bgsim-*/mail.csv >/dev/null 2>&1; do sleep 0.01; done
         kill -HUP $pid; wait $pid",
        env!("CARGO_BIN_EXE_bgsim")
    );
    let output = Command::new("sh").args(["-c", &script]).current_dir(home.path()).output().unwrap();
    assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
    assert_eq!(count(&json_of(&home.path().join("record/summary.json")), "scenario.devices"), 300);
}

/// `ulimit -f` makes a write fail; it does not kill.
#[test]
fn a_file_that_may_not_grow_is_an_error() {
    let home = TempDir::new().unwrap();
    let whole: Vec<&str> = "run email-plus --devices 8 --out record".split(' ').collect();
    assert_eq!(code(&done(home.path(), &whole)), Some(0));
    let before = contents(&home.path().join("record"));
    let script = format!(
        "ulimit -f 64; exec {} run email-plus --devices 200 --rows all --out record",
        env!("CARGO_BIN_EXE_bgsim")
    );
    let output = Command::new("sh").args(["-c", &script]).current_dir(home.path()).output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(code(&output), Some(75), "{said}");
    assert!(said.contains("cannot write record/"), "{said}");
    assert_eq!(contents(&home.path().join("record")), before);
    assert_eq!(contents(home.path()).len(), 1, "something was left beside the record");
}
