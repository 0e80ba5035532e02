//! Power as recorded: what was known is met to the millisecond, and nothing else moves it.

use crate::common::{observe, scenario};
use crate::worlds::policies;
use bgsim::clock::{time_zone, utc};
use bgsim::engine::Engine;
use bgsim::experiment::build;
use bgsim::scenario::Scenario;
use bgsim::signal::{Battery, Facts, Signal, Termination};
use bgsim::time::{Span, Time};
use bgsim::trace::{Align, PowerColumns, Reading, Traces, read_power};
use proptest::prelude::*;
use std::collections::BTreeSet;

const PERCENT: u64 = Battery::FULL / 100;

/// A scenario whose power is a record as it stands, and what was said of that.
fn followed(text: &str, sets: &[&str], record: &str) -> (Scenario, Vec<String>) {
    let text = format!("{text}\n[power]\nmodel = 'trace'\nfile = 'power.csv'\nalign = 'none'\n");
    let mut scenario = scenario(&text, sets);
    let zone = time_zone(scenario.time_zone()).unwrap();
    let reading = Reading { zone, ..Reading::new("power.csv", Align::None, &scenario.clock, scenario.end) };
    let (batteries, notes) = read_power(record.as_bytes(), &PowerColumns::default(), &reading).unwrap();
    scenario.follow(&Traces { batteries: batteries.into(), ..Traces::default() });
    (scenario, notes)
}

const UTC: &str = "extends = 'device-keychain'\ndevices = 4\nwarmup = '0s'\nmeasure = '3d'\ntime_zone = 'UTC'\n\
                   start = '2026-03-02T00:00'\n";

/// What was said of power, with the charge at that moment.
fn told(scenario: &Scenario, device: u32) -> Vec<(Time, Signal, u64)> {
    let mut told = Vec::new();
    observe(scenario, device, |now, signal, facts: &Facts| match signal {
        Signal::Battery(_)
        | Signal::PluggedIn
        | Signal::Unplugged
        | Signal::LowPowerMode(_)
        | Signal::BatteryEmpty
        | Signal::PoweredOff => told.push((now, signal, facts.charge(now))),
        _ => {}
    });
    told
}

fn origin(scenario: &Scenario) -> Facts {
    build(scenario, 0, Engine::Fast).1.facts.clone()
}

fn hours(ms: u64) -> Time {
    Time::ORIGIN + Span::from_ms(ms)
}

/// From 90 % down by 9 % an hour, which are whole parts of the battery each millisecond.
const FALLS: &str =
    "at,percent,charger\n2026-03-02 00:00,90,no\n2026-03-02 10:00,0,no\n2026-03-04 23:00,0,no\n";

#[test]
fn levels_between_two_rows_are_told_when_they_are_crossed() {
    let sets = ["fleet=[{ low_power_accept = 1.0, adaptive_power = 0.0, low_power_always = 0.0 }]"];
    let (scenario, notes) = followed(UTC, &sets, FALLS);
    assert!(notes.is_empty(), "{notes:?}");
    let told = told(&scenario, 0);
    let at = |level: u64| hours((90 - level) * 400_000 + 1);
    let lines: Vec<Time> =
        told.iter().filter(|(_, said, _)| matches!(said, Signal::Battery(_))).map(|(now, ..)| *now).collect();
    // What is low is below its level; at 0 % nothing is crossed any more, and a record switches nobody off.
    assert_eq!(lines, [at(80), at(30), at(20), at(10), hours(36_000_000)]);
    let modes: Vec<_> = told.iter().filter(|(_, said, _)| !matches!(said, Signal::Battery(_))).collect();
    assert_eq!(modes, [&(at(20), Signal::LowPowerMode(true), 20 * PERCENT - 25_000)]);
    assert_eq!(told.last().unwrap().2, 0);
}

