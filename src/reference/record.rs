//! The files of a record as a page: every column, every field. Which there are follows from what writes them; a
//! column or field without words here has none on the page, which a test finds.

use crate::client::DelayCause;
use crate::figure::Figure;
use crate::record::{Outcome, RecordFile};
use crate::signal::{Ended, KeyFailure, KeySource, ResultKind, ToldBy, Trigger};

const HEAD: &str = "# The record

Made from what writes the files and from `src/reference/record.rs`; a test keeps it so.

`--out DIR` writes the files below, those of the pictures ([pictures.md](pictures.md)) and `report.html`. They are written
beside `DIR` and moved into place in one step when whole. A folder that bgsim wrote is replaced; any other that is not
empty is refused. After Ctrl-C the devices that were finished are kept in `DIR.partial`, which says everywhere that it is
part (`mail.partial.csv`), and `DIR` stays as it was; a second Ctrl-C ends the program at once. What is guaranteed, and how it was tried:
[results.md](results.md).

The rows of a thousand devices over two weeks take 240 MB. Above 2,000 devices the CSV files hold the first 1,000, in which
each group has its share, unless `--rows all|sample|none` says otherwise; `--rows none` keeps `summary.json` alone, which
covers all devices in any case.

`--rows-format parquet` writes files of Parquet in place of the CSV files, whose names end so: the same columns, under the same names, with
the same values, at an eleventh of the size. It is there in a build with `cargo build --release --features parquet`.
Whole numbers and lengths are `INT64`, shares `DOUBLE`, instants `TIMESTAMP` in UTC to the millisecond; an empty cell is null.
How DuckDB and Polars read it: [machines.md](machines.md#parquet).

CSV files are UTF-8 with a header row; read columns by name, since a new one may stand anywhere. Instants are in UTC, as
`2026-03-02T08:00:00.000Z`. Lengths are whole milliseconds, with the unit in the name. An empty cell is unknown or does not
apply. Devices are numbered from 0, and so is the measured mail of each device. A check that is still running at the
horizon has no row and is in no count.
";

const TAIL: &str = r#"
## Intervals

`ci95` is `[low, high]`; the words `few devices` where too few devices carry the figure for an interval ([by.md](by.md));
null where the figure is unknown or does not vary. Counts cover the measured span unless [every-figure.md](every-figure.md) says
otherwise. `told_within`, `latency_s` and both kinds of causes are over mail that arrived inside working hours, or over all
mail where none are set. Counts and means are exact; percentiles are within 0.5 %. Intervals are a jackknife within groups
over parts of neighbouring devices, at most 32 a group, devices being the independent units: what groups differ in is no
chance. Below four degrees of freedom the words are `few devices`. How they were checked: [numbers.md](numbers.md).

## Other JSON

`compare`, `sweep` and `sensitivity` write `compare.json`, `sweep.json` and `sensitivity.json`, and print the same with
`--json`. Each has `schema` and `tool`; figures stand under their paths, with their intervals beside them.
`report.json`, from which page and pictures are made, is for `bgsim report` and no interface. Baselines of
`bgsim test` are described in [policy-tests.md](policy-tests.md).

## Three ways to read it

From within the folder of `bgsim run device-keychain --out reports/device-keychain`:

```sh
duckdb -c "SELECT notified_by, count(*) AS mails, round(median(latency_ms) / 60000, 1) AS median_min FROM 'mail.csv' WHERE outcome IN ('notified', 'on_open') GROUP BY notified_by ORDER BY mails DESC"
duckdb -c "SELECT hour(time AT TIME ZONE 'Europe/Berlin') AS hour, count(*) AS refused FROM 'checks.csv' WHERE result = 'launch_refused' GROUP BY hour ORDER BY hour"
python3 -c "import pandas as pd; print(pd.read_csv('mail.csv').filter(regex='_ms$').drop(columns='latency_ms').mean().div(1000).round(1).sort_values(ascending=False))"
```
"#;

/// The page.
pub(super) fn markdown() -> String {
    let mut out = String::from(HEAD);
    for file in RecordFile::ALL {
        out += &format!("\n## `{}`\n\n{}\n\n| column | content |\n|---|---|\n", file.name(), says(file));
        for column in file.header().trim_end().split(',') {
            out += &format!("| `{column}` | {} |\n", content(file, column).unwrap_or_default());
        }
    }
    out += "\n## `summary.json`\n\nWhat `bgsim run --json` prints too.\n\n| field | content |\n|---|---|\n";
    for (field, content) in FIELDS {
        out += &format!("| {field} | {content} |\n");
    }
    let mut heads: Vec<String> = Vec::new();
    for figure in Figure::listed() {
        let path = figure.to_string();
        let head = path.split('.').next().unwrap_or_default().to_owned();
        if !heads.contains(&head) {
            heads.push(head);
        }
    }
    out += &format!("\n`{}` hold the figures: [every-figure.md](every-figure.md).\n", heads.join("`, `"));
    out + TAIL
}

fn says(file: RecordFile) -> &'static str {
    match file {
        RecordFile::Devices => "One row for each device, over its measured span.",
        RecordFile::Mail => "One row for each mail that arrived in the measured span.",
        RecordFile::Checks => "One row for each check of the measured span.",
        RecordFile::Notifications => "One row for each notification.",
        RecordFile::KeyFailures => "One row for each check that found no key.",
        RecordFile::Events => {
            "Every signal of the devices that `--events 0,7,12` names. Nothing but signals is public in the simulation, so \
             this is the whole life of a device: a test folds it, with the scenario's key access, and finds every cause of every mail of random scenarios, dated events of the phone itself among them. The first row, \
             `state`, has all that holds at the first instant, as `name=value`."
        }
    }
}

