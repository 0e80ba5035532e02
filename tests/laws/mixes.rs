//! Mixes: how many devices have each value, which of them, and that each lives as if its value stood there alone.

use bgsim::dealing::{UNIT, key_of, quantile};
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::{Plan, replay, run_fleet};
use bgsim::explanation::mails;
use bgsim::persona::{FleetEntry, PersonaName};
use bgsim::scenario::{File, Member, Own, Scenario, SourceText, read};
use bgsim::section::{Held, Shape};
use bgsim::signal::{Facts, Signal, Trigger};
use bgsim::time::Time;

fn try_read(text: &str, sets: &[&str]) -> Result<Scenario, String> {
    let source = SourceText { label: "mixes.toml".into(), text: text.into() };
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    let base = |name: &str, _: &SourceText| match name {
        "base" => Ok(SourceText { label: "base.toml".into(), text: BASE.into() }),
        _ => Err(name.to_string()),
    };
    read(source, &sets, &mut { base }).map_err(|faults| faults.to_string())
}

const BASE: &str = "policy.passcode = { none = 0.5, six_digits = 0.5 }\npolicy.auto_lock = '5m'";

fn scenario(text: &str, sets: &[&str]) -> Scenario {
    try_read(text, sets).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
}

/// Two days of a fleet whose blocks are in the list, under a policy.
fn two_days(blocks: &str, sets: &[&str]) -> Scenario {
    let head = "devices = 40\nwarmup = '1d'\nmeasure = '1d'\n[policy]\nallow_device_keychain = true\n";
    scenario(&format!("{head}{blocks}"), sets)
}

fn own(scenario: &Scenario, device: u32) -> Own<'_> {
    scenario.own(scenario.member(device))
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
fn shares_are_exact_in_groups_of_round_sizes() {
    for size in [20, 150, 600] {
        let fleet = scenario(
            &format!(
                "[[fleet]]\nname = 'office'\ndevices = {size}\nram = {{ '8 GB' = 0.6, '4 GB' = '40 %' }}\n\
                 [[fleet]]\nname = 'field'\ndevices = 20"
            ),
            &["policy.background_app_refresh={ true = 0.9, false = 0.1 }"],
        );
        let office = |device: &u32| fleet.group_of(*device).name == "office";
        let devices: Vec<u32> = (0..fleet.devices).filter(office).collect();
        let small = devices.iter().filter(|device| own(&fleet, **device).persona.ram.get() == 4_000_000_000);
        assert_eq!(small.count(), size * 4 / 10);
        let off = |device: &&u32| own(&fleet, **device).policy.background_app_refresh == Some(false);
        assert_eq!(devices.iter().filter(off).count(), size / 10);
    }
}

#[test]
fn values_are_the_quantiles_of_the_reference() {
    let fleet = scenario(
        "devices = 400\n[policy]\nkey_access = { os_protection = 0.3, app_flip = 0.7 }\n[[fleet]]\nname = 'office'\nram = { '4 GB' = 0.4, '8 GB' = 0.6 }",
        &[],
    );
    // 409271749, 87089652, 687908267, 208051297 and 820115491 are the numbers of its first members.
    let first: Vec<u64> = (0..5).map(|device| own(&fleet, device).persona.ram.get()).collect();
    assert_eq!(first, [8, 4, 8, 4, 8].map(|gigabytes| gigabytes * 1_000_000_000));
    let key = key_of(&["mix", "office", "policy.key_access"]);
    for device in 0..400 {
        let is_flip = quantile(key, device.into()) < 7 * UNIT / 10;
        assert_eq!(own(&fleet, device).policy.key_access.needs_foreground(), is_flip, "{device}");
    }
}

/// From 12 to 10 % of 4,000 without refresh: 80 devices move, and none the other way.
#[test]
fn a_larger_share_moves_only_the_devices_that_it_must() {
    let fleet = |off: &str, on: &str| {
        scenario(
            "devices = 4000",
            &[&format!("policy.background_app_refresh={{ true = {on}, false = {off} }}")],
        )
    };
    let [before, after] = [fleet("0.12", "0.88"), fleet("0.1", "0.9")];
    let is_on = |fleet: &Scenario, device| own(fleet, device).policy.background_app_refresh == Some(true);
    let on = (0..4000).filter(|device| is_on(&after, *device) && !is_on(&before, *device)).count();
    let off = (0..4000).filter(|device| !is_on(&after, *device) && is_on(&before, *device)).count();
    assert_eq!((on, off), (80, 0));
}

