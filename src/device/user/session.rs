//! What a plan is made of: sessions with the phone, and the looks into mail within them.

use crate::persona::{MOST_COMPENSATION, Persona};
use crate::random::{Keyed, Normal, Stream, Streams, uniform};
use crate::signal::ScreenOff;
use crate::time::{Span, Time};
use std::f64::consts::LOG2_E;

/// One time the user turns to the phone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Session {
    pub(super) from: Time,
    pub(super) until: Time,
    pub(super) screen_off: ScreenOff,
    /// A look at the locked screen rather than use.
    pub(super) glance: bool,
    pub(super) visit: Option<Visit>,
    /// By what its decisions are drawn.
    pub(super) occasion: u64,
}

/// The occasion of a session: its number in a day, so that no other day's sessions move it.
pub(super) fn occasion(day: u64, number: usize) -> u64 {
    day << u32::BITS | number as u64
}

/// A look into the mail client within a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Visit {
    pub(super) opens: Time,
    pub(super) closes: Time,
    /// Whether the user then swipes it away.
    pub(super) swiped: bool,
    /// Whether it takes the place of an answer: it does not take place if the client has shown anything in
    /// the 24 h before.
    pub(super) marked: bool,
}

/// Lognormal lengths, as powers of two: those of e cost twice as much, and there are many.
pub(super) struct Lengths(Normal);

impl Lengths {
    /// With this location (log seconds) and scale.
    pub(super) fn new(mu: f64, sigma: f64) -> Lengths {
        Lengths(Normal::new(mu * LOG2_E, sigma * LOG2_E))
    }

    /// With this median and scale.
    pub(super) fn with_median(median: Span, sigma: f64) -> Lengths {
        Lengths::new(libm::log(median.secs_f64().max(0.001)), sigma)
    }

    /// One length in seconds.
    pub(super) fn draw(&self, stream: &mut Stream) -> f64 {
        libm::exp2(self.0.draw(stream))
    }
}

/// Which sessions include a visit, when and for how long. A session that includes one keeps it where
/// there are to be more: own visits are drawn from one end of the unit and marked ones from the other.
pub(super) struct Visits {
    which: Keyed,
    /// By which marked ones the user compensates.
    marks: Keyed,
    how: Keyed,
    length: Lengths,
    /// Probabilities that a session includes an own visit and a marked one, on weekdays and at weekends.
    own: [f64; 2],
    marked: [f64; 2],
    /// Of the marked ones, how many take place.
    compensated: f64,
    swipe: f64,
}

impl Visits {
    /// Visits so likely that the user's own ones come out at the persona's number a day, where
    /// there are so many sessions on a weekday and so many at weekends.
    pub(super) fn new(streams: Streams, persona: &Persona, sessions: [f64; 2]) -> Visits {
        let driven = persona.notification_driven.get();
        let opens = [1.0, persona.weekend_mail_opens].map(|factor| persona.mail_opens_per_weekday * factor);
        let per_session = |part: f64| [0, 1].map(|kind| part * opens[kind] / sessions[kind]);
        Visits {
            which: streams.keyed("user visits"),
            marks: streams.keyed("user marks"),
            how: streams.keyed("user visit"),
            length: Lengths::with_median(persona.mail_session, persona.mail_session_sigma),
            own: per_session(1.0 - driven),
            marked: per_session(MOST_COMPENSATION * driven),
            compensated: persona.compensates / MOST_COMPENSATION,
            swipe: persona.force_quit.get(),
        }
    }

    /// The same without marks, for users who are not asked what they would do.
    pub(super) fn unmarked(self) -> Visits {
        Visits { compensated: 0.0, ..self }
    }

    pub(super) fn draw(&self, occasion: u64, from: Time, until: Time, weekend: bool) -> Option<Visit> {
        let (place, kind) = (self.which.uniform(occasion), usize::from(weekend));
        let marked = place >= self.own[kind];
        if marked && (place < 1.0 - self.marked[kind] || self.marks.uniform(occasion) >= self.compensated) {
            return None;
        }
        let stream = &mut self.how.at(occasion);
        let room = until.since(from);
        let length = Span::from_secs_f64(self.length.draw(stream)).min(room);
        let opens = from + Span::from_ms((uniform(stream) * (room - length).ms() as f64) as u64);
        Some(Visit { opens, closes: opens + length, swiped: uniform(stream) < self.swipe, marked })
    }
}
