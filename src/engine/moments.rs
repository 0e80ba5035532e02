//! Moments at a constant rate, drawn by the date at home, so that a trip moves none.

use super::Setup;
use crate::clock::Clock;
use crate::random::{Exponential, Keyed, Stream};
use crate::time::{Span, Time};

/// The moments of a Poisson process. Each date draws its own: what is left of a gap at midnight is drawn anew, which
/// is the same law, and a longer warm-up or another start leaves the days after it as they are.
pub struct Moments {
    clock: Clock,
    keyed: Keyed,
    /// Time between them, if there are any.
    gap: Option<Exponential>,
    day: u32,
    of_day: Stream,
    last: Time,
    end: Time,
}

impl Moments {
    /// So many a day, of these draws.
    pub fn new<C>(setup: &Setup<'_, C>, keyed: Keyed, per_day: f64) -> Moments {
        Moments {
            clock: setup.home.clone(),
            keyed,
            gap: (per_day > 0.0).then(|| Exponential::with_mean(Span::DAY.secs_f64() / per_day)),
            day: 0,
            of_day: keyed.at(setup.home.date(0)),
            last: Time::ORIGIN,
            end: setup.end,
        }
    }

    /// The next one before the horizon, and the stream from which to draw what else is drawn of it.
    pub fn draw(&mut self) -> Option<(Time, &mut Stream)> {
        let gap = self.gap?;
        while self.last < self.end {
            let at = self.last + Span::from_secs_f64(gap.draw(&mut self.of_day));
            let midnight = self.clock.at(self.day + 1, Span::ZERO);
            if at < midnight {
                self.last = at;
                return Some((at, &mut self.of_day));
            }
            self.day += 1;
            self.of_day = self.keyed.at(self.clock.date(self.day.into()));
            self.last = midnight;
        }
        None
    }
}
