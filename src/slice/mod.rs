//! Slices: some of the devices, in some of the time. What a breakdown of the results and a promise about a part
//! of the fleet speak of, in the same words.

mod cut;
mod window;

pub use cut::{Breakdown, Cut, break_down, cuts};
pub use window::{Window, dates_divide, instant, within};

use crate::persona::PersonaName;
use crate::policy::Passcode;
use crate::scenario::{Member, Own, Scenario};
use crate::units::Bytes;
use std::collections::{BTreeMap, BTreeSet};

crate::choice! {
    /// What a device is told from others by: a column of `devices.csv`.
    pub enum Trait {
        /// Its group.
        Group,
        /// Who holds it.
        Persona,
        /// Its memory.
        Ram,
        /// Its passcode.
        Passcode,
        /// Where it is at home.
        TimeZone,
    }
}

/// What results are broken down by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dimension {
    /// What devices are.
    Of(Trait),
    /// The days of the calendar.
    Day,
    /// Its weeks, which begin on Mondays.
    Week,
    /// Before, between and after the dated events of the scenario.
    Event,
}

impl Dimension {
    /// By group: what is always told.
    pub const GROUP: Dimension = Dimension::Of(Trait::Group);

    /// Every one.
    pub const ALL: [Dimension; Trait::ALL.len() + 3] = [
        Dimension::Of(Trait::Group),
        Dimension::Of(Trait::Persona),
        Dimension::Of(Trait::Ram),
        Dimension::Of(Trait::Passcode),
        Dimension::Of(Trait::TimeZone),
        Dimension::Day,
        Dimension::Week,
        Dimension::Event,
    ];

    /// What it is called on the command line, in files and in columns.
    pub const fn name(self) -> &'static str {
        match self {
            Dimension::Of(of) => of.name(),
            Dimension::Day => "day",
            Dimension::Week => "week",
            Dimension::Event => "event",
        }
    }

    /// What people call it.
    pub fn words(self) -> String {
        self.name().replace('_', " ").replace("ram", "memory")
    }
}

impl Trait {
    /// What a device is.
    pub fn of(self, scenario: &Scenario, member: Member) -> String {
        let group = &scenario.fleet.groups[member.group];
        match self {
            Trait::Group => group.name.clone(),
            Trait::Persona => group.entry.persona.name().into(),
            Trait::Ram => scenario.own(member).persona.ram.to_string(),
            Trait::Passcode => scenario.own(member).policy.passcode.name().into(),
            Trait::TimeZone => time_zone(scenario, member).into(),
        }
    }

    /// What the devices of a fleet are, in order: groups as the scenario has them, also those without a member.
    pub fn values(self, scenario: &Scenario) -> Vec<String> {
        let named = |names: &mut dyn Iterator<Item = &'static str>| names.map(String::from).collect();
        match self {
            Trait::Group => scenario.fleet.groups.iter().map(|group| group.name.clone()).collect(),
            Trait::Persona => {
                let groups = scenario.fleet.groups.iter().filter(|group| group.weight > 0);
                let groups: Vec<PersonaName> = groups.map(|group| group.entry.persona).collect();
                let known = PersonaName::ALL.into_iter().filter(|name| groups.contains(name));
                named(&mut known.map(PersonaName::name))
            }
            Trait::Ram => {
                let sizes = distinct(scenario, |_, own| own.persona.ram);
                sizes.iter().map(Bytes::to_string).collect()
            }
            Trait::Passcode => {
                let codes = distinct(scenario, |_, own| own.policy.passcode);
                named(&mut codes.into_iter().map(Passcode::name))
            }
            Trait::TimeZone => {
                let zones = distinct(scenario, |member, _| time_zone(scenario, member));
                zones.into_iter().map(String::from).collect()
            }
        }
    }
}

impl Trait {
    /// The same without groups that can have no member.
    pub fn inhabited(self, scenario: &Scenario) -> Vec<String> {
        match self {
            Trait::Group => {
                let groups = scenario.fleet.groups.iter().filter(|group| group.weight > 0);
                groups.map(|group| group.name.clone()).collect()
            }
            other => other.values(scenario),
        }
    }
}

/// Where a device is at home.
fn time_zone(scenario: &Scenario, member: Member) -> &str {
    scenario.own(member).time_zone
}

/// What the devices of a fleet have, each once.
fn distinct<'a, T: Ord>(scenario: &'a Scenario, of: impl Fn(Member, &Own<'a>) -> T) -> BTreeSet<T> {
    let mut found = BTreeSet::new();
    for (group, size) in scenario.sizes(scenario.devices).into_iter().enumerate() {
        for rank in 0..size as u32 {
            let member = Member { group, rank };
            found.insert(of(member, &scenario.own(member)));
        }
    }
    found
}

/// Some devices: for each trait that is named, those that are one of these. Nothing named is everybody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Who(BTreeMap<Trait, Vec<String>>);

impl Who {
    /// Of these only those that are one of `values`.
    pub fn and(mut self, of: Trait, values: impl IntoIterator<Item = String>) -> Who {
        self.0.insert(of, values.into_iter().collect());
        self
    }

    /// The same, if there are such devices.
    ///
    /// # Errors
    /// With the first value that no device has.
    pub fn among(self, scenario: &Scenario, of: Trait, values: Vec<String>) -> Result<Who, Nobody> {
        let known = of.inhabited(scenario);
        match values.iter().find(|value| !known.contains(value)) {
            Some(value) => Err(Nobody { value: value.clone(), known: known.join(", ") }),
            None => Ok(self.and(of, values)),
        }
    }

    /// Whether it is everybody.
    pub fn is_everybody(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a device is among them.
    pub fn has(&self, scenario: &Scenario, member: Member) -> bool {
        self.0.iter().all(|(of, values)| values.contains(&of.of(scenario, member)))
    }

    /// Whether each group is among them wholly or not at all.
    fn is_of_groups(&self) -> bool {
        self.0.keys().all(|of| matches!(of, Trait::Group | Trait::Persona))
    }
}

/// No device is what was asked for.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no `{value}` is in the fleet")]
pub struct Nobody {
    /// What was asked for.
    pub value: String,
    /// What there is.
    pub known: String,
}

/// Some devices in some of the time: mail that arrived then, and what else happened then.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Slice {
    /// Which devices.
    pub who: Who,
    /// When, where it is not the whole measured span.
    pub window: Option<Window>,
}

impl Slice {
    /// Whether nothing is left out of it by what it says.
    pub fn is_everything(&self) -> bool {
        self.window.is_none() && self.who.is_everybody()
    }

    /// Whether sums by group tell all of it.
    pub fn is_of_groups(&self) -> bool {
        self.window.is_none() && self.who.is_of_groups()
    }

    /// Whether it is everybody over the whole measured span, as the one group of a fleet is.
    pub fn is_whole(&self, scenario: &Scenario) -> bool {
        let groups = 0..scenario.fleet.groups.len();
        let has_all = || groups.into_iter().all(|group| self.who.has(scenario, Member { group, rank: 0 }));
        self.is_of_groups() && has_all()
    }

    /// Its time.
    pub fn window(&self, scenario: &Scenario) -> Window {
        self.window.unwrap_or(Window::measured(scenario))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_listed_once_and_traits_are_called_as_columns_are() {
        let names: BTreeSet<&str> = Dimension::ALL.iter().map(|dimension| dimension.name()).collect();
        assert_eq!(names.len(), Dimension::ALL.len());
        assert!(Trait::ALL.iter().all(|of| names.contains(of.name())));
    }
}
