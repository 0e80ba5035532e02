//! Names of scenarios and arms may hold anything: they reach page and pictures as text, and do nothing else.

use super::bench::{contents, refuses, report_of, succeeds};
use super::xml;
use bgsim::report::document::Report;
use bgsim::scenario::is_unseen;
use std::fs;
use tempfile::TempDir;

const NAMES: [&str; 8] = [
    "</title></style><script>alert(1)</script><img src=x onerror=alert(2)>",
    "\"quotes\" 'and' `ticks` & &amp; &#60;",
    "受信箱の方針 — 저장된 📬 Ω̈́",
    "\u{202E}sdrawkcab\u{202C} \u{2066}isolated\u{200F}",
    "two\nlines\tand a tab",
    "]]> --> <!-- <![CDATA[ ${x} {{ y }} %s",
    "; rm -rf / ' $(reboot) #",
    "-",
];

/// Neither page nor picture has more elements, scripts or unseen characters than bgsim gave it.
#[track_caller]
fn assert_harmless(files: &std::collections::BTreeMap<String, Vec<u8>>) -> Report {
    let report = report_of(files);
    let unseen = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".svg") || name.ends_with(".html")) {
        let text = std::str::from_utf8(bytes).unwrap();
        assert!(!text.contains(unseen), "{name}");
        if name.ends_with(".svg") {
            xml::check(text);
        }
        let is_page = name == "report.html";
        assert_eq!(text.matches("<script").count(), usize::from(is_page), "{name}");
        assert_eq!(text.matches("<img").count(), 0, "{name}");
        let narrow = report.charts.iter().filter(|(_, chart)| chart.narrow_svg().is_some()).count();
        let pictures = if is_page { report.charts.len() + narrow } else { 1 };
        assert_eq!(text.matches("</svg").count(), pictures, "{name}");
        assert!(!text.contains("<!--") && !text.contains("]]>"), "{name}");
    }
    report
}

#[test]
fn the_name_of_a_scenario_is_only_text() {
    let home = TempDir::new().unwrap();
    let long = "受信箱の方針と長い名前 ".repeat(8);
    for name in NAMES.into_iter().chain([long.trim(), &"a long name ".repeat(25)]) {
        let scenario = toml::toml! {
            devices = 3
            warmup = "0s"
            measure = "1d"
        };
        let scenario = format!("name = {}\n{scenario}", toml::Value::String(name.into()));
        fs::write(home.path().join("mine.toml"), scenario).unwrap();
        if name.contains(is_unseen) || name.chars().count() > 100 {
            let error = refuses(home.path(), &["run", "mine.toml", "--out", "record"]);
            let why = if name.contains(is_unseen) { "stands in this text" } else { "`name` must have" };
            assert!(error.contains(why) && error.contains("mine.toml:1:8"), "{error}");
            continue;
        }
        succeeds(home.path(), &["run", "mine.toml", "--out", "record"]);
        let report = assert_harmless(&contents(&home.path().join("record")));
        assert!(report.title.contains(name), "{name:?}");
        // What is shown in full can be run, whatever it is called.
        fs::write(home.path().join("again.toml"), &report.scenarios[0].toml).unwrap();
        assert_eq!(succeeds(home.path(), &["run", "again.toml", "--print-config"]), report.scenarios[0].toml);
        succeeds(
            home.path(),
            &["sweep", "mine.toml", "--vary", "policy.auto_lock=30s,1m", "--out", "record"],
        );
        assert!(assert_harmless(&contents(&home.path().join("record"))).title.contains(name));
    }
}

#[test]
fn the_label_of_an_arm_is_only_text() {
    let home = TempDir::new().unwrap();
    let long = "a long name ".repeat(25);
    // A label ends at its colon and holds no `=`, which begins a setting.
    let (unseen, names): (Vec<String>, Vec<String>) = NAMES
        .into_iter()
        .chain([long.trim()])
        .map(|name| name.replace('=', "≠"))
        .partition(|name| name.contains(is_unseen));
    assert_eq!(unseen.len(), 2);
    for name in unseen {
        let arm = format!("--arm={name}: policy.auto_lock=30s");
        assert!(refuses(home.path(), &["compare", "email-plus", &arm]).contains("stands in this text"));
    }
    let arms: Vec<String> = names.iter().map(|name| format!("{name}: policy.auto_lock=30s")).collect();
    let mut words =
        vec!["compare", "email-plus", "--devices", "3", "--set", "warmup=0s", "--set", "measure=1d"];
    words.extend(["--out", "record"]);
    let arms: Vec<String> = arms.iter().map(|arm| format!("--arm={arm}")).collect();
    words.extend(arms.iter().map(String::as_str));
    succeeds(home.path(), &words);
    let before = contents(&home.path().join("record"));
    let report = assert_harmless(&before);
    let labels: Vec<&str> = report.scenarios.iter().skip(1).map(|source| source.label.as_str()).collect();
    assert_eq!(labels, names);
    succeeds(home.path(), &["report", "record"]);
    assert!(contents(&home.path().join("record")) == before);
}
