//! The charge of the battery, and how it changes.

use crate::time::Span;
use crate::units::Share;

/// Charge of the battery and how it changes, exact in integers. Both slopes are public, so that
/// taking the phone in hand, which happens a hundred times a day, needs no word about power. Answers to
/// notifications drain nothing, so that no policy moves the charge.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Battery {
    /// Charge in parts of 10^12.
    pub charge: u64,
    /// Change per millisecond while the user uses the phone of their own accord, and during glances.
    pub in_hand: i64,
    /// Change per millisecond otherwise.
    pub idle: i64,
}

impl Battery {
    /// A full battery.
    pub const FULL: u64 = 1_000_000_000_000;

    /// A battery that stays full.
    pub const ALWAYS_FULL: Battery = Battery { charge: Battery::FULL, in_hand: 0, idle: 0 };

    /// The slope in effect.
    pub const fn slope(self, in_use: bool) -> i64 {
        if in_use { self.in_hand } else { self.idle }
    }

    /// The charge `ms` milliseconds later.
    pub fn after(self, ms: u64, in_use: bool) -> u64 {
        self.changed_by(self.slope(in_use) * ms as i64)
    }

    /// The charge after a glance, beside what it loses anyway.
    pub(super) fn glanced(self, length: Span) -> u64 {
        self.changed_by((self.in_hand - self.idle).min(0) * length.ms() as i64)
    }

    fn changed_by(self, change: i64) -> u64 {
        (self.charge as i64 + change).clamp(0, Battery::FULL as i64) as u64
    }

    /// What a share of a full battery is.
    pub fn of(share: Share) -> u64 {
        libm::round(share.get() * Battery::FULL as f64) as u64
    }

    /// A charge in per cent.
    pub fn percent(charge: u64) -> f64 {
        charge as f64 * (100.0 / Battery::FULL as f64)
    }
}
