//! What was expected and what was found instead, in sentences for somebody who sees them for the first time.

use super::figure;
use super::human::{self, FEW_DEVICES, count, share, trimmed};
use super::odds_words::{chance, doubt, errors};
use super::test_numbers::{Digits, change_apart, exact_length};
use crate::analysis::jackknife::Interval;
use crate::expectation::{
    Change, Changed, Checked, Claim, Found, Known, Limit, Odds, Outcome, Quantity, Ruling, SuiteOutcome,
    Verdict, whose,
};
use crate::figure::{Figure, Unit};
use crate::scenario::Versus;

/// What is promised of a baseline that cannot be used.
pub(super) const BASELINE: &str = "what is compared with the baseline";

/// Why an assertion has its verdict.
pub fn reason(checked: &Checked) -> String {
    let whose = checked.selects.as_ref().map(whose).unwrap_or_default();
    let mut said = half(checked, &checked.finding, &whose);
    if let Some(settings) = &checked.settings {
        said += &format!(". {}", half(checked, settings, &whose));
    }
    said
}

/// Why one half of it has its verdict.
fn half(checked: &Checked, ruling: &Ruling, whose: &str) -> String {
    let devices = format!("on {}{whose}", human::devices(ruling.devices));
    let why = chance(&checked.claim, ruling);
    match (&checked.claim, &ruling.found) {
        (Claim::Figure { quantity, comparison, .. }, Found::Value { value, interval, bound, grown, .. }) => {
            let shown = estimate(*quantity, *value, *interval, *bound);
            let scaled = if *grown == 1.0 { "" } else { " for the scenario's own devices," };
            let shown = match ruling.known {
                Known::AtLeast if value.is_some() => format!("at least {shown}"),
                Known::AtMost if value.is_some() => format!("at most {shown}"),
                _ => shown,
            };
            let wanted = format!("{} {}", comparison.words(), limit(*quantity, *bound));
            let what = name(*quantity);
            format!("{what}: expected {wanted}, found {shown}{scaled} {devices}{why}")
        }
        (Claim::Figure { quantity, .. }, Found::Change { now, before, interval, bound, .. }) => {
            let figure = quantity.figure();
            let apart = (*now).zip(*before).map(|(now, before)| now - before);
            let plain_change =
                || (figure::difference(figure, apart, *interval), figure::change(figure, *bound));
            let (change, bound) =
                change_apart(figure.unit(), apart, *interval, *bound).unwrap_or_else(plain_change);
            let [now, before] = [now, before].map(|value| plain(*quantity, *value));
            let what = name(*quantity);
            let is_settings =
                checked.settings.as_ref().is_some_and(|settings| std::ptr::eq(settings, ruling));
            let apart = match &checked.versus {
                Some(Versus::Arm(arm)) => {
                    format!(
                        "{what} is {now} and in `{}` {before}: a difference of {change} {devices}",
                        arm.name
                    )
                }
                _ if is_settings => format!(
                    "With its settings this version comes to {before} on the same devices: their change is {change}"
                ),
                _ => format!("{what} was {before} in the baseline and is {now}: a change of {change}"),
            };
            format!("{apart}; the bound is {bound}{why}")
        }
        (_, Found::Identical) => "every decision of every device is that of the baseline".into(),
        (_, Found::Breaches(breaches)) => match &checked.first_breach {
            None => format!("never happened {devices}{why}"),
            Some(first) => format!("happened {} times {devices}, first on {first}", count(breaches.count)),
        },
        (Claim::Never(_), _) => String::new(),
    }
}

/// What a product that does not change has to expect of the next test, where it is much.
pub fn next_time(checked: &Checked) -> Option<String> {
    let Claim::Figure { quantity, comparison, limit: written } = &checked.claim else { return None };
    let bound = |bound: f64| {
        let shown = match written {
            Limit::Is(_) if !(0.0..=quantity.unit().most()).contains(&bound) => return None,
            Limit::Is(_) => limit(*quantity, bound),
            Limit::Part(_) => {
                format!("{}{} %", if bound < 0.0 { "" } else { "+" }, trimmed(bound * 100.0, 3))
            }
            Limit::Plus(_) => figure::change(quantity.figure(), Some(bound)),
        };
        Some(format!("{} {shown}", comparison.sign()))
    };
    let product = match checked.versus {
        Some(Versus::Baseline) => "a product that draws anew and is else unchanged",
        _ => "an unchanged product",
    };
    let great = checked.doubt().filter(|doubt| doubt.is_great() && checked.verdict() != Verdict::Fail);
    great.map(|found| doubt(product, found, found.bound.and_then(bound)))
}

/// The two errors of a test, in one sentence.
pub fn both_errors(suite: &SuiteOutcome) -> String {
    let rulings = suite.outcomes.iter().flat_map(|outcome| &outcome.checked).flat_map(Checked::rulings);
    let unseen = rulings.filter_map(|ruling| match ruling.odds {
        Odds::Sure { unseen } if ruling.verdict == Verdict::Pass => unseen,
        _ => None,
    });
    errors(unseen.reduce(f64::max))
}

