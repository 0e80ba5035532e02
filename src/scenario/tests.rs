//! Scenarios as users write them, right and wrong.

use super::*;
use proptest::prelude::*;
use std::path::Path;

/// A scenario file that may build on the others.
fn layered(files: &[(&str, &str)], sets: &[&str]) -> Result<Scenario, String> {
    let source = |(label, text): &(&str, &str)| Source { label: (*label).into(), text: (*text).into() };
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    let mut other = |name: &str, from: &Source| match files.iter().find(|(label, _)| *label == name) {
        Some(file) => Ok(source(file)),
        None => fetch(name, from),
    };
    read(source(&files[0]), &sets, &mut other).map_err(|faults| faults.to_string())
}

fn text(text: &str) -> Result<Scenario, String> {
    layered(&[("s.toml", text)], &[])
}

fn set(value: &str) -> Result<Scenario, String> {
    layered(&[("s.toml", "")], &[value])
}

#[track_caller]
fn refused(result: Result<Scenario, String>, expected: &str) {
    let shown = result.err().unwrap_or_else(|| "no error".into());
    assert_eq!(shown, expected.trim_matches('\n'), "\n{shown}\n");
}

/// Whether a section has keys at all: its model may be a placeholder while the skeleton grows.
fn grown(section: &str) -> bool {
    toml::Table::try_from(File::default()).unwrap()[section].as_table().is_some_and(|keys| !keys.is_empty())
}

fn all_grown() -> bool {
    ["client", "user", "mail", "scheduler", "memory", "lock", "power"].into_iter().all(grown)
}

#[test]
fn an_empty_text_is_a_scenario() {
    let scenario = text("").unwrap();
    assert_eq!(scenario.devices, 1000);
    assert_eq!(scenario.measured(), Span::DAY * 14);
    assert_eq!(scenario.start, Time::ORIGIN + Span::DAY * 14);
    assert_eq!(scenario.fleet.len(), 1);
}

#[test]
fn unknown_keys_are_all_named_with_the_nearest() {
    refused(
        text("devices = 5\n[policy]\nkeychain_clas = \"when_unlocked\"\n\tgibberish = 1\n"),
        r#"
error: unknown key `policy.keychain_clas`
 --> s.toml:3:1
  |
3 | keychain_clas = "when_unlocked"
  | ^^^^^^^^^^^^^
  = help: did you mean `keychain_class`?

error: unknown key `policy.gibberish`
 --> s.toml:4:2
  |
4 |  gibberish = 1
  |  ^^^^^^^^^
  = help: `policy` knows `key_access`, `allow_device_keychain`, `keychain_class`, `max_age`, `passcode`, `auto_lock`, `keychain_lock_grace`, `background_app_refresh`, `working_hours`
"#,
    );
}

#[test]
fn an_unknown_section_and_a_key_in_the_wrong_place_are_named() {
    refused(
        text("passcode = \"none\"\n[polcy]\n[network]\nwifi = 0.5\n"),
        r#"
error: unknown key or section `passcode`
 --> s.toml:1:1
  |
1 | passcode = "none"
  | ^^^^^^^^
  = help: `passcode` belongs in `[policy]`

error: unknown key or section `polcy`
 --> s.toml:2:2
  |
2 | [polcy]
  |  ^^^^^
  = help: did you mean `policy`?

error: unknown key `network.wifi`
 --> s.toml:4:1
  |
4 | wifi = 0.5
  | ^^^^
  = help: `wifi` belongs in a row of `[[fleet]]`
"#,
    );
}

#[test]
fn a_wrong_value_says_what_was_found_and_what_would_be_right() {
    refused(
        text("devices = \"many\"\nwarmup = 14\nmeasure = \"14 days\"\n[policy]\npasscode = \"six-digits\"\n"),
        r#"
error: `devices` must be a whole number, 0 or more, but is a text "many"
 --> s.toml:1:11
  |
1 | devices = "many"
  |           ^^^^^^

error: `warmup` must be a length of time with its unit, such as "15m" or "2h 30m", but is an integer `14`
 --> s.toml:2:10
  |
2 | warmup = 14
  |          ^^

error: in `measure`: `14 days` is not a length of time; write for example "15m", "2h 30m" or "28d" (units: d, h, m, s, ms; d is 24 h)
 --> s.toml:3:11
  |
3 | measure = "14 days"
  |           ^^^^^^^^^

error: `six-digits` is not a value of `policy.passcode`
 --> s.toml:5:12
  |
5 | passcode = "six-digits"
  |            ^^^^^^^^^^^^
  = help: did you mean `six_digits`?
"#,
    );
}

