//! From a file or a bundled name to a scenario, with the files of real input that it names.

use super::diagnostic::{Diagnostic, Diagnostics, Place, SourceText};
use super::files::{Disk, Files};
use super::stack::gathered;
use super::tree::{Path, Step};
use super::{Group, Scenario};
use crate::clock::{self, Clock};
use crate::registry::Sections;
use crate::time::Time;
use crate::trace::{self, Align, Dates, Reading, Traces};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::PathBuf;

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
    load_from(path_or_bundled_name, asked, &mut Disk)
}

/// The same from files that may lie elsewhere.
///
/// # Errors
/// With everything that was found wrong.
pub fn load_from(
    path_or_bundled_name: &str,
    asked: Asked<'_>,
    files: &mut dyn Files,
) -> Result<Scenario, Diagnostics> {
    with_traces(gathered_from(path_or_bundled_name, asked, files)?, files)
}

fn gathered_from(
    name: &str,
    asked: Asked<'_>,
    files: &mut dyn Files,
) -> Result<(Scenario, TraceFiles), Diagnostics> {
    let main = files.scenario(name, None).map_err(|error| Diagnostics::from(Diagnostic::new(error, None)))?;
    gathered(main, &Path::default(), asked, &mut |name, from| files.scenario(name, Some(from)))
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
    with_traces(gathered(document.clone(), &within, Asked { sets, ..Asked::default() }, fetch)?, &mut Disk)
}

fn with_traces(
    (mut scenario, named): (Scenario, TraceFiles),
    files: &mut dyn Files,
) -> Result<Scenario, Diagnostics> {
    let Scenario { clock, end, sections, .. } = &scenario;
    let whose = Whose { sections, clock, time_zone: scenario.time_zone(), start: scenario.start, end: *end };
    let traces = traces_of(&named, whose, files)?;
    scenario.notes.extend(traces.notes.iter().cloned());
    scenario.follow(&traces);
    for (group, named) in &named.groups {
        let (start, end) = (scenario.start, scenario.end);
        let Group { sections, clock, time_zone, .. } = &scenario.fleet.groups[*group];
        let traces = traces_of(named, Whose { sections, clock, time_zone, start, end }, files)?;
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
    gathered_from(path_or_bundled_name, asked, &mut Disk).map(|(scenario, _)| scenario)
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
    /// `power.file`
    pub power: Option<TraceFile>,
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
    /// Where what is measured begins.
    pub start: Time,
    /// The horizon.
    pub end: Time,
}

/// The real input that these files hold.
fn traces_of(named: &TraceFiles, whose: Whose<'_>, files: &mut dyn Files) -> Result<Traces, Diagnostics> {
    let Sections { mail, user, network, power, .. } = whose.sections;
    let zone = clock::time_zone(whose.time_zone).map_err(|error| Diagnostic::new(error, None))?;
    let mut notes = Vec::new();
    let mut read = Read { whose, zone, notes: &mut notes, files };
    let by_mail = |bytes: &[u8], how: &Reading<'_>| trace::read_mail(bytes, &mail.columns, how);
    let by_user = |bytes: &[u8], how: &Reading<'_>| trace::read_user(bytes, &user.columns, how);
    let by_network = |bytes: &[u8], how: &Reading<'_>| trace::read_network(bytes, &network.columns, how);
    let by_power = |bytes: &[u8], how: &Reading<'_>| trace::read_power(bytes, &power.columns, how);
    Ok(Traces {
        mailboxes: read.file(&named.mail, mail.align, mail.dates, by_mail)?.into(),
        users: read.file(&named.user, user.align, user.dates, by_user)?.into(),
        networks: read.file(&named.network, network.align, network.dates, by_network)?.into(),
        batteries: read.file(&named.power, power.align, power.dates, by_power)?.into(),
        notes,
    })
}

/// Over what files of real input are laid.
struct Read<'a> {
    whose: Whose<'a>,
    zone: TimeZone,
    notes: &'a mut Vec<String>,
    files: &'a mut dyn Files,
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
        let Whose { clock, start, end, .. } = self.whose;
        let reading = Reading { label: &label, align, dates, zone, clock, start, end };
        let bytes = self.files.trace(file)?;
        let (found, notes) = read(&bytes, &reading).map_err(|error| file.fault(error))?;
        self.notes.extend(notes);
        Ok(found)
    }
}

impl TraceFile {
    /// How the file is called in messages.
    pub fn label(&self) -> String {
        self.path.display().to_string()
    }

    /// Something wrong with the file, at the key that names it.
    pub fn fault(&self, message: String) -> Diagnostics {
        Diagnostic::new(message, self.place.clone()).into()
    }
}
