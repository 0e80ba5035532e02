//! The report of a comparison.

use super::arm::Arm;
use super::arm_charts::arm_charts;
use super::compare_table::{differences, fates, matrix, sooner_and_later};
use super::compose::{SCHEMA, about, assumptions, listed, sources, tool};
use super::document::Report;
use super::human::capitalised;
use crate::comparison::Comparison;
use crate::scenario::Scenario;

/// Puts the report of a comparison together.
pub fn compare_report(scenarios: &[(String, Scenario)], comparison: &Comparison, arms: &[Arm<'_>]) -> Report {
    let named = || scenarios.iter().map(|(label, scenario)| (label.as_str(), scenario));
    let mut about = about(&scenarios[0].1, comparison.scenario.devices);
    for arm in &comparison.arms {
        about.push((format!("Fingerprint of {}", arm.label), arm.prints.fingerprint.clone()));
        about.push((format!("Books of {}", arm.label), arm.prints.books.clone()));
    }
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
    let warnings = comparison
        .arms
        .iter()
        .flat_map(|arm| arm.warnings.iter().map(|warning| format!("{}: {warning}", arm.label)));
    Report {
        schema: SCHEMA,
        tool: tool(),
        title: title(comparison),
        verdict: comparison.verdict.findings.iter().map(|finding| finding.sentence.clone()).collect(),
        about,
        warnings: warnings.collect(),
        tables,
        charts: arm_charts(arms),
        scenarios: sources(named()),
        assumptions: assumptions(named()),
        command: comparison.scenario.command.clone(),
    }
}

fn title(comparison: &Comparison) -> String {
    let labels: Vec<String> = comparison.arms.iter().map(|arm| arm.label.clone()).collect();
    match labels.as_slice() {
        [first, other] => format!("What does {other} change in {first}?"),
        labels => format!("How do {} compare?", listed(labels)),
    }
}
