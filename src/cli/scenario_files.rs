//! The scenarios that a command line means: files, bundled names, and folders, which are searched to the bottom.

use super::Fault;
use crate::calibration::is_ensemble;
use crate::observation::holds_observations;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Where scenarios are kept if nobody says otherwise.
pub(crate) const FOLDER: &str = "scenarios";

/// A scenario that is meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ScenarioFile {
    /// The path, or the bundled name.
    pub path: String,
    /// Its path below the folder that it was found in, without the ending: what is kept of it is called so.
    pub key: String,
}

impl ScenarioFile {
    fn below(folder: &Path, path: &Path) -> ScenarioFile {
        let inside = path.strip_prefix(folder).unwrap_or(path).with_extension("");
        ScenarioFile { path: path.display().to_string(), key: joined(&inside) }
    }

    /// One that is named by itself. It stands where a test of all of `scenarios/` finds it, or else alone.
    fn alone(name: &str) -> ScenarioFile {
        let path: PathBuf = Path::new(name).components().filter(|part| *part != Component::CurDir).collect();
        let folder = match path.starts_with(FOLDER) {
            true => Path::new(FOLDER),
            false => path.parent().unwrap_or(Path::new("")),
        };
        ScenarioFile { path: name.into(), ..ScenarioFile::below(folder, &path) }
    }
}

/// The parts of a path with `/` between them, on any system.
fn joined(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// The scenarios that are meant, each once: of a folder every one in it, in order of path.
pub(crate) fn scenario_files(paths: &[String]) -> Result<Vec<ScenarioFile>, Fault> {
    let (mut files, mut seen) = (Vec::new(), BTreeSet::new());
    for path in paths {
        let found = match Path::new(path).is_dir() {
            true => in_folder(path)?,
            false => vec![ScenarioFile::alone(path)],
        };
        files.extend(found.into_iter().filter(|file| seen.insert(file.path.clone())));
    }
    Ok(files)
}

fn in_folder(name: &str) -> Result<Vec<ScenarioFile>, Fault> {
    let folder: PathBuf = Path::new(name).components().filter(|part| *part != Component::CurDir).collect();
    // `.` is the empty path, in which nothing can be read.
    let (folder, begin) = match folder.as_os_str().is_empty() {
        true => (PathBuf::new(), PathBuf::from(".")),
        false => (folder.clone(), folder),
    };
    let (mut found, mut open) = (Vec::new(), vec![begin]);
    while let Some(next) = open.pop() {
        let fault = |error| format!("`{}` cannot be read: {error}", next.display());
        for entry in fs::read_dir(&next).map_err(fault)? {
            let entry = entry.map_err(fault)?;
            let (path, is_hidden) = (entry.path(), entry.file_name().to_string_lossy().starts_with('.'));
            // A link to a folder may lead back to where it stands.
            let is_folder = entry.file_type().map_err(fault)?.is_dir();
            match is_folder {
                true if !is_hidden => open.push(path),
                false if !is_hidden && is_scenario(&path) => found.push(path),
                _ => {}
            }
        }
    }
    let plain = |path: PathBuf| path.strip_prefix(".").map(PathBuf::from).unwrap_or(path);
    let mut found: Vec<PathBuf> = found.into_iter().map(plain).collect();
    found.sort();
    match found.is_empty() {
        true => Err(format!("there is no scenario in `{name}`, nor in a folder below it").into()),
        false => Ok(found.iter().map(|path| ScenarioFile::below(&folder, path)).collect()),
    }
}

fn is_scenario(path: &Path) -> bool {
    let holds_others =
        || fs::read_to_string(path).is_ok_and(|text| holds_observations(&text) || is_ensemble(&text));
    path.extension().is_some_and(|end| end == "toml") && path.is_file() && !holds_others()
}

#[cfg(test)]
mod tests {
    use super::ScenarioFile;

    #[test]
    fn a_file_has_one_key_however_it_is_written() {
        for (name, key) in [
            ("scenarios/a.toml", "a"),
            ("./scenarios/berlin/a.toml", "berlin/a"),
            ("elsewhere/a.toml", "a"),
            ("../a.b.toml", "a.b"),
            ("email-plus", "email-plus"),
        ] {
            let file = ScenarioFile::alone(name);
            assert_eq!((file.path.as_str(), file.key.as_str()), (name, key));
        }
    }
}
