//! Where a folder of results is to stand, and what may stand there before: whatever can be known to fail is found here,
//! before any work.

use super::leftovers::is_temporary;
use super::moving::MOVING;
use super::rows_form::RowsFormat;
use super::{Fault, file, part_file};
use crate::report::charts;
use clap::ValueEnum;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A place for a folder.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// How the user named it.
    pub shown: PathBuf,
    /// The folder itself, where links lead.
    pub path: PathBuf,
    /// Whether it cannot be moved: something else is mounted there, or it is the current folder.
    pub is_fixed: bool,
}

impl Place {
    /// Finds a place for results.
    pub(crate) fn of(shown: &Path) -> Result<Place, Fault> {
        let fault = |error: io::Error| Fault::from(format!("cannot use {}: {error}", shown.display()));
        let no_folder = || format!("{} cannot be a folder of results", shown.display());
        // Without a slash at the end, which would follow a link.
        let plain: PathBuf = std::path::absolute(shown).map_err(fault)?.components().collect();
        let path = match fs::symlink_metadata(&plain) {
            Ok(found) if found.is_symlink() => match fs::canonicalize(&plain) {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    let target = fs::read_link(&plain).unwrap_or_default();
                    let (shown, target) = (shown.display(), target.display());
                    return Err(format!(
                        "{shown} is a link to {target}, which is not there; make that folder, or name another"
                    )
                    .into());
                }
                found => found.map_err(fault)?,
            },
            Ok(_) => fs::canonicalize(&plain).map_err(fault)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let (Some(parent), Some(name)) = (plain.parent(), plain.file_name()) else {
                    return Err(no_folder().into());
                };
                fs::create_dir_all(parent)
                    .and_then(|()| fs::canonicalize(parent))
                    .map_err(|error| Fault::io(format!("create {}", parent.display()), &error))?
                    .join(name)
            }
            Err(error) => return Err(fault(error)),
        };
        path.file_name().ok_or_else(no_folder)?;
        let is_here = std::env::current_dir().and_then(fs::canonicalize).is_ok_and(|here| here == path);
        let place = Place { shown: shown.to_owned(), is_fixed: is_here || is_mounted(&path), path };
        // The longest name that may be needed.
        if let Err(error) = fs::symlink_metadata(place.partial())
            && error.kind() != ErrorKind::NotFound
        {
            return Err(fault(error));
        }
        place.check_free()?;
        Ok(place)
    }

    /// The folder that it stands in.
    pub(crate) fn parent(&self) -> &Path {
        // That it has a name is what it was made with.
        self.path.parent().unwrap_or(&self.path)
    }

    /// Where what was finished goes at an interruption.
    pub(crate) fn partial(&self) -> PathBuf {
        match self.is_fixed {
            true => self.path.join(WITHIN[1]),
            false => with_ending(&self.path, ".partial"),
        }
    }

    /// The same, in the user's words.
    pub(crate) fn shown_partial(&self) -> PathBuf {
        match self.is_fixed {
            true => self.shown.join(WITHIN[1]),
            false => with_ending(&self.shown.components().collect::<PathBuf>(), ".partial"),
        }
    }

    /// Only nothing, an empty folder, or a folder that this program wrote may be replaced.
    pub(crate) fn check_free(&self) -> Result<(), Fault> {
        let (path, shown) = (&self.path, self.shown.display());
        match fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Fault::io(format!("use {shown}"), &error)),
            Ok(found) if !found.is_dir() => {
                return Err(format!("{shown} is a file; `--out` names a folder").into());
            }
            Ok(_) => {}
        }
        let entries = fs::read_dir(path).map_err(|error| Fault::io(format!("read {shown}"), &error))?;
        let has_anything = entries
            .flatten()
            .any(|entry| !is_under_way(&entry.file_name()) && entry.file_name() != WITHIN[0]);
        let is_part = |entry: fs::DirEntry| entry.file_name().to_str().and_then(part_file::named).is_some();
        match !has_anything || is_signed(path) && is_written_by_us(path) {
            true => Ok(()),
            false if fs::read_dir(path).is_ok_and(|entries| entries.flatten().any(is_part)) => {
                Err(format!("{shown} holds parts of a piece of work; a record goes into another folder")
                    .into())
            }
            false => {
                let which = stranger(path).map_or("files that bgsim did not write".into(), |name| {
                    format!("`{}`, which bgsim did not write", name.display())
                });
                Err(format!("{shown} holds {which}, and replacing the folder would delete it; name another")
                    .into())
            }
        }
    }
}

