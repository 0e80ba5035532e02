//! The user's own day, drawn ahead of anything that policy could touch: when they wake, take the
//! phone in hand and for how long, look into their mail, and go to bed.

use super::Config;
use super::session::{Lengths, Session, Visits, occasion};
use crate::clock::{Clock, Weekday};
use crate::engine::Setup;
use crate::persona::Persona;
use crate::random::{Exponential, Gamma, Keyed, Normal, Poisson, Stream};
use crate::signal::ScreenOff;
use crate::time::{Span, Time};

/// The origin may lie in the small hours of a day that began before.
const FIRST_DAY: i64 = -1;
/// No user takes up the phone more often in a day, however the day factor is drawn.
const MOST_SESSIONS: f64 = 5000.0;
const HOUR: f64 = Span::HOUR.ms() as f64;
const DAY: f64 = Span::DAY.ms() as f64;

/// The persona's days, one after the other. Inside, time is in milliseconds since the midnight
/// that begins the day of this user, whose clock runs `shift` behind that on the wall.
///
/// What is drawn of a day is drawn by its number, and by the number of the session in it: what a weekend is
/// like leaves weekdays as they are, and another hour of waking leaves lengths as they are.
pub(super) struct Plan {
    /// When the user wakes, and goes to bed.
    pub(super) wake: Time,
    pub(super) bed: Time,
    sessions: Vec<Session>,
    next: usize,

    clock: Clock,
    persona: Persona,
    day: i64,
    /// Relative use by hour.
    diurnal: [f64; 24],
    days: Keyed,
    normal: Normal,
    day_factor: Gamma,
    gaps: Keyed,
    unit: Exponential,
    gap_power: f64,
    lengths: Keyed,
    length: Lengths,
    longest: f64,
    /// When a day turns, and how long one is at least.
    turn: f64,
    shortest: f64,
    /// The most of a day that is spent in sessions.
    most_use: f64,
    buttons: Keyed,
    side_button: f64,
    visits: Visits,
    /// Of each session, the gaps before it and its length.
    drawn: Vec<(f64, f64)>,
}

impl Plan {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Plan {
        let Setup { config, persona, streams, .. } = *setup;
        let weekday = persona.unlocks_per_day.max(0.0);
        let weekend = weekday * persona.weekend_unlocks.max(0.0);
        Plan {
            wake: Time::ORIGIN,
            bed: Time::ORIGIN,
            sessions: Vec::with_capacity(256),
            next: 0,
            clock: setup.clock.clone(),
            persona: persona.clone(),
            day: FIRST_DAY - 1,
            diurnal: weights(&config.diurnal),
            days: streams.keyed("user days"),
            normal: Normal::new(0.0, 1.0),
            day_factor: Gamma::with_mean_one(persona.unlocks_shape),
            gaps: streams.keyed("user gaps"),
            unit: Exponential::with_mean(1.0),
            gap_power: 1.0 / persona.gap_shape,
            lengths: streams.keyed("user sessions"),
            length: Lengths::new(persona.session_mu, persona.session_sigma),
            longest: config.longest_session.ms() as f64,
            turn: config.day_turns.ms() as f64,
            shortest: config.shortest_day.ms() as f64,
            most_use: config.most_use.get(),
            buttons: streams.keyed("user buttons"),
            side_button: config.side_button.get(),
            visits: Visits::new(streams, persona, [weekday, weekend]),
            drawn: Vec::with_capacity(256),
        }
    }

    /// The number of the day, from the first that is drawn.
    pub(super) fn day(&self) -> u64 {
        (self.day - FIRST_DAY) as u64
    }

    /// Takes the next session of the day.
    pub(super) fn next_session(&mut self) -> Option<Session> {
        self.next += 1;
        self.sessions.get(self.next - 1).copied()
    }

    /// Whether the user is awake then, as far as this day tells.
    pub(super) fn is_awake(&self, at: Time) -> bool {
        self.wake <= at && at < self.bed
    }

    /// Draws the next day that does not lie wholly before the origin.
    pub(super) fn turn(&mut self) {
        loop {
            self.draw();
            if self.bed > Time::ORIGIN {
                return;
            }
        }
    }

