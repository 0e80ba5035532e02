//! Three arms or more in one table: what differs between them, a column an arm with the rows that decide, and what
//! none of the others beats. Of many there is a table with a row an arm before that, and of products what of each
//! is assumed.

use super::arms_in_rows::{about_products, in_rows, products};
use super::document::Captioned;
use super::figure;
use super::human::listed;
use super::labels::{letters, shortened};
use super::paint::Screen;
use super::table::Align::{Left, Right};
use super::table::{Cell, Table};
use super::verdict::better_or_worse;
use crate::comparison::{Comparison, Interaction, OTHER_WORKING_HOURS, PairedFigure};
use crate::figure::{Direction, Figure};
use std::cmp::Ordering;
use toml::Value;

/// A label longer than this is cut; on a page, one of few arms has more room.
const LABEL: usize = 16;
const PAGE_LABEL: usize = 32;
/// So many arms are few.
pub(super) const FEW: usize = 3;

/// What differs, and the figures that decide, as wide as the terminal.
pub fn arms_table(comparison: &Comparison, screen: Screen) -> String {
    let mut text = in_rows(comparison, screen);
    if !comparison.differs.is_empty() {
        text += &format!("\nWhat differs\n{}", in_blocks(comparison, screen, settings));
    }
    text += &format!("\n{}", in_blocks(comparison, screen, figures));
    let first = &comparison.arms[0].label;
    let all: Vec<usize> = (0..comparison.arms.len()).collect();
    let unknown = unknown(comparison, &all);
    let about = format!(
        "In brackets the difference from {first}; ~ where its 95 % interval holds zero{unknown}; * where no other arm is seen to be better and some arm is seen to be worse."
    );
    text += &screen.paragraph("", &about);
    for words in unbeaten(comparison).into_iter().chain(together(comparison)) {
        text += &format!("\n{}", screen.paragraph("", &words));
    }
    text + &about_products(comparison, screen)
}

/// What changes do together beyond what each does alone.
pub fn together(comparison: &Comparison) -> Vec<String> {
    let label = |arm: usize| comparison.arms[arm].label.as_str();
    let words = |found: &Interaction| {
        let [one, other, both] = found.arms;
        let paired = comparison.get(found.figure)?;
        let [alone, beside, sum] =
            [one, other, both].map(|arm| figure::change(found.figure, paired.difference[arm]));
        let head = format!(
            "By {}, {} alone brings {alone}, {} alone {beside}, and both together, in {}, {sum}",
            figure::name(found.figure),
            label(one),
            label(other),
            label(both)
        );
        let Some([low, high]) = found.interval else { return Some(format!("{head}.")) };
        let ends = [low, high].map(|end| figure::short_change(found.figure, Some(end)));
        let beyond = figure::change(found.figure, found.beyond);
        let said = if low > 0.0 || high < 0.0 {
            "beyond their sum"
        } else {
            "beyond their sum, which may be chance"
        };
        Some(format!("{head}: {beyond} {said} (95 % interval [{}, {}]).", ends[0], ends[1]))
    };
    comparison.interaction.iter().filter_map(words).collect()
}

/// What differs, and the figures that decide, for a page.
pub(super) fn arms_tables(comparison: &Comparison) -> Vec<Captioned> {
    let all: Vec<usize> = (0..comparison.arms.len()).collect();
    let label = if all.len() > FEW { LABEL } else { PAGE_LABEL };
    let first = &comparison.arms[0].label;
    let unknown = unknown(comparison, &all);
    let caption = format!(
        "The figures that decide; in brackets the difference from {first}; ~ where its 95 % interval holds zero{unknown}; * where no other arm is seen to be better and some arm is seen to be worse"
    );
    let differs =
        (!comparison.differs.is_empty()).then(|| settings(comparison, &all, label).captioned("What differs"));
    differs.into_iter().chain([figures(comparison, &all, label).captioned(caption)]).collect()
}

/// The table in as few blocks of columns as fit; the first arm stands in each.
fn in_blocks(
    comparison: &Comparison,
    screen: Screen,
    make: fn(&Comparison, &[usize], usize) -> Table,
) -> String {
    let arms: Vec<usize> = (1..comparison.arms.len()).collect();
    let fits = |arms: &[usize]| {
        let table = make(comparison, &[&[0], arms].concat(), LABEL);
        table.to_string().lines().all(|line| letters(line) <= screen.width).then(|| table.on(screen))
    };
    let mut blocks = Vec::new();
    let mut left = arms.as_slice();
    while !left.is_empty() {
        let widest = (1..=left.len()).rev().find_map(|many| Some((many, fits(&left[..many])?)));
        let narrowest = || (1, make(comparison, &[0, left[0]], LABEL).on(screen));
        let (many, text) = widest.unwrap_or_else(narrowest);
        blocks.push(text);
        left = &left[many..];
    }
    blocks.join("\n")
}

fn table(comparison: &Comparison, arms: &[usize], label: usize) -> Table {
    let label = |arm: &usize| (shortened(&comparison.arms[*arm].label, label), Right);
    let columns: Vec<_> = [(String::new(), Left)].into_iter().chain(arms.iter().map(label)).collect();
    Table::new(&columns)
}

