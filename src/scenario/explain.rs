//! Reads a document as a [`File`], and says everything that is wrong in it, in the words of a
//! scenario and not of a parser.

use super::File;
use super::diagnostic::{Diagnostic, MOST_ERRORS, likest, nearest, one_of};
use super::gone::write_now;
use super::keys::keys;
use super::tree::{self, Path, Sources, Step};
use super::words::{not_modelled, synonym};
use crate::persona::{FleetEntry, PersonaName};
use crate::section::{Held, Key, Shape};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

/// How a document is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'s> {
    /// Whether a missing key may yet come from another layer.
    pub(super) partial: bool,
    /// Where in the scenario the document stands.
    pub(super) at: &'s Path,
    pub(super) sources: &'s Sources,
}

impl Reading<'_> {
    /// Reads the document. The reader stops at its first error, so what it names is taken out and the
    /// rest read again.
    pub(super) fn read<T: DeserializeOwned>(
        self,
        document: &Spanned<DeTable<'_>>,
    ) -> Result<T, Vec<Diagnostic>> {
        let Reading { partial, at, sources } = self;
        let mut document = document.clone();
        let mut faults = not_sections(document.get_mut(), at, sources);
        let mut taken: Vec<Path> = Vec::new();
        loop {
            let error = match T::deserialize(Deserializer::from(document.clone())) {
                Ok(file) if faults.is_empty() => return Ok(file),
                Ok(_) => return Err(faults),
                Err(error) => error,
            };
            let span = error.span();
            let path = span.as_ref().and_then(|span| tree::find(document.get_ref(), span));
            let expected_gap = error.message().starts_with("missing field")
                && (partial || taken.iter().any(|gone| Some(gone.parent()) == path));
            if !expected_gap {
                let place = span.and_then(|span| sources.place(span));
                let (message, help) = explain(error.message(), &at.then(path.as_ref()));
                faults.push(Diagnostic { message, place, help });
            }
            let Some(path) = path.map(|path| path.entry()).filter(|_| taken.len() < MOST_ERRORS) else {
                return Err(faults);
            };
            tree::remove(document.get_mut(), &path.0);
            taken.push(path);
        }
    }
}

/// Takes out what should be a section and is none; the reader would take a list for its values.
fn not_sections(document: &mut DeTable<'_>, at: &Path, sources: &Sources) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let sections = File::SHAPE.keys().iter().filter(|key| matches!(key.shape, Shape::Table(_)));
    for section in sections.map(|key| key.name) {
        let Some(value) = document.get(section).filter(|value| !value.get_ref().is_table()) else {
            continue;
        };
        let path = at.with(Step::Key(section.into()));
        let message = format!("`{path}` must be a section");
        faults.push(Diagnostic::new(message, sources.place(value.span())).help(match at.0.is_empty() {
            true => format!("write it as `[{section}]`"),
            false => synonym(section_of(at), section).map_or_else(
                || format!("write its keys as `{section}.KEY = ...`"),
                |write| format!("write {write}"),
            ),
        }));
        document.remove(section);
    }
    faults
}

/// Puts an error of the reader into words, with what would be right.
fn explain(message: &str, path: &Path) -> (String, Option<String>) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (word, known) = quoted.split_first().map_or(("", &[][..]), |(word, known)| (*word, known));
    if message.starts_with("unknown field") {
        let kind = match path.0.as_slice() {
            [_] => "key or section",
            _ => "key",
        };
        let section = section_of(path);
        if let Some(now) = write_now(section, word) {
            return (format!("`{path}` is a key of 0.1.0 that is gone"), Some(now.into()));
        }
        // What is written for the whole of something else is no slip of the pen.
        let section = if path.0.len() > 1 { section } else { "" };
        let table = path.parent().to_string();
        if let Some(write) = synonym(&table, word).or_else(|| synonym(section, word)) {
            return (format!("unknown {kind} `{path}`"), Some(format!("write {write}")));
        }
        let parent = path.parent();
        let help = (parent.to_string() == "fleet").then(|| row_of_one(word)).flatten();
        return (
            format!("unknown {kind} `{path}`"),
            Some(help.unwrap_or_else(|| where_to(word, known, &parent))),
        );
    }
    if message.starts_with("unknown variant") {
        let help = nearest(word, known.iter().copied())
            .map_or_else(|| format!("write {}", one_of(known)), |name| format!("did you mean `{name}`?"));
        return (format!("`{word}` is not a value of `{path}`"), Some(help));
    }
    if message.starts_with("missing field") {
        return (format!("`{path}` lacks its key `{word}`"), None);
    }
    if let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        let help = (path.to_string() == "fleet").then(|| "write each row below its own `[[fleet]]`".into());
        return (format!("`{path}` must be {}, but is {}", plainly(expected), article(found)), help);
    }
    if message == "wanted string or table" {
        return (format!("`{path}` must be a name in quotes"), None);
    }
    if path.to_string() == "start" {
        let help = "write the local time, for example \"2026-03-02T00:00\"; the zone stands in `time_zone`";
        return ("`start` is not a local time".into(), Some(help.into()));
    }
    match path.0.is_empty() {
        true => (message.into(), None),
        false => (format!("in `{path}`: {message}"), None),
    }
}

