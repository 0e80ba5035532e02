//! When new mail is announced: days of the week, and times of day.

use super::zone::HoursZone;
use crate::clock::{Clock, Weekday};
use crate::section::{Held, Row, Shape};
use crate::time::{Span, Time};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// So many stretches working hours may have.
const MOST: usize = 4;

/// When new mail is announced: a stretch of some days of the week, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkingHours {
    first: Hours,
    more: [Option<Hours>; MOST - 1],
    zone: HoursZone,
}

/// Some days of the week, from one time of day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hours {
    /// The days on which the hours begin.
    pub days: Days,
    /// When they begin.
    pub from: TimeOfDay,
    /// When they end; before `from` means on the next day.
    pub to: TimeOfDay,
}

/// The same as a table says it, with the clock by which they are meant.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursTable {
    #[serde(default = "Days::working_week")]
    days: Days,
    from: TimeOfDay,
    to: TimeOfDay,
    #[serde(default, skip_serializing_if = "HoursZone::is_device")]
    zone: HoursZone,
}

impl Held for WorkingHours {
    const SHAPE: Shape = Shape::Table(&[
        Row::<Days>::new("days", "The days on which the hours begin.").decision().key(),
        Row::<TimeOfDay>::new("from", "When they begin.").decision().key(),
        Row::<TimeOfDay>::new("to", "When they end; before `from` means on the next day.").decision().key(),
        Row::<HoursZone>::new(
            "zone",
            "By which clock: a time zone by its IANA name, or `device` (the default, assumed), that of the device \
             wherever it is.",
        )
        .decision()
        .key(),
    ]);
}

impl From<Hours> for WorkingHours {
    fn from(first: Hours) -> WorkingHours {
        WorkingHours { first, more: [None; MOST - 1], zone: HoursZone::DEVICE }
    }
}

impl WorkingHours {
    /// These stretches, if they are one to four.
    pub fn of(stretches: &[Hours]) -> Option<WorkingHours> {
        let (first, rest) = stretches.split_first()?;
        let mut more = [None; MOST - 1];
        if rest.len() > more.len() {
            return None;
        }
        more.iter_mut().zip(rest).for_each(|(slot, hours)| *slot = Some(*hours));
        Some(WorkingHours { first: *first, more, zone: HoursZone::DEVICE })
    }

    /// The same by another clock.
    pub fn by(self, zone: HoursZone) -> WorkingHours {
        WorkingHours { zone, ..self }
    }

    fn each(&self) -> impl Iterator<Item = Hours> {
        std::iter::once(self.first).chain(self.more.into_iter().flatten())
    }

    /// Whether they have no day at all.
    pub fn is_never(&self) -> bool {
        self.each().all(|hours| hours.days.is_empty())
    }

    /// Whether a stretch of them ends when it begins, which means the whole day.
    pub fn has_whole_days(&self) -> bool {
        self.each().any(|hours| hours.from == hours.to && !hours.days.is_empty())
    }

    /// Whether they are all day, every day, as if there were none.
    pub fn is_always(&self) -> bool {
        self.each().any(|hours| hours == Hours::ALWAYS)
    }

    /// Whether new mail is announced at this instant. The beginning belongs to the hours, the end
    /// does not; equal times mean the whole day.
    pub fn contain(&self, clock: &Clock, time: Time) -> bool {
        self.zone.by(clock, time, |clock, time| {
            let local = clock.local(time);
            let today = clock.weekday(local.day);
            self.each().any(|hours| hours.contain(today, TimeOfDay((local.ms / 60_000) as u16)))
        })
    }

    /// By which clock they are meant.
    pub fn zone(&self) -> HoursZone {
        self.zone
    }

    /// The times of a day at which they begin or end.
    pub fn turns(&self, today: Weekday) -> impl Iterator<Item = TimeOfDay> {
        let yesterday = Weekday::new(today.index() as u8 + 6);
        self.each().flat_map(move |Hours { days, from, to }| {
            let begun = if from < to { today } else { yesterday };
            let turn = |on: Weekday, at: TimeOfDay| days.has(on).then_some(at);
            [turn(today, from), turn(begun, to)].into_iter().flatten()
        })
    }

    /// The next beginning of the hours after an instant.
    pub fn next_beginning(&self, clock: &Clock, after: Time) -> Option<Time> {
        let next = |clock: &Clock, after: Time| {
            self.each().filter_map(|hours| hours.next_beginning(clock, after)).min()
        };
        Some(self.zone.back(clock, self.zone.by(clock, after, next)?))
    }
}

impl Hours {
    /// All day, every day.
    const ALWAYS: Hours = Hours { days: Days(0b111_1111), from: TimeOfDay(0), to: TimeOfDay(0) };

    fn contain(self, weekday: Weekday, now: TimeOfDay) -> bool {
        let yesterday = Weekday::new(weekday.index() as u8 + 6);
        let (today, yesterday) = (self.days.has(weekday), self.days.has(yesterday));
        let Hours { from, to, .. } = self;
        if from < to {
            today && (from..to).contains(&now)
        } else {
            (today && now >= from) || (yesterday && now < to)
        }
    }

