//! Figures of several arms side by side, with paired differences and what the pairing was worth.

use crate::analysis::jackknife::{Interval, interval, variance};
use crate::figure::{Figure, Sample};
use crate::record::{Tally, rounded};
use crate::scenario::Scenario;
use serde::Serialize;

/// A figure of all arms. Every list has one entry for each arm, in order; the first arm's
/// difference from itself is zero.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PairedFigure {
    /// Which one.
    #[serde(rename = "name")]
    pub figure: Figure,
    /// Its value in each arm; unknown where the run cannot tell.
    pub values: Vec<Option<f64>>,
    /// Value less that of the first arm.
    pub difference: Vec<Option<f64>>,
    /// The 95 % interval of the difference, devices being the independent units.
    pub ci95: Vec<Option<[f64; 2]>>,
    /// By what factor the pairing made the variance of the difference smaller than two independent
    /// runs would have: (var A + var B) / var(B − A). Unknown where the difference does not vary.
    pub variance_reduction: Vec<Option<f64>>,
}

impl PairedFigure {
    /// A figure of these arms.
    pub fn of(figure: Figure, arms: &[Sample]) -> PairedFigure {
        let mut paired = PairedFigure {
            figure,
            values: Vec::new(),
            difference: Vec::new(),
            ci95: Vec::new(),
            variance_reduction: Vec::new(),
        };
        let groups = arms[0].devices.len();
        let difference = |arm: &Sample, left_out: Option<usize>| {
            Some(arm.without(figure, left_out)? - arms[0].without(figure, left_out)?)
        };
        let spread = |arm: &Sample| variance(groups, |group| arm.without(figure, Some(group)));
        let first = spread(&arms[0]);
        for arm in arms {
            let found = interval(groups, |left_out| difference(arm, left_out));
            let apart = variance(groups, |group| difference(arm, Some(group)));
            let reduction = (|| Some((first? + spread(arm)?) / apart.filter(|apart| *apart > 0.0)?))();
            paired.values.push(arm.value(figure).map(rounded));
            paired.difference.push(difference(arm, None).map(rounded));
            paired.ci95.push(found.map(|found| [rounded(found.low), rounded(found.high)]));
            paired.variance_reduction.push(reduction.map(rounded));
        }
        paired
    }

    /// The interval of an arm's difference.
    pub fn interval(&self, arm: usize) -> Option<Interval> {
        self.ci95[arm].map(|[low, high]| Interval { low, high })
    }

    /// Half the width of an arm's interval.
    pub fn half_width(&self, arm: usize) -> Option<f64> {
        self.interval(arm).map(|interval| (interval.high - interval.low) / 2.0)
    }

    /// Whether an arm's interval leaves zero out.
    pub fn sees_difference(&self, arm: usize) -> Option<bool> {
        self.interval(arm).map(|interval| interval.low > 0.0 || interval.high < 0.0)
    }

    /// About how many devices would show a difference of the size found, where so many did not: an
    /// interval narrows with the square root of the devices. `None` where it is seen, or where no
    /// number would do because nothing differs.
    pub fn devices_needed(&self, arm: usize, devices: u64) -> Option<u64> {
        let (found, half) = (self.difference[arm]?.abs(), self.half_width(arm)?);
        let factor = half / found;
        let needed = libm::ceil(devices as f64 * factor * factor);
        (self.sees_difference(arm) == Some(false) && needed.is_finite()).then_some(needed as u64)
    }
}

/// What the figures of each arm are worked out from.
pub fn samples(arms: &[(String, Scenario)], groups: &[Vec<Tally>]) -> Vec<Sample> {
    // Every device went through every arm: a group that is empty in one is empty in all.
    arms.iter().zip(groups).map(|((_, scenario), groups)| Sample::of(groups, scenario)).collect()
}
