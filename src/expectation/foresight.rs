//! What the next test would say of a product that does not change: how likely it would be left undecided, and by which
//! margin or on how many devices it would not.

use super::chance::{ERROR, Schedule};
use crate::analysis::tails::{normal_tail, t_reach};

/// By which margin, in its own errors, something is seen in all but so many runs.
fn reach() -> f64 {
    t_reach(ERROR, f64::MAX)
}

/// More devices than these are no help.
const MOST_DEVICES: f64 = 1e8;

/// Three digits of a bound, on the side that is easier to keep.
fn eased(bound: f64, larger_is_easier: bool) -> f64 {
    if bound == 0.0 || !bound.is_finite() {
        return bound;
    }
    let step = libm::pow(10.0, libm::floor(libm::log10(bound.abs())) - 2.0);
    if larger_is_easier { (bound / step).ceil() * step } else { (bound / step).floor() * step }
}

/// What the next test depends on.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Ahead {
    /// How far inside its bound an estimate lies.
    Margin {
        /// So far, in its own unit.
        inside: f64,
        /// Its variance, which falls as devices are added.
        falls: f64,
        /// What does not: a record has the devices it has.
        stays: f64,
        /// Degrees of freedom.
        freedom: f64,
        /// The bound as it is, and whether a larger one is easier to keep.
        bound: f64,
        /// Likewise.
        larger_is_easier: bool,
    },
    /// On so many devices was seen what is promised to be there.
    Seen(u64),
}

/// How likely a product that does not change is to end undecided.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Doubt {
    /// In this part of all tests.
    pub chance: f64,
    /// With this bound it would be one in twenty.
    pub bound: Option<f64>,
    /// Or with as many devices.
    pub devices: Option<u64>,
}

impl Doubt {
    /// Whether it is more than is allowed of a promise.
    pub fn is_great(&self) -> bool {
        self.chance > ERROR
    }

    /// That of a promise of which these are the halves: what helps has to help both, and is unknown where it is for one of
    /// them.
    pub(super) fn with(self, other: Doubt, larger_is_easier: bool) -> Doubt {
        let easier = if larger_is_easier { f64::max } else { f64::min };
        let great = || [self, other].into_iter().filter(Doubt::is_great);
        let bounds: Option<Vec<f64>> = great().map(|half| half.bound).collect();
        let devices: Option<Vec<u64>> = great().map(|half| half.devices).collect();
        Doubt {
            chance: self.chance.max(other.chance),
            bound: bounds.and_then(|bounds| bounds.into_iter().reduce(easier)),
            devices: devices.and_then(|devices| devices.into_iter().max()),
        }
    }
}

impl Ahead {
    /// The same where the quantity is shown so many times smaller.
    pub(super) fn per(self, scale: f64) -> Ahead {
        match self {
            Ahead::Margin { inside, falls, stays, freedom, bound, larger_is_easier } => Ahead::Margin {
                inside: inside / scale,
                falls: falls / (scale * scale),
                stays: stays / (scale * scale),
                freedom,
                bound: bound / scale,
                larger_is_easier,
            },
            seen => seen,
        }
    }

    /// The same around another bound: one that is told as a change.
    pub(super) fn around(self, bound: f64) -> Ahead {
        match self {
            Ahead::Margin { inside, falls, stays, freedom, larger_is_easier, .. } => {
                Ahead::Margin { inside, falls, stays, freedom, bound, larger_is_easier }
            }
            seen => seen,
        }
    }

