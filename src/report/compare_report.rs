//! A comparison as tables that a person understands, differences first, then why, then at what price; and as a
//! report.

use super::arm::Arm;
use super::arm_charts::arm_charts;
use super::arms_table::{FEW, arms_table, arms_tables, unbeaten};
use super::by_charts::{compare_charts, with_parts};
use super::by_table::{of_which_mail, shown};
use super::by_worth::{is_judged, part_table, price_sentence, worth_sentence};
use super::choice_words;
use super::document::{Report, begun};
use super::figure::{self, difference, value};
use super::findings;
use super::human::{
    EACH_ALONE, ONE_READER, capitalised, count, devices, listed, short_duration, simulated, trimmed,
};
use super::labels::{letters, shortened};
use super::paint::Screen;
use super::table::Align::{Left, Right};
use super::table::{Cell, Table};
use super::verdict::{better_or_worse, painted};
use crate::comparison::{Comparison, HeldBack, Moves, PairedFigure, PartFound, Precision};
use crate::figure::Standing;
use crate::figure::{Figure, Moment};
use crate::record::Outcome;
use crate::scenario::Scenario;
use crate::slice::{Breakdown, Dimension};
use std::path::Path;

/// So many causes of waiting stand among the figures that decide.
const MOST_CAUSES: usize = 5;

/// Labels of arms above the figures of a part are cut to so many letters, on a screen and on a page.
const LABEL: usize = 11;
const PAGE_LABEL: usize = 28;

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
    let mut tables = arms_tables(comparison);
    for by in shown(&comparison.by, asked) {
        for arm in 1..comparison.arms.len() {
            let mail = in_hours(comparison, by).map_or(String::new(), |mail| format!(". {mail}"));
            let caption = format!("By {}: {}{mail}", by.dimension.words(), comparison.arms[arm].label);
            let table = part_table(comparison, by, arm, PAGE_LABEL).captioned(caption);
            // Of many arms it would stand between the reader and the pictures.
            tables.push(if arms.len() > FEW { table.appended() } else { table });
        }
    }
    for (arm, moves) in (1..).zip(&comparison.moves) {
        let label = &comparison.arms[arm].label;
        let first = &comparison.arms[0].label;
        let caption = format!(
            "{label} against {first}: difference with its 95 % interval, and by what factor pairing made its \
             variance smaller than independent seeds would have"
        );
        tables.push(differences(comparison, arm).captioned(caption).appended());
        let caption = format!("{}; {}", capitalised(&fates(moves)), sooner_and_later(moves));
        tables.push(matrix(comparison, moves).captioned(caption).appended());
    }
    let about = &comparison.scenario;
    let choice: Vec<String> = (arms.len() > 2)
        .then(|| unbeaten(comparison))
        .flatten()
        .into_iter()
        .chain(chosen(comparison))
        .collect();
    let parts = compare_charts(comparison, &shown(&comparison.by, asked), findings::same_mail(arms));
    let report = Report {
        title: title(comparison),
        verdict: verdict(comparison, asked).into_iter().chain(choice.iter().cloned()).collect(),
        in_brief: if arms.len() > FEW { in_brief(choice, arms.len()) } else { Vec::new() },
        warnings: warnings(comparison).collect(),
        tables,
        charts: with_parts(arm_charts(arms, &comparison.moves), parts),
        ..begun(&named, about.devices, facts, &about.command)
    };
    report.interrupted_by(comparison.interrupted)
}

/// What is said of many arms: which of them none beats, or where nothing is to be said of that, that all stand side by side.
fn in_brief(choice: Vec<String>, arms: usize) -> Vec<String> {
    match choice.is_empty() {
        true => vec![format!(
            "What each of these {arms} arms does, and what it is paid with, stands side by side below."
        )],
        false => choice,
    }
}

/// A sentence for each arm, and one more of its parts.
fn verdict(comparison: &Comparison, asked: &[Dimension]) -> Vec<String> {
    let mut sentences = Vec::new();
    for (arm, finding) in (1..).zip(&comparison.verdict.findings) {
        sentences.push(finding.sentence.clone());
        let judged = shown(&comparison.by, asked).into_iter().filter(|by| is_judged(by.dimension));
        let worth: Vec<String> = judged.map(|by| worth_sentence(comparison, by, arm)).collect();
        // Where no part is judged, the price has not been told with them.
        let price = if worth.is_empty() { price_sentence(comparison, arm) } else { None };
        sentences.extend(worth.into_iter().chain(price));
    }
    sentences
}

/// What is best under conditions, where some were given.
fn chosen(comparison: &Comparison) -> Option<String> {
    let labels: Vec<String> = comparison.arms.iter().map(|arm| arm.label.clone()).collect();
    let figure = comparison.verdict.figure;
    let value = |arm: usize| comparison.get(figure)?.values[arm];
    comparison.choice.as_ref().map(|choice| choice_words::choice(choice, figure, &labels, value))
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

/// How much is printed of a comparison, and how wide.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Printed<'a> {
    /// Everything, and not only the rows that decide.
    pub full: bool,
    /// What it is printed on.
    pub screen: Screen,
    /// What it is broken down by, beside groups.
    pub by: &'a [Dimension],
}

