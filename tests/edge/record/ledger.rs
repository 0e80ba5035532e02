//! Reads a record back as anybody would, with the `csv` crate, and audits it.

use bgsim::client::DelayCause;
use bgsim::record::RecordFile;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A row by its columns' names.
pub type Row = BTreeMap<String, String>;

/// All files of a record.
pub struct Books {
    pub devices: Vec<Row>,
    pub mail: Vec<Row>,
    pub checks: Vec<Row>,
    pub notifications: Vec<Row>,
    pub key_failures: Vec<Row>,
    pub events: Vec<Row>,
    pub summary: Value,
}

/// A plain count of the summary.
pub fn count(summary: &Value, path: &str) -> u64 {
    number(summary, path).as_u64().unwrap_or_else(|| panic!("{path} is not a count"))
}

fn number<'a>(summary: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(summary, |value, key| &value[key])
}

fn rows(name: &str, text: &str) -> Vec<Row> {
    let header = RecordFile::ALL.into_iter().find(|table| table.name() == name).unwrap().header();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    assert_eq!(columns.iter().collect::<Vec<_>>().join(","), header.trim_end(), "{name}");
    // The reader refuses a row of another length than the header, and bytes that are not UTF-8.
    let rows = reader.records().map(|row| {
        let row = row.unwrap_or_else(|error| panic!("{name}: {error}"));
        columns.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    });
    rows.collect()
}

/// Milliseconds since 1970, of an instant exactly as the specification writes it.
fn instant(cell: &str) -> i64 {
    let time: jiff::Timestamp = cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no instant"));
    assert_eq!(time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(), cell);
    time.as_millisecond()
}

