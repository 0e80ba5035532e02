//! The charts of one run or of several arms, from what was found in each.

use super::charts::causes::{Bar, Part};
use super::charts::latency::{Curve, Told};
use super::charts::price::Offer;
use super::charts::week::{Measure, Panel};
use super::charts::{Causes, Chart, Day, Estimate, Heading, Latency, Price, Reading, Week};
use super::day_chart::day_chart;
use super::human::{count, duration, share, short_duration};
use crate::analysis::jackknife::Replicates;
use crate::analysis::survival::{CoarseWaits, KaplanMeier};
use crate::client::Cause;
use crate::engine::Engine;
use crate::experiment::person;
use crate::persona::PersonaName;
use crate::record::{self, Figures, Hour};
use crate::scenario::Scenario;
use crate::signal::CheckResult;
use crate::time::Span;
use crate::timeline::{first_day, timeline};
use std::collections::BTreeMap;

/// What was found in one arm.
pub struct Arm<'a> {
    /// What it is called.
    pub label: &'a str,
    /// Its scenario.
    pub scenario: &'a Scenario,
    /// Devices that were simulated to their end.
    pub devices: u64,
    /// Its figures.
    pub figures: &'a Replicates<Figures>,
    /// Its sums by hour of the week.
    pub week: &'a record::Week,
}

/// Points of a curve: more cannot be told apart on a screen.
const POINTS: usize = 250;

/// Marks for mail still waiting at the end: more would be a smear.
const MARKS: usize = 60;

/// Letters of a title that fit on the sheet.
const TITLE: usize = 70;

/// Of fewer mails or checks in an hour of the week, nothing is said.
const FEWEST: u64 = 20;

