//! Sums over the devices of a run, kept by group and by part: what figures and their errors are worked out
//! from. A part is some neighbours in rank, which a mix deals evenly, so that what mixes do is not taken for
//! chance.

use super::{LeanTally, Tally};
use crate::analysis::jackknife::Replicates;
use crate::analysis::mixture::Mixture;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// No group has more parts.
const MOST_PARTS: u64 = 32;

/// From so many members on, parts have several: fewer make more parts and a sharper error, in which the mixes'
/// doing counts as chance.
const FEWEST_IN_BLOCKS: u64 = 25;

/// The smallest block in which a mix deals round shares exactly.
const SMALLEST_BLOCK: u64 = 5;

/// How many neighbours make a part of a group of this size. Where the group grows, whole parts are added
/// together.
fn block_of(members: u64) -> u64 {
    if members < FEWEST_IN_BLOCKS {
        return 1;
    }
    let mut block = SMALLEST_BLOCK;
    while members > MOST_PARTS * block {
        block *= 2;
    }
    block
}

/// Sums by group and part.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Parts<T = Tally> {
    groups: Vec<Group<T>>,
}

impl<T> Default for Parts<T> {
    fn default() -> Parts<T> {
        Parts { groups: Vec::new() }
    }
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Group<T> {
    block: u64,
    parts: Vec<T>,
}

impl<T: Clone + Default> Parts<T> {
    /// Nothing yet, for groups of so many members.
    pub fn for_sizes(sizes: impl IntoIterator<Item = u64>) -> Parts<T> {
        let group = |members: u64| {
            let block = block_of(members);
            Group { block, parts: vec![T::default(); members.div_ceil(block) as usize] }
        };
        Parts { groups: sizes.into_iter().map(group).collect() }
    }

    /// Whether they are cut as those of groups of so many members are.
    pub(super) fn are_of_sizes(&self, sizes: &[u64]) -> bool {
        let fits = |(group, members): (&Group<T>, &u64)| {
            let block = block_of(*members);
            group.block == block && group.parts.len() as u64 == members.div_ceil(block)
        };
        self.groups.len() == sizes.len() && self.groups.iter().zip(sizes).all(fits)
    }

    /// Whether something is so of every part.
    pub(super) fn all(&self, is_so: impl Fn(&T) -> bool) -> bool {
        self.groups.iter().flat_map(|group| &group.parts).all(is_so)
    }

    /// The part of a member of a group.
    ///
    /// # Panics
    /// If there is no such member.
    pub fn at(&mut self, group: usize, rank: u32) -> &mut T {
        let Group { block, parts } = &mut self.groups[group];
        &mut parts[(u64::from(rank) / *block) as usize]
    }
}

impl<T: Clone + Default + for<'a> AddAssign<&'a T>> Parts<T> {
    /// Makes room for members up to these sizes: the sums are then cut as those of groups so large are.
    pub fn grow(&mut self, sizes: impl IntoIterator<Item = u64>) {
        for (place, members) in sizes.into_iter().enumerate() {
            let block = block_of(members);
            if self.groups.len() == place {
                self.groups.push(Group { block, parts: Vec::new() });
            }
            let group = &mut self.groups[place];
            group.coarsen(block);
            group.parts.resize(members.div_ceil(block) as usize, T::default());
        }
    }
}

impl Parts<LeanTally> {
    /// The same with room for all bins.
    pub(super) fn dense(&self) -> Parts {
        let parts = |group: &Group<LeanTally>| group.parts.iter().map(LeanTally::dense).collect();
        let group = |group: &Group<LeanTally>| Group { block: group.block, parts: parts(group) };
        Parts { groups: self.groups.iter().map(group).collect() }
    }
}

impl Parts {
    /// The sums over all devices.
    pub fn total(&self) -> Tally {
        self.groups.iter().flat_map(|group| &group.parts).sum()
    }

    /// The largest share of the mail of the chosen groups that one of a single part has: there is nothing to see by how
    /// others of its kind would differ.
    pub fn most_alone(&self, chosen: impl Fn(usize) -> bool) -> f64 {
        let groups = self.groups.iter().enumerate().filter(|(group, _)| chosen(*group));
        let mails = groups.map(|(_, group)| {
            let each: Vec<u64> = group.inhabited().iter().map(|(_, part)| part.waits.mail()).collect();
            (each.iter().sum::<u64>(), each.len() == 1)
        });
        let mails: Vec<(u64, bool)> = mails.collect();
        let all: u64 = mails.iter().map(|(mails, _)| mails).sum();
        let alone = mails.iter().filter(|(_, is_alone)| *is_alone).map(|(mails, _)| *mails).max();
        alone.unwrap_or(0) as f64 / all.max(1) as f64
    }

