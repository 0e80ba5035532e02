//! The charge, in integers: a straight line until something changes it.

use super::Config;
use crate::persona::Persona;
use crate::signal;
use crate::time::{Span, Time};
use crate::units::Share;

const FULL: u64 = signal::Battery::FULL;

/// Levels that someone outside may wait for, and those where charging slows down.
const LEVELS: [u64; 7] = [0, percent(10), percent(20), percent(30), percent(80), percent(95), FULL];

/// What a share of the battery in per cent is.
pub(super) const fn percent(percent: u64) -> u64 {
    FULL / 100 * percent
}

/// What the battery is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Load {
    /// On the charger.
    Charging,
    /// The screen is on.
    InHand,
    /// The screen is off.
    Idle,
}

/// A battery under a load.
pub(super) struct Battery {
    line: signal::Battery,
    since: Time,
    in_hand: i64,
    idle: i64,
    fast: i64,
    slow: i64,
    trickle: i64,
    /// What glances took and the line does not show yet.
    glanced: u64,
}

/// A change per millisecond.
fn slope(share: Share, per: Span) -> i64 {
    (share.get() * FULL as f64 / per.ms() as f64 + 0.5) as i64
}

impl Battery {
    pub(super) fn new(config: &Config, persona: &Persona) -> Battery {
        Battery {
            line: signal::Battery { charge: (config.first_charge.get() * FULL as f64) as u64, slope: 0 },
            since: Time::ORIGIN,
            in_hand: -slope(persona.drain_on, Span::HOUR),
            idle: -slope(persona.drain_idle, Span::HOUR),
            fast: slope(config.fast_charge, Span::MINUTE),
            slow: slope(config.slow_charge, Span::MINUTE),
            trickle: slope(config.trickle_charge, Span::MINUTE),
            glanced: 0,
        }
    }

    /// The line at the origin.
    pub(super) fn at_origin(&mut self, load: Load) -> signal::Battery {
        self.line.slope = self.slope(self.line.charge, load);
        self.line
    }

    /// A glance drains as use does; it is too short to bend the line, so it is taken off at the
    /// next change.
    pub(super) fn glance(&mut self, length: Span) {
        self.glanced += (self.idle - self.in_hand).max(0) as u64 * length.ms();
    }

    /// Brings the line up to now under a load. Answers the charge at its last beginning and the new
    /// line; nothing, unless `anyway`, if that would only continue the old one.
    pub(super) fn turn(&mut self, now: Time, load: Load, anyway: bool) -> Option<(u64, signal::Battery)> {
        let on_line = self.line.after(now.since(self.since).ms());
        let glanced = std::mem::take(&mut self.glanced);
        let charge = if load == Load::Charging { on_line } else { on_line.saturating_sub(glanced) };
        let slope = self.slope(charge, load);
        if slope == self.line.slope && charge == on_line && !anyway {
            return None;
        }
        let before = self.line.charge;
        self.line = signal::Battery { charge, slope };
        self.since = now;
        Some((before, self.line))
    }

    /// How long until the line reaches a level, one of the usual or `another`.
    pub(super) fn next_crossing(&self, another: Option<u64>) -> Option<Span> {
        let signal::Battery { charge, slope } = self.line;
        let levels = LEVELS.into_iter().chain(another);
        let distance = match slope {
            0 => None,
            1.. => levels.filter(|level| *level > charge).map(|level| level - charge).min(),
            _ => levels.filter(|level| *level < charge).map(|level| charge - level).min(),
        };
        distance.map(|distance| Span::from_ms(distance.div_ceil(slope.unsigned_abs())))
    }

    fn slope(&self, charge: u64, load: Load) -> i64 {
        match load {
            Load::Charging if charge >= FULL => 0,
            Load::Charging if charge >= percent(95) => self.trickle,
            Load::Charging if charge >= percent(80) => self.slow,
            Load::Charging => self.fast,
            Load::InHand | Load::Idle if charge == 0 => 0,
            Load::InHand => self.in_hand,
            Load::Idle => self.idle,
        }
    }
}
