//! A report as data: what is said, shown and cited, in the order of the page. It is kept beside the record as
//! `report.json`, from which alone the page can be made again.

use super::charts::{Cells, Chart};
use super::entry::Values;
use super::human::{EACH_ALONE, ONE_READER, count, duration};
use crate::record::{Interrupted, Tool};
use crate::scenario::Scenario;
use crate::time::{Span, Time};
use serde::{Deserialize, Serialize};

/// `report.json`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// The version of this format.
    pub schema: u32,
    /// What made it: program and version.
    pub tool: String,
    /// What it is about.
    pub title: String,
    /// Whether it is of the logs of a real phone.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_observed: bool,
    /// How far it came, if it was interrupted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<Interrupted>,
    /// The answer, a sentence each.
    pub verdict: Vec<String>,
    /// The same in fewer sentences, where a sentence for each arm would be too many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_brief: Vec<String>,
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
    /// The command that makes a page in which its numbers are turned, where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub explore: String,
    /// Whether that page lies beside it.
    #[serde(default, skip_serializing_if = "is_not")]
    pub is_live: bool,
}

/// The page that lies beside a report that is live.
pub const LIVE: &str = "explorer.html";

fn is_not(flag: &bool) -> bool {
    !flag
}

/// A table with its caption.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Captioned {
    /// What it shows.
    pub caption: String,
    /// Where it stands.
    #[serde(default)]
    pub place: Place,
    /// Its cells. A row that has text in its first cell alone is a heading of the rows below it.
    pub cells: Cells,
    /// Whether each column holds numbers, which stand on the right.
    pub numbers: Vec<bool>,
}

/// Where a table stands in a report.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Among what decides: before the pictures, and on the pages for a board.
    #[default]
    Answer,
    /// Behind all else, for who wants every figure.
    Appendix,
}

impl Captioned {
    /// The same in the appendix.
    pub(super) fn appended(self) -> Captioned {
        Captioned { place: Place::Appendix, ..self }
    }
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

/// The version of `report.json`.
pub const SCHEMA: u32 = 1;

/// A report of these arms with what all reports say: `facts` stand below how many devices were simulated and
/// over which span.
pub(super) fn begun(
    arms: &[(&str, &Scenario)],
    devices: u64,
    facts: impl IntoIterator<Item = (String, String)>,
    command: &str,
) -> Report {
    let (_, scenario) = arms[0];
    let first = scenario.clock.wall(scenario.start);
    let about = [
        ("Devices", count(devices)),
        ("Measured", days(scenario.measured())),
        ("From", format!("{}, {}", first.strftime("%-d %B %Y %H:%M"), scenario.time_zone())),
        ("Warm-up", days(scenario.start.since(Time::ORIGIN))),
        ("Seed", scenario.seed.to_string()),
        ("Reader", ONE_READER.into()),
        ("Intervals", EACH_ALONE.into()),
    ];
    // In full, as files that can be run again.
    let source = |(label, scenario): &(&str, &Scenario)| ScenarioText {
        label: label.to_string(),
        toml: scenario.effective(),
    };
    Report {
        schema: SCHEMA,
        tool: format!("{} {}", Tool::THIS.name, Tool::THIS.version),
        about: about.map(|(name, value)| (name.into(), value)).into_iter().chain(facts).collect(),
        scenarios: arms.iter().map(source).collect(),
        assumptions: assumptions(arms),
        command: command.into(),
        ..Report::default()
    }
}

impl Report {
    /// Says of the report, and of each of its charts, which travel alone, that it is of something interrupted.
    pub fn interrupted_by(mut self, interrupted: Option<Interrupted>) -> Report {
        self.interrupted = interrupted;
        if let Some(interrupted) = interrupted {
            for (_, chart) in &mut self.charts {
                let subtitle = &mut chart.heading_mut().subtitle;
                *subtitle = format!("{interrupted}; {subtitle}").trim_end_matches("; ").into();
            }
        }
        self
    }
}

fn days(span: Span) -> String {
    match span.ms() % Span::DAY.ms() {
        0 => format!("{} days", count(span.ms() / Span::DAY.ms())),
        _ => duration(span),
    }
}

/// The numbers that these scenarios rest on, each once; where they have different values, all of them.
fn assumptions(arms: &[(&str, &Scenario)]) -> Vec<Assumption> {
    let mut all: Vec<Assumption> = Vec::new();
    for (label, scenario) in arms {
        let values = Values::of(scenario);
        for (section, number) in scenario.numbers_in_use() {
            let (entry, _) = values.entry(section, number);
            let key = format!("{section}.{}", number.key);
            match all.iter_mut().find(|known| known.key == key) {
                Some(known) if known.value == entry.value() => known.overridden |= entry.overridden,
                Some(known) => {
                    known.value += &format!("; {} with {label}", entry.value());
                    known.overridden |= entry.overridden;
                }
                None => all.push(Assumption {
                    key,
                    what: number.says(),
                    value: entry.value(),
                    range: entry.range(),
                    tag: number.tag.name().into(),
                    source: number.source(),
                    overridden: entry.overridden,
                }),
            }
        }
    }
    all
}
