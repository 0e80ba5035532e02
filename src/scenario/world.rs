//! Whether scenarios can be compared: they must meet the same world, or no mail of one is a mail of another.

use super::{Group, Scenario};
use crate::persona::Persona;
use crate::trace::Traces;
use toml::{Table, Value};

/// A key in which two arms differ though they must not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Differing {
    /// The key.
    pub key: String,
    /// What it is in the one arm.
    pub first: String,
    /// What it is in the other.
    pub other: String,
}

impl Differing {
    /// Why the other cannot be compared with the first, both by what they are called; and what would help.
    pub fn words(&self, first: &str, other: &str) -> (String, String) {
        let Differing { key, first: here, other: there } = self;
        let why = format!(
            "`{other}` cannot be compared with `{first}`: `{key}` is {there} in the one and {here} in the other, so \
             that no mail of one is a mail of the other"
        );
        // No option reaches a single block of the fleet by its number.
        let key = match key.split_once("].") {
            Some((block, key)) if block.starts_with("fleet[") => format!("fleet.{key}"),
            _ => key.clone(),
        };
        (why, format!("set it in both, as with --set {key}=..."))
    }
}

/// Keys that every arm must have alike; a section stands for all its keys.
const SHARED: [&str; 12] = [
    "seed",
    "devices",
    "start",
    "time_zone",
    "warmup",
    "measure",
    "mail",
    "user.model",
    "user.file",
    "user.align",
    "user.dates",
    "user.columns",
];

/// Keys that a group may have of its own, and must have alike in every arm.
const OF_A_GROUP: [&str; 5] = ["time_zone", "mail", "user.model", "user.file", "user.align"];

type Row = fn(&Persona) -> f64;

/// The rows of a person on which arriving mail depends.
const MAIL_ROWS: [(&str, Row); 6] = [
    ("mails_per_weekday", |person| person.mails_per_weekday),
    ("person_mail_sd", |person| person.person_mail_sd),
    ("weekend_mail", |person| person.weekend_mail),
    ("mail_branching", |person| person.mail_branching.get()),
    ("mail_echo", |person| person.mail_echo.secs_f64()),
    ("mail_day_shape", |person| person.mail_day_shape),
];

/// The first key that keeps two scenarios from being compared mail by mail.
pub fn differing(first: &Scenario, other: &Scenario) -> Option<Differing> {
    let tables = [first, other].map(|scenario| scenario.config());
    SHARED
        .iter()
        .find_map(|key| differing_at(key, &tables))
        .or_else(|| differing_fleet(first, other, &tables))
        .or_else(|| {
            let at = |key: &str| Differing {
                key: key.into(),
                first: "one file".into(),
                other: "a file that holds something else".into(),
            };
            // A path may lead to two files, seen from two folders.
            let traces = |scenario: &Scenario| -> Vec<Traces> {
                scenario.fleet.groups.iter().map(|group| group.traces.clone()).collect()
            };
            let (a, b) = (traces(first), traces(other));
            let differ = |is: fn(&Traces, &Traces) -> bool| a.iter().zip(&b).any(|(a, b)| is(a, b));
            differ(|a, b| a.mailboxes != b.mailboxes)
                .then(|| at("mail.file"))
                .or_else(|| differ(|a, b| a.users != b.users).then(|| at("user.file")))
        })
}

fn differing_at(key: &str, tables: &[Table; 2]) -> Option<Differing> {
    let found = tables.each_ref().map(|table| match key.split_once('.') {
        Some((section, key)) => table.get(section).and_then(|section| section.get(key)),
        None => table.get(key),
    });
    if let [Some(Value::Table(a)), Some(Value::Table(b))] = found {
        let inner = a.keys().chain(b.keys()).find(|inner| a.get(*inner) != b.get(*inner))?;
        let (first, other) = (shown(a.get(inner)), shown(b.get(inner)));
        return Some(Differing { key: format!("{key}.{inner}"), first, other });
    }
    let [first, other] = found;
    let (shown_first, shown_other) = (shown(first), shown(other));
    (first != other).then(|| Differing { key: key.into(), first: shown_first, other: shown_other })
}

fn differing_fleet(first: &Scenario, other: &Scenario, tables: &[Table; 2]) -> Option<Differing> {
    let (a, b) = (&first.fleet.groups, &other.fleet.groups);
    let at = |key: String, first: String, other: String| Some(Differing { key, first, other });
    if a.len() != b.len() {
        let [a, b] = [a, b].map(|fleet| format!("a list of {}", fleet.len()));
        return at("fleet".into(), a, b);
    }
    // Shares are compared, and not the numbers that give them.
    let total = |groups: &[Group]| groups.iter().map(|group| u128::from(group.weight)).sum::<u128>();
    let (all_a, all_b) = (total(a), total(b));
    for (index, (a, b)) in a.iter().zip(b).enumerate() {
        if a.name != b.name {
            return at(format!("fleet[{index}].name"), a.name.clone(), b.name.clone());
        }
        if u128::from(a.weight) * all_b != u128::from(b.weight) * all_a {
            let [a, b] = [a, b].map(|group| match (group.entry.devices, group.entry.weight) {
                (Some(devices), _) => devices.to_string(),
                (_, weight) => weight.unwrap_or(1.0).to_string(),
            });
            return at(format!("fleet[{index}].weight"), a, b);
        }
        let configs = [first, other].map(|scenario| scenario.config_of(index));
        if let Some(found) = OF_A_GROUP.iter().find_map(|key| differing_at(key, &configs)) {
            return Some(Differing { key: format!("fleet[{index}].{}", found.key), ..found });
        }
        for (row, value) in MAIL_ROWS {
            let written = tables.each_ref().map(|table| table.get("fleet")?.get(index)?.get(row));
            if written.iter().flatten().any(|value| value.is_table()) && written[0] != written[1] {
                let [a, b] = written.map(shown);
                return at(format!("fleet[{index}].{row}"), a, b);
            }
            let (a, b) = (value(&a.persona), value(&b.persona));
            if a != b {
                return at(format!("fleet[{index}].{row}"), a.to_string(), b.to_string());
            }
        }
    }
    None
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "not set".into(), Value::to_string)
}

#[cfg(test)]
mod tests {
    use super::MAIL_ROWS;
    use crate::persona::{FleetEntry, reader};
    use crate::section::Held;

    #[test]
    fn every_row_that_the_mail_reads_is_compared() {
        let read = FleetEntry::SHAPE.keys().iter().filter(|row| reader(row) == "mail").map(|row| row.name);
        let mut read: Vec<&str> = read.collect();
        let mut compared = MAIL_ROWS.map(|(row, _)| row);
        read.sort_unstable();
        compared.sort_unstable();
        assert_eq!(read, compared);
    }
}
