//! A comparison as tables that a person understands: differences first, then why, then at what price.

use super::figure::{self, difference, value};
use super::human::{count, devices, duration, short_duration, trimmed};
use super::table::{Align, Table};
use crate::comparison::{Comparison, Moves, PairedFigure};
use crate::figure::{Figure, Moment};
use crate::record::Outcome;
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
        let chosen = comparison.verdict.figure;
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
    let mut section = |title: &str, keep_zero: bool, figures: Vec<Figure>, label: fn(Figure) -> String| {
        let found: Vec<&PairedFigure> = figures.iter().filter_map(|figure| comparison.get(*figure)).collect();
        let is_shown = |found: &&&PairedFigure| {
            keep_zero || [0, arm].iter().any(|arm| found.values[*arm].is_some_and(|value| value > 0.0))
        };
        let shown: Vec<_> = found.iter().filter(is_shown).collect();
        if !shown.is_empty() {
            table.row([title]);
        }
        for found in shown {
            let figure = found.figure;
            table.part([
                label(figure),
                difference(figure, found.difference[arm], found.interval(arm)),
                value(figure, found.values[arm]),
                value(figure, found.values[0]),
                found.variance_reduction[arm].map_or("-".into(), factor),
            ]);
        }
    };
    let of = |family: fn(&Figure) -> bool| Figure::listed().filter(family).collect::<Vec<_>>();
    let mut causes = of(|figure| matches!(figure, Figure::DelayCause(_)));
    let change =
        |cause: &Figure| comparison.get(*cause).and_then(|found| found.difference[arm]).unwrap_or(0.0);
    causes.sort_by(|a, b| change(b).abs().total_cmp(&change(a).abs()));
    let chosen = Some(comparison.verdict.figure).filter(|chosen| !chosen.is_kept());
    section("asked about", true, chosen.into_iter().collect(), figure::name);
    section("told", true, Figure::FIRST.family(), |figure| figure::name(figure).replace("told ", ""));
    section("latency", true, figure::percentiles_first(), |figure| match figure {
        Figure::Latency(Moment::Mean) => "mean of told mail".into(),
        percentile => figure::argument(percentile),
    });
    let outcomes = of(|figure| matches!(figure, Figure::Outcomes(_)));
    section("mail", false, outcomes, figure::argument);
    section("why told mail waited, per mail", false, causes, figure::argument);
    section("checks", false, of(|figure| matches!(figure, Figure::ChecksWith(_))), figure::argument);
    section("the price", true, Figure::prices(), figure::name);
    table
}

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