fn whole(cell: &str) -> u64 {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` is no whole number"))
}

/// How many rows have each value of a column.
fn counted(rows: &[Row], column: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(row[column].clone()).or_insert(0) += 1);
    counts
}

impl Books {
    pub fn read(file: impl Fn(&str) -> String, summary: &str) -> Books {
        let read = |name: &str| rows(name, &file(name));
        Books {
            devices: read("devices.csv"),
            mail: read("mail.csv"),
            checks: read("checks.csv"),
            notifications: read("notifications.csv"),
            key_failures: read("key_failures.csv"),
            events: read("events.csv"),
            summary: serde_json::from_str(summary).unwrap(),
        }
    }

    /// Every cell is what its column says, and within the measured span.
    pub fn are_well_formed(&self, start: i64, measured_ms: u64) {
        let span = start..start + measured_ms as i64;
        let files =
            [&self.devices, &self.mail, &self.checks, &self.notifications, &self.key_failures, &self.events];
        for row in files.into_iter().flatten() {
            for (column, cell) in row {
                assert!(!["nan", "inf", "-inf"].contains(&cell.to_lowercase().as_str()), "{column}: {cell}");
                match column.as_str() {
                    "told" | "held_back" if cell.is_empty() => {}
                    "arrived" | "told" | "held_back" | "time" => {
                        assert!(span.contains(&instant(cell)), "{column}: {cell}")
                    }
                    "device" | "mail" | "mails" | "new_mails" => _ = whole(cell),
                    "first_mail" if cell.is_empty() => {}
                    "first_mail" => _ = whole(cell),
                    name if name.ends_with("_ms") && !cell.is_empty() => _ = whole(cell),
                    _ => {}
                }
            }
        }
        for row in &self.mail {
            mail_is_well_formed(row, span.end);
        }
        // Devices come in order, and the mail of each is numbered from 0 in order of arrival.
        for pair in self.mail.windows(2) {
            let [(device, mail), (next_device, next_mail)] =
                [&pair[0], &pair[1]].map(|row| (whole(&row["device"]), whole(&row["mail"])));
            if device == next_device {
                assert_eq!(next_mail, mail + 1);
                assert!(pair[0]["arrived"] <= pair[1]["arrived"]);
            } else {
                assert!(device < next_device && next_mail == 0);
            }
        }
    }

    /// The summary counts what the rows show.
    pub fn agree_with_the_summary(&self) {
        let expect = |path: &str, found: u64| assert_eq!(count(&self.summary, path), found, "{path}");
        let expect_all = |path: &str, found: &BTreeMap<String, u64>| {
            let listed = number(&self.summary, path).as_object().unwrap();
            for name in listed.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
                expect(&format!("{path}.{name}"), found.get(name).copied().unwrap_or(0));
            }
        };
        expect("mail.arrived", self.mail.len() as u64);
        expect_all("mail.outcomes", &counted(&self.mail, "outcome"));
        let held = self.mail.iter().filter(|row| !row["held_back"].is_empty()).count();
        expect("mail.held_back", held as u64);
        let outside: Vec<Row> =
            self.mail.iter().filter(|row| row["in_working_hours"] == "false").cloned().collect();
        expect("mail.outside_working_hours.arrived", outside.len() as u64);
        for (outcome, found) in counted(&outside, "outcome") {
            expect(&format!("mail.outside_working_hours.{outcome}"), found);
        }
        expect("checks.total", self.checks.len() as u64);
        expect_all("checks.by_trigger", &counted(&self.checks, "trigger"));
        expect_all("checks.by_result", &counted(&self.checks, "result"));
        expect("key_failures.total", self.key_failures.len() as u64);
        expect_all("key_failures.by_reason", &counted(&self.key_failures, "reason"));
        expect("notifications.total", self.notifications.len() as u64);
        let refused = self.checks.iter().filter(|row| row["result"] == "launch_refused").count();
        expect("process.refused_launches", refused as u64);
        // What was published at all was for some device; who has not adopted it never has, in so many devices' lives.
        let sum = |column: &str| self.devices.iter().map(|row| whole(&row[column])).sum::<u64>();
        let (published, adopted) = (sum("changes_published"), sum("changes_adopted"));
        match self.summary["adopted"]["never"].as_f64() {
            Some(never) => {
                let found = (published - adopted) as f64 / published as f64;
                assert!((never - found).abs() < 1e-6, "{never} never adopted it, and not {found}");
            }
            None => assert_eq!((published, adopted), (0, 0)),
        }
        self.means_agree();
    }

    /// Latency and causes are over mail from inside working hours; of it, over what was told, or else
    /// over what was not.
    fn means_agree(&self) {
        let inside = |told: bool| {
            self.mail.iter().filter(move |row| {
                row["in_working_hours"] == "true" && (row["outcome"] != "undelivered") == told
            })
        };
        let expect_mean = |path: String, rows: Vec<&Row>, column: &str| {
            let sum: u64 = rows.iter().map(|row| whole(&row[column])).sum();
            let mean = sum as f64 / rows.len() as f64 / 1000.0;
            match number(&self.summary, &path).as_f64() {
                // Six decimals are written.
                Some(written) => assert!((written - mean).abs() <= 0.51e-6, "{path}: {written}, not {mean}"),
                None => assert!(rows.is_empty(), "{path} is null"),
            }
        };
        expect_mean("mail.latency_s.mean".into(), inside(true).collect(), "latency_ms");
        for cause in DelayCause::ALL.map(DelayCause::name) {
            let column = format!("{cause}_ms");
            expect_mean(format!("mail.delay_causes_s.{cause}"), inside(true).collect(), &column);
            expect_mean(format!("mail.undelivered_causes_s.{cause}"), inside(false).collect(), &column);
        }
    }

    /// The row of a device counts what its rows in the other files show, and all together what the summary has.
    pub fn devices_agree(&self) {
        let of = |rows: &[Row], device: &str, so: &dyn Fn(&Row) -> bool| {
            rows.iter().filter(|row| row["device"] == device && so(row)).count() as u64
        };
        for row in &self.devices {
            let device = row["device"].as_str();
            assert_eq!(whole(&row["mails"]), of(&self.mail, device, &|_| true));
            assert_eq!(whole(&row["key_failures"]), of(&self.key_failures, device, &|_| true));
            for (column, cell) in row.iter().filter(|(column, _)| column.starts_with("checks_")) {
                let result = column.strip_prefix("checks_").unwrap();
                assert_eq!(
                    whole(cell),
                    of(&self.checks, device, &|check| check["result"] == result),
                    "{column}"
                );
            }
            // Where the horizon cuts nothing off, the share is the plain one.
            let inside = |mail: &Row| mail["in_working_hours"] == "true";
            let (all, told) = (
                of(&self.mail, device, &inside),
                of(&self.mail, device, &|mail| {
                    inside(mail) && !mail["told"].is_empty() && whole(&mail["latency_ms"]) <= 900_000
                }),
            );
            let cut = of(&self.mail, device, &|mail| inside(mail) && mail["told"].is_empty());
            if all > 0 && cut == 0 {
                let share: f64 = row["told_within_15m"].parse().unwrap();
                assert!((share - told as f64 / all as f64).abs() < 1e-6, "{row:?}");
            }
        }
        let sum = |column: &str| self.devices.iter().map(|row| whole(&row[column])).sum::<u64>();
        assert_eq!(sum("mails"), count(&self.summary, "mail.arrived"));
        for (why, found) in number(&self.summary, "process.terminations").as_object().unwrap() {
            assert_eq!(sum(&format!("terminations_{why}")), found.as_u64().unwrap(), "{why}");
        }
        let days = number(&self.summary, "scenario.measured_days").as_f64().unwrap();
        let a_day = number(&self.summary, "process.openings_per_day").as_f64().unwrap();
        let openings = sum("openings") as f64 / days / self.devices.len() as f64;
        assert!((openings - a_day).abs() < 1e-6, "{openings} openings a day are not {a_day}");
    }

    /// One thing told in two files is told alike.
    pub fn agree_with_each_other(&self) {
        // A key failure is a check without a key.
        let shared = ["device", "time", "process", "lock", "result"];
        let without_key: Vec<_> = self
            .checks
            .iter()
            .filter(|row| !["flip", "memory", "keychain"].contains(&row["key"].as_str()))
            .map(|row| (shared.map(|column| row[column].clone()), row["key"].clone()))
            .collect();
        let failures: Vec<_> = self
            .key_failures
            .iter()
            .map(|row| (shared.map(|column| row[column].clone()), row["reason"].clone()))
            .collect();
        assert_eq!(without_key, failures);

        // A mail is told by a check of that trigger which ends then, or was held back by one that did; and
        // where a notification told it, one was posted then.
        let ends = |row: &Row| instant(&row["time"]) + whole(&row["duration_ms"]) as i64;
        let found: BTreeSet<_> = self
            .checks
            .iter()
            .filter(|row| row["result"] == "new_mail")
            .map(|row| (whole(&row["device"]), ends(row), row["trigger"].clone()))
            .collect();
        let posted: BTreeSet<_> =
            self.notifications.iter().map(|row| (whole(&row["device"]), instant(&row["time"]))).collect();
        // A check that ran across the start has no row, but may tell mail of the first seconds after.
        let first = self.mail.iter().map(|row| instant(&row["arrived"])).min().unwrap_or(0) + 60_000;
        for row in self.mail.iter().filter(|row| !row["told"].is_empty()) {
            let (device, told) = (whole(&row["device"]), instant(&row["told"]));
            let by = row["notified_by"].as_str();
            if row["held_back"].is_empty() {
                let checks = by == "client_open" || found.contains(&(device, told, by.into()));
                assert!(checks || told <= first, "no check tells {row:?}");
            } else {
                assert!(["client_open", "hours_begin"].contains(&by), "{row:?}");
                let held = instant(&row["held_back"]);
                let checks = found.iter().any(|(whose, at, _)| (*whose, *at) == (device, held));
                assert!(checks || held <= first, "no check holds back {row:?}");
            }
            assert_eq!(row["outcome"] == "notified", posted.contains(&(device, told)), "{row:?}");
        }

        // The events of a device are the source of its rows.
        let devices: BTreeSet<_> = self.events.iter().map(|row| row["device"].clone()).collect();
        for device in devices {
            let events = |signal: &str| {
                self.events.iter().filter(|row| row["device"] == device && row["signal"] == signal).count()
            };
            let rows = |rows: &[Row]| rows.iter().filter(|row| row["device"] == device).count();
            assert_eq!(events("mail_arrived"), rows(&self.mail));
            assert_eq!(events("notified"), rows(&self.notifications));
            // A check may run across the start or the horizon.
            assert!(events("check_started") - rows(&self.checks) <= 1);
            assert!(events("check_ended") - rows(&self.checks) <= 1);
        }
    }
}

/// Told and latency stand where they are known, and the causes sum exactly.
fn mail_is_well_formed(row: &Row, horizon: i64) {
    let causes: Vec<&str> =
        DelayCause::ALL.iter().map(|cause| row[&format!("{}_ms", cause.name())].as_str()).collect();
    let arrived = instant(&row["arrived"]);
    let waited = match row["outcome"].as_str() {
        "notified" | "on_open" => {
            let latency = whole(&row["latency_ms"]);
            assert_eq!(instant(&row["told"]) - arrived, latency as i64, "{row:?}");
            latency
        }
        "undelivered" => {
            assert!(row["told"].is_empty() && row["latency_ms"].is_empty(), "{row:?}");
            (horizon - arrived) as u64
        }
        other => panic!("`{other}` is no outcome"),
    };
    assert_eq!(causes.into_iter().map(whole).sum::<u64>(), waited, "{row:?}");
}
