//! The report of a sensitivity analysis.

use super::charts::tornado::{End, Swing};
use super::charts::{Chart, Estimate, Heading, Tornado};
use super::compose::{SCHEMA, about, assumptions, sources, tool};
use super::document::Report;
use super::figure::name;
use super::human::{capitalised, count};
use super::sensitivity_table::{effects, with_unit};
use crate::lint::warnings;
use crate::scenario::Scenario;
use crate::sensitivity::{Effect, Found, Sensitivity};

/// Bars of the chart: more cannot be read on a slide.
const BARS: usize = 15;

/// Puts the report of a sensitivity analysis together.
pub fn sensitivity_report(arms: &[(String, Scenario)], found: &Sensitivity) -> Report {
    let named = || arms.iter().map(|(label, scenario)| (label.as_str(), scenario));
    let mut about = about(&arms[0].1, found.scenario.devices.into());
    about.push(("Points".into(), count(found.points as u64)));
    about.push(("Unknown numbers".into(), count(found.unknowns.len() as u64)));
    let mut tables = vec![
        effects(found, found.unknowns.len()).captioned("Unknown numbers, those that matter the most first"),
    ];
    let questionable = arms.iter().flat_map(|(label, scenario)| {
        warnings(scenario).into_iter().map(move |warning| format!("{label}: {warning}"))
    });
    let not_varied =
        found.skipped.iter().map(|skipped| format!("Not varied: {}, because {}", skipped.key, skipped.why));
    tables.retain(|table| !table.cells.rows.is_empty());
    Report {
        schema: SCHEMA,
        tool: tool(),
        title: match &found.difference_to {
            Some(arm) => format!("Does the difference that {arm} makes survive what is unknown?"),
            None => format!("Which unknown numbers matter for {}?", found.scenario.name),
        },
        verdict: vec![found.conclusion.clone()],
        about,
        warnings: questionable.chain(not_varied).collect(),
        tables,
        charts: vec![Chart::from(tornado(found)).filed(None)],
        scenarios: sources(named()),
        assumptions: assumptions(named()),
        command: found.scenario.command.clone(),
    }
}

fn tornado(found: &Sensitivity) -> Tornado {
    let estimate = |at: Found| Estimate { value: at.value, ci95: at.ci95 };
    let swing = |effect: &Effect| {
        let unknown = &effect.unknown;
        let end = |value: f64, at: Found| End { at: with_unit(value, unknown.unit), found: estimate(at) };
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
        base: estimate(found.base),
        bars: effects.into_iter().take(BARS).map(swing).collect(),
        more: found.unknowns.len().saturating_sub(BARS),
    }
}
