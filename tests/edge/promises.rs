//! Promises of the arms of a file, and of one arm against another: who is tested, on which devices, and by what it is
//! decided.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn bgsim(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(folder).args(words).output().unwrap()
}

/// What a command says that ends so: of an error the error, else the result.
#[track_caller]
fn ends(folder: &Path, words: &[&str], code: i32) -> String {
    let Output { status, stdout, stderr } = bgsim(folder, words);
    let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!(status.code(), Some(code), "{words:?}\n{out}\n{err}");
    if code == 1 { err } else { out }
}

#[track_caller]
fn json(folder: &Path, words: &[&str], code: i32) -> Value {
    serde_json::from_str(&ends(folder, words, code)).unwrap()
}

/// A wake every 15 minutes with a random phase, so that latency is uniform: half is told within 7.5 min. The arm that
/// wakes half as often tells a quarter by then, and takes 7.5 min longer.
const ARMS: &str = "
[[arm]]
name = \"today\"
[[arm]]
name = \"slow\"
scheduler.every = \"30m\"
";

fn folder(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("extends = \"periodic-15m\"\nname = \"cheap\"\nmeasure = \"2d\"\n{ARMS}{more}");
    fs::write(folder.path().join("cheap.toml"), text).unwrap();
    folder
}

/// A promise: what stands before `assert`, and the assertions.
fn promise(of: &str, asserts: &str) -> String {
    format!("[[expect]]\nname = \"it holds\"\n{of}\nassert = [{asserts}]\n")
}

#[test]
fn an_arm_that_is_promised_is_a_case_of_its_own() {
    let half = "'told_within(450s) >= 40 %', 'never(new_mail while key_missing)'";
    let folder = folder(&(promise("", half) + &promise("arm = \"slow\"", half)));
    let test =
        |format: &str| ends(folder.path(), &["test", "cheap.toml", "--devices", "64", "-o", format], 2);
    let found: Value = serde_json::from_str(&test("json")).unwrap();
    let [today, slow] = found["scenarios"].as_array().unwrap().as_slice() else { panic!("{found}") };
    for (case, arm, verdicts) in [(today, Value::Null, ["pass"; 2]), (slow, "slow".into(), ["fail", "pass"])]
    {
        assert_eq!((&case["scenario"], &case["arm"]), (&"cheap".into(), &arm));
        assert_eq!([0, 1].map(|place| case["asserts"][place]["verdict"].as_str().unwrap()), verdicts);
    }
    // The arm that is tested is the one that is run.
    for (words, case) in [(&[][..], today), (&["--arm", "slow"], slow)] {
        let words = [&["run", "cheap.toml", "--devices", "64", "--json"], words].concat();
        assert_eq!(json(folder.path(), &words, 0)["fingerprint"], case["fingerprint"]);
    }
    assert_ne!(today["fingerprint"], slow["fingerprint"]);
    let text = test("text");
    assert!(text.starts_with("pass  cheap            all 2 assertions hold"), "{text}");
    assert!(
        text.contains("\nFAIL cheap, arm slow: it holds\n") && text.contains("at        cheap.toml:"),
        "{text}"
    );
    assert!(test("tap").contains("not ok 3 - cheap, arm slow: it holds: told_within"), "{}", test("tap"));
    assert!(test("github").contains("title=cheap%2C arm slow%3A it holds::"), "{}", test("github"));
    assert!(test("markdown").contains("| FAIL | cheap, arm slow |"));
    let junit = quick_junit::Report::deserialize_from_str(&test("junit")).unwrap();
    let suites: Vec<&str> = junit.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!((suites, junit.failures), (vec!["cheap", "cheap, arm slow"], 1));
}

#[test]
fn a_difference_is_that_which_compare_finds_and_keeps_a_bound_with_a_sign() {
    for (of, assert, code) in [
        ("arm = \"slow\"\nversus = \"today\"", "told_within(450s) <= -20 points", 0),
        ("arm = \"slow\"\nversus = \"today\"", "told_within(450s) >= -20 points", 2),
        ("arm = \"slow\"\nversus = \"today\"", "latency(mean) >= +6 min", 0),
        ("arm = \"slow\"\nversus = \"today\"", "latency(mean) <= +5 %", 2),
        ("versus = \"slow\"", "told_within(450s) >= +20 points", 0),
        ("versus = \"slow\"", "latency(mean) <= -40 %", 0),
        ("versus = \"slow\"", "latency(mean) <= -60 %", 2),
        ("arm = \"today\"\nversus = \"slow\"", "checks(background_refresh) >= +50 %", 0),
    ] {
        let folder = folder(&promise(of, &format!("'{assert}'")));
        let found = json(folder.path(), &["test", "cheap.toml", "--devices", "64", "-o", "json"], code);
        // Whoever is only compared with is no case.
        assert_eq!(found["scenarios"].as_array().unwrap().len(), 1, "{found}");
    }
    let folder = folder(&promise("arm = \"slow\"\nversus = \"today\"", "'told_within(450s) >= -20 points'"));
    let test = ["test", "cheap.toml", "--devices", "64", "-o", "json"];
    let found = &json(folder.path(), &test, 2)["scenarios"][0];
    let compare = ["compare", "cheap.toml", "--devices", "64", "--figure", "told_within(450s)", "--json"];
    let compared = json(folder.path(), &compare, 0);
    let figures = compared["figures"].as_array().unwrap();
    let paired = figures.iter().find(|figure| figure["name"] == compared["verdict"]["figure"]).unwrap();
    assert_eq!(found["asserts"][0]["ci95"], paired["ci95"][1], "{paired}");
    assert_eq!(found["asserts"][0]["versus"], "today");
    let reason = found["asserts"][0]["reason"].as_str().unwrap();
    assert!(reason.contains(" in `today` ") && reason.contains("the bound is −20.0 points"), "{reason}");
}

