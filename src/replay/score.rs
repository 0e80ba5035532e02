//! How good a forecast was: the mean logarithm of the probability that it gave to what was, and whether its
//! probabilities are shares.

use super::forecast::Rival;
use std::collections::BTreeMap;

/// The ends of the bins of forecasts.
const ENDS: [f64; 5] = [0.02, 0.05, 0.1, 0.25, 1.0];
/// Of fewer days no interval is worth anything.
const LEAST_DAYS: usize = 3;
/// Of so many standard errors to each side.
const WIDE: f64 = 2.0;

/// Slots whose forecasts are alike.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bin {
    /// Forecasts from here on.
    pub from: f64,
    /// Up to here.
    pub until: f64,
    /// How many slots there were.
    pub slots: u64,
    /// Their mean forecast.
    pub forecast: f64,
    /// In what share of them it was so.
    pub observed: f64,
}

/// How much better the model is than a rival.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Difference {
    /// The mean log score of the rival.
    pub rival: f64,
    /// That of the model less that of the rival: above 0 the model is better.
    pub better_by: f64,
    /// Two standard errors over days to either side, where there are some days.
    pub interval: Option<[f64; 2]>,
}

/// The scores of the model and its rivals.
#[derive(Clone, PartialEq, Debug)]
pub struct Score {
    /// The mean log score of the model, of each slot: 0 is certainty that came true.
    pub model: f64,
    /// Against each of [`Rival::ALL`].
    pub against: [Difference; Rival::ALL.len()],
    /// Whether the model's probabilities are shares: the bins that hold any slot.
    pub calibration: Vec<Bin>,
}

fn log_scores(ran: &[bool], forecast: &[f64]) -> Vec<f64> {
    let score = |(ran, forecast): (&bool, &f64)| libm::log(if *ran { *forecast } else { 1.0 - forecast });
    ran.iter().zip(forecast).map(score).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

impl Score {
    /// Scores forecasts of slots, of which the day is given.
    pub(super) fn of(ran: &[bool], model: &[f64], rivals: &[Vec<f64>], days: &[u32]) -> Score {
        let own = log_scores(ran, model);
        let against = Rival::ALL.map(|rival| {
            let other = log_scores(ran, &rivals[rival as usize]);
            let apart: Vec<f64> = own.iter().zip(&other).map(|(own, other)| own - other).collect();
            Difference { rival: mean(&other), better_by: mean(&apart), interval: interval(&apart, days) }
        });
        Score { model: mean(&own), against, calibration: calibration(ran, model) }
    }
}

/// By leaving out each day in turn: slots of one day are not independent.
fn interval(apart: &[f64], days: &[u32]) -> Option<[f64; 2]> {
    let mut by_day: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    for (apart, day) in apart.iter().zip(days) {
        let sums = by_day.entry(*day).or_default();
        *sums = (sums.0 + apart, sums.1 + 1.0);
    }
    if by_day.len() < LEAST_DAYS {
        return None;
    }
    let (sum, slots) = (apart.iter().sum::<f64>(), apart.len() as f64);
    let without: Vec<f64> = by_day.values().map(|day| (sum - day.0) / (slots - day.1)).collect();
    let (many, middle) = (without.len() as f64, mean(&without));
    let squares: f64 = without.iter().map(|one| (one - middle) * (one - middle)).sum();
    let error = libm::sqrt(squares * (many - 1.0) / many);
    let value = sum / slots;
    Some([value - WIDE * error, value + WIDE * error])
}

fn calibration(ran: &[bool], model: &[f64]) -> Vec<Bin> {
    let mut from = 0.0;
    let bins = ENDS.map(|until| {
        let within = |forecast: f64| from <= forecast && (forecast < until || until == 1.0);
        let of: Vec<(f64, f64)> = model
            .iter()
            .zip(ran)
            .filter(|(forecast, _)| within(**forecast))
            .map(|(forecast, ran)| (*forecast, f64::from(u8::from(*ran))))
            .collect();
        let (forecasts, observed): (Vec<f64>, Vec<f64>) = of.into_iter().unzip();
        let slots = forecasts.len() as u64;
        let bin = Bin { from, until, slots, forecast: mean(&forecasts), observed: mean(&observed) };
        from = until;
        bin
    });
    bins.into_iter().filter(|bin| bin.slots > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_the_formula() {
        let ran = [true, false, false, true];
        let model = [0.8, 0.1, 0.5, 0.5];
        let rivals = vec![vec![0.5; 4]; 3];
        let score = Score::of(&ran, &model, &rivals, &[0, 0, 0, 0]);
        let expected = (libm::log(0.8) + libm::log(0.9) + 2.0 * libm::log(0.5)) / 4.0;
        assert!((score.model - expected).abs() < 1e-12);
        let Difference { rival, better_by, interval } = score.against[0];
        assert!((rival - libm::log(0.5)).abs() < 1e-12 && (better_by - (expected - rival)).abs() < 1e-12);
        assert_eq!(interval, None);
        let bins: Vec<(u64, f64)> = score.calibration.iter().map(|bin| (bin.slots, bin.observed)).collect();
        assert_eq!(bins, [(1, 0.0), (3, 2.0 / 3.0)]);
    }

    #[test]
    fn the_interval_is_that_of_days() {
        // Days that are each alike in themselves: the jackknife of a mean is its standard error.
        let days: Vec<u32> = (0..5).flat_map(|day| [day; 10]).collect();
        let values = [1.0, 2.0, 3.0, 4.0, 10.0];
        let apart: Vec<f64> = days.iter().map(|day| values[*day as usize]).collect();
        let deviation =
            libm::sqrt(values.iter().map(|value| (value - 4.0) * (value - 4.0)).sum::<f64>() / 4.0 / 5.0);
        let [low, high] = interval(&apart, &days).unwrap();
        assert!(
            (low - (4.0 - 2.0 * deviation)).abs() < 1e-9 && (high - (4.0 + 2.0 * deviation)).abs() < 1e-9
        );
        assert_eq!(interval(&apart[..20], &days[..20]), None);
    }
}
