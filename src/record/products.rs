//! How devices differ in how much of their mail is told in time: what a share would vary by if devices were drawn one
//! by one, and not dealt.

use serde::{Deserialize, Serialize};
use std::ops::{AddAssign, SubAssign};

/// Of a device: its mail, and how much of it was told in time.
pub type InTime = [u64; 2];

/// Sums over devices of products of what two runs of a device come to, or one with itself. A sum that is full stays
/// so, in whatever order it was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Products([[u64; 2]; 2]);

impl Products {
    /// A device comes to this in the one run, and to that in the other.
    pub(super) fn add(&mut self, one: InTime, other: InTime) {
        for (sums, one) in self.0.iter_mut().zip(one) {
            for (sum, other) in sums.iter_mut().zip(other) {
                *sum = sum.saturating_add(one.saturating_mul(other));
            }
        }
    }

    /// The sum over devices of the product of how far the mail told in time is from a share of the device's mail, this
    /// share in the one run and that in the other. Unknown where a sum is full.
    pub fn of_residuals(&self, one: f64, other: f64) -> Option<f64> {
        let [[mail, mail_told], [told_mail, told]] = self.0.map(|sums| sums.map(|sum| sum as f64));
        let is_full = self.0.iter().flatten().any(|sum| *sum == u64::MAX);
        (!is_full).then_some(told - one * mail_told - other * told_mail + one * other * mail)
    }
}

impl AddAssign<&Products> for Products {
    fn add_assign(&mut self, more: &Products) {
        for (sum, more) in self.0.iter_mut().flatten().zip(more.0.iter().flatten()) {
            *sum = sum.saturating_add(*more);
        }
    }
}

impl SubAssign<&Products> for Products {
    fn sub_assign(&mut self, less: &Products) {
        for (sum, less) in self.0.iter_mut().flatten().zip(less.0.iter().flatten()) {
            *sum = sum.saturating_sub(*less);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICES: [[InTime; 2]; 3] = [[[10, 3], [10, 6]], [[40, 20], [40, 22]], [[5, 0], [4, 4]]];

    #[test]
    fn residuals_are_those_of_each_device() {
        let mut sums = Products::default();
        DEVICES.iter().for_each(|[one, other]| sums.add(*one, *other));
        let [one, other] = [23.0 / 55.0, 32.0 / 54.0];
        let residual = |[mail, told]: InTime, share: f64| told as f64 - share * mail as f64;
        let each = DEVICES.map(|[first, second]| residual(first, one) * residual(second, other));
        let found = sums.of_residuals(one, other).unwrap();
        assert!((found - each.iter().sum::<f64>()).abs() < 1e-9, "{found}");
    }

    #[test]
    fn a_sum_that_is_full_says_nothing() {
        let mut sums = Products::default();
        sums.add([u64::MAX, 1], [2, 1]);
        sums += &sums.clone();
        assert_eq!(sums.of_residuals(0.5, 0.5), None);
    }
}