/// Everything that is printed of a comparison.
pub fn compare_table(comparison: &Comparison, printed: Printed<'_>, out: Option<&Path>) -> String {
    let Printed { full, screen, by } = printed;
    let about = &comparison.scenario;
    let who = format!("{} in every arm", devices(about.devices));
    let says = |text: &str| screen.paragraph("", text);
    let mut text = says(&simulated(&who, about.measured_days, about.warmup_days, about.seed));
    text += &comparison.interrupted.map_or(String::new(), |interrupted| says(&interrupted.to_string()));
    let is_many = comparison.arms.len() > 2;
    if is_many {
        text += &arms_table(comparison, screen);
    }
    for (arm, moves) in (1..).zip(&comparison.moves) {
        text += &format!("\n{}", says(&painted(comparison, arm, screen.paint)));
        if full {
            text += &format!(
                "\n{}\n{}{}",
                differences(comparison, arm).on(screen),
                says(&fates(moves)),
                matrix(comparison, moves).on(screen)
            );
        } else if !is_many {
            text += &format!("\n{}\n", decisive(comparison, arm, screen));
        }
        let fared = match full {
            true => sooner_and_later(moves),
            false => format!("{}; {}", fates(moves), sooner_and_later(moves)),
        };
        if full || !is_many {
            text += &says(&fared);
        }
        for by in shown(&comparison.by, by) {
            text += &format!("\n{}", part_table(comparison, by, arm, LABEL).on(screen));
            // The mail is the same in every arm: it is said once.
            let mail = (arm == 1).then(|| in_hours(comparison, by)).flatten();
            text += &mail.map_or(String::new(), |mail| says(&mail));
            if is_judged(by.dimension) {
                text += &format!("\n{}", says(&worth_sentence(comparison, by, arm)));
            }
        }
    }
    text += &chosen(comparison).map_or(String::new(), |said| format!("\n{}", says(&said)));
    warnings(comparison).for_each(|about| text += &format!("\n{}", screen.paragraph("warning: ", &about)));
    if full {
        let about = "\"variance\" is by what factor pairing made that of the difference smaller than independent \
                     seeds would have.";
        text += &format!("\n{}", says(about));
        text += &design_effects(comparison).map_or(String::new(), |about| says(&about));
    }
    let sources = format!(
        "{} numbers of these runs have no source (bgsim assumptions lists them; bgsim sensitivity shows which matter).{}",
        comparison.assumed.len(),
        if full { "" } else { " --full shows every figure." }
    );
    let notes = [EACH_ALONE, ONE_READER, &sources].map(says);
    text += &format!("\n{}", notes.concat());
    if let Some(precision) = &comparison.precision {
        text += &says(&precision_reached(comparison, precision));
    }
    text + &out.map_or(String::new(), |out| format!("record in {}\n", out.display()))
}

/// How tight the interval of the chosen figure became, and why the search ended there.
fn precision_reached(comparison: &Comparison, precision: &Precision) -> String {
    let chosen = comparison.verdict.figure;
    let at = devices(comparison.scenario.devices);
    let too_wide = " before the interval was tight enough";
    let (stopped, before) = match precision.stopped_by {
        "precision" => ("stopped because the interval is tight enough", ""),
        "identical" => (
            "stopped because an arm is the first in every event: there is no difference to be precise about",
            "",
        ),
        "max_devices" => ("stopped by --max-devices", too_wide),
        _ => ("interrupted", too_wide),
    };
    let paired = comparison.get(chosen);
    let is_point =
        |arm: &usize| paired.and_then(|paired| paired.interval(*arm)).is_some_and(|ends| ends.is_point());
    match (1..comparison.arms.len()).find(is_point) {
        Some(arm) if precision.stopped_by != "identical" => {
            let is_none = paired.and_then(|paired| paired.difference[arm]) == Some(0.0);
            let alike = if is_none { "nothing differed" } else { "every device differed alike" };
            format!(
                "precision of {chosen}: {alike} on {at} ({}), which does not say that no other would; {stopped}",
                comparison.arms[arm].label
            )
        }
        _ => {
            let shown = |half: f64| figure::size(chosen, half, None).0;
            let reached = precision.reached.map_or("unknown".into(), shown);
            format!(
                "precision of {chosen}: ± {reached}, asked for ± {}; {stopped}{before}, at {at}",
                shown(precision.wanted)
            )
        }
    }
}

/// Of how much of each slice's mail a breakdown is, where its figure is of mail in working hours.
fn in_hours(comparison: &Comparison, by: &Breakdown<PartFound>) -> Option<String> {
    let slices = by.slices.iter().map(|(name, part)| (name, part.in_hours));
    comparison.verdict.figure.is_of_waits().then(|| of_which_mail(slices)).flatten()
}

