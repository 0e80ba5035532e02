//! The space that is searched: an axis for each number that nobody published, over the scenarios of all observations.
//!
//! A place has a coordinate from 0 to 1 on each axis, and there is as much of it in one part of a range as in another:
//! of the range itself, or of its logarithm where it spans a factor of ten. Persons who differ keep what is their own,
//! times a factor. What a scenario says of itself is part of the situation and is not moved.

use crate::scenario::{Scenario, key};
use crate::sensitivity::{Scale, Unknown, unknowns};
use crate::source::Tag;
use serde::{Deserialize, Serialize};

/// A number that is moved.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Axis {
    /// Its key, `fleet.` standing for every group.
    pub key: String,
    /// The unit of its values.
    pub unit: String,
    /// Whether each group keeps its own value, and the range is one of factors.
    pub is_factor: bool,
    /// The ends of its range.
    pub range: [f64; 2],
    /// How values between them are spaced.
    pub scale: Scale,
}

/// All of them.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Space(pub Vec<Axis>);

/// From so many times on, values are as far apart as their logarithms are.
const LOGARITHMIC: f64 = 10.0;
/// Digits of a value that are kept: more than anybody knows, and few enough to be read.
const DIGITS: i32 = 6;

impl Axis {
    /// The value at a coordinate.
    pub fn at(&self, part: f64) -> f64 {
        let [low, high] = self.range;
        let value = match self.scale {
            Scale::Linear => low + (high - low) * part,
            Scale::Logarithmic => low * libm::pow(high / low, part),
        };
        in_digits(value).clamp(low, high)
    }

    /// The coordinate of a value.
    pub fn part(&self, value: f64) -> f64 {
        let [low, high] = self.range;
        let part = match self.scale {
            Scale::Linear => (value - low) / (high - low),
            Scale::Logarithmic => libm::log(value / low) / libm::log(high / low),
        };
        // What is no number is at the low end.
        if part >= 0.0 { part.min(1.0) } else { 0.0 }
    }

    fn of(unknown: &Unknown) -> Axis {
        let Unknown { key, unit, is_factor, range, .. } = unknown.clone();
        Axis { key, unit: unit.into(), is_factor, range, scale: Scale::Linear }
    }

    /// What the number rests on, and what it means.
    pub fn facts(&self) -> Option<(Tag, &'static str)> {
        let (section, name) = self.key.rsplit_once('.')?;
        key(section, name)?.number.as_ref().map(|number| (number.tag, number.what))
    }
}

fn in_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let digits = DIGITS - 1 - libm::floor(libm::log10(value.abs())) as i32;
    let scale = libm::pow(10.0, f64::from(digits.abs()));
    if digits >= 0 { libm::round(value * scale) / scale } else { libm::round(value / scale) * scale }
}

impl Space {
    /// The numbers that any of these scenarios rests on and does not say itself.
    pub fn of(scenarios: &[&Scenario]) -> Space {
        let all: Vec<Vec<Unknown>> = scenarios.iter().map(|scenario| free(scenario)).collect();
        let mut axes: Vec<Axis> = Vec::new();
        for unknown in all.iter().flatten() {
            if axes.iter().all(|axis| axis.key != unknown.key) {
                axes.push(Axis::of(unknown));
            }
        }
        axes.retain_mut(|axis| {
            let own = || all.iter().flatten().filter(|unknown| unknown.key == axis.key);
            let (mut range, is_factor) = (axis.range, own().any(|unknown| unknown.is_factor));
            if is_factor {
                // Within these all groups of all scenarios stay plausible.
                range = own().fold([0.0, f64::MAX], |[low, high], unknown| {
                    let [least, most] = match (unknown.is_factor, unknown.now > 0.0) {
                        (true, _) => unknown.range,
                        (false, true) => unknown.plausible.map(|end| end / unknown.now),
                        (false, false) => [low, high],
                    };
                    [low.max(least.min(1.0)), high.min(most.max(1.0))]
                });
            }
            let is_log = range[0] > 0.0 && range[1] / range[0] >= LOGARITHMIC;
            let scale = if is_log { Scale::Logarithmic } else { Scale::Linear };
            *axis = Axis { range, is_factor, scale, ..axis.clone() };
            range[0] < range[1]
        });
        Space(axes)
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values at a place.
    pub fn values(&self, place: &[f64]) -> Vec<f64> {
        self.0.iter().zip(place).map(|(axis, part)| axis.at(*part)).collect()
    }
}

/// The unknowns of a scenario, but for those in which its devices differ as it is.
fn movable(scenario: &Scenario) -> Vec<Unknown> {
    let (all, _) = unknowns(scenario);
    let is_dealt =
        |unknown: &Unknown| unknown.key.strip_prefix("fleet.").is_some_and(|row| scenario.deals(row));
    all.into_iter().filter(|unknown| !is_dealt(unknown)).collect()
}

/// Those of which it does not say everything itself.
fn free(scenario: &Scenario) -> Vec<Unknown> {
    let all = movable(scenario);
    all.into_iter().filter(|unknown| Free::of(scenario, &unknown.key).any()).collect()
}

/// Where a number is not written: nobody's wish stands against moving it there.
struct Free<'a> {
    scenario: &'a Scenario,
    key: &'a str,
}

