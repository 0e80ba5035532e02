//! Observations: what is said of a file that holds none, the table of those that come with the program, and what
//! it leaves behind.

use bgsim::experiment::Plan;
use bgsim::measure::Measure;
use bgsim::observation::{Observation, Quantity, Verdict, bundled, hold, read};
use bgsim::report::observations_text::markdown;
use bgsim::scenario::{SourceText, fetch};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn bgsim(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(folder).args(words).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// An observation of a world without chance: 24 h a day on Wi-Fi.
const RIGHT: &str = r#"
[[observe]]
name = "always on Wi-Fi"
measure = "wifi_share"
value = 0.9
range = [0.8, 1.01]
unit = "share"
situation = "made up"
source = "nobody"
confidence = "inferred"
year = 2026
[observe.scenario]
measure = "1d"
warmup = "1h"
network = { model = "always" }
"#;

fn faults(text: &str) -> String {
    let source = SourceText { label: "mine.toml".into(), text: text.into() };
    read(&source, &[], &mut fetch).err().map(|faults| faults.to_string()).unwrap_or_default()
}

#[test]
fn what_is_no_observation_is_told_where_and_what_would_be_right() {
    assert_eq!(faults(RIGHT), "");
    for (right, wrong, says) in [
        (
            "\"wifi_share\"",
            "\"wifi_shar\"",
            &["`wifi_shar` is not a value of `measure`", "4:11", "`wifi_share`"][..],
        ),
        (
            "[0.8, 1.01]",
            "[1.01, 0.8]",
            &["`range` goes from 1.01 to 0.8", "6:9", "write range = [0.8, 1.01]"],
        ),
        ("[0.8, 1.01]", "[0.95, 1.01]", &["`value` is 0.9, and `range` goes from 0.95 to 1.01", "6:9"]),
        ("[0.8, 1.01]", "0.8", &["`range` must be two numbers in brackets", "is a float", "6:9"]),
        ("value = 0.9", "value = \"0.9\"", &["`value` must be a number, but is a string", "5:9"]),
        ("unit = \"share\"\n", "", &["`observe[0]` lacks its key `unit`", "2:1"]),
        ("\"share\"", "\"%\"", &["`unit` is `%`, but this is measured in `share`", "7:8"]),
        ("measure = \"wifi_share\"", "", &["`observe[0]` lacks its key `measure`, or `figure`"]),
        (
            "measure = \"wifi_share\"",
            "figure = \"mail.told_wthin.1h\"",
            &["no figure", "`mail.told_within.1h`?", "4:10"],
        ),
        (
            "value",
            "statistic = \"mode\"\nvalue",
            &["`mode` is not a value of `statistic`", "mean, median, sd, log_sd"],
        ),
        (
            "source",
            "sorce",
            &["unknown key `observe[0].sorce`", "did you mean `source`?", "lacks its key `source`"],
        ),
        (
            "\"inferred\"",
            "\"guessed\"",
            &["`guessed` is not a value of `confidence`", "10:14", "write measured"],
        ),
        ("2026", "1926", &["`year` is 1926; it must lie from 1990 to 2100", "11:8"]),
        ("made up", " ", &["`situation` must be a text in quotes that is not empty", "8:13"]),
        // What is wrong with the situation is said as of a scenario, at its place in this file.
        ("warmup", "warmupp", &["unknown key or section `warmupp`", "14:1", "did you mean `warmup`?"]),
        ("\"1h\"", "\"1 hour\"", &["warmup", "14:10"]),
        ("\"always\"", "\"ever\"", &["`ever` is not a value of `network.model`", "15:21"]),
        ("[observe.scenario]", "[observe.against]", &["lacks its key `scenario`"]),
        ("[observe.scenario]", "[observe.scenario]\nextends = \"email-minus\"", &["email-minus", "13:11"]),
        ("[[observe]]", "[observe]", &["mine.toml` has no observations", "[[observe]]"]),
        ("[[observe]]", "x = 1\n[[observe]]", &["unknown key or section `x`", "2:1"]),
        ("name =", "name", &["this is not TOML", "3:"]),
    ] {
        assert!(RIGHT.contains(right), "{right}");
        let found = faults(&RIGHT.replacen(right, wrong, 1));
        assert!(found.contains("mine.toml"), "{wrong}: {found}");
        assert!(says.iter().all(|part| found.contains(part)), "{wrong}: {found}");
    }
    // A name is an observation's own, a figure takes no statistic, and a ratio is one of means.
    let twice = faults(&format!("{RIGHT}{RIGHT}"));
    assert!(
        twice.contains("another observation is called `always on Wi-Fi`") && twice.contains("18:8"),
        "{twice}"
    );
    let figure = "figure = \"checks.total\"\nstatistic = \"mean\"";
    let found = faults(&RIGHT.replace("measure = \"wifi_share\"", figure));
    assert!(found.contains("takes no `statistic`"), "{found}");
    let ratio = RIGHT.replace("unit = \"share\"", "unit = \"ratio\"\nstatistic = \"sd\"\nagainst = {}");
    assert!(faults(&ratio).contains("`against` compares means"), "{}", faults(&ratio));
    assert_eq!(faults(&ratio.replace("statistic = \"sd\"\n", "")), "");
    // A slip on the command line is one, however many scenarios it is made in.
    let slip = bundled(&["polcy.passcode=none".into()]).unwrap_err().to_string();
    assert_eq!(slip.matches("error: ").count(), 1, "{slip}");
    // Everything wrong is said at once.
    let several = faults(&RIGHT.replace("2026", "1926").replace("\"share\"", "\"%\"").replace("1d", "1x"));
    assert_eq!(several.matches("error: ").count(), 3, "{several}");
}

/// The verdicts of a value that is known exactly, or by its interval.
#[test]
fn a_verdict_follows_from_the_interval_and_the_range() {
    let held = |value: &str, range: &str, devices: &str| {
        let text = RIGHT.replace("0.9\n", value).replace("[0.8, 1.01]", range);
        let source = SourceText { label: "mine.toml".into(), text: text.into() };
        let observations = read(&source, &[format!("devices={devices}")], &mut fetch).unwrap();
        hold(&observations, &Plan::default(), &mut ()).unwrap()[0]
    };
    let agrees = held("0.9\n", "[0.8, 1.1]", "16");
    assert_eq!((agrees.value, agrees.verdict), (Some(1.0), Verdict::Agrees));
    assert!((agrees.apart.unwrap() - 0.5).abs() < 1e-9, "half of the way to the upper end");
    let outside = held("0.5\n", "[0.2, 0.75]", "16");
    assert_eq!((outside.apart, outside.verdict), (Some(2.0), Verdict::Outside));
    let below = held("1.5\n", "[1.25, 1.75]", "16");
    assert_eq!((below.apart, below.verdict), (Some(-2.0), Verdict::Outside));
    assert_eq!(
        held("0.9\n", "[0.8, 1.1]", "3").verdict,
        Verdict::Undecided,
        "of three devices nothing is known"
    );
}

/// A ratio takes the same devices in both situations, and a figure comes from the run's own books.
#[test]
fn ratios_are_paired_and_figures_are_those_of_the_run() {
    let text = r#"
[[observe]]
name = "twice the mail"
measure = "mail_per_weekday"
value = 2.0
range = [1.9, 2.1]
unit = "ratio"
situation = "made up"
source = "nobody"
confidence = "inferred"
year = 2026
scenario = { measure = "7d", mail = { model = "poisson", per_day = 40.0 } }
against = { measure = "7d", mail = { model = "poisson", per_day = 20.0 } }
[[observe]]
name = "mail"
figure = "mail.arrived"
value = 5000.0
range = [4000.0, 6000.0]
unit = "count"
situation = "made up"
source = "nobody"
confidence = "inferred"
year = 2026
scenario = { measure = "7d", mail = { model = "poisson", per_day = 40.0 } }
"#;
    let source = SourceText { label: "mine.toml".into(), text: text.into() };
    let observations = read(&source, &["devices=24".into()], &mut fetch).unwrap();
    let [ratio, figure] = hold(&observations, &Plan::default(), &mut ()).unwrap()[..] else { panic!() };
    // 24 devices, 5 weekdays: standard errors of 0.9 and 0.65 mails of 40 and 20 a day.
    assert!((ratio.value.unwrap() - 2.0).abs() < 0.3 && ratio.interval.is_some(), "{ratio:?}");
    let mails = figure.value.unwrap();
    assert!(mails.fract() == 0.0 && (mails - 24.0 * 7.0 * 40.0).abs() < 450.0, "{figure:?}");
    assert_eq!(figure.verdict, Verdict::Outside);
}

fn all() -> Vec<Observation> {
    bundled(&["devices=128".into()]).unwrap()
}

#[test]
fn the_bundled_observations_say_everything_of_themselves() {
    let all = all();
    assert!(all.len() >= 30, "{}", all.len());
    for Observation { name, source, situation, quantity, .. } in &all {
        assert!(situation.len() > 10 && source.len() > 2 && !quantity.name().is_empty(), "{name}");
        for text in [name, source, situation] {
            assert!(
                !text.contains("facts/") && !text.contains(".md") && !text.ends_with('.'),
                "{name}: {text}"
            );
        }
    }
    // What nothing is held against is of no use, but for what is counted to be held against logs.
    let used: BTreeSet<&str> = all
        .iter()
        .filter_map(|observation| match &observation.quantity {
            Quantity::Statistic(measure, _) | Quantity::Ratio(measure, _) => Some(measure.name()),
            Quantity::Figure(_) => None,
        })
        .collect();
    let unused = Measure::ALL.map(Measure::name).into_iter().filter(|name| !used.contains(name));
    assert_eq!(unused.collect::<Vec<_>>(), ["refreshes_per_day"]);
}

/// The document in the repository is what the model makes today: `UPDATE=1 cargo test` writes it anew.
#[test]
fn the_document_is_what_the_model_makes_of_the_observations() {
    let all = all();
    let held = hold(&all, &Plan { jobs: 2, ..Plan::default() }, &mut ()).unwrap();
    let rows: Vec<_> = all.iter().zip(held).collect();
    let text = markdown(&rows, "bgsim observe --devices 128");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/observations.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == text, "docs/observations.md has changed");
    // Two pages say in prose what it came to.
    let many = |verdict| rows.iter().filter(|(_, held)| held.verdict == verdict).count();
    let [agree, outside, undecided] = [Verdict::Agrees, Verdict::Outside, Verdict::Undecided].map(many);
    let counts = format!("agrees with {agree}, is outside of {outside}, and {undecided} are undecided");
    for page in ["README.md", "docs/claims.md"] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        assert!(text.contains(&counts), "{page} does not say that it {counts}");
    }
}

