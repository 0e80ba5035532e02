//! Rows of a table, with the lines and columns in which they stand.

use super::stamp::{Change, Meaning, Stamp, is_no_heading, slashed, stamp};
use super::text::delimiter;
use super::{Dates, Reading};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::cell::Cell;

/// A table: its rows one by one, and its header if it has one.
pub(super) struct Table<'a> {
    label: &'a str,
    text: &'a [u8],
    reader: Reader<&'a [u8]>,
    record: ByteRecord,
    /// Whether `record` is a row already read and still to be given.
    pending: bool,
    header: Vec<String>,
    meaning: Meaning,
    /// Times that the wall clock skipped, and such as it showed twice.
    skipped: Cell<u64>,
    twice: Cell<u64>,
}

fn reader(text: &[u8]) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).trim(csv::Trim::All).delimiter(delimiter(text));
    builder.from_reader(text)
}

impl<'a> Table<'a> {
    /// Opens a table. Its first row is a header if no field of it is an instant.
    pub(super) fn open(text: &'a [u8], reading: &Reading<'a>) -> Result<Table<'a>, String> {
        let mut table = Table {
            label: reading.label,
            text,
            reader: reader(text),
            record: ByteRecord::new(),
            pending: false,
            header: Vec::new(),
            meaning: Meaning { zone: Some(reading.zone.clone()), dates: reading.dates },
            skipped: Cell::new(0),
            twice: Cell::new(0),
        };
        let mut is_there = table.advance()?;
        if is_there && table.record.get(0).is_some_and(|first| first.starts_with(b"sep=")) {
            is_there = table.advance()?;
        }
        if !is_there {
            return Err(format!(
                "{}:1: the file is empty; it should hold rows of values with commas, semicolons or tabs between",
                reading.label
            ));
        }
        let fields = table.record.iter().map(|field| String::from_utf8_lossy(field).into_owned());
        let fields: Vec<String> = fields.collect();
        if fields.iter().any(|field| is_no_heading(field)) {
            table.pending = true;
        } else {
            table.header = fields;
        }
        Ok(table)
    }

    /// The column that is given, or else one of these names, or else, without a header, the one at this place.
    pub(super) fn column(
        &self,
        given: &Option<String>,
        names: &[&str],
        place: Option<usize>,
    ) -> Result<Option<usize>, String> {
        let Some(given) = given else {
            return Ok(match self.header.is_empty() {
                true => place,
                false => names.iter().find_map(|name| self.named(name)),
            });
        };
        let found = self.named(given).map(Some);
        found.ok_or_else(|| match self.header.is_empty() {
            true => self.fault(&format!("there is no header, and so no column `{}`", shorten(given))),
            false => self.fault(&format!("there is no column `{}`; {}", shorten(given), self.says_header())),
        })
    }

    /// The column of a name, in capitals or not.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|field| field.eq_ignore_ascii_case(name))
    }

    /// The header in words.
    pub(super) fn says_header(&self) -> String {
        format!("the header is `{}`", shorten(&self.header.join(",")))
    }

    /// Times without an offset are those of UTC.
    pub(super) fn take_for_utc(&mut self) {
        self.meaning.zone = None;
    }

    /// Decides by all rows what comes first in dates with slashes, unless the scenario says so in `key`.
    pub(super) fn settle_dates(
        &mut self,
        columns: &[Option<usize>],
        key: &str,
        notes: &mut Vec<String>,
    ) -> Result<(), String> {
        if self.meaning.dates.is_some() {
            return Ok(());
        }
        let (mut by_day, mut by_month, mut doubtful) = (None, None, None);
        let mut rows = reader(self.text);
        let mut row = ByteRecord::new();
        // What cannot be read is told when its turn comes.
        while rows.read_byte_record(&mut row).unwrap_or(false) {
            for column in columns.iter().copied().flatten() {
                let Some(text) = row.get(column).and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
                    continue;
                };
                let Some((first, second)) = slashed(text) else { continue };
                let proof = match (first > 12, second > 12) {
                    (true, false) => &mut by_day,
                    (false, true) => &mut by_month,
                    (false, false) if first != second => &mut doubtful,
                    _ => continue,
                };
                let line = row.position().map_or(1, csv::Position::line);
                proof.get_or_insert_with(|| (line, column, text.to_string()));
            }
        }
        let label = self.label;
        self.meaning.dates = match (by_day, by_month, doubtful) {
            (Some((line, _, day)), Some((other, _, month)), _) => {
                return Err(format!(
                    "{label}:{}: `{}` has the day first in line {line}, and `{}` the month in line {other}; write them \
                     all alike",
                    line.max(other),
                    shorten(&day),
                    shorten(&month)
                ));
            }
            (Some((line, _, text)), None, _) => {
                notes.push(format!(
                    "{label}: dates have the day first, as `{}` in line {line} has",
                    shorten(&text)
                ));
                Some(Dates::DayFirst)
            }
            (None, Some((line, _, text)), _) => {
                notes.push(format!(
                    "{label}: dates have the month first, as `{}` in line {line} has",
                    shorten(&text)
                ));
                Some(Dates::MonthFirst)
            }
            (None, None, Some((line, column, text))) => {
                let [day, month] = [Dates::DayFirst, Dates::MonthFirst].map(|dates| self.shown(&text, dates));
                return Err(format!(
                    "{label}:{line}: `{}` in {} is {day} or {month}, and no row says which; write `{key} = \
                     \"day_first\"` or `\"month_first\"`",
                    shorten(&text),
                    self.says_column(column)
                ));
            }
            (None, None, None) => None,
        };
        Ok(())
    }

    /// The day of a date, as it stands in a calendar.
    fn shown(&self, text: &str, dates: Dates) -> String {
        let meaning = Meaning { zone: None, dates: Some(dates) };
        stamp(text, &meaning)
            .map_or_else(|_| "none".into(), |(stamp, _)| crate::clock::utc(stamp.unix_ms)[..10].into())
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
        let Some((column, bytes)) = column.and_then(|column| Some((column, self.record.get(column)?))) else {
            return Ok(None);
        };
        match std::str::from_utf8(bytes) {
            Ok("") => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(_) => {
                let found = shorten(&String::from_utf8_lossy(bytes));
                Err(self.fault_in(column, &format!("`{found}` is not UTF-8; save the file as UTF-8")))
            }
        }
    }

    /// An instant of the row, or nothing where the field is empty or missing.
    pub(super) fn instant(&self, column: Option<usize>) -> Result<Option<Stamp>, String> {
        let (Some(text), Some(column)) = (self.field(column)?, column) else { return Ok(None) };
        let (stamp, change) = stamp(text, &self.meaning).map_err(|error| self.fault_in(column, &error))?;
        let count = match change {
            Some(Change::Skipped) => Some(&self.skipped),
            Some(Change::Twice) => Some(&self.twice),
            None => None,
        };
        count.into_iter().for_each(|count| count.set(count.get() + 1));
        Ok(Some(stamp))
    }

    /// An instant that must be there.
    pub(super) fn required(&self, column: Option<usize>, what: &str) -> Result<Stamp, String> {
        self.instant(column)?
            .ok_or_else(|| self.fault(&format!("the row has no {what}; write for example 2026-03-02 09:00")))
    }

    /// Whether something is so, or nothing where the field is empty or missing.
    pub(super) fn flag(&self, column: Option<usize>) -> Result<Option<bool>, String> {
        let Some(text) = self.field(column)? else { return Ok(None) };
        let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        match (is(&["true", "yes", "1"]), is(&["false", "no", "0"])) {
            (false, false) => {
                let found = shorten(text);
                Err(self.fault(&format!("`{found}` is neither true nor false; write one of these")))
            }
            (yes, _) => Ok(Some(yes)),
        }
    }

    /// What was made of times at which the clock was changed, in words.
    pub(super) fn notes(&self, notes: &mut Vec<String>) {
        let made = [
            (&self.skipped, "skips; it is read as the later one that it went on to"),
            (&self.twice, "shows twice; the first is meant"),
        ];
        for (count, what) in made.into_iter().filter(|(count, _)| count.get() > 0) {
            notes.push(format!(
                "{}: {} of a time that the clock {what}",
                self.label,
                self::rows(count.get())
            ));
        }
    }

    /// The line of this row.
    pub(super) fn line(&self) -> u64 {
        self.record.position().map_or(1, csv::Position::line)
    }

    /// A fault of this row.
    pub(super) fn fault(&self, message: &str) -> String {
        format!("{}:{}: {message}", self.label, self.line())
    }

    /// A fault of a field of this row.
    pub(super) fn fault_in(&self, column: usize, message: &str) -> String {
        self.fault(&format!("in {}: {message}", self.says_column(column)))
    }

    fn says_column(&self, column: usize) -> String {
        match self.header.get(column) {
            Some(name) => format!("the column `{}`", shorten(name)),
            None => format!("column {}", column + 1),
        }
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
