//! What the user does with the phone beside mail: the apps of a session, the looks in between.

use super::session::Lengths;
use super::{Config, UserTimer};
use crate::engine::{Context, Setup};
use crate::persona::Persona;
use crate::random::{Exponential, Keyed, Stream, uniform};
use crate::signal::{App, Signal};
use crate::time::{Span, Time};

const GUIDES: usize = 64;
/// No session opens more apps, however the draws fall.
const MOST_APPS: u32 = 100;

/// Which other apps a session uses.
pub(super) struct Apps {
    keyed: Keyed,
    /// Cumulative probabilities by rank.
    cumulative: Vec<f64>,
    /// The rank at which to begin the search, by the first bits of the variate.
    guide: [u16; GUIDES],
    /// Probability that one more follows: the number of apps is geometric, which meets the
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
        Apps { keyed, cumulative, guide, another: 1.0 - 1.0 / persona.apps_per_session.max(1.0) }
    }

    pub(super) fn open(&self, occasion: u64, cx: &mut Context<'_, UserTimer>) {
        let mut stream = self.keyed.at(occasion);
        for _ in 0..MOST_APPS {
            let chosen = uniform(&mut stream);
            let from = self.guide[(chosen * GUIDES as f64) as usize];
            let further = self.cumulative[usize::from(from)..].iter().take_while(|part| **part <= chosen);
            cx.say(Signal::AppOpened(App(from + further.count() as u16)));
            if uniform(&mut stream) >= self.another {
                break;
            }
        }
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
    pub(super) fn first(&mut self, day: u64, wake: Time, bed: Time) -> Time {
        self.stream = self.keyed.at(day);
        self.gap = Exponential::with_mean(bed.since(wake).secs_f64() / self.per_day.max(1e-6));
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