/// Each with two values, and the keys as `--set` and a block take them.
const SETTINGS: [(&str, [&str; 2]); 10] = [
    ("policy.background_app_refresh", ["false", "true"]),
    ("policy.keychain_class", ["when_unlocked", "after_first_unlock"]),
    ("policy.auto_lock", ["30s", "15m"]),
    ("policy.passcode", ["none", "six_digits"]),
    ("power.low_power_mode", ["user", "on"]),
    ("client.refresh_interval", ["15m", "2h"]),
    ("client.key_in_memory", ["dropped_in_background", "while_process_lives"]),
    ("scheduler.energy_capacity", ["20", "200"]),
    ("scheduler.spacing.median", ["15m", "4h"]),
    ("scheduler.spacing.sigma", ["0.2", "2.0"]),
];

#[test]
fn a_mixed_device_lives_as_if_its_value_stood_alone() {
    for (key, values) in SETTINGS {
        let [first, second] = values;
        let alone = values.map(|value| two_days("", &[&format!("{key}={value}")]));
        let mixed = two_days("", &[&format!("{key}={{ \"{first}\" = 0.4, \"{second}\" = 0.6 }}")]);
        let one = two_days("", &[&format!("{key}={{ \"{second}\" = 1 }}")]);
        let mut has = [0, 0];
        for device in 0..20 {
            let lives = alone.each_ref().map(|alone| life(alone, device));
            assert_eq!(life(&one, device), lives[1], "{key} {device}");
            let place = quantile(key_of(&["mix", "typical", key]), device.into());
            let value = usize::from(place >= 4 * UNIT / 10);
            has[value] += 1;
            assert_eq!(life(&mixed, device), lives[value], "{key} {device}");
            // The books go by the device's own policy too.
            let [books, lone] =
                [&mixed, &alone[value]].map(|scenario| mails(scenario, device, Engine::Fast).unwrap());
            assert_eq!(format!("{books:?}"), format!("{lone:?}"), "{key} {device}");
        }
        assert_eq!(has, [8, 12], "{key}");
    }
}

#[test]
fn a_mixed_row_of_a_persona_is_that_of_each_device() {
    let alone = ["3 GB", "8 GB"]
        .map(|ram| two_days(&format!("[[fleet]]\nram = '{ram}'\nforce_quits_per_day = 5.0"), &[]));
    let mixed =
        two_days("[[fleet]]\nram = { '8 GB' = 0.5, '3 GB' = 0.5 }\nforce_quits_per_day = { '5.0' = 1 }", &[]);
    for device in 0..20 {
        let value = usize::from(own(&mixed, device).persona.ram.get() > 3_000_000_000);
        assert_eq!(life(&mixed, device), life(&alone[value], device), "{device}");
    }
}

/// Sums of a mixed fleet are those of its devices, so they lie between those of the fleets of one value.
#[test]
fn figures_of_a_mixed_fleet_lie_between_and_books_of_a_run_go_by_each_policy() {
    let refresh = |set: &str| two_days("", &[&format!("policy.background_app_refresh={set}")]);
    let run = |scenario: &Scenario| {
        let fleet = run_fleet(scenario, &Plan::default(), &mut ()).unwrap_or_else(|never| match never {});
        fleet.total().counts.fingerprint
    };
    let background = |scenario: &Scenario| -> usize {
        let is_background = |(_, signal): &&(Time, Signal)| matches!(signal, Signal::CheckStarted(check) if check.trigger == Trigger::BackgroundRefresh);
        (0..40).map(|device| life(scenario, device).0.iter().filter(is_background).count()).sum()
    };
    let [none, some, all] =
        ["false", "{ true = 0.5, false = 0.5 }", "true"].map(|set| background(&refresh(set)));
    assert!(none == 0 && some > 0 && some < all, "{none} {some} {all}");
    assert_eq!(run(&refresh("{ true = 1 }")), run(&refresh("true")));
    assert_ne!(run(&refresh("{ true = 0.5, false = 0.5 }")), run(&refresh("true")));
}

