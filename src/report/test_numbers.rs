//! Numbers of a promise: what was found beside its bound, in one unit, and with as many digits as tell the two apart.

use super::human::{count, trimmed, unit_of};
use crate::analysis::jackknife::Interval;
use crate::figure::Unit;
use crate::time::Span;

/// Nothing is told more exactly.
const MOST_DECIMALS: usize = 9;

/// A unit and a number of decimals.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    factor: f64,
    decimals: usize,
    unit: &'static str,
    /// Where what is smaller, or larger, is no number of these.
    ends: [f64; 2],
}

impl Digits {
    /// For what is of this size.
    fn of(unit: Unit, size: f64) -> Digits {
        let ends = [0.0, f64::INFINITY];
        match unit {
            Unit::Share => Digits { factor: 100.0, decimals: 1, unit: "%", ends: [0.0, 100.0] },
            Unit::Seconds => {
                let (unit, ms) = unit_of(Span::from_secs_f64(size));
                Digits { factor: 1000.0 / ms, decimals: 1, unit, ends }
            }
            Unit::HoursPerDay | Unit::PerDay(_) => {
                Digits { factor: 1.0, decimals: 2, unit: unit.name(), ends }
            }
            Unit::Count => Digits { factor: 1.0, decimals: 0, unit: "", ends },
        }
    }

    /// Those in which a value is not its bound, unless it is.
    pub(super) fn apart(unit: Unit, value: f64, bound: f64) -> Digits {
        let mut digits = Digits::of(unit, value);
        let is_clear = |digits: &Digits| {
            let shown = digits.bare(value);
            // Nearly all, or nearly nothing, must not read as all or nothing.
            let rounded = |scaled: f64| format!("{scaled:.*}", digits.decimals);
            let is_end = digits.ends.iter().any(|end| rounded(*end) == rounded(value * digits.factor));
            let is_at_end = digits.ends.contains(&(value * digits.factor));
            (value == bound || shown != digits.bare(bound)) && (!is_end || is_at_end)
        };
        while digits.decimals < MOST_DECIMALS && !is_clear(&digits) {
            digits.decimals += 1;
        }
        digits
    }

    fn bare(&self, number: f64) -> String {
        let scaled = number * self.factor;
        match self.decimals {
            0 => count((scaled.max(0.0) + 0.5) as u64),
            _ if self.unit == "%" && self.ends.contains(&scaled) => format!("{scaled:.0}"),
            // As everywhere: rates without zeros at their end.
            decimals if self.unit.ends_with("/day") => trimmed(scaled, decimals),
            decimals => format!("{scaled:.decimals$}"),
        }
    }

    /// A number with its unit.
    pub(super) fn shown(&self, number: f64) -> String {
        format!("{} {}", self.bare(number), self.unit).trim_end().into()
    }

    /// The interval that stands beside it, if it is one.
    pub(super) fn interval(&self, interval: Option<Interval>) -> String {
        let ends = interval.filter(|ends| !ends.is_point());
        ends.map_or_else(String::new, |Interval { low, high }| {
            format!(" [{}, {}]", self.bare(low.max(0.0)), self.bare(high))
        })
    }
}

/// A change with its interval, and its bound, where by as few digits as usual they would read alike.
pub(super) fn change_apart(
    unit: Unit,
    change: Option<f64>,
    interval: Option<Interval>,
    bound: Option<f64>,
) -> Option<(String, String)> {
    let (change, bound) = change.zip(bound).filter(|(change, bound)| change != bound)?;
    let mut digits = Digits::of(unit, change.abs().max(bound.abs()));
    if unit == Unit::Share {
        digits.unit = "points";
    }
    let signed = |digits: &Digits, number: f64| {
        let text = digits.bare(number.abs());
        match text.chars().all(|c| matches!(c, '0' | '.')) {
            true => "0".into(),
            false if number < 0.0 => format!("\u{2212}{text}"),
            false => format!("+{text}"),
        }
    };
    if signed(&digits, change) != signed(&digits, bound) {
        return None;
    }
    while digits.decimals < MOST_DECIMALS && signed(&digits, change) == signed(&digits, bound) {
        digits.decimals += 1;
    }
    let with_unit = |number| format!("{} {}", signed(&digits, number), digits.unit).trim_end().to_owned();
    let ends = interval.filter(|ends| !ends.is_point()).map_or_else(String::new, |ends| {
        format!(" [{}, {}]", signed(&digits, ends.low), signed(&digits, ends.high))
    });
    Some((with_unit(change) + &ends, with_unit(bound)))
}

/// A length of time to the millisecond: `1 h 20 s`.
pub(super) fn exact_length(seconds: f64) -> String {
    let mut ms = Span::from_secs_f64(seconds).ms();
    let mut parts = Vec::new();
    for (unit, length) in [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1)] {
        if ms >= length {
            parts.push(format!("{} {unit}", ms / length));
            ms %= length;
        }
    }
    if parts.is_empty() { "0 s".into() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_reads_so() {
        for (unit, value, bound, text) in [
            (Unit::Share, 0.99996, 0.999, "99.996 %"),
            (Unit::Share, 0.9989, 0.999, "99.89 %"),
            (Unit::Share, 1.0, 0.999, "100 %"),
            (Unit::Share, 0.0, 0.001, "0 %"),
            (Unit::Share, 0.00004, 0.0, "0.004 %"),
            (Unit::Share, 0.831, 0.8, "83.1 %"),
            (Unit::Share, 0.5, 0.5, "50.0 %"),
            (Unit::Seconds, 2340.4, 2340.0, "39.01 min"),
            (Unit::HoursPerDay, 0.001, 0.0, "0.001 h/day"),
            (Unit::HoursPerDay, 0.0, 0.0, "0 h/day"),
            (Unit::Count, 1234.0, 7.0, "1,234"),
            (Unit::Count, 0.24, 0.3, "0.2"),
        ] {
            assert_eq!(Digits::apart(unit, value, bound).shown(value), text, "{value} {bound}");
        }
        let digits = Digits::apart(Unit::Share, 0.831, 0.8);
        assert_eq!(digits.interval(Some(Interval { low: 0.81, high: 0.852 })), " [81.0, 85.2]");
    }

    #[test]
    fn a_change_that_reads_like_its_bound_gets_more_digits() {
        let apart = |change, bound| change_apart(Unit::Share, Some(change), None, Some(bound));
        assert_eq!(apart(0.126, 0.1), None);
        assert_eq!(apart(0.1, 0.1), None);
        let expected = ("+10.02 points".to_owned(), "+10.00 points".to_owned());
        assert_eq!(apart(0.1002, 0.1), Some(expected));
        let expected = ("\u{2212}0.004 points".to_owned(), "0 points".to_owned());
        assert_eq!(apart(-0.00004, 0.0), Some(expected));
    }

    #[test]
    fn a_bound_is_as_exact_as_it_was_written() {
        for (seconds, text) in
            [(0.0, "0 s"), (90.0, "1 min 30 s"), (3620.0, "1 h 20 s"), (0.25, "250 ms"), (86_400.0, "1 d")]
        {
            assert_eq!(exact_length(seconds), text);
        }
    }
}
