//! What happens along some keys: a grid of scenarios that share their random numbers.

mod axis;
pub mod journal;
mod point;

pub use axis::Axis;
#[cfg(feature = "cli")]
pub(crate) use axis::parted;
pub use point::{Point, PointPart, csv_header, csv_rows};

use crate::experiment::{After, Fleet, Plan, Watch, run_fleets};
use crate::figure::{Figure, Sample};
use crate::record::Prints;
use crate::scenario::Scenario;
use crate::slice::cuts;
use std::collections::{BTreeMap, BTreeSet};

/// More points than these are a slip of the pen.
const MOST_POINTS: usize = 10_000;

/// A point of the grid: each key with its value, as `--set` takes it.
pub type GridPoint = Vec<(String, String)>;

/// Every combination of the axes' values; the last axis turns fastest.
///
/// # Errors
/// If there are more than anyone can mean, or a key stands twice.
pub fn grid(axes: &[Axis]) -> Result<Vec<GridPoint>, String> {
    let mut keys = BTreeSet::new();
    if let Some(twice) = axes.iter().find(|axis| !keys.insert(&axis.key)) {
        return Err(format!("`--vary {}=...` is given twice", twice.key));
    }
    let points = axes.iter().fold(1_usize, |product, axis| product.saturating_mul(axis.values.len()));
    if points > MOST_POINTS {
        return Err(format!("{points} points are more than the {MOST_POINTS} that a sweep may have"));
    }
    let mut grid: Vec<GridPoint> = vec![Vec::new()];
    for axis in axes {
        let longer = |place: &GridPoint| -> Vec<GridPoint> {
            let with =
                |value: &String| place.iter().cloned().chain([(axis.key.clone(), value.clone())]).collect();
            axis.values.iter().map(with).collect()
        };
        grid = grid.iter().flat_map(longer).collect();
    }
    Ok(grid)
}

/// The point at a place, of which every device is in `fleet`, with its line in the journal.
pub fn found(
    place: &GridPoint,
    scenario: &Scenario,
    figure: Figure,
    pushes: bool,
    plan: &Plan,
    fleet: &Fleet,
) -> (String, Point) {
    let whole = Sample::of(&fleet.parts, scenario);
    // What cannot be cut was refused before anything was run.
    let cuts = cuts(scenario, &plan.by).unwrap_or_default();
    let by = fleet.by(scenario, &cuts, &whole, |sample| PointPart::of(sample, figure, pushes));
    let (prints, sha256) = (Prints::of(&fleet.total()), scenario.sha256());
    let point = Point::of(place, sha256, prints, PointPart::of(&whole, figure, pushes), &by);
    let json = serde_json::to_string(&point).expect("a point is made of names and numbers");
    // By way of its line, so that a sweep that was resumed cannot differ from a whole one.
    let point = serde_json::from_str(&json).expect("the line of a point is a point");
    (json, point)
}

/// Runs the points that are not `done` yet; each in turn is handed to `keep` with its place in the grid, as the JSON
/// of its line in the journal, `figure` among its figures. Returns all that are finished by their place, which are fewer if
/// `watch` stopped it.
///
/// # Errors
/// If a point cannot be kept.
pub fn run_points<E, O>(
    places: &[GridPoint],
    scenarios: &[Scenario],
    figure: Figure,
    done: BTreeMap<usize, Point>,
    plan: &Plan,
    mut keep: impl FnMut(usize, &str) -> Result<(), E>,
    watch: &mut O,
) -> Result<BTreeMap<usize, Point>, E>
where
    O: Watch<Fault = E>,
{
    watch.expect(scenarios.iter().fold(0, |sum, scenario| sum.saturating_add(scenario.devices)));
    let pushes = scenarios.iter().any(Scenario::pushes);
    let mut points = done;
    let left: Vec<usize> = (0..places.len()).filter(|place| !points.contains_key(place)).collect();
    let before = points.keys().fold(0_u32, |sum, place| sum.saturating_add(scenarios[*place].devices));
    let left_over: Vec<&Scenario> = left.iter().map(|place| &scenarios[*place]).collect();
    let done = |point: usize, fleet: Fleet| {
        let (place, scenario) = (left[point], left_over[point]);
        if fleet.finished < scenario.devices {
            return Ok(());
        }
        let (json, point) = found(&places[place], scenario, figure, pushes, plan, &fleet);
        keep(place, &json)?;
        points.insert(place, point);
        Ok(())
    };
    run_fleets(&left_over, plan, &mut After { before, watch }, done)?;
    Ok(points)
}
