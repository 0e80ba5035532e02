//! When people charge: overnight and in short top-ups, as planned ahead of any policy, and how they
//! look for a charger when the charge is low.
//!
//! The plan keeps to the persona's usual hours. It does not know when the user goes to bed this time.

use super::Config;
use crate::clock::Clock;
use crate::engine::Setup;
use crate::persona::Persona;
use crate::random::{Exponential, Keyed, LogNormal, Normal, Stream, uniform};
use crate::signal::Battery;
use crate::time::{Span, Time};

/// The nights around an origin start this many days before it.
pub(super) const FIRST_NIGHT: i64 = -2;
const DAY_MS: i64 = Span::DAY.ms() as i64;
/// More than any simulation lasts.
const FOREVER_DAYS: i64 = 4000;
const FOREVER_S: f64 = (FOREVER_DAYS * DAY_MS / 1000) as f64;

/// A night on the charger, or off it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Night {
    /// When the charger would be connected.
    pub from: Time,
    /// When it would be disconnected.
    pub until: Time,
    /// Whether it is.
    pub charges: bool,
}

/// How one person charges.
pub(super) struct Habit {
    clock: Clock,
    persona: Persona,
    /// Offsets of the charger to bed and to waking, in milliseconds.
    plug: Normal,
    unplug: Normal,
    nights: Keyed,
    /// Waking time between top-ups, if there are any.
    between_top_ups: Option<Exponential>,
    top_ups: Keyed,
    /// The day whose top-ups are drawn now, and until when they are.
    top_up_day: i64,
    of_day: Stream,
    drawn_until: Time,
    length: LogNormal,
    seeks: bool,
    seek_level: Normal,
    seek_delay: Exponential,
    seekings: Keyed,
}

impl Habit {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Habit {
        let (config, persona) = (setup.config, setup.persona);
        let ms = |span: Span| span.ms() as f64;
        let awake = (ms(persona.bed) - ms(persona.wake)).max(0.0);
        let between = awake / persona.top_ups_per_day.max(1e-12) / 1000.0;
        let top_ups = setup.streams.keyed("charging top-ups");
        let mut habit = Habit {
            clock: setup.clock.clone(),
            persona: persona.clone(),
            plug: Normal::new(-ms(config.plug_before_bed), ms(config.plug_sd)),
            unplug: Normal::new(ms(config.unplug_after_wake), ms(config.unplug_sd)),
            nights: setup.streams.keyed("charging nights"),
            between_top_ups: (between < FOREVER_S).then(|| Exponential::with_mean(between)),
            top_ups,
            top_up_day: 0,
            of_day: top_ups.at(0),
            drawn_until: Time::ORIGIN,
            length: LogNormal::with_median(persona.top_up.secs_f64(), persona.top_up_sigma),
            seeks: config.seek_charger,
            seek_level: Normal::new(persona.seek_charger.get(), persona.seek_charger_sd.get()),
            seek_delay: Exponential::with_mean(config.seek_delay.secs_f64()),
            seekings: setup.streams.keyed("charger seeking"),
        };
        // The day before the origin's may not have ended yet.
        habit.begin_top_ups(-1);
        habit
    }

    /// The night that follows a day, the day of the origin being 0.
    pub(super) fn night(&self, day: i64) -> Night {
        let mut draw = self.nights.at(self.date(day));
        let charges = uniform(&mut draw) < self.persona.overnight_charge.get();
        let from = self.instant(self.bed(day) + self.plug.draw(&mut draw) as i64);
        let until = self.instant(self.wake(day + 1) + self.unplug.draw(&mut draw) as i64);
        Night { from, until: until.max(from), charges }
    }

    /// The next top-up and how long it lasts. Each day draws its own: what is left of a gap at bedtime is
    /// drawn anew in the morning, which is the same law.
    pub(super) fn next_top_up(&mut self) -> Option<(Time, Span)> {
        let between = self.between_top_ups?;
        while self.top_up_day < FOREVER_DAYS {
            let at = self.drawn_until + Span::from_secs_f64(between.draw(&mut self.of_day));
            let length = Span::from_secs_f64(self.length.draw(&mut self.of_day));
            if at < self.instant(self.bed(self.top_up_day)) {
                self.drawn_until = at;
                return Some((at, length));
            }
            self.begin_top_ups(self.top_up_day + 1);
        }
        None
    }

    fn begin_top_ups(&mut self, day: i64) {
        self.top_up_day = day;
        self.of_day = self.top_ups.at(self.date(day));
        // A day that is longer than a day ends in the next.
        let last = self.instant(self.bed(day - 1));
        self.drawn_until = self.instant(self.wake(day)).max(last);
    }

    /// The charge at which the user would look for a charger on a day, if at all.
    pub(super) fn seek_level(&self, day: i64) -> Option<u64> {
        let mut draw = self.seekings.at(self.seeking(day, 0));
        let level = self.seek_level.draw(&mut draw).clamp(0.0, 1.0);
        let level = (level * Battery::FULL as f64) as u64;
        (self.seeks && level >= Battery::FULL / 100).then_some(level)
    }

    /// How long the search of a day takes, and how long that charger is then used.
    pub(super) fn search(&self, day: i64, number: u64) -> (Span, Span) {
        let mut draw = self.seekings.at(self.seeking(day, number));
        let delay = Span::from_secs_f64(self.seek_delay.draw(&mut draw));
        (delay, Span::from_secs_f64(self.length.draw(&mut draw)))
    }

    /// The date of a day, by which what is done on it is drawn: a longer warm-up leaves the days after it as they
    /// are.
    pub(super) fn date(&self, day: i64) -> u64 {
        self.clock.date(day)
    }

    /// Occasions of a day: its level is number 0, its searches count from 1.
    fn seeking(&self, day: i64, number: u64) -> u64 {
        self.date(day) << 16 | number
    }

    /// When the user usually wakes on a day, in milliseconds on the dial since midnight of day 0.
    fn wake(&self, day: i64) -> i64 {
        self.on_dial(day, self.persona.wake)
    }

    fn bed(&self, day: i64) -> i64 {
        self.on_dial(day, self.persona.bed)
    }

    fn on_dial(&self, day: i64, dial: Span) -> i64 {
        let weekend = self.clock.weekday((day + 7) as u32).is_weekend();
        let later = if weekend { self.persona.weekend_shift } else { Span::ZERO };
        day * DAY_MS + (dial + later + self.persona.shift).ms() as i64
    }

    /// A point on the dial as an instant; what precedes the origin becomes the origin.
    fn instant(&self, dial_ms: i64) -> Time {
        if dial_ms < 0 {
            return Time::ORIGIN;
        }
        self.clock.at((dial_ms / DAY_MS) as u32, Span::from_ms((dial_ms % DAY_MS) as u64))
    }
}
