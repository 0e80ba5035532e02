//! Expectations: what is read and refused, how they are decided, and how often they are wrong.

use bgsim::scenario::load;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in a folder.
fn bgsim(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(folder).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with one scenario of known answers: a wake every 15 minutes, so that latency is uniform.
fn with_scenario(expect: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("extends = \"periodic-15m\"\nname = \"cheap\"\nmeasure = \"2d\"\n{expect}");
    fs::write(folder.path().join("cheap.toml"), text).unwrap();
    folder
}

fn asserting(assert: &str) -> String {
    format!("[[expect]]\nname = \"it holds\"\nassert = [{assert}]\n")
}

#[track_caller]
fn ends(folder: &Path, words: &[&str], code: i32) -> String {
    let output = bgsim(folder, words);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{words:?}\n{out}\n{err}");
    if code == 1 { err } else { out }
}

#[test]
fn what_is_not_understood_is_an_error_at_its_place() {
    let folder = with_scenario(&asserting("\"told_wihtin(15m) >= 80 %\""));
    let expected = "\
error: there is no figure `told_wihtin`
 --> cheap.toml:6:12
  |
6 | assert = [\"told_wihtin(15m) >= 80 %\"]
  |            ^^^^^^^^^^^
  = help: did you mean `told_within`?
";
    assert_eq!(ends(folder.path(), &["test", "cheap.toml"], 1), expected);
    // Every verb says so, not only the one that decides.
    assert_eq!(ends(folder.path(), &["run", "cheap.toml"], 1), expected);
    for (assert, message) in [
        ("latency(p100) < 2h", "write mean, restricted_mean_24h, or a percentile such as p50 or p99.5"),
        ("key_failures(keychain_lockd) == 0", "did you mean `keychain_locked`?"),
        ("latency(p95) < 2", "write a length of time, such as 2h or 90s"),
        ("mail.told_wthin.1h > 0.5", "did you mean `mail.told_within.1h`?"),
        ("told_within(15m) == 80 %", "is an estimate, which no run knows exactly"),
        ("told_within(15m) = 80 %", "`=` is not a comparison"),
        ("told_within(15m) >= 180 %", "`180 %` is no bound here"),
        ("told_within(soon) >= 80 %", "soon"),
        ("outcomes(undelivered)", "an assertion needs a comparison"),
        ("energy(background) < 5 %", "is no bound here"),
        ("process.background_launches < 5 %", "is a count and part of nothing"),
        ("never(new_mial while locked)", "did you mean `new_mail`?"),
        ("never(new_mail while lokced)", "did you mean `locked`?"),
        ("never(new_mail)", "a law needs an event and a condition"),
        (" >= 3", "an assertion begins with a figure"),
        ("ü < ü", "there is no figure `ü`"),
    ] {
        let folder = with_scenario(&asserting(&format!("'{assert}'")));
        let found = ends(folder.path(), &["test", "cheap.toml"], 1);
        assert!(found.contains(message) && found.contains("cheap.toml:6:"), "{assert}\n{found}");
    }
    for (assert, message) in [
        ("latency(p50) <= 5 %", "is not a change from the baseline"),
        ("mail.arrived <= +5 %", "a baseline does not keep `mail.arrived`"),
        (
            "told_within(30m) >= -1 points",
            "a baseline keeps told_within(1m), told_within(5m), told_within(15m)",
        ),
    ] {
        let folder = with_scenario(&format!("[[expect]]\nversus = \"baseline\"\nassert = ['{assert}']\n"));
        let found = ends(folder.path(), &["test", "cheap.toml"], 1);
        assert!(found.contains(message), "{assert}\n{found}");
    }
}

#[test]
fn what_speaks_of_nobody_or_says_nothing_is_an_error_and_never_a_pass() {
    let nobody =
        "[[expect]]\nname = \"x\"\nwhere = { persona = \"heavy\" }\nassert = [\"latency(p50) < 1h\"]\n";
    let found = ends(with_scenario(nobody).path(), &["test", "cheap.toml"], 1);
    assert!(found.contains("`where` selects nothing: no `heavy` is in the fleet"), "{found}");
    assert!(found.contains("cheap.toml:6:"), "{found}");
    // In the fleet, but too seldom for any of so few devices.
    let seldom = "[[fleet]]\npersona = \"light\"\n[[fleet]]\npersona = \"heavy\"\nweight = 1e-9\n";
    let found = ends(with_scenario(&format!("{seldom}{nobody}")).path(), &["test", "cheap.toml"], 1);
    assert!(found.contains("selects nothing: none of its 200 devices"), "{found}");
    let found = ends(with_scenario(&asserting("")).path(), &["test", "cheap.toml"], 1);
    assert!(found.contains("`expect[0]` asserts nothing"), "{found}");
    let misspelt = nobody.replace("heavy", "havy");
    let found = ends(with_scenario(&misspelt).path(), &["test", "cheap.toml"], 1);
    assert!(found.contains("did you mean `heavy`?"), "{found}");
}

#[test]
fn expectations_change_no_result_and_are_not_inherited() {
    let folder = with_scenario(&asserting("\"latency(p50) < 1h\""));
    let bare = with_scenario("");
    let sha = |folder: &Path| load(folder.join("cheap.toml").to_str().unwrap(), &[]).unwrap().sha256();
    assert_eq!(sha(folder.path()), sha(bare.path()));
    let heir = folder.path().join("heir.toml");
    fs::write(&heir, "extends = \"cheap.toml\"\n").unwrap();
    assert!(load(heir.to_str().unwrap(), &[]).unwrap().expects.is_empty());
}

#[test]
fn verdicts_and_exit_codes_are_those_of_the_two_errors() {
    // Uniform from 0 to 15 min: half is told within 7.5 min, on the bound to the last digit.
    for (assert, flags, code, word) in [
        ("told_within(450s) >= 40 %", "", 0, "pass"),
        ("told_within(450s) >= 60 %", "", 2, "FAIL"),
        ("told_within(450s) >= 50 %", "", 2, "undecided"),
        ("told_within(450s) >= 50 %", "--allow-undecided", 0, "undecided"),
        ("told_within(450s) >= 50 %", "--fail-on-undecided", 2, "undecided"),
        ("outcomes(undelivered) <= 5 %", "", 0, "pass"),
        ("outcomes(undelivered) <= 0.01 %", "", 2, "FAIL"),
        ("outcomes(on_open) == 0", "", 0, "pass"),
        ("mail.arrived < 10", "", 2, "FAIL"),
        ("checks(launch_refused) == 0", "", 0, "pass"),
        // None was seen: of one that may come it proves nothing, of one that cannot, that it is missing.
        ("checks(expired) > 0", "", 2, "undecided"),
        ("held_back(total) > 0", "", 2, "FAIL"),
        ("never(new_mail while key_missing)", "", 0, "pass"),
        ("never(new_mail while unlocked)", "", 2, "FAIL"),
    ] {
        let folder = with_scenario(&asserting(&format!("\"{assert}\"")));
        let mut words = vec!["test", "cheap.toml", "--devices", "64", "--max-devices", "64"];
        words.extend((!flags.is_empty()).then_some(flags));
        let found = ends(folder.path(), &words, code);
        assert!(found.starts_with(word), "{assert}: {found}");
    }
    let folder = with_scenario("");
    assert!(ends(folder.path(), &["test", "cheap.toml"], 1).contains("nothing is expected of `cheap.toml`"));
    let promising =
        fs::read_to_string(folder.path().join("cheap.toml")).unwrap() + &asserting("'mail.arrived > 1'");
    fs::write(folder.path().join("other.toml"), promising).unwrap();
    let both = ["test", "cheap.toml", "other.toml", "--devices", "8"];
    ends(folder.path(), &both, 0);
    ends(folder.path(), &[&both[..], &["--fail-on-empty"]].concat(), 2);
    ends(folder.path(), &["test", "nowhere.toml"], 1);
    ends(folder.path(), &["test"], 1);
}

#[test]
fn what_is_undecided_adds_devices_and_what_is_clear_does_not() {
    let folder = with_scenario(&asserting(
        "\"told_within(450s) >= 49 %\", \"mail.arrived > 0\", \"never(new_mail while key_missing)\", \"checks(expired) > 0\"",
    ));
    let words = ["test", "cheap.toml", "--devices", "32", "--max-devices", "4096", "-o", "json"];
    let found: Value = serde_json::from_str(&ends(folder.path(), &words, 2)).unwrap();
    let asserts = &found["scenarios"][0]["asserts"];
    assert_eq!(asserts[0]["verdict"], "pass");
    assert!(asserts[0]["devices"].as_u64().unwrap() > 32, "{asserts}");
    // What is there is there; what was not seen is looked for on all devices that there are for other promises.
    for (sure, devices) in [(1, 32), (2, 4096)] {
        assert_eq!((&asserts[sure]["verdict"], &asserts[sure]["devices"]), (&"pass".into(), &devices.into()));
    }
    assert_eq!(asserts[1]["unseen_share"], Value::Null);
    assert!((asserts[2]["unseen_share"].as_f64().unwrap() * 4096.0 - 3.0).abs() < 0.01, "{asserts}");
    // What was never seen and is promised to be there is looked for as long as there are devices.
    assert_eq!((&asserts[3]["verdict"], &asserts[3]["devices"]), (&"undecided".into(), &4096.into()));
    assert_eq!(found["errors"]["promises_by_chance"], 1);
    assert_eq!(
        (&found["errors"]["suite_fails_though_kept"], &found["allow_undecided"]),
        (&0.05.into(), &false.into())
    );
}

/// Of what there is nothing to measure no run is large enough, and no devices are added for it.
#[test]
fn what_no_device_can_have_is_said_and_not_looked_for() {
    let folder = with_scenario(&asserting("\"detail_after <= 5m\""));
    let words = ["test", "cheap.toml", "--devices", "8", "--max-devices", "64"];
    let said = ends(folder.path(), &words, 2);
    assert!(
        said.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("no mail was signalled before it was told"),
        "{said}"
    );
    assert!(!said.contains("too small"), "{said}");
    let found: Value =
        serde_json::from_str(&ends(folder.path(), &[&words[..], &["-o", "json"]].concat(), 2)).unwrap();
    let only = &found["scenarios"][0]["asserts"][0];
    assert_eq!((&only["verdict"], &only["devices"]), (&"undecided".into(), &8.into()));
}

#[test]
fn every_format_survives_any_text_and_junit_is_read_back() {
    // What is not seen is refused where it is read (`hostile.rs`).
    let name = "a \\\"<&]]> :error:| # %: b";
    let expect = format!("[[expect]]\nname = \"{name}\"\nassert = [\"told_within(450s) >= 60 %\"]\n");
    let folder = with_scenario(&expect);
    let report =
        |format: &str| ends(folder.path(), &["test", "cheap.toml", "--devices", "33", "-o", format], 2);
    let junit = quick_junit::Report::deserialize_from_str(&report("junit")).unwrap();
    assert_eq!((junit.tests, junit.failures, junit.errors), (1, 1, 0));
    assert_eq!(junit.test_suites[0].test_cases[0].classname.as_ref().unwrap().as_str(), "cheap");
    assert!(report("tap").starts_with("TAP version 14\n1..1\nnot ok 1 - cheap: a \"<&]]>"));
    let github = report("github");
    assert!(github.starts_with("::error file=cheap.toml,line=6,col=12,title=cheap%3A a"), "{github}");
    assert_eq!(github.lines().filter(|line| line.starts_with("::")).count(), 1);
    assert!(report("markdown").contains("| FAIL | cheap |"));
    let json: Value = serde_json::from_str(&report("json")).unwrap();
    assert_eq!(json["scenarios"][0]["asserts"][0]["verdict"], "fail");
}

#[test]
fn a_baseline_is_kept_to_the_byte_and_passes_what_is_identical() {
    let folder = with_scenario("[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +0 %\"]\n");
    let test = |more: &[&str], code| {
        ends(folder.path(), &[&["test", "cheap.toml", "--devices", "64"], more].concat(), code)
    };
    assert!(test(&[], 1).contains("write it with `bgsim test cheap.toml --devices 64 --update`"));
    assert!(test(&["--update"], 0).contains("baseline written"));
    let file = folder.path().join("reports/baseline/cheap.json");
    let first = fs::read(&file).unwrap();
    test(&["--update", "--jobs", "1", "--engine", "reference"], 0);
    assert_eq!(first, fs::read(&file).unwrap());
    assert!(test(&[], 0).starts_with("pass"));
    // More devices than the baseline covers: those it covers are identical.
    let more = ends(folder.path(), &["test", "cheap.toml", "--devices", "96"], 0);
    assert!(more.starts_with("pass") && !more.contains("different"), "{more}");
    // A wake every 30 minutes doubles every latency.
    let worse = test(&["--set", "scheduler.every=30m"], 2);
    assert!(worse.contains("setting   scheduler.every was \"15m\", is \"30m\""), "{worse}");
    assert!(worse.contains("worse     latency p50: "), "{worse}");
    assert!(worse.contains("parts     device 0 after"), "{worse}");
    let better = test(&["--set", "scheduler.every=5m"], 0);
    assert!(better.contains("better    latency p50: "), "{better}");
}

/// Two files whose scenarios are called alike, one a folder below the other, and one that is called nothing.
fn with_a_folder() -> tempfile::TempDir {
    let versus = "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +0 %\"]\n";
    let folder = with_scenario(versus);
    let text = fs::read_to_string(folder.path().join("cheap.toml")).unwrap();
    fs::create_dir_all(folder.path().join("all/berlin/east")).unwrap();
    fs::rename(folder.path().join("cheap.toml"), folder.path().join("all/fleet.toml")).unwrap();
    let slower = format!("scheduler.every = \"30m\"\n{text}");
    fs::write(folder.path().join("all/berlin/fleet.toml"), slower).unwrap();
    let heir = format!("extends = \"../../fleet.toml\"\n{}", asserting("'mail.arrived > 1'"));
    fs::write(folder.path().join("all/berlin/east/heir.toml"), heir).unwrap();
    folder
}

#[test]
fn a_baseline_belongs_to_its_file_and_not_to_a_name() {
    let folder = with_a_folder();
    let test = |words: &[&str], code| {
        ends(folder.path(), &[&["test", "--devices", "32", "-o", "json"], words].concat(), code)
    };
    test(&["all", "--update"], 0);
    for key in ["fleet", "berlin/fleet", "berlin/east/heir"] {
        let kept = fs::read_to_string(folder.path().join(format!("reports/baseline/{key}.json"))).unwrap();
        assert!(kept.contains(&format!("\"file\":\"all/{key}.toml\"")), "{key}");
    }
    let json: Value = serde_json::from_str(&test(&["./all/"], 0)).unwrap();
    let told = json["scenarios"].as_array().unwrap().iter().map(|one| one["scenario"].as_str().unwrap());
    // In order of path; those that are called alike are told apart.
    let expected = ["heir", "cheap, all/berlin/fleet.toml", "cheap, all/fleet.toml"];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    // By itself the lower of the two would find the figures of the upper.
    let strange = test(&["all/berlin/fleet.toml"], 1);
    assert!(
        strange.contains("is the baseline of `all/fleet.toml`, and not of `all/berlin/fleet.toml`"),
        "{strange}"
    );
    test(&["all/berlin/fleet.toml", "--update"], 1);
    let alike = test(&["all/fleet.toml", "all/berlin/fleet.toml"], 1);
    assert!(alike.contains("would have one baseline"), "{alike}");
    test(&["all"], 0);
    // Moved away, it takes its place.
    fs::rename(folder.path().join("all/fleet.toml"), folder.path().join("fleet.toml")).unwrap();
    fs::rename(folder.path().join("all/berlin/fleet.toml"), folder.path().join("all/fleet.toml")).unwrap();
    test(&["all/fleet.toml"], 2);
    assert!(test(&["fleet.toml"], 0).contains("\"verdict\": \"pass\""));
}

#[test]
fn one_missing_baseline_hides_no_other_verdict() {
    let folder = with_a_folder();
    let words = ["test", "all", "--devices", "32"];
    let output = bgsim(folder.path(), &words);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
    assert!(out.starts_with("pass  heir"), "{out}");
    assert_eq!(err.matches("error: ").count(), 2, "{err}");
    assert!(err.contains("none at `reports/baseline/berlin/fleet.json`"), "{err}");
    // One of 0.1.0 goes by the name.
    fs::create_dir_all(folder.path().join("reports/baseline")).unwrap();
    fs::write(folder.path().join("reports/baseline/cheap.json"), "{}").unwrap();
    let found = ends(folder.path(), &words, 1);
    assert!(
        found.contains("there is `reports/baseline/cheap.json`; if it is of this file, move it"),
        "{found}"
    );
}

#[test]
fn nothing_to_test_is_an_error() {
    let folder = with_a_folder();
    fs::create_dir_all(folder.path().join("empty/.hidden")).unwrap();
    fs::copy(folder.path().join("all/fleet.toml"), folder.path().join("empty/.hidden/fleet.toml")).unwrap();
    for verb in ["test", "lint"] {
        assert!(ends(folder.path(), &[verb, "empty"], 1).contains("there is no scenario in `empty`"));
    }
}

#[test]
fn a_policy_that_closes_the_key_fails_with_a_message_for_newcomers() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("scenarios/after-first-unlock.toml")).unwrap();
    let class = "keychain_class = \"after_first_unlock\"";
    assert!(text.contains(class));
    let changed = text.replace(class, "keychain_class = \"when_unlocked\"");
    fs::write(folder.path().join("after-first-unlock.toml"), changed).unwrap();
    let baselines = root.join("reports/baseline");
    let words =
        ["test", "after-first-unlock.toml", "--devices", "200", "--baselines", baselines.to_str().unwrap()];
    let found = ends(folder.path(), &words, 2);
    for part in [
        "FAIL  after-first-unlock",
        "asserted  key_failures(keychain_locked) == 0",
        "key failures keychain_locked: expected exactly 0, found",
        "setting   policy.keychain_class was \"after_first_unlock\", is \"when_unlocked\"",
        "changed   key failures: 0 before",
    ] {
        assert!(found.contains(part), "{part}\n{found}");
    }
}

