//! Breakdowns as people meet them: in files, on the terminal, in the report, in promises.

use bgsim::report::human::EACH_ALONE;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn bgsim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap()
}

fn succeeds(words: &[&str]) -> String {
    let output = bgsim(words);
    assert!(output.status.success(), "{words:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refusal(words: &[&str], code: i32) -> String {
    let output = bgsim(words);
    assert_eq!(output.status.code(), Some(code), "{words:?}\n{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap()
}

const FLEET: &str = "\
extends = 'email-plus'\nname = 'parts'\ndevices = 48\nwarmup = '14d'\nmeasure = '3d'\n\
[[fleet]]\nname = 'office'\nweight = 3\nram = { '3 GB' = 0.5, '8 GB' = 0.5 }\n\
[[fleet]]\nname = 'night'\npersona = 'night_worker'\n\
[[fleet]]\nname = 'ghosts'\npersona = 'heavy'\nweight = 0\n";

fn written(folder: &Path, more: &str) -> PathBuf {
    let path = folder.join("parts.toml");
    fs::write(&path, format!("{FLEET}{more}")).unwrap();
    path
}

fn json(words: &[&str]) -> Value {
    serde_json::from_str(&succeeds(words)).unwrap()
}

#[test]
fn a_run_has_its_groups_and_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "");
    let file = file.to_str().unwrap();
    let plain = json(&["run", file, "--json"]);
    assert_eq!(plain["by"].as_object().unwrap().keys().collect::<Vec<_>>(), ["group"]);
    let both = json(&["run", file, "--json", "--by", "ram,day", "--by", "passcode"]);
    assert_eq!(
        both["by"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["group", "ram", "day", "passcode"]
    );
    assert_eq!((&both["mail"], &both["by"]["group"]), (&plain["mail"], &plain["by"]["group"]));
    assert!(both["scenario"]["command"].as_str().unwrap().ends_with("--by ram,day,passcode"));

    let groups = plain["by"]["group"].as_object().unwrap();
    assert_eq!(groups.keys().collect::<Vec<_>>(), ["office", "night", "ghosts"]);
    assert_eq!(groups["office"]["devices"], 36);
    assert!(groups["office"]["mail"]["told_within"]["15m"].as_f64().unwrap() > 0.0);
    assert!(groups["office"]["ci95"]["mail.told_within.15m"].is_array());
    assert_eq!((&groups["ghosts"]["devices"], &groups["ghosts"]["mail"]["arrived"]), (&0.into(), &0.into()));
    let days: Vec<&String> = both["by"]["day"].as_object().unwrap().keys().collect();
    assert_eq!(days, ["2026-03-02", "2026-03-03", "2026-03-04"]);
    // Sizes are in order of size, and few devices have no interval.
    let sizes = both["by"]["ram"].as_object().unwrap();
    assert_eq!(sizes.keys().next().unwrap(), "3 GB");
    for (size, part) in sizes {
        let few = part["ci95"]["mail.told_within.15m"] == "few devices";
        assert_eq!(few, part["devices"].as_u64().unwrap() < 8, "{size}");
    }
}

/// The figures of one group of a fleet are those of a fleet of that group alone: its devices are the same.
#[test]
fn a_group_has_the_figures_it_would_have_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "");
    let both = json(&["run", file.to_str().unwrap(), "--json"]);
    let alone = "fleet=[{ name='night', persona='night_worker' }]";
    let alone = json(&["run", file.to_str().unwrap(), "--set", alone, "--devices", "12", "--json"]);
    let night = &both["by"]["group"]["night"];
    assert_eq!(night["mail"]["told_within"], alone["mail"]["told_within"]);
    assert_eq!(night["mail"]["delay_causes_s"], alone["mail"]["delay_causes_s"]);
    assert_eq!(night["exposure"], alone["exposure"]);
    assert_eq!(night["ci95"], alone["ci95"]);
}

