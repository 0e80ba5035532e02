//! Many arms, a row each: what decides, beside one another; and of products what of each is assumed.

use super::figure;
use super::human::{share, trimmed};
use super::labels::shortened;
use super::paint::Screen;
use super::product_text::about;
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::comparison::Comparison;
use crate::figure::{Figure, Reach, Unit};
use crate::policy::Product;
use crate::record::Outcome;
use crate::time::Span;

/// Of no more arms than these the columns are read at a glance.
pub(super) const MANY: usize = 4;

/// What stands beside the arms: what decides, then the prices.
const COLUMNS: [Figure; 7] = [
    Figure::HEARD,
    Figure::FIRST,
    NEVER_TOLD,
    Figure::ServerReads,
    Figure::KeyLeaves,
    Figure::Exposure(Reach::InReach),
    Figure::Energy,
];

/// What more a screen of so many columns has room for.
const WIDE: usize = 100;
const BESIDE: [Figure; 3] = [Figure::ToldWithin(Span::MINUTE), Figure::MEDIAN, Figure::PushWakes];

const NEVER_TOLD: Figure = Figure::Outcomes(Outcome::Undelivered);

/// A label longer than this is cut.
const LABEL: usize = 16;

/// A row an arm, where there are more than a few.
pub(super) fn in_rows(comparison: &Comparison, screen: Screen) -> String {
    if comparison.arms.len() <= MANY {
        return String::new();
    }
    let chosen = [comparison.verdict.figure].into_iter().filter(|figure| !COLUMNS.contains(figure));
    let wide =
        BESIDE.into_iter().filter(|figure| screen.width >= WIDE && *figure != comparison.verdict.figure);
    let shown = |figure: &Figure| comparison.get(*figure).is_some();
    let columns: Vec<Figure> = chosen.chain(COLUMNS).chain(wide).filter(shown).collect();
    let headings = columns.iter().map(|figure| (heading(*figure), Right));
    let mut table = Table::new(&[(String::new(), Left)].into_iter().chain(headings).collect::<Vec<_>>());
    for (place, arm) in comparison.arms.iter().enumerate() {
        let cells = columns.iter().map(|figure| cell(comparison, *figure, place));
        table.row([shortened(&arm.label, LABEL)].into_iter().chain(cells));
    }
    format!("\n{}", table.on(screen))
}

fn heading(figure: Figure) -> String {
    let name = figure::name(figure);
    match figure.unit() {
        _ if figure == NEVER_TOLD => "not told".into(),
        unit @ (Unit::HoursPerDay | Unit::PerDay(_)) => format!("{name}, {}", unit.name()),
        _ => name,
    }
}

/// Without the unit that the heading has.
fn cell(comparison: &Comparison, figure: Figure, arm: usize) -> String {
    let value = |figure: Figure| comparison.get(figure)?.values[arm];
    match (figure.unit(), value(figure)) {
        (_, untold) if figure == NEVER_TOLD => {
            let all: f64 = figure.family().into_iter().filter_map(value).sum();
            share(untold.map(|untold| untold / all).filter(|part| part.is_finite()))
        }
        (Unit::HoursPerDay | Unit::PerDay(_), Some(number)) => trimmed(number, 2),
        (_, value) => figure::value(figure, value),
    }
}

/// The products by which arms differ, each once.
pub(super) fn products(comparison: &Comparison) -> Vec<Product> {
    let settings = comparison.differs.iter().filter(|setting| setting.key.ends_with("policy.product"));
    let named: Vec<&str> =
        settings.flat_map(|setting| &setting.values).flatten().filter_map(toml::Value::as_str).collect();
    Product::ALL.into_iter().filter(|product| named.contains(&product.name())).collect()
}

/// What of each is assumed, a line each.
pub(super) fn about_products(comparison: &Comparison, screen: Screen) -> String {
    let products = products(comparison);
    if products.is_empty() {
        return String::new();
    }
    let head = "A product is a row of settings as its vendor documents them, and no verdict on it. Where each was found, when, \
                and what of it is assumed:";
    let lines: String = products.into_iter().map(|product| screen.paragraph("  ", &about(product))).collect();
    format!("\n{}{lines}", screen.paragraph("", head))
}
