//! Results broken down, as small curves: a mean over a fleet is true of nobody in it.

use super::arm::Arm;
use super::charts::multiples::Small;
use super::charts::{Chart, Heading, Multiples};
use super::figure::{change, in_time};
use super::human::{NOT_REACHED, count, devices, listed, share, short_duration};
use super::labels::shortened;
use crate::comparison::{Comparison, PairedFigure, PartFound};
use crate::figure::Figure;
use crate::slice::{Breakdown, Dimension};
use crate::summary::Brief;

/// More small pictures than these are no longer read: of parts of the fleet, and of days, which are alike and whose
/// order helps (assumed).
const MOST: usize = 12;
const MOST_OF_TIME: usize = 42;

/// The bands of more arms than these would hide their curves (assumed).
const WITH_BANDS: usize = 3;

/// Behind the first chart, which is of the whole, those of its parts.
pub(super) fn with_parts(
    mut charts: Vec<(String, Chart)>,
    parts: Vec<(String, Chart)>,
) -> Vec<(String, Chart)> {
    let behind = charts.len().min(1);
    charts.splice(behind..behind, parts);
    charts
}

/// The curves of the slices of a run, each before that of all.
pub(super) fn run_charts(by: &[&Breakdown<Brief>], arm: &Arm<'_>) -> Vec<(String, Chart)> {
    let all = arm.figures.replicates.all.curve.curve(120);
    let chart = |by: &&Breakdown<Brief>| {
        let lived: Vec<Lived<'_, Brief>> = lived(by, |brief| brief.devices);
        let (drawn, left_out) = fitting(by.dimension, &lived, |brief| brief.devices);
        let small = |(name, brief): &Lived<'_, Brief>| Small {
            label: name.to_string(),
            size: size(by.dimension, brief.devices, brief.mails),
            note: note(brief),
            points: brief.curve.clone(),
            others: Vec::new(),
        };
        let panels: Vec<Small> = drawn.iter().map(small).collect();
        let subtitle =
            format!("{}; grey: all of {}", subtitle(&panels, arm.scenario.has_working_hours()), arm.label);
        let heading =
            Heading { title: format!("By {}: {}", by.dimension.words(), finding(&lived)), subtitle };
        let all = all.clone();
        let chart = Multiples { heading, arms: Vec::new(), all, panels, left_out, has_bands: true };
        Chart::from(chart).filed(Some(&which(by.dimension)))
    };
    by.iter().map(chart).collect()
}

/// The curves of the slices of a comparison, one for each arm.
pub(super) fn compare_charts(
    comparison: &Comparison,
    by: &[&Breakdown<PartFound>],
    same_mail: bool,
) -> Vec<(String, Chart)> {
    let arms: Vec<String> = comparison.arms.iter().map(|arm| arm.label.clone()).collect();
    let chart = |by: &&Breakdown<PartFound>| {
        let lived: Vec<Lived<'_, PartFound>> = lived(by, |part| part.devices);
        let (drawn, left_out) = fitting(by.dimension, &lived, |part| part.devices);
        let small = |(name, part): &Lived<'_, PartFound>| {
            let mut curves = part.curves.iter().cloned();
            Small {
                label: name.to_string(),
                size: size(by.dimension, part.devices, part.mails),
                note: told_in_each(part),
                points: curves.next().unwrap_or_default(),
                others: curves.collect(),
            }
        };
        let panels: Vec<Small> = drawn.iter().map(small).collect();
        let heading = Heading {
            title: format!("By {}: {}", by.dimension.words(), difference(&arms, &lived, same_mail)),
            subtitle: format!("{}; marks: when half is told", subtitle(&panels, comparison.has_hours())),
        };
        let has_bands = arms.len() <= WITH_BANDS;
        let chart = Multiples { heading, arms: arms.clone(), all: Vec::new(), panels, left_out, has_bands };
        Chart::from(chart).filed(Some(&which(by.dimension)))
    };
    by.iter().map(chart).collect()
}

/// A slice in which somebody is.
type Lived<'a, T> = (&'a str, &'a T);

fn lived<T>(by: &Breakdown<T>, devices: fn(&T) -> u64) -> Vec<Lived<'_, T>> {
    let slices = by.slices.iter().filter(|(_, of)| devices(of) > 0);
    slices.map(|(name, of)| (name.as_str(), of)).collect()
}

