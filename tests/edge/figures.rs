//! Figures: one language wherever one is asked for, and the list of them.

use serde_json::Value;
use std::process::{Command, Output};

fn bgsim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap()
}

fn succeeds(words: &[&str]) -> String {
    let output = bgsim(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&succeeds(words)).unwrap()
}

const FEW: [&str; 5] = ["--devices", "4", "--set", "measure=1d", "--json"];
const KEYCHAIN: &str = "policy.allow_device_keychain=true";

/// A figure that no file keeps is worked out where it is asked for, and named alike by either name.
#[test]
fn compare_sweep_and_sensitivity_take_any_figure_by_either_name() {
    let commands: [&[&str]; 3] = [
        &["compare", "email-plus", "--set-b", KEYCHAIN],
        &["sweep", "email-plus", "--vary", "policy.auto_lock=30s,5m"],
        &["sensitivity", "periodic-15m", "--trajectories", "0"],
    ];
    for command in commands {
        for (short, path) in [
            ("told_within(10m)", "mail.told_within.10m"),
            ("latency(p99.5)", "mail.latency_s.p99.5"),
            ("undelivered_delay(budget)", "mail.undelivered_causes_s.budget"),
        ] {
            let found = |figure: &str| json(&[command, &["--figure", figure], &FEW].concat());
            let (one, other) = (found(short), found(path));
            assert_eq!(one, other, "{short}");
            assert!(has(&one, command[0], path), "{command:?} {path}: {one}");
        }
    }
}

/// Whether the command that makes the same again names the figure, and the document has it. (The sentence
/// of a sweep's command has the figure only where it is printed.)
fn has(found: &Value, verb: &str, path: &str) -> bool {
    let command = found["scenario"]["command"].as_str().unwrap();
    let is_there = match verb {
        "compare" => found["figures"].as_array().unwrap().last().unwrap()["name"] == path,
        "sweep" => found["points"][1]["figures"].as_object().unwrap().contains_key(path),
        _ => found["figure"] == path,
    };
    is_there && command.contains(&format!(" --figure {path}"))
}

/// The share told within ten minutes lies between those told within five and fifteen.
#[test]
fn a_figure_between_two_lies_between_them() {
    let ask = ["compare", "email-plus", "--set-b", KEYCHAIN, "--figure", "told_within(10m)"];
    let found = json(&[&ask[..], &FEW].concat());
    let value = |name: &str| {
        let figures = found["figures"].as_array().unwrap();
        figures.iter().find(|figure| figure["name"] == name).unwrap()["values"][1].as_f64().unwrap()
    };
    let [five, ten, fifteen] = ["5m", "10m", "15m"].map(|time| value(&format!("mail.told_within.{time}")));
    assert!(five <= ten && ten <= fifteen && five < fifteen, "{five} {ten} {fifteen}");
}

/// What differs between two medians says nothing of any half of the mail.
#[test]
fn a_difference_of_medians_is_said_to_be_one() {
    let compare = ["compare", "email-plus", "--set-b", KEYCHAIN, "--devices", "32"];
    // Lines end where the terminal does.
    let says = |more: &[&str]| {
        succeeds(&[&compare[..], more].concat()).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let found = says(&[]);
    for part in [" points more (95 % interval", ", and the median latency is ", " min shorter (95 % interval"]
    {
        assert!(found.contains(part), "{part}\n{found}");
    }
    let found = says(&["--figure", "latency(p50)"]);
    for part in ["half of the mail is told within ", ": the median latency is ", " shorter (95 % interval"] {
        assert!(found.contains(part), "{part}\n{found}");
    }
    assert!(!found.contains(" sooner (95 %"), "{found}");
}

/// The list has what the files have, in their order.
#[test]
fn the_list_is_that_of_the_summary() {
    let list = json(&["figures", "--json"]);
    let figures = list["figures"].as_array().unwrap();
    let summary = json(&[&["run", "email-plus"][..], &FEW].concat());
    let pushed = json(&[&["run", "email-plus", "--set", "policy.product=email_plus_cns"][..], &FEW].concat());
    for figure in figures {
        let path = figure["path"].as_str().unwrap();
        let found = summary.pointer(&format!("/{}", path.replace('.', "/")));
        // What dates alone tell stands nowhere without them.
        if path.parse::<bgsim::figure::Figure>().unwrap().is_of_dates() {
            let dated = json(&[&["run", "published-on-friday"][..], &FEW].concat());
            assert!(
                found.is_none() && dated.pointer(&format!("/{}", path.replace('.', "/"))).is_some(),
                "{path}"
            );
            continue;
        }
        // Nor does what push alone tells without any.
        if path.parse::<bgsim::figure::Figure>().unwrap().is_of_push() {
            let pushed = pushed.pointer(&format!("/{}", path.replace('.', "/")));
            assert!(found.is_none() && pushed.is_some_and(|found| found.is_number()), "{path}");
            continue;
        }
        assert!(found.is_some_and(|found| found.is_number() || found.is_null()), "{path}");
    }
    let summary = pushed;
    let headline = figures.iter().filter(|figure| figure["headline"] == true);
    let headline: Vec<&str> = headline.map(|figure| figure["path"].as_str().unwrap()).collect();
    assert_eq!(headline, summary["ci95"].as_object().unwrap().keys().collect::<Vec<_>>());
    let text = succeeds(&["figures"]);
    for figure in figures {
        assert!(text.contains(figure["pattern"].as_str().unwrap()), "{figure}");
    }
    for part in ["told_within(TIME)", "more is better", "less undelivered is better", "a price"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    // It asks nothing of any scenario.
    assert_eq!(bgsim(&["figures", "email-plus"]).status.code(), Some(1));
}
