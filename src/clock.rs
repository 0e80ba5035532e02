//! Local wall time: which day, weekday and time of day an instant is, across clock changes.

use crate::time::{Span, Time};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;

/// The wall clock of a scenario: fixed at its start, then pure integer arithmetic.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock(Arc<Zone>);

#[derive(Debug, PartialEq)]
struct Zone {
    /// UTC milliseconds since 1970 of the origin.
    epoch_ms: i64,
    /// Local milliseconds since 1970 of the local midnight before the origin, which starts day 0.
    midnight_ms: i64,
    /// Weekday of day 0, Monday being 0.
    first_weekday: i64,
    /// From this many milliseconds after the origin on, local time is ahead of UTC by that many.
    offsets: Vec<(i64, i64)>,
    /// Of these changes, those at which the clock was taken elsewhere, or back.
    trips: Vec<i64>,
}

/// A point on the wall clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Local {
    /// Calendar days since the local day that holds the origin.
    pub day: u32,
    /// Milliseconds on the dial, from 0 to 86,399,999.
    pub ms: u32,
}

/// A day of the week.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Weekday(u8);

impl Weekday {
    /// The weekday with this index, Monday being 0.
    pub const fn new(index: u8) -> Weekday {
        Weekday(index % 7)
    }

    /// Monday is 0.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Saturday and Sunday.
    pub const fn is_weekend(self) -> bool {
        self.0 >= 5
    }
}

impl Local {
    /// The hour on the dial.
    pub const fn hour(self) -> usize {
        (self.ms / 3_600_000) as usize
    }

    /// The length since local midnight as the dial shows it.
    pub const fn dial(self) -> Span {
        Span::from_ms(self.ms as u64)
    }
}

impl Clock {
    /// No trip makes more days be shown again than this, though one may be taken to the other end of the date line.
    const MOST_REPEATED: u32 = 3;

    /// A clock that covers `length` from the origin, which lies `warmup` before `start`.
    ///
    /// # Errors
    /// If `time_zone` is not an IANA name, or the span leaves the years 1970 to 2200.
    pub fn new(start: DateTime, time_zone: &str, warmup: Span, length: Span) -> Result<Clock, String> {
        let zone = self::time_zone(time_zone)?;
        let years = 1971..=2200;
        if !years.contains(&start.year()) {
            let (first, last) = (years.start(), years.end());
            return Err(format!(
                "the year {} is not simulated; it must be one from {first} to {last}: before there may be no \
                 day of warm-up that clocks count, and later nobody knows the rules of time zones",
                start.year()
            ));
        }
        let at = zone
            .to_ambiguous_zoned(start)
            .compatible()
            .map_err(|error| format!("`{start}` cannot be placed in {time_zone}: {error}"))?;
        let epoch_ms = at.timestamp().as_millisecond() - warmup.ms() as i64;
        Ok(Clock::since(epoch_ms, &zone, length))
    }

    /// A clock of the same origin in another time zone, which covers `length` from it.
    ///
    /// # Errors
    /// If `time_zone` is not an IANA name.
    pub fn beside(&self, zone: &str, length: Span) -> Result<Clock, String> {
        Ok(Clock::since(self.0.epoch_ms, &time_zone(zone)?, length))
    }

    fn since(epoch_ms: i64, zone: &TimeZone, length: Span) -> Clock {
        let first = zone.to_offset(timestamp(epoch_ms)).seconds() as i64 * 1000;
        let mut offsets = vec![(i64::MIN, first)];
        for change in zone.following(timestamp(epoch_ms)) {
            let at = change.timestamp().as_millisecond() - epoch_ms;
            if at > length.ms() as i64 + 2 * DAY_MS {
                break;
            }
            offsets.push((at, change.offset().seconds() as i64 * 1000));
        }
        let local = epoch_ms + first;
        let midnight_ms = local - local.rem_euclid(DAY_MS);
        // 1970-01-01 was a Thursday, which is weekday 3.
        let first_weekday = (midnight_ms / DAY_MS + 3).rem_euclid(7);
        Clock(Arc::new(Zone { epoch_ms, midnight_ms, first_weekday, offsets, trips: Vec::new() }))
    }

    /// A clock in UTC whose origin is a Monday at midnight, for tests of models alone.
    pub fn utc() -> Clock {
        let start = DateTime::constant(2026, 3, 2, 0, 0, 0, 0);
        Clock::new(start, "UTC", Span::ZERO, Span::DAY * 3660).expect("UTC is a time zone")
    }

