//! What the reports of all verbs have in common: scenarios in full, the numbers they rest on, days and seeds.

use super::document::{Assumption, ScenarioText};
use super::entry::Values;
use super::human::{count, duration};
use crate::record::Tool;
use crate::scenario::Scenario;
use crate::time::{Span, Time};

/// The version of `report.json`.
pub const SCHEMA: u32 = 1;

/// Program and version.
pub(super) fn tool() -> String {
    format!("{} {}", Tool::THIS.name, Tool::THIS.version)
}

/// How many devices were simulated over which span.
pub(super) fn about(scenario: &Scenario, devices: u64) -> Vec<(String, String)> {
    let warmup = scenario.start.since(Time::ORIGIN);
    let first = scenario.clock.wall(scenario.start);
    let zone = scenario.time_zone();
    [
        ("Devices", count(devices)),
        ("Measured", days(scenario.measured())),
        ("From", format!("{}, {zone}", first.strftime("%-d %B %Y %H:%M"))),
        ("Warm-up", days(warmup)),
        ("Seed", scenario.seed.to_string()),
    ]
    .map(|(name, value)| (name.into(), value))
    .to_vec()
}

fn days(span: Span) -> String {
    match span.ms() % Span::DAY.ms() {
        0 => format!("{} days", count(span.ms() / Span::DAY.ms())),
        _ => duration(span),
    }
}

/// The scenarios in full, each under its label.
pub(super) fn sources<'a>(arms: impl Iterator<Item = (&'a str, &'a Scenario)>) -> Vec<ScenarioText> {
    arms.map(|(label, scenario)| ScenarioText { label: label.into(), toml: scenario.effective() }).collect()
}

/// The numbers that these scenarios rest on, each once; where they have different values, all of them.
pub(super) fn assumptions<'a>(arms: impl Iterator<Item = (&'a str, &'a Scenario)>) -> Vec<Assumption> {
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

/// Words as people list them: "a, b and c".
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
