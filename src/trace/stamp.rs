//! Instants as files write them: with an offset, as milliseconds, or as the clock on the wall showed them.

use super::Dates;
use super::table::shorten;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// Milliseconds since 1970 below this lie before March 1973: they are taken for seconds.
const LEAST_MS: i64 = 100_000_000_000;
/// The year 2200, as for clocks.
const MOST_MS: i64 = 7_258_118_400_000;

const RIGHT: &str = "write 2026-03-02 09:00 as the wall clock shows it, 2026-03-02T09:00:00+01:00, or \
                     milliseconds since 1970";

/// An instant of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Stamp {
    pub(super) unix_ms: i64,
    /// How far local time was ahead of UTC, where that is known.
    pub(super) ahead_ms: Option<i64>,
}

/// A time at which the wall clock was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Change {
    /// It was never shown.
    Skipped,
    /// It was shown twice.
    Twice,
}

/// What is meant by a time that does not say it.
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    /// Where the clock hung; without one it showed UTC.
    pub(super) zone: Option<TimeZone>,
    /// What comes first where a date has slashes.
    pub(super) dates: Option<Dates>,
}

/// The day as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Day {
    /// Year, month and day.
    Plain(i16, i8, i8),
    /// A year, and two numbers that are day and month in either order.
    Slashed(i16, i8, i8),
}

/// How far ahead of UTC a time says that it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ahead {
    Unsaid,
    Utc,
    Ms(i64),
}

/// A time as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct StampParts {
    day: Day,
    time: Time,
    ahead: Ahead,
}

/// Whether this may be an instant, or another number: then no header holds it.
pub(super) fn is_no_heading(text: &str) -> bool {
    text.len() <= 64
        && (text.parse::<f64>().is_ok() || text.parse::<Timestamp>().is_ok() || written(text).is_some())
}

/// The two numbers of a date with slashes, in their order.
pub(super) fn slashed(text: &str) -> Option<(i8, i8)> {
    match written(text)?.day {
        Day::Slashed(_, first, second) => Some((first, second)),
        Day::Plain(..) => None,
    }
}

/// Reads an instant, and whether the clock was changed at it.
pub(super) fn stamp(text: &str, meaning: &Meaning) -> Result<(Stamp, Option<Change>), String> {
    let found = shorten(text);
    let within = |unix_ms: i64, ahead_ms, change| match unix_ms {
        LEAST_MS..MOST_MS => Ok((Stamp { unix_ms, ahead_ms }, change)),
        _ => Err(format!("`{found}` lies outside the years 1973 to 2200; {RIGHT}")),
    };
    if let Ok(unix_ms) = text.parse::<i64>() {
        return match unix_ms {
            0..LEAST_MS => Err(format!("`{found}` looks like seconds; {RIGHT}")),
            _ => within(unix_ms, None, None),
        };
    }
    let wrong = || format!("`{found}` is not an instant; {RIGHT}");
    // Nothing longer is an instant, and no parser need look at megabytes.
    if text.len() > 64 {
        return Err(wrong());
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        let ahead_ms = match Pieces::parse(text).map_err(|_| wrong())?.offset() {
            Some(PiecesOffset::Numeric(offset)) => Some(i64::from(offset.offset().seconds()) * 1000),
            _ => None,
        };
        return within(instant.as_millisecond(), ahead_ms, None);
    }
    let StampParts { day, time, ahead } = written(text).ok_or_else(wrong)?;
    let (year, month, day) = match (day, meaning.dates) {
        (Day::Plain(year, month, day), _) => (year, month, day),
        (Day::Slashed(year, month, day), Some(Dates::MonthFirst)) => (year, month, day),
        (Day::Slashed(year, day, month), _) => (year, month, day),
    };
    let date = Date::new(year, month, day)
        .map_err(|_| format!("`{found}` has no month {month} or no day {day} in it; {RIGHT}"))?;
    let wall = date.to_datetime(time);
    let in_utc = || TimeZone::UTC.to_timestamp(wall).map(Timestamp::as_millisecond).map_err(|_| wrong());
    match (ahead, &meaning.zone) {
        (Ahead::Ms(ahead), _) => within(in_utc()? - ahead, Some(ahead), None),
        (Ahead::Utc, _) | (Ahead::Unsaid, None) => within(in_utc()?, None, None),
        (Ahead::Unsaid, Some(zone)) => {
            let shown = zone.to_ambiguous_zoned(wall);
            let change = match shown.offset() {
                AmbiguousOffset::Unambiguous { .. } => None,
                AmbiguousOffset::Gap { .. } => Some(Change::Skipped),
                AmbiguousOffset::Fold { .. } => Some(Change::Twice),
            };
            // As `Clock::at` takes it.
            let instant = shown.compatible().map_err(|_| wrong())?;
            let ahead = i64::from(instant.offset().seconds()) * 1000;
            within(instant.timestamp().as_millisecond(), Some(ahead), change)
        }
    }
}

/// Takes a time apart that is not written as RFC 3339 has it.
fn written(text: &str) -> Option<StampParts> {
    let (date, rest) = text.split_once([' ', 'T', ','])?;
    let (time, ahead) = time(rest.trim_start_matches([' ', ',']))?;
    Some(StampParts { day: day(date)?, time, ahead })
}

