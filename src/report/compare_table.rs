//! A comparison as tables that a person understands: differences first, then why, then at what price.

use super::figure::{self, difference, value};
use super::human::{count, devices, duration, short_duration, trimmed};
use super::table::{Align, Table};
use crate::client::Cause;
use crate::comparison::{Comparison, Moves, PairedFigure};
use crate::record::{Outcome, PERCENTILES, WITHIN};
use crate::signal::ResultKind;
use crate::time::Span;
use std::fmt::Write;

/// Everything that is printed of a comparison.
pub fn compare_table(comparison: &Comparison, out: Option<&str>) -> String {
    let about = &comparison.scenario;
    let mut text = format!(
        "{} in every arm · {} measured after {} of warm-up · seed {}\n",
        devices(about.devices),
        duration(Span::from_secs_f64(about.measured_days * 86_400.0)),
        duration(Span::from_secs_f64(about.warmup_days * 86_400.0)),
        about.seed,
    );
    for (arm, moves) in (1..).zip(&comparison.moves) {
        let _ = writeln!(text, "\n{}\n", comparison.verdict.findings[arm - 1].sentence);
        text += &differences(comparison, arm).to_string();
        let _ =
            write!(text, "\n{}\n{}{}\n", fates(moves), matrix(comparison, moves), sooner_and_later(moves));
    }
    for arm in &comparison.arms {
        for warning in &arm.warnings {
            let _ = writeln!(text, "\nwarning: {}: {warning}", arm.label);
        }
    }
    let _ = writeln!(
        text,
        "\n\"variance\" is by what factor pairing made that of the difference smaller than independent seeds \
         would have.\n{} numbers of these runs have no source (bgsim assumptions lists them; bgsim sensitivity \
         shows which matter).",
        comparison.assumed.len()
    );
    if let Some(precision) = &comparison.precision {
        let chosen = &comparison.verdict.figure;
        let shown = |half: f64| figure::size(chosen, half, None).0;
        let reached = precision.reached.map_or("unknown".into(), shown);
        let why = match precision.stopped_by {
            "precision" => "stopped because the interval is tight enough",
            "max_devices" => "stopped by --max-devices before the interval was tight enough",
            _ => "interrupted before the interval was tight enough",
        };
        let _ = writeln!(
            text,
            "precision of {chosen}: ± {reached}, asked for ± {}; {why}, at {}",
            shown(precision.wanted),
            devices(about.devices)
        );
    }
    if let Some(out) = out {
        let _ = writeln!(text, "record in {out}");
    }
    text
}

