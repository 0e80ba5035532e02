//! Sums as they travel between machines: everything that is added up over devices, in integers, so that whoever puts
//! them together has what one machine would have.

use super::parts::Parts;
use super::slices::{LeanTally, SliceSums};
use super::week::{HOURS, Week};
use crate::slice::Slice;
use serde::{Deserialize, Serialize};

/// No number that is added up without care for its end is larger where it comes from elsewhere, so that the sums of as many
/// parts as there may be do not overflow.
pub const MOST: u64 = 1 << 40;

/// Sums of some devices of one scenario.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Sums {
    parts: Parts,
    week: Option<Week>,
    slices: Vec<Parts<LeanTally>>,
}

impl Sums {
    /// Those that were found; by hour of the week where they are kept.
    pub fn of(parts: Parts, week: Option<Week>, slices: SliceSums) -> Sums {
        Sums { parts, week, slices: slices.into_parts() }
    }

    /// Whether they are of a fleet of groups of these sizes, and so many devices are in them.
    fn are_of(&self, sizes: &[u64], devices: u32) -> bool {
        let week = self.week.as_ref().is_none_or(|week| week.hours.len() == HOURS && week.is_bounded(MOST));
        let is_sliced_so =
            |parts: &Parts<LeanTally>| parts.are_of_sizes(sizes) && parts.all(|tally| tally.is_bounded(MOST));
        let is_cut_so = self.parts.are_of_sizes(sizes) && self.parts.all(|tally| tally.is_bounded(MOST));
        let are_cut_so = week && is_cut_so && self.slices.iter().all(is_sliced_so);
        are_cut_so && self.parts.total().counts.devices == u64::from(devices)
    }

    /// What they are made of, if they are of so many devices of a fleet of groups of these sizes, broken down into
    /// these slices.
    pub fn open(
        self,
        sizes: &[u64],
        slices: &[Slice],
        devices: u32,
    ) -> Option<(Parts, Option<Week>, SliceSums)> {
        let is_sound = self.are_of(sizes, devices);
        let sliced = SliceSums::of_parts(slices, self.slices)?;
        is_sound.then_some((self.parts, self.week, sliced))
    }
}
