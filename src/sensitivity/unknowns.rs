//! The numbers that rest on no published source, and how each is written into a scenario.

use crate::scenario::{Scenario, within};
use crate::section::Number;
use crate::source::Tag;
use crate::time::Span;
use crate::units::Bytes;
use serde::Serialize;
use toml::{Table, Value};

/// A number that is assumed or reverse-engineered.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Unknown {
    /// Its key, `fleet.` standing for every entry of the fleet.
    pub key: String,
    /// What it means.
    pub what: &'static str,
    /// What it rests on.
    pub tag: Tag,
    /// The unit of its range.
    pub unit: &'static str,
    /// The values that are plausible.
    pub range: [f64; 2],
    /// What the scenario has.
    pub value: String,
    #[serde(skip)]
    form: Form,
}

/// A number that cannot be varied.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Skipped {
    /// Its key.
    pub key: String,
    /// Why not.
    pub why: String,
}

/// How a scenario writes a number; lengths and sizes carry how much one of the range's unit is.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Form {
    Float,
    Integer,
    Span(f64),
    Bytes(f64),
}

impl Form {
    fn of(value: &Value, unit: &str) -> Result<Form, String> {
        let is_span = |text: &str| text.parse::<Span>().is_ok();
        match value {
            Value::Float(_) => Ok(Form::Float),
            Value::Integer(_) => Ok(Form::Integer),
            Value::Array(_) => Err("it is a list".into()),
            Value::String(text) => {
                let units: [(&str, f64); 5] =
                    [("ms", 1.0), ("s", 1e3), ("min", 6e4), ("h", 3.6e6), ("d", 8.64e7)];
                let sizes: [(&str, f64); 3] = [("kB", 1e3), ("MB", 1e6), ("GB", 1e9)];
                let known = if is_span(text) { units.as_slice() } else { sizes.as_slice() };
                let size = known.iter().find(|(name, _)| *name == unit).map(|(_, size)| *size);
                let size = size.ok_or_else(|| format!("its range is in `{unit}`, its value is {text}"))?;
                Ok(if is_span(text) { Form::Span(size) } else { Form::Bytes(size) })
            }
            other => Err(format!("it is a {}", other.type_str())),
        }
    }

    fn written(self, value: f64) -> Value {
        match self {
            Form::Float => Value::Float(value),
            Form::Integer => Value::Integer((value + 0.5) as i64),
            Form::Span(ms) => Value::String(Span::from_secs_f64(value * ms / 1000.0).to_string()),
            Form::Bytes(bytes) => Value::String(Bytes::new((value * bytes + 0.5) as u64).to_string()),
        }
    }
}

/// The unknowns that a scenario rests on, and those among them that cannot be varied.
pub fn unknowns(scenario: &Scenario) -> (Vec<Unknown>, Vec<Skipped>) {
    let config = scenario.config();
    let persons: Vec<Table> =
        scenario.fleet.groups.iter().filter_map(|group| Table::try_from(&group.persona).ok()).collect();
    let (mut unknowns, mut skipped) = (Vec::new(), Vec::new());
    for (section, number) in scenario.numbers_in_use() {
        let Number { key, what, tag, unit, range, .. } = *number;
        if !matches!(tag, Tag::Assumed | Tag::ReverseEngineered) {
            continue;
        }
        let name = format!("{section}.{key}");
        // Its devices differ already; which of its values to vary nobody has said.
        if scenario.is_mixed(section, key) {
            skipped.push(Skipped { key: name, why: "it is a mix".into() });
            continue;
        }
        let values: Vec<&Value> = match section {
            "fleet" => persons.iter().filter_map(|person| person.get(key)).collect(),
            _ => within(&config, section, key).into_iter().collect(),
        };
        // A parameter of a model that is not chosen stands nowhere.
        let Some(first) = values.first() else { continue };
        match Form::of(first, unit) {
            Ok(form) => unknowns.push(Unknown {
                key: name,
                what,
                tag,
                unit,
                range: [range.0, range.1],
                value: shown(&values),
                form,
            }),
            Err(why) => skipped.push(Skipped { key: name, why }),
        }
    }
    (unknowns, skipped)
}

/// The values of the fleet's entries, each once.
fn shown(values: &[&Value]) -> String {
    let mut texts: Vec<String> =
        values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), String::from)).collect();
    texts.dedup();
    texts.join(" / ")
}

/// What `--set` would take to give these unknowns these values, each in the unit of its range.
pub fn sets<'a>(values: impl Iterator<Item = (&'a Unknown, f64)>) -> Vec<String> {
    values.map(|(unknown, value)| format!("{}={}", unknown.key, unknown.form.written(value))).collect()
}

impl Unknown {
    /// The value this far through the range: 0 is its lower end and 1 its higher.
    pub fn at(&self, part: f64) -> f64 {
        let [low, high] = self.range;
        low + (high - low) * part
    }

    /// The unknown with a value, in words.
    pub fn says(&self, value: f64) -> String {
        let written = self.form.written(value);
        let text = written.as_str().map_or_else(|| written.to_string(), String::from);
        format!("{} = {text}", self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    #[test]
    fn every_unknown_of_every_bundled_scenario_can_be_set_to_both_ends() {
        for name in ["email-plus", "periodic-15m"] {
            let scenario = load(name, &[]).unwrap();
            let (unknowns, skipped) = unknowns(&scenario);
            assert!(skipped.iter().all(|skipped| skipped.why == "it is a list"), "{skipped:?}");
            assert!(unknowns.len() > if name == "email-plus" { 60 } else { 0 });
            for unknown in &unknowns {
                for part in [0.0, 1.0] {
                    let sets = sets([(unknown, unknown.at(part))].into_iter());
                    let changed = load(name, &sets).map_err(|e| e.to_string()).unwrap();
                    assert_eq!(changed.name, scenario.name);
                }
            }
            for part in [0.0, 1.0] {
                let sets = sets(unknowns.iter().map(|unknown| (unknown, unknown.at(part))));
                load(name, &sets).map_err(|e| e.to_string()).unwrap();
            }
        }
    }
}
