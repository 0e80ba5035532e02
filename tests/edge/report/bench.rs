//! Runs bgsim as a script does, and reads what it leaves.

use bgsim::report::document::Report;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A verb that keeps a record.
pub struct Verb {
    pub words: &'static str,
    /// Its files beside report.json, report.html and the pictures.
    pub own: &'static [&'static str],
    /// The names of its charts.
    pub charts: &'static [&'static str],
}

/// Each takes a second at most.
pub const VERBS: [Verb; 4] = [
    Verb {
        words: "run weak-passcode --by day --devices 8 --set warmup=1d --set measure=2d",
        own: &[
            "summary.json",
            "devices.csv",
            "mail.csv",
            "checks.csv",
            "notifications.csv",
            "key_failures.csv",
        ],
        charts: &["latency", "by-group", "by-day", "causes", "week-p50", "week-p90", "week-checks", "day-1"],
    },
    Verb {
        words: "compare email-plus weak-passcode --arm short:policy.auto_lock=30s --devices 8 --set warmup=1d \
                --set measure=2d",
        own: &["compare.json"],
        charts: &[
            "latency",
            "by-group",
            "causes",
            "week-p50",
            "week-p90",
            "week-checks",
            "price",
            "day-1",
            "day-2",
            "day-3",
        ],
    },
    Verb {
        words: "sweep email-plus --vary policy.auto_lock=30s,1m,5m --vary client.check_duration=0s,4s \
                --figure mail.latency_s.p50 --devices 4 --set warmup=1d --set measure=1d",
        own: &["sweep.csv", "sweep.json"],
        charts: &["sweep"],
    },
    Verb {
        words: "sensitivity periodic-15m --set-b scheduler.every=30m --trajectories 1 --devices 4 --max-devices 4 \
                --set warmup=0s --set measure=1d",
        own: &["points.csv", "sensitivity.json"],
        charts: &["tornado"],
    },
];

pub fn bgsim(home: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    command.args(words).current_dir(home).stdin(Stdio::null()).output().unwrap()
}

/// What it printed; it must have succeeded.
#[track_caller]
pub fn succeeds(home: &Path, words: &[&str]) -> String {
    let output = bgsim(home, words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it complained of; it must have refused in a sentence.
#[track_caller]
pub fn refuses(home: &Path, words: &[&str]) -> String {
    let output = bgsim(home, words);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{words:?}: {error}");
    assert!(output.stdout.is_empty(), "{words:?}");
    assert!(error.starts_with("error: ") && !error.contains("panicked"), "{words:?}: {error}");
    error
}

impl Verb {
    /// Runs it into a folder of `home`, and reads that.
    #[track_caller]
    pub fn record(&self, home: &Path, out: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let words: Vec<&str> = self.words.split_whitespace().collect();
        succeeds(home, &[&words[..], &["--out", out], more].concat());
        contents(&home.join(out))
    }

    /// The names of all its files.
    pub fn files(&self) -> BTreeSet<String> {
        let pictures =
            self.charts.iter().flat_map(|chart| ENDINGS.iter().map(move |end| format!("{chart}.{end}")));
        let always = ["report.json", "report.html"];
        self.own.iter().chain(&always).map(|name| name.to_string()).chain(pictures).collect()
    }
}

/// The endings of pictures.
pub const ENDINGS: &[&str] = if cfg!(feature = "png") { &["svg", "png"] } else { &["svg"] };

/// Names and bytes of all files of a folder; a folder within it has no bytes.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let bytes = if entry.path().is_dir() { Vec::new() } else { fs::read(entry.path()).unwrap() };
        (entry.file_name().into_string().unwrap(), bytes)
    });
    entries.collect()
}

pub fn report_of(files: &BTreeMap<String, Vec<u8>>) -> Report {
    serde_json::from_slice(&files["report.json"]).unwrap()
}

/// A report of each verb, as it was kept.
pub fn reports() -> &'static [Report] {
    static REPORTS: OnceLock<Vec<Report>> = OnceLock::new();
    REPORTS.get_or_init(|| {
        let home = TempDir::new().unwrap();
        let line = Verb {
            words: "sweep email-plus --vary policy.auto_lock=30s,1m,5m --devices 4 --set measure=1d",
            own: &[],
            charts: &[],
        };
        VERBS.iter().chain([&line]).map(|verb| report_of(&verb.record(home.path(), "record", &[]))).collect()
    })
}
