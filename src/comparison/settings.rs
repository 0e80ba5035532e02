//! In what the arms differ, as their scenarios write it.

use crate::policy::{Delivery, Product};
use crate::scenario::Scenario;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

/// A setting that is not the same in all arms.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Setting {
    /// Its key: `fleet.KEY` where it is so in all groups, `group.NAME.KEY` where it is one group's.
    pub key: String,
    /// Its value in each arm, as a scenario writes it; none where it is not set.
    pub values: Vec<Option<Value>>,
}

/// What somebody wrote and is not alike in all arms, in order of its keys.
pub fn settings(arms: &[(String, Scenario)]) -> Vec<Setting> {
    let keys: BTreeSet<String> = arms.iter().flat_map(|(_, scenario)| written(scenario)).collect();
    let configs: Vec<Config> = arms.iter().map(|(_, scenario)| Config::of(scenario)).collect();
    let setting = |key: String| {
        let values: Vec<Option<Value>> = configs.iter().map(|config| config.get(&key)).collect();
        let key = key.replace('\u{0}', ".");
        values.iter().any(|value| *value != values[0]).then_some(Setting { key, values })
    };
    together(keys.into_iter().filter_map(setting).collect(), arms)
}

/// What products set, where arms do not have the same, each behind its product; what differs in itself is among it
/// already.
pub fn with_what_products_set(differs: &[Setting], arms: &[(String, Scenario)]) -> Vec<Setting> {
    let configs: Vec<Config> = arms.iter().map(|(_, scenario)| Config::of(scenario)).collect();
    let mut all: Vec<Setting> = Vec::new();
    for setting in differs {
        all.push(setting.clone());
        let Some(place) = setting.key.strip_suffix("policy.product") else { continue };
        for key in SET_BY_PRODUCTS.map(|key| format!("{place}{}", key.join("."))) {
            let values: Vec<Option<Value>> = configs.iter().map(|config| config.in_force(&key)).collect();
            let is_told = differs.iter().any(|other| other.key == key);
            if !is_told && values.iter().any(|value| *value != values[0]) {
                all.push(Setting { key, values });
            }
        }
    }
    all
}

/// What is in force: of all, and of each group.
struct Config {
    all: Table,
    groups: BTreeMap<String, [Table; 2]>,
}

impl Config {
    fn of(scenario: &Scenario) -> Config {
        let all = scenario.config();
        let blocks = all.get("fleet").and_then(Value::as_array).into_iter().flatten();
        let rows = blocks.map(|block| block.as_table().cloned().unwrap_or_default());
        let groups = scenario.fleet.groups.iter().enumerate().zip(rows);
        let groups =
            groups.map(|((index, group), rows)| (group.name.clone(), [rows, scenario.config_of(index)]));
        Config { groups: groups.collect(), all }
    }

    /// What a key is: a row of a group, or a setting, of its own or the file's.
    fn get(&self, key: &str) -> Option<Value> {
        if key.starts_with("event.") {
            let events = self.all.get("event").and_then(Value::as_array).into_iter().flatten();
            let of = |event: &Value| {
                let path = key.strip_prefix(&named(event))?.strip_prefix('.')?;
                path.split('\u{0}').try_fold(event, |value, part| value.get(part)).cloned()
            };
            return events.into_iter().find_map(of);
        }
        let Some((group, key)) = key.strip_prefix("group.").and_then(|rest| rest.split_once('.')) else {
            return at(&self.all, key);
        };
        self.groups.get(group)?.iter().find_map(|table| at(table, key))
    }
}

/// The keys that a product sets.
const SET_BY_PRODUCTS: [[&str; 2]; 4] =
    [["policy", "delivery"], ["policy", "key_access"], ["policy", "keychain_class"], ["push", RENEWAL]];
const RENEWAL: &str = "subscription.renewal";

impl Config {
    /// What a key comes to, the product looked at; of what is so in all groups, in the first.
    fn in_force(&self, key: &str) -> Option<Value> {
        let (place, own) = match key.strip_prefix("fleet.") {
            Some(own) => (format!("group.{}.", self.groups.keys().next()?), own.to_string()),
            None => {
                let at = key.find("policy.").or(key.find("push."))?;
                (key[..at].to_string(), key[at..].to_string())
            }
        };
        let value = self.get(&format!("{place}{own}"));
        if !own.ends_with(RENEWAL) || value.is_some() {
            return value;
        }
        let name = |key: &str| Some(self.get(&format!("{place}{key}"))?.as_str()?.to_string());
        let delivery = name("policy.delivery")?;
        let delivery =
            Delivery::ALL.into_iter().find(|one| one.name() == delivery).filter(|one| one.is_push())?;
        let product =
            name("policy.product").and_then(|name| Product::ALL.into_iter().find(|one| one.name() == name));
        let renewal = product.map_or(delivery.renewal(), |product| product.facts().renewal);
        Some(Value::String(renewal.name().into()))
    }
}

