//! The notification of memory pressure, which apps and the scheduler go by. The kernel decides on it by what
//! the compressor holds; it ends nobody by it at once.
//!
//! What is left out: that a fall of the level is told some seconds late.

use super::Config;
use super::ram::part;
use crate::signal::Pressure;

/// The level that was last told, and the amounts of memory outside the compressor at which it changes.
pub(super) struct Notice {
    pub(super) level: Pressure,
    /// What there is inside and outside the compressor together.
    whole: i64,
    compressed: f64,
    warning: i64,
    relieved: i64,
    critical: i64,
    eased: i64,
}

impl Notice {
    /// No pressure, where the system leaves this much. What it holds itself is taken as neither free
    /// nor compressed (assumed).
    pub(super) fn new(config: &Config, whole: i64) -> Notice {
        Notice {
            level: Pressure::Normal,
            whole,
            compressed: config.compressed.get(),
            warning: part(whole, config.warning.get()),
            relieved: part(whole, config.warning.get() * config.relief),
            critical: part(whole, config.critical_warning.get()),
            eased: part(whole, config.critical_eases.get()),
        }
    }

    /// The level, where it is another than before, now that apps hold this much: the one on the
    /// screen presses the others into the compressor.
    pub(super) fn changes(&mut self, held: i64) -> Option<Pressure> {
        let outside = self.whole - part(held, self.compressed);
        let warned = if self.level == Pressure::Normal { self.warning } else { self.relieved };
        let worst = if self.level == Pressure::Critical { self.eased } else { self.critical };
        let level = if outside < worst {
            Pressure::Critical
        } else if outside < warned {
            Pressure::Warning
        } else {
            Pressure::Normal
        };
        (level != std::mem::replace(&mut self.level, level)).then_some(level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Share;

    #[test]
    fn pressure_comes_below_a_half_and_goes_at_six_tenths_and_is_critical_from_30_to_35_per_cent() {
        let config = Config { compressed: Share::new(1.0), ..Config::default() };
        let mut notice = Notice::new(&config, 1_000);
        let steps = [
            (500, None),
            (501, Some(Pressure::Warning)),
            (401, None),
            (400, Some(Pressure::Normal)),
            (701, Some(Pressure::Critical)),
            (651, None),
            (650, Some(Pressure::Warning)),
            (400, Some(Pressure::Normal)),
        ];
        for (held, level) in steps {
            assert_eq!(notice.changes(held), level, "{held} of 1000 compressed");
        }
    }
}