    /// What the wall clock shows.
    pub fn local(&self, time: Time) -> Local {
        let ms = time.ms() as i64;
        let since_midnight = self.0.epoch_ms + ms + self.offset(ms) - self.0.midnight_ms;
        Local { day: (since_midnight / DAY_MS) as u32, ms: (since_midnight % DAY_MS) as u32 }
    }

    /// The date of a day, counted from that of the origin, as days since 1970: what is drawn by it is drawn
    /// alike wherever a simulation begins.
    pub fn date(&self, day: i64) -> u64 {
        (self.0.midnight_ms / DAY_MS + day).max(0) as u64
    }

    /// The weekday of a calendar day.
    pub fn weekday(&self, day: u32) -> Weekday {
        Weekday(((self.0.first_weekday + i64::from(day)) % 7) as u8)
    }

    /// The instant at which the dial shows `dial` on `day`. A time that the clock skips is moved
    /// on by the skipped length; of one shown twice the first is meant. Nothing precedes the origin.
    pub fn at(&self, day: u32, dial: Span) -> Time {
        let local = self.0.midnight_ms - self.0.epoch_ms + i64::from(day) * DAY_MS + dial.ms() as i64;
        let offsets = &self.0.offsets;
        let mut before = offsets[0].1;
        for (index, &(from, offset)) in offsets.iter().enumerate() {
            let until = offsets.get(index + 1).map_or(i64::MAX, |next| next.0);
            let candidate = local - offset;
            if candidate < from {
                // What a trip skips does not come later: it falls on the moment of the change.
                let at = if self.0.trips.contains(&from) { from } else { local - before };
                return Time::from_ms(at.max(0) as u64);
            }
            if candidate < until {
                return Time::from_ms(candidate.max(0) as u64);
            }
            before = offset;
        }
        Time::from_ms((local - before).max(0) as u64)
    }

    /// When the dial next shows this, as [`Clock::at`] means it: after the instant, also in an hour that is shown twice.
    pub fn next(&self, dial: Span, after: Time) -> Time {
        let today = self.local(after).day;
        let days = (today..=today + Clock::MOST_REPEATED).map(|day| self.at(day, dial));
        days.into_iter().find(|at| *at > after).unwrap_or(after)
    }

    /// This clock, but from one instant until another that of another time zone: it goes on a trip. Its days stay
    /// numbered as they were.
    pub fn on_a_trip(&self, zone: &TimeZone, from: Time, until: Time) -> Clock {
        let Zone { epoch_ms, midnight_ms, first_weekday, ref offsets, ref trips } = *self.0;
        let (from, until) = (from.ms() as i64, until.ms() as i64);
        let there = |at: i64| zone.to_offset(timestamp(epoch_ms + at)).seconds() as i64 * 1000;
        let mut spliced: Vec<(i64, i64)> = offsets.iter().copied().filter(|(at, _)| *at < from).collect();
        spliced.push((from, there(from)));
        for change in zone.following(timestamp(epoch_ms + from)) {
            let at = change.timestamp().as_millisecond() - epoch_ms;
            if at >= until {
                break;
            }
            spliced.push((at, change.offset().seconds() as i64 * 1000));
        }
        spliced.push((until, self.offset(until)));
        spliced.extend(offsets.iter().copied().filter(|(at, _)| *at > until));
        let mut trips: Vec<i64> = trips.iter().copied().chain([from, until]).collect();
        trips.sort_unstable();
        Clock(Arc::new(Zone { epoch_ms, midnight_ms, first_weekday, offsets: spliced, trips }))
    }

    /// Whether in a time zone it is then a day before the origin's, which has no number.
    pub fn is_before_day_0(&self, zone: &TimeZone, at: Time) -> bool {
        let utc = self.0.epoch_ms + at.ms() as i64;
        utc + zone.to_offset(timestamp(utc)).seconds() as i64 * 1000 < self.0.midnight_ms
    }

    /// Where an instant comes to lie that was meant by a clock that is not taken anywhere after `since`: what a trip
    /// skips falls on the moment of the change, and what it shows again is meant once. Whether it is skipped.
    pub fn on_trips_after(&self, since: Time, at: Time) -> (Time, bool) {
        let (mut ms, mut skipped) = (at.ms() as i64, false);
        for &trip in self.0.trips.iter().filter(|trip| **trip > since.ms() as i64) {
            if ms > trip {
                ms -= self.offset(trip) - self.offset(trip - 1);
                skipped |= ms < trip;
                ms = ms.max(trip);
            }
        }
        (Time::from_ms(ms as u64), skipped)
    }