/// What it was worth to deal devices and to run all arms on the same ones.
fn design_effects(comparison: &Comparison) -> Option<String> {
    let arms = || comparison.arms.iter();
    let levels = arms().filter_map(|arm| Some(format!("{} ({})", arm.design_effect?, arm.label)));
    let apart = arms().filter_map(|arm| {
        Some(format!("{} ({} less the first)", arm.design_effect_of_difference?, arm.label))
    });
    let all: Vec<String> = levels.chain(apart).collect();
    (!all.is_empty()).then(|| {
        format!(
            "Design effect of {}, the variance that its interval stands for over that of as many devices drawn one by \
             one: {}.",
            Figure::FIRST.short(),
            listed(&all)
        )
    })
}

/// The figures of one arm beside those of the first: all of them.
fn differences(comparison: &Comparison, arm: usize) -> Table {
    figures(comparison, arm, true, 28)
}

/// Those that decide, with labels as long as fit.
fn decisive(comparison: &Comparison, arm: usize, screen: Screen) -> String {
    let table = |label: usize| figures(comparison, arm, false, label);
    let fits = |table: &Table| table.to_string().lines().all(|line| letters(line) <= screen.width);
    [28, 20].into_iter().map(table).find(fits).unwrap_or_else(|| table(12)).on(screen)
}

fn figures(comparison: &Comparison, arm: usize, all: bool, label: usize) -> Table {
    let labels = [arm, 0].map(|arm| shortened(&comparison.arms[arm].label, label));
    let columns = [
        ("", Left),
        ("difference [95 % interval]", Left),
        (&labels[0], Right),
        (&labels[1], Right),
        ("variance", Right),
    ];
    let mut table = Table::new(&columns[..if all { 5 } else { 4 }]);
    let mut told: Vec<Figure> = Vec::new();
    let mut section = |title: &str, keep_zero: bool, figures: Vec<Figure>, label: fn(Figure) -> String| {
        let figures: Vec<Figure> = figures.into_iter().filter(|figure| !told.contains(figure)).collect();
        told.extend(&figures);
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
            let role = better_or_worse(found, arm);
            table.part([
                label(figure).into(),
                Cell::saying(role, difference(figure, found.difference[arm], found.interval(arm))),
                value(figure, found.values[arm]).into(),
                value(figure, found.values[0]).into(),
                found.variance_reduction[arm].map_or("-".into(), factor).into(),
            ]);
        }
    };
    let of = |family: fn(&Figure) -> bool| Figure::listed().filter(family).collect::<Vec<_>>();
    let mut causes = of(|figure| matches!(figure, Figure::DelayCause(_)));
    let change =
        |cause: &Figure| comparison.get(*cause).and_then(|found| found.difference[arm]).unwrap_or(0.0);
    causes.sort_by(|a, b| change(b).abs().total_cmp(&change(a).abs()));
    // What a comparison turns on: few rows, those that moved most.
    let decides = |figure: &Figure| {
        all || matches!(figure.facts().standing, Standing::Judged)
            || figure == &Figure::Latency(Moment::RestrictedMean24h)
    };
    causes.truncate(if all { causes.len() } else { MOST_CAUSES });
    let outcomes = of(|figure| matches!(figure, Figure::Outcomes(_)));
    let if_all = |figures: Vec<Figure>| if all { figures } else { Vec::new() };
    let checks = if_all(of(|figure| matches!(figure, Figure::ChecksWith(_))));
    let told_by = if_all(of(|figure| matches!(figure, Figure::ToldBy(_))));
    let moments = figure::percentiles_first().into_iter().filter(decides).collect();
    let chosen = Some(comparison.verdict.figure).filter(|chosen| !chosen.is_kept());
    section("asked about", true, chosen.into_iter().collect(), figure::name);
    section("told", true, Figure::FIRST.family(), |figure| figure::name(figure).replace("told ", ""));
    let mut heard = Figure::HEARD.family();
    let is_known = |found: &PairedFigure| found.values[arm].or(found.values[0]).is_some();
    heard.extend(
        [Figure::DetailAfter].into_iter().filter(|figure| comparison.get(*figure).is_some_and(is_known)),
    );
    section("signalled, or told", true, heard, |figure| figure::name(figure).replace("signalled ", ""));
    section("latency", true, moments, figure::moment);
    section("mail", false, outcomes, figure::argument);
    section("told by", false, told_by, figure::argument);
    section("why told mail waited, per mail", false, causes, figure::argument);
    section("checks", false, checks, figure::argument);
    section("the price", true, Figure::prices(), figure::name);
    section("all else", false, if_all(of(|figure| figure.is_kept())), figure::name);
    table
}

fn factor(reduction: f64) -> String {
    match reduction {
        100.0.. => "÷ > 100".into(),
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
    let mut columns = vec![(format!("with {}", shortened(first, 28)), Left)];
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
    let told = format!(
        "of those told in both: {} sooner, {} later, {} at the same instant",
        by(&moves.sooner),
        by(&moves.later),
        count(moves.same)
    );
    match moves.held_back {
        HeldBack { in_both: 0, only_in_first: 0, only_in_other: 0 } => told,
        HeldBack { in_both, only_in_first, only_in_other } => format!(
            "{told}; held back outside working hours: {} in both, {} only in the first, {} only here",
            count(in_both),
            count(only_in_first),
            count(only_in_other)
        ),
    }
}
