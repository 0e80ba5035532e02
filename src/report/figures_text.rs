//! The figures for people to read: how each is written, what it is measured in, and what it means.

use super::wrap::paragraph;
use crate::figure::{Direction, Figure};

/// All of them, by row of the catalogue.
pub fn text(width: usize) -> String {
    let entry = |family: Vec<Figure>| {
        let first = *family.first()?;
        let facts = first.facts();
        let (short, path) = (first.general(facts.short), first.general(facts.path));
        let headline = first.is_headline().then(|| "with its 95 % interval".into());
        let price = facts.price.map(|_| "a price".into());
        let said: Vec<String> = [Some(facts.unit.name().into()), better(&family), headline, price]
            .into_iter()
            .flatten()
            .collect();
        let head = paragraph(&format!("{short:<30}  "), &said.join(", "), width);
        Some(
            head + &format!("    {path}\n")
                + &paragraph("    ", first.meaning(), width)
                + &arguments(&family, width),
        )
    };
    let entries: Vec<String> = Figure::families().into_iter().filter_map(entry).collect();
    entries.join("\n")
}

/// What may stand in its brackets.
fn arguments(family: &[Figure], width: usize) -> String {
    let names: Vec<String> = family.iter().filter_map(|figure| figure.argument()).collect();
    let Some(place) = family.first().and_then(|first| first.place()) else { return String::new() };
    let any = place.wanted.map(|wanted| format!("{wanted}; summary.json has ")).unwrap_or_default();
    paragraph(&format!("    {}: ", place.name), &(any + &names.join(", ")), width)
}

/// Which way is better, and of what where that is not said of all.
fn better(family: &[Figure]) -> Option<String> {
    let directed: Vec<Figure> = family.iter().copied().filter(|f| f.facts().better.is_some()).collect();
    let way = match directed.first()?.facts().better? {
        Direction::More => "more",
        Direction::Less => "less",
    };
    let of = directed.iter().filter(|_| directed.len() < family.len()).filter_map(|figure| figure.argument());
    let words = [way.to_owned()].into_iter().chain(of).collect::<Vec<_>>().join(" ");
    Some(words + " is better")
}