    /// Works `what` out for the devices of the groups that are chosen, and without each of their parts.
    pub fn replicates<T>(
        &self,
        chosen: impl Fn(usize) -> bool,
        what: impl Fn(Mixture<'_, Tally>) -> T,
    ) -> Replicates<T> {
        let groups = self.groups.iter().enumerate().filter(|(group, _)| chosen(*group));
        Replicates::of(&strata(groups.map(|(_, group)| group.inhabited()).collect()), what)
    }
}

/// The groups as strata. One of a single part has no spread of its own: it is one more part of the largest, so
/// that what differs between the two counts as chance, which is too much and never too little.
fn strata<T>(groups: Vec<Vec<(u64, T)>>) -> Vec<Vec<(u64, T)>> {
    let members = |parts: &Vec<(u64, T)>| parts.iter().map(|(devices, _)| devices).sum::<u64>();
    let largest = (0..groups.len()).rev().max_by_key(|group| members(&groups[*group]));
    let is_alone = |group, parts: &[(u64, T)]| parts.len() == 1 && Some(group) != largest;
    let (mut strata, mut alone) = (Vec::with_capacity(groups.len()), Vec::new());
    for (group, parts) in groups.into_iter().enumerate() {
        if is_alone(group, &parts) { alone.extend(parts) } else { strata.push(parts) }
    }
    if let Some(largest) = (0..strata.len()).rev().max_by_key(|group| members(&strata[*group])) {
        strata[largest].extend(alone);
    }
    strata
}

/// The same cut for what is known of each member: of each stratum its parts, of each part its members. Members
/// stand by group and in order of rank.
pub fn cut<T>(groups: Vec<Vec<T>>) -> Vec<Vec<Vec<T>>> {
    let parts = |members: Vec<T>| {
        let block = block_of(members.len() as u64) as usize;
        let mut members = members.into_iter().peekable();
        let mut parts = Vec::new();
        while members.peek().is_some() {
            let part: Vec<T> = members.by_ref().take(block).collect();
            parts.push((part.len() as u64, part));
        }
        parts
    };
    let groups = groups.into_iter().filter(|members| !members.is_empty()).map(parts).collect();
    strata(groups).into_iter().map(|parts| parts.into_iter().map(|(_, part)| part).collect()).collect()
}

impl Group<Tally> {
    /// The parts that have devices, with how many.
    fn inhabited(&self) -> Vec<(u64, &Tally)> {
        let sized = self.parts.iter().map(|part| (part.counts.devices, part));
        sized.filter(|(devices, _)| *devices > 0).collect()
    }
}

impl<T: Clone + Default + for<'a> AddAssign<&'a T>> Group<T> {
    /// Adds neighbours together until parts are of this size.
    fn coarsen(&mut self, block: u64) {
        let together = (block / self.block) as usize;
        if together > 1 {
            let sum = |parts: &[T]| {
                let mut sum = T::default();
                parts.iter().for_each(|part| sum += part);
                sum
            };
            self.parts = self.parts.chunks(together).map(sum).collect();
            self.block = block;
        }
    }
}

/// Adds the same or other members of the same groups, whatever sizes either was made for.
impl<T: Clone + Default + for<'a> AddAssign<&'a T>> AddAssign<&Parts<T>> for Parts<T> {
    fn add_assign(&mut self, more: &Parts<T>) {
        let nothing = |group: &Group<T>| Group { block: group.block, parts: Vec::new() };
        self.groups.extend(more.groups.iter().skip(self.groups.len()).map(nothing));
        for (sum, more) in self.groups.iter_mut().zip(&more.groups) {
            sum.coarsen(more.block);
            let mut coarser = None;
            if more.block < sum.block {
                coarser.insert(more.clone()).coarsen(sum.block);
            }
            let parts = &coarser.as_ref().unwrap_or(more).parts;
            sum.parts.resize(sum.parts.len().max(parts.len()), T::default());
            sum.parts.iter_mut().zip(parts).for_each(|(sum, more)| *sum += more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> Tally {
        let mut tally = Tally::default();
        tally.counts.devices = 1;
        tally
    }

    /// Groups of so many members, all of whom were simulated.
    fn whole(sizes: &[u64]) -> Parts {
        let mut parts = Parts::for_sizes(sizes.iter().copied());
        for (group, size) in sizes.iter().enumerate() {
            (0..*size as u32).for_each(|rank| *parts.at(group, rank) += &one());
        }
        parts
    }

    fn sizes(parts: &Parts) -> Vec<Vec<u64>> {
        let group = |group: &Group<Tally>| group.parts.iter().map(|part| part.counts.devices).collect();
        parts.groups.iter().map(group).collect()
    }

    #[test]
    fn a_group_has_few_parts_and_growing_only_adds_neighbours_together() {
        for members in 1..5000_u64 {
            let (block, larger) = (block_of(members), block_of(members + 1));
            let parts = members.div_ceil(block);
            assert!(parts <= MOST_PARTS && parts >= members.min(5), "{parts} parts of {members}");
            assert!(larger.is_multiple_of(block), "{members}");
        }
        assert!((80..100_000_u64).all(|members| members.div_ceil(block_of(members)) >= 16));
    }

    #[test]
    fn shards_of_any_split_and_order_make_up_the_whole_run() {
        for members in [1, 7, 24, 25, 60, 161, 2000] {
            let all = whole(&[members, 12]);
            let mut shards: Vec<Parts> = vec![Parts::for_sizes([members, 12]); 3];
            for rank in (0..members as u32).rev() {
                *shards[(rank / 3) as usize % 3].at(0, rank) += &one();
            }
            (0..12).for_each(|rank| *shards[1].at(1, rank) += &one());
            let mut sum: Parts = Parts::default();
            shards.iter().rev().for_each(|shard| sum += shard);
            assert_eq!(sum, all, "{members}");
        }
    }

    #[test]
    fn a_run_that_grew_is_cut_like_one_that_was_as_large_from_the_start() {
        for members in 1..2500 {
            let mut grown = whole(&[members]);
            let mut more = Parts::for_sizes([2 * members]);
            (members as u32..2 * members as u32).for_each(|rank| *more.at(0, rank) += &one());
            grown += &more;
            assert_eq!(sizes(&grown), sizes(&whole(&[2 * members])), "{members}");
        }
        let mut large = Parts::for_sizes([100]);
        large += &whole(&[10]);
        assert_eq!(large.groups[0].block, block_of(100));
        assert_eq!(sizes(&large)[0][..3], [5, 5, 0]);
    }

    #[test]
    fn one_that_grows_member_by_member_is_always_cut_as_one_so_large() {
        let mut parts = Parts::default();
        for members in 1..=700_u64 {
            parts.grow([members, members / 3]);
            *parts.at(0, members as u32 - 1) += &one();
            if members.is_multiple_of(3) {
                *parts.at(1, members as u32 / 3 - 1) += &one();
            }
            assert_eq!(parts, whole(&[members, members / 3]), "{members}");
        }
    }

    #[test]
    fn what_is_known_of_members_is_cut_as_their_sums_are() {
        for sizes in [&[7, 1, 3][..], &[27], &[1], &[160, 161, 30]] {
            let groups = sizes.iter().map(|size| (0..*size).collect()).collect();
            let parts = cut::<u64>(groups);
            let lengths = parts.iter().map(|parts| parts.iter().map(|part| part.len() as u64).collect());
            let sums = whole(sizes).replicates(|_| true, |_| ()).strata;
            assert_eq!(crate::analysis::jackknife::Strata::of(lengths), sums, "{sizes:?}");
            assert_eq!(parts.iter().flatten().map(Vec::len).sum::<usize>() as u64, sizes.iter().sum::<u64>());
        }
        assert_eq!(cut::<u64>(vec![Vec::new()]), Vec::<Vec<Vec<u64>>>::new());
    }

    #[test]
    fn a_group_of_one_part_joins_the_largest() {
        let cut = |sizes: &[u64]| whole(sizes).replicates(|_| true, |_| ()).strata;
        let strata = |parts: &str| serde_json::from_str(parts).unwrap();
        assert_eq!(cut(&[7, 1, 3]), strata("[[1,1,1,1,1,1,1,1],[1,1,1]]"));
        assert_eq!(cut(&[1, 7, 1]), strata("[[1,1,1,1,1,1,1,1,1]]"));
        assert_eq!(cut(&[27]), strata("[[5,5,5,5,5,2]]"));
        assert_eq!((cut(&[1]), cut(&[1, 1])), (strata("[]"), strata("[[1,1]]")));
        // Parts that have no device yet are none.
        let mut begun = Parts::for_sizes([30]);
        (0..10).for_each(|rank| *begun.at(0, rank) += &one());
        assert_eq!(begun.replicates(|_| true, |_| ()).strata, strata("[[5,5]]"));
        assert_eq!(whole(&[30, 4]).replicates(|group| group == 1, |_| ()).strata, strata("[[1,1,1,1]]"));
    }

    #[test]
    fn sums_are_of_the_sizes_by_which_they_are_cut() {
        assert_eq!([1, 24, 25, 160, 161, 320, 321].map(block_of), [1, 1, 5, 5, 10, 10, 20]);
        let parts = whole(&[30, 4]);
        assert!(parts.are_of_sizes(&[30, 4]) && parts.are_of_sizes(&[26, 4]));
        for others in [&[30][..], &[30, 4, 1], &[25, 4], &[31, 4], &[6, 4], &[30, 3], &[12, 4]] {
            assert!(!parts.are_of_sizes(others), "{others:?}");
        }
        assert!(parts.all(|part| part.counts.devices <= 5) && !parts.all(|part| part.counts.devices > 1));
    }

    #[test]
    fn how_much_mail_is_of_one_that_is_alone_is_the_largest_of_such_shares() {
        let mut parts = whole(&[1, 3, 1]);
        for (group, mails) in [(0, 1), (1, 4), (2, 3)] {
            (0..mails).for_each(|_| parts.at(group, 0).waits.record(true, crate::time::Span::HOUR));
        }
        assert_eq!(parts.most_alone(|_| true), 3.0 / 8.0);
        assert_eq!(parts.most_alone(|group| group < 2), 1.0 / 5.0);
        assert_eq!((parts.most_alone(|group| group == 1), Parts::default().most_alone(|_| true)), (0.0, 0.0));
    }
}
