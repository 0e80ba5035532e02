//! The report of a test on a terminal, and as Markdown for a review.

use super::human::ONE_READER;
use super::labels::letters;
use super::paint::{Role, Screen};
use super::test_words::{BASELINE, both_errors, changes, fewer, next_time, reason, summary, told_changes};
use crate::expectation::{Checked, KINDS, Outcome, SuiteOutcome, Verdict, exercised};

/// What a report of a suite says that was not tested to its end.
pub(super) const INTERRUPTED: &str = "interrupted before all was tested";

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

/// What is said of a scenario of which nothing is expected: it has passed nothing.
const NONE: &str = "none";

/// The verdict on a scenario, if anything is expected of it.
fn judged(outcome: &Outcome) -> Option<Verdict> {
    (!outcome.checked.is_empty() || outcome.fault.is_some()).then(|| outcome.verdict())
}

const fn role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Pass => Role::Pass,
        Verdict::Undecided => Role::Undecided,
        Verdict::Fail => Role::Fail,
    }
}

/// Where an assertion stands: `file:line:column`.
pub(super) fn place(checked: &Checked) -> String {
    let place = checked.place.as_ref();
    place.map(|place| format!("{}:{}:{}", place.label, place.line, place.column)).unwrap_or_default()
}

/// A line for each scenario, then the details of what failed or could not be decided, might not be decided the next
/// time, or has changed.
pub fn text(suite: &SuiteOutcome, detail: Detail, screen: Screen) -> String {
    let said = |verdict: Verdict| screen.paint.say(role(verdict), word(verdict));
    let outcomes = &suite.outcomes;
    let widest = |of: fn(&Outcome) -> usize| outcomes.iter().map(of).max().unwrap_or(0);
    let verdicts = widest(|outcome| judged(outcome).map_or(NONE, word).len());
    // A name that is longer than the others makes no room for them all narrow.
    let names = widest(|outcome| letters(&outcome.label())).min(screen.width / 3);
    let partly = partly(suite);
    let mut out = partly.iter().map(|partly| screen.paragraph("", partly) + "\n").collect::<String>();
    for outcome in outcomes {
        let verdict = judged(outcome);
        let gap = " ".repeat(verdicts - verdict.map_or(NONE, word).len());
        let verdict = verdict.map_or(NONE.into(), said);
        let label = format!("{verdict}{gap}  {:<names$}  ", outcome.label());
        out += &screen.paragraph(&label, &summary(outcome));
    }
    if detail == Detail::Full {
        out += &outcomes.iter().map(|outcome| holds(outcome, screen)).collect::<String>();
    }
    for outcome in outcomes {
        if let Some(fault) = &outcome.fault {
            out += &format!("\n{} {}: {BASELINE}\n", said(Verdict::Fail), outcome.label());
            let mut lines = fault.lines();
            out += &screen.paragraph("  because   ", lines.next().unwrap_or_default());
            lines.for_each(|line| out += &screen.paragraph("            ", line.trim_start()));
        }
        for (checked, next) in told(outcome) {
            let Checked { expectation, text, .. } = checked;
            out += &format!("\n{} {}: {expectation}\n", said(checked.verdict()), outcome.label());
            out += &format!("  asserted  {text}\n  at        {}\n", place(checked));
            out += &screen.paragraph("  because   ", &reason(checked));
            next.iter().for_each(|next| out += &screen.paragraph("  next      ", next));
        }
        if let Some(changed) = told_changes(outcome) {
            out += &format!("\n{}: what is different from the baseline\n", outcome.label());
            for line in changes(changed) {
                let (label, said) = line.split_at_checked(CHANGE).unwrap_or((&line, ""));
                out += &screen.paragraph(&format!("  {label}"), said);
            }
        }
    }
    if detail == Detail::Full {
        out += &exercise(outcomes, screen);
    }
    let ends = [total(outcomes), fewer(suite).trim_end().into(), both_errors(suite), ONE_READER.into()];
    let said = ends.iter().filter(|sentence| !sentence.is_empty());
    out + "\n" + &said.map(|sentence| screen.paragraph("", sentence)).collect::<String>()
}

/// What says of a change which way it went is so wide, with the gap behind it.
const CHANGE: usize = 10;

/// What was asserted of a scenario and holds, with what was found, and how long its devices took.
fn holds(outcome: &Outcome, screen: Screen) -> String {
    let held: Vec<&Checked> =
        outcome.checked.iter().filter(|checked| checked.verdict() == Verdict::Pass).collect();
    let time = match outcome.busy.is_zero() {
        true => String::new(),
        false => format!(" ({:.2} s)", outcome.busy.as_secs_f64()),
    };
    let mut out = format!("\n{}{time}\n", outcome.label());
    for checked in held {
        let Checked { expectation, text, .. } = checked;
        out += &screen.paragraph("  holds     ", &format!("{expectation}: {text}"));
        out += &screen.paragraph("            ", &reason(checked));
    }
    out
}

/// What the suite has exercised, and what it never did.
fn exercise(outcomes: &[Outcome], screen: Screen) -> String {
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
        out += &screen.paragraph(&format!("  {name:<13}"), &seen);
        out += &screen.paragraph("    never      ", &never);
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
    let count = |verdict| outcomes.iter().filter(|outcome| judged(outcome) == verdict).count();
    let [passed, undecided, failed] =
        [Verdict::Pass, Verdict::Undecided, Verdict::Fail].map(|verdict| count(Some(verdict)));
    let none = match count(None) {
        0 => String::new(),
        none => format!(", of {none} nothing is expected"),
    };
    let all = of_scenarios(outcomes.len());
    format!("{all}: {passed} passed, {failed} failed, {undecided} undecided{none}")
}

/// What leads a report of a part of a suite.
fn partly(suite: &SuiteOutcome) -> Option<String> {
    suite.is_interrupted.then(|| format!("partial: {INTERRUPTED}"))
}

/// The same as Markdown.
pub fn markdown(suite: &SuiteOutcome) -> String {
    let outcomes = &suite.outcomes;
    let partly = partly(suite).map_or(String::new(), |partly| format!("**{partly}.**\n\n"));
    let mut out = format!(
        "# Policy tests\n\n{partly}{}. {}{} {ONE_READER}\n\n",
        total(outcomes),
        fewer(suite),
        both_errors(suite)
    );
    out += "| verdict | scenario | result |\n|---|---|---|\n";
    for outcome in outcomes {
        let verdict = judged(outcome).map_or(NONE, word);
        let cells = [verdict, &outcome.label(), &summary(outcome)].map(cell);
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
