//! When new mail is announced: days of the week, and times of day.

use crate::clock::{Clock, Weekday};
use crate::section::{Held, Row, Shape};
use crate::time::{Span, Time};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// When new mail is announced: some days of the week, from one time of day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// The days on which the hours begin.
    #[serde(default = "Days::working_week")]
    pub days: Days,
    /// When they begin.
    pub from: TimeOfDay,
    /// When they end; before `from` means on the next day.
    pub to: TimeOfDay,
}

impl Held for WorkingHours {
    const SHAPE: Shape = Shape::Table(&[
        Row::<Days>::new("days", "The days on which the hours begin.").decision().key(),
        Row::<TimeOfDay>::new("from", "When they begin.").decision().key(),
        Row::<TimeOfDay>::new("to", "When they end; before `from` means on the next day.").decision().key(),
    ]);
}

/// Some days of the week. Written as a list of their names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Days(u8);

impl Days {
    /// These days.
    pub fn of(days: &[Day]) -> Days {
        Days(days.iter().fold(0, |bits, day| bits | 1 << *day as u8))
    }

    /// Monday to Friday.
    pub fn working_week() -> Days {
        Days::of(&[Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri])
    }

    /// Whether it is no day at all.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a day of the calendar is among them.
    pub const fn has(self, weekday: Weekday) -> bool {
        self.0 >> weekday.index() & 1 == 1
    }

    fn each(self) -> impl Iterator<Item = Day> {
        Day::ALL.iter().copied().filter(move |day| self.0 >> *day as u8 & 1 == 1)
    }
}

impl Held for Days {
    const SHAPE: Shape = <Vec<Day>>::SHAPE;
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Days, D::Error> {
        Vec::<Day>::deserialize(deserializer).map(|days| Days::of(&days))
    }
}

crate::choice! {
    /// A day of the week.
    pub enum Day {
        /// Monday.
        Mon,
        /// Tuesday.
        Tue,
        /// Wednesday.
        Wed,
        /// Thursday.
        Thu,
        /// Friday.
        Fri,
        /// Saturday.
        Sat,
        /// Sunday.
        Sun,
    }
}

impl WorkingHours {
    /// Whether new mail is announced at this instant. The beginning belongs to the hours, the end
    /// does not; equal times mean the whole day.
    pub fn contain(&self, clock: &Clock, time: Time) -> bool {
        let local = clock.local(time);
        let today = self.days.has(clock.weekday(local.day));
        let yesterday = self.days.has(Weekday::new(clock.weekday(local.day).index() as u8 + 6));
        let (from, to) = (self.from.0, self.to.0);
        let now = local.ms / 60_000;
        if from < to {
            today && (from..to).contains(&now)
        } else {
            (today && now >= from) || (yesterday && now < to)
        }
    }

    /// The next beginning of the hours after an instant.
    pub fn next_beginning(&self, clock: &Clock, after: Time) -> Option<Time> {
        let today = clock.local(after).day;
        let begin = |day: u32| self.days.has(clock.weekday(day)).then(|| clock.at(day, self.from.dial()));
        (today..=today + 7).filter_map(begin).find(|at| *at > after)
    }
}

/// A time of day in minutes since midnight. Written `"08:00"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    /// A time on the dial.
    pub const fn new(hour: u32, minute: u32) -> TimeOfDay {
        TimeOfDay(hour * 60 + minute)
    }

    /// The length since midnight.
    pub const fn dial(self) -> Span {
        Span::from_secs(self.0 as u64 * 60)
    }
}

impl Held for TimeOfDay {
    const SHAPE: Shape = Shape::TimeOfDay;
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TimeOfDay, D::Error> {
        struct Times;
        impl Visitor<'_> for Times {
            type Value = TimeOfDay;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time of day such as \"08:00\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<TimeOfDay, E> {
                let parts = text.split_once(':').filter(|(h, m)| h.len() <= 2 && m.len() == 2);
                let time = parts.and_then(|(h, m)| Some((h.parse().ok()?, m.parse().ok()?)));
                match time {
                    Some((hour @ 0..=23, minute @ 0..=59)) => Ok(TimeOfDay::new(hour, minute)),
                    Some((24, 0)) => Ok(TimeOfDay::new(24, 0)),
                    _ => {
                        Err(E::custom(format!("`{text}` is not a time of day; write for example \"08:00\"")))
                    }
                }
            }
        }
        deserializer.deserialize_str(Times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: TimeOfDay, to: TimeOfDay, days: &[Day]) -> WorkingHours {
        WorkingHours { days: Days::of(days), from, to }
    }

    #[test]
    fn working_hours_are_half_open_and_may_cross_midnight() {
        let clock = Clock::utc();
        let day = hours(TimeOfDay::new(8, 0), TimeOfDay::new(18, 0), &[Day::Mon]);
        let at = |day: u32, minutes: u64| clock.at(day, Span::MINUTE * minutes);
        assert!(day.contain(&clock, at(0, 8 * 60)));
        assert!(!day.contain(&clock, at(0, 18 * 60)));
        assert!(!day.contain(&clock, at(1, 9 * 60)));
        let night = hours(TimeOfDay::new(22, 0), TimeOfDay::new(6, 0), &[Day::Sun]);
        assert!(night.contain(&clock, at(6, 23 * 60)));
        assert!(night.contain(&clock, at(7, 5 * 60)));
        assert!(!night.contain(&clock, at(6, 5 * 60)));
        let whole = hours(TimeOfDay::new(0, 0), TimeOfDay::new(0, 0), &[Day::Tue]);
        assert!(whole.contain(&clock, at(1, 0)) && whole.contain(&clock, at(1, 1439)));
        assert!(!whole.contain(&clock, at(2, 1)));
    }
}
