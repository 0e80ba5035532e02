//! Laws that hold in the mean: one arm of a comparison is never worse than the other by more than a bound,
//! paired by device, in worlds drawn by a fixed seed from the declared ranges.
//!
//! A law is refuted where the mean of the differences lies beyond the bound at a one-sided level of 0.1 %,
//! divided by the number of comparisons. So a law that holds fails about once in a thousand seeds, and one
//! that is broken by much more than the bound fails at once.

use crate::common::scenario;
use crate::ranges::written;
use bgsim::engine::Engine;
use bgsim::experiment::{Keep, ledger, live};
use bgsim::random::{Streams, uniform};
use bgsim::record::Tally;
use bgsim::scenario::{Scenario, keys};
use bgsim::time::Span;
use std::fmt;

/// The level of a whole law.
const LEVEL: f64 = 0.001;

/// Worlds that differ in some numbers.
pub struct Worlds(Vec<World>);

impl Worlds {
    /// So many worlds, in each of which these numbers lie anywhere in their plausible ranges. A number is
    /// named as a scenario would set it, one of people as `fleet.` and its row.
    pub fn drawn(count: u32, numbers: &[&str]) -> Worlds {
        Worlds((0..count).map(|world| World::drawn(world, numbers)).collect())
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &World> {
        self.0.iter()
    }
}

/// One of them.
pub struct World {
    number: u32,
    sets: Vec<String>,
    /// The rows of its people.
    people: Vec<String>,
}

impl World {
    fn drawn(number: u32, numbers: &[&str]) -> World {
        let (mut sets, mut people) = (Vec::new(), Vec::new());
        for name in numbers {
            let (section, row) = name.split_once('.').unwrap();
            let is_it =
                |(in_section, key): &(&str, &bgsim::section::Key)| *in_section == section && key.name == row;
            let (_, key) = keys().into_iter().find(is_it).unwrap_or_else(|| panic!("no key {name}"));
            let range = key.number.unwrap_or_else(|| panic!("{name} has no range"));
            // By name, so that one number more moves no other.
            let at = uniform(&mut Streams::new(1, name, number).stream("laws in the mean"));
            let (low, high) = range.range;
            let value = written(key.shape, range.unit, low + at * (high - low)).unwrap();
            match section {
                "fleet" => people.push(format!("{row} = {value}")),
                _ => sets.push(format!("{name}={value}")),
            }
        }
        World { number, sets, people }
    }

    /// A scenario in this world, with more set, and with more rows of its people.
    pub fn scenario(&self, text: &str, sets: &[&str], people: &str) -> Scenario {
        let fleet = format!("fleet=[{{ {} }}]", [&self.people[..], &[people.into()]].concat().join(", "));
        let own = self.sets.iter().map(String::as_str);
        let sets: Vec<&str> = own.chain([fleet.as_str()]).chain(sets.iter().copied()).collect();
        scenario(text, &sets)
    }
}

/// Its number; with `#` all that it sets.
impl fmt::Display for World {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "world {}", self.number)?;
        if to.alternate() {
            write!(to, " {} {}", self.sets.join(" "), self.people.join(", "))
        } else {
            Ok(())
        }
    }
}

/// What the books say of each device.
pub fn of_devices<T>(scenario: &Scenario, read: impl Fn(&Tally) -> T) -> Vec<T> {
    let mut ledger = ledger(scenario);
    let keep = Keep { rows: false, events: false };
    let devices = (0..scenario.devices).map(|device| {
        live(scenario, device, Engine::Fast, &mut ledger, keep, &mut ());
        read(&std::mem::take(&mut ledger.tally))
    });
    devices.collect()
}

/// Told within so long, of each device.
pub fn told_within(scenario: &Scenario, limit: Span) -> Vec<f64> {
    of_devices(scenario, |tally| tally.waits.estimate().told_within(limit).unwrap_or(1.0))
}

/// How much more there is in the mean of many devices, each against itself, and the standard error of that.
#[derive(Clone, Copy)]
pub struct Paired {
    pub mean: f64,
    pub error: f64,
}

impl Paired {
    pub fn new(less: &[f64], more: &[f64]) -> Paired {
        assert_eq!(less.len(), more.len(), "devices are paired");
        assert!(less.len() >= 64, "too few devices for the normal law");
        let n = less.len() as f64;
        let differences: Vec<f64> = less.iter().zip(more).map(|(less, more)| more - less).collect();
        let mean = differences.iter().sum::<f64>() / n;
        let variance = differences.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>() / (n - 1.0);
        Paired { mean, error: (variance / n).sqrt() }
    }

    /// Whether it lies below a bound, beyond chance at the level of a law with so many comparisons.
    pub fn lies_below(self, bound: f64, tests: usize) -> bool {
        self.mean + beyond(LEVEL / tests as f64) * self.error < bound
    }
}

/// Tells what is wrong if `more` lies below `less` by more than a bound, in one of so many comparisons.
pub fn never_below(
    name: &str,
    world: &World,
    [less, more]: [&[f64]; 2],
    bound: f64,
    tests: usize,
) -> Result<(), String> {
    let paired = Paired::new(less, more);
    let Paired { mean, error } = paired;
    println!("{:+.2} points, standard error {:.2}: {name}, {world}", 100.0 * mean, 100.0 * error);
    if paired.lies_below(-bound, tests) {
        Err(format!("{mean:+.4} with a standard error of {error:.4}: {name}"))
    } else {
        Ok(())
    }
}

/// The value above which this part of the normal law lies.
fn beyond(part: f64) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        let above = libm::erfc(middle / std::f64::consts::SQRT_2) / 2.0;
        (low, high) = if above > part { (middle, high) } else { (low, middle) };
    }
    low
}

/// Asserts that no comparison refutes the law, however many.
pub fn assert_all(comparisons: impl IntoIterator<Item = Result<(), String>>) {
    let refuted: Vec<String> = comparisons.into_iter().filter_map(Result::err).collect();
    assert!(refuted.is_empty(), "\n{}", refuted.join("\n"));
}

#[test]
fn a_law_is_refuted_only_beyond_its_bound_and_chance() {
    assert!((beyond(0.025) - 1.959_964).abs() < 1e-6 && (beyond(0.001) - 3.090_232).abs() < 1e-6);
    let (world, less) = (World::drawn(0, &[]), vec![0.5; 128]);
    let with = |off: f64, spread: f64| -> Vec<f64> {
        (0..128).map(|place| 0.5 + off + if place % 2 == 0 { spread } else { -spread }).collect()
    };
    let refuted =
        |off, spread| never_below("made up", &world, [&less, &with(off, spread)], 0.005, 24).is_err();
    assert!(!refuted(0.1, 0.01) && !refuted(-0.004, 0.0) && !refuted(-0.02, 0.1));
    assert!(refuted(-0.006, 0.0) && refuted(-0.05, 0.1));
}
