//! The report of one run.

use super::arm::Arm;
use super::arm_charts::arm_charts;
use super::compose::{SCHEMA, about, assumptions, sources, tool};
use super::document::Report;
use super::findings;
use super::human::{duration, share};
use super::run_table::{causes_table, figures_table};
use crate::client::DelayCause;
use crate::figure::{Figure, Moment};
use crate::scenario::Scenario;
use crate::summary::Summary;
use crate::time::Span;

/// Puts the report of a run together.
pub fn run_report(scenario: &Scenario, summary: &Summary, arm: &Arm<'_>) -> Report {
    let figures = arm.figures;
    let mut about = about(scenario, summary.scenario.devices);
    about.push(("Fingerprint".into(), summary.prints.fingerprint.clone()));
    about.push(("Books".into(), summary.prints.books.clone()));
    let arms = || std::iter::once((scenario.name.as_str(), scenario));
    Report {
        schema: SCHEMA,
        tool: tool(),
        title: format!("How soon does {} tell of new mail?", scenario.name),
        verdict: verdict(arm),
        about,
        warnings: summary.warnings.iter().map(ToString::to_string).collect(),
        tables: vec![
            figures_table(figures).captioned("Figures, with 95 % intervals"),
            causes_table(figures).captioned("Why mail waited, on average"),
        ],
        charts: arm_charts(std::slice::from_ref(arm)),
        scenarios: sources(arms()),
        assumptions: assumptions(arms()),
        command: summary.scenario.command.clone(),
    }
}

/// How soon, and what stood in the way.
fn verdict(arm: &Arm<'_>) -> Vec<String> {
    let mut sentences = vec![findings::latency(std::slice::from_ref(arm)) + "."];
    let mean = arm.figures.value(Figure::Latency(Moment::Mean)).filter(|mean| *mean > 0.0);
    let waited = |cause: DelayCause| arm.figures.value(Figure::DelayCause(cause)).unwrap_or(0.0);
    let worst = DelayCause::ALL.into_iter().max_by(|a, b| waited(*a).total_cmp(&waited(*b)));
    if let (Some(mean), Some(worst)) = (mean, worst) {
        let long = |seconds: f64| duration(Span::from_secs_f64(seconds));
        sentences.push(format!(
            "Told mail waited {} on average, of which {} ({}) for one reason: {}.",
            long(mean),
            long(waited(worst)),
            share(Some(waited(worst) / mean)),
            super::cause_looks::looks(worst).sentence
        ));
    }
    sentences
}
