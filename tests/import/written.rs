//! What is written of a log: it runs, lint finds nothing in it, and nobody is in it but the client.

use super::phone::{CLIENT, archive, columns, flag, own_clock, packed, power_log, text};
use bgsim::observation::read;
use bgsim::scenario::{SourceText, fetch};
use rusqlite::types::Value;
use serde_json::Value as Json;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const HOUR: i64 = 3_600_000;
const MIDNIGHT: i64 = 1_773_529_200_000;

fn bgsim(folder: &TempDir, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(folder).args(words).output().unwrap()
}

/// Three days of a phone with names all over, as a sysdiagnose holds them.
fn sysdiagnose() -> Vec<u8> {
    let hours = |each: i64, from: i64, until: i64| {
        (from..until).step_by(each as usize).map(|hour| MIDNIGHT + hour * HOUR)
    };
    let on_off = |each: i64| {
        let both = hours(each, 0, 72)
            .flat_map(|at| [[own_clock(at), flag(false)], [own_clock(at + HOUR / 4), flag(true)]]);
        both.collect()
    };
    let front = |name: &str, at: i64| {
        [8, 2].map(|state| [own_clock(at + (8 - state) * 60_000), text(name), Value::Integer(state)])
    };
    let power = power_log()
        .table("PLSpringBoardAgent_EventForward_SBLock", ["timestamp", "Locked"], on_off(3))
        .table("PLSpringBoardAgent_EventForward_SBBlank", ["timestamp", "Blanked"], on_off(3))
        .table(
            "PLApplicationAgent_EventForward_Application",
            ["timestamp", "Identifier", "State"],
            hours(3, 0, 72)
                .flat_map(|at| [front(CLIENT, at + 1000), front("com.secret.dating", at + 2000)])
                .flatten()
                .collect(),
        )
        .table(
            "PLDuetService_EventNone_DASActivity",
            ["timestamp", "taskName", "bundleID", "duration"],
            hours(5, 1, 72)
                .map(|at| {
                    [
                        own_clock(at),
                        text("bgRefresh-com.example.mail.refresh"),
                        text(CLIENT),
                        Value::Integer(20),
                    ]
                })
                .chain(hours(4, 1, 72).map(|at| {
                    [own_clock(at), text("com.apple.fetch.com.secret.dating"), Value::Null, Value::Integer(9)]
                }))
                .collect(),
        )
        .table(
            "PLSpringBoardAgent_EventPoint_SBNotifications",
            ["timestamp", "NotificationBundleID", "UIShown"],
            vec![[own_clock(MIDNIGHT), text("com.secret.dating"), flag(true)]],
        )
        .table(
            "PLSCDynamicStoreAgent_EventForward_WifiActive",
            ["timestamp", "Active"],
            hours(9, 0, 72).enumerate().map(|(place, at)| [own_clock(at), flag(place % 2 == 0)]).collect(),
        )
        .bytes();
    let privacy = "{\"bundleID\":\"com.secret.dating\",\"domain\":\"secret.example\",\"firstTimeStamp\":\
                   \"2026-03-14T09:00:00.000+01:00\",\"hits\":2,\"timeStamp\":\"2026-03-15T09:00:00.000+01:00\",\"type\":\
                   \"networkActivity\"}\n";
    let jetsam = "{\"bug_type\":\"298\",\"timestamp\":\"2026-03-16 09:00:00.00 +0100\"}\n{\"processes\":[{\"name\":\
                  \"SecretDating\",\"reason\":\"vm-pageshortage\"}]}\n";
    let broken = "{\"bug_type\":\"298\"}\n{\"processes\":\"Secret\"}\n";
    let log = columns(&[("2026-03-16 10:00:00.000000+0100", "STARTING bgRefresh-com.secret.dating:0A1B2C")]);
    packed(&archive(&[
        ("sysdiagnose_Secrets_iPhone/logs/powerlogs/a.PLSQL.gz", &packed(&power)),
        ("secret/report.ndjson", privacy.as_bytes()),
        ("secret/JetsamEvent.ips", jetsam.as_bytes()),
        ("secret/broken.ips", broken.as_bytes()),
        ("secret/log.txt", log.as_bytes()),
        ("secret/secret.txt", b"secret"),
    ]))
}

fn imported(more: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("anything"), sysdiagnose()).unwrap();
    let words = [&["import", "anything", "--client", CLIENT, "--out", "phone"], more].concat();
    let done = bgsim(&folder, &words);
    assert!(done.status.success(), "{done:?}");
    folder
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let read = |entry: fs::DirEntry| {
        (entry.file_name().to_string_lossy().into_owned(), fs::read_to_string(entry.path()).unwrap())
    };
    fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect()
}

