//! The journal of a long piece of work: each finished part is a line, so that an interruption of any
//! kind loses none of them.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A journal beside the folder that is to be written.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    /// The lines of earlier sittings.
    pub(crate) done: Vec<String>,
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
    /// Opens the journal of work that `header` (one line) describes. What another sitting finished
    /// is taken over if `resume` says so.
    ///
    /// # Errors
    /// If an unfinished journal lies there and is not to be resumed, or is that of other work.
    pub(crate) fn open(out: &Path, header: &str, resume: bool) -> Result<Journal, String> {
        let path = path_of(out)?;
        let fault = |what: &str, error: std::io::Error| format!("cannot {what} {}: {error}", path.display());
        let is_there = path.exists();
        if is_there && !resume {
            return Err(format!(
                "an interrupted sweep lies in {}; go on with it by --resume, or delete it",
                path.display()
            ));
        }
        let text = if is_there {
            fs::read_to_string(&path).map_err(|error| fault("read", error))?
        } else {
            String::new()
        };
        // A line without its end was torn by the interruption.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        let mut lines = text[..whole].lines();
        let begun = lines.next();
        if begun.is_some_and(|begun| begun != header) {
            return Err(format!(
                "{} was begun by another command, scenario or version; repeat that, or delete it:\n  {}",
                path.display(),
                begun.unwrap_or_default()
            ));
        }
        let done = lines.map(String::from).collect();
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| fault("create", error))?;
        file.set_len(whole as u64).map_err(|error| fault("write", error))?;
        if begun.is_none() {
            writeln!(file, "{header}").map_err(|error| fault("write", error))?;
        }
        Ok(Journal { path, file, done })
    }

    /// Adds a finished part.
    ///
    /// # Errors
    /// If the disk refuses it.
    pub(crate) fn add(&mut self, line: &str) -> Result<(), String> {
        self.file
            .write_all(format!("{line}\n").as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|error| format!("cannot write {}: {error}", self.path.display()))
    }

    /// Removes the journal: the work is done and stands elsewhere.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub(crate) fn finish(self) -> Result<(), String> {
        fs::remove_file(&self.path).map_err(|error| format!("cannot remove {}: {error}", self.path.display()))
    }
}
