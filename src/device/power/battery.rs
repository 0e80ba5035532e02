//! The charge, in integers: a straight line until something changes it.

use super::Config;
use crate::persona::Persona;
use crate::signal;
use crate::time::Span;
use crate::units::Share;

const FULL: u64 = signal::Battery::FULL;

/// Levels that someone may wait for, in ascending order.
pub(super) struct Levels(Vec<u64>);

impl Levels {
    /// Those of a configuration, and others.
    pub(super) fn of(config: &Config, others: &[u64]) -> Levels {
        let waited_for = [
            config.first_prompt,
            config.second_prompt,
            config.low_power_ends,
            config.low_power_enforced,
            config.critical_charge,
        ];
        let ends = [0, FULL];
        let mut levels: Vec<u64> =
            waited_for.map(signal::Battery::of).iter().chain(others).chain(&ends).copied().collect();
        levels.sort_unstable();
        Levels(levels)
    }

    /// How long until a charge that changes at a slope reaches a level, one of the usual or `another`.
    pub(super) fn next_crossing(&self, charge: u64, slope: i64, another: Option<u64>) -> Option<Span> {
        let (mut usual, step) = (self.0.iter().copied(), slope.unsigned_abs());
        let ms = match slope {
            0 => None,
            1.. => {
                let above = |level: &u64| *level > charge;
                let levels = usual.find(above).into_iter().chain(another.filter(above));
                levels.min().map(|level| (level - charge).div_ceil(step))
            }
            _ => {
                // What is low is below its level: on the level itself it is yet to be crossed. Nothing is below empty,
                // and below full nothing begins.
                let below = |level: &u64| *level <= charge && *level < FULL;
                let levels = usual.rfind(below).into_iter().chain(another.filter(below));
                levels.max().map(|level| match level {
                    0 => charge.div_ceil(step),
                    _ => (charge - level) / step + 1,
                })
            }
        };
        ms.map(Span::from_ms)
    }
}

/// How a battery loses and gains charge.
pub(super) struct Battery {
    first: u64,
    in_hand: i64,
    idle: i64,
    fast: i64,
    slow: i64,
    trickle: i64,
    fast_until: u64,
    slow_until: u64,
    /// Levels that someone may wait for, and those where charging slows down.
    pub(super) levels: Levels,
}

/// A change per millisecond.
fn slope(share: f64, per: Span) -> i64 {
    libm::round(share * FULL as f64 / per.ms() as f64) as i64
}

impl Battery {
    pub(super) fn new(config: &Config, persona: &Persona) -> Battery {
        let [fast_until, slow_until] = [config.fast_until, config.slow_until].map(signal::Battery::of);
        // The same use takes less of a larger battery.
        let mah = persona.hardware.map_or(config.drain_battery_mah, |hardware| hardware.model().battery_mah);
        let drain = |share: Share| -slope(share.get() * (config.drain_battery_mah / mah), Span::HOUR);
        Battery {
            first: (config.first_charge.get() * FULL as f64) as u64,
            in_hand: drain(persona.drain_on),
            idle: drain(persona.drain_idle),
            fast: slope(config.fast_charge.get(), Span::MINUTE),
            slow: slope(config.slow_charge.get(), Span::MINUTE),
            trickle: slope(config.trickle_charge.get(), Span::MINUTE),
            fast_until,
            slow_until,
            levels: Levels::of(config, &[fast_until, slow_until]),
        }
    }

    /// The line at the origin.
    pub(super) fn at_origin(&self, connected: bool) -> signal::Battery {
        self.line(self.first, connected, false)
    }

    /// The line from a charge on. What is off and not connected neither loses nor gains.
    pub(super) fn line(&self, charge: u64, connected: bool, off: bool) -> signal::Battery {
        let both = |slope| signal::Battery { charge, in_hand: slope, idle: slope };
        match charge {
            FULL.. if connected => both(0),
            _ if connected && charge >= self.slow_until => both(self.trickle),
            _ if connected && charge >= self.fast_until => both(self.slow),
            _ if connected => both(self.fast),
            0 => both(0),
            _ if off => both(0),
            _ => signal::Battery { charge, in_hand: self.in_hand, idle: self.idle },
        }
    }
}