#[test]
fn low_power_mode_is_that_of_the_record_unless_the_scenario_says_it() {
    let record =
        FALLS.replace("charger\n", "charger,low_power_mode\n").replace("00:00,90,no", "00:00,90,no,no");
    let record = record.replace("10:00,0,no", "10:00,0,no,yes").replace("23:00,0,no", "23:00,0,no,no");
    let modes = |sets: &[&str]| {
        let (scenario, _) = followed(UTC, sets, &record);
        let said = told(&scenario, 1).into_iter().filter_map(|(now, said, _)| match said {
            Signal::LowPowerMode(on) => Some((now, on)),
            _ => None,
        });
        (origin(&scenario).low_power_mode, said.collect::<Vec<_>>())
    };
    let day = Span::DAY * 2 + Span::HOUR * 23;
    let recorded = (false, vec![(hours(36_000_000), true), (Time::ORIGIN + day, false)]);
    let habits = "fleet=[{ low_power_accept = 1.0, low_power_always = 1.0 }]";
    assert_eq!(modes(&[habits]), recorded, "no habit of the persona counts beside the record");
    assert_eq!(modes(&["power.low_power_mode=on"]), (true, vec![]));
    assert_eq!(modes(&["power.low_power_mode=off"]), (false, vec![]));
}

#[test]
fn an_origin_between_two_rows_lies_on_the_line_between_them() {
    let record =
        "at,percent,charger\n2026-03-01 18:00,100,yes\n2026-03-02 06:00,40,no\n2026-03-02 20:00,26,no\n";
    let (scenario, notes) = followed(UTC, &[], record);
    let facts = origin(&scenario);
    assert_eq!((facts.battery.charge, facts.plugged_in), (70 * PERCENT, true));
    assert_eq!(notes, ["power.csv: dropped 1 row that lie before the origin"]);
    let told = told(&scenario, 0);
    assert!(told.iter().any(|told| *told == (hours(6 * 3_600_000), Signal::Unplugged, 40 * PERCENT)
        || told.0 == hours(6 * 3_600_000) && told.1 == Signal::Unplugged));

    // A record of the day after is lived on the day before, too: at noon it is half way.
    let later = "at,percent,charger,low_power_mode\n2026-03-03 06:00,90,no,yes\n2026-03-03 18:00,36,yes,no\n";
    let (scenario, notes) = followed(UTC, &["start=2026-03-02T12:00"], later);
    let facts = origin(&scenario);
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!((facts.battery.charge, facts.plugged_in, facts.low_power_mode), (63 * PERCENT, false, true));
    // After its last row it holds.
    let (scenario, _) = followed(UTC, &["start=2026-03-02T20:00"], later);
    let facts = origin(&scenario);
    assert_eq!(
        (facts.battery, facts.plugged_in, facts.low_power_mode),
        (Battery { charge: 36 * PERCENT, in_hand: 0, idle: 0 }, true, false)
    );
}

/// What the horizon cuts goes on in its line.
#[test]
fn a_record_that_goes_on_after_the_horizon_does_not_stop_before_it() {
    let record = "at,percent,charger\n2026-03-02 00:00,100,no\n2026-03-08 00:00,40,no\n";
    let (scenario, notes) = followed(UTC, &[], record);
    assert!(notes[0].contains("after the horizon"), "{notes:?}");
    let mut last = 0;
    observe(&scenario, 0, |now, _, facts| {
        let gone = now.since(Time::ORIGIN).ms() as f64 / Span::DAY.ms() as f64;
        assert!((Battery::percent(facts.charge(now)) - (100.0 - 10.0 * gone)).abs() < 0.01);
        last = now.ms();
    });
    assert!(last > Span::DAY.ms() * 5 / 2);
}

/// When each charger was connected and left, as the wall clock shows it, and the charge then.
fn charger(scenario: &Scenario) -> Vec<(String, bool, u64)> {
    let mut told = Vec::new();
    observe(scenario, 0, |now, signal, facts: &Facts| {
        let on = match signal {
            Signal::PluggedIn => true,
            Signal::Unplugged => false,
            _ => return,
        };
        told.push((
            scenario.clock.wall(now).strftime("%d %H:%M").to_string(),
            on,
            facts.charge(now) / PERCENT,
        ));
    });
    told
}

