//! In which order the members of the groups come, so that every prefix of the fleet holds each in proportion.

/// The proportions of some groups, which are told apart by their place in a list.
///
/// The order is Tijdeman's ("The chairman assignment problem", Discrete Mathematics 32 (1980), 323-330): of k
/// groups none is ever off its share by more than 1 - 1 / (2k - 2) devices. Largest shortfall first, the rule
/// that comes to mind, is off by more than one. After as many places as the weights add up to, all are met
/// exactly and the order repeats.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Order {
    /// In lowest terms.
    weights: Vec<i128>,
    total: i128,
    /// Tijdeman's D, of the groups that have members at all.
    terms: i128,
}

impl Order {
    /// The order of groups with these weights, of which one at least is above zero. Ties go to the first.
    pub fn new(weights: &[u64]) -> Order {
        let common = weights.iter().fold(0, |common, weight| divisor(common, *weight)).max(1);
        let weights: Vec<i128> = weights.iter().map(|weight| i128::from(weight / common)).collect();
        let inhabited = weights.iter().filter(|weight| **weight > 0).count() as i128;
        Order { total: weights.iter().sum(), weights, terms: 2 * inhabited - 2 }
    }

    /// A walk from the first place.
    pub fn walk(&self) -> Walk<'_> {
        Walk { order: self, place: 0, counts: vec![0; self.weights.len()] }
    }

    /// After so many places the order repeats.
    pub fn round(&self) -> u64 {
        u64::try_from(self.total).unwrap_or(u64::MAX)
    }

    /// A walk from a place at which so many members of each group have come.
    pub fn at(&self, place: u64, counts: &[u64]) -> Walk<'_> {
        let counts = counts.iter().map(|count| i128::from(*count)).collect();
        Walk { order: self, place: place.into(), counts }
    }

    /// A walk from a place further on: whole rounds are multiplied, the rest is walked.
    pub fn skip(&self, place: u64) -> Walk<'_> {
        let mut walk = self.walk();
        (0..place % self.round()).for_each(|_| {
            walk.step();
        });
        walk.go_on(place / self.round());
        walk
    }
}

/// A walk along the order.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    order: &'a Order,
    place: i128,
    counts: Vec<i128>,
}

impl Walk<'_> {
    /// How many members of each group have come.
    pub fn counts(&self) -> impl Iterator<Item = u64> + '_ {
        self.counts.iter().map(|count| *count as u64)
    }

    /// Goes on by whole rounds.
    pub fn go_on(&mut self, rounds: u64) {
        let Order { weights, total, .. } = self.order;
        self.place += i128::from(rounds) * total;
        self.counts.iter_mut().zip(weights).for_each(|(count, weight)| *count += i128::from(rounds) * weight);
    }

    /// The group of the next device, and which of its members the device is.
    pub fn step(&mut self) -> (usize, u64) {
        let Order { weights, total, terms } = self.order;
        self.place += 1;
        let due = |count: i128| terms * count + terms - 1;
        let mut next: Option<usize> = None;
        for (group, (weight, count)) in weights.iter().zip(&self.counts).enumerate() {
            let may = terms * (self.place * weight - count * total) >= *total;
            // Of those that may take the place, the one whose deadline is the earliest.
            let sooner = |other: usize| due(*count) * weights[other] < due(self.counts[other]) * weight;
            if may && next.is_none_or(sooner) {
                next = Some(group);
            }
        }
        // A group that is alone has every place, and there is always one that may.
        let alone = || weights.iter().position(|weight| *weight > 0).unwrap_or_default();
        let group = next.unwrap_or_else(alone);
        let rank = self.counts[group];
        self.counts[group] += 1;
        (group, rank as u64)
    }
}

fn divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::rngs::Xoshiro256PlusPlus;
    use rand::{RngExt, SeedableRng};

    fn letters(weights: &[u64], places: usize) -> String {
        let order = Order::new(weights);
        let mut walk = order.walk();
        (0..places).map(|_| char::from(b'a' + walk.step().0 as u8)).collect()
    }

    #[test]
    fn the_order_is_that_of_the_reference() {
        assert_eq!(letters(&[600, 150, 20], 40), "aaabaaabaaaabaaabaaaabaaaacaabaaaabaaaab");
        let seldom = letters(&[97, 2, 1], 100);
        assert_eq!((seldom.find('b'), seldom.find('c')), (Some(25), Some(58)));
        assert_eq!(letters(&[7], 3), "aaa");
    }

    /// Whole and decimal weights, one that rules beside tiny ones, and some of every size.
    fn weights(rng: &mut Xoshiro256PlusPlus) -> Vec<u64> {
        let groups = rng.random_range(2..=12);
        let kind = rng.random_range(0..4);
        let weight = |group: usize| match (kind, group) {
            (0, _) => rng.random_range(1..=300),
            (1, _) => rng.random_range(1..1000),
            (2, 0) => 1000,
            (2, _) => 1,
            _ => (libm::exp(rng.random_range(-7.0..3.0)) * 1e6) as u64 + 1,
        };
        (0..groups).map(weight).collect()
    }

    #[test]
    fn every_prefix_holds_each_group_within_one_and_every_round_exactly() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        for _ in 0..400 {
            let order = Order::new(&weights(&mut rng));
            let Order { weights, total, terms } = &order;
            let last = 3000.min(2 * total);
            let mut walk = order.walk();
            for place in 1..=last {
                let before = walk.counts.clone();
                let (group, rank) = walk.step();
                assert_eq!(i128::from(rank), before[group]);
                for (weight, count) in weights.iter().zip(&walk.counts) {
                    let off = (place * weight - count * total).abs();
                    assert!(terms * off <= (terms - 1) * total, "{weights:?} at {place}");
                }
                if place % total == 0 {
                    assert!(weights.iter().zip(&walk.counts).all(|(w, c)| *c == w * (place / total)));
                }
            }
            let place = rng.random_range(1..last as u64);
            let mut walked = order.walk();
            (0..place).for_each(|_| {
                walked.step();
            });
            assert_eq!(order.skip(place).counts, walked.counts);
        }
    }

    #[test]
    fn a_group_without_weight_changes_nothing() {
        let (without, with) = (Order::new(&[3, 2]), Order::new(&[3, 0, 2]));
        let (mut without, mut with) = (without.walk(), with.walk());
        for _ in 0..50 {
            let (group, rank) = without.step();
            assert_eq!(with.step(), (group * 2, rank));
        }
    }
}
