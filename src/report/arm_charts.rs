//! The charts of one run or of several arms, from what was found in each.

use super::adoption::adoption_chart;
use super::arm::Arm;
use super::arms_in_rows::MANY;
use super::charts::abreast::Lane;
use super::charts::causes::{Bar, Part};
use super::charts::latency::{Curve, Target, Told};
use super::charts::price::Offer;
use super::charts::week::{Measure, Panel};
use super::charts::{Abreast, Causes, Chart, Estimate, Heading, Latency, Price, Reading, Signalled, Week};
use super::day_chart::day_chart;
use super::figure;
use super::findings::{self, Percentile};
use super::human::{devices, duration, short_duration};
use crate::analysis::ratio::RatioSums;
use crate::analysis::survival::KaplanMeier;
use crate::client::DelayCause;
use crate::comparison::Moves;
use crate::expectation::{self, Claim, Comparison, Limit, Quantity};
use crate::figure::{FEWEST_CARRIERS, Figure, Figures, Moment, Reach, Sample};
use crate::record::{Hour, IN_TIME, Outcome, rounded};
use crate::scenario::Scenario;
use crate::signal::ResultKind;
use crate::time::Span;

/// Points of a curve: more cannot be told apart on a screen.
const POINTS: usize = 250;

/// Marks for mail still waiting at the end: more would be a smear.
const MARKS: usize = 60;

/// Of less than this share of the mail, marks would look like data (assumed).
const MARKED: f64 = 0.01;

