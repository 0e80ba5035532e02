//! A comparison broken down: the same figures for each slice, and whether the change is worth it there.

use super::figures::PairedFigure;
use super::pairs::Runs;
use crate::analysis::survival::Point;
use crate::figure::{Direction, Figure, Sample};
use crate::scenario::{Member, Scenario};
use crate::slice::{Breakdown, Dimension, Slice, break_down, cuts};
use crate::summary::{by_json, in_hours, mails, small_curve};
use serde::{Serialize, Serializer};
use serde_json::json;

/// What a change is worth to those of a slice. No more is said than the interval bears.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// The whole interval of the difference is on the better side.
    WorthIt,
    /// It is on the worse side.
    Worse,
    /// It leaves zero out, of a figure that has no better side.
    Differs,
    /// It holds zero.
    NoDifferenceSeen,
    /// There is no interval, or no figure.
    Unknown,
    /// The figure is over other mail than in the first arm.
    NoComparison,
}

/// What is said of an arm.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Judged {
    /// The arm.
    pub arm: String,
    /// What it is worth, by the chosen figure.
    pub verdict: Worth,
}

/// What was found in a slice.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PartFound {
    /// Its devices.
    pub devices: u64,
    /// Each headline figure with its differences.
    pub figures: Vec<PairedFigure>,
    /// One for each arm but the first.
    pub findings: Vec<Judged>,
    /// Its mail in the first arm.
    #[serde(skip)]
    pub mails: u64,
    /// Which part of it arrives inside working hours there.
    #[serde(skip)]
    pub in_hours: Option<f64>,
    /// How soon its mail is told in each arm.
    #[serde(skip)]
    pub curves: Vec<Vec<Point>>,
}

impl PartFound {
    /// A figure of all arms, where it is kept.
    pub fn get(&self, figure: Figure) -> Option<&PairedFigure> {
        self.figures.iter().find(|paired| paired.figure == figure)
    }
}

/// What an arm is worth by a figure.
fn worth(paired: &PairedFigure, arm: usize) -> Worth {
    let (Some(found), Some(seen)) = (paired.difference[arm], paired.sees_difference(arm)) else {
        return Worth::Unknown;
    };
    match (seen, paired.figure.facts().better) {
        (false, _) => Worth::NoDifferenceSeen,
        (true, None) => Worth::Differs,
        (true, Some(better)) if (better == Direction::More) == (found > 0.0) => Worth::WorthIt,
        (true, Some(_)) => Worth::Worse,
    }
}

/// Whether the same mail of a slice arrives inside working hours, in every group that may be in it.
fn same_hours(slice: &Slice, one: &Scenario, other: &Scenario) -> bool {
    let may_be = |group: usize| !slice.is_of_groups() || slice.who.has(other, Member { group, rank: 0 });
    let pairs = one.fleet.groups.iter().zip(&other.fleet.groups).enumerate();
    pairs
        .filter(|(group, _)| may_be(*group))
        .all(|(_, (one, other))| one.policy.working_hours == other.policy.working_hours)
}

/// Whoever is in a slice in the first arm is in it in all.
pub(super) fn broken_down(
    arms: &[(String, Scenario)],
    runs: &Runs,
    figure: Figure,
    by: &[Dimension],
) -> Vec<Breakdown<PartFound>> {
    let first = &arms[0].1;
    // What cannot be cut was refused before anything was run.
    let Ok(cuts) = cuts(first, by) else { return Vec::new() };
    let found = |slice: &Slice| {
        let sums = arms.iter().zip(runs.parts.iter().zip(&runs.slices));
        let samples: Vec<Sample> =
            sums.map(|((_, scenario), sums)| Sample::of_slice(slice, sums, scenario, first)).collect();
        let kept = Figure::kept_with(figure, super::push(arms)).into_iter();
        let figures: Vec<PairedFigure> = kept.map(|figure| PairedFigure::of(figure, &samples)).collect();
        let chosen = figures.iter().find(|paired| paired.figure == figure);
        let finding = |(arm, (label, scenario)): (usize, &(String, Scenario))| Judged {
            arm: label.clone(),
            verdict: match chosen {
                _ if figure.is_of_waits() && !same_hours(slice, scenario, first) => Worth::NoComparison,
                chosen => chosen.map_or(Worth::Unknown, |chosen| worth(chosen, arm)),
            },
        };
        let findings = arms.iter().enumerate().skip(1).map(finding).collect();
        let curves = samples.iter().map(small_curve).collect();
        let (devices, mails, in_hours) =
            (samples[0].all_devices(), mails(&samples[0]), in_hours(&samples[0]));
        PartFound { devices, figures, findings, mails, in_hours, curves }
    };
    break_down(&cuts, found)
}

pub(super) fn serialize<S: Serializer>(by: &[Breakdown<PartFound>], to: S) -> Result<S::Ok, S::Error> {
    by_json(by, |part| json!(part)).serialize(to)
}
