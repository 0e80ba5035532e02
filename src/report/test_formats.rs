//! The report of a test in every format: for people, for programs, and for the services that build.

use super::junit::junit;
use super::paint::Screen;
use super::test_table::{Detail, INTERRUPTED, markdown, place, text, total};
use super::test_words::{BASELINE, both_errors, changes, fewer, next_time, reason, summary, told_changes};
use crate::expectation::{
    Checked, ERROR, Found, KINDS, Odds, Outcome, Ruling, SuiteOutcome, Verdict, exercised,
};
use crate::record::{Tool, rounded};
use crate::scenario::Versus;
use crate::summary::ends;
use serde_json::{Value, json};

/// How to report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// JUnit XML, which every build service reads.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
    /// The Test Anything Protocol, version 14.
    Tap,
    /// For a review.
    Markdown,
}

/// The whole report.
///
/// # Errors
/// If it cannot be written.
pub fn render(
    format: Format,
    suite: &SuiteOutcome,
    detail: Detail,
    screen: Screen,
) -> Result<String, String> {
    Ok(match format {
        Format::Text => text(suite, detail, screen),
        Format::Json => format!("{:#}\n", json(suite)),
        Format::Junit => junit(suite)? + "\n",
        Format::Github => github(suite),
        Format::Tap => tap(suite),
        Format::Markdown => markdown(suite),
    })
}

fn json(suite: &SuiteOutcome) -> Value {
    let scenarios = suite.outcomes.iter().map(|outcome| {
        json!({
            "scenario": outcome.scenario,
            "arm": outcome.arm,
            "file": outcome.file,
            "verdict": outcome.verdict().name(),
            "seed": outcome.seed,
            "devices": outcome.devices,
            "fingerprint": outcome.prints.fingerprint,
            "books": outcome.prints.books,
            "error": outcome.fault,
            "asserts": outcome.checked.iter().map(assert).collect::<Vec<_>>(),
            "changes": outcome.changed.as_ref().map(changes),
        })
    });
    json!({
        "schema": 1,
        "tool": Tool::THIS,
        "errors": {
            "suite_fails_though_kept": ERROR,
            "promise_passes_though_broken": ERROR,
            "promises_by_chance": suite.promises,
        },
        "allow_undecided": suite.allows_undecided,
        "interrupted": suite.is_interrupted,
        "scenarios": scenarios.collect::<Vec<_>>(),
        "exercised": exercised_json(&suite.outcomes),
    })
}

/// Of each entry of each catalogue, in how many scenarios it occurred.
fn exercised_json(outcomes: &[Outcome]) -> Value {
    let all = exercised(outcomes);
    let of = |kind: &str| {
        let entries = all.iter().filter(|entry| entry.kind == kind);
        Value::Object(entries.map(|entry| (entry.name.clone(), json!(entry.scenarios))).collect())
    };
    Value::Object(KINDS.iter().map(|kind| ((*kind).into(), of(kind))).collect())
}

fn assert(checked: &Checked) -> Value {
    let mut told = json!({
        "expectation": checked.expectation,
        "assert": checked.text,
        "where": checked.selects,
        "versus": checked.versus.as_ref().map(Versus::name),
        "place": place(checked),
        "verdict": checked.verdict().name(),
    });
    let rest = json!({
        "settings": checked.settings.as_ref().map(ruling),
        "reason": reason(checked),
        "next_time": next_time(checked),
    });
    if let (Value::Object(told), Value::Object(found), Value::Object(rest)) =
        (&mut told, ruling(&checked.finding), rest)
    {
        // Of two halves the verdict above is that of both.
        told.extend(found.into_iter().filter(|(key, _)| key != "verdict"));
        told.extend(rest);
    }
    told
}

/// What one comparison came to.
fn ruling(ruling: &Ruling) -> Value {
    let (value, ci95, bound) = match &ruling.found {
        Found::Value { value, interval, bound, .. } => (*value, ends(*value, *interval), Some(*bound)),
        Found::Change { now, interval, bound, .. } => (*now, ends(*now, *interval), *bound),
        Found::Breaches(breaches) => (Some(breaches.count as f64), Value::Null, Some(0.0)),
        Found::Identical => (None, Value::Null, None),
    };
    let (pass, fail, unseen) = match ruling.odds {
        Odds::Chance { pass, fail } => (Some(pass.min(1.0)), Some(fail.min(1.0)), None),
        Odds::Sure { unseen } => (None, None, unseen),
        Odds::Unknown => (None, None, None),
    };
    let doubt = ruling.doubt;
    json!({
        "verdict": ruling.verdict.name(),
        "value": value.map(rounded),
        "ci95": ci95,
        "bound": bound.map(rounded),
        "devices": ruling.devices,
        "looks_so_good_though_broken": pass.map(rounded),
        "looks_so_bad_though_kept": fail.map(rounded),
        "unseen_share": unseen.map(rounded),
        "undecided_if_unchanged": doubt.map(|doubt| rounded(doubt.chance)),
        "bound_needed": doubt.and_then(|doubt| doubt.bound).map(rounded),
        "devices_needed": doubt.and_then(|doubt| doubt.devices),
    })
}

