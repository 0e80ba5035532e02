//! Sums of slices, kept beside those of the whole: of each window what one device does in it, and of each slice
//! what its devices did, by group and part.

use super::parts::Parts;
use super::tally::{Counts, Tally};
use crate::analysis::lean::LeanWaits;
use crate::slice::{Slice, Window};
use crate::time::Time;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

/// Sums of which there are many, each of little mail.
pub type LeanTally = Tally<LeanWaits>;

/// What a device does in each window, and what becomes of it when the device is done.
#[derive(Clone, Debug, Default)]
pub struct Sliced {
    /// Rows of windows of which none shares an instant with another of its row, in order of time: an instant is
    /// looked for by halving.
    rows: Vec<Vec<(Window, LeanTally)>>,
    /// Each slice with the place of its window.
    slices: Vec<(Slice, [usize; 2], Parts<LeanTally>)>,
}

impl Sliced {
    /// No sums yet, for slices of which the whole's own sums do not tell, in a fleet of groups of these sizes.
    pub fn new(slices: &[Slice], whole: Window, sizes: &[u64]) -> Sliced {
        let mut sliced = Sliced::default();
        let kept = slices.iter().filter(|slice| !slice.is_of_groups());
        let windows: BTreeMap<Window, ()> =
            kept.clone().map(|slice| (slice.window.unwrap_or(whole), ())).collect();
        for window in windows.into_keys() {
            let is_free = |row: &&mut Vec<(Window, LeanTally)>| {
                row.last().is_none_or(|(last, _)| last.until <= window.from)
            };
            match sliced.rows.iter_mut().find(is_free) {
                Some(row) => row.push((window, LeanTally::default())),
                None => sliced.rows.push(vec![(window, LeanTally::default())]),
            }
        }
        for slice in kept {
            let window = slice.window.unwrap_or(whole);
            let place = sliced.rows.iter().enumerate().find_map(|(row, windows)| {
                Some([row, windows.iter().position(|(known, _)| *known == window)?])
            });
            let parts = Parts::for_sizes(sizes.iter().copied());
            sliced.slices.extend(place.map(|place| (slice.clone(), place, parts)));
        }
        sliced
    }

    /// The device's sums in every window that holds an instant.
    #[inline]
    pub(super) fn at(&mut self, at: Time) -> impl Iterator<Item = &mut LeanTally> {
        self.rows.iter_mut().filter_map(move |row| {
            let place = row.partition_point(|(window, _)| window.until <= at);
            row.get_mut(place).filter(|(window, _)| window.holds(at)).map(|(_, tally)| tally)
        })
    }

    /// The device's counts in every window that a span touches, each with the milliseconds in it.
    #[inline]
    pub(super) fn during(&mut self, span: Window, add: impl Fn(&mut Counts, u64)) {
        for row in &mut self.rows {
            let first = row.partition_point(|(window, _)| window.until <= span.from);
            for (window, tally) in row[first..].iter_mut().take_while(|(window, _)| window.from < span.until)
            {
                let shared = window.until.min(span.until).since(window.from.max(span.from));
                add(&mut tally.counts, shared.ms());
            }
        }
    }

    /// A device is done: its sums go to the slices that it belongs to.
    pub fn close(&mut self, group: usize, rank: u32, belongs: impl Fn(&Slice) -> bool) {
        for (_, tally) in self.rows.iter_mut().flatten() {
            tally.counts.devices = 1;
            let mail = tally.waits.mail();
            tally.carry(&Counts::default(), mail);
        }
        for (slice, [row, place], parts) in &mut self.slices {
            if belongs(slice) {
                *parts.at(group, rank) += &self.rows[*row][*place].1;
            }
        }
        self.rows.iter_mut().flatten().for_each(|(_, tally)| *tally = LeanTally::default());
    }

    /// The sums of the devices that are done.
    pub fn finish(self) -> SliceSums {
        SliceSums(self.slices.into_iter().map(|(slice, _, parts)| (slice, parts)).collect())
    }
}

/// Sums by slice, group and part, of slices of which the whole's own sums do not tell.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SliceSums(BTreeMap<Slice, Parts<LeanTally>>);

impl SliceSums {
    /// The sums of a slice.
    pub fn of(&self, slice: &Slice) -> Parts {
        self.0.get(slice).map_or_else(Parts::default, Parts::dense)
    }
}

impl SliceSums {
    /// The sums by themselves, in the order of their slices.
    pub(super) fn into_parts(self) -> Vec<Parts<LeanTally>> {
        self.0.into_values().collect()
    }

    /// Sums that were taken apart, of those of these slices of which the whole's own sums do not tell.
    pub(super) fn of_parts(slices: &[Slice], parts: Vec<Parts<LeanTally>>) -> Option<SliceSums> {
        let kept: BTreeSet<&Slice> = slices.iter().filter(|slice| !slice.is_of_groups()).collect();
        (kept.len() == parts.len()).then(|| SliceSums(kept.into_iter().cloned().zip(parts).collect()))
    }
}

impl AddAssign<&SliceSums> for SliceSums {
    fn add_assign(&mut self, more: &SliceSums) {
        more.0.iter().for_each(|(slice, parts)| *self.0.entry(slice.clone()).or_default() += parts);
    }
}

impl LeanTally {
    /// The same with room for all bins.
    pub(super) fn dense(&self) -> Tally {
        let LeanTally { counts, waits, signals, details, carried, apart, adoption, course, alike, beside } =
            self.clone();
        let (waits, signals, details) = (waits.dense(), signals.dense(), details.dense());
        Tally { counts, waits, signals, details, carried, apart, adoption, course, alike, beside }
    }
}