/// Hours and not a bare number of seconds.
#[test]
fn a_failed_promise_keeps_its_unit() {
    let assert = "'mail.delay_causes_s.needs_app_flip <= 2m', 'delay(needs_app_flip) <= 90s'";
    let expect = format!("extends = \"email-plus\"\nname = \"u\"\n{}", asserting(assert));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("u.toml"), expect).unwrap();
    let found = ends(folder.path(), &["test", "u.toml", "--devices", "32", "--max-devices", "32"], 2);
    for part in [
        "needs_app_flip: expected at most 2 min, found",
        "needs_app_flip: expected at most 1 min 30 s, found",
    ] {
        assert!(found.contains(part), "{part}\n{found}");
    }
}

/// No key fails where nothing runs, and that is no gain.
#[test]
fn only_what_has_a_direction_is_better_or_worse() {
    let expect = "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +0 %\"]\n";
    let written = format!("extends = \"email-plus\"\nname = \"b\"\nmeasure = \"2d\"\n{expect}");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("b.toml"), written).unwrap();
    let test = ["test", "b.toml", "--devices", "32"];
    ends(folder.path(), &[&test[..], &["--update"]].concat(), 0);
    let off = ["--set", "policy.background_app_refresh=false"];
    let found = text(&bgsim(folder.path(), &[&test[..], &off].concat()).stdout);
    let lists = |word: &str, what: &str| {
        found.lines().any(|line| line.trim_start().starts_with(word) && line.contains(what))
    };
    assert!(lists("changed ", " key failures: ") && !lists("better ", " key failures: "), "{found}");
    assert!(lists("better ", " background energy: "), "{found}");
}

