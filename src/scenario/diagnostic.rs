//! What is wrong with a scenario and where, written the way compilers write it, as plain text.

use super::plain::{harmless, shown};
use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// A piece of a scenario: a file, a bundled scenario, or one `--set`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceText {
    /// The path, the bundled name, or the flag as it was typed.
    pub label: String,
    /// What it says, as TOML. Many places refer to it.
    pub text: Arc<str>,
}

impl SourceText {
    /// Whether it was typed on the command line.
    pub fn is_set(&self) -> bool {
        self.label.starts_with("--set ")
    }

    /// What a scenario is called that has no name: as its file, without the ending.
    pub fn stem(&self) -> String {
        Path::new(&self.label).file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The folder that paths in this source are relative to.
    pub fn folder(&self) -> PathBuf {
        match self.is_set() {
            true => PathBuf::new(),
            false => Path::new(&self.label).parent().map(Path::to_path_buf).unwrap_or_default(),
        }
    }
}

/// A line of a source and the part of it that is meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The label of the source.
    pub label: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The line itself, or the part around the column where it is very long.
    text: String,
    /// How many characters of `text` precede the mark.
    before: usize,
    /// How many characters the mark spans.
    width: usize,
}

/// More errors than these help nobody.
pub(super) const MOST_ERRORS: usize = 20;

/// Longer lines are cut: a hostile file of one line must not flood the terminal.
const LONGEST_LINE: usize = 160;

impl Place {
    /// The place of the bytes `span` of a source.
    pub fn new(source: &SourceText, span: Range<usize>) -> Place {
        let text = &*source.text;
        let from = floor(text, span.start);
        let start = text[..from].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[from..].find('\n').map_or(text.len(), |newline| from + newline);
        let until = floor(text, span.end).clamp(from, end);
        let column = text[start..from].chars().count();
        let width = text[from..until].width().clamp(1, LONGEST_LINE);
        // From the place backwards: a file of one line may have many places far into it.
        let cut = text[start..from].char_indices().rev().nth(LONGEST_LINE / 2 - 1);
        let cut = start + cut.map_or(0, |(at, _)| at);
        let before = &text[cut..from];
        let line: String = text[cut..end].trim_end().chars().take(LONGEST_LINE).collect();
        Place {
            label: source.label.clone(),
            line: text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1,
            column: column + 1,
            // A control character would move the mark or the cursor.
            text: harmless(&line, ' '),
            before: before.width(),
            width,
        }
    }
}

impl Place {
    /// How far the line number pushes the text in.
    pub fn margin(&self) -> usize {
        self.line.to_string().len()
    }
}

/// The line with a mark below what is meant.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { label, line, column, text, before, width } = self;
        let margin = self.margin();
        write!(f, "{:margin$}--> {}:{line}:{column}", "", Plain(label))?;
        write!(f, "\n{:margin$} |\n{line} | {text}\n{:margin$} | {:before$}", "", "", "")?;
        f.write_str(&"^".repeat(*width))
    }
}

/// The three names that are likest to a word, whether or not one of them can have been meant; first those that
/// contain it.
pub fn likest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut known: Vec<&str> = known.into_iter().collect();
    let lacks = |name: &str| word.len() < 3 || !name.contains(&word);
    let alike = |name: &str| strsim::jaro_winkler(name, &word);
    known.sort_by(|a, b| lacks(a).cmp(&lacks(b)).then(alike(b).total_cmp(&alike(a))));
    known.truncate(3);
    known
}

/// Names of which one is to be chosen.
pub fn one_of(known: &[&str]) -> String {
    match known.split_last() {
        None => "nothing".into(),
        Some((last, [])) => format!("`{last}`"),
        Some((last, rest)) => format!("`{}` or `{last}`", rest.join("`, `")),
    }
}

/// The nearest boundary of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&index| text.is_char_boundary(index)).unwrap_or(0)
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, unless it is nowhere in particular.
    pub place: Option<Place>,
    /// What would be right.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Something wrong at a place.
    pub fn new(message: impl Into<String>, place: Option<Place>) -> Diagnostic {
        Diagnostic { message: message.into(), place, help: None }
    }

    /// The same, with what would be right.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", Plain(&self.message))?;
        let margin = self.place.as_ref().map_or(0, Place::margin);
        if let Some(place) = &self.place {
            write!(f, "\n{place}")?;
        }
        match &self.help {
            Some(help) => write!(f, "\n{:margin$} = help: {}", "", Plain(help)),
            None => Ok(()),
        }
    }
}

/// A text that came from outside, safe for a terminal: of one line and of bounded length.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.0.chars().take(2000).collect::<String>()))
    }
}

/// Everything found wrong with a scenario; never empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl From<Diagnostic> for Diagnostics {
    fn from(only: Diagnostic) -> Diagnostics {
        Diagnostics(vec![only])
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n\n" };
            write!(f, "{gap}{diagnostic}")?;
        }
        Ok(())
    }
}

impl Error for Diagnostics {}

/// The name among `known` that `word` was probably meant to be.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let word: String = plain(word).chars().take(LONGEST_LINE).collect();
    let distance = |name: &str| strsim::osa_distance(&plain(name), &word);
    let (distance, name) = known.into_iter().map(|name| (distance(name), name)).min_by_key(|(d, _)| *d)?;
    (distance <= (word.chars().count() / 3).max(1)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_any_span_and_any_text() {
        for text in ["", "\n", "ü", "a\tü\r\nb", "x"] {
            let source = SourceText { label: "a.toml".into(), text: text.into() };
            for from in 0..9 {
                for until in 0..9 {
                    let _ = Place::new(&source, from..until);
                }
            }
        }
        let long = SourceText { label: "a.toml".into(), text: "ü".repeat(10_000).into() };
        let shown = Diagnostic::new("long", Some(Place::new(&long, 9000..20_000))).to_string();
        assert!(shown.chars().count() < 500 && shown.contains("a.toml:1:4501"), "{shown}");
    }

    #[test]
    fn the_mark_stands_below_what_is_meant_whatever_the_letters() {
        let source = SourceText { label: "a.toml".into(), text: "\"受信箱\" = '受'".into() };
        let shown = Place::new(&source, 14..19).to_string();
        assert_eq!(shown.lines().last(), Some("  |            ^^^^"));
    }

    #[test]
    fn the_nearest_name_is_found_or_none() {
        let known = ["keychain_class", "key_access", "auto_lock"];
        assert_eq!(nearest("keychain-clas", known), Some("keychain_class"));
        assert_eq!(nearest("AutoLock", known), Some("auto_lock"));
        assert_eq!(nearest("battery", known), None);
    }
}
