//! The JSON Schema of scenario files, from which editors complete. It follows from the declarations
//! of the keys.

use crate::scenario::{File, unmixed};
use crate::section::{Amount, Held, Key, Limit, Shape};
use serde_json::{Map, Value, json};

/// The schema, in the 2020-12 draft. It says what a key may hold; how keys go together (those of a
/// model, weights that add up to something) only `bgsim` itself checks.
pub fn scenario_schema() -> Value {
    let defaults = toml::Table::try_from(File::default()).expect("a scenario is made of what TOML can write");
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bgsim scenario",
        "description": format!("A scenario of bgsim {}. Every key has a default.", env!("CARGO_PKG_VERSION")),
    });
    if let (Value::Object(schema), Value::Object(keys)) =
        (&mut schema, table("", File::SHAPE.keys(), Some(&defaults)))
    {
        schema.extend(keys);
    }
    add_groups(&mut schema["properties"]);
    schema
}

/// What speaks of groups: a block takes every section too, `[group.NAME]` changes one of the base, and an arm says
/// what is different in some or in all.
fn add_groups(properties: &mut Value) {
    let sections = File::SHAPE.keys().iter().filter(|key| matches!(key.shape, Shape::Table(_)));
    let sections: Map<String, Value> =
        sections.map(|key| (key.name.to_string(), property("", key, None))).collect();
    let Some(block) = properties["fleet"]["items"]["properties"].as_object_mut() else { return };
    block.extend(sections);
    let block = properties["fleet"]["items"].clone();
    let group = json!({
        "type": "object",
        "description": "What is different in a group of the base, by its name.",
        "additionalProperties": block,
    });
    let mut arm = block.clone();
    if let Some(keys) = arm["properties"].as_object_mut() {
        ["persona", "weight", "devices", "time_zone"].iter().for_each(|key| {
            keys.remove(*key);
        });
        keys.insert("name".into(), json!({ "type": "string", "description": "What the arm is called." }));
        let mut all = block;
        all["description"] = json!("What is different in every group.");
        keys.insert("fleet".into(), all);
        keys.insert("group".into(), group.clone());
    }
    with_factors(&mut arm);
    if let Some(keys) = arm["properties"].as_object_mut() {
        let at = json!({ "type": "string", "description": "When it is published; else it is in force from the start." });
        keys.insert("at".into(), at);
        let by = json!({
            "enum": ["app_checkin", "managed_config", "mdm_command", "at_once"],
            "description": "By what it travels; each setting has a way of its own where nothing is said.",
        });
        keys.insert("by".into(), by);
        keys.insert(
            "event".into(),
            json!({ "type": "object", "description": "What is different in events, by name." }),
        );
    }
    arm["required"] = json!(["name"]);
    properties["arm"] = json!({
        "type": "array",
        "description": "What somebody thinks of doing: settings that are different, by a name.",
        "items": arm,
    });
    properties["group"] = group;
}

/// A table that has these keys and no others.
fn table(section: &str, keys: &[Key], defaults: Option<&toml::Table>) -> Value {
    let default = |key: &Key| defaults.and_then(|defaults| defaults.get(key.name));
    let properties: Map<String, Value> =
        keys.iter().map(|key| (key.name.into(), property(section, key, default(key)))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// Lets every value of an arm be a factor of what it is without it.
fn with_factors(schema: &mut Value) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (key, property) in properties.into_iter().flatten() {
        match property.get("type").and_then(Value::as_str) {
            Some("object") => with_factors(property),
            _ if ["name", "title"].contains(&key.as_str()) => {}
            _ => {
                let words = property.as_object_mut().and_then(|property| property.remove("description"));
                let factor = json!({ "type": "string", "pattern": r"^[x×]\s*[0-9.]+$" });
                *property = json!({ "anyOf": [property.take(), factor] });
                property["description"] =
                    words.unwrap_or_else(|| "A value, or a factor such as x1.5.".into());
            }
        }
    }
}

fn property(section: &str, key: &Key, default: Option<&toml::Value>) -> Value {
    let inner = if section.is_empty() { key.name.into() } else { format!("{section}.{}", key.name) };
    let mut property = value(&inner, &key.shape, default.and_then(toml::Value::as_table));
    if key.name == "working_hours" {
        let text =
            json!({ "type": "string", "examples": ["mon-fri 08:00-18:00", "daily 07:00-22:00", "always"] });
        let one = json!({ "anyOf": [text, property] });
        property = json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1, "maxItems": 4 }] });
    }
    if unmixed(section, key).is_none() {
        property = json!({ "anyOf": [property, mix(&key.shape)] });
    }
    if let Some(Limit { least: Amount::Number(least), most: Amount::Number(most) }) = key.limit {
        (property["minimum"], property["maximum"]) = (bound(least), bound(most));
    }
    property["description"] = words(key).into();
    if let Some(default) = default.filter(|_| key.shape.keys().is_empty()) {
        property["default"] = json!(default);
    }
    property
}

