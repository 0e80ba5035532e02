//! Power on its own: a scripted user and the power model.

use crate::alone::{Script, persona};
use bgsim::device::Power;
use bgsim::engine::{Model, Observer};
use bgsim::persona::{Persona, PersonaName};
use bgsim::random::{RngExt, Streams};
use bgsim::signal::{Battery, Facts, Process, Reason, ScreenOff, Signal, Termination};
use bgsim::time::{Span, Time};
use bgsim::units::Share;

type Config = <Power as Model>::Config;

const PERCENT: u64 = Battery::FULL / 100;

/// What was said, when, and the charge at that moment.
#[derive(Default)]
struct Record(Vec<(Time, Signal, u64)>);

impl Observer for Record {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        self.0.push((now, signal, facts.charge(now)));
    }
}

impl Record {
    fn times(&self, wanted: impl Fn(Signal) -> bool) -> Vec<Time> {
        self.0.iter().filter(|(_, signal, _)| wanted(*signal)).map(|(now, ..)| *now).collect()
    }

    fn charger(&self) -> Vec<(Time, Signal)> {
        let of_charger = |signal: &Signal| matches!(signal, Signal::PluggedIn | Signal::Unplugged);
        self.0.iter().filter(|(_, s, _)| of_charger(s)).map(|(now, s, _)| (*now, *s)).collect()
    }
}

fn config(text: &str) -> Config {
    toml::from_str(text).unwrap()
}

/// Runs a device and gives its public state at the origin.
fn simulate<S: Observer>(
    config: &Config,
    persona: &Persona,
    device: u32,
    script: Script,
    days: u64,
    sink: &mut S,
) -> Facts {
    crate::alone::simulate::<Power, S>(config, persona, device, script, days, |_, _| {}, sink)
}

/// A plain user: sessions and glances at random between 07:00 and 23:00.
fn user(persona: &Persona, device: u32, days: u64) -> Script {
    let mut rng = Streams::new(9, "typical", device).stream("plain user");
    let mut script = Vec::new();
    for day in 0..days {
        let mut starts: Vec<u64> =
            (0..persona.unlocks_per_day as u64).map(|_| rng.random_range(7 * 3600..23 * 3600)).collect();
        starts.sort_unstable();
        let mut now = Time::ORIGIN;
        for start in starts {
            now = now.max(Time::ORIGIN + Span::DAY * day + Span::from_secs(start));
            script.push((now, Signal::Glanced(Span::from_secs(5))));
            now = now + Span::from_secs(30);
            script.push((now, Signal::PickedUp(Reason::Own)));
            now = now + Span::from_secs(rng.random_range(10..210));
            script.push((now, Signal::PutDown(ScreenOff::SideButton)));
        }
    }
    script
}

/// A user who never charges by habit and never touches the phone, which drains at this rate an hour.
fn never_charges(drain: f64, accept: f64) -> Persona {
    Persona {
        overnight_charge: Share::new(0.0),
        top_ups_per_day: 0.0,
        drain_idle: Share::new(drain),
        low_power_accept: Share::new(accept),
        ..persona(PersonaName::Typical)
    }
}

#[test]
fn fact_low_power_mode_is_offered_at_20_and_10_per_cent_and_ends_at_80() {
    let quiet = config("seek_charger = false");
    let mut record = Record::default();
    simulate(&quiet, &never_charges(0.1, 1.0), 0, vec![], 1, &mut record);
    let on: Vec<_> = record.0.iter().filter(|(_, s, _)| *s == Signal::LowPowerMode(true)).collect();
    assert_eq!(on.len(), 1);
    assert!((20 * PERCENT).abs_diff(on[0].2) < PERCENT / 1000, "accepted at the first prompt");

    let mut later = 0;
    for device in 0..200 {
        let mut record = Record::default();
        simulate(&quiet, &never_charges(0.1, 0.5), device, vec![], 1, &mut record);
        let charges: Vec<u64> =
            record.0.iter().filter(|(_, s, _)| *s == Signal::LowPowerMode(true)).map(|(.., c)| *c).collect();
        for charge in &charges {
            let near = |percent: u64| (percent * PERCENT).abs_diff(*charge) < PERCENT / 1000;
            assert!(near(20) || near(10));
            later += u32::from(near(10));
        }
    }
    assert!((30..70).contains(&later), "a quarter accepts only at 10 %: {later} of 200");

    let night = Persona { overnight_charge: Share::new(1.0), ..never_charges(0.05, 1.0) };
    let mut record = Record::default();
    simulate(&quiet, &night, 0, vec![], 10, &mut record);
    let off: Vec<_> = record.0.iter().filter(|(_, s, _)| *s == Signal::LowPowerMode(false)).collect();
    assert!(!off.is_empty());
    assert!(off.iter().all(|(.., charge)| (80 * PERCENT..81 * PERCENT).contains(charge)));
}

