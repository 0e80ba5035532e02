//! How often chance alone would take a quantity so far to one side of its bound: by Student's t with the jackknife's
//! error; where few devices carry it, as a count of them that is Poisson's; where none does, by the rule of three.

use super::decide::{Says, Verdict};
use super::foresight::Ahead;
use super::parse::Comparison;
use super::quantity::Quantity;
use crate::analysis::jackknife::Spread;
use crate::analysis::tails::{poisson_at_least, poisson_at_most, t_tail};
use crate::figure::{Figure, Unit, is_enough};

/// What is known of a quantity, or of a difference from its bound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimated {
    pub value: f64,
    pub spread: Spread,
    pub devices: u64,
    pub carriers: u64,
}

/// What it says of its bound, and of the next test.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Weighed {
    pub says: Says,
    pub ahead: Option<Ahead>,
}

/// Where something was seen on none of so many devices, it may be on this part of them all: on more, one run in twenty
/// would have missed it.
pub(super) fn unseen(devices: u64) -> Option<f64> {
    Some((-libm::log(super::chance::ERROR) / devices.max(1) as f64).min(1.0))
}

/// The odds for a comparison: chance alone, from the bound, would come to so high, or so low.
fn odds(comparison: Comparison, high: f64, low: f64) -> Says {
    let both = (2.0 * high.min(low)).min(1.0);
    let (pass, fail) = match comparison {
        Comparison::More | Comparison::AtLeast => (high, low),
        Comparison::Less | Comparison::AtMost => (low, high),
        // That a quantity is one number no run can show, but that it is not.
        Comparison::Equal => (1.0, both),
        Comparison::Unequal => (both, 1.0),
    };
    Says::Odds { pass, fail }
}

/// Whether another bound would leave more room: what is to be one number, or not to be it, has none.
fn has_margin(comparison: Comparison) -> bool {
    !matches!(comparison, Comparison::Equal | Comparison::Unequal)
}

impl Estimated {
    /// What it says of a bound.
    pub fn weigh(self, quantity: Quantity, comparison: Comparison, bound: f64) -> Option<Weighed> {
        let Estimated { value, spread, carriers, .. } = self;
        let off = Estimated { value: value - bound, ..self };
        let is_none = value == 0.0 || quantity.unit() == Unit::Share && value == 1.0;
        if spread.variance == 0.0 && is_none {
            return self.of_none(quantity, comparison, bound);
        }
        if is_enough(carriers) && spread.is_known() {
            let ahead = has_margin(comparison).then(|| off.ahead(comparison, 0.0, bound));
            return off.by_t(comparison).map(|says| Weighed { says, ahead });
        }
        // What is told late is told on all devices.
        let is_sum = match quantity {
            Quantity::Figure(Figure::Latency(_)) => false,
            Quantity::Figure(figure) => !figure.is_estimate(),
            Quantity::Share { .. } => true,
        };
        if !is_sum || spread.variance == 0.0 || value <= 0.0 {
            return None;
        }
        // As many devices, of equal size, would vary as these do: never more than there are.
        let like = (value * value / spread.variance).min(carriers as f64);
        let mean = like * bound / value;
        let says = odds(comparison, poisson_at_least(like, mean), poisson_at_most(like, mean));
        let ahead = has_margin(comparison).then(|| off.ahead(comparison, 0.0, bound));
        Some(Weighed { says, ahead })
    }

    /// What it says, being a difference, of zero.
    pub fn weigh_difference(self, comparison: Comparison) -> Option<Weighed> {
        let is_carried = is_enough(self.carriers) || self.spread.variance == 0.0;
        if !is_carried || !self.spread.is_known() {
            return None;
        }
        let ahead = has_margin(comparison).then(|| self.ahead(comparison, 0.0, 0.0));
        self.by_t(comparison).map(|says| Weighed { says, ahead })
    }

    /// By Student's t, of a difference from zero. What varies on no device may vary on some that were not seen.
    fn by_t(self, comparison: Comparison) -> Option<Says> {
        let spread = self.spread;
        if spread.variance == 0.0 {
            let verdict = if comparison.holds(self.value, 0.0) { Verdict::Pass } else { Verdict::Fail };
            return Some(Says::Surely { verdict, unseen: unseen(self.devices) });
        }
        let (t, freedom) = (spread.t(self.value), spread.freedom());
        Some(odds(comparison, t_tail(t, freedom), t_tail(-t, freedom)))
    }

    /// Where no device does otherwise, a share from the bound would have been seen on one of them but for so often; of
    /// what has no largest value, only on how many devices it may be is known.
    fn of_none(self, quantity: Quantity, comparison: Comparison, bound: f64) -> Option<Weighed> {
        let gap = (self.value - bound).abs();
        let expected = match quantity.unit() {
            Unit::Share => self.devices as f64 * gap,
            Unit::Count => gap,
            _ if comparison.holds(self.value, bound) => {
                let says = Says::Surely { verdict: Verdict::Pass, unseen: unseen(self.devices) };
                return Some(Weighed { says, ahead: None });
            }
            _ => return None,
        };
        let missed = libm::exp(-expected);
        let (high, low) = if self.value > bound { (missed, 1.0) } else { (1.0, missed) };
        Some(Weighed { says: odds(comparison, high, low), ahead: None })
    }

    /// What the next test depends on, of a difference from zero whose bound is this; `stays` is a variance that no
    /// devices lessen.
    pub fn ahead(self, comparison: Comparison, stays: f64, bound: f64) -> Ahead {
        let larger_is_easier = comparison.larger_is_easier();
        let inside = match comparison {
            Comparison::More | Comparison::AtLeast => self.value,
            Comparison::Less | Comparison::AtMost => -self.value,
            Comparison::Equal => -self.value.abs(),
            Comparison::Unequal => self.value.abs(),
        };
        let (falls, freedom) = (self.spread.prudent_variance(), self.spread.freedom().max(1.0));
        Ahead::Margin { inside, falls, stays, freedom, bound, larger_is_easier }
    }
}
