//! What to observe next: how much narrower an answer would be if one thing more were known, from the places that are left
//! and without a further run.
//!
//! Of the answer's variance over what is left, a part goes with the candidate; what is known of the candidate takes away so
//! much of it as the candidate is known well. Source: the value of partial perfect information by regression, M. Strong,
//! J. E. Oakley and A. Brennan, Med. Decis. Making 34 (2014), 311–326.

use super::search::Outcome;
use super::weight::FEWEST;
use crate::figure::Figure;
use crate::measure::Measure;
use crate::record::{Tool, rounded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `left.json`: the places that are left, with all that was found there.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Left {
    /// The version of this format.
    pub schema: u32,
    /// The version of the program.
    pub version: String,
    /// The scenario whose figures they are.
    pub scenario: String,
    /// How many places of equal weight tell as much.
    pub effective: f64,
    /// The weight of each place; weights sum to 1.
    pub weights: Vec<f64>,
    /// The figures, by path: a value of each place.
    pub answers: BTreeMap<String, Vec<Option<f64>>>,
    /// The measures, by name.
    pub measures: BTreeMap<String, Vec<Option<f64>>>,
}

/// A candidate.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Candidate {
    /// The measure.
    pub measure: String,
    /// Its unit.
    pub unit: &'static str,
    /// Its mean over what is left, and its standard deviation.
    pub mean: f64,
    /// How far it is from that in one place or another.
    pub sd: f64,
    /// The part of the answer's variance that goes with it.
    pub explains: f64,
    /// By how much narrower the band of the answer would be, as a part of it.
    pub narrows: f64,
}

/// A candidate is observed as well as this part of its mean, as far off as the model may be (assumed).
pub const KNOWN_WITHIN: f64 = 0.1;
/// The powers of the candidate by which the answer is told, the plain number among them.
const POWERS: usize = 3;

impl Left {
    /// What an outcome left.
    pub fn of(outcome: &Outcome, scenario: &str, figures: &[Figure]) -> Left {
        let sum: f64 = outcome.left.iter().map(|(_, weight)| weight).sum();
        let found = || outcome.left.iter().map(|(place, _)| outcome.tried[*place].found.as_ref());
        let answer = |number: usize| {
            let value = move |found: Option<&super::Found>| found?.answers.get(number).copied().flatten();
            found().map(|found| value(found).map(|seen| seen.value)).collect()
        };
        let measure =
            |number: usize| found().map(|found| found?.measures.get(number).copied().flatten()).collect();
        Left {
            schema: 1,
            version: Tool::THIS.version.into(),
            scenario: scenario.into(),
            effective: outcome.effective,
            weights: outcome.left.iter().map(|(_, weight)| weight / sum).collect(),
            answers: figures
                .iter()
                .enumerate()
                .map(|(at, figure)| (figure.to_string(), answer(at)))
                .collect(),
            measures: Measure::ALL
                .iter()
                .enumerate()
                .map(|(at, own)| (own.name().into(), measure(at)))
                .collect(),
        }
    }

    /// The candidates, the one that narrows the answer most first.
    ///
    /// # Errors
    /// If too few places are left, or the figure is none that was kept.
    pub fn candidates(&self, figure: Figure) -> Result<Vec<Candidate>, String> {
        let effective = self.effective;
        if effective < FEWEST {
            return Err(format!(
                "what is left is worth {effective:.0} places, and less than {FEWEST} say nothing of what goes with what"
            ));
        }
        let answers = self.answers.get(&figure.to_string()).ok_or_else(|| {
            let known: Vec<&str> = self.answers.keys().map(String::as_str).collect();
            format!("the calibration did not keep `{figure}`; it kept {}", known.join(", "))
        })?;
        let candidate = |measure: &Measure| {
            let values = self.measures.get(measure.name())?;
            let known = values.iter().zip(answers).zip(&self.weights);
            let known: Vec<[f64; 3]> = known
                .filter_map(|((value, answer), weight)| Some([(*value)?, (*answer)?, *weight]))
                .collect();
            let (mean, variance) = moments(&known, 0)?;
            let explains = explained(&known, mean, variance, effective)?;
            let error = KNOWN_WITHIN * mean.abs();
            let reliable = variance / (variance + error * error);
            Some(Candidate {
                measure: measure.name().into(),
                unit: measure.unit(),
                mean: rounded(mean),
                sd: rounded(libm::sqrt(variance)),
                explains: rounded(explains),
                narrows: rounded(1.0 - libm::sqrt(1.0 - explains * reliable)),
            })
        };
        let mut all: Vec<Candidate> = Measure::ALL.iter().filter_map(candidate).collect();
        all.sort_by(|a, b| b.narrows.total_cmp(&a.narrows));
        Ok(all)
    }
}

