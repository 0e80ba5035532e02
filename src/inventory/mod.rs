//! From the list of devices that a device management exports to the groups of a fleet, as a scenario writes them.

mod columns;
mod groups;

pub use columns::Column;

use crate::hardware::Hardware;
use crate::scenario::fit;
use crate::trace::{delimiter, in_utf8};
use columns::{FoundColumns, Role};
use csv::{ByteRecord, ReaderBuilder};
use groups::{Group, Groups, Phone};
use std::collections::BTreeMap;

/// A scenario made of a list of devices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inventory {
    /// What it says.
    pub text: String,
    /// What could not be taken as it stands in the list.
    pub notes: Vec<String>,
}

/// Reads a list of devices, one row each, as Intune, Jamf Pro or Ivanti export it.
///
/// # Errors
/// With `label:line: what was found; what would be right`.
pub fn inventory(bytes: &[u8], label: &str, columns: &[Column]) -> Result<Inventory, String> {
    let text = in_utf8(bytes, label)?;
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).trim(csv::Trim::All).delimiter(delimiter(&text));
    let mut reader = builder.from_reader(&*text);
    let mut row = ByteRecord::new();
    let mut advance = |row: &mut ByteRecord| {
        let fault = |error| format!("{label}: {error}; the file should hold rows of comma-separated values");
        reader.read_byte_record(row).map_err(fault)
    };
    let mut is_there = advance(&mut row)?;
    if is_there && row.get(0).is_some_and(|first| first.starts_with(b"sep=")) {
        is_there = advance(&mut row)?;
    }
    if !is_there {
        return Err(format!("{label}:1: the file is empty; a header and one row a device are needed"));
    }
    let header: Vec<String> = row.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
    let found = FoundColumns::of(columns, &header).map_err(|error| format!("{label}:1: {error}"))?;
    let mut list =
        List { label, groups: Groups::default(), others: BTreeMap::new(), unknown: BTreeMap::new() };
    while advance(&mut row)? {
        list.add(&row, &found)?;
    }
    list.written(&found)
}

/// A list of devices under way.
struct List<'a> {
    label: &'a str,
    groups: Groups,
    /// What is no iPhone.
    others: BTreeMap<String, u64>,
    /// iPhones that the table does not have, and as what they are taken.
    unknown: BTreeMap<String, (Hardware, u64)>,
}