    fn next_beginning(self, clock: &Clock, after: Time) -> Option<Time> {
        let today = clock.local(after).day;
        let begin = |day: u32| self.days.has(clock.weekday(day)).then(|| clock.at(day, self.from.dial()));
        (today..=today + 7).filter_map(begin).find(|at| *at > after)
    }
}

/// Written as the days and times: `mon-fri 08:00-18:00`.
impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Hours, String> {
        if text.trim() == "always" {
            return Ok(Hours::ALWAYS);
        }
        let wrong = |what: &str| {
            format!(
                "`{text}` {what}; write for example \"mon-fri 08:00-18:00\", \"daily 07:00-22:00\" or \"always\""
            )
        };
        let (days, times) = text.trim().rsplit_once(' ').ok_or_else(|| wrong("lacks days or times"))?;
        let days = Days::named(days).ok_or_else(|| wrong("names days that there are not"))?;
        let (from, to) = times.split_once('-').ok_or_else(|| wrong("lacks two times with a dash between"))?;
        let time = |text: &str| TimeOfDay::read(text.trim()).ok_or_else(|| wrong("has no times of day"));
        Ok(Hours { days, from: time(from)?, to: time(to)? })
    }
}

impl Serialize for WorkingHours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = |Hours { days, from, to }| HoursTable { days, from, to, zone: self.zone };
        match self.more[0] {
            None => written(self.first).serialize(serializer),
            Some(_) => serializer.collect_seq(self.each().map(written)),
        }
    }
}

impl<'de> Deserialize<'de> for WorkingHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WorkingHours, D::Error> {
        struct Stretches;
        impl<'de> Visitor<'de> for Stretches {
            type Value = WorkingHours;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("hours such as \"mon-fri 08:00-18:00\", a list of them, or a table with days, from, to and zone")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<WorkingHours, E> {
                text.parse::<Hours>().map(WorkingHours::from).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WorkingHours, A::Error> {
                let (mut stretches, mut zones) = (Vec::new(), Vec::new());
                while let Some(Stretch(hours, zone)) = list.next_element()? {
                    stretches.push(hours);
                    zones.push(zone);
                }
                let message = format!("working hours are 1 to {MOST} stretches, not {}", stretches.len());
                let hours = WorkingHours::of(&stretches).ok_or_else(|| de::Error::custom(message))?;
                let zone = zones.first().copied().unwrap_or_default();
                if let Some(other) = zones.iter().find(|own| **own != zone) {
                    return Err(de::Error::custom(format!(
                        "the stretches of a list go by one clock, and these by `{}` and `{}`; write every one as a \
                         table with the same `zone`",
                        zone.name(),
                        other.name()
                    )));
                }
                Ok(hours.by(zone))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WorkingHours, A::Error> {
                let HoursTable { days, from, to, zone } =
                    HoursTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(WorkingHours::from(Hours { days, from, to }).by(zone))
            }
        }
        deserializer.deserialize_any(Stretches)
    }
}

/// One of a list, as a text or as a table.
struct Stretch(Hours, HoursZone);

impl<'de> Deserialize<'de> for Stretch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Stretch, D::Error> {
        let hours = WorkingHours::deserialize(deserializer)?;
        let is_one = hours.more[0].is_none();
        is_one
            .then_some(Stretch(hours.first, hours.zone))
            .ok_or_else(|| de::Error::custom("a list within a list"))
    }
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

    /// `daily`, or days and ranges of days: `mon-fri`, `mon,wed`, `sun-thu`.
    fn named(text: &str) -> Option<Days> {
        let day = |name: &str| Day::ALL.iter().position(|day| day.name() == name.trim().to_lowercase());
        if text.trim() == "daily" {
            return Some(Hours::ALWAYS.days);
        }
        let mut bits = 0;
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last) = (day(first)?, day(last)?);
            let length = (last + 7 - first) % 7;
            (0..=length).for_each(|after| bits |= 1 << ((first + after) % 7));
        }
        Some(Days(bits))
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

/// A time of day in minutes since midnight. Written `"08:00"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// A time on the dial.
    pub const fn new(hour: u16, minute: u16) -> TimeOfDay {
        TimeOfDay(hour * 60 + minute)
    }

    /// Reads one.
    pub(crate) fn read(text: &str) -> Option<TimeOfDay> {
        let (h, m) = text.split_once(':').filter(|(h, m)| h.len() <= 2 && m.len() == 2)?;
        match (h.parse().ok()?, m.parse().ok()?) {
            (hour @ 0..=23, minute @ 0..=59) => Some(TimeOfDay::new(hour, minute)),
            (24, 0) => Some(TimeOfDay::new(24, 0)),
            _ => None,
        }
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
                let message = || format!("`{text}` is not a time of day; write for example \"08:00\"");
                TimeOfDay::read(text).ok_or_else(|| E::custom(message()))
            }
        }
        deserializer.deserialize_str(Times)
    }
}

#[cfg(test)]
mod tests;
