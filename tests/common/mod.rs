//! Helpers of the tests: a scenario from its text, a fleet run in memory, its rows read back.

// Each test binary uses its own part of these.
#![allow(dead_code)]

pub mod coverage;
pub mod pool;
pub mod skip;
pub mod statistics;

use bgsim::analysis::mixture::Mixture;
use bgsim::client::DelayCause;
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::{Fleet, KeepRows, Plan, Watch, replay, run_fleet};
use bgsim::figure::{Figure, Figures, Sample};
use bgsim::record::{RecordFile, Rows, Tally};
use bgsim::scenario::{Scenario, SourceText, fetch, read};
use bgsim::signal::{Facts, Signal};
use bgsim::slice::cuts;
use bgsim::summary::{Brief, summarise};
use bgsim::time::Time;
use bgsim::trace::{Align, MailColumns, Reading, Traces, UserColumns, read_mail, read_user};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// A device whose every model is simple, so that a page of arithmetic tells what it does. A test
/// changes what it is about with `--set`s.
pub const SIMPLE: &str = r#"
name = "simple"
time_zone = "UTC"
warmup = "0s"
[policy]
allow_device_keychain = true
keychain_lock_grace = "0s"
[client]
check_duration = "0s"
check_per_mail = "0s"
crashes = 0.0
updates_per_30d = 0.0
[user]
model = "absent"
[mail]
model = "poisson"
per_day = 24.0
[scheduler]
model = "never"
[memory]
model = "off"
[lock]
model = "always_unlocked"
[network]
model = "always"
[power]
model = "always_charged"
"#;

/// Reads a scenario from its text and overrides.
pub fn scenario(text: &str, sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    let source = SourceText { label: "test".into(), text: text.into() };
    read(source, &sets, &mut fetch).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Reads a scenario whose mail, and perhaps whose user, is recorded in CSV.
pub fn traced(text: &str, sets: &[&str], mail: &str, user: Option<&str>) -> Scenario {
    let mut scenario = scenario(text, sets);
    let (clock, end) = (&scenario.clock, scenario.end);
    let (mailboxes, notes) = read_mail(
        mail.as_bytes(),
        &MailColumns::default(),
        &Reading::new("mail.csv", Align::None, clock, end),
    )
    .unwrap();
    assert!(notes.is_empty(), "{notes:?}");
    let users = user.map_or(Vec::new(), |user| {
        let (users, notes) = read_user(
            user.as_bytes(),
            &UserColumns::default(),
            &Reading::new("user.csv", Align::None, clock, end),
        )
        .unwrap();
        assert!(notes.is_empty(), "{notes:?}");
        users
    });
    scenario.follow(&Traces { mailboxes: Arc::new(mailboxes), users: Arc::new(users), ..Traces::default() });
    scenario
}

/// Shows every signal of a device to a function.
pub struct Watching<F>(pub F);

impl<F: FnMut(Time, Signal, &Facts)> Observer for Watching<F> {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        (self.0)(now, signal, facts);
    }
}

/// Runs a device and shows everything it does.
pub fn observe(scenario: &Scenario, device: u32, see: impl FnMut(Time, Signal, &Facts)) {
    replay(scenario, device, Engine::Fast, &mut Watching(see));
}

/// The number that a scenario's text promises after some words.
pub fn promised<'a>(text: &'a str, words: &str) -> &'a str {
    let (_, after) = text.split_once(words).unwrap_or_else(|| panic!("no promise `{words}`"));
    after.split(' ').next().unwrap_or_default()
}

/// Keeps all rows in memory.
#[derive(Default)]
struct Keeper([Vec<u8>; RecordFile::ALL.len()]);

impl Watch for Keeper {
    type Fault = Infallible;

    fn rows(&mut self, rows: Rows) -> Result<(), Infallible> {
        self.0.iter_mut().zip(rows.text).for_each(|(all, more)| all.extend(more));
        Ok(())
    }
}

/// A run with its rows.
pub struct Run {
    pub scenario: Scenario,
    pub fleet: Fleet,
    /// Each file as it would be written, header included, in the order of `RecordFile::ALL`.
    pub files: [Vec<u8>; RecordFile::ALL.len()],
}

/// Runs a fleet in memory.
pub fn run_as(scenario: Scenario, plan: &Plan) -> Run {
    let mut keeper = Keeper::default();
    let fleet = run_fleet(&scenario, plan, &mut keeper).unwrap();
    let mut files = keeper.0;
    for (file, table) in files.iter_mut().zip(RecordFile::ALL) {
        file.splice(0..0, table.header().bytes());
    }
    Run { scenario, fleet, files }
}

