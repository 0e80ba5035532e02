//! Suites of promises as a build runs them: what nobody saw, what is not compared, and what is said and how often.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

fn bgsim(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(folder).args(words).output().unwrap()
}

#[track_caller]
fn ends(folder: &Path, words: &[&str], code: i32) -> String {
    let output = bgsim(folder, words);
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!(output.status.code(), Some(code), "{words:?}\n{out}\n{err}");
    if code == 1 { err } else { out }
}

/// A folder with the scenario `s.toml`, which ends with this.
fn with(base: &str, rest: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("extends = \"{base}\"\nname = \"s\"\nmeasure = \"2d\"\n{rest}");
    fs::write(folder.path().join("s.toml"), text).unwrap();
    folder
}

fn promising(assert: &str) -> String {
    format!("[[expect]]\nname = \"it holds\"\nassert = [{assert}]\n")
}

const MORE: [&str; 5] = ["--devices", "96", "--max-devices", "96", "--allow-undecided"];
const FEW: [&str; 5] = ["--devices", "7", "--max-devices", "7", "--allow-undecided"];
const SOON: [&str; 5] = ["--devices", "32", "--max-devices", "32", "--allow-undecided"];

#[test]
fn what_nobody_was_watched_for_decides_nothing() {
    // Of four days all that is known of a month is that no less is told than in four days: here about half.
    for (assert, verdict) in [
        ("told_within(30d) >= 5 %", "pass"),
        ("told_within(30d) >= 99.9 %", "undecided"),
        ("told_within(30d) >= 100 %", "undecided"),
        ("told_within(30d) <= 5 %", "fail"),
        ("told_within(30d) <= 99.9 %", "undecided"),
        ("told_within(30d) < 100 %", "undecided"),
        ("told_within(30d) <= 100 %", "pass"),
        ("latency(p99.9) <= 30d", "undecided"),
        ("latency(p99.9) >= 30d", "undecided"),
        ("latency(p10) <= 30d", "pass"),
    ] {
        let folder = with("rarely-opened", &promising(&format!("'{assert}'")));
        let words = [&["test", "s.toml", "-o", "json", "--set", "measure=4d"], &MORE[..]].concat();
        let code = if verdict == "fail" { 2 } else { 0 };
        let found: Value = serde_json::from_str(&ends(folder.path(), &words, code)).unwrap();
        let found = &found["scenarios"][0]["asserts"][0];
        assert_eq!(found["verdict"], verdict, "{assert}: {found}");
        let is_said = found["reason"].as_str().unwrap().contains("; nothing was watched for so long, so");
        assert_eq!(is_said, verdict == "undecided", "{found}");
    }
}

#[test]
fn where_nothing_is_pushed_hearing_of_mail_is_decided_as_being_told_of_it() {
    // The one is the same number as the other then, also where it is not known, and where few devices carry it.
    for (assert, more) in [("(30d) <= 90 %", &MORE), ("(2h) >= 5 %", &FEW)] {
        let verdict = |figure: &str| {
            let folder = with("rarely-opened", &promising(&format!("'{figure}{assert}'")));
            let words = [&["test", "s.toml", "-o", "json", "--set", "measure=4d"], &more[..]].concat();
            let found: Value = serde_json::from_str(&ends(folder.path(), &words, 0)).unwrap();
            let found = &found["scenarios"][0]["asserts"][0];
            let reason = found["reason"].as_str().unwrap().split_once(": expected").unwrap().1.to_owned();
            (found["verdict"].clone(), reason, found["value"].clone())
        };
        let told = verdict("told_within");
        assert_eq!((verdict("signalled_within"), &told.0), (told.clone(), &"undecided".into()), "{assert}");
    }
}

