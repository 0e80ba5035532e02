//! A comparison broken down: a row for each group, or for each slice of what else was asked for, and for whom the
//! change is worth it.

use super::by_table::NOBODY;
use super::figure::{change, difference, name, value};
use super::human::{count, listed};
use super::labels::shortened;
use super::table::Align::{Left, Right};
use super::table::{Cell, Table};
use super::verdict::better_or_worse;
use crate::comparison::{Comparison, PartFound, Worth};
use crate::figure::Figure;
use crate::slice::{Breakdown, Dimension};

/// Whether a policy can be set for some of its slices alone, so that it is said for which it is worth it.
pub(super) fn is_judged(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::Of(_))
}

/// A row for each slice: by how much the chosen figure differs, and what it is in an arm and in the first.
/// Labels of arms are cut to so many letters.
pub(super) fn part_table(
    comparison: &Comparison,
    by: &Breakdown<PartFound>,
    arm: usize,
    label: usize,
) -> Table {
    let figure = comparison.verdict.figure;
    let labels = [arm, 0].map(|arm| shortened(&comparison.arms[arm].label, label));
    let mut table = Table::new(&[
        (by.dimension.words(), Left),
        ("devices".into(), Right),
        (shortened(&name(figure), 27), Left),
        (labels[0].clone(), Right),
        (labels[1].clone(), Right),
    ]);
    for (slice, part) in &by.slices {
        let slice = shortened(slice, 16);
        match part.get(figure) {
            Some(found) if part.devices > 0 => table.row([
                slice.into(),
                count(part.devices).into(),
                Cell::saying(
                    better_or_worse(found, arm),
                    difference(figure, found.difference[arm], found.interval(arm)),
                ),
                value(figure, found.values[arm]).into(),
                value(figure, found.values[0]).into(),
            ]),
            _ => table.row([&slice, "0", NOBODY]),
        };
    }
    table
}

/// For whom it is worth it, and for whom not.
pub(super) fn worth_sentence(comparison: &Comparison, by: &Breakdown<PartFound>, arm: usize) -> String {
    let figure = comparison.verdict.figure;
    let of = |worth: Worth| -> Vec<String> {
        let lived = by.slices.iter().filter(|(_, part)| part.devices > 0);
        let judged = lived.filter(|(_, part)| part.findings[arm - 1].verdict == worth);
        let said = judged.map(|(slice, part)| match (worth, part.get(figure)) {
            (Worth::WorthIt | Worth::Worse | Worth::Differs, Some(found)) => {
                format!("{slice} ({})", change(figure, found.difference[arm]))
            }
            _ => slice.clone(),
        });
        said.collect()
    };
    let words = [
        (Worth::WorthIt, "worth it for "),
        (Worth::Worse, "worse for "),
        (Worth::Differs, "different for "),
        (Worth::NoDifferenceSeen, "no difference seen for "),
        (Worth::Unknown, "too few devices to tell for "),
        (Worth::NoComparison, "no comparison, because the working hours are others, for "),
    ];
    let parts = words.map(|(worth, words)| (words, of(worth)));
    let parts = parts.into_iter().filter(|(_, slices)| !slices.is_empty());
    let parts: Vec<String> = parts.map(|(words, slices)| format!("{words}{}", listed(&slices))).collect();
    let label = &comparison.arms[arm].label;
    let price = price(comparison, arm).map_or(String::new(), |price| format!(" Its price: {price}."));
    format!("With {label}, by {}: {}.{price}", name(figure), parts.join("; "))
}

/// What an arm costs, if that is seen.
pub(super) fn price_sentence(comparison: &Comparison, arm: usize) -> Option<String> {
    let label = &comparison.arms[arm].label;
    price(comparison, arm).map(|price| format!("The price of {label}: {price}."))
}

/// What it costs in all, where that is seen: a gain alone says for whom it is worth something, not whether.
fn price(comparison: &Comparison, arm: usize) -> Option<String> {
    let seen = Figure::prices().into_iter().filter_map(|figure| comparison.get(figure)).filter(|found| {
        found.sees_difference(arm) == Some(true) && found.difference[arm].is_some_and(|more| more > 0.0)
    });
    let words: Vec<String> = seen
        .map(|found| format!("{} {}", name(found.figure), change(found.figure, found.difference[arm])))
        .collect();
    (!words.is_empty()).then(|| listed(&words))
}
