//! Tests of the jackknife: against textbook variances, and against the spread of what is drawn again and again.

use super::jackknife::{Interval, Replicates};
use super::mixture::Mixture;
use super::survival::{KaplanMeier, Waits};
use super::tails::{t_reach, t_tail};
use crate::time::Span;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1, StandardNormal};
use std::ops::{AddAssign, SubAssign};

/// Devices, and the sum of a number that each has.
#[derive(Clone, Copy, Default)]
struct Sums {
    devices: f64,
    sum: f64,
}

impl AddAssign<&Sums> for Sums {
    fn add_assign(&mut self, more: &Sums) {
        self.devices += more.devices;
        self.sum += more.sum;
    }
}

impl SubAssign<&Sums> for Sums {
    fn sub_assign(&mut self, less: &Sums) {
        self.devices -= less.devices;
        self.sum -= less.sum;
    }
}

/// Strata of parts of devices.
type Numbers = Vec<Vec<Vec<f64>>>;

/// The means of all devices, and without each part.
fn means(strata: &Numbers) -> Replicates<f64> {
    let sums = |part: &Vec<f64>| Sums { devices: part.len() as f64, sum: part.iter().sum() };
    let sums: Vec<Vec<Sums>> = strata.iter().map(|parts| parts.iter().map(sums).collect()).collect();
    fn sized(parts: &[Sums]) -> Vec<(u64, &Sums)> {
        parts.iter().map(|part| (part.devices as u64, part)).collect()
    }
    let mean = |sums: Mixture<'_, Sums>| sums.number(|sums| sums.sum) / sums.number(|sums| sums.devices);
    Replicates::of(&sums.iter().map(|parts| sized(parts)).collect::<Vec<_>>(), mean)
}

fn variance_of_mean(strata: &Numbers) -> f64 {
    let found = means(strata);
    found.strata.variance(|left_out| Some(*found.get(left_out))).unwrap()
}

fn interval_of_mean(strata: &Numbers) -> Option<Interval> {
    means(strata).interval(|mean| Some(*mean))
}

fn alone(values: &[f64]) -> Vec<Vec<f64>> {
    values.iter().map(|value| vec![*value]).collect()
}

/// Mean and variance of some numbers.
fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0))
}

/// How wide an interval is against the textbook's, mean ± t · s / √n.
fn against_the_textbook(strata: &Numbers, error: f64, freedom: f64) -> f64 {
    let found = interval_of_mean(strata).unwrap();
    (found.high - found.low) / (2.0 * t_reach(0.025, freedom) * error)
}

/// For a mean it is the textbook's interval, with one device more like the one that is farthest off.
#[test]
fn for_a_mean_it_is_the_textbook_interval_and_prudent() {
    for devices in [6, 8, 14, 32, 200] {
        let values: Vec<f64> = (0..devices).map(|at| if at % 2 == 0 { 3.0 } else { 5.0 }).collect();
        let (_, variance) = moments(&values);
        let n = f64::from(devices);
        assert!((variance_of_mean(&vec![alone(&values)]) - variance / n).abs() < 1e-12);
        let wide = against_the_textbook(&vec![alone(&values)], libm::sqrt(variance / n), n - 1.0);
        let one_more = libm::sqrt((n + 1.0) / n);
        assert!((0.97..1.03).contains(&(wide / one_more)), "{devices}: {wide} {one_more}");
    }
    assert_eq!(Interval { low: -0.1, high: 1.2 }.clamp(0.0, 1.0), Interval { low: 0.0, high: 1.0 });
}

#[test]
fn it_reaches_farther_to_the_side_of_large_parts_and_fewer_parts_that_matter_have_less_freedom() {
    let values: Vec<f64> = (0..32).map(|at| libm::exp(f64::from(at) / 10.0)).collect();
    let mean = moments(&values).0;
    let Interval { low, high } = interval_of_mean(&vec![alone(&values)]).unwrap();
    assert!(high - mean > 1.15 * (mean - low), "{low} {mean} {high}");
    let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
    let other = interval_of_mean(&vec![alone(&mirrored)]).unwrap();
    assert!((other.low + high).abs() < 1e-12 && (other.high + low).abs() < 1e-12);
    // One of many makes nearly all of the variance: that is no more known than from one.
    let one: Vec<f64> = (0..32).map(|at| if at == 7 { 1000.0 } else { f64::from(at % 3) }).collect();
    assert_eq!(interval_of_mean(&vec![alone(&one)]), None);
}