#[test]
fn the_terminal_has_a_row_a_group_and_names_those_without_a_member() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "");
    let file = file.to_str().unwrap();
    let out = folder.path().join("out");
    let text = succeeds(&["run", file, "--by", "week", "--out", out.to_str().unwrap()]);
    let table: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("group ")).take(5).collect();
    assert!(table[2].starts_with("office") && table[2].contains('['), "{text}");
    assert!(table[4].starts_with("ghosts") && table[4].ends_with("no device"), "{text}");
    assert!(text.contains("\nweek ") && text.contains("\n2026-03-02 "), "{text}");
    assert!(table.iter().all(|line| line.chars().count() <= 80), "{text}");
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    for name in ["by-group.svg", "by-week.svg"] {
        assert!(out.join(name).is_file() && page.contains(name.strip_suffix(".svg").unwrap()), "{name}");
    }
    assert!(page.contains("By group: told"), "the report has no section by group");
    // One group is all there is.
    assert!(!succeeds(&["run", "periodic-15m", "--devices", "4"]).contains("\ngroup "));
    let none = refusal(&["run", file, "--by", "event"], 1);
    assert!(none.contains("this scenario has no event"), "{none}");
}

#[test]
fn a_comparison_says_for_whom_it_is_worth_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "");
    let words =
        ["compare", file.to_str().unwrap(), "--set-b", "policy.allow_device_keychain=true", "--by", "ram"];
    let found = json(&[&words[..], &["--json"]].concat());
    let office = &found["by"]["group"]["office"];
    assert_eq!(office["devices"], 36);
    assert_eq!(office["findings"][0]["verdict"], "worth_it");
    let chosen = |part: &Value| {
        let figures = part["figures"].as_array().unwrap();
        figures.iter().find(|figure| figure["name"] == "mail.told_within.15m").unwrap().clone()
    };
    let (all, office) = (chosen(&found), chosen(office));
    assert!(office["difference"][1].as_f64() > Some(0.0) && office != all);
    assert!(found["by"]["ram"]["3 GB"]["devices"].as_u64() > Some(0));
    // As one line, wherever the sentence is broken.
    let out = folder.path().join("out");
    let kept = [&words[..], &["--out", out.to_str().unwrap()]].concat();
    let text = succeeds(&kept).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("worth it for office (+"), "{text}");
    // The report has a small curve a group and arm, second behind the whole, and is made the same again.
    let report: Value = serde_json::from_str(&fs::read_to_string(out.join("report.json")).unwrap()).unwrap();
    let names: Vec<&str> =
        report["charts"].as_array().unwrap().iter().filter_map(|chart| chart[0].as_str()).collect();
    assert_eq!(names[..3], ["latency", "by-group", "by-ram"]);
    let chart = &report["charts"][1][1];
    assert_eq!(chart["arms"].as_array().unwrap().len(), 2);
    let panels = chart["panels"].as_array().unwrap();
    let said = panels.iter().map(|panel| [panel["label"].as_str().unwrap(), panel["size"].as_str().unwrap()]);
    assert_eq!(said.collect::<Vec<_>>(), [["office", "36 devices"], ["night", "12 devices"]]);
    assert!(panels.iter().all(|panel| panel["others"].as_array().is_some_and(|others| others.len() == 1)));
    let (picture, page) = (out.join("by-group.svg"), out.join("report.html"));
    let before = [&picture, &page].map(|file| fs::read(file).unwrap());
    fs::remove_file(&picture).unwrap();
    succeeds(&["report", out.to_str().unwrap()]);
    assert!(before == [&picture, &page].map(|file| fs::read(file).unwrap()));
    assert!(!text.contains("for ghosts") && !text.contains("and ghosts"), "{text}");
    // The same policy twice is worth nothing, and nothing more is said.
    let same =
        ["compare", file.to_str().unwrap(), "--set-b", "policy.auto_lock=2m", "--set", "policy.auto_lock=2m"];
    assert!(!succeeds(&same).contains("worth it"));
}

