//! Whether intervals say how far chance goes: toys are drawn again and again, and the printed error is held
//! against the true one. The groups differ, and so do the values of a mix within each, by five standard
//! deviations: what is dealt is no chance, and must not be printed as one.

use bgsim::analysis::jackknife::{Interval, Replicates};
use bgsim::analysis::mixture::Mixture;
use bgsim::analysis::survival::Waits;
use bgsim::dealing::{Order, UNIT, key_of, quantile};
use bgsim::random::RngExt;
use bgsim::record::{Parts, Tally};
use bgsim::time::Span;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::{Distribution, StandardNormal};

const SD: f64 = 0.12;
const CONTRAST: f64 = 0.6;

/// A device: its group, its rank, and what its group and its value of a mix make of it.
struct Toy {
    group: usize,
    rank: u32,
    level: f64,
}

fn fleet(weights: &[u64], devices: u32) -> (Vec<Toy>, Vec<u64>) {
    let order = Order::new(weights);
    let mut walk = order.walk();
    let toy = |(group, rank): (usize, u64)| {
        let key = key_of(&["mix", &format!("group{group}"), "ram"]);
        let is_upper = f64::from(u8::from(quantile(key, rank) >= 40 * (UNIT / 100)));
        Toy { group, rank: rank as u32, level: CONTRAST * (is_upper + group as f64) }
    };
    let toys = (0..devices).map(|_| toy(walk.step())).collect();
    (toys, walk.counts().collect())
}

/// Numbers are counted in billionths, far enough above zero.
fn counted(number: f64) -> Tally {
    let mut tally = Tally::default();
    tally.counts.devices = 1;
    tally.counts.events = ((number + 10.0) * 1e9) as u64;
    tally
}

fn mean(tally: Mixture<'_, Tally>) -> f64 {
    let devices = tally.number(|tally| tally.counts.devices as f64);
    tally.number(|tally| tally.counts.events as f64) / 1e9 / devices
}

/// By what factor the printed standard error of a mean is too large. `place` says in which part a device is.
fn ratio(
    weights: &[u64],
    devices: u32,
    repetitions: usize,
    place: impl Fn(u32, &Toy) -> (usize, u32),
    sizes: impl Fn(Vec<u64>) -> Vec<u64>,
) -> f64 {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let (toys, counts) = fleet(weights, devices);
    let sizes = sizes(counts);
    let (mut means, mut variances) = (Vec::new(), Vec::new());
    for _ in 0..repetitions {
        let mut parts = Parts::for_sizes(sizes.iter().copied());
        for (number, toy) in (0..).zip(&toys) {
            let noise: f64 = StandardNormal.sample(&mut rng);
            let (group, rank) = place(number, toy);
            *parts.at(group, rank) += &counted(toy.level + SD * noise);
        }
        let found = parts.replicates(|_| true, mean);
        means.push(found.all);
        variances.push(found.strata.variance(|left_out| Some(*found.get(left_out))).unwrap());
    }
    let average = |numbers: &[f64]| numbers.iter().sum::<f64>() / numbers.len() as f64;
    let middle = average(&means);
    let squares: Vec<f64> = means.iter().map(|mean| (mean - middle) * (mean - middle)).collect();
    libm::sqrt(average(&variances) / average(&squares))
}

/// 1.01 to 1.07 was found, and 1.10 in six groups. The error of the ratio is 1.1 %, and 1.6 % with 2000
/// repetitions, so that a truth of 1.00 raises a false alarm of 5e-6 and 1e-3 should keys change.
#[test]
fn printed_errors_are_true_errors() {
    for (weights, devices, repetitions) in [
        (&[1][..], 64, 4000),
        (&[1], 256, 4000),
        (&[1, 1], 256, 4000),
        (&[6, 3, 1], 256, 4000),
        (&[50, 20, 15, 8, 5, 2], 1024, 2000),
    ] {
        let found = ratio(weights, devices, repetitions, |_, toy| (toy.group, toy.rank), |counts| counts);
        assert!((0.95..1.35).contains(&found), "{found} with {weights:?} on {devices}");
    }
}