#[test]
fn the_verb_prints_keeps_and_ends_as_it_says() {
    let home = TempDir::new().unwrap();
    let folder = home.path();
    let outside = RIGHT.replace("always on Wi-Fi", "seldom on Wi-Fi").replace("0.9\n", "0.5\n");
    let outside = outside.replace("[0.8, 1.01]", "[0.4, 0.6]");
    fs::write(folder.join("mine.toml"), format!("{RIGHT}{outside}")).unwrap();
    let words = ["observe", "mine.toml", "--devices", "16", "--out", "kept"];
    let found = bgsim(folder, &words);
    assert_eq!(found.status.code(), Some(2), "{}", String::from_utf8_lossy(&found.stderr));
    let text = out(&found);
    for part in [
        "2 observations: 1 agrees, 1 outside, 0 undecided",
        "always on Wi-Fi",
        "+5.0",
        "0.9 [0.8, 1.01]",
        "record in kept",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(text.lines().skip(5).all(|line| line.chars().count() <= 100), "{text}");
    let json = fs::read_to_string(folder.join("kept/observations.json")).unwrap();
    assert!(fs::read_to_string(folder.join("kept/observations.md")).unwrap().contains("| seldom on Wi-Fi |"));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["counts"], serde_json::json!({ "agrees": 1, "outside": 1, "undecided": 0 }));
    assert_eq!(json["observations"]["command"], "bgsim observe mine.toml --devices 16");
    let held = &json["held"][1];
    for (key, value) in
        [("verdict", "outside"), ("asks", "wifi_share"), ("statistic", "mean"), ("unit", "share")]
    {
        assert_eq!(held[key], value, "{held}");
    }
    assert_eq!((held["apart"].as_f64(), held["simulated"].as_f64()), (Some(5.0), Some(1.0)));
    // The same on one thread and on several, and in the same place again.
    let one = bgsim(folder, &[&words[..], &["--jobs", "1", "--json"]].concat());
    assert_eq!(serde_json::from_str::<Value>(&out(&one)).unwrap(), json);
    // One that agrees alone ends well, and is told in full.
    let found = bgsim(folder, &["observe", "mine.toml", "--devices", "16", "--name", "always"]);
    assert_eq!(found.status.code(), Some(0));
    for part in ["mean of wifi_share", "made up", "nobody; 2026; inferred"] {
        assert!(out(&found).contains(part), "{part}\n{}", out(&found));
    }
    // What is different this time is so in every situation.
    let set = ["--set", "network.model=alternating", "--json"];
    let found = out(&bgsim(folder, &[&words[..4], &set].concat()));
    let found: Value = serde_json::from_str(&found).unwrap();
    assert!(found["held"][0]["simulated"].as_f64().unwrap() < 1.0, "{found}");
    for (wrong, says) in [
        (&["observe", "none.toml"][..], "`none.toml` cannot be read"),
        (&["observe", "mine.toml", "--name", "x y"], "no observation has that in its name"),
        (&["observe", "mine.toml", "--set", "polcy.passcode=none"], "--set polcy.passcode=none"),
    ] {
        let found = bgsim(folder, wrong);
        assert_eq!(found.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&found.stderr).contains(says), "{found:?}");
    }
}

#[test]
fn measures_are_listed_with_units_and_words() {
    let here = Path::new(".");
    let json: Value =
        serde_json::from_str(&out(&bgsim(here, &["figures", "--observable", "--json"]))).unwrap();
    let text = out(&bgsim(here, &["figures", "--observable"]));
    let list = json["measures"].as_array().unwrap();
    assert_eq!(list.len(), Measure::ALL.len());
    for measure in list {
        let [name, unit, words] = ["name", "unit", "words"].map(|key| measure[key].as_str().unwrap());
        assert!(text.contains(&format!("{name:<30}  {unit}\n")) && words.ends_with('.'), "{measure}");
    }
}
