//! From a file or a bundled name to a scenario, with the files of real input that it names.

use super::bundled;
use super::diagnostic::{Diagnostic, Diagnostics, Place, SourceText, likest, nearest, one_of};
use super::stack::gathered;
use super::tree::{Path, Step};
use super::{Group, Scenario};
use crate::clock::{self, Clock};
use crate::registry::Sections;
use crate::time::Time;
use crate::trace::{self, Align, Dates, Reading, Traces};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{self, PathBuf};
use std::sync::OnceLock;

/// A scenario file may have this many bytes.
const MOST_BYTES: u64 = 1 << 20;
/// A file of real input may have this many.
const MOST_TRACE_BYTES: u64 = 256 << 20;

/// Fetches the source that another one names in `extends`; an error is one sentence.
pub type Fetch<'a> = &'a mut dyn FnMut(&str, &SourceText) -> Result<SourceText, String>;

/// Reads a scenario from its text and from `--set` values (`policy.passcode=none`), which override
/// it in the order given. It reads no file of its own: `fetch` gets what `extends` names, and the
/// scenario has no traces.
///
/// # Errors
/// With everything that was found wrong.
pub fn read(main: SourceText, sets: &[String], fetch: Fetch<'_>) -> Result<Scenario, Diagnostics> {
    let asked = Asked { sets, ..Asked::default() };
    gathered(main, &Path::default(), asked, fetch).map(|(scenario, _)| scenario)
}

/// What is different this time from what a scenario says; the later wins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Asked<'a> {
    /// Values of `--set`.
    pub sets: &'a [String],
    /// The arm of the file that is meant, in place of the reference.
    pub arm: Option<&'a str>,
    /// Values of `--set` that are laid over the arm.
    pub then: &'a [String],
}

/// Reads a scenario from a file or a bundled name, with all that it refers to.
///
/// # Errors
/// With everything that was found wrong.
pub fn load(path_or_bundled_name: &str, sets: &[String]) -> Result<Scenario, Diagnostics> {
    load_asked(path_or_bundled_name, Asked { sets, ..Asked::default() })
}

/// The same of an arm, or with more that is different.
///
/// # Errors
/// With everything that was found wrong.
pub fn load_asked(path_or_bundled_name: &str, asked: Asked<'_>) -> Result<Scenario, Diagnostics> {
    let main =
        open_named(path_or_bundled_name).map_err(|error| Diagnostics::from(Diagnostic::new(error, None)))?;
    with_traces(gathered(main, &Path::default(), asked, &mut fetch)?)
}

/// Where a scenario stands in a document of other things: a table of an entry of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fragment<'a> {
    /// The list.
    pub list: &'a str,
    /// The entry, counted from 0.
    pub entry: usize,
    /// Which of its tables.
    pub key: &'a str,
}

/// Reads a scenario that stands within a document, with all that it refers to: `fetch` gets what `extends` names.
/// What is wrong with it has its place in the document.
///
/// # Errors
/// With everything that was found wrong.
pub fn load_fragment(
    document: &SourceText,
    fragment: Fragment<'_>,
    sets: &[String],
    fetch: Fetch<'_>,
) -> Result<Scenario, Diagnostics> {
    let Fragment { list, entry, key } = fragment;
    let within = Path::of(list, "").with(Step::Index(entry)).with(Step::Key(key.into()));
    with_traces(gathered(document.clone(), &within, Asked { sets, ..Asked::default() }, fetch)?)
}

fn with_traces((mut scenario, files): (Scenario, TraceFiles)) -> Result<Scenario, Diagnostics> {
    let Scenario { clock, end, sections, .. } = &scenario;
    let whose = Whose { sections, clock, time_zone: scenario.time_zone(), end: *end };
    let traces = load_traces(&files, whose)?;
    scenario.notes.extend(traces.notes.iter().cloned());
    scenario.follow(&traces);
    for (group, files) in &files.groups {
        let end = scenario.end;
        let Group { sections, clock, time_zone, .. } = &scenario.fleet.groups[*group];
        let traces = load_traces(files, Whose { sections, clock, time_zone, end })?;
        scenario.notes.extend(traces.notes.iter().cloned());
        scenario.fleet.groups[*group].traces = traces;
    }
    Ok(scenario)
}

