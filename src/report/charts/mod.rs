//! The pictures: each chart is data that can be kept in a file, from which its picture and its table are
//! made. Nothing is computed here that belongs to a result, and nothing but the data is looked at.

mod canvas;
mod look;
mod scale;
mod ticks;
mod labelled;
mod heat;
mod legible;
pub mod latency;
pub mod causes;
pub mod week;
mod day_sheet;
pub mod day;
pub mod price;
pub mod line;
pub mod grid;
pub mod tornado;

pub use causes::Causes;
pub use day::Day;
pub use grid::Grid;
pub use heat::Reading;
pub use latency::Latency;
pub use line::Line;
pub use price::Price;
pub use tornado::Tornado;
pub use week::Week;

use serde::{Deserialize, Serialize};

/// A chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Chart {
    /// Which share of mail was told within which time.
    Latency(Latency),
    /// A measure in each hour of the week.
    Week(Week),
    /// What mail waited for.
    Causes(Causes),
    /// A figure over two variables.
    Grid(Grid),
    /// What soon telling costs in key exposure.
    Price(Price),
    /// A figure along one key.
    Line(Line),
    /// Which unknown numbers move a figure the most.
    Tornado(Tornado),
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
        match &self.legible() {
            Chart::Latency(chart) => chart.svg(),
            Chart::Week(chart) => chart.svg(),
            Chart::Causes(chart) => chart.svg(),
            Chart::Grid(chart) => chart.svg(),
            Chart::Price(chart) => chart.svg(),
            Chart::Line(chart) => chart.svg(),
            Chart::Tornado(chart) => chart.svg(),
            Chart::Day(chart) => chart.svg(),
        }
    }

    /// What stands above it.
    pub fn heading(&self) -> &Heading {
        match self {
            Chart::Latency(chart) => &chart.heading,
            Chart::Week(chart) => &chart.heading,
            Chart::Causes(chart) => &chart.heading,
            Chart::Grid(chart) => &chart.heading,
            Chart::Price(chart) => &chart.heading,
            Chart::Line(chart) => &chart.heading,
            Chart::Tornado(chart) => &chart.heading,
            Chart::Day(chart) => &chart.heading,
        }
    }

    fn heading_mut(&mut self) -> &mut Heading {
        match self {
            Chart::Latency(chart) => &mut chart.heading,
            Chart::Week(chart) => &mut chart.heading,
            Chart::Causes(chart) => &mut chart.heading,
            Chart::Grid(chart) => &mut chart.heading,
            Chart::Price(chart) => &mut chart.heading,
            Chart::Line(chart) => &mut chart.heading,
            Chart::Tornado(chart) => &mut chart.heading,
            Chart::Day(chart) => &mut chart.heading,
        }
    }

    /// What it shows, as a table.
    pub fn cells(&self) -> Cells {
        match &self.legible() {
            Chart::Latency(chart) => chart.cells(),
            Chart::Week(chart) => chart.cells(),
            Chart::Causes(chart) => chart.cells(),
            Chart::Grid(chart) => chart.cells(),
            Chart::Price(chart) => chart.cells(),
            Chart::Line(chart) => chart.cells(),
            Chart::Tornado(chart) => chart.cells(),
            Chart::Day(chart) => chart.cells(),
        }
    }
}
