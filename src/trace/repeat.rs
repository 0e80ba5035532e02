//! How a record goes on for as long as a simulation lasts.

use crate::clock::Clock;
use crate::time::{Span, Time};

const DAY_MS: i64 = Span::DAY.ms() as i64;

/// A record shorter than the simulation is repeated, before and after, in whole days from that on which it begins to
/// that on which its last row does, or as long as it takes, at the same times on the wall clock.
#[derive(Clone, Debug)]
pub struct Repeat {
    clock: Clock,
    period: i64,
    /// Days by which the first repetition is moved.
    moved: i64,
    /// The latest instant that was given.
    last: Time,
}

impl Repeat {
    /// Of a record by its first row and its last, both on this clock, which takes this long.
    pub fn new(clock: &Clock, [first, last]: [Time; 2], takes: Span) -> Repeat {
        let [first, last] = [first, last].map(|at| i64::from(clock.local(at).day));
        let period = (last - first + 1).max(takes.ms().div_ceil(Span::DAY.ms()) as i64);
        // From a day before the origin on, so that what began there still holds.
        let moved = -((first + period) / period * period);
        Repeat { clock: clock.clone(), period, moved, last: Time::ORIGIN }
    }

    /// Days from one repetition to the next.
    pub fn period(&self) -> i64 {
        self.period
    }

    /// By how many days a repetition is moved, counted from the first that reaches into the simulation.
    fn days(&self, turn: usize) -> i64 {
        self.moved + turn as i64 * self.period
    }

    /// Where an instant of the record comes to lie in a repetition: in local milliseconds since the midnight before the
    /// origin.
    pub fn local(&self, at: Time, turn: usize) -> i64 {
        let local = self.clock.local(at);
        (i64::from(local.day) + self.days(turn)) * DAY_MS + i64::from(local.ms)
    }

    /// The instant at which it is that, never before one that was given. Where clocks go forward, what lies in the hour
    /// that is left out comes after what follows it.
    pub fn instant(&mut self, local: i64) -> Time {
        let at = u64::try_from(local).map_or(Time::ORIGIN, |ms| self.clock.at(0, Span::from_ms(ms)));
        self.last = self.last.max(at);
        self.last
    }

    /// The instant of a row in a repetition, likewise. Where nothing is moved it is the row's own: the wall clock
    /// would not tell the two hours apart that it shows twice.
    pub fn row(&mut self, at: Time, turn: usize) -> Time {
        if self.days(turn) != 0 {
            return self.instant(self.local(at, turn));
        }
        self.last = self.last.max(at);
        self.last
    }
}
