//! A folder of results: written beside its place and moved there when it is whole and on the disk, so that nobody
//! ever reads half a record.

use super::leftovers::{Alone, Filling, sync_folder};
use super::place::{Place, in_part, in_whole, is_written_by_us, signature};
use super::rows_form::{Form, RowsFormat, RowsWriter};
use super::{Fault, fault::why, moving, room};
use crate::record::{RecordFile, Rows};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

/// A folder under construction.
#[derive(Debug)]
pub(crate) struct Folder {
    place: Place,
    filling: Filling,
    files: Vec<(RecordFile, Form, RowsWriter<BufWriter<File>>)>,
    /// How many devices will have rows, until it is known that there is room for them.
    coming: Option<u64>,
}

/// What became of a part of a result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kept {
    /// It stands there.
    In(PathBuf),
    /// It does not, and why.
    Not(String),
}

impl Kept {
    /// Where it stands, if it does.
    pub(crate) fn place(&self) -> Option<&Path> {
        match self {
            Kept::In(place) => Some(place),
            Kept::Not(_) => None,
        }
    }

    /// The same in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Kept::In(place) => format!("what was found is kept in {}", place.display()),
            Kept::Not(why) => why.clone(),
        }
    }
}

/// Ends a folder that was to stand at `place`, of work that came to its end or `is_part` of it.
pub(crate) fn finish(folder: Folder, is_part: bool, place: Option<&Path>) -> Result<Kept, Fault> {
    match is_part {
        true => folder.finish_part(),
        false => folder.finish().map(|()| Kept::In(place.unwrap_or(Path::new("")).to_owned())),
    }
}

impl Folder {
    /// Begins a folder that will stand at `place`, with the files of rows that are `wanted`, each as what.
    pub(crate) fn begin(
        place: &Path,
        wanted: impl Fn(RecordFile) -> Option<RowsFormat>,
    ) -> Result<Folder, Fault> {
        let mut place = Place::of(place)?;
        let fault = |folder: &Path, error: &io::Error| {
            Fault::of(format!("cannot write in {}: {}", folder.display(), why(error)), error)
        };
        let beside = |place: &Place| -> Result<io::Result<Filling>, Fault> {
            let alone = Alone::in_folder(place.parent())?;
            alone.tidy();
            Ok(alone.begin_folder())
        };
        let filling = match (place.is_fixed, place.path.is_dir()) {
            (true, _) => None,
            (false, is_there) => match beside(&place)? {
                Ok(filling) => Some(filling),
                // Nothing can be made beside it, but perhaps in it.
                Err(error) if is_there && is_refused(&error) => None,
                Err(error) => return Err(fault(place.parent(), &error)),
            },
        };
        place.is_fixed = filling.is_none();
        let filling = match filling {
            Some(filling) => filling,
            None => {
                let alone = Alone::in_folder(&place.path)?;
                alone.tidy();
                moving::go_on(&place.path).map_err(|error| fault(&place.shown, &error))?;
                alone.begin_folder().map_err(|error| fault(&place.shown, &error))?
            }
        };
        room::check(filling.folder.path(), &place.shown, room::RECORD, "")?;
        let mut folder = Folder { place, filling, files: Vec::new(), coming: None };
        for table in RecordFile::ALL {
            if let Some(format) = wanted(table) {
                let form = format.of(table);
                let file = folder.rows(&form)?;
                folder.files.push((table, form, file));
            }
        }
        Ok(folder)
    }

    /// Finds out whether a folder can be made there, and leaves nothing behind.
    pub(crate) fn can_begin(place: &Path) -> Result<(), Fault> {
        Folder::begin(place, |_| None).map(drop)
    }

    /// Begins a file of one's own; it must be finished before the folder is.
    pub(crate) fn rows(&self, form: &Form) -> Result<RowsWriter<BufWriter<File>>, Fault> {
        let path = self.filling.folder.path().join(&form.name);
        let file = File::create(path).map_err(|error| self.fault("create", &form.name, &error))?;
        let file = BufWriter::with_capacity(1 << 18, file);
        RowsWriter::begin(form, file).map_err(|error| self.fault("write", &form.name, &error))
    }

