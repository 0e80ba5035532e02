//! Findings: each has its scenario, and scenarios that are well have none.

use crate::snapshot;
use bgsim::lint::{CODES, Finding, Severity, lint};
use bgsim::report::lint_text;
use bgsim::report::paint::Screen;
use bgsim::scenario::{self, Asked, BUNDLED, init_text};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};
use tempfile::TempDir;

fn findings(text: &str) -> Vec<Finding> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.toml");
    fs::write(&path, text).unwrap();
    lint(
        &scenario::load_without_traces(path.to_str().unwrap(), Asked::default())
            .unwrap_or_else(|e| panic!("{e}")),
    )
}

fn codes(text: &str) -> Vec<&'static str> {
    findings(text).iter().map(|finding| finding.code.code).collect()
}

/// A scenario for every code, with all that it is found for.
const CASES: &[(&str, &[&str])] = &[
    (
        "[policy]\ndelivery = \"push_badge_then_sync\"\nkey_access = \"os_protection\"\npasscode = \"alphanumeric\"\nbackground_app_refresh = false",
        &["push_wakes_nobody"],
    ),
    ("[policy]\nproduct = \"email_plus_cns\"", &["push_without_key"]),
    ("[policy]\nallow_device_keychain = true\npasscode = \"none\"", &["passcode_none"]),
    ("[policy]\nkey_access = \"os_protection\"\npasscode = \"none\"", &["passcode_none"]),
    ("[policy]\nkey_access = \"os_protection\"\npasscode = \"four_digits\"", &["passcode_not_strong"]),
    ("[policy]\nkey_access = \"background_authorize\"", &["passcode_six_digits"]),
    (
        "[policy]\nallow_device_keychain = true\nkeychain_class = \"when_passcode_set\"\npasscode = \"none\"",
        &["key_never_stored"],
    ),
    (
        "[policy]\nallow_device_keychain = true\nkeychain_class = \"after_first_unlock\"\npasscode = \"alphanumeric\"",
        &["class_weaker_than_needed"],
    ),
    (
        "[policy]\nallow_device_keychain = true\npasscode = \"alphanumeric\"",
        &["class_without_passcode_guard"],
    ),
    ("policy.working_hours = { from = \"08:00\", to = \"18:00\" }", &["working_hours_cannot_be_verified"]),
    (
        "client.key_in_memory = \"while_process_lives\"\n[policy]\nworking_hours = { from = \"08:00\", to = \"18:00\" }",
        &[],
    ),
    (
        "client.key_in_memory = \"while_process_lives\"\n[policy]\nworking_hours = { days = [], from = \"08:00\", to = \"18:00\" }",
        &["working_hours_empty"],
    ),
    (
        "client.key_in_memory = \"while_process_lives\"\n[policy]\nworking_hours = { from = \"08:00\", to = \"08:00\" }",
        &["working_hours_whole_day"],
    ),
    ("start = \"2026-03-29T02:30:00\"", &["start_ambiguous"]),
    ("start = \"2026-10-25T02:30:00\"", &["start_ambiguous"]),
    ("start = \"2026-03-29T03:00:00\"", &[]),
    (
        "measure = \"7d\"\nstart = \"2026-03-28T00:00\"\n[[event]]\nname = \"a\"\nat = \"2026-03-29T02:30\"\nrestart = true",
        &["time_ambiguous"],
    ),
    (
        "measure = \"7d\"\nstart = \"2026-10-24T00:00\"\n[[event]]\nname = \"a\"\nat = \"2026-10-25T02:30\"\nrestart = true",
        &["time_ambiguous"],
    ),
    (
        "measure = \"7d\"\nstart = \"2026-10-24T00:00\"\n[[event]]\nname = \"a\"\nat = \"2026-10-25T02:30+01:00\"\nrestart = true",
        &[],
    ),
    // By the clock of the group that it concerns.
    (
        "measure = \"7d\"\nstart = \"2026-03-28T00:00\"\n[[fleet]]\nname = \"b\"\n[[fleet]]\nname = \"m\"\ntime_zone = \"Asia/Manila\"\n[[event]]\nname = \"a\"\nat = \"2026-03-29T02:30\"\ngroups = [\"m\"]\nrestart = true",
        &[],
    ),
    // Both ends lie in the hour that is skipped, on the one night; in the second case of a Saturday's hours.
    (
        "start = \"2026-03-28T00:00\"\n[policy]\nallow_device_keychain = true\npasscode = \"alphanumeric\"\nkeychain_class = \"when_passcode_set\"\nworking_hours = \"daily 02:15-02:45\"",
        &["time_ambiguous", "time_ambiguous"],
    ),
    (
        "start = \"2026-03-28T00:00\"\n[policy]\nallow_device_keychain = true\npasscode = \"alphanumeric\"\nkeychain_class = \"when_passcode_set\"\nworking_hours = \"sat 22:00-02:30\"",
        &["time_ambiguous"],
    ),
    (
        "start = \"2026-03-28T00:00\"\n[policy]\nallow_device_keychain = true\npasscode = \"alphanumeric\"\nkeychain_class = \"when_passcode_set\"\nworking_hours = \"mon-fri 02:15-02:45\"",
        &[],
    ),
    (
        "start = \"2026-03-28T00:00\"\n[policy]\nallow_device_keychain = true\npasscode = \"alphanumeric\"\nkeychain_class = \"when_passcode_set\"\nworking_hours = { days = [\"sun\"], from = \"02:15\", to = \"03:15\", zone = \"Asia/Manila\" }",
        &[],
    ),
    ("start = \"2026-03-29T02:30:00\"\ntime_zone = \"UTC\"", &[]),
    ("policy.background_app_refresh = false", &["background_app_refresh_off"]),
    ("client.check_duration = \"31s\"", &["check_longer_than_slot", "outside_plausible_range"]),
    ("warmup = \"0s\"", &["no_measured_habits"]),
    ("measure = \"5d\"", &["part_of_a_week"]),
    ("measure = \"21d\"", &[]),
    ("habits.profile = \"ios27\"", &["ios27_as_ios26"]),
    ("warmup = \"0s\"\nscheduler.model = \"never\"", &[]),
    ("[[fleet]]\nweight = 0\n[[fleet]]\npersona = \"heavy\"", &["fleet_row_unused"]),
    ("power.first_charge = \"1 %\"", &["outside_plausible_range"]),
    ("policy.keychain_class = \"after_first_unlock\"", &["no_effect"]),
    ("policy.keychain_class = \"when_unlocked\"", &[]),
    ("policy.max_age = \"1h\"", &["no_effect"]),
    ("policy.keychain_lock_grace = \"0s\"", &["no_effect"]),
    ("policy.auto_lock = \"30s\"", &[]),
    ("policy.auto_lock = \"30s\"\nlock.model = \"always_locked\"", &["no_effect"]),
    (
        "client.refresh_interval = \"30m\"\nscheduler = { model = \"periodic\", every = \"15m\" }",
        &["no_effect"],
    ),
    (
        "policy.background_app_refresh = false\nscheduler = { model = \"periodic\", every = \"15m\" }",
        &["no_effect"],
    ),
    (
        "client.key_in_memory = \"while_process_lives\"\n[policy]\nkey_access = \"os_protection\"\nkeychain_class = \"after_first_unlock\"\npasscode = \"alphanumeric\"",
        &["no_effect"],
    ),
    ("[[expect]]\nname = \"soon\"\nassert = [\"delay(not_scheduled) < 1h\"]", &["changed_since_0_1"]),
    ("[[expect]]\nname = \"few\"\nassert = [\"notifications(total) >= 0\"]", &["changed_since_0_1"]),
    ("[[expect]]\nname = \"told\"\nassert = [\"mail.outcomes.notified >= 0\"]", &["changed_since_0_1"]),
    ("[[expect]]\nname = \"told\"\nassert = [\"outcomes( on_open ) >= 0\"]", &["changed_since_0_1"]),
    ("memory.model = \"off\"\n[[fleet]]\nram = \"4 GB\"", &["no_effect"]),
    (
        "policy.product = \"email_plus_ens\"\n[push]\nbackground_spacing = \"20m\"\nextension.memory_kill = 0.1\nexpiry = \"2d\"",
        &["no_effect", "no_effect"],
    ),
    ("[push]\nsubscription.deaths_per_year = 5", &["no_effect"]),
    ("policy.product = \"email_plus_ens\"\npush.detail_route = \"extension\"", &["no_effect"]),
    (
        "policy.delivery = \"push_interval\"\npush.detail_route = \"extension\"",
        &["push_without_key", "no_effect"],
    ),
    ("policy.product = \"outlook\"\npush.outside_hours = \"all\"", &["passcode_six_digits", "no_effect"]),
    (
        "[policy]\nproduct = \"email_plus_ens\"\nworking_hours = \"daily 08:00-18:00\"\n[push]\noutside_hours = \"all\"\nvip = 0.1",
        &["no_effect"],
    ),
    (
        "[policy]\nproduct = \"email_plus_ens\"\nworking_hours = \"daily 08:00-18:00\"\n[push]\noutside_hours = \"vip\"\nvip = 0.1",
        &[],
    ),
    (
        "policy.product = \"email_plus_cns\"\npush.extension.start = \"1s\"",
        &["push_without_key", "no_effect"],
    ),
    (
        "policy.product = \"email_plus_cns\"\npush.extension.start = \"1s\"\npush.detail_route = \"extension\"",
        &["push_without_key"],
    ),
    (
        "[policy]\nproduct = \"email_plus_cns\"\nworking_hours = \"daily 08:00-18:00\"\n[push]\noutside_hours = \"vip\"",
        &["push_without_key", "cns_keeps_hours"],
    ),
    ("[policy]\nproduct = \"email_plus_cns\"\nworking_hours = \"daily 08:00-18:00\"", &["push_without_key"]),
    // What a push shows keeps the server's hours, and the system's own client needs no key of this one.
    ("[policy]\ndelivery = \"system_longpoll\"\nworking_hours = \"daily 08:00-18:00\"", &[]),
    ("[policy]\ndelivery = \"system_fetch\"\nworking_hours = \"daily 08:00-18:00\"", &[]),
    ("[policy]\ndelivery = \"push_extension\"\nworking_hours = \"daily 08:00-18:00\"", &[]),
    (
        "[policy]\ndelivery = \"push_interval\"\nworking_hours = \"daily 08:00-18:00\"",
        &["working_hours_cannot_be_verified", "push_without_key"],
    ),
    ("[[event]]\nname = \"down\"\nat = \"2026-03-02T10:00\"\nno_push = \"2h\"", &["no_effect"]),
    (
        "policy.product = \"email_plus_ens\"\n[[event]]\nname = \"down\"\nat = \"2026-03-02T10:00\"\nno_push = \"2h\"",
        &[],
    ),
    ("", &[]),
];

