//! The page says what the record says.

use super::bench::{VERBS, contents, report_of, succeeds};
use bgsim::report::document::Report;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

type Files = BTreeMap<String, Vec<u8>>;

/// What a browser makes of text.
fn unescaped(html: &str) -> String {
    let entities =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&#34;", "\"")];
    let entities =
        entities.into_iter().chain([("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&"), ("&amp;", "&")]);
    entities.fold(html.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

/// What stands between these, each time.
fn between<'a>(page: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    page.split(open).skip(1).map(|rest| rest.split(close).next().unwrap()).collect()
}

fn page(files: &Files) -> &str {
    std::str::from_utf8(&files["report.html"]).unwrap()
}

fn json(files: &Files, name: &str) -> Value {
    serde_json::from_slice(&files[name]).unwrap()
}

fn assert_says(files: &Files, open: &str, close: &str, texts: &[String]) {
    let found: Vec<String> = between(page(files), open, close).into_iter().map(unescaped).collect();
    for text in texts {
        assert!(found.contains(text), "the page does not say {text:?} but {found:?}");
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Every verb: whatever is in the report is on the page.
#[test]
fn every_verdict_warning_command_scenario_and_fact_is_on_the_page() {
    let home = TempDir::new().unwrap();
    for verb in &VERBS {
        let files = verb.record(home.path(), "record", &[]);
        let Report { title, verdict, warnings, command, scenarios, about, assumptions, .. } =
            report_of(&files);
        assert!(!verdict.is_empty() && !scenarios.is_empty() && !about.is_empty() && !assumptions.is_empty());
        assert_says(&files, "<h1>", "</h1>", &[title]);
        assert_says(&files, "<p>", "</p>", &verdict);
        assert_says(&files, "<li>", "</li>", &warnings);
        assert_says(&files, "<pre><code>", "</code></pre>", &[command]);
        let tomls: Vec<String> = scenarios.into_iter().map(|source| source.toml).collect();
        assert_says(&files, "<code>", "</code>", &tomls);
        let (names, values): (Vec<String>, Vec<String>) = about.into_iter().unzip();
        assert_says(&files, "<dt>", "</dt>", &names);
        assert_says(&files, "<dd>", "</dd>", &values);
        let keys: Vec<String> = assumptions.into_iter().map(|number| number.key).collect();
        assert_says(&files, "<th scope=\"row\"><code>", "</code>", &keys);
    }
}

#[test]
fn the_page_says_what_each_verb_found() {
    let home = TempDir::new().unwrap();
    let [run, compare, sweep, sensitivity] = &VERBS;
    let files = run.record(home.path(), "record", &[]);
    let summary = json(&files, "summary.json");
    let report = report_of(&files);
    assert_eq!(report.command, summary["scenario"]["command"]);
    assert_says(&files, "<dd>", "</dd>", &[summary["fingerprint"].as_str().unwrap().into()]);
    // The phone of the bench learns for less than three days.
    let codes = strings(&summary["warnings"]);
    assert_eq!(codes, ["passcode_not_strong", "no_measured_habits"]);
    assert_eq!(report.warnings.len(), codes.len());
    assert!(report.warnings.iter().zip(&codes).all(|(said, code)| said.ends_with(&format!("({code})"))));

    let files = compare.record(home.path(), "record", &[]);
    let (found, report) = (json(&files, "compare.json"), report_of(&files));
    let findings = found["verdict"]["findings"].as_array().unwrap();
    let sentences: Vec<&str> = findings.iter().map(|finding| finding["sentence"].as_str().unwrap()).collect();
    // Behind each stands for which groups it is worth it.
    let (by_group, of_all): (Vec<String>, Vec<String>) =
        report.verdict.into_iter().partition(|said| said.contains(", by told within 15 min: "));
    assert_eq!(by_group.len(), sentences.len());
    // Of three arms or more it also says what none of the others beats.
    let (unbeaten, of_all): (Vec<String>, Vec<String>) =
        of_all.into_iter().partition(|said| said.contains("in this run"));
    assert_eq!(unbeaten.len(), 1);
    assert_eq!((of_all, sentences.len()), (sentences.into_iter().map(String::from).collect(), 2));
    assert_eq!(report.command, found["scenario"]["command"]);
    let arms = found["arms"].as_array().unwrap();
    let prints: Vec<String> = arms.iter().map(|arm| arm["fingerprint"].as_str().unwrap().into()).collect();
    assert_says(&files, "<dd>", "</dd>", &prints);
    let codes: Vec<String> = arms.iter().flat_map(|arm| strings(&arm["warnings"])).collect();
    assert_eq!(report.warnings.len(), codes.len());
    assert!(report.warnings.iter().zip(&codes).all(|(said, code)| said.ends_with(&format!("({code})"))));

    let files = sweep.record(home.path(), "record", &[]);
    assert_eq!(report_of(&files).command, json(&files, "sweep.json")["scenario"]["command"]);
    let files = sensitivity.record(home.path(), "record", &[]);
    let (found, report) = (json(&files, "sensitivity.json"), report_of(&files));
    assert_eq!(report.verdict[0], found["conclusion"].as_str().unwrap());
    assert_eq!(report.command, found["scenario"]["command"]);
}

/// The keys of the numbers that the page puts under `assumed`.
fn assumed(files: &Files) -> Vec<String> {
    let body = between(page(files), "<tbody data-tag=\"assumed\">", "</tbody>");
    let keys = body.iter().flat_map(|body| between(body, "<th scope=\"row\"><code>", "</code>"));
    keys.map(unescaped).collect()
}

#[test]
fn the_numbers_assumed_by_a_run_are_those_that_its_page_calls_assumed() {
    let home = TempDir::new().unwrap();
    for scenario in bgsim::scenario::BUNDLED {
        let words = ["run", scenario.name, "--devices", "1", "--set", "warmup=0s", "--set", "measure=1d"];
        succeeds(home.path(), &[&words[..], &["--out", "record", "--rows", "none"]].concat());
        let files = contents(&home.path().join("record"));
        let mut used: Vec<String> = json(&files, "summary.json")["assumed"]
            .as_array()
            .unwrap()
            .iter()
            .map(|number| number.as_str().or(number["key"].as_str()).unwrap().to_owned())
            .collect();
        let mut shown = assumed(&files);
        used.sort();
        shown.sort();
        assert_eq!(used, shown, "{}", scenario.name);
        assert!(page(&files).contains(&format!("<strong>{} of the ", shown.len())), "{}", scenario.name);
    }
}

/// Runs what stands on the page.
fn run_again(home: &Path, toml: &str) -> Value {
    fs::write(home.join("again.toml"), toml).unwrap();
    assert_eq!(succeeds(home, &["run", "again.toml", "--print-config"]), toml);
    serde_json::from_str(&succeeds(home, &["run", "again.toml", "--json"])).unwrap()
}

#[test]
fn every_scenario_on_the_page_runs_again_to_the_same_fingerprint() {
    let home = TempDir::new().unwrap();
    for verb in &VERBS {
        let files = verb.record(home.path(), "record", &[]);
        let pre = "<pre tabindex=\"0\" role=\"group\" aria-labelledby=\"scenario-";
        let tomls = between(page(&files), pre, "</code></pre>");
        let tomls: Vec<String> =
            tomls.into_iter().map(|toml| unescaped(toml.split_once("><code>").unwrap().1)).collect();
        assert_eq!(tomls.len(), report_of(&files).scenarios.len());
        let prints: Vec<Value> =
            tomls.iter().map(|toml| run_again(home.path(), toml)["fingerprint"].clone()).collect();
        let known: Vec<Value> = match verb.own[0] {
            "summary.json" => vec![json(&files, "summary.json")["fingerprint"].clone()],
            "compare.json" => {
                let arms = json(&files, "compare.json")["arms"].clone();
                arms.as_array().unwrap().iter().map(|arm| arm["fingerprint"].clone()).collect()
            }
            "sweep.csv" => vec![json(&files, "sweep.json")["points"][0]["fingerprint"].clone()],
            // It keeps none.
            _ => prints.clone(),
        };
        assert_eq!(prints, known, "{}", verb.words);
    }
}
