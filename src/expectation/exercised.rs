//! What a suite has exercised: of each outcome, cause and reason in how many scenarios it occurred at all. A promise
//! about what never occurs is easily kept.

use super::Outcome;
use crate::figure::{Figure, Sample};

/// One entry of a catalogue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exercised {
    /// Of which catalogue.
    pub kind: &'static str,
    /// What it is called there.
    pub name: String,
    /// In how many scenarios it occurred.
    pub scenarios: usize,
}

/// The catalogues, each by the figures of its entries.
pub const KINDS: [&str; 5] = ["outcomes", "causes", "key_reasons", "checks", "terminations"];

fn kind(figure: Figure) -> Option<&'static str> {
    match figure {
        Figure::Outcomes(_) => Some("outcomes"),
        Figure::DelayCause(_) => Some("causes"),
        Figure::KeyFailuresBy(_) => Some("key_reasons"),
        Figure::ChecksWith(_) => Some("checks"),
        Figure::Terminations(_) => Some("terminations"),
        _ => None,
    }
}

/// Every entry, in the order of the catalogues.
fn entries() -> impl Iterator<Item = (&'static str, Figure)> {
    let all = || Figure::listed().filter_map(|figure| Some((kind(figure)?, figure)));
    KINDS.into_iter().flat_map(move |wanted| all().filter(move |(kind, _)| *kind == wanted))
}

/// What occurred on the devices of a sample.
pub(super) fn occurred(sample: &Sample) -> Vec<Figure> {
    let is_seen = |figure: Figure| sample.value(figure).is_some_and(|value| value > 0.0);
    let has_occurred = |figure: &Figure| match *figure {
        // Mail waits for a cause whether or not it is told in the end.
        Figure::DelayCause(cause) => is_seen(*figure) || is_seen(Figure::UndeliveredCause(cause)),
        other => is_seen(other),
    };
    entries().map(|(_, figure)| figure).filter(has_occurred).collect()
}

/// The same of all scenarios of a suite.
pub fn exercised(outcomes: &[Outcome]) -> Vec<Exercised> {
    let of = |(kind, figure): (&'static str, Figure)| Exercised {
        kind,
        name: figure.argument().unwrap_or_default(),
        scenarios: outcomes.iter().filter(|outcome| outcome.occurred.contains(&figure)).count(),
    };
    entries().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_catalogue_has_entries_and_each_has_a_name() {
        let found = exercised(&[]);
        for kind in KINDS {
            assert!(found.iter().filter(|entry| entry.kind == kind).count() > 1, "{kind}");
        }
        assert!(found.iter().all(|entry| !entry.name.is_empty() && entry.scenarios == 0));
    }
}
