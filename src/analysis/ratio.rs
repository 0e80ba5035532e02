//! The ratio of two sums over devices, such as mail gained over mail, and how far chance moves it: for where there are too
//! many of them to keep each without every part of the devices.
//!
//! Both sums are of whole devices, since mails of one device resemble each other; the variance is that of the residuals,
//! as W. G. Cochran, "Sampling Techniques" (3rd ed., 1977), 6.3 has it. What groups differ by counts as chance, which is
//! too much and never too little.

use super::jackknife::{FEWEST_FREEDOM, Interval};
use super::tails::t_reach;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// What is added up of some devices.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RatioSums {
    devices: u64,
    /// Those that add to the upper sum: an interval has as many degrees of freedom as they, less one.
    moved: u64,
    above: i64,
    below: u64,
    above_squared: u64,
    crossed: i64,
    below_squared: u64,
}

impl RatioSums {
    /// Adds what one device has above the line and below it.
    pub fn add(&mut self, above: i64, below: u64) {
        *self += &RatioSums {
            devices: 1,
            moved: u64::from(above != 0),
            above,
            below,
            above_squared: above.unsigned_abs().pow(2),
            crossed: above * below as i64,
            below_squared: below.pow(2),
        };
    }

    /// Whether no number in them is larger.
    pub fn is_bounded(&self, most: u64) -> bool {
        let RatioSums { devices, moved, above, below, above_squared, crossed, below_squared } = *self;
        let all = [
            devices,
            moved,
            above.unsigned_abs(),
            below,
            above_squared,
            crossed.unsigned_abs(),
            below_squared,
        ];
        all.iter().all(|number| *number <= most)
    }

    /// How many devices were added.
    pub fn devices(&self) -> u64 {
        self.devices
    }

    /// The ratio; unknown where nothing stands below the line.
    pub fn ratio(&self) -> Option<f64> {
        (self.below > 0).then(|| self.above as f64 / self.below as f64)
    }

    /// The interval around it; unknown where too few devices carry it.
    pub fn interval(&self) -> Option<Interval> {
        self.interval_among(1)
    }

    /// The same where it is one of so many, each of which is to lie in its own at once (Bonferroni).
    pub fn interval_among(&self, many: usize) -> Option<Interval> {
        let ratio = self.ratio()?;
        let freedom = self.moved as f64 - 1.0;
        if freedom < FEWEST_FREEDOM {
            return None;
        }
        let residuals = self.above_squared as f64 - 2.0 * ratio * self.crossed as f64
            + ratio * ratio * self.below_squared as f64;
        let devices = self.devices as f64;
        let error = libm::sqrt(residuals.max(0.0) * devices / (devices - 1.0)) / self.below as f64;
        let reach = t_reach(0.025 / many as f64, freedom) * error;
        Some(Interval { low: ratio - reach, high: ratio + reach })
    }
}

impl AddAssign<&RatioSums> for RatioSums {
    fn add_assign(&mut self, more: &RatioSums) {
        self.devices += more.devices;
        self.moved += more.moved;
        self.above += more.above;
        self.below += more.below;
        self.above_squared += more.above_squared;
        self.crossed += more.crossed;
        self.below_squared += more.below_squared;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::jackknife::Strata;

    /// What devices have above and below the line, as if by chance.
    fn devices(many: i64) -> Vec<(i64, u64)> {
        (0..many).map(|device| ((device * 7919 % 13) - 4, (device * 104_729 % 7) as u64 + 3)).collect()
    }

    fn sums(devices: &[(i64, u64)]) -> RatioSums {
        let mut sums = RatioSums::default();
        devices.iter().for_each(|(above, below)| sums.add(*above, *below));
        sums
    }

    #[test]
    fn its_interval_is_about_that_of_leaving_each_device_out() {
        let devices = devices(200);
        let found = sums(&devices);
        let left_out = |out: Option<usize>| {
            let kept: Vec<_> = devices
                .iter()
                .enumerate()
                .filter(|(place, _)| Some(*place) != out)
                .map(|(_, of)| *of)
                .collect();
            sums(&kept).ratio()
        };
        let other = Strata::of([vec![1; 200]]).interval(left_out).unwrap();
        let own = found.interval().unwrap();
        assert_eq!(found.ratio(), left_out(None));
        let width = other.high - other.low;
        assert!((own.low - other.low).abs() < 0.05 * width && (own.high - other.high).abs() < 0.05 * width);
    }

    #[test]
    fn little_says_nothing() {
        assert_eq!((RatioSums::default().ratio(), RatioSums::default().interval()), (None, None));
        let still = sums(&[(0, 5); 100]);
        assert_eq!((still.ratio(), still.interval()), (Some(0.0), None));
        let mut few = still;
        (0..4).for_each(|_| few.add(1, 5));
        assert_eq!(few.interval(), None, "four devices carry it");
        few.add(1, 5);
        assert!(few.interval().unwrap().low < few.ratio().unwrap());
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let all = devices(50);
        let mut parts = sums(&all[..20]);
        parts += &sums(&all[20..]);
        assert_eq!(parts, sums(&all));
        assert!(parts.is_bounded(1 << 40) && !parts.is_bounded(49));
    }
}
