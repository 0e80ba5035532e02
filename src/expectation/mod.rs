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
mod selected;
mod session;
mod trial;

pub use baseline::{Baseline, Change, Changes, config_changes};
pub use choice::{Choice, Condition, choose};
pub use decide::{Found, Ruling, Verdict, decide};
pub use law::{Breaches, CONDITIONS, EVENTS, Law};
pub use outcome::{Changed, Checked, Outcome};
pub use parse::{Claim, Comparison, Limit};
pub use quantity::Quantity;
pub use selected::{SelectsNothing, slice_of, whose};
pub use session::{SelectsNobody, Session, Tested, test};
pub use trial::{Trial, run_trial, run_trials};

use crate::scenario::{Diagnostic, Diagnostics, Quoted, Scenario, Selects};
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
        let slice = selected::slice(scenario, expect, &mut faults);
        for written in &expect.asserts {
            let speaks_of_some = expect.selects.is_some();
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
            selects: expect.selects.clone(),
            slice,
            versus_baseline: expect.versus_baseline,
            asserts,
        });
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
        let mut slices: Vec<Slice> = expectations.iter().map(|each| each.slice.clone()).collect();
        slices.sort_unstable();
        slices.dedup();
        Watched { laws: laws.collect(), slices }
    }
}