/// The figures of one arm beside those of the first.
pub(super) fn differences(comparison: &Comparison, arm: usize) -> Table {
    let labels = [arm, 0].map(|arm| super::labels::shortened(&comparison.arms[arm].label, 28));
    let mut table = Table::new([
        ("", Align::Left),
        ("difference [95 % interval]", Align::Left),
        (&labels[0], Align::Right),
        (&labels[1], Align::Right),
        ("variance", Align::Right),
    ]);
    let mut section = |title: &str, paths: Vec<String>, keep_zero: bool, label: fn(&str) -> String| {
        let found: Vec<&PairedFigure> = paths.iter().filter_map(|path| comparison.get(path)).collect();
        let is_shown = |figure: &&&PairedFigure| {
            keep_zero || [0, arm].iter().any(|arm| figure.values[*arm].is_some_and(|value| value > 0.0))
        };
        let shown: Vec<_> = found.iter().filter(is_shown).collect();
        if !shown.is_empty() {
            table.row([title]);
        }
        for figure in shown {
            let path = figure.name.as_str();
            table.row([
                format!("  {}", label(path)),
                difference(path, figure.difference[arm], figure.interval(arm)),
                value(path, figure.values[arm]),
                value(path, figure.values[0]),
                figure.variance_reduction[arm].map_or("-".into(), factor),
            ]);
        }
    };
    let tail = |path: &str| figure::tail(path).to_string();
    let named = |group: &str, names: &[&str]| names.iter().map(|name| format!("{group}.{name}")).collect();
    section("told", named("mail.told_within", &WITHIN.map(|(name, _)| name)), true, |path| {
        figure::name(path).replace("told ", "")
    });
    let percentiles: Vec<&str> = PERCENTILES.map(|(name, _)| name).into_iter().chain(["mean"]).collect();
    section("latency", named("mail.latency_s", &percentiles), true, |path| match figure::tail(path) {
        "mean" => "mean of told mail".into(),
        percentile => percentile.into(),
    });
    section("mail", named("mail.outcomes", &Outcome::ALL.map(Outcome::name)), false, tail);
    let mut causes: Vec<(f64, &str)> = Cause::ALL
        .iter()
        .map(|cause| {
            let found = comparison.get(&format!("mail.delay_causes_s.{}", cause.name()));
            (found.and_then(|figure| figure.difference[arm]).unwrap_or(0.0), cause.name())
        })
        .collect();
    causes.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let causes: Vec<&str> = causes.into_iter().map(|(_, name)| name).collect();
    section("why told mail waited, per mail", named("mail.delay_causes_s", &causes), false, tail);
    section("checks", named("checks.by_result", &ResultKind::ALL.map(ResultKind::name)), false, tail);
    section("the price", PRICE.map(String::from).to_vec(), true, figure::name);
    table
}

/// What more mail sooner is paid with.
const PRICE: [&str; 4] = [
    "exposure.key_in_reach_while_locked_h_per_day",
    "exposure.key_readable_while_locked_h_per_day",
    "exposure.key_in_memory_while_locked_h_per_day",
    "energy.background_mah_per_day",
];

fn factor(reduction: f64) -> String {
    match reduction {
        10.0.. => format!("÷ {}", count(reduction as u64)),
        _ => format!("÷ {}", trimmed(reduction, 1)),
    }
}

/// How many of the same mails fared differently.
pub(super) fn fates(moves: &Moves) -> String {
    format!("the same {} mails: {} have another outcome", count(moves.mails()), count(moves.moved()))
}

/// How the same mails fared: outcomes in the first arm down, in the other across.
pub(super) fn matrix(comparison: &Comparison, moves: &Moves) -> Table {
    let first = &comparison.arms[0].label;
    let used = |outcome: &Outcome| {
        let index = *outcome as usize;
        moves.outcomes[index].iter().sum::<u64>() + moves.outcomes.iter().map(|row| row[index]).sum::<u64>()
            > 0
    };
    let outcomes: Vec<Outcome> = Outcome::ALL.into_iter().filter(used).collect();
    let head = |place: usize| outcomes.get(place).map_or(String::new(), |to| format!("now {}", to.name()));
    let heads = [0, 1, 2, 3].map(head);
    let corner = format!("with {}", super::labels::shortened(first, 28));
    let mut table = Table::new([
        (corner.as_str(), Align::Left),
        (&heads[0], Align::Right),
        (&heads[1], Align::Right),
        (&heads[2], Align::Right),
        (&heads[3], Align::Right),
    ]);
    for from in &outcomes {
        let counts = outcomes.iter().map(|to| count(moves.outcomes[*from as usize][*to as usize]));
        table.row([from.name().to_string()].into_iter().chain(counts));
    }
    table
}

/// How much sooner or later the same mails were told.
pub(super) fn sooner_and_later(moves: &Moves) -> String {
    let by = |histogram: &crate::analysis::histogram::Histogram| {
        let median = histogram.percentile(0.5).map(short_duration);
        format!("{}{}", count(histogram.total()), median.map_or(String::new(), |m| format!(" (median {m})")))
    };
    format!(
        "of those told in both: {} sooner, {} later, {} at the same instant",
        by(&moves.sooner),
        by(&moves.later),
        count(moves.same)
    )
}
