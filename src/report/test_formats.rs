//! The report of a test in every format: for people, for programs, and for the services that build.

use super::junit::junit;
use super::test_table::{markdown, place, text, total};
use super::test_words::{changes, reason, summary};
use crate::expectation::{Found, Outcome, Verdict};
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
pub fn render(format: Format, outcomes: &[Outcome]) -> Result<String, String> {
    Ok(match format {
        Format::Text => text(outcomes),
        Format::Json => format!("{:#}\n", json(outcomes)),
        Format::Junit => junit(outcomes)? + "\n",
        Format::Github => github(outcomes),
        Format::Tap => tap(outcomes),
        Format::Markdown => markdown(outcomes),
    })
}

fn json(outcomes: &[Outcome]) -> Value {
    let scenarios = outcomes.iter().map(|outcome| {
        let asserts = outcome.checked.iter().map(|checked| {
            let (value, ci95, bound) = match &checked.finding.found {
                Found::Value { value, bound, exact: true, .. } => (*value, Value::Null, Some(*bound)),
                Found::Value { value, interval, bound, .. } => {
                    (*value, ends(*value, *interval), Some(*bound))
                }
                Found::Change { now, interval, bound, .. } => (*now, ends(*now, *interval), *bound),
                Found::Breaches(breaches) => (Some(breaches.count as f64), Value::Null, Some(0.0)),
                Found::Identical => (None, Value::Null, None),
            };
            json!({
                "expectation": checked.expectation,
                "assert": checked.text,
                "where": checked.selects,
                "versus": checked.versus.as_ref().map(Versus::name),
                "place": place(checked),
                "verdict": checked.finding.verdict.name(),
                "value": value.map(rounded),
                "ci95": ci95,
                "bound": bound.map(rounded),
                "devices": checked.finding.devices,
                "reason": reason(checked),
            })
        });
        json!({
            "scenario": outcome.scenario,
            "arm": outcome.arm,
            "file": outcome.file,
            "verdict": outcome.verdict().name(),
            "seed": outcome.seed,
            "devices": outcome.devices,
            "fingerprint": outcome.prints.fingerprint,
            "books": outcome.prints.books,
            "asserts": asserts.collect::<Vec<_>>(),
            "changes": outcome.changed.as_ref().map(changes),
        })
    });
    json!({ "schema": 1, "tool": Tool::THIS, "scenarios": scenarios.collect::<Vec<_>>() })
}

fn tap(outcomes: &[Outcome]) -> String {
    let all: usize = outcomes.iter().map(|outcome| outcome.checked.len()).sum();
    let mut out = format!("TAP version 14\n1..{all}\n");
    let mut number = 0;
    for outcome in outcomes {
        for checked in &outcome.checked {
            number += 1;
            let ok = if checked.finding.verdict == Verdict::Fail { "not ok" } else { "ok" };
            let text = format!("{}: {}: {}", outcome.label(), checked.expectation, checked.text);
            let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let text = text.replace('\\', "\\\\").replace('#', "\\#");
            let skip = if checked.finding.verdict == Verdict::Undecided { " # SKIP undecided" } else { "" };
            out += &format!("{ok} {number} - {text}{skip}\n");
            if checked.finding.verdict != Verdict::Pass {
                // A JSON text is a YAML text.
                let (at, why) = (json!(place(checked)), json!(reason(checked)));
                out += &format!("  ---\n  at: {at}\n  message: {why}\n  ...\n");
            }
        }
    }
    out
}

fn github(outcomes: &[Outcome]) -> String {
    let mut out = String::new();
    for outcome in outcomes {
        for checked in outcome.checked.iter().filter(|each| each.finding.verdict != Verdict::Pass) {
            let level = if checked.finding.verdict == Verdict::Fail { "error" } else { "warning" };
            let place = checked.place.as_ref().map(|place| {
                let file = property(&place.label);
                format!("file={file},line={},col={},", place.line, place.column)
            });
            let title = property(&format!("{}: {}", outcome.label(), checked.expectation));
            let message = message(&format!("{}: {}", checked.text, reason(checked)));
            out += &format!("::{level} {}title={title}::{message}\n", place.unwrap_or_default());
        }
        out += &format!("{} {}\n", outcome.label(), summary(outcome)).replace("::", ": :");
    }
    out + &format!("{}\n", total(outcomes))
}

/// What a workflow command takes as its message.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What it takes as a property.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
