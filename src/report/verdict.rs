//! What a comparison says, in one sentence of plain words.

use super::figure::{self, Kind, size, tail, value};
use super::human::{count, duration};
use crate::comparison::{Comparison, OTHER_WORKING_HOURS, PairedFigure};

const MEDIAN: &str = "mail.latency_s.p50";

/// The sentence for one arm against the first.
pub fn sentence(comparison: &Comparison, arm: usize) -> String {
    let label = &comparison.arms[arm].label;
    let Some(chosen) = comparison.get(&comparison.verdict.figure) else {
        return format!("With {label}: there is no such figure.");
    };
    if comparison.arms[arm].warnings.iter().any(|warning| warning.code == OTHER_WORKING_HOURS)
        && is_of_waits(&chosen.name)
    {
        return format!(
            "With {label}, {}. That is no comparison: its working hours are not those of {}, so it is over other mail.",
            states(chosen, arm),
            comparison.arms[0].label
        );
    }
    let (Some(found), Some(seen)) = (chosen.difference[arm], chosen.sees_difference(arm)) else {
        return format!(
            "With {label}, {}, but the run is too small to tell whether they differ.",
            states(chosen, arm)
        );
    };
    let (size, interval) = size(&chosen.name, found, chosen.interval(arm));
    let moves = &comparison.moves[arm - 1];
    if !seen && moves.moved() + moves.sooner.total() + moves.later.total() == 0 {
        return format!(
            "No difference that this run can see: with {label}, each of the {} mails fares as before.",
            count(moves.mails())
        );
    }
    if !seen {
        let signed = figure::difference(&chosen.name, Some(found), chosen.interval(arm));
        let needed = match comparison.verdict.findings[arm - 1].devices_needed {
            Some(devices) => {
                format!("about {} devices would be needed to see a difference of that size", at_most(devices))
            }
            None => "and nothing in it suggests that more devices would show one".into(),
        };
        return format!(
            "No difference that this run can see: with {label}, {} ({signed}); {needed}.",
            states(chosen, arm)
        );
    }
    let chosen_words = format!(
        "{}, {size} {} (95 % interval {interval})",
        states(chosen, arm),
        direction(&chosen.name, found)
    );
    let median = comparison.get(MEDIAN).filter(|_| chosen.name != MEDIAN).and_then(|median| {
        let found = median.difference[arm].filter(|_| median.sees_difference(arm) == Some(true))?;
        let (size, interval) = figure::size(MEDIAN, found, median.interval(arm));
        Some(format!(
            ", and half of the mail is told {size} {} (95 % interval {interval})",
            direction(MEDIAN, found)
        ))
    });
    format!("With {label}, {chosen_words}{}.", median.unwrap_or_default())
}

/// Whether a figure is over mail from inside working hours alone.
fn is_of_waits(path: &str) -> bool {
    ["mail.told_within.", "mail.latency_s.", "mail.delay_causes_s."]
        .iter()
        .any(|group| path.starts_with(group))
}

/// A number of devices, rounded as an estimate deserves.
fn at_most(devices: u64) -> String {
    let step = 10_u64.pow(devices.max(10).ilog10() - 1);
    match devices {
        100_000_000.. => "more than 100 million".into(),
        _ => count(devices.div_ceil(step) * step),
    }
}

/// Both values of a figure.
fn states(figure: &PairedFigure, arm: usize) -> String {
    let path = figure.name.as_str();
    let shown = |arm: usize| value(path, figure.values[arm]);
    let (now, before) = (shown(arm), shown(0));
    let instead = if now == before { "as before".into() } else { format!("instead of {before}") };
    match Kind::of(path) {
        Kind::Share => {
            let within = duration(tail(path).parse().unwrap_or_default());
            format!("{now} of the mail is told within {within} {instead}")
        }
        Kind::Seconds if path == "mail.latency_s.mean" => {
            format!("mail is told after {now} on average {instead}")
        }
        Kind::Seconds if path.starts_with("mail.latency_s.") => {
            let part = match tail(path) {
                "p50" => "half".into(),
                percentile => format!("{} %", percentile.trim_start_matches('p')),
            };
            format!("{part} of the mail is told within {now} {instead}")
        }
        _ => format!("the figure `{}` is {now} {instead}", figure::name(path)),
    }
}

fn direction(path: &str, difference: f64) -> &'static str {
    match (path.starts_with("mail.latency_s."), difference < 0.0) {
        (true, true) => "sooner",
        (true, false) => "later",
        (false, true) => "less",
        (false, false) => "more",
    }
}
