//! Which of the numbers that nobody published matter for an answer, and whether it survives them.
//!
//! Each unknown is set to both ends of its range, the others staying as they are; then all of them are
//! moved together by Morris' screening, which meets what they do in company.

mod analysis;
mod morris;
mod unknowns;

pub use analysis::{Question, analyse};
pub use morris::{LEVELS, Step, Trajectory, trajectories};
pub use unknowns::{Skipped, Unknown, sets, unknowns};

use crate::analysis::jackknife::Interval;
use crate::figure::Figure;
use crate::record::{Interrupted, Tool, rounded};
use crate::summary::{Estimate, ends};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// `sensitivity.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Sensitivity {
    /// The version of this format.
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// What was simulated.
    pub scenario: About,
    /// How far it came, if it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<Interrupted>,
    /// The figure.
    pub figure: Figure,
    /// The arm whose difference from the scenario the figure is, where one was given.
    pub difference_to: Option<String>,
    /// The figure with every number as the scenario has it.
    #[serde(serialize_with = "in_files")]
    pub base: Estimate,
    /// The lowest and the highest value of the figure at any point.
    pub span: Option<[f64; 2]>,
    /// Points that were tried.
    pub points: usize,
    /// Whether all that were planned could be tried.
    pub complete: bool,
    /// Trajectories of the screening.
    pub trajectories: usize,
    /// The unknowns, those that matter the most first.
    pub unknowns: Vec<Effect>,
    /// Numbers that could not be varied.
    pub skipped: Vec<Skipped>,
    /// Whether the sign of the difference survives, where there is one.
    pub sign: Option<Sign>,
    /// All this in a sentence.
    pub conclusion: String,
}

/// The scenario in brief.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Hash of its effective configuration.
    pub sha256: String,
    /// The seed.
    pub seed: u64,
    /// Devices at each point.
    pub devices: u32,
    /// The command that makes the same again.
    pub command: String,
}

/// What an unknown does to the figure.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    /// The unknown.
    #[serde(flatten)]
    pub unknown: Unknown,
    /// The figure at the lower end of its range, the others as they are.
    #[serde(serialize_with = "in_files")]
    pub at_low: Estimate,
    /// The figure at the higher end.
    #[serde(serialize_with = "in_files")]
    pub at_high: Estimate,
    /// How far the figure swings between both ends and its value as it is.
    pub swing: Option<f64>,
    /// Morris' μ*: the mean size of its elementary effects, as a change over the whole range.
    pub mu_star: Option<f64>,
    /// Morris' σ: their standard deviation, which is large where it depends on the others.
    pub sigma: Option<f64>,
}

/// Whether the sign of a difference survives.
#[derive(Clone, Debug, Serialize)]
pub struct Sign {
    /// Whether no point has the contrary sign by more than chance.
    pub survives: bool,
    /// Points with the sign of the base whose interval leaves zero out.
    pub same: usize,
    /// Points where no difference can be seen.
    pub unseen: usize,
    /// Points with the contrary sign whose interval leaves zero out.
    pub contrary: usize,
    /// The difference that is least in favour of the sign, and where it was found.
    #[serde(serialize_with = "in_files")]
    pub least: Estimate,
    /// Where that was.
    pub least_at: String,
}

/// An estimate as it stands in files: with words where too few devices carry it.
fn in_files<S: Serializer>(found: &Estimate, serializer: S) -> Result<S::Ok, S::Error> {
    let interval = found.ci95.map(|[low, high]| Interval { low, high });
    let mut fields = serializer.serialize_struct("Estimate", 2)?;
    fields.serialize_field("value", &found.value)?;
    fields.serialize_field("ci95", &ends(found.value, interval))?;
    fields.end()
}

/// A point that was tried: where it was, in words, and what was found.
pub type Tried = (String, Estimate);

impl Sensitivity {
    /// How many points there were to try.
    pub fn planned(&self) -> usize {
        analysis::planned(self.unknowns.len(), self.trajectories)
    }
}

impl Effect {
    /// The effect of an unknown from its two ends and from its elementary effects.
    pub fn of(
        unknown: Unknown,
        base: Estimate,
        at_low: Estimate,
        at_high: Estimate,
        elementary: &[f64],
    ) -> Effect {
        let values = [base, at_low, at_high].map(|found| found.value);
        let all: Option<Vec<f64>> = values.into_iter().collect();
        let swing = all.map(|all| {
            all.iter().copied().fold(f64::MIN, f64::max) - all.iter().copied().fold(f64::MAX, f64::min)
        });
        let count = elementary.len() as f64;
        let mean = elementary.iter().sum::<f64>() / count;
        let squares: f64 = elementary.iter().map(|effect| (effect - mean) * (effect - mean)).sum();
        let sizes: f64 = elementary.iter().map(|effect| effect.abs()).sum();
        Effect {
            unknown,
            at_low,
            at_high,
            swing: swing.map(rounded),
            mu_star: (count > 0.0).then(|| rounded(sizes / count)),
            sigma: (count > 1.0).then(|| rounded(libm::sqrt(squares / (count - 1.0)))),
        }
    }

    /// What unknowns are ranked by: the greater of what it does alone and in company.
    pub fn weight(&self) -> f64 {
        self.mu_star.unwrap_or(0.0).max(self.swing.unwrap_or(0.0))
    }
}

/// The lowest and the highest value at any point.
pub fn span(tried: &[Tried]) -> Option<[f64; 2]> {
    let values = tried.iter().filter_map(|(_, found)| found.value);
    values.fold(None, |span, value| {
        let [low, high] = span.unwrap_or([value, value]);
        Some([value.min(low), value.max(high)])
    })
}

/// Whether any point that was tried contradicts the sign of the base; `None` where the base has none.
pub fn sign(base: Estimate, tried: &[Tried]) -> Option<Sign> {
    let direction = base.value.filter(|value| *value != 0.0)?.signum();
    let known: Vec<&Tried> = tried.iter().filter(|(_, found)| found.value.is_some()).collect();
    // How many points lie on one side of zero with their whole interval.
    let clear = |side: f64| {
        let is_clear = |ends: [f64; 2]| ends.iter().all(|end| end * side > 0.0);
        known.iter().filter(|(_, found)| found.ci95.is_some_and(is_clear)).count()
    };
    let (same, contrary) = (clear(direction), clear(-direction));
    let favour = |tried: &Tried| tried.1.value.unwrap_or(0.0) * direction;
    let (least_at, least) = (*known.iter().min_by(|a, b| favour(a).total_cmp(&favour(b)))?).clone();
    Some(Sign {
        survives: contrary == 0,
        same,
        unseen: known.len() - same - contrary,
        contrary,
        least,
        least_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(value: f64, reach: f64) -> Estimate {
        Estimate { value: Some(value), ci95: Some([value - reach, value + reach]) }
    }

    #[test]
    fn a_sign_survives_only_everywhere() {
        let base = found(-2.0, 1.0);
        let mut tried = vec![("a".into(), found(-3.0, 1.0)), ("b".into(), found(-0.5, 1.0))];
        let kept = sign(base, &tried).unwrap();
        assert!(kept.survives);
        assert_eq!((kept.same, kept.unseen, kept.contrary, kept.least_at.as_str()), (1, 1, 0, "b"));
        tried.push(("c".into(), found(0.1, 0.01)));
        let lost = sign(base, &tried).unwrap();
        assert!(!lost.survives && lost.contrary == 1 && lost.least_at == "c");
        assert_eq!(span(&tried), Some([-3.0, 0.1]));
        assert!(sign(found(0.0, 1.0), &tried).is_none());
    }
}
