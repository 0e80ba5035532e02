//! A part of a piece of work in a folder that other machines may share: written under a name of its own and moved to its
//! place when it is whole and on the disk, the rows before the sums that tell of them. Whoever computes it a second
//! time, or at the same time, writes the same bytes.

use super::leftovers::{begin_shared_file, sync_folder};
use super::rows_form::{Form, RowsWriter};
use super::{Fault, note};
use crate::shard::{Part, PartReader, PartWriter, Piece, RowsFile, Shard};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How the name of the file ends that says what a part is.
const ENDING: &str = ".jsonl";

/// What the file of a part is called.
pub(crate) fn name(shard: Shard) -> String {
    shard.stem() + ENDING
}

/// What a file of its rows is called.
pub(crate) fn rows_name(shard: Shard, rows: &str) -> String {
    format!("{}.{rows}", shard.stem())
}

/// Which part a file is by its name.
pub(crate) fn named(name: &str) -> Option<Shard> {
    let (number, of) = name.strip_suffix(ENDING)?.strip_prefix("part-")?.split_once("-of-")?;
    let shard = Shard::new(number.parse().ok()?, of.parse().ok()?).ok()?;
    (self::name(shard) == name).then_some(shard)
}

/// A part under construction.
pub(crate) struct PartFile {
    folder: PathBuf,
    shard: Shard,
    rows: Vec<RowsUnderWay>,
    sums: PartWriter<BufWriter<NamedTempFile>>,
}

/// A file of rows under construction.
struct RowsUnderWay {
    name: String,
    to: RowsWriter<Hashed<BufWriter<NamedTempFile>>>,
}

/// What is hashed while it is written.
struct Hashed<W> {
    to: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl PartFile {
    /// Begins a part in a folder, with these files of rows; nothing if it is there already.
    pub(crate) fn begin(
        folder: &Path,
        shard: Shard,
        part: &Part,
        rows: &[Form],
    ) -> Result<Option<PartFile>, Fault> {
        let fault = |what: &str, error: &io::Error| Fault::io(format!("{what} {}", folder.display()), error);
        fs::create_dir_all(folder).map_err(|error| fault("create", &error))?;
        if is_there(folder, shard, part)? {
            return Ok(None);
        }
        check_neighbour(folder, shard, part)?;
        let begin = || begin_shared_file(folder).map(|file| BufWriter::with_capacity(1 << 18, file));
        let begin = || begin().map_err(|error| fault("write in", &error));
        let sums = PartWriter::begin(begin()?, part).map_err(|error| fault("write in", &error))?;
        let mut file = PartFile { folder: folder.to_owned(), shard, rows: Vec::new(), sums };
        for form in rows {
            let to = RowsWriter::begin(form, Hashed { to: begin()?, bytes: 0, hash: Sha256::new() });
            let to = to.map_err(|error| self::fault(folder, &rows_name(shard, &form.name), &error))?;
            file.rows.push(RowsUnderWay { name: form.name.clone(), to });
        }
        Ok(Some(file))
    }

    /// Adds to one of its files of rows.
    pub(crate) fn append(&mut self, place: usize, text: &[u8]) -> Result<(), Fault> {
        let (folder, shard) = (&self.folder, self.shard);
        let Some(RowsUnderWay { name, to }) = self.rows.get_mut(place) else { return Ok(()) };
        to.append(text).map_err(|error| fault(folder, &rows_name(shard, name), &error))
    }

    /// Adds sums.
    pub(crate) fn piece<S: Serialize>(&mut self, piece: Piece<S>) -> Result<(), Fault> {
        self.sums.piece(piece).map_err(|error| fault(&self.folder, &name(self.shard), &error))
    }

    /// Moves it into its place.
    pub(crate) fn finish(self) -> Result<PathBuf, Fault> {
        let PartFile { folder, shard, rows, sums } = self;
        let mut told = Vec::new();
        for RowsUnderWay { name, to } in rows {
            let within = rows_name(shard, &name);
            let Hashed { to, bytes, hash } = to.finish().map_err(|error| fault(&folder, &within, &error))?;
            put(to, &folder, &within)?;
            told.push(RowsFile { name, bytes, sha256: format!("{:x}", hash.finalize()) });
        }
        let name = name(shard);
        let whole = sums.finish(told).map_err(|error| fault(&folder, &name, &error))?;
        put(whole, &folder, &name)?;
        sync_folder(&folder);
        Ok(folder.join(name))
    }
}

/// Moves a file that is whole to its place.
fn put(file: BufWriter<NamedTempFile>, folder: &Path, name: &str) -> Result<(), Fault> {
    let place = folder.join(name);
    let moved = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| {
        file.as_file().sync_all()?;
        file.persist(&place).map_err(|error| error.error)
    });
    moved.map(drop).map_err(|error| fault(folder, name, &error))
}

