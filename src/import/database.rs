//! An SQLite database of a stranger, read from memory and with limits.
//!
//! Whatever its schema says, nothing of it is run: views, triggers and functions of the schema are off, only tables are
//! asked, by names that were read from the list of them, and a query that takes too long is ended.

use super::account::Part;
use super::input::Limits;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode};
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What every SQLite database begins with.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";

/// Bytes 18 and 19 say how it is written: with a log beside it, which a copy in memory does not have.
const WRITTEN: std::ops::Range<usize> = 18..20;
const WITHOUT_LOG: u8 = 1;

/// No table has a value of more bytes, none more columns, and no statement of ours more words.
const MOST_BYTES: i32 = 1 << 20;
const MOST_COLUMNS: i32 = 2_000;
const MOST_WORDS: i32 = 1 << 20;
/// More tables than any log has.
const MOST_TABLES: usize = 10_000;
/// After so many steps of its machine the budget is looked at.
const STEPS: i32 = 10_000;
/// Steps that a row may take, with what finding it takes.
const STEPS_A_ROW: u64 = 2_000;

/// A database that is open.
pub(super) struct Store {
    connection: Connection,
    tables: Vec<String>,
    most_rows: u64,
    /// How many of its pages are there, and how many there should be, if it is cut off.
    pub(super) cut: Option<[u64; 2]>,
}

/// A row of the columns that were asked for, in that order.
pub(super) struct Row<'a>(&'a rusqlite::Row<'a>);