/// What a cell of a column holds.
fn content(file: RecordFile, column: &str) -> Option<String> {
    made(file, column).or_else(|| {
        let is_it = |(of, name, _): &&(Option<RecordFile>, &str, &str)| {
            *name == column && of.is_none_or(|of| of == file)
        };
        COLUMNS.iter().find(is_it).map(|(_, _, content)| content.replace("{}", &listed(file, column)))
    })
}

/// That of a column whose name comes from a list.
fn made(file: RecordFile, column: &str) -> Option<String> {
    let is = |name: &str, before: &str, after: &str| column == format!("{before}{name}{after}");
    let cause = DelayCause::ALL.into_iter().find(|cause| is(cause.name(), "", "_ms"));
    let result = ResultKind::ALL.into_iter().find(|result| is(result.name(), "checks_", ""));
    let end = Ended::ALL.into_iter().find(|end| is(end.name(), "terminations_", ""));
    match (cause, result, end) {
        (Some(cause), ..) => Some(format!("how long it waited: {}", cause.words())),
        (_, Some(result), _) => Some(format!("checks that ended with `{}`", result.name())),
        (.., Some(end)) if file == RecordFile::Devices => {
            Some(format!("ends of the client's process: `{}`", end.name()))
        }
        _ => None,
    }
}

/// The values of a column that has few.
fn listed(file: RecordFile, column: &str) -> String {
    let names: Vec<&str> = match (file, column) {
        (_, "outcome") => Outcome::ALL.map(Outcome::name).to_vec(),
        (_, "notified_by") => ToldBy::ALL.map(ToldBy::name).to_vec(),
        (_, "trigger") => Trigger::ALL.map(Trigger::name).to_vec(),
        (_, "result") => ResultKind::ALL.map(ResultKind::name).to_vec(),
        (_, "key") => KeySource::ALL.map(KeySource::name).to_vec(),
        (_, "reason") => KeyFailure::ALL.map(KeyFailure::name).to_vec(),
        _ => Vec::new(),
    };
    names.join("`, `")
}

