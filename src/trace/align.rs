//! How the instants of a file are laid over the simulated span.

use super::stamp::Stamp;
use super::table::rows;
use super::{Align, Reading};
use crate::clock::Clock;
use crate::time::{Span, Time};

const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;
/// By so much a clock may be put forward on the way.
const HOUR_MS: i64 = 3_600_000;

/// How the instants of one file are laid over the simulated span.
pub(super) struct Alignment<'a> {
    clock: &'a Clock,
    start: Time,
    end: Time,
    /// Milliseconds by which every row is moved, unless nothing is.
    moved: Option<i64>,
    /// The origin, and the midnight before it, in local milliseconds since 1970.
    origin: i64,
    midnight: i64,
    too_early: u64,
    too_late: u64,
    /// Rows that fall into the span, and those of them that are measured.
    placed: u64,
    measured: u64,
}

impl<'a> Alignment<'a> {
    /// The alignment of a file by its first instant and its last.
    pub(super) fn new(reading: &Reading<'a>, [first, last]: [Stamp; 2]) -> Alignment<'a> {
        let Reading { align, clock, start, end, .. } = *reading;
        let unix = clock.unix_ms(Time::ORIGIN);
        let local = clock.local(Time::ORIGIN);
        // The local midnight is within a day of that in UTC; the weekday says which it is.
        let near = unix.div_euclid(DAY_MS);
        let weekday = clock.weekday(local.day).index() as i64;
        let day = (near - 1..=near + 1).find(|day| (day + 3).rem_euclid(7) == weekday).unwrap_or(near);
        let midnight = day * DAY_MS;
        let origin = midnight + i64::from(local.ms);
        let [first, last] =
            [first, last].map(|stamp| stamp.unix_ms + stamp.ahead_ms.unwrap_or(origin - unix));
        let weeks = (origin - first + WEEK_MS - 1).div_euclid(WEEK_MS);
        // What is shorter than the span goes on until it is measured, or until its end is that of the span.
        let [measured, last_end] = [start, end].map(|time| origin + time.since(Time::ORIGIN).ms() as i64);
        let until_measured = (measured - (first + weeks * WEEK_MS) + WEEK_MS - 1).div_euclid(WEEK_MS);
        let until_the_end = (last_end - HOUR_MS - (last + weeks * WEEK_MS)).div_euclid(WEEK_MS);
        let later = until_measured.min(until_the_end).max(0);
        let moved = (align == Align::Week).then_some((weeks + later) * WEEK_MS);
        Alignment {
            clock,
            start,
            end,
            moved,
            origin,
            midnight,
            too_early: 0,
            too_late: 0,
            placed: 0,
            measured: 0,
        }
    }

    /// Where in the simulated span an instant falls, if it does.
    pub(super) fn place(&mut self, stamp: Stamp) -> Option<Time> {
        let time = match (self.moved, stamp.ahead_ms) {
            (Some(moved), Some(ahead)) => {
                let local = stamp.unix_ms + ahead + moved;
                let since = local - self.midnight;
                let day = u32::try_from(since.div_euclid(DAY_MS)).ok();
                let dial = Span::from_ms(since.rem_euclid(DAY_MS) as u64);
                day.filter(|_| local >= self.origin).map(|day| self.clock.at(day, dial))
            }
            (moved, _) => self.clock.from_unix_ms(stamp.unix_ms + moved.unwrap_or(0)),
        };
        match time {
            None => self.too_early += 1,
            Some(time) if time >= self.end => self.too_late += 1,
            Some(time) => {
                self.placed += 1;
                self.measured += u64::from(time >= self.start);
                return Some(time);
            }
        }
        None
    }

    /// What was dropped, in words.
    pub(super) fn notes(&self, label: &str, notes: &mut Vec<String>) {
        for (count, where_to) in [(self.too_early, "before the origin"), (self.too_late, "after the horizon")]
        {
            if count > 0 {
                notes.push(format!("{label}: dropped {} that lie {where_to}", rows(count)));
            }
        }
        if self.placed > 0 && self.measured == 0 {
            notes.push(format!(
                "{label}: all of it lies in the warm-up and nothing in the measured span; `align = \"week\"` moves it there, \
                 or set `start` to when it begins"
            ));
        }
    }
}