/// Both arms are taken on to the same devices, whichever of them cannot tell, and nobody else is.
#[test]
fn rounds_take_both_arms_on_and_leave_what_is_decided_alone() {
    let both = promise("", "'told_within(450s) >= 30 %'")
        + &promise("arm = \"slow\"\nversus = \"today\"", "'told_within(450s) <= -23.5 points'");
    let folder = folder(&both);
    let found = json(
        folder.path(),
        &["test", "cheap.toml", "--devices", "32", "--max-devices", "512", "-o", "json"],
        0,
    );
    let [today, slow] = [0, 1].map(|place| &found["scenarios"][place]);
    let devices = slow["devices"].as_u64().unwrap();
    assert!(devices > 32, "{found}");
    assert_eq!((&today["devices"], &today["asserts"][0]["devices"]), (&32.into(), &32.into()));
    // As if so many had been asked for at once.
    let many = devices.to_string();
    let once = json(
        folder.path(),
        &["test", "cheap.toml", "--devices", &many, "--max-devices", &many, "--jobs", "1", "-o", "json"],
        0,
    );
    let again = &once["scenarios"][1];
    for key in ["verdict", "value", "ci95", "bound", "devices"] {
        assert_eq!(slow["asserts"][0][key], again["asserts"][0][key], "{key}");
    }
    // One that is held against a baseline of fewer devices waits for nobody for long.
    let kept = promise("versus = \"baseline\"", "'latency(mean) <= +0 %'");
    fs::write(
        folder.path().join("cheap.toml"),
        fs::read_to_string(folder.path().join("cheap.toml")).unwrap() + &kept,
    )
    .unwrap();
    ends(folder.path(), &["test", "cheap.toml", "--devices", "8", "--update", "--allow-undecided"], 0);
    let words = ["test", "cheap.toml", "--devices", "32", "--allow-undecided", "-o", "json"];
    let found = json(folder.path(), &words, 0);
    assert_eq!(found["scenarios"][0]["asserts"][1]["devices"], 8, "{found}");
    assert_eq!(found["scenarios"][0]["changes"], Value::Null);
}

#[test]
fn where_chooses_the_same_phones_in_both_arms() {
    let of = |who: &str| format!("arm = \"slow\"\nversus = \"today\"\nwhere = {who}");
    let ram = "[[fleet]]\nram = { \"3 GB\" = 0.5, \"8 GB\" = 0.5 }\n";
    let folder_of =
        |who: &str| folder(&(ram.to_owned() + &promise(&of(who), "'told_within(450s) <= -15 points'")));
    for who in ["{ ram = \"8 GB\" }", "{ ram = \"8 GB\", from = \"2026-03-03\" }"] {
        let test = ["test", "cheap.toml", "--devices", "64", "--max-devices", "64", "-o", "json"];
        let found = json(folder_of(who).path(), &test, 0);
        let assert = &found["scenarios"][0]["asserts"][0];
        // Half of 64, as dealing has it.
        assert!((31..=33).contains(&assert["devices"].as_u64().unwrap()), "{found}");
        assert_eq!(assert["verdict"], "pass", "{found}");
    }
    // An arm may have phones that the reference has not; with those it cannot be compared.
    let newer = "[[arm]]\nname = \"newer\"\nram = { \"3 GB\" = 0.25, \"8 GB\" = 0.5, \"12 GB\" = 0.25 }\n";
    let alone = promise("arm = \"newer\"\nwhere = { ram = \"12 GB\" }", "'told_within(450s) >= 30 %'");
    let found = folder(&(newer.to_owned() + ram + &alone));
    ends(found.path(), &["test", "cheap.toml", "--devices", "64"], 0);
    let others = alone.replace("\nwhere", "\nversus = \"today\"\nwhere").replace("12 GB", "8 GB");
    let others = others.replace("30 %", "+30 %");
    let found = folder(&(newer.to_owned() + ram + &others));
    let error = ends(found.path(), &["test", "cheap.toml", "--devices", "64"], 1);
    assert!(error.contains("`where` means other phones in `newer` than in `today`"), "{error}");
}

