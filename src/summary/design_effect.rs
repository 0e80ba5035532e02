//! What it is worth to deal people and phones, and to run arms on the same ones: the variance that the interval of told
//! within 15 min stands for, over that of as many devices each drawn by itself from the whole fleet (the *design effect*,
//! L. Kish, "Survey Sampling" (1965), 8.2). Below 1 the answer is cheaper by as much.

use crate::figure::{Figure, Sample};
use crate::record::{Course, Tally, rounded};
use crate::scenario::Scenario;

/// Of a run.
pub fn design_effect(scenario: &Scenario, total: &Tally, sample: &Sample) -> Option<f64> {
    let known = InTime::of(scenario, total)?;
    sample.interval(Figure::FIRST)?;
    let variance = sample.spread(|figures| figures.value(Figure::FIRST))?.variance;
    effect(variance, drawn(total, known.square(total)?))
}

/// Of the difference between two runs on the same devices, whose second one tells of both.
pub fn design_effect_of_difference(
    [first, own]: [&Scenario; 2],
    [before, total]: [&Tally; 2],
    [base, sample]: [&Sample; 2],
) -> Option<f64> {
    let (one, other) = (InTime::of(first, before)?, InTime::of(own, total)?);
    sample.difference(Figure::FIRST, base, 1.0, 0.0)?;
    let variance = sample.spread_of_difference(Figure::FIRST, base, 1.0, 0.0)?.variance;
    let both = total.beside.of_residuals(one.share, other.share)? / (one.mail * other.mail);
    effect(variance, drawn(total, one.square(before)? + other.square(total)? - 2.0 * both))
}

/// The mail of a run, and how much of it was told in time.
struct InTime {
    mail: f64,
    share: f64,
}

impl InTime {
    fn of(scenario: &Scenario, total: &Tally) -> Option<InTime> {
        let [mail, in_time] = total.course.sums(Course::measured(scenario.start)).map(|sum| sum as f64);
        (mail > 0.0).then(|| InTime { mail, share: in_time / mail })
    }

    fn square(&self, total: &Tally) -> Option<f64> {
        Some(total.alike.of_residuals(self.share, self.share)? / (self.mail * self.mail))
    }
}

/// The variance of devices drawn one by one, whose squares have this sum.
fn drawn(total: &Tally, squares: f64) -> f64 {
    let devices = total.counts.devices as f64;
    squares * devices / (devices - 1.0)
}

/// To two digits, which is more than so few parts bear.
fn effect(variance: f64, drawn: f64) -> Option<f64> {
    let effect = variance / drawn;
    let unit = libm::pow(10.0, libm::floor(libm::log10(effect)) - 1.0);
    let digits = rounded(libm::round(effect / unit) * unit);
    (variance > 0.0 && drawn > 0.0 && digits.is_finite()).then_some(digits)
}
