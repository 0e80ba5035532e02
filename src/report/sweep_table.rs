//! A sweep as a table: one row per point, what was varied first.

use super::figure::{name, tail, value};
use super::table::{Align, Table};
use crate::sweep::{Axis, Point};

/// What stands beside the chosen figure.
const BESIDE: [&str; 4] = [
    "mail.told_within.15m",
    "mail.latency_s.p50",
    "exposure.key_in_reach_while_locked_h_per_day",
    "energy.background_mah_per_day",
];

/// The table of a sweep.
pub fn sweep_table(axes: &[Axis], points: &[Point], figure: &str) -> Table {
    let mut columns: Vec<(String, Align)> =
        axes.iter().map(|axis| (tail(&axis.key).to_string(), Align::Right)).collect();
    let beside: Vec<&str> = BESIDE.into_iter().filter(|path| *path != figure).collect();
    columns.push((name(figure), Align::Right));
    columns.push(("[95 % interval]".into(), Align::Left));
    columns.extend(beside.iter().map(|path| (name(path), Align::Right)));
    let mut table = Table::with(&columns);
    for point in points {
        let varied = point.values.values().map(|value| value.as_str().unwrap_or_default().to_string());
        let (found, interval) = point.figure(figure);
        let ends = interval.map(|ends| ends.map(|end| value(figure, Some(end))));
        let ends = ends.map_or(String::new(), |[low, high]| format!("[{low}, {high}]"));
        let others = beside.iter().map(|path| value(path, point.figure(path).0));
        table.row(varied.chain([value(figure, found), ends]).chain(others));
    }
    table
}
