//! Every figure as a page.

use crate::figure::{Direction, Figure};

const HEAD: &str = "# Every figure

Made from the declarations of the figures; a test keeps it so. `bgsim figures` prints the same.

A figure has a path, under which it stands in `summary.json`, and a short name, which mean the same. Either may be written
wherever a figure is asked for: behind `--figure`, and in the `assert` of a promise ([policy-tests.md](policy-tests.md)), for
any length of time (`told_within(10m)`) and any percentile (`latency(p99.5)`). A path names its unit, so a bound behind it may
be a plain number; behind a short name a length of time has its unit.

A *headline* has its 95 % interval wherever it stands, and comparisons, sweeps and baselines keep it. A *price* is what
more mail sooner is paid with.
";

/// The page.
pub(super) fn markdown() -> String {
    let families = Figure::families().into_iter();
    families.filter_map(entry).fold(String::from(HEAD), |out, entry| out + "\n" + &entry)
}

/// A row of the catalogue.
fn entry(family: Vec<Figure>) -> Option<String> {
    let first = *family.first()?;
    let facts = first.facts();
    let [short, path] = [facts.short, facts.path].map(|text| first.general(text));
    let said = [
        Some(facts.unit.name().to_owned()),
        better(&family),
        first.is_headline().then(|| "headline".into()),
        facts.price.map(|_| "price".into()),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let mut out = format!("## `{short}`\n\n`{path}`: {}\n\n{}\n", said.join(", "), first.meaning());
    let arguments: Vec<String> = family.iter().filter_map(|figure| figure.argument()).collect();
    if let Some(place) = first.place() {
        let wanted = place.wanted.map(|wanted| format!(" {wanted}; in `summary.json`")).unwrap_or_default();
        out += &format!("\n{}:{wanted} `{}`\n", place.name, arguments.join("`, `"));
    }
    Some(out)
}

/// Which way is better, and of what where that is not said of all.
fn better(family: &[Figure]) -> Option<String> {
    let directed = || family.iter().filter(|figure| figure.facts().better.is_some());
    let way = match directed().next()?.facts().better? {
        Direction::More => "more",
        Direction::Less => "less",
    };
    let is_part = directed().count() < family.len();
    let of =
        directed().filter(|_| is_part).filter_map(|figure| figure.argument()).map(|of| format!("`{of}` "));
    Some(format!("{way} {}is better", of.collect::<String>()))
}
