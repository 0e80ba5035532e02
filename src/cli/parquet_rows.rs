//! Rows as Parquet: typed columns, in groups of a fixed number of rows, so that the bytes depend on the rows alone and
//! not on how they came, and so that memory does not grow with the file.
//!
//! Whole numbers and instants are written as differences, which makes a file half as long as a dictionary of them does;
//! words as a dictionary. Both are then compressed by Snappy, which needs no C compiler. DEFLATE makes files a ninth smaller,
//! but with what it allocates for every page the memory of the GNU allocator grew by 200 MB with every million rows.

use crate::record::{CellKind, Column};
use jiff::Timestamp;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type, TypePtr};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::str;
use std::sync::Arc;

/// Whether the program can write them.
pub(crate) const IS_BUILT: bool = true;

/// Rows in a group. What is read by several threads is divided by groups; what is written is in memory for so long.
const GROUP: usize = 1 << 16;

/// A file under construction.
#[derive(Debug)]
pub(crate) struct ParquetRows<W: Write + Send> {
    schema: TypePtr,
    /// The rows of the group under way.
    cells: Vec<Cells>,
    rows: usize,
    to: SerializedFileWriter<W>,
}

/// The cells of a column.
#[derive(Debug)]
struct Cells {
    /// Of a column that may hold nothing: for each cell, 1 where it holds something.
    held: Option<Vec<i16>>,
    values: Values,
}

/// Those that hold something.
#[derive(Debug)]
enum Values {
    Text(Texts),
    Whole(Vec<i64>),
    Instant(Vec<i64>),
    Number(Vec<f64>),
    Flag(Vec<bool>),
}

/// Texts, of which most are the same few words: each of these is in memory once.
#[derive(Default, Debug)]
struct Texts {
    words: BTreeMap<Vec<u8>, ByteArray>,
    all: Vec<ByteArray>,
}

impl<W: Write + Send> ParquetRows<W> {
    /// Begins the file.
    pub(crate) fn begin(columns: &[Column], to: W) -> io::Result<ParquetRows<W>> {
        let schema = schema(columns).map_err(failed)?;
        let mut to = SerializedFileWriter::new(to, Arc::clone(&schema), Arc::new(properties(columns)))
            .map_err(failed)?;
        to.flush()?;
        Ok(ParquetRows { schema, cells: columns.iter().map(Cells::of).collect(), rows: 0, to })
    }

    /// Adds rows, which come as the lines of a CSV file.
    pub(crate) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        let lines = str::from_utf8(lines).map_err(|_| odd("no UTF-8"))?;
        for line in lines.lines() {
            let mut texts = line.split(',');
            for cells in &mut self.cells {
                let text = texts.next().ok_or_else(|| odd("too few cells"))?;
                cells.push(text).ok_or_else(|| odd(text))?;
            }
            if texts.next().is_some() {
                return Err(odd("too many cells"));
            }
            self.added(1)?;
        }
        Ok(())
    }

    /// Adds the rows of a file that was written like this one.
    pub(crate) fn append_file(&mut self, file: File) -> io::Result<()> {
        let file = SerializedFileReader::new(file).map_err(failed)?;
        if file.metadata().file_metadata().schema() != &*self.schema {
            return Err(odd("other columns"));
        }
        for group in 0..file.num_row_groups() {
            let group = file.get_row_group(group).map_err(failed)?;
            let columns = (0..self.cells.len()).map(|column| group.get_column_reader(column));
            let mut columns = columns.collect::<Result<Vec<_>, _>>().map_err(failed)?;
            let mut left = usize::try_from(group.metadata().num_rows()).map_err(|_| odd("no rows"))?;
            while left > 0 {
                let some = left.min(GROUP - self.rows);
                for (cells, column) in self.cells.iter_mut().zip(&mut columns) {
                    cells.read(column, some)?;
                }
                self.added(some)?;
                left -= some;
            }
        }
        Ok(())
    }

    /// Ends the file.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.end_group()?;
        let mut to = self.to.into_inner().map_err(failed)?;
        to.flush()?;
        Ok(to)
    }

    /// Every column has so many cells more.
    fn added(&mut self, rows: usize) -> io::Result<()> {
        self.rows += rows;
        if self.rows < GROUP { Ok(()) } else { self.end_group() }
    }

    fn end_group(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let mut group = self.to.next_row_group().map_err(failed)?;
        for cells in &mut self.cells {
            let mut column = group.next_column().map_err(failed)?.ok_or_else(|| odd("too few columns"))?;
            cells.write(&mut column).and_then(|()| column.close()).map_err(failed)?;
        }
        group.close().map(drop).map_err(failed)
    }
}

impl Cells {
    fn of(column: &Column) -> Cells {
        let values = match column.kind {
            CellKind::Text => Values::Text(Texts::default()),
            CellKind::Whole => Values::Whole(Vec::new()),
            CellKind::Instant => Values::Instant(Vec::new()),
            CellKind::Number => Values::Number(Vec::new()),
            CellKind::Flag => Values::Flag(Vec::new()),
        };
        Cells { held: (!column.is_required).then(Vec::new), values }
    }