    /// How much of the dial, counted on from day 0, is skipped by a trip from there on.
    pub fn skipped_from(&self, dial: Span) -> Span {
        let at = self.at(0, dial);
        let shown = self.local(at);
        let shown = Span::DAY * u64::from(shown.day) + shown.dial();
        let is_trip = self.0.trips.contains(&(at.ms() as i64));
        Span::from_ms(if is_trip { shown.ms().saturating_sub(dial.ms()) } else { 0 })
    }

    /// How far local time is ahead of UTC.
    pub fn ahead_of_utc_min(&self, time: Time) -> i32 {
        (self.offset(time.ms() as i64) / 60_000) as i32
    }

    /// The instant `ms` milliseconds after 1970 in UTC, or `None` where it precedes the origin.
    pub fn from_unix_ms(&self, ms: i64) -> Option<Time> {
        u64::try_from(ms - self.0.epoch_ms).ok().map(Time::from_ms)
    }

    /// What the calendar and the clock on the wall show.
    pub fn wall(&self, time: Time) -> DateTime {
        let local = self.local(time);
        let ms = self.0.midnight_ms + i64::from(local.day) * DAY_MS + i64::from(local.ms);
        timestamp(ms).to_zoned(TimeZone::UTC).datetime()
    }

    /// The instant at which calendar and clock show this, as [`Clock::at`] takes it; `None` on a
    /// day before the origin.
    pub fn from_wall(&self, wall: DateTime) -> Option<Time> {
        let ms = TimeZone::UTC.to_timestamp(wall).ok()?.as_millisecond() - self.0.midnight_ms;
        let day = u32::try_from(ms.div_euclid(DAY_MS)).ok()?;
        Some(self.at(day, Span::from_ms(ms.rem_euclid(DAY_MS) as u64)))
    }

    /// Milliseconds since 1970 in UTC.
    pub fn unix_ms(&self, time: Time) -> i64 {
        self.0.epoch_ms + time.ms() as i64
    }

    fn offset(&self, ms: i64) -> i64 {
        let offsets = &self.0.offsets;
        let index = offsets.partition_point(|&(from, _)| from <= ms);
        offsets[index - 1].1
    }
}

/// Writes an instant as `2026-03-02T08:00:00.000Z`, always with three decimals.
pub fn write_utc(unix_ms: i64, out: &mut Vec<u8>) {
    // Days to civil date by the era arithmetic of the proleptic Gregorian calendar (Fliegel and
    // Van Flandern, CACM 1968), since formatting is on the path of every row.
    let days = unix_ms.div_euclid(DAY_MS) + 719_468;
    let ms = unix_ms.rem_euclid(DAY_MS) as u32;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 } as u32;
    let year = (year_of_era + era * 400 + i64::from(month <= 2)) as u32;
    let digits = |value: u32, width: u32| {
        (0..width).rev().map(move |place| b'0' + (value / 10_u32.pow(place) % 10) as u8)
    };
    for (value, width, after) in [
        (year, 4, b'-'),
        (month, 2, b'-'),
        (day, 2, b'T'),
        (ms / 3_600_000, 2, b':'),
        (ms / 60_000 % 60, 2, b':'),
        (ms / 1000 % 60, 2, b'.'),
        (ms % 1000, 3, b'Z'),
    ] {
        out.extend(digits(value, width));
        out.push(after);
    }
}

