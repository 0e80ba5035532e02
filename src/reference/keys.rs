//! The reference of every key, as a document: what it means, what it may be set to and what its value
//! rests on. It follows from the declarations of the keys.

use crate::persona::{FleetEntry, PersonaName};
use crate::scenario::{File, within};
use crate::section::{Held, Key, Role, Shape};
use toml::Value;

const HEAD: &str = r#"# Every key of a scenario

Made from the declarations of the keys; a test keeps it so. A decision is what an administrator or
an engineer chooses, the world is how phones and people are, and the study is how much of it is
simulated. Of a row of the fleet stand the values of light, typical and heavy. What a number rests on
is named briefly; [sources.md](sources.md) says where it is found.

Any single value of a section or of a row of the fleet may be a mix: shares of the devices in place of
the value, such as `ram = { "4 GB" = 0.4, "8 GB" = 0.6 }` or `background_app_refresh = { true = 0.88,
false = 0.12 }`. The shares add up to 1. Not mixed are the keys at the top, a `model`, what a group is
(`name`, `title`, `persona`, `weight`, `devices`), files, `align`, lists, `working_hours` and
`client.check_energy_mah`.
"#;

/// The page.
pub(super) fn markdown() -> String {
    let mut out = String::from(HEAD);
    let defaults = toml::Table::try_from(File::default()).expect("a scenario is made of what TOML can write");
    let (top, sections): (Vec<Key>, Vec<Key>) =
        File::SHAPE.keys().iter().partition(|key| key.shape.keys().is_empty());
    out += "\n## At the top\n\n";
    top.iter().for_each(|key| out += &entry(key, defaults.get(key.name).map(Value::to_string), None));
    for section in sections {
        let brackets = if matches!(section.shape, Shape::List(..)) { ["[[", "]]"] } else { ["[", "]"] };
        out += &format!("\n## `{}{}{}`\n\n{}\n\n", brackets[0], section.name, brackets[1], section.what);
        for key in section.shape.keys() {
            let value = within(&defaults, section.name, key.name);
            let default = match section.name {
                "fleet" => row_default(key),
                _ => value.map(Value::to_string),
            };
            out += &entry(key, default, value);
        }
    }
    out
}

/// The values of a row of the fleet for the personas of the model; of a mix those of one of them.
fn row_default(row: &Key) -> Option<String> {
    if let Some((whose, mix)) = row.mixed.iter().find(|(name, _)| *name == PersonaName::Typical.name()) {
        return Some(format!("{mix} of {whose}"));
    }
    let value = |persona: PersonaName| {
        let entry = FleetEntry { persona, ..FleetEntry::default() }.whole();
        let rows = toml::Table::try_from(entry).expect("an entry is made of what TOML can write");
        rows.get(row.name).map(Value::to_string)
    };
    match row.number {
        Some(_) => Some(PersonaName::ALL.map(|persona| value(persona).unwrap_or_default()).join(" / ")),
        None => value(PersonaName::Typical),
    }
}

/// A key, and below it those of the table that it holds, whose values are in `value`.
fn entry(key: &Key, default: Option<String>, value: Option<&Value>) -> String {
    let role = match key.role {
        Role::Decision => "decision",
        Role::World => "world",
        Role::Study => "study",
    };
    // A list of hours is too long to read.
    let default = match default {
        Some(_) if matches!(key.shape, Shape::Table(_)) => "that of its keys".into(),
        Some(text) if text.len() > 120 => "a list".into(),
        Some(text) => format!("`{text}`"),
        None if key.required => "none, it is needed".into(),
        None => "not set".into(),
    };
    let mut out = format!("- **`{}`** ({role}): {} Default: {default}.", key.name, key.says());
    out += &format!(" Value: {}", shape(&key.shape));
    if let Some(limit) = key.limit {
        out += &format!(", from {} to {}", limit.least, limit.most);
    }
    out += ".";
    if let Some(number) = key.number {
        let (tag, source) = (number.tag.name(), number.source());
        out += &format!(" Plausible: {}. *{tag}*: {source}.", number.plausible());
    }
    if let Shape::Table(keys) = key.shape {
        for key in keys.iter().filter(|key| key.number.is_some() || key.role == Role::Decision) {
            let value = value.and_then(|table| table.get(key.name));
            out += &format!("\n  {}", entry(key, value.map(Value::to_string), value).trim_end());
        }
    }
    if let Shape::OneOf(choices) = key.shape {
        choices.iter().for_each(|(name, what)| out += &format!("\n  - `\"{name}\"`: {what}"));
    }
    out + "\n"
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Truth => "`true` or `false`".into(),
        Shape::Whole => "a whole number".into(),
        Shape::Number => "a number".into(),
        Shape::Share => "a share, such as `0.8` or `\"80 %\"`".into(),
        Shape::Length => "a length of time, such as `\"2h 30m\"`".into(),
        Shape::LengthOrNever => "a length of time, such as `\"15m\"`, or `\"never\"`".into(),
        Shape::LengthOrTrue => "a length of time, such as `\"1d\"`, or `true`".into(),
        Shape::Size => "a size, such as `\"50 MiB\"`".into(),
        Shape::TimeOfDay => "a time of day, such as `\"08:00\"`".into(),
        Shape::DateTime => "a local time, such as `\"2026-03-02T00:00\"`".into(),
        Shape::Instant => {
            "a local time, such as `\"2026-03-09T03:00\"`, or one instant, such as `\"2026-03-09T02:00Z\"`"
                .into()
        }
        Shape::Settings => "a table of settings, such as `{ \"policy.auto_lock\" = \"1m\" }`".into(),
        Shape::Text => "a text".into(),
        Shape::OneOf(_) => "one of the names below".into(),
        Shape::List(item, None) => format!("a list; each {}", self::shape(item)),
        Shape::List(item, Some(len)) => format!("a list of {len}; each {}", self::shape(item)),
        Shape::OneOrMore(one) => format!("{}, or a list of such", self::shape(one)),
        Shape::Table(keys) => {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
            format!("a table of {}", keys.join(", "))
        }
    }
}