#[test]
fn determinism_is_checked_in_every_way() {
    let words = ["check-determinism", "device-keychain", "--devices", "20"];
    let found = ends(Path::new("."), &words, 0);
    assert_eq!(found.lines().filter(|line| line.starts_with("  same  ")).count(), 6, "{found}");
}

/// The text that people read: the line of each scenario, what is the matter, and the two errors.
#[test]
fn what_is_undecided_says_what_would_decide_it_and_every_format_closes_the_gate() {
    let folder = with_scenario(&asserting("'told_within(450s) >= 50 %', 'told_within(450s) >= 49 %'"));
    let tested = |words: &[&str], code| {
        let base = ["test", "cheap.toml", "--devices", "64", "--max-devices", "64"];
        ends(folder.path(), &[&base[..], words].concat(), code)
    };
    let text = tested(&[], 2);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "undecided cheap 2 of 2 undecided, 64 devices ",
        "; too near to the bound to tell next an unchanged product is left undecided in ",
        " tests; with >= 4",
        " A suite whose promises are all kept fails in at most 5 of 100 tests; a promise that is broken passes in at \
         most 5 of 100. ",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let junit = |words: &[&str], code| {
        quick_junit::Report::deserialize_from_str(&tested(&[&["-o", "junit"], words].concat(), code)).unwrap()
    };
    assert_eq!(junit(&[], 2).failures, 2);
    assert_eq!(junit(&["--allow-undecided"], 0).failures, 0);
    assert!(tested(&["-o", "tap"], 2).contains("\nnot ok 1 - cheap"));
    assert!(tested(&["-o", "tap", "--allow-undecided"], 0).contains(" # SKIP undecided\n"));
    assert!(tested(&["-o", "github"], 2).starts_with("::error "));
    assert!(tested(&["-o", "github", "--allow-undecided"], 0).starts_with("::warning "));
    assert!(tested(&["-o", "markdown"], 2).contains("Next time: an unchanged product is left undecided in "));
    // With the bound that it asks for it is decided.
    let json: Value = serde_json::from_str(&tested(&["-o", "json"], 2)).unwrap();
    let first = &json["scenarios"][0]["asserts"][0];
    let needed = first["bound_needed"].as_f64().unwrap();
    assert!(needed < 0.49 && first["undecided_if_unchanged"].as_f64().unwrap() > 0.5, "{first}");
    let eased = with_scenario(&asserting(&format!("'told_within(450s) >= {needed}'")));
    let words = ["test", "cheap.toml", "--devices", "64", "--max-devices", "64", "-o", "json"];
    let json: Value = serde_json::from_str(&ends(eased.path(), &words, 0)).unwrap();
    let first = &json["scenarios"][0]["asserts"][0];
    assert!(
        first["undecided_if_unchanged"].as_f64().unwrap() < 0.051 && first["bound_needed"].is_null(),
        "{first}"
    );
}

