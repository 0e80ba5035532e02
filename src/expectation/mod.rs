//! What a scenario promises: the words of `assert`, the figures and laws they name, and whether they hold.
//!
//! A count is decided exactly, on the devices of the scenario. An estimate is decided with its 95 %
//! interval: it holds if the whole interval keeps the bound, fails if none of it does, and is undecided
//! where the interval lies on both sides, because another seed might have said otherwise.

mod baseline;
mod choice;
mod decide;
mod law;
mod outcome;
mod parse;
mod quantity;
mod session;
mod trial;

pub use baseline::{Baseline, Change, Changes, config_changes};
pub use choice::{Choice, Condition, choose};
pub use decide::{Found, Ruling, Verdict, decide};
pub use law::{Breaches, CONDITIONS, EVENTS, Law};
pub use outcome::{Changed, Checked, Outcome};
pub use parse::{Claim, Comparison, Limit};
pub use quantity::Quantity;
pub use session::{SelectsNobody, Session, Tested, test};
pub use trial::{Trial, run_trial, run_trials};

use crate::persona::PersonaName;
use crate::scenario::{Diagnostic, Diagnostics, Quoted, Scenario};

/// An expectation whose every word is understood.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// What is expected, in the writer's own words.
    pub name: String,
    /// Whose phones it speaks of; everybody's where there is none.
    pub persona: Option<PersonaName>,
    /// Whether it compares with the baseline.
    pub versus_baseline: bool,
    /// What is asserted.
    pub asserts: Vec<Assertion>,
}

/// One assertion.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// As it was written.
    pub written: Quoted,
    /// What it means.
    pub claim: Claim,
}

/// Reads what a scenario promises.
///
/// # Errors
/// With every word that is not understood, at its place.
pub fn read(scenario: &Scenario) -> Result<Vec<Expectation>, Diagnostics> {
    let mut faults = Vec::new();
    let mut expectations = Vec::new();
    for expect in &scenario.expects {
        let mut asserts = Vec::new();
        for written in &expect.asserts {
            let speaks_of_some = expect.persona.is_some();
            match parse::parse(&written.text, expect.versus_baseline, speaks_of_some) {
                Ok(claim) => asserts.push(Assertion { written: written.clone(), claim }),
                Err(fault) => {
                    let diagnostic = Diagnostic::new(fault.message, written.place(fault.part));
                    faults.push(Diagnostic { help: fault.help, ..diagnostic });
                }
            }
        }
        expectations.push(Expectation {
            name: expect.name.clone(),
            persona: expect.persona,
            versus_baseline: expect.versus_baseline,
            asserts,
        });
    }
    if faults.is_empty() { Ok(expectations) } else { Err(Diagnostics(faults)) }
}

/// The kinds of users of whom expectations speak, each once.
pub fn personas(expectations: &[Expectation]) -> Vec<PersonaName> {
    let mut names: Vec<PersonaName> = expectations.iter().filter_map(|each| each.persona).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The laws that expectations name, each with those whom it binds.
pub fn laws(expectations: &[Expectation]) -> Vec<(Law, Option<PersonaName>)> {
    let laws = expectations.iter().flat_map(|each| {
        each.asserts.iter().filter_map(|assertion| match assertion.claim {
            Claim::Never(law) => Some((law, each.persona)),
            Claim::Figure { .. } => None,
        })
    });
    laws.collect()
}
