//! Rows of a CSV file with their lines, the instants in them, and how these are laid over the
//! simulated span.

use super::Align;
use crate::clock::Clock;
use crate::time::{Span, Time};
use csv::{ByteRecord, ReaderBuilder};
use jiff::Timestamp;
use jiff::fmt::temporal::{Pieces, PiecesOffset};

const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;
/// Milliseconds since 1970 below this lie before March 1973: they are taken for seconds.
const LEAST_MS: i64 = 100_000_000_000;
/// The year 2200, as for clocks.
const MOST_MS: i64 = 7_258_118_400_000;

/// An instant of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Stamp {
    pub(super) unix_ms: i64,
    /// How far local time was ahead of UTC, where the file says so.
    ahead_ms: Option<i64>,
}

/// Reads an instant.
pub(super) fn stamp(text: &str) -> Result<Stamp, String> {
    const RIGHT: &str = "write an instant as 2026-03-02T09:00:00+01:00, or as milliseconds since 1970";
    let found = shorten(text);
    if let Ok(unix_ms) = text.parse::<i64>() {
        return match unix_ms {
            LEAST_MS..MOST_MS => Ok(Stamp { unix_ms, ahead_ms: None }),
            0..LEAST_MS => Err(format!("`{found}` looks like seconds; {RIGHT}")),
            _ => Err(format!("`{found}` lies outside the years 1973 to 2200; {RIGHT}")),
        };
    }
    let wrong = || format!("`{found}` is not an instant; {RIGHT}");
    // Nothing longer is an instant, and the parser need not look at megabytes.
    if text.len() > 64 {
        return Err(wrong());
    }
    let instant: Timestamp = text.parse().map_err(|_| wrong())?;
    let ahead_ms = match Pieces::parse(text).map_err(|_| wrong())?.offset() {
        Some(PiecesOffset::Numeric(offset)) => Some(i64::from(offset.offset().seconds()) * 1000),
        _ => None,
    };
    match instant.as_millisecond() {
        unix_ms @ LEAST_MS..MOST_MS => Ok(Stamp { unix_ms, ahead_ms }),
        _ => Err(format!("`{found}` lies outside the years 1973 to 2200; {RIGHT}")),
    }
}

/// How the instants of one file are laid over the simulated span.
pub(super) struct Alignment<'a> {
    clock: &'a Clock,
    end: Time,
    /// Milliseconds by which every row is moved, unless nothing is.
    moved: Option<i64>,
    /// The origin, and the midnight before it, in local milliseconds since 1970.
    origin: i64,
    midnight: i64,
    pub(super) too_early: u64,
    pub(super) too_late: u64,
}

impl<'a> Alignment<'a> {
    /// The alignment of a file by its first instant.
    pub(super) fn new(align: Align, first: Stamp, clock: &'a Clock, end: Time) -> Alignment<'a> {
        let unix = clock.unix_ms(Time::ORIGIN);
        let local = clock.local(Time::ORIGIN);
        // The local midnight is within a day of that in UTC; the weekday says which it is.
        let near = unix.div_euclid(DAY_MS);
        let weekday = clock.weekday(local.day).index() as i64;
        let day = (near - 1..=near + 1).find(|day| (day + 3).rem_euclid(7) == weekday).unwrap_or(near);
        let midnight = day * DAY_MS;
        let origin = midnight + i64::from(local.ms);
        let first = first.unix_ms + first.ahead_ms.unwrap_or(origin - unix);
        let weeks = (origin - first + WEEK_MS - 1).div_euclid(WEEK_MS);
        let moved = (align == Align::Week).then_some(weeks * WEEK_MS);
        Alignment { clock, end, moved, origin, midnight, too_early: 0, too_late: 0 }
    }

    /// Where in the simulated span an instant falls, if it does.
    pub(super) fn place(&mut self, stamp: Stamp) -> Option<Time> {
        let time = match (self.moved, stamp.ahead_ms) {
            (Some(moved), Some(ahead)) => {
                let local = stamp.unix_ms + ahead + moved;
                let since = local - self.midnight;
                let day = u32::try_from(since.div_euclid(DAY_MS)).ok();
                let dial = Span::from_ms(since.rem_euclid(DAY_MS) as u64);
                day.filter(|_| local >= self.origin).map(|day| self.clock.at(day, dial))
            }
            (moved, _) => self.clock.from_unix_ms(stamp.unix_ms + moved.unwrap_or(0)),
        };
        match time {
            None => self.too_early += 1,
            Some(time) if time >= self.end => self.too_late += 1,
            Some(time) => return Some(time),
        }
        None
    }

    /// What was dropped, in words.
    pub(super) fn notes(&self, label: &str, notes: &mut Vec<String>) {
        for (count, where_to) in [(self.too_early, "before the origin"), (self.too_late, "after the horizon")]
        {
            if count > 0 {
                notes.push(format!("{label}: dropped {} that lie {where_to}", rows(count)));
            }
        }
    }
}

/// A table: its rows one by one, and its header if it has one.
pub(super) struct Table<'a> {
    label: &'a str,
    reader: csv::Reader<&'a [u8]>,
    record: ByteRecord,
    /// Whether `record` is a row already read and still to be given.
    pending: bool,
    header: Vec<String>,
}

