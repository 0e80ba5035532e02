//! The controls: a key that its row says how to turn is one, and nothing else is.

use crate::report::human::duration;
use crate::scenario::{File, Scenario, keys, within};
use crate::section::{Choices, Key, Offer, Role, Shown};
use crate::time::Span;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// A key that can be turned.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its path, as `--set` takes it.
    pub path: String,
    section: &'static str,
    key: &'static Key,
    shown: Shown,
    /// Its values as `--set` writes them, and as a configuration has them.
    values: Vec<(&'static str, Option<toml::Value>)>,
}

/// A value that puts a key back to its default.
const UNSET: &str = "unset";

static CONTROLS: LazyLock<Vec<Control>> = LazyLock::new(|| {
    let shown = keys().into_iter().filter_map(|(section, key)| Some((section, key, key.shown?)));
    shown.map(|(section, key, shown)| Control::of(section, key, shown)).collect()
});

/// Every control: what people decide first, then what the world is.
pub fn controls() -> &'static [Control] {
    &CONTROLS
}

/// Of some changes those that hold for whatever is compared, and whether others are decisions: a key that no control
/// turns holds for all.
pub fn parted(sets: &[String]) -> (Vec<String>, bool) {
    let is_decision = |set: &&String| {
        let path = set.split_once('=').map_or(set.as_str(), |(path, _)| path.trim());
        controls().iter().any(|control| control.path == path && control.role() == Role::Decision)
    };
    let common: Vec<String> = sets.iter().filter(|set| !is_decision(set)).cloned().collect();
    let decided = common.len() < sets.len();
    (common, decided)
}

impl Control {
    fn of(section: &'static str, key: &'static Key, shown: Shown) -> Control {
        let path = if section.is_empty() { key.name.into() } else { format!("{section}.{}", key.name) };
        let sets: Vec<&'static str> = match shown.choice {
            Choices::Few(offers) => offers.iter().map(|(set, ..)| *set).collect(),
            Choices::Scale { stops, .. } => stops.to_vec(),
        };
        let values = sets.into_iter().map(|set| (set, normal(section, key, set))).collect();
        Control { path, section, key, shown, values }
    }

    /// Who turns it.
    pub fn role(&self) -> Role {
        self.key.role
    }

    /// What can be chosen.
    pub fn choice(&self) -> Choices {
        self.shown.choice
    }

    /// Its values as `--set` writes them.
    pub fn sets(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.values.iter().map(|(set, _)| *set)
    }

    /// As a page has it.
    pub(super) fn json(&self) -> Value {
        let (key, shown) = (self.key, &self.shown);
        let mut told = json!({
            "key": self.path,
            "label": shown.label,
            "role": if key.role == Role::Decision { "decision" } else { "world" },
            "says": key.says(),
            "tag": key.number.map(|number| number.tag.name()),
            "source": key.number.map(|number| number.source()),
            "plausible": key.number.map(|number| number.plausible()),
        });
        match shown.choice {
            Choices::Few(offers) => {
                let offer = |(set, label, half): &Offer| json!({ "set": set, "label": label, "half": half });
                told["kind"] = json!("choice");
                told["options"] = offers.iter().map(offer).collect();
            }
            Choices::Scale { half, stops } => {
                told["kind"] = json!("number");
                told["half"] = json!(half);
                told["steps"] = json!(stops);
                told["labels"] = stops.iter().map(|stop| worded(key, stop)).collect();
            }
        }
        if let Some((key, values)) = shown.needs {
            told["needs"] = json!({ "key": key, "value": values[0], "values": values });
        }
        told
    }

    /// Its value in a scenario that was read with these changes: as `--set` writes it where it is one of those that
    /// can be chosen, else as the scenario does.
    pub(super) fn value(&self, of: &Configured<'_>, sets: &[String]) -> String {
        let said = sets.iter().rev().find_map(|set| set.strip_prefix(&self.path)?.strip_prefix('='));
        if self.is_relative() {
            return said.unwrap_or(SAME).into();
        }
        let found = self.found(of);
        let known = self.values.iter().find(|(_, value)| *value == found);
        match (known, found) {
            (Some((set, _)), _) => (*set).into(),
            (None, Some(toml::Value::String(text))) => text,
            (None, Some(value)) => value.to_string(),
            (None, None) => UNSET.into(),
        }
    }

    /// Whether its values are factors on what a scenario has.
    fn is_relative(&self) -> bool {
        self.sets().any(|set| set == SAME)
    }

    /// The value in a configuration: of a row of the fleet that which all groups have.
    fn found(&self, of: &Configured<'_>) -> Option<toml::Value> {
        let Configured { scenario, config, plain_config, effective } = of;
        if self.section == "fleet" {
            let groups = |config: &toml::Table| config.get("fleet").and_then(toml::Value::as_array).cloned();
            let row = |group: &toml::Value| group.get(self.key.name).cloned();
            let offers_unset = self.sets().any(|set| set == UNSET);
            // What a persona says by default may be a mix, which nobody wrote.
            if offers_unset && groups(plain_config).iter().flatten().all(|group| row(group).is_none()) {
                return None;
            }
            let of = groups(if offers_unset { config } else { effective })?;
            let mut rows = of.iter().map(row);
            let first = rows.next()?;
            return if rows.all(|row| row == first) { first } else { Some("mixed".into()) };
        }
        if self.path == "fleet" {
            let fleet = plain_config.get("fleet")?.as_array()?;
            return Some(toml::Value::Array(fleet.iter().map(plain).collect()));
        }
        let decided = || {
            let setting = scenario.policy.setting(self.key.name)?;
            Some(toml::Value::String(setting.to_string().split_once('=')?.1.into()))
        };
        let written = within(config, self.section, self.key.name).cloned();
        let is_decided = self.section == "policy" && self.sets().all(|set| set != UNSET);
        if is_decided && written.is_none() { decided() } else { written }
    }
}

