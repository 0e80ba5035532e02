//! What a plan is made of: sessions with the phone, and the looks into mail within them.

use super::Config;
use crate::engine::Setup;
use crate::persona::MOST_COMPENSATION;
use crate::random::{Factor, Keyed, Normal, Stream, uniform};
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
    pub(super) why: Why,
}

/// What a visit comes of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Why {
    /// The user looks whatever was shown.
    Own,
    /// It stands in for the answer to a notification. Where the client has shown anything in the 24 h before, it
    /// does not take place: of those that the persona has, the user then owes an answer. Else, or where too many
    /// are owed already, it takes place, if it is among those by which the user makes up for notifications. Its
    /// time stays free in any case, so that no other app moves.
    InPlaceOfAnswer { is_owed: bool, makes_up: bool },
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
    /// Which marked ones the persona has, and by which the user makes up for notifications.
    marks: Keyed,
    how: Keyed,
    length: Lengths,
    /// Probabilities that a session includes an own visit and a marked one, on weekdays and at weekends.
    own: [f64; 2],
    marked: [f64; 2],
    /// Of the marked ones, how many make up for notifications.
    compensated: f64,
    /// How likely a visit ends by swiping the client away.
    swipe: f64,
}

impl Visits {
    /// Visits so likely that this user's own ones come out at their number a day, where there are so many
    /// sessions on a weekday and so many at weekends.
    pub(super) fn new(setup: &Setup<'_, Config>, sessions: [f64; 2]) -> Visits {
        let Setup { persona, streams, .. } = *setup;
        let driven = persona.notification_driven.get();
        let more = Factor::with_mean_one(persona.person_opens_sd).of(setup.by_nature("person opens"));
        let weekday = persona.mail_opens_per_weekday * more;
        let opens = [weekday, weekday * persona.weekend_mail_opens];
        let swipes = setup.is_among(persona.force_quitters, "force_quitters") && weekday > 0.0;
        let per_session = |part: f64| [0, 1].map(|kind| part * opens[kind] / sessions[kind]);
        Visits {
            which: streams.keyed("user visits"),
            marks: streams.keyed("user marks"),
            how: streams.keyed("user visit"),
            length: Lengths::with_median(persona.mail_session, persona.mail_session_sigma),
            own: per_session(1.0 - driven),
            marked: per_session(MOST_COMPENSATION * driven),
            compensated: persona.compensates / MOST_COMPENSATION,
            swipe: if swipes { persona.force_quits_per_day / weekday } else { 0.0 },
        }
    }

    /// The same without marks, for users who are not asked what they would do.
    pub(super) fn unmarked(self) -> Visits {
        Visits { marked: [0.0; 2], ..self }
    }

    pub(super) fn draw(&self, occasion: u64, from: Time, until: Time, weekend: bool) -> Option<Visit> {
        let (place, kind) = (self.which.uniform(occasion), usize::from(weekend));
        let why = if place < self.own[kind] {
            Why::Own
        } else {
            if place < 1.0 - self.marked[kind] {
                return None;
            }
            let mark = self.marks.uniform(occasion);
            let [is_owed, makes_up] = [1.0 / MOST_COMPENSATION, self.compensated].map(|part| mark < part);
            Why::InPlaceOfAnswer { is_owed, makes_up }
        };
        let stream = &mut self.how.at(occasion);
        let room = until.since(from);
        let length = Span::from_secs_f64(self.length.draw(stream)).min(room);
        // At any time of the session, or as late as leaves it its length: so a longer one moves no opening that
        // has time enough after it.
        let opens = from + Span::from_ms((uniform(stream) * room.ms() as f64) as u64).min(room - length);
        Some(Visit { opens, closes: opens + length, swiped: uniform(stream) < self.swipe, why })
    }
}
