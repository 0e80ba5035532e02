//! A report.json that is none: refused in a sentence that names it, and nothing is written.

use super::bench::{contents, refuses, reports, succeeds};
use serde_json::{Value, json};
use std::fs::{self, File};
use tempfile::TempDir;

/// Asks for the report of a folder that holds one of these bytes.
#[track_caller]
fn refused(bytes: &[u8]) -> String {
    let home = TempDir::new().unwrap();
    // Deep enough that `../../x` would still be within.
    let folder = home.path().join("a/b/record");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("report.json"), bytes).unwrap();
    let error = refuses(home.path(), &["report", "a/b/record"]);
    assert!(error.contains("a/b/record/report.json") && error.len() < 1000, "{error}");
    let left = [home.path().to_owned(), home.path().join("a"), home.path().join("a/b"), folder];
    assert!(left.iter().all(|folder| contents(folder).len() == 1), "something was written");
    error
}

fn whole() -> Value {
    serde_json::to_value(&reports()[1]).unwrap()
}

fn with(key: &str, value: Value) -> Vec<u8> {
    let mut whole = whole();
    whole[key] = value;
    whole.to_string().into()
}

#[test]
fn what_is_no_report_of_this_version_is_refused() {
    for text in [&b""[..], b"mine", b"{", b"\xff\xfe", &whole().to_string().as_bytes()[..4000]] {
        assert!(refused(text).contains(" is no JSON: "));
    }
    for schema in [json!(0), json!(2), json!(-1), json!(1.5)] {
        let error = refused(&with("schema", schema.clone()));
        assert!(error.contains(&format!("`schema` {schema}; this version of bgsim reads 1")), "{error}");
    }
    assert!(refused(b"{}").contains("no `schema`"));
    let kind = with("charts", json!([["latency", { "kind": "pie" }]]));
    for report in [b"[1]".to_vec(), br#"{"schema":1}"#.to_vec(), with("title", json!(7)), kind] {
        assert!(refused(&report).contains(" is no report: "));
    }
}

#[test]
fn a_chart_may_not_choose_where_it_is_written() {
    let names =
        ["../../x", "/etc/passwd", "latency/../../y", "", "..", "day-", "day--1", "day-٣", "CON", "Week"];
    for name in names {
        let mut report = whole();
        report["charts"][0][0] = json!(name);
        assert!(refused(report.to_string().as_bytes()).contains("no chart of bgsim is called"), "{name:?}");
    }
}

#[test]
fn a_report_is_of_bearable_size() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("record");
    fs::create_dir(&folder).unwrap();
    assert!(refuses(home.path(), &["report", "record"]).contains("holds no report.json"));
    // A size that the disk makes up.
    File::create(folder.join("report.json")).unwrap().set_len((256 << 20) + 1).unwrap();
    assert!(refuses(home.path(), &["report", "record"]).contains("it has more than 268435456 bytes"));
}

/// Where one file cannot be written none is.
#[test]
fn a_picture_replaces_nothing_but_a_file() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("record");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("report.json"), whole().to_string()).unwrap();
    fs::create_dir(folder.join("week-p90.svg")).unwrap();
    let error = refuses(home.path(), &["report", "record"]);
    assert!(error.contains("record/week-p90.svg is a folder"), "{error}");
    assert_eq!(contents(&folder).len(), 2);
    fs::remove_dir(folder.join("week-p90.svg")).unwrap();
    #[cfg(unix)]
    {
        fs::write(home.path().join("target"), "mine").unwrap();
        std::os::unix::fs::symlink(home.path().join("target"), folder.join("report.html")).unwrap();
        let error = refuses(home.path(), &["report", "record"]);
        assert!(error.contains("record/report.html is not a regular file"), "{error}");
        assert_eq!(fs::read_to_string(home.path().join("target")).unwrap(), "mine");
        assert_eq!(contents(&folder).len(), 2);
        fs::remove_file(folder.join("report.html")).unwrap();
    }
    succeeds(home.path(), &["report", "record"]);
    assert!(contents(&folder).len() > 10);
}
