//! What a plan is made of: sessions with the phone, and the looks into mail within them.

use crate::persona::Persona;
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
/// there are to be more.
pub(super) struct Visits {
    which: Keyed,
    how: Keyed,
    length: Lengths,
    /// Probability that a session includes one, on weekdays and at weekends.
    probability: [f64; 2],
    swipe: f64,
}

impl Visits {
    /// Visits so likely that the user's own ones come out at the persona's number a day, where
    /// there are so many sessions on a weekday and so many at weekends.
    pub(super) fn new(streams: Streams, persona: &Persona, sessions: [f64; 2]) -> Visits {
        let own = persona.mail_opens_per_weekday * (1.0 - persona.notification_driven.get());
        Visits {
            which: streams.keyed("user visits"),
            how: streams.keyed("user visit"),
            length: Lengths::with_median(persona.mail_session, persona.mail_session_sigma),
            probability: [own / sessions[0], own * persona.weekend_mail_opens / sessions[1]],
            swipe: persona.force_quit.get(),
        }
    }

    pub(super) fn draw(&self, occasion: u64, from: Time, until: Time, weekend: bool) -> Option<Visit> {
        if self.which.uniform(occasion) >= self.probability[usize::from(weekend)] {
            return None;
        }
        let stream = &mut self.how.at(occasion);
        let room = until.since(from);
        let length = Span::from_secs_f64(self.length.draw(stream)).min(room);
        let opens = from + Span::from_ms((uniform(stream) * (room - length).ms() as f64) as u64);
        Some(Visit { opens, closes: opens + length, swiped: uniform(stream) < self.swipe })
    }
}