#[test]
fn arms_are_paired_and_settings_independent() {
    let mix = "policy.background_app_refresh={ true = 0.5, false = 0.5 }";
    let [a, b] = ["5m", "30s"].map(|lock| two_days("", &[mix, &format!("policy.auto_lock={lock}")]));
    for device in 0..40 {
        let [a, b] = [own(&a, device), own(&b, device)].map(|own| own.policy.background_app_refresh);
        assert_eq!(a, b);
    }
    // In two arms with other shares, who has the same value lives the same life.
    let [few, more] = ["0.2", "0.4"].map(|off| {
        let on = if off == "0.2" { "0.8" } else { "0.6" };
        two_days("", &[&format!("policy.background_app_refresh={{ true = {on}, false = {off} }}")])
    });
    let moved: Vec<u32> = (0..40).filter(|device| life(&few, *device) != life(&more, *device)).collect();
    let is_on =
        |fleet: &Scenario, device: u32| own(fleet, device).policy.background_app_refresh == Some(true);
    assert!(moved.iter().all(|device| is_on(&few, *device) && !is_on(&more, *device)));
    assert_eq!((0..40).filter(|device| is_on(&few, *device) != is_on(&more, *device)).count(), 8);
    let both = two_days("", &[mix, "policy.passcode={ none = 0.5, six_digits = 0.5 }"]);
    let kinds: std::collections::BTreeSet<(bool, &str)> = (0..40)
        .map(|device| own(&both, device).policy)
        .map(|policy| (policy.background_app_refresh == Some(true), policy.passcode.name()))
        .collect();
    assert_eq!(kinds.len(), 4);
}

#[test]
fn what_is_printed_reads_back_to_the_same_scenario() {
    let text = "[policy]\nallow_device_keychain = { true = 0.3, false = '70 %' }\nauto_lock = { '120s' = 0.25, '15m' = 0.75 }\n\
                [scheduler]\nenergy_capacity = { '150.5' = 0.2, 200 = 0.8 }\n\
                spacing = { median = { '15m' = 0.5, '4h' = 0.5 }, sigma = 0.5 }\n\
                [[fleet]]\nname = 'a'\n[[fleet]]\nname = 'b'\nram = { '4000 MB' = 0.4, '8 GB' = 0.6 }";
    let fleet = scenario(text, &[]);
    let printed = fleet.effective();
    let again = scenario(&printed, &[]);
    assert_eq!(again.effective(), printed);
    assert_eq!(again.sha256(), fleet.sha256());
    for device in 0..40 {
        let Member { group, rank } = fleet.member(device);
        let [a, b] = [fleet.own(Member { group, rank }), again.own(Member { group, rank })];
        assert_eq!((a.policy, a.persona), (b.policy, b.persona), "{printed}");
        assert_eq!(a.sections.scheduler, b.sections.scheduler, "{printed}");
        let [a, b] = [a, b].map(|own| own.sections.client.key_in_memory(own.policy.key_access));
        assert_eq!(a, b, "what follows from a mixed key is each device's own");
    }
    assert!(printed.contains("\"4 GB\" = 0.4") && printed.contains("device_keychain = 0.3"), "{printed}");
    let other = scenario(&text.replace("0.25", "0.5").replace("0.75", "0.5"), &[]);
    assert_ne!(other.sha256(), fleet.sha256());
}

