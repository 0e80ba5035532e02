//! What is written beside its place before it is moved there, and what becomes of it if the program is killed
//! meanwhile: whoever writes into the same folder next removes it, or moves it on.
//!
//! A folder is locked for the moments in which names in it are changed, and what is being written for as long as it
//! is, so that nobody takes the work of another for leftovers. The system lets go of locks when a program ends, however
//! it ends. Where a system has no such locks nothing is removed.

use super::Fault;
use super::place::is_written_by_us;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::{NamedTempFile, TempDir};

/// How the names of all that is not in its place yet begin.
const PREFIX: &str = ".bgsim-";
/// So many letters follow.
const LETTERS: usize = 6;
/// So many letters follow where other machines write into the same folder.
const LETTERS_OF_SHARED: usize = 20;
/// How the name of a folder begins that gave way to a newer one, where the system cannot exchange them.
const OLDER: &str = ".bgsim-older.";

/// A folder in which nobody else of us changes names.
#[derive(Debug)]
pub(crate) struct Alone {
    folder: PathBuf,
    lock: Option<File>,
}

/// A folder that is being filled, and the lock that says so.
#[derive(Debug)]
pub(crate) struct Filling {
    pub folder: TempDir,
    _lock: Option<File>,
}

impl Alone {
    /// Waits for others to be done, which takes them moments.
    pub(crate) fn in_folder(folder: &Path) -> Result<Alone, Fault> {
        const PAUSE: Duration = Duration::from_millis(20);
        const PAUSES: u32 = 1500;
        let alone = |lock| Ok(Alone { folder: folder.to_owned(), lock });
        let Ok(file) = File::open(folder) else { return alone(None) };
        for _ in 0..PAUSES {
            match file.try_lock() {
                Ok(()) => return alone(Some(file)),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(_)) => return alone(None),
            }
        }
        Err(Fault::Later(format!("another bgsim has been writing in {} for half a minute", folder.display())))
    }

    /// Removes what a program that was killed left here, and puts a folder back that had given way.
    pub(crate) fn tidy(&self) {
        if self.lock.is_none() {
            return;
        }
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let (name, path) = (entry.file_name(), entry.path());
            let (Some(name), Ok(kind)) = (name.to_str(), entry.file_type()) else { continue };
            if let Some(place) = name.strip_prefix(OLDER).filter(|_| kind.is_dir()) {
                let place = self.folder.join(place);
                match fs::symlink_metadata(&place) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        let _ = fs::rename(&path, &place);
                    }
                    _ => remove(&path),
                }
            } else if is_temporary(name) && !is_in_work(&path) {
                match kind.is_dir() {
                    true => remove(&path),
                    false if kind.is_file() => drop(fs::remove_file(&path)),
                    false => {}
                }
            }
        }
    }

    /// Begins a folder beside the others, with the rights that any new folder has.
    pub(crate) fn begin_folder(&self) -> io::Result<Filling> {
        let folder = builder(0o777).tempdir_in(&self.folder)?;
        let lock = File::open(folder.path()).ok().filter(|file| file.try_lock().is_ok());
        Ok(Filling { folder, _lock: lock })
    }

    /// Begins a file likewise; its lock is its own.
    pub(crate) fn begin_file(&self) -> io::Result<NamedTempFile> {
        let file = builder(0o666).tempfile_in(&self.folder)?;
        let _ = file.as_file().try_lock();
        Ok(file)
    }

    /// Where a folder of this name goes while a newer one takes its place.
    pub(crate) fn older(&self, name: &std::ffi::OsStr) -> PathBuf {
        let mut older = std::ffi::OsString::from(OLDER);
        older.push(name);
        self.folder.join(older)
    }

    /// Has the system write the names in the folder to disk.
    pub(crate) fn sync(&self) {
        sync_folder(&self.folder);
    }
}

/// Begins a file in a folder that several machines share, where no lock need tell them from each other: its name has so
/// many random letters that no two share it.
pub(crate) fn begin_shared_file(folder: &Path) -> io::Result<NamedTempFile> {
    let file = builder(0o666).rand_bytes(LETTERS_OF_SHARED).tempfile_in(folder)?;
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes such files of programs that were killed: nobody has the lock of it, as far as can be told here, nor has written
/// to it for a day. Where one was under way all the same, on a machine whose locks are not seen here, that one fails with
/// a sentence, may be tried again, and nothing is half-written.
pub(crate) fn tidy_shared(folder: &Path) {
    const DAY: Duration = Duration::from_secs(86_400);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let is_shared = name.to_str().is_some_and(|name| is_called(name, LETTERS_OF_SHARED));
        let about = entry.metadata().ok().filter(|about| about.is_file());
        let age = about.and_then(|about| about.modified().ok()?.elapsed().ok());
        if is_shared && age.is_some_and(|age| age > DAY) && !is_in_work(&path) {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Has the system write the names in a folder to disk, where it can: what is in the files is there already.
pub(crate) fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Whether something is called like what is not in its place yet.
pub(crate) fn is_temporary(name: &str) -> bool {
    is_called(name, LETTERS)
}

fn is_called(name: &str, letters: usize) -> bool {
    let rest = name.strip_prefix(PREFIX);
    rest.is_some_and(|rest| rest.len() == letters && rest.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Whether somebody is writing it; what cannot be asked is taken as such.
fn is_in_work(path: &Path) -> bool {
    !File::open(path).is_ok_and(|file| file.try_lock().is_ok())
}

/// Removes a folder that holds nothing but what we write.
fn remove(folder: &Path) {
    if is_written_by_us(folder) {
        let _ = fs::remove_dir_all(folder);
    }
}

fn builder(_mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).rand_bytes(LETTERS);
    // A temporary file is the user's alone; results are as readable as any other file of theirs.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(_mode));
    builder
}
