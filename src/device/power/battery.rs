//! The charge, in integers: a straight line until something changes it.

use super::Config;
use crate::persona::Persona;
use crate::signal;
use crate::time::Span;
use crate::units::Share;

const FULL: u64 = signal::Battery::FULL;

/// Levels that someone outside may wait for, and those where charging slows down.
const LEVELS: [u64; 7] = [0, percent(10), percent(20), percent(30), percent(80), percent(95), FULL];

/// What a share of the battery in per cent is.
pub(super) const fn percent(percent: u64) -> u64 {
    FULL / 100 * percent
}

/// How a battery loses and gains charge.
pub(super) struct Battery {
    first: u64,
    in_hand: i64,
    idle: i64,
    fast: i64,
    slow: i64,
    trickle: i64,
}

/// A change per millisecond.
fn slope(share: Share, per: Span) -> i64 {
    (share.get() * FULL as f64 / per.ms() as f64 + 0.5) as i64
}

impl Battery {
    pub(super) fn new(config: &Config, persona: &Persona) -> Battery {
        Battery {
            first: (config.first_charge.get() * FULL as f64) as u64,
            in_hand: -slope(persona.drain_on, Span::HOUR),
            idle: -slope(persona.drain_idle, Span::HOUR),
            fast: slope(config.fast_charge, Span::MINUTE),
            slow: slope(config.slow_charge, Span::MINUTE),
            trickle: slope(config.trickle_charge, Span::MINUTE),
        }
    }

    /// The line at the origin.
    pub(super) fn at_origin(&self, connected: bool) -> signal::Battery {
        self.line(self.first, connected)
    }

    /// The line from a charge on.
    pub(super) fn line(&self, charge: u64, connected: bool) -> signal::Battery {
        let both = |slope| signal::Battery { charge, in_hand: slope, idle: slope };
        match charge {
            FULL.. if connected => both(0),
            _ if connected && charge >= percent(95) => both(self.trickle),
            _ if connected && charge >= percent(80) => both(self.slow),
            _ if connected => both(self.fast),
            0 => both(0),
            _ => signal::Battery { charge, in_hand: self.in_hand, idle: self.idle },
        }
    }
}

/// How long until a charge that changes at a slope reaches a level, one of the usual or `another`.
pub(super) fn next_crossing(charge: u64, slope: i64, another: Option<u64>) -> Option<Span> {
    let distance = match slope {
        0 => None,
        1.. => {
            let usual = LEVELS.into_iter().find(|level| *level > charge);
            usual.into_iter().chain(another.filter(|level| *level > charge)).min().map(|level| level - charge)
        }
        _ => {
            let usual = LEVELS.into_iter().rfind(|level| *level < charge);
            usual.into_iter().chain(another.filter(|level| *level < charge)).max().map(|level| charge - level)
        }
    };
    distance.map(|distance| Span::from_ms(distance.div_ceil(slope.unsigned_abs())))
}
