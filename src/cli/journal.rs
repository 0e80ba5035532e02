//! Where the journal of a sweep lies: beside the folder that is to be written, until that is whole.

use super::Fault;
use crate::sweep::Point;
use crate::sweep::journal::{Left, read};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// An open journal.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
}

/// Where the journal of a folder lies.
fn path_of(out: &Path) -> Result<PathBuf, String> {
    let out = std::path::absolute(out).map_err(|error| format!("cannot find {}: {error}", out.display()))?;
    let mut name =
        out.file_name().ok_or_else(|| format!("{} cannot be a folder of results", out.display()))?.to_owned();
    name.push(".partial");
    Ok(out.with_file_name(name))
}

impl Journal {
    /// Opens the journal of work that `header` (one line) describes, with the points that another sitting
    /// finished if `resume` says so.
    pub(crate) fn open(out: &Path, header: &str, resume: bool) -> Result<(Journal, Vec<Point>), Fault> {
        let path = path_of(out)?;
        let fault = |what: &str, error: std::io::Error| format!("cannot {what} {}: {error}", path.display());
        let text = match fs::read_to_string(&path) {
            Ok(_) if !resume => {
                return Err(format!(
                    "an interrupted sweep lies in {}; go on with it by --resume, or delete it",
                    path.display()
                )
                .into());
            }
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(fault("read", error).into()),
        };
        let Left { points, whole } =
            read(&text, header).map_err(|unfit| format!("{} {unfit}", path.display()))?;
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| fault("create", error))?;
        file.set_len(whole as u64).map_err(|error| fault("write", error))?;
        if whole == 0 {
            writeln!(file, "{header}").map_err(|error| fault("write", error))?;
        }
        Ok((Journal { path, file }, points))
    }

    /// Adds a finished part.
    pub(crate) fn add(&mut self, line: &str) -> Result<(), String> {
        self.file
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|error| format!("cannot write {}: {error}", self.path.display()))
    }

    /// Removes the journal: the work is done and stands elsewhere.
    pub(crate) fn finish(self) -> Result<(), String> {
        fs::remove_file(&self.path).map_err(|error| format!("cannot remove {}: {error}", self.path.display()))
    }
}
