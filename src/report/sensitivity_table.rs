//! A sensitivity analysis in words: its conclusion, then the unknowns that matter the most.

use super::figure::{change, difference, ends, name, size, value};
use super::human::{count, devices, trimmed};
use super::labels::shortened;
use super::table::{Align, Table};
use crate::analysis::jackknife::Interval;
use crate::figure::Unit;
use crate::sensitivity::{Found, Sensitivity};
use std::fmt::Write;

/// Everything that is printed of a sensitivity analysis; `most` unknowns of it.
pub fn sensitivity_table(found: &Sensitivity, most: usize, out: Option<&str>) -> String {
    let shown = |at: Found| says(found, at);
    let what = match &found.difference_to {
        Some(arm) => format!("difference that {arm} makes to {}", found.figure),
        None => found.figure.to_string(),
    };
    let mut text = format!(
        "{} · {what}\n{} at each of {} points (a small number, so that many points can be tried; --devices N takes more)\n\n{}\n\n",
        found.scenario.name,
        devices(found.scenario.devices.into()),
        count(found.points as u64),
        found.conclusion,
    );
    let _ = writeln!(text, "{} as it is: {}\n", name(found.figure), shown(found.base));
    text += &effects(found, most).to_string();
    if let Some(rest @ 1..) = found.unknowns.len().checked_sub(most) {
        let _ =
            writeln!(text, "and {rest} more that matter less (--top {} shows them)", found.unknowns.len());
    }
    for skipped in &found.skipped {
        let _ = writeln!(text, "not varied: {}, because {}", skipped.key, skipped.why);
    }
    if let Some(out) = out {
        let _ = writeln!(text, "record in {out}");
    }
    text
}

/// The unknowns that matter the most.
pub(super) fn effects(found: &Sensitivity, most: usize) -> Table {
    let mut columns = vec![
        ("unknown", Align::Left),
        ("as it is", Align::Left),
        ("range", Align::Left),
        ("at its low end", Align::Left),
        ("at its high end", Align::Left),
    ];
    columns.extend((found.trajectories > 0).then_some(("in company (\u{3bc}*)", Align::Right)));
    let mut table = Table::with(&columns);
    let plain = |at: Found| match found.difference_to {
        Some(_) => change(found.figure, at.value),
        None => value(found.figure, at.value),
    };
    for effect in found.unknowns.iter().take(most) {
        let unknown = &effect.unknown;
        let [low, high] = unknown.range;
        // Cells without a column are dropped.
        table.row([
            format!("{} ({})", unknown.key, unknown.tag.name()),
            shortened(&unknown.value, 22),
            format!("{} to {}", trimmed(low, 4), with_unit(high, unknown.unit)),
            plain(effect.at_low),
            plain(effect.at_high),
            effect.mu_star.map_or("-".into(), |mu| size(found.figure, mu, None).0),
        ]);
    }
    table
}

/// A number with its unit as people say it: `80 per day`, and nothing for a plain number.
pub(super) fn with_unit(number: f64, unit: &str) -> String {
    let unit = match unit.strip_prefix('1') {
        Some(per) => per.replace('/', "per "),
        None => unit.into(),
    };
    format!("{} {unit}", trimmed(number, 4)).trim_end().into()
}

/// The figure at a point: a difference keeps its sign.
fn says(found: &Sensitivity, at: Found) -> String {
    let interval = at.ci95.map(|[low, high]| Interval { low, high });
    if found.difference_to.is_some() {
        return difference(found.figure, at.value, interval);
    }
    let ends = ends(found.figure, at.value, at.ci95);
    format!("{} {ends}", value(found.figure, at.value)).trim_end().into()
}

/// The conclusion in plain words.
pub fn conclusion(found: &Sensitivity) -> String {
    let most = found.unknowns.first().filter(|effect| effect.weight() > 0.0);
    let matters = most.map_or("none of them matters".into(), |effect| {
        format!("the one that matters the most is {}", effect.unknown.key)
    });
    let unknowns = found.unknowns.len();
    let partly = if found.complete { "" } else { "Interrupted, so only of what was tried: " };
    let Some(arm) = &found.difference_to else {
        let span = found.span.map_or("unknown".into(), |ends| {
            let [low, high] = ends.map(|end| value(found.figure, Some(end)));
            format!("{low} to {high}")
        });
        return format!(
            "{partly}Over the plausible ranges of {unknowns} unknown numbers, `{}` lies from {span}; {matters}.",
            name(found.figure)
        );
    };
    let Some(sign) = &found.sign else {
        return format!("{partly}With {arm} there is no difference whose sign could survive; {matters}.");
    };
    let direction = match found.base.value {
        Some(value) if value < 0.0 => "lower",
        _ => "higher",
    };
    let all = sign.same + sign.unseen + sign.contrary;
    let figure = match found.figure.unit() {
        Unit::Share => format!("the share of mail {}", name(found.figure)),
        _ => format!("`{}`", name(found.figure)),
    };
    let least = format!("the least is {}, {}", says(found, sign.least), sign.least_at);
    if !sign.survives {
        return format!(
            "{partly}The answer does not survive our ignorance: with {arm} {figure} is {direction} as the \
             numbers stand, but the contrary holds at {} of {all} points within the ranges of {unknowns} \
             unknown numbers; {least}; {matters}.",
            sign.contrary
        );
    }
    let where_not = match sign.unseen {
        0 => String::new(),
        unseen => {
            format!(", no difference can be seen at {unseen} of them, and nowhere does the contrary hold")
        }
    };
    format!(
        "{partly}The answer survives our ignorance: with {arm} {figure} is {direction} at {} of {all} points \
         within the ranges of {unknowns} unknown numbers{where_not}; {least}; {matters}.",
        sign.same
    )
}
