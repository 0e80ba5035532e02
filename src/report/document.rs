//! A report as data: what is said, shown and cited, in the order of the page. It is kept beside the record as
//! `report.json`, from which alone the page can be made again.

use super::charts::{Cells, Chart};
use serde::{Deserialize, Serialize};

/// `report.json`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of this format.
    pub schema: u32,
    /// What made it: program and version.
    pub tool: String,
    /// What it is about.
    pub title: String,
    /// The answer, a sentence each.
    pub verdict: Vec<String>,
    /// What was simulated, in pairs of name and value: devices, days, seed, fingerprints.
    pub about: Vec<(String, String)>,
    /// What is questionable about a policy, a sentence each.
    pub warnings: Vec<String>,
    /// The figures.
    pub tables: Vec<Captioned>,
    /// The charts, each with the name of its file, which has no ending.
    pub charts: Vec<(String, Chart)>,
    /// The scenarios in full, as files that can be run again.
    pub scenarios: Vec<ScenarioText>,
    /// The numbers that the results rest on.
    pub assumptions: Vec<Assumption>,
    /// The command that makes it again.
    pub command: String,
}

/// A table with its caption.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Captioned {
    /// What it shows.
    pub caption: String,
    /// Its cells. A row that has text in its first cell alone is a heading of the rows below it.
    pub cells: Cells,
    /// Whether each column holds numbers, which stand on the right.
    pub numbers: Vec<bool>,
}

/// A scenario in full.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ScenarioText {
    /// What it is called.
    pub label: String,
    /// The effective configuration as TOML.
    pub toml: String,
}

/// A number of the model as it was used.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Assumption {
    /// Its key in a scenario.
    pub key: String,
    /// What it means.
    pub what: String,
    /// Its value with its unit.
    pub value: String,
    /// Its plausible range with its unit.
    pub range: String,
    /// What it rests on: `apple`, `xnu`, `field`, `reverse-engineered`, `measured` or `assumed`.
    pub tag: String,
    /// Where it was found.
    pub source: String,
    /// Whether the scenario overrides it.
    pub overridden: bool,
}
