//! Simulated time: instants and lengths, in whole milliseconds.
//!
//! Two types, so that adding two instants does not compile. No floating-point number is ever a time.

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub, SubAssign};
use std::str::FromStr;

/// An instant: milliseconds since the simulation's origin, which is the start of the warm-up.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Time(u64);

/// A length of time in milliseconds, never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(u64);

impl Time {
    /// Where every device's life starts.
    pub const ORIGIN: Time = Time(0);
    /// No instant of a simulation reaches this one; calendars pack an instant into 48 bits.
    pub const NEVER: Time = Time((1 << 48) - 1);

    /// The instant this many milliseconds after the origin.
    pub const fn from_ms(ms: u64) -> Time {
        Time(ms)
    }

    /// Milliseconds since the origin.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// The length from `earlier` to this instant, or zero where `earlier` is in fact later.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// This instant moved back by `span`, but not before the origin.
    pub const fn back(self, span: Span) -> Time {
        Time(self.0.saturating_sub(span.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// One second.
    pub const SECOND: Span = Span(1000);
    /// One minute.
    pub const MINUTE: Span = Span(60_000);
    /// One hour.
    pub const HOUR: Span = Span(3_600_000);
    /// Twenty-four hours, which is not always a calendar day.
    pub const DAY: Span = Span(86_400_000);
    /// 365 of these.
    pub const YEAR: Span = Span(365 * Span::DAY.0);

    /// A length in milliseconds.
    pub const fn from_ms(ms: u64) -> Span {
        Span(ms)
    }

    /// A length in whole seconds.
    pub const fn from_secs(seconds: u64) -> Span {
        Span(seconds * 1000)
    }

    /// A length in whole hours.
    pub const fn hours(hours: u64) -> Span {
        Span(hours * 3_600_000)
    }

    /// The nearest millisecond to a length in seconds; negative and not-a-number become zero, and
    /// nothing exceeds 100 years, so that no draw however extreme overflows a calendar.
    pub fn from_secs_f64(seconds: f64) -> Span {
        const LONGEST_S: f64 = 100.0 * 366.0 * 86_400.0;
        Span((seconds.clamp(0.0, LONGEST_S) * 1000.0 + 0.5) as u64)
    }

    /// The length in milliseconds.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// The length in seconds.
    pub fn secs_f64(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The length in days of 24 hours.
    pub fn days_f64(self) -> f64 {
        self.0 as f64 / Span::DAY.0 as f64
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0 + span.0)
    }
}

impl Sub<Time> for Time {
    type Output = Span;
    fn sub(self, earlier: Time) -> Span {
        debug_assert!(earlier <= self, "{earlier:?} is later than {self:?}");
        Span(self.0 - earlier.0)
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0 + other.0)
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        self.0 += other.0;
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        debug_assert!(other <= self, "{other:?} is longer than {self:?}");
        Span(self.0 - other.0)
    }
}

impl SubAssign for Span {
    fn sub_assign(&mut self, other: Span) {
        *self = *self - other;
    }
}

impl Mul<u64> for Span {
    type Output = Span;
    fn mul(self, times: u64) -> Span {
        Span(self.0 * times)
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Span>>(spans: I) -> Span {
        Span(spans.map(Span::ms).sum())
    }
}

const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// How scenarios write a length: `2h 30m`, the largest units first and none that is zero.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        let mut gap = "";
        for (unit, ms) in UNITS {
            if rest >= ms {
                write!(f, "{gap}{}{unit}", rest / ms)?;
                rest %= ms;
                gap = " ";
            }
        }
        Ok(())
    }
}

/// Reads `15m`, `2h 30m`, `1.5h`, `250ms`; a bare number is refused, since its unit is unknown.
impl FromStr for Span {
    type Err = String;
    fn from_str(text: &str) -> Result<Span, String> {
        let fault = || {
            format!(
                "`{text}` is not a length of time; write for example \"15m\", \"2h 30m\" or \"28d\" \
                 (units: d, h, m, s, ms; d is 24 h)"
            )
        };
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(fault());
        }
        let mut total = 0.0;
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(fault)?;
            let amount: f64 = rest[..digits].parse().map_err(|_| fault())?;
            let after = rest[digits..].trim_start();
            let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
            let (_, ms) = UNITS.iter().find(|(u, _)| *u == &after[..letters]).ok_or_else(fault)?;
            total += amount * *ms as f64;
            rest = after[letters..].trim_start();
        }
        const LONGEST_MS: f64 = 100.0 * 366.0 * 86_400_000.0;
        if total > LONGEST_MS {
            return Err(format!("`{text}` is longer than 100 years"));
        }
        Ok(Span((total + 0.5) as u64))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        struct Lengths;
        impl Visitor<'_> for Lengths {
            type Value = Span;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a length of time with its unit, such as \"15m\" or \"2h 30m\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Lengths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_reads_as_it_is_written() {
        for (text, ms) in
            [("15m", 900_000), ("2h 30m", 9_000_000), ("28d", 2_419_200_000), ("0s", 0), ("1s 5ms", 1005)]
        {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.ms(), ms);
            assert_eq!(span.to_string(), text);
        }
        assert_eq!("1.5h".parse::<Span>().unwrap(), Span::MINUTE * 90);
        assert_eq!("2h30m".parse::<Span>().unwrap(), Span::MINUTE * 150);
    }

    #[test]
    fn a_length_without_a_known_unit_is_refused() {
        for text in ["", "15", "m", "15 minutes", "-3m", "1..5h", "1e9d", "999999999d", "3 m m", "٣m"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
