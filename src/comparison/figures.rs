//! Figures of several arms side by side, with paired differences and what the pairing was worth.

use crate::analysis::jackknife::Interval;
use crate::figure::{Figure, Sample};
use crate::record::{Parts, rounded};
use crate::scenario::Scenario;
use crate::summary::ends;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// A figure of all arms. Every list has one entry for each arm, in order; the first arm's
/// difference from itself is zero.
#[derive(Clone, PartialEq, Debug)]
pub struct PairedFigure {
    /// Which one.
    pub figure: Figure,
    /// Its value in each arm; unknown where the run cannot tell.
    pub values: Vec<Option<f64>>,
    /// Value less that of the first arm.
    pub difference: Vec<Option<f64>>,
    /// The 95 % interval of the difference, devices being the independent units; in files, words or nothing
    /// where none is shown.
    pub ci95: Vec<Option<[f64; 2]>>,
    /// By what factor the pairing made the variance of the difference smaller than two independent
    /// runs would have: (var A + var B) / var(B − A), to the one digit that so few parts bear, and 100 for all that is
    /// more. Unknown where the difference does not vary.
    pub variance_reduction: Vec<Option<f64>>,
    /// The 95 % interval of each arm's value less that of each other, by the first arm and then the other; in no file, and
    /// only known of a figure that ranks arms.
    pub between: Vec<Vec<Option<[f64; 2]>>>,
    /// What an arm has none of, where its value is unknown for want of anything to measure; in no file.
    pub lacks: Vec<Option<&'static str>>,
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
            between: Vec::new(),
            lacks: Vec::new(),
        };
        // Every device went through every arm, so all are cut alike.
        let strata = &arms[0].replicates.strata;
        let difference = |arm: &Sample, left_out: Option<usize>| {
            Some(arm.without(figure, left_out)? - arms[0].without(figure, left_out)?)
        };
        let spread = |arm: &Sample| strata.variance(|left_out| arm.without(figure, left_out));
        let first = spread(&arms[0]);
        for arm in arms {
            let found = arm.difference(figure, &arms[0], 1.0, 0.0);
            let apart = strata.variance(|left_out| difference(arm, left_out));
            let reduction = (|| Some((first? + spread(arm)?) / apart.filter(|apart| *apart > 0.0)?))();
            paired.lacks.push(arm.lacks(figure));
            paired.values.push(arm.value(figure).map(rounded));
            paired.difference.push(difference(arm, None).map(rounded));
            paired.ci95.push(found.map(|found| [rounded(found.low), rounded(found.high)]));
            paired.variance_reduction.push(reduction.map(one_digit));
        }
        paired
    }

    /// With what ranks arms: every two of them paired by the devices that went through both.
    pub(super) fn ranking(self, arms: &[Sample]) -> PairedFigure {
        let apart = |one: &Sample, other: &Sample| {
            one.difference(self.figure, other, 1.0, 0.0)
                .map(|found| [rounded(found.low), rounded(found.high)])
        };
        let between = arms.iter().map(|one| arms.iter().map(|other| apart(one, other)).collect()).collect();
        PairedFigure { between, ..self }
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
        self.interval(arm).map(Interval::leaves_zero_out)
    }

    /// About how many devices would show a difference of the size found, where so many did not: an
    /// interval narrows with the square root of the devices, and its end beyond zero has to come as near as zero is.
    /// `None` where it is seen, or where no number would do because nothing differs.
    pub fn devices_needed(&self, arm: usize, devices: u64) -> Option<u64> {
        let (found, interval) = (self.difference[arm]?, self.interval(arm)?);
        let beyond = if found < 0.0 { interval.high - found } else { found - interval.low };
        let factor = beyond / found.abs();
        let needed = libm::ceil(devices as f64 * factor * factor);
        let is_more = needed.is_finite() && needed > devices as f64;
        (self.sees_difference(arm) == Some(false) && is_more).then_some(needed as u64)
    }
}

/// A factor to its first digit, and no more than 100.
fn one_digit(factor: f64) -> f64 {
    let decade = libm::pow(10.0, libm::floor(libm::log10(factor)));
    rounded(libm::round(factor / decade) * decade).min(100.0)
}

impl Serialize for PairedFigure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let arms = self.difference.iter().enumerate();
        let ci95: Vec<_> = arms.map(|(arm, difference)| ends(*difference, self.interval(arm))).collect();
        let mut fields = serializer.serialize_struct("PairedFigure", 5)?;
        fields.serialize_field("name", &self.figure)?;
        fields.serialize_field("values", &self.values)?;
        fields.serialize_field("difference", &self.difference)?;
        fields.serialize_field("ci95", &ci95)?;
        fields.serialize_field("variance_reduction", &self.variance_reduction)?;
        fields.end()
    }
}

/// What the figures of each arm are worked out from.
pub fn samples(arms: &[(String, Scenario)], parts: &[Parts]) -> Vec<Sample> {
    arms.iter().zip(parts).map(|((_, scenario), parts)| Sample::of(parts, scenario)).collect()
}
