//! A sensitivity analysis: its conclusion, then the unknowns that matter the most; and as a report.

use super::charts::tornado::{End, Swing};
use super::charts::{Chart, Estimate, Heading, Tornado};
use super::document::{Report, begun};
use super::figure::{alone, difference, name, size};
use super::human::{ONE_READER, capitalised, count, devices, trimmed};
use super::labels::shortened;
use super::paint::Screen;
use super::sensitivity_words::{notes, says};
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::analysis::jackknife::Interval;
use crate::lint::warnings;
use crate::scenario::Scenario;
use crate::sensitivity::{Answer, Effect, Screened, Sensitivity, Unknown};
use std::path::Path;

/// Bars of the chart: more cannot be read on a slide.
const BARS: usize = 15;

/// Puts the report of a sensitivity analysis together.
pub fn sensitivity_report(arms: &[(String, Scenario)], found: &Sensitivity) -> Report {
    let named: Vec<_> = arms.iter().map(|(label, scenario)| (label.as_str(), scenario)).collect();
    let facts = [("Points", found.points), ("Unknown numbers", found.unknowns.len())];
    let facts = facts.map(|(name, number)| (name.to_string(), count(number as u64)));
    let mut tables = vec![
        effects(found, found.unknowns.len()).captioned("Unknown numbers, those that matter the most first"),
    ];
    let questionable = arms.iter().flat_map(|(label, scenario)| {
        warnings(scenario).into_iter().map(move |warning| format!("{label}: {warning}"))
    });
    let not_varied =
        found.skipped.iter().map(|skipped| format!("Not varied: {}, because {}", skipped.key, skipped.why));
    tables.retain(|table| !table.cells.rows.is_empty());
    let verdict = std::iter::once(found.conclusion.clone()).chain(notes(found)).collect();
    let report = Report {
        title: match &found.difference_to {
            Some(arm) => format!("Does the difference that {arm} makes hold over what is unknown?"),
            None => format!("Which unknown numbers matter for {}?", found.scenario.name),
        },
        verdict,
        warnings: questionable.chain(not_varied).collect(),
        tables,
        charts: vec![Chart::from(tornado(found)).filed(None)],
        ..begun(&named, found.scenario.devices.into(), facts, &found.scenario.command)
    };
    report.interrupted_by(found.interrupted)
}

fn tornado(found: &Sensitivity) -> Tornado {
    let swing = |effect: &Effect| {
        let unknown = &effect.unknown;
        let end = |value: f64, found| End { at: at(unknown, value), found };
        Swing {
            label: unknown.key.clone(),
            tag: unknown.tag.name().into(),
            low: end(unknown.range[0], effect.at_low),
            high: end(unknown.range[1], effect.at_high),
        }
    };
    let measure = capitalised(&name(found.figure));
    let points = count(found.points as u64);
    let (title, subtitle) = match (&found.difference_to, &found.verdict) {
        (Some(arm), verdict) => (
            match verdict.as_ref().map(|verdict| (verdict.verdict, &verdict.counts)) {
                Some((Answer::Holds, _)) => format!("The difference holds at all {points} points tried"),
                Some((Answer::Reverses, counts)) => {
                    format!(
                        "The difference reverses at {} of {points} points tried",
                        count(counts.contrary as u64)
                    )
                }
                Some((Answer::TooSmall, counts)) => format!(
                    "The difference is too small to matter at {} of {points} points tried",
                    count(counts.small as u64)
                ),
                Some((Answer::CannotTell, counts)) => format!(
                    "Whether the difference holds cannot be told at {} of {points} points tried",
                    count(counts.unclear as u64)
                ),
                None => "The difference at the points tried".into(),
            },
            format!("{measure}: difference with {}, by unknown number", shortened(arm, 60)),
        ),
        (None, _) => (
            found.unknowns.first().map_or("No number is unknown".into(), |most| {
                format!("At the {points} points tried, {} moves it the most", most.unknown.key)
            }),
            format!("{measure}, each unknown number at both ends of its plausible range"),
        ),
    };
    let mut effects: Vec<&Effect> = found.unknowns.iter().collect();
    effects.sort_by(|a, b| b.swing.unwrap_or(0.0).total_cmp(&a.swing.unwrap_or(0.0)));
    Tornado {
        heading: Heading { title, subtitle },
        figure: found.figure,
        is_difference: found.difference_to.is_some(),
        base: found.base,
        bars: effects.into_iter().take(BARS).map(swing).collect(),
        more: found.unknowns.len().saturating_sub(BARS),
    }
}

