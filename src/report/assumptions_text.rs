//! The numbers of the model for people to read: one head line each, then what it means and where it
//! was found.

use super::human::trimmed;
use super::wrap::paragraph;
use crate::number::Number;

/// A number as it stands in a scenario.
pub struct Entry {
    /// Its section.
    pub section: &'static str,
    /// The number.
    pub number: &'static Number,
    /// Its values in its unit, one for each persona of the fleet; none where it is not in force.
    pub values: Vec<f64>,
    /// Whether it is a list of weights, too long to show.
    pub list: bool,
    /// Whether the scenario overrides it.
    pub overridden: bool,
}

impl Entry {
    fn unit(&self) -> &str {
        if self.number.unit == "1" { "" } else { self.number.unit }
    }

    fn value(&self) -> String {
        if self.list {
            return "a list".into();
        }
        let mut values: Vec<String> = self.values.iter().map(|value| trimmed(*value, 4)).collect();
        // Where all personas agree, one value says it; where only some do, each keeps its place.
        if values.windows(2).all(|pair| pair[0] == pair[1]) {
            values.truncate(1);
        }
        match values.len() {
            0 => "not set".into(),
            1..=4 => format!("{} {}", values.join(" / "), self.unit()).trim_end().into(),
            more => format!("{more} values"),
        }
    }

    fn range(&self) -> String {
        let (low, high) = self.number.range;
        format!("{} to {} {}", trimmed(low, 4), trimmed(high, 4), self.unit()).trim_end().into()
    }
}

/// All of them, by section. `personas` names the values of the fleet.
pub fn text(entries: &[Entry], personas: &str, width: usize) -> String {
    let mut out = String::new();
    let longest = |part: fn(&Entry) -> usize| entries.iter().map(part).max().unwrap_or(0);
    let key = longest(|entry| entry.number.key.len());
    let value = longest(|entry| entry.value().chars().count());
    let tag = longest(|entry| entry.number.tag.name().len());
    let mut section = "";
    for entry in entries {
        if entry.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            section = entry.section;
            let head = if section == "fleet" {
                format!("[[fleet]]  values of {personas}")
            } else {
                format!("[{section}]")
            };
            out += &format!("{gap}{head}\n");
        }
        let mark = if entry.overridden { "*" } else { " " };
        let Number { key: name, tag: rests_on, what, source, .. } = entry.number;
        out += &format!(
            "{mark} {name:<key$}  {:<value$}  {:<tag$}  {}\n",
            entry.value(),
            rests_on.name(),
            entry.range()
        );
        out += &paragraph("      ", &format!("{what} {}.", sourced(source)), width);
    }
    let overridden = entries.iter().filter(|entry| entry.overridden).count();
    let stars =
        if overridden > 0 { format!("; * {overridden} overridden by the scenario") } else { String::new() };
    out + &format!("\n{} numbers: key, value, tag, plausible range{stars}\n", entries.len())
}

/// Where it was found, as a sentence.
fn sourced(source: &str) -> String {
    let source = source.trim_end_matches('.');
    match source.strip_prefix("no ") {
        Some(nothing) => format!("No {nothing}"),
        None => format!("Source: {source}"),
    }
}