/// Every chart of these arms, with the names of their files.
pub fn arm_charts(arms: &[Arm<'_>]) -> Vec<(String, Chart)> {
    let mut charts = vec![
        ("latency".to_string(), Chart::Latency(latency(arms))),
        ("causes".into(), Chart::Causes(causes(arms))),
        ("week-p50".into(), Chart::Week(waits_by_hour(arms, 0.5))),
        ("week-p90".into(), Chart::Week(waits_by_hour(arms, 0.9))),
        ("week-checks".into(), Chart::Week(checks_by_hour(arms))),
    ];
    if arms.len() > 1 {
        charts.push(("price".into(), Chart::Price(price(arms))));
    }
    let days = arms.iter().enumerate().filter_map(|(place, arm)| Some((place, some_day(arm)?)));
    charts.extend(days.map(|(place, day)| (format!("day-{}", place + 1), Chart::Day(day))));
    charts
}

/// How soon mail was told.
fn latency(arms: &[Arm<'_>]) -> Latency {
    let within = |arm: &Arm<'_>| share(arm.figures.all.curve.told_within(Span::MINUTE * 15));
    let title = match arms {
        [arm] => match arm.figures.all.curve.percentile(0.5) {
            Some(median) => {
                format!("Half of the mail is told within {}, {} within 15 min", duration(median), within(arm))
            }
            None => format!("Less than half of the mail is ever told; {} within 15 min", within(arm)),
        },
        [first, other] => {
            format!(
                "Told within 15 min: {} of the mail, and {} with the change",
                within(first),
                within(other)
            )
        }
        arms => format!("Told within 15 min: {}", arms.iter().map(within).collect::<Vec<_>>().join(", ")),
    };
    let curves: Vec<Curve> = arms.iter().map(|arm| curve(arm.label, arm.figures)).collect();
    let has_hours = arms.iter().any(|arm| arm.scenario.policy.working_hours.is_some());
    let is_censored = curves.iter().any(|arm| !arm.censored.is_empty());
    let subtitle = format!(
        "Mail{} told within a time, Kaplan\u{2013}Meier, 95 % band; {}{}",
        if has_hours { " in working hours" } else { "" },
        span(arms),
        if is_censored { "; | waiting at the end" } else { "" },
    );
    Latency { heading: Heading { title, subtitle }, arms: curves, target: None }
}

/// The curve of one arm, with its band.
fn curve(label: &str, figures: &Replicates<Figures>) -> Curve {
    let curves: Replicates<KaplanMeier> = Replicates {
        all: figures.all.curve.clone(),
        without: figures.without.iter().map(|figures| figures.curve.clone()).collect(),
    };
    Curve {
        label: label.into(),
        points: curves.curve(POINTS),
        censored: curves.all.censored(MARKS).into_iter().map(Span::ms).collect(),
        median: curves.all.percentile(0.5).map(Span::ms),
        told: Told::of(&curves.all),
    }
}

/// Devices and days, in words.
fn span(arms: &[Arm<'_>]) -> String {
    let Some(first) = arms.first() else { return String::new() };
    let same = if arms.len() > 1 { "the same " } else { "" };
    format!("{same}{} devices over {}", count(first.devices), duration(first.scenario.measured()))
}

/// Where the time went.
fn causes(arms: &[Arm<'_>]) -> Causes {
    let seconds = |arm: &Arm<'_>, path: &str| arm.figures.all.get(path).and_then(|figure| figure.value(1.0));
    let mean = |arm: &Arm<'_>| {
        let mean = seconds(arm, "mail.latency_s.mean");
        mean.map_or("never".into(), |mean| short_duration(Span::from_secs_f64(mean)))
    };
    let title = match arms {
        [arm] => format!("Mail that is told waited {} on average", mean(arm)),
        [first, other] => {
            format!(
                "Mail that is told waited {} on average, and {} with the change",
                mean(first),
                mean(other)
            )
        }
        _ => "What was mail waiting for?".into(),
    };
    let subtitle = format!("Mean wait of told mail, by what stood in the way; {}", span(arms));
    let part = |arm: &Arm<'_>, cause: Cause| {
        let path = format!("mail.delay_causes_s.{}", cause.name());
        Part { cause, seconds: seconds(arm, &path).unwrap_or(0.0) }
    };
    let bar = |arm: &Arm<'_>| Bar {
        label: arm.label.into(),
        parts: Cause::ALL.into_iter().map(|cause| part(arm, cause)).collect(),
    };
    Causes { heading: Heading { title, subtitle }, arms: arms.iter().map(bar).collect() }
}

/// A percentile of latency by hour of the week.
fn waits_by_hour(arms: &[Arm<'_>], percentile: f64) -> Week {
    let reading = |waits: &CoarseWaits| match waits.estimate().percentile(percentile) {
        _ if waits.mail() < FEWEST => Reading::Nothing,
        Some(latency) => Reading::Value(latency.secs_f64()),
        None => Reading::Beyond,
    };
    let (name, part) = if percentile == 0.5 { ("Median", "half") } else { ("90th percentile of", "a tenth") };
    let title = match worst_hour(arms, reading) {
        Some((hour, longest, label)) => {
            let longest = match longest {
                Reading::Value(seconds) => short_duration(Span::from_secs_f64(seconds)),
                _ => "what was observed".into(),
            };
            let waits = format!(
                "ail from {hour:02}:00 to {:02}:00 waits longest: {part} of it over {longest}",
                hour + 1
            );
            let with = format!("With {label}, m{waits}");
            if arms.len() > 1 && with.chars().count() <= TITLE { with } else { format!("M{waits}") }
        }
        None => "When does mail wait longest?".into(),
    };
    let subtitle = format!("{name} latency by hour of arrival, {}; {}", local_time(arms), span(arms));
    let nothing = format!("fewer than {FEWEST} mails");
    let panels = panels(arms, |hour| reading(&hour.waits));
    Week { heading: Heading { title, subtitle }, measure: Measure::Seconds, nothing, panels }
}

/// The hour of the day whose mail waits longest over all days, and in which arm.
fn worst_hour<'a>(
    arms: &[Arm<'a>],
    reading: impl Fn(&CoarseWaits) -> Reading,
) -> Option<(usize, Reading, &'a str)> {
    let pooled = |arm: &Arm<'a>, hour: usize| {
        arm.week.hours.iter().skip(hour).step_by(24).fold(CoarseWaits::default(), |mut sum, hour| {
            sum += &hour.waits;
            sum
        })
    };
    let all = arms.iter().flat_map(|arm| {
        let pooled = &pooled;
        (0..24).map(move |hour| (hour, pooled(arm, hour), arm.label))
    });
    let readings = all.map(|(hour, waits, label)| (hour, reading(&waits), label));
    let rank = |reading: Reading| match reading {
        Reading::Nothing => f64::MIN,
        Reading::Beyond => f64::MAX,
        Reading::Value(value) => value,
    };
    // Of several alike, the first.
    let worst = readings.reduce(|worst, other| if rank(other.1) > rank(worst.1) { other } else { worst })?;
    (worst.1 != Reading::Nothing).then_some(worst)
}

/// Which share of the background checks could not look for mail, by hour of the week.
fn checks_by_hour(arms: &[Arm<'_>]) -> Week {
    let failed = |hour: &Hour| -> u64 {
        let looked = [CheckResult::NewMail(0), CheckResult::NoMail].map(CheckResult::index);
        let results = hour.checks.iter().enumerate();
        results.filter(|(result, _)| !looked.contains(result)).map(|(_, checks)| checks).sum()
    };
    let reading = |hour: &Hour| match hour.checks.iter().sum::<u64>() {
        few if few < FEWEST => Reading::Nothing,
        all => Reading::Value(failed(hour) as f64 / all as f64),
    };
    let whole = |arm: &Arm<'_>| {
        let all: u64 = arm.week.hours.iter().flat_map(|hour| hour.checks).sum();
        let failed: u64 = arm.week.hours.iter().map(failed).sum();
        if all > 0 { share(Some(failed as f64 / all as f64)) } else { "none".into() }
    };
    let title = match arms {
        [arm] => format!("Of the background checks, {} are in vain", whole(arm)),
        [first, other] => {
            format!("Background checks in vain: {}, and {} with the change", whole(first), whole(other))
        }
        _ => "When are background checks in vain?".into(),
    };
    let subtitle = format!(
        "Share of background checks without key or network, or cut short, {}; {}",
        local_time(arms),
        span(arms)
    );
    let nothing = format!("fewer than {FEWEST} checks");
    Week {
        heading: Heading { title, subtitle },
        measure: Measure::Share,
        nothing,
        panels: panels(arms, reading),
    }
}

fn panels(arms: &[Arm<'_>], reading: impl Fn(&Hour) -> Reading) -> Vec<Panel> {
    let panel = |arm: &Arm<'_>| Panel {
        label: arm.label.into(),
        cells: arm.week.hours.iter().map(&reading).collect(),
    };
    arms.iter().map(panel).collect()
}

fn local_time(arms: &[Arm<'_>]) -> String {
    let zone = arms.first().and_then(|arm| arm.scenario.time_zone());
    format!("local time ({})", zone.unwrap_or_else(|| "UTC".into()))
}

/// The first whole day of the first device that has the persona most devices have.
fn some_day(arm: &Arm<'_>) -> Option<Day> {
    let scenario = arm.scenario;
    let mut weights: BTreeMap<PersonaName, f64> = BTreeMap::new();
    let mut below = 0.0;
    for (until, row, _) in &scenario.fleet {
        *weights.entry(row.persona).or_default() += until - below;
        below = *until;
    }
    let commonest = weights.into_iter().reduce(|most, other| if other.1 > most.1 { other } else { most })?.0;
    let device = (0..scenario.devices).find(|device| person(scenario, *device).0 == commonest)?;
    let timeline = timeline(scenario, device, first_day(scenario), Engine::Fast).ok()?;
    Some(day_chart(scenario, arm.label, &timeline))
}

/// What sooner costs: hours a day that the key can be had while the device is locked.
fn price(arms: &[Arm<'_>]) -> Price {
    let estimate = |arm: &Arm<'_>, of: fn(&Figures) -> Option<f64>| Estimate {
        value: of(&arm.figures.all),
        ci95: arm.figures.interval(of).map(|interval| [interval.low.max(0.0), interval.high.max(0.0)]),
    };
    let offer = |arm: &Arm<'_>| Offer {
        label: arm.label.into(),
        exposure_h_per_day: estimate(arm, exposure),
        latency_s: estimate(arm, |figures| figures.curve.percentile(0.5).map(Span::secs_f64)),
    };
    let subtitle = format!(
        "Hours a day in which the key can be had while the device is locked, against median latency; {}",
        span(arms)
    );
    let title = "What does sooner cost?".into();
    Price { heading: Heading { title, subtitle }, arms: arms.iter().map(offer).collect() }
}

/// The key is within reach in the keychain, in memory, or in both.
fn exposure(figures: &Figures) -> Option<f64> {
    figures.get("exposure.key_in_reach_while_locked_h_per_day")?.value(1.0)
}
