//! Layers, files, large files and bundled scenarios.

use super::*;
use std::path::Path;

#[test]
fn the_last_layer_wins_and_lists_replace() {
    let base =
        "devices = 1\nseed = 1\n[policy]\nauto_lock = \"1m\"\npasscode = \"none\"\n[[fleet]]\n[[fleet]]\n";
    let main = "extends = \"base.toml\"\ndevices = 2\n[policy]\nauto_lock = \"3m\"\n[[fleet]]\nweight = 2\n";
    let files = [("s.toml", main), ("base.toml", base)];
    let scenario = layered(&files, &["devices=3", "devices=4", "policy.auto_lock=4m"]).unwrap();
    assert_eq!((scenario.devices, scenario.seed, scenario.fleet.groups.len()), (4, 1, 1));
    assert_eq!(scenario.policy.auto_lock, Span::MINUTE * 4);
    assert_eq!(scenario.policy.passcode, policy::Passcode::None);
}

#[test]
fn a_set_value_needs_no_quotes() {
    assert_eq!(set("warmup=2h 30m").unwrap().start, Time::ORIGIN + Span::MINUTE * 150);
    assert_eq!(set("name=Mary \"the\" \\1").unwrap().name, "Mary \"the\" \\1");
    assert_eq!(set("time_zone = America/New_York").unwrap().measured(), Span::DAY * 14);
    assert_eq!(set("start=2026-07-01").unwrap().clock.unix_ms(Time::ORIGIN), 1_781_647_200_000);
    assert_eq!(set("fleet=[{persona='heavy'},{}]").unwrap().fleet.groups.len(), 2);
    assert!(set("policy.working_hours={from=08:00,to=18:00}").unwrap().policy.working_hours.is_some());
}