#[test]
fn a_day_is_repeated_at_the_times_of_the_wall_clock() {
    const BERLIN: &str = "extends = 'device-keychain'\nwarmup = '0s'\nmeasure = '3d'\ntime_zone = 'Europe/Berlin'\n\
                          start = '2026-03-28T00:00'\n";
    let record = "at,percent,charger\n28.03.2026 00:30,80,no\n28.03.2026 02:30,70,yes\n28.03.2026 03:10,75,yes\n\
                  28.03.2026 22:00,100,no\n";
    let (scenario, notes) = followed(BERLIN, &[], record);
    assert!(notes.is_empty(), "{notes:?}");
    let told = charger(&scenario);
    let expected = [
        ("28 02:30", true),
        ("28 22:00", false),
        ("29 03:30", true),
        ("29 22:00", false),
        ("30 02:30", true),
        ("30 22:00", false),
    ];
    assert_eq!(told.iter().map(|(at, on, _)| (at.as_str(), *on)).collect::<Vec<_>>(), expected);
    // What the skipped hour holds comes after what follows it, in the order of the record.
    let mut at_half_past = Vec::new();
    observe(&scenario, 0, |now, signal, facts: &Facts| {
        if let (Signal::Battery(_), "29 03:30") =
            (signal, &*scenario.clock.wall(now).strftime("%d %H:%M").to_string())
        {
            at_half_past.push(facts.charge(now) / PERCENT);
        }
    });
    assert_eq!(at_half_past, [75]);

    // An hour that is shown twice is lived twice where the record has it, and once where it is repeated.
    let record =
        "at,percent,charger\n2026-10-25T00:10Z,50,yes\n2026-10-25T01:10Z,60,no\n2026-10-25T20:00Z,30,no\n";
    let (scenario, _) = followed(BERLIN, &["start=2026-10-24T00:00"], record);
    let own: Vec<(String, bool)> = {
        let mut told = Vec::new();
        observe(&scenario, 0, |now, signal, _: &Facts| match signal {
            Signal::PluggedIn => told.push((utc(scenario.clock.unix_ms(now)), true)),
            Signal::Unplugged => told.push((utc(scenario.clock.unix_ms(now)), false)),
            _ => {}
        });
        told
    };
    assert!(own.contains(&("2026-10-25T00:10:00.000Z".into(), true)), "{own:?}");
    assert!(own.contains(&("2026-10-25T01:10:00.000Z".into(), false)), "{own:?}");
}

/// The jump from the end of a repetition to the beginning of the next is told at once, and so is what it is below.
#[test]
fn a_charge_that_another_day_begins_with_is_told_with_its_row() {
    let record = "at,percent,charger,low_power_mode\n2026-03-02 06:00,15,no,no\n2026-03-02 18:00,90,yes,no\n";
    let (scenario, _) = followed(UTC, &[], record);
    let mut lows = BTreeSet::new();
    observe(&scenario, 0, |now, _, facts| {
        if facts.critically_low(now) {
            lows.insert(now.ms() / 3_600_000 % 24);
        }
    });
    // From 15 % to 20 % it takes 48 minutes.
    assert_eq!(lows, BTreeSet::from([6]));
    let morning = hours(30 * 3_600_000);
    let said: Vec<_> = told(&scenario, 0).into_iter().filter(|(now, ..)| *now == morning).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert_eq!((said[0].1, said[1].2), (Signal::Unplugged, 15 * PERCENT));
}

#[test]
fn a_low_charge_of_a_record_ends_a_suspended_client_too() {
    let record = "at,percent,charger\n2026-03-02 00:00,19,no\n2026-03-04 23:00,18,no\n";
    let ended = |rate: &str| {
        let (scenario, _) = followed(UTC, &[rate], record);
        let mut ended = 0;
        (0..4).for_each(|device| {
            observe(&scenario, device, |_, signal, _| {
                ended += u32::from(signal == Signal::Terminated(Termination::Power));
            });
        });
        ended
    };
    assert_eq!(ended("power.power_termination_per_hour=0"), 0);
    assert!(ended("power.power_termination_per_hour=2") > 20);
}