#[test]
fn a_sweep_has_rows_for_its_slices() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (written(folder.path(), ""), folder.path().join("out"));
    let words = ["sweep", file.to_str().unwrap(), "--vary", "policy.auto_lock=1m,5m", "--devices", "16"];
    let out = out.to_str().unwrap();
    let said = succeeds(&[&words[..], &["--by", "group", "--out", out]].concat());
    assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains(EACH_ALONE), "{said}");
    let rows = fs::read_to_string(Path::new(out).join("sweep.csv")).unwrap();
    let heads: Vec<Vec<&str>> = rows.lines().map(|row| row.split(',').take(3).collect()).collect();
    assert_eq!(heads[0], ["policy.auto_lock", "by", "value"]);
    assert_eq!(heads[1..4], [["1m", "", ""], ["1m", "group", "office"], ["1m", "group", "night"]]);
    assert_eq!(heads.len(), 1 + 2 * 4);
    let sweep: Value =
        serde_json::from_str(&fs::read_to_string(Path::new(out).join("sweep.json")).unwrap()).unwrap();
    assert_eq!(sweep["points"][0]["by"]["group"]["office"]["devices"], 12);
    let plain = succeeds(&[&words[..], &["--json"]].concat());
    assert!(plain.contains("\"by\""), "groups stand in the file without being asked for");
}

#[test]
fn promises_speak_of_a_part_of_the_fleet_and_of_the_time() {
    let folder = tempfile::tempdir().unwrap();
    let promise = |selects: &str, assert: &str| {
        let more = format!("[[expect]]\nname = 'p'\nwhere = {selects}\nassert = ['{assert}']\n");
        let file = written(folder.path(), &more);
        bgsim(&["test", file.to_str().unwrap(), "-o", "json"])
    };
    let found = |selects: &str, assert: &str| -> Value {
        let output = promise(selects, assert);
        let text = String::from_utf8_lossy(&output.stdout);
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|_| {
            panic!("{selects}: {}", String::from_utf8_lossy(&output.stderr));
        });
        value["scenarios"][0]["asserts"][0].clone()
    };
    let file = written(folder.path(), "");
    let by = json(&["run", file.to_str().unwrap(), "--by", "ram,day", "--json"])["by"].clone();
    for (selects, part) in [
        ("{ group = 'office' }", &by["group"]["office"]),
        ("{ persona = ['night_worker', 'heavy'] }", &Value::Null),
        ("{ ram = '3 GB' }", &by["ram"]["3 GB"]),
        ("{ from = '2026-03-03', until = '2026-03-04T00:00' }", &by["day"]["2026-03-03"]),
        ("{ from = '2026-03-03T00:00+01:00', until = '2026-03-03T23:00Z' }", &by["day"]["2026-03-03"]),
    ] {
        if part.is_null() {
            continue;
        }
        let checked = found(selects, "mail.arrived >= 1");
        assert_eq!(checked["value"].as_f64(), part["mail"]["arrived"].as_f64(), "{selects}");
        let told = found(selects, "told_within(15m) >= 0 %");
        assert_eq!(told["value"], part["mail"]["told_within"]["15m"], "{selects}");
        assert_eq!(told["ci95"], part["ci95"]["mail.told_within.15m"], "{selects}");
        assert!(told["where"].is_object());
    }
    // A law binds those of whom it speaks, and then.
    let law = "never(new_mail while unlocked)";
    let of = |selects: &str| found(selects, law)["value"].as_f64().unwrap();
    let parts = ["{ group = 'office' }", "{ group = 'night' }"].map(of);
    let days = ["{ until = '2026-03-03' }", "{ from = '2026-03-03' }"].map(of);
    assert!(parts[0] > parts[1] && parts[1] > 0.0 && days[0] > 0.0);
    assert_eq!(parts.iter().sum::<f64>(), days.iter().sum::<f64>());

    for (selects, said) in [
        ("{ group = 'ofice' }", "no `ofice` is in the fleet"),
        ("{ group = 'ghosts' }", "the fleet has office, night"),
        ("{ ram = '5 GB' }", "the fleet has 3 GB, "),
        ("{ passcode = 'none' }", "no `none` is in the fleet"),
        ("{ time_zone = ['Asia/Tokyo'] }", "the fleet has Europe/Berlin"),
        ("{ from = 'noon' }", "`noon` is no instant"),
        ("{ from = '2027-01-01' }", "which is from 2026-03-02 00:00 to 2026-03-05 00:00"),
    ] {
        let output = promise(selects, "mail.arrived >= 1");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && text.contains(said), "{selects}: {text}");
        assert!(text.contains("parts.toml:19:") || text.contains("parts.toml:18:"), "{text}");
    }
}

