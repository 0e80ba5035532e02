//! The numbers of the model as a scenario has them, each with what it rests on.

use super::human::trimmed;
use crate::persona::{FleetEntry, Persona, PersonaName};
use crate::scenario::{File, Scenario, keys, within};
use crate::section::{Held, Number, Shape};
use crate::units::in_unit;
use serde_json::{Value, json};

/// A number as it stands in a scenario.
pub struct Entry {
    /// Its section.
    pub section: &'static str,
    /// The number.
    pub number: &'static Number,
    /// Its values in its unit, one for each group of the fleet; none where it is not in force.
    pub values: Vec<f64>,
    /// Whether it is a list of weights, too long to show.
    pub list: bool,
    /// Whether the scenario overrides it.
    pub overridden: bool,
}

impl Entry {
    /// Its value with its unit.
    pub fn value(&self) -> String {
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
            1..=4 => self.number.in_unit(values.join(" / ")),
            more => format!("{more} values"),
        }
    }

    /// Its plausible range with its unit.
    pub fn range(&self) -> String {
        let (low, high) = self.number.range;
        self.number.in_unit(format_args!("{} to {}", trimmed(low, 4), trimmed(high, 4)))
    }
}

/// A choice by name of which nobody has published how it is made.
pub struct Unpublished {
    /// The path of its key.
    pub key: String,
    /// What it means, in a sentence.
    pub what: &'static str,
    /// What is chosen here.
    pub value: String,
    /// What could be in its place.
    pub or: Vec<&'static str>,
    /// Whether the scenario overrides it.
    pub overridden: bool,
}

/// The values in force, and those that hold by default.
pub struct Values {
    chosen: toml::Table,
    defaults: toml::Table,
    personas: Vec<(String, toml::Table)>,
}

impl Values {
    /// Those of a scenario.
    pub fn of(scenario: &Scenario) -> Values {
        let people = scenario.fleet.groups.iter().map(|group| (group.name.clone(), group.persona.clone()));
        let mut values = Values::new(scenario.file_config(), people);
        for (group, (_, rows)) in values.personas.iter_mut().enumerate() {
            scenario.print_row_mixes(group, rows);
        }
        values
    }

    /// Those that hold where a scenario says nothing, for the personas of the model.
    pub fn by_default() -> Values {
        let person = |persona: PersonaName| {
            (persona.name().into(), FleetEntry { persona, ..FleetEntry::default() }.resolve())
        };
        let mut values = Values::new(File::default().config(), PersonaName::ALL.into_iter().map(person));
        for (persona, rows) in &mut values.personas {
            for row in FleetEntry::SHAPE.keys() {
                let mix = row.mixed.iter().find(|(whose, _)| whose == persona);
                rows.extend(mix.and_then(|(_, mix)| Some((row.name.into(), mix.parse().ok()?))));
            }
        }
        values
    }

    fn new(chosen: toml::Table, people: impl Iterator<Item = (String, Persona)>) -> Values {
        let row = |(name, person): (String, Persona)| {
            let rows = toml::Table::try_from(person).expect("a person is made of what TOML can write");
            (name, rows)
        };
        Values { chosen, defaults: File::default().config(), personas: people.map(row).collect() }
    }

    /// The groups, or personas, of which the numbers of the fleet are.
    pub fn personas(&self) -> impl Iterator<Item = &str> {
        self.personas.iter().map(|(name, _)| name.as_str())
    }

    /// What is chosen by name, and by nobody who is known to have published it.
    pub fn unpublished(&self) -> impl Iterator<Item = Unpublished> + '_ {
        let of = |section, name| {
            let value = |table| within(table, section, name).map(|value| value.to_string());
            [value(&self.chosen), value(&self.defaults)]
        };
        keys().into_iter().filter(|(_, key)| key.unpublished).filter_map(move |(section, key)| {
            let Shape::OneOf(names) = key.shape else { return None };
            let [chosen, default] = of(section, key.name);
            // Where it is not in force it stands nowhere.
            let value = chosen.clone()?;
            let or = names.iter().map(|(name, _)| *name).filter(|name| value != format!("\"{name}\""));
            Some(Unpublished {
                key: format!("{section}.{}", key.name),
                what: key.what,
                or: or.collect(),
                value,
                overridden: chosen != default,
            })
        })
    }

    /// The number with its values, and those as a scenario spells them.
    pub fn entry(&self, section: &'static str, number: &'static Number) -> (Entry, Value) {
        let of = |table: &toml::Table| within(table, section, number.key).cloned();
        let written: Vec<toml::Value> = match section {
            "fleet" => self.personas.iter().filter_map(|(_, row)| row.get(number.key).cloned()).collect(),
            _ => of(&self.chosen).into_iter().collect(),
        };
        let overridden = match self.chosen.get(section) {
            Some(toml::Value::Array(rows)) => rows.iter().any(|row| row.get(number.key).is_some()),
            _ => of(&self.chosen).is_some_and(|value| Some(value) != of(&self.defaults)),
        };
        let entry = Entry {
            section,
            number,
            values: written.iter().flat_map(each).filter_map(|value| in_unit(&value, number.unit)).collect(),
            list: written.iter().any(toml::Value::is_array),
            overridden,
        };
        let spelled = if section == "fleet" { json!(written) } else { json!(written.first()) };
        (entry, spelled)
    }
}

/// A value, or each of a mix; numbers are names there.
fn each(value: &toml::Value) -> Vec<toml::Value> {
    let named = |name: &String| name.parse().map_or_else(|_| name.as_str().into(), toml::Value::Float);
    match value {
        toml::Value::Table(mix) => mix.keys().map(named).collect(),
        value => vec![value.clone()],
    }
}
