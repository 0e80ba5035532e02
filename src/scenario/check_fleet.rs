//! Checks the groups of a fleet: what they are called, how large they are, and that nobody sleeps in the day.

use super::File;
use super::check::Checks;
use super::tree::{self, Path, Step};
use crate::persona::{FleetEntry, Persona};
use std::collections::BTreeMap;

/// How many groups a fleet may have.
const MOST_GROUPS: usize = 1000;

/// What a weight may be: more decimals or a greater one nobody means, and order is kept in whole numbers.
const WEIGHTS: &str = "a weight has at most 9 decimals and is at most 1,000,000,000";

impl Checks<'_> {
    /// What each group weighs, and who holds its phones. Where they say how many devices they have, the fleet has as
    /// many as they together, unless somebody asks for the first so many.
    pub(super) fn fleet(&mut self, file: &mut File) -> Vec<(u64, Persona)> {
        let rows = file.fleet.len();
        if rows == 0 || rows > MOST_GROUPS {
            self.fault(&fleet(), format!("`fleet` must have 1 to {MOST_GROUPS} groups, not {rows}"));
            return Vec::new();
        }
        self.names(&file.fleet);
        let weights = match file.fleet.iter().any(|row| row.devices.is_some()) {
            true => self.sizes(file),
            false => self.weights(&file.fleet),
        };
        let mut groups = Vec::with_capacity(rows);
        for (index, (entry, weight)) in file.fleet.iter().zip(weights).enumerate() {
            let persona = entry.resolve();
            if persona.bed <= persona.wake {
                let Persona { wake, bed, .. } = persona;
                let message = format!("`fleet[{index}]` goes to bed ({bed}) before waking ({wake})");
                self.fault(&key(index, "bed"), message);
            }
            groups.push((weight, persona));
        }
        groups
    }

    /// Names are keys of streams, columns and paths: each must be one of its own.
    fn names(&mut self, rows: &[FleetEntry]) {
        let mut first = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            let name = row.name();
            let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
                let message = format!("`{name}` is no name of a group");
                let help = "a name has 1 to 64 letters, digits, `_` and `-`; any text can stand in `title`";
                self.fault_with(&key(index, "name"), message, Some(help.into()));
            } else if let Some(other) = first.insert(name, index) {
                let help = "give each a `name` of its own; without one it is called as its persona";
                let message = format!("two groups are called `{name}`: this one");
                self.fault_with(&key(index, "name"), message, Some(help.into()));
                self.fault(&key(other, "name"), "and this one".to_string());
            }
            if row.title.as_ref().is_some_and(|title| title.chars().any(char::is_control)) {
                self.fault(&key(index, "title"), "`title` must have no control characters");
            }
        }
    }

    /// Groups that share the devices by weights.
    fn weights(&mut self, rows: &[FleetEntry]) -> Vec<u64> {
        let mut weights = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let written = row.weight.unwrap_or(1.0);
            let weight = in_billionths(written);
            if weight.is_none() && written.is_finite() && written >= 0.0 {
                let message = format!("`fleet[{index}].weight` is {written}, which cannot be dealt exactly");
                self.fault_with(&key(index, "weight"), message, Some(WEIGHTS.into()));
            }
            weights.push(weight.unwrap_or(1));
        }
        if weights.iter().all(|weight| *weight == 0) {
            self.fault(&fleet(), "the weights of `fleet` add up to 0; no group could have a device");
        }
        weights
    }

    /// Groups of so many devices.
    fn sizes(&mut self, file: &mut File) -> Vec<u64> {
        let mut sizes = Vec::with_capacity(file.fleet.len());
        let with = file.fleet.iter().position(|row| row.devices.is_some()).unwrap_or_default();
        for (index, row) in file.fleet.iter().enumerate() {
            if row.devices.is_none() {
                let message = format!("`fleet[{index}]` has no `devices`, though `fleet[{with}]` has");
                let help = "write `devices` in every block, or `weight` in every block";
                self.fault_with(&key(index, "devices"), message, Some(help.into()));
            } else if row.weight.is_some() {
                let message =
                    format!("`fleet[{index}]` has both `devices` and `weight`; keep one of the two");
                self.fault(&key(index, "weight"), message);
            }
            sizes.push(u64::from(row.devices.unwrap_or(1)));
        }
        let sum: u64 = sizes.iter().sum();
        let devices = Path::of("devices", "");
        let writer = |path: &Path| self.sources.holding(tree::span_at(self.written, path)?.start);
        let asked = self.written.get("devices").and_then(|_| writer(&devices));
        // Whoever builds on a fleet of so many devices, and says how many each group has, means those.
        let sized = writer(&key(with, "devices")).map_or(0, |(base, _)| base);
        let asked = asked.filter(|(base, source)| source.is_set() || *base >= sized);
        match asked {
            // `--devices` and `--set` ask for the first so many.
            Some((_, source)) if source.is_set() => {}
            Some(_) if u64::from(file.devices) == sum => {}
            Some(_) => {
                let message = format!("`devices` is {}, but the groups have {sum} together", file.devices);
                let help = "take it out here; on the command line `--devices` takes the first so many";
                self.fault_with(&devices, message, Some(help.into()));
            }
            None => match u32::try_from(sum) {
                Ok(sum @ ..=10_000_000) => file.devices = sum,
                _ => self.fault(&fleet(), format!("the groups have {sum} devices; 10,000,000 are the most")),
            },
        }
        sizes
    }
}

fn fleet() -> Path {
    Path::of("fleet", "")
}

fn key(index: usize, key: &str) -> Path {
    fleet().with(Step::Index(index)).with(Step::Key(key.into()))
}

/// A weight as a whole number of billionths, exactly as it is written.
fn in_billionths(weight: f64) -> Option<u64> {
    const DECIMALS: usize = 9;
    let text = weight.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let whole: u64 = whole.parse().ok().filter(|whole| *whole < 1_000_000_000 || decimals.is_empty())?;
    let decimals: u64 =
        format!("{decimals:0<DECIMALS$}").parse().ok().filter(|_| decimals.len() <= DECIMALS)?;
    (whole <= 1_000_000_000).then(|| whole * 1_000_000_000 + decimals)
}

#[cfg(test)]
mod tests {
    use super::in_billionths;

    #[test]
    fn weights_are_read_as_they_are_written() {
        for (weight, whole) in [
            (0.97, Some(970_000_000)),
            (1e-9, Some(1)),
            (1.0, Some(1_000_000_000)),
            (1e9, Some(1_000_000_000_000_000_000)),
            (123_456_789.123, Some(123_456_789_123_000_000)),
            (0.0, Some(0)),
            (1e-10, None),
            (1e10, None),
            (1_000_000_000.5, None),
            (f64::INFINITY, None),
            (-1.0, None),
        ] {
            assert_eq!(in_billionths(weight), whole, "{weight}");
        }
    }
}
