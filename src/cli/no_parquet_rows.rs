//! In place of rows as Parquet, where the program is built without them: there are none.

use crate::record::Column;
use std::convert::Infallible;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::marker::PhantomData;

/// Whether the program can write them.
pub(crate) const IS_BUILT: bool = false;

/// What cannot be.
#[derive(Debug)]
pub(crate) struct ParquetRows<W>(Infallible, PhantomData<W>);

impl<W> ParquetRows<W> {
    pub(crate) fn begin(_: &[Column], _: W) -> io::Result<ParquetRows<W>> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(crate) fn append(&mut self, _: &[u8]) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) fn append_file(&mut self, _: File) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        match self.0 {}
    }
}