/// What is tested by t is outside of the interval of the same level exactly where its tail is smaller.
#[test]
fn an_interval_ends_where_the_test_turns() {
    let values: Vec<f64> = (0..20).map(|at| f64::from(at * at % 17)).collect();
    let strata = vec![alone(&values)];
    let (found, ends) = (means(&strata), interval_of_mean(&strata).unwrap());
    let spread = found.strata.spread(|left_out| Some(*found.get(left_out))).unwrap();
    for (bound, tail) in [
        (ends.low, t_tail(spread.t(found.all - ends.low), spread.freedom())),
        (ends.high, t_tail(-spread.t(found.all - ends.high), spread.freedom())),
    ] {
        assert!((tail - 0.025).abs() < 1e-9, "{bound}: {tail}");
    }
}

#[test]
fn for_two_groups_it_is_the_stratified_variance() {
    let one: Vec<f64> = (0..17).map(|at| f64::from(at * at % 11)).collect();
    let other: Vec<f64> = (0..9).map(|at| f64::from(at * 7 % 5) + 20.0).collect();
    let own = |values: &[f64]| values.len() as f64 * moments(values).1 / (26.0 * 26.0);
    let (a, b) = (own(&one), own(&other));
    let strata = vec![alone(&one), alone(&other)];
    assert!((variance_of_mean(&strata) - a - b).abs() < 1e-12);
    let freedom = (a + b) * (a + b) / (a * a / 16.0 + b * b / 8.0);
    let wide = against_the_textbook(&strata, libm::sqrt(a + b), freedom);
    assert!((1.0..1.15).contains(&wide), "{wide}");
}

/// Its mean over 4000 repetitions is σ²/n within 5 standard errors (false alarm 6e-7).
#[test]
fn for_parts_of_unequal_size_the_variance_is_right_in_the_mean() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let cut = [5, 5, 5, 5, 3];
    let devices: usize = cut.iter().sum();
    let mut draw = |_| {
        let part = |size: &usize| (0..*size).map(|_| StandardNormal.sample(&mut rng)).collect();
        variance_of_mean(&vec![cut.iter().map(part).collect()]) * devices as f64
    };
    let found: Vec<f64> = (0..4000).map(&mut draw).collect();
    let (mean, variance) = moments(&found);
    assert!((mean - 1.0).abs() < 5.0 * libm::sqrt(variance / 4000.0), "{mean}");
}

#[test]
fn few_devices_have_no_interval() {
    let group = |devices: usize| -> Vec<Vec<f64>> {
        let block = if devices < 25 { 1 } else { 5 };
        let numbers: Vec<f64> = (0..devices).map(|at| at as f64).collect();
        numbers.chunks(block).map(<[f64]>::to_vec).collect()
    };
    for (devices, has) in [(1, false), (3, false), (4, false), (5, true), (7, true), (24, true), (25, true)] {
        assert_eq!(interval_of_mean(&vec![group(devices)]).is_some(), has, "{devices}");
    }
    assert!(interval_of_mean(&vec![group(25), group(3), group(7)]).is_some());
    assert!(interval_of_mean(&Vec::new()).is_none());
}

#[test]
fn what_is_unknown_once_has_none_and_what_does_not_vary_is_a_point() {
    let five = means(&vec![alone(&[1.0, 2.0, 3.0, 4.0, 5.0])]);
    let known = |unknown: Option<usize>| {
        five.strata.interval(|left_out| (left_out != unknown).then(|| *five.get(left_out)))
    };
    assert!(known(Some(9)).is_some() && known(Some(3)).is_none() && known(None).is_none());
    let same = interval_of_mean(&vec![alone(&[0.1; 5])]).unwrap();
    assert!(same.is_point(), "{same:?}");
    assert_eq!(interval_of_mean(&vec![alone(&[0.1; 4])]), None);
}

