//! The user's own day, drawn ahead of anything that policy could touch: when they wake, take the
//! phone in hand and for how long, look into their mail, and go to bed.

use super::Config;
use super::pace::pace;
use super::rhythm::{DayFactor, Walk, shape};
use super::session::{Lengths, Session, Visits, occasion};
use crate::clock::{Clock, Weekday};
use crate::engine::Setup;
use crate::persona::Persona;
use crate::random::{Exponential, Factor, Keyed, Normal, Poisson, Stream};
use crate::signal::{SLOTS, ScreenOff};
use crate::time::{Span, Time};

/// The origin may lie in the small hours of a day that began before.
const FIRST_DAY: i64 = -1;
/// No user takes up the phone more often in a day, however the day factor is drawn.
const MOST_SESSIONS: f64 = 5000.0;
const DAY: f64 = Span::DAY.ms() as f64;

/// The persona's days, one after the other. Inside, time is in milliseconds since the midnight
/// that begins the day of this user, whose clock runs `shift` behind that on the wall.
///
/// What is drawn of a day is drawn by its date, and by the number of the session in it: what a weekend is
/// like leaves weekdays as they are, another hour of waking leaves lengths as they are, and a longer warm-up
/// leaves the days after it as they are.
pub(super) struct Plan {
    /// When the user wakes, and goes to bed.
    pub(super) wake: Time,
    pub(super) bed: Time,
    /// How long the user would be awake in between if the clock were taken nowhere.
    pub(super) awake: Span,
    sessions: Vec<Session>,
    next: usize,

    clock: Clock,
    persona: Persona,
    day: i64,
    /// Pick-ups on weekdays and at weekends.
    pick_ups: [f64; 2],
    /// Relative use by quarter of an hour.
    shape: [f64; SLOTS],
    days: Keyed,
    normal: Normal,
    day_factor: DayFactor,
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
    /// Of each session, the gap before it and its length.
    drawn: Vec<(f64, f64)>,
}

impl Plan {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Plan {
        let Setup { config, persona, streams, .. } = *setup;
        let [more, longer] = [
            (persona.person_pickups_sd, setup.by_nature("person pick-ups")),
            (persona.person_length_sd, setup.by_nature("person length")),
        ]
        .map(|(sigma, person)| Factor::with_mean_one(sigma).of(person));
        let weekday = persona.unlocks_per_day * more;
        let pick_ups = [weekday, weekday * persona.weekend_unlocks];
        Plan {
            wake: Time::ORIGIN,
            bed: Time::ORIGIN,
            awake: Span::ZERO,
            sessions: Vec::with_capacity(256),
            next: 0,
            clock: setup.clock.clone(),
            persona: persona.clone(),
            day: FIRST_DAY - 1,
            pick_ups,
            shape: shape(setup),
            days: streams.keyed("user days"),
            normal: Normal::new(0.0, 1.0),
            day_factor: DayFactor::new(streams, persona.day_sd, persona.day_correlation),
            gaps: streams.keyed("user gaps"),
            unit: Exponential::with_mean(1.0),
            gap_power: 1.0 / persona.gap_shape,
            lengths: streams.keyed("user sessions"),
            length: Lengths::new(persona.session_mu + libm::log(longer), persona.session_sigma),
            longest: config.longest_session.ms() as f64,
            turn: config.day_turns.ms() as f64,
            shortest: config.shortest_day.ms() as f64,
            most_use: config.most_use.get(),
            buttons: streams.keyed("user buttons"),
            side_button: config.side_button.get(),
            visits: Visits::new(setup, pick_ups),
            drawn: Vec::with_capacity(256),
        }
    }

    /// The date of the day, by which all of it is drawn.
    pub(super) fn date(&self) -> u64 {
        self.clock.date(self.day)
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
        let mut day = self.days.at(self.date());
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
        // Of a day in whose morning its user is taken east, what that skips is missed as well.
        let skipped = self.clock.skipped_from(Span::from_ms(woke.max(0.0) as u64)).ms() as f64;
        let missed = if missed > 0.0 { missed } else { skipped };
        let base = base.max(self.bed);
        let after = |ms: f64| Span::from_ms((ms - missed).max(0.0) as u64);
        // A day on which they are taken elsewhere is cut or lengthened there, and nothing of it takes place twice.
        let clock = &self.clock;
        let place = |ms: f64| clock.on_trips_after(base, base + after(ms));
        (self.wake, self.bed, self.awake) = (base, place(awake).0, after(awake));

        self.sessions.clear();
        self.next = 0;
        let pace = pace(&self.shape, (wake, bed), &self.drawn, gap_sum);
        let mut walk = Walk::new(&self.shape, wake);
        for (number, &(gap, length)) in self.drawn.iter().enumerate() {
            let occasion = occasion(self.date(), number);
            let start = walk.spend(pace * gap);
            walk.pass(start + length);
            let start = start - wake;
            let (from, is_skipped) = place(start);
            let until = from + (after(start + length) - after(start));
            let visit = self.visits.draw(occasion, from, until, weekend);
            let pressed = self.buttons.uniform(occasion) < self.side_button;
            if start >= missed && !is_skipped {
                let screen_off = if pressed { ScreenOff::SideButton } else { ScreenOff::AutoLock };
                self.sessions.push(Session { from, until, screen_off, glance: false, visit, occasion });
            }
        }
    }

    /// Draws the day's sessions, each with the gap before it, and gives the sum of the gaps.
    fn draw_sessions(&mut self, awake: f64, weekend: bool, day: &mut Stream) -> f64 {
        let factor = self.day_factor.on(self.date());
        let mean = (self.pick_ups[usize::from(weekend)] * factor).clamp(0.0, MOST_SESSIONS);
        let count = Poisson::with_mean(mean).draw(day);
        // On a day with more of them they are shorter: people's minutes do not go with their pick-ups.
        let longer = if weekend { self.persona.weekend_length } else { 1.0 } / factor;
        let (mut gap_stream, mut lengths) = (self.gaps.at(self.date()), self.lengths.at(self.date()));
        self.drawn.clear();
        let mut gap = self.gap(&mut gap_stream);
        let (mut gaps, mut used) = (gap, 0.0);
        for _ in 0..count {
            let length = (1000.0 * longer * self.length.draw(&mut lengths)).min(self.longest);
            used += length;
            if used > self.most_use * awake {
                break;
            }
            self.drawn.push((gap, length));
            gap = self.gap(&mut gap_stream);
            gaps += gap;
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
