//! Where the journal of work at many points lies: beside the folder that is to be written, until that is whole. Whoever goes on
//! with it holds its lock.

use super::place::{Place, WITHIN, with_ending};
use super::{Fault, note};
use crate::sweep::journal::{line, read};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// An open journal.
pub(crate) struct Journal {
    path: PathBuf,
    shown: PathBuf,
    header: String,
    file: File,
}

impl Journal {
    /// Opens the journal of work that `header` (one line) describes, with the points that another sitting finished if
    /// `resume` says so; `take` makes a point of its line.
    pub(crate) fn open<P>(
        out: &Path,
        what: &str,
        header: &str,
        take: impl Fn(usize, &str) -> Option<P>,
        resume: bool,
    ) -> Result<(Journal, BTreeMap<usize, P>), Fault> {
        let place = Place::of(out)?;
        let (path, shown) = match place.is_fixed {
            true => (place.path.join(WITHIN[0]), place.shown.join(WITHIN[0])),
            false => {
                let shown = place.shown.components().collect::<PathBuf>();
                (with_ending(&place.path, ".journal"), with_ending(&shown, ".journal"))
            }
        };
        let fault = |what: &str, error: io::Error| Fault::io(format!("{what} {}", shown.display()), &error);
        let mut file = locked(&path, &shown)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(|error| fault("read", error))?;
        if !resume && !text.is_empty() {
            return Err(format!(
                "an interrupted {what} lies in {}; go on with it by --resume, or delete it",
                shown.display()
            )
            .into());
        }
        // A first line that was cut off is the beginning of what would be written.
        if !text.contains(&b'\n') && !header.as_bytes().starts_with(&text) {
            return Err(format!("{} is no journal of a {what}; name another folder", shown.display()).into());
        }
        let left = read(&text, header, take).map_err(|unfit| format!("{} {unfit}", shown.display()))?;
        for (number, bytes) in left.broken {
            note(&format!("{}:{number}: this line is broken, and its point is run again", shown.display()));
            // It is not read again: its place is told by the line that will be added.
            let blank = vec![b' '; bytes.len()];
            file.seek(SeekFrom::Start(bytes.start as u64))
                .and_then(|_| file.write_all(&blank))
                .map_err(|error| fault("write", error))?;
        }
        if left.whole > 0 && left.whole < text.len() {
            let last = text.iter().filter(|byte| **byte == b'\n').count() + 1;
            note(&format!("{}:{last}: this line is cut off, and its point is run again", shown.display()));
        }
        file.set_len(left.whole as u64)
            .and_then(|()| file.seek(SeekFrom::End(0)))
            .map_err(|error| fault("write", error))?;
        let mut journal = Journal { path, shown, header: header.into(), file };
        if left.whole == 0 {
            // Half a first line is of no use to anybody.
            journal.write(header).inspect_err(|_| drop(fs::remove_file(&journal.path)))?;
        }
        Ok((journal, left.points))
    }

    /// Adds a finished point.
    pub(crate) fn add(&mut self, place: usize, point: &str) -> Result<(), Fault> {
        self.write(&line(&self.header, place, point))
    }

    fn write(&mut self, line: &str) -> Result<(), Fault> {
        self.file
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|error| Fault::io(format!("write {}", self.shown.display()), &error))
    }

    /// Where it lies, as the user would name it.
    pub(crate) fn shown(&self) -> &Path {
        &self.shown
    }

    /// Removes the journal: the work is done and stands elsewhere.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        fs::remove_file(&self.path)
            .map_err(|error| Fault::io(format!("remove {}", self.shown.display()), &error))
    }
}

/// Opens the file that lies there, or a new one, for nobody else.
fn locked(path: &Path, shown: &Path) -> Result<File, Fault> {
    let fault = |error| Fault::io(format!("open {}", shown.display()), &error);
    loop {
        if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(format!("{} is not a regular file; move it away", shown.display()).into());
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(fault)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(Fault::Later(format!("another bgsim is at work on {}", shown.display())));
            }
            // Where there are no locks it goes without.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

/// Whether the file still lies there: whoever had it before may have finished, and removed it.
fn is_at(_file: &File, _path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let own = _file.metadata().map(|found| (found.dev(), found.ino())).ok();
        let there = fs::metadata(_path).map(|found| (found.dev(), found.ino())).ok();
        own.is_some() && own == there
    }
    #[cfg(not(unix))]
    true
}