/// What a push shows decides what is left where the client it is to wake has no key, or may not be woken.
#[test]
fn of_a_push_that_shows_nothing_nothing_is_said_to_be_shown() {
    for (delivery, shows) in [
        ("push_interval", "shows nothing by itself"),
        ("push_badge_then_sync", "a number on the icon"),
        ("push_generic_then_detail", "says that something came"),
    ] {
        let found = findings(&format!("policy.delivery = \"{delivery}\""));
        assert_eq!(found.len(), 1);
        assert!(found[0].reason.contains(shows), "{}", found[0].reason);
    }
    let off = "[policy]\ndelivery = \"push_interval\"\nbackground_app_refresh = false";
    let found = findings(off).into_iter().find(|found| found.code.code == "push_wakes_nobody").unwrap();
    assert!(found.reason.contains("shows nothing"), "{}", found.reason);
}

#[test]
fn of_what_could_not_be_read_nothing_is_said_to_be_found() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("bad.toml"), "policy.delivery = 7").unwrap();
    let said = String::from_utf8(bgsim(&folder, &["lint", "bad.toml"]).stdout).unwrap();
    assert!(said.contains("0 of 1 scenarios could be read"), "{said}");
    assert!(!said.contains("nothing found"), "{said}");
}

/// Where a file has arms, only its reference is looked at, and that is said.
#[test]
fn arms_that_are_not_looked_at_are_named() {
    let folder = TempDir::new().unwrap();
    let said = |words: &[&str]| {
        let said = String::from_utf8(bgsim(&folder, words).stdout).unwrap();
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let named = "Of arms only the reference was looked at; the others: --arm key, --arm push, --arm both.";
    assert!(said(&["lint", "key-and-push"]).contains(named));
    for words in [&["lint", "key-and-push", "--arm", "push"][..], &["lint", "email-plus"]] {
        assert!(!said(words).contains("Of arms"), "{words:?}");
    }
}

#[test]
fn each_code_is_found_where_it_should_be_and_nowhere_else() {
    for (text, expected) in CASES {
        assert_eq!(&codes(text), expected, "\n{text}");
    }
    let found: BTreeSet<&str> = CASES.iter().flat_map(|(_, codes)| codes.iter().copied()).collect();
    let known: BTreeSet<&str> = CODES.iter().map(|code| code.code).collect();
    assert_eq!(found, known);
}

#[test]
fn what_is_bundled_has_only_the_findings_that_it_is_about() {
    for bundled in BUNDLED {
        let found = lint(&scenario::load_without_traces(bundled.name, Asked::default()).unwrap());
        let worst = found.iter().map(|finding| finding.code.severity).max().unwrap_or(Severity::Info);
        let expected = match bundled.name {
            "weak-passcode" => Severity::Error,
            "after-first-unlock"
            | "reboot-at-03"
            | "new-phone"
            | "no-background-refresh"
            | "two-shifts"
            | "ews-retired" => Severity::Warning,
            _ => Severity::Info,
        };
        assert_eq!(worst, expected, "{}", bundled.name);
    }
    assert_eq!(codes(&init_text()), [""; 0]);
}

fn bgsim(folder: &TempDir, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(folder).args(args).output().unwrap()
}

#[test]
fn findings_read_as_they_did() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("base.toml"), "policy.allow_device_keychain = true\n").unwrap();
    fs::write(
        folder.path().join("weak.toml"),
        "extends = \"base.toml\"\n\n[policy]\npasscode = \"four_digits\"\n",
    )
    .unwrap();
    let idle = "warmup = \"1d\"\n\n[policy]\nkeychain_class = \"after_first_unlock\" # meant well\nmax_age = \"12h\"\nworking_hours = { from = \"08:00\", to = \"18:00\" }\n\n[memory]\nmodel = \"off\"\n\n[[fleet]]\nram = \"3 GB\"\n";
    fs::write(folder.path().join("idle.toml"), idle).unwrap();
    for name in ["weak", "idle"] {
        let shown = bgsim(&folder, &["lint", &format!("{name}.toml")]);
        assert_eq!(shown.status.code(), Some(2));
        snapshot::text(&format!("lint-{name}"), &String::from_utf8(shown.stdout).unwrap());
    }
}