#[test]
fn broken_toml_has_its_place() {
    let shown = text("devices = 5\nseed = = 1\n").unwrap_err();
    assert!(shown.starts_with("error: this is not TOML: ") && shown.contains(" --> s.toml:2:8\n"), "{shown}");
    let shown = text("devices = 5\ndevices = 6\n").unwrap_err();
    assert!(shown.contains("duplicate key") && shown.contains(" --> s.toml:2:1\n"), "{shown}");
    let shown = text("seed = 99999999999999999999").unwrap_err();
    assert!(shown.contains("does not fit into 64 bits"), "{shown}");
    let shown = text(&format!("{}x = 1", "a.".repeat(100_000))).unwrap_err();
    assert!(shown.contains("recurs"), "{shown}");
}

#[test]
fn an_error_in_a_base_names_the_base() {
    let files = [("s.toml", "extends = \"base.toml\"\n"), ("base.toml", "\ndevices = 0\n")];
    refused(
        layered(&files, &[]),
        r#"
error: `devices` is 0; it must lie from 1 to 10000000
 --> base.toml:2:11
  |
2 | devices = 0
  |           ^
"#,
    );
}

#[test]
fn an_error_in_a_set_shows_the_flag() {
    refused(
        set("policy.auto_lok=2m"),
        r#"
error: unknown key `policy.auto_lok`
 --> --set policy.auto_lok=2m:1:8
  |
1 | policy.auto_lok = "2m"
  |        ^^^^^^^^
  = help: did you mean `auto_lock`?
"#,
    );
    for wrong in ["", "devices", "=3", "[x]=3", "a\nb=3", "extends=a.toml", "devices=1=2", "a b=1", "]=1"] {
        assert!(set(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn the_last_layer_wins_and_lists_replace() {
    let base =
        "devices = 1\nseed = 1\n[policy]\nauto_lock = \"1m\"\npasscode = \"none\"\n[[fleet]]\n[[fleet]]\n";
    let main = "extends = \"base.toml\"\ndevices = 2\n[policy]\nauto_lock = \"3m\"\n[[fleet]]\nweight = 2\n";
    let files = [("s.toml", main), ("base.toml", base)];
    let scenario = layered(&files, &["devices=3", "devices=4", "policy.auto_lock=4m"]).unwrap();
    assert_eq!((scenario.devices, scenario.seed, scenario.fleet.len()), (4, 1, 1));
    assert_eq!(scenario.policy.auto_lock, Span::MINUTE * 4);
    assert_eq!(scenario.policy.passcode, policy::Passcode::None);
}

#[test]
fn a_set_value_needs_no_quotes() {
    assert_eq!(set("warmup=2h 30m").unwrap().start, Time::ORIGIN + Span::MINUTE * 150);
    assert_eq!(set("name=Mary \"the\" \\1").unwrap().name, "Mary \"the\" \\1");
    assert_eq!(set("time_zone = America/New_York").unwrap().measured(), Span::DAY * 14);
    assert_eq!(set("start=2026-07-01").unwrap().clock.unix_ms(Time::ORIGIN), 1_781_647_200_000);
    assert_eq!(set("fleet=[{persona='heavy'},{}]").unwrap().fleet.len(), 2);
    assert!(set("policy.working_hours={from=08:00,to=18:00}").unwrap().policy.working_hours.is_some());
}

#[test]
fn a_part_of_working_hours_may_come_from_another_layer() {
    let main = "policy.working_hours = { from = \"08:00\", to = \"18:00\" }";
    let scenario = layered(&[("s.toml", main)], &["policy.working_hours.from=07:30"]).unwrap();
    assert_eq!(scenario.policy.working_hours.unwrap().from, policy::TimeOfDay::new(7, 30));
    refused(
        set("policy.working_hours.from=07:30"),
        r#"
error: `policy.working_hours` lacks its key `to`
 --> --set policy.working_hours.from=07:30:1:8
  |
1 | policy.working_hours.from = 07:30
  |        ^^^^^^^^^^^^^
"#,
    );
    // The key that was named already does not count as missing too.
    let shown = text("policy.working_hours = { from = \"25:00\", to = \"18:00\" }").unwrap_err();
    assert_eq!(shown.matches("error:").count(), 1, "{shown}");
}

#[test]
fn the_later_spelling_of_key_access_wins_and_a_contradiction_is_an_error() {
    let main = "policy.allow_device_keychain = false";
    let scenario = layered(&[("s.toml", main)], &["policy.key_access=os_protection"]).unwrap();
    assert_eq!(scenario.policy.key_access, policy::KeyAccess::OsProtection);
    let shown =
        text("[policy]\nallow_device_keychain = false\nkey_access = \"device_keychain\"").unwrap_err();
    assert!(shown.contains("contradicts") && shown.contains(" --> s.toml:2:25\n"), "{shown}");
    let spelled = [set("policy.allow_device_keychain=true"), set("policy.key_access=device_keychain")];
    let [one, other] = spelled.map(|scenario| scenario.unwrap().sha256());
    assert_eq!(one, other);
}

#[test]
fn bases_that_go_round_or_too_deep_are_refused() {
    let files = [("a.toml", "extends = \"b.toml\""), ("b.toml", "# b\nextends = \"a.toml\"")];
    refused(
        layered(&files, &[]),
        r#"
error: `a.toml` builds on itself
 --> b.toml:2:11
  |
2 | extends = "a.toml"
  |           ^^^^^^^^
"#,
    );
    let names: Vec<(String, String)> =
        (0..12).map(|n| (format!("{n}"), format!("extends = \"{}\"", n + 1))).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert!(layered(&files, &[]).unwrap_err().contains("more than 8 files"));
}

#[test]
fn hostile_values_are_refused() {
    for (value, part) in [
        ("devices=10000001", "from 1 to 10000000"),
        ("devices=-1", "whole number"),
        ("measure=0s", "`measure` is 0s"),
        ("measure=3652d", "10 years"),
        ("warmup=36500d", "`warmup` is 36500d"),
        ("time_zone=Europe/Berln", "the nearest is \"Europe/Berlin\""),
        ("start=1066-10-14", "1066"),
        ("start=2026-02-30", "start"),
        ("fleet=[]", "1 to 1000 rows"),
        ("fleet=[{weight=0}]", "add up to 0"),
        ("fleet=[{weight=nan}]", "`fleet[0].weight` is NaN"),
        ("fleet=[{weight=-1.0},{}]", "`fleet[0].weight` is -1"),
        ("fleet=[{weight=1e308},{weight=1e308}]", "add up to inf"),
        ("fleet=[{},{session_mu=-3.0}]", "`fleet[1].session_mu` is -3"),
        ("fleet=[{session_mu=inf}]", "`fleet[0].session_mu` is inf"),
        ("fleet=[{unlocks_per_day=5001}]", "from 0 to 5000"),
        ("fleet=[{mail_branching=0.96}]", "from 0 to 0.95"),
        ("fleet=[{apps_in_use=501}]", "from 1 to 500"),
        ("fleet=[{ram=\"1 MB\"}]", "from 256 MB to 1 TB"),
        ("fleet=[{bed=\"1h\"}]", "before waking"),
        ("fleet=[{wifi=1.5}]", "0 to 1"),
        ("habits.refresh=0s", "from 1s"),
        ("network.wifi_stay=999ms", "from 1s"),
        ("name=", "1 to 100 characters"),
        ("fleet=3", "list"),
        ("policy=3", "section"),
    ] {
        let shown = set(value).expect_err(value);
        assert!(shown.contains(part) && shown.contains(" --> --set "), "{value}\n{shown}");
    }
}

#[test]
fn a_parameter_of_another_model_is_refused_unless_a_later_layer_changed_the_model() {
    if !all_grown() {
        return;
    }
    refused(
        text("[scheduler]\nmodel = \"das\"\nevery = \"15m\"\n"),
        r#"
error: `scheduler.every` has no meaning with `scheduler.model = "das"`
 --> s.toml:3:9
  |
3 | every = "15m"
  |         ^^^^^
  = help: it belongs to the model `periodic`; set that, or take the key out
"#,
    );
    refused(
        text("[scheduler]\nmodel = \"periodic\"\n"),
        r#"
error: the model `periodic` of `[scheduler]` needs `every`
 --> s.toml:2:9
  |
2 | model = "periodic"
  |         ^^^^^^^^^^
"#,
    );
    let main = [("s.toml", "[scheduler]\nmodel = \"periodic\"\nevery = \"15m\"\n")];
    assert!(layered(&main, &[]).is_ok());
    assert!(layered(&main, &["scheduler.model=das"]).is_ok());
    assert!(layered(&main, &["scheduler.model=poisson", "scheduler.mean=1h"]).is_ok());
    assert!(layered(&main, &["scheduler.mean=1h"]).unwrap_err().contains("`scheduler.mean` has no meaning"));
    assert!(layered(&main, &["scheduler.every=0s"]).unwrap_err().contains("from 1s"));
    assert!(set("scheduler.every=15m").is_err());
}

#[test]
fn effective_reads_back_as_the_same_scenario() {
    let berlin = set("policy.working_hours={from=\"08:00\",to=\"18:00\"}").unwrap();
    let dst = set("start=2026-03-29T02:30").unwrap();
    for scenario in [text("").unwrap(), berlin, dst] {
        let again = text(&scenario.effective).unwrap();
        assert_eq!(format!("{scenario:?}"), format!("{again:?}"));
        assert_eq!(scenario.sha256(), again.sha256());
        assert_eq!(scenario.sha256().len(), 64);
    }
    let seeds = [set("seed=1").unwrap().sha256(), set("seed=2").unwrap().sha256()];
    assert_ne!(seeds[0], seeds[1]);
    assert_eq!(seeds[0], text("").unwrap().sha256());
}

#[test]
fn a_start_that_the_clock_skips_moves_on() {
    let scenario = set("start=2026-03-29T02:30").unwrap();
    let shown = scenario.clock.local(scenario.start);
    assert_eq!((shown.hour(), shown.ms / 60_000 % 60), (3, 30));
    // Over the change the warm-up is still 14 times 24 hours.
    assert_eq!(scenario.clock.local(Time::ORIGIN).hour(), 2 + usize::from(false));
}

#[test]
fn bundled_scenarios_are_the_files_there_are_and_load() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let mut names: Vec<String> = BUNDLED.iter().map(|bundled| format!("{}.toml", bundled.name)).collect();
    names.sort();
    assert_eq!(files, names);
    for bundled in BUNDLED {
        assert!(bundled.question().ends_with('?'), "{}", bundled.name);
        assert!(bundled.text.starts_with("# "), "{}", bundled.name);
        let pending = ["[power]", "[user]"].iter().any(|section| bundled.text.contains(section));
        match load(bundled.name, &[]) {
            Ok(scenario) => {
                assert_eq!(scenario.name, bundled.name);
                let again = text(&scenario.effective).unwrap();
                assert_eq!(format!("{scenario:?}"), format!("{again:?}"));
            }
            Err(faults) => assert!(pending && !all_grown(), "{faults}"),
        }
    }
    assert_eq!(load("email-plus", &[]).unwrap().fleet.len(), 3);
}

#[test]
fn the_text_to_start_from_loads() {
    text(&init_text()).unwrap();
}

#[test]
fn files_are_found_beside_the_file_that_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let fault = |path: &str| load(path, &[]).expect_err(path).to_string();
    write("deep/base.toml", b"extends = \"device-keychain\"\ndevices = 7");
    let main = write("main.toml", b"extends = \"deep/base.toml\"\nname = \"main\"");
    let scenario = load(&main, &["seed=3".into()]).unwrap();
    assert_eq!((scenario.devices, scenario.seed, scenario.fleet.len()), (7, 3, 3));

    let cycle = write("cycle.toml", b"extends = \"./cycle.toml\"");
    assert!(fault(&cycle).contains("builds on itself"));
    assert!(fault(&write("bad.toml", b"# one\n# two\n# \xff\n")).contains("not UTF-8 text (line 3)"));
    assert!(fault(&write("big.toml", &[b'\n'; (1 << 20) + 1])).contains("larger than 1 MiB"));
    assert!(fault(&folder.path().display().to_string()).contains("is a folder"));
    let typo = folder.path().join("mian.toml").display().to_string();
    assert!(fault(&typo).contains(&format!("did you mean `{main}`?")), "{}", fault(&typo));
    assert!(fault("device-keychian").contains("did you mean the bundled `device-keychain`?"));
    assert!(fault("xyzzy").contains("bundled scenarios are email-plus, "));
    let nowhere = fault(&write("nowhere.toml", b"\nextends = \"email-plsu\""));
    assert!(nowhere.contains("bundled `email-plus`") && nowhere.contains("nowhere.toml:2:11"), "{nowhere}");
}

proptest! {
    #[test]
    fn no_text_panics(noise in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for noise in [&noise, &*String::from_utf8_lossy(&bytes)] {
            let _ = text(noise);
            let _ = set(noise);
            let _ = set(&format!("policy.auto_lock={noise}"));
        }
    }

    #[test]
    fn no_mutation_of_a_scenario_panics(
        which in 0..BUNDLED.len(),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<char>(), any::<bool>()), 1..6),
    ) {
        let mut chars: Vec<char> = BUNDLED[which].text.chars().collect();
        for (place, with, insert) in edits {
            let place = place.index(chars.len());
            // Mostly what TOML is made of, or every mutation would end in the first parser.
            let with = match with as u32 % 16 { n @ 0..=9 => char::from(b"\"[]{}=.,\n0"[n as usize]), _ => with };
            if insert { chars.insert(place, with) } else { chars[place] = with }
        }
        let mutated: String = chars.into_iter().collect();
        let _ = text(&mutated);
    }

    #[test]
    fn any_number_in_any_row_is_refused_or_runs(number in any::<f64>(), which in 0..crate::persona::NUMBERS.len()) {
        let row = crate::persona::NUMBERS[which].key;
        if let Ok(scenario) = set(&format!("fleet=[{{{row}={number:?}}}]")) {
            prop_assert!(number >= 0.0 && number.is_finite());
            prop_assert_eq!(scenario.fleet[0].0, 1.0);
        }
    }
}