#[test]
fn phones_are_dealt_to_the_devices_in_turn() {
    let record = "device,at,percent,charger\na,2026-03-02 00:00,50,no\nb,2026-03-02 00:00,70,yes\na,2026-03-02 20:00,40,no\n";
    let (scenario, _) = followed(UTC, &["fleet=[{ persona = 'typical' }]"], record);
    let charges =
        (0..4).map(|device| build(&scenario, device, Engine::Fast).1.facts.battery.charge / PERCENT);
    let mut charges: Vec<u64> = charges.collect();
    charges.sort_unstable();
    assert_eq!(charges, [50, 50, 70, 70]);
}

/// What was known of two days of a phone, with all that may be said in them.
const LIVED: &str = "at,percent,charger,low_power_mode\n2026-03-02 00:00,60,yes,no\n2026-03-02 06:30,100,no,\n\
                     2026-03-02 17:00,21,,\n2026-03-02 18:10,,,yes\n2026-03-02 21:00,6,,\n2026-03-02 23:15,3,yes,\n\
                     2026-03-03 05:00,85,,no\n2026-03-03 07:00,100,no,\n2026-03-03 22:00,31,yes,\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_policy_moves_anything_of_a_record(policy in policies()) {
        let base = told(&followed(UTC, &[], LIVED).0, 2);
        prop_assert!(base.len() > 15, "{}", base.len());
        let (scenario, _) = followed(&format!("{UTC}{policy}"), &[], LIVED);
        for device in [1, 2] {
            prop_assert_eq!(&told(&scenario, device), &base);
        }
        prop_assert!(base.iter().all(|(_, said, _)| !matches!(said, Signal::BatteryEmpty | Signal::PoweredOff)));
    }
}

/// The public charge is that of each row when it begins.
#[test]
fn the_charge_is_that_of_each_row() {
    let (scenario, _) = followed(UTC, &[], LIVED);
    let rows =
        [(6.5, 100), (17.0, 21), (21.0, 6), (23.25, 3), (29.0, 85), (31.0, 100), (46.0, 31), (48.0, 60)];
    let told = told(&scenario, 0);
    for (hour, percent) in rows {
        let at = hours((hour * 3_600_000.0) as u64);
        let charge = told.iter().rfind(|(now, ..)| *now == at).map(|(.., charge)| *charge);
        assert_eq!(charge, Some(percent * PERCENT), "at {hour} h");
    }
}

#[test]
fn what_a_record_decides_is_refused_beside_it() {
    for (more, says) in [
        ("first_charge = 0.5", "`power.first_charge` has no meaning with `power.model = \"trace\"`"),
        ("seek_charger = false", "every other model has it; set one of those, or take the key out"),
    ] {
        let text = format!("{UTC}[power]\nmodel = 'trace'\nfile = 'power.csv'\n{more}\n");
        let source = bgsim::scenario::SourceText { label: "t.toml".into(), text: text.into() };
        let refused =
            bgsim::scenario::read(source, &[], &mut bgsim::scenario::fetch).unwrap_err().to_string();
        assert!(refused.contains(says), "{refused}");
    }
    let (scenario, _) = followed(UTC, &[], LIVED);
    let used: Vec<String> = scenario
        .numbers_in_use()
        .into_iter()
        .map(|(section, number)| format!("{section}.{}", number.key))
        .collect();
    for (key, is_used) in [
        ("power.power_termination_per_hour", true),
        ("power.critical_charge", true),
        ("power.seek_delay", false),
    ] {
        assert_eq!(used.iter().any(|used| used == key), is_used, "{key}");
    }
    let printed = scenario.effective();
    assert!(!printed.contains("first_charge") && printed.contains("critical_charge"), "{printed}");
}
