//! A phone lives on at both ends of the plausible range of every number, alone and in company: nothing
//! panics, and nothing goes on for ever.

use crate::common::scenario;
use bgsim::experiment::{Plan, run_fleet};
use bgsim::random::{RngExt, Streams};
use bgsim::scenario::keys;
use bgsim::section::{Key, Number, Shape};

const BASE: &str = "extends = \"device-keychain\"\ndevices = 8\nwarmup = \"4d\"\nmeasure = \"3d\"\n";

/// Enough days for weekdays and weekends to be told apart.
const LEARNT: [&str; 2] = ["warmup=\"15d\"", "habits.profile=\"ios18\""];

/// A number with a range: its section, its key, and how a scenario writes the ends.
struct Ranged {
    section: &'static str,
    key: &'static Key,
    ends: [String; 2],
}

/// How a scenario writes a value that is given in the unit of a range; the weights of a list have none.
pub fn written(shape: Shape, unit: &str, value: f64) -> Option<String> {
    let times = |units: &[(&str, f64)]| {
        let (_, size) = units.iter().find(|(name, _)| *name == unit).unwrap_or_else(|| panic!("{unit}"));
        (value * size).round()
    };
    match shape {
        Shape::Number | Shape::Share => Some(format!("{value:?}")),
        Shape::Whole => Some(value.round().to_string()),
        Shape::Length => {
            let units = [("ms", 1.0), ("s", 1e3), ("min", 6e4), ("h", 3.6e6), ("d", 8.64e7)];
            Some(format!("\"{}ms\"", times(&units)))
        }
        Shape::Size => Some(format!("\"{} B\"", times(&[("kB", 1e3), ("MB", 1e6), ("GB", 1e9)]))),
        _ => None,
    }
}

fn ranged() -> Vec<Ranged> {
    let found = keys().into_iter().filter_map(|(section, key)| {
        let Number { unit, range: (low, high), .. } = key.number?;
        Some(Ranged { section, key, ends: [written(key.shape, unit, low)?, written(key.shape, unit, high)?] })
    });
    let found: Vec<Ranged> = found.collect();
    assert!(found.len() > 150, "only {} numbers have a range", found.len());
    assert!(
        found.iter().any(|ranged| ranged.section == "scheduler.spacing"),
        "numbers in tables are left out"
    );
    found
}

/// What `--set` takes to give numbers these ends, and their models where they have some.
fn sets<'a>(moved: impl Iterator<Item = (&'a Ranged, usize)>) -> Vec<String> {
    let (mut sets, mut fleet) = (Vec::new(), String::new());
    for (Ranged { section, key, ends }, end) in moved {
        if *section == "fleet" {
            fleet += &format!(", {} = {}", key.name, ends[end]);
            continue;
        }
        if *section == "habits" {
            sets.extend(LEARNT.map(String::from));
        }
        if let [model, ..] = key.models {
            sets.push(format!("{section}.model={model:?}"));
        }
        sets.push(format!("{section}.{}={}", key.name, ends[end]));
    }
    sets.push(format!("fleet=[{{ persona = \"typical\"{fleet} }}]"));
    sets
}

/// Runs a few devices; who hangs is named by what was printed last.
fn lives(sets: &[String]) {
    println!("{}", sets.join(" "));
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let plan = Plan { jobs: 2, ..Plan::default() };
    let devices = run_fleet(&scenario(BASE, &sets), &plan, &mut ()).unwrap().total().counts.devices;
    assert_eq!(devices, 8);
}

#[test]
fn a_phone_lives_on_at_both_ends_of_every_range() {
    for number in &ranged() {
        for end in [0, 1] {
            lives(&sets([(number, end)].into_iter()));
        }
    }
}

#[test]
fn a_phone_lives_on_where_every_number_is_at_an_end_of_its_range() {
    let all = ranged();
    // The numbers of simple models cannot be moved together with those of the full ones.
    let full = |number: &&Ranged| !number.key.models.contains(&"poisson");
    let numbers: Vec<&Ranged> = all.iter().filter(full).collect();
    for end in [0, 1] {
        lives(&sets(numbers.iter().map(|number| (*number, end))));
    }
    for corner in 0..24 {
        let mut draw = Streams::new(1, "typical", corner).stream("corners");
        lives(&sets(numbers.iter().map(|number| (*number, usize::from(draw.random_bool(0.5))))));
    }
}
