//! Files that mean harm: each is refused, or read as far as it goes, in bounded time and memory.

use super::phone::{Database, archive, columns, gathered, header, packed, power_log, within};
use bgsim::import::{Importer, Limits, Named, Source};
use bgsim::random::{RngExt, Streams};
use std::io::{self, Read};

/// As tight as tests want it.
const TIGHT: Limits =
    Limits { database: 1 << 20, document: 1 << 16, rows: 1000, files: 50, unpacked: 32 << 20, growth: 200 };

#[track_caller]
fn refused(bytes: &[u8], part: &str) {
    let why = within(&[bytes], TIGHT).unwrap_err();
    assert!(why.contains(part), "{why}");
}

#[test]
fn what_is_nothing_is_refused_with_what_would_be_right() {
    refused(b"", "it is empty; a power log (.PLSQL)");
    refused(b"a,b\n1,2\n", "it is a text of an unknown kind; ");
    refused(b"\x89PNG\r\n\x1a\n\0\0", "it is binary, of an unknown kind; ");
    refused(
        &Database::new().run("CREATE TABLE a (b)").bytes(),
        "a database of another kind: none of its 1 tables",
    );
    refused(b"\x00\x10\x00\x00\x11\x00\x00\x00\xd0\x00", "log show --archive");
    refused(&archive(&[("a.txt", b"hello")]), "an archive without any log");
    refused(b"{\"bug_type\":\"109\"}\n{\"threads\":[]}", "of something else than memory");
}

#[test]
fn bombs_are_left_before_they_go_off() {
    // A thousand times as much, which a log never packs into.
    let zeros = packed(&vec![0; 24 << 20]);
    refused(&packed(&zeros), "");
    let spaces = packed(&vec![b' '; 24 << 20]);
    refused(&spaces, "text of an unknown kind");
    let log = columns(&[("2026-03-15 14:14:00.100000-0500", "x")]) + &" ".repeat(24 << 20);
    let found = within(&[&packed(log.as_bytes())], TIGHT).unwrap();
    assert!(
        found.account.notes.iter().any(|note| note.contains("unpacks into more than any log")),
        "{found:?}"
    );
    let layers = (0..4).fold(columns(&[]).into_bytes(), |bytes, _| packed(&bytes));
    refused(&layers, "packed more often than anything");
    let nested = (0..4).fold(columns(&[]).into_bytes(), |bytes, _| archive(&[("a", &bytes)]));
    refused(&nested, "without any log");
}

#[test]
fn archives_that_lie_are_read_as_far_as_they_go() {
    let log = columns(&[("2026-03-15 14:14:00.100000-0500", "STARTING bgRefresh-com.example.mail:0A1B2C")]);
    let whole = archive(&[("log", log.as_bytes())]);
    for (rest, part) in [
        (header("../../etc/passwd", (8 << 30) - 1, b'0').to_vec(), "cut off"),
        (vec![b'x'; 512], "damaged"),
        (vec![b'x'; 100], "cut off"),
        (header("name", (8 << 30) - 1, b'L').to_vec(), "cut off"),
        ([header("a", 0, b'5'), header("b", 0, b'2')].concat().repeat(40), "more than 50 files"),
    ] {
        let archive = [&whole[..whole.len() - 1024], &rest].concat();
        let found = within(&[&archive], TIGHT).unwrap();
        assert_eq!(found.log.runs.entries().len(), 1);
        assert!(found.account.notes.iter().any(|note| note.contains(part)), "{part}: {:?}", found.account);
    }
}

