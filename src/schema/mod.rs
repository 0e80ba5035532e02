//! The JSON Schema of scenario files, from which editors complete. It is read off the reader of
//! scenarios itself: keys and values from their types, words and sources from their numbers.

mod shape;

pub use shape::Shape;

use crate::number::{Number, Tag};
use crate::scenario::{File, keys, limit_of, numbers};
use serde_json::{Map, Value, json};

/// The schema, in the 2020-12 draft. It says what a key may hold; how keys go together (parameters
/// of a model, weights that add up to something) only `bgsim` itself checks.
///
/// # Errors
/// If a type of the scenario cannot be described.
pub fn scenario_schema() -> Result<Value, String> {
    let Shape::Table(top) = Shape::of::<File>()? else { return Err("a scenario is a table".into()) };
    let defaults = toml::Table::try_from(File::default()).map_err(|error| error.to_string())?;
    let words = Words { keys: keys(), numbers: numbers() };
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bgsim scenario",
        "description": format!("A scenario of bgsim {}. Every key has a default.", env!("CARGO_PKG_VERSION")),
    });
    let mut properties = Map::new();
    for (key, shape) in &top {
        let property = match shape {
            Shape::Table(keys) => section(key, keys, defaults.get(*key), &words),
            Shape::List(item, _) => match &**item {
                Shape::Table(keys) => {
                    json!({ "type": "array", "minItems": 1, "items": section(key, keys, None, &words) })
                }
                _ => value(shape),
            },
            _ => limited(value(shape), "", key),
        };
        let default = defaults.get(*key).filter(|value| !value.is_table() && !value.is_array());
        properties.insert(key.to_string(), described(property, words.of("", key), default));
    }
    extend(&mut schema, closed(properties));
    Ok(schema)
}

fn section(name: &str, keys: &[(&str, Shape)], defaults: Option<&toml::Value>, words: &Words) -> Value {
    let properties = keys.iter().map(|(key, shape)| {
        let default = defaults.and_then(|section| section.get(key));
        (key.to_string(), described(limited(value(shape), name, key), words.of(name, key), default))
    });
    closed(properties.collect())
}

/// A table that has these keys and no others.
fn closed(properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn value(shape: &Shape) -> Value {
    match shape {
        Shape::Unknown => json!({}),
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Whole => json!({ "type": "integer", "minimum": 0 }),
        Shape::Number => json!({ "type": "number", "minimum": 0 }),
        Shape::Text => json!({ "type": "string" }),
        Shape::OneOf(names) => json!({ "enum": names }),
        Shape::Spelled(phrase) => spelled(phrase),
        Shape::List(item, None) => json!({ "type": "array", "items": value(item) }),
        Shape::List(item, Some(len)) => {
            json!({ "type": "array", "items": value(item), "minItems": len, "maxItems": len })
        }
        Shape::Table(keys) => {
            closed(keys.iter().map(|(key, shape)| (key.to_string(), value(shape))).collect())
        }
    }
}

/// A number with the bounds that the reader of scenarios holds it to.
fn limited(mut property: Value, section: &str, key: &str) -> Value {
    if let Some((least, most)) = limit_of(section, key) {
        property["minimum"] = bound(least);
        property["maximum"] = bound(most);
    }
    property
}

fn bound(number: f64) -> Value {
    if number.fract() == 0.0 { json!(number as u64) } else { json!(number) }
}

/// How our own spellings look; what is not listed is any text.
fn spelled(phrase: &str) -> Value {
    let pattern = match phrase {
        _ if phrase.starts_with("a length of time") => r"^\s*([0-9.]+\s*(d|h|ms|m|s)\s*)+$",
        _ if phrase.starts_with("a size") => r"^\s*[0-9.]+\s*(TB|GB|MB|[kK]B|GiB|MiB|KiB|B)$",
        _ if phrase.starts_with("a time of day") => r"^([0-9]|[01][0-9]|2[0-4]):[0-5][0-9]$",
        _ if phrase.starts_with("a datetime") => r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+)?$",
        _ if phrase.starts_with("a share") => {
            return json!({
                "anyOf": [
                    { "type": "number", "minimum": 0, "maximum": 1 },
                    { "type": "string", "pattern": r"^\s*[0-9.]+\s*%\s*$" },
                ],
                "examples": [0.8, "80 %"],
            });
        }
        _ => return json!({ "type": "string" }),
    };
    json!({ "type": "string", "pattern": pattern })
}

fn described(mut property: Value, words: String, default: Option<&toml::Value>) -> Value {
    if !words.is_empty() {
        property["description"] = words.into();
    }
    if let Some(default) = default {
        property["default"] = json!(default);
    }
    property
}

fn extend(object: &mut Value, more: Value) {
    if let (Value::Object(object), Value::Object(more)) = (object, more) {
        object.extend(more);
    }
}

/// What is known about each key.
struct Words {
    keys: Vec<(&'static str, &'static str, &'static str)>,
    numbers: Vec<(&'static str, &'static Number)>,
}

impl Words {
    fn of(&self, section: &str, key: &str) -> String {
        let what = self.keys.iter().find(|(s, k, _)| *s == section && *k == key).map(|(_, _, what)| *what);
        let number = self.numbers.iter().find(|(s, number)| *s == section && number.key == key);
        let source = number.map(|(_, Number { tag, unit, range: (low, high), source, .. })| {
            let unit = if *unit == "1" { String::new() } else { format!(" {unit}") };
            let source =
                if *tag == Tag::Assumed && *source == "no source" { "no source exists" } else { source };
            format!("Plausible: {low} to {high}{unit}. {}: {source}.", tag.name())
        });
        [what.map(str::to_string), source].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
