//! A folder of results: written beside its place and moved there when it is whole, so that nobody
//! ever reads half a record.

use crate::record::{RecordFile, Rows};
use crate::report::charts;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder under construction.
pub(crate) struct Folder {
    place: PathBuf,
    temporary: TempDir,
    files: Vec<(RecordFile, BufWriter<File>)>,
}

impl Folder {
    /// Begins a folder that will stand at `place`, with the CSV files that are `wanted`.
    pub(crate) fn begin(place: &Path, wanted: impl Fn(RecordFile) -> bool) -> Result<Folder, String> {
        check_free(place)?;
        // An absolute path has a parent even where the user wrote a bare name.
        let place = std::path::absolute(place).map_err(|error| fault("find", place, &error))?;
        let parent =
            place.parent().ok_or_else(|| format!("{} cannot be a folder of results", place.display()))?;
        fs::create_dir_all(parent).map_err(|error| fault("create", parent, &error))?;
        let temporary = tempfile::Builder::new()
            .prefix(".bgsim-")
            .tempdir_in(parent)
            .map_err(|error| fault("write in", parent, &error))?;
        let mut files = Vec::new();
        for table in RecordFile::ALL.into_iter().filter(|table| wanted(*table)) {
            files.push((table, create(&temporary.path().join(table.name()), &table.header())?));
        }
        Ok(Folder { place, temporary, files })
    }

    /// Begins a file of one's own; it must be flushed before the folder is finished.
    pub(crate) fn stream(&self, name: &str, header: &str) -> Result<BufWriter<File>, String> {
        create(&self.temporary.path().join(name), header)
    }

    /// Appends rows to the CSV files.
    pub(crate) fn append(&mut self, rows: &Rows) -> Result<(), String> {
        self.each_file(|table, file| file.write_all(&rows.text[table as usize]))
    }

    fn each_file(
        &mut self,
        mut write: impl FnMut(RecordFile, &mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), String> {
        for (table, file) in &mut self.files {
            write(*table, file).map_err(|error| fault("write", &self.place.join(table.name()), &error))?;
        }
        Ok(())
    }

    /// Adds a whole file.
    pub(crate) fn add(&self, name: &str, content: &[u8]) -> Result<(), String> {
        fs::write(self.temporary.path().join(name), content)
            .map_err(|error| fault("write", &self.place.join(name), &error))
    }

    /// Moves the folder into its place, in exchange for an older one, which stays where that fails.
    pub(crate) fn finish(mut self) -> Result<(), String> {
        self.each_file(|_, file| file.flush())?;
        self.files.clear();
        check_free(&self.place)?;
        // A temporary folder is the user's alone; results are as readable as any other file.
        #[cfg(unix)]
        let _ =
            fs::set_permissions(self.temporary.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755));
        let older = self.temporary.path().with_extension("older");
        let replaces = self.place.exists();
        if replaces {
            fs::rename(&self.place, &older).map_err(|error| fault("replace", &self.place, &error))?;
        }
        if let Err(error) = fs::rename(self.temporary.path(), &self.place) {
            if replaces {
                let _ = fs::rename(&older, &self.place);
            }
            return Err(fault("move the results to", &self.place, &error));
        }
        // Gone from where it was made, there is nothing left to clean up.
        let _ = self.temporary.keep();
        if replaces {
            fs::remove_dir_all(&older).map_err(|error| fault("remove", &older, &error))?;
        }
        Ok(())
    }
}

/// Begins a CSV file.
fn create(path: &Path, header: &str) -> Result<BufWriter<File>, String> {
    let file = File::create(path).map_err(|error| fault("create", path, &error))?;
    let mut file = BufWriter::with_capacity(1 << 18, file);
    file.write_all(header.as_bytes()).map_err(|error| fault("write", path, &error))?;
    Ok(file)
}

/// Only nothing, an empty folder, or a folder that this program wrote may be replaced.
fn check_free(place: &Path) -> Result<(), String> {
    if !place.exists() {
        return Ok(());
    }
    if !place.is_dir() {
        return Err(format!("{} is a file; `--out` names a folder", place.display()));
    }
    let mut entries = fs::read_dir(place).map_err(|error| fault("read", place, &error))?;
    if entries.next().is_none() || is_ours(place) {
        Ok(())
    } else {
        Err(format!(
            "{} holds files that bgsim did not write, and replacing the folder would delete them; name another",
            place.display()
        ))
    }
}

/// The files that say who wrote a folder: each verb writes one of them.
const SIGNED: [&str; 5] =
    ["summary.json", "compare.json", "sweep.json", "sensitivity.json", "observations.json"];
/// What may stand beside them, the rows of a run and the pictures.
const BESIDE: [&str; 6] =
    ["pairs.csv", "sweep.csv", "points.csv", "report.json", "report.html", "observations.md"];

fn is_ours(place: &Path) -> bool {
    let is_signed = |name: &str| {
        let text = fs::read_to_string(place.join(name)).unwrap_or_default();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        json["tool"]["name"] == env!("CARGO_PKG_NAME")
    };
    let known = |name: &std::ffi::OsStr| {
        let mut ours = SIGNED.into_iter().chain(BESIDE).chain(RecordFile::ALL.map(RecordFile::name));
        ours.any(|file| name == file) || is_picture(Path::new(name))
    };
    let only_ours = fs::read_dir(place)
        .is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(|entry| known(&entry.file_name()))));
    only_ours && SIGNED.into_iter().any(is_signed)
}

fn is_picture(file: &Path) -> bool {
    let part =
        |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).unwrap_or_default().to_owned();
    charts::is_name(&part(file.file_stem())) && ["svg", "png"].contains(&part(file.extension()).as_str())
}

fn fault(what: &str, path: &Path, error: &io::Error) -> String {
    format!("cannot {what} {}: {error}", path.display())
}
