//! Results broken down: a row for each group, or for each slice of what else was asked for.

use super::document::Captioned;
use super::figure::{in_time, name};
use super::human::{NOT_REACHED, capitalised, count, duration, listed, share};
use super::labels::shortened;
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::analysis::jackknife::Interval;
use crate::figure::Figure;
use crate::slice::{Breakdown, Dimension};
use crate::summary::{Brief, Estimate};

/// Those that people are shown: what was asked for, and the groups where there are several.
pub fn shown<'a, T>(by: &'a [Breakdown<T>], asked: &[Dimension]) -> Vec<&'a Breakdown<T>> {
    by.iter().filter(|broken| asked.contains(&broken.dimension) || broken.slices.len() > 1).collect()
}

/// What is said in the place of a slice's figures where nobody is in it.
pub(super) const NOBODY: &str = "no device";

/// A row for each slice.
pub(super) fn brief_table(by: &Breakdown<Brief>) -> Table {
    let mut table = Table::new(&[
        (by.dimension.words().as_str(), Left),
        ("devices", Right),
        (format!("told in {}", in_time()).as_str(), Left),
        ("latency p50", Right),
        ("waits most for", Left),
    ]);
    for (name, brief) in &by.slices {
        let name = shortened(name, 16);
        if brief.devices == 0 {
            table.row([&name, "0", NOBODY]);
            continue;
        }
        table.row([
            name,
            count(brief.devices),
            if brief.told.value.is_some() { estimate(brief.told) } else { "no mail".into() },
            match (brief.told.value, brief.half_told()) {
                (None, _) => String::new(),
                (_, half) => half.map_or(NOT_REACHED.into(), duration),
            },
            brief.cause.map_or(String::new(), |cause| cause.name().into()),
        ]);
    }
    table
}

fn estimate(Estimate { value, ci95 }: Estimate) -> String {
    super::human::share_estimate(value, ci95.map(|[low, high]| Interval { low, high }))
}

/// The same on a page.
pub(super) fn brief_captioned(by: &Breakdown<Brief>) -> Captioned {
    let mail = of_which_mail(by.slices.iter().map(|(name, brief)| (name, brief.in_hours)));
    brief_table(by).captioned(format!(
        "By {}: {} with its 95 % interval{}",
        by.dimension.words(),
        name(Figure::FIRST),
        mail.map_or(String::new(), |mail| format!(". {mail}"))
    ))
}

/// Of how much of each slice's mail it is, where working hours leave some out.
pub(super) fn of_which_mail<'a>(slices: impl Iterator<Item = (&'a String, Option<f64>)>) -> Option<String> {
    let known: Vec<(&String, f64)> = slices.filter_map(|(name, part)| Some((name, part?))).collect();
    let said: Vec<String> =
        known.iter().map(|(name, part)| format!("{} of that of {name}", share(Some(*part)))).collect();
    known
        .iter()
        .any(|(_, part)| *part < 1.0)
        .then(|| format!("Told is of the mail that arrives in working hours, which is {}.", listed(&said)))
}

/// Whose mail is told the most and whose the least, as a sentence; none where this run cannot tell them apart.
pub(super) fn spread(by: &Breakdown<Brief>) -> Option<String> {
    let told = |brief: &Brief| brief.told.value.unwrap_or(0.0);
    let known = || by.slices.iter().filter(|(_, brief)| brief.devices > 0 && brief.told.value.is_some());
    let (worst, low) = known().min_by(|(_, a), (_, b)| told(a).total_cmp(&told(b)))?;
    let (best, high) = known().max_by(|(_, a), (_, b)| told(a).total_cmp(&told(b)))?;
    let [Some([_, below]), Some([above, _])] = [low.told.ci95, high.told.ci95] else { return None };
    let [most, least] = [high, low].map(|brief| share(brief.told.value));
    (below < above).then(|| {
        format!(
            "{} the most: {best} ({most}); the least: {worst} ({least}).",
            capitalised(&name(Figure::FIRST))
        )
    })
}
