//! Whether an assertion holds.

use super::Assertion;
use super::baseline::{Baseline, rounded};
use super::law::Breaches;
use super::parse::{Claim, Comparison, Limit};
use super::quantity::Quantity;
use crate::analysis::jackknife::Interval;
use crate::figure::{Figure, Moment, Sample, Unit};
use crate::time::Span;
use strum::{VariantArray, VariantNames};

crate::named!(Verdict);

/// What becomes of an assertion.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// The run cannot tell.
    Undecided,
    /// It does not hold.
    Fail,
}

/// A verdict with what it rests on.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// What was found.
    pub found: Found,
    /// Devices on which it was decided.
    pub devices: u64,
}

/// What was found.
#[derive(Clone, Debug)]
pub enum Found {
    /// A quantity.
    Value {
        /// Its value, unknown where the run cannot tell.
        value: Option<f64>,
        /// Its interval; a count needs none.
        interval: Option<Interval>,
        /// The bound.
        bound: f64,
        /// Whether it is exact.
        exact: bool,
    },
    /// A change from the baseline, or a difference from an arm.
    Change {
        /// The value now.
        now: Option<f64>,
        /// The value before, or that of the arm.
        before: Option<f64>,
        /// The interval of the change, in the quantity's unit.
        interval: Option<Interval>,
        /// The greatest or least change allowed, in the quantity's unit.
        bound: Option<f64>,
    },
    /// The fingerprint is that of the baseline: nothing changed at all.
    Identical,
    /// What broke a law.
    Breaches(Breaches),
}

/// What a figure is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Against<'a> {
    /// The figures of an earlier run, and whether its prints are those of this one.
    Baseline(&'a Baseline, bool),
    /// What an arm was on the same devices.
    Arm(&'a Sample),
}

impl Against<'_> {
    fn value(self, figure: Figure, sample: &Sample) -> Option<f64> {
        match self {
            Against::Baseline(baseline, _) => baseline.value(figure, None, sample),
            Against::Arm(other) => other.value(figure).map(rounded),
        }
    }

    /// The interval of: the figure of the sample, less `factor` times what it is compared with and `offset`.
    fn difference(self, figure: Figure, sample: &Sample, factor: f64, offset: f64) -> Option<Interval> {
        match self {
            Against::Baseline(baseline, _) => baseline.difference(figure, sample, factor, offset),
            Against::Arm(other) => sample.difference(figure, other, factor, offset),
        }
    }
}

/// Decides an assertion on a sample.
pub fn decide(
    assertion: &Assertion,
    sample: &Sample,
    breaches: Option<Breaches>,
    against: Option<Against<'_>>,
) -> Ruling {
    let devices = sample.all_devices();
    let (verdict, found) = match (&assertion.claim, against) {
        (Claim::Never(_), _) => {
            let breaches = breaches.unwrap_or_default();
            (if breaches.count == 0 { Verdict::Pass } else { Verdict::Fail }, Found::Breaches(breaches))
        }
        (Claim::Figure { quantity, comparison, limit: Limit::Is(bound) }, _) => {
            value(*quantity, *comparison, *bound, sample)
        }
        (Claim::Figure { .. }, Some(Against::Baseline(_, true))) => (Verdict::Pass, Found::Identical),
        (Claim::Figure { quantity, comparison, limit }, Some(against)) => {
            change(quantity.figure(), *comparison, *limit, sample, against)
        }
        (Claim::Figure { .. }, None) => {
            let none = Found::Change { now: None, before: None, interval: None, bound: None };
            (Verdict::Undecided, none)
        }
    };
    Ruling { verdict, found, devices }
}

/// The rule: whole inside, whole outside, or neither.
pub(super) fn judge(interval: Option<Interval>, comparison: Comparison, bound: f64) -> Verdict {
    let Some(Interval { low, high }) = interval else { return Verdict::Undecided };
    match (comparison.holds(low, bound), comparison.holds(high, bound)) {
        (true, true) => Verdict::Pass,
        (false, false) => Verdict::Fail,
        _ => Verdict::Undecided,
    }
}

fn value(quantity: Quantity, comparison: Comparison, bound: f64, sample: &Sample) -> (Verdict, Found) {
    let value = quantity.value(sample);
    let exact = quantity.unit() == Unit::Count;
    if exact {
        let holds = value.is_some_and(|value| comparison.holds(value, bound));
        let verdict = if holds { Verdict::Pass } else { Verdict::Fail };
        return (verdict, Found::Value { value, interval: None, bound, exact });
    }
    let interval = quantity.interval(sample);
    let verdict = match interval {
        Some(_) => judge(interval, comparison, bound),
        None => by_share_told(quantity, comparison, bound, sample),
    };
    (verdict, Found::Value { value, interval, bound, exact })
}

/// A percentile that is not reached, or not without every group, has no interval. That it lies below a
/// bound says the same as that at least such a share is told within the bound, which always has one.
fn by_share_told(quantity: Quantity, comparison: Comparison, bound: f64, sample: &Sample) -> Verdict {
    let Quantity::Figure(Figure::Latency(Moment::Percentile(part))) = quantity else {
        return Verdict::Undecided;
    };
    let share = part.share();
    let told = sample.interval(Figure::ToldWithin(Span::from_secs_f64(bound)));
    match comparison {
        Comparison::Less | Comparison::AtMost => judge(told, Comparison::AtLeast, share),
        _ => judge(told, Comparison::Less, share),
    }
}

fn change(
    figure: Figure,
    comparison: Comparison,
    limit: Limit,
    sample: &Sample,
    compared: Against<'_>,
) -> (Verdict, Found) {
    let (factor, offset) = match limit {
        Limit::Is(number) => (0.0, number),
        Limit::Part(part) => (1.0 + part, 0.0),
        Limit::Plus(offset) => (1.0, offset),
    };
    let now = sample.value(figure).map(rounded);
    let before = compared.value(figure, sample);
    let against = |factor: f64, offset: f64| compared.difference(figure, sample, factor, offset);
    let verdict = judge(against(factor, offset), comparison, 0.0);
    let bound = before.map(|before| before * (factor - 1.0) + offset);
    (verdict, Found::Change { now, before, interval: against(1.0, 0.0), bound })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_decides_only_where_it_lies_on_one_side() {
        let judged = |low, high, comparison| judge(Some(Interval { low, high }), comparison, 0.8);
        for (low, high, at_least, at_most) in [
            (0.81, 0.9, Verdict::Pass, Verdict::Fail),
            (0.8, 0.9, Verdict::Pass, Verdict::Undecided),
            (0.7, 0.9, Verdict::Undecided, Verdict::Undecided),
            (0.7, 0.79, Verdict::Fail, Verdict::Pass),
            (0.8, 0.8, Verdict::Pass, Verdict::Pass),
        ] {
            assert_eq!(judged(low, high, Comparison::AtLeast), at_least, "{low} {high}");
            assert_eq!(judged(low, high, Comparison::AtMost), at_most, "{low} {high}");
        }
        assert_eq!(judge(None, Comparison::Less, 1.0), Verdict::Undecided);
    }
}