#[test]
fn a_baseline_of_another_span_is_refused_with_both_spans_and_the_command() {
    let versus = "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +5 %\"]\n";
    let folder = with("periodic-15m", versus);
    let test = ["test", "s.toml", "--devices", "32"];
    ends(folder.path(), &[&test[..], &["--update"]].concat(), 0);
    for (set, was, is) in [
        ("measure=3d", "measure = 2d", "measure = 3d"),
        ("warmup=3d", "warmup = ", "warmup = 3d"),
        ("start=2026-03-09T00:00", "start = ", "start = 2026-03-09T00:00"),
    ] {
        let error = ends(folder.path(), &[&test[..], &["--set", set]].concat(), 1);
        let renewal = format!("renew it with `bgsim test s.toml --set {set} --devices 32 --update`");
        for part in [was, is, "figures of other spans", &renewal] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
    ends(folder.path(), &[&test[..], &["--set", "seed=7", "--allow-undecided"]].concat(), 0);
}

#[test]
fn on_fewer_devices_than_the_baseline_has_a_kept_promise_is_told_in_a_line() {
    let versus = "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +50 %\"]\n";
    let folder = with("periodic-15m", versus);
    ends(folder.path(), &["test", "s.toml", "--devices", "64", "--update"], 0);
    let found = ends(folder.path(), &["test", "s.toml", "--devices", "32"], 0);
    assert!(found.starts_with("pass  s  1 assertion holds, 32 devices\n\n1 scenario: "), "{found}");
    assert!(found.contains("\n1 scenario was compared on fewer devices than its baseline has.\n"), "{found}");
    for block in ["unclear", "different from the baseline", "program itself"] {
        assert!(!found.contains(block), "{found}");
    }
    // Where settings differ, that is told.
    let found =
        ends(folder.path(), &["test", "s.toml", "--devices", "32", "--set", "scheduler.every=14m"], 0);
    assert!(found.contains("setting   scheduler.every"), "{found}");
    assert!(found.contains("devices   the baseline has 64 devices"), "{found}");
}

#[test]
fn groups_with_sizes_are_as_quiet_on_fewer_devices_as_groups_with_weights() {
    let groups = "[[fleet]]\nname = \"one\"\ndevices = 50\n[[fleet]]\nname = \"two\"\ndevices = 14\n";
    let versus = "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +50 %\"]\n";
    let folder = with("periodic-15m", &format!("devices = 64\n{groups}{versus}"));
    ends(folder.path(), &["test", "s.toml", "--update"], 0);
    let found = ends(folder.path(), &["test", "s.toml", "--devices", "32"], 0);
    assert!(found.contains("\n1 scenario was compared on fewer devices than its baseline has.\n"), "{found}");
    assert!(!found.contains("different from the baseline") && !found.contains("setting "), "{found}");
    // Whoever changes a size is told so, in one word for both.
    let text = std::fs::read_to_string(folder.path().join("s.toml")).unwrap();
    std::fs::write(folder.path().join("s.toml"), text.replace("devices = 14", "devices = 18")).unwrap();
    let words = ["test", "s.toml", "--devices", "32", "--allow-undecided"];
    let found = ends(folder.path(), &words, 0);
    assert!(found.contains("setting   fleet[1].weight was 14.0, is 18.0\n"), "{found}");
    assert!(!found.contains("setting   fleet[0]") && !found.contains("not set"), "{found}");
}

#[test]
fn what_is_promised_twice_counts_once() {
    let once = promising("'told_within(450s) >= 40 %', 'mail.arrived > 0'");
    let twice =
        format!("{once}{once}{}", promising("'told_within(450s) >= 40 %', 'told_within(450s) >= 41 %'"));
    let json = |rest: &str| {
        let folder = with("periodic-15m", rest);
        let words = ["test", "s.toml", "--devices", "32", "-o", "json"];
        serde_json::from_str::<Value>(&ends(folder.path(), &words, 0)).unwrap()
    };
    let (once, twice) = (json(&once), json(&twice));
    assert_eq!(once["errors"]["promises_by_chance"], 1);
    assert_eq!(twice["errors"]["promises_by_chance"], 2);
    let asserts = twice["scenarios"][0]["asserts"].as_array().unwrap();
    assert_eq!(asserts.len(), 6);
    // Each place is told of, and alike.
    for twin in [2, 4] {
        assert_eq!(asserts[twin]["looks_so_good_though_broken"], asserts[0]["looks_so_good_though_broken"]);
        assert_ne!(asserts[twin]["place"], asserts[0]["place"]);
    }
}

#[test]
fn of_arms_that_are_the_same_no_precision_is_sought() {
    let words =
        ["compare", "email-plus", "email-plus", "--devices", "32", "--until-precision", "10% of difference"];
    let found = ends(Path::new("."), &words, 0);
    let said = found.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("there is no difference to be precise about, at 32 devices"), "{found}");
}