/// The mean and the variance of a column by weight; none where it does not vary.
fn moments(known: &[[f64; 3]], column: usize) -> Option<(f64, f64)> {
    let sum: f64 = known.iter().map(|row| row[2]).sum();
    let mean = known.iter().map(|row| row[2] * row[column]).sum::<f64>() / sum;
    let variance =
        known.iter().map(|row| row[2] * (row[column] - mean) * (row[column] - mean)).sum::<f64>() / sum;
    (sum > 0.0 && variance > 1e-18 * (1.0 + mean * mean)).then_some((mean, variance))
}

/// The part of the answer's variance that powers of the candidate explain, less what so many would explain by chance.
fn explained(known: &[[f64; 3]], mean: f64, variance: f64, effective: f64) -> Option<f64> {
    let (middle, all) = moments(known, 1)?;
    let sd = libm::sqrt(variance);
    let terms = |value: f64| {
        let part = (value - mean) / sd;
        let mut terms = [1.0; POWERS];
        (1..POWERS).for_each(|power| terms[power] = terms[power - 1] * part);
        terms
    };
    let mut equations = [[0.0; POWERS + 1]; POWERS];
    for [value, answer, weight] in known {
        let terms = terms(*value);
        for (row, term) in equations.iter_mut().zip(terms) {
            row.iter_mut().zip(terms).for_each(|(sum, other)| *sum += weight * term * other);
            row[POWERS] += weight * term * (answer - middle);
        }
    }
    let by = solved(equations)?;
    let sum: f64 = known.iter().map(|row| row[2]).sum();
    let off = |[value, answer, weight]: &[f64; 3]| {
        let told: f64 = terms(*value).iter().zip(by).map(|(term, by)| term * by).sum();
        weight * (answer - middle - told) * (answer - middle - told)
    };
    let left = known.iter().map(off).sum::<f64>() / sum / all;
    let freedom = (effective - 1.0) / (effective - POWERS as f64);
    Some((1.0 - left * freedom).clamp(0.0, 1.0))
}

/// Solves equations by elimination; none where they say the same twice.
fn solved(mut rows: [[f64; POWERS + 1]; POWERS]) -> Option<[f64; POWERS]> {
    for at in 0..POWERS {
        let pivot = (at..POWERS).max_by(|a, b| rows[*a][at].abs().total_cmp(&rows[*b][at].abs()))?;
        rows.swap(at, pivot);
        if rows[at][at].abs() < 1e-12 {
            return None;
        }
        let own = rows[at];
        for (_, row) in rows.iter_mut().enumerate().filter(|(number, _)| *number != at) {
            let by = row[at] / own[at];
            row.iter_mut().zip(own).for_each(|(cell, other)| *cell -= by * other);
        }
    }
    Some(std::array::from_fn(|at| rows[at][POWERS] / rows[at][at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    /// What the answer follows narrows it, the more the better it is known; what it has nothing to do with does not.
    #[test]
    fn what_the_answer_follows_comes_first() {
        let draws = Streams::new(1, "", 0).keyed("next");
        let places = 200;
        let one = |at: u64| (0..places).map(|place| draws.normal(place * 8 + at)).collect::<Vec<f64>>();
        let (cause, other, noise) = (one(0), one(1), one(2));
        let answers =
            cause.iter().zip(&noise).map(|(cause, noise)| Some(0.5 + 0.1 * cause * cause + 0.02 * noise));
        let some =
            |values: &[f64], by: f64| values.iter().map(|value| Some(10.0 + by * value)).collect::<Vec<_>>();
        let left = Left {
            schema: 1,
            version: String::new(),
            scenario: String::new(),
            effective: 200.0,
            weights: vec![1.0 / places as f64; places as usize],
            answers: [(Figure::FIRST.to_string(), answers.collect())].into(),
            measures: [
                ("pickups_per_day".to_owned(), some(&cause, 5.0)),
                ("minutes_per_day".to_owned(), some(&cause, 0.5)),
                ("wifi_share".to_owned(), some(&other, 5.0)),
                ("low_power_share".to_owned(), vec![Some(0.1); places as usize]),
            ]
            .into(),
        };
        let found = left.candidates(Figure::FIRST).unwrap();
        let names: Vec<&str> = found.iter().map(|candidate| candidate.measure.as_str()).collect();
        assert_eq!(names, ["pickups_per_day", "minutes_per_day", "wifi_share"]);
        assert!(found[0].explains > 0.95 && found[0].narrows > 0.6, "{found:?}");
        // It follows as well, but is known to a tenth of its mean, which is twice as far as it goes.
        assert!(found[1].explains > 0.95 && found[1].narrows < 0.2, "{found:?}");
        assert!(found[2].explains < 0.05, "{found:?}");
        assert!(left.candidates(Figure::MEDIAN).unwrap_err().contains("did not keep"));
        let few = Left { effective: 2.0, ..left };
        assert!(few.candidates(Figure::FIRST).unwrap_err().contains("less than 50"));
    }
}
