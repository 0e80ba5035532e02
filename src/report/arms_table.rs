//! Three arms or more in one table: what differs between them, a column an arm with the rows that decide, and what
//! none of the others beats.

use super::figure;
use super::human::listed;
use super::labels::{letters, shortened};
use super::table::Align::{Left, Right};
use super::table::Table;
use super::wrap::paragraph;
use crate::comparison::{Comparison, PairedFigure};
use crate::figure::{Direction, Figure};
use toml::Value;

/// A label longer than this is cut.
const LABEL: usize = 16;

/// What differs, and the figures that decide, as wide as the terminal.
pub fn arms_table(comparison: &Comparison, width: usize) -> String {
    let mut text = String::new();
    if !comparison.differs.is_empty() {
        text += &format!("\nWhat differs\n{}", in_blocks(comparison, width, settings));
    }
    text += &format!("\n{}", in_blocks(comparison, width, figures));
    let first = &comparison.arms[0].label;
    let about = format!(
        "In brackets the difference from {first}; ~ where its 95 % interval holds zero; * the best of the row in this run."
    );
    text += &paragraph("", &about, width);
    text + "\n" + &paragraph("", &unbeaten(comparison), width)
}

/// The table in as few blocks of columns as fit; the first arm stands in each.
fn in_blocks(comparison: &Comparison, width: usize, make: fn(&Comparison, &[usize]) -> Table) -> String {
    let arms: Vec<usize> = (1..comparison.arms.len()).collect();
    let fits = |arms: &[usize]| {
        let text = make(comparison, &[&[0], arms].concat()).to_string();
        text.lines().all(|line| letters(line) <= width).then_some(text)
    };
    let mut blocks = Vec::new();
    let mut left = arms.as_slice();
    while !left.is_empty() {
        let widest = (1..=left.len()).rev().find_map(|many| Some((many, fits(&left[..many])?)));
        let narrowest = || (1, make(comparison, &[0, left[0]]).to_string());
        let (many, text) = widest.unwrap_or_else(narrowest);
        blocks.push(text);
        left = &left[many..];
    }
    blocks.join("\n")
}

fn table(comparison: &Comparison, arms: &[usize]) -> Table {
    let label = |arm: &usize| (shortened(&comparison.arms[*arm].label, LABEL), Right);
    let columns: Vec<_> = [(String::new(), Left)].into_iter().chain(arms.iter().map(label)).collect();
    Table::new(&columns)
}

/// The settings that differ.
fn settings(comparison: &Comparison, arms: &[usize]) -> Table {
    let mut table = table(comparison, arms);
    for setting in &comparison.differs {
        let shown = |arm: &usize| match &setting.values[*arm] {
            None => "-".into(),
            Some(Value::String(text)) => shortened(text, 24),
            Some(value) => shortened(&value.to_string(), 24),
        };
        table.row([setting.key.clone()].into_iter().chain(arms.iter().map(shown)));
    }
    table
}

/// The figures that decide: the one that was asked about, those by which people judge, the prices.
fn figures(comparison: &Comparison, arms: &[usize]) -> Table {
    let chosen = comparison.verdict.figure;
    let rest = Figure::judged().filter(|figure| *figure != chosen);
    let mut table = table(comparison, arms);
    for figure in [chosen].into_iter().chain(rest) {
        let Some(found) = comparison.get(figure) else { continue };
        let best = best(found);
        let cell = |arm: &usize| {
            let mark = if best.contains(arm) { "*" } else { "" };
            match arm {
                0 => format!("{}{mark}", figure::value(figure, found.values[0])),
                arm => {
                    format!("{}{mark} ({})", figure::value(figure, found.values[*arm]), apart(found, *arm))
                }
            }
        };
        table.row([figure::name(figure)].into_iter().chain(arms.iter().map(cell)));
    }
    table
}

/// The difference from the first arm, without its unit where that stands beside it.
fn apart(found: &PairedFigure, arm: usize) -> String {
    match (found.difference[arm], found.sees_difference(arm)) {
        (None, _) => "?".into(),
        (Some(_), Some(false)) => "~".into(),
        (difference, _) => figure::short_change(found.figure, difference),
    }
}

/// The arms with the best value, where there is a best and not all have it.
fn best(found: &PairedFigure) -> Vec<usize> {
    let Some(better) = found.figure.facts().better else { return Vec::new() };
    let known = found.values.iter().flatten().copied();
    let best = match better {
        Direction::More => known.reduce(f64::max),
        Direction::Less => known.reduce(f64::min),
    };
    // What reads alike is alike.
    let shown = |value: Option<f64>| figure::value(found.figure, value);
    let has = |arm: &usize| found.values[*arm].is_some() && shown(found.values[*arm]) == shown(best);
    let arms: Vec<usize> = (0..found.values.len()).filter(has).collect();
    if arms.len() < found.values.len() { arms } else { Vec::new() }
}

/// Which arms no other beats in both the figure asked about and every price, and what beats the rest.
pub fn unbeaten(comparison: &Comparison) -> String {
    let figures: Vec<&PairedFigure> = std::iter::once(comparison.verdict.figure)
        .chain(Figure::prices())
        .filter_map(|figure| comparison.get(figure))
        .filter(|found| found.figure.facts().better.is_some())
        .collect();
    let arms = 0..comparison.arms.len();
    let beats = |one: usize, other: usize| {
        let signed = |found: &&PairedFigure| {
            let [a, b] = [one, other].map(|arm| figure::value(found.figure, found.values[arm]));
            if a == b {
                return 0.0;
            }
            let gain = found.values[one].unwrap_or(f64::NAN) - found.values[other].unwrap_or(f64::NAN);
            if found.figure.facts().better == Some(Direction::More) { gain } else { -gain }
        };
        let gains: Vec<f64> = figures.iter().map(signed).collect();
        gains.iter().all(|gain| *gain >= 0.0) && gains.iter().any(|gain| *gain > 0.0)
    };
    let label = |arm: usize| comparison.arms[arm].label.clone();
    let (mut free, mut beaten) = (Vec::new(), Vec::new());
    for arm in arms.clone() {
        match arms.clone().find(|other| beats(*other, arm)) {
            None => free.push(label(arm)),
            Some(by) => beaten.push(format!("{} is beaten by {}", label(arm), label(by))),
        }
    }
    let prices: Vec<String> = figures.iter().skip(1).map(|found| figure::name(found.figure)).collect();
    let by = format!("{} and the prices ({})", figure::name(comparison.verdict.figure), listed(&prices));
    let rest = if beaten.is_empty() { String::new() } else { format!(" {}.", listed(&beaten)) };
    match free.as_slice() {
        [one] => format!("By {by}, in this run no other arm comes up to {one}.{rest}"),
        free if beaten.is_empty() => format!(
            "By {by}, in this run none of {} beats another in all of them.",
            listed(free)
        ),
        free => format!("By {by}, in this run no other beats {}.{rest}", listed(free)),
    }
}
