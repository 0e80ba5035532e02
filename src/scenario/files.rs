//! Where the files of scenarios come from: the disk, unless somebody says otherwise.

use super::bundled;
use super::diagnostic::{Diagnostics, SourceText, likest, nearest, one_of};
use super::load::TraceFile;
use std::fs;
use std::io::Read as _;
use std::path::{self, PathBuf};
use std::sync::OnceLock;

/// A scenario file may have this many bytes.
const MOST_BYTES: u64 = 1 << 20;
/// A file of real input may have this many.
const MOST_TRACE_BYTES: u64 = 256 << 20;

/// Gets files of scenarios.
///
/// ```
/// use bgsim::scenario::{Asked, Diagnostics, Files, SourceText, TraceFile, fetch_bundled, load_from};
///
/// /// One text, under whatever name it is asked for.
/// struct Only(&'static str);
///
/// impl Files for Only {
///     fn scenario(&mut self, name: &str, from: Option<&SourceText>) -> Result<SourceText, String> {
///         match from {
///             None => Ok(SourceText { label: name.into(), text: self.0.into() }),
///             // What it extends is bundled.
///             Some(from) => fetch_bundled(name, from),
///         }
///     }
///
///     fn trace(&mut self, file: &TraceFile) -> Result<Vec<u8>, Diagnostics> {
///         Err(file.fault("there are no files here".into()))
///     }
/// }
///
/// let mut only = Only("extends = \"email-plus\"\ndevices = 8\n");
/// assert_eq!(load_from("mine", Asked::default(), &mut only).unwrap().devices, 8);
/// ```
pub trait Files {
    /// The scenario of this name: one that somebody named, or that another one does in `extends`.
    ///
    /// # Errors
    /// If it cannot be read, in one sentence.
    fn scenario(&mut self, name: &str, from: Option<&SourceText>) -> Result<SourceText, String>;

    /// What a file of real input holds.
    ///
    /// # Errors
    /// If it cannot be read, at the key that names it.
    fn trace(&mut self, file: &TraceFile) -> Result<Vec<u8>, Diagnostics>;
}

/// The files of this machine, the bundled ones, and standard input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Disk;

impl Files for Disk {
    fn scenario(&mut self, name: &str, from: Option<&SourceText>) -> Result<SourceText, String> {
        from.map_or_else(|| open_named(name), |from| fetch(name, from))
    }

    fn trace(&mut self, file: &TraceFile) -> Result<Vec<u8>, Diagnostics> {
        let unreadable = |error| file.fault(format!("`{}` cannot be read: {error}", file.path.display()));
        if fs::metadata(&file.path).is_ok_and(|found| !found.is_file()) {
            return Err(file.fault(not_a_file(&file.label())));
        }
        let mut bytes = Vec::new();
        fs::File::open(&file.path)
            .and_then(|file| file.take(MOST_TRACE_BYTES + 1).read_to_end(&mut bytes))
            .map_err(unreadable)?;
        if bytes.len() as u64 > MOST_TRACE_BYTES {
            return Err(file.fault(format!("`{}` is larger than 256 MiB", file.path.display())));
        }
        Ok(bytes)
    }
}

/// Gets what `extends` names: a bundled scenario, or a file beside the one that names it.
///
/// # Errors
/// If it cannot be read, in one sentence.
pub fn fetch(name: &str, from: &SourceText) -> Result<SourceText, String> {
    match bundled::find(&from.label) {
        // A bundled scenario means the same wherever it is run.
        Some(_) => fetch_bundled(name, from),
        None => open(name, &from.folder(), fs::FileType::is_file),
    }
}

/// Gets what `extends` names where only a bundled scenario is meant.
///
/// # Errors
/// If there is none of this name, in one sentence.
pub fn fetch_bundled(name: &str, _from: &SourceText) -> Result<SourceText, String> {
    let found = bundled::find(name).map(bundled::Bundled::source);
    found.ok_or_else(|| format!("no bundled scenario is called `{name}`"))
}

/// What is said of a pipe or a device, which may keep one waiting for ever.
fn not_a_file(label: &str) -> String {
    format!("`{label}` is not a regular file")
}

/// Opens what somebody named on the command line, who may well name a pipe.
fn open_named(name: &str) -> Result<SourceText, String> {
    match name {
        "-" => STANDARD_INPUT.get_or_init(standard_input).clone(),
        _ => open(name, path::Path::new(""), |_| true),
    }
}

