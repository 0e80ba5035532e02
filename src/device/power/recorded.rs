//! Power as recorded, its days repeated for as long as the simulation lasts.

use super::battery::Levels;
use super::{Config, LowPowerMode};
use crate::clock::Clock;
use crate::engine::Setup;
use crate::signal::Battery;
use crate::time::{Span, Time};
use crate::trace::{Repeat, TraceLevel};
use std::sync::Arc;

/// A record. The charge goes in a straight line from each row to the next, and after the last stays what it is until the
/// record begins again.
pub(super) struct Recorded {
    clock: Clock,
    batteries: Arc<Vec<Vec<TraceLevel>>>,
    battery: usize,
    repeat: Repeat,
    /// How many rows have begun, repetitions included, and when the next one does.
    begun: usize,
    next_at: Time,
    /// Whether the record decides on Low Power Mode.
    has_mode: bool,
    levels: Levels,
}

impl Recorded {
    /// The record of the device, if there is any.
    pub(super) fn new(setup: &Setup<'_, Config>) -> Option<Recorded> {
        let batteries = setup.traces.batteries.clone();
        let battery = setup.user_of(batteries.len());
        let rows = batteries.get(battery)?;
        let (first, last) = (rows.first()?, rows.last()?);
        let mut record = Recorded {
            repeat: Repeat::new(setup.clock, [first.at, last.at], Span::ZERO),
            // Whoever says it otherwise asks what would be.
            has_mode: first.low_power_mode.is_some() && setup.config.low_power_mode == LowPowerMode::User,
            clock: setup.clock.clone(),
            battery,
            begun: 0,
            next_at: Time::ORIGIN,
            levels: Levels::of(setup.config, &[]),
            batteries,
        };
        // The first of them lies on a day before the origin.
        record.begin(Time::ORIGIN);
        Some(record)
    }

    fn rows(&self) -> &[TraceLevel] {
        &self.batteries[self.battery]
    }

    /// A row, counted on through all repetitions.
    fn row(&self, number: usize) -> TraceLevel {
        self.rows()[number % self.rows().len()]
    }

    /// The row that holds.
    pub(super) fn now(&self) -> TraceLevel {
        self.row(self.begun.saturating_sub(1))
    }

    /// What the record says of Low Power Mode, where that decides.
    pub(super) fn low_power_mode(&self) -> Option<bool> {
        self.now().low_power_mode.filter(|_| self.has_mode)
    }

    /// When the next row begins.
    pub(super) fn next_at(&self) -> Time {
        self.next_at
    }

    /// Goes on to the last row that has begun, and says whether that is another.
    pub(super) fn begin(&mut self, now: Time) -> bool {
        let before = self.begun;
        while self.next_at <= now {
            self.begun += 1;
            let (turn, place) = (self.begun / self.rows().len(), self.begun % self.rows().len());
            let at = self.rows()[place].at;
            self.next_at = self.repeat.row(at, turn);
        }
        self.begun > before
    }

    /// The charge at the origin, which may lie between two rows.
    pub(super) fn at_origin(&self) -> u64 {
        let charge = |level: TraceLevel| Battery::of(level.charge);
        let (last, next) = (self.begun.saturating_sub(1), self.begun);
        let from = charge(self.row(last));
        if !self.goes_on() {
            return from;
        }
        let local = |number: usize| self.repeat.local(self.row(number).at, number / self.rows().len());
        let origin = self.clock.local(Time::ORIGIN);
        let [gone, all] = [i64::from(origin.ms) - local(last), local(next) - local(last)];
        let change = charge(self.row(next)) as i64 - from as i64;
        let gone = i128::from(change) * i128::from(gone.clamp(0, all.max(0))) / i128::from(all.max(1));
        from.saturating_add_signed(gone as i64)
    }

    /// Whether the next row is of the same repetition.
    fn goes_on(&self) -> bool {
        !self.begun.is_multiple_of(self.rows().len())
    }

    /// The line from a charge to that of the next row. What it is short of that for being in integers, the row has.
    pub(super) fn line(&self, charge: u64, now: Time) -> Battery {
        let left = self.next_at.since(now).ms() as i64;
        let slope = match self.goes_on() && left > 0 {
            true => (Battery::of(self.row(self.begun).charge) as i64 - charge as i64) / left,
            false => 0,
        };
        Battery { charge, in_hand: slope, idle: slope }
    }

    /// How long until the next level on a line, where that is passed before the next row.
    pub(super) fn next_crossing(&self, line: Battery, now: Time) -> Option<Span> {
        let after = self.levels.next_crossing(line.charge, line.idle, None);
        after.filter(|after| now + *after < self.next_at)
    }

    /// The date of an instant, by which answers are drawn.
    pub(super) fn date(&self, now: Time) -> u64 {
        self.clock.date(self.clock.local(now).day.into())
    }
}
