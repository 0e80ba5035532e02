//! `points.csv`: every point that was tried, with the value of every number and what was found.

use super::point::{Found, PointKind, Tried};
use super::{Sensitivity, Unknown};
use std::fmt::Write;

/// What the dummy is called where numbers have their key.
pub const DUMMY: &str = "dummy";

/// A row for each point. Numbers are in the unit of their range, factors where they are moved by one; the dummy is
/// from 0 to 1. `base` is the figure, `other` that of the arm where one is asked about; `judged_` is what was found on
/// more devices where the point got any.
pub fn points_csv(found: &Sensitivity) -> String {
    let keys: Vec<&str> = found.moved.iter().map(|unknown| unknown.key.as_str()).collect();
    let mut text = format!(
        "point,kind,trajectory,step,changed,seed,{}{DUMMY},base,other,difference,standard_error,devices,\
         judged_difference,judged_standard_error,judged_devices,says\n",
        keys.iter().map(|key| format!("{key},")).collect::<String>()
    );
    for (number, tried) in (1..).zip(&found.tried) {
        row(&mut text, number, tried, found);
    }
    text
}

fn row(text: &mut String, number: usize, tried: &Tried, all: &Sensitivity) {
    let Tried { place, first, last, clarity } = tried;
    let (kind, trajectory, step) = match place.kind {
        PointKind::Base => ("base", String::new(), String::new()),
        PointKind::End => ("end", String::new(), String::new()),
        PointKind::Inside => ("inside", String::new(), String::new()),
        PointKind::Trajectory { number, step } => ("trajectory", number.to_string(), step.to_string()),
    };
    let key = |changed: usize| all.moved.get(changed).map_or(DUMMY, |unknown: &Unknown| unknown.key.as_str());
    let changed = place.changed.map_or("", key);
    let seed = place.seed.map_or(all.scenario.seed, u64::from);
    // Writing into memory cannot fail.
    let _ = write!(text, "{number},{kind},{trajectory},{step},{changed},{seed}");
    place.values.iter().for_each(|value| {
        let _ = write!(text, ",{value}");
    });
    let is_difference = all.difference_to.is_some();
    let difference = |found: &Found| cell(found.estimate.value.filter(|_| is_difference));
    let [base, other] = first.arms.map(cell);
    let _ = writeln!(
        text,
        ",{},{base},{other},{},{},{},{},{},{},{}",
        place.dummy,
        difference(first),
        cell(first.error),
        first.devices,
        difference(last),
        cell(last.error),
        last.devices,
        clarity.map_or("", |clarity| clarity.name()),
    );
}

fn cell(number: Option<f64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}