    fn draw(&mut self) {
        self.day += 1;
        let weekend = self.weekday().is_weekend();
        let later = if weekend { self.persona.weekend_shift } else { Span::ZERO };
        let mut day = self.days.at(self.day());
        let mut around = |hour: Span| {
            (hour + later).ms() as f64 + self.persona.sleep_sd.ms() as f64 * self.normal.draw(&mut day)
        };
        let (turn, shortest) = (self.turn, self.shortest);
        let wake = around(self.persona.wake).clamp(turn, turn + DAY - 2.0 * shortest);
        let bed = around(self.persona.bed).clamp(wake + shortest, turn + DAY);
        let (awake, gap_sum) = (bed - wake, self.draw_sessions(bed - wake, weekend, &mut day));

        // The wall clock at waking; from there on time just passes, whatever the clocks do.
        let woke = self.day as f64 * DAY + wake + self.persona.shift.ms() as f64;
        let origin = f64::from(self.clock.local(Time::ORIGIN).ms);
        let missed = (origin - woke).max(0.0);
        let base = if missed > 0.0 { Time::ORIGIN } else { self.clock.at(0, Span::from_ms(woke as u64)) };
        self.wake = base.max(self.bed);
        let base = self.wake;
        let place = |ms: f64| base + Span::from_ms((ms - missed).max(0.0) as u64);
        self.bed = place(awake);

        self.sessions.clear();
        self.next = 0;
        let use_in_all: f64 = self.drawn.iter().map(|(_, length)| length).sum();
        let idle = (awake - use_in_all) / awake;
        let mut warp = Warp::new(&self.diurnal, wake, bed);
        let mut used = 0.0;
        for (number, &(gaps, length)) in self.drawn.iter().enumerate() {
            let occasion = occasion(self.day(), number);
            let start = idle * (warp.at(gaps / gap_sum) - wake) + used;
            used += length;
            let (from, until) = (place(start), place(start + length));
            let visit = self.visits.draw(occasion, from, until, weekend);
            let pressed = self.buttons.uniform(occasion) < self.side_button;
            if start >= missed {
                let screen_off = if pressed { ScreenOff::SideButton } else { ScreenOff::AutoLock };
                self.sessions.push(Session { from, until, screen_off, glance: false, visit, occasion });
            }
        }
    }

    /// Draws gaps and lengths of the day's sessions and gives the sum of the gaps.
    fn draw_sessions(&mut self, awake: f64, weekend: bool, day: &mut Stream) -> f64 {
        let mean = self.persona.unlocks_per_day * if weekend { self.persona.weekend_unlocks } else { 1.0 };
        let mean = (mean * self.day_factor.draw(day)).clamp(0.0, MOST_SESSIONS);
        let count = Poisson::with_mean(mean).draw(day);
        let (mut gap_stream, mut lengths) = (self.gaps.at(self.day()), self.lengths.at(self.day()));
        self.drawn.clear();
        let mut gaps = self.gap(&mut gap_stream);
        let mut used = 0.0;
        for _ in 0..count {
            let length = (1000.0 * self.length.draw(&mut lengths)).min(self.longest);
            used += length;
            if used > self.most_use * awake {
                break;
            }
            self.drawn.push((gaps, length));
            gaps += self.gap(&mut gap_stream);
        }
        gaps
    }

    /// A Weibull variate of scale 1: a power of an exponential one.
    fn gap(&self, stream: &mut Stream) -> f64 {
        let unit = self.unit.draw(stream);
        // Most personas have the shape 1/2, and a square is much cheaper than a power.
        if self.gap_power == 2.0 { unit * unit } else { libm::pow(unit, self.gap_power) }
    }

    fn weekday(&self) -> Weekday {
        let first = self.clock.weekday(0).index() as i64;
        Weekday::new((first + self.day).rem_euclid(7) as u8)
    }
}

/// No hour is without any weight at all, so that time can always be found for a session.
fn weights(diurnal: &[f64; 24]) -> [f64; 24] {
    diurnal.map(|weight| weight.max(1e-6))
}

/// Walks through a day at the pace of the diurnal weights.
struct Warp<'a> {
    diurnal: &'a [f64; 24],
    total: f64,
    /// The instant reached, and the weight passed so far.
    at: f64,
    passed: f64,
}

impl<'a> Warp<'a> {
    fn new(diurnal: &'a [f64; 24], wake: f64, bed: f64) -> Warp<'a> {
        let mut warp = Warp { diurnal, total: 0.0, at: wake, passed: 0.0 };
        let mut from = wake;
        while from < bed {
            let (weight, until) = warp.hour(from);
            warp.total += weight * (until.min(bed) - from);
            from = until;
        }
        warp
    }

    /// The weight now, and until when it holds.
    fn hour(&self, at: f64) -> (f64, f64) {
        let hour = (at / HOUR) as usize;
        (self.diurnal[hour % 24], (hour + 1) as f64 * HOUR)
    }

    /// The instant by which `share` of the day's weight has passed; shares must not descend.
    fn at(&mut self, share: f64) -> f64 {
        let target = share * self.total;
        loop {
            let (weight, until) = self.hour(self.at);
            let reached = self.passed + weight * (until - self.at);
            if target <= reached {
                self.at += ((target - self.passed) / weight).max(0.0);
                self.passed = target;
                return self.at;
            }
            (self.at, self.passed) = (until, reached);
        }
    }
}
