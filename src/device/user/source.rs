//! Where the user's own sessions come from.

use super::plan::Plan;
use super::replay::Replay;
use super::session::{Session, Visit, Why};
use super::{Config, Kind};
use crate::engine::Setup;
use crate::random::{Exponential, Stream};
use crate::signal::ScreenOff;
use crate::time::{Span, Time};

/// Where own sessions come from.
pub(super) enum SessionSource {
    Persona(Box<Plan>),
    Poisson { stream: Stream, gap: Exponential, session: Span, last: Time },
    Trace(Box<Replay>),
    Absent,
}

impl SessionSource {
    pub(super) fn new(setup: &Setup<'_, Config>) -> SessionSource {
        let Config { model, opens_per_day, session, .. } = *setup.config;
        let opens = opens_per_day.unwrap_or(setup.persona.mail_opens_per_weekday);
        match model {
            Kind::Persona => SessionSource::Persona(Box::new(Plan::new(setup))),
            Kind::Poisson if opens > 0.0 => SessionSource::Poisson {
                stream: setup.streams.stream("user opens"),
                gap: Exponential::with_mean(Span::DAY.secs_f64() / opens),
                session,
                last: Time::ORIGIN,
            },
            Kind::Trace => {
                Replay::new(setup).map_or(SessionSource::Absent, |replay| SessionSource::Trace(replay.into()))
            }
            Kind::Poisson | Kind::Absent => SessionSource::Absent,
        }
    }

    pub(super) fn next_session(&mut self) -> Option<Session> {
        match self {
            SessionSource::Persona(plan) => plan.next_session(),
            SessionSource::Poisson { stream, gap, session, last } => {
                *last = *last + Span::from_secs_f64(gap.draw(stream));
                let (from, until) = (*last, *last + *session);
                let visit = Some(Visit { opens: from, closes: until, swiped: false, why: Why::Own });
                let screen_off = ScreenOff::SideButton;
                Some(Session { from, until, screen_off, glance: false, visit, occasion: 0 })
            }
            SessionSource::Trace(replay) => Some(replay.next_session()),
            SessionSource::Absent => None,
        }
    }
}
