//! What happened on each whole day, and how days resemble each other.

use crate::analysis::statistic::middle;

/// One whole day, from midnight to midnight.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Day {
    /// Saturday or Sunday.
    pub weekend: bool,
    /// How often the phone was taken in hand.
    pub pickups: u32,
    /// How long it was in hand, in milliseconds.
    pub in_hand_ms: u64,
    /// How often the client was opened.
    pub openings: u32,
    /// Mails that arrived.
    pub mails: u32,
}

impl Day {
    /// Minutes in hand.
    pub fn minutes(&self) -> f64 {
        self.in_hand_ms as f64 / 60_000.0
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    values.for_each(|value| (sum, count) = (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// The mean of all days.
pub fn mean_of(days: &[Day], of: impl Fn(&Day) -> f64) -> Option<f64> {
    mean(days.iter().map(of))
}

/// The mean of weekdays, or of the days of weekends.
pub fn mean_on(days: &[Day], weekend: bool, of: impl Fn(&Day) -> f64) -> Option<f64> {
    mean(days.iter().filter(|day| day.weekend == weekend).map(of))
}

/// The mean of the days of weekends over that of weekdays.
pub fn weekend_ratio(days: &[Day], of: impl Fn(&Day) -> f64 + Copy) -> Option<f64> {
    let weekday = mean_on(days, false, of).filter(|weekday| *weekday > 0.0)?;
    Some(mean_on(days, true, of)? / weekday)
}

/// Logarithms of what is more than nothing; of other days none is known.
fn logs(days: &[Day], of: impl Fn(&Day) -> f64) -> Vec<Option<f64>> {
    let log = |value: f64| (value > 0.0).then(|| libm::log(value));
    days.iter().map(|day| log(of(day))).collect()
}

/// The standard deviation of the logarithm over days.
pub fn log_sd(days: &[Day], of: impl Fn(&Day) -> f64) -> Option<f64> {
    let logs: Vec<f64> = logs(days, of).into_iter().flatten().collect();
    let centre = mean(logs.iter().copied())?;
    let squares = logs.iter().map(|log| (log - centre) * (log - centre)).sum::<f64>();
    (logs.len() > 1).then(|| libm::sqrt(squares / (logs.len() as f64 - 1.0)))
}

/// The autocorrelation of the logarithm at a lag of some days. Pairs with a day of nothing are left out.
pub fn autocorrelation(days: &[Day], lag: usize, of: impl Fn(&Day) -> f64) -> Option<f64> {
    let logs = logs(days, of);
    let centre = mean(logs.iter().flatten().copied())?;
    let off: Vec<Option<f64>> = logs.iter().map(|log| log.map(|log| log - centre)).collect();
    let later = off.iter().skip(lag);
    let pairs = mean(off.iter().zip(later).filter_map(|(now, then)| Some((*now)? * (*then)?)))?;
    let variance = mean(off.iter().flatten().map(|off| off * off)).filter(|variance| *variance > 0.0)?;
    Some(pairs / variance)
}

/// The correlation of two things over days.
pub fn correlation(days: &[Day], one: impl Fn(&Day) -> f64, other: impl Fn(&Day) -> f64) -> Option<f64> {
    let centres = [mean(days.iter().map(&one))?, mean(days.iter().map(&other))?];
    let off = |day: &Day| [one(day) - centres[0], other(day) - centres[1]];
    let sum = |part: fn([f64; 2]) -> f64| days.iter().map(|day| part(off(day))).sum::<f64>();
    let spread = libm::sqrt(sum(|[x, _]| x * x) * sum(|[_, y]| y * y));
    (spread > 0.0).then(|| sum(|[x, y]| x * y) / spread)
}

/// The median of some values.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    middle(&values)
}
