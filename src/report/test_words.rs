//! What was expected and what was found instead, in sentences for somebody who sees them for the first time.

use super::figure;
use super::human::{self, count, duration_estimate, share, share_estimate, trimmed};
use crate::analysis::jackknife::Interval;
use crate::expectation::{Change, Changed, Checked, Claim, Found, Outcome, Quantity, Verdict, whose};
use crate::figure::Unit;
use crate::scenario::Versus;

/// Why an assertion has its verdict.
pub fn reason(checked: &Checked) -> String {
    let whose = checked.selects.as_ref().map(whose).unwrap_or_default();
    let devices = format!("on {}{whose}", human::devices(checked.finding.devices));
    match (&checked.claim, &checked.finding.found) {
        (Claim::Figure { quantity, comparison, .. }, Found::Value { value, interval, bound, exact }) => {
            let shown = estimate(*quantity, *value, *interval);
            let wanted = format!("{} {}", comparison.words(), limit(*quantity, *bound));
            let what = name(*quantity);
            let why = match (checked.finding.verdict, exact) {
                (_, true) => "",
                (Verdict::Pass, _) => "; the whole 95 % interval keeps the bound",
                (Verdict::Fail, _) => "; the whole 95 % interval breaks the bound, so this is not chance",
                (Verdict::Undecided, _) if value.is_none() => "; the run is too small to tell",
                (Verdict::Undecided, _) if interval.is_none() => "; too few devices carry it to tell",
                (Verdict::Undecided, _) => "; the 95 % interval lies on both sides of the bound",
            };
            format!("{what}: expected {wanted}, found {shown} {devices}{why}")
        }
        (Claim::Figure { quantity, .. }, Found::Change { now, before, interval, bound }) => {
            let figure = quantity.figure();
            let apart = (*now).zip(*before).map(|(now, before)| now - before);
            let change = figure::difference(figure, apart, *interval);
            let bound = figure::change(figure, *bound);
            let why = match checked.finding.verdict {
                Verdict::Pass => "which the whole 95 % interval keeps",
                Verdict::Fail => "which the whole 95 % interval breaks",
                Verdict::Undecided if interval.is_none() => "and too few devices carry it to tell",
                Verdict::Undecided => "and the 95 % interval lies on both sides of that",
            };
            let [now, before] = [now, before].map(|value| plain(*quantity, *value));
            let what = name(*quantity);
            let apart = match &checked.versus {
                Some(Versus::Arm(arm)) => {
                    format!(
                        "{what} is {now} and in `{}` {before}: a difference of {change} {devices}",
                        arm.name
                    )
                }
                _ => format!("{what} was {before} in the baseline and is {now}: a change of {change}"),
            };
            format!("{apart}; the bound is {bound}, {why}")
        }
        (_, Found::Identical) => "every decision of every device is that of the baseline".into(),
        (_, Found::Breaches(breaches)) => match &checked.first_breach {
            None => format!("never happened {devices}"),
            Some(first) => format!("happened {} times {devices}, first on {first}", count(breaches.count)),
        },
        (Claim::Never(_), _) => String::new(),
    }
}

/// What changed since the baseline, line by line.
pub fn changes(changed: &Changed) -> Vec<String> {
    let mut lines: Vec<String> = changed.keys.iter().map(|key| format!("setting   {key}")).collect();
    let figures = &changed.figures;
    let lists = [("better", &figures.better), ("worse", &figures.worse), ("changed", &figures.other)];
    for (verdict, list) in lists {
        lines.extend(list.iter().map(|change| format!("{verdict:<9} {}", change_words(change))));
    }
    if !figures.unclear.is_empty() {
        let names = figures.unclear.iter().map(|change| figure::name(change.figure));
        lines.push(format!("unclear   {}", names.collect::<Vec<_>>().join(", ")));
    }
    match &changed.divergence {
        Some(found) => {
            let [old, new] = found.events.clone().map(|event| event.unwrap_or_else(|| "nothing more".into()));
            let shared = count(found.shared as u64);
            lines.push(format!("parts     device {} after {shared} events in common", found.device));
            lines.push(format!("  before  {old}"));
            lines.push(format!("  now     {new}"));
        }
        None if changed.keys.is_empty() => lines.push(format!(
            "parts     the settings are the same, so the program itself changed since version {}",
            changed.version
        )),
        None => {}
    }
    lines
}

/// What a scenario came to, in a few words.
pub fn summary(outcome: &Outcome) -> String {
    let all = outcome.checked.len();
    let devices = human::devices(outcome.devices);
    let [failed, undecided] = [Verdict::Fail, Verdict::Undecided].map(|verdict| outcome.count(verdict));
    let of = |number: usize, word: &str| format!("{number} of {all} {word}, ");
    let words = match (all, failed, undecided) {
        (0, ..) => "nothing is expected, ".into(),
        (_, 0, 0) if all == 1 => "1 assertion holds, ".into(),
        (_, 0, 0) => format!("all {all} assertions hold, "),
        (_, 0, _) => of(undecided, "undecided"),
        (_, _, 0) => of(failed, "failed"),
        _ => of(failed, "failed") + &of(undecided, "undecided"),
    };
    let baseline = if outcome.updated { ", baseline written" } else { "" };
    format!("{words}{devices}{baseline}")
}

fn change_words(change: &Change) -> String {
    let apart = change.now.zip(change.before).map(|(now, before)| now - before);
    let [now, before] = [change.now, change.before].map(|value| figure::value(change.figure, value));
    let difference = figure::difference(change.figure, apart, change.interval);
    format!("{}: {before} before, {now} now ({difference})", figure::name(change.figure))
}

fn name(quantity: Quantity) -> String {
    match (quantity, quantity.figure().facts().whole) {
        (Quantity::Share { part, .. }, Some((_, whole))) => {
            format!("a share {} of all {whole}", figure::name(part))
        }
        _ => figure::name(quantity.figure()),
    }
}

fn plain(quantity: Quantity, value: Option<f64>) -> String {
    match quantity.unit() {
        Unit::Share => share(value),
        _ => figure::value(quantity.figure(), value),
    }
}

/// A bound, as exact as it was written.
fn limit(quantity: Quantity, bound: f64) -> String {
    match quantity.unit() {
        Unit::Share => trimmed(bound * 100.0, 6) + " %",
        _ => plain(quantity, Some(bound)),
    }
}

fn estimate(quantity: Quantity, value: Option<f64>, interval: Option<Interval>) -> String {
    match quantity.unit() {
        Unit::Share => share_estimate(value, interval),
        Unit::Seconds => duration_estimate(value, interval),
        _ => {
            let ends = interval.filter(|ends| !ends.is_point());
            let ends = ends.map(|ends| format!(" [{}, {}]", trimmed(ends.low, 2), trimmed(ends.high, 2)));
            plain(quantity, value) + &ends.unwrap_or_default()
        }
    }
}
