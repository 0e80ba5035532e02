//! What a suite promises, as it is written, before anything is simulated.

use super::human::devices;
use crate::expectation::{Expectation, whose};
use crate::record::Tool;
use crate::scenario::{Scenario, Versus};
use serde_json::{Value, json};

/// A scenario that would be tested.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The scenario, or an arm of one.
    pub scenario: &'a Scenario,
    /// Its file, or the bundled name.
    pub file: &'a str,
    /// What is promised of it.
    pub expectations: &'a [Expectation],
}

impl Listed<'_> {
    fn arm(&self) -> Option<&str> {
        self.scenario.arm.as_ref().map(|arm| arm.name.as_str())
    }
}

/// For people: each assertion with the place where it stands.
pub fn text(listed: &[Listed<'_>]) -> String {
    let mut out = String::new();
    for one in listed {
        let arm = one.arm().map_or_else(String::new, |arm| format!(", arm {arm}"));
        let number = devices(one.scenario.devices.into());
        out += &format!("{}{arm} ({}), {number}\n", one.scenario.name, one.file);
        for expectation in one.expectations {
            let of = expectation.selects.as_ref().map(whose).unwrap_or_default();
            let versus = expectation
                .versus
                .as_ref()
                .map_or_else(String::new, |versus| format!(", versus {}", versus.name()));
            out += &format!("  {}{of}{versus}\n", expectation.name);
            for assertion in &expectation.asserts {
                let place = assertion.written.whole();
                let place =
                    place.map_or_else(String::new, |place| format!("  ({}:{})", place.label, place.line));
                out += &format!("    {}{place}\n", assertion.written.text);
            }
        }
    }
    out
}

/// `{schema, tool, scenarios[{scenario, arm, file, devices, seed, asserts[{expectation, assert, where, versus, place}]}]}`
pub fn json(listed: &[Listed<'_>]) -> Value {
    let scenarios = listed.iter().map(|one| {
        let asserts = one.expectations.iter().flat_map(|expectation| {
            expectation.asserts.iter().map(|assertion| {
                let place = assertion.written.whole();
                json!({
                    "expectation": expectation.name,
                    "assert": assertion.written.text,
                    "where": expectation.selects,
                    "versus": expectation.versus.as_ref().map(Versus::name),
                    "place": place.map(|place| format!("{}:{}:{}", place.label, place.line, place.column)),
                })
            })
        });
        json!({
            "scenario": one.scenario.name,
            "arm": one.arm(),
            "file": one.file,
            "devices": one.scenario.devices,
            "seed": one.scenario.seed,
            "asserts": asserts.collect::<Vec<_>>(),
        })
    });
    json!({ "schema": 1, "tool": Tool::THIS, "scenarios": scenarios.collect::<Vec<_>>() })
}