/// The settings that differ.
fn settings(comparison: &Comparison, arms: &[usize], label: usize) -> Table {
    let mut table = table(comparison, arms, label);
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
fn decisive(comparison: &Comparison) -> impl Iterator<Item = Figure> {
    let chosen = comparison.verdict.figure;
    std::iter::once(chosen).chain(Figure::judged().filter(move |figure| *figure != chosen))
}

/// A row for each of them.
fn figures(comparison: &Comparison, arms: &[usize], label: usize) -> Table {
    let mut table = table(comparison, arms, label);
    for figure in decisive(comparison) {
        let Some(found) = comparison.get(figure) else { continue };
        let best = best(comparison, found);
        let cell = |arm: &usize| {
            let mark = if best.contains(arm) { "*" } else { "" };
            match arm {
                0 => format!("{}{mark}", figure::value(figure, found.values[0])).into(),
                arm => {
                    let shown = figure::value(figure, found.values[*arm]);
                    let role =
                        better_or_worse(found, *arm).filter(|_| is_comparable(comparison, found, *arm));
                    Cell::saying(role, format!("{shown}{mark} ({})", apart(comparison, found, *arm)))
                }
            }
        };
        table.row([figure::name(figure).into()].into_iter().chain(arms.iter().map(cell)));
    }
    table
}

/// What `?` means, where it stands anywhere.
fn unknown(comparison: &Comparison, arms: &[usize]) -> &'static str {
    let asks = |found: &PairedFigure| arms[1..].iter().any(|arm| apart(comparison, found, *arm) == "?");
    match decisive(comparison).filter_map(|figure| comparison.get(figure)).any(asks) {
        true => ", ? where too few devices carry it",
        false => "",
    }
}

/// The difference from the first arm, without its unit where that stands beside it; a dash where the arm's latency is
/// over other mail.
fn apart(comparison: &Comparison, found: &PairedFigure, arm: usize) -> String {
    if !is_comparable(comparison, found, arm) {
        return "other mail".into();
    }
    match (found.difference[arm], found.sees_difference(arm)) {
        _ if found.lacks[arm].or(found.lacks[0]).is_some() => "-".into(),
        (None, _) | (_, None) => "?".into(),
        (_, Some(false)) => "~".into(),
        (difference, _) => figure::short_change(found.figure, difference),
    }
}

/// Whether a figure of an arm is of what it is of in the first.
fn is_comparable(comparison: &Comparison, found: &PairedFigure, arm: usize) -> bool {
    let other_mail = comparison.arms[arm].warnings.iter().any(|warning| warning.code == OTHER_WORKING_HOURS);
    !(other_mail && found.figure.is_of_waits())
}

/// How one arm stands to another in a figure, better being greater, by the interval of the difference between these two:
/// what this run cannot tell apart is alike. `None` where it does not know.
fn stands(comparison: &Comparison, found: &PairedFigure, one: usize, other: usize) -> Option<Ordering> {
    let [shown, other_shown] = [one, other].map(|arm| figure::value(found.figure, found.values[arm]));
    if one == other || (shown == other_shown && found.values[one].is_some()) {
        return Some(Ordering::Equal);
    }
    let is_known = [one, other].iter().all(|arm| is_comparable(comparison, found, *arm));
    let [low, high] = found.between.get(one)?.get(other).copied()?.filter(|_| is_known)?;
    let more = match () {
        () if low > 0.0 => Ordering::Greater,
        () if high < 0.0 => Ordering::Less,
        () => Ordering::Equal,
    };
    Some(match found.figure.facts().better {
        Some(Direction::More) => more,
        Some(Direction::Less) => more.reverse(),
        None => Ordering::Equal,
    })
}

/// The arms to which no other is clearly better, where some are clearly worse.
fn best(comparison: &Comparison, found: &PairedFigure) -> Vec<usize> {
    let all = 0..found.values.len();
    let is_beaten = |arm: usize, by: usize| stands(comparison, found, by, arm) == Some(Ordering::Greater);
    let arms: Vec<usize> = all
        .clone()
        .filter(|arm| found.values[*arm].is_some() && is_comparable(comparison, found, *arm))
        .filter(|arm| !all.clone().any(|by| is_beaten(*arm, by)))
        .collect();
    let some_worse = all.clone().any(|arm| all.clone().any(|by| is_beaten(arm, by)));
    if some_worse { arms } else { Vec::new() }
}

/// Which arms no other beats in both the figure asked about and every price, and what beats the rest; nothing where it is
/// nowhere said which of two values of the figure is better, and nothing of products: what a row of one rests on is in part
/// assumed, and it is no verdict on it.
pub fn unbeaten(comparison: &Comparison) -> Option<String> {
    comparison.verdict.figure.facts().better?;
    if !products(comparison).is_empty() {
        return None;
    }
    let figures: Vec<&PairedFigure> = std::iter::once(comparison.verdict.figure)
        .chain(Figure::prices())
        .filter_map(|figure| comparison.get(figure))
        .filter(|found| found.figure.facts().better.is_some())
        .collect();
    let arms = 0..comparison.arms.len();
    let beats = |one: usize, other: usize| {
        let each: Option<Vec<Ordering>> =
            figures.iter().map(|found| stands(comparison, found, one, other)).collect();
        let is_no_worse =
            |found: &&PairedFigure| found.figure.is_no_worse(found.values[one], found.values[other]);
        // Where one of them is not known, neither is it whether it is as good; and what is not seen to be worse need not be
        // as good.
        each.is_some_and(|each| !each.contains(&Ordering::Less) && each.contains(&Ordering::Greater))
            && figures.iter().all(is_no_worse)
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
    Some(match free.as_slice() {
        [one] => format!("By {by}, in this run no other arm is seen to beat {one}.{rest}"),
        free if beaten.is_empty() => {
            format!("By {by}, in this run none of {} is seen to beat another in all of them.", listed(free))
        }
        free => format!("By {by}, in this run no other is seen to beat {}.{rest}", listed(free)),
    })
}
