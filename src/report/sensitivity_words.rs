//! What a sensitivity analysis found, in a sentence.

use super::figure::{estimate, name, size, value};
use super::human::{capitalised, count, devices, trimmed};
use crate::figure::Unit;
use crate::sensitivity::{Answer, Clarity, Found, PointKind, Reversal, Sensitivity, Tally, Tried, Verdict};
use crate::summary::Estimate;

/// So many numbers are named of a point where all are moved.
const NAMED: usize = 4;
/// With so many trajectories two seeds agree on which numbers do the most in company (docs/numbers.md).
const MANY_TRAJECTORIES: usize = 160;

/// The conclusion in plain words.
pub fn conclusion(found: &Sensitivity) -> String {
    let most = found.unknowns.first().filter(|effect| effect.weight() > 0.0);
    let matters = most.map_or("none of them moves it at these points".into(), |effect| {
        format!("the one that moves it the most at these points is {}", effect.unknown.key)
    });
    let unknowns = count(found.unknowns.len() as u64);
    // Of a difference the verdict says how much the devices can tell.
    let is_known = found.base.value.is_some_and(|value| value != 0.0);
    if found.difference_to.is_none() && is_known && found.base.ci95.is_none() {
        return format!(
            "{} at each point say nothing: even the figure as it is has no interval there, and what seems to move it \
             may be the chance of one person; give more (--devices).",
            capitalised(&devices(found.scenario.devices.into()))
        );
    }
    let partly = if found.complete { "" } else { "Interrupted, so only of what was tried: " };
    let (Some(arm), Some(verdict)) = (&found.difference_to, &found.verdict) else {
        let span = found.span.map_or("unknown".into(), |ends| {
            let [low, high] = ends.map(|end| value(found.figure, Some(end)));
            format!("{low} to {high}")
        });
        return format!(
            "{partly}At the {} points tried within the plausible ranges of {unknowns} unknown numbers, `{}` lies \
             from {span}; {matters}.",
            count(found.points as u64),
            name(found.figure)
        );
    };
    let Some(direction) = verdict.sign else {
        return format!(
            "{partly}Cannot tell: with {arm} {}, and so there is no sign that could hold; {matters}.",
            unclear_base(found)
        );
    };
    let (sign, contrary) = if direction < 0.0 { ("lower", "higher") } else { ("higher", "lower") };
    let figure = match found.figure.unit() {
        Unit::Share => format!("the share of mail {}", name(found.figure)),
        _ => format!("`{}`", name(found.figure)),
    };
    let Tally { same, small, contrary: against, unclear } = verdict.counts;
    let number = |points: usize| count(points as u64);
    let all = format!(
        "the {} points tried within the ranges of {unknowns} unknown numbers",
        number(verdict.counts.all())
    );
    let smallest = smallest(found, verdict);
    let too_small = match small {
        0 => String::new(),
        small => format!(", too small to matter at {}", number(small)),
    };
    let not_told = match unclear {
        0 => String::new(),
        unclear => format!(", and at {} it cannot be told", number(unclear)),
    };
    let least =
        verdict.least.as_ref().map_or(String::new(), |least| format!("; the least is {}", at(found, least)));
    match verdict.verdict {
        Answer::Holds => format!(
            "{partly}The answer holds at every point tried: with {arm} {figure} is {sign}, clearly, and found to be by more than \
             {smallest}, at all {all}{least}; {matters}."
        ),
        Answer::TooSmall => format!(
            "{partly}The answer does not matter everywhere: with {arm} {figure} is {sign}, clearly, and found to be by more than \
             {smallest}, at {} of {all}, but too small to matter at {}, and nowhere is it clearly {contrary}{least}; \
             {matters}.",
            number(same),
            number(small)
        ),
        Answer::CannotTell => format!(
            "{partly}Cannot tell whether the answer holds: with {arm} {figure} is {sign}, clearly, and found to be by more than \
             {smallest}, at {} of {all}{too_small}, but at {}{} the devices cannot tell; it is clearly {contrary} at \
             none{least}; {matters}.",
            number(same),
            number(unclear),
            alone(found)
        ),
        Answer::Reverses => format!(
            "{partly}The answer reverses somewhere: with {arm} {figure} is {sign} as the numbers stand, but clearly \
             {contrary} at {} of {all}: {}; it is clearly {sign} at {}{too_small}{not_told}; {matters}.",
            number(against),
            verdict
                .reversals
                .first()
                .map_or(String::new(), |worst| format!("the worst is {}", at(found, worst))),
            number(same)
        ),
    }
}

