//! What every run and report warns of: the graver findings of the lint, in the words of a run.

use super::{Code, Finding, Severity, codes, lint};
use crate::scenario::Scenario;
use serde::{Serialize, Serializer};
use std::fmt;

/// Something that whoever reads a result ought to know; files keep its code alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// What scripts call it.
    pub code: &'static str,
    /// What it says, in one sentence.
    pub words: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.words, self.code)
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

/// Findings about the spelling of a file. Of two scenarios that are the same, one may be written so and the
/// other not, and what is the same warns of the same.
const OF_THE_SPELLING: [&Code; 2] = [&codes::no_effect, &codes::fleet_row_unused];

/// What is questionable about a scenario: what the lint finds of it, but for what is merely worth knowing and
/// what is a matter of spelling.
pub fn warnings(scenario: &Scenario) -> Vec<Warning> {
    let is_grave = |found: &Finding| {
        found.code.severity >= Severity::Warning
            && OF_THE_SPELLING.iter().all(|code| code.code != found.code.code)
    };
    let findings = lint(scenario).into_iter().filter(is_grave);
    findings.map(|found| Warning { code: found.code.code, words: found.message }).collect()
}
