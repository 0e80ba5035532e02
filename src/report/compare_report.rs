//! A comparison as tables that a person understands, differences first, then why, then at what price; and as a
//! report.

use super::arm::Arm;
use super::arm_charts::arm_charts;
use super::by_table::shown;
use super::by_worth::{is_judged, part_table, worth_sentence, wrapped};
use super::document::{Report, begun};
use super::figure::{self, difference, value};
use super::human::{ONE_READER, capitalised, count, devices, listed, short_duration, simulated, trimmed};
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::comparison::{Comparison, Moves, PairedFigure};
use crate::figure::Figure;
use crate::record::Outcome;
use crate::scenario::Scenario;
use crate::slice::Dimension;
use std::path::Path;

/// Puts the report of a comparison together.
pub fn compare_report(
    scenarios: &[(String, Scenario)],
    comparison: &Comparison,
    arms: &[Arm<'_>],
    asked: &[Dimension],
) -> Report {
    let named: Vec<_> = scenarios.iter().map(|(label, scenario)| (label.as_str(), scenario)).collect();
    let facts = comparison.arms.iter().flat_map(|arm| {
        [("Fingerprint", &arm.prints.fingerprint), ("Books", &arm.prints.books)]
            .map(|(name, print)| (format!("{name} of {}", arm.label), print.clone()))
    });
    let mut tables = Vec::new();
    for (arm, moves) in (1..).zip(&comparison.moves) {
        let label = &comparison.arms[arm].label;
        let first = &comparison.arms[0].label;
        let caption = format!(
            "{label} against {first}: difference with its 95 % interval, and by what factor pairing made its \
             variance smaller than independent seeds would have"
        );
        tables.push(differences(comparison, arm).captioned(caption));
        let caption = format!("{}; {}", capitalised(&fates(moves)), sooner_and_later(moves));
        tables.push(matrix(comparison, moves).captioned(caption));
    }
    for by in shown(&comparison.by, asked) {
        for arm in 1..comparison.arms.len() {
            let caption = format!("By {}: {}", by.dimension.words(), comparison.arms[arm].label);
            tables.push(part_table(comparison, by, arm).captioned(caption));
        }
    }
    let about = &comparison.scenario;
    Report {
        title: title(comparison),
        verdict: verdict(comparison, asked),
        warnings: warnings(comparison).collect(),
        tables,
        charts: arm_charts(arms),
        ..begun(&named, about.devices, facts, &about.command)
    }
}

/// A sentence for each arm, and one more of its parts.
fn verdict(comparison: &Comparison, asked: &[Dimension]) -> Vec<String> {
    let mut sentences = Vec::new();
    for (arm, finding) in (1..).zip(&comparison.verdict.findings) {
        sentences.push(finding.sentence.clone());
        let by = shown(&comparison.by, asked).into_iter().filter(|by| is_judged(by.dimension));
        sentences.extend(by.map(|by| worth_sentence(comparison, by, arm)));
    }
    sentences
}

fn warnings(comparison: &Comparison) -> impl Iterator<Item = String> {
    let arms = comparison.arms.iter();
    arms.flat_map(|arm| arm.warnings.iter().map(|warning| format!("{}: {warning}", arm.label)))
}

fn title(comparison: &Comparison) -> String {
    let labels: Vec<String> = comparison.arms.iter().map(|arm| arm.label.clone()).collect();
    match labels.as_slice() {
        [first, other] => format!("What does {other} change in {first}?"),
        labels => format!("How do {} compare?", listed(labels)),
    }
}

/// Everything that is printed of a comparison.
pub fn compare_table(comparison: &Comparison, asked: &[Dimension], out: Option<&Path>) -> String {
    let about = &comparison.scenario;
    let who = format!("{} in every arm", devices(about.devices));
    let mut text = simulated(&who, about.measured_days, about.warmup_days, about.seed);
    for (arm, moves) in (1..).zip(&comparison.moves) {
        let sentence = &comparison.verdict.findings[arm - 1].sentence;
        let (matrix, times) = (matrix(comparison, moves), sooner_and_later(moves));
        text += &format!("\n{sentence}\n\n{}", differences(comparison, arm));
        text += &format!("\n{}\n{matrix}{times}\n", fates(moves));
        for by in shown(&comparison.by, asked) {
            text += &format!("\n{}", part_table(comparison, by, arm));
            if is_judged(by.dimension) {
                text += &wrapped(&worth_sentence(comparison, by, arm));
            }
        }
    }
    warnings(comparison).for_each(|warning| text += &format!("\nwarning: {warning}\n"));
    text += &format!(
        "\n\"variance\" is by what factor pairing made that of the difference smaller than independent seeds \
         would have.\n{ONE_READER}\n{} numbers of these runs have no source (bgsim assumptions lists them; bgsim sensitivity \
         shows which matter).\n",
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
        let (wanted, at) = (shown(precision.wanted), devices(about.devices));
        text += &format!("precision of {chosen}: ± {reached}, asked for ± {wanted}; {why}, at {at}\n");
    }
    text + &out.map_or(String::new(), |out| format!("record in {}\n", out.display()))
}

/// The figures of one arm beside those of the first.
fn differences(comparison: &Comparison, arm: usize) -> Table {
    let labels = [arm, 0].map(|arm| super::labels::shortened(&comparison.arms[arm].label, 28));
    let mut table = Table::new(&[
        ("", Left),
        ("difference [95 % interval]", Left),
        (&labels[0], Right),
        (&labels[1], Right),
        ("variance", Right),
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
    section("latency", true, figure::percentiles_first(), figure::moment);
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
fn fates(moves: &Moves) -> String {
    format!("the same {} mails: {} have another outcome", count(moves.mails()), count(moves.moved()))
}

/// How the same mails fared: outcomes in the first arm down, in the other across.
fn matrix(comparison: &Comparison, moves: &Moves) -> Table {
    let first = &comparison.arms[0].label;
    let used = |outcome: &Outcome| {
        let index = *outcome as usize;
        moves.outcomes[index].iter().sum::<u64>() + moves.outcomes.iter().map(|row| row[index]).sum::<u64>()
            > 0
    };
    let outcomes: Vec<Outcome> = Outcome::ALL.into_iter().filter(used).collect();
    let head = |place: usize| outcomes.get(place).map_or(String::new(), |to| format!("now {}", to.name()));
    let mut columns = vec![(format!("with {}", super::labels::shortened(first, 28)), Left)];
    columns.extend((0..Outcome::ALL.len()).map(|place| (head(place), Right)));
    let mut table = Table::new(&columns);
    for from in &outcomes {
        let counts = outcomes.iter().map(|to| count(moves.outcomes[*from as usize][*to as usize]));
        table.row([from.name().to_string()].into_iter().chain(counts));
    }
    table
}

/// How much sooner or later the same mails were told.
fn sooner_and_later(moves: &Moves) -> String {
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
