//! A user as recorded, the days of the record repeated for as long as the simulation lasts.

use super::Config;
use super::session::{Session, Visit, Visits, Why, occasion};
use crate::clock::Clock;
use crate::engine::Setup;
use crate::signal::ScreenOff;
use crate::trace::TraceSession;
use std::sync::Arc;

/// A recorded life. A record shorter than the simulation is repeated, before and after, in whole
/// days from that of its first session to that of its last, at the same times on the wall clock.
pub(super) struct Replay {
    clock: Clock,
    users: Arc<Vec<Vec<TraceSession>>>,
    user: usize,
    next: usize,
    period: i64,
    /// Days by which this repetition is moved.
    moved: i64,
    /// Where the record knows nothing of the client, visits as the persona would make them.
    visits: Option<Visits>,
}

impl Replay {
    /// The record of the device's user, if there is any.
    pub(super) fn new(setup: &Setup<'_, Config>) -> Option<Replay> {
        let traces = setup.traces;
        let user = setup.user_of(traces.users.len());
        let sessions = traces.users.get(user)?;
        let day = |session: &TraceSession| i64::from(setup.clock.local(session.from).day);
        let (first, last) = (day(sessions.first()?), day(sessions.last()?));
        let period = last - first + 1;
        let visits = sessions.iter().all(|session| session.client.is_none()).then(|| {
            let a_day = sessions.iter().filter(|session| session.unlocked).count() as f64 / period as f64;
            Visits::new(setup, [a_day, a_day]).unmarked()
        });
        let moved = -((first + period - 1) / period * period);
        let (clock, users) = (setup.clock.clone(), traces.users.clone());
        Some(Replay { clock, users, user, next: 0, period, moved, visits })
    }

    pub(super) fn next_session(&mut self) -> Session {
        loop {
            let sessions = &self.users[self.user];
            let number = self.next;
            let Some(session) = sessions.get(self.next) else {
                (self.next, self.moved) = (0, self.moved + self.period);
                continue;
            };
            self.next += 1;
            let local = self.clock.local(session.from);
            let Ok(day) = u32::try_from(i64::from(local.day) + self.moved) else { continue };
            let from = self.clock.at(day, local.dial());
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
