//! The report of a test on a terminal, and as Markdown for a review.

use super::human::ONE_READER;
use super::table::Align::Left;
use super::table::Table;
use super::test_words::{BASELINE, both_errors, changes, fewer, next_time, reason, summary, told_changes};
use super::wrap::paragraph;
use crate::expectation::{Checked, KINDS, Outcome, SuiteOutcome, Verdict, exercised};

/// As wide as lists are.
const WIDTH: usize = 80;

/// How much is told on a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// What is the matter.
    Brief,
    /// All that was asserted too, with what was found, how long it took, and what was exercised.
    Full,
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Undecided => "undecided",
        Verdict::Fail => "FAIL",
    }
}

/// Where an assertion stands: `file:line:column`.
pub(super) fn place(checked: &Checked) -> String {
    let place = checked.place.as_ref();
    place.map(|place| format!("{}:{}:{}", place.label, place.line, place.column)).unwrap_or_default()
}

/// A line for each scenario, then the details of what failed or could not be decided, might not be decided the next
/// time, or has changed.
pub fn text(suite: &SuiteOutcome, detail: Detail) -> String {
    let outcomes = &suite.outcomes;
    let mut table = Table::new(&[("", Left), ("", Left), ("", Left)]);
    for outcome in outcomes {
        table.row([word(outcome.verdict()), &outcome.label(), &summary(outcome)]);
    }
    let mut out = table.to_string();
    if detail == Detail::Full {
        out += &outcomes.iter().map(holds).collect::<String>();
    }
    for outcome in outcomes {
        if let Some(fault) = &outcome.fault {
            out +=
                &format!("\n{} {}: {BASELINE}\n  because   {fault}\n", word(Verdict::Fail), outcome.label());
        }
        for (checked, next) in told(outcome) {
            let Checked { expectation, text, .. } = checked;
            let (verdict, at) = (word(checked.verdict()), place(checked));
            out += &format!("\n{verdict} {}: {expectation}\n", outcome.label());
            out += &format!("  asserted  {text}\n  at        {at}\n  because   {}\n", reason(checked));
            next.iter().for_each(|next| out += &format!("  next      {next}\n"));
        }
        if let Some(changed) = told_changes(outcome) {
            out += &format!("\n{}: what is different from the baseline\n", outcome.label());
            changes(changed).iter().for_each(|line| out += &format!("  {line}\n"));
        }
    }
    if detail == Detail::Full {
        out += &exercise(outcomes);
    }
    out + &format!("\n{}\n{}{}\n{ONE_READER}\n", total(outcomes), fewer(suite), both_errors(suite))
}

/// What was asserted of a scenario and holds, with what was found, and how long its devices took.
fn holds(outcome: &Outcome) -> String {
    let held: Vec<&Checked> =
        outcome.checked.iter().filter(|checked| checked.verdict() == Verdict::Pass).collect();
    let time = match outcome.busy.is_zero() {
        true => String::new(),
        false => format!(" ({:.2} s)", outcome.busy.as_secs_f64()),
    };
    let mut out = format!("\n{}{time}\n", outcome.label());
    for checked in held {
        let Checked { expectation, text, .. } = checked;
        out += &format!("  holds     {expectation}: {text}\n            {}\n", reason(checked));
    }
    out
}

/// What the suite has exercised, and what it never did.
fn exercise(outcomes: &[Outcome]) -> String {
    let all = exercised(outcomes);
    let mut out = format!("\nexercised, in so many of {}\n", of_scenarios(outcomes.len()));
    for kind in KINDS {
        let (seen, never): (Vec<_>, Vec<_>) =
            all.iter().filter(|entry| entry.kind == kind).partition(|entry| entry.scenarios > 0);
        let name = kind.replace('_', " ");
        let seen: Vec<String> =
            seen.iter().map(|entry| format!("{}={}", entry.name, entry.scenarios)).collect();
        let never: Vec<String> = never.iter().map(|entry| entry.name.clone()).collect();
        let [seen, never] =
            [seen, never].map(|names| if names.is_empty() { "none".into() } else { names.join(", ") });
        out += &paragraph(&format!("  {name:<13}"), &seen, WIDTH);
        out += &paragraph("    never      ", &never, WIDTH);
    }
    out
}

fn of_scenarios(number: usize) -> String {
    format!("{number} {}", if number == 1 { "scenario" } else { "scenarios" })
}

/// What is told at length, with what is to be expected of the next test.
fn told(outcome: &Outcome) -> impl Iterator<Item = (&Checked, Option<String>)> {
    let each = outcome.checked.iter().map(|checked| (checked, next_time(checked)));
    each.filter(|(checked, next)| checked.verdict() != Verdict::Pass || next.is_some())
}

/// The sum of it in one sentence.
pub(super) fn total(outcomes: &[Outcome]) -> String {
    let count = |verdict| outcomes.iter().filter(|outcome| outcome.verdict() == verdict).count();
    let [passed, undecided, failed] = [Verdict::Pass, Verdict::Undecided, Verdict::Fail].map(count);
    let all = of_scenarios(outcomes.len());
    format!("{all}: {passed} passed, {failed} failed, {undecided} undecided")
}

/// The same as Markdown.
pub fn markdown(suite: &SuiteOutcome) -> String {
    let outcomes = &suite.outcomes;
    let mut out = format!(
        "# Policy tests\n\n{}. {}{} {ONE_READER}\n\n",
        total(outcomes),
        fewer(suite),
        both_errors(suite)
    );
    out += "| verdict | scenario | result |\n|---|---|---|\n";
    for outcome in outcomes {
        let cells = [word(outcome.verdict()), &outcome.label(), &summary(outcome)].map(cell);
        out += &format!("| {} |\n", cells.join(" | "));
    }
    for outcome in outcomes {
        if let Some(fault) = &outcome.fault {
            out += &format!("\n## {} {}: {BASELINE}\n\n", word(Verdict::Fail), cell(outcome.label()));
            out += &format!("```text\n{}\n```\n", fault.replace("```", "'''"));
        }
        for (checked, next) in told(outcome) {
            let heading = format!("{}: {}", outcome.label(), checked.expectation);
            let verdict = word(checked.verdict());
            let text = checked.text.replace('`', "'");
            out += &format!("\n## {verdict} {}\n\n`{text}` (`{}`)\n\n", cell(&heading), place(checked));
            out += &format!("{}.\n", cell(reason(checked)));
            next.iter().for_each(|next| out += &format!("\nNext time: {}.\n", cell(next)));
        }
        if let Some(changed) = told_changes(outcome) {
            let heading = cell(outcome.label());
            out += &format!("\n## {heading}: what is different from the baseline\n\n");
            let lines = changes(changed).join("\n").replace("```", "'''");
            out += &format!("```text\n{lines}\n```\n");
        }
    }
    out
}

/// Text that cannot leave its cell.
fn cell(text: impl AsRef<str>) -> String {
    let escaped = text.as_ref().chars().flat_map(|c| match c {
        '|' | '<' | '*' | '`' | '\\' => vec!['\\', c],
        c if c.is_control() => vec![' '],
        c => vec![c],
    });
    escaped.collect()
}
