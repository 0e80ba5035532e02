//! What the charts of arms show, in a line each: their titles.

use super::arm::Arm;
use super::figure::{self, in_time, name};
use super::human::{capitalised, duration, share, short_duration};
use super::labels::letters;
use crate::analysis::jackknife::Interval;
use crate::analysis::ratio::RatioSums;
use crate::analysis::survival::CoarseWaits;
use crate::analysis::tails::t_reach;
use crate::comparison::same_hours;
use crate::figure::{FEWEST_CARRIERS, Figure, Moment};
use crate::record::Hour;
use crate::time::Span;

/// Letters of a title that fit on a sheet.
const MOST: usize = 92;

/// An hour stands out that is so many times the median of all hours (assumed).
const STANDS_OUT: f64 = 1.5;

/// Hours of a day, of which a title names the first: what is said of that is to hold of all.
const OF_DAY: usize = 24;

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

/// When mail waits longest, by the hour of the day over all days: where that is clear among so many hours.
pub(super) fn waits(arms: &[Arm<'_>], percentile: Percentile) -> String {
    let hours = arms.iter().flat_map(|arm| {
        let days =
            (0..OF_DAY).map(move |hour| (hour, HourOfDay::of(&arm.week.hours, hour, percentile.share)));
        days.filter_map(move |(hour, found)| Some((hour, found?, arm.label)))
    });
    let known: Vec<(usize, HourOfDay, &str)> = hours.collect();
    // Of several alike, the first.
    let worst = known.iter().reduce(|worst, next| if next.1.most() > worst.1.most() { next } else { worst });
    let Some((hour, longest, label)) = worst else { return "Too little mail to tell hours apart".into() };
    let mut same_arm: Vec<f64> =
        known.iter().filter(|known| known.2 == *label).map(|known| known.1.most()).collect();
    same_arm.sort_by(f64::total_cmp);
    if !longest.stands_out(same_arm[same_arm.len() / 2]) {
        return "No hour of the day stands out".into();
    }
    let (below, beyond) = percentile.parts;
    let part = match longest.latency {
        Some(latency) => format!("{beyond} of it over {}", short_duration(latency)),
        None => format!("less than {below} of it is told"),
    };
    let waits =
        format!("mail that arrives between {hour:02}:00 and {:02}:00 waits longest: {part}", hour + 1);
    let alone = capitalised(&waits);
    if arms.len() > 1 { fitting([format!("With {label}, {waits}"), alone]) } else { alone }
}

/// When another arm moves mail most, by the hour of the day over all days: where that is clear among so many hours.
pub(super) fn change(label: &str, week: &[RatioSums]) -> String {
    let of_day = |hour: usize| {
        week.iter().skip(hour).step_by(OF_DAY).fold(RatioSums::default(), |mut sums, more| {
            sums += more;
            sums
        })
    };
    let seen = (0..OF_DAY).map(|hour| (hour, of_day(hour)));
    let is_clear = |sums: &RatioSums| sums.interval_among(OF_DAY).is_some_and(Interval::leaves_zero_out);
    let seen = seen.filter(|(_, sums)| is_clear(sums));
    // Which of several hours it is that moves most is a matter of chance, and that they move is not.
    let seen: Vec<f64> = seen.filter_map(|(_, sums)| sums.ratio()).collect();
    let way = |moved: &dyn Fn(f64) -> bool| seen.iter().filter(|change| moved(**change)).count();
    let (gains, loses) = (way(&|change| change > 0.0), way(&|change| change < 0.0));
    let most = seen.iter().copied().reduce(|most, next| if next.abs() > most.abs() { next } else { most });
    let up_to = figure::change(Figure::FIRST, most);
    let moves = match (gains, loses) {
        (0, 0) => return "In no hour of the day is a change seen".into(),
        (gains, 0) => {
            format!("mail gains in {gains} of {OF_DAY} hours of arrival, up to {up_to} told in time")
        }
        (0, loses) => {
            format!("mail loses in {loses} of {OF_DAY} hours of arrival, up to {up_to} told in time")
        }
        (gains, loses) => format!("mail gains in {gains} of {OF_DAY} hours of arrival and loses in {loses}"),
    };
    fitting([format!("With {label}, {moves}"), capitalised(&moves)])
}

/// A percentile of the waits in an hour of the day, over all days of the week.
struct HourOfDay {
    /// Unknown where it is not reached.
    latency: Option<Span>,
    /// What it surely is no less than, of any hour at once; in seconds, of which there are none where little is known.
    least: f64,
}

impl HourOfDay {
    /// Of an hour with devices enough. Mails of a device resemble each other, so its error is that of a percentile of as
    /// many mails as there are devices with any; devices of several days may be the same ones, and count once.
    fn of(week: &[Hour], hour: usize, share: f64) -> Option<HourOfDay> {
        let of_day = || week.iter().skip(hour).step_by(OF_DAY);
        let devices =
            of_day().map(|hour| hour.mailed.devices()).max().filter(|few| *few >= FEWEST_CARRIERS)?;
        let waits = of_day().fold(CoarseWaits::default(), |mut sum, hour| {
            sum += &hour.waits;
            sum
        });
        let (waits, devices) = (waits.estimate(), devices as f64);
        let far = t_reach(0.05 / OF_DAY as f64, devices - 1.0) * libm::sqrt(share * (1.0 - share) / devices);
        let least = if share > far { seconds(waits.percentile(share - far)) } else { 0.0 };
        Some(HourOfDay { latency: waits.percentile(share), least })
    }

    fn most(&self) -> f64 {
        seconds(self.latency)
    }

    /// Whether it is far above the middle of all hours, and would be with other devices.
    fn stands_out(&self, middle: f64) -> bool {
        self.least > middle && self.most() >= STANDS_OUT * middle
    }
}

/// A latency in seconds; more than all others where it is not reached.
fn seconds(latency: Option<Span>) -> f64 {
    latency.map_or(f64::MAX, Span::secs_f64)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Week;

    /// Every device has a mail in each hour, which waits for some minutes by chance, and longer in the third hour.
    fn hours(devices: u32, longer: u64) -> Vec<Option<HourOfDay>> {
        let mut week = Week::default();
        for device in 0..devices {
            for (number, hour) in week.hours.iter_mut().enumerate() {
                let chance = crate::dealing::key_of(&["wait", &device.to_string(), &number.to_string()]) % 12;
                let waited = Span::MINUTE * (1_u64 << chance) * if number % 24 == 2 { longer } else { 1 };
                // Several mails of a device say no more than one.
                (0..5).for_each(|_| hour.waits.record(true, waited));
                (0..5).for_each(|_| hour.mailed.add(device));
            }
        }
        (0..24).map(|hour| HourOfDay::of(&week.hours, hour, P50.share)).collect()
    }

    /// The worst hour, and the middle of all.
    fn worst(hours: Vec<Option<HourOfDay>>) -> (usize, HourOfDay, f64) {
        let mut known: Vec<(usize, HourOfDay)> = hours.into_iter().flatten().enumerate().collect();
        known.sort_by(|a, b| a.1.most().total_cmp(&b.1.most()));
        let middle = known[12].1.most();
        let (hour, found) = known.pop().unwrap();
        (hour, found, middle)
    }

    #[test]
    fn the_largest_change_of_some_hour_is_no_finding_and_a_larger_one_is() {
        let said = |gain: usize, lose: usize| {
            let mut week = vec![RatioSums::default(); 7 * OF_DAY];
            (0..100).for_each(|device| {
                let more = i64::from(device < gain) - i64::from(device >= 100 - lose);
                week[3].add(more, 10);
            });
            let alone = week[3].interval().unwrap();
            (alone.leaves_zero_out(), change("it", &week))
        };
        assert_eq!(said(13, 3), (true, "In no hour of the day is a change seen".into()));
        let (_, clear) = said(40, 0);
        assert!(clear.contains("gains in 1 of 24 hours of arrival, up to +4.0 points"), "{clear}");
    }

    #[test]
    fn the_longest_wait_of_some_hour_is_no_finding_and_a_longer_one_is() {
        let (_, found, middle) = worst(hours(9, 1));
        assert!(found.most() > STANDS_OUT * middle && !found.stands_out(middle), "{} {middle}", found.most());
        let (hour, found, middle) = worst(hours(100, 60));
        assert!(hour == 2 && found.stands_out(middle), "{hour} {} {middle}", found.most());
        assert!(hours(7, 60).iter().all(Option::is_none));
    }
}
