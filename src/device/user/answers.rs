//! How the user answers a notification: perhaps, after a while, only when awake, and only where an answer is
//! owed.

use super::Config;
use crate::engine::Setup;
use crate::random::{Keyed, LogNormal, uniform};
use crate::signal::ScreenOff;
use crate::time::{Span, Time};

/// Answers to notifications, each drawn from the first mail it is about and nothing else.
pub(super) struct Answers {
    keyed: Keyed,
    probability: f64,
    delay: LogNormal,
    length: LogNormal,
    side_button: f64,
    /// How many visits that stand in for an answer have not taken place, since the client had shown something, and
    /// have had no answer so far; and how many at most: those of a day (assumed).
    pub(super) owed: u32,
    most_owed: u32,
    pub(super) pending: Option<Answer>,
}

#[derive(Clone, Copy)]
pub(super) struct Answer {
    at: Time,
    pub(super) length: Span,
    pub(super) screen_off: ScreenOff,
}

impl Answers {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Answers {
        let Setup { config, persona, streams, .. } = *setup;
        let a_day = persona.mail_opens_per_weekday * persona.notification_driven.get();
        Answers {
            keyed: streams.keyed("response"),
            probability: persona.response.get(),
            delay: LogNormal::with_median(persona.response_delay.secs_f64(), config.response_sigma),
            length: LogNormal::with_median(persona.mail_session.secs_f64(), persona.mail_session_sigma),
            side_button: config.side_button.get(),
            owed: 0,
            most_owed: libm::ceil(a_day).max(1.0) as u32,
            pending: None,
        }
    }

    /// Whether a visit in place of an answer takes place. Where the client has shown something it does not: an
    /// answer is then owed, if the persona has that visit. When no more can be owed, there were too few
    /// notifications to answer, and the user makes up for those that are not there. So where all is made up for,
    /// the number of notifications moves when the client is opened, and not how often.
    pub(super) fn is_made_up_for(&mut self, is_owed: bool, makes_up: bool, has_shown: bool) -> bool {
        match (has_shown, is_owed) {
            (true, true) if self.owed < self.most_owed => {
                self.owed += 1;
                false
            }
            (true, false) => false,
            _ => makes_up,
        }
    }

    /// When the user will answer, if a notice of this mail, and perhaps of more, brings that about or brings it forward.
    pub(super) fn to(&mut self, first: u32, now: Time, awake: impl Fn(Time) -> bool) -> Option<Time> {
        let mut stream = self.keyed.at(u64::from(first));
        if self.owed == 0 || uniform(&mut stream) >= self.probability {
            return None;
        }
        let at = now + Span::from_secs_f64(self.delay.draw(&mut stream));
        if !awake(at) || self.pending.is_some_and(|pending| pending.at <= at) {
            return None;
        }
        let length = Span::from_secs_f64(self.length.draw(&mut stream));
        let pressed = uniform(&mut stream) < self.side_button;
        let screen_off = if pressed { ScreenOff::SideButton } else { ScreenOff::AutoLock };
        self.pending = Some(Answer { at, length, screen_off });
        Some(at)
    }
}
