//! A sensitivity analysis in words, its conclusion, then the unknowns that matter the most; and as a report.

use super::charts::tornado::{End, Swing};
use super::charts::{Chart, Estimate, Heading, Tornado};
use super::document::{Report, begun};
use super::figure::{alone, estimate, name, size, value};
use super::human::{ONE_READER, capitalised, count, devices, trimmed};
use super::labels::shortened;
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::figure::Unit;
use crate::lint::warnings;
use crate::scenario::Scenario;
use crate::sensitivity::{Effect, Sensitivity};
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
    let report = Report {
        title: match &found.difference_to {
            Some(arm) => format!("Does the difference that {arm} makes survive what is unknown?"),
            None => format!("Which unknown numbers matter for {}?", found.scenario.name),
        },
        verdict: vec![found.conclusion.clone()],
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
        let end = |value: f64, found| End { at: with_unit(value, unknown.unit), found };
        Swing {
            label: unknown.key.clone(),
            tag: unknown.tag.name().into(),
            low: end(unknown.range[0], effect.at_low),
            high: end(unknown.range[1], effect.at_high),
        }
    };
    let measure = capitalised(&name(found.figure));
    let (title, subtitle) = match (&found.difference_to, &found.sign) {
        (Some(arm), sign) => (
            match sign {
                Some(sign) if sign.survives => "The difference keeps its sign over every plausible range",
                Some(_) => "The sign of the difference hangs on what is unknown",
                None => "There is no difference that an unknown number could turn",
            }
            .into(),
            format!("{measure}: difference with {arm}, each unknown number at both ends of its range"),
        ),
        (None, _) => (
            found.unknowns.first().map_or("No number is unknown".into(), |most| {
                format!("Of what is unknown, {} matters the most", most.unknown.key)
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
pub fn sensitivity_table(found: &Sensitivity, most: usize, out: Option<&Path>) -> String {
    let what = match &found.difference_to {
        Some(arm) => format!("difference that {arm} makes to {}", found.figure),
        None => found.figure.to_string(),
    };
    let mut text = format!(
        "{} · {what}\n{} at each of {} points (a small number, so that many points can be tried; --devices N takes more)\n\n{}\n\n",
        found.scenario.name,
        devices(found.scenario.devices.into()),
        count(found.points as u64),
        found.conclusion,
    );
    text += &found.interrupted.map_or(String::new(), |interrupted| format!("{interrupted}\n\n"));
    text += &format!("{} as it is: {}\n\n", name(found.figure), says(found, found.base));
    text += &effects(found, most).to_string();
    if let Some(rest @ 1..) = found.unknowns.len().checked_sub(most) {
        let all = found.unknowns.len();
        text += &format!("and {rest} more that matter less (--top {all} shows them)\n");
    }
    for skipped in &found.skipped {
        text += &format!("not varied: {}, because {}\n", skipped.key, skipped.why);
    }
    text += &format!("{ONE_READER}\n");
    text + &out.map_or(String::new(), |out| format!("record in {}\n", out.display()))
}

/// The unknowns that matter the most.
fn effects(found: &Sensitivity, most: usize) -> Table {
    let mut columns = vec![
        ("unknown", Left),
        ("as it is", Left),
        ("range", Left),
        ("at its low end", Left),
        ("at its high end", Left),
    ];
    columns.extend((found.trajectories > 0).then_some(("in company (\u{3bc}*)", Right)));
    let mut table = Table::new(&columns);
    let plain = |at: Estimate| alone(found.figure, at.value, found.difference_to.is_some());
    for effect in found.unknowns.iter().take(most) {
        let unknown = &effect.unknown;
        let [low, high] = unknown.range;
        // Cells without a column are dropped.
        table.row([
            format!("{} ({})", unknown.key, unknown.tag.name()),
            shortened(&unknown.value, 22),
            format!("{} to {}", trimmed(low, 4), with_unit(high, unknown.unit)),
            plain(effect.at_low),
            plain(effect.at_high),
            effect.mu_star.map_or("-".into(), |mu| size(found.figure, mu, None).0),
        ]);
    }
    table
}

/// A number with its unit as people say it: `80 per day`, and nothing for a plain number.
fn with_unit(number: f64, unit: &str) -> String {
    let unit = match unit.strip_prefix('1') {
        Some(per) => per.replace('/', "per "),
        None => unit.into(),
    };
    format!("{} {unit}", trimmed(number, 4)).trim_end().into()
}

/// The figure at a point: a difference keeps its sign.
fn says(found: &Sensitivity, at: Estimate) -> String {
    estimate(found.figure, at, found.difference_to.is_some())
}

/// The conclusion in plain words.
pub fn conclusion(found: &Sensitivity) -> String {
    let most = found.unknowns.first().filter(|effect| effect.weight() > 0.0);
    let matters = most.map_or("none of them matters".into(), |effect| {
        format!("the one that matters the most is {}", effect.unknown.key)
    });
    let unknowns = found.unknowns.len();
    let partly = if found.complete { "" } else { "Interrupted, so only of what was tried: " };
    let Some(arm) = &found.difference_to else {
        let span = found.span.map_or("unknown".into(), |ends| {
            let [low, high] = ends.map(|end| value(found.figure, Some(end)));
            format!("{low} to {high}")
        });
        return format!(
            "{partly}Over the plausible ranges of {unknowns} unknown numbers, `{}` lies from {span}; {matters}.",
            name(found.figure)
        );
    };
    let Some(sign) = &found.sign else {
        return format!("{partly}With {arm} there is no difference whose sign could survive; {matters}.");
    };
    let direction = match found.base.value {
        Some(value) if value < 0.0 => "lower",
        _ => "higher",
    };
    let all = sign.same + sign.unseen + sign.contrary;
    let figure = match found.figure.unit() {
        Unit::Share => format!("the share of mail {}", name(found.figure)),
        _ => format!("`{}`", name(found.figure)),
    };
    let least = format!("the least is {}, {}", says(found, sign.least), sign.least_at);
    if !sign.survives {
        return format!(
            "{partly}The answer does not survive our ignorance: with {arm} {figure} is {direction} as the \
             numbers stand, but the contrary holds at {} of {all} points within the ranges of {unknowns} \
             unknown numbers; {least}; {matters}.",
            sign.contrary
        );
    }
    let where_not = match sign.unseen {
        0 => String::new(),
        unseen => {
            format!(", no difference can be seen at {unseen} of them, and nowhere does the contrary hold")
        }
    };
    format!(
        "{partly}The answer survives our ignorance: with {arm} {figure} is {direction} at {} of {all} points \
         within the ranges of {unknowns} unknown numbers{where_not}; {least}; {matters}.",
        sign.same
    )
}