    /// Where it lies until it is finished.
    #[cfg(feature = "import")]
    pub(crate) fn under_way(&self) -> &Path {
        self.filling.folder.path()
    }

    /// Says how many devices will have rows, so that a lack of room is found when the first are there.
    pub(crate) fn expect(&mut self, devices: u32) {
        self.coming = Some(devices.into());
    }

    /// Makes sure that there is room for all rows, by the first of them.
    fn check_room(&mut self, rows: &Rows) -> Result<(), Fault> {
        let lines = rows.text[RecordFile::Devices as usize].iter().filter(|byte| **byte == b'\n').count();
        let Some(devices) = self.coming.take() else { return Ok(()) };
        // Every signal is kept of few.
        let kept_of_all = RecordFile::ALL.into_iter().filter(|table| *table != RecordFile::Events);
        let bytes: u64 = kept_of_all.map(|table| rows.text[table as usize].len() as u64).sum();
        let smaller = self.files.first().map_or(1, |(_, form, _)| form.is_smaller_by());
        let coming = bytes.saturating_mul(devices) / lines.max(1) as u64 / smaller;
        let advice = ", or keep fewer rows with `--rows`";
        room::check(self.filling.folder.path(), &self.place.shown, coming, advice)
    }

    /// Appends rows to their files.
    pub(crate) fn append(&mut self, rows: &Rows) -> Result<(), Fault> {
        self.check_room(rows)?;
        for (table, form, file) in &mut self.files {
            let written = file.append(&rows.text[*table as usize]);
            written.map_err(|error| fault(&self.place, "write", &form.name, &error))?;
        }
        Ok(())
    }

    /// Fills the files of rows that were begun.
    pub(crate) fn copy(
        &mut self,
        mut fill: impl FnMut(&Form, &mut RowsWriter<BufWriter<File>>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.files.iter_mut().try_for_each(|(_, form, file)| fill(form, file))
    }

    /// Adds a whole file.
    pub(crate) fn add(&self, name: &str, content: &[u8]) -> Result<(), Fault> {
        let written = fs::write(self.filling.folder.path().join(name), content);
        written.map_err(|error| self.fault("write", name, &error))
    }

    fn fault(&self, what: &str, name: &str, error: &io::Error) -> Fault {
        fault(&self.place, what, name, error)
    }

    /// Moves the folder into its place, in exchange for an older one, which stays where that fails.
    pub(crate) fn finish(mut self) -> Result<(), Fault> {
        self.flush(false)?;
        let Folder { place, filling, .. } = self;
        // Somebody may have put something of their own there meanwhile.
        let free = place.check_free();
        if free.is_err() {
            let aside = moving::put_aside(&filling.folder.keep(), &place.path);
            return free
                .map_err(|fault| format!("{fault}; the results are whole, in {}", aside.display()).into());
        }
        if place.is_fixed {
            let _alone = Alone::in_folder(&place.path)?;
            let new = filling.folder.keep();
            return moving::replace_within(&new, &place.path)
                .map_err(|error| moving::cannot_move(&place.shown, &new, &error));
        }
        let outdone = place.partial();
        let is_outdone =
            signature(filling.folder.path()).is_some_and(|new| has_all_of(&filling, &outdone, &new));
        move_to(&place.path, &place.shown, filling)?;
        if is_outdone {
            let _ = fs::remove_dir_all(outdone);
        }
        Ok(())
    }

    /// Moves what was finished at an interruption beside the place of the whole: there it replaces nothing but
    /// less of the same.
    pub(crate) fn finish_part(mut self) -> Result<Kept, Fault> {
        self.flush(true)?;
        let Folder { place, filling, .. } = self;
        let (partial, shown) = (place.partial(), place.shown_partial());
        match fs::symlink_metadata(&partial) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Fault::io(format!("use {}", shown.display()), &error)),
            Ok(_) => {
                let (old, new) = (signature(&partial), signature(filling.folder.path()));
                let is_ours = is_written_by_us(&partial);
                let Some((old, new)) = old.zip(new).filter(|(old, new)| is_ours && is_same_work(old, new))
                else {
                    let aside = moving::put_aside(&filling.folder.keep(), &partial);
                    return Ok(Kept::Not(format!(
                        "{} holds something else, and is not replaced; what was finished is in {}",
                        shown.display(),
                        aside.display()
                    )));
                };
                let finished = |json: &Value| json["interrupted"]["finished"].as_u64().unwrap_or(u64::MAX);
                if finished(&old) >= finished(&new) {
                    return Ok(Kept::Not(format!("{} holds as much already", shown.display())));
                }
            }
        }
        move_to(&partial, &shown, filling)?;
        Ok(Kept::In(shown))
    }

    /// Has everything written to disk, the rows of a part under names that say so: they have no place for words.
    fn flush(&mut self, is_part: bool) -> Result<(), Fault> {
        for (_, form, file) in self.files.drain(..) {
            file.finish().map_err(|error| fault(&self.place, "write", &form.name, &error))?;
        }
        let folder = self.filling.folder.path();
        let entries = fs::read_dir(folder).map_err(|error| self.fault("read", "", &error))?;
        for name in entries.flatten().map(|entry| entry.file_name()).collect::<Vec<_>>() {
            let synced =
                File::options().write(true).open(folder.join(&name)).and_then(|file| file.sync_all());
            let named = synced.and_then(|()| match in_part(&name).filter(|_| is_part) {
                Some(partly) => fs::rename(folder.join(&name), folder.join(partly)),
                None => Ok(()),
            });
            named.map_err(|error| self.fault("write", &name.to_string_lossy(), &error))?;
        }
        sync_folder(folder);
        Ok(())
    }
}

