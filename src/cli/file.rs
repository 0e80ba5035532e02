//! One file of results: written beside its place and moved there when it is whole and on the disk, since readers take
//! half a file for a whole one.

use super::Fault;
use super::fault::why;
use super::leftovers::Alone;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

/// Refuses a place that holds anything but a file, or is in no folder.
pub(crate) fn check_free(place: &Path) -> Result<(), String> {
    // The folder of a bare name is the empty path, which names the current one.
    if let Some(folder) = place.parent().filter(|folder| *folder != Path::new("") && !folder.is_dir()) {
        return Err(format!("there is no folder {}; make it first, or name another", folder.display()));
    }
    match fs::symlink_metadata(place) {
        Ok(found) if found.is_dir() => {
            Err(format!("{} is a folder; a file is to be written there", place.display()))
        }
        Ok(found) if !found.is_file() => {
            Err(format!("{} is not a regular file and is not replaced; name another", place.display()))
        }
        _ => Ok(()),
    }
}

/// Writes a file in exchange for an older one, which stays where that fails.
pub(crate) fn write(place: &Path, content: &[u8]) -> Result<(), Fault> {
    write_by(place, |to| to.write_all(content))
}

/// The same of what is not to be held at once.
pub(crate) fn write_by<T>(
    place: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> Result<T, Fault> {
    move_in(place, fill, |file, place| file.persist(place))
}

/// Writes a file where there is none; one that is there stays.
pub(crate) fn write_new(place: &Path, content: &[u8]) -> Result<(), Fault> {
    move_in(place, |to| to.write_all(content), |file, place| file.persist_noclobber(place))
}

/// Reads a regular file of at most so many bytes: a pipe or a device could keep one waiting for ever.
pub(crate) fn read(place: &Path, most: u64) -> io::Result<Vec<u8>> {
    if !fs::metadata(place)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(place)?.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it has more than {most} bytes"))),
        false => Ok(bytes),
    }
}

/// Removes what a program that was killed left in a folder.
pub(crate) fn tidy(folder: &Path) {
    if let Ok(alone) = Alone::in_folder(folder) {
        alone.tidy();
    }
}

type Moved = Result<fs::File, tempfile::PersistError>;

fn move_in<T>(
    place: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    persist: fn(tempfile::NamedTempFile, &Path) -> Moved,
) -> Result<T, Fault> {
    // Only the kind: the errors themselves name the temporary file, which means nothing to the user.
    let fault = |what: &str, error: &io::Error| {
        Fault::of(format!("cannot {what} {}: {}", place.display(), why(error)), error)
    };
    check_free(place)?;
    // An absolute path has a parent even where the user wrote a bare name.
    let absolute = std::path::absolute(place).map_err(|error| fault("find", &error))?;
    let folder = absolute.parent().ok_or_else(|| format!("{} cannot be a file", place.display()))?;
    let mut temporary = {
        let alone = Alone::in_folder(folder)?;
        alone.tidy();
        alone.begin_file().map_err(|error| fault("create", &error))?
    };
    let mut buffer = io::BufWriter::with_capacity(1 << 18, temporary.as_file_mut());
    let filled = fill(&mut buffer).and_then(|filled| buffer.flush().map(|()| filled));
    drop(buffer);
    let filled = filled.map_err(|error| fault("write", &error))?;
    temporary.as_file().sync_all().map_err(|error| fault("write", &error))?;
    persist(temporary, &absolute).map_err(|error| fault("write", &error.error))?;
    super::leftovers::sync_folder(folder);
    Ok(filled)
}