#[test]
fn explain_and_timeline_pick_the_longest_wait_of_a_part() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "");
    let file = file.to_str().unwrap();
    let part = ["--where", "group=night", "--from", "2026-03-03", "--until", "2026-03-04"];
    let told = json(&[&["explain", file, "--json", "--worst", "1"], &part[..]].concat());
    let mails = told["mails"].as_array().unwrap();
    assert_eq!(mails.len(), 1);
    let worst = &mails[0];
    assert_eq!((&worst["group"], &worst["persona"]), (&"night".into(), &"night_worker".into()));
    assert!(worst["arrived"].to_string().contains("2026-03-0"), "{worst}");
    let device = worst["device"].to_string();
    // No mail of the same part waited longer.
    let more = json(&[&["explain", file, "--json", "--worst", "3"], &part[..]].concat());
    let waits: Vec<u64> =
        more["mails"].as_array().unwrap().iter().map(|mail| mail["wait_ms"].as_u64().unwrap()).collect();
    assert_eq!((waits.len(), Some(waits[0])), (3, worst["wait_ms"].as_u64()));
    assert!(waits.windows(2).all(|pair| pair[0] >= pair[1]));
    // The head names group, persona and memory.
    let text = succeeds(&[&["explain", file, "--worst", "1", "--full"], &part[..]].concat());
    let ram = worst["ram_bytes"].as_u64().unwrap() / 1_000_000_000;
    assert!(
        text.starts_with(&format!("parts · device {device} (night, night_worker, {ram} GB) · mail ")),
        "{text}"
    );
    // Without `--worst`, all mail of its device in that window is listed, and this is the longest there.
    let window = json(&[&["explain", file, "--json"], &part[..]].concat())["window"].take();
    assert_eq!(window["device"], worst["device"]);
    let listed = window["mails"].as_array().unwrap();
    assert!(listed.iter().any(|mail| mail["mail"] == worst["mail"] && mail["wait_ms"] == worst["wait_ms"]));
    assert!(listed.iter().all(|mail| mail["wait_ms"].as_u64() <= worst["wait_ms"].as_u64()));
    let picture = folder.path().join("worst.svg");
    let said = succeeds(&[&["timeline", file, "--out", picture.to_str().unwrap()], &part[..]].concat());
    let svg = fs::read_to_string(&picture).unwrap();
    assert!(svg.contains(&format!("device {device} (night, night_worker, {ram} GB)")), "{said}");

    for (words, said) in [
        (vec!["explain", file, "--where", "ram=5 GB"], "no `5 GB` is in the fleet; the fleet has 3 GB"),
        (vec!["explain", file, "--where", "grup=a"], "did you mean `group`?"),
        (vec!["explain", file, "--where", "group"], "a key needs a value"),
        (vec!["explain", file, "--from", "2030-01-01"], "nothing of the measured span"),
        (
            vec!["explain", file, "--device", "1", "--mail", "0", "--where", "group=night"],
            "one device already",
        ),
    ] {
        let fault = refusal(&words, 1);
        assert!(fault.contains(said), "{words:?}: {fault}");
    }
}
