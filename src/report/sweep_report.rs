//! A sweep as a table, one row per point, what was varied first; and as a report.

use super::by_table::NOBODY;
use super::charts::grid::Variable;
use super::charts::line::Varied;
use super::charts::{Chart, Estimate, Grid, Heading, Line};
use super::document::{Report, begun};
use super::figure::{ends, name, value};
use super::human::{capitalised, count, devices, duration, last_part, listed};
use super::labels::shortened;
use super::paint::Screen;
use super::sweep_standing::{best, mark, unbeaten};
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::figure::{Figure, Reach};
use crate::lint::warnings;
use crate::scenario::Scenario;
use crate::slice::Dimension;
use crate::sweep::{Axis, Point};
use crate::time::Span;
use crate::units::Bytes;

/// Puts the report of a sweep together; `scenario` is that of its first point.
pub fn sweep_report(
    scenario: &Scenario,
    axes: &[Axis],
    points: &[Point],
    figure: Figure,
    by: &[Dimension],
    command: &str,
) -> Report {
    let keys: Vec<String> = axes.iter().map(|axis| axis.key.clone()).collect();
    let mut tables = vec![sweep_table(axes, points, figure).captioned("Every point, with 95 % intervals")];
    for (dimension, table) in part_tables(axes, points, figure, by) {
        tables.push(table.captioned(format!("By {}: every point", dimension.words())));
    }
    let facts = [("Points".into(), count(points.len() as u64))];
    Report {
        title: format!("What does {} change in {}?", listed(&keys), scenario.name),
        verdict: verdict(axes, points, figure),
        warnings: warnings(scenario).iter().map(ToString::to_string).collect(),
        tables,
        charts: chart(scenario, axes, points, figure).into_iter().collect(),
        ..begun(&[(&scenario.name, scenario)], scenario.devices.into(), facts, command)
    }
}

/// What was found, and why there is no picture where there is none.
fn verdict(axes: &[Axis], points: &[Point], figure: Figure) -> Vec<String> {
    let mut sentences: Vec<String> =
        finding(axes, points, figure).map(|sentence| sentence + ".").into_iter().collect();
    sentences.extend(best(axes, points, figure));
    sentences.extend(about_mark(points, figure));
    if axes.len() > 2 {
        sentences.push(
            "More than two keys were varied: the table has every point, and paper has no room for a picture."
                .into(),
        );
    }
    sentences
}

/// The lowest and the highest value, and where they were found.
fn finding(axes: &[Axis], points: &[Point], figure: Figure) -> Option<String> {
    let known = || points.iter().filter_map(|point| Some((point.figure(figure).value?, point)));
    let low = known().min_by(|a, b| a.0.total_cmp(&b.0))?.0;
    let high = known().max_by(|a, b| a.0.total_cmp(&b.0))?.0;
    let name = capitalised(&name(figure));
    let shown = |found: f64| value(figure, Some(found));
    if low == high {
        return Some(format!("{name}: {} at every point", shown(low)));
    }
    let at = |found: f64| {
        let there: Vec<&Point> = known().filter(|known| known.0 == found).map(|known| known.1).collect();
        match place(axes, &there) {
            place if place.is_empty() => shown(found),
            place => format!("{} with {place}", shown(found)),
        }
    };
    Some(format!("{name}: {}, {}", at(low), at(high)))
}

/// The settings that these points have in common. Of a single key, the value says it.
fn place(axes: &[Axis], points: &[&Point]) -> String {
    let shared = |axis: &&Axis| {
        points.windows(2).all(|pair| pair[0].values.get(&axis.key) == pair[1].values.get(&axis.key))
    };
    let said = |axis: &Axis| {
        let value = points.first().and_then(|point| point.values.get(&axis.key)?.as_str());
        match axes.len() {
            1 => value.unwrap_or_default().to_owned(),
            _ => format!("{}={}", last_part(&axis.key), value.unwrap_or_default()),
        }
    };
    listed(&axes.iter().filter(shared).map(said).collect::<Vec<_>>())
}

