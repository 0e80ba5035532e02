//! One file of results: written beside its place and moved there when it is whole, since readers of
//! traces take half a file for a whole one.

use std::fs;
use std::io::{self, Write};
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
pub(crate) fn write(place: &Path, content: &[u8]) -> Result<(), String> {
    // Only the kind: the errors themselves name the temporary file, which means nothing to the user.
    let fault =
        |what: &str, error: &io::Error| format!("cannot {what} {}: {}", place.display(), error.kind());
    check_free(place)?;
    // An absolute path has a parent even where the user wrote a bare name.
    let absolute = std::path::absolute(place).map_err(|error| fault("find", &error))?;
    let folder = absolute.parent().ok_or_else(|| format!("{} cannot be a file", place.display()))?;
    let mut temporary = builder().tempfile_in(folder).map_err(|error| fault("create", &error))?;
    temporary.write_all(content).map_err(|error| fault("write", &error))?;
    temporary.persist(&absolute).map_err(|error| fault("write", &error.error))?;
    Ok(())
}

/// A temporary file is the user's alone; results are as readable as any other file.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bgsim-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
