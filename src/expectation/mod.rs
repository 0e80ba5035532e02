//! What a scenario promises: the words of `assert`, the figures and laws they name, and whether they hold.
//!
//! Two errors are bounded: that a suite fails though all of it is kept, and that a promise passes though it is broken
//! ([`chance`]). Where neither can be said, a promise is undecided. What asks whether something happens at all is
//! decided by one device where it does, and without chance; so is what cannot happen as the scenario is configured.

mod baseline;
mod case;
pub mod chance;
mod choice;
mod decide;
#[cfg(test)]
mod decide_tests;
mod edge;
mod evidence;
mod exercised;
mod foresight;
mod impossible;
mod known;
mod law;
mod outcome;
mod packed;
mod parse;
mod past;
mod quantity;
mod rivals;
mod run;
mod selected;
mod session;
#[cfg(test)]
mod session_tests;
mod trial;

pub use baseline::{Baseline, Change, Changes, config_changes};
pub use case::promises;
pub use chance::{ERROR, Odds, Ruling};
pub use choice::{Choice, Condition, choose};
pub use decide::{Against, Found, Look, Says, Seen, Verdict, decide};
pub use exercised::{Exercised, KINDS, exercised};
pub use foresight::{Ahead, Doubt};
pub use known::Known;
pub use law::{Breaches, CONDITIONS, EVENTS, Law};
pub use outcome::{Changed, Checked, Outcome, SuiteOutcome};
pub use parse::{Claim, Comparison, Limit};
pub use quantity::Quantity;
pub use selected::{SelectsNothing, slice_of, whose};
pub use session::{CannotTest, SelectsNobody, Session, Suite, Tested, test};
pub use trial::{Trial, run_trial, run_trials};

use crate::scenario::{Diagnostic, Diagnostics, Place, Quoted, Scenario, Selects, Versus};
use crate::slice::Slice;

/// An expectation whose every word is understood.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What is expected, in the writer's own words.
    pub name: String,
    /// Of which phones and of what time it speaks, as it is written.
    pub selects: Option<Selects>,
    /// The same in this scenario: all of it where nothing is written.
    pub slice: Slice,
    /// What it compares with.
    pub versus: Option<Versus>,
    /// Where that is said.
    pub versus_at: Option<Place>,
    /// What is asserted.
    pub asserts: Vec<Assertion>,
}

impl Expectation {
    /// Whether it compares with the baseline.
    pub fn versus_baseline(&self) -> bool {
        self.versus == Some(Versus::Baseline)
    }
}

/// One assertion.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// As it was written.
    pub written: Quoted,
    /// What it means.
    pub claim: Claim,
}

/// Reads what is promised of a scenario: by its file, where it is the reference or an arm. What the file promises of
/// other arms must be understood too, but whom those have is known where they are read.
///
/// # Errors
/// With every word that is not understood, at its place.
pub fn read(scenario: &Scenario) -> Result<Vec<Expectation>, Diagnostics> {
    let mut faults = Vec::new();
    let mut expectations = Vec::new();
    for expect in &scenario.expects {
        let mut asserts = Vec::new();
        let is_own = expect.arm == scenario.arm;
        let slice = if is_own { selected::slice(scenario, expect, &mut faults) } else { Slice::default() };
        for written in &expect.asserts {
            let speaks_of_some = expect.selects.is_some();
            match parse::parse(&written.text, expect.versus.as_ref(), speaks_of_some) {
                Ok(claim) => asserts.push(Assertion { written: written.clone(), claim }),
                Err(fault) => {
                    let diagnostic = Diagnostic::new(fault.message, written.place(fault.part));
                    faults.push(Diagnostic { help: fault.help, ..diagnostic });
                }
            }
        }
        expectations.extend(is_own.then(|| Expectation {
            name: expect.name.clone(),
            selects: expect.selects.clone(),
            slice,
            versus: expect.versus.clone(),
            versus_at: expect.versus_at.clone(),
            asserts,
        }));
    }
    if faults.is_empty() { Ok(expectations) } else { Err(Diagnostics(faults)) }
}

/// What is to be kept an eye on while a scenario is run.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Watched {
    /// The laws, each with those whom it binds, and when.
    pub laws: Vec<(Law, Slice)>,
    /// What is spoken of, each slice once.
    pub slices: Vec<Slice>,
}

impl Watched {
    /// What these expectations name.
    pub fn of(expectations: &[Expectation]) -> Watched {
        let laws = expectations.iter().flat_map(|each| {
            each.asserts.iter().filter_map(|assertion| match assertion.claim {
                Claim::Never(law) => Some((law, each.slice.clone())),
                Claim::Figure { .. } => None,
            })
        });
        let slices = expectations.iter().map(|each| each.slice.clone());
        Watched { laws: laws.collect(), slices: Vec::new() }.with(slices)
    }

    /// The same with slices of which others speak.
    fn with(mut self, slices: impl IntoIterator<Item = Slice>) -> Watched {
        self.slices.extend(slices);
        self.slices.sort_unstable();
        self.slices.dedup();
        self
    }
}
