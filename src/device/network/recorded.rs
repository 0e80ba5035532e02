//! A network as recorded, its days repeated for as long as the simulation lasts.

use super::{Config, Stretch};
use crate::clock::Clock;
use crate::engine::Setup;
use crate::signal::Network;
use crate::time::{Span, Time};
use crate::trace::{TracePath, TraceStretch};
use std::sync::Arc;

const DAY: i64 = Span::DAY.ms() as i64;

/// A record shorter than the simulation is repeated, before and after, in whole days from that on which it
/// begins to that on which its last stretch does, or as long as it takes, at the same times on the wall clock. Of
/// what lies between two stretches nobody says that there was a network.
pub(super) struct Recorded {
    clock: Clock,
    networks: Arc<Vec<Vec<TraceStretch>>>,
    network: usize,
    /// How many stretches have begun, repetitions included, and whether the last one is over.
    begun: usize,
    is_over: bool,
    period: i64,
    /// Days by which the first repetition is moved.
    moved: i64,
    /// When the last stretch began.
    last: Time,
}

impl Recorded {
    /// The record of the device, if there is any.
    pub(super) fn new(setup: &Setup<'_, Config>) -> Option<Recorded> {
        let networks = setup.traces.networks.clone();
        let network = setup.user_of(networks.len());
        let stretches = networks.get(network)?;
        let day = |at: Time| i64::from(setup.clock.local(at).day);
        let (first, last) = (stretches.first()?, stretches.last()?);
        let whole = last.until.since(first.from).ms().div_ceil(Span::DAY.ms()) as i64;
        let (first, last) = (day(first.from), day(last.from));
        let period = (last - first + 1).max(whole);
        // From a day before the origin on, so that what began there still holds.
        let moved = -((first + period) / period * period);
        let clock = setup.clock.clone();
        Some(Recorded {
            clock,
            networks,
            network,
            begun: 0,
            is_over: true,
            period,
            moved,
            last: Time::ORIGIN,
        })
    }

    /// When a stretch begins and ends, in local milliseconds since the midnight before the origin.
    fn local(&self, number: usize) -> (i64, i64, TracePath) {
        let stretches = &self.networks[self.network];
        let TraceStretch { from, until, path } = stretches[number % stretches.len()];
        let local = self.clock.local(from);
        let days = i64::from(local.day) + self.moved + (number / stretches.len()) as i64 * self.period;
        let from_local = days * DAY + i64::from(local.ms);
        (from_local, from_local + until.since(from).ms() as i64, path)
    }

    pub(super) fn next(&mut self) -> Stretch {
        let (next, _, path) = self.local(self.begun);
        let ended = self.begun.checked_sub(1).filter(|_| !self.is_over).map(|last| self.local(last).1);
        let (from, path) = match ended.filter(|ended| *ended < next) {
            Some(ended) => {
                self.is_over = true;
                (ended, TracePath::None)
            }
            None => {
                (self.begun, self.is_over) = (self.begun + 1, false);
                (next, path)
            }
        };
        // Where clocks go forward, what lies in the hour that is left out comes after what follows it.
        let at = u64::try_from(from).map_or(Time::ORIGIN, |ms| self.clock.at(0, Span::from_ms(ms)));
        self.last = self.last.max(at);
        Stretch {
            from: self.last,
            path: match path {
                TracePath::None => Network::None,
                TracePath::Cellular => Network::Cellular,
                TracePath::Wifi => Network::Wifi,
            },
            outages: 0.0,
            begins: None,
        }
    }
}