/// Reads a scenario as [`load`] does but for its traces, which need not be there.
///
/// # Errors
/// With everything that was found wrong.
pub fn load_without_traces(path_or_bundled_name: &str, asked: Asked<'_>) -> Result<Scenario, Diagnostics> {
    let main =
        open_named(path_or_bundled_name).map_err(|error| Diagnostics::from(Diagnostic::new(error, None)))?;
    gathered(main, &Path::default(), asked, &mut fetch).map(|(scenario, _)| scenario)
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

/// The files of real input that a scenario names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TraceFiles {
    /// `mail.file`
    pub mail: Option<TraceFile>,
    /// `user.file`
    pub user: Option<TraceFile>,
    /// `network.file`
    pub network: Option<TraceFile>,
    /// Those of the groups that have any of their own, by the group's place.
    pub groups: BTreeMap<usize, TraceFiles>,
}

/// A file of real input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Which key names it.
    pub place: Option<Place>,
}

/// Those who have real input: a scenario, or a group of it with settings of its own.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// Their sections.
    pub sections: &'a Sections,
    /// Their wall time.
    pub clock: &'a Clock,
    /// The IANA name of their time zone.
    pub time_zone: &'a str,
    /// The horizon.
    pub end: Time,
}

/// Reads the real input that these files hold.
///
/// # Errors
/// If a file cannot be read, at the key that names it.
pub fn load_traces(files: &TraceFiles, whose: Whose<'_>) -> Result<Traces, Diagnostics> {
    let Sections { mail, user, network, .. } = whose.sections;
    let zone = clock::time_zone(whose.time_zone).map_err(|error| Diagnostic::new(error, None))?;
    let mut notes = Vec::new();
    let mut read = Read { whose, zone, notes: &mut notes };
    let by_mail = |bytes: &[u8], how: &Reading<'_>| trace::read_mail(bytes, &mail.columns, how);
    let by_user = |bytes: &[u8], how: &Reading<'_>| trace::read_user(bytes, &user.columns, how);
    let by_network = |bytes: &[u8], how: &Reading<'_>| trace::read_network(bytes, &network.columns, how);
    Ok(Traces {
        mailboxes: read.file(&files.mail, mail.align, mail.dates, by_mail)?.into(),
        users: read.file(&files.user, user.align, user.dates, by_user)?.into(),
        networks: read.file(&files.network, network.align, network.dates, by_network)?.into(),
        notes,
    })
}

/// Over what files of real input are laid.
struct Read<'a> {
    whose: Whose<'a>,
    zone: TimeZone,
    notes: &'a mut Vec<String>,
}

impl Read<'_> {
    /// Reads a file, if there is one.
    fn file<T>(
        &mut self,
        file: &Option<TraceFile>,
        align: Align,
        dates: Option<Dates>,
        read: impl Fn(&[u8], &Reading<'_>) -> Result<(Vec<T>, Vec<String>), String>,
    ) -> Result<Vec<T>, Diagnostics> {
        let Some(file) = file else { return Ok(Vec::new()) };
        let (label, zone) = (file.label(), self.zone.clone());
        let Whose { clock, end, .. } = self.whose;
        let reading = Reading { label: &label, align, dates, zone, clock, end };
        let (found, notes) = read(&file.bytes()?, &reading).map_err(|error| file.fault(error))?;
        self.notes.extend(notes);
        Ok(found)
    }
}

impl TraceFile {
    /// What the file holds.
    ///
    /// # Errors
    /// If it cannot be read, at the key that names it.
    pub fn bytes(&self) -> Result<Vec<u8>, Diagnostics> {
        let unreadable = |error| self.fault(format!("`{}` cannot be read: {error}", self.path.display()));
        if fs::metadata(&self.path).is_ok_and(|found| !found.is_file()) {
            return Err(self.fault(not_a_file(&self.label())));
        }
        let mut bytes = Vec::new();
        fs::File::open(&self.path)
            .and_then(|file| file.take(MOST_TRACE_BYTES + 1).read_to_end(&mut bytes))
            .map_err(unreadable)?;
        if bytes.len() as u64 > MOST_TRACE_BYTES {
            return Err(self.fault(format!("`{}` is larger than 256 MiB", self.path.display())));
        }
        Ok(bytes)
    }

    /// How the file is called in messages.
    pub fn label(&self) -> String {
        self.path.display().to_string()
    }

    /// Something wrong with the file, at the key that names it.
    pub fn fault(&self, message: String) -> Diagnostics {
        Diagnostic::new(message, self.place.clone()).into()
    }
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