#[test]
fn forced_low_power_mode_holds_from_the_origin_and_never_changes() {
    for (setting, on) in [("on", true), ("off", false)] {
        for model in ["battery", "always_charged"] {
            let config = config(&format!("model = '{model}'\nlow_power_mode = '{setting}'"));
            let mut record = Record::default();
            let origin = simulate(&config, &never_charges(0.1, 1.0), 0, vec![], 5, &mut record);
            assert_eq!(origin.low_power_mode, on);
            assert!(record.times(|signal| matches!(signal, Signal::LowPowerMode(_))).is_empty());
        }
    }
}

#[test]
fn always_charged_is_full_and_silent() {
    let phone = persona(PersonaName::Heavy);
    let mut record = Record::default();
    let origin = simulate(&config("model = 'always_charged'"), &phone, 0, vec![], 20, &mut record);
    assert!(origin.plugged_in && !origin.low_power_mode);
    assert_eq!(origin.battery, Battery::ALWAYS_FULL);
    assert!(record.0.is_empty());
}

/// The charge never jumps but for glances, stays in range, and each level is met exactly.
#[test]
fn the_charge_stays_between_empty_and_full_and_meets_every_level() {
    struct Watch {
        last: (Time, Battery, bool),
        lowest: u64,
        highest: u64,
    }
    impl Observer for Watch {
        fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
            let charge = facts.charge(now);
            assert!(charge <= Battery::FULL);
            let (since, line, in_hand) = self.last;
            let expected = line.after(now.since(since).ms(), in_hand);
            match signal {
                Signal::Glanced(_) => assert!(charge <= expected && expected - charge < PERCENT),
                _ => assert_eq!(charge, expected, "only glances jump"),
            }
            let step = line.slope(in_hand).unsigned_abs();
            for level in [0, 10, 20, 30, 80, 100].map(|percent| percent * PERCENT) {
                // Between two signals the line passes no level by more than one step.
                let (low, high) = (line.charge.min(expected), line.charge.max(expected));
                assert!(low + step >= level || level + step >= high, "{level} was passed in silence");
            }
            self.lowest = self.lowest.min(charge);
            self.highest = self.highest.max(charge);
            self.last = (facts.battery_at, facts.battery, facts.in_hand);
        }
    }
    let (mut lowest, mut highest) = (u64::MAX, 0);
    for name in PersonaName::ALL {
        for (device, seek) in [(0, true), (1, false), (2, false)] {
            let person =
                Persona { overnight_charge: Share::new(0.5), drain_on: Share::new(0.3), ..persona(name) };
            let config = config(&format!("seek_charger = {seek}"));
            // The line at the origin is public without having been said.
            let origin = simulate(&config, &person, device, vec![], 0, &mut ());
            let mut watch =
                Watch { last: (Time::ORIGIN, origin.battery, false), lowest: u64::MAX, highest: 0 };
            simulate(&config, &person, device, user(&person, device, 365), 365, &mut watch);
            lowest = lowest.min(watch.lowest);
            highest = highest.max(watch.highest);
        }
    }
    assert_eq!((lowest, highest), (0, Battery::FULL), "long runs touch both ends");
}

#[test]
fn charging_is_fast_to_80_per_cent_and_tapers_above() {
    let night =
        Persona { overnight_charge: Share::new(1.0), top_ups_per_day: 0.0, ..persona(PersonaName::Typical) };
    // The origin is at midnight, for most within a night on the charger.
    let night = |device| {
        let mut record = Record::default();
        let origin = simulate(&config("first_charge = 0.3"), &night, device, vec![], 1, &mut record);
        origin.plugged_in.then_some((origin, record))
    };
    let (origin, record) = (0..20).find_map(night).unwrap();
    let per_minute = |line: Battery| line.idle as f64 * 60_000.0 / PERCENT as f64;
    let mut rates = vec![(30, per_minute(origin.battery))];
    rates.extend(record.0.iter().filter_map(|(_, signal, charge)| match signal {
        Signal::Battery(line) => Some((charge / PERCENT, per_minute(*line))),
        _ => None,
    }));
    // A rate that is said again is no other.
    rates.dedup_by(|(_, next), (_, rate)| next == rate);
    println!("charge in % and rate in %/min: {rates:.3?}");
    let expected = [(30, 1.3), (80, 0.5), (95, 0.2), (100, 0.0)];
    for ((charge, rate), (level, wanted)) in rates.iter().zip(expected) {
        assert!(*charge == level && (rate - wanted).abs() < 1e-3);
    }
}

#[test]
fn the_share_of_nights_on_the_charger_is_the_personas() {
    for (name, share) in [
        (PersonaName::Light, 0.80),
        (PersonaName::Typical, 0.90),
        (PersonaName::Heavy, 0.95),
        (PersonaName::NightWorker, 0.90),
    ] {
        let person = Persona { top_ups_per_day: 0.0, ..persona(name) };
        // In the middle of the usual night, local time.
        let middle = if name == PersonaName::NightWorker { 15 } else { 3 };
        let (mut plugged, mut nights) = (0, 0);
        for device in 0..20 {
            let mut record = Record::default();
            let origin = simulate(&config("seek_charger = false"), &person, device, vec![], 100, &mut record);
            let changes = record.charger();
            for day in 1..100 {
                let at = Time::ORIGIN + Span::DAY * day + Span::HOUR * middle;
                let last = changes.iter().rev().find(|(time, _)| *time <= at);
                let on = last.map_or(origin.plugged_in, |(_, signal)| *signal == Signal::PluggedIn);
                plugged += u32::from(on);
                nights += 1;
            }
        }
        let measured = f64::from(plugged) / f64::from(nights);
        println!("{}: {:.1} % of nights on the charger", name.name(), measured * 100.0);
        assert!((measured - share).abs() < 0.025, "{measured}");
    }
}