/// Runs a fleet in memory and keeps everybody's rows.
pub fn run(scenario: Scenario) -> Run {
    run_as(scenario, &Plan { jobs: 2, rows: KeepRows::All, ..Plan::default() })
}

impl Run {
    pub fn total(&self) -> Tally {
        self.fleet.total()
    }

    /// A figure of `summary.json` by its path.
    pub fn figure(&self, path: &str) -> Option<f64> {
        let figure: Figure = path.parse().unwrap_or_else(|error| panic!("{error}"));
        let (plain, scaled) = (&self.total(), &Tally::default());
        Figures::of(Mixture { plain, scaled, by: 0.0 }, &self.scenario).value(figure)
    }

    /// `summary.json` as it would be written.
    pub fn summary(&self) -> String {
        let whole = Sample::of(&self.fleet.parts, &self.scenario);
        let by = self.fleet.by(&self.scenario, &cuts(&self.scenario, &[]).unwrap(), &whole, Brief::of);
        let summary = summarise(&self.scenario, &self.fleet.parts, &whole, &by, "bgsim run test".into());
        serde_json::to_string_pretty(&summary).unwrap()
    }

    pub fn text(&self, table: RecordFile) -> &str {
        std::str::from_utf8(&self.files[table as usize]).unwrap()
    }

    /// The rows of a file under its header.
    pub fn rows(&self, table: RecordFile) -> Vec<&str> {
        self.text(table).lines().skip(1).collect()
    }

    /// Milliseconds from the start of the measured span.
    fn since_start(&self, instant: &str) -> i64 {
        let instant: jiff::Timestamp = instant.parse().unwrap();
        instant.as_millisecond() - self.scenario.clock.unix_ms(self.scenario.start)
    }

    pub fn mails(&self) -> Vec<Mail> {
        let mut reader = csv::Reader::from_reader(&self.files[RecordFile::Mail as usize][..]);
        let columns = reader.headers().unwrap().clone();
        let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
        let rows = reader.records().map(|row| {
            let row = row.unwrap();
            let cell = |name: &str| &row[column(name)];
            let unless_empty = |cell: &str| (!cell.is_empty()).then(|| cell.parse::<u64>().unwrap());
            Mail {
                device: cell("device").parse().unwrap(),
                arrived_ms: self.since_start(cell("arrived")),
                outcome: cell("outcome").into(),
                told_ms: (!cell("told").is_empty()).then(|| self.since_start(cell("told"))),
                latency_ms: unless_empty(cell("latency_ms")),
                held_back: !cell("held_back").is_empty(),
                causes_ms: DelayCause::ALL
                    .map(|cause| cell(&format!("{}_ms", cause.name())).parse().unwrap())
                    .into(),
                in_working_hours: cell("in_working_hours").parse().unwrap(),
            }
        });
        rows.collect()
    }

    pub fn checks(&self) -> Vec<Check> {
        let mut reader = csv::Reader::from_reader(&self.files[RecordFile::Checks as usize][..]);
        let rows = reader.records().map(|row| {
            let row = row.unwrap();
            Check {
                device: row[0].parse().unwrap(),
                at_ms: self.since_start(&row[2]),
                trigger: row[3].into(),
                process: row[4].into(),
                key: row[6].into(),
                result: row[7].into(),
            }
        });
        rows.collect()
    }

    /// The first measured mail of each device: mails of one device share wakes, those of different
    /// devices share nothing.
    pub fn first_mails(&self) -> Vec<Mail> {
        let mut firsts = BTreeMap::new();
        for mail in self.mails() {
            firsts.entry(mail.device).or_insert(mail);
        }
        assert_eq!(firsts.len(), self.scenario.devices as usize, "some device has no mail");
        firsts.into_values().collect()
    }

    /// The sum of what is counted, device by device.
    pub fn by_device<T>(&self, rows: &[T], device: fn(&T) -> u32, counts: impl Fn(&T) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.scenario.devices as usize];
        rows.iter().for_each(|row| sums[device(row) as usize] += counts(row));
        sums
    }
}

/// A row of `mail.csv`, its instants in milliseconds from the start.
#[derive(Clone, Debug)]
pub struct Mail {
    pub device: u32,
    pub arrived_ms: i64,
    pub outcome: String,
    pub told_ms: Option<i64>,
    pub latency_ms: Option<u64>,
    pub held_back: bool,
    pub causes_ms: Vec<u64>,
    pub in_working_hours: bool,
}

/// A row of `checks.csv`, its instant in milliseconds from the start.
#[derive(Clone, Debug)]
pub struct Check {
    pub device: u32,
    pub at_ms: i64,
    pub trigger: String,
    pub process: String,
    pub key: String,
    pub result: String,
}
