//! How far a run is from what was observed, against all that may put it off: the observation's own error, the chance of
//! the simulated devices, and what the model leaves out, which is never nothing.

use crate::observation::{Held, Observation};
use serde::{Deserialize, Serialize};

/// What is farther from an observation is ruled out: of any law with one peak 95 of 100 lie nearer.
///
/// Source: F. Pukelsheim, "The three sigma rule", Am. Stat. 48 (1994), 88–91.
pub const CUT: f64 = 3.0;

/// Of a normal law so many standard deviations leave 5 % beyond each end, and 2.5 %.
const OF_90: f64 = 1.644_853_626_951_473;
const OF_95: f64 = 1.959_963_984_540_054;

/// What is to be met.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    /// What the observation is called.
    pub name: String,
    /// What was observed.
    pub value: f64,
    /// An interval of 90 % around it.
    pub range: [f64; 2],
    /// How far the model may be off, as a part of the value.
    pub discrepancy: f64,
    /// Whether it rules nothing out, but examines what is left.
    pub is_exam: bool,
}

/// What a run says.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// The value.
    pub value: f64,
    /// Its variance over other devices, where that is known.
    pub variance: Option<f64>,
}

/// What came of looking at an observation.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// The run has it.
    Seen(Seen),
    /// The run cannot tell: nothing happened of which it could.
    Unknown,
    /// Another observation had ruled the place out by then.
    Skipped,
}

impl Seen {
    /// What was held against an observation.
    pub fn of(held: &Held) -> Option<Seen> {
        let interval = held.interval.filter(|ends| !ends.is_point());
        let variance = interval.map(|ends| {
            let sd = (ends.high - ends.low) / (2.0 * OF_95);
            sd * sd
        });
        let value = held.value.filter(|value| value.is_finite())?;
        Some(Seen { value, variance: variance.filter(|variance| variance.is_finite()) })
    }
}

impl Look {
    /// What was seen, if anything was.
    pub const fn seen(self) -> Option<Seen> {
        match self {
            Look::Seen(seen) => Some(seen),
            Look::Unknown | Look::Skipped => None,
        }
    }
}

impl Target {
    /// That of an observation.
    pub fn of(observation: &Observation) -> Target {
        let Observation { name, value, range, discrepancy, is_exam, .. } = observation;
        Target {
            name: name.clone(),
            value: *value,
            range: *range,
            discrepancy: *discrepancy,
            is_exam: *is_exam,
        }
    }

    /// The variance of what was observed around what the model says, the simulation's own left out; a range may reach
    /// farther to one side. A part of nothing is nothing: there it is one of how far the range reaches.
    pub fn variance(&self, simulated: f64) -> f64 {
        let [low, high] = self.range;
        let error = if simulated < self.value { self.value - low } else { high - self.value } / OF_90;
        let off = self.discrepancy * self.value.abs().max((high - low) / 2.0);
        error * error + off * off
    }

    /// How many standard deviations what was seen is from what was observed; `least` is the variance over devices that
    /// every run of this size has. What a run cannot tell is no way to what was observed.
    pub fn implausibility(&self, look: Look, least: f64) -> f64 {
        match look {
            Look::Seen(Seen { value, variance }) => {
                let variance = self.variance(value) + variance.unwrap_or(0.0).max(least);
                (value - self.value).abs() / libm::sqrt(variance)
            }
            Look::Unknown => f64::INFINITY,
            Look::Skipped => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target { name: "x".into(), value: 10.0, range: [8.0, 14.0], discrepancy: 0.1, is_exam: false }
    }

    fn at(value: f64, variance: Option<f64>) -> Look {
        Look::Seen(Seen { value, variance })
    }

    #[test]
    fn errors_add_up_as_variances() {
        // 2 / 1.645 below, 4 / 1.645 above, 1 for the model, 0.5 for devices.
        let below = libm::sqrt(2.0 * 2.0 / (OF_90 * OF_90) + 1.0 + 0.25);
        let above = libm::sqrt(4.0 * 4.0 / (OF_90 * OF_90) + 1.0 + 0.25);
        let far = |value: f64| target().implausibility(at(value, Some(0.25)), 0.0);
        assert!((far(7.0) - 3.0 / below).abs() < 1e-12 && (far(13.0) - 3.0 / above).abs() < 1e-12);
        assert_eq!(far(10.0), 0.0);
    }

    #[test]
    fn no_run_has_less_variance_than_all_have() {
        let with = |variance, least| target().implausibility(at(5.0, variance), least);
        assert_eq!(with(None, 4.0), with(Some(4.0), 0.0));
        assert_eq!(with(Some(0.0), 4.0), with(Some(4.0), 0.0));
        assert!(with(Some(9.0), 4.0) < with(Some(4.0), 4.0));
    }

    #[test]
    fn the_model_may_be_off_where_nothing_was_observed_too() {
        let none = Target { value: 0.0, range: [-0.2, 0.2], ..target() };
        let sure = none.variance(0.1) - (0.2 / OF_90) * (0.2 / OF_90);
        assert!((sure - 0.02 * 0.02).abs() < 1e-12);
    }

    #[test]
    fn what_a_run_cannot_tell_is_ruled_out_and_what_was_skipped_is_not() {
        assert_eq!(target().implausibility(Look::Unknown, 1.0), f64::INFINITY);
        assert_eq!(target().implausibility(Look::Skipped, 1.0), 0.0);
    }
}
