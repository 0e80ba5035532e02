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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slice::{Who, Window};
    use crate::time::{Span, Time};

    const SIZES: [u64; 2] = [30, 4];

    fn slice() -> Slice {
        let window = Window { from: Time::ORIGIN, until: Time::ORIGIN + Span::DAY };
        Slice { who: Who::default(), window: Some(window) }
    }

    /// Of five devices.
    fn sums() -> Sums {
        let mut parts: Parts = Parts::for_sizes(SIZES);
        (0..5).for_each(|rank| parts.at(0, rank).counts.devices += 1);
        let sliced = SliceSums::of_parts(&[slice()], vec![Parts::for_sizes(SIZES)]).unwrap();
        Sums::of(parts, Some(Week::default()), sliced)
    }

    fn opened(change: impl Fn(&mut Sums)) -> Option<(Parts, Option<Week>, SliceSums)> {
        let mut sums = sums();
        change(&mut sums);
        sums.open(&SIZES, &[slice()], 5)
    }

    #[test]
    fn what_is_opened_is_what_was_found_as_long_as_no_number_is_too_large() {
        let found = |parts: Parts| {
            (parts, Some(Week::default()), SliceSums::of_parts(&[slice()], sums().slices).unwrap())
        };
        assert_eq!(opened(|_| {}), Some(found(sums().parts)));
        assert!(opened(|sums| sums.week = None).is_some());
        let most = |sums: &mut Sums, number| {
            sums.parts.at(1, 0).carried.mail = number;
            sums.slices[0].at(1, 0).carried.mail = number;
            sums.week.as_mut().unwrap().hours[7].checks[0] = number;
        };
        assert!(opened(|sums| most(sums, 1 << 40)).is_some());
    }

    #[test]
    fn sums_of_another_fleet_and_numbers_without_bounds_are_refused_wherever_they_stand() {
        let changes: [fn(&mut Sums); 9] = [
            |sums| sums.parts.at(1, 0).carried.mail = MOST + 1,
            |sums| sums.slices[0].at(1, 0).carried.mail = MOST + 1,
            |sums| sums.week.as_mut().unwrap().hours[7].checks[0] = MOST + 1,
            |sums| sums.week = Some(Week { hours: Vec::new() }),
            |sums| sums.parts = Parts::for_sizes([30]),
            |sums| sums.slices = vec![Parts::for_sizes([30])],
            |sums| sums.slices = Vec::new(),
            |sums| sums.parts.at(1, 0).counts.devices = 1,
            |sums| sums.parts.at(0, 0).counts.devices = 0,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            assert_eq!(opened(change), None, "{number}");
        }
    }
}
