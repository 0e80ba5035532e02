//! Findings about lengths, numbers and the fleet.

use super::{Look, codes};
use crate::clock::{Ambiguous, Weekday, ambiguous, time_zone};
use crate::event::At;
use crate::scenario::{Group, Scenario, numbers, within};
use crate::time::Span;
use crate::units::in_unit;
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use toml::Value;

/// History from which the system predicts use of the device (iOS 18.2, reverse-engineered).
const LEAST_HISTORY: Span = Span::from_ms(3 * Span::DAY.ms());

pub(super) fn look(look: &mut Look<'_>) {
    slot(look);
    habits(look);
    hours(look);
}

/// What does not go by what a device's settings are.
pub(super) fn look_at_all(look: &mut Look<'_>) {
    weeks(look);
    start(look);
    events(look);
    fleet(look);
    ranges(look);
}

fn slot(look: &mut Look<'_>) {
    let sections = &look.variant.sections;
    let (check, slot) = (sections.client.check_duration, sections.scheduler.runtime);
    if check > slot && look.model("scheduler") != "never" {
        let reason = format!("a refresh may run {slot}, so every background check expires before it tells");
        let help = format!("set `client.check_duration` to {slot} or less");
        let message = format!("a check takes {check}");
        look.find(&codes::check_longer_than_slot, "client.check_duration", message, reason, help);
    }
}

fn habits(look: &mut Look<'_>) {
    let warmup = look.scenario.start - crate::time::Time::ORIGIN;
    let learns = look.model("scheduler") == "das" && look.variant.sections.habits.learn;
    if learns && warmup < LEAST_HISTORY {
        let reason = "the scheduler gives a new phone fewer wakes until it has seen its user for some days, \
                      so the first days of the result are those of a new phone";
        let help = "set `warmup = \"14d\"`, or keep it if a new phone is the question";
        let message = format!("the phone learns for {warmup} only");
        look.find(&codes::no_measured_habits, "warmup", message, reason, help);
    }
}

fn weeks(look: &mut Look<'_>) {
    const WEEK: u64 = 7 * Span::DAY.ms();
    let measured = look.scenario.measured();
    if !measured.ms().is_multiple_of(WEEK) {
        let reason = "some days of the week count more often than others, and people and mail differ by day";
        let weeks = measured.ms().div_ceil(WEEK);
        let help = format!(
            "set `measure = \"{}\"`, or keep it if those days are the question",
            Span::from_ms(weeks * WEEK)
        );
        let message = format!("{measured} are measured, which are not whole weeks");
        look.find(&codes::part_of_a_week, "measure", message, reason, help);
    }
}

fn start(look: &mut Look<'_>) {
    let file = &look.scenario.file;
    if let Some((message, becomes)) = unclear(file.start, &file.time_zone) {
        let help = "begin at another hour, or keep it if that is meant";
        look.find(&codes::start_ambiguous, "start", message, becomes, help);
    }
}

/// Events that begin by the clocks of groups.
fn events(look: &mut Look<'_>) {
    let scenario = look.scenario;
    for (index, entry) in scenario.file.event.iter().enumerate() {
        let Some(At::Wall(at)) = entry.at else { continue };
        let concerns = |group: &&Group| entry.groups.is_empty() || entry.groups.contains(&group.name);
        for zone in zones(scenario, scenario.fleet.groups.iter().filter(concerns)) {
            let Some((message, becomes)) = unclear(at, zone) else { continue };
            let help = "write another hour, one instant (with `Z` or an offset), or keep it if that is meant";
            look.find(&codes::time_ambiguous, &format!("event[{index}].at"), message, becomes, help);
        }
    }
}

/// Working hours that begin or end, on a date that is measured, when clocks change.
fn hours(look: &mut Look<'_>) {
    let (scenario, variant) = (look.scenario, look.variant);
    let Some(hours) = variant.policy.working_hours.filter(|hours| !hours.is_always()) else { return };
    let groups = scenario.fleet.groups.iter().enumerate();
    let has_them = |place: usize, group: &Group| variant.group.map_or(!group.has_own(), |own| own == place);
    let groups = groups.filter(|(place, group)| has_them(*place, group)).map(|(_, group)| group);
    let zones = match hours.zone() {
        zone if zone.is_device() => zones(scenario, groups),
        zone => BTreeSet::from([zone.name()]),
    };
    for name in zones {
        for date in changes(scenario, name) {
            let weekday = Weekday::new(date.weekday().to_monday_zero_offset() as u8);
            for turn in hours.turns(weekday) {
                let at = date.at(0, 0, 0, 0) + SignedDuration::from_millis(turn.dial().ms() as i64);
                let Some((message, _)) = unclear(at, name) else { continue };
                let reason = "working hours go by what clocks show: they lack what is skipped, and begin and end \
                              again where it is shown again";
                let help =
                    "let them begin and end at hours that every day has, or keep them if that is meant";
                look.find(&codes::time_ambiguous, "policy.working_hours", message, reason, help);
            }
        }
    }
}

