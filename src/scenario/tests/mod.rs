//! Scenarios as users write them, right and wrong.

mod fleet;
mod groups;
mod layers;

use super::*;
use crate::section::Held;
use proptest::prelude::*;

/// A scenario file that may build on the others.
fn layered(files: &[(&str, &str)], sets: &[&str]) -> Result<Scenario, String> {
    let source = |(label, text): &(&str, &str)| SourceText { label: (*label).into(), text: (*text).into() };
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    let mut other = |name: &str, from: &SourceText| match files.iter().find(|(label, _)| *label == name) {
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

#[test]
fn an_empty_text_is_a_scenario() {
    let scenario = text("").unwrap();
    assert_eq!(scenario.devices, 1000);
    assert_eq!(scenario.measured(), Span::DAY * 14);
    assert_eq!(scenario.start, Time::ORIGIN + Span::DAY * 14);
    assert_eq!(scenario.fleet.groups.len(), 1);
}

#[test]
fn a_key_of_0_1_0_is_answered_with_what_to_write_now() {
    refused(
        text("memory.burst_length = \"3m\""),
        r#"
error: `memory.burst_length` is a key of 0.1.0 that is gone
 --> s.toml:1:8
  |
1 | memory.burst_length = "3m"
  |        ^^^^^^^^^^^^
  = help: an app keeps what it has demanded until it ends: take the key out; `burst_after` says how long it is on the screen before it demands it
"#,
    );
    let row = text("[[fleet]]\nwifi = 0.5").unwrap_err();
    assert!(row.contains("`fleet[0].wifi` is a key of 0.1.0") && row.contains("`wifi_at_home`"), "{row}");
    // Of another section it is what it ever was.
    assert!(set("network.wifi=0.5").unwrap_err().contains("has no meaning with"));
    assert!(set("power.burst=0.5").unwrap_err().contains("unknown key"));
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
  = help: nearest are `key_access`, `delivery` or `max_age`; docs/keys.md and `bgsim schema` list all of `policy`
"#,
    );
}

#[test]
fn a_word_for_another_key_and_one_for_what_is_not_modelled_are_answered_as_such() {
    let help = |written: &str| {
        let shown = text(written).unwrap_err();
        assert_eq!(shown.matches("error: ").count(), 1, "{shown}");
        shown.split("= help: ").nth(1).unwrap_or_default().to_string()
    };
    for (written, part) in [
        ("fleet = [{ memory = '3 GB' }]", "write `ram`"),
        ("fleet = [{ count = 600 }]", "write `devices`"),
        ("fleet = [{ Model = 'iPhone 13' }]", "write `hardware`"),
        ("policy.check_interval = '15m'", "write `client.refresh_interval`"),
        ("check_interval = '15m'", "write `client.refresh_interval`"),
        ("policy.allow_realtime_notifications = true", "write `policy.delivery`"),
        ("policy.vip_senders = 3", "not modelled: who sends a mail"),
        ("policy.focus_mode = true", "not modelled: Focus"),
        ("policy.focus = true", "Focus is not modelled"),
        ("client.PreviewType = 'Always'", "not modelled: what a lock screen hides"),
        ("network.roaming = true", "not modelled: roaming"),
        ("client.badge = true", "not modelled: the badge"),
        ("policy.check_in = '60m'", "write `policy.appconnect.check_in_interval`"),
        // What is nearly a key is a slip of the pen.
        ("fleet = [{ mails_per_weekdy = 3 }]", "did you mean `mails_per_weekday`?"),
        ("policy.autolock = '2m'", "did you mean `auto_lock`?"),
        ("fleet = [{ battery_left = 1 }]", "; docs/keys.md and `bgsim schema` list all of `fleet[0]`"),
    ] {
        assert!(help(written).contains(part), "{written}: {}", help(written));
    }
    // Three names, and not all of them.
    assert_eq!(help("fleet = [{ gibberish = 1 }]").matches('`').count(), 10);
}

#[test]
fn an_unknown_section_and_a_key_in_the_wrong_place_are_named() {
    refused(
        text("passcode = \"none\"\n[polcy]\n[network]\nram = 0.5\n"),
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

error: unknown key `network.ram`
 --> s.toml:4:1
  |
4 | ram = 0.5
  | ^^^
  = help: `ram` belongs in a row of `[[fleet]]`
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
fn hostile_values_are_refused() {
    for (value, part) in [
        ("devices=10000001", "from 1 to 10000000"),
        ("devices=-1", "whole number"),
        ("measure=0s", "`measure` is 0s"),
        ("measure=3652d", "10 years"),
        ("warmup=36500d", "`warmup` is 36500d"),
        ("time_zone=Europe/Berln", "the nearest is \"Europe/Berlin\""),
        ("time_zone=GMT+8", "write for example \"Asia/Manila\""),
        ("policy.appconnect.idle_timeout=5m", "write `policy.appconnect.auto_lock`"),
        ("start=1066-10-14", "1066"),
        ("start=2026-02-30", "`start` is not a local time"),
        ("fleet=[]", "1 to 1000 groups"),
        ("fleet=[{weight=0}]", "add up to 0"),
        ("fleet=[{weight=nan}]", "`fleet[0].weight` is NaN"),
        ("fleet=[{weight=-1.0},{}]", "`fleet[0].weight` is -1"),
        ("fleet=[{weight=1e308}]", "cannot be dealt exactly"),
        ("fleet=[{},{session_mu=-3.0}]", "`fleet[1].session_mu` is -3"),
        ("fleet=[{session_mu=inf}]", "`fleet[0].session_mu` is inf"),
        ("fleet=[{unlocks_per_day=5001}]", "from 0 to 5000"),
        ("fleet=[{mail_branching=0.96}]", "from 0 to 0.95"),
        ("fleet=[{apps_in_use=501}]", "from 1 to 500"),
        ("fleet=[{ram=\"1 MB\"}]", "from 256 MB to 1 TB"),
        ("fleet=[{bed=\"1h\"}]", "before waking"),
        ("fleet=[{home_office=1.5}]", "0 to 1"),
        ("habits.refresh=0s", "from 1s"),
        ("network.outage=999ms", "from 1s"),
        ("name=", "1 to 100 characters"),
        ("fleet=3", "list"),
        ("fleet={}", "below its own `[[fleet]]`"),
        ("fleet=[[\"heavy\"]]", "`fleet[0]` must be a table"),
        ("policy=[]", "write it as `[policy]`"),
        ("policy.passcode={none={}}", "the share of `none` in `policy.passcode` must be a number"),
        ("policy.passcode=4", "a name in quotes"),
        ("policy=3", "section"),
    ] {
        let shown = set(value).expect_err(value);
        assert!(shown.contains(part) && shown.contains(" --> --set "), "{value}\n{shown}");
    }
}

#[test]
fn a_parameter_of_another_model_is_refused_unless_a_later_layer_changed_the_model() {
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
    fn any_number_in_any_row_is_refused_or_runs(number in any::<f64>(), which in 5..crate::persona::FleetEntry::SHAPE.keys().len()) {
        let row = crate::persona::FleetEntry::SHAPE.keys()[which].name;
        if let Ok(scenario) = set(&format!("fleet=[{{{row}={number:?}}}]")) {
            prop_assert!(number >= 0.0 && number.is_finite());
            prop_assert_eq!(scenario.fleet.groups[0].weight, 1_000_000_000);
        }
    }
}