/// A line for one variable, a heat map for two; more have no picture on paper.
fn chart(scenario: &Scenario, axes: &[Axis], points: &[Point], figure: Figure) -> Option<(String, Chart)> {
    let found: Vec<Estimate> = points.iter().map(|point| point.figure(figure)).collect();
    let has_intervals = found.iter().any(|found| found.ci95.is_some_and(|[low, high]| low < high));
    let interval = match axes {
        _ if !has_intervals => "",
        [_] => " with its 95 % interval",
        // In narrow cells there is no room for it.
        _ => ", ± half its 95 % interval where that fits",
    };
    let subtitle = format!(
        "{}{interval}; {} over {} at every point",
        capitalised(&name(figure)),
        devices(scenario.devices.into()),
        duration(scenario.measured())
    );
    let title = finding(axes, points, figure).unwrap_or_else(|| capitalised(&name(figure)));
    let heading = Heading { title, subtitle };
    match axes {
        [axis] => {
            let varied = |text: &String| Varied { text: text.clone(), at: number(text) };
            let values = axis.values.iter().take(found.len()).map(varied).collect();
            let key = axis.key.clone();
            Some(Chart::from(Line { heading, figure, key, values, found, allowed: Vec::new() }).filed(None))
        }
        [down, across] => {
            let axis = |axis: &Axis| Variable { key: axis.key.clone(), values: axis.values.clone() };
            let (across, down) = (axis(across), axis(down));
            let unbeaten = unbeaten(points, figure);
            let mut heading = heading;
            if !unbeaten.is_empty() {
                heading.subtitle += "; framed: not beaten at its price";
            }
            Some(Chart::from(Grid { heading, figure, across, down, cells: found, unbeaten }).filed(None))
        }
        _ => None,
    }
}

/// A value as a number: plain, or a length of time in seconds, or a size in bytes.
fn number(text: &str) -> Option<f64> {
    let length = || text.parse::<Span>().ok().map(Span::secs_f64);
    let size = || text.parse::<Bytes>().ok().map(|bytes| bytes.get() as f64);
    text.parse().ok().or_else(length).or_else(size)
}

/// What stands beside the chosen figure.
const BESIDE: [Figure; 4] = [Figure::FIRST, Figure::MEDIAN, Figure::Exposure(Reach::InReach), Figure::Energy];

/// Everything that is printed of a sweep but its parts.
pub fn sweep_text(axes: &[Axis], points: &[Point], figure: Figure, screen: Screen) -> String {
    let said = about_mark(points, figure).into_iter().chain(best(axes, points, figure));
    let said: String = said.map(|sentence| format!("\n{}", screen.paragraph("", &sentence))).collect();
    sweep_table(axes, points, figure).on(screen) + &said
}

/// What stands for a point that no other is seen to beat.
fn about_mark(points: &[Point], figure: Figure) -> Option<String> {
    (!unbeaten(points, figure).is_empty()).then(|| format!("* {}.", mark(figure)))
}

/// The table of a sweep.
fn sweep_table(axes: &[Axis], points: &[Point], figure: Figure) -> Table {
    let mut columns: Vec<(String, _)> =
        axes.iter().map(|axis| (last_part(&axis.key).to_string(), Right)).collect();
    let beside: Vec<Figure> = BESIDE.into_iter().filter(|other| *other != figure).collect();
    columns.push((name(figure), Right));
    columns.push(("[95 % interval]".into(), Left));
    columns.extend(beside.iter().map(|other| (name(*other), Right)));
    let mut table = Table::new(&columns);
    let unbeaten = unbeaten(points, figure);
    for (place, point) in points.iter().enumerate() {
        let varied = point.values.values().map(|value| value.as_str().unwrap_or_default().to_string());
        let found = point.figure(figure);
        let mark = if unbeaten.get(place) == Some(&true) { "*" } else { "" };
        let ends = ends(figure, found.value, found.ci95);
        let others = beside.iter().map(|other| value(*other, point.figure(*other).value));
        table.row(varied.chain([value(figure, found.value) + mark, ends]).chain(others));
    }
    table
}

/// For each dimension that was asked for a row a point and slice.
pub fn part_tables(
    axes: &[Axis],
    points: &[Point],
    figure: Figure,
    by: &[Dimension],
) -> Vec<(Dimension, Table)> {
    by.iter().map(|dimension| (*dimension, part_table(axes, points, figure, *dimension))).collect()
}

fn part_table(axes: &[Axis], points: &[Point], figure: Figure, dimension: Dimension) -> Table {
    let mut columns: Vec<(String, _)> =
        axes.iter().map(|axis| (last_part(&axis.key).to_string(), Right)).collect();
    columns.extend([(dimension.words(), Left), ("devices".into(), Right), (name(figure), Right)]);
    columns.extend([("[95 % interval]".into(), Left), (name(Figure::MEDIAN), Right)]);
    let mut table = Table::new(&columns);
    for point in points {
        for (slice, part) in point.parts(dimension) {
            let varied = point.values.values().map(|value| value.as_str().unwrap_or_default().to_string());
            let found = part.figure(figure);
            let said = match part.devices {
                0 => [NOBODY.into(), String::new(), String::new()],
                _ => [
                    value(figure, found.value),
                    ends(figure, found.value, found.ci95),
                    value(Figure::MEDIAN, part.figure(Figure::MEDIAN).value),
                ],
            };
            table.row(varied.chain([shortened(&slice, 20), count(part.devices)]).chain(said));
        }
    }
    table
}
