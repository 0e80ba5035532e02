//! How much of a figure a run can know. What nobody was watched for long enough to show is known to one side alone: of
//! the share told within a month, a run of a week knows only that it is no less than that told within the week. Then
//! a promise is kept, or broken, by what was seen, and never by what was not.

use super::decide::{Says, Verdict};
use super::parse::Comparison;
use crate::figure::{Figure, Moment, Sample};

/// What a run knows of a figure, or of a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// All that chance leaves.
    Whole,
    /// That it is no less.
    AtLeast,
    /// That it is no more.
    AtMost,
    /// Nothing.
    Nothing,
}

impl Known {
    /// What the devices of a sample tell of a figure.
    pub(super) fn of(figure: Figure, sample: &Sample) -> Known {
        match (sample.replicates.all.is_seen(figure), figure) {
            (true, _) => Known::Whole,
            // Mail of which the end was not seen counts as waiting on.
            (false, Figure::Latency(Moment::RestrictedMean24h)) => Known::AtMost,
            (false, _) => Known::AtLeast,
        }
    }

    /// What is known of this less another.
    pub(super) fn less(self, other: Known) -> Known {
        match (self, other) {
            (known, Known::Whole) => known,
            (Known::Whole, Known::AtLeast) => Known::AtMost,
            (Known::Whole, Known::AtMost) => Known::AtLeast,
            _ => Known::Nothing,
        }
    }

    /// What is left of what a look says.
    pub(super) fn limits(self, comparison: Comparison, says: Says) -> Says {
        let larger = matches!(comparison, Comparison::More | Comparison::AtLeast);
        let (passes, fails) = match self {
            Known::Whole => return says,
            Known::Nothing => return Says::Nothing,
            Known::AtLeast => (larger, !larger),
            Known::AtMost => (!larger, larger),
        };
        match says {
            Says::Odds { pass, fail } => {
                Says::Odds { pass: if passes { pass } else { 1.0 }, fail: if fails { fail } else { 1.0 } }
            }
            Says::Surely { verdict: Verdict::Pass, .. } if !passes => Says::Nothing,
            Says::Surely { verdict: Verdict::Fail, .. } if !fails => Says::Nothing,
            says => says,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_seen_decides_nothing() {
        let odds = Says::Odds { pass: 0.01, fail: 0.02 };
        let at_least = |comparison| Known::AtLeast.limits(comparison, odds);
        assert_eq!(at_least(Comparison::AtLeast), Says::Odds { pass: 0.01, fail: 1.0 });
        assert_eq!(at_least(Comparison::Less), Says::Odds { pass: 1.0, fail: 0.02 });
        assert_eq!(Known::AtMost.limits(Comparison::AtLeast, odds), Says::Odds { pass: 1.0, fail: 0.02 });
        assert_eq!(Known::Whole.limits(Comparison::Less, odds), odds);
        let surely = |verdict| Says::Surely { verdict, unseen: None };
        assert_eq!(Known::AtLeast.limits(Comparison::AtLeast, surely(Verdict::Fail)), Says::Nothing);
        assert_eq!(Known::AtLeast.limits(Comparison::AtMost, surely(Verdict::Pass)), Says::Nothing);
        assert_eq!(Known::AtLeast.limits(Comparison::AtMost, surely(Verdict::Fail)), surely(Verdict::Fail));
        assert_eq!(Known::AtLeast.less(Known::AtLeast), Known::Nothing);
        assert_eq!(Known::Whole.less(Known::AtLeast), Known::AtMost);
        assert_eq!(Known::AtMost.less(Known::Whole), Known::AtMost);
    }
}