/// A change has two halves: the settings on the same devices, and the program against what was recorded.
#[test]
fn against_a_baseline_the_settings_and_the_program_are_both_told() {
    let folder = with_scenario("[[expect]]\nversus = \"baseline\"\nassert = [\"latency(mean) <= +6 %\"]\n");
    let test = |more: &[&str], code| {
        let base = ["test", "cheap.toml", "--devices", "64", "-o", "json"];
        let found: Value =
            serde_json::from_str(&ends(folder.path(), &[&base[..], more].concat(), code)).unwrap();
        found["scenarios"][0]["asserts"][0].clone()
    };
    ends(folder.path(), &["test", "cheap.toml", "--devices", "64", "--update"], 0);
    let same = test(&[], 0);
    assert_eq!((&same["verdict"], &same["settings"]), (&"pass".into(), &Value::Null));
    // An unchanged product whose random streams move is what the margin must cover.
    assert!(same["undecided_if_unchanged"].as_f64().unwrap() < 0.05, "{same}");
    // A setting that delays by a ninetieth: paired, it is known far better than from the record of other streams.
    let slower = test(&["--set", "scheduler.every=15m10s"], 0);
    assert_eq!(slower["settings"]["verdict"], "pass", "{slower}");
    assert!(
        slower["reason"].as_str().unwrap().contains("With its settings this version comes to "),
        "{slower}"
    );
    assert_eq!(test(&["--set", "scheduler.every=17m"], 2)["settings"]["verdict"], "fail");
    // Another seed is no other setting.
    let reseeded = test(&["--set", "seed=7"], 0);
    assert_eq!((&reseeded["verdict"], &reseeded["settings"]), (&"pass".into(), &Value::Null));
    // The program itself changed: what it recorded is not what the same settings come to today.
    let file = folder.path().join("reports/baseline/cheap.json");
    let kept = fs::read_to_string(&file).unwrap();
    let mut changed: Value = serde_json::from_str(&kept).unwrap();
    changed["fingerprint"] = "0".into();
    let mean = &mut changed["figures"]["mail.latency_s.mean"];
    // Its replicates are kept as what they differ from it by.
    mean["value"] = (mean["value"].as_f64().unwrap() * 0.9).into();
    fs::write(&file, changed.to_string()).unwrap();
    let blind = test(&[], 2);
    assert_eq!((&blind["verdict"], &blind["settings"]), (&"fail".into(), &Value::Null), "{blind}");
    // Then settings that cost nothing do not hide it.
    let both = test(&["--set", "scheduler.every=14m55s"], 2);
    assert_eq!((&both["verdict"], &both["settings"]["verdict"]), (&"fail".into(), &"pass".into()), "{both}");
}

#[test]
fn a_filter_chooses_and_the_first_failure_can_end_it() {
    let folder = with_scenario(&asserting("\"mail.arrived > 1000000\""));
    let text = fs::read_to_string(folder.path().join("cheap.toml")).unwrap();
    fs::write(folder.path().join("dear.toml"), text.replace("\"cheap\"", "\"dear\"")).unwrap();
    let tested = |words: &[&str]| {
        let base = ["test", "cheap.toml", "dear.toml", "--devices", "8", "--output", "json"];
        let json: Value = serde_json::from_str(&ends(folder.path(), &[&base, words].concat(), 2)).unwrap();
        let names = json["scenarios"].as_array().unwrap().iter();
        names.map(|scenario| scenario["scenario"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(tested(&[]), ["cheap", "dear"]);
    assert_eq!(tested(&["--fail-fast"]), ["cheap"]);
    assert_eq!(tested(&["--filter", "dear"]), ["dear"]);
    // A slip of the pen must not pass because nothing was tested.
    let error = ends(folder.path(), &["test", "cheap.toml", "--filter", "chaep"], 1);
    assert!(error.contains("no scenario among them"), "{error}");
}