fn day(text: &str) -> Option<Day> {
    let mark = text.find(['-', '/', '.']).and_then(|at| text[at..].chars().next())?;
    let parts: Vec<&str> = text.split(mark).collect();
    let [first, second, third] = parts[..] else { return None };
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i8>().ok())?;
    let year = |text: &str| match text.len() {
        4 => text.parse::<i16>().ok().filter(|year| *year > 0),
        // No trace is of another century.
        2 => number(text).map(|year| 2000 + i16::from(year)),
        _ => None,
    };
    match (first.len(), mark) {
        (4, _) => Some(Day::Plain(year(first)?, number(second)?, number(third)?)),
        // With dots the day comes first wherever dates are written so.
        (_, '.') => Some(Day::Plain(year(third)?, number(second)?, number(first)?)),
        _ => Some(Day::Slashed(year(third)?, number(first)?, number(second)?)),
    }
}

fn time(text: &str) -> Option<(Time, Ahead)> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(text.len());
    let (clock, rest) = (&text[..end], text[end..].trim());
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let (second, fraction) = parts.next().map_or((0, 0), |text| {
        let (second, fraction) = text.split_once('.').unwrap_or((text, ""));
        let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
        (second.parse().unwrap_or(-1), millis.parse::<i32>().unwrap_or(0))
    });
    let half = rest.get(..2).unwrap_or_default().to_ascii_lowercase();
    let (hour, rest) = match (half.as_str(), hour) {
        ("am", 1..=12) => (hour % 12, rest[2..].trim()),
        ("pm", 1..=12) => (hour % 12 + 12, rest[2..].trim()),
        ("am" | "pm", _) => return None,
        _ => (hour, rest),
    };
    let whole = parts.next().is_none();
    let time = Time::new(hour, minute, second, fraction * 1_000_000).ok().filter(|_| whole)?;
    Some((time, ahead(rest)?))
}

fn ahead(text: &str) -> Option<Ahead> {
    let (sign, digits) = match text.to_ascii_uppercase().as_str() {
        "" => return Some(Ahead::Unsaid),
        "Z" | "UTC" | "GMT" | "(UTC)" => return Some(Ahead::Utc),
        _ => (if text.starts_with('-') { -1 } else { 1 }, text.strip_prefix(['+', '-'])?),
    };
    let digits = digits.replace(':', "");
    let number: i64 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    Some(Ahead::Ms(sign * (number / 100 * 60 + number % 100) * 60_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{time_zone, utc};

    fn read(text: &str, dates: Option<Dates>) -> Result<(String, Option<Change>), String> {
        let meaning = Meaning { zone: Some(time_zone("Europe/Berlin").unwrap()), dates };
        stamp(text, &meaning).map(|(stamp, change)| (utc(stamp.unix_ms), change))
    }

    #[test]
    fn a_wall_clock_is_read_as_people_write_it() {
        for text in [
            "2026-03-02 09:15",
            "2026-03-02T09:15:00",
            "2026/03/02 09:15:00.000",
            "02.03.2026 09:15",
            "2.3.26 9:15",
            "02.03.2026, 09:15:00",
            "02/03/2026 09:15:00",
            "2-3-2026 9:15 AM",
            "02/03/2026 8:15 AM Z",
            "02/03/2026 10:15:00 +02:00",
            "2026-03-02 08:15 UTC",
            "1772439300000",
        ] {
            let found = read(text, Some(Dates::DayFirst));
            assert_eq!(found, Ok(("2026-03-02T08:15:00.000Z".into(), None)), "{text}");
        }
        let found = read("03/02/2026 12:15 pm", Some(Dates::MonthFirst)).unwrap();
        assert_eq!(found.0, "2026-03-02T11:15:00.000Z");
        assert_eq!(read("2/3/2026 12:15 AM", Some(Dates::DayFirst)).unwrap().0, "2026-03-01T23:15:00.000Z");
    }

    #[test]
    fn a_time_that_the_clock_skips_or_has_twice_is_read_as_the_clock_does() {
        let skipped = read("2026-03-29 02:30", None).unwrap();
        assert_eq!(skipped, ("2026-03-29T01:30:00.000Z".into(), Some(Change::Skipped)));
        let twice = read("25.10.2026 02:30", None).unwrap();
        assert_eq!(twice, ("2026-10-25T00:30:00.000Z".into(), Some(Change::Twice)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-03-02",
            "02.13.2026 09:15",
            "31/02/2026 9:15",
            "02.03.2026 25:00",
            "02.03.2026 13:00 PM",
            "02.03.2026 9",
            "2.3.126 9:15",
            "02/03/2026 9:15 CET",
            "1/2/3/2026 9:15",
            "2026-03-02 9:15:10:10",
            "-1.3.2026 9:15",
            "02.03.2026 9:x",
            "2026-03-02 09:15:xx",
        ] {
            assert!(read(text, Some(Dates::DayFirst)).is_err(), "{text}");
        }
    }
}