/// Parts by the device's number alone would print seven times the error, and this test would see it.
#[test]
fn parts_across_groups_would_print_too_much() {
    for (weights, devices, repetitions) in
        [(&[1, 1][..], 256, 300), (&[6, 3, 1], 256, 300), (&[50, 20, 15, 8, 5, 2], 1024, 200)]
    {
        let across = |number: u32, _: &Toy| (0, number % 32);
        // Parts of one are made for 24 members or fewer: 32 groups would be strata.
        let found = ratio(weights, devices, repetitions, |n, toy| (0, across(n, toy).1 * 5), |_| vec![160]);
        assert!(found > 1.35, "{found} with {weights:?} on {devices}");
    }
}

/// Devices of two groups and two kinds, each with 40 mails of its own pace, a few of them censored.
fn pool(rng: &mut Xoshiro256PlusPlus) -> Vec<Vec<Waits>> {
    let mut device = |level: f64| {
        let mut normal = || -> f64 { StandardNormal.sample(rng) };
        let own = 0.45 * normal();
        let mut waits = Waits::default();
        for mail in 0..40 {
            let wait = Span::from_secs_f64(900.0 * libm::exp(level + own + 1.5 * normal()));
            waits.record(mail % 20 != 0, wait)
        }
        waits
    };
    let kinds = [0.0, CONTRAST, CONTRAST, 2.0 * CONTRAST];
    kinds.into_iter().map(|level| (0..500).map(|_| device(level)).collect()).collect()
}

/// Of 200 fleets at least 90 % hold the truth: 95 % would fail with 0.2 %, should keys change. 2000 fleets, as
/// many as would tell 92 %, take a minute.
#[test]
fn intervals_of_shares_and_medians_hold_the_truth() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
    let pool = pool(&mut rng);
    let quarter = Span::MINUTE * 15;
    let share = |waits: &Replicates<_>| waits.interval(|estimate: &(f64, f64)| Some(estimate.0));
    let median = |waits: &Replicates<_>| waits.interval(|estimate: &(f64, f64)| Some(estimate.1));
    let figures = |tally: Mixture<'_, Tally>| {
        let estimate = tally.piece(|tally| &tally.waits).estimate();
        (estimate.told_within(quarter).unwrap(), estimate.percentile(0.5).unwrap().secs_f64())
    };
    for devices in [64, 256] {
        let (toys, counts) = fleet(&[1, 1], devices);
        let kinds: Vec<usize> = toys.iter().map(|toy| (toy.level / CONTRAST + 0.5) as usize).collect();
        let kind = |toy: usize| if kinds[toy] < 2 { toys[toy].group + kinds[toy] } else { 3 };
        let mut all: Parts = Parts::for_sizes([1]);
        for toy in 0..toys.len() {
            let waits: Waits = pool[kind(toy)].iter().fold(Waits::default(), |mut sum, waits| {
                sum += waits;
                sum
            });
            *all.at(0, 0) += &Tally { waits, ..Tally::default() };
        }
        all.at(0, 0).counts.devices = 1;
        let truth = all.replicates(|_| true, figures).all;
        let (mut shares, mut medians) = (0, 0);
        for _ in 0..200 {
            let mut parts: Parts = Parts::for_sizes(counts.iter().copied());
            for (number, toy) in toys.iter().enumerate() {
                let sums = parts.at(toy.group, toy.rank);
                let own = &pool[kind(number)];
                sums.waits += &own[rng.random_range(0..own.len())];
                sums.counts.devices += 1;
            }
            let found = parts.replicates(|_| true, figures);
            let holds = |interval: Option<Interval>, truth: f64| {
                interval.is_some_and(|Interval { low, high }| low <= truth && truth <= high)
            };
            shares += u32::from(holds(share(&found), truth.0));
            medians += u32::from(holds(median(&found), truth.1));
        }
        assert!(shares >= 180 && medians >= 180, "{shares} and {medians} of 200 with {devices} devices");
    }
}
