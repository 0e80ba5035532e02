//! The phones of a list by group, and each group as a scenario writes it.

use super::columns::Said;
use crate::clock;
use crate::hardware::Hardware;
use crate::policy::Passcode;
use crate::signal::HabitsProfile as Profile;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What a list says of a phone.
pub(super) struct Phone {
    pub(super) hardware: Hardware,
    pub(super) profile: Option<Profile>,
    pub(super) passcode: Option<Said>,
    pub(super) zone: Option<String>,
}

/// The phones that have a heading and a time zone in common.
#[derive(Default)]
pub(super) struct Group {
    name: String,
    title: String,
    zone: Option<String>,
    devices: u64,
    hardware: BTreeMap<Hardware, u64>,
    profiles: BTreeMap<&'static str, u64>,
    passcodes: BTreeMap<Passcode, u64>,
    /// Phones that have some passcode.
    have_one: u64,
}

/// All of them, by heading and time zone.
#[derive(Default)]
pub(super) struct Groups(BTreeMap<(String, Option<String>), Group>);

impl Groups {
    pub(super) fn add(&mut self, heading: &str, phone: Phone) {
        let Phone { hardware, profile, passcode, zone } = phone;
        let heading = if heading.is_empty() { "ungrouped" } else { heading };
        let group = self.0.entry((heading.into(), zone)).or_default();
        group.devices += 1;
        *group.hardware.entry(hardware).or_default() += 1;
        if let Some(profile) = profile {
            *group.profiles.entry(profile.name()).or_default() += 1;
        }
        let kind = passcode.map(|said| match said {
            Said::Kind(kind) => kind,
            Said::Some => {
                group.have_one += 1;
                Passcode::SixDigits
            }
        });
        if let Some(kind) = kind {
            *group.passcodes.entry(kind).or_default() += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn phones(&self) -> u64 {
        self.0.values().map(|group| group.devices).sum()
    }

    /// Gives every group a name of its own: its heading, as far as names go, and its zone where there are several.
    pub(super) fn name(&mut self) {
        let mut taken = BTreeSet::new();
        let mut zones: BTreeMap<String, usize> = BTreeMap::new();
        self.0.keys().for_each(|(heading, _)| *zones.entry(heading.clone()).or_default() += 1);
        for ((heading, zone), group) in &mut self.0 {
            let split = zone.as_deref().filter(|_| zones[heading] > 1);
            let city = split.map(|zone| zone.rsplit('/').next().unwrap_or(zone));
            let words = heading.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').chain(city);
            let plain: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            let plain: String = plain.join("-").chars().filter(|c| !"/+".contains(*c)).take(56).collect();
            let plain = if plain.is_empty() { "group".to_string() } else { plain };
            let mut name = plain.clone();
            for number in 2.. {
                if taken.insert(name.to_lowercase()) {
                    break;
                }
                name = format!("{plain}-{number}");
            }
            group.title = split.map_or_else(|| heading.clone(), |zone| format!("{heading}, {zone}"));
            (group.name, group.zone) = (name, zone.clone());
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Group> {
        self.0.values()
    }

    /// What is wrong with a time zone, if one is wrong.
    pub(super) fn bad_zone(&self) -> Option<String> {
        self.0.keys().find_map(|(_, zone)| clock::time_zone(zone.as_deref()?).err())
    }

    /// What was assumed of the phones.
    pub(super) fn note(&self, label: &str) -> Option<String> {
        let have_one: u64 = self.0.values().map(|group| group.have_one).sum();
        (have_one > 0).then(|| {
            format!(
                "{label}: {have_one} have a passcode of which the list says no more; six digits are assumed, as iOS \
                 asks for them"
            )
        })
    }
}

impl Group {
    /// The block of a scenario.
    pub(super) fn block(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.into()).to_string();
        let mut block = format!("[[fleet]]\nname = {}\n", quoted(&self.name));
        if self.title != self.name {
            let _ = writeln!(block, "title = {}", quoted(&self.title));
        }
        let _ = writeln!(block, "devices = {}", self.devices);
        if let Some(zone) = &self.zone {
            let _ = writeln!(block, "time_zone = {}", quoted(zone));
        }
        block += "persona = \"typical\"  # not in the list: \"light\", \"heavy\" or \"night_worker\" where it fits\n";
        let hardware = self.hardware.iter().map(|(hardware, count)| (quoted(hardware.name()), *count));
        block += &shares("hardware", hardware.collect());
        let profiles = self.profiles.iter().map(|(profile, count)| (profile.to_string(), *count));
        block += &shares("habits.profile", profiles.collect());
        let passcodes = self.passcodes.iter().map(|(kind, count)| (kind.name().into(), *count));
        block += &shares("policy.passcode", passcodes.collect());
        block
    }
}

/// Shares are written in so many parts of a whole.
const MILLION: u64 = 1_000_000;

/// A key whose values have these counts: one value, or a mix.
fn shares(key: &str, counts: Vec<(String, u64)>) -> String {
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    match counts.as_slice() {
        [] => String::new(),
        [(value, _)] => format!("{key} = \"{}\"\n", value.trim_matches('"')),
        _ => {
            let mut parts: Vec<u64> = counts.iter().map(|(_, count)| count * MILLION / all).collect();
            // What is lost in rounding goes to the most frequent, whose share it changes least.
            let most = (0..counts.len()).max_by_key(|place| counts[*place].1).unwrap_or_default();
            parts[most] += MILLION - parts.iter().sum::<u64>();
            let share = |part: u64| (part as f64 / MILLION as f64).to_string();
            let mix =
                counts.iter().zip(&parts).map(|((value, _), part)| format!("{value} = {}", share(*part)));
            let numbers = counts.iter().map(|(_, count)| count.to_string()).collect::<Vec<_>>().join(", ");
            format!("{key} = {{ {} }}  # {numbers}\n", mix.collect::<Vec<_>>().join(", "))
        }
    }
}
