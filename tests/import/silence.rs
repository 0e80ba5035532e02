//! What no log says is not taken for what never was, and what is said of a late refresh is told.

use super::phone::{
    CLIENT, Database, archive, columns, flag, gathered, own_clock, packed, power_log, seconds, text,
};
use bgsim::import::{Counter, Gathered, Importer, Limits, Named, Source};
use rusqlite::types::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;
/// 9 March 2026.
const MIDNIGHT: i64 = 1_773_014_400_000;

fn bgsim(folder: &TempDir, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    command.env("COLUMNS", "80").current_dir(folder).args(words).output().unwrap()
}

fn states(table: &str, column: &str, rows: &[(i64, bool)]) -> Database {
    power_log().table(
        table,
        ["timestamp", column],
        rows.iter().map(|(at, on)| [own_clock(MIDNIGHT + at), flag(*on)]).collect(),
    )
}

/// A power log of so many days, in which nothing runs.
fn without_runs(days: i64) -> Vec<u8> {
    let hours: Vec<(i64, bool)> = (0..=days * 24).map(|hour| (hour * HOUR, hour % 2 == 0)).collect();
    let front =
        [8, 2].map(|state| [own_clock(MIDNIGHT + (10 - state) * HOUR), text(CLIENT), Value::Integer(state)]);
    states("PLSpringBoardAgent_EventForward_SBLock", "Locked", &hours)
        .table(
            "PLApplicationAgent_EventForward_Application",
            ["timestamp", "Identifier", "State"],
            front.into(),
        )
        .bytes()
}

fn tasks(runs: impl Iterator<Item = i64>) -> Vec<u8> {
    let run = |at: i64| [seconds(MIDNIGHT + at), seconds(MIDNIGHT + at + 9_000), Value::Integer(7)];
    Database::new()
        .table(
            "BackgroundProcessing_TaskInstanceData_24_5",
            ["StartDate", "EndDate", "TaskID"],
            runs.map(run).collect(),
        )
        .table(
            "BackgroundProcessing_TaskMetadata_24_5",
            ["BundleID", "Name", "TaskID"],
            vec![[text(CLIENT), text("bgRefresh"), Value::Integer(7)]],
        )
        .bytes()
}

fn observed(found: &Gathered, measure: &str) -> Option<f64> {
    let text = found.observed()?;
    let (_, rest) = text.split_once(&format!("measure = \"{measure}\"\nvalue = "))?;
    rest.lines().next()?.parse().ok()
}

fn notes(found: &Gathered) -> String {
    found.written(Named::Anonymous, Some("UTC")).unwrap().notes.join("\n")
}

fn file(found: &Gathered, name: &str) -> String {
    found.written(Named::Anonymous, Some("UTC")).unwrap().text(name).unwrap().to_owned()
}

#[test]
fn a_rate_is_that_of_the_days_whose_log_has_the_runs() {
    // Ten a day on the last two of seven days, and of the others no log of tasks.
    let runs = tasks((0..=20).map(|run| 5 * 24 * HOUR + run * 24 * HOUR / 10));
    let found = gathered(&[&without_runs(7), &runs]);
    let rate = observed(&found, "refreshes_per_day").unwrap();
    assert!((10.0..11.0).contains(&rate), "{rate}");
    assert!(notes(&found).contains("background runs are known from 2026-03-14T00:00"), "{}", notes(&found));
    let whole = gathered(&[&without_runs(7), &tasks((0..=70).map(|run| run * 24 * HOUR / 10))]);
    assert!(!notes(&whole).contains("background runs are known from"));

    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("power"), without_runs(7)).unwrap();
    fs::write(folder.path().join("tasks"), runs).unwrap();
    let words = ["import", "power", "tasks", "--client", CLIENT, "--time-zone", "UTC", "--out", "phone"];
    assert!(bgsim(&folder, &words).status.success());
    let done = bgsim(&folder, &["replay", "phone", "--devices", "2", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(json["slots"], 2 * 96, "{done:?}");
}

#[test]
fn without_a_log_of_runs_nothing_is_said_of_them() {
    let found = gathered(&[&without_runs(3)]);
    assert_eq!(observed(&found, "refreshes_per_day"), None);
    assert!(notes(&found).contains("no log says when apps ran in the background"), "{}", notes(&found));

    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("power"), without_runs(3)).unwrap();
    assert!(bgsim(&folder, &["import", "power", "--client", CLIENT, "--out", "phone"]).status.success());
    let page = fs::read_to_string(folder.path().join("phone/page.html")).unwrap();
    assert!(page.contains("No log says when the client ran in the background."));
    assert!(page.contains("The client was opened once; no log says when it ran"));
    let refused = bgsim(&folder, &["replay", "phone", "--devices", "2"]);
    assert_eq!(refused.status.code(), Some(1));
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(why.contains("no log says when the client was refreshed"), "{why}");
}