#[test]
fn nothing_of_a_schema_is_run() {
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS timestamp, i AS Locked FROM n";
    let lock = "PLSpringBoardAgent_EventForward_SBLock";
    let view = power_log().run(&format!("CREATE VIEW {lock} AS {endless}")).bytes();
    assert!(gathered(&[&view]).log.locked.entries().is_empty());
    // Computed while it is read, and for longer than anybody waits.
    let column = "(length(replace(hex(zeroblob(400000)), '00', 'abc'))) VIRTUAL";
    let slow = power_log()
        .run(&format!(
            "CREATE TABLE {lock} (timestamp, Locked AS {column}); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 \
             FROM n WHERE i < 3000) INSERT INTO {lock} SELECT i + 1.6e9 FROM n"
        ))
        .bytes();
    let found = within(&[&slow], TIGHT).unwrap();
    assert!(found.log.locked.entries().len() <= 1000);
    let big = Database::new().run(&format!("CREATE TABLE {lock} (timestamp, Locked); INSERT INTO {lock} VALUES (1.6e9, zeroblob(900000)), (1.6e9, 1)")).bytes();
    assert_eq!(gathered(&[&big]).log.locked.entries().len(), 1);
    refused(
        &Database::new().run("CREATE TABLE PL (a); INSERT INTO PL VALUES (zeroblob(2000000))").bytes(),
        "more than 1 MB",
    );
}

#[test]
fn rows_and_entries_have_bounds() {
    let lock = "PLSpringBoardAgent_EventForward_SBLock";
    let many = power_log()
        .run(&format!(
            "CREATE TABLE {lock} (timestamp, Locked); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
             WHERE i < 5000) INSERT INTO {lock} SELECT i + 1.6e9, i % 2 FROM n"
        ))
        .bytes();
    let found = within(&[&many], TIGHT).unwrap();
    assert_eq!(found.log.locked.entries().len(), 1000);
    assert_eq!(
        found.account.parts[&(Source::PowerLog, "SBLock")].skipped["beyond the most rows that are read"],
        1
    );
}

/// A log that never ends up in memory: lines made as they are read.
struct Endless {
    left: u64,
    line: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            if self.left == 0 {
                return Ok(0);
            }
            (self.left, self.at) = (self.left - 1, 0);
        }
        let many = into.len().min(self.line.len() - self.at);
        into[..many].copy_from_slice(&self.line[self.at..self.at + many]);
        self.at += many;
        Ok(many)
    }
}

#[test]
fn a_long_log_is_read_as_it_comes() {
    let line = "2026-03-15 14:14:03.347462-0500 0x18538    Default     0x0                  120    8    backboardd: [a:b] \
                something else\n";
    let mut importer = Importer::new(None, Limits::default());
    importer.add(&mut Endless { left: 500_000, line: line.into(), at: line.len() }).unwrap();
    let found = importer.finish();
    assert_eq!(found.account.parts[&(Source::Dasd, "messages")].skipped["of another process"], 500_000);
}

/// Whatever is changed in a file, it is read or refused, and what comes of it can be written and run.
#[test]
fn a_damaged_file_never_ends_the_program() {
    let lock = "PLSpringBoardAgent_EventForward_SBLock";
    let database = power_log()
        .run(&format!(
            "CREATE TABLE {lock} (timestamp, Locked); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
             WHERE i < 400) INSERT INTO {lock} SELECT i * 100.0 + 1.6e9, i % 2 FROM n"
        ))
        .bytes();
    let log = columns(&[("2026-03-15 14:14:00.100000-0500", "STARTING bgRefresh-com.example.mail:0A1B2C")]);
    let tar = archive(&[("a", &database), ("b", log.as_bytes())]);
    let seeds = [database, packed(&tar), tar];
    let mut draws = Streams::new(1, "hostile", 0).stream("bytes");
    let mut accepted = 0;
    for seed in &seeds {
        for _ in 0..150 {
            let mut bytes = seed.clone();
            for _ in 0..draws.random_range(1..20) {
                let at = draws.random_range(0..bytes.len());
                bytes[at] = draws.random_range(0..=255);
            }
            bytes.truncate(draws.random_range(bytes.len() / 2..=bytes.len()));
            if let Ok(found) = within(&[&bytes], TIGHT) {
                accepted += 1;
                let _ = found.written(Named::Anonymous, None);
            }
        }
    }
    assert!(accepted > 100, "{accepted}");
}