#[test]
fn the_exit_code_follows_the_severity_and_unreadable_files_come_first() {
    let folder = TempDir::new().unwrap();
    let code = |args: &[&str]| bgsim(&folder, args).status.code();
    assert_eq!(code(&["lint", "email-plus"]), Some(0));
    assert_eq!(code(&["lint", "device-keychain"]), Some(0));
    assert_eq!(code(&["lint", "device-keychain", "--severity", "info"]), Some(2));
    assert_eq!(code(&["lint", "new-phone"]), Some(2));
    assert_eq!(code(&["lint", "new-phone", "--severity", "error"]), Some(0));
    assert_eq!(code(&["lint", "weak-passcode", "missing.toml"]), Some(1));
    let told = bgsim(&folder, &["lint", "email-plus", "missing.toml"]);
    let stdout = String::from_utf8(told.stdout).unwrap();
    assert!(stdout.starts_with("1 of 2 scenarios could be read: nothing found\n"), "{stdout}");
    assert!(stdout.contains("What matters most is not known"), "{stdout}");
    assert!(String::from_utf8(told.stderr).unwrap().starts_with("error: there is no file `missing.toml`"));
    // Where a server writes what is shown, nothing waits for a refresh.
    let told = bgsim(&folder, &["lint", "email-plus", "--set", "policy.product=outlook"]);
    let stdout = String::from_utf8(told.stdout).unwrap();
    assert!(stdout.contains("email-plus: ") && !stdout.contains("What matters most"), "{stdout}");
    assert_eq!(code(&["lint"]), Some(1));
    assert_eq!(code(&["lint", "--list"]), Some(0));
}

