//! What groups have of their own, layers that change groups, arms, and factors.

use super::{SourceText, fetch, layered, text};
use crate::policy::{KeyAccess, Passcode};
use crate::scenario::{Asked, Member, Scenario, stack::gathered};
use crate::time::{Span, Time};

const ACME: &str = r#"
policy.passcode = "alphanumeric"
policy.background_app_refresh = { true = 0.75, false = 0.25 }

[[fleet]]
name = "office"
devices = 100
policy.allow_device_keychain = true
policy.working_hours = { from = "07:00", to = "19:00" }

[[fleet]]
name = "night"
devices = 100
persona = "night_worker"
time_zone = "Asia/Manila"
policy = { passcode = "four_digits", auto_lock = { "1m" = 0.5, "4m" = 0.5 } }
mail.weekday_hours = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

[[fleet]]
name = "rest"
devices = 100
"#;

const ARMS: &str = r#"
[[arm]]
name = "today"

[[arm]]
name = "keychain"
title = "Schlüsselbund"
policy.allow_device_keychain = true
group.night.policy.auto_lock = "30s"

[[arm]]
name = "busier"
fleet.glances_per_day = "x2"
policy.auto_lock = "x0.5"
force_quitters = 0.0
"#;

fn of(scenario: &Scenario, group: usize, rank: u32) -> crate::scenario::Own<'_> {
    scenario.own(Member { group, rank })
}

#[track_caller]
fn acme(sets: &[&str]) -> Scenario {
    layered(&[("s.toml", ACME)], sets).unwrap_or_else(|faults| panic!("{faults}"))
}

fn arm(name: &str, sets: &[&str], then: &[&str]) -> Result<Scenario, String> {
    let own = |sets: &[&str]| sets.iter().map(|set| set.to_string()).collect::<Vec<_>>();
    let (sets, then) = (own(sets), own(then));
    let main = SourceText { label: "s.toml".into(), text: format!("{ACME}{ARMS}").into() };
    let asked = Asked { sets: &sets, arm: Some(name), then: &then };
    gathered(main, &Default::default(), asked, &mut fetch)
        .map(|(scenario, _)| scenario)
        .map_err(|e| e.to_string())
}

#[test]
fn a_group_has_what_it_says_and_else_what_its_file_says() {
    let scenario = acme(&[]);
    let [office, night, rest] = [0, 1, 2].map(|group| of(&scenario, group, 0));
    assert_eq!(office.policy.key_access, KeyAccess::DeviceKeychain);
    assert_eq!([night, rest].map(|own| own.policy.key_access), [KeyAccess::AppFlip; 2]);
    assert_eq!(
        [office, night, rest].map(|own| own.policy.passcode),
        [Passcode::Alphanumeric, Passcode::FourDigits, Passcode::Alphanumeric,]
    );
    assert!(office.policy.working_hours.is_some() && rest.policy.working_hours.is_none());
    assert_ne!(night.sections.mail.weekday_hours, rest.sections.mail.weekday_hours);
    // A mix of its own and one of the file's are dealt side by side.
    let locks: Vec<Span> = (0..100).map(|rank| of(&scenario, 1, rank).policy.auto_lock).collect();
    assert_eq!(locks.iter().filter(|lock| **lock == Span::MINUTE).count(), 50);
    for group in 0..3 {
        let off =
            (0..100).filter(|rank| of(&scenario, group, *rank).policy.background_app_refresh == Some(false));
        assert_eq!(off.count(), 25, "{group}");
    }
}

#[test]
fn groups_begin_at_one_instant_and_live_by_their_own_clocks() {
    let scenario = acme(&[]);
    let [office, night] = [0, 1].map(|group| of(&scenario, group, 0));
    assert_eq!((office.time_zone, night.time_zone), ("Europe/Berlin", "Asia/Manila"));
    assert_eq!(office.clock.unix_ms(Time::ORIGIN), night.clock.unix_ms(Time::ORIGIN));
    let hours = [office, night].map(|own| own.clock.local(scenario.start).hour());
    assert_eq!(hours, [0, 7]);
    let wrong = text("[[fleet]]\ntime_zone = \"Asia/Manilla\"").unwrap_err();
    assert!(wrong.contains("Asia/Manila") && wrong.contains("s.toml:2:13"), "{wrong}");
}