/// What stands in a column: of a file, or of every file; `{}` stands for the values that it may have.
const COLUMNS: &[(Option<RecordFile>, &str, &str)] = &[
    (None, "device", "number of the device"),
    (None, "group", "name of its group"),
    (None, "time", "the instant, in `checks.csv` that at which it began"),
    (Some(RecordFile::Devices), "persona", "who holds it"),
    (Some(RecordFile::Devices), "ram_bytes", "its memory"),
    (Some(RecordFile::Devices), "passcode", "the passcode that is required"),
    (Some(RecordFile::Devices), "key_access", "how the client comes by its key"),
    (Some(RecordFile::Devices), "time_zone", "where it is at home"),
    (Some(RecordFile::Devices), "mails", "mails that arrived"),
    (
        Some(RecordFile::Devices),
        "told_within_15m",
        "share of them told within 15 min, of mail inside working hours",
    ),
    (Some(RecordFile::Devices), "latency_p50_ms", "within what time half of them were told, likewise"),
    (Some(RecordFile::Devices), "key_failures", "checks that found no key"),
    (Some(RecordFile::Devices), "openings", "openings of the client"),
    (
        Some(RecordFile::Devices),
        "changes_published",
        "changes of `[[event]]` that were published for it: [dates.md](dates.md)",
    ),
    (
        Some(RecordFile::Devices),
        "changes_adopted",
        "those that had their effect on it by its end: where they are fewer, it has not adopted all",
    ),
    (Some(RecordFile::Mail), "mail", "number of the mail on its device"),
    (Some(RecordFile::Mail), "arrived", "the instant"),
    (Some(RecordFile::Mail), "outcome", "`{}`: [semantics.md](semantics.md#outcomes)"),
    (Some(RecordFile::Mail), "told", "the instant at which its user learnt of it; empty for `undelivered`"),
    (Some(RecordFile::Mail), "latency_ms", "from arrival until told; empty for `undelivered`"),
    (
        Some(RecordFile::Mail),
        "notified_by",
        "what told of it, `{}`: the trigger of a check, the client on the screen without one, the beginning of the working hours, the text of a push as the server or the extension wrote it, or the mail client of the system",
    ),
    (
        Some(RecordFile::Mail),
        "signalled",
        "the instant at which its user learnt that something came, without what",
    ),
    (
        Some(RecordFile::Notifications),
        "says",
        "`content`; `generic`: that something came; `late`: what its user knew already",
    ),
    (Some(RecordFile::Notifications), "extension_failure", "why an extension did not make more of it"),
    (Some(RecordFile::Mail), "held_back", "the instant at which a check found it outside working hours"),
    (
        Some(RecordFile::Mail),
        "in_working_hours",
        "`true` or `false`, at arrival; always `true` where none are set",
    ),
    (None, "trigger", "what began it: `{}`"),
    (None, "process", "`resumed`, or `launched` if there was no process"),
    (None, "lock", "`unlocked`, `locked` or `before_first_unlock`, when it began"),
    (
        None,
        "key",
        "where the key came from, `{}`; or the reason why there was none, as in `key_failures.csv`",
    ),
    (None, "result", "`{}`"),
    (None, "new_mails", "mails found"),
    (None, "duration_ms", "how long it took"),
    (None, "reason", "`{}`"),
    (Some(RecordFile::Notifications), "mails", "how many mails it covers"),
    (
        Some(RecordFile::Notifications),
        "first_mail",
        "the number of the first; empty if that arrived in the warm-up",
    ),
    (Some(RecordFile::Events), "signal", "its name"),
    (Some(RecordFile::Events), "detail", "what it carries"),
];

/// The fields of `summary.json` beside the figures.
const FIELDS: &[(&str, &str)] = &[
    ("`schema`", "version of the format"),
    (
        "`tool`",
        "`name` and `version` of the program, and `time_zones`, the version of the time zone database that it holds",
    ),
    (
        "`scenario`",
        "`name`; `file` of a baseline; `sha256` of the effective configuration; `seed`, `devices`, `warmup_days`, `measured_days`; and the `command` that makes the record again",
    ),
    ("`interrupted`", "where it was: `finished` and `asked`, `of` what"),
    (
        "`fingerprint`",
        "hash over every signal of every device: where it is the same, every decision of every device is",
    ),
    ("`books`", "hash over the books, from which every figure follows"),
    (
        "`adoption`",
        "where settings are published: by the name of the event, on how many devices it was `published`, percentiles of the hours until it had `reached` them, the key was `stored` and it had its `effect`, and on how many it `never` had ([dates.md](dates.md))",
    ),
    ("`ci95`", "95 % intervals of the headlines, by path"),
    (
        "`by`",
        "of each group, and of what `--by` asks for: `devices`, the headlines and their `ci95` ([by.md](by.md))",
    ),
    (
        "`ensemble`",
        "where `--ensemble` was given: the figures over all its members ([calibration.md](calibration.md#an-answer-over-an-ensemble))",
    ),
    (
        "`drift`",
        "`last_week_less_first` in the share told within 15 min, paired by devices, with `ci95`; `mser5_days`, what MSER-5 would leave out from the origin on; `shows`, whether it is more than chance and no trifle; `not_looked_for`, why nobody looked ([numbers.md](numbers.md#drift))",
    ),
    (
        "`design_effect`",
        "the variance that the interval of told within 15 min stands for, over that of as many devices drawn one by one ([speed.md](speed.md#variance--time))",
    ),
    ("`warnings`", "what is questionable about the scenario, and about what was found"),
    ("`assumed`", "the numbers without a source that this run used"),
    ("`engine`", "`events`: alarms that went off, warm-up included"),
];
