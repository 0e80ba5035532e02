//! The folder that every verb leaves: what is in it, and that `bgsim report` brings back what was made of it.

use super::bench::{VERBS, bgsim, contents, refuses, report_of, succeeds};
use std::collections::BTreeSet;
use std::fs;
use tempfile::TempDir;

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_folder_holds_exactly_its_files_and_the_page_every_picture() {
    let home = TempDir::new().unwrap();
    for verb in &VERBS {
        let files = verb.record(home.path(), "record", &[]);
        assert_eq!(files.keys().cloned().collect::<BTreeSet<_>>(), verb.files(), "{}", verb.words);
        let report = report_of(&files);
        let names: Vec<&str> = report.charts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, verb.charts);
        let page = text(&files["report.html"]);
        let narrow = report.charts.iter().filter(|(_, chart)| chart.narrow_svg().is_some()).count();
        assert_eq!(page.matches("<svg ").count(), names.len() + narrow);
        for name in names {
            let svg = text(&files[&format!("{name}.svg")]);
            // All but its first lines, which have names of their own in the page.
            let (_, drawn) = svg.split_once("</style>").unwrap();
            assert!(page.contains(drawn), "{name} is not on the page");
            super::xml::check(svg);
        }
        assert_eq!(contents(home.path()).len(), 1, "something was left beside the folder");
    }
}

#[test]
fn page_and_pictures_come_back_from_the_report_alone() {
    for verb in &VERBS {
        let home = TempDir::new().unwrap();
        let before = verb.record(home.path(), "record", &[]);
        let folder = home.path().join("record");
        let is_made = |name: &str| ["html", "svg", "png"].iter().any(|end| name.ends_with(end));
        let made: Vec<&String> = before.keys().filter(|name| is_made(name)).collect();
        made.iter().for_each(|name| fs::remove_file(folder.join(name)).unwrap());
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        let said = succeeds(home.path(), &["report", "record"]);
        assert!(made.iter().all(|name| said.contains(name.as_str())), "{said}");
        let mut after = contents(&folder);
        assert_eq!(after.remove("notes.txt").as_deref(), Some(&b"mine"[..]));
        assert!(before == after, "{}: other files", verb.words);

        // Nor does anything matter but the report, wherever it lies.
        fs::create_dir(home.path().join("alone")).unwrap();
        fs::write(home.path().join("alone/report.json"), &before["report.json"]).unwrap();
        succeeds(home.path(), &["report", "alone"]);
        let alone = contents(&home.path().join("alone"));
        assert_eq!(alone.len(), made.len() + 1);
        assert!(alone.iter().all(|(name, bytes)| before[name] == *bytes));
    }
}

#[test]
fn a_folder_of_any_verb_is_replaced_by_any_other_and_one_with_a_foreign_file_by_none() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("record");
    for verb in VERBS.iter().chain([&VERBS[0], &VERBS[0]]) {
        let files = verb.record(home.path(), "record", &[]);
        assert_eq!(files.keys().cloned().collect::<BTreeSet<_>>(), verb.files(), "something stayed");
    }
    for foreign in ["thesis.tex", "holiday.svg", "day-.svg", "day-1.jpg", "report.html.bak"] {
        fs::write(folder.join(foreign), "mine").unwrap();
        let before = contents(&folder);
        for verb in &VERBS {
            let words: Vec<&str> = verb.words.split_whitespace().chain(["--out", "record"]).collect();
            assert!(refuses(home.path(), &words).contains("record"));
            assert!(contents(&folder) == before, "{foreign}");
        }
        fs::remove_file(folder.join(foreign)).unwrap();
    }
    assert_eq!(contents(home.path()).len(), 1, "something was left beside the folder");
}

#[test]
fn threads_and_calendar_leave_no_trace_in_any_file() {
    let home = TempDir::new().unwrap();
    for verb in &VERBS {
        let one = verb.record(home.path(), "one", &["--jobs", "1"]);
        assert!(one == verb.record(home.path(), "two", &["--jobs", "2"]), "{}", verb.words);
        assert!(
            one == verb.record(home.path(), "three", &["--engine", "reference", "--jobs", "3"]),
            "{}",
            verb.words
        );
    }
}

/// The words of a command as a shell takes them.
fn words(command: &str) -> Vec<String> {
    let script = format!("for word in {command}; do printf '%s\\0' \"$word\"; done");
    let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
    text(&output.stdout).split_terminator('\0').map(String::from).collect()
}

#[cfg(unix)]
#[test]
fn the_command_on_the_page_makes_the_same_folder_again() {
    let home = TempDir::new().unwrap();
    for verb in &VERBS {
        let files = verb.record(home.path(), "record", &[]);
        let words = words(&report_of(&files).command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(words[0], "bgsim");
        succeeds(home.path(), &[&words[1..], &["--out", "again"]].concat());
        assert!(files == contents(&home.path().join("again")), "{words:?}");
    }
}

/// A sweep that was begun for one figure may be finished for another.
#[test]
fn a_sweep_keeps_the_figure_it_was_asked_about() {
    let home = TempDir::new().unwrap();
    let figure = |figure: &str| {
        let words = [
            "sweep",
            "periodic-15m",
            "--vary",
            "scheduler.every=5m,15m",
            "--devices",
            "2",
            "--out",
            "record",
        ];
        succeeds(home.path(), &[&words[..], &["--figure", figure]].concat());
        report_of(&contents(&home.path().join("record")))
    };
    let (one, other) = (figure("mail.latency_s.p50"), figure("checks.total"));
    assert_ne!(one.verdict, other.verdict);
    assert!(one.command.ends_with(" --figure mail.latency_s.p50"), "{}", one.command);
    assert!(other.command.ends_with(" --figure checks.total"), "{}", other.command);
}

#[test]
fn a_report_is_made_in_a_folder_that_is_there() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("file"), "mine").unwrap();
    for folder in ["no/such/folder", "file", "."] {
        let error = refuses(home.path(), &["report", folder]);
        assert!(error.contains("report.json"), "{error}");
    }
    assert_eq!(bgsim(home.path(), &["report"]).status.code(), Some(1));
    assert_eq!(contents(home.path()).len(), 1);
}