fn bound(number: f64) -> Value {
    if number.fract() == 0.0 { json!(number as u64) } else { json!(number) }
}

/// Shares of the devices by the names of values.
fn mix(shape: &Shape) -> Value {
    let names = match shape {
        Shape::Truth => json!({ "enum": ["true", "false"] }),
        Shape::Whole => json!({ "pattern": "^[0-9_]+$" }),
        Shape::Number => json!({ "pattern": "^[0-9._eE+-]+$" }),
        Shape::Share => json!({ "pattern": r"^\s*[0-9._eE+-]+\s*%?\s*$" }),
        other => value("", other, None),
    };
    json!({
        "type": "object",
        "minProperties": 1,
        "propertyNames": names,
        "additionalProperties": value("", &Shape::Share, None),
    })
}

fn value(section: &str, shape: &Shape, defaults: Option<&toml::Table>) -> Value {
    let spelled = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    match shape {
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Whole => json!({ "type": "integer", "minimum": 0 }),
        Shape::Number => json!({ "type": "number", "minimum": 0 }),
        Shape::Share => json!({
            "anyOf": [
                { "type": "number", "minimum": 0, "maximum": 1 },
                { "type": "string", "pattern": r"^\s*[0-9.]+\s*%\s*$" },
            ],
            "examples": [0.8, "80 %"],
        }),
        Shape::Length => spelled(r"^\s*([0-9.]+\s*(d|h|ms|m|s)\s*)+$"),
        Shape::LengthOrNever => spelled(r"^\s*(never|([0-9.]+\s*(d|h|ms|m|s)\s*)+)$"),
        Shape::LengthOrTrue => {
            json!({ "anyOf": [{ "const": true }, value(section, &Shape::Length, None)] })
        }
        Shape::Size => spelled(r"^\s*[0-9.]+\s*(TB|GB|MB|[kK]B|GiB|MiB|KiB|B)$"),
        Shape::TimeOfDay => spelled(r"^([0-9]|[01][0-9]|2[0-4]):[0-5][0-9]$"),
        Shape::DateTime => spelled(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+)?$"),
        Shape::Instant => spelled(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"),
        Shape::Settings => json!({ "type": "object", "minProperties": 1 }),
        Shape::Text => json!({ "type": "string" }),
        Shape::OneOf(choices) => json!({ "enum": choices.iter().map(|(name, _)| *name).collect::<Vec<_>>() }),
        Shape::List(item, None) if item.keys().is_empty() || section == "event" => {
            json!({ "type": "array", "items": value(section, item, None) })
        }
        Shape::List(item, None) => {
            json!({ "type": "array", "minItems": 1, "items": value(section, item, None) })
        }
        Shape::List(item, Some(len)) => {
            json!({ "type": "array", "items": value(section, item, None), "minItems": len, "maxItems": len })
        }
        Shape::OneOrMore(one) => {
            let item = value(section, one, None);
            json!({ "anyOf": [item, { "type": "array", "items": item, "minItems": 1 }] })
        }
        Shape::Table(keys) => table(section, keys, defaults),
    }
}

/// What is known about a key.
fn words(key: &Key) -> String {
    // A number has its limits beside its type.
    let limit = key.limit.filter(|limit| !matches!(limit.least, Amount::Number(_)));
    let limit = limit.map(|limit| format!("From {} to {}.", limit.least, limit.most));
    let source = key.number.map(|number| {
        let source = number.source();
        let source = if source == "no source" { "no source exists" } else { &source };
        format!("Plausible: {}. {}: {source}.", number.plausible(), number.tag.name())
    });
    [Some(key.says()), limit, source].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
