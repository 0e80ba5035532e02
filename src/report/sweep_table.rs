//! A sweep as a table: one row per point, what was varied first.

use super::figure::{ends, name, value};
use super::human::last_part;
use super::table::{Align, Table};
use crate::figure::{Figure, Reach};
use crate::sweep::{Axis, Point};

/// What stands beside the chosen figure.
const BESIDE: [Figure; 4] = [Figure::FIRST, Figure::MEDIAN, Figure::Exposure(Reach::InReach), Figure::Energy];

/// The table of a sweep.
pub fn sweep_table(axes: &[Axis], points: &[Point], figure: Figure) -> Table {
    let mut columns: Vec<(String, Align)> =
        axes.iter().map(|axis| (last_part(&axis.key).to_string(), Align::Right)).collect();
    let beside: Vec<Figure> = BESIDE.into_iter().filter(|other| *other != figure).collect();
    columns.push((name(figure), Align::Right));
    columns.push(("[95 % interval]".into(), Align::Left));
    columns.extend(beside.iter().map(|other| (name(*other), Align::Right)));
    let mut table = Table::with(&columns);
    for point in points {
        let varied = point.values.values().map(|value| value.as_str().unwrap_or_default().to_string());
        let (found, interval) = point.figure(figure);
        let ends = ends(figure, found, interval);
        let others = beside.iter().map(|other| value(*other, point.figure(*other).0));
        table.row(varied.chain([value(figure, found), ends]).chain(others));
    }
    table
}
