//! How what was published has reached the devices.

use crate::analysis::survival::Waits;
use serde::{Deserialize, Serialize};
use std::ops::{AddAssign, SubAssign};

/// How one change has reached devices. What had not happened at the end of a device's life is censored there.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Adoption {
    /// For how many devices it was published.
    pub published: u64,
    /// From then on until all of it had reached the device.
    pub reached: Waits,
    /// Until the client had stored its key under it, where it has to.
    pub stored: Waits,
    /// Until it had its effect.
    pub effective: Waits,
}

/// Every change, by its number; the last ones may be missing where none of them was published.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Adoptions(Vec<Adoption>);

impl Adoptions {
    /// That of a change.
    pub fn of(&self, change: usize) -> Option<&Adoption> {
        self.0.get(change)
    }

    /// The same, to be added to.
    pub fn at(&mut self, change: usize) -> &mut Adoption {
        if self.0.len() <= change {
            self.0.resize_with(change + 1, Adoption::default);
        }
        &mut self.0[change]
    }

    /// All changes together.
    pub fn together(&self) -> Adoption {
        let mut sum = Adoption::default();
        self.0.iter().for_each(|adoption| sum += adoption);
        sum
    }

    /// Whether no number in it is larger.
    pub(super) fn is_bounded(&self, most: u64) -> bool {
        self.0.iter().all(|adoption| adoption.published <= most)
    }

    pub(super) fn each_number(&self, take: &mut impl FnMut(u64)) {
        for Adoption { published, reached, stored, effective } in &self.0 {
            take(*published);
            [reached, stored, effective].into_iter().for_each(|waits| waits.each_number(take));
        }
    }
}

impl AddAssign<&Adoption> for Adoption {
    fn add_assign(&mut self, other: &Adoption) {
        self.published += other.published;
        self.reached += &other.reached;
        self.stored += &other.stored;
        self.effective += &other.effective;
    }
}

impl AddAssign<&Adoptions> for Adoptions {
    fn add_assign(&mut self, other: &Adoptions) {
        other.0.iter().enumerate().for_each(|(change, adoption)| *self.at(change) += adoption);
    }
}

impl SubAssign<&Adoptions> for Adoptions {
    fn sub_assign(&mut self, other: &Adoptions) {
        for (change, other) in other.0.iter().enumerate() {
            let adoption = self.at(change);
            adoption.published -= other.published;
            adoption.reached -= &other.reached;
            adoption.stored -= &other.stored;
            adoption.effective -= &other.effective;
        }
    }
}
