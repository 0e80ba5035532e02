//! What the model of a phone says: its memory, how long it lasts, and whether it saves power by itself.

use crate::alone::{persona, simulate};
use bgsim::device::Power;
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::replay;
use bgsim::hardware::{AdaptivePower, Hardware};
use bgsim::persona::{Persona, PersonaName};
use bgsim::scenario::{Scenario, SourceText, read};
use bgsim::signal::{Facts, Signal};
use bgsim::time::Time;
use bgsim::units::{Bytes, Share};
use std::collections::BTreeMap;

fn scenario(text: &str) -> Scenario {
    let source = SourceText { label: "hardware.toml".into(), text: text.into() };
    read(source, &[], &mut |name, _| Err(name.into())).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
}

fn people(scenario: &Scenario) -> Vec<&Persona> {
    (0..scenario.devices).map(|device| scenario.own(scenario.member(device)).persona).collect()
}

#[derive(Default, PartialEq, Debug)]
struct Life(Vec<(Time, Signal)>);

impl Observer for Life {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        self.0.push((now, signal));
    }
}

fn life(scenario: &Scenario, device: u32) -> Life {
    let mut life = Life::default();
    replay(scenario, device, Engine::Fast, &mut life);
    life
}

#[test]
fn a_mix_of_models_gives_each_phone_what_its_own_model_has() {
    let mix = "fleet = [{ devices = 20, hardware = { 'iPhone 13' = 0.25, \"iPhone 15\" = '55 %', 'iPhone 17 Pro' = 0.2 } }]";
    let scenario = scenario(mix);
    let mut found = BTreeMap::new();
    for person in people(&scenario) {
        *found
            .entry((person.hardware.unwrap(), person.ram, person.adaptive_power.get() > 0.5))
            .or_insert(0) += 1;
    }
    let gigabytes = |gb: u64| Bytes::megabytes(gb * 1000);
    let expected = [
        ((Hardware::Iphone13, gigabytes(4), false), 5),
        ((Hardware::Iphone15, gigabytes(6), false), 11),
        ((Hardware::Iphone17Pro, gigabytes(12), true), 4),
    ];
    assert_eq!(found, expected.into());
    // The effective configuration says so again.
    let again = self::scenario(&scenario.effective());
    assert_eq!(people(&scenario), people(&again));
    assert_eq!(scenario.sha256(), again.sha256());
}

#[test]
fn what_is_written_of_memory_wins_and_what_is_written_of_adaptive_power_where_there_is_such_a_thing() {
    let of = |rows: &str| {
        let scenario = scenario(&format!("fleet = [{{ devices = 20, {rows} }}]"));
        let people = people(&scenario);
        let ram: Vec<Bytes> = people.iter().map(|person| person.ram).collect();
        (ram, people[0].adaptive_power.get())
    };
    let is = |gb: u64| vec![Bytes::megabytes(gb * 1000); 20];
    assert_eq!(of("hardware = 'iPhone 13'"), (is(4), 0.0));
    assert_eq!(of("hardware = 'iPhone 13', ram = '8 GB', adaptive_power = 0.7"), (is(8), 0.0));
    assert_eq!(of("hardware = 'iPhone 16', adaptive_power = 0.7"), (is(8), 0.7));
    assert_eq!(of("hardware = 'iPhone 16', adaptive_chosen = 0.3"), (is(8), 0.3));
    assert_eq!(of("hardware = 'iPhone Air'"), (is(12), 0.9));
    // Only where neither is written is memory the persona's mix.
    let (ram, _) = of("persona = 'typical'");
    assert!(ram.iter().any(|size| *size != ram[0]));
}

/// An hour of the same use takes the same charge, of which a larger battery has more.
#[test]
fn a_phone_lasts_as_long_as_its_battery_is_large() {
    let config = toml::from_str("seek_charger = false\nfirst_charge = 1").unwrap();
    let lasts = |hardware: Option<Hardware>| {
        let person = Persona {
            hardware,
            overnight_charge: Share::new(0.0),
            top_ups_per_day: 0.0,
            drain_idle: Share::new(0.1),
            low_power_accept: Share::new(0.0),
            adaptive_power: Share::new(0.0),
            low_power_always: Share::new(0.0),
            ..persona(PersonaName::Typical)
        };
        let mut life = Life::default();
        simulate::<Power, Life>(&config, &person, 0, vec![], 2, |_, _| {}, &mut life);
        life.0.iter().find(|(_, signal)| *signal == Signal::BatteryEmpty).unwrap().0.ms() as f64
    };
    let usual = lasts(None) / config.drain_battery_mah;
    for hardware in [Hardware::IphoneSe3, Hardware::Iphone15, Hardware::Iphone17ProMax] {
        let own = lasts(Some(hardware)) / hardware.model().battery_mah;
        assert!((own / usual - 1.0).abs() < 1e-4, "{}: {own} for {usual}", hardware.name());
    }
}

/// The model of the phone moves nothing of its user or its mail, nor other groups.
#[test]
fn which_phone_it_is_moves_no_plan_and_no_other_group() {
    let with = |rows: &str| {
        let head = "devices = 8\nwarmup = '1d'\nmeasure = '1d'\n[policy]\nallow_device_keychain = true\n";
        scenario(&format!("{head}[[fleet]]\nname = 'a'\n{rows}\n[[fleet]]\nname = 'b'\n"))
    };
    let (plain, chosen) = (with("ram = '6 GB'"), with("hardware = { 'iPhone 14' = 0.5, 'iPhone 15' = 0.5 }"));
    let exogenous = |life: Life| -> Vec<_> {
        let is = |signal: &Signal| {
            matches!(signal, Signal::MailArrived | Signal::OwnUseBegins | Signal::Network(_))
        };
        life.0.into_iter().filter(|(_, signal)| is(signal)).collect()
    };
    for device in 0..plain.devices {
        let (one, other) = (life(&plain, device), life(&chosen, device));
        match plain.fleet.groups[plain.member(device).group].name.as_str() {
            "b" => assert_eq!(one, other),
            _ => assert_eq!(exogenous(one), exogenous(other)),
        }
    }
}

#[test]
fn phones_of_one_kind_have_adaptive_power_alike() {
    for hardware in Hardware::ALL {
        let name = hardware.name();
        let expected = match hardware.model().adaptive_power {
            AdaptivePower::Never => {
                name < "iPhone 15 Pro" || name.starts_with("iPhone X") || name.contains("SE")
            }
            AdaptivePower::Chosen => name.contains("15 Pro") || name.contains("16"),
            AdaptivePower::FromTheStart => name.contains("17") || name.contains("Air"),
        };
        assert!(expected, "{name}");
    }
}
