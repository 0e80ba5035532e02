//! The latency chart of one run.

use super::charts::Heading;
use super::charts::latency::{Curve, Latency};
use super::human::{count, duration, share};
use crate::analysis::jackknife::Replicates;
use crate::analysis::survival::KaplanMeier;
use crate::record::{Figures, Summary};
use crate::time::Span;

/// Points of a curve: more cannot be told apart on a screen.
const POINTS: usize = 250;

/// The curve of one run, with its band.
pub fn curve(label: &str, figures: &Replicates<Figures>) -> Curve {
    let curves: Replicates<KaplanMeier> = Replicates {
        all: figures.all.curve.clone(),
        without: figures.without.iter().map(|figures| figures.curve.clone()).collect(),
    };
    Curve {
        label: label.into(),
        points: curves.curve(POINTS),
        median: curves.all.percentile(0.5).map(Span::ms),
        told_by_end: curves.all.told_by_end(),
    }
}

/// How soon mail was told.
pub fn run_chart(summary: &Summary, figures: &Replicates<Figures>) -> Latency {
    let arm = curve(&summary.scenario.name, figures);
    let median = arm.median.map(Span::from_ms);
    let soon = share(figures.all.curve.told_within(Span::MINUTE * 15));
    let title = match median {
        Some(median) => format!("Half of the mail is told within {}, {soon} within 15 min", duration(median)),
        None => format!("Less than half of the mail is ever told; {soon} within 15 min"),
    };
    let hours = figures.all.get("mail.outside_working_hours.arrived").and_then(|f| f.value(1.0)) > Some(0.0);
    let subtitle = format!(
        "Share of mail{} told within a time, Kaplan\u{2013}Meier with its 95 % band over {} devices, {} measured",
        if hours { " in working hours" } else { "" },
        count(summary.scenario.devices),
        duration(Span::from_secs_f64(summary.scenario.measured_days * 86_400.0)),
    );
    Latency { heading: Heading { title, subtitle }, arms: vec![arm], target: None }
}
