//! `bgsim assumptions`: every number of the model, with what it rests on.
//!
//! JSON: `{schema, tool{name, version}, scenario, personas[], numbers[{key, what, value, written, unit, tag, source,
//! range[low, high], overridden}]}`. `value` is in `unit`, as `range` is, and `written` is how a
//! scenario spells it; for `fleet.*` both are lists with an item for each of `personas`. Both are
//! null where the number belongs to a model that is not in force.

use super::{End, Fault, print, terminal_width, tool};
use crate::number::Tag;
use crate::persona::{FleetEntry, Persona, PersonaName};
use crate::report::assumptions_text::{Entry, text};
use crate::scenario::{self, File, Scenario, numbers};
use crate::units::in_unit;
use serde_json::{Value, json};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim assumptions                 every number and what it rests on
  bgsim assumptions --tag assumed   those without a source
  bgsim assumptions my.toml         the values in force; * marks what the scenario overrides")]
pub(crate) struct Args {
    /// A scenario file or bundled name, whose values are shown.
    scenario: Option<String>,
    /// Show only numbers with this tag; may be given several times.
    #[arg(long, value_enum)]
    tag: Vec<Tag>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// The values in force, and those that hold by default.
struct Values {
    chosen: toml::Table,
    defaults: toml::Table,
    personas: Vec<(String, toml::Table)>,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let default = scenario::Source { label: "defaults".into(), text: String::new() };
    let default = scenario::read(default, &[], &mut scenario::fetch)?;
    let chosen = args.scenario.as_ref().map(|name| scenario::load(name, &[])).transpose()?;
    let values = Values {
        chosen: chosen.as_ref().unwrap_or(&default).effective.parse()?,
        defaults: toml::Table::try_from(File::default())?,
        personas: personas(chosen.as_ref())?,
    };
    let wanted = |tag: Tag| args.tag.is_empty() || args.tag.contains(&tag);
    let entries: Vec<(Entry, Value)> = numbers()
        .into_iter()
        .filter(|(_, number)| wanted(number.tag))
        .map(|(section, number)| values.entry(section, number))
        .collect();
    let names: Vec<&str> = values.personas.iter().map(|(name, _)| name.as_str()).collect();
    if args.json {
        let numbers: Vec<Value> = entries.iter().map(|(entry, written)| to_json(entry, written)).collect();
        let json = json!({
            "schema": 1, "tool": tool(), "scenario": chosen.as_ref().map(|scenario| &scenario.name),
            "personas": names, "numbers": numbers,
        });
        print(&format!("{json:#}\n"))?;
    } else {
        let entries: Vec<Entry> = entries.into_iter().map(|(entry, _)| entry).collect();
        print(&text(&entries, &names.join(" / "), terminal_width()))?;
    }
    Ok(End::Done)
}

/// The people whose values are shown: those of the scenario's fleet, else the three of the model.
fn personas(scenario: Option<&Scenario>) -> Result<Vec<(String, toml::Table)>, Fault> {
    let known = [PersonaName::Light, PersonaName::Typical, PersonaName::Heavy]
        .map(|persona| (persona, FleetEntry { persona, ..FleetEntry::default() }.resolve()));
    let people: Vec<(PersonaName, Persona)> = match scenario {
        Some(scenario) => {
            scenario.fleet.iter().map(|(_, row, person)| (row.persona, person.clone())).collect()
        }
        None => known.into(),
    };
    let table =
        |(name, person): (PersonaName, Persona)| Ok((name.name().into(), toml::Table::try_from(person)?));
    people.into_iter().map(table).collect()
}

impl Values {
    /// The number with its values, and those as a scenario spells them.
    fn entry(&self, section: &'static str, number: &'static crate::number::Number) -> (Entry, Value) {
        let of = |table: &toml::Table| table.get(section).and_then(|s| s.get(number.key)).cloned();
        let written: Vec<toml::Value> = match section {
            "fleet" => self.personas.iter().filter_map(|(_, row)| row.get(number.key).cloned()).collect(),
            _ => of(&self.chosen).into_iter().collect(),
        };
        let overridden = match section {
            "fleet" => self
                .chosen
                .get(section)
                .and_then(toml::Value::as_array)
                .is_some_and(|rows| rows.iter().any(|row| row.get(number.key).is_some())),
            _ => of(&self.chosen).is_some_and(|value| Some(value) != of(&self.defaults)),
        };
        let entry = Entry {
            section,
            number,
            values: written.iter().filter_map(|value| in_unit(value, number.unit)).collect(),
            list: written.iter().any(toml::Value::is_array),
            overridden,
        };
        let spelled = match section {
            "fleet" => json!(written),
            _ => json!(written.first()),
        };
        (entry, spelled)
    }
}

fn to_json(entry: &Entry, written: &Value) -> Value {
    let number = entry.number;
    let value = match entry.section {
        _ if entry.list => written.clone(),
        "fleet" => json!(entry.values),
        _ => json!(entry.values.first()),
    };
    json!({
        "key": format!("{}.{}", entry.section, number.key), "what": number.what, "value": value,
        "written": written, "unit": number.unit, "tag": number.tag, "source": number.source,
        "range": [number.range.0, number.range.1], "overridden": entry.overridden,
    })
}