impl List<'_> {
    fn add(&mut self, row: &ByteRecord, found: &FoundColumns) -> Result<(), String> {
        let field = |role: Role| {
            let Some(bytes) = found.place(role).and_then(|place| row.get(place)) else { return Ok("") };
            std::str::from_utf8(bytes).map_err(|_| {
                let line = row.position().map_or(1, csv::Position::line);
                let text = String::from_utf8_lossy(bytes);
                format!("{}:{line}: `{text}` is not UTF-8; save the file as UTF-8", self.label)
            })
        };
        let model = field(Role::Model)?;
        if !model.to_lowercase().contains("iphone") {
            *self.others.entry(if model.is_empty() { "no model" } else { model }.into()).or_default() += 1;
            return Ok(());
        }
        let hardware = Hardware::called(model).unwrap_or_else(|| {
            let (taken_for, count) =
                self.unknown.entry(model.into()).or_insert_with(|| (columns::nearest_hardware(model), 0));
            *count += 1;
            *taken_for
        });
        self.groups.add(
            &fit(field(Role::Group)?),
            Phone {
                hardware,
                profile: columns::profile(field(Role::Os)?),
                passcode: columns::passcode(field(Role::Passcode)?),
                zone: Some(field(Role::Zone)?).filter(|zone| !zone.is_empty()).map(String::from),
            },
        );
        Ok(())
    }

    fn written(self, found: &FoundColumns) -> Result<Inventory, String> {
        let List { label, mut groups, others, unknown } = self;
        if groups.is_empty() {
            let column = &found.model;
            return Err(format!(
                "{label}: no row is of an iPhone; the models are looked for in the column `{column}`"
            ));
        }
        let mut notes = Vec::new();
        if !others.is_empty() {
            let count: u64 = others.values().sum();
            let which =
                others.iter().map(|(model, count)| format!("{model} {count}")).collect::<Vec<_>>().join(", ");
            notes.push(format!("{label}: left out {count} that are no iPhones ({which})"));
        }
        for (model, (taken_for, count)) in &unknown {
            let name = taken_for.name();
            notes.push(format!(
                "{label}: `{model}` is in no table; its {count} are taken as the nearest, {name}"
            ));
        }
        notes.extend(groups.note(label));
        if let Some(error) = groups.bad_zone() {
            return Err(format!("{label}: {error}"));
        }
        groups.name();
        // A field in quotes may have lines, and none of them may become one of the scenario.
        let mut text = format!(
            "# {} iPhones in {} groups, of {}.\n#\n# What a list of devices does not know has its default: the \
             persona of each group, the policy, the mail.\n# `bgsim init` writes a scenario with all of these to copy \
             from.\n",
            groups.phones(),
            groups.iter().count(),
            fit(label)
        );
        notes.iter().for_each(|note| text += &format!("# Note: {}.\n", fit(note)));
        groups.iter().map(Group::block).for_each(|block| text += &format!("\n{block}"));
        Ok(Inventory { text, notes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "Device name,Model,OS version,Department\n\
        a,iPhone 13,26.1,Sales & Service\nb,\"iPhone15,4\",26.1,Sales & Service\nc,iPhone 15,18.7.2,Sales & Service\n\
        d,iPhone 17 Pro,26.0,Board\ne,\"iPad Pro (11-inch)\",26.0,Board\nf,iPhone 17e,26.3,\n";

    fn read(text: &str, columns: &[&str]) -> Result<Inventory, String> {
        let columns = columns.iter().map(|column| column.parse()).collect::<Result<Vec<Column>, String>>()?;
        inventory(text.as_bytes(), "devices.csv", &columns)
    }

    #[test]
    fn a_list_of_devices_becomes_groups_with_their_counts_and_mixes() {
        let Inventory { text, notes } = read(LIST, &[]).unwrap();
        for part in [
            "name = \"Board\"\ndevices = 1\n",
            "name = \"Sales-Service\"\ntitle = \"Sales & Service\"\ndevices = 3\n",
            "hardware = { \"iPhone 13\" = 0.333333, \"iPhone 15\" = 0.666667 }  # 1, 2\n",
            "hardware = \"iPhone 17 Pro\"\n",
            "habits.profile = { ios18 = 0.333333, ios26 = 0.666667 }  # 1, 2\n",
            "name = \"ungrouped\"\ndevices = 1\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].contains("left out 1 that are no iPhones (iPad Pro (11-inch) 1)"), "{notes:?}");
        assert!(notes[1].contains("`iPhone 17e` is in no table; its 1 are taken as the nearest, iPhone 17"));
    }

    #[test]
    fn a_column_of_zones_is_read_and_an_old_model_is_taken_for_an_old_one() {
        let list = "group,model,zone\nnight,iPhone 8,Asia/Manila\n";
        let Inventory { text, notes } = read(list, &[]).unwrap();
        assert!(text.contains("time_zone = \"Asia/Manila\""), "{text}");
        assert!(text.contains("hardware = \"iPhone 11\""), "{text}");
        assert!(notes[0].contains("taken as the nearest, iPhone 11"), "{notes:?}");
        let refused = read("group,model,zone\nnight,iPhone 15,GMT+8\n", &[]).unwrap_err();
        assert!(refused.contains("`GMT+8` is not an IANA time zone"), "{refused}");
    }

    #[test]
    fn no_line_of_a_list_becomes_one_of_the_scenario() {
        let list = "Model,Group\n\"iPad\nseed = 2\",a\n\"iPhone 99\r\nseed = 2\",\"b\nseed = 2\"\n";
        let Inventory { text, notes } = read(list, &[]).unwrap();
        assert_eq!(notes.len(), 2);
        assert!(text.lines().all(|line| !line.starts_with("seed")), "{text}");
        assert!(text.contains("name = \"b-seed-2\"\ntitle = \"b seed = 2\"\n"), "{text}");
        let Inventory { text, .. } = read("Model,Group\niPhone 15,a:::b ##[c]\u{202e}\n", &[]).unwrap();
        assert!(text.contains("title = \"a: : :b ## [c] \"\n"), "{text}");
    }

    #[test]
    fn columns_have_the_names_that_somebody_gives_them() {
        let list = "Modell;Abteilung;Code;Zone\niPhone 13;A;Yes;Europe/Berlin\niPhone 13;A;No;Asia/Tokyo\n\
                    iPhone 13;A;alphanumeric;Europe/Berlin\n";
        let columns = ["model=modell", "group=Abteilung", "passcode=Code", "zone=Zone"];
        let Inventory { text, notes } = read(list, &columns).unwrap();
        // Phones that differ in the zone are groups of their own.
        for part in [
            "name = \"A-Berlin\"\ntitle = \"A, Europe/Berlin\"\ndevices = 2\ntime_zone = \"Europe/Berlin\"\n",
            "policy.passcode = { six_digits = 0.5, alphanumeric = 0.5 }  # 1, 1\n",
            "name = \"A-Tokyo\"\ntitle = \"A, Asia/Tokyo\"\ndevices = 1\ntime_zone = \"Asia/Tokyo\"\n",
            "policy.passcode = \"none\"\n",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(notes[0].contains("1 have a passcode of which the list says no more"), "{notes:?}");
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_what_would_be_right() {
        for (text, columns, part) in [
            ("", &[][..], "devices.csv:1: the file is empty"),
            ("a,b\n1,2\n", &[], "devices.csv:1: no column is called"),
            ("a,b\n1,2\n", &["model=c"], "devices.csv:1: there is no column `c`; the header is `a,b`"),
            ("Model\niPad\n", &[], "no row is of an iPhone"),
            ("Model\niPhone 13\n", &["colour=b"], "`colour` is no column of a list of devices"),
            ("Model,Time zone\niPhone 13,Europe/Berln\n", &[], "Europe/Berlin"),
            ("Model,Category\niPhone 13,\"a\"\niPhone 13,\"A\"\n", &[], ""),
        ] {
            let found = read(text, columns);
            assert!(part.is_empty() == found.is_ok(), "{found:?}");
            assert!(found.err().unwrap_or_default().contains(part), "{part}");
        }
        for bytes in [&b"\xff"[..], b"Model\niPhone\xff\n", b"\"", b"Model\n\"iPhone"] {
            let _ = inventory(bytes, "devices.csv", &[]);
        }
    }
}
