//! Headline figures side by side, with paired differences and what the pairing was worth.

use crate::analysis::jackknife::{Interval, Replicates, variance};
use crate::record::{Figures, Tally, is_headline, rounded};
use crate::scenario::Scenario;
use serde::Serialize;

/// A headline figure of all arms. Every list has one entry for each arm, in order; the first arm's
/// difference from itself is zero.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PairedFigure {
    /// Its path in `summary.json`.
    pub name: String,
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

/// Every headline figure of all arms, and what each arm's were worked out from.
pub fn paired_figures(
    arms: &[(String, Scenario)],
    groups: &[Vec<Tally>],
) -> (Vec<PairedFigure>, Vec<Replicates<Figures>>) {
    // Every device went through every arm: a group that is empty in one is empty in all.
    let kept = |groups: &[Tally]| -> Vec<Tally> {
        groups.iter().filter(|group| group.counts.devices > 0).cloned().collect()
    };
    let groups: Vec<Vec<Tally>> = groups.iter().map(|arm| kept(arm)).collect();
    let devices: Vec<u64> = groups[0].iter().map(|group| group.counts.devices).collect();
    let all: u64 = devices.iter().sum();
    let replicates: Vec<Replicates<Figures>> = arms
        .iter()
        .zip(&groups)
        .map(|((_, scenario), groups)| Replicates::of(groups, |tally| Figures::of(tally, scenario)))
        .collect();
    let figure = |index: usize, name: &str| {
        let value = |arm: usize, left_out: Option<usize>| {
            // Counts are scaled to the whole fleet before they are compared.
            let scale = left_out.map_or(1.0, |group| all as f64 / (all - devices[group]) as f64);
            replicates[arm].get(left_out).values[index].1.value(scale)
        };
        let difference =
            |arm: usize, left_out: Option<usize>| Some(value(arm, left_out)? - value(0, left_out)?);
        let spread = |arm: usize| variance(devices.len(), |group| value(arm, Some(group)));
        let first = spread(0);
        let mut figure = PairedFigure {
            name: name.into(),
            values: Vec::new(),
            difference: Vec::new(),
            ci95: Vec::new(),
            variance_reduction: Vec::new(),
        };
        for arm in 0..arms.len() {
            let interval =
                crate::analysis::jackknife::interval(devices.len(), |left_out| difference(arm, left_out));
            let apart = variance(devices.len(), |group| difference(arm, Some(group)));
            let reduction = (|| Some((first? + spread(arm)?) / apart.filter(|apart| *apart > 0.0)?))();
            figure.values.push(value(arm, None).map(rounded));
            figure.difference.push(difference(arm, None).map(rounded));
            figure.ci95.push(interval.map(|interval| [rounded(interval.low), rounded(interval.high)]));
            figure.variance_reduction.push(reduction.map(rounded));
        }
        figure
    };
    let names = replicates[0].all.values.iter().enumerate();
    let figures = names.filter(|(_, (name, _))| is_headline(name));
    let figures = figures.map(|(index, (name, _))| figure(index, name)).collect();
    (figures, replicates)
}
