//! Checks what is published on a date: settings of `policy`, `client` and `push`, by their paths.

use super::check::Checks;
use super::check_events::Here;
use super::tree::Step;
use super::{File, keys, nearest};
use crate::client::stores_key;
use crate::event::{Change, Channel, Entry, Part, Settings};
use crate::policy::{Policy, SUPERSEDES, Setting};
use crate::registry::Later;
use crate::section::{Amount, Held, Key, Role};
use crate::signal::ChangeId;
use toml::{Table, Value};

/// The sections whose settings can be published.
const PUBLISHED: [&str; 3] = ["policy", "client", "push"];

/// What says how the client comes by its key.
const KEY_KEYS: [&str; 3] = ["policy.allow_device_keychain", "policy.key_access", "policy.product"];

/// By what a setting travels where nothing is said: what the device itself obeys by a command of the MDM, what
/// AppConnect and its apps obey with the app check-in.
fn usual(section: &str, key: &str) -> Channel {
    match (section, key) {
        ("policy", "passcode" | "auto_lock" | "background_app_refresh") => Channel::MdmCommand,
        _ => Channel::AppCheckin,
    }
}

impl Checks<'_> {
    /// What an event publishes, and what the sections hold once it has arrived.
    pub(super) fn change(
        &mut self,
        entry: &Entry,
        set: &Settings,
        here: Here,
        file: &File,
        change: ChangeId,
    ) -> Option<(Change, Later)> {
        let path = here.key("set");
        let before = self.faults.len();
        let mut written = Vec::new();
        flatten(&set.0, "", &mut written);
        if written.is_empty() {
            let help = "write for example set = { \"policy.allow_device_keychain\" = true }";
            self.fault_with(&path, format!("`{path}` publishes nothing"), Some(help.into()));
        }
        let mut config = Table::try_from(file).expect("a scenario is made of what TOML can write");
        for (name, value) in &written {
            self.published(name, value, here);
            put(&mut config, name, value.clone());
        }
        if self.faults.len() > before {
            return None;
        }
        // Read as every scenario is, from text: a reader of values would be a second one as large, which a page would
        // carry along.
        let text = toml::to_string(&config).expect("a table of TOML can be written");
        let file: File = match toml::from_str(&text) {
            Ok(file) => file,
            Err(error) => {
                self.fault(&path, format!("`{path}` cannot be published: {}", error.message()));
                return None;
            }
        };
        let policy = match Policy::try_from(&file.policy) {
            Ok(policy) => policy,
            Err(error) => {
                self.fault(&path, error);
                return None;
            }
        };
        let mut parts: Vec<Part> = Vec::new();
        let mut of_client = Vec::new();
        for (name, _) in &written {
            let (section, key) = name.split_once('.')?;
            let channel = entry.by.unwrap_or(usual(section, key));
            let place = parts.iter().position(|part| part.channel == channel).unwrap_or_else(|| {
                parts.push(Part { change, channel, settings: Vec::new(), client: false });
                parts.len() - 1
            });
            match policy.setting(key).filter(|_| section == "policy") {
                // With a product comes what it sets.
                Some(Setting::Product(_)) => {
                    let with_it = ["product", "delivery", "key_access", "keychain_class"];
                    parts[place].settings.extend(with_it.iter().filter_map(|key| policy.setting(key)));
                }
                Some(setting) => parts[place].settings.push(setting),
                None => {
                    parts[place].client = true;
                    of_client.push((section.to_string(), key.to_string()));
                }
            }
        }
        let sets_key = written.iter().any(|(name, _)| KEY_KEYS.contains(&name.as_str()));
        let published =
            Change { name: entry.name.clone(), parts, stores_key: sets_key && stores_key(&policy) };
        Some((published, Later { sections: file.sections(), keys: of_client }))
    }

    /// A setting can be published if somebody decides on it.
    fn published(&mut self, name: &str, value: &Value, here: Here) {
        let path = here.key("set").with(Step::Key(name.into()));
        let (section, rest) = name.split_once('.').unwrap_or((name, ""));
        if !PUBLISHED.contains(&section) {
            let help = "what can be published stands in `policy`, `client` and `push`";
            self.fault_with(&path, format!("`{name}` cannot be published"), Some(help.into()));
            return;
        }
        let Some(key) = find(section, rest) else {
            let known = keys().into_iter().filter(|(place, _)| place.split('.').next() == Some(section));
            let known: Vec<String> = known.map(|(place, key)| format!("{place}.{}", key.name)).collect();
            let help =
                nearest(name, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
            self.fault_with(&path, format!("unknown key `{name}`"), help);
            return;
        };
        if key.role != Role::Decision {
            let help = "no administrator decides on it; `--set` and groups can have another value of it";
            self.fault_with(&path, format!("`{name}` cannot be published"), Some(help.into()));
        }
        if value.is_table() && key.shape.keys().is_empty() {
            let help = "publish it for groups, each with an event of its own";
            self.fault_with(
                &path,
                format!("`{name}` can be no mix where it is published"),
                Some(help.into()),
            );
        }
        if let (Some(limit), Some(amount)) = (key.limit, Amount::of(value))
            && !limit.has(amount)
        {
            let message = format!("`{name}` is {amount}; it must lie from {} to {}", limit.least, limit.most);
            self.fault(&path, message);
        }
    }
}

/// The key at a path within a section.
fn find(section: &str, path: &str) -> Option<&'static Key> {
    let section = File::SHAPE.keys().iter().find(|key| key.name == section)?;
    let parts = path.split('.');
    let first = section.shape.keys().iter().find(|key| Some(key.name) == parts.clone().next())?;
    parts.skip(1).try_fold(first, |key, part| key.shape.keys().iter().find(|key| key.name == part))
}

/// The values of a table by their paths. A table that is the value of a key stays one.
fn flatten(table: &Table, above: &str, out: &mut Vec<(String, Value)>) {
    for (name, value) in table {
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        let (section, rest) = path.split_once('.').unwrap_or((&path, ""));
        let has_keys = || find(section, rest).is_some_and(|key| !key.shape.keys().is_empty());
        let is_group = rest.is_empty() || (rest == "appconnect" || section == "push") && has_keys();
        match value {
            Value::Table(inner) if is_group => flatten(inner, &path, out),
            value => out.push((path, value.clone())),
        }
    }
}

/// Puts a value at a path. Of the two spellings of key access the one that is put stands.
fn put(config: &mut Table, path: &str, value: Value) {
    let mut parts: Vec<&str> = path.split('.').collect();
    let Some(last) = parts.pop() else { return };
    let mut holder = config;
    for part in parts {
        let entry = holder.entry(part).or_insert_with(|| Value::Table(Table::new()));
        match entry {
            Value::Table(inner) => holder = inner,
            _ => return,
        }
    }
    for (_, others) in SUPERSEDES.into_iter().filter(|(given, _)| last == *given) {
        others.iter().for_each(|other| drop(holder.remove(*other)));
    }
    holder.insert(last.into(), value);
}