    /// From what was seen at a look, were it the truth.
    pub(super) fn doubt(self, schedule: Schedule, look: u32, promises: usize) -> Doubt {
        let (now, most) = (f64::from(look), f64::from(schedule.most));
        match self {
            Ahead::Seen(0) => Doubt { chance: 1.0, bound: None, devices: None },
            Ahead::Seen(on) => {
                let expected = on as f64 * most / now;
                let needed = -libm::log(ERROR) * now / on as f64;
                let devices = (needed > most).then_some(needed.ceil() as u64);
                Doubt { chance: libm::exp(-expected), bound: None, devices }
            }
            Ahead::Margin { inside, falls, stays, freedom, bound, larger_is_easier } => {
                let last = ERROR * schedule.part(schedule.most);
                let [pass, fail] = [last, last / promises.max(1) as f64].map(|level| t_reach(level, freedom));
                let error = libm::sqrt(falls * now / most + stays);
                let tail = |margin: f64, needed: f64| match error > 0.0 {
                    true => normal_tail(needed - margin / error),
                    false => f64::from(u8::from(margin >= 0.0)),
                };
                let chance = (1.0 - tail(inside, pass) - tail(-inside, fail)).clamp(0.0, 1.0);
                let is_enough = chance <= ERROR;
                let missing = (pass + reach()) * error - inside;
                let wider = if larger_is_easier { bound + missing } else { bound - missing };
                let room = inside / (pass + reach());
                let room = room * room - stays;
                let needed = (inside > 0.0 && room > 0.0).then(|| (now * falls / room).ceil());
                Doubt {
                    chance,
                    bound: (!is_enough).then(|| eased(wider, larger_is_easier)),
                    devices: needed
                        .filter(|needed| !is_enough && (most..MOST_DEVICES).contains(needed))
                        .map(|needed| needed as u64),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn margin(inside: f64, falls: f64, stays: f64) -> Ahead {
        Ahead::Margin { inside, falls, stays, freedom: 1e9, bound: 10.0, larger_is_easier: true }
    }

    #[test]
    fn what_lies_on_its_bound_is_nearly_always_in_doubt_and_what_it_asks_for_suffices() {
        let once = Schedule::new(64, 64);
        let on_the_bound = margin(0.0, 1.0, 0.0).doubt(once, 64, 1);
        assert!((on_the_bound.chance - 0.9).abs() < 1e-3, "{on_the_bound:?}");
        assert_eq!(on_the_bound.devices, None);
        assert!((on_the_bound.bound.unwrap() - 13.3).abs() < 1e-9, "{on_the_bound:?}");
        assert!(margin(3.29, 1.0, 0.0).doubt(once, 64, 1).chance < 0.051);
        let near = margin(1.0, 1.0, 0.0).doubt(once, 64, 1);
        let devices = near.devices.unwrap() as u32;
        assert!((690..=695).contains(&devices), "{near:?}");
        // As many, at one look: the error is that of the first 64 times what it falls by.
        let enough =
            margin(1.0, 64.0 / f64::from(devices), 0.0).doubt(Schedule::new(devices, devices), devices, 1);
        assert!((enough.chance - 0.05).abs() < 1e-3 && near.chance > 0.05, "{enough:?}");
        // No devices help where the record is not known well enough, and none are asked for where it is sure.
        assert_eq!(margin(1.0, 1.0, 1.0).doubt(once, 64, 1).devices, None);
        let sure = margin(1.0, 0.0, 0.0).doubt(once, 64, 1);
        assert_eq!((sure.chance, sure.bound, sure.devices), (0.0, None, None));
    }

    #[test]
    fn what_helps_one_half_of_a_promise_has_to_help_the_other() {
        let doubt = |chance, bound, devices| Doubt { chance, bound, devices };
        let paired = doubt(0.66, Some(1.12), Some(640));
        let apart = doubt(0.4, Some(2.5), Some(9000));
        assert_eq!(paired.with(apart, true), doubt(0.66, Some(2.5), Some(9000)));
        assert_eq!(apart.with(paired, false), doubt(0.66, Some(1.12), Some(9000)));
        // No devices help the second, and the third needs no help.
        assert_eq!(paired.with(doubt(0.4, Some(2.5), None), true), doubt(0.66, Some(2.5), None));
        assert_eq!(paired.with(doubt(0.05, None, None), true), paired);
        assert_eq!(doubt(0.0, None, None).with(doubt(0.05, None, None), true), doubt(0.05, None, None));
    }

    #[test]
    fn what_is_rare_may_not_be_seen_again() {
        let doubt = |seen, most| Ahead::Seen(seen).doubt(Schedule::new(64, most), 64, 1);
        assert!((doubt(1, 64).chance - libm::exp(-1.0)).abs() < 1e-12 && doubt(1, 64).is_great());
        assert_eq!(doubt(1, 64).devices, Some(192));
        assert!(!doubt(1, 256).is_great() && doubt(1, 256).devices.is_none());
        assert_eq!(doubt(0, 64), Doubt { chance: 1.0, bound: None, devices: None });
    }
}
