//! What a comparison says, in one sentence of plain words.

use super::figure::{self, size, value};
use super::findings::which_mail;
use super::human::{count, duration};
use super::paint::{Paint, Role};
use crate::comparison::{Comparison, OTHER_WORKING_HOURS, PairedFigure};
use crate::figure::{Direction, Figure, Moment, Percentile};
use crate::lint::Warning;

/// The sentence for one arm against the first.
pub fn sentence(comparison: &Comparison, arm: usize) -> String {
    painted(comparison, arm, Paint::Plain)
}

/// The same with what is better or worse painted so.
pub(super) fn painted(comparison: &Comparison, arm: usize, paint: Paint) -> String {
    let label = &comparison.arms[arm].label;
    let Some(chosen) = comparison.get(comparison.verdict.figure) else {
        return format!("With {label}: there is no such figure.");
    };
    let other_hours = |warning: &Warning| warning.code == OTHER_WORKING_HOURS;
    let is_other = comparison.arms[arm].warnings.iter().any(other_hours);
    let mail = if is_other { "mail in the hours of each arm" } else { which_mail(comparison.has_hours()) };
    let states = states(chosen, arm, mail);
    if chosen.figure.is_of_waits() && is_other {
        return format!(
            "With {label}, {states}. That is no comparison: its working hours are not those of {}, so it is over \
             other mail.",
            comparison.arms[0].label
        );
    }
    let (Some(found), Some(seen)) = (chosen.difference[arm], chosen.sees_difference(arm)) else {
        // Where there is nothing to measure, no run is large enough.
        return match (chosen.lacks[arm], chosen.lacks[0]) {
            (Some(lacks), _) => format!("With {label}, {states}: {lacks}."),
            (None, Some(lacks)) => {
                format!("With {label}, {states}: with {} {lacks}.", comparison.arms[0].label)
            }
            (None, None) => {
                format!("With {label}, {states}, but the run is too small to tell whether they differ.")
            }
        };
    };
    let (size, interval) = size(chosen.figure, found, chosen.interval(arm));
    let moves = &comparison.moves[arm - 1];
    if !seen && moves.moved() + moves.sooner.total() + moves.later.total() == 0 {
        return format!(
            "No difference that this run can see: with {label}, each of the {} mails fares as before.",
            count(moves.mails())
        );
    }
    if !seen {
        let signed = figure::difference(chosen.figure, Some(found), chosen.interval(arm));
        let needed = match comparison.verdict.findings[arm - 1].devices_needed {
            Some(devices) => {
                format!("about {} devices would be needed to see a difference of that size", at_most(devices))
            }
            None => "and nothing in it suggests that more devices would show one".into(),
        };
        return format!("No difference that this run can see: with {label}, {states} ({signed}); {needed}.");
    }
    let median = comparison.get(Figure::MEDIAN).filter(|_| chosen.figure != Figure::MEDIAN);
    let median = median.and_then(|median| {
        let found = median.difference[arm].filter(|_| median.sees_difference(arm) == Some(true))?;
        let (size, interval) = figure::size(Figure::MEDIAN, found, median.interval(arm));
        let moved = moved(Figure::MEDIAN, &size, found) + &interval;
        Some(format!(", and {}", said(paint, median, arm, &moved)))
    });
    let stop = if matches!(chosen.figure, Figure::Latency(_)) { ":" } else { "," };
    let moved = moved(chosen.figure, &size, found) + &interval;
    let (moved, median) = (said(paint, chosen, arm, &moved), median.unwrap_or_default());
    format!("With {label}, {states}{stop} {moved}{median}.")
}

fn said(paint: Paint, found: &PairedFigure, arm: usize, text: &str) -> String {
    better_or_worse(found, arm).map_or_else(|| text.into(), |role| paint.say(role, text))
}

/// Whether an arm is better or worse than the first, where the run sees that and one way is better.
pub(super) fn better_or_worse(found: &PairedFigure, arm: usize) -> Option<Role> {
    let difference = found.difference[arm].filter(|_| found.sees_difference(arm) == Some(true))?;
    let is_better = match found.figure.facts().better? {
        Direction::More => difference > 0.0,
        Direction::Less => difference < 0.0,
    };
    Some(if is_better { Role::Better } else { Role::Worse })
}

/// A number of devices, rounded as an estimate deserves.
fn at_most(devices: u64) -> String {
    let step = 10_u64.pow(devices.max(10).ilog10() - 1);
    match devices {
        100_000_000.. => "more than 100 million".into(),
        _ => count(devices.div_ceil(step) * step),
    }
}

/// Both values of a figure, which is over this mail if it is over mail.
fn states(paired: &PairedFigure, arm: usize, mail: &str) -> String {
    let shown = |arm: usize| value(paired.figure, paired.values[arm]);
    let (now, before) = (shown(arm), shown(0));
    let instead = if now == before { "as before".into() } else { format!("instead of {before}") };
    match paired.figure {
        Figure::ToldWithin(within) => {
            format!("{now} of the {mail} is told within {} {instead}", duration(within))
        }
        Figure::Latency(Moment::Mean) => format!("{mail} is told after {now} on average {instead}"),
        Figure::Latency(Moment::Percentile(part)) => {
            let part = match part {
                Percentile::MEDIAN => "half".into(),
                part => format!("{} %", part.percent()),
            };
            format!("{part} of the {mail} is told within {now} {instead}")
        }
        other => format!("the figure `{}` is {now} {instead}", figure::name(other)),
    }
}

/// By how much a figure moved, and which way. A percentile that is shorter does not say that any mail is
/// told sooner by as much.
fn moved(figure: Figure, size: &str, difference: f64) -> String {
    let is_less = difference < 0.0;
    let latency = match figure {
        Figure::Latency(Moment::Mean) => "mean latency".into(),
        Figure::MEDIAN => "median latency".into(),
        Figure::Latency(Moment::Percentile(part)) => format!("latency p{}", part.percent()),
        _ => return format!("{size} {}", if is_less { "less" } else { "more" }),
    };
    format!("the {latency} is {size} {}", if is_less { "shorter" } else { "longer" })
}
