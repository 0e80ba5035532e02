//! Instants as logs write them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::fmt;

/// From 1990 to 2200: what lies outside was not read but misread.
const LEAST_MS: i64 = 631_152_000_000;
const MOST_MS: i64 = 7_258_118_400_000;
/// From 1970 to 2001, where Apple's own reference date lies.
const REFERENCE_S: f64 = 978_307_200.0;

/// An instant of a log, to the millisecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Utc(i64);

impl Utc {
    /// So many milliseconds after 1970; `None` where no log of a phone can be from.
    pub fn from_ms(ms: i64) -> Option<Utc> {
        (LEAST_MS..MOST_MS).contains(&ms).then_some(Utc(ms))
    }

    /// So many seconds after 1970.
    pub fn from_seconds(seconds: f64) -> Option<Utc> {
        let ms = libm::round(seconds * 1000.0);
        // What is no number is in no range.
        (LEAST_MS as f64..MOST_MS as f64).contains(&ms).then_some(Utc(ms as i64))
    }

    /// So many seconds after 2001, as Core Data has it.
    pub(super) fn from_reference(seconds: f64) -> Option<Utc> {
        Utc::from_seconds(seconds + REFERENCE_S)
    }

    /// Milliseconds since 1970.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// So much later; `None` where that is out of range.
    pub fn plus_ms(self, ms: i64) -> Option<Utc> {
        Utc::from_ms(self.0.checked_add(ms)?)
    }

    pub(super) fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// As RFC 3339 has it, in UTC.
impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp().strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

/// How far the wall clock of a log was ahead of UTC, in seconds.
pub(super) type Ahead = i32;

/// What is meant by a time that says no offset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bare {
    /// It is not an instant.
    Refused,
    /// It is of UTC.
    InUtc,
}

/// Reads `2026-03-15 14:14:03.347462-0500` and its kin: a `T` between, any fraction, a space before the offset, `Z`.
pub(super) fn wall(text: &str, bare: Bare) -> Option<(Utc, Ahead)> {
    let bytes = text.as_bytes();
    if !text.is_ascii() || !(19..=48).contains(&bytes.len()) {
        return None;
    }
    let number = |from: usize, until: usize| {
        let digits =
            text.get(from..until).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse::<i16>().ok()
    };
    let marks = [bytes[4], bytes[7], bytes[13], bytes[16]] == *b"--::" && matches!(bytes[10], b' ' | b'T');
    let small = |from: usize| number(from, from + 2).and_then(|number| i8::try_from(number).ok());
    let date = Date::new(number(0, 4).filter(|_| marks)?, small(5)?, small(8)?).ok()?;
    // A leap second is the end of the one before.
    let (hour, minute, second) = (small(11)?, small(14)?, small(17)?.min(59));
    let rest = &text[19..];
    let fraction = rest
        .strip_prefix('.')
        .map_or("", |rest| &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())]);
    let zone = rest[fraction.len() + usize::from(rest.starts_with('.'))..].trim();
    let ms: i64 =
        fraction.bytes().chain([b'0'; 3]).take(3).fold(0, |ms, digit| ms * 10 + i64::from(digit - b'0'));
    let ahead = match zone {
        "" if bare == Bare::InUtc => 0,
        "Z" | "UTC" => 0,
        _ => offset(zone)?,
    };
    let clock = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
    let shown = TimeZone::UTC.to_timestamp(date.to_datetime(clock)).ok()?;
    let instant = shown.checked_sub(SignedDuration::from_secs(ahead.into())).ok()?;
    Some((Utc::from_ms(instant.as_millisecond() + ms)?, ahead))
}

fn offset(text: &str) -> Option<Ahead> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?.replace(':', "");
    let whole = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: Ahead = digits.parse().ok().filter(|_| whole)?;
    let seconds = (number / 100 * 60 + number % 100) * 60;
    (seconds <= 18 * 3600).then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_an_instant_is_the_same_one() {
        let ms = Utc::from_ms(1_773_602_043_347).unwrap();
        for text in [
            "2026-03-15 14:14:03.347462-0500",
            "2026-03-15 14:14:03.347 -0500",
            "2026-03-15T14:14:03.347-05:00",
            "2026-03-15T19:14:03.347Z",
        ] {
            assert_eq!(wall(text, Bare::Refused).map(|(at, _)| at), Some(ms), "{text}");
        }
        assert_eq!(ms.to_string(), "2026-03-15T19:14:03.347Z");
        assert_eq!(wall("2026-03-15 19:14:03.347", Bare::Refused), None);
        assert_eq!(wall("2026-03-15 19:14:03.347", Bare::InUtc), Some((ms, 0)));
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in [
            "",
            "2026-13-15 14:14:03Z",
            "2026-03-15 25:14:03Z",
            "2026-03-15 14:14:03+9999",
            "1970-01-01 00:00:00Z",
            "2026-03-15 14:14:03.+0100x",
            "٢٠٢٦-03-15 14:14:03Z",
            "2026-03-15 14:14:03-05",
            "9999-12-31 23:59:59-1800",
        ] {
            assert_eq!(wall(text, Bare::InUtc), None, "{text}");
        }
        for seconds in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
            assert_eq!(Utc::from_seconds(seconds), None);
        }
    }
}