/// What came by standard input, which can be read but once, and may be asked for by every arm and point.
static STANDARD_INPUT: OnceLock<Result<SourceText, String>> = OnceLock::new();

fn standard_input() -> Result<SourceText, String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("standard input cannot be read: {error}"))?;
    if bytes.is_empty() {
        return Err("standard input is empty; a scenario is wanted there".into());
    }
    text_of("-".into(), bytes)
}

/// The bytes of a scenario as text.
fn text_of(label: String, bytes: Vec<u8>) -> Result<SourceText, String> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("`{label}` is larger than 1 MiB, which no scenario is"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceText { label, text: text.trim_start_matches('\u{feff}').into() }),
        Err(error) => Err(not_utf8(&label, error)),
    }
}

/// Opens a file, or a bundled scenario where no file has that name; `may` tells of what kind it may be.
fn open(name: &str, folder: &path::Path, may: impl Fn(&fs::FileType) -> bool) -> Result<SourceText, String> {
    // `./a.toml` and `a.toml` are one file, or a cycle would go unnoticed.
    if name.is_empty() {
        return Err("the name of the scenario is empty".into());
    }
    let path: PathBuf = folder.join(name).components().filter(|c| *c != path::Component::CurDir).collect();
    let label = path.display().to_string();
    let called = if label.is_empty() { name } else { &label };
    let unreadable = |error: std::io::Error| format!("`{called}` cannot be read: {error}");
    let path = if label.is_empty() { path::Path::new(name) } else { &path };
    match (fs::metadata(path), bundled::find(name)) {
        (Ok(about), None) if about.is_dir() => {
            return Err(format!("`{called}` is a folder, not a scenario file{}", in_it(path)));
        }
        (Ok(about), _) if !about.is_dir() && !may(&about.file_type()) => return Err(not_a_file(called)),
        (Ok(about), _) if !about.is_dir() => {}
        (_, Some(bundled)) => return Ok(bundled.source()),
        (Err(error), _) if error.kind() != std::io::ErrorKind::NotFound => return Err(unreadable(error)),
        _ => return Err(missing(called, path)),
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    text_of(label, bytes)
}

/// Which scenarios lie in a folder, three at most.
fn in_it(folder: &path::Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "toml")).take(MOST_ENTRIES).collect();
    found.sort();
    let names: Vec<String> = found.iter().take(3).map(|path| format!("`{}`", path.display())).collect();
    if names.is_empty() { String::new() } else { format!("; in it is {}", names.join(", ")) }
}

/// No more of a folder is looked at.
const MOST_ENTRIES: usize = 1000;

/// Says where a file stops being text, the way editors jump to, and what it may be instead.
fn not_utf8(label: &str, error: std::string::FromUtf8Error) -> String {
    let (bytes, at) = (error.as_bytes(), error.utf8_error().valid_up_to());
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let begin = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let column = String::from_utf8_lossy(&bytes[begin..at]).chars().count() + 1;
    let other = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it looks like UTF-16",
        _ => "it may be Latin-1 or Windows-1252",
    };
    format!("{label}:{line}:{column}: this is not UTF-8 text; {other}, so save it as UTF-8")
}

/// Says that there is no such file, and what may have been meant.
fn missing(label: &str, path: &path::Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let entries = fs::read_dir(folder.unwrap_or(path::Path::new("."))).into_iter().flatten().flatten();
    if let Ok(target) = fs::read_link(path) {
        return format!("`{label}` is a link to `{}`, and no such file is there", target.display());
    }
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let bundled = bundled::BUNDLED.iter().map(|bundled| bundled.name);
    let known = names.iter().map(String::as_str).filter(|name| name.ends_with(".toml")).chain(bundled);
    let hint = match nearest(&wanted, known) {
        Some(name) if bundled::find(name).is_some() => format!("did you mean the bundled `{name}`?"),
        Some(name) => {
            let near = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
            format!("did you mean `{}`?", near.display())
        }
        None => {
            let near = likest(&wanted, bundled::BUNDLED.iter().map(|bundled| bundled.name));
            format!("of the bundled, nearest are {}; bgsim scenarios lists them", one_of(&near))
        }
    };
    format!("there is no file `{label}`; {hint}")
}
