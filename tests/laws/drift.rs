//! No drift: the default warm-up is long enough, so that weeks 3 and 4 of a phone's life are like weeks 7 to 10.

use crate::common::scenario;
use crate::mean::{Paired, told_within};
use bgsim::time::Span;

/// Agree means that the 99 % interval of the paired difference lies within half a point, not that none was found.
const BOUND: f64 = 0.005;

/// The same phones from the same origin, measured early and late, in a zone whose clock never changes. The mail
/// that arrives is another, so it takes many phones; hence only the scenarios that the others build on.
fn agrees(name: &str, devices: u32) {
    let weeks = |start: &str, warmup: &str, measure: &str| {
        let text = format!(
            "extends = '{name}'\nname = 'drift'\ndevices = {devices}\ntime_zone = 'UTC'\n\
             start = '{start}T00:00'\nwarmup = '{warmup}'\nmeasure = '{measure}'"
        );
        told_within(&scenario(&text, &[]), Span::MINUTE * 15)
    };
    let [early, late] = [weeks("2026-03-02", "14d", "14d"), weeks("2026-03-30", "42d", "28d")];
    let Paired { mean, error } = Paired::new(&early, &late);
    let half = 2.576 * error;
    println!("{name}: {:+.2} points, 99 % interval +- {:.2}", mean * 100.0, half * 100.0);
    assert!(mean.abs() + half < BOUND, "drift, or too few phones were asked: {mean:+.4} +- {half:.4}");
}

#[test]
fn weeks_three_and_four_agree_with_weeks_seven_to_ten_without_a_key() {
    agrees("email-plus", 1200);
}

#[test]
fn weeks_three_and_four_agree_with_weeks_seven_to_ten_with_the_device_keychain() {
    agrees("device-keychain", 2000);
}

#[test]
fn weeks_three_and_four_agree_with_weeks_seven_to_ten_after_the_first_unlock() {
    agrees("after-first-unlock", 2000);
}
