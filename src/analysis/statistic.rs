//! What is said of many devices of which each has one value: their mean, median or spread, and how far chance
//! in drawing devices may put it off.
//!
//! Sources: of the median by order statistics, H. A. David and H. N. Nagaraja, "Order Statistics" (2003), 7.1; of the
//! others by leaving out parts, see [`super::jackknife`].

use super::jackknife::{Interval, Strata};

crate::choice! {
    /// What is said of the values of many devices.
    pub enum Statistic {
        /// Their mean.
        Mean,
        /// Their median.
        Median,
        /// Their standard deviation.
        Sd,
        /// The standard deviation of their logarithms, where they are more than nothing.
        LogSd,
    }
}

/// What is known of some devices, cut into strata and these into parts, each of some devices.
#[derive(Clone, PartialEq, Debug)]
pub struct Devices<T>(pub Vec<Vec<Vec<T>>>);

impl<T: Copy> Devices<T> {
    /// What is known of each.
    pub fn all(&self) -> impl Iterator<Item = T> {
        self.0.iter().flatten().flatten().copied()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.iter().flatten().map(Vec::len).sum()
    }

    fn strata(&self) -> Strata {
        Strata::of(self.0.iter().map(|parts| parts.iter().map(|part| part.len() as u64).collect()))
    }

    /// Each device with how much it counts, one part left out or none: others of its stratum stand for it.
    fn weighted(&self, left_out: Option<usize>) -> Vec<(f64, T)> {
        let mut weighted = Vec::with_capacity(self.count());
        let mut parts_before = 0;
        for parts in &self.0 {
            // A stratum of one part is never without it, and its part is not counted.
            let counted = if parts.len() > 1 { parts.len() } else { 0 };
            let own = left_out.and_then(|part| part.checked_sub(parts_before)).filter(|part| *part < counted);
            parts_before += counted;
            let devices = parts.iter().map(Vec::len).sum::<usize>() as f64;
            let left = own.map_or(0.0, |part| parts[part].len() as f64);
            let others = parts.iter().enumerate().filter(|(part, _)| Some(*part) != own);
            let weight = devices / (devices - left);
            weighted.extend(others.flat_map(|(_, part)| part).map(|value| (weight, *value)));
        }
        weighted
    }

    /// Something worked out from the devices, each with its weight, and its interval of 95 %.
    fn judged(&self, estimate: impl Fn(&[(f64, T)]) -> Option<f64>) -> (Option<f64>, Option<Interval>) {
        let of = |left_out| estimate(&self.weighted(left_out));
        (of(None), self.strata().interval(of))
    }
}

impl Devices<f64> {
    /// A statistic, unknown where there are too few devices, and its interval of 95 %.
    pub fn statistic(&self, statistic: Statistic) -> (Option<f64>, Option<Interval>) {
        match statistic {
            Statistic::Mean => self.judged(mean),
            Statistic::Median => self.median(),
            Statistic::Sd => self.judged(sd),
            Statistic::LogSd => self.judged(|values| {
                let positive = values.iter().filter(|(_, value)| *value > 0.0);
                sd(&positive.map(|(weight, value)| (*weight, libm::log(*value))).collect::<Vec<_>>())
            }),
        }
    }

    fn median(&self) -> (Option<f64>, Option<Interval>) {
        let mut values: Vec<f64> = self.all().collect();
        values.sort_by(f64::total_cmp);
        let last = |place: usize| values[values.len() - 1 - place];
        let interval = outer_ranks(values.len()).map(|rank| Interval { low: values[rank], high: last(rank) });
        (middle(&values), interval)
    }
}

impl Devices<[f64; 2]> {
    /// The mean of the first value over that of the second, and its interval of 95 %.
    pub fn ratio(&self) -> (Option<f64>, Option<Interval>) {
        self.judged(|values| {
            let sum = |of: usize| values.iter().map(|(weight, value)| weight * value[of]).sum::<f64>();
            Some(sum(0) / sum(1)).filter(|ratio| ratio.is_finite())
        })
    }
}

/// The median of values in order.
pub fn middle(sorted: &[f64]) -> Option<f64> {
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    Some(if sorted.len() % 2 == 1 { upper } else { (sorted[half - 1] + upper) / 2.0 })
}

fn mean(values: &[(f64, f64)]) -> Option<f64> {
    let weights = values.iter().map(|(weight, _)| weight).sum::<f64>();
    (weights > 0.0).then(|| values.iter().map(|(weight, value)| weight * value).sum::<f64>() / weights)
}

fn sd(values: &[(f64, f64)]) -> Option<f64> {
    let centre = mean(values)?;
    let squares: Vec<_> =
        values.iter().map(|(weight, value)| (*weight, (value - centre) * (value - centre))).collect();
    let n = values.len() as f64;
    (n > 1.0).then_some(libm::sqrt(mean(&squares)? * n / (n - 1.0)))
}

/// The rank, from 0 on, such that the median of the law lies between the values of this rank from below and from
/// above in 95 of 100 samples at least, whatever the law; `None` where too few were drawn.
fn outer_ranks(devices: usize) -> Option<usize> {
    const EITHER_SIDE: f64 = 0.025;
    let n = devices as f64;
    let (mut rank, mut below) = (None, 0.0);
    // The binomial law of how many values lie below the median, from the lowest number on.
    let mut log_chance = -n * std::f64::consts::LN_2;
    for k in 0..devices.div_ceil(2) {
        below += libm::exp(log_chance);
        if below > EITHER_SIDE {
            break;
        }
        rank = Some(k);
        log_chance += libm::log((n - k as f64) / (k as f64 + 1.0));
    }
    rank
}
