//! A part of a piece of work in a folder that other machines may share: written under a name of its own and moved to its
//! place when it is whole and on the disk, the rows before the sums that tell of them. Whoever computes it a second
//! time, or at the same time, writes the same bytes.

use super::leftovers::{begin_shared_file, sync_folder, tidy_shared};
use super::place::signature;
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
    part: Part,
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
        let shown = folder.display();
        if fs::metadata(folder).is_ok_and(|found| !found.is_dir()) {
            return Err(format!("{shown} is a file; `--out` names a folder").into());
        }
        // Only the kind: the error itself may name the temporary file, which means nothing to the user.
        let fault = |what: &str, error: &io::Error| {
            Fault::of(format!("cannot {what} {shown}: {}", error.kind()), error)
        };
        fs::create_dir_all(folder).map_err(|error| fault("create", &error))?;
        if signature(folder).is_some() {
            return Err(format!("{shown} holds a record; parts go into a folder of their own").into());
        }
        match OnDisk::look(folder, shard, part)? {
            OnDisk::Whole => return Ok(None),
            OnDisk::Broken(why) => note(&format!("{why}, and is computed again")),
            OnDisk::Nothing => {}
        }
        check_neighbour(folder, shard, part)?;
        tidy_shared(folder);
        let begin = || begin_shared_file(folder).map(|file| BufWriter::with_capacity(1 << 18, file));
        let begin = || begin().map_err(|error| fault("write in", &error));
        let sums = PartWriter::begin(begin()?, part).map_err(|error| fault("write in", &error))?;
        let (rows_files, part) = (Vec::new(), part.clone());
        let mut file = PartFile { folder: folder.to_owned(), shard, part, rows: rows_files, sums };
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

    /// Moves it into its place: all of it when all of it is on the disk, so that little can fail between.
    pub(crate) fn finish(self) -> Result<PathBuf, Fault> {
        let PartFile { folder, shard, part, rows, sums } = self;
        let (mut whole, mut told) = (Vec::new(), Vec::new());
        for RowsUnderWay { name, to } in rows {
            let within = rows_name(shard, &name);
            let Hashed { to, bytes, hash } = to.finish().map_err(|error| fault(&folder, &within, &error))?;
            whole.push((on_disk(to, &folder, &within)?, within));
            told.push(RowsFile { name, bytes, sha256: format!("{:x}", hash.finalize()) });
        }
        let name = name(shard);
        let sums = sums.finish(told).map_err(|error| fault(&folder, &name, &error))?;
        whole.push((on_disk(sums, &folder, &name)?, name.clone()));
        // Meanwhile somebody may have finished the same, or put something else there.
        if !matches!(OnDisk::look(&folder, shard, &part)?, OnDisk::Whole) {
            for (file, name) in whole {
                let place = folder.join(&name);
                file.persist(&place).map_err(|error| fault(&folder, &name, &error.error))?;
            }
            sync_folder(&folder);
        }
        Ok(folder.join(name))
    }
}

/// Has all of a file written to the disk.
fn on_disk(file: BufWriter<NamedTempFile>, folder: &Path, name: &str) -> Result<NamedTempFile, Fault> {
    let written = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| {
        file.as_file().sync_all()?;
        Ok(file)
    });
    written.map_err(|error| fault(folder, name, &error))
}

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

/// What lies where a part is to be.
enum OnDisk {
    /// The part, and all of it.
    Whole,
    /// Nothing.
    Nothing,
    /// What is not it, and how that shows.
    Broken(String),
}

impl OnDisk {
    /// Looks; what somebody else may want is a fault.
    fn look(folder: &Path, shard: Shard, part: &Part) -> Result<OnDisk, Fault> {
        let place = folder.join(name(shard));
        let shown = place.display();
        let reader = match open(&place) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(OnDisk::Nothing),
            Err(error) => {
                return Err(Fault::io(format!("read {shown}, which is to be a part; remove it"), &error));
            }
            Ok(file) => PartReader::begin(file),
        };
        let (known, rows) = match reader.and_then(PartReader::verify) {
            Ok(found) => found,
            Err(why) => return Ok(OnDisk::Broken(format!("{shown} is broken ({why})"))),
        };
        if let Some(apart) = known.work.differs(&part.work) {
            return Err(format!(
                "{shown} is a part of something else: {apart}; name another folder, or remove it"
            )
            .into());
        }
        if known != *part {
            return Ok(OnDisk::Broken(format!("{shown} is another part than its name says")));
        }
        for rows in &rows {
            let place = folder.join(rows_name(shard, &rows.name));
            let of_rows = place.display();
            if fs::metadata(&place).is_ok_and(|found| !found.is_file()) {
                return Err(format!("{of_rows} is to be a file of rows, and is none; remove it").into());
            }
            if !open(&place).is_ok_and(|file| is_as_told(file, rows)) {
                return Ok(OnDisk::Broken(format!("{of_rows} is not what {shown} says")));
            }
        }
        Ok(OnDisk::Whole)
    }
}

/// Whether a file of rows is what its part says of it.
fn is_as_told(mut file: BufReader<File>, told: &RowsFile) -> bool {
    let is_so_long = file.get_ref().metadata().is_ok_and(|found| found.len() == told.bytes);
    let mut hash = Sha256::new();
    is_so_long && io::copy(&mut file, &mut hash).is_ok() && format!("{:x}", hash.finalize()) == told.sha256
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