#[test]
fn a_part_of_working_hours_may_come_from_another_layer() {
    let main = "policy.working_hours = { from = \"08:00\", to = \"18:00\" }";
    let scenario = layered(&[("s.toml", main)], &["policy.working_hours.from=07:30"]).unwrap();
    assert_eq!(
        scenario.policy.working_hours,
        Some("mon-fri 07:30-18:00".parse::<policy::Hours>().unwrap().into())
    );
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

/// What a simulation runs on: not which rows of a persona were written.
fn simulated(scenario: &Scenario) -> String {
    let Scenario { clock, start, end, policy, sections, .. } = scenario;
    let people: Vec<_> =
        scenario.fleet.groups.iter().map(|group| (&group.name, group.weight, &group.persona)).collect();
    let mut sections = sections.clone();
    sections.client.key_in_memory = Some(sections.client.key_in_memory(policy.key_access));
    format!("{clock:?} {start:?} {end:?} {policy:?} {sections:?} {people:?}")
}

#[test]
fn effective_reads_back_as_the_same_scenario() {
    let berlin = set("policy.working_hours={from=\"08:00\",to=\"18:00\"}").unwrap();
    let dst = set("start=2026-03-29T02:30").unwrap();
    for scenario in [text("").unwrap(), berlin, dst] {
        let again = text(&scenario.effective()).unwrap();
        assert_eq!(simulated(&scenario), simulated(&again));
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
    assert_eq!(scenario.clock.local(Time::ORIGIN).hour(), 2);
}

#[test]
fn bundled_scenarios_are_the_files_there_are_and_load() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| {
            name.ends_with(".toml") && !["observations.toml", "ensemble.toml"].contains(&name.as_str())
        })
        .collect();
    files.sort();
    let mut names: Vec<String> = BUNDLED.iter().map(|bundled| format!("{}.toml", bundled.name)).collect();
    names.sort();
    assert_eq!(files, names);
    for bundled in BUNDLED {
        assert!(bundled.question().ends_with('?'), "{}", bundled.name);
        assert!(bundled.text.starts_with("# "), "{}", bundled.name);
        let mut scenario = load(bundled.name, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(scenario.name, bundled.name);
        // What is promised is no part of the effective configuration.
        scenario.expects.clear();
        let again = text(&scenario.effective()).unwrap();
        assert_eq!(simulated(&scenario), simulated(&again));
    }
    assert_eq!(load("email-plus", &[]).unwrap().fleet.groups.len(), 3);
}

#[test]
fn the_text_to_start_from_loads() {
    text(&init_text()).unwrap();
}

#[test]
fn a_trace_lies_beside_the_file_that_names_it() {
    let main = SourceText { label: "a/main.toml".into(), text: "extends = \"b/base.toml\"".into() };
    let base = "[mail]\nmodel = \"trace\"\nfile = \"mail.csv\"";
    let mut other =
        |_: &str, _: &SourceText| Ok(SourceText { label: "a/b/base.toml".into(), text: base.into() });
    let sets = ["user.model=trace".into(), "user.file=use.csv".into()];
    let (_, files) = super::super::stack::gathered(
        main,
        &Default::default(),
        Asked { sets: &sets, ..Asked::default() },
        &mut other,
    )
    .unwrap();
    let (mail, user) = (files.mail.unwrap(), files.user.unwrap());
    assert_eq!((mail.path.as_path(), mail.place.unwrap().line), (Path::new("a/b/mail.csv"), 3));
    assert_eq!(user.path, Path::new("use.csv"));
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
    assert_eq!((scenario.devices, scenario.seed, scenario.fleet.groups.len()), (7, 3, 3));

    let cycle = write("cycle.toml", b"extends = \"./cycle.toml\"");
    assert!(fault(&cycle).contains("builds on itself"));
    assert!(
        fault(&write("bad.toml", b"# one\n# two\n# \xff\n")).contains("bad.toml:3:3: this is not UTF-8 text")
    );
    assert!(fault(&write("big.toml", &[b'\n'; (1 << 20) + 1])).contains("larger than 1 MiB"));
    assert!(fault(&folder.path().display().to_string()).contains("is a folder"));
    let typo = folder.path().join("mian.toml").display().to_string();
    assert!(fault(&typo).contains(&format!("did you mean `{main}`?")), "{}", fault(&typo));
    assert!(fault("device-keychian").contains("did you mean the bundled `device-keychain`?"));
    assert!(fault("xyzzy").contains("of the bundled, nearest are `"));
    let nowhere = fault(&write("nowhere.toml", b"\nextends = \"email-plsu\""));
    assert!(nowhere.contains("bundled `email-plus`") && nowhere.contains("nowhere.toml:2:11"), "{nowhere}");
}

#[test]
fn a_large_hostile_file_is_refused_soon_and_shortly() {
    let large = [
        "[[fleet]]\nweight=-1\n".repeat(50_000),
        (0..80_000).map(|n| format!("k{n} = 1\n")).collect(),
        "[".repeat(1_000_000),
        format!("{} = 1", "k".repeat(1_000_000)),
        format!("\"\\u001b[31m{}\" = 1", "k".repeat(1_000_000)),
        format!("name = \"{}\"", "n".repeat(1_000_000)),
        format!("devices = {}", "9".repeat(1_000_000)),
        format!("policy.working_hours = {{ days = [{}] }}", "\"x\",".repeat(200_000)),
    ];
    for hostile in large {
        let shown = text(&hostile).unwrap_err();
        assert!(shown.len() < 20_000 && !shown.contains('\u{1b}'), "{}", shown.len());
    }
}

#[test]
fn a_trace_is_read_and_its_errors_have_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    std::fs::write(&path, "[mail]\nmodel = \"trace\"\nfile = \"mail.csv\"\n").unwrap();
    let load = || load(&path.display().to_string(), &[]);
    let shown = load().unwrap_err().to_string();
    assert!(shown.contains("cannot be read") && shown.contains("s.toml:3:8"), "{shown}");
    std::fs::write(folder.path().join("mail.csv"), "arrived\n2026-03-02T09:00:00+01:00\n").unwrap();
    assert_eq!(load().unwrap().fleet.groups[0].traces.mailboxes.len(), 1);
    std::fs::write(folder.path().join("mail.csv"), "arrived\nyesterday\n").unwrap();
    let shown = load().unwrap_err().to_string();
    assert!(shown.contains("mail.csv:2") && shown.contains("s.toml:3:8"), "{shown}");
    std::fs::write(&path, "[network]\nmodel = \"trace\"\nfile = \"network.csv\"\n").unwrap();
    let stretch = "2026-02-16T18:00:00+01:00,2026-02-17T07:00:00+01:00";
    std::fs::write(folder.path().join("network.csv"), format!("{stretch},wifi\n")).unwrap();
    assert_eq!(load().unwrap().fleet.groups[0].traces.networks.len(), 1);
    std::fs::write(folder.path().join("network.csv"), format!("{stretch},lan\n")).unwrap();
    let shown = load().unwrap_err().to_string();
    assert!(shown.contains("network.csv:1: `lan` is no network") && shown.contains("s.toml:3:8"), "{shown}");
    // A group may have a record of its own.
    let group = "[[fleet]]\nname = \"ours\"\n[fleet.power]\nmodel = \"trace\"\nfile = \"power.csv\"\n";
    std::fs::write(&path, format!("[[fleet]]\nname = \"others\"\n{group}")).unwrap();
    let level = "2026-02-16T18:00:00+01:00,57";
    std::fs::write(folder.path().join("power.csv"), format!("{level},no\n")).unwrap();
    let groups = load().unwrap().fleet.groups;
    assert_eq!(groups.iter().map(|group| group.traces.batteries.len()).collect::<Vec<_>>(), [0, 1]);
    std::fs::write(folder.path().join("power.csv"), format!("{level},plugged\n")).unwrap();
    let shown = load().unwrap_err().to_string();
    assert!(shown.contains("power.csv:1: `plugged` is neither true nor false"), "{shown}");
    assert!(shown.contains("s.toml:7:8"), "{shown}");
}
