//! The latency chart of a comparison: one line per arm.

use super::charts::{Heading, Latency};
use super::human::{count, duration, share};
use super::run_chart::curve;
use crate::analysis::jackknife::Replicates;
use crate::comparison::Comparison;
use crate::record::Figures;
use crate::time::Span;

/// How soon mail was told in each arm.
pub fn compare_chart(comparison: &Comparison, arms: &[Replicates<Figures>]) -> Latency {
    let quarter = comparison.get("mail.told_within.15m");
    let shares: Vec<String> =
        quarter.iter().flat_map(|f| f.values.iter().map(|value| share(*value))).collect();
    let title = match shares.as_slice() {
        [first, other] => format!("Told within 15 min: {first} of the mail, and {other} with the change"),
        shares => format!("Told within 15 min: {}", shares.join(", ")),
    };
    let about = &comparison.scenario;
    let outside = |arm: &Replicates<Figures>| {
        arm.all.get("mail.outside_working_hours.arrived").and_then(|figure| figure.value(1.0)) > Some(0.0)
    };
    let hours = arms.iter().any(outside);
    let subtitle = format!(
        "Share of mail{} told within a time, Kaplan\u{2013}Meier with its 95 % band, the same {} devices in every arm, {} measured",
        if hours { " in working hours" } else { "" },
        count(about.devices),
        duration(Span::from_secs_f64(about.measured_days * 86_400.0)),
    );
    let lines: Vec<_> =
        comparison.arms.iter().zip(arms).map(|(about, figures)| curve(&about.label, figures)).collect();
    Latency { heading: Heading { title, subtitle }, arms: lines, target: None }
}
