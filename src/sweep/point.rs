//! What was found at a point of the grid, and its row in `sweep.csv`.

use super::{Axis, GridPoint};
use crate::figure::{Figure, Sample};
use crate::record::Prints;
use crate::summary::{Estimate, Summary, ends};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What was found at a point of the grid.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// The varied keys with their values.
    pub values: Map<String, Value>,
    /// Hash of the effective configuration.
    pub sha256: String,
    /// What was decided and what was booked, as hashes.
    #[serde(flatten)]
    pub prints: Prints,
    /// The headline figures, and that which was asked for, by their path in `summary.json`.
    pub figures: Map<String, Value>,
    /// Their 95 % intervals.
    pub ci95: Map<String, Value>,
}

impl Point {
    /// The point at a place, from the summary of its run.
    pub fn of(place: &GridPoint, summary: &Summary, sample: &Sample, chosen: Figure) -> Point {
        let kept = Figure::kept_with(chosen);
        let named = |value: fn(Figure, &Sample) -> Value| {
            kept.iter().map(|figure| (figure.to_string(), value(*figure, sample))).collect()
        };
        Point {
            values: place.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect(),
            sha256: summary.scenario.sha256.clone(),
            prints: summary.prints.clone(),
            figures: named(|figure, sample| figure.json(sample.value(figure))),
            ci95: named(|figure, sample| ends(sample.value(figure), sample.interval(figure))),
        }
    }

    /// A figure with its interval.
    pub fn figure(&self, figure: Figure) -> Estimate {
        let path = figure.to_string();
        let value = self.figures.get(&path).and_then(Value::as_f64);
        let end = |place: usize| self.ci95.get(&path)?.get(place)?.as_f64();
        Estimate { value, ci95: end(0).zip(end(1)).map(Into::into) }
    }
}

/// The header of `sweep.csv`: the varied keys, then each figure with the ends of its interval.
pub fn csv_header(axes: &[Axis], point: &Point) -> Vec<String> {
    let keys = axes.iter().map(|axis| axis.key.clone());
    let figures = point.figures.keys();
    keys.chain(figures.flat_map(|path| [path.clone(), format!("{path}.low"), format!("{path}.high")]))
        .collect()
}

/// The row of a point; what is unknown is an empty cell.
pub fn csv_row(point: &Point) -> Vec<String> {
    let cell = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(value) => value.to_string(),
    };
    let mut cells: Vec<String> = point.values.values().map(|value| cell(Some(value))).collect();
    for (path, value) in &point.figures {
        let end = |place: usize| cell(point.ci95.get(path).and_then(|ends| ends.get(place)));
        cells.extend([cell(Some(value)), end(0), end(1)]);
    }
    cells
}
