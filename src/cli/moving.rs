//! How a folder that is whole gets to its place.

use super::Fault;
use super::leftovers::{Alone, is_temporary, sync_folder};
use super::place::WITHIN;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A whole folder within the one that it replaces file by file: first it waits for older files to be removed, then its
/// own are moved. Whoever finds one of these goes on with it.
pub(crate) const MOVING: [&str; 2] = [".bgsim-in-place.whole", ".bgsim-in-place.moving"];

/// Moves a folder to a place in the same folder, in exchange for an older one that may stand there. Returns where that
/// is now.
pub(crate) fn exchange(new: &Path, place: &Path, alone: &Alone) -> io::Result<Option<PathBuf>> {
    if !place.exists() {
        fs::rename(new, place)?;
        return Ok(None);
    }
    match swap(new, place) {
        Ok(()) => Ok(Some(new.to_owned())),
        Err(error) if is_unsupported(&error) => {
            // A kill between the two leaves no folder at the place: `Alone::tidy` puts the older one back.
            let older = alone.older(place.file_name().unwrap_or_default());
            fs::rename(place, &older)?;
            fs::rename(new, place).inspect_err(|_| drop(fs::rename(&older, place)))?;
            Ok(Some(older))
        }
        Err(error) => Err(error),
    }
}

/// Whether the system or its file system knows no exchange.
fn is_unsupported(error: &io::Error) -> bool {
    // `EINVAL` is what Linux says of a file system that does not know the wish.
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

/// Exchanges two folders in one step: whoever looks finds one or the other.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn swap(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn swap(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Replaces what stands in a folder that cannot be moved by a whole one that was written within it. It takes several
/// steps; whoever is killed between them leaves the rest to the next.
pub(crate) fn replace_within(new: &Path, place: &Path) -> io::Result<()> {
    let whole = place.join(MOVING[0]);
    fs::rename(new, whole)?;
    sync_folder(place);
    go_on(place)
}

/// Goes on with what is left of replacing a folder from within, if anything is.
pub(crate) fn go_on(place: &Path) -> io::Result<()> {
    let [whole, moving] = MOVING.map(|name| place.join(name));
    if moving.is_dir() {
        move_all(&moving, place)?;
    }
    if whole.is_dir() {
        for entry in fs::read_dir(place)?.flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            let name = entry.file_name();
            if is_file && !is_under_way(&name) && name != WITHIN[0] && !whole.join(&name).exists() {
                fs::remove_file(entry.path())?;
            }
        }
        fs::rename(&whole, &moving)?;
        move_all(&moving, place)?;
    }
    Ok(())
}

fn move_all(from: &Path, place: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::rename(entry.path(), place.join(entry.file_name()))?;
    }
    fs::remove_dir(from)?;
    sync_folder(place);
    Ok(())
}

fn is_under_way(name: &OsStr) -> bool {
    name.to_str().is_some_and(is_temporary)
}

/// Gives a result that could not be moved to its place a name that nobody takes for leftovers. Returns where it is.
pub(crate) fn put_aside(new: &Path, place: &Path) -> PathBuf {
    let free = (1..100).map(|number| super::place::with_ending(place, &format!(".new-{number}")));
    let free = free.into_iter().find(|free| fs::symlink_metadata(free).is_err());
    match free {
        Some(free) if fs::rename(new, &free).is_ok() => free,
        _ => new.to_owned(),
    }
}

/// What is said of a result that could not be moved.
pub(crate) fn cannot_move(shown: &Path, kept: &Path, error: &io::Error) -> Fault {
    Fault::of(
        format!(
            "cannot move the results to {}: {}; they are whole, in {}",
            shown.display(),
            error.kind(),
            kept.display()
        ),
        error,
    )
}
