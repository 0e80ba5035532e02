//! Every kind of log, in every shape that is known.

use super::phone::Database;
use super::phone::{CLIENT, archive, columns, gathered, objects, packed, text};
use bgsim::import::{Counter, ExitKind, ExitReason, Path, Ruling, Source, Why};
use rusqlite::types::Value;

/// The life of a refresh and of a processing task, a block in each shape, and the system's own work.
const MESSAGES: [(&str, &str); 9] = [
    (
        "2026-03-15 14:14:00.100000-0500",
        "Submitted: bgRefresh-com.example.mail.refresh:0A1B2C at priority 10 (a - b)",
    ),
    (
        "2026-03-15 14:14:03.347462-0500",
        "bgRefresh-com.example.mail.refresh:0A1B2C:[\n\t{name: BatteryLevelPolicy, policyWeight: 1.000, response: \
         {Decision: Can Proceed, Score: 0.60, Rationale: [{batteryLevel == 26}]}}\n ] sumScores:43.121357, \
         denominator:48.520000, FinalDecision: Can Proceed FinalScore: 0.888734}",
    ),
    (
        "2026-03-15 14:14:03.400000-0500",
        "'bgRefresh-com.example.mail.refresh:0A1B2C' CurrentScore: 0.888734, ThresholdScore: 0.694377 DecisionToRun:1",
    ),
    (
        "2026-03-15 14:14:04.000000-0500",
        "STARTING activity bgRefresh-com.example.mail.refresh:0A1B2C <private>!",
    ),
    (
        "2026-03-15 14:14:16.250000-0500",
        "COMPLETED bgRefresh-com.example.mail.refresh:0A1B2C at priority 10 <private>!",
    ),
    (
        "2026-03-15 14:14:16.300000-0500",
        "NO LONGER RUNNING bgRefresh-com.example.mail.refresh:0A1B2C ...Tasks are 2!",
    ),
    ("2026-03-15 15:00:00.000000-0500", "STARTING activity 0:com.apple.system.work:3B1C50 <private>!"),
    (
        "2026-03-15 16:00:00.000000-0500",
        "bgProcessing-com.example.other:0A1B2D:[\n{name: CPU Usage Policy, policyWeight: 5.000, response: {MNP, 0.00, \
         [{cpuLevel: 90}]}}\n ], Decision: MNP}",
    ),
    (
        "2026-03-15 17:00:00.000000-0500",
        "STARTING activity bgRefresh-com.example.mail.refresh:0A1B2E <private>!",
    ),
];

#[test]
fn the_unified_log_reads_alike_in_columns_and_in_objects() {
    let (columns, objects) = (columns(&MESSAGES), objects(&MESSAGES));
    let found = gathered(&[columns.as_bytes()]);
    assert_eq!(found, gathered(&[objects.as_bytes()]));
    // Also packed, in an archive, and with Windows' line ends.
    let other = columns.replace('\n', "\r\n");
    assert_eq!(found, gathered(&[other.as_bytes()]));
    assert_eq!(found.log, gathered(&[&packed(&archive(&[("x", &packed(columns.as_bytes()))]))]).log);

    let runs = found.log.runs.entries();
    assert_eq!(runs.len(), 2);
    let (first, last) = (&runs[0], &runs[1]);
    assert_eq!(first.at.to_string(), "2026-03-15T19:14:04.000Z");
    assert_eq!(first.what.until.unwrap().to_string(), "2026-03-15T19:14:16.250Z");
    assert_eq!(
        (first.what.why, last.what.until, found.is_client(first.what.app)),
        (Why::Refresh, None, true)
    );
    let decisions: Vec<_> =
        found.log.decisions.entries().iter().map(|entry| (entry.what.verdict, entry.what.score)).collect();
    assert_eq!(
        decisions,
        [
            (Ruling::CanProceed, Some(0.888734)),
            (Ruling::Runs, Some(0.888734)),
            (Ruling::MustNotProceed, None)
        ]
    );
    assert_eq!(found.log.decisions.entries()[1].what.threshold, Some(0.694377));
    assert_eq!(found.log.ahead(), Some(-5 * 3600));
    let part = &found.account.parts[&(Source::Dasd, "messages")];
    assert_eq!((part.read, part.skipped["of the system's own work"]), (8, 1));
}