#[test]
fn a_mix_is_replaced_as_a_whole() {
    let passcodes = |text: &str, sets: &[&str]| {
        let fleet = scenario(text, sets);
        let mut names: Vec<&str> =
            (0..100).map(|device| own(&fleet, device).policy.passcode.name()).collect();
        names.sort_unstable();
        names.dedup();
        names.join(" ")
    };
    assert_eq!(passcodes("extends = 'base'", &[]), "none six_digits");
    assert_eq!(passcodes("extends = 'base'\npolicy.passcode = 'none'", &[]), "none");
    let mix = "extends = 'base'\npolicy.passcode = { four_digits = 0.5, alphanumeric = 0.5 }";
    assert_eq!(passcodes(mix, &[]), "alphanumeric four_digits");
    assert_eq!(passcodes(mix, &["policy.passcode={ none = 1 }"]), "none");
    assert_eq!(passcodes("policy.passcode = 'none'", &["policy.passcode={ six_digits = 1 }"]), "six_digits");
    // In a table too, whose other keys stay.
    let table = "scheduler.spacing = { median = { '15m' = 0.5, '4h' = 0.5 }, sigma = 0.3 }";
    let other = scenario(table, &["scheduler.spacing.median={ '1h' = 0.5, '2h' = 0.5 }"]);
    let spacings = |scenario: &Scenario| -> std::collections::BTreeSet<(u64, String)> {
        let spacing = |device| own(scenario, device).sections.scheduler.spacing;
        (0..100).map(spacing).map(|it| (it.median.ms() / 60_000, it.sigma.to_string())).collect()
    };
    let of = |minutes: &[u64]| minutes.iter().map(|minutes| (*minutes, "0.3".to_string())).collect();
    assert_eq!(spacings(&scenario(table, &[])), of(&[15, 240]));
    assert_eq!(spacings(&other), of(&[60, 120]));
    assert!(other.is_mixed("scheduler.spacing", "median") && !other.is_mixed("scheduler.spacing", "sigma"));
}

#[test]
fn what_is_wrong_with_a_mix_is_said_where_it_stands() {
    let many: Vec<String> = (1..=70).map(|n| format!("'{n}s' = {}", if n == 1 { 1 } else { 0 })).collect();
    let many = many.join(", ");
    for (text, says, marks) in [
        ("seed = { 1 = 0.5, 2 = 0.5 }", "`seed` can be no mix: it is one for all devices", "1:8"),
        ("measure = { '1d' = 1 }", "`measure` can be no mix", "1:11"),
        (
            "scheduler.model = { das = 1 }",
            "`scheduler.model` can be no mix: all devices have the same",
            "1:19",
        ),
        ("mail.align = { week = 1 }", "`mail.align` can be no mix", "1:14"),
        (
            "client.check_energy_mah = { '0.5' = 1 }",
            "the fleet's energy is worked out with one value",
            "1:27",
        ),
        ("[[fleet]]\npersona = { light = 0.5, heavy = 0.5 }", "write a group for each value", "2:11"),
        ("[[fleet]]\nweight = { 1 = 1 }", "`fleet[0].weight` can be no mix", "2:10"),
        ("policy.passcode = {}", "the mix of `policy.passcode` is empty", "1:19"),
        (
            "policy.passcode = { non = 1 }",
            "`non` in the mix of `policy.passcode` is not a value of it",
            "1:21",
        ),
        ("policy.passcode = { non = 1 }", "did you mean `none`?", "1:21"),
        ("policy.passcode = { none = 0.4, six_digits = 0.5 }", "add up to 0.9", "1:19"),
        (
            "policy.passcode = { none = -0.5, six_digits = 1.5 }",
            "the share of `none` in `policy.passcode` is -0.5",
            "1:28",
        ),
        ("policy.passcode = { none = true }", "must be a number, but is a boolean", "1:28"),
        ("policy.auto_lock = { '60s' = 0.5, '1m' = 0.5 }", "two shares of the value 1m", "1:35"),
        (
            "policy.auto_lock = { '30s' = 0.5, '0s' = 0.5 }",
            "`policy.auto_lock` is 0s; it must lie from 1s",
            "1:35",
        ),
        ("[[fleet]]\nram = { '4 GB' = 0.5, '1 MB' = 0.5 }", "from 256 MB to 1 TB", "2:23"),
        ("[[fleet]]\nbed = { '23h' = 0.5, '1h' = 0.5 }", "before waking", "2:22"),
        ("scheduler.energy_capacity = { 0.5 = 1 }", "needs quotes", "1:31"),
        ("scheduler.every = { '1h' = 1 }", "has no meaning with `scheduler.model = \"das\"`", "1:21"),
        ("scheduler.spacing.median = { '1h' = 0.5 }", "of `scheduler.spacing.median` add up to 0.5", "1:28"),
        ("scheduler.spacing.median = { '1h' = 0.5, '3d' = 0.5 }", "must lie from 0s to 1d", "1:42"),
        ("policy.working_hours.from = { '8:00' = 1 }", "can be no mix: the hours are a whole", "1:29"),
        ("lock.reboot_at = { '3:00' = 0.5, '03:00' = 0.5 }", "two shares of the value 03:00", "1:34"),
        ("lock.reboot_at = { '3 am' = 1 }", "is not a value of it", "1:20"),
        ("user.diurnal = { 1 = 1 }", "`user.diurnal` must be an array", "1:16"),
    ] {
        let shown = try_read(text, &[]).expect_err(text);
        assert!(shown.contains(says) && shown.contains(&format!("mixes.toml:{marks}")), "{text}\n{shown}");
    }
    let text = format!("policy.auto_lock = {{ {many} }}\nclient.refresh_interval = {{ {many} }}");
    let shown = try_read(&text, &[]).unwrap_err();
    assert!(shown.contains("more than 4096 combinations"), "{shown}");
    let contradicts =
        "policy = { key_access = 'app_flip', allow_device_keychain = { true = 0.5, false = 0.5 } }";
    assert!(try_read(contradicts, &[]).unwrap_err().contains("contradicts `key_access`"));
}