/// The section that a path leads into; a group's own stand in its block, and what is no section there is a row.
fn section_of(path: &Path) -> &str {
    let key = |place: usize| match path.0.get(place) {
        Some(Step::Key(key)) => Some(key.as_str()),
        _ => None,
    };
    let first = key(0).unwrap_or_default();
    let within = match first {
        "fleet" | "arm" => key(1).or(key(2)),
        "group" => key(2),
        _ => return first,
    };
    let is_section = |name: &&str| {
        File::SHAPE.keys().iter().any(|key| key.name == *name && matches!(key.shape, Shape::Table(_)))
    };
    within.filter(is_section).unwrap_or("fleet")
}

fn plainly(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "`true` or `false`",
        "a string" => "a text in quotes",
        "a sequence" => "a list in [brackets]",
        "a datetime string" => "a local time such as \"2026-03-02T00:00\"",
        struct_ if struct_.starts_with("struct ") => "a section with keys of its own",
        other => other,
    }
}

fn article(found: &str) -> String {
    let vowel = found.starts_with(['a', 'e', 'i', 'o', 'u']);
    let found =
        found.replace("sequence", "list").replace("string \"", "text \"").replace("floating point", "number");
    match found.as_str() {
        "map" => "a section".into(),
        _ => format!("{} {found}", if vowel { "an" } else { "a" }),
    }
}

/// What to write in place of an unknown key: the nearest spelling, else the section it belongs to,
/// else what there is.
fn where_to(word: &str, known: &[&str], parent: &Path) -> String {
    if let Some(home) = home(word, parent) {
        return format!("`{word}` belongs {home}");
    }
    if let Some(name) = nearest(word, known.iter().copied()) {
        return format!("did you mean `{name}`?");
    }
    if let Some(what) = not_modelled(word) {
        return format!("not modelled: {what}");
    }
    if let Some((name, home)) = slip(word, parent) {
        return format!("did you mean `{name}`? It belongs {home}");
    }
    let place = if parent.0.is_empty() { "the scenario".into() } else { format!("`{parent}`") };
    match known {
        [] => format!("{place} has no keys"),
        known => format!(
            "nearest are {}; docs/keys.md and `bgsim schema` list all of {place}",
            one_of(&likest(word, known.iter().copied()))
        ),
    }
}

/// The key of another section that a misspelt word means. There are many keys: only what is long, and of which but
/// few letters are wrong, can be told.
fn slip(word: &str, parent: &Path) -> Option<(&'static str, String)> {
    let all = keys().into_iter().map(|(_, key)| key.name);
    let name = nearest(word, all).filter(|name| name.len() > 5 && strsim::osa_distance(name, word) <= 2)?;
    Some((name, home(name, parent)?))
}

/// What to write in place of a row of one block of the fleet, which is meant where a number or a persona stands.
fn row_of_one(word: &str) -> Option<String> {
    let is_persona = || PersonaName::ALL.iter().any(|persona| persona.name() == word);
    (word.bytes().all(|digit| digit.is_ascii_digit()) || is_persona())
        .then(|| "write `fleet.ROW=VALUE` for every group, or `group.NAME.ROW=VALUE` for one".into())
}

/// Where a key that exists elsewhere belongs.
fn home(word: &str, parent: &Path) -> Option<String> {
    if word == "model" {
        return None;
    }
    let top = File::SHAPE.keys();
    let has = |section: &&Key| section.shape.keys().iter().any(|key| key.name == word);
    let is_table = |key: &&Key| matches!(key.shape, Shape::Table(_));
    let tables = |key: &'static Key| key.shape.keys().iter().filter(is_table).map(move |table| (key, table));
    let deeper = top.iter().filter(is_table).flat_map(tables).find(|(_, table)| has(table));
    let in_section = top.iter().filter(is_table).find(has);
    let at_top = top.iter().any(|key| key.name == word && key.shape.keys().is_empty());
    let in_fleet = FleetEntry::SHAPE.keys().iter().any(|row| row.name == word);
    let inside_fleet = section_of(parent) == "fleet";
    in_section
        .map(|section| match inside_fleet {
            true => format!(
                "in a section: write `{}.{word}` here, or in `[{}]` for all",
                section.name, section.name
            ),
            false => format!("in `[{}]`", section.name),
        })
        .or_else(|| deeper.map(|(section, table)| format!("in `[{}.{}]`", section.name, table.name)))
        .or_else(|| at_top.then(|| "at the top, before the first section".into()))
        .or_else(|| (in_fleet && !inside_fleet).then(|| "in a row of `[[fleet]]`".into()))
}