#[test]
fn messages_of_others_are_passed_over() {
    let line = "2026-03-15 14:14:18.531869-0500 0x185d5 Default 0x0 360 0 UserEventAgent: (com.apple.cts) [a:b] \
                STARTING activity bgRefresh-com.example.mail:0A1B2C\nSTARTING activity bgRefresh-com.example.mail:0A1B2D\n";
    let found = gathered(&[(columns(&MESSAGES) + line).as_bytes()]);
    let alone = gathered(&[columns(&MESSAGES).as_bytes()]);
    assert_eq!((&found.log.runs, &found.log.decisions), (&alone.log.runs, &alone.log.decisions));
    assert_eq!(found.account.parts[&(Source::Dasd, "messages")].skipped["of another process"], 1);
}

#[test]
fn a_privacy_report_tells_when_a_server_was_met() {
    let report = "{\"accessor\":{\"identifier\":\"com.example.other\",\"identifierType\":\"bundleID\"},\"category\":\
                  \"photos\",\"identifier\":\"0E\",\"kind\":\"intervalBegin\",\"timeStamp\":\
                  \"2026-03-15T10:53:24.555-04:00\",\"type\":\"access\"}\n{\"bundleID\":\"com.example.mail\",\"context\":\
                  \"\",\"domain\":\"mail.example.com\",\"domainType\":2,\"firstTimeStamp\":\"2026-03-14T09:00:00.000-04:00\
                  \",\"hits\":17,\"initiatedType\":\"AppInitiated\",\"timeStamp\":\"2026-03-15T09:00:00.000-04:00\",\
                  \"type\":\"networkActivity\"}\nnothing\n";
    let found = gathered(&[report.as_bytes()]);
    let [contact] = found.log.contacts.entries() else { panic!() };
    assert_eq!((contact.at.to_string().as_str(), contact.what.hits), ("2026-03-14T13:00:00.000Z", 17));
    assert_eq!(contact.what.until.to_string(), "2026-03-15T13:00:00.000Z");
    assert_eq!(found.account.parts[&(Source::PrivacyReport, "access")].skipped.len(), 1);
    assert_eq!(found.account.parts[&(Source::PrivacyReport, "networkActivity")].skipped.len(), 1);
}

#[test]
fn a_report_of_memory_names_what_was_ended() {
    let report = "{\"bug_type\":\"298\",\"timestamp\":\"2026-03-15 09:00:00.00 +0100\",\"os_version\":\"iPhone OS\"}\n\
                  {\"date\":\"2026-03-15 09:00:00.25 +0100\",\"memoryStatus\":{\"pageSize\":16384},\"processes\":[\n\
                  {\"name\":\"Mail\",\"pid\":7,\"reason\":\"vm-pageshortage\",\"rpages\":9},\n{\"name\":\"Other\",\"pid\":8},\n\
                  {\"name\":\"Third\",\"reason\":\"something-new\"}]}\n";
    let found = gathered(&[report.as_bytes()]);
    let exits: Vec<_> =
        found.log.exits.entries().iter().map(|exit| (exit.at.ms(), exit.what.reason)).collect();
    let at = 1_773_561_600_250;
    assert_eq!(
        exits,
        [(at, ExitReason::Memory(ExitKind::VmPageshortage)), (at, ExitReason::Memory(ExitKind::Other))]
    );
    assert!(found.is_client(found.log.exits.entries()[0].what.app));
}

#[test]
fn a_day_of_metric_kit_counts_ends() {
    let payload = "{\n \"timeStampBegin\" : \"2026-03-14 00:00:00 +0000\",\n \"timeStampEnd\" : \"2026-03-15 00:00:00\",\n\
                   \"applicationExitMetrics\" : { \"backgroundExitData\" : { \"cumulativeMemoryPressureExitCount\" : 3,\
                   \"cumulativeBadAccessExitCount\": 1, \"cumulativeAbnormalExitCount\": 1 } },\n\
                   \"applicationTimeMetrics\" : { \"cumulativeBackgroundTime\" : \"1,040 sec\", \"unknown\": {} } }";
    for text in [payload.to_owned(), format!("[{payload}]")] {
        let found = gathered(&[text.as_bytes()]);
        let counts = found.log.counts.entries();
        let of = |what| counts.iter().find(|entry| entry.what.what == what).map(|entry| entry.what.value);
        assert_eq!(of(Counter::MemoryPressure), Some(3.0));
        assert_eq!(of(Counter::Crash), Some(2.0));
        assert_eq!(of(Counter::BackgroundSeconds), Some(1040.0));
        assert_eq!(of(Counter::ForegroundSeconds), None);
        let part = &found.account.parts[&(Source::MetricKit, "payloads")];
        assert!(part.missing.contains("cumulativeForegroundTime"));
        let observed = found.observed().unwrap_or_default();
        assert!(observed.contains("memory_kills_per_day") && observed.contains("value = 3.0"), "{observed}");
    }
}