#[test]
fn what_names_no_arm_or_cannot_be_compared_is_an_error_at_its_place() {
    let louder = "[[arm]]\nname = \"louder\"\nmails_per_weekday = 90\n";
    for (of, assert, message, help) in [
        ("arm = \"slwo\"", "told_within(450s) >= 30 %", "the file has no arm `slwo`", "did you mean `slow`?"),
        (
            "arm = \"x\"",
            "told_within(450s) >= 30 %",
            "the file has no arm `x`",
            "its arms are today, slow, louder",
        ),
        (
            "versus = \"basline\"",
            "latency(p50) <= +5 %",
            "the file has no arm `basline`",
            "did you mean `baseline`?",
        ),
        ("versus = \"today\"", "latency(p50) <= +5 %", "compares `today` with itself", "arm = NAME"),
        (
            "arm = \"slow\"\nversus = \"slow\"",
            "latency(p50) <= +5 %",
            "compares `slow` with itself",
            "arm = NAME",
        ),
        (
            "versus = \"slow\"",
            "latency(p50) <= 5 %",
            "`5 %` is not a difference from `slow`",
            "with its sign",
        ),
        ("versus = \"slow\"", "latency(p50) == +5 %", "is an estimate", "use <, <=, > or >="),
        (
            "arm = \"louder\"\nversus = \"today\"",
            "latency(p50) <= +5 %",
            "`louder` cannot be compared with `today`: `fleet[0].mails_per_weekday` is 90 in the one and",
            "set it in both",
        ),
    ] {
        let folder = folder(&(louder.to_owned() + &promise(of, &format!("'{assert}'"))));
        let error = ends(folder.path(), &["test", "cheap.toml", "--devices", "8"], 1);
        assert!(error.contains(message) && error.contains(help), "{of} {assert}\n{error}");
        assert!(error.contains(" --> cheap.toml:1"), "{error}");
    }
    let named = "[[arm]]\nname = \"baseline\"\nscheduler.every = \"20m\"\n";
    let folder = folder(&(named.to_owned() + &promise("versus = \"baseline\"", "'latency(p50) <= +5 %'")));
    let error = ends(folder.path(), &["run", "cheap.toml", "--devices", "8"], 1);
    assert!(error.contains("give the arm another name"), "{error}");
}

#[test]
fn a_baseline_belongs_to_an_arm() {
    let kept = |of: &str| promise(&format!("{of}versus = \"baseline\""), "'latency(mean) <= +0 %'");
    let folder = folder(&(kept("") + &kept("arm = \"slow\"\n")));
    let test = |words: &[&str], code| {
        ends(folder.path(), &[&["test", "cheap.toml", "--devices", "32"], words].concat(), code)
    };
    assert!(test(&[], 1).contains("none at `reports/baseline/cheap@slow.json`"));
    test(&["--update"], 0);
    let at = |key: &str| folder.path().join(format!("reports/baseline/{key}.json"));
    let [today, slow] = ["cheap", "cheap@slow"].map(|key| fs::read_to_string(at(key)).unwrap());
    assert!(slow.contains("\"arm\":\"slow\"") && !today.contains("\"arm\""), "{slow}");
    assert!(test(&[], 0).contains("2 scenarios: 2 passed"));
    // An arm that changes leaves the reference alone.
    let file = folder.path().join("cheap.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"30m\"", "\"45m\"")).unwrap();
    let found = test(&[], 2);
    assert!(found.starts_with("pass  cheap ") && found.contains("\nFAIL cheap, arm slow"), "{found}");
    fs::write(at("cheap@slow"), today).unwrap();
    let error = test(&[], 1);
    assert!(error.contains("is of the reference, and not of the arm `slow` of `cheap.toml`"), "{error}");
}

#[test]
fn the_first_failure_ends_it_after_its_file() {
    let failing = promise("arm = \"slow\"\nversus = \"today\"", "'told_within(450s) >= +0 points'");
    let folder = folder(&failing);
    let text = fs::read_to_string(folder.path().join("cheap.toml")).unwrap();
    fs::write(folder.path().join("dear.toml"), text.replace("\"cheap\"", "\"dear\"")).unwrap();
    let test = ["test", "cheap.toml", "dear.toml", "--devices", "32", "-o", "json"];
    let count = |words: &[&str]| json(folder.path(), words, 2)["scenarios"].as_array().unwrap().len();
    assert_eq!((count(&test), count(&[&test[..], &["--fail-fast"]].concat())), (2, 1));
}

/// The page about promises shows what is printed, and why.
#[test]
fn the_example_of_the_page_is_true() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policy-tests.md");
    let page = fs::read_to_string(page).unwrap();
    let between = |text: &str, from: &str, to: &str| {
        text.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned()
    };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("acme.toml"), between(&page, "```toml\n# acme.toml\n", "```")).unwrap();
    let shown = page.split_once("prints\n\n```text\n").unwrap().1;
    let printed = ends(folder.path(), &["test", "acme.toml"], 0);
    assert!(printed.starts_with(shown.split_once("```").unwrap().0), "{printed}");
    let reason = between(shown, "as the reason\n\n```text\n", "\n```").replace('\n', " ");
    let found = json(folder.path(), &["test", "acme.toml", "-o", "json"], 0);
    assert_eq!(found["scenarios"][1]["asserts"][0]["reason"], reason.as_str());
}
