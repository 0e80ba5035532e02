//! From text to a scenario: the layers are gathered, each is read by itself so that every error
//! has its place, then they are laid over one another, read once more and checked as a whole.

use super::bundled;
use super::check::Checks;
use super::diagnostic::{Diagnostic, Diagnostics, Place, SourceText, nearest};
use super::mixes::Mixes;
use super::tree::{self, Path, Sources, Step};
use super::{Scenario, explain};
use crate::clock;
use crate::registry::Sections;
use crate::trace::{self, Align, Dates, Reading, Traces};
use jiff::tz::TimeZone;
use std::fs;
use std::io::Read as _;
use std::path::{self, PathBuf};
use toml::Spanned;
use toml::de::DeTable;

/// A scenario file may have this many bytes.
const MOST_BYTES: u64 = 1 << 20;
/// A file of real input may have this many.
const MOST_TRACE_BYTES: u64 = 256 << 20;
/// So many files may build on one another.
const MOST_LAYERS: usize = 8;

/// Fetches the source that another one names in `extends`; an error is one sentence.
pub type Fetch<'a> = &'a mut dyn FnMut(&str, &SourceText) -> Result<SourceText, String>;

/// Reads a scenario from its text and from `--set` values (`policy.passcode=none`), which override
/// it in the order given. It reads no file of its own: `fetch` gets what `extends` names, and the
/// scenario has no traces.
///
/// # Errors
/// With everything that was found wrong.
pub fn read(main: SourceText, sets: &[String], fetch: Fetch<'_>) -> Result<Scenario, Diagnostics> {
    gathered(main, &Path::default(), sets, fetch).map(|(scenario, _)| scenario)
}

/// Reads a scenario from a file or a bundled name, with all that it refers to.
///
/// # Errors
/// With everything that was found wrong.
pub fn load(path_or_bundled_name: &str, sets: &[String]) -> Result<Scenario, Diagnostics> {
    let main = open(path_or_bundled_name, path::Path::new(""))
        .map_err(|error| Diagnostics::from(Diagnostic::new(error, None)))?;
    with_traces(gathered(main, &Path::default(), sets, &mut fetch)?)
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
    with_traces(gathered(document.clone(), &within, sets, fetch)?)
}

fn with_traces((mut scenario, files): (Scenario, TraceFiles)) -> Result<Scenario, Diagnostics> {
    scenario.traces = load_traces(&files, &scenario.sections, &scenario)?;
    Ok(scenario)
}

/// Reads a scenario as [`load`] does but for its traces, which need not be there.
///
/// # Errors
/// With everything that was found wrong.
pub fn load_without_traces(path_or_bundled_name: &str, sets: &[String]) -> Result<Scenario, Diagnostics> {
    let main = open(path_or_bundled_name, path::Path::new(""))
        .map_err(|error| Diagnostics::from(Diagnostic::new(error, None)))?;
    read(main, sets, &mut fetch)
}

/// Gets what `extends` names: a bundled scenario, or a file beside the one that names it.
///
/// # Errors
/// If it cannot be read, in one sentence.
pub fn fetch(name: &str, from: &SourceText) -> Result<SourceText, String> {
    match bundled::find(&from.label) {
        // A bundled scenario means the same wherever it is run.
        Some(_) => fetch_bundled(name, from),
        None => open(name, &from.folder()),
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
}

/// A file of real input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Which key names it.
    pub place: Option<Place>,
}

