//! A user as recorded, the days of the record repeated for as long as the simulation lasts.

use super::Config;
use super::session::{Session, Visit, Visits, Why, occasion};
use crate::clock::Clock;
use crate::engine::Setup;
use crate::signal::ScreenOff;
use crate::time::Span;
use crate::trace::{Repeat, TraceSession};
use std::sync::Arc;

const DAY_MS: i64 = Span::DAY.ms() as i64;

/// A recorded life.
pub(super) struct Replay {
    clock: Clock,
    users: Arc<Vec<Vec<TraceSession>>>,
    user: usize,
    /// The next session, repetitions included.
    next: usize,
    repeat: Repeat,
    /// Where the record knows nothing of the client, visits as the persona would make them.
    visits: Option<Visits>,
}

impl Replay {
    /// The record of the device's user, if there is any.
    pub(super) fn new(setup: &Setup<'_, Config>) -> Option<Replay> {
        let traces = setup.traces;
        let user = setup.user_of(traces.users.len());
        let sessions = traces.users.get(user)?;
        let (first, last) = (sessions.first()?.from, sessions.last()?.from);
        let repeat = Repeat::new(setup.clock, [first, last], Span::ZERO);
        let visits = sessions.iter().all(|session| session.client.is_none()).then(|| {
            let a_day =
                sessions.iter().filter(|session| session.unlocked).count() as f64 / repeat.period() as f64;
            Visits::new(setup, [a_day, a_day]).unmarked()
        });
        let (clock, users) = (setup.clock.clone(), traces.users.clone());
        Some(Replay { clock, users, user, next: 0, repeat, visits })
    }

    pub(super) fn next_session(&mut self) -> Session {
        loop {
            let sessions = &self.users[self.user];
            let (turn, number) = (self.next / sessions.len(), self.next % sessions.len());
            let session = sessions[number];
            self.next += 1;
            let local = self.repeat.local(session.from, turn);
            let Ok(day) = u32::try_from(local.div_euclid(DAY_MS)) else { continue };
            let dial = Span::from_ms(local.rem_euclid(DAY_MS) as u64);
            let from = self.clock.at(day, dial);
            let until = from + session.until.since(session.from);
            let occasion = occasion(u64::from(day), number);
            let visit = match (&self.visits, session.client) {
                (Some(visits), _) if session.unlocked => {
                    visits.draw(occasion, from, until, self.clock.weekday(day).is_weekend())
                }
                (_, client) => client.map(|(opens, length)| {
                    let opens = from + opens.since(session.from);
                    Visit { opens, closes: opens + length, swiped: false, why: Why::Own }
                }),
            };
            let glance = !session.unlocked;
            return Session { from, until, screen_off: ScreenOff::SideButton, glance, visit, occasion };
        }
    }
}
