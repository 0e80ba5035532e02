//! What depends on how much memory a phone has: what the system keeps of it, below which shares apps
//! end, and what an app may have.

use super::Config;
use super::residents::Thresholds;
use crate::units::Bytes;

/// A share of so much memory.
pub(super) fn part(of: i64, share: f64) -> i64 {
    (of as f64 * share) as i64
}

/// What the system and its daemons hold. Between two sizes of phone it goes in a straight line, below the
/// smallest with the memory, and above the largest on as before it.
pub(super) fn system(config: &Config, ram: Bytes) -> i64 {
    if let Some(system) = config.system {
        return system.get() as i64;
    }
    let known = [
        (2_000, config.system_2_gb),
        (3_000, config.system_3_gb),
        (4_000, config.system_4_gb),
        (6_000, config.system_6_gb),
        (8_000, config.system_8_gb),
        (12_000, config.system_12_gb),
    ];
    let known = known.map(|(megabytes, held)| (Bytes::megabytes(megabytes).get() as f64, held.get() as f64));
    let ram = ram.get() as f64;
    let above = known.iter().position(|(size, _)| ram <= *size).unwrap_or(known.len() - 1);
    let (low, below) = if above == 0 { (0.0, 0.0) } else { known[above - 1] };
    let (high, beyond) = known[above];
    (below + (ram - low) / (high - low) * (beyond - below)) as i64
}

/// Below how much available memory apps end.
pub(super) fn thresholds(config: &Config, ram: Bytes) -> Thresholds {
    let (critical, idle) = if ram <= Bytes::megabytes(3_000) {
        (config.critical_to_3_gb, config.idle_to_3_gb)
    } else if ram <= Bytes::megabytes(6_000) {
        (config.critical_to_6_gb, config.idle_to_6_gb)
    } else {
        (config.critical, config.idle)
    };
    let ram = ram.get() as i64;
    Thresholds { critical: part(ram, critical.get()), idle: part(ram, idle.get()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held_by(config: &Config, megabytes: u64) -> i64 {
        system(config, Bytes::megabytes(megabytes)) / 1_000_000
    }

    #[test]
    fn the_system_holds_more_on_a_larger_phone_and_leaves_more_to_apps() {
        let config = Config::default();
        assert_eq!(
            [2_000, 3_000, 4_000, 6_000, 8_000, 12_000].map(|ram| held_by(&config, ram)),
            [600, 1_000, 1_600, 2_000, 2_400, 3_000]
        );
        assert_eq!([1_000, 5_000, 16_000].map(|ram| held_by(&config, ram)), [300, 1_800, 3_600]);
        let left = |megabytes: u64| {
            let ram = Bytes::megabytes(megabytes);
            ram.get() as i64 - system(&config, ram) - thresholds(&config, ram).idle
        };
        assert!((1..160).all(|step| left(100 * step) < left(100 * (step + 1))), "a phone of more has less");
    }

    #[test]
    fn one_number_for_all_phones_wins() {
        let config = Config { system: Some(Bytes::megabytes(1_300)), ..Config::default() };
        assert_eq!([2_000, 8_000].map(|ram| held_by(&config, ram)), [1_300, 1_300]);
    }
}