/// Reads the real input of those for whom these sections hold: a scenario, or a group of it with settings of its own.
///
/// # Errors
/// If a file cannot be read, at the key that names it.
pub fn load_traces(
    files: &TraceFiles,
    sections: &Sections,
    scenario: &Scenario,
) -> Result<Traces, Diagnostics> {
    let Sections { mail, user, network, .. } = sections;
    let zone = clock::time_zone(scenario.time_zone()).map_err(|error| Diagnostic::new(error, None))?;
    let mut notes = Vec::new();
    let mut read = Read { scenario, zone, notes: &mut notes };
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
    scenario: &'a Scenario,
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
        let Scenario { clock, end, .. } = self.scenario;
        let reading = Reading { label: &label, align, dates, zone, clock, end: *end };
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
        let mut bytes = Vec::new();
        fs::File::open(&self.path)
            .and_then(|file| file.take(MOST_TRACE_BYTES + 1).read_to_end(&mut bytes))
            .map_err(|error| self.fault(format!("`{}` cannot be read: {error}", self.path.display())))?;
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

/// Reads the layers of the scenario that stands at `within` in `main`, which is often the whole of it.
pub(super) fn gathered(
    main: SourceText,
    within: &Path,
    sets: &[String],
    fetch: Fetch<'_>,
) -> Result<(Scenario, TraceFiles), Diagnostics> {
    let mut layers = with_bases(main, within, fetch)?;
    let bases = layers.len() - 1;
    for set in sets {
        layers.push(set_source(set)?);
    }
    checked(&Sources::new(layers), bases, within)
}

/// Lays the layers over one another, and checks the whole.
fn checked(sources: &Sources, bases: usize, within: &Path) -> Result<(Scenario, TraceFiles), Diagnostics> {
    let merged = merged(sources, bases, within).map_err(Diagnostics)?;
    let in_file = Mixes::found(merged.get_ref(), sources).map_err(Diagnostics)?;
    let merged = in_file.single(merged);
    let mut file = explain::file(&merged, sources, false).map_err(Diagnostics)?;
    let written = merged.get_ref();
    let is_whole_file = within.0.is_empty();
    if let Some((_, main)) =
        sources.based().nth(bases).filter(|_| is_whole_file && !written.contains_key("name"))
    {
        file.name = main.stem();
    }
    let [mail, user, network] =
        ["mail", "user", "network"].map(|section| trace_file(section, written, sources));
    let files = TraceFiles { mail, user, network };
    let checks = Checks { written, sources, faults: Vec::new() };
    let mut scenario = checks.scenario(file).map_err(Diagnostics)?;
    let mut mixes = in_file.clone();
    mixes.add_defaults(&scenario.file.fleet, sources);
    scenario.mixes = mixes.combine(&merged, sources).map_err(Diagnostics)?;
    Ok((scenario, files))
}

/// The source and those it builds on, the base first.
fn with_bases(main: SourceText, within: &Path, fetch: Fetch<'_>) -> Result<Vec<SourceText>, Diagnostics> {
    let mut layers = vec![main];
    // `layers` grows from the main file down to its base.
    while let Some(last) = layers.last() {
        let (document, _) = DeTable::parse_recoverable(&last.text);
        let layer = if layers.len() == 1 { tree::within(document, within) } else { document };
        let Some(extends) = layer.get_ref().get("extends") else { break };
        let Some(name) = extends.get_ref().as_str() else { break };
        let at = |message: String| {
            Diagnostics::from(Diagnostic::new(message, Some(Place::new(last, extends.span()))))
        };
        let base = fetch(name, last).map_err(at)?;
        if layers.iter().any(|layer| layer.label == base.label) {
            return Err(at(format!("`{}` builds on itself", base.label)));
        }
        if layers.len() == MOST_LAYERS {
            return Err(at(format!("more than {MOST_LAYERS} files build on one another")));
        }
        layers.push(base);
    }
    layers.reverse();
    Ok(layers)
}

/// A `--set` as a document of one line. What is not TOML is meant as a text, so that lengths need
/// no quotes that a shell would take away.
fn set_source(set: &str) -> Result<SourceText, Diagnostics> {
    let label = format!("--set {set}");
    let fault = |message: &str| {
        let source = SourceText { label: label.clone(), text: set.into() };
        Diagnostics::from(Diagnostic::new(message, Some(Place::new(&source, 0..set.len()))))
    };
    let (key, value) = set.split_once('=').ok_or_else(|| {
        let mut missing = fault("`--set` needs a key and a value");
        missing.0[0].help = Some("write for example `--set policy.passcode=none`".into());
        missing
    })?;
    let (key, value) = (key.trim(), value.trim());
    if set.contains(['\n', '\r']) {
        return Err(fault("`--set` takes one line"));
    }
    if key.is_empty() || key.starts_with('[') {
        return Err(fault("`--set` needs a key before the `=`"));
    }
    if key == "extends" {
        return Err(fault("`extends` belongs in a file"));
    }
    let text = format!("{key} = {value}");
    let text = match DeTable::parse(&text) {
        Ok(_) => text,
        Err(_) => format!("{key} = {}", toml::Value::String(value.into())),
    };
    Ok(SourceText { label, text })
}

/// Every layer parsed and read by itself, then laid over one another. What one of the first `bases`
/// promises, it promises of itself: whoever builds on it changes something, and promises anew. Nor is that
/// then what the base is called.
fn merged<'a>(
    sources: &'a Sources,
    bases: usize,
    within: &Path,
) -> Result<Spanned<DeTable<'a>>, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let mut merged = DeTable::new();
    for (index, (base, source)) in sources.based().enumerate() {
        match tree::parse(source, base) {
            Ok(layer) => {
                let mut layer = if index == bases { tree::within(layer, within) } else { layer };
                let read = Mixes::found(layer.get_ref(), sources)
                    .and_then(|mixes| explain::file(&mixes.single(layer.clone()), sources, true));
                faults.extend(read.err().into_iter().flatten());
                if index < bases {
                    ["name", "expect"].iter().for_each(|own| drop(layer.get_mut().remove(*own)));
                }
                tree::overlay(&mut merged, layer.into_inner());
            }
            Err(errors) => faults.extend(errors),
        }
    }
    if faults.is_empty() { Ok(Spanned::new(0..0, merged)) } else { Err(faults) }
}

