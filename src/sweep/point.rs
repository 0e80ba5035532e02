//! What was found at a point of the grid, and its row in `sweep.csv`.

use super::{Axis, GridPoint};
use crate::figure::{Figure, Sample};
use crate::record::Prints;
use crate::slice::{Breakdown, Dimension};
use crate::summary::{Estimate, by_json, ends};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

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
    /// The same for each group, and for the other slices that were asked for: a value of each dimension leads to
    /// its `devices`, `figures` and `ci95`.
    pub by: Map<String, Value>,
}

/// What was found in a slice.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PointPart {
    /// Its devices.
    pub devices: u64,
    /// The same figures.
    pub figures: Map<String, Value>,
    /// Their 95 % intervals.
    pub ci95: Map<String, Value>,
}

impl PointPart {
    /// That of a sample, with the figures of push where any point has some.
    pub fn of(sample: &Sample, chosen: Figure, pushes: bool) -> PointPart {
        let kept = Figure::kept_with(chosen, pushes);
        let named = |value: fn(Figure, &Sample) -> Value| {
            kept.iter().map(|figure| (figure.to_string(), value(*figure, sample))).collect()
        };
        PointPart {
            devices: sample.all_devices(),
            figures: named(|figure, sample| figure.json(sample.value(figure))),
            ci95: named(|figure, sample| ends(sample.value(figure), sample.interval(figure))),
        }
    }
}

impl Point {
    /// The point at a place, from what its run found in all and in each slice.
    pub fn of(
        place: &GridPoint,
        sha256: String,
        prints: Prints,
        PointPart { figures, ci95, .. }: PointPart,
        by: &[Breakdown<PointPart>],
    ) -> Point {
        Point {
            values: place.iter().map(|(key, value)| (key.clone(), Value::from(value.as_str()))).collect(),
            sha256,
            prints,
            figures,
            ci95,
            by: by_json(by, |part| json!(part)),
        }
    }

    /// Whether it is the point of this place.
    pub fn is_at(&self, place: &GridPoint) -> bool {
        let same =
            |(own, (key, value)): ((&String, &Value), &(String, String))| own.0 == key && own.1 == value;
        self.values.len() == place.len() && self.values.iter().zip(place).all(same)
    }

    /// What was found in each slice of a dimension.
    pub fn parts(&self, dimension: Dimension) -> Vec<(String, PointPart)> {
        let parts = self.by.get(dimension.name()).and_then(Value::as_object).into_iter().flatten();
        let read = |(name, part): (&String, &Value)| Some((name.clone(), PointPart::deserialize(part).ok()?));
        parts.filter_map(read).collect()
    }

    /// A figure with its interval.
    pub fn figure(&self, figure: Figure) -> Estimate {
        estimate(&self.figures, &self.ci95, figure)
    }

    /// The same for who asks what is sure: what does not vary, of which no interval is shown, is so at both ends.
    pub fn surely(&self, figure: Figure) -> Estimate {
        let found = self.figure(figure);
        let does_not_vary = self.ci95.get(&figure.to_string()).is_some_and(Value::is_null);
        let point = found.value.filter(|_| does_not_vary).map(|value| [value; 2]);
        Estimate { ci95: found.ci95.or(point), ..found }
    }
}

impl PointPart {
    /// A figure with its interval.
    pub fn figure(&self, figure: Figure) -> Estimate {
        estimate(&self.figures, &self.ci95, figure)
    }
}

fn estimate(figures: &Map<String, Value>, ci95: &Map<String, Value>, figure: Figure) -> Estimate {
    let path = figure.to_string();
    let end = |place: usize| ci95.get(&path)?.get(place)?.as_f64();
    let value = figures.get(&path).and_then(Value::as_f64);
    Estimate { value, ci95: end(0).zip(end(1)).map(Into::into) }
}

/// The header of `sweep.csv`: the varied keys, where slices were asked for `by` and `value`, which tell them apart
/// and are empty for the whole, then each figure with the ends of its interval.
pub fn csv_header(axes: &[Axis], point: &Point, by: &[Dimension]) -> Vec<String> {
    let keys = axes.iter().map(|axis| axis.key.clone());
    let slice = ["by", "value"].into_iter().filter(|_| !by.is_empty()).map(String::from);
    let figures = point.figures.keys();
    let figures = figures.flat_map(|path| [path.clone(), format!("{path}.low"), format!("{path}.high")]);
    keys.chain(slice).chain(figures).collect()
}

/// The rows of a point: that of the whole, and one for each slice that was asked for.
pub fn csv_rows(point: &Point, by: &[Dimension]) -> Vec<Vec<String>> {
    let keys: Vec<String> = point.values.values().map(|value| cell(Some(value))).collect();
    let row = |slice: [&str; 2], figures: &Map<String, Value>, ci95: &Map<String, Value>| {
        let slice = slice.into_iter().filter(|_| !by.is_empty()).map(String::from);
        keys.iter().cloned().chain(slice).chain(cells(figures, ci95)).collect()
    };
    let mut rows = vec![row(["", ""], &point.figures, &point.ci95)];
    for dimension in by {
        for (name, PointPart { figures, ci95, .. }) in point.parts(*dimension) {
            rows.push(row([dimension.name(), &name], &figures, &ci95));
        }
    }
    rows
}

/// A text that a spreadsheet would take for a formula is led by an apostrophe, as spreadsheets write it themselves.
fn plain_cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@']) && text.parse::<f64>().is_err();
    if is_formula { format!("'{text}") } else { text.into() }
}

/// What is unknown is an empty cell.
fn cell(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => plain_cell(text),
        None | Some(Value::Null) => String::new(),
        Some(value) => value.to_string(),
    }
}

/// Each figure with the ends of its interval.
fn cells(figures: &Map<String, Value>, ci95: &Map<String, Value>) -> Vec<String> {
    let mut cells = Vec::with_capacity(3 * figures.len());
    for (path, value) in figures {
        let end = |place: usize| cell(ci95.get(path).and_then(|ends| ends.get(place)));
        cells.extend([cell(Some(value)), end(0), end(1)]);
    }
    cells
}