/// A scenario with its configuration: as it was written, the same without mixes, and with all that follows.
pub(super) struct Configured<'a> {
    scenario: &'a Scenario,
    config: toml::Table,
    plain_config: toml::Table,
    effective: toml::Table,
}

impl Configured<'_> {
    pub(super) fn of(scenario: &Scenario) -> Configured<'_> {
        let plain_config = scenario.file.config();
        Configured { scenario, config: scenario.file_config(), plain_config, effective: scenario.config() }
    }
}

/// The factor that changes nothing.
const SAME: &str = "x1";

/// A group as far as it is who is in it.
fn plain(group: &toml::Value) -> toml::Value {
    let mut group = group.clone();
    if let Some(table) = group.as_table_mut() {
        let persona = table.get("persona").cloned();
        if table.get("name") == persona.as_ref() {
            table.remove("name");
        }
        // A group of a number of phones has no weight.
        if !table.contains_key("devices") {
            table.entry("weight").or_insert(toml::Value::Float(1.0));
        }
    }
    group
}

/// A value as a configuration has it.
fn normal(section: &str, key: &Key, set: &str) -> Option<toml::Value> {
    let read = |value: &str| {
        let line = match section {
            "" => format!("{} = {value}", key.name),
            "fleet" => format!("[[fleet]]\n{} = {value}", key.name),
            _ => format!("[{section}]\n{} = {value}", key.name),
        };
        toml::from_str::<File>(&line).ok()
    };
    let file = read(set).or_else(|| read(&toml::Value::String(set.into()).to_string()))?;
    let config = file.config();
    match section {
        "" => {
            let value = config.get(key.name)?;
            value
                .as_array()
                .map(|all| toml::Value::Array(all.iter().map(plain).collect()))
                .or(Some(value.clone()))
        }
        "fleet" => config.get("fleet")?.get(0)?.get(key.name).cloned(),
        _ => within(&config, section, key.name).cloned(),
    }
}

/// A stop in words.
fn worded(key: &Key, stop: &str) -> String {
    if let Ok(span) = stop.parse::<Span>() {
        return duration(span);
    }
    match (stop.parse::<f64>(), key.number.map(|number| number.unit)) {
        (Ok(share), Some("1")) => format!("{} %", share * 100.0),
        (Ok(number), Some(unit)) => format!("{number} {unit}"),
        _ => stop.into(),
    }
}