/// What changed since the baseline, line by line.
pub fn changes(changed: &Changed) -> Vec<String> {
    let mut lines: Vec<String> = changed.keys.iter().map(|key| format!("setting   {key}")).collect();
    let figures = &changed.figures;
    lines.extend(changed.fewer.map(|all| {
        format!("devices   the baseline has {}, of which fewer were simulated", human::devices(all))
    }));
    let lists = [("better", &figures.better), ("worse", &figures.worse), ("changed", &figures.other)];
    for (verdict, list) in lists {
        lines.extend(list.iter().map(|change| format!("{verdict:<9} {}", change_words(change))));
    }
    if !figures.unclear.is_empty() {
        let names = figures.unclear.iter().map(|change| figure::name(change.figure));
        lines.push(format!("unclear   {}", names.collect::<Vec<_>>().join(", ")));
    }
    lines.extend(changed.lost.as_ref().map(|why| format!("unpaired  compared with the record alone: {why}")));
    match &changed.divergence {
        Some(found) => {
            let [old, new] = found.events.clone().map(|event| event.unwrap_or_else(|| "nothing more".into()));
            let shared = count(found.shared as u64);
            lines.push(format!("parts     device {} after {shared} events in common", found.device));
            lines.push(format!("  before  {old}"));
            lines.push(format!("  now     {new}"));
        }
        None if changed.keys.is_empty() && changed.fewer.is_none() => lines.push(format!(
            "parts     the settings are the same, so the program itself changed since version {}",
            changed.version
        )),
        None => {}
    }
    lines
}

/// What is told of a scenario that is different from its baseline: of one that keeps its promises with the same
/// settings, only on fewer devices, nothing.
pub fn told_changes(outcome: &Outcome) -> Option<&Changed> {
    outcome.changed.as_ref().filter(|_| !is_only_fewer(outcome))
}

fn is_only_fewer(outcome: &Outcome) -> bool {
    let is_fewer = |changed: &Changed| changed.fewer.is_some() && changed.keys.is_empty();
    outcome.verdict() == Verdict::Pass && outcome.changed.as_ref().is_some_and(is_fewer)
}

/// Of how many scenarios nothing more was said than that they were compared on fewer devices; empty if of none.
pub fn fewer(suite: &SuiteOutcome) -> String {
    let number = suite.outcomes.iter().filter(|outcome| is_only_fewer(outcome)).count();
    match number {
        0 => String::new(),
        1 => "1 scenario was compared on fewer devices than its baseline has.\n".into(),
        _ => format!("{number} scenarios were compared on fewer devices than their baselines have.\n"),
    }
}

/// What a scenario came to, in a few words.
pub fn summary(outcome: &Outcome) -> String {
    let all = outcome.checked.len();
    let devices = human::devices(outcome.devices);
    let [failed, undecided] = [Verdict::Fail, Verdict::Undecided].map(|verdict| outcome.count(verdict));
    let of = |number: usize, word: &str| format!("{number} of {all} {word}, ");
    let words = match (all, failed, undecided) {
        _ if outcome.fault.is_some() => {
            let rest = if all > 0 { format!("; {failed} of {all} others failed") } else { String::new() };
            format!("its baseline cannot be used{rest}, ")
        }
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
    let alone = match quantity.figure() {
        ended @ Figure::Terminations(_) => format!("processes ended by {}", figure::argument(ended)),
        figure => figure::name(figure),
    };
    match (quantity, quantity.figure().facts().whole) {
        (Quantity::Share { .. }, Some((_, whole))) => format!("{alone} as a share of all {whole}"),
        _ => alone,
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
        Unit::Seconds => exact_length(bound),
        Unit::Count if bound.fract() == 0.0 => count(bound as u64),
        Unit::Count => trimmed(bound, 6),
        unit @ (Unit::HoursPerDay | Unit::PerDay(_)) => format!("{} {}", trimmed(bound, 6), unit.name()),
    }
}

/// A value beside its bound, with its interval.
fn estimate(quantity: Quantity, value: Option<f64>, interval: Option<Interval>, bound: f64) -> String {
    let Some(number) = value.filter(|value| value.is_finite()) else { return plain(quantity, value) };
    let digits = Digits::apart(quantity.unit(), number, bound);
    let few =
        if interval.is_none() && is_estimate(quantity) { format!(" ({FEW_DEVICES})") } else { String::new() };
    digits.shown(number) + &digits.interval(interval) + &few
}

/// Whether it is said of it that few devices carry it: of shares and lengths of time.
fn is_estimate(quantity: Quantity) -> bool {
    matches!(quantity.unit(), Unit::Share | Unit::Seconds)
}
