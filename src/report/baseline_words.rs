//! What a reviewer reads of a baseline: what it is of, and the figures that people judge a policy by.

use super::figure;
use super::human::{count, devices};
use crate::expectation::Baseline;
use crate::figure::Figure;

/// So much of a hash tells two apart.
const SHOWN: usize = 16;

/// Line by line.
pub fn reads(baseline: &Baseline) -> Vec<String> {
    let (number, seed) = (devices(baseline.devices()), count(baseline.seed()));
    let settings = baseline.sha256().get(..SHOWN).unwrap_or_default();
    let mut lines =
        vec![format!("{number}, seed {seed}, version {}, settings {settings}", baseline.version())];
    lines.extend(Figure::judged().filter_map(|judged| {
        let (value, ci95) = baseline.kept(judged)?;
        let shown = format!("{} {}", figure::value(judged, value), figure::ends(judged, value, ci95));
        Some(format!("{}: {}", figure::name(judged), shown.trim_end()))
    }));
    lines
}
