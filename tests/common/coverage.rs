//! How often the intervals that are printed hold the true figure.

use super::pool::Pool;
use bgsim::analysis::jackknife::Interval;
use bgsim::comparison::{Aim, Look};
use bgsim::figure::{Figure, Sample, Unit};
use std::fmt;

/// What became of the intervals of one figure.
#[derive(Clone, Debug)]
pub struct Coverage {
    pub figure: Figure,
    /// Whether it is of a difference between two arms.
    pub is_difference: bool,
    pub truth: f64,
    pub fleets: u32,
    /// Intervals that are printed, those that hold the true figure, and those that lie below or above it.
    pub printed: u32,
    pub holds: u32,
    pub below: u32,
    pub above: u32,
    width: f64,
}

impl Coverage {
    /// Of the intervals that are printed.
    pub fn share(&self) -> f64 {
        f64::from(self.holds) / f64::from(self.printed)
    }

    /// Half the mean width.
    pub fn half_width(&self) -> f64 {
        self.width / f64::from(self.printed) / 2.0
    }

    fn see(&mut self, value: Option<f64>, interval: Option<Interval>) {
        self.fleets += 1;
        let Some(ends) = interval.filter(|ends| value.is_some() && !ends.is_point()) else { return };
        self.printed += 1;
        self.width += ends.high - ends.low;
        // What was counted exactly is not refuted by rounding.
        let slack = 1e-9 * self.truth.abs();
        match () {
            () if ends.high + slack < self.truth => self.below += 1,
            () if ends.low - slack > self.truth => self.above += 1,
            () => self.holds += 1,
        }
    }
}

/// The coverage of the headline figures of fleets of so many devices, drawn so often, and of their differences between
/// the first two arms, where the pool has two.
pub fn coverage(pool: &Pool, devices: u32, fleets: u64) -> Vec<Coverage> {
    let truth = pool.truth(devices);
    let figures: Vec<Figure> = Figure::kept_with(Figure::FIRST, false);
    let pairs = if truth.len() > 1 { vec![false, true] } else { vec![false] };
    let true_value = |figure, is_difference: bool| {
        let of = |arm: usize| truth[arm].value(figure);
        if is_difference { Some(of(1)? - of(0)?) } else { of(0) }
    };
    let many = |figure: Figure| {
        if figure.unit() == Unit::Count { f64::from(devices) / truth[0].all_devices() as f64 } else { 1.0 }
    };
    let mut found: Vec<Coverage> = Vec::new();
    for is_difference in pairs {
        found.extend(figures.iter().filter_map(|figure| {
            let truth = true_value(*figure, is_difference)? * many(*figure);
            let (figure, zero) = (*figure, 0);
            let (fleets, printed, holds, below, above) = (zero, zero, zero, zero, zero);
            Some(Coverage { figure, is_difference, truth, fleets, printed, holds, below, above, width: 0.0 })
        }));
    }
    for number in 0..fleets {
        let samples = pool.fleet(devices, number);
        for one in &mut found {
            let interval = match one.is_difference {
                true => samples[1].difference(one.figure, &samples[0], 1.0, 0.0),
                false => samples[0].interval(one.figure),
            };
            one.see(value(&samples, one), interval);
        }
    }
    found
}

/// The same for the interval of the difference in one figure at which `--until-precision` stops, from so many devices on;
/// and how many devices that were on average.
pub fn coverage_at_the_stop(
    pool: &Pool,
    figure: Figure,
    aim: Aim,
    wanted: f64,
    from: u32,
    fleets: u64,
) -> (Coverage, f64) {
    let whole = pool.truth(aim.most_devices);
    let truth =
        whole[1].value(figure).zip(whole[0].value(figure)).map_or(0.0, |(other, first)| other - first);
    let zero = 0;
    let (printed, holds, below, above) = (zero, zero, zero, zero);
    let mut found =
        Coverage { figure, is_difference: true, truth, fleets: 0, printed, holds, below, above, width: 0.0 };
    let mut all = 0;
    for number in 0..fleets {
        let (mut devices, mut look) = (from, Look::First);
        let (value, interval) = loop {
            let samples = pool.fleet(devices, number);
            let interval = samples[1].difference(figure, &samples[0], 1.0, 0.0);
            let half = interval.filter(|ends| !ends.is_point()).map(|ends| (ends.high - ends.low) / 2.0);
            if look.is_enough(wanted, half) || devices == aim.most_devices {
                break (value(&samples, &found), interval);
            }
            (devices, look) = (aim.next(devices, wanted, half), Look::Later);
        };
        all += u64::from(devices);
        found.see(value, interval);
    }
    (found, all as f64 / fleets as f64)
}

fn value(samples: &[Sample], one: &Coverage) -> Option<f64> {
    let of = |arm: usize| samples[arm].value(one.figure);
    if one.is_difference { Some(of(1)? - of(0)?) } else { of(0) }
}

impl fmt::Display for Coverage {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |part: u32, of: u32| 100.0 * f64::from(part) / f64::from(of.max(1));
        write!(
            to,
            "{:<10} {:<40} {:>12.4} {:>5.1} % printed {:>5.1} % hold {:>4.1} % below {:>4.1} % above, half width {:.4}",
            if self.is_difference { "difference" } else { "" },
            self.figure.to_string(),
            self.truth,
            percent(self.printed, self.fleets),
            percent(self.holds, self.printed),
            percent(self.below, self.printed),
            percent(self.above, self.printed),
            self.half_width(),
        )
    }
}
