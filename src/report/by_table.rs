//! Results broken down: a row for each group, or for each slice of what else was asked for, and the curve of each.

use super::arm::Arm;
use super::charts::multiples::Small;
use super::charts::{Chart, Heading, Multiples};
use super::document::Captioned;
use super::figure::name;
use super::human::{NOT_REACHED, capitalised, count, duration, share, short_duration};
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
        ("told in 15 min", Left),
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
    brief_table(by).captioned(format!(
        "By {}: {} with its 95 % interval",
        by.dimension.words(),
        name(Figure::FIRST)
    ))
}

/// More small pictures than these are no longer read.
const MOST: usize = 42;

/// The curves of the slices, each beside that of all.
pub(super) fn by_charts(by: &[&Breakdown<Brief>], arm: &Arm<'_>) -> Vec<(String, Chart)> {
    let all = arm.figures.replicates.all.curve.curve(120);
    let chart = |by: &&Breakdown<Brief>| {
        let words = by.dimension.words();
        let lived: Vec<_> = by.slices.iter().filter(|(_, brief)| brief.devices > 0).collect();
        let left_out = match lived.len() {
            ..=MOST => String::new(),
            many => format!("; the first {MOST} of {many}"),
        };
        let small = |(name, brief): &&(String, Brief)| Small {
            label: name.clone(),
            note: note(brief),
            points: brief.curve.clone(),
        };
        let heading = Heading {
            title: format!("By {words}: {}", finding(&lived)),
            subtitle: format!(
                "Mail told within a time, Kaplan\u{2013}Meier; grey: all of {}{left_out}",
                arm.label
            ),
        };
        let panels = lived.iter().take(MOST).map(small).collect();
        let which: String = by.dimension.name().replace('_', "");
        Chart::from(Multiples { heading, all: all.clone(), panels }).filed(Some(&which))
    };
    by.iter().map(chart).collect()
}

fn note(brief: &Brief) -> String {
    let half = brief.half_told().map_or(NOT_REACHED.into(), short_duration);
    match brief.told.value {
        Some(told) => format!("{} in 15 min, p50 {half}", share(Some(told))),
        None => "no mail".into(),
    }
}

/// Whose mail is told the most and whose the least, as a sentence; none where this run cannot tell them apart.
pub(super) fn spread(by: &Breakdown<Brief>) -> Option<String> {
    let told = |brief: &Brief| brief.told.value.unwrap_or(0.0);
    let known = || by.slices.iter().filter(|(_, brief)| brief.devices > 0 && brief.told.value.is_some());
    let (worst, low) = known().min_by(|(_, a), (_, b)| told(a).total_cmp(&told(b)))?;
    let (best, high) = known().max_by(|(_, a), (_, b)| told(a).total_cmp(&told(b)))?;
    let [Some([_, below]), Some([above, _])] = [low.told.ci95, high.told.ci95] else { return None };
    let [most, least] = [high, low].map(|brief| share(brief.told.value));
    (below < above)
        .then(|| format!("Told within 15 min the most: {best} ({most}); the least: {worst} ({least})."))
}

/// The slices whose mail is told the least and the most.
fn finding(slices: &[&(String, Brief)]) -> String {
    let known = || slices.iter().filter_map(|(name, brief)| Some((brief.told.value?, name)));
    let low = known().min_by(|a, b| a.0.total_cmp(&b.0));
    let high = known().max_by(|a, b| a.0.total_cmp(&b.0));
    match (low, high) {
        (Some((low, below)), Some((high, above))) if below != above => {
            let [below, above] = [below, above].map(|name| shortened(name, 18));
            format!("told in 15 min from {} ({below}) to {} ({above})", share(Some(low)), share(Some(high)))
        }
        _ => capitalised("how soon is mail told?"),
    }
}