fn trace_file(section: &str, written: &DeTable<'_>, sources: &Sources) -> Option<TraceFile> {
    let file = written.get(section)?.get_ref().get("file")?;
    let span = tree::span_at(written, &Path::of(section, "file"))?;
    let (_, source) = sources.holding(span.start)?;
    Some(TraceFile { path: source.folder().join(file.get_ref().as_str()?), place: sources.place(span) })
}

/// Opens a file, or a bundled scenario where no file has that name.
fn open(name: &str, folder: &path::Path) -> Result<SourceText, String> {
    // `./a.toml` and `a.toml` are one file, or a cycle would go unnoticed.
    let path: PathBuf = folder.join(name).components().filter(|c| *c != path::Component::CurDir).collect();
    let label = path.display().to_string();
    match (fs::metadata(&path), bundled::find(name)) {
        (Ok(about), None) if about.is_dir() => {
            return Err(format!("`{label}` is a folder, not a scenario file"));
        }
        (Ok(about), _) if !about.is_dir() => {}
        (_, Some(bundled)) => return Ok(bundled.source()),
        _ => return Err(missing(&label, &path)),
    }
    let mut bytes = Vec::new();
    fs::File::open(&path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("`{label}` cannot be read: {error}"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("`{label}` is larger than 1 MiB, which no scenario is"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceText { label, text: text.trim_start_matches('\u{feff}').into() }),
        Err(error) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(format!("`{label}` is not UTF-8 text (line {line})"))
        }
    }
}

/// Says that there is no such file, and what may have been meant.
fn missing(label: &str, path: &path::Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let entries = fs::read_dir(folder.unwrap_or(path::Path::new("."))).into_iter().flatten().flatten();
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
            let names: Vec<&str> = bundled::BUNDLED.iter().map(|bundled| bundled.name).collect();
            format!("bundled scenarios are {}", names.join(", "))
        }
    };
    format!("there is no file `{label}`; {hint}")
}
