//! What became of a scenario's expectations: what every report is made from.

use super::baseline::Changes;
use super::decide::{Ruling, Verdict};
use super::parse::Claim;
use crate::divergence::Divergence;
use crate::record::Prints;
use crate::scenario::{Place, Scenario, Selects, Versus};

/// One assertion, decided.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What is expected, in the writer's own words.
    pub expectation: String,
    /// Of which phones and of what time it speaks.
    pub selects: Option<Selects>,
    /// What it compares with.
    pub versus: Option<Versus>,
    /// The assertion as it was written.
    pub text: String,
    /// Where.
    pub place: Option<Place>,
    /// What it means.
    pub claim: Claim,
    /// What was found.
    pub finding: Ruling,
    /// The breach of a law in words, with the device and the instant.
    pub first_breach: Option<String>,
}

/// What is different from the baseline.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The figures.
    pub figures: Changes,
    /// The keys of the configuration that differ.
    pub keys: Vec<String>,
    /// Where the first device's life parts from what it was, by today's code.
    pub divergence: Option<Divergence>,
    /// Which version made the baseline.
    pub version: String,
}

/// A scenario, tested.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its name.
    pub scenario: String,
    /// The arm of the file; none for the reference.
    pub arm: Option<String>,
    /// The file, or the bundled name.
    pub file: String,
    /// Devices that were simulated.
    pub devices: u64,
    /// The seed.
    pub seed: u64,
    /// Its prints on the scenario's own devices, or on those that its baseline covers.
    pub prints: Prints,
    /// Its assertions.
    pub checked: Vec<Checked>,
    /// What is different from the baseline, where there is one and anything is.
    pub changed: Option<Changed>,
    /// Whether a baseline was written.
    pub updated: bool,
}

/// A scenario and its arm, as people are told of them.
pub(super) fn called(scenario: &str, arm: Option<&str>) -> String {
    arm.map_or_else(|| scenario.into(), |arm| format!("{scenario}, arm {arm}"))
}

/// The name of the arm that a scenario is.
pub(super) fn arm_of(scenario: &Scenario) -> Option<&str> {
    scenario.arm.as_ref().map(|arm| arm.name.as_str())
}

impl Outcome {
    /// What was tested, as people are told of it.
    pub fn label(&self) -> String {
        called(&self.scenario, self.arm.as_deref())
    }

    /// The worst verdict; a scenario that promises nothing keeps its promises.
    pub fn verdict(&self) -> Verdict {
        self.checked.iter().map(|checked| checked.finding.verdict).max().unwrap_or(Verdict::Pass)
    }

    /// How many assertions have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.checked.iter().filter(|checked| checked.finding.verdict == verdict).count()
    }
}
