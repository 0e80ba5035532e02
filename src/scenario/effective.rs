//! The effective configuration: every key with the value that is in force.

use super::{File, Scenario};
use crate::persona::FleetEntry;
use crate::policy::Setting;
use crate::section::Held;
use sha2::{Digest, Sha256};
use toml::{Table, Value};

impl File {
    /// Every key that is set, with its value. One that belongs to another model is in force nowhere.
    pub fn config(&self) -> Table {
        let mut table = Table::try_from(self).expect("a scenario is made of what TOML can write");
        if self.event.is_empty() {
            table.remove("event");
        }
        for section in File::SHAPE.keys() {
            let Some(model) = model(&table, section.name).map(String::from) else { continue };
            let Some(Value::Table(values)) = table.get_mut(section.name) else { continue };
            for key in section.shape.keys().iter().filter(|key| !key.belongs_to(&model)) {
                values.remove(key.name);
            }
        }
        table
    }
}

/// Which model a section of a configuration uses, or the section that a table stands in.
pub fn model<'a>(config: &'a Table, section: &str) -> Option<&'a str> {
    config.get(section.split('.').next()?)?.get("model")?.as_str()
}

/// What stands in a section, or in a table in one: `section` is its path.
pub fn within<'a>(config: &'a Table, section: &str, key: &str) -> Option<&'a Value> {
    let mut parts = section.split('.').chain([key]);
    let first = config.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

impl Scenario {
    /// The effective configuration: with what follows from other keys, and with every row of a persona.
    pub fn config(&self) -> Table {
        let mut file = self.file.clone();
        // It follows the key access of each device, and is no one value where that is a mix, or another later.
        if !self.is_mixed_in(None, "policy", "key_access") && !self.publishes_key_access() {
            file.client.key_in_memory = Some(file.client.key_in_memory(self.policy.key_access));
        }
        file.fleet = file.fleet.iter().map(FleetEntry::whole).collect();
        let sum: u64 = file.fleet.iter().map(|group| u64::from(group.devices.unwrap_or(0))).sum();
        for group in &mut file.fleet {
            match group.devices {
                // Where the fleet has other devices than its groups together, they are its proportions.
                Some(devices) if sum != u64::from(file.devices) => {
                    (group.devices, group.weight) = (None, Some(f64::from(devices)));
                }
                Some(_) => {}
                None => group.weight = Some(group.weight.unwrap_or(1.0)),
            }
        }
        let mut config = self.in_force(file.config());
        self.print_mixes(&mut config);
        self.print_own(&mut config);
        config
    }

    /// Where nothing is pushed, what a push takes is in force nowhere.
    fn in_force(&self, mut config: Table) -> Table {
        if !self.pushes() {
            config.remove("push");
        }
        config
    }

    /// The effective configuration as it is for a group: without its fleet.
    pub fn config_of(&self, group: usize) -> Table {
        let of = &self.fleet.groups[group];
        let mut file = of.file.as_deref().unwrap_or(&self.file).clone();
        file.fleet.clear();
        file.time_zone.clone_from(&of.time_zone);
        if !self.is_mixed_in(Some(group), "policy", "key_access") && !self.publishes_key_access() {
            file.client.key_in_memory = Some(file.client.key_in_memory(of.policy.key_access));
        }
        let mut config = self.in_force(file.config());
        self.print_mixes_of(group, &mut config);
        config
    }

    fn publishes_key_access(&self) -> bool {
        self.dates.publish(|setting| matches!(setting, Setting::KeyAccess(_)))
    }

    /// Puts what groups have of their own into their blocks.
    fn print_own(&self, config: &mut Table) {
        let fleet = config.get_mut("fleet").and_then(Value::as_array_mut).into_iter().flatten();
        for (block, group) in fleet.zip(&self.fleet.groups) {
            if let Value::Table(block) = block {
                block.extend(group.own.clone());
            }
        }
    }

    /// The keys as they were written, with their mixes.
    pub fn file_config(&self) -> Table {
        let mut config = self.in_force(self.file.config());
        self.print_mixes(&mut config);
        self.print_own(&mut config);
        config
    }

    /// The effective configuration as TOML: what `--print-config` shows and `sha256` covers.
    pub fn effective(&self) -> String {
        toml::to_string(&self.config()).expect("a table of TOML can be written")
    }

    /// The SHA-256 of the effective configuration, in hexadecimal digits.
    pub fn sha256(&self) -> String {
        Sha256::digest(self.effective().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Which model a section uses, as the scenario writes it.
    pub fn model_of(&self, section: &str) -> Option<String> {
        model(&self.config(), section).map(String::from)
    }

    /// The IANA name of the time zone.
    pub fn time_zone(&self) -> &str {
        &self.file.time_zone
    }
}