#[test]
fn json_names_the_place_and_the_code() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.toml"), "[policy]\nmax_age = \"1h\"\n").unwrap();
    let shown: Value = serde_json::from_slice(
        &bgsim(&folder, &["lint", "a.toml", "new-phone", "missing.toml", "--json"]).stdout,
    )
    .unwrap();
    let first = &shown["findings"][0];
    assert_eq!(
        (&first["code"], &first["file"], &first["line"], &first["column"]),
        (&"no_effect".into(), &"a.toml".into(), &2.into(), &11.into())
    );
    assert_eq!(shown["unreadable"][0]["file"], "missing.toml");
    assert_eq!(shown["counts"]["warning"], 2);
    let list: Value = serde_json::from_slice(&bgsim(&folder, &["lint", "--list", "--json"]).stdout).unwrap();
    assert_eq!(list["codes"].as_array().unwrap().len(), CODES.len());
    assert!(CODES.iter().all(|code| lint_text::list(Screen::PAPER).contains(&format!("[{}]", code.code))));
}

/// A run warns of what the lint finds, in every scenario there is one for.
#[test]
fn a_run_and_the_lint_agree() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.toml");
    let of_lint = |output: Output| -> Vec<String> {
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = json["findings"].as_array().unwrap().iter();
        let grave = findings.filter(|finding| finding["severity"] != "info");
        // What is a matter of spelling is no matter of a run.
        let grave =
            grave.filter(|finding| finding["code"] != "no_effect" && finding["code"] != "fleet_row_unused");
        grave.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    };
    let of_run = |output: Output| -> Vec<String> {
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        json["warnings"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
    };
    let short = "measure = \"1d\"\ndevices = 1\n";
    let both = |text: &str| {
        fs::write(&path, text).unwrap();
        let linted = of_lint(bgsim(&folder, &["lint", "s.toml", "--json"]));
        (linted, of_run(bgsim(&folder, &["run", "s.toml", "--json"])))
    };
    for (text, _) in CASES {
        let short = if text.contains("measure") { "devices = 1\n" } else { short };
        let (linted, warned) = both(&format!("{short}{text}"));
        assert_eq!(linted, warned, "{text}");
    }
    // What is the same warns of the same, however it is written.
    fs::write(&path, format!("{short}extends = \"periodic-15m\"\n")).unwrap();
    let printed = bgsim(&folder, &["run", "s.toml", "--print-config"]).stdout;
    let plain = of_run(bgsim(&folder, &["run", "s.toml", "--json"]));
    assert_eq!(both(&String::from_utf8(printed).unwrap()).1, plain);
    // What the run used to miss, and what it used to say although the key stays in memory.
    let passcode = "policy = { key_access = \"background_authorize\", passcode = \"four_digits\" }";
    assert_eq!(both(&format!("{short}{passcode}")).1, ["passcode_not_strong"]);
    let hours = "client.key_in_memory = \"while_process_lives\"\n\
                 policy.working_hours = { from = \"08:00\", to = \"18:00\" }";
    assert_eq!(both(&format!("{short}{hours}")).1, [""; 0]);
}