/// Those that are drawn, of parts of a fleet the largest, and the names of the others.
fn fitting<'a, T>(
    dimension: Dimension,
    lived: &[Lived<'a, T>],
    devices: fn(&T) -> u64,
) -> (Vec<Lived<'a, T>>, Vec<String>) {
    let mut order: Vec<usize> = (0..lived.len()).collect();
    let most = match dimension {
        Dimension::Of(_) => {
            order.sort_by_key(|place| std::cmp::Reverse(devices(lived[*place].1)));
            MOST
        }
        Dimension::Day | Dimension::Week | Dimension::Event => MOST_OF_TIME,
    };
    order.truncate(most);
    let (drawn, left_out): (Vec<_>, Vec<_>) =
        lived.iter().enumerate().partition(|(place, _)| order.contains(place));
    let name = |(_, (name, of)): (usize, &Lived<'a, T>)| format!("{name}\u{a0}({})", count(devices(of)));
    (drawn.into_iter().map(|(_, slice)| *slice).collect(), left_out.into_iter().map(name).collect())
}

/// How many a slice is: of the fleet its devices, of the time its mail, since every device is in it.
fn size(dimension: Dimension, many: u64, mails: u64) -> String {
    match dimension {
        Dimension::Of(_) => devices(many),
        _ => format!("{} {}", count(mails), if mails == 1 { "mail" } else { "mails" }),
    }
}

fn which(dimension: Dimension) -> String {
    dimension.name().replace('_', "")
}

fn subtitle(panels: &[Small], has_hours: bool) -> String {
    let curves = || panels.iter().flat_map(|panel| std::iter::once(&panel.points).chain(&panel.others));
    let has_band = curves().flatten().any(|point| point.low < point.high);
    let mail = if has_hours { "Mail in working hours" } else { "Mail" };
    format!("{mail} told within a time, Kaplan\u{2013}Meier{}", if has_band { ", 95 % band" } else { "" })
}

fn note(brief: &Brief) -> String {
    let half = brief.half_told().map_or(NOT_REACHED.into(), short_duration);
    match brief.told.value {
        Some(told) => format!("{} in {}, p50 {half}", share(Some(told)), in_time()),
        None => "no mail".into(),
    }
}

/// What is told soon in each arm, or in the first and the best of many.
fn told_in_each(part: &PartFound) -> String {
    let values = part.get(Figure::FIRST).map_or(&[][..], |found| &found.values);
    let known = || values.iter().flatten().copied();
    let said = |told: f64| share(Some(told));
    let best = known().max_by(f64::total_cmp);
    let in_time = in_time();
    match (values, best) {
        (_, None) => "no mail".into(),
        ([Some(first), Some(other)], _) => format!("{} → {} in {in_time}", said(*first), said(*other)),
        ([Some(first), _, _, _, ..], Some(best)) => {
            format!("{} in {in_time}, at best {}", said(*first), said(best))
        }
        _ => {
            format!("{} in {in_time}", listed(&values.iter().map(|told| share(*told)).collect::<Vec<_>>()))
        }
    }
}

/// The slices whose mail is told the least and the most.
fn finding(slices: &[Lived<'_, Brief>]) -> String {
    let known = || slices.iter().filter_map(|(name, brief)| Some((brief.told.value?, name)));
    let low = known().min_by(|a, b| a.0.total_cmp(&b.0));
    let high = known().max_by(|a, b| a.0.total_cmp(&b.0));
    match (low, high) {
        (Some((low, below)), Some((high, above))) if below != above => {
            let [below, above] = [below, above].map(|name| shortened(name, 18));
            let [low, high] = [low, high].map(|told| share(Some(told)));
            format!("told in {} from {low} ({below}) to {high} ({above})", in_time())
        }
        _ => ASKED.into(),
    }
}

const ASKED: &str = "how soon is mail told?";

/// Where two arms differ the least and the most, if that can be told apart and is over the same mail.
fn difference(arms: &[String], slices: &[Lived<'_, PartFound>], same_mail: bool) -> String {
    let [_, other] = arms else { return ASKED.into() };
    let of = |(name, part): &Lived<'_, PartFound>| {
        let found: &PairedFigure = part.get(Figure::FIRST)?;
        Some((found.difference[1]?, found.interval(1)?, shortened(name, 18)))
    };
    let known: Vec<_> = slices.iter().filter_map(of).collect();
    let low = known.iter().min_by(|a, b| a.0.total_cmp(&b.0));
    let high = known.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    match (low, high) {
        (Some((least, low, below)), Some((most, high, above))) if same_mail && low.high < high.low => {
            let [least, most] = [least, most].map(|found| change(Figure::FIRST, Some(*found)));
            format!("told in {} {least} ({below}) to {most} ({above}) with {other}", in_time())
        }
        _ => ASKED.into(),
    }
}