#[test]
fn a_phone_in_the_hand_when_its_log_ends_is_not_used_until_midnight() {
    let last = 9 * HOUR + 5_000;
    let front = [own_clock(MIDNIGHT + last), text(CLIENT), Value::Integer(8)];
    let log =
        states("PLSpringBoardAgent_EventForward_SBBlank", "Blanked", &[(HOUR, true), (9 * HOUR, false)])
            .table(
                "PLSpringBoardAgent_EventForward_SBLock",
                ["timestamp", "Locked"],
                vec![[own_clock(MIDNIGHT + 9 * HOUR), flag(false)]],
            )
            .table(
                "PLSCDynamicStoreAgent_EventForward_WifiActive",
                ["timestamp", "Active"],
                vec![[own_clock(MIDNIGHT + 8 * HOUR), flag(true)]],
            )
            .table(
                "PLApplicationAgent_EventForward_Application",
                ["timestamp", "Identifier", "State"],
                vec![front],
            )
            .bytes();
    let found = gathered(&[&log]);
    let used = file(&found, "use.csv");
    assert!(used.contains("\n2026-03-09T09:00:00.000Z,2026-03-09T09:00:05.000Z,true,"), "{used}");
    assert!(!used.contains("2026-03-10"), "{used}");
    // After its last row a record of the network has none: there it is taken to be as it was.
    let network = file(&found, "network.csv");
    assert!(network.ends_with("2026-03-09T00:00:00.000Z,2026-03-10T00:00:00.000Z,wifi\n"), "{network}");
}

#[test]
fn a_row_of_a_knowledge_store_ends_what_it_says() {
    let reference = |ms: i64| Value::Real((MIDNIGHT + ms) as f64 / 1000.0 - 978_307_200.0);
    let lit = (0..10).map(|row| {
        let at = row * HOUR;
        [text("/display/isBacklit"), Value::Integer(1), reference(at), reference(at + 2 * MINUTE)]
    });
    let rows = lit.collect();
    let store = Database::new()
        .table("ZOBJECT", ["ZSTREAMNAME", "ZVALUEINTEGER", "ZSTARTDATE", "ZENDDATE"], rows)
        .bytes();
    let used = file(&gathered(&[&store]), "use.csv");
    assert_eq!(used.lines().count(), 11, "{used}");
    assert!(used.contains("\n2026-03-09T03:00:00.000Z,2026-03-09T03:02:00.000Z,true,,\n"), "{used}");
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name)).unwrap()
}

/// The fixture, with the block of scores that goes before each decision to wait.
fn with_scores() -> String {
    let log = String::from_utf8(fixture("dasd.ndjson")).unwrap();
    let mut told = String::new();
    for line in log.lines() {
        if line.contains("DecisionToRun:0") {
            let mut block: serde_json::Value = serde_json::from_str(line).unwrap();
            let message = block["eventMessage"].as_str().unwrap();
            let name = message.trim_start_matches('\'').split('\'').next().unwrap();
            let scores = "{name: Battery Level Policy, policyWeight: 1.000, response: {CP, 0.50}}\n{name: \
                          DeviceActivityPolicy, policyWeight: 20.000, response: {CP, 0.10}}\n";
            block["eventMessage"] = format!("{name}:[\n{scores} ], Decision: CP Score: 0.761204}}").into();
            told += &format!("{block}\n");
        }
        told += &format!("{line}\n");
    }
    told
}