#[test]
fn what_if_questions_need_no_file_of_their_own() {
    let run = |words: &[&str]| Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap();
    let out = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    let none = ["--set", "policy.passcode=none"];
    let found = run(&[&["lint", "device-keychain"], &none[..]].concat());
    assert!(found.status.code() == Some(2) && out(&found).contains("passcode_none"), "{found:?}");
    let seldom = ["lint", "email-plus", "--devices", "1", "--severity", "error"];
    assert!(out(&run(&seldom)).contains("fleet_row_unused"));
    let table = run(&[&["table", "device-keychain", "--json"], &none[..]].concat());
    assert!(out(&table).contains("\"passcode\": \"none\""));
    let numbers = run(&["assumptions", "email-plus", "--json", "--set", "client.check_energy_mah=0.7"]);
    assert!(out(&numbers).contains("0.7"));
    for verb in ["table", "assumptions"] {
        let found = run(&[verb, "--set", "policy.passcode=none"]);
        assert_eq!(found.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&found.stderr).contains("`--set` changes a scenario"));
    }
}

/// What a promise cannot mean is no finding: the file cannot be read, as `test` says.
#[test]
fn a_promise_that_means_nothing_is_refused_as_by_the_other_verbs() {
    let folder = TempDir::new().unwrap();
    for (promise, part) in
        [("outcomes(quiet) <= 40 %", "`held_back(total)`"), ("bogus(foo) >= 40 %", "no figure `bogus`")]
    {
        let text = format!("[[expect]]\nname = \"a\"\nassert = [\"{promise}\"]\n");
        std::fs::write(folder.path().join("s.toml"), text).unwrap();
        let output = bgsim(&folder, &["lint", "s.toml"]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && told.contains(part), "{told}");
    }
}