/// Every chart of these arms, with the names of their files.
///
/// `moves` is how the mail of the first fared in each other, where there are others.
pub fn arm_charts(arms: &[Arm<'_>], moves: &[Moves]) -> Vec<(String, Chart)> {
    let mut charts = vec![Chart::from(latency(arms)).filed(None), Chart::from(causes(arms)).filed(None)];
    charts.extend(change_by_hour(arms, moves).map(|chart| Chart::from(chart).filed(Some("change"))));
    charts.extend([
        Chart::from(waits_by_hour(arms, findings::P50)).filed(Some("p50")),
        Chart::from(waits_by_hour(arms, findings::P90)).filed(Some("p90")),
        Chart::from(checks_by_hour(arms)).filed(Some("checks")),
    ]);
    // Over other mail, no latency is a gain on another's.
    if arms.len() > 1 && findings::same_mail(arms) {
        charts.push(Chart::from(price(arms)).filed(None));
        if arms.len() > MANY {
            charts.push(Chart::from(abreast(arms)).filed(None));
        }
    }
    charts.extend(signalled(arms).map(|chart| Chart::from(chart).filed(None)));
    charts.extend(adoption_chart(arms).map(|chart| Chart::from(chart).filed(None)));
    for (number, arm) in (1..).zip(arms) {
        let day = arm.day.as_ref().map(|day| day_chart(arm.scenario, arm.label, day));
        charts.extend(day.map(|day| Chart::from(day).filed(Some(&number.to_string()))));
    }
    charts
}

/// How soon mail was told.
fn latency(arms: &[Arm<'_>]) -> Latency {
    let curves: Vec<Curve> = arms.iter().map(|arm| curve(arm.label, arm.figures)).collect();
    let is_censored = curves.iter().any(|arm| !arm.censored.is_empty());
    let subtitle = format!(
        "Mail{} told within a time, Kaplan\u{2013}Meier{}; {}{}",
        scope(arms),
        if arms.iter().all(|arm| has_band(arm.figures)) { ", 95 % band" } else { "" },
        span(arms),
        if is_censored { "; | waiting at the end" } else { "" },
    );
    let heading = Heading { title: findings::latency(arms), subtitle };
    Latency { heading, arms: curves, target: arms.iter().find_map(|arm| target(arm.scenario)) }
}

/// Of which mail the figures are.
fn scope(arms: &[Arm<'_>]) -> &'static str {
    match arms.iter().any(|arm| arm.scenario.has_working_hours()) {
        false => "",
        true if findings::same_mail(arms) => " in working hours",
        true => " in the hours of each arm (not the same mail)",
    }
}

/// What the scenario promises of everybody's mail, if it does: a share within a time, or a percentile.
fn target(scenario: &Scenario) -> Option<Target> {
    let promised = expectation::read(scenario).ok()?;
    let mut claims = promised
        .iter()
        .filter(|expected| expected.slice.is_everything() && expected.versus.is_none())
        .flat_map(|expected| &expected.asserts);
    claims.find_map(|assertion| match &assertion.claim {
        Claim::Figure { quantity, comparison, limit: Limit::Is(bound) } => {
            aim(*quantity, *comparison, *bound)
        }
        _ => None,
    })
}

fn aim(quantity: Quantity, comparison: Comparison, bound: f64) -> Option<Target> {
    let is_most = matches!(comparison, Comparison::AtMost | Comparison::Less);
    let is_least = matches!(comparison, Comparison::AtLeast | Comparison::More);
    match quantity {
        Quantity::Figure(Figure::ToldWithin(within)) if is_least => {
            Some(Target { ms: within.ms(), share: bound })
        }
        Quantity::Figure(Figure::Latency(Moment::Percentile(part))) if is_most => {
            Some(Target { ms: Span::from_secs_f64(bound).ms(), share: part.share() })
        }
        _ => None,
    }
}

/// Whether there is an interval: devices are the independent units, and one has nothing to differ from.
fn has_band(figures: &Sample) -> bool {
    figures.interval(Figure::FIRST).is_some()
        && figures.replicates.interval(|figures| figures.curve.told_by_end()).is_some()
}

/// The curve of one arm, with its band.
fn curve(label: &str, figures: &Sample) -> Curve {
    curve_of(label, figures, |figures| &figures.curve)
}

/// That of one arm's told mail, or of the mail that its users heard of.
fn curve_of(label: &str, figures: &Sample, of: fn(&Figures) -> &KaplanMeier) -> Curve {
    let curves = figures.replicates.each(of);
    let mut points = curves.curve(POINTS);
    if !has_band(figures) {
        points.iter_mut().for_each(|point| (point.low, point.high) = (point.told, point.told));
    }
    let marks = if curves.all.untold() < MARKED { 0 } else { MARKS };
    Curve {
        label: label.into(),
        points,
        censored: curves.all.censored(marks).into_iter().map(Span::ms).collect(),
        median: curves.all.percentile(0.5).map(Span::ms),
        told: Told::of(curves.all),
        allowed: Vec::new(),
    }
}

fn heard_of(figures: &Figures) -> &KaplanMeier {
    figures.signals.as_ref().unwrap_or(&figures.curve)
}

/// Of how much mail users heard, where some is pushed.
fn signalled(arms: &[Arm<'_>]) -> Option<Signalled> {
    if !arms.iter().any(|arm| arm.scenario.pushes()) {
        return None;
    }
    let (soon, within) = (Figure::HEARD, figure::time(Figure::HEARD));
    let heard = |arm: &Arm<'_>| figure::value(soon, arm.figures.value(soon));
    let share = |arm: &&Arm<'_>| arm.figures.value(soon).unwrap_or(0.0);
    let most = arms.iter().max_by(|a, b| share(a).total_cmp(&share(b)))?;
    let title = match arms {
        [only] => format!("Within {within} users hear of {} of the mail", heard(only)),
        [first, ..] if first.label == most.label => {
            format!(
                "Within {within} users hear of {} of the mail with {}, of no more with another",
                heard(first),
                first.label
            )
        }
        [first, ..] => format!(
            "Within {within} users hear of {} of the mail with {}, of {} with {}",
            heard(first),
            first.label,
            heard(most),
            most.label
        ),
        [] => return None,
    };
    let subtitle = format!("Mail signalled or told{}, with or without content; {}", scope(arms), span(arms));
    let curves = arms.iter().map(|arm| curve_of(arm.label, arm.figures, heard_of)).collect();
    Some(Signalled { heading: Heading { title, subtitle }, arms: curves })
}

/// Devices and days, in words.
fn span(arms: &[Arm<'_>]) -> String {
    let Some(first) = arms.first() else { return String::new() };
    let same = if arms.len() > 1 { "the same " } else { "" };
    format!("{same}{} over {}", devices(first.devices), duration(first.scenario.measured()))
}

/// Where the time went.
fn causes(arms: &[Arm<'_>]) -> Causes {
    let subtitle = format!("Mean wait of told mail{}, by what stood in the way; {}", scope(arms), span(arms));
    let part = |arm: &Arm<'_>, cause: DelayCause| Part {
        cause,
        seconds: arm.figures.value(Figure::DelayCause(cause)).unwrap_or(0.0),
    };
    let bar = |arm: &Arm<'_>| Bar {
        label: arm.label.into(),
        parts: DelayCause::ALL.into_iter().map(|cause| part(arm, cause)).collect(),
    };
    Causes {
        heading: Heading { title: findings::causes(arms), subtitle },
        arms: arms.iter().map(bar).collect(),
    }
}

/// A percentile of latency by hour of the week.
fn waits_by_hour(arms: &[Arm<'_>], percentile: Percentile) -> Week {
    let reading = |hour: &Hour| match hour.waits.estimate().percentile(percentile.share) {
        _ if hour.mailed.devices() < FEWEST_CARRIERS => Reading::Nothing,
        Some(latency) => Reading::Value(latency.secs_f64()),
        None => Reading::Beyond,
    };
    let (name, scope) = (percentile.name, scope(arms));
    let subtitle =
        format!("{name} latency of mail{scope} by hour of arrival, {}; {}", local_time(arms), span(arms));
    let title = findings::waits(arms, percentile);
    let panels = panels(arms, reading);
    Week { heading: Heading { title, subtitle }, measure: Measure::Seconds, nothing: too_few(scope), panels }
}

/// Of two arms, how much more of the mail of each hour of the week the other tells in time.
fn change_by_hour(arms: &[Arm<'_>], moves: &[Moves]) -> Option<Week> {
    let ([_, other], [moves]) = (arms, moves) else { return None };
    if !findings::same_mail(arms) {
        return None;
    }
    let told = |hour: &RatioSums| match hour.ratio().filter(|_| hour.devices() >= FEWEST_CARRIERS) {
        Some(ratio) => Reading::Value(ratio),
        None => Reading::Nothing,
    };
    let ends = |hour: &RatioSums| hour.interval().map(|interval| [interval.low, interval.high]);
    let panel = Panel {
        label: other.label.into(),
        cells: moves.week.iter().map(told).collect(),
        ends: moves.week.iter().map(ends).collect(),
    };
    let scope = scope(arms);
    let subtitle = format!(
        "Told within {}{scope}, change in points by hour of arrival, {}; {}",
        short_duration(IN_TIME),
        local_time(arms),
        span(arms)
    );
    let heading = Heading { title: findings::change(other.label, &moves.week), subtitle };
    Some(Week { heading, measure: Measure::Change, nothing: too_few(scope), panels: vec![panel] })
}

/// Why there may be nothing to say of the mail of an hour.
fn too_few(scope: &str) -> String {
    let mail = if scope.is_empty() { "mail" } else { "mail in working hours" };
    format!("fewer than {FEWEST_CARRIERS} devices have {mail}")
}

/// Which share of the background checks could not look for mail, by hour of the week.
fn checks_by_hour(arms: &[Arm<'_>]) -> Week {
    let failed = |hour: &Hour| -> u64 {
        let results = ResultKind::ALL.into_iter().filter(|result| !result.looked());
        results.map(|result| hour.checks[result as usize]).sum()
    };
    let reading = |hour: &Hour| match hour.checked.devices() {
        few if few < FEWEST_CARRIERS => Reading::Nothing,
        _ => Reading::Value(failed(hour) as f64 / hour.checks.iter().sum::<u64>() as f64),
    };
    let in_vain = |arm: &Arm<'_>| {
        let all: u64 = arm.week.hours.iter().flat_map(|hour| hour.checks).sum();
        let failed: u64 = arm.week.hours.iter().map(failed).sum();
        (all > 0).then(|| failed as f64 / all as f64)
    };
    let title = findings::checks(arms, in_vain);
    let (time, span) = (local_time(arms), span(arms));
    let subtitle = format!("Share of background checks without key or network, or cut short, {time}; {span}");
    let (nothing, panels) = (format!("fewer than {FEWEST_CARRIERS} devices checked"), panels(arms, reading));
    Week { heading: Heading { title, subtitle }, measure: Measure::Share, nothing, panels }
}

fn panels(arms: &[Arm<'_>], reading: impl Fn(&Hour) -> Reading) -> Vec<Panel> {
    let panel = |arm: &Arm<'_>| Panel {
        label: arm.label.into(),
        cells: arm.week.hours.iter().map(&reading).collect(),
        ends: Vec::new(),
    };
    arms.iter().map(panel).collect()
}

fn local_time(arms: &[Arm<'_>]) -> String {
    format!("local time ({})", arms.first().map_or("UTC", |arm| arm.scenario.time_zone()))
}

/// What sooner costs: hours a day that the key can be had while the device is locked.
fn price(arms: &[Arm<'_>]) -> Price {
    let estimate = |arm: &Arm<'_>, figure| Estimate::of(arm.figures, figure);
    // A price that nobody pays is not named.
    let price = |arm: &Arm<'_>, figure| estimate(arm, figure).known().filter(|share| *share > 0.0);
    let offer = |arm: &Arm<'_>| Offer {
        label: arm.label.into(),
        exposure_h_per_day: estimate(arm, Figure::Exposure(Reach::InReach)),
        latency_s: estimate(arm, Figure::MEDIAN),
        server_reads_mail: price(arm, Figure::ServerReads),
        key_leaves_device: price(arm, Figure::KeyLeaves),
    };
    let subtitle = format!(
        "Hours a day in which the key can be had while the device is locked, against median latency; {}",
        span(arms)
    );
    let title = "What does sooner cost?".into();
    Price { heading: Heading { title, subtitle }, arms: arms.iter().map(offer).collect() }
}

/// What each of many arms does, and what that is paid with.
fn abreast(arms: &[Arm<'_>]) -> Abreast {
    let pushes = arms.iter().any(|arm| arm.scenario.pushes());
    let lane = |arm: &Arm<'_>| {
        // As tables have it: what is rounded once more here could come out another.
        let value = |figure| arm.figures.value(figure).map(rounded);
        let untold = Figure::Outcomes(Outcome::Undelivered);
        let mut prices = Figure::prices();
        // The whole of the time that a key is in reach stands for its parts.
        prices.retain(|figure| !matches!(figure, Figure::Exposure(Reach::Readable | Reach::InMemory)));
        // What rounds to nothing is no price.
        let is_paid = |figure: &Figure| !figure::value(*figure, value(*figure)).starts_with("0 ");
        let price = |figure: Figure| match figure {
            // Of all devices or of none it is a property, and else a share.
            Figure::ServerReads | Figure::KeyLeaves if value(figure) == Some(1.0) => figure::name(figure),
            _ => format!("{} {}", figure::name(figure), figure::value(figure, value(figure))),
        };
        Lane {
            label: arm.label.into(),
            signalled: pushes.then(|| value(Figure::HEARD)).flatten(),
            told: Estimate::of(arm.figures, Figure::FIRST),
            never: arm.figures.replicates.all.share(untold, Figure::Arrived),
            prices: prices.into_iter().filter(is_paid).map(price).collect(),
        }
    };
    let heading = Heading {
        title: "What is heard, what is told, and what that costs".into(),
        subtitle: format!("Share of the mail{}; {}", scope(arms), span(arms)),
    };
    Abreast { heading, arms: arms.iter().map(lane).collect() }
}