#[test]
fn a_late_refresh_is_told_with_what_held_it_back() {
    let hours = |from: i64, until: i64| [(from * HOUR, true), (until * HOUR, false)];
    let on = [hours(11, 14), hours(19, 22)].concat();
    let power = states("PLDuetService_EventForward_BatterySaverMode", "Value", &on).bytes();
    let whole = packed(&archive(&[
        ("a/log.ndjson", with_scores().as_bytes()),
        ("a/power.PLSQL.gz", &packed(&power)),
    ]));
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("sysdiagnose"), whole).unwrap();
    let words = ["import", "sysdiagnose", "--client", CLIENT, "--out", "phone"];
    let done = bgsim(&folder, &words);
    assert!(done.status.success(), "{done:?}");
    let decisions = fs::read_to_string(folder.path().join("phone/decisions.csv")).unwrap();
    assert!(decisions.contains("waits,0.761204,0.842119,DeviceActivityPolicy,dasd\n"), "{decisions}");

    let page = fs::read_to_string(folder.path().join("phone/page.html")).unwrap();
    let said = page.split("The longest time without a run was").nth(1).unwrap();
    let (longest, rest) = said.split_once("Then ").unwrap();
    let three = [longest, rest].concat();
    for part in
        ["the scheduler let it wait", "(0.76 of 0.84, DeviceActivityPolicy)", "Low Power Mode was on for"]
    {
        assert!(three[..three.len().min(2000)].contains(part), "{part}: {}", &three[..2000]);
    }
    // Of mail no log knows, and the picture of the log does not say that there was none.
    let many = |text: &str| page.matches(text).count();
    assert_eq!(many("Mail arrives"), many("Background checks"));
    assert!(many("ran in the background, or was opened") > 0 && many("Background runs") > 0);

    let shown = bgsim(&folder, &["replay", "phone", "--devices", "2"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    // Cells go on over lines.
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("waits at 10:17") && words.contains("DeviceActivityPolicy"), "{shown}");
    assert!(words.contains("times are those of Etc/GMT-1"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn where_nobody_decided_on_record_that_is_said() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("tasks"), tasks([0, HOUR, 6 * HOUR, 7 * HOUR].into_iter())).unwrap();
    let words = ["import", "tasks", "--client", CLIENT, "--time-zone", "UTC", "--out", "phone"];
    assert!(bgsim(&folder, &words).status.success());
    let page = fs::read_to_string(folder.path().join("phone/page.html")).unwrap();
    let sentence = "The longest time without a run was 5 h, from 2026-03-09 01:00 to 06:00: of what the scheduler decided no \
                    log says anything.";
    assert!(page.contains(sentence));

    // A night's is told with both of its days.
    fs::write(folder.path().join("night"), tasks([0, HOUR, 20 * HOUR, 40 * HOUR].into_iter())).unwrap();
    let words = ["import", "night", "--client", CLIENT, "--time-zone", "UTC", "--out", "night-phone"];
    assert!(bgsim(&folder, &words).status.success());
    let page = fs::read_to_string(folder.path().join("night-phone/page.html")).unwrap();
    assert!(page.contains("was 20 h, from 2026-03-09 20:00 to 2026-03-10 16:00:"));
}

#[test]
fn a_phone_that_is_never_unlocked_is_said_to_be_of_no_use() {
    let log = states("PLSpringBoardAgent_EventForward_SBLock", "Locked", &[(0, true), (30 * HOUR, true)])
        .table(
            "PLSpringBoardAgent_EventForward_SBBlank",
            ["timestamp", "Blanked"],
            [false, true].map(|off| [own_clock(MIDNIGHT + HOUR * if off { 2 } else { 1 }), flag(off)]).into(),
        )
        .bytes();
    let found = gathered(&[&log]);
    let says = "the logs never have the phone unlocked";
    assert!(notes(&found).contains(says) && !notes(&found).contains("as the persona makes them"));
    assert!(file(&found, "device.toml").contains(&format!("# Beware: {says}")));
}

#[test]
fn a_number_that_another_task_got_later_leaves_the_runs_before_to_who_had_it() {
    let other = "com.example.other";
    let [early, late] = [HOUR, 30 * HOUR].map(|at| [seconds(MIDNIGHT + at), Value::Integer(7)]);
    let log = Database::new()
        .table("BackgroundProcessing_TaskInstanceData_24_5", ["StartDate", "TaskID"], vec![early, late])
        .table(
            "BackgroundProcessing_TaskMetadata_24_5",
            ["timestamp", "BundleID", "Name", "TaskID"],
            [(20, other), (0, CLIENT)]
                .map(|(at, who)| {
                    [own_clock(MIDNIGHT + at * HOUR), text(who), text("bgRefresh"), Value::Integer(7)]
                })
                .into(),
        )
        .table(
            "BackgroundProcessing_TimeOffset",
            ["timestamp", "system"],
            vec![[Value::Real(1e9), Value::Real(super::phone::OFFSET)]],
        )
        .bytes();
    let found = gathered(&[&log]);
    let who: Vec<&str> = found.log.runs.entries().iter().map(|run| found.log.name(run.what.app)).collect();
    assert_eq!(who, [CLIENT, other]);
}

#[test]
fn a_client_that_no_log_names_may_be_misspelt() {
    let log = String::from_utf8(fixture("dasd.ndjson")).unwrap();
    let mut importer = Importer::new(Some("com.exampel.mail"), Limits::default());
    importer.add(&mut log.as_bytes()).unwrap();
    let found = importer.finish();
    assert!(notes(&found).contains("no log names com.exampel.mail"), "{}", notes(&found));
    assert_eq!((found.alike(), observed(&found, "refreshes_per_day")), (vec![CLIENT], None));
    let right = gathered(&[log.as_bytes()]);
    assert!(observed(&right, "refreshes_per_day").unwrap() > 1.0);
    assert!(!notes(&right).contains("no log names"));
}

#[test]
fn what_metric_kit_does_not_say_is_no_count_of_none() {
    let payload = |exits: &str, time: &str| {
        format!(
            "{{\"timeStampBegin\":\"2026-03-09 00:00:00\",\"timeStampEnd\":\"2026-03-10 00:00:00\",\
             \"applicationExitMetrics\":{{\"backgroundExitData\":{{{exits}}}}},\
             \"applicationTimeMetrics\":{{\"cumulativeBackgroundTime\":{time}}}}}"
        )
    };
    let memory = "cumulativeMemoryPressureExitCount";
    for exits in
        ["".into(), format!("\"{memory}\":-3"), format!("\"{memory}\":1e308"), format!("\"{memory}\":null")]
    {
        let found = gathered(&[payload(&exits, "\"9 sec\"").as_bytes()]);
        assert!(
            !found.log.counts.entries().iter().any(|entry| entry.what.what == Counter::MemoryPressure),
            "{exits}"
        );
        assert_eq!(found.observed(), None, "{exits}");
        assert!(found.account.parts[&(Source::MetricKit, "payloads")].missing.contains(memory), "{exits}");
    }
    let found = gathered(&[payload(&format!("\"{memory}\":0"), "\"lots\"").as_bytes()]);
    assert_eq!(observed(&found, "memory_kills_per_day"), Some(0.0));
    assert!(!found.log.counts.entries().iter().any(|entry| entry.what.what == Counter::BackgroundSeconds));
}

#[test]
fn of_a_database_that_is_cut_off_what_is_there_is_read() {
    let rows: Vec<(i64, bool)> = (0..20_000).map(|row| (row * 1000, row % 2 == 0)).collect();
    let whole = states("PLSpringBoardAgent_EventForward_SBLock", "Locked", &rows).bytes();
    let cut = &whole[..whole.len() - 3 * 4096];
    let found = gathered(&[cut]);
    let read = found.account.parts[&(Source::PowerLog, "SBLock")].read;
    assert!((10_000..20_000).contains(&read), "{read}");
    assert!(
        found.account.notes.iter().any(|note| note.contains("is cut off after")),
        "{:?}",
        found.account.notes
    );
    assert_eq!(gathered(&[&whole]).account.parts[&(Source::PowerLog, "SBLock")].read, 20_000);
}

#[test]
fn what_says_nothing_is_accounted_for() {
    let refused = |bytes: &[u8]| {
        let mut importer = Importer::new(Some(CLIENT), Limits::default());
        match importer.add(&mut &*bytes) {
            Err(why) => why,
            Ok(()) => importer.finish().written(Named::Anonymous, None).unwrap_err(),
        }
    };
    let lacking = gathered(&[&without_runs(1)]);
    assert!(lacking.account.parts[&(Source::PowerLog, "Battery")].missing.contains("such table"));

    let older = Database::new().run("CREATE TABLE BackgroundProcessing_TimeOffset (a)").bytes();
    assert!(refused(&older).contains("TaskInstanceData: 0 rows, no such table"), "{}", refused(&older));
    let idle = columns(&[("2026-03-15 14:14:00.100000-0500", "Nothing of use")]);
    assert!(
        refused(idle.as_bytes()).contains("messages: 0 rows, 1 of something else"),
        "{}",
        refused(idle.as_bytes())
    );

    let whole = packed(&archive(&[("a.PLSQL", &without_runs(9))]));
    let why = refused(&whole[..whole.len() / 50]);
    assert!(
        why.contains("an archive without any log that is known") || why.contains("cannot be read"),
        "{why}"
    );

    let compact = "Timestamp               Ty Process[PID:TID]\n2026-03-09 07:39:11.250 Df dasd[123:456] x\n";
    assert!(refused(compact.as_bytes()).contains("--style ndjson"));
    assert!(refused(b"[{\n  \"traceID\" : 1,\n  \"eventMessage\" : \"x\"\n}]").contains("--style ndjson"));
}

/// A packed file that was cut off gives what came before, and hides no other of its archive.
#[test]
fn of_a_packed_file_that_is_cut_off_what_is_there_is_read() {
    let rows: Vec<(i64, bool)> = (0..20_000).map(|row| (row * 1000, row % 2 == 0)).collect();
    let whole = states("PLSpringBoardAgent_EventForward_SBLock", "Locked", &rows).bytes();
    let cut = |bytes: &[u8]| bytes[..bytes.len() * 95 / 100].to_vec();
    let read = |found: &Gathered| found.account.parts[&(Source::PowerLog, "SBLock")].read;
    let noted = |found: &Gathered| {
        found.account.notes.iter().any(|note| note.contains("a packed file cannot be read to its end"))
    };
    let of_it = gathered(&[&cut(&packed(&whole))]);
    assert!((10_000..20_000).contains(&read(&of_it)) && noted(&of_it), "{:?}", of_it.account);

    let line = [("2026-03-15 14:14:00.100000-0500", "STARTING bgRefresh-com.example.mail:0A1B2C")];
    let short = packed(columns(&line).as_bytes());
    let few = gathered(&[&short[..short.len() - 6]]);
    assert!(few.log.runs.entries().len() == 1 && noted(&few), "{:?}", few.account);

    let both = archive(&[("p.PLSQL.gz", &cut(&packed(&whole))), ("log", columns(&line).as_bytes())]);
    let found = gathered(&[&both]);
    assert!(read(&found) >= 10_000 && found.log.runs.entries().len() == 1, "{:?}", found.account);
    // Of one that is broken from its first byte on nothing comes, and the next is read.
    let broken = archive(&[("x.gz", &[0x1f, 0x8b, 0x08, 0, 9, 9, 9]), ("log", columns(&line).as_bytes())]);
    assert_eq!(gathered(&[&broken]).log.runs.entries().len(), 1);
}

/// A power log names the time zone: its days are those of it, and of the last of several.
#[test]
fn the_time_zone_that_a_log_names_is_that_of_its_days() {
    let of = |zones: &[(f64, &str)]| {
        let rows = zones.iter().map(|(at, name)| [Value::Real(*at), Value::Text((*name).into())]).collect();
        let log =
            states("PLSpringBoardAgent_EventForward_SBLock", "Locked", &[(0, true), (9_000_000, false)]);
        let log = log.table("PLLocaleAgent_EventForward_TimeZone", ["timestamp", "TimeZoneName"], rows);
        let (found, mut notes) = (gathered(&[&log.bytes()]), Vec::new());
        (found.time_zone(None, &mut notes).unwrap().0, notes.join("\n"))
    };
    let (zone, notes) = of(&[(1.0e9, "America/Toronto"), (1.1e9, "America/Toronto")]);
    assert_eq!((zone.as_str(), notes.as_str()), ("America/Toronto", ""));
    let (zone, notes) = of(&[(1.1e9, "Asia/Tokyo"), (1.0e9, "America/Toronto"), (1.2e9, "No/Where")]);
    assert!(zone == "Asia/Tokyo" && notes.contains("was in America/Toronto too"), "{zone}: {notes}");
}
