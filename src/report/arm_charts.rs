//! The charts of one run or of several arms, from what was found in each.

use super::charts::{Chart, Heading, Latency};
use super::human::{count, duration, share};
use super::run_chart::curve;
use crate::analysis::jackknife::Replicates;
use crate::record::{Figures, Week};
use crate::scenario::Scenario;
use crate::time::Span;

/// What was found in one arm.
pub struct Arm<'a> {
    /// What it is called.
    pub label: &'a str,
    /// Its scenario.
    pub scenario: &'a Scenario,
    /// Devices that were simulated to their end.
    pub devices: u64,
    /// Its figures.
    pub figures: &'a Replicates<Figures>,
    /// Its sums by hour of the week.
    pub week: &'a Week,
}

/// Every chart of these arms, with the names of their files.
pub fn arm_charts(scenario: &Scenario, arms: &[Arm<'_>]) -> Vec<(String, Chart)> {
    let charts = [("latency", Chart::Latency(latency(scenario, arms)))];
    charts.map(|(name, chart)| (name.into(), chart)).to_vec()
}

/// How soon mail was told.
fn latency(scenario: &Scenario, arms: &[Arm<'_>]) -> Latency {
    let within = |arm: &Arm<'_>| share(arm.figures.all.curve.told_within(Span::MINUTE * 15));
    let title = match arms {
        [arm] => match arm.figures.all.curve.percentile(0.5) {
            Some(median) => {
                format!("Half of the mail is told within {}, {} within 15 min", duration(median), within(arm))
            }
            None => format!("Less than half of the mail is ever told; {} within 15 min", within(arm)),
        },
        [first, other] => {
            format!(
                "Told within 15 min: {} of the mail, and {} with the change",
                within(first),
                within(other)
            )
        }
        arms => format!("Told within 15 min: {}", arms.iter().map(within).collect::<Vec<_>>().join(", ")),
    };
    let hours = arms.iter().any(|arm| arm.scenario.policy.working_hours.is_some());
    let subtitle = format!(
        "Share of mail{} told within a time, Kaplan\u{2013}Meier with its 95 % band over {}, {} measured",
        if hours { " in working hours" } else { "" },
        fleet(arms),
        duration(scenario.measured()),
    );
    let curves = arms.iter().map(|arm| curve(arm.label, arm.figures));
    Latency { heading: Heading { title, subtitle }, arms: curves.collect(), target: None }
}

/// The devices in words.
fn fleet(arms: &[Arm<'_>]) -> String {
    let devices = arms.first().map_or(0, |arm| arm.devices);
    let same = if arms.len() > 1 { "the same " } else { "" };
    format!("{same}{} devices", count(devices))
}