impl Row<'_> {
    fn value(&self, place: usize) -> ValueRef<'_> {
        self.0.get_ref(place).unwrap_or(ValueRef::Null)
    }

    pub(super) fn number(&self, place: usize) -> Option<f64> {
        match self.value(place) {
            ValueRef::Integer(whole) => Some(whole as f64),
            ValueRef::Real(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn whole(&self, place: usize) -> Option<i64> {
        match self.value(place) {
            ValueRef::Integer(whole) => Some(whole),
            ValueRef::Real(number) if number == libm::trunc(number) && libm::fabs(number) < 9e15 => {
                Some(number as i64)
            }
            _ => None,
        }
    }

    pub(super) fn flag(&self, place: usize) -> Option<bool> {
        self.whole(place).map(|whole| whole != 0)
    }

    pub(super) fn text(&self, place: usize) -> Option<&str> {
        match self.value(place) {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty()),
            _ => None,
        }
    }
}

impl Store {
    /// Opens the bytes of a database.
    pub(super) fn open(mut bytes: Vec<u8>, limits: &Limits) -> Result<Store, String> {
        // Else it is refused, its log being elsewhere. What that log had is lost, as in any copy of the one file.
        if let Some(written) = bytes.get_mut(WRITTEN) {
            written.fill(WITHOUT_LOG);
        }
        let cut = completed(&mut bytes, limits);
        let size = bytes.len();
        let fault = |error: rusqlite::Error| match cut {
            Some([there, of]) => format!(
                "it is a database that is cut off after {there} of its {of} pages, and SQLite says: {}",
                reason(&error)
            ),
            None => format!("SQLite says: {}", reason(&error)),
        };
        let mut connection = Connection::open_in_memory().map_err(fault)?;
        connection.deserialize_read_exact("main", Cursor::new(bytes), size, true).map_err(fault)?;
        for (config, on) in [
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        ] {
            connection.set_db_config(config, on).map_err(fault)?;
        }
        for (limit, most) in [
            (Limit::SQLITE_LIMIT_LENGTH, MOST_BYTES),
            (Limit::SQLITE_LIMIT_SQL_LENGTH, MOST_WORDS),
            (Limit::SQLITE_LIMIT_COLUMN, MOST_COLUMNS),
            (Limit::SQLITE_LIMIT_EXPR_DEPTH, 20),
            (Limit::SQLITE_LIMIT_ATTACHED, 0),
            (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
            (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
        ] {
            connection.set_limit(limit, most).map_err(fault)?;
        }
        let left = Arc::new(AtomicU64::new(limits.rows.saturating_mul(STEPS_A_ROW) / STEPS as u64 + 1));
        let spent = left.clone();
        let is_spent = move || spent.fetch_sub(1, Ordering::Relaxed) <= 1;
        connection.progress_handler(STEPS, Some(is_spent)).map_err(fault)?;
        let mut store = Store { connection, tables: Vec::new(), most_rows: limits.rows, cut };
        store.tables = store.listed().map_err(fault)?;
        Ok(store)
    }

    fn listed(&self) -> rusqlite::Result<Vec<String>> {
        let mut names =
            self.connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
        names.query_map([], |row| row.get(0))?.take(MOST_TABLES).collect()
    }

    /// Its tables.
    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(String::as_str)
    }

    pub(super) fn has(&self, table: &str) -> bool {
        self.tables.iter().any(|known| known == table)
    }

    /// Reads some columns of a table row by row; one that is not there is empty in every row. `row` says why a row tells
    /// nothing. A table that is damaged is read up to there.
    pub(super) fn each(
        &self,
        table: &str,
        wanted: &[&'static str],
        part: &mut Part,
        mut row: impl FnMut(&Row<'_>) -> Result<(), &'static str>,
    ) -> Result<(), String> {
        if !self.has(table) {
            part.missing.insert(TABLE);
            return Ok(());
        }
        let quoted = table.replace('"', "\"\"");
        let known = match self.columns(&quoted) {
            Ok(known) => known,
            Err(error) => return ended(&error, part),
        };
        let columns = wanted.iter().map(|column| match known.iter().any(|known| known == column) {
            true => format!("\"{column}\""),
            false => {
                part.missing.insert(column);
                "NULL".into()
            }
        });
        let query = format!("SELECT {} FROM \"{quoted}\"", columns.collect::<Vec<_>>().join(", "));
        let mut ask = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare(&query)?;
            let mut rows = statement.query([])?;
            let mut many = 0;
            while let Some(found) = rows.next()? {
                many += 1;
                if many > self.most_rows {
                    part.skip("beyond the most rows that are read");
                    break;
                }
                match row(&Row(found)) {
                    Ok(()) => part.read += 1,
                    Err(why) => part.skip(why),
                }
            }
            Ok(())
        };
        match ask() {
            Ok(()) => Ok(()),
            Err(error) => ended(&error, part),
        }
    }

    fn columns(&self, quoted: &str) -> rusqlite::Result<Vec<String>> {
        let statement = self.connection.prepare(&format!("SELECT * FROM \"{quoted}\" LIMIT 0"))?;
        Ok(statement.column_names().map(String::from).collect())
    }
}

/// Where the header says how large a page is, how many there are, and twice which change was the last: where these differ,
/// the number of pages is not kept.
const PAGE: usize = 16;
const CHANGE: usize = 24;
const PAGES: usize = 28;
const CHANGE_OF_PAGES: usize = 92;
/// The largest page, whose size does not fit in its field and is written as 1.
const LARGEST_PAGE: u64 = 65_536;
/// Of a file of which less than this is there, the list of tables was never found.
const LEAST_PART: u64 = 2;

/// Puts empty pages where a file breaks off, so that those before can be read; says how many are there, and of how many.
fn completed(bytes: &mut Vec<u8>, limits: &Limits) -> Option<[u64; 2]> {
    let number = |at: usize| Some(u64::from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)));
    let page = match u64::from(u16::from_be_bytes(bytes.get(PAGE..PAGE + 2)?.try_into().ok()?)) {
        1 => LARGEST_PAGE,
        page => page,
    };
    let (pages, is) = (number(PAGES)?, bytes.len() as u64);
    let should_be = pages.checked_mul(page)?;
    let is_kept = number(CHANGE)? == number(CHANGE_OF_PAGES)?;
    let is_cut = is_kept && is < should_be && should_be <= limits.database && should_be / LEAST_PART <= is;
    if !is_cut {
        return None;
    }
    bytes.resize(should_be as usize, 0);
    Some([is / page, pages])
}

/// What is missing where a table is.
pub(super) const TABLE: &str = "such table";

/// What is damaged beyond a row ends its table; only a budget that is spent ends the database.
fn ended(error: &rusqlite::Error, part: &mut Part) -> Result<(), String> {
    match error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) {
        true => Err("a table takes longer to read than that of any phone, and was left".into()),
        false => {
            part.skip("the table is damaged from there on");
            Ok(())
        }
    }
}

/// What kind of fault it is, and not what was found there, which may be anybody's.
fn reason(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => failure.to_string(),
        _ => "it cannot be read".into(),
    }
}
