//! The rhythm of a person: how one day differs from the next, and at which times of the day they turn to the
//! phone.

use super::Config;
use crate::engine::Setup;
use crate::random::{Keyed, Streams};
use crate::signal::{SLOT, SLOTS};

const QUARTER: f64 = SLOT.ms() as f64;
/// Quarters of an hour in an hour.
const IN_AN_HOUR: usize = SLOTS / 24;
/// So many days before a day are still felt in it.
const REMEMBERED: u64 = 7;

/// How much more a person does on one day than on another: lognormal of mean 1. A day resembles the one
/// before; what is alike in them wanes with the days between.
///
/// It is a weighted sum of what is drawn of each date, so that no first day is unlike the others, and a date
/// has the same factor wherever a simulation begins.
pub(super) struct DayFactor {
    keyed: Keyed,
    sigma: f64,
    correlation: f64,
    /// Of a day itself, such that all weights together leave the variance as it is.
    weight: f64,
}

impl DayFactor {
    pub(super) fn new(streams: Streams, sigma: f64, correlation: f64) -> DayFactor {
        let squares = (0..=REMEMBERED).map(|back| libm::pow(correlation, 2.0 * back as f64));
        let weight = 1.0 / squares.sum::<f64>().sqrt();
        DayFactor { keyed: streams.keyed("user day factor"), sigma, correlation, weight }
    }

    pub(super) fn on(&self, date: u64) -> f64 {
        let (mut normal, mut weight) = (0.0, self.weight);
        for back in 0..=REMEMBERED {
            normal += weight * self.keyed.normal(date.wrapping_sub(back));
            weight *= self.correlation;
        }
        libm::exp(self.sigma * (normal - self.sigma / 2.0))
    }
}

/// Relative use of the phone by quarter of an hour: that of all people, by the hour, and what is this person's
/// own. No quarter is without any, so that time can always be found for a session.
pub(super) fn shape(setup: &Setup<'_, Config>) -> [f64; SLOTS] {
    let Setup { config, persona, streams, .. } = *setup;
    let by_the_clock = setup.is_among(persona.clockwork, "clockwork");
    let sigma = if by_the_clock { persona.clockwork_shape_sd } else { persona.shape_sd };
    let keyed = streams.keyed("person shape");
    let white: [f64; SLOTS] = std::array::from_fn(|quarter| keyed.normal(quarter as u64));
    std::array::from_fn(|quarter| {
        // Quarters less than an hour apart have something in common.
        let hour = (quarter..quarter + IN_AN_HOUR).map(|near| white[near % SLOTS]);
        let own = hour.sum::<f64>() / (IN_AN_HOUR as f64).sqrt();
        config.diurnal[quarter / IN_AN_HOUR].max(1e-6) * libm::exp(sigma * own)
    })
}

/// A walk through a day, in milliseconds since its midnight, at the pace of the weights of its quarters.
pub(super) struct Walk<'a> {
    shape: &'a [f64; SLOTS],
    at: f64,
    /// The quarter in which that lies, and when it ends.
    quarter: usize,
    ends: f64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(shape: &'a [f64; SLOTS], from: f64) -> Walk<'a> {
        let quarters = (from / QUARTER) as usize;
        Walk { shape, at: from, quarter: quarters % SLOTS, ends: (quarters + 1) as f64 * QUARTER }
    }

    fn next_quarter(&mut self) {
        self.at = self.ends;
        self.ends += QUARTER;
        self.quarter = if self.quarter + 1 < SLOTS { self.quarter + 1 } else { 0 };
    }

    /// Walks until then, and answers what weight that passes.
    pub(super) fn pass(&mut self, until: f64) -> f64 {
        let mut passed = 0.0;
        while until > self.ends {
            passed += self.shape[self.quarter] * (self.ends - self.at);
            self.next_quarter();
        }
        if until > self.at {
            passed += self.shape[self.quarter] * (until - self.at);
            self.at = until;
        }
        passed
    }

    /// Walks until so much weight has passed, and answers when that is.
    pub(super) fn spend(&mut self, mut left: f64) -> f64 {
        loop {
            let weight = self.shape[self.quarter];
            let in_this = weight * (self.ends - self.at);
            if left <= in_this {
                self.at += left / weight;
                return self.at;
            }
            left -= in_this;
            self.next_quarter();
        }
    }
}
