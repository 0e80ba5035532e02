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

/// Marks for mail still waiting at the end: more would be a smear.
const MARKS: usize = 60;

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
        censored: curves.all.censored(MARKS).into_iter().map(Span::ms).collect(),
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
    let about = &summary.scenario;
    let devices = format!("{} devices", count(about.devices));
    let days = about.measured_days;
    let subtitle = subtitle(has_working_hours(figures), &devices, days, std::slice::from_ref(&arm));
    Latency { heading: Heading { title, subtitle }, arms: vec![arm], target: None }
}

/// Whether the policy knows working hours, since mail that arrived outside them is counted apart.
pub(super) fn has_working_hours(figures: &Replicates<Figures>) -> bool {
    figures.all.get("mail.outside_working_hours.arrived").and_then(|f| f.value(1.0)) > Some(0.0)
}

/// What the chart shows, of how many devices and days, and what its ticks mean where it has any.
pub(super) fn subtitle(has_hours: bool, devices: &str, days: f64, arms: &[Curve]) -> String {
    let is_censored = arms.iter().any(|arm| !arm.censored.is_empty());
    format!(
        "Mail{} told within a time, Kaplan\u{2013}Meier, 95 % band; {devices}, {}{}",
        if has_hours { " in working hours" } else { "" },
        duration(Span::from_secs_f64(days * 86_400.0)),
        if is_censored { "; | waiting at the end" } else { "" },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subtitle_fits_and_explains_ticks_only_where_there_are_any() {
        let arm = |censored| Curve {
            label: String::new(),
            points: Vec::new(),
            median: None,
            censored,
            told_by_end: None,
        };
        let long = subtitle(true, "the same 100,000 devices", 365.0, &[arm(Vec::new()), arm(vec![1])]);
        assert!(long.chars().count() <= 125 && long.ends_with("| waiting at the end"), "{long}");
        let short = subtitle(false, "100 devices", 14.0, &[arm(Vec::new())]);
        assert_eq!(short, "Mail told within a time, Kaplan\u{2013}Meier, 95 % band; 100 devices, 14 d");
    }
}
