//! `--subject-to`, as people meet it: the best of what keeps a bound, in words, in files and in reports.

use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn bgsim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap()
}

/// What it printed, as one line; it must have succeeded.
#[track_caller]
fn said(words: &[&str]) -> String {
    let output = bgsim(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn refusal(words: &[&str]) -> String {
    let output = bgsim(words);
    assert_ne!(output.status.code(), Some(0), "{words:?}");
    assert!(output.stdout.is_empty(), "{words:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[track_caller]
fn choice(words: &[&str]) -> Value {
    let found: Value = serde_json::from_str(&said(&[words, &["--json"]].concat())).unwrap();
    found["choice"].clone()
}

const SMALL: [&str; 6] = ["--devices", "32", "--set", "warmup=1d", "--set", "measure=2d"];
const COMPARE: [&str; 5] =
    ["compare", "email-plus", "device-keychain", "--arm", "quick:policy.auto_lock=30s"];
const SWEEP: [&str; 4] = ["sweep", "email-plus", "--vary", "policy.allow_device_keychain=false,true"];
/// What the device keychain breaks, which tells soonest.
const IN_MEMORY: &str = "exposure(key_in_memory_while_locked) <= 2h";

/// What is said of what lies on both sides of a bound.
const CANNOT_TELL: &str = "this run cannot tell; more devices would.";

fn with<'a>(verb: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [verb, &SMALL, more].concat()
}

#[test]
fn what_the_best_arm_breaks_leaves_the_best_of_the_others() {
    let words = with(&COMPARE, &["--subject-to", IN_MEMORY]);
    let text = said(&words);
    // The screen's auto-lock moves nothing here: of what is alike all are named.
    let kept = format!("Subject to {IN_MEMORY}, email-plus and quick are best alike: told within 15 min ");
    assert!(text.contains(&kept) && text.contains(" %. Left out: device-keychain."), "{text}");
    let whole =
        json!({ "subject_to": [IN_MEMORY], "best": 0, "left_out": [1], "undecided": [], "unknown": [] });
    assert_eq!(choice(&words), whole);
    // Without a condition nothing is chosen.
    assert_eq!(choice(&with(&COMPARE, &[])), Value::Null);

    let words = with(&SWEEP, &["--subject-to", IN_MEMORY]);
    let text = said(&words);
    assert!(text.contains(&format!("Subject to {IN_MEMORY}, allow_device_keychain=false is best")), "{text}");
    assert!(text.contains("Left out: allow_device_keychain=true."), "{text}");
    assert_eq!(choice(&words), whole);
}

#[test]
fn what_all_break_is_said_so_and_of_several_each_counts() {
    let never = "told_within(15m) >= 99 %";
    for verb in [&COMPARE[..], &SWEEP] {
        let text = said(&with(verb, &["--subject-to", never]));
        assert!(text.contains(&format!("Nothing surely keeps {never}. Left out: ")), "{text}");
        assert!(!text.contains("is best"), "{text}");
        let none = choice(&with(verb, &["--subject-to", never]));
        assert_eq!(
            (&none["best"], none["left_out"].as_array().map(|all| all.len() >= 2)),
            (&Value::Null, Some(true))
        );
        let both = said(&with(verb, &["--subject-to", IN_MEMORY, "--subject-to", never]));
        assert!(both.contains(&format!("Nothing surely keeps {IN_MEMORY} and {never}.")), "{both}");
    }
}

#[test]
fn a_report_and_its_command_keep_the_condition() {
    let folder = tempfile::tempdir().unwrap();
    for (name, verb) in [("compare", &COMPARE[..]), ("sweep", &SWEEP)] {
        let out = folder.path().join(name);
        said(&with(verb, &["--subject-to", IN_MEMORY, "--out", out.to_str().unwrap()]));
        let read = |file: &str| -> Value {
            serde_json::from_str(&fs::read_to_string(Path::new(&out).join(file)).unwrap()).unwrap()
        };
        let report = read("report.json");
        let verdict = report["verdict"].as_array().unwrap();
        let sentence = verdict.iter().filter_map(Value::as_str).find(|said| said.starts_with("Subject to "));
        let is_said = |said: &str| said.contains(" best") && said.contains(": told within 15 min");
        assert!(sentence.is_some_and(is_said), "{verdict:?}");
        assert!(report["command"].as_str().unwrap().contains(&format!("--subject-to '{IN_MEMORY}'")));
        assert_eq!(read(&format!("{name}.json"))["choice"]["best"], 0);
    }
}

#[test]
fn a_wrong_figure_or_bound_is_answered_by_what_would_be_right() {
    for (condition, part) in [
        ("told_wihtin(15m) >= 3 %", "did you mean `told_within"),
        ("frobs <= 2", "bgsim figures lists them"),
        ("exposure(key_in_memory) <= 2h", "write key_readable_while_locked, key_in_memory_while_locked"),
        ("told_within(15m) >= 300 %", "write a share, such as 80 %"),
        ("latency(p50) <= 3 apples", "write a length of time, such as 2h"),
        ("told_within(15m) => 5 %", "compare with <, <=, >, >=, == or !="),
        (
            "told_within(15m)",
            "write a figure with a bound, such as exposure(key_readable_while_locked) <= 2h",
        ),
        ("never(new_mail while locked)", "write a figure with a bound"),
        ("told_within(15m) >= baseline", "write a share, such as 80 %"),
        ("", "write a figure with a bound"),
    ] {
        for verb in [&COMPARE[..], &SWEEP] {
            let fault = refusal(&with(verb, &["--subject-to", condition]));
            assert!(fault.contains(part) && !fault.contains("panicked"), "{condition}: {fault}");
        }
    }
    // Of a figure that a sweep does not keep, the other points of a journal would know nothing.
    let fault = refusal(&with(&SWEEP, &["--subject-to", "told_within(17m) >= 3 %"]));
    assert!(fault.contains("a sweep does not keep `mail.told_within.17m`"), "{fault}");
}

#[test]
fn what_a_run_cannot_tell_is_neither_kept_nor_broken() {
    // Both sides of the bound.
    let text = said(&with(&SWEEP, &["--subject-to", "told_within(15m) >= 15 %"]));
    assert!(text.contains(" Of allow_device_keychain=false") && text.contains(CANNOT_TELL), "{text}");
    const LITTLE: &str = "told_within(15m) >= 1 %";
    // Too few devices for an interval: their value alone is nothing sure.
    for verb in [&COMPARE[..], &SWEEP] {
        let few = ["--devices", "4", "--set", "warmup=1d", "--set", "measure=2d", "--subject-to", LITTLE];
        let words = [verb, &few].concat();
        let found = choice(&words);
        assert_eq!((&found["best"], &found["left_out"]), (&Value::Null, &json!([])), "{found}");
        assert!(found["undecided"].as_array().is_some_and(|all| all.len() >= 2), "{found}");
        let text = said(&words);
        assert!(text.contains(&format!("Nothing surely keeps {LITTLE}. Of ")), "{text}");
    }
}

#[test]
fn what_has_no_value_is_not_said_to_break_a_bound() {
    // Nothing is pushed, so that no detail comes after a first sign; no number of devices would help.
    for verb in [&COMPARE[..], &SWEEP] {
        let words = with(verb, &["--subject-to", "detail_after <= 2h"]);
        let found = choice(&words);
        assert_eq!(
            (&found["best"], &found["left_out"], &found["undecided"]),
            (&Value::Null, &json!([]), &json!([]))
        );
        let text = said(&words);
        assert!(text.contains("cannot be judged: a figure that is bounded has no value there."), "{text}");
        assert!(!text.contains("more devices would"), "{text}");
    }
    // The bound is kept, but nothing is told of which half could be.
    let nobody = ["--set", "user.model=absent", "--set", "scheduler.model=never", "--figure", "latency(p50)"];
    let words = with(&SWEEP, &[&nobody[..], &["--subject-to", IN_MEMORY]].concat());
    let text = said(&words);
    assert!(text.contains(&format!("of what keeps {IN_MEMORY} is unknown: ")), "{text}");
    assert!(!text.contains("Nothing surely keeps"), "{text}");
}