/// The dates that are measured on which the clocks of a zone skip times or show them twice.
fn changes(scenario: &Scenario, zone: &str) -> BTreeSet<Date> {
    let instant = |at| Timestamp::from_millisecond(scenario.clock.unix_ms(at)).ok();
    let span = instant(scenario.start).zip(instant(scenario.end)).zip(time_zone(zone).ok());
    span.map_or_else(BTreeSet::new, |((start, end), zone)| {
        let instants = zone.following(start).map(|change| change.timestamp());
        // At midnight it may be either day's.
        let dates =
            |at: Timestamp| [at - SignedDuration::from_millis(1), at].map(|at| zone.to_datetime(at).date());
        instants.take_while(|at| *at < end).flat_map(dates).collect()
    })
}

/// The time zones of groups.
fn zones<'a>(scenario: &'a Scenario, groups: impl Iterator<Item = &'a Group>) -> BTreeSet<&'a str> {
    let all = scenario.file.time_zone.as_str();
    groups.map(|group| group.entry.time_zone.as_deref().unwrap_or(all)).collect()
}

/// What the clocks of a zone make of a time that they skip or show twice, and what it is taken for.
fn unclear(at: DateTime, zone: &str) -> Option<(String, String)> {
    Some(match ambiguous(at, &time_zone(zone).ok()?)? {
        Ambiguous::Skipped(by) => {
            (format!("no clock in {zone} shows {at}"), format!("it is moved on by {by}"))
        }
        Ambiguous::Twice => {
            (format!("clocks in {zone} show {at} twice"), "the first of the two is meant".into())
        }
    })
}

fn fleet(look: &mut Look<'_>) {
    let scenario = look.scenario;
    let sizes = scenario.sizes(scenario.devices);
    for (index, (group, members)) in scenario.fleet.groups.iter().zip(sizes).enumerate() {
        if members == 0 {
            let (reason, help) = match group.weight {
                0 => ("its weight is 0".into(), "give it a weight, or delete it"),
                _ => (format!("its share of {} devices is less than one", scenario.devices), "add devices"),
            };
            let message = format!("no device is in group {} (`{}`)", index + 1, group.name);
            look.find(&codes::fleet_row_unused, &format!("fleet[{index}].weight"), message, reason, help);
        }
    }
}

/// Numbers that somebody wrote, and each of a mix, against the ranges that `bgsim assumptions` shows.
fn ranges(look: &mut Look<'_>) {
    let scenario = look.scenario;
    let config = scenario.file_config();
    let sizes = scenario.sizes(scenario.devices);
    let all = sizes.iter().sum::<u64>().max(1) as f64;
    for (section, number) in numbers() {
        // A group may have rows of its persona and settings of its own; what is for all stands behind them.
        let of_group = |row: usize| match section {
            "fleet" => (row, format!("fleet[{row}].{}", number.key)),
            _ => (row, format!("fleet[{row}].{section}.{}", number.key)),
        };
        let of_all = (sizes.len(), format!("{section}.{}", number.key));
        let keys: Vec<(usize, String)> = (0..sizes.len()).map(of_group).chain([of_all]).collect();
        for (row, key) in keys.into_iter().filter(|(_, key)| look.written.has(key)) {
            let block = config.get("fleet").and_then(|rows| rows.get(row)?.as_table());
            let (value, share) = match (section, block) {
                ("fleet", Some(rows)) => (rows.get(number.key), sizes[row] as f64 / all),
                (_, Some(own)) => (within(own, section, number.key), sizes[row] as f64 / all),
                _ => (within(&config, section, number.key), 1.0),
            };
            let values = value.map_or_else(Vec::new, |value| each(value, share));
            for (value, share) in values {
                let Some(amount) = in_unit(&value, number.unit) else { continue };
                if !(number.range.0..=number.range.1).contains(&amount) {
                    look.share = share;
                    let (amount, plausible) = (number.in_unit(amount), number.plausible());
                    let message = format!("`{key}` is {amount}; {plausible} is plausible");
                    let reason = format!("{}: {}", number.tag.name(), number.source());
                    let help = "nothing, if the extreme is the question";
                    look.find(&codes::outside_plausible_range, &key, message, reason, help);
                }
            }
        }
    }
}

/// A value that a share of the devices has, or each of a mix of them; numbers are names there.
fn each(value: &Value, share: f64) -> Vec<(Value, f64)> {
    let Value::Table(mix) = value else { return vec![(value.clone(), share)] };
    let named = |name: &String| name.parse().map_or_else(|_| name.as_str().into(), Value::Float);
    mix.iter().map(|(name, part)| (named(name), share * part.as_float().unwrap_or(1.0))).collect()
}
