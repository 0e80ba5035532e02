//! A report.json that is none: refused in a sentence that names it, and nothing is written.

use super::bench::{contents, refuses, reports, succeeds};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, Instant};
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
    assert!(error.contains("a/b/record/report.json"), "{error}");
    assert!(error.len() < 1000, "{error}");
    let left = [home.path().to_owned(), home.path().join("a"), home.path().join("a/b"), folder];
    assert!(left.iter().all(|folder| contents(folder).len() == 1), "something was written");
    error
}

fn refused_json(value: &Value) -> String {
    refused(value.to_string().as_bytes())
}

fn whole() -> Value {
    serde_json::to_value(&reports()[1]).unwrap()
}

#[test]
fn what_is_no_json_is_refused() {
    let whole = whole().to_string();
    let deep = |open: &str, close: &str| {
        format!("{{\"schema\":1,\"title\":{}{}}}", open.repeat(200_000), close.repeat(200_000))
    };
    let charts = |open: &str| whole.replace("\"charts\":[", &format!("\"charts\":[{}", open.repeat(200_000)));
    let texts = [
        Vec::new(),
        b"mine".to_vec(),
        b"{".to_vec(),
        b"\xff\xfe{\x00}\x00".to_vec(),
        vec![0; 4096],
        whole[..whole.len() / 2].into(),
        whole[..whole.len() - 1].into(),
        charts("[").into(),
        (whole.clone() + "{}").into(),
    ];
    for text in texts {
        assert!(refused(&text).contains(" is no JSON: "));
    }
    for text in [deep("[", "]"), deep("{\"a\":", "0}").replace(":0}", ":{}}")] {
        refused(text.as_bytes());
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let with = |key: &str, value: Value| {
        let mut whole = whole();
        whole[key] = value;
        whole
    };
    for schema in [json!(0), json!(2), json!(-1), json!(1.5), json!(u64::MAX)] {
        let error = refused_json(&with("schema", schema.clone()));
        assert!(error.contains(&format!("`schema` {schema}; this version of bgsim reads 1")), "{error}");
    }
    assert!(refused(b"{}").contains("no `schema`"));
    let mut kind = whole();
    kind["charts"][0][1]["kind"] = json!("pie");
    let mut missing = whole();
    missing.as_object_mut().unwrap().remove("verdict");
    let wrong = [
        json!(null),
        json!("report"),
        json!([1]),
        json!({ "schema": 1 }),
        with("schema", json!("1")),
        with("schema", json!([[[]]])),
        with("charts", json!({})),
        with("charts", json!([["latency"]])),
        with("charts", json!([["latency", {}]])),
        with("charts", json!([["latency", { "kind": "latency" }]])),
        with("title", json!(7)),
        with("verdict", json!("yes")),
        with("tables", json!([null])),
        with("assumptions", json!([{ "key": "a" }])),
        kind,
        missing,
    ];
    for report in wrong {
        assert!(refused_json(&report).contains(" is no report: "));
    }
}

#[test]
fn a_chart_may_not_choose_where_it_is_written() {
    let names = [
        "../../x",
        "/etc/passwd",
        "latency/../../y",
        "latency\u{0}",
        "",
        ".",
        "..",
        "day-",
        "day-1234",
        "day--1",
        "day-٣",
        "LATENCY",
        "latency.svg",
        "report",
        "\\\\host\\share\\latency",
        "CON",
        "\u{202E}latency",
    ];
    for name in names {
        let mut report = whole();
        report["charts"][0][0] = json!(name);
        assert!(refused_json(&report).contains("no chart of bgsim is called"), "{name:?}");
    }
    let mut twice = whole();
    twice["charts"][1][0] = json!("latency");
    assert!(refused_json(&twice).contains("two charts are called \"latency\""));
}

/// Sizes that a disk makes up, and things that look like files and are none.
#[test]
fn a_report_is_a_file_of_bearable_size() {
    let home = TempDir::new().unwrap();
    let ask = |make: &dyn Fn(&Path)| {
        let folder = home.path().join("record");
        fs::create_dir(&folder).unwrap();
        make(&folder.join("report.json"));
        let begun = Instant::now();
        let error = refuses(home.path(), &["report", "record"]);
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert!(error.contains("report.json"), "{error}");
        fs::remove_dir_all(folder).unwrap();
        error
    };
    assert!(ask(&|_| ()).contains("holds no report.json"));
    assert!(ask(&|path| fs::create_dir(path).unwrap()).contains("is not a file"));
    let sparse = |bytes: u64| move |path: &Path| File::create(path).unwrap().set_len(bytes).unwrap();
    assert!(ask(&sparse(1 << 40)).contains("has 1099511627776 bytes"));
    assert!(ask(&sparse((256 << 20) + 1)).contains("no report has more than"));
    #[cfg(unix)]
    {
        let pipe = |path: &Path| {
            assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
        };
        assert!(ask(&pipe).contains("is not a file"));
        let nowhere = |path: &Path| std::os::unix::fs::symlink("/no/such/file", path).unwrap();
        assert!(ask(&nowhere).contains("holds no report.json"));
    }
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
    #[cfg(unix)]
    {
        fs::remove_dir(folder.join("week-p90.svg")).unwrap();
        fs::write(home.path().join("target"), "mine").unwrap();
        std::os::unix::fs::symlink(home.path().join("target"), folder.join("report.html")).unwrap();
        let error = refuses(home.path(), &["report", "record"]);
        assert!(error.contains("record/report.html is not a regular file"), "{error}");
        assert_eq!(fs::read_to_string(home.path().join("target")).unwrap(), "mine");
        assert_eq!(contents(&folder).len(), 2);
        fs::remove_file(folder.join("report.html")).unwrap();
    }
    #[cfg(not(unix))]
    fs::remove_dir(folder.join("week-p90.svg")).unwrap();
    succeeds(home.path(), &["report", "record"]);
    assert!(contents(&folder).len() > 10);
}
