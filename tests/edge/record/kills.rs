//! The hardest test of what is kept: the program is killed at each of its system calls that change a file in turn, and
//! the older result or the newer must be whole, to the byte. `strace` does the killing.

use super::cli::{code, contents, done, text};
use crate::common::skip::skip;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

type Contents = BTreeMap<String, Vec<u8>>;

/// The calls by which files change.
const CALLS: [&str; 11] = [
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "rmdir",
];

/// Runs bgsim and kills it before such a call of this number. Whether it came to its end before.
fn killed_at(call: &str, number: u32, home: &Path, words: &[&str]) -> bool {
    let status = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:signal=KILL:when={number}")])
        .arg(env!("CARGO_BIN_EXE_bgsim"))
        .args(words)
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.unwrap().success()
}

/// Whether processes can be traced here.
fn can_trace(test: &str) -> bool {
    let works = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
    let works = works.is_ok_and(|output| output.status.success());
    if !works {
        skip(test, "`strace` is not there, or may not trace");
    }
    works
}

/// Kills the writing of a result at each call in turn; `read` is what is kept of it.
fn old_or_new(home: &Path, old: &[&str], new: &[&str], read: impl Fn() -> Contents) {
    let written = |words: &[&str]| {
        let output = done(home, words);
        assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
        read()
    };
    let newer = written(new);
    let older = written(old);
    assert_ne!(older, newer);
    let beside = contents(home).into_keys().collect::<Vec<_>>();
    let (mut kept, mut replaced) = (0, 0);
    for call in CALLS {
        for number in 1.. {
            let is_done = killed_at(call, number, home, new);
            let found = read();
            match (found == older, found == newer) {
                (true, _) => kept += 1,
                (_, true) => replaced += 1,
                _ => panic!("killed at {call} {number}, neither is whole: {:?}", found.keys()),
            }
            // The next one cleans up, and nothing is in its way.
            assert_eq!(written(old), older, "after a kill at {call} {number}");
            let names = contents(home).into_keys().collect::<Vec<_>>();
            assert_eq!(names, beside, "after a kill at {call} {number}");
            if is_done {
                assert!(found == newer, "it ends without its result");
                break;
            }
            assert!(number < 1000, "it never comes to its end");
        }
    }
    assert!(kept > 2 && replaced > 0, "{kept} left the older, {replaced} the newer");
}

fn observed<'a>(seed: &'a str, out: &'a str) -> Vec<&'a str> {
    ["observe", "--name", "pick-ups", "--devices", "2", "--jobs", "1", "--seed", seed, "--out", out].into()
}

#[test]
fn a_record_is_the_older_or_the_newer_wherever_the_program_is_killed() {
    if can_trace("a_record_is_the_older_or_the_newer_wherever_the_program_is_killed") {
        let home = TempDir::new().unwrap();
        let record = home.path().join("record");
        old_or_new(home.path(), &observed("1", "record"), &observed("2", "record"), || contents(&record));
    }
}

#[test]
fn a_baseline_is_the_older_or_the_newer_wherever_the_program_is_killed() {
    if can_trace("a_baseline_is_the_older_or_the_newer_wherever_the_program_is_killed") {
        let home = TempDir::new().unwrap();
        let scenario = "extends = \"email-plus\"\ndevices = 8\nwarmup = \"0s\"\nmeasure = \"1d\"\n";
        fs::write(home.path().join("own.toml"), scenario).unwrap();
        let update =
            |seed| ["test", "own.toml", "--update", "--baselines", "kept", "--jobs", "1", "--seed", seed];
        let kept = home.path().join("kept");
        let read = || {
            let mut found = contents(&kept);
            found.retain(|name, _| !name.starts_with(".bgsim-"));
            found
        };
        old_or_new(home.path(), &update("1"), &update("2"), read);
        assert_eq!(contents(&kept).len(), 1, "something was left beside the baseline");
    }
}

/// Runs bgsim with faults injected into its system calls.
fn injected(home: &Path, words: &[&str], faults: &[&str]) -> Output {
    let calls: Vec<&str> = faults.iter().map(|fault| fault.split(':').next().unwrap()).collect();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={}", calls.join(","))]);
    for fault in faults {
        strace.args(["-e", &format!("inject={fault}")]);
    }
    strace
        .arg(env!("CARGO_BIN_EXE_bgsim"))
        .args(words)
        .current_dir(home)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn a_result_that_cannot_be_moved_stays_and_is_named() {
    if !can_trace("a_result_that_cannot_be_moved_stays_and_is_named") {
        return;
    }
    let home = TempDir::new().unwrap();
    let record = home.path().join("record");
    assert_eq!(code(&done(home.path(), &observed("2", "other"))), Some(0));
    let newer = contents(&home.path().join("other"));
    fs::remove_dir_all(home.path().join("other")).unwrap();
    assert_eq!(code(&done(home.path(), &observed("1", "record"))), Some(0));
    let older = contents(&record);
    let output = injected(home.path(), &observed("2", "record"), &["renameat2:error=EIO"]);
    let said = text(&output.stderr);
    assert_eq!(code(&output), Some(75), "{said}");
    assert!(said.contains("cannot move the results to record") && said.contains("record.new-1"), "{said}");
    assert!(contents(&record) == older && contents(&home.path().join("record.new-1")) == newer);
    // The next one leaves it where it is.
    assert_eq!(code(&done(home.path(), &observed("2", "record"))), Some(0));
    let names = contents(home.path()).into_keys().collect::<Vec<_>>();
    assert_eq!((names, contents(&record) == newer), (vec!["record".into(), "record.new-1".into()], true));
}

/// Where the file system has no exchange there are two renames, and whoever comes next mends what a kill between them
/// leaves.
#[test]
fn without_exchange_a_kill_between_two_renames_is_mended() {
    if !can_trace("without_exchange_a_kill_between_two_renames_is_mended") {
        return;
    }
    let home = TempDir::new().unwrap();
    let record = home.path().join("record");
    assert_eq!(code(&done(home.path(), &observed("2", "record"))), Some(0));
    let newer = contents(&record);
    assert_eq!(code(&done(home.path(), &observed("1", "record"))), Some(0));
    let older = contents(&record);
    let none = "renameat2:error=EINVAL";
    injected(home.path(), &observed("2", "record"), &[none, "rename:signal=KILL:when=2"]);
    assert!(!record.exists(), "it was not killed between the two");
    assert_eq!(code(&done(home.path(), &observed("3", "elsewhere"))), Some(0));
    assert!(contents(&record) == older, "the older one is not back");
    // The second rename fails: the older one is back at once, and the newer one is named.
    let output = injected(home.path(), &observed("2", "record"), &[none, "rename:error=EIO:when=2"]);
    assert_eq!((code(&output), contents(&record) == older), (Some(75), true), "{}", text(&output.stderr));
    let output = injected(home.path(), &observed("2", "record"), &[none]);
    assert_eq!((code(&output), contents(&record) == newer), (Some(0), true), "{}", text(&output.stderr));
    assert_eq!(
        contents(home.path()).into_keys().collect::<Vec<_>>(),
        ["elsewhere", "record", "record.new-1"]
    );
}