/// The same, as text.
pub fn utc(unix_ms: i64) -> String {
    let mut out = Vec::with_capacity(24);
    write_utc(unix_ms, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn timestamp(unix_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(unix_ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn nearest_zone(name: &str) -> String {
    let known = TimeZoneDatabase::bundled();
    // People name the city, zones begin with the continent.
    let written = name.to_lowercase();
    let like = |part: &str| strsim::jaro_winkler(&part.to_lowercase(), &written);
    let likeness = |zone: &String| like(zone).max(zone.rsplit('/').next().map_or(0.0, like));
    // Whoever writes GMT+8 means the contrary of Etc/GMT+8; and a name that is hardly alike is not meant either.
    let zones = known.available().map(|zone| zone.as_str().to_string());
    let zones = zones.filter(|zone| !zone.starts_with("Etc/") && !zone.starts_with("GMT"));
    let nearest = zones.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let near = nearest.filter(|zone| likeness(zone) > 0.85);
    let help =
        near.map_or("write for example \"Asia/Manila\"".into(), |zone| format!("the nearest is \"{zone}\""));
    format!("`{name}` is not an IANA time zone; {help}")
}

/// Whether a name is an IANA time zone, with the nearest one in the error.
///
/// # Errors
/// If the name is unknown.
pub fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZoneDatabase::bundled().get(name).map_err(|_| nearest_zone(name))
}

/// What a clock that changes makes of a time of day that is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ambiguous {
    /// No clock shows it: it is moved on by so much.
    Skipped(Span),
    /// It is shown twice: the first is meant.
    Twice,
}

/// Whether a time is one that the clocks of a zone skip or show twice.
pub fn ambiguous(start: DateTime, zone: &TimeZone) -> Option<Ambiguous> {
    match zone.to_ambiguous_zoned(start).offset() {
        AmbiguousOffset::Unambiguous { .. } => None,
        AmbiguousOffset::Gap { before, after } => {
            let seconds = after.seconds().abs_diff(before.seconds());
            Some(Ambiguous::Skipped(Span::from_ms(u64::from(seconds) * 1000)))
        }
        AmbiguousOffset::Fold { .. } => Some(Ambiguous::Twice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(start: &str, warmup: Span) -> Clock {
        Clock::new(start.parse().unwrap(), "Europe/Berlin", warmup, Span::DAY * 60).unwrap()
    }

    #[test]
    fn a_spring_day_has_23_hours_and_its_skipped_hour_moves_on() {
        let clock = berlin("2026-03-28T00:00", Span::ZERO);
        assert_eq!(clock.at(2, Span::ZERO) - clock.at(1, Span::ZERO), Span::HOUR * 23);
        let skipped = clock.at(1, Span::MINUTE * 150);
        assert_eq!(clock.local(skipped), Local { day: 1, ms: 210 * 60_000 });
        assert!(clock.weekday(0).is_weekend() && clock.weekday(1).is_weekend());
        assert_eq!(clock.weekday(2), Weekday::new(0));
    }

    #[test]
    fn an_autumn_day_has_25_hours_and_its_double_hour_means_the_first() {
        let clock = berlin("2026-10-24T12:00", Span::DAY);
        let day = clock.local(clock.from_unix_ms(1_792_886_400_000).unwrap()).day;
        assert_eq!(clock.at(day + 1, Span::ZERO) - clock.at(day, Span::ZERO), Span::HOUR * 25);
        let double = clock.at(day, Span::MINUTE * 150);
        assert_eq!(clock.local(double).dial(), Span::MINUTE * 150);
        assert_eq!(clock.local(double + Span::HOUR).dial(), Span::MINUTE * 150);
    }

    #[test]
    fn the_next_time_of_day_is_never_past_whatever_the_clocks_do() {
        for start in ["2026-10-24T12:00", "2026-03-28T12:00"] {
            let clock = berlin(start, Span::DAY);
            for (quarter, dial) in
                (0..200_u64).flat_map(|quarter| (0..96_u64).map(move |dial| (quarter, dial)))
            {
                let (after, dial) = (Time::ORIGIN + Span::MINUTE * 15 * quarter, Span::MINUTE * 15 * dial);
                let next = clock.next(dial, after);
                assert!(next > after && next - after <= Span::HOUR * 26, "{dial:?} after {after:?}");
                let hour_later = dial + Span::HOUR;
                assert!([dial, hour_later].contains(&clock.local(next).dial()));
            }
        }
    }

    #[test]
    fn instants_are_written_in_utc_with_three_decimals() {
        let clock = berlin("2026-03-02T09:00", Span::ZERO);
        assert_eq!(utc(clock.unix_ms(Time::ORIGIN)), "2026-03-02T08:00:00.000Z");
        for ms in [0, 951_782_400_123, 1_709_164_799_999, 4_102_444_800_000] {
            assert_eq!(utc(ms), format!("{:.3}", timestamp(ms)));
        }
    }

    #[test]
    fn the_wall_clock_reads_back() {
        let clock = berlin("2026-03-28T00:00", Span::DAY);
        for text in ["2026-03-28T00:00:00", "2026-03-29T03:30:00", "2026-04-01T23:59:59.999"] {
            let wall: DateTime = text.parse().unwrap();
            assert_eq!(clock.wall(clock.from_wall(wall).unwrap()), wall);
        }
        assert_eq!(clock.from_wall("2026-03-20T00:00".parse().unwrap()), None);
    }

    #[test]
    fn an_unknown_zone_names_the_nearest() {
        let error = Clock::new("2026-03-02T00:00".parse().unwrap(), "Europe/Berln", Span::ZERO, Span::DAY);
        assert!(error.unwrap_err().contains("Europe/Berlin"));
        assert!(time_zone("new_york").unwrap_err().contains("America/New_York"));
    }
}