fn tap(suite: &SuiteOutcome) -> String {
    let of = |outcome: &Outcome| outcome.checked.len() + usize::from(outcome.fault.is_some());
    let all: usize = suite.outcomes.iter().map(of).sum();
    let mut out = format!("TAP version 14\n1..{all}\n");
    let mut number = 0;
    let plain = |text: String| -> String {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.replace('\\', "\\\\").replace('#', "\\#")
    };
    for outcome in &suite.outcomes {
        if let Some(fault) = &outcome.fault {
            number += 1;
            let (text, why) = (plain(format!("{}: {BASELINE}", outcome.label())), json!(fault));
            out +=
                &format!("not ok {number} - {text}\n  ---\n  verdict: \"error\"\n  message: {why}\n  ...\n");
        }
        for checked in &outcome.checked {
            number += 1;
            let verdict = checked.verdict();
            let ok = if suite.lets_through(verdict) { "ok" } else { "not ok" };
            let text = format!("{}: {}: {}", outcome.label(), checked.expectation, checked.text);
            let text = plain(text);
            let is_skipped = verdict == Verdict::Undecided && suite.allows_undecided;
            let skip = if is_skipped { " # SKIP undecided" } else { "" };
            out += &format!("{ok} {number} - {text}{skip}\n");
            if verdict != Verdict::Pass {
                // A JSON text is a YAML text.
                let (at, why) = (json!(place(checked)), json!(reason(checked)));
                let verdict = json!(verdict.name());
                out += &format!("  ---\n  at: {at}\n  verdict: {verdict}\n  message: {why}\n  ...\n");
            }
        }
    }
    if suite.is_interrupted {
        out += &format!("Bail out! {INTERRUPTED}\n");
    }
    out
}

fn github(suite: &SuiteOutcome) -> String {
    let mut out = String::new();
    for outcome in &suite.outcomes {
        if let Some(fault) = &outcome.fault {
            let title = property(&format!("{}: {BASELINE}", outcome.label()));
            out += &format!("::error title={title}::{}\n", message(fault));
        }
        for checked in outcome.checked.iter().filter(|each| each.verdict() != Verdict::Pass) {
            let level = if suite.lets_through(checked.verdict()) { "warning" } else { "error" };
            let place = checked.place.as_ref().map(|place| {
                let file = property(&place.label);
                format!("file={file},line={},col={},", place.line, place.column)
            });
            let title = property(&format!("{}: {}", outcome.label(), checked.expectation));
            let message = message(&format!("{}: {}", checked.text, reason(checked)));
            out += &format!("::{level} {}title={title}::{message}\n", place.unwrap_or_default());
        }
        let plain = |text: String| text.replace("::", ": :");
        out += &plain(format!("{} {}\n", outcome.label(), summary(outcome)));
        if let Some(changed) = told_changes(outcome) {
            let title = message(&format!("{}: what is different from the baseline", outcome.label()));
            let lines = plain(changes(changed).join("\n"));
            out += &format!("::group::{title}\n{lines}\n::endgroup::\n");
        }
    }
    if suite.is_interrupted {
        out += &format!("::warning title=partial::{INTERRUPTED}\n");
    }
    out + &format!("{}\n{}{}\n", total(&suite.outcomes), fewer(suite), both_errors(suite))
}

/// What a workflow command takes as its message.
pub(super) fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What it takes as a property.
pub(super) fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn a_report_of_a_part_says_so_in_every_format() {
        for &format in Format::value_variants() {
            let report = |is_interrupted| {
                let outcomes = Vec::new();
                let suite = SuiteOutcome { outcomes, promises: 0, allows_undecided: false, is_interrupted };
                render(format, &suite, Detail::Brief, Screen::PAPER).unwrap()
            };
            let says =
                |report: &str| report.contains(INTERRUPTED) || report.contains("\"interrupted\": true");
            assert!(says(&report(true)) && !says(&report(false)), "{format:?}: {}", report(true));
        }
    }
}