#[test]
fn planned_charging_is_the_same_whatever_notifications_do() {
    let person = persona(PersonaName::Heavy);
    for device in 0..5 {
        let config = config("seek_charger = false");
        let (mut calm, mut busy) = (Record::default(), Record::default());
        simulate(&config, &person, device, vec![], 60, &mut calm);
        simulate(&config, &person, device, user(&person, device, 60), 60, &mut busy);
        assert!(calm.charger().len() > 100);
        assert_eq!(calm.charger(), busy.charger());
    }
}

#[test]
fn a_low_charge_makes_the_user_look_for_a_charger() {
    let person = never_charges(0.05, 0.0);
    let mut record = Record::default();
    simulate(&Config::default(), &person, 0, vec![], 60, &mut record);
    let plugs: Vec<u64> =
        record.0.iter().filter(|(_, s, _)| *s == Signal::PluggedIn).map(|(.., charge)| *charge).collect();
    let mean = plugs.iter().sum::<u64>() as f64 / plugs.len() as f64 / PERCENT as f64;
    println!("{} searches in 60 days, plugged in at {mean:.1} % on average", plugs.len());
    // At 5 %/h, two hours after 38 %.
    assert!(plugs.len() > 40 && (20.0..38.0).contains(&mean));
    let mut none = Record::default();
    simulate(&config("seek_charger = false"), &person, 0, vec![], 60, &mut none);
    assert!(none.charger().is_empty());
}

#[test]
fn a_low_charge_ends_a_suspended_client_at_the_rate_of_the_scenario() {
    let person = never_charges(0.2, 0.0);
    let text = "seek_charger = false\nfirst_charge = 0.21\npower_termination_per_hour = 1.0";
    let mut record = Record::default();
    simulate(&config(text), &person, 0, vec![], 100, &mut record);
    let ended = record.times(|signal| signal == Signal::Terminated(Termination::Power)).len();
    assert!((2200..2600).contains(&ended), "2,400 expected of a client that stays: {ended}");
    let running = vec![(Time::from_ms(1), Signal::Process(Process::Foreground))];
    let mut record = Record::default();
    simulate(&config(text), &person, 0, running, 100, &mut record);
    assert!(record.times(|signal| signal == Signal::Terminated(Termination::Power)).is_empty());
}

#[test]
fn a_charged_phone_ends_nothing() {
    let text = "model = 'battery'\npower_termination_per_hour = 2.0";
    let person = Persona {
        drain_idle: Share::new(0.002),
        overnight_charge: Share::new(1.0),
        ..persona(PersonaName::Light)
    };
    let mut record = Record::default();
    simulate(&config(text), &person, 0, vec![], 30, &mut record);
    assert!(record.times(|signal| matches!(signal, Signal::Terminated(_))).is_empty());
}

/// How a phone spends its time, printed for the eye.
#[test]
fn charge_by_persona() {
    #[derive(Default)]
    struct Levels {
        last: Time,
        is_low: bool,
        low: Span,
        low_power: Span,
        on: bool,
        plugged: Span,
        on_charger: bool,
    }
    impl Observer for Levels {
        fn record(&mut self, now: Time, _: Signal, facts: &Facts) {
            let length = now.since(self.last);
            self.low += if self.is_low { length } else { Span::ZERO };
            self.low_power += if self.on { length } else { Span::ZERO };
            self.plugged += if self.on_charger { length } else { Span::ZERO };
            self.on = facts.low_power_mode;
            self.on_charger = facts.plugged_in;
            self.last = now;
            self.is_low = facts.charge(now) <= 20 * PERCENT;
        }
    }
    for name in PersonaName::ALL {
        let person = persona(name);
        let mut sum = Levels::default();
        for device in 0..50 {
            let mut levels = Levels::default();
            simulate(&Config::default(), &person, device, user(&person, device, 28), 28, &mut levels);
            sum.low += levels.low;
            sum.low_power += levels.low_power;
            sum.plugged += levels.plugged;
        }
        let share = |span: Span| span.days_f64() / (28.0 * 50.0) * 100.0;
        println!(
            "{}: {:.2} % of time at or below 20 %, {:.2} % in Low Power Mode, {:.1} % on the charger",
            name.name(),
            share(sum.low),
            share(sum.low_power),
            share(sum.plugged)
        );
        assert!(share(sum.low) < 10.0 && (25.0..60.0).contains(&share(sum.plugged)));
    }
}