impl<'a> Free<'a> {
    fn of(scenario: &'a Scenario, key: &'a str) -> Free<'a> {
        Free { scenario, key }
    }

    fn in_group(&self, group: &str) -> bool {
        let written = &self.scenario.written;
        let place = self.scenario.fleet.groups.iter().position(|known| known.name == group);
        match (self.key.strip_prefix("fleet."), place) {
            (Some(row), Some(place)) => !written.has(&format!("fleet[{place}].{row}")),
            _ => !written.has(self.key),
        }
    }

    fn any(&self) -> bool {
        match self.key.starts_with("fleet.") {
            true => self.scenario.fleet.groups.iter().any(|group| self.in_group(&group.name)),
            false => self.in_group(""),
        }
    }
}

/// How a scenario is moved along the axes of a space.
#[derive(Clone, Debug)]
pub struct Mover {
    /// Which axes move it: the number, the axis, and the groups that stay as they are.
    moved: Vec<(usize, Unknown, Vec<String>)>,
    /// The numbers among the axes of which the scenario says something itself.
    pub fixed: Vec<String>,
}

impl Mover {
    /// That of a scenario.
    pub fn of(space: &Space, scenario: &Scenario) -> Mover {
        let all = movable(scenario);
        let (mut moved, mut fixed) = (Vec::new(), Vec::new());
        for (place, axis) in space.0.iter().enumerate() {
            let Some(unknown) = all.iter().find(|unknown| unknown.key == axis.key) else { continue };
            let free = Free::of(scenario, &axis.key);
            let groups = scenario.fleet.groups.iter().map(|group| &group.name);
            let stay: Vec<String> = groups.filter(|group| !free.in_group(group)).cloned().collect();
            if !free.any() || !stay.is_empty() {
                fixed.push(axis.key.clone());
            }
            if free.any() {
                moved.push((place, unknown.clone(), stay));
            }
        }
        Mover { moved, fixed }
    }

    /// What `--set` would take to have these values of all axes.
    pub fn sets(&self, space: &Space, values: &[f64]) -> Vec<String> {
        let sets = self.moved.iter().flat_map(|(place, unknown, stay)| {
            let is_free = |group: &str| !stay.iter().any(|known| known == group);
            unknown.moved(values[*place], space.0[*place].is_factor, is_free)
        });
        packed(sets)
    }
}

/// The same settings, those of a section in one: each is a layer that is read by itself.
fn packed(sets: impl Iterator<Item = String>) -> Vec<String> {
    let mut sections: Vec<(String, Vec<String>)> = Vec::new();
    for set in sets {
        let (path, value) = set.split_once('=').unwrap_or((&set, ""));
        let (section, key) = path.rsplit_once('.').unwrap_or(("", path));
        let setting = format!("{key} = {value}");
        match sections.iter_mut().find(|(known, _)| known == section) {
            Some((_, settings)) => settings.push(setting),
            None => sections.push((section.to_owned(), vec![setting])),
        }
    }
    sections
        .into_iter()
        .map(|(section, settings)| format!("{section}={{ {} }}", settings.join(", ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    fn space_of(names: &[&str]) -> (Vec<Scenario>, Space) {
        let scenarios: Vec<Scenario> = names.iter().map(|name| load(name, &[]).unwrap()).collect();
        let space = Space::of(&scenarios.iter().collect::<Vec<_>>());
        (scenarios, space)
    }

    #[test]
    fn every_place_of_the_space_is_a_scenario() {
        let (scenarios, space) = space_of(&["email-plus", "night-worker"]);
        assert!(space.len() > 100);
        for part in [0.0, 0.37, 1.0] {
            let values = space.values(&vec![part; space.len()]);
            for scenario in &scenarios {
                let sets = Mover::of(&space, scenario).sets(&space, &values);
                load(&scenario.name, &sets).map_err(|e| e.to_string()).unwrap();
            }
        }
    }

    #[test]
    fn a_coordinate_is_that_of_its_value() {
        let (_, space) = space_of(&["email-plus"]);
        for axis in &space.0 {
            // Values are written in six digits.
            for (at, end) in [axis.at(0.0), axis.at(1.0)].into_iter().zip(axis.range) {
                assert!((at - end).abs() <= 1e-5 * end.abs(), "{}", axis.key);
            }
            for part in [0.0, 0.25, 0.8, 1.0] {
                assert!((axis.part(axis.at(part)) - part).abs() < 1e-4, "{}", axis.key);
            }
        }
        assert_eq!(in_digits(123_456_789.0), 123_457_000.0);
        assert_eq!(in_digits(-0.001_234_567_8), -0.001_234_57);
    }

    /// Phones differ in their memory: none is given to all.
    #[test]
    fn what_devices_differ_in_is_not_moved() {
        let (scenarios, space) = space_of(&["email-plus"]);
        assert!(scenarios[0].deals("ram") && space.0.iter().all(|axis| axis.key != "fleet.ram"));
    }

    /// What is written of one group stays, and moves in the others.
    #[test]
    fn what_a_scenario_says_is_not_moved() {
        let sets = ["scheduler.min_spacing=40m", "group.light.mail_session=9s"].map(String::from);
        let (own, space) = (load("email-plus", &sets).unwrap(), space_of(&["email-plus"]).1);
        let mover = Mover::of(&space, &own);
        assert_eq!(mover.fixed, ["scheduler.min_spacing", "fleet.mail_session"].map(String::from));
        let sets = mover.sets(&space, &space.values(&vec![0.9; space.len()]));
        let has = |section: &str, key: &str| {
            let own = sets.iter().filter(|set| set.starts_with(&format!("{section}={{")));
            own.into_iter().any(|set| set.contains(&format!(" {key} = ")))
        };
        assert!(has("scheduler", "other_energy") && !has("scheduler", "min_spacing"), "{sets:?}");
        assert!(has("group.heavy", "mail_session") && !has("group.light", "mail_session"), "{sets:?}");
    }
}