impl<'a> Table<'a> {
    /// Opens a table. Its first row is a header if no field of it is an instant.
    pub(super) fn open(bytes: &'a [u8], label: &'a str) -> Result<Table<'a>, String> {
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(format!("{label}:1: the file is in UTF-16; save it as UTF-8"));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let reader =
            ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let mut table =
            Table { label, reader, record: ByteRecord::new(), pending: false, header: Vec::new() };
        if !table.advance()? {
            return Err(format!(
                "{label}:1: the file is empty; it should hold rows of comma-separated values"
            ));
        }
        let fields: Vec<String> =
            table.record.iter().map(|field| String::from_utf8_lossy(field).to_lowercase()).collect();
        if fields.iter().any(|field| stamp(field).is_ok() || field.parse::<f64>().is_ok()) {
            table.pending = true;
        } else {
            table.header = fields;
        }
        Ok(table)
    }

    /// The column of one of these names, or else, without a header, the one at this place.
    pub(super) fn column(&self, names: &[&str], place: Option<usize>) -> Option<usize> {
        if self.header.is_empty() {
            return place;
        }
        names.iter().find_map(|name| self.header.iter().position(|field| field == name))
    }

    /// The header, empty if there is none.
    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    /// The first row of data where there is no header.
    pub(super) fn first(&self) -> Option<&ByteRecord> {
        self.pending.then_some(&self.record)
    }

    /// Goes to the next row.
    pub(super) fn advance(&mut self) -> Result<bool, String> {
        if std::mem::take(&mut self.pending) {
            return Ok(true);
        }
        self.reader.read_byte_record(&mut self.record).map_err(|error| {
            format!("{}: {error}; the file should hold rows of comma-separated values", self.label)
        })
    }

    /// A field of the row, or nothing where it is empty or missing.
    pub(super) fn field(&self, column: Option<usize>) -> Result<Option<&str>, String> {
        let Some(bytes) = column.and_then(|column| self.record.get(column)) else { return Ok(None) };
        match std::str::from_utf8(bytes) {
            Ok("") => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(self.fault(&format!(
                "`{}` is not UTF-8; save the file as UTF-8",
                shorten(&String::from_utf8_lossy(bytes))
            ))),
        }
    }

    /// An instant of the row, or nothing where the field is empty or missing.
    pub(super) fn instant(&self, column: Option<usize>) -> Result<Option<Stamp>, String> {
        let text = self.field(column)?;
        text.map(|text| stamp(text).map_err(|error| self.fault(&error))).transpose()
    }

    /// An instant that must be there.
    pub(super) fn required(&self, column: Option<usize>, what: &str) -> Result<Stamp, String> {
        self.instant(column)?.ok_or_else(|| {
            self.fault(&format!("the row has no {what}; write for example 2026-03-02T09:00:00+01:00"))
        })
    }

    /// A fault of this row.
    pub(super) fn fault(&self, message: &str) -> String {
        let line = self.record.position().map_or(1, csv::Position::line);
        format!("{}:{line}: {message}", self.label)
    }
}

/// Enough of a field to recognise it, on one line.
pub(super) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

/// A number of rows, in words.
pub(super) fn rows(count: u64) -> String {
    if count == 1 { "1 row".into() } else { format!("{count} rows") }
}
