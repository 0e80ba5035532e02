//! Statistics of values that can be worked out by hand, and how often their intervals hold the truth.

use super::jackknife::Interval;
use super::statistic::{Devices, Statistic};
use crate::random::{Keyed, Streams};

fn alone(values: &[f64]) -> Devices<f64> {
    Devices(vec![values.iter().map(|value| vec![*value]).collect()])
}

fn value(values: &[f64], statistic: Statistic) -> Option<f64> {
    alone(values).statistic(statistic).0
}

#[test]
fn statistics_are_those_of_the_textbook() {
    let values = [1.0, 2.0, 4.0, 9.0];
    let near =
        |found: Option<f64>, wanted: f64| assert!((found.unwrap() - wanted).abs() < 1e-12, "{found:?}");
    near(value(&values, Statistic::Mean), 4.0);
    near(value(&values, Statistic::Median), 3.0);
    near(value(&values[..3], Statistic::Median), 2.0);
    // Squares from 4 add up to 9 + 4 + 0 + 25.
    near(value(&values, Statistic::Sd), (38.0_f64 / 3.0).sqrt());
    // Logarithms are 0, ln 4 and nothing.
    near(value(&[1.0, 4.0, 0.0], Statistic::LogSd), libm::log(4.0) / 2.0_f64.sqrt());
    assert_eq!(value(&[], Statistic::Median), None);
    assert_eq!(value(&[5.0], Statistic::Sd), None);
}

/// The classic interval of a mean, n - 1 degrees of freedom: with 0.95 of t(9) at 2.262.
#[test]
fn the_jackknife_of_a_mean_is_students_interval_and_prudent() {
    let values: Vec<f64> = (1..=10).map(f64::from).collect();
    let (mean, interval) = alone(&values).statistic(Statistic::Mean);
    let Interval { low, high } = interval.unwrap();
    let half = 2.262 * (55.0_f64 / 6.0 / 10.0).sqrt();
    assert!((mean.unwrap() - 5.5).abs() < 1e-12);
    let reaches = [high - 5.5, 5.5 - low].map(|reach| reach / half);
    assert!(reaches.iter().all(|reach| (1.0..1.3).contains(reach)), "{reaches:?}");
}

/// Of ten values those of rank 2 and 9 (from 1 on) hold the median in 97.9 of 100 samples; ranks 3 and 8 in 89.1.
#[test]
fn the_interval_of_a_median_stands_on_two_of_the_values() {
    let values: Vec<f64> = (1..=10).map(f64::from).collect();
    let interval = alone(&values).statistic(Statistic::Median).1.unwrap();
    assert_eq!((interval.low, interval.high), (2.0, 9.0));
    assert_eq!(alone(&values[..5]).statistic(Statistic::Median).1, None);
    // Of very many it comes close to half of them, give or take 0.98 roots of their number.
    let many: Vec<f64> = (0..10_000).map(f64::from).collect();
    let Interval { low, high } = alone(&many).statistic(Statistic::Median).1.unwrap();
    assert!((high - low - 196.0).abs() < 4.0, "{low} {high}");
}

#[test]
fn what_differs_between_strata_is_no_error() {
    let alike = |value: f64| vec![vec![value; 5]; 6];
    let apart = Devices(vec![alike(1.0), alike(3.0)]);
    let (mean, interval) = apart.statistic(Statistic::Mean);
    assert_eq!((mean, interval.map(Interval::is_point)), (Some(2.0), Some(true)));
    // A part of one stratum left out, the others stand for it.
    let (_, interval) = Devices(vec![vec![vec![1.0; 30]], alike(3.0)]).statistic(Statistic::Mean);
    assert_eq!(interval.map(Interval::is_point), Some(true));
}

#[test]
fn a_ratio_is_that_of_the_means_and_paired() {
    let pairs: Vec<Vec<[f64; 2]>> = (1..=9).map(|n| vec![[f64::from(n), 2.0 * f64::from(n)]]).collect();
    let (ratio, interval) = Devices(vec![pairs]).ratio();
    assert_eq!((ratio, interval.map(Interval::is_point)), (Some(0.5), Some(true)));
    assert_eq!(Devices(vec![vec![vec![[0.0, 0.0]]; 9]]).ratio().0, None);
}

/// Of 400 samples of 40 devices with a lognormal value, 95 % of the intervals hold the truth, give or take.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let spread = 0.5;
    let truths = [
        (Statistic::Mean, libm::exp(spread * spread / 2.0)),
        (Statistic::Median, 1.0),
        (Statistic::LogSd, spread),
    ];
    for (statistic, truth) in truths {
        let held = (0..400_u64).filter(|sample| {
            let draw: Keyed = Streams::new(*sample, "statistic", 0).keyed("values");
            let values: Vec<f64> = (0..40).map(|device| libm::exp(spread * normal(&draw, device))).collect();
            let Interval { low, high } = alone(&values).statistic(statistic).1.unwrap();
            low <= truth && truth <= high
        });
        let share = held.count() as f64 / 400.0;
        assert!((0.90..=0.985).contains(&share), "{statistic:?}: {share}");
    }
}

/// A standard normal variate from two uniform ones (Box and Muller).
fn normal(draw: &Keyed, device: u64) -> f64 {
    let radius = (-2.0 * libm::log(draw.uniform(2 * device))).sqrt();
    radius * libm::cos(std::f64::consts::TAU * draw.uniform(2 * device + 1))
}
