//! The number of a member that says which value of a mix it has.

use crate::random::mix;

/// The unit interval in whole numbers.
pub const UNIT: u64 = 1_000_000_000;

/// The digits' radices: blocks of 5, 10, 20, 100, 200, 1000 ... [`UNIT`] members.
const RADIX: [u64; 18] = [5, 2, 2, 5, 2, 5, 2, 5, 2, 5, 2, 5, 2, 5, 2, 5, 2, 5];

/// The place of a member in the unit interval: van der Corput's sequence in a mixed radix, its index shuffled
/// and its digits scrambled, both nested (A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences",
/// 1995).
///
/// Each aligned block of 5, 10, 20, 100 ... members has one member in each fifth, tenth, twentieth ... of the
/// interval, so that round shares are met exactly in groups of round sizes. The index is shuffled because the
/// first digit would else be the rank's own: two settings of one half each would fall on the same devices, or
/// on opposite ones.
pub fn quantile(key: u64, rank: u64) -> u64 {
    let (turn, rank) = (rank / UNIT, rank % UNIT);
    let key = if turn == 0 { key } else { mix(key ^ mix(turn)) };
    let (mut above, mut below, mut block) = (rank, 0, 1);
    let (mut value, mut weight) = (0, UNIT);
    for (place, radix) in RADIX.into_iter().enumerate() {
        let digit = above % radix;
        above /= radix;
        let shuffled = permuted(mix(key ^ mix(above << 8 | place as u64)), radix, digit);
        weight /= radix;
        value += weight * permuted(mix(key ^ mix(below << 8 | place as u64 | 0x80)), radix, shuffled);
        below += shuffled * block;
        block *= radix;
    }
    value
}

/// One of the affine permutations of the digits of a prime radix: any two go to any two.
fn permuted(hash: u64, radix: u64, digit: u64) -> u64 {
    (digit * (1 + hash % (radix - 1)) + (hash >> 32) % radix) % radix
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dealing::key_of;

    /// The first members of a group of their own for each key.
    fn settings(keys: usize, members: u64) -> impl Iterator<Item = Vec<u64>> {
        (0..keys).map(move |setting| {
            let key = key_of(&["mix", "office", &format!("setting{setting}")]);
            (0..members).map(|rank| quantile(key, rank)).collect()
        })
    }

    #[test]
    fn the_numbers_are_those_of_the_reference() {
        let key = key_of(&["mix", "office", "ram"]);
        let first: Vec<u64> = (0..5).map(|rank| quantile(key, rank)).collect();
        assert_eq!(first, [409_271_749, 87_089_652, 687_908_267, 208_051_297, 820_115_491]);
        assert_eq!(quantile(key, 1_000_003), 599_314_987);
    }

    #[test]
    fn aligned_blocks_have_one_member_in_each_part() {
        for numbers in settings(60, 4000) {
            for block in [5, 10, 20, 100, 200, 1000] {
                for members in numbers.chunks_exact(block as usize) {
                    let mut parts: Vec<u64> = members.iter().map(|number| number * block / UNIT).collect();
                    parts.sort_unstable();
                    assert_eq!(parts, (0..block).collect::<Vec<_>>());
                }
            }
        }
    }

    /// The bound belongs to these keys: 2.9 was found with them.
    #[test]
    fn round_shares_are_met_where_sizes_are_round_and_no_prefix_is_far_off() {
        for numbers in settings(60, 4000) {
            for percent in [1, 2, 5, 9, 12, 25, 33, 40, 50, 88] {
                let mut below = 0;
                for (members, number) in (1..).zip(&numbers) {
                    below += u64::from(*number < percent * (UNIT / 100));
                    let off = (below * 100).abs_diff(members * percent);
                    let round =
                        [5, 10, 20, 100].into_iter().any(|b| members % b == 0 && percent * b % 100 == 0);
                    assert!(if round { off == 0 } else { off <= 350 }, "{percent} % of {members}: {off}");
                }
            }
        }
    }

    #[test]
    fn a_larger_share_moves_only_the_devices_that_it_must() {
        for numbers in settings(60, 4000) {
            let is_true = |number: &u64, falses: u64| *number >= falses * (UNIT / 100);
            let moved = numbers.iter().filter(|number| is_true(number, 10) && !is_true(number, 12)).count();
            let back = numbers.iter().filter(|number| !is_true(number, 10) && is_true(number, 12)).count();
            assert_eq!((moved, back), (80, 0));
        }
    }

    /// The mean of "both" is the product of the shares within 5 standard errors (false alarm 6e-7), and
    /// its deviation at most 1.35 times that of two fixed numbers dealt independently: 1.05 to 1.09 was
    /// found, ± 0.016.
    #[test]
    fn settings_are_dealt_independently_of_each_other() {
        const PAIRS: u64 = 2000;
        const MEMBERS: u64 = 40;
        for (s, t) in [(50, 50), (40, 12), (50, 10)] {
            let (mut total, mut squares) = (0, 0);
            for pair in 0..PAIRS {
                let group = format!("g{pair}");
                let [a, b] = ["ram", "refresh"].map(|setting| key_of(&["mix", &group, setting]));
                let has = |key, share, rank| quantile(key, rank) < share * (UNIT / 100);
                let both = (0..MEMBERS).filter(|rank| has(a, s, *rank) && has(b, t, *rank)).count() as u64;
                total += both;
                squares += both * both;
            }
            let mean = total as f64 / PAIRS as f64;
            let sd = (squares as f64 / PAIRS as f64 - mean * mean).sqrt();
            let n = MEMBERS as f64;
            let [s, t] = [s, t].map(|share| share as f64 / 100.0);
            let fixed = (n * s * t * (1.0 - s) * (1.0 - t) * n / (n - 1.0)).sqrt();
            assert!((mean - n * s * t).abs() < 5.0 * sd / (PAIRS as f64).sqrt(), "{s} {t}: {mean}");
            assert!(sd < 1.35 * fixed, "{s} {t}: {sd} against {fixed}");
        }
    }
}
