//! Which part of a scenario is looked at: the measured span, or one day of it as the wall has it.

use super::{Timeline, timeline};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::persona::PersonaName;
use crate::scenario::Scenario;
use crate::time::{Span, Time};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// All that is measured.
pub fn measured(scenario: &Scenario) -> (Time, Time) {
    (scenario.start, scenario.end)
}

/// From midnight to midnight, which is 23 or 25 hours where the clock changes.
pub fn whole_day(clock: &Clock, at: Time) -> (Time, Time) {
    let day = clock.local(at).day;
    (clock.at(day, Span::ZERO), clock.at(day + 1, Span::ZERO))
}

/// The measured part of a day as a device has it.
///
/// # Errors
/// If nothing of it is measured.
pub fn day(scenario: &Scenario, device: u32, date: Date) -> Result<(Time, Time), String> {
    let clock = &scenario.clock_of(scenario.member(device));
    let (start, end) = measured(scenario);
    let noon = clock.from_wall(date.at(12, 0, 0, 0));
    let span = noon.map(|noon| whole_day(clock, noon)).map(|(from, to)| (from.max(start), to.min(end)));
    span.filter(|(from, to)| from < to).ok_or_else(|| {
        let (first, last) = (clock.wall(start).date(), clock.wall(end.back(Span::from_ms(1))).date());
        format!("nothing of {date} was measured; days go from {first} to {last}")
    })
}

/// The first whole day of a device that is measured, or where none is, what is measured of the first.
pub fn first_day(scenario: &Scenario, device: u32) -> (Time, Time) {
    let clock = &scenario.clock_of(scenario.member(device));
    let (start, end) = measured(scenario);
    let (midnight, next) = whole_day(clock, start);
    let whole = if midnight == start { (midnight, next) } else { whole_day(clock, next) };
    if whole.1 <= end { whole } else { (start, next.min(end)) }
}

/// The first whole day of the first device that has the persona most devices have; in a small fleet nobody
/// may have it, and the first device serves.
pub fn typical_day(scenario: &Scenario, engine: Engine) -> Option<Timeline> {
    let mut weights: BTreeMap<PersonaName, u128> = BTreeMap::new();
    for group in &scenario.fleet.groups {
        *weights.entry(group.entry.persona).or_default() += u128::from(group.weight);
    }
    let commonest = weights.into_iter().reduce(|most, other| if other.1 > most.1 { other } else { most })?.0;
    let is_common = |device: &u32| scenario.group_of(*device).entry.persona == commonest;
    let device = (0..scenario.devices).find(is_common).unwrap_or(0);
    timeline(scenario, device, first_day(scenario, device), engine).ok()
}
