//! A linear axis with ticks at round numbers, or at the lengths of time people think in, and how its ticks
//! read.

use super::scale::TimeScale;
use crate::figure::Unit;
use crate::report::human::{count, short_duration, trimmed};
use crate::time::Span;

/// Greater numbers are no measurement: they would leave no room for any other.
const GREATEST: f64 = 1e12;

/// Steps of an axis of time in seconds, up to a week; longer ones are whole weeks.
const SECONDS: [f64; 20] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14_400.0,
    21_600.0, 43_200.0, 86_400.0, 172_800.0, 604_800.0,
];

/// Steps of an axis of hours of a day: a day is so many of each.
const HOURS: [f64; 7] = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0];

/// Whether a number has a place on an axis.
pub(super) fn drawable(number: f64) -> bool {
    number.abs() <= GREATEST
}

/// The least and the greatest of these numbers.
pub(super) fn extent(numbers: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let wider = |(low, high): (f64, f64), (number, _): (f64, f64)| (low.min(number), high.max(number));
    numbers.into_iter().map(|number| (number, number)).reduce(wider)
}

/// How many decimals, two at most, tell what these numbers are: as many for each in a chart.
pub(super) fn decimals(numbers: impl Iterator<Item = f64>) -> usize {
    let needed = |number| trimmed(number, 2).split_once('.').map_or(0, |(_, decimals)| decimals.len());
    numbers.map(needed).max().unwrap_or(0)
}

/// Maps numbers to pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linear {
    from: f64,
    to: f64,
    step: f64,
    start: f64,
    end: f64,
}

impl Linear {
    /// An axis from the pixel `start` to `end` that shows all of these numbers, in steps that suit the unit
    /// and are at most `most` or a few more.
    pub(super) fn showing(
        numbers: impl Iterator<Item = f64>,
        unit: Unit,
        most: usize,
        ends: [f64; 2],
    ) -> Linear {
        let limit = unit.most().min(GREATEST);
        let numbers = numbers.filter(|number| drawable(*number)).map(|number| number.clamp(-limit, limit));
        let (low, high) = extent(numbers).unwrap_or_default();
        // Numbers all alike stand in the middle of something.
        let least = (low.abs().max(high.abs()) * 1e-6).max(1e-9);
        let (low, high) = match high - low < least {
            true if low == 0.0 => (0.0, 1.0),
            true => (low - low.abs() * 0.5, high + high.abs() * 0.5),
            false => (low, high),
        };
        // There is no more than all the mail, and a day has 24 hours.
        let (low, high) = (low.max(-limit), high.min(limit));
        let step = step(high - low, unit, most);
        let from = libm::floor(low / step + 1e-9) * step;
        let to = libm::ceil(high / step - 1e-9) * step;
        Linear { from, to, step, start: ends[0], end: ends[1] }
    }

    /// The pixel of a number; what is off the axis stands at its end.
    pub(super) fn at(&self, number: f64) -> f64 {
        let share = (number - self.from) / (self.to - self.from);
        // Not `clamp`, which would let not-a-number through.
        let share = if share >= 0.0 { share.min(1.0) } else { 0.0 };
        self.start + share * (self.end - self.start)
    }

    /// Whether a number is on the axis.
    pub(super) fn shows(&self, number: f64) -> bool {
        (self.from..=self.to).contains(&number)
    }

    /// The ticks: each number with its pixel.
    pub(super) fn ticks(&self) -> Vec<(f64, f64)> {
        let steps = libm::round((self.to - self.from) / self.step) as u32;
        let first = libm::round(self.from / self.step);
        (0..=steps)
            .map(|tick| (first + f64::from(tick)) * self.step)
            .map(|number| (number, self.at(number)))
            .collect()
    }

    /// How a number of the axis reads, to the decimals that tell its ticks apart.
    pub(super) fn name(&self, number: f64, unit: Unit) -> String {
        let decimals =
            |factor: f64| (-libm::floor(libm::log10(self.step * factor) + 1e-9)).clamp(0.0, 9.0) as usize;
        let minus = if number < 0.0 { "\u{2212}" } else { "" };
        let size = number.abs();
        let text = match unit {
            Unit::Share => trimmed(size * 100.0, decimals(100.0)) + " %",
            Unit::Seconds => short_duration(Span::from_secs_f64(size)),
            Unit::Count if self.step >= 1.0 => count(size as u64),
            _ => trimmed(size, decimals(1.0)),
        };
        format!("{minus}{text}")
    }
}

/// An axis of a figure, which is logarithmic for times that differ much.
#[derive(Clone, Copy, Debug)]
pub(super) enum Axis {
    Linear(Linear),
    Time(TimeScale),
}

/// An axis on which values span more than so many times the least is logarithmic.
pub(super) const WIDE: f64 = 20.0;

impl Axis {
    /// A logarithmic axis for these seconds, where they span so much that a linear one would show but the
    /// greatest.
    pub(super) fn of_times(seconds: &[f64], ends: [f64; 2]) -> Option<Axis> {
        let (low, high) = extent(seconds.iter().copied())?;
        let is_wide = low > 0.0 && high > low * WIDE;
        let lengths = seconds.iter().map(|number| milliseconds(*number));
        is_wide.then(|| Axis::Time(TimeScale::showing(lengths, ends[0], ends[1])))
    }

