//! What the charts of arms show, in a line each: their titles.

use super::arm::Arm;
use super::charts::Reading;
use super::figure::{self, in_time, name};
use super::human::{capitalised, duration, share, short_duration};
use super::labels::letters;
use crate::analysis::jackknife::Interval;
use crate::analysis::ratio::RatioSums;
use crate::analysis::survival::CoarseWaits;
use crate::comparison::same_hours;
use crate::figure::{Figure, Moment};
use crate::time::Span;

/// Letters of a title that fit on a sheet.
const MOST: usize = 92;

/// An hour stands out that is so many times the median of all hours (assumed).
const STANDS_OUT: f64 = 1.5;

/// Which percentile of latency a chart shows.
#[derive(Clone, Copy)]
pub(super) struct Percentile {
    pub(super) share: f64,
    pub(super) name: &'static str,
    /// The part of the mail below it, and that beyond.
    parts: (&'static str, &'static str),
}

pub(super) const P50: Percentile = Percentile { share: 0.5, name: "Median", parts: ("half", "half") };
pub(super) const P90: Percentile =
    Percentile { share: 0.9, name: "90th percentile of", parts: ("nine tenths", "a tenth") };

/// The first of these that fits, else the last.
fn fitting(titles: [String; 2]) -> String {
    let [first, last] = titles;
    if letters(&first) <= MOST { first } else { last }
}

/// Of which mail latency is, in a sentence.
pub(super) fn which_mail(has_hours: bool) -> &'static str {
    if has_hours { "mail in working hours" } else { "mail" }
}

