//! The pictures: each chart is data that can be kept in a file, from which its picture and its table are
//! made. Nothing is computed here that belongs to a result, and nothing but the data is looked at.

mod canvas;
mod look;
mod scale;
pub mod day;
mod day_sheet;
pub mod latency;

pub use day::Day;
pub use latency::Latency;

use serde::{Deserialize, Serialize};

/// A chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Chart {
    /// Which share of mail was told within which time.
    Latency(Latency),
    /// One day of one device: when mail arrived, what told of it, and what stood in the way.
    Day(Day),
}

/// What stands above a chart.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Heading {
    /// The finding, or the question.
    pub title: String,
    /// The measure and its unit.
    pub subtitle: String,
}

/// What a chart shows, as a table in words and numbers.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Cells {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<String>>,
}

/// An estimate with its 95 % interval, where either is known.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Estimate {
    /// The value.
    pub value: Option<f64>,
    /// Both ends of the interval.
    pub ci95: Option<[f64; 2]>,
}

impl Chart {
    /// The picture.
    pub fn svg(&self) -> String {
        match self {
            Chart::Latency(chart) => chart.svg(),
            Chart::Day(chart) => chart.svg(),
        }
    }

    /// What stands above it.
    pub fn heading(&self) -> &Heading {
        match self {
            Chart::Latency(chart) => &chart.heading,
            Chart::Day(chart) => &chart.heading,
        }
    }

    /// What it shows, as a table.
    pub fn cells(&self) -> Cells {
        match self {
            Chart::Latency(chart) => chart.cells(),
            Chart::Day(chart) => chart.cells(),
        }
    }
}
