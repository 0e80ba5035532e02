//! What the user does with the phone beside mail: the apps of a session, the looks in between.

use super::Config;
use super::session::{Lengths, Session, Visit};
use crate::engine::Setup;
use crate::persona::Persona;
use crate::random::{Exponential, Keyed, Stream, open_uniform, uniform};
use crate::signal::App;
use crate::time::{Span, Time};

const GUIDES: usize = 64;
/// No session opens more apps, however the draws fall.
const MOST_APPS: f64 = 100.0;

/// The other apps of one session, one after the other: they share evenly (assumed) what its look into mail leaves
/// of its time. Where that is nothing there are none.
pub(super) struct Turns {
    session: Session,
    stream: Stream,
    apps: u64,
    turn: u64,
}

/// The least time that an app has to itself.
const TURN: Span = Span::from_ms(1);

impl Turns {
    /// When the next one is opened.
    pub(super) fn next(&self) -> Option<Time> {
        if self.turn == self.apps {
            return None;
        }
        let Session { from, visit, .. } = self.session;
        let at = from + Span::from_ms(free(self.session).ms() * self.turn / self.apps);
        Some(match visit {
            Some(Visit { opens, closes, .. }) if at >= opens => at + closes.since(opens) + TURN,
            _ => at,
        })
    }
}

/// What a session has beside its look into mail, and beside the turn in which that is left.
fn free(Session { from, until, visit, .. }: Session) -> Span {
    let look = visit.map_or(Span::ZERO, |visit| visit.closes.since(visit.opens) + TURN);
    Span::from_ms(until.since(from).ms().saturating_sub(look.ms()))
}

/// Which other apps a session uses.
pub(super) struct Apps {
    keyed: Keyed,
    /// Cumulative probabilities by rank.
    cumulative: Vec<f64>,
    /// The rank at which to begin the search, by the first bits of the variate.
    guide: [u16; GUIDES],
    /// Logarithm of the probability that one more follows: the number of apps is geometric, which meets the
    /// published shares (56, 25, 11 and 8 % for 1, 2, 3 and more against 52, 27, 12 and 9 %).
    another: f64,
}

impl Apps {
    pub(super) fn new(persona: &Persona, keyed: Keyed) -> Apps {
        let ranks = 1..=persona.apps_in_use.max(1);
        let mut sum = 0.0;
        let mut cumulative: Vec<f64> = ranks
            .map(|rank| {
                sum += libm::pow(f64::from(rank), -persona.app_zipf);
                sum
            })
            .collect();
        cumulative.iter_mut().for_each(|part| *part /= sum);
        let rank_at = |share: f64| cumulative.partition_point(|&part| part <= share) as u16;
        let guide = std::array::from_fn(|index| rank_at(index as f64 / GUIDES as f64));
        Apps { keyed, cumulative, guide, another: libm::log(1.0 - 1.0 / persona.apps_per_session.max(1.0)) }
    }

    /// The apps of a session, none of which is open yet.
    pub(super) fn of(&self, session: Session) -> Turns {
        let mut stream = self.keyed.at(session.occasion);
        let more = libm::log(open_uniform(&mut stream)) / self.another;
        let most = free(session).ms() / TURN.ms();
        Turns { session, stream, apps: ((1.0 + more).min(MOST_APPS) as u64).min(most), turn: 0 }
    }

    /// The app whose turn it is.
    pub(super) fn take(&self, turns: &mut Turns) -> App {
        turns.turn += 1;
        let chosen = uniform(&mut turns.stream);
        let from = self.guide[(chosen * GUIDES as f64) as usize];
        let further = self.cumulative[usize::from(from)..].iter().take_while(|part| **part <= chosen);
        App(from + further.count() as u16)
    }
}

/// Looks at the locked screen, at a constant rate while awake. Those that fall into a session are
/// part of it.
pub(super) struct Glances {
    keyed: Keyed,
    /// Those of the day.
    stream: Stream,
    per_day: f64,
    gap: Exponential,
    length: Lengths,
}

impl Glances {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Glances {
        let keyed = setup.streams.keyed("user glances");
        Glances {
            keyed,
            stream: keyed.at(0),
            per_day: setup.persona.glances_per_day,
            gap: Exponential::with_mean(1.0),
            length: Lengths::with_median(setup.config.glance, setup.config.glance_sigma),
        }
    }

    /// When the first one of a day comes.
    pub(super) fn first(&mut self, day: u64, wake: Time, awake: Span) -> Time {
        self.stream = self.keyed.at(day);
        self.gap = Exponential::with_mean(awake.secs_f64() / self.per_day.max(1e-6));
        self.after(wake)
    }

    fn after(&mut self, at: Time) -> Time {
        at + Span::from_secs_f64(self.gap.draw(&mut self.stream))
    }

    /// How long this one lasts and when the next one comes.
    pub(super) fn draw(&mut self, now: Time) -> (Span, Time) {
        let length = Span::from_secs_f64(self.length.draw(&mut self.stream));
        (length, self.after(now))
    }
}
