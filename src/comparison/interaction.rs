//! What two changes do together beyond what each does alone, where arms have each by itself and both at once.

use super::Setting;
use crate::figure::{Figure, Sample};
use crate::record::rounded;
use crate::summary::ends;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Two changes, both at once, and what that does beyond their sum.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Interaction {
    /// The arm with the one change, that with the other, and that with both, by their places.
    pub arms: [usize; 3],
    /// The figure.
    pub figure: Figure,
    /// What both do together less what each does alone; unknown where a value is.
    pub beyond: Option<f64>,
    /// Its 95 % interval, or words where few devices carry it.
    pub ci95: Value,
    /// The same as numbers.
    #[serde(skip)]
    pub interval: Option<[f64; 2]>,
}

/// Every pair of arms whose changes a third has together, and no other.
pub(super) fn interactions(differs: &[Setting], samples: &[Sample], figure: Figure) -> Vec<Interaction> {
    let changes: Vec<BTreeMap<&str, &Option<toml::Value>>> = (0..samples.len())
        .map(|arm| {
            let changed = differs.iter().filter(|setting| setting.values[arm] != setting.values[0]);
            changed.map(|setting| (setting.key.as_str(), &setting.values[arm])).collect()
        })
        .collect();
    let is_both = |one: usize, other: usize, both: usize| {
        let (one, other) = (&changes[one], &changes[other]);
        let together: BTreeMap<_, _> = one.iter().chain(other).map(|(key, value)| (*key, *value)).collect();
        !one.is_empty()
            && !other.is_empty()
            && together.len() == one.len() + other.len()
            && together == changes[both]
    };
    let mut found = Vec::new();
    for one in 1..samples.len() {
        for other in one + 1..samples.len() {
            let both =
                (1..samples.len()).find(|both| ![one, other].contains(both) && is_both(one, other, *both));
            found.extend(both.map(|both| of([one, other, both], samples, figure)));
        }
    }
    found
}

fn of(arms: [usize; 3], samples: &[Sample], figure: Figure) -> Interaction {
    let value = |left_out: Option<usize>| {
        let at = |arm: usize| samples[arm].without(figure, left_out);
        Some(at(arms[2])? - at(arms[0])? - at(arms[1])? + at(0)?)
    };
    let beyond = value(None);
    let strata = &samples[0].replicates.strata;
    // Each of two differences lies between these, and the one is not the other.
    let [lowest, highest] = figure.unit().apart(1.0, 0.0).map(|end| 2.0 * end);
    let interval = beyond.and_then(|beyond| strata.spread(value)?.around(beyond));
    let interval = interval.map(|found| found.clamp(lowest, highest));
    Interaction {
        arms,
        figure,
        beyond: beyond.map(rounded),
        ci95: ends(beyond, interval),
        interval: interval.map(|ends| [ends.low, ends.high]),
    }
}
