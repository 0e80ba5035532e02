//! Logs as phones write them, made here in the schemas that are documented: databases, texts and archives.

use bgsim::import::{Gathered, Importer, Limits};
use flate2::Compression;
use flate2::write::GzEncoder;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::io::Write;

/// The client of these tests.
pub const CLIENT: &str = "com.example.mail";
/// How far the wall clock of a phone is from the clock of its power log, in seconds.
pub const OFFSET: f64 = -411.574_008_941_650_4;

/// A database under way.
pub struct Database(Connection);

impl Database {
    pub fn new() -> Database {
        Database(Connection::open_in_memory().unwrap())
    }

    pub fn run(self, sql: &str) -> Database {
        self.0.execute_batch(sql).unwrap();
        self
    }

    /// A table with rows.
    pub fn table<const N: usize>(self, name: &str, columns: [&str; N], rows: Vec<[Value; N]>) -> Database {
        self.0.execute_batch(&format!("CREATE TABLE \"{name}\" ({}); BEGIN", columns.join(", "))).unwrap();
        let places = vec!["?"; N].join(", ");
        let mut insert = self.0.prepare(&format!("INSERT INTO \"{name}\" VALUES ({places})")).unwrap();
        for row in rows {
            insert.execute(params_from_iter(row)).unwrap();
        }
        drop(insert);
        self.0.execute_batch("COMMIT").unwrap();
        self
    }

    /// The file.
    pub fn bytes(mut self) -> Vec<u8> {
        self.0.serialize("main").unwrap().to_vec()
    }
}

/// An instant on the clock of a power log.
pub fn own_clock(ms: i64) -> Value {
    Value::Real(ms as f64 / 1000.0 - OFFSET)
}

pub fn seconds(ms: i64) -> Value {
    Value::Real(ms as f64 / 1000.0)
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub fn flag(on: bool) -> Value {
    Value::Integer(on.into())
}

/// A power log with its clock.
pub fn power_log() -> Database {
    let offsets = vec![[Value::Real(1e9), Value::Real(OFFSET)]];
    Database::new().table("PLStorageOperator_EventForward_TimeOffset", ["timestamp", "system"], offsets)
}

/// The unified log in columns, a message of dasd for each.
pub fn columns(messages: &[(&str, &str)]) -> String {
    let line = |(at, text): &(&str, &str)| {
        format!(
            "{at} 0x18538    Default     0x0                  120    8    dasd: \
             [com.apple.duetactivityscheduler:scoring] {text}\n"
        )
    };
    let heading = "Timestamp                       Thread     Type        Activity             PID    TTL\n";
    heading.to_owned() + &messages.iter().map(line).collect::<String>()
}

/// The same as a JSON object a line.
pub fn objects(messages: &[(&str, &str)]) -> String {
    let line = |(at, text): &(&str, &str)| {
        let object = serde_json::json!({
            "timestamp": at, "processImagePath": "/usr/libexec/dasd", "processID": 120,
            "subsystem": "com.apple.duetactivityscheduler", "eventMessage": text,
        });
        format!("{object}\n")
    };
    messages.iter().map(line).collect()
}

pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// An archive of files.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes) in files {
        archive.extend(header(name, bytes.len() as u64, b'0'));
        archive.extend_from_slice(bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.extend([0; 1024]);
    archive
}

pub fn header(name: &str, size: u64, kind: u8) -> [u8; 512] {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    header[156] = kind;
    header[257..262].copy_from_slice(b"ustar");
    header[148..156].fill(b' ');
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header
}

/// What files say together.
pub fn gathered(files: &[&[u8]]) -> Gathered {
    within(files, Limits::default()).unwrap()
}

pub fn within(files: &[&[u8]], limits: Limits) -> Result<Gathered, String> {
    let mut importer = Importer::new(Some(CLIENT), limits);
    files.iter().try_for_each(|bytes| importer.add(&mut &**bytes))?;
    Ok(importer.finish())
}