/// Only the kind: the errors themselves name the temporary file, which means nothing to the user.
fn fault(folder: &Path, name: &str, error: &io::Error) -> Fault {
    Fault::of(format!("cannot write {}: {}", folder.join(name).display(), error.kind()), error)
}

/// Opens the file of a part.
pub(crate) fn open(place: &Path) -> io::Result<BufReader<File>> {
    match fs::metadata(place)?.is_file() {
        true => Ok(BufReader::with_capacity(1 << 18, File::open(place)?)),
        false => Err(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file")),
    }
}

/// Whether this part is there and whole; what is broken is said, and computed again.
fn is_there(folder: &Path, shard: Shard, part: &Part) -> Result<bool, Fault> {
    let place = folder.join(name(shard));
    let shown = place.display();
    let reader = match open(&place) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(Fault::io(format!("read {shown}"), &error)),
        Ok(file) => PartReader::begin(file),
    };
    let (known, rows) = match reader.and_then(PartReader::verify) {
        Ok(found) => found,
        Err(why) => {
            note(&format!("{shown} is broken ({why}), and is computed again"));
            return Ok(false);
        }
    };
    if let Some(apart) = known.work.differs(&part.work) {
        return Err(format!(
            "{shown} is a part of something else: {apart}; name another folder, or remove it"
        )
        .into());
    }
    let is_whole = |rows: &RowsFile| {
        fs::metadata(folder.join(rows_name(shard, &rows.name))).is_ok_and(|found| found.len() == rows.bytes)
    };
    match rows.iter().find(|rows| !is_whole(rows)) {
        Some(rows) => {
            let gone = folder.join(rows_name(shard, &rows.name));
            note(&format!("{} is not what {shown} says, and is computed again", gone.display()));
            Ok(false)
        }
        None => Ok(true),
    }
}

/// Refuses a folder of other work, as far as one of the parts in it tells: better now than when all are done.
fn check_neighbour(folder: &Path, shard: Shard, part: &Part) -> Result<(), Fault> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut others = entries.filter_map(|entry| Some((named(entry.file_name().to_str()?)?, entry.path())));
    let Some((other, place)) = others.find(|(other, _)| *other != shard) else { return Ok(()) };
    let shown = place.display();
    if other.of() != shard.of() {
        let (number, of) = (shard.of(), other.of());
        return Err(format!("{shown} is one of {of} parts, and not of {number}; name another folder").into());
    }
    // One that cannot be read is for whoever puts them together.
    let known = open(&place).ok().and_then(|file| PartReader::begin(file).ok());
    match known.and_then(|known| known.part().work.differs(&part.work)) {
        Some(apart) => {
            Err(format!("{shown} is a part of something else: {apart}; name another folder").into())
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_known_by_its_name() {
        let shard = Shard::new(3, 12).unwrap();
        assert_eq!(name(shard), "part-3-of-12.jsonl");
        assert_eq!(named("part-3-of-12.jsonl"), Some(shard));
        for other in [
            "part-0-of-2.jsonl",
            "part-03-of-12.jsonl",
            "part-3-of-12.mail.csv",
            ".bgsim-abcdef",
            "part-3-of-2.jsonl",
        ] {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
