//! A network as recorded, its days repeated for as long as the simulation lasts.

use super::{Config, Stretch};
use crate::engine::Setup;
use crate::signal::Network;
use crate::trace::{Repeat, TracePath, TraceStretch};
use std::sync::Arc;

/// Of what lies between two stretches nobody says that there was a network.
pub(super) struct Recorded {
    networks: Arc<Vec<Vec<TraceStretch>>>,
    network: usize,
    /// How many stretches have begun, repetitions included, and whether the last one is over.
    begun: usize,
    is_over: bool,
    repeat: Repeat,
}

impl Recorded {
    /// The record of the device, if there is any.
    pub(super) fn new(setup: &Setup<'_, Config>) -> Option<Recorded> {
        let networks = setup.traces.networks.clone();
        let network = setup.user_of(networks.len());
        let stretches = networks.get(network)?;
        let (first, last) = (stretches.first()?, stretches.last()?);
        let repeat = Repeat::new(setup.clock, [first.from, last.from], last.until.since(first.from));
        Some(Recorded { networks, network, begun: 0, is_over: true, repeat })
    }

    /// When a stretch begins and ends, in local milliseconds since the midnight before the origin.
    fn local(&self, number: usize) -> (i64, i64, TracePath) {
        let stretches = &self.networks[self.network];
        let TraceStretch { from, until, path } = stretches[number % stretches.len()];
        let begins = self.repeat.local(from, number / stretches.len());
        (begins, begins + until.since(from).ms() as i64, path)
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
        Stretch {
            from: self.repeat.instant(from),
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