    /// Adds a cell, if it is one of this column.
    fn push(&mut self, text: &str) -> Option<()> {
        if let Some(held) = &mut self.held {
            held.push(i16::from(!text.is_empty()));
            if text.is_empty() {
                return Some(());
            }
        }
        match &mut self.values {
            Values::Text(texts) => texts.push(text.as_bytes()),
            Values::Whole(values) => values.push(text.parse().ok()?),
            Values::Instant(values) => values.push(text.parse::<Timestamp>().ok()?.as_millisecond()),
            Values::Number(values) => values.push(text.parse().ok()?),
            Values::Flag(values) => values.push(text.parse().ok()?),
        }
        Some(())
    }

    /// Adds so many cells of a file.
    fn read(&mut self, column: &mut ColumnReader, cells: usize) -> io::Result<()> {
        let held = self.held.as_mut();
        match (&mut self.values, column) {
            (Values::Text(texts), ColumnReader::ByteArrayColumnReader(column)) => {
                let mut values = Vec::new();
                read(column, cells, held, &mut values)?;
                values.iter().for_each(|text| texts.push(text.data()));
                Ok(())
            }
            (Values::Whole(values) | Values::Instant(values), ColumnReader::Int64ColumnReader(column)) => {
                read(column, cells, held, values)
            }
            (Values::Number(values), ColumnReader::DoubleColumnReader(column)) => {
                read(column, cells, held, values)
            }
            (Values::Flag(values), ColumnReader::BoolColumnReader(column)) => {
                read(column, cells, held, values)
            }
            _ => Err(odd("a column of another type")),
        }
    }

    /// Writes the cells and forgets them.
    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let held = self.held.as_deref();
        match &mut self.values {
            Values::Text(texts) => {
                texts.words.clear();
                write::<ByteArrayType>(column, held, &mut texts.all)?;
            }
            Values::Whole(values) | Values::Instant(values) => write::<Int64Type>(column, held, values)?,
            Values::Number(values) => write::<DoubleType>(column, held, values)?,
            Values::Flag(values) => write::<BoolType>(column, held, values)?,
        }
        self.held.iter_mut().for_each(Vec::clear);
        Ok(())
    }
}

impl Texts {
    /// Adds a copy: the file keeps the least and the greatest of a group until its end, and with a part of a page or
    /// of a line it would keep the whole.
    fn push(&mut self, text: &[u8]) {
        let word = match self.words.get(text) {
            Some(word) => word.clone(),
            None => self.words.entry(text.into()).or_insert(ByteArray::from(text.to_vec())).clone(),
        };
        self.all.push(word);
    }
}

fn read<T: DataType>(
    from: &mut ColumnReaderImpl<T>,
    cells: usize,
    held: Option<&mut Vec<i16>>,
    values: &mut Vec<T::T>,
) -> io::Result<()> {
    match from.read_records(cells, held, None, values).map_err(failed)? {
        (found, ..) if found == cells => Ok(()),
        _ => Err(odd("too few rows")),
    }
}

fn write<T: DataType>(
    to: &mut SerializedColumnWriter<'_>,
    held: Option<&[i16]>,
    values: &mut Vec<T::T>,
) -> Result<(), ParquetError> {
    to.typed::<T>().write_batch(values, held, None)?;
    values.clear();
    Ok(())
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            CellKind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            CellKind::Whole => (Physical::INT64, None),
            CellKind::Instant => {
                let unit = TimeUnit::MILLIS;
                (Physical::INT64, Some(LogicalType::timestamp(true, unit)))
            }
            CellKind::Number => (Physical::DOUBLE, None),
            CellKind::Flag => (Physical::BOOLEAN, None),
        };
        let repetition = if column.is_required { Repetition::REQUIRED } else { Repetition::OPTIONAL };
        let field = Type::primitive_type_builder(&column.heading, physical)
            .with_repetition(repetition)
            .with_logical_type(logical);
        field.build().map(Arc::new)
    };
    let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
    Type::group_type_builder("row").with_fields(fields).build().map(Arc::new)
}

fn properties(columns: &[Column]) -> WriterProperties {
    let to = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let is_counted = |column: &&Column| matches!(column.kind, CellKind::Whole | CellKind::Instant);
    let to = columns.iter().filter(is_counted).fold(to, |to, column| {
        let path = ColumnPath::from(column.heading.as_str());
        to.set_column_dictionary_enabled(path.clone(), false)
            .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED)
    });
    to.build()
}

/// What the disk said, where it was that.
fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::new(ErrorKind::InvalidData, error),
        },
        error => io::Error::new(ErrorKind::InvalidData, error),
    }
}

fn odd(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("these are no rows: {what}"))
}