    /// The pixel of a number; what is off the axis stands at its end.
    pub(super) fn at(&self, number: f64) -> f64 {
        match self {
            Axis::Linear(axis) => axis.at(number),
            Axis::Time(scale) => scale.at(milliseconds(number)),
        }
    }

    /// The ticks, each with its name and pixel; those of a logarithmic axis no closer than `apart`.
    pub(super) fn ticks(&self, unit: Unit, apart: f64) -> Vec<(String, f64)> {
        match self {
            Axis::Linear(axis) => {
                axis.ticks().into_iter().map(|(number, at)| (axis.name(number, unit), at)).collect()
            }
            Axis::Time(scale) => scale.ticks(apart).into_iter().map(|(name, at)| (name.into(), at)).collect(),
        }
    }
}

/// Seconds, which may be too few for any length of time, as milliseconds.
pub(super) fn milliseconds(seconds: f64) -> u64 {
    Span::from_secs_f64(seconds.max(0.0)).ms()
}

/// The least step of a nice size that makes at most `most` of this span.
pub(super) fn step(span: f64, unit: Unit, most: usize) -> f64 {
    let least = span / most.max(1) as f64;
    if unit == Unit::Seconds && least > 0.5 {
        let weeks = || libm::ceil(decimal(least / 604_800.0)) * 604_800.0;
        return SECONDS.into_iter().find(|step| *step >= least).unwrap_or_else(weeks);
    }
    // A day is not divided by tens.
    if unit == Unit::HoursPerDay && least > 0.5 {
        return HOURS.into_iter().find(|step| *step >= least).unwrap_or(24.0);
    }
    // Half a check is no check.
    decimal(least).max(if unit == Unit::Count { 1.0 } else { 0.0 })
}

/// The least of 1, 2, 5 · 10ⁿ that is not below.
fn decimal(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(least)));
    // The last is for what rounding has made of a power of ten.
    [1.0, 2.0, 5.0, 10.0]
        .map(|digit| digit * power)
        .into_iter()
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(numbers: &[f64], unit: Unit) -> Vec<String> {
        let axis = Linear::showing(numbers.iter().copied(), unit, 5, [0.0, 100.0]);
        axis.ticks().into_iter().map(|(number, _)| axis.name(number, unit)).collect()
    }

    #[test]
    fn ticks_are_round_numbers_with_their_unit() {
        assert_eq!(names(&[0.0, 4.3], Unit::HoursPerDay), ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(names(&[0.0, 0.43], Unit::PerDay("mAh/day")), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(names(&[0.62, 0.71], Unit::Share), ["62 %", "64 %", "66 %", "68 %", "70 %", "72 %"]);
        assert_eq!(names(&[0.0, 2400.0], Unit::Seconds), ["0 s", "10 min", "20 min", "30 min", "40 min"]);
        assert_eq!(names(&[-0.1, 0.1], Unit::Share), ["−10 %", "−5 %", "0 %", "5 %", "10 %"]);
        assert_eq!(names(&[0.0, 12_000.0], Unit::Count), ["0", "5,000", "10,000", "15,000"]);
        assert_eq!(names(&[0.0, 2.5], Unit::Count), ["0", "1", "2", "3"]);
        assert_eq!(names(&[], Unit::Count), ["0", "1"]);
        assert_eq!(names(&[f64::NAN, f64::INFINITY, 1e300], Unit::Count).len(), 2);
        // Numbers all alike are not at the edge.
        assert_eq!(names(&[0.5, 0.5], Unit::Share), ["20 %", "30 %", "40 %", "50 %", "60 %", "70 %", "80 %"]);
        assert_eq!(names(&[0.9, 0.9], Unit::Share).last().map(String::as_str), Some("100 %"));
        // No day has more than 24 h, whatever an interval says.
        assert_eq!(names(&[0.0, 23.4, 25.1], Unit::HoursPerDay), ["0", "6", "12", "18", "24"]);
        assert_eq!(names(&[23.7, 23.9, 30.0], Unit::HoursPerDay), ["23.7", "23.8", "23.9", "24"]);
        assert_eq!(decimals([13.4, 13.42, 13.0].into_iter()), 2);
    }

    proptest! {
        #[test]
        fn whatever_the_numbers_they_are_on_the_axis(
            numbers in proptest::collection::vec(prop_oneof![any::<f64>(), -1e3..1e3f64, 0.0..1e-3f64], 0..9),
            most in 2usize..12,
            unit in prop::sample::select(vec![Unit::Share, Unit::Seconds, Unit::HoursPerDay]),
        ) {
            let axis = Linear::showing(numbers.iter().copied(), unit, most, [400.0, 100.0]);
            let ticks = axis.ticks();
            prop_assert!(ticks.len() >= 2 && ticks.len() <= most + 3, "{ticks:?}");
            prop_assert!(ticks.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 > w[1].1), "{ticks:?}");
            let limit = unit.most().min(GREATEST);
            prop_assert!(ticks.iter().all(|tick| tick.0.abs() <= limit * (1.0 + 1e-9)), "{ticks:?}");
            prop_assert!(ticks[0].1 == 400.0 && (ticks[ticks.len() - 1].1 - 100.0).abs() < 1e-6);
            for number in numbers {
                prop_assert!((100.0..=400.0).contains(&axis.at(number)));
            }
        }
    }
}
