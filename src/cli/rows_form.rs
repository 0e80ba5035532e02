//! What rows are written as. They come as text, as a run writes it; whatever else they become is made of it here.

use super::Fault;
use super::parquet_rows::{self, ParquetRows};
use crate::record::{Column, RecordFile};
use clap::ValueEnum;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::Path;

/// What the rows of a record are written as.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum RowsFormat {
    /// Text with commas.
    #[default]
    Csv,
    /// Typed columns, compressed.
    Parquet,
}

impl RowsFormat {
    /// As it is asked for, and as the names of its files end.
    pub(crate) fn name(self) -> &'static str {
        match self {
            RowsFormat::Csv => "csv",
            RowsFormat::Parquet => "parquet",
        }
    }

    /// The files that may hold rows.
    pub(crate) fn names() -> impl Iterator<Item = String> {
        let of = |format: &RowsFormat| RecordFile::ALL.map(|table| format.file(table));
        RowsFormat::value_variants().iter().flat_map(of)
    }

    fn file(self, table: RecordFile) -> String {
        Path::new(table.name()).with_extension(self.name()).display().to_string()
    }

    /// The file of the rows of a table.
    pub(crate) fn of(self, table: RecordFile) -> Form {
        let layout = match self {
            RowsFormat::Csv => Layout::Csv { header: table.header() },
            RowsFormat::Parquet => Layout::Parquet { columns: table.columns() },
        };
        Form { name: self.file(table), layout }
    }

    /// Refuses what this program was built without.
    pub(crate) fn check(self) -> Result<(), Fault> {
        match self {
            RowsFormat::Parquet if !parquet_rows::IS_BUILT => Err(
                "`--rows-format parquet`: this bgsim was built without it; build one with `cargo build --release \
                 --features parquet`, or leave the option out for CSV"
                    .into(),
            ),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for RowsFormat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A file of rows: its name, and how it is laid out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Form {
    pub name: String,
    layout: Layout,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Layout {
    Csv { header: String },
    Parquet { columns: Vec<Column> },
}

impl Form {
    /// Text that begins so.
    pub(crate) fn csv(name: &str, header: String) -> Form {
        Form { name: name.into(), layout: Layout::Csv { header } }
    }

    /// By how much it is smaller than text at the most: no file is refused for lack of room that would have had it.
    pub(crate) fn is_smaller_by(&self) -> u64 {
        match self.layout {
            Layout::Csv { .. } => 1,
            Layout::Parquet { .. } => 20,
        }
    }
}

/// Writes a file of rows.
#[derive(Debug)]
pub(crate) enum RowsWriter<W: Write + Send> {
    Csv { header: String, to: W },
    Parquet(Box<ParquetRows<W>>),
}

impl<W: Write + Send> RowsWriter<W> {
    /// Begins the file. Its first bytes are written at once: a disk that is full is better found before the work.
    pub(crate) fn begin(form: &Form, mut to: W) -> io::Result<RowsWriter<W>> {
        match &form.layout {
            Layout::Csv { header } => {
                to.write_all(header.as_bytes())?;
                to.flush()?;
                Ok(RowsWriter::Csv { header: header.clone(), to })
            }
            Layout::Parquet { columns } => {
                Ok(RowsWriter::Parquet(Box::new(ParquetRows::begin(columns, to)?)))
            }
        }
    }

    /// Adds rows, which come as the lines of a CSV file.
    pub(crate) fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            RowsWriter::Csv { to, .. } => to.write_all(lines),
            RowsWriter::Parquet(to) => to.append(lines),
        }
    }

    /// Adds the rows of a file of the same form.
    pub(crate) fn append_file(&mut self, file: File) -> io::Result<()> {
        match self {
            RowsWriter::Csv { header, to } => {
                let mut file = BufReader::with_capacity(1 << 18, file);
                let mut begins = String::new();
                file.read_line(&mut begins)?;
                match begins == *header {
                    true => io::copy(&mut file, to).map(drop),
                    false => Err(io::Error::new(ErrorKind::InvalidData, "its columns are others")),
                }
            }
            RowsWriter::Parquet(to) => to.append_file(file),
        }
    }

    /// Ends the file, and has everything written.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            RowsWriter::Csv { mut to, .. } => to.flush().map(|()| to),
            RowsWriter::Parquet(to) => to.finish(),
        }
    }
}
