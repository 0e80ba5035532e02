//! What became of a scenario's expectations: what every report is made from.

use super::baseline::Changes;
use super::chance::Ruling;
use super::decide::Verdict;
use super::foresight::Doubt;
use super::parse::Claim;
use crate::divergence::Divergence;
use crate::figure::Figure;
use crate::record::Prints;
use crate::scenario::{Place, Scenario, Selects, Versus};
use std::time::Duration;

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
    /// What was found. Against a baseline: by what it recorded.
    pub finding: Ruling,
    /// Against what the settings of the baseline come to today, where they are others.
    pub settings: Option<Ruling>,
    /// The breach of a law in words, with the device and the instant.
    pub first_breach: Option<String>,
}

impl Checked {
    /// All that was decided of it.
    pub fn rulings(&self) -> impl Iterator<Item = &Ruling> {
        [Some(&self.finding), self.settings.as_ref()].into_iter().flatten()
    }

    /// What became of it: it holds if every half of it does, and fails if one does.
    pub fn verdict(&self) -> Verdict {
        self.rulings().map(|ruling| ruling.verdict).max().unwrap_or(Verdict::Pass)
    }

    /// How likely a product that does not change is to leave it undecided, and what would help all of it.
    pub fn doubt(&self) -> Option<Doubt> {
        let Some(settings) = &self.settings else { return self.finding.doubt };
        match (self.finding.doubt, settings.doubt, &self.claim) {
            (Some(one), Some(other), Claim::Figure { comparison, .. }) => {
                Some(one.with(other, comparison.larger_is_easier()))
            }
            // What would help a half of which nothing is foreseen nobody knows.
            (one, other, _) => one.or(other).map(|doubt| Doubt { bound: None, devices: None, ..doubt }),
        }
    }
}

/// What is different from the baseline.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The figures.
    pub figures: Changes,
    /// The keys of the configuration that differ.
    pub keys: Vec<String>,
    /// Why its settings cannot be simulated beside those that are tested, if they cannot.
    pub lost: Option<String>,
    /// Where the first device's life parts from what it was, by today's code.
    pub divergence: Option<Divergence>,
    /// How many devices the baseline has, where fewer were simulated.
    pub fewer: Option<u64>,
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
    /// Why its baseline cannot be used, if it cannot: what is compared with that is not decided.
    pub fault: Option<String>,
    /// What is different from the baseline, where there is one and anything is.
    pub changed: Option<Changed>,
    /// Whether a baseline was written.
    pub updated: bool,
    /// What occurred on its devices, of all that a suite is to exercise.
    pub occurred: Vec<Figure>,
    /// How long its devices took those who simulated them, where the plan has a clock.
    pub busy: Duration,
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

    /// The worst verdict; a scenario that promises nothing keeps its promises, and one that cannot be compared as it
    /// promises does not.
    pub fn verdict(&self) -> Verdict {
        if self.fault.is_some() {
            return Verdict::Fail;
        }
        self.checked.iter().map(Checked::verdict).max().unwrap_or(Verdict::Pass)
    }

    /// How many assertions have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.checked.iter().filter(|checked| checked.verdict() == verdict).count()
    }
}

/// All that was tested together.
#[derive(Clone, Debug)]
pub struct SuiteOutcome {
    /// Each scenario.
    pub outcomes: Vec<Outcome>,
    /// How many promises chance could have failed.
    pub promises: usize,
    /// Whether what cannot be decided lets the build go on.
    pub allows_undecided: bool,
    /// Whether it was ended before all was tested.
    pub is_interrupted: bool,
}

impl SuiteOutcome {
    /// Whether the build goes on with such a verdict.
    pub fn lets_through(&self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Pass => true,
            Verdict::Undecided => self.allows_undecided,
            Verdict::Fail => false,
        }
    }

    /// Whether it goes on.
    pub fn is_open(&self) -> bool {
        self.outcomes.iter().all(|outcome| self.lets_through(outcome.verdict()))
    }
}
