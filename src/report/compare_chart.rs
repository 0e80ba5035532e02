//! The latency chart of a comparison: one line per arm.

use super::charts::{Heading, Latency};
use super::human::{count, share};
use super::run_chart::{curve, has_working_hours, subtitle};
use crate::analysis::jackknife::Replicates;
use crate::comparison::Comparison;
use crate::record::Figures;

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
    let lines: Vec<_> =
        comparison.arms.iter().zip(arms).map(|(about, figures)| curve(&about.label, figures)).collect();
    let devices = format!("the same {} devices", count(about.devices));
    let subtitle = subtitle(arms.iter().any(has_working_hours), &devices, about.measured_days, &lines);
    Latency { heading: Heading { title, subtitle }, arms: lines, target: None }
}