/// Of 4000 intervals 95 to 98 % hold the truth, ± 5 binomial standard deviations (0.0172; false alarm 6e-7): they
/// are prudent. The exponential may fall short by 0.4 % more, whose skew costs that much at 32 parts of 8.
#[test]
fn it_covers_the_truth_in_95_of_100_runs() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut covered = [0, 0];
    const RUNS: i32 = 4000;
    for _ in 0..RUNS {
        for law in [0, 1] {
            let mut draw =
                || -> f64 { if law == 0 { StandardNormal.sample(&mut rng) } else { Exp1.sample(&mut rng) } };
            let parts = (0..32).map(|_| (0..8).map(|_| draw()).collect()).collect();
            let found = interval_of_mean(&vec![parts]).unwrap();
            let truth = f64::from(law);
            covered[law as usize] += i32::from(found.low <= truth && truth <= found.high);
        }
    }
    let wide = 5.0 * libm::sqrt(0.95 * 0.05 / f64::from(RUNS));
    for (count, skewed) in covered.into_iter().zip([0.0, 0.004]) {
        let off = f64::from(count) / f64::from(RUNS) - 0.95;
        assert!(-wide - skewed < off && off < 0.03 + wide, "{off}");
    }
}

/// 32 parts of waits like those of mail: log-uniform from 1 s to 11 days, a tenth censored.
fn waits(per_part: usize) -> Vec<Waits> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut wait = || Span::from_ms((1000.0 * libm::pow(1e6, rng.random::<f64>())) as u64);
    let part = |_| {
        let mut waits = Waits::default();
        for mail in 0..per_part {
            waits.record(mail % 10 != 0, wait())
        }
        waits
    };
    (0..32).map(part).collect()
}

fn estimates(parts: &[Waits]) -> Replicates<KaplanMeier> {
    Replicates::of(&[parts.iter().map(|waits| (1, waits)).collect()], |waits| waits.estimate())
}

#[test]
fn without_a_part_the_curve_is_that_of_the_others() {
    let parts = waits(50);
    for (left_out, found) in estimates(&parts).without.iter().enumerate() {
        let mut others = Waits::default();
        parts.iter().enumerate().filter(|(i, _)| *i != left_out).for_each(|(_, waits)| others += waits);
        let others = others.estimate();
        for share in [0.1, 0.5, 0.9] {
            assert_eq!(found.percentile(share), others.percentile(share));
        }
        let hour = |estimate: &KaplanMeier| estimate.told_within(Span::HOUR).unwrap();
        assert!((hour(found) - hour(&others)).abs() < 1e-12);
    }
}

#[test]
fn figures_of_survival_have_intervals_and_pairs_have_none_when_equal() {
    let replicates = estimates(&waits(2000));
    let hour = |estimate: &KaplanMeier| estimate.told_within(Span::HOUR);
    let median = |estimate: &KaplanMeier| estimate.percentile(0.5).map(Span::secs_f64);
    let (share, found) = (hour(&replicates.all).unwrap(), replicates.interval(hour).unwrap());
    assert!(found.low < share && share < found.high && found.high - found.low < 0.02, "{found:?}");
    assert!(replicates.interval(median).is_some());
    let difference = |a: &KaplanMeier, b: &KaplanMeier| Some(median(a)? - median(b)?);
    assert_eq!(replicates.paired(&replicates, difference), Some(Interval { low: 0.0, high: 0.0 }));
}

#[test]
fn two_runs_that_were_cut_otherwise_count_as_independent() {
    let one = means(&vec![alone(&[1.0, 2.0, 3.0, 4.0, 5.0, 9.0])]);
    let other = means(&vec![alone(&[2.0, 2.0, 3.0, 8.0, 5.0])]);
    let at = |means: &Replicates<f64>, part| Some(*means.get(part));
    let found = one.strata.apart(|part| at(&one, part), &other.strata, |part| at(&other, part)).unwrap();
    let [a, b] = [&one, &other].map(|means| means.strata.variance(|part| at(means, part)).unwrap());
    let freedom = (a + b) * (a + b) / (a * a / 5.0 + b * b / 4.0);
    let textbook = 2.0 * t_reach(0.025, freedom) * libm::sqrt(a + b);
    assert!((1.0..1.5).contains(&((found.high - found.low) / textbook)), "{found:?}");
    assert!(found.low < one.all - other.all && one.all - other.all < found.high);
}