#[test]
fn nobody_is_in_what_is_written_but_the_client() {
    let folder = imported(&[]);
    let written = files(&folder.path().join("phone"));
    assert!(written.len() > 10, "{written:?}");
    for (name, text) in &written {
        assert!(!text.to_lowercase().contains("secret"), "{name}");
    }
    let client = |name: &str| written.iter().any(|(known, text)| known == name && text.contains(CLIENT));
    assert!(client("openings.csv") && client("runs.csv") && !client("contacts.csv"));

    let kept = imported(&["--keep-names"]);
    let runs = fs::read_to_string(kept.path().join("phone/runs.csv")).unwrap();
    assert!(runs.contains("com.secret.dating"), "{runs}");
}

#[test]
fn the_scenario_runs_and_lint_finds_nothing_in_it() {
    let folder = imported(&["--time-zone", "Europe/Berlin"]);
    let linted = bgsim(&folder, &["lint", "phone/device.toml", "--json"]);
    assert_eq!(linted.status.code(), Some(0), "{linted:?}");
    let said = String::from_utf8(linted.stdout).unwrap();
    assert!(
        !said.contains("\"severity\": \"warning\"") && !said.contains("\"severity\": \"error\""),
        "{said}"
    );
    let ran = bgsim(&folder, &["run", "phone/device.toml", "--devices", "2", "--json"]);
    assert!(ran.status.success(), "{ran:?}");
    let scenario = fs::read_to_string(folder.path().join("phone/device.toml")).unwrap();
    assert!(scenario.contains("start = \"2026-03-15T00:00\"\nmeasure = \"3d\"\n"), "{scenario}");

    // What was observed is in the form in which it can be held against the model.
    let label = folder.path().join("phone/observed.toml").display().to_string();
    let text = fs::read_to_string(&label).unwrap();
    let observed = read(&SourceText { label, text: text.into() }, &[], &mut fetch).unwrap();
    let refreshes =
        observed.iter().find(|observation| observation.name == "refreshes of the client").unwrap();
    // Fifteen runs in a little less than three days.
    assert!((refreshes.value - 15.0 / 2.96).abs() < 0.1, "{refreshes:?}");
    assert!(refreshes.range[0] < refreshes.value && refreshes.value < refreshes.range[1]);

    // The same folder may be written again, and what is not ours may not.
    let again = bgsim(&folder, &["import", "anything", "--client", CLIENT, "--out", "phone"]);
    assert!(again.status.success(), "{again:?}");
    fs::write(folder.path().join("phone/mine.txt"), "mine").unwrap();
    assert_eq!(bgsim(&folder, &["import", "anything", "--out", "phone"]).status.code(), Some(1));
}

#[test]
fn what_was_found_is_told_as_json_too() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("anything"), sysdiagnose()).unwrap();
    let done = bgsim(&folder, &["import", "anything", "--client", CLIENT, "--json"]);
    let json: Json = serde_json::from_slice(&done.stdout).unwrap();
    let found = |track: &str, source: &str| {
        let is = |found: &&Json| found["track"] == track && found["source"] == source;
        json["found"].as_array().unwrap().iter().find(is).map(|found| found["entries"].clone())
    };
    assert_eq!(found("lock", "power_log"), Some(48.into()));
    assert_eq!(found("runs", "dasd"), Some(1.into()));
    assert_eq!(found("contacts", "privacy_report"), Some(1.into()));
    assert_eq!(found("exits", "jetsam"), Some(1.into()));
    let unread: u64 = json["unread"].as_object().unwrap().values().map(|many| many.as_u64().unwrap()).sum();
    assert_eq!(unread, 2, "{json:#}");
    assert!(!folder.path().join("phone").exists());
}

#[test]
fn what_cannot_be_imported_is_refused() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.txt"), "hello").unwrap();
    for (words, part) in [
        (&["a.txt"][..], "`a.txt`: it is a text of an unknown kind; a power log"),
        (&["."], "`.` is a folder; name the files in it"),
        (&["nowhere"], "`nowhere` cannot be read"),
        (&["a.txt", "--client", "mail"], "a bundle identifier is like com.example.mail"),
        (&["a.txt", "--anonymise", "--keep-names"], "cannot be used with"),
        (&[], "<INPUT>"),
    ] {
        let refused = bgsim(&folder, &[&["import"], words].concat());
        assert_eq!(refused.status.code(), Some(1), "{words:?} {refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(part), "{refused:?}");
    }
}