#[test]
fn the_effective_configuration_holds_what_is_a_groups_own_and_reads_back() {
    let scenario = acme(&[]);
    let again = text(&scenario.effective()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(again.effective(), scenario.effective());
    for (group, rank) in (0..3).flat_map(|group| (0..100).map(move |rank| (group, rank))) {
        let [one, other] = [&scenario, &again].map(|scenario| of(scenario, group, rank));
        let memory = |own: crate::scenario::Own<'_>| own.sections.client.key_in_memory(own.policy.key_access);
        assert_eq!((one.policy, memory(one)), (other.policy, memory(other)), "{group} {rank}");
        assert_eq!((one.persona, one.time_zone), (other.persona, other.time_zone));
    }
}

#[test]
fn a_later_layer_wins_for_every_group_and_says_whose_own_went() {
    let set = acme(&["policy.passcode=none", "policy.key_access=os_protection"]);
    for group in 0..3 {
        let policy = of(&set, group, 0).policy;
        assert_eq!((policy.passcode, policy.key_access), (Passcode::None, KeyAccess::OsProtection));
    }
    assert_eq!(set.notes.len(), 2, "{:?}", set.notes);
    assert!(set.notes[0].contains("`night`, which had a `policy.passcode` of its own"), "{:?}", set.notes);
    assert!(acme(&["policy.max_age=1h"]).notes.is_empty());
    let file =
        String::from("extends = \'base.toml\'\npolicy.passcode = 'none'\n[group.rest]\nram = '3 GB'\n");
    let built = layered(&[("s.toml", &file), ("base.toml", ACME)], &[]).unwrap();
    assert!((0..3).all(|group| of(&built, group, 0).policy.passcode == Passcode::None));
    assert_eq!(of(&built, 2, 0).persona.ram, "3 GB".parse().unwrap());
    assert_ne!(of(&built, 0, 0).persona.ram, "3 GB".parse().unwrap());
}

#[test]
fn one_group_and_all_groups_can_be_changed_by_name() {
    let set = acme(&["group.rest.policy.passcode=none", "fleet.ram=4 GB", "fleet.policy.auto_lock=9m"]);
    assert_eq!(
        [0, 1, 2].map(|group| of(&set, group, 0).policy.passcode),
        [Passcode::Alphanumeric, Passcode::FourDigits, Passcode::None,]
    );
    assert!((0..3).all(|group| of(&set, group, 1).persona.ram == "4 GB".parse().unwrap()));
    assert!((0..3).all(|group| of(&set, group, 1).policy.auto_lock == Span::MINUTE * 9));
    let mixed = acme(&["fleet.ram={ \"3 GB\" = 0.5, \"8 GB\" = 0.5 }"]);
    let small =
        |group| (0..100).filter(|rank| of(&mixed, group, *rank).persona.ram.get() < 4e9 as u64).count();
    assert_eq!([0, 1, 2].map(small), [50, 50, 50]);
    let persona = super::set("fleet.persona=heavy").unwrap();
    assert_eq!(
        (persona.fleet.groups[0].name.as_str(), of(&persona, 0, 0).persona.unlocks_per_day),
        ("typical", 140.0)
    );
    // Where no group is written there is one.
    let alone = super::set("fleet.ram=4 GB").unwrap();
    assert_eq!(of(&alone, 0, 0).persona.ram, "4 GB".parse().unwrap());
}

#[test]
fn what_is_wrong_in_a_group_is_said_where_it_stands() {
    for (toml, parts) in [
        (
            "[[fleet]]\npolicy.pascode = 'none'",
            ["`fleet[0].policy.pascode`", "did you mean `passcode`?", "s.toml:2:8"],
        ),
        ("[[fleet]]\npolicy.auto_lock = '11'", ["`fleet[0].policy.auto_lock`", "unit", "s.toml:2:20"]),
        (
            "[[fleet]]\nbackground_app_refresh = false",
            ["`fleet[0].background_app_refresh`", "write `policy.background_app_refresh` here", "s.toml:2:1"],
        ),
        ("[[fleet]]\nclient.check_energy_mah = 1.0", ["can be no group's own", "one value", "s.toml:2:27"]),
        (
            "[[fleet]]\nmemory.mean_survival = '1h'",
            ["has no meaning with `memory.model", "poisson", "s.toml:2:24"],
        ),
        ("[[fleet]]\npolicy = 3", ["`fleet[0].policy` must be a section", "policy.KEY", "s.toml:2:10"]),
        ("[group.nite]\nram = '3 GB'", ["no group `nite`", "typical", "s.toml:1:8"]),
    ] {
        let found = text(toml).expect_err(toml);
        assert!(parts.iter().all(|part| found.contains(part)), "{toml}\n{found}");
    }
    for (set, parts) in [
        ("group.night.rma=3 GB", ["`group.night.rma`", "did you mean `ram`?"]),
        ("group.nigth.ram=3 GB", ["no group `nigth`", "did you mean `night`?"]),
        (
            "fleet.glances_per_day=xx2",
            ["`fleet.glances_per_day` must be a number", "--set fleet.glances_per_day=xx2:1"],
        ),
        ("fleet.persona=x2", ["`group.office.persona`", "cannot be taken 2 times"]),
        ("policy.passcode=x2", ["`policy.passcode`", "cannot be taken 2 times"]),
        ("fleet.glances=x2", ["`group.office.glances`", "no value"]),
    ] {
        let found = layered(&[("s.toml", ACME)], &[set]).expect_err(set);
        assert!(parts.iter().all(|part| found.contains(part)), "{set}\n{found}");
    }
}

#[test]
fn a_factor_is_taken_of_what_each_group_has() {
    let set = acme(&["fleet.glances_per_day=x2", "policy.max_age=x0.5", "group.rest.unlocks_per_day=x3"]);
    let plain = acme(&[]);
    for group in 0..3 {
        let [changed, before] = [&set, &plain].map(|scenario| of(scenario, group, 0));
        assert_eq!(changed.persona.glances_per_day, 2.0 * before.persona.glances_per_day);
        assert_eq!(changed.policy.max_age, Span::HOUR * 36);
        let more = if group == 2 { 3.0 } else { 1.0 };
        assert_eq!(changed.persona.unlocks_per_day, more * before.persona.unlocks_per_day);
    }
    let own =
        acme(&["group.rest.policy.auto_lock=1m", "policy.auto_lock=x2", "group.night.policy.auto_lock=5m"]);
    let locks = [0, 1, 2].map(|group| of(&own, group, 0).policy.auto_lock);
    assert_eq!(locks, [4, 5, 2].map(|minutes| Span::MINUTE * minutes));
}

#[test]
fn an_arm_is_a_layer_after_what_is_set() {
    let reference = arm("today", &[], &[]).unwrap();
    assert_eq!(reference.effective(), acme(&[]).effective());
    let names: Vec<(&str, bool)> =
        reference.arms.iter().map(|arm| (arm.name.as_str(), arm.is_reference)).collect();
    assert_eq!(names, [("today", true), ("keychain", false), ("busier", false)]);
    let keychain =
        arm("keychain", &["policy.allow_device_keychain=false"], &["policy.passcode=none"]).unwrap();
    let own = [0, 1, 2].map(|group| *of(&keychain, group, 0).policy);
    assert!(
        own.iter().all(|own| own.key_access == KeyAccess::DeviceKeychain && own.passcode == Passcode::None)
    );
    assert_eq!(own[1].auto_lock, Span::from_secs(30));
    let busier = arm("busier", &["group.night.policy.auto_lock=4m"], &[]).unwrap();
    let own = [0, 1, 2].map(|group| of(&busier, group, 0));
    assert_eq!(own.map(|own| own.policy.auto_lock), [1, 2, 1].map(|minutes| Span::MINUTE * minutes));
    assert!(own.iter().all(|own| own.persona.force_quitters.get() == 0.0));
    assert_eq!(own[0].persona.glances_per_day, 50.0);
}

#[test]
fn arms_are_not_inherited_and_each_has_a_name() {
    let built = layered(&[("s.toml", "extends = 'base.toml'"), ("base.toml", &format!("{ACME}{ARMS}"))], &[]);
    assert!(built.unwrap().arms.is_empty());
    assert!(arm("keychian", &[], &[]).unwrap_err().contains("did you mean `keychain`?"));
    for (toml, part) in [
        ("[[arm]]\npolicy.passcode = 'none'", "`arm[0]` needs a name"),
        ("[[arm]]\nname = 'a b'", "letters, digits"),
        ("[[arm]]\nname = 'a'\n[[arm]]\nname = 'a'", "two arms are called `a`"),
        ("[[arm]]\nname = 'a'\npolicy.pascode = 'none'", "`arm[0].policy.pascode`"),
        ("[[arm]]\nname = 'a'\nrma = '3 GB'", "`arm[0].fleet.rma`"),
        ("[[arm]]\nname = 'a'\nseed = 3", "`arm[0].fleet.seed`"),
        ("arm = 3", "`arm` must be a list"),
        ("arm = [3]", "`arm[0]` must be a table"),
    ] {
        let found = text(toml).expect_err(toml);
        assert!(found.contains(part) && found.contains(" --> s.toml:"), "{toml}\n{found}");
    }
}

#[test]
fn a_later_model_of_phone_says_what_memory_it_has() {
    let small = acme(&["fleet.ram=3 GB", "fleet.hardware=iPhone 15"]);
    assert!((0..3).all(|group| of(&small, group, 0).persona.ram == "6 GB".parse().unwrap()));
    let other = acme(&["fleet.hardware=iPhone 15", "fleet.ram=3 GB"]);
    assert!((0..3).all(|group| of(&other, group, 0).persona.ram == "3 GB".parse().unwrap()));
}

/// What an inventory is made into is read back as it is meant.
#[test]
fn a_fleet_made_of_an_inventory_is_a_scenario() {
    let csv = "Group,Model,OS version,Passcode,Time zone\n\
               office,iPhone 13,26.1,yes,Europe/Berlin\noffice,iPhone 15,26.1,yes,Europe/Berlin\n\
               night,iPhone 13,18.2,no,Asia/Manila\n";
    let made =
        crate::inventory::inventory(csv.as_bytes(), "devices.csv", &[]).unwrap_or_else(|e| panic!("{e}"));
    let scenario = text(&made.text).unwrap_or_else(|faults| panic!("{faults}\n{}", made.text));
    assert_eq!(scenario.devices, 3);
    let zones: Vec<&str> = scenario.fleet.groups.iter().map(|group| group.time_zone.as_str()).collect();
    assert!(zones.contains(&"Europe/Berlin") && zones.contains(&"Asia/Manila"), "{zones:?}");
}

#[test]
fn an_arm_with_a_date_is_published_then_and_events_are_changed_by_name() {
    let text = format!(
        "{ACME}\n[[event]]\nname = \"trip\"\nat = \"2026-03-05T08:00\"\ngroups = [\"office\"]\n\
         travel = {{ time_zone = \"Asia/Singapore\", for = \"3d\" }}\n\
         [[arm]]\nname = \"friday\"\nat = \"2026-03-06T17:00+01:00\"\npolicy.allow_device_keychain = true\n\
         [[arm]]\nname = \"longer\"\nevent.trip.travel.for = \"5d\"\n"
    );
    let load = |arm: Option<&str>, sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
        let main = SourceText { label: "s.toml".into(), text: text.as_str().into() };
        let asked = Asked { sets: &sets, arm, then: &[] };
        let read = gathered(main, &Default::default(), asked, &mut fetch);
        read.map(|(scenario, _)| scenario).map_err(|faults| faults.to_string())
    };
    let events = |scenario: &Scenario| {
        scenario.dates.events.iter().map(|event| event.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(events(&load(None, &[]).unwrap()), ["trip"]);
    let friday = load(Some("friday"), &[]).unwrap();
    assert_eq!((events(&friday), friday.dates.changes.len()), (vec!["trip".into(), "friday".into()], 1));
    // It is in force nowhere at the origin.
    assert_eq!(of(&friday, 2, 0).policy.key_access, KeyAccess::AppFlip);
    let back = |scenario: &Scenario| {
        let clock = scenario.clock_of(Member { group: 0, rank: 0 });
        clock.local(scenario.start + Span::DAY * 7).hour()
            != of(scenario, 0, 0).clock.local(scenario.start + Span::DAY * 7).hour()
    };
    assert!(!back(&load(None, &[]).unwrap()) && back(&load(Some("longer"), &[]).unwrap()));
    assert!(back(&load(None, &["event.trip.travel.for=6d"]).unwrap()));
    for (sets, part) in
        [("event.tripp.over=1h", "did you mean `trip`?"), ("event.trip.ovr=1h", "`event.trip.ovr`")]
    {
        let found = load(None, &[sets]).unwrap_err();
        assert!(found.contains(part), "{found}");
    }
    for (arm, part) in [
        ("by = \"mdm_command\"\npolicy.passcode = \"none\"", "that has no date"),
        ("at = \"2026-03-06T17:00\"", "publishes nothing"),
        ("at = \"2026-03-06T17:00\"\nram = \"3 GB\"", "cannot be published on a date"),
        ("at = \"2026-03-06T17:00\"\nmail.align = \"none\"", "cannot be published"),
    ] {
        let text = format!("[[arm]]\nname = \"a\"\n{arm}");
        let main = SourceText { label: "s.toml".into(), text: text.into() };
        let asked = Asked { arm: Some("a"), ..Asked::default() };
        let found =
            gathered(main, &Default::default(), asked, &mut fetch).map(|_| ()).unwrap_err().to_string();
        assert!(found.contains(part), "{arm}\n{found}");
    }
}
