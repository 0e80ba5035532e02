//! Figures of some devices with what an interval is worked out from.

use super::{Figure, Figures};
use crate::analysis::jackknife::{Interval, Replicates, Spread};
use crate::analysis::mixture::Mixture;
use crate::record::{Parts, SliceSums, Tally};
use crate::scenario::{Member, Scenario};
use crate::slice::Slice;

/// A figure that fewer devices carry has no interval: chance among so few is not what it was among them
/// (assumed). What none carries is nothing, and does not vary.
pub(crate) const FEWEST_CARRIERS: u64 = 8;

/// Nor has a figure over mail, of which a group of one part has a larger share: where that part happens to be as the
/// others are, or to have little mail, nothing would show how far another of its kind may be off (assumed: the study of
/// coverage chose it).
const MOST_ALONE: f64 = 1.0 / 16.0;

/// Whether so many devices are enough for an interval.
pub(crate) fn is_enough(carriers: u64) -> bool {
    carriers == 0 || carriers >= FEWEST_CARRIERS
}

/// Figures of all devices, and of all but each part.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The figures. Counts without a part stand for all devices, as its group's other parts stand for it.
    pub replicates: Replicates<Figures>,
    /// The largest share of all mail that a group of one part has.
    alone: f64,
}

impl Sample {
    /// The figures of all devices.
    pub fn of(parts: &Parts, scenario: &Scenario) -> Sample {
        let replicates = parts.replicates(|_| true, |tally| Figures::of(tally, scenario));
        Sample { replicates, alone: parts.most_alone(|_| true) }
    }

    /// The figures of a slice: from the sums of the whole where these tell all of it, else from its own. Which
    /// devices belong to it says `whose`, a scenario of the same fleet.
    pub fn of_slice(
        slice: &Slice,
        (parts, sums): (&Parts, &SliceSums),
        scenario: &Scenario,
        whose: &Scenario,
    ) -> Sample {
        let over = slice.window(scenario).length();
        let figures = |tally: Mixture<'_, Tally>| Figures::over(tally, scenario, over);
        if slice.is_of_groups() {
            // Of a group all members are in it or none is.
            let chosen = |group| slice.who.has(whose, Member { group, rank: 0 });
            let alone = parts.most_alone(chosen);
            return Sample { replicates: parts.replicates(chosen, figures), alone };
        }
        let parts = sums.of(slice);
        Sample { replicates: parts.replicates(|_| true, figures), alone: parts.most_alone(|_| true) }
    }

    /// How many devices.
    pub fn all_devices(&self) -> u64 {
        self.replicates.all.devices()
    }

    /// How many devices carry a figure.
    pub fn carried_by(&self, figure: Figure) -> u64 {
        self.replicates.all.carried_by(figure)
    }

    /// How many devices carry what a figure is apart from that of another arm, where that was kept.
    pub fn apart_from(&self, figure: Figure, other: &Sample) -> Option<u64> {
        let apart = |sample: &Sample| sample.replicates.all.apart_by(figure);
        apart(self).max(apart(other))
    }

    /// A figure of all devices.
    pub fn value(&self, figure: Figure) -> Option<f64> {
        self.without(figure, None)
    }

    /// What there is none of, where a figure is unknown for want of anything to measure.
    pub fn lacks(&self, figure: Figure) -> Option<&'static str> {
        self.replicates.all.lacks(figure)
    }

    /// A figure without one part, or of all.
    pub fn without(&self, figure: Figure, left_out: Option<usize>) -> Option<f64> {
        self.replicates.get(left_out).value(figure)
    }

    /// Whether a figure leans on what is alone in its group.
    fn leans(&self, figure: Figure) -> bool {
        let is_of_mail = |(whole, _)| whole == Figure::Arrived;
        let is_over_mail = figure.is_of_waits() || figure.facts().whole.is_some_and(is_of_mail);
        is_over_mail && self.alone > MOST_ALONE && self.carried_by(figure) > 0
    }

    /// The interval of a figure; none can be negative, a share cannot exceed 1, and a day has 24 hours.
    pub fn interval(&self, figure: Figure) -> Option<Interval> {
        if !is_enough(self.carried_by(figure)) || self.leans(figure) {
            return None;
        }
        let found = self.replicates.interval(|figures| figures.value(figure));
        found.map(|found| found.clamp(0.0, figure.unit().most()))
    }

    /// The interval of: a figure, less `factor` times the same figure of `other` and `offset`. Of the same devices it
    /// is paired by their parts, since they met the same mail and the same users; of others the two count as
    /// independent. What is rare in the one and common in the other differs by what the other's devices carry, and of
    /// arms that were run together by the devices in which they are apart; what does not differ in any part does not
    /// vary, however few carry it. Two shares are no more than 1 apart.
    pub fn difference(&self, figure: Figure, other: &Sample, factor: f64, offset: f64) -> Option<Interval> {
        let value = self.value(figure)? - (factor * other.value(figure)? + offset);
        let found = self.spread_of_difference(figure, other, factor, offset)?.around(value);
        let is_carried = match self.apart_from(figure, other) {
            Some(apart) => apart >= FEWEST_CARRIERS,
            None => is_enough(self.carried_by(figure).max(other.carried_by(figure))),
        };
        let [lowest, highest] = figure.unit().apart(factor, offset);
        let is_carried = is_carried && !self.leans(figure) && !other.leans(figure);
        found.filter(|found| is_carried || found.is_point()).map(|found| found.clamp(lowest, highest))
    }

    /// How the difference varies of which [`Sample::difference`] is the interval, however few carry it; `None` where it
    /// is unknown even once.
    pub fn spread_of_difference(
        &self,
        figure: Figure,
        other: &Sample,
        factor: f64,
        offset: f64,
    ) -> Option<Spread> {
        let (strata, others) = (&self.replicates.strata, &other.replicates.strata);
        let now = |left_out| self.without(figure, left_out);
        let then = |left_out| Some(factor * other.without(figure, left_out)? + offset);
        match strata == others {
            true => strata.spread(|left_out| Some(now(left_out)? - then(left_out)?)),
            false => strata.spread_apart(now, others, then),
        }
    }

    /// How something that is worked out from figures varies, however few carry it.
    pub fn spread(&self, what: impl Fn(&Figures) -> Option<f64>) -> Option<Spread> {
        self.replicates.strata.spread(|left_out| what(self.replicates.get(left_out)))
    }

    /// The interval of a share. What makes all counts of a device large leaves it alone.
    pub fn share_interval(&self, part: Figure, whole: Figure) -> Option<Interval> {
        if !is_enough(self.carried_by(part)) {
            return None;
        }
        let found = self.replicates.interval(|figures| figures.share(part, whole));
        found.map(|found| found.clamp(0.0, 1.0))
    }
}