/// An event by its name.
fn named(event: &Value) -> String {
    format!("event.{}", event.get("name").and_then(Value::as_str).unwrap_or_default())
}

/// The keys of an event; within it they are parted by a sign that no key has, since a path may be one key.
fn keys_of(event: &Value, here: &str, found: &mut Vec<String>) {
    for (key, value) in event.as_table().into_iter().flatten().filter(|(key, _)| *key != "name") {
        within_event(value, &format!("{here}.{key}"), found);
    }
}

fn within_event(value: &Value, here: &str, found: &mut Vec<String>) {
    match value {
        Value::Table(inner) if !inner.is_empty() => {
            inner.iter().for_each(|(key, value)| within_event(value, &format!("{here}\u{0}{key}"), found));
        }
        _ => found.push(here.into()),
    }
}

fn at(table: &Table, path: &str) -> Option<Value> {
    let mut parts = path.split('.');
    let first = table.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part)).cloned()
}

/// What is so in all groups stands once.
fn together(found: Vec<Setting>, arms: &[(String, Scenario)]) -> Vec<Setting> {
    let groups: Vec<String> =
        arms[0].1.fleet.groups.iter().map(|group| format!("group.{}.", group.name)).collect();
    let rest = |key: &str| groups.iter().find_map(|group| key.strip_prefix(group.as_str())).map(String::from);
    let mut out: Vec<Setting> = Vec::new();
    for setting in &found {
        let Some(rest) = rest(&setting.key) else {
            out.push(setting.clone());
            continue;
        };
        let is_alike = groups.iter().all(|group| {
            found.iter().any(|other| other.key == format!("{group}{rest}") && other.values == setting.values)
        });
        let key = if is_alike { format!("fleet.{rest}") } else { setting.key.clone() };
        if out.iter().all(|known| known.key != key) {
            out.push(Setting { key, values: setting.values.clone() });
        }
    }
    out
}

/// Every key that somebody wrote and that is in force, those of a block as its group's.
fn written(scenario: &Scenario) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in &scenario.config() {
        match (key.as_str(), value) {
            ("fleet", Value::Array(blocks)) => {
                for (index, (block, group)) in blocks.iter().zip(&scenario.fleet.groups).enumerate() {
                    let place = (format!("fleet[{index}]"), format!("group.{}", group.name));
                    block.as_table().iter().for_each(|rows| add(scenario, rows, &place, &mut found));
                }
            }
            ("name", _) => {}
            ("event", Value::Array(events)) => {
                events.iter().for_each(|event| keys_of(event, &named(event), &mut found));
            }
            (_, Value::Table(section)) => add(scenario, section, &(key.clone(), key.clone()), &mut found),
            _ => found.extend(scenario.written.has(key).then(|| key.clone())),
        }
    }
    found
}

/// Adds the written keys of a table, whose path is given as it is written and as it is told.
fn add(scenario: &Scenario, table: &Table, (here, told): &(String, String), found: &mut Vec<String>) {
    let is_mix = |table: &Table| table.values().all(Value::is_float);
    for (key, value) in table {
        let place = (format!("{here}.{key}"), format!("{told}.{key}"));
        match value {
            Value::Table(inner) if !is_mix(inner) => {
                let before = found.len();
                add(scenario, inner, &place, found);
                // What stands for a table may be written as a text.
                if found.len() == before && is_written(scenario, &place.0) {
                    found.push(place.1);
                }
            }
            _ if is_written(scenario, &place.0) => found.push(place.1),
            _ => {}
        }
    }
}

/// Key access has two spellings, of which one is in force.
fn is_written(scenario: &Scenario, key: &str) -> bool {
    let other = key.strip_suffix("key_access").map(|before| format!("{before}allow_device_keychain"));
    scenario.written.has(key) || other.is_some_and(|other| scenario.written.has(&other))
}