#[test]
fn a_knowledge_store_is_read_where_its_columns_vary() {
    let row = |stream: &str, value: Value, from: f64, until: f64| {
        [text(stream), text("com.example.mail"), value, Value::Real(from), Value::Real(until)]
    };
    let rows = vec![
        row("/app/inFocus", Value::Null, 7e8, 7e8 + 60.0),
        row("/device/isLocked", Value::Integer(1), 7e8 + 60.0, 7e8 + 600.0),
        row("/device/batteryPercentage", Value::Real(55.5), 7e8, 7e8),
        row("/device/isLocked", Value::Null, 7e8, 7e8),
        row("/another", Value::Null, 7e8, 7e8),
    ];
    let columns = ["ZSTREAMNAME", "ZVALUESTRING", "ZVALUEDOUBLE", "ZSTARTDATE", "ZENDDATE"];
    let store = Database::new().table("ZOBJECT", columns, rows).bytes();
    let found = gathered(&[&store]);
    let [opening] = found.log.openings.entries() else { panic!() };
    assert_eq!(opening.at.to_string(), "2023-03-08T20:26:40.000Z");
    assert_eq!((found.log.name(opening.what.app), found.log.locked.entries().len()), (CLIENT, 2));
    assert_eq!(found.log.battery.entries()[0].what, 55.5);
    let part = &found.account.parts[&(Source::Knowledge, "/device/isLocked")];
    assert_eq!((part.read, part.skipped["no value"]), (1, 1));
    assert!(part.missing.contains("ZVALUEINTEGER"));
    assert!(!found.account.parts.contains_key(&(Source::Knowledge, "/display/isBacklit")));
}

#[test]
fn columns_that_are_not_there_are_named_and_the_rest_is_read() {
    let log = super::phone::power_log()
        .table(
            "PLSpringBoardAgent_EventForward_SBLock",
            ["timestamp", "Lokked"],
            vec![[Value::Real(1.6e9), Value::Integer(1)]],
        )
        .table(
            "PLSCDynamicStoreAgent_EventForward_WifiActive",
            ["Active", "timestamp", "More"],
            vec![[Value::Integer(1), Value::Real(1.6e9), Value::Null]],
        )
        .bytes();
    let found = gathered(&[&log]);
    let lock = &found.account.parts[&(Source::PowerLog, "SBLock")];
    assert_eq!((lock.read, lock.skipped["no value"]), (0, 1));
    assert!(lock.missing.contains("Locked"));
    assert_eq!(found.log.network.entries()[0].what, Path::Wifi);
}

#[test]
fn what_two_files_say_was_once_and_what_one_says_twice_was_twice() {
    let lock = |rows: Vec<(f64, i64)>| {
        let rows = rows.into_iter().map(|(at, locked)| [Value::Real(at), Value::Integer(locked)]).collect();
        super::phone::power_log()
            .table("PLSpringBoardAgent_EventForward_SBLock", ["timestamp", "Locked"], rows)
            .bytes()
    };
    let (one, other) = (
        lock(vec![(1.6e9, 1), (1.6e9, 0), (1.6e9, 1), (1.6e9 + 9.0, 0)]),
        lock(vec![(1.6e9, 1), (1.6e9, 0), (1.6e9 + 9.0, 0), (1.6e9 + 9.0, 0)]),
    );
    let states = |files: &[&[u8]]| {
        gathered(files).log.locked.entries().iter().map(|entry| entry.what).collect::<Vec<_>>()
    };
    assert_eq!(states(&[&one]), [true, false, true, false]);
    assert_eq!(states(&[&one, &one]), [true, false, true, false]);
    assert_eq!(states(&[&one, &other, &one]), [true, false, true, false, false]);
}