/// Everything that is printed of a sensitivity analysis; `most` unknowns of it.
pub fn sensitivity_table(found: &Sensitivity, most: usize, screen: Screen, out: Option<&Path>) -> String {
    let what = match &found.difference_to {
        Some(arm) => format!("difference that {arm} makes to {}", found.figure),
        None => found.figure.to_string(),
    };
    let say = |text: &str| screen.paragraph("", text);
    let mut text = say(&format!("{} · {what}", found.scenario.name)) + &say(&design(found));
    text += &format!("\n{}\n", say(&found.conclusion));
    text += &found.interrupted.map_or(String::new(), |interrupted| say(&interrupted.to_string()) + "\n");
    text += &format!("{}\n", say(&format!("{} as it is: {}", name(found.figure), says(found, found.base))));
    text += &effects(found, most).on(screen);
    if let Some(rest @ 1..) = found.unknowns.len().checked_sub(most) {
        let all = found.unknowns.len();
        text += &say(&format!("and {rest} more that matter less (--top {all} shows them)"));
    }
    for note in notes(found) {
        text += &say(&note);
    }
    for skipped in &found.skipped {
        text += &say(&format!("not varied: {}, because {}", skipped.key, skipped.why));
    }
    text += &say(ONE_READER);
    text + &out.map_or(String::new(), |out| format!("record in {}\n", out.display()))
}

/// What was tried, and on how many devices.
fn design(found: &Sensitivity) -> String {
    let alone = format!(
        "{} points: {} at each where one number is moved",
        count(found.points as u64),
        devices(found.scenario.devices.into())
    );
    match found.trajectories {
        0 => alone,
        1 => format!(
            "{alone}, {} on one trajectory, where all are, with other people",
            found.devices_in_company
        ),
        ways => format!(
            "{alone}, {} at each of {ways} trajectories, where all are, with other people on each of these",
            found.devices_in_company
        ),
    }
}

/// The unknowns that matter the most, and then one that does nothing.
fn effects(found: &Sensitivity, most: usize) -> Table {
    let mut columns = vec![
        ("unknown", Left),
        ("as it is", Left),
        ("range", Left),
        ("at its low end", Left),
        ("at its high end", Left),
    ];
    let is_screened = found.trajectories > 0;
    columns.extend(
        is_screened.then_some([("in company (\u{3bc}*)", Left), ("\u{3c3}", Right)]).into_iter().flatten(),
    );
    let mut table = Table::new(&columns);
    let plain = |at: Estimate| alone(found.figure, at.value, found.difference_to.is_some());
    for effect in found.unknowns.iter().take(most) {
        let unknown = &effect.unknown;
        let [mu, sigma] = screened(found, &effect.screened);
        let below = if effect.is_below_floor == Some(true) { ", below the floor" } else { "" };
        // Cells without a column are dropped.
        table.row([
            format!("{} ({})", unknown.key, unknown.tag.name()),
            shortened(&unknown.value, 22),
            range(unknown),
            plain(effect.at_low),
            plain(effect.at_high),
            mu + below,
            sigma,
        ]);
    }
    if let Some(dummy) = found.dummy.filter(|_| !found.unknowns.is_empty()) {
        let [mu, sigma] = screened(found, &dummy);
        let name = "a number that does nothing".to_string();
        table.row([name, String::new(), String::new(), String::new(), String::new(), mu, sigma]);
    }
    table
}

/// What a number does in company: the size with its interval, and how much it depends on the others.
fn screened(found: &Sensitivity, screened: &Screened) -> [String; 2] {
    let ends = screened.mu_star_ci95.map(|[low, high]| Interval { low, high });
    let mu = screened.mu_star.map_or("-".into(), |mu| match ends {
        // A size has no sign.
        Some(_) => difference(found.figure, Some(mu), ends).replace('+', ""),
        None => size(found.figure, mu, None).0,
    });
    [mu, screened.sigma.map_or("-".into(), |sigma| size(found.figure, sigma, None).0)]
}

/// The ends between which a number is moved.
fn range(unknown: &Unknown) -> String {
    let [low, high] = unknown.range;
    match unknown.is_factor {
        true => format!("{} to {}", at(unknown, low), at(unknown, high)),
        false => format!("{} to {}", trimmed(low, 4), at(unknown, high)),
    }
}

/// A value of a number with its unit, or how many times its own.
fn at(unknown: &Unknown, value: f64) -> String {
    if unknown.is_factor { format!("×{}", trimmed(value, 2)) } else { with_unit(value, unknown.unit) }
}

/// A number with its unit as people say it: `80 per day`, and nothing for a plain number.
fn with_unit(number: f64, unit: &str) -> String {
    let unit = match unit.strip_prefix('1') {
        Some(per) => per.replace('/', "per "),
        None => unit.into(),
    };
    format!("{} {unit}", trimmed(number, 4)).trim_end().into()
}