#[test]
fn what_was_found_never_reads_like_its_bound() {
    let folder = with(
        "periodic-15m",
        &promising("'exposure(key_readable_while_locked) >= 0.001', 'told_within(450s) >= 49.99 %'"),
    );
    let found = ends(folder.path(), &[&["test", "s.toml"], &SOON[..]].concat(), 0);
    assert!(!found.contains("at least 0 h"), "{found}");
    let reason = found.lines().find(|line| line.contains("expected at least 49.99 %, found ")).unwrap();
    assert!(!reason.contains("found 49.99 %"), "{reason}");
}

#[test]
fn one_simulation_serves_every_format_and_a_summary() {
    let folder = with("periodic-15m", &promising("'told_within(450s) >= 60 %', 'mail.arrived > 0'"));
    let test = |words: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_bgsim"))
            .current_dir(folder.path())
            .env("GITHUB_STEP_SUMMARY", folder.path().join("summary.md"))
            .args([&["test", "s.toml", "--devices", "32"], words].concat())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let printed = test(&["-o", "github", "-o", "junit=j.xml", "-o", "json=t.json", "-o", "text=t.txt"]);
    assert!(printed.starts_with("::error file=s.toml,line=6,col=12,"), "{printed}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("summary.md").starts_with("# Policy tests\n"));
    assert!(read("t.txt").starts_with("FAIL  s  1 of 2 failed, 32 devices\n"));
    // What programs read depends on no clock; another run appends to the summary of the step.
    assert_eq!(test(&["-o", "json", "-o", "github=g.txt"]), read("t.json"));
    assert_eq!(read("g.txt"), printed);
    assert_eq!(read("summary.md").matches("# Policy tests\n").count(), 2);
    let junit = quick_junit::Report::deserialize_from_str(&read("j.xml")).unwrap();
    let suite = &junit.test_suites[0];
    assert!(suite.time.is_some_and(|time| !time.is_zero()) && junit.time == suite.time, "{suite:?}");
    let at = |name: &str| suite.test_cases[1].extra.get(name).map(|value| value.as_str().to_owned());
    assert_eq!((at("file"), at("line")), (Some("s.toml".into()), Some("6".into())));
    // Where all goes into files, text is printed.
    assert!(test(&["-o", "tap=t.tap"]).starts_with("FAIL  s"));
    for (words, error) in [
        (&["-o", "github", "-o", "json"][..], "one format can be printed; give the others a file"),
        (&["-o", "tap=a", "-o", "json=a"], "two formats would go into a"),
        (&["-o", "jnit=a"], "there is no format `jnit`; write one of text, json, junit"),
        (&["-o", "junit="], "name the file, as in junit=FILE"),
        (&["-o", "junit=nowhere/a"], "there is no folder nowhere"),
    ] {
        let found = ends(folder.path(), &[&["test", "s.toml"], words].concat(), 1);
        assert!(found.contains(error), "{found}");
    }
}

#[test]
fn at_length_what_holds_and_what_was_exercised_is_told() {
    let folder = with("periodic-15m", &promising("'told_within(450s) >= 40 %', 'mail.arrived > 0'"));
    let words = ["test", "s.toml", "--devices", "32"];
    let found = ends(folder.path(), &[&words[..], &["-v"]].concat(), 0);
    for part in [
        "\n  holds     it holds: told_within(450s) >= 40 %\n            told within 7 min 30 s: expected at least 40 %, found ",
        "\n  holds     it holds: mail.arrived > 0\n",
        "\nexercised, in so many of 1 scenario\n  outcomes     ",
        "\n  key reasons  ",
        "\n    never      ",
    ] {
        assert!(found.contains(part), "{part}\n{found}");
    }
    assert!(!ends(folder.path(), &words, 0).contains("holds     "), "only where it is asked for");
    let json: Value =
        serde_json::from_str(&ends(folder.path(), &[&words[..], &["--json"]].concat(), 0)).unwrap();
    let exercised = &json["exercised"];
    for kind in ["outcomes", "causes", "key_reasons", "checks", "terminations"] {
        assert!(exercised[kind].as_object().unwrap().len() > 1, "{exercised}");
    }
    assert_eq!(
        (&exercised["checks"]["new_mail"], &exercised["key_reasons"]["needs_app_flip"]),
        (&1.into(), &0.into())
    );
}

#[test]
fn a_list_names_every_promise_and_simulates_nothing() {
    // So many devices would take hours.
    let folder =
        with("email-plus", &format!("devices = 1000000\n{}", promising("'told_within(15m) >= 10 %'")));
    let found = ends(folder.path(), &["test", "s.toml", "--list"], 0);
    assert_eq!(
        found,
        "s (s.toml), 1,000,000 devices\n  it holds\n    told_within(15m) >= 10 %  (s.toml:7)\n"
    );
    let json: Value =
        serde_json::from_str(&ends(folder.path(), &["test", "s.toml", "--list", "-o", "json"], 0)).unwrap();
    assert_eq!(json["scenarios"][0]["asserts"][0]["place"], "s.toml:7:12");
    assert!(ends(folder.path(), &["test", "s.toml", "--list", "-o", "tap"], 1).contains("as text or JSON"));
}

#[test]
fn help_knows_every_word_of_a_law_and_fits() {
    let found = ends(Path::new("."), &["test", "--help"], 0);
    let words = |all: &[&str]| all.iter().all(|word| found.contains(word));
    assert!(words(&bgsim::expectation::EVENTS.map(|event| event.name)));
    assert!(words(&bgsim::expectation::CONDITIONS.map(|condition| condition.name)));
    for verb in ["test", "lint"] {
        let found = ends(Path::new("."), &[verb, "--help"], 0);
        let footer = found.split_once("\nExamples:\n").unwrap().1;
        assert!(footer.lines().all(|line| line.chars().count() <= 80), "{footer}");
    }
}

#[cfg(unix)]
#[test]
fn a_change_of_a_file_or_of_what_it_extends_is_tested_again() {
    use std::io::{BufRead, BufReader};
    let folder = with("base.toml", &promising("'mail.arrived > 0'"));
    let base = folder.path().join("base.toml");
    fs::write(&base, "extends = \"periodic-15m\"\n").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_bgsim"))
        .current_dir(folder.path())
        .args(["test", "s.toml", "--watch", "--devices", "8"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next =
        |wanted: &str| lines.by_ref().find(|line| line.as_ref().unwrap().starts_with(wanted)).is_some();
    assert!(next("1 scenario: 1 passed"));
    // A slip is told and waited for, and a change in what is extended is one.
    fs::write(&base, "extends = \"periodic-15m\"\nmeasre = 3\n").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    fs::write(&base, "extends = \"periodic-15m\"\nwarmup = \"2d\"\n").unwrap();
    assert!(next("1 scenario: 1 passed"));
    let interrupt = nix_interrupt(child.id());
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[cfg(unix)]
fn nix_interrupt(id: u32) -> std::process::ExitStatus {
    Command::new("kill").args(["-INT", &id.to_string()]).status().unwrap()
}

#[test]
fn a_baseline_begins_with_what_people_read_and_older_ones_are_read_too() {
    let versus = "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +0 %\"]\n";
    let folder = with("periodic-15m", versus);
    let test = ["test", "s.toml", "--devices", "64"];
    ends(folder.path(), &[&test[..], &["--update"]].concat(), 0);
    let file = folder.path().join("reports/baseline/s.json");
    let text = fs::read_to_string(&file).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    assert!(json["reads"][0].as_str().unwrap().starts_with("64 devices, seed 1, version "), "{text}");
    assert!(
        json["reads"]
            .as_array()
            .unwrap()
            .iter()
            .any(|line| { line.as_str().unwrap().starts_with("told within 15 min: ") })
    );
    // What people read is above what only programs do, and a figure has a short line.
    assert!(text.lines().take(12).any(|line| line.contains("\"reads\"")), "{text}");
    let line = text.lines().find(|line| line.contains("\"mail.latency_s.p50\": {")).unwrap();
    assert!(line.len() < 100, "{line}");
    assert!(
        text.lines().position(|line| line.contains("\"replicates\""))
            > text.lines().position(|line| line.contains("\"config\""))
    );
    // In the form before, numbers stood in full and nothing was there for people.
    let parts: usize =
        json["strata"].as_array().unwrap().iter().map(|parts| parts.as_array().unwrap().len()).sum();
    json["schema"] = 2.into();
    for gone in ["reads", "replicates"] {
        json.as_object_mut().unwrap().remove(gone);
    }
    for kept in json["figures"].as_object_mut().unwrap().values_mut() {
        kept["without"] = vec![kept["value"].clone(); parts].into();
    }
    fs::write(&file, json.to_string()).unwrap();
    assert!(ends(folder.path(), &test, 0).starts_with("pass"));
    json["schema"] = 1.into();
    fs::write(&file, json.to_string()).unwrap();
    let told = ends(folder.path(), &test, 1);
    assert!(told.contains("--update`") && !told.contains("SCENARIO"), "{told}");
    // What reads only the report must not take it for a pass.
    for (format, word) in [
        ("text", "FAIL"),
        ("json", "\"verdict\": \"fail\""),
        ("junit", "errors=\"1\""),
        ("github", "::error title="),
        ("tap", "not ok 1"),
        ("markdown", "FAIL"),
    ] {
        let output = bgsim(folder.path(), &[&test[..], &["-o", format]].concat());
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code() == Some(1) && told.contains(word), "{format}: {told}");
    }
}

/// The command that an error advises does what it is advised for, wherever baselines lie and whatever else was asked.
#[test]
fn the_advised_command_writes_the_baseline_that_is_missed() {
    let folder =
        with("email-plus", "[[expect]]\nversus = \"baseline\"\nassert = [\"latency(p50) <= +500 %\"]\n");
    let path = folder.path();
    fs::create_dir_all(path.join("all/a b")).unwrap();
    fs::rename(path.join("s.toml"), path.join("all/a b/s.toml")).unwrap();
    for words in [
        &["test", "all", "--devices", "8"][..],
        &["test", "all/a b/s.toml", "--devices", "8", "--set", "warmup=1d", "--baselines", "kept here"],
    ] {
        let told = ends(path, words, 1);
        let advised = told.split("write it with `bgsim ").nth(1).unwrap().split('`').next().unwrap();
        let advised: Vec<&str> = advised
            .split('\'')
            .enumerate()
            .flat_map(|(place, part)| match place % 2 {
                1 => vec![part],
                _ => part.split_whitespace().collect(),
            })
            .collect();
        ends(path, &advised, 0);
        ends(path, words, 0);
    }
}

#[test]
fn findings_go_to_the_services_that_build() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("all")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join("all").join(name), text).unwrap();
    write("weak.toml", "[policy]\nallow_device_keychain = true\npasscode = \"none\"\n");
    write("well.toml", "extends = \"email-plus\"\n");
    let lint = |words: &[&str], code| ends(folder.path(), &[&["lint", "all"], words].concat(), code);
    let printed = lint(&["-o", "github", "-o", "sarif=l.sarif", "-o", "junit=l.xml"], 2);
    assert!(printed.starts_with("::error file=all/weak.toml,line="), "{printed}");
    let sarif: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("l.sarif")).unwrap()).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!((&sarif["version"], &run["tool"]["driver"]["name"]), (&"2.1.0".into(), &"bgsim".into()));
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    let first = &run["results"][0];
    assert_eq!((&first["ruleId"], &first["level"]), (&"passcode_none".into(), &"error".into()));
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "all/weak.toml");
    assert!(place["region"]["startLine"].as_u64() > Some(0));
    let text = fs::read_to_string(folder.path().join("l.xml")).unwrap();
    let junit = quick_junit::Report::deserialize_from_str(&text).unwrap();
    assert_eq!((junit.test_suites.len(), junit.errors), (2, 0));
    assert!(junit.failures > 0, "{text}");
    // What cannot be read closes the gate in each.
    write("broken.toml", "extends = \n");
    let output = bgsim(folder.path(), &["lint", "all", "-o", "sarif"]);
    let sarif: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
    assert_eq!(output.status.code(), Some(1));
}