/// Moves a folder to a place beside or below which it was written.
fn move_to(place: &Path, shown: &Path, filling: Filling) -> Result<(), Fault> {
    let alone = Alone::in_folder(place.parent().unwrap_or(place))?;
    // From here on it must not be cleaned up whatever happens.
    let new = filling.folder.keep();
    let older = match moving::exchange(&new, place, &alone) {
        Ok(older) => older,
        Err(error) => {
            let aside = moving::put_aside(&new, place);
            return Err(moving::cannot_move(shown, &aside, &error));
        }
    };
    alone.sync();
    // The result stands: an older one that cannot be removed now is removed by whoever comes next.
    if let Some(older) = older {
        let _ = fs::remove_dir_all(older);
    }
    Ok(())
}

/// Whether a folder cannot be made there however often it is tried.
fn is_refused(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

fn fault(place: &Place, what: &str, name: &str, error: &io::Error) -> Fault {
    Fault::io(format!("{what} {}", place.shown.join(name).display()), error)
}

/// Whether two results are of the same work: one command, on the same configurations, by the same program.
fn is_same_work(one: &Value, other: &Value) -> bool {
    let hashes = |json: &Value| {
        let arms = json["arms"].as_array().into_iter().flatten();
        arms.map(|arm| arm["sha256"].clone()).collect::<Vec<_>>()
    };
    let about = |json: &Value| {
        let scenario = &json["scenario"];
        (json["tool"].clone(), scenario["command"].clone(), scenario["sha256"].clone(), hashes(json))
    };
    about(one) == about(other)
}

/// Whether a whole result has every file of an interrupted one of the same work, which nobody needs then.
fn has_all_of(whole: &Filling, partial: &Path, new: &Value) -> bool {
    let old = signature(partial).filter(|old| old["interrupted"].is_object() && is_same_work(old, new));
    let has = |entry: fs::DirEntry| whole.folder.path().join(in_whole(&entry.file_name())).exists();
    let has_all = || fs::read_dir(partial).is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(has)));
    old.is_some() && has_all()
}