/// A setting of the command line that a group had otherwise is named by each verb that takes one.
#[test]
fn every_verb_names_the_groups_whose_settings_give_way() {
    let folder = TempDir::new().unwrap();
    let text = "devices = 4\nwarmup = \"1d\"\nmeasure = \"1d\"\n\
                [[expect]]\nname = \"a\"\nassert = [\"told_within(15m) >= 0 %\"]\n\
                [[fleet]]\nname = \"office\"\n[fleet.policy]\npasscode = \"six_digits\"\n";
    std::fs::write(folder.path().join("s.toml"), text).unwrap();
    let set = ["--set", "policy.passcode=alphanumeric"];
    for words in [
        &["run", "s.toml"][..],
        &["lint", "s.toml"],
        &["table", "s.toml"],
        &["assumptions", "s.toml"],
        &["test", "s.toml"],
        &["explain", "s.toml", "--worst", "1"],
        &["timeline", "s.toml", "--device", "0"],
        &["compare", "s.toml", "--arm", "a: policy.max_age=1h", "--arm", "b: policy.max_age=2h"],
    ] {
        let output = bgsim(&folder, &[words, &set].concat());
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told.matches("also for `office`").count(), 1, "{words:?}: {told}");
    }
}

#[test]
fn every_value_of_a_mix_is_looked_at_and_its_share_said() {
    let mixed = "[policy]\nallow_device_keychain = true\npasscode = { six_digits = 0.9, four_digits = 0.06, none = 0.04 }\n\
                 background_app_refresh = { true = 0.75, false = 0.25 }\n\
                 [[fleet]]\nweight = 0.5\nram = { \"1 GB\" = 0.1, \"8 GB\" = 0.9 }\n[[fleet]]\npersona = \"heavy\"\nweight = 0.5\n";
    let found = findings(mixed);
    let share = |code: &str| {
        let of: Vec<f64> = found.iter().filter(|one| one.code.code == code).map(|one| one.share).collect();
        assert_eq!(of.len(), 1, "{code}: {found:?}");
        (of[0] * 1e4).round() / 1e4
    };
    assert_eq!(share("passcode_none"), 0.04);
    assert_eq!(share("passcode_not_strong"), 0.06);
    assert_eq!(share("passcode_six_digits"), 0.9);
    assert_eq!(share("background_app_refresh_off"), 0.25);
    assert_eq!(share("class_without_passcode_guard"), 0.96);
    assert_eq!(share("outside_plausible_range"), 0.05);
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("mixed.toml"), mixed).unwrap();
    let out = |words: &[&str]| String::from_utf8(bgsim(&folder, words).stdout).unwrap();
    assert!(out(&["lint", "mixed.toml"]).contains("= holds for: 4 % of the devices"));
    let json: Value = serde_json::from_str(&out(&["lint", "mixed.toml", "--json"])).unwrap();
    assert_eq!(json["findings"][0]["share"], 0.04);
    // The table has a column for each policy that some have.
    let json: Value = serde_json::from_str(&out(&["table", "mixed.toml", "--json"])).unwrap();
    let columns = json["columns"].as_array().unwrap();
    let own: Vec<(&str, f64)> = columns
        .iter()
        .filter_map(|column| {
            Some((column["passcode"].as_str()?, (column["share"].as_f64()? * 1e4).round() / 1e4))
        })
        .collect();
    assert_eq!(own.len(), 6, "{columns:?}");
    assert!(own.contains(&("four_digits", 0.015)) && own.contains(&("none", 0.03)), "{own:?}");
    assert!(columns.iter().any(|column| column["policy"]
        == "this scenario: mixed, passcode none, background_app_refresh false (1 %)"));
}

#[test]
fn a_group_without_members_is_said() {
    let folder = TempDir::new().unwrap();
    let fleet = "extends = \"periodic-15m\"\nmeasure = \"1d\"\n[[fleet]]\nweight = 1\n[[fleet]]\npersona = \"heavy\"\nweight = 0.001\n";
    fs::write(folder.path().join("few.toml"), fleet).unwrap();
    let said = bgsim(&folder, &["run", "few.toml", "--devices", "8"]);
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("note: none of the 8 devices is in the group `heavy`"), "{said}");
}