/// What of the base has no sign: what no device was seen to change may be changed on others.
fn unclear_base(found: &Sensitivity) -> String {
    let base = found.tried.first().map_or_else(Found::default, |base| base.last);
    let on = devices(base.devices.into());
    match base.estimate.value {
        Some(0.0) => format!("no difference was seen on {on} as the numbers stand"),
        _ => format!(
            "the difference as the numbers stand, {} on {on}, is not clear",
            says(found, base.estimate)
        ),
    }
}

/// How many of the points at which it cannot be told are such that one number is moved, where that is not all.
fn alone(found: &Sensitivity) -> String {
    let is_alone = |point: &&Tried| !matches!(point.place.kind, PointKind::Trajectory { .. });
    let all = found.tried.iter().filter(is_alone).count();
    let unclear =
        found.tried.iter().filter(is_alone).filter(|point| point.clarity == Some(Clarity::Unclear)).count();
    match found.trajectories {
        0 => String::new(),
        _ => format!(" ({} of the {} where one number is moved)", count(unclear as u64), count(all as u64)),
    }
}

/// The smallest difference that matters, in words.
fn smallest(found: &Sensitivity, verdict: &Verdict) -> String {
    size(found.figure, verdict.smallest, None).0
}

/// A difference and where it was found.
fn at(found: &Sensitivity, point: &Reversal) -> String {
    let difference = says(found, point.difference);
    let named: Vec<&str> = point.differs.iter().take(NAMED).map(String::as_str).collect();
    match point.differs.len().checked_sub(NAMED) {
        None | Some(0) => format!("{difference}, {}", point.at),
        Some(more) => format!(
            "{difference}, {} ({} and {} more: row {} of points.csv)",
            point.at,
            named.join(", "),
            count(more as u64),
            count(point.point as u64)
        ),
    }
}

/// The figure at a point: a difference keeps its sign.
pub(super) fn says(found: &Sensitivity, at: Estimate) -> String {
    estimate(found.figure, at, found.difference_to.is_some())
}

/// What the intervals and the noise are, a line each.
pub(super) fn notes(found: &Sensitivity) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(verdict) = &found.verdict {
        notes.push(format!(
            "Clear is what is at {} % for all points together; smaller than {} is too small to matter (--smallest). \
             Unclear points got up to {} devices (--max-devices), on trajectories where that could change the \
             verdict. Intervals in brackets are of 95 % each.",
            trimmed(verdict.level * 100.0, 1),
            smallest(found, verdict),
            count(verdict.most_devices.into()),
        ));
    }
    if let Some(floor) = found.noise_floor {
        let below = found.unknowns.iter().filter(|effect| effect.is_below_floor == Some(true)).count();
        notes.push(format!(
            "Noise floor: a number that does nothing reaches {} in company (μ*); {} of {} do no more.",
            size(found.figure, floor, None).0,
            count(below as u64),
            count(found.unknowns.len() as u64),
        ));
    }
    if (1..MANY_TRAJECTORIES).contains(&found.trajectories) {
        notes.push(rough(found.trajectories));
    }
    notes
}

/// What so few trajectories are worth.
fn rough(trajectories: usize) -> String {
    let rank = if trajectories == 1 { "trajectory ranks" } else { "trajectories rank" };
    format!(
        "By what numbers do in company {} {rank} them only roughly: where intervals of μ* overlap, another seed may change \
         the order.",
        count(trajectories as u64)
    )
}

#[cfg(test)]
mod tests {
    use super::rough;

    #[test]
    fn one_trajectory_is_told_of_as_one() {
        assert!(rough(1).contains(" 1 trajectory ranks them "));
        assert!(rough(20).contains(" 20 trajectories rank them "));
    }
}