/// How soon mail was told.
pub(super) fn latency(arms: &[Arm<'_>]) -> String {
    let mail = which_mail(arms.iter().any(|arm| arm.scenario.has_working_hours()));
    let quarter = |arm: &Arm<'_>| arm.figures.value(Figure::FIRST);
    let within = |arm: &Arm<'_>| share(quarter(arm));
    let in_time = capitalised(&name(Figure::FIRST));
    match arms {
        [] => "Nothing was simulated".into(),
        [arm] => alone(arm, &within(arm), mail),
        _ if !same_mail(arms) => "How soon is mail told?".into(),
        [first, other] => {
            let told = format!("{in_time}: {} of the {mail}, and {} with ", within(first), within(other));
            fitting([told.clone() + other.label, told + "the change"])
        }
        arms => {
            let known = || arms.iter().filter_map(|arm| Some((quarter(arm)?, arm)));
            let low = known().reduce(|low, next| if next.0 < low.0 { next } else { low });
            let high = known().reduce(|high, next| if next.0 > high.0 { next } else { high });
            let (Some((_, low)), Some((_, high))) = (low, high) else { return "No mail arrived".into() };
            let ends = (within(low), within(high));
            fitting([
                format!("{in_time}: from {} ({}) to {} ({})", ends.0, low.label, ends.1, high.label),
                format!("{in_time}: from {} to {} of the {mail}", ends.0, ends.1),
            ])
        }
    }
}

fn alone(arm: &Arm<'_>, within: &str, mail: &str) -> String {
    let curve = &arm.figures.replicates.all.curve;
    let (days, in_time) = (duration(arm.scenario.measured()), in_time());
    match (curve.told_by_end(), curve.percentile(0.5)) {
        (None, _) => "No mail arrived".into(),
        (Some(0.0), _) => format!("No mail was told in {days}"),
        (_, Some(median)) => {
            format!("Half of the {mail} is told within {}, {within} within {in_time}", duration(median))
        }
        (_, None) => format!("Less than half of the {mail} is told in {days}; {within} within {in_time}"),
    }
}

/// Whether the figures of all arms are over the same mail: that from inside the same working hours.
pub(super) fn same_mail(arms: &[Arm<'_>]) -> bool {
    arms.windows(2).all(|pair| same_hours(pair[0].scenario, pair[1].scenario))
}

/// Where the time went.
pub(super) fn causes(arms: &[Arm<'_>]) -> String {
    let mean = |arm: &Arm<'_>| {
        let mean = arm.figures.value(Figure::Latency(Moment::Mean))?;
        Some(short_duration(Span::from_secs_f64(mean)))
    };
    match arms {
        [arm] => match mean(arm) {
            Some(mean) => format!("Told mail waited {mean} on average"),
            None => "No mail was told".into(),
        },
        [first, other] => match (mean(first), mean(other)) {
            (Some(one), Some(two)) => {
                let waited = format!("Told mail waited {one} on average, and {two} with ");
                fitting([waited.clone() + other.label, waited + "the change"])
            }
            _ => "What was mail waiting for?".into(),
        },
        _ => "What was mail waiting for?".into(),
    }
}

/// When mail waits longest, by the hour of the day over all days.
pub(super) fn waits(
    arms: &[Arm<'_>],
    percentile: Percentile,
    reading: impl Fn(&CoarseWaits) -> Reading,
) -> String {
    let hours =
        arms.iter().flat_map(|arm| (0..24).map(|hour| (hour, reading(&pooled(arm, hour)), arm.label)));
    let known: Vec<_> = hours.filter(|(_, reading, _)| *reading != Reading::Nothing).collect();
    // Of several alike, the first.
    let worst = known.iter().reduce(|worst, next| if rank(next.1) > rank(worst.1) { next } else { worst });
    let Some((hour, longest, label)) = worst else { return "Too little mail to tell hours apart".into() };
    let mut same_arm: Vec<f64> =
        known.iter().filter(|known| known.2 == *label).map(|known| rank(known.1)).collect();
    same_arm.sort_by(f64::total_cmp);
    if rank(*longest) < STANDS_OUT * same_arm[same_arm.len() / 2] {
        return "No hour of the day stands out".into();
    }
    let (below, beyond) = percentile.parts;
    let part = match longest {
        Reading::Value(seconds) => {
            format!("{beyond} of it over {}", short_duration(Span::from_secs_f64(*seconds)))
        }
        _ => format!("less than {below} of it is told"),
    };
    let waits =
        format!("mail that arrives between {hour:02}:00 and {:02}:00 waits longest: {part}", hour + 1);
    let alone = capitalised(&waits);
    if arms.len() > 1 { fitting([format!("With {label}, {waits}"), alone]) } else { alone }
}

/// When another arm moves mail most, by the hour of the day over all days.
pub(super) fn change(label: &str, week: &[RatioSums]) -> String {
    let of_day = |hour: usize| {
        week.iter().skip(hour).step_by(24).fold(RatioSums::default(), |mut sums, more| {
            sums += more;
            sums
        })
    };
    let seen = (0..24).map(|hour| (hour, of_day(hour)));
    let seen = seen.filter(|(_, sums)| sums.interval().is_some_and(Interval::leaves_zero_out));
    let seen: Vec<(usize, f64)> = seen.filter_map(|(hour, sums)| Some((hour, sums.ratio()?))).collect();
    let most = seen.iter().reduce(|most, next| if next.1.abs() > most.1.abs() { next } else { most });
    let Some((hour, most)) = most else { return "In no hour of the day is a change seen".into() };
    let way = if *most > 0.0 { "gains" } else { "loses" };
    let much = figure::change(Figure::FIRST, Some(*most));
    let moves = format!(
        "mail that arrives between {hour:02}:00 and {:02}:00 {way} most: {much} told in time",
        hour + 1
    );
    fitting([format!("With {label}, {moves}"), capitalised(&moves)])
}

/// The waits of an hour of the day, over all days of the week.
fn pooled(arm: &Arm<'_>, hour: usize) -> CoarseWaits {
    arm.week.hours.iter().skip(hour).step_by(24).fold(CoarseWaits::default(), |mut sum, hour| {
        sum += &hour.waits;
        sum
    })
}

fn rank(reading: Reading) -> f64 {
    match reading {
        Reading::Nothing => f64::MIN,
        Reading::Beyond => f64::MAX,
        Reading::Value(value) => value,
    }
}

/// How many background checks could not look for mail; each arm with its share, where it had any check.
pub(super) fn checks(arms: &[Arm<'_>], in_vain: impl Fn(&Arm<'_>) -> Option<f64>) -> String {
    let vain = |arm: &Arm<'_>| in_vain(arm).map_or("none at all".into(), |part| share(Some(part)));
    match arms {
        [arm] => match in_vain(arm) {
            Some(part) => format!("Of the background checks, {} are in vain", share(Some(part))),
            None => "No check ran in the background".into(),
        },
        [first, other] => {
            let shares = format!("Background checks in vain: {}, and {} with ", vain(first), vain(other));
            fitting([shares.clone() + other.label, shares + "the change"])
        }
        _ => "When are background checks in vain?".into(),
    }
}