/// A path with more at the end of its name.
pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// Whether something else is mounted there, which no folder can take the place of.
fn is_mounted(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
        if let Ok(found) = statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::empty()) {
            return found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT);
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
        path.parent().is_some_and(|parent| device(path).is_some_and(|it| device(parent) != Some(it)))
    }
    #[cfg(not(unix))]
    false
}

/// The files that say who wrote a folder: each verb writes one of them.
pub(crate) const SIGNED: [&str; 7] = [
    "summary.json",
    "compare.json",
    "sweep.json",
    "sensitivity.json",
    "observations.json",
    "calibration.json",
    "import.json",
];
/// What may stand beside them, the rows of a run and the pictures.
const BESIDE: [&str; 10] = [
    "pairs.csv",
    "sweep.csv",
    "points.csv",
    "report.json",
    "report.html",
    "brief.html",
    crate::report::document::LIVE,
    "observations.md",
    "ensemble.toml",
    "left.json",
];
/// What an import writes.
#[cfg(feature = "import")]
fn of_import() -> impl Iterator<Item = &'static str> {
    crate::import::Written::names().chain(["page.html"])
}
#[cfg(not(feature = "import"))]
fn of_import() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}
/// What a folder that cannot be moved holds of interrupted work: the journal of a sweep, or a folder.
pub(crate) const WITHIN: [&str; 2] = ["journal", "partial"];

/// What a file of rows, of a run or of another verb, is called in a part of a result.
pub(crate) fn in_part(name: &OsStr) -> Option<PathBuf> {
    let name = Path::new(name);
    let ending = name.extension()?.to_str()?;
    let formats = RowsFormat::value_variants().iter();
    formats.map(|format| format.name()).find(|format| *format == ending)?;
    Some(name.with_extension(format!("partial.{ending}")))
}

/// What a file of a part is called in the whole.
pub(crate) fn in_whole(name: &OsStr) -> OsString {
    name.to_str().map_or_else(|| name.to_owned(), |name| name.replacen(".partial.", ".", 1).into())
}

/// No file that says who wrote a folder is longer.
const MOST_BYTES: u64 = 256 << 20;

/// The JSON of the file that says who wrote a folder.
pub(crate) fn signature(folder: &Path) -> Option<serde_json::Value> {
    let read = |name: &str| {
        let bytes = file::read(&folder.join(name), MOST_BYTES).ok()?;
        serde_json::from_slice(&bytes)
            .ok()
            .filter(|json: &serde_json::Value| json["tool"]["name"] == env!("CARGO_PKG_NAME"))
    };
    SIGNED.into_iter().find_map(read)
}

fn is_signed(folder: &Path) -> bool {
    signature(folder).is_some()
}

/// Whether a folder holds nothing but what this program writes.
pub(crate) fn is_written_by_us(folder: &Path) -> bool {
    folder.is_dir() && stranger(folder).is_none()
}

/// Something in a folder that this program does not write, or that cannot be read.
fn stranger(folder: &Path) -> Option<OsString> {
    let known = |entry: &fs::DirEntry| {
        let name = in_whole(&entry.file_name());
        let mut ours = SIGNED.into_iter().chain(BESIDE).chain(of_import());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        match is_folder {
            true => is_under_way(&name) || name == WITHIN[1] && is_written_by_us(&entry.path()),
            false => {
                is_under_way(&name)
                    || name == WITHIN[0]
                    || ours.any(|file| name == file)
                    || RowsFormat::names().any(|file| name == file.as_str())
                    || is_picture(Path::new(&name))
            }
        }
    };
    let Ok(mut entries) = fs::read_dir(folder) else { return Some(folder.into()) };
    entries.find_map(|entry| match entry {
        Ok(entry) if known(&entry) => None,
        Ok(entry) => Some(entry.file_name()),
        Err(_) => Some(folder.into()),
    })
}

/// Whether it is something on its way to its place.
fn is_under_way(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| is_temporary(name) || MOVING.contains(&name))
}

fn is_picture(file: &Path) -> bool {
    let part = |part: Option<&OsStr>| part.and_then(|part| part.to_str()).unwrap_or_default().to_owned();
    charts::is_name(&part(file.file_stem())) && ["svg", "png"].contains(&part(file.extension()).as_str())
}