/// What is a mix where nobody says anything, and what is said of it.
#[test]
fn a_persona_has_phones_of_several_sizes_unless_a_group_says_which() {
    let fleet = scenario(
        "[[fleet]]\ndevices = 100\n[[fleet]]\npersona = 'heavy'\ndevices = 100\n\
         [[fleet]]\nname = 'new'\npersona = 'light'\nram = '12 GB'\ndevices = 20",
        &[],
    );
    let count = |group: &str, gigabytes: u64| {
        let is = |device: &u32| {
            let Own { persona, .. } = own(&fleet, *device);
            fleet.group_of(*device).name == group && persona.ram.get() == gigabytes * 1_000_000_000
        };
        (0..220).filter(is).count()
    };
    assert_eq!([3, 4, 6, 8, 12].map(|size| count("typical", size)), [1, 15, 32, 40, 12]);
    assert_eq!([3, 4, 6, 8, 12].map(|size| count("heavy", size)), [0, 3, 17, 50, 30]);
    assert_eq!(count("new", 12), 20);
    let printed = fleet.effective();
    assert!(printed.contains("[fleet.ram]") && printed.contains("\"12 GB\" = 0.12"), "{printed}");
    let written = toml::to_string(&fleet.file_config()).unwrap();
    assert_eq!(written.matches("ram").count(), 1, "{written}");
    // Nobody chose it, so it may be varied as any other number.
    assert!(!fleet.is_mixed("fleet", "ram"));
}

#[test]
fn where_one_value_stands_for_a_default_mix_it_is_the_commonest() {
    for row in FleetEntry::SHAPE.keys().iter().filter(|row| !row.mixed.is_empty()) {
        assert_eq!(row.mixed.len(), PersonaName::ALL.len());
        for persona in PersonaName::ALL {
            let (_, mix) = row.mixed.iter().find(|(whose, _)| *whose == persona.name()).unwrap();
            let one =
                toml::Table::try_from(FleetEntry { persona, ..FleetEntry::default() }.resolve()).unwrap();
            let shares: toml::Table = toml::from_str(&format!("mix = {mix}")).unwrap();
            let shares = shares["mix"].as_table().unwrap();
            let largest = shares.values().map(|share| share.as_float().unwrap()).fold(0.0, f64::max);
            assert_eq!(
                shares[one[row.name].as_str().unwrap()].as_float(),
                Some(largest),
                "{}",
                persona.name()
            );
            // It is read, and printed again, as it stands.
            let fleet = scenario(&format!("[[fleet]]\npersona = '{}'", persona.name()), &[]);
            assert_eq!(fleet.config()["fleet"][0][row.name].as_table(), Some(shares));
        }
    }
}

/// What stands deeper than a table of a section could be no mix: nothing does.
#[test]
fn tables_hold_no_tables_and_rows_of_the_fleet_none() {
    let is_table = |key: &bgsim::section::Key| matches!(key.shape, Shape::Table(_));
    assert!(!FleetEntry::SHAPE.keys().iter().any(is_table));
    let sections = File::SHAPE.keys().iter().filter(|key| is_table(key));
    let tables = sections.flat_map(|section| section.shape.keys()).filter(|key| is_table(key));
    assert!(tables.clone().count() > 0);
    assert!(!tables.flat_map(|table| table.shape.keys()).any(is_table));
}
