//! What became of everything that was looked at.

use super::source::Source;
use std::collections::{BTreeMap, BTreeSet};

/// What became of one table of a database, or of one text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Part {
    /// Rows that say something.
    pub read: u64,
    /// Rows that do not, and why.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Columns or fields that were looked for and are not there.
    pub missing: BTreeSet<&'static str>,
}

impl Part {
    /// What was skipped and why, and what is not there.
    fn in_words(&self) -> String {
        let skipped = self.skipped.iter().map(|(why, many)| format!("{many} {why}"));
        let missing = self.missing.iter().map(|column| format!("no {column}"));
        skipped.chain(missing).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn skip(&mut self, why: &'static str) {
        self.skip_many(why, 1);
    }

    pub(super) fn skip_many(&mut self, why: &'static str, rows: u64) {
        if rows > 0 {
            *self.skipped.entry(why).or_default() += rows;
        }
    }
}

/// What became of all inputs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Account {
    /// What was read, by log and by table or text within it.
    pub parts: BTreeMap<(Source, &'static str), Part>,
    /// Files that say something.
    pub files: u64,
    /// Files of archives that were not read, and why.
    pub unread: BTreeMap<String, u64>,
    /// What else has to be known of what was read.
    pub notes: BTreeSet<String>,
}

/// Every file of an archive may be broken in a way of its own; nobody reads more.
const MOST_WORDS: usize = 100;
const OTHERS: &str = "other reasons";

impl Account {
    /// What became of each table and text, in a line.
    pub(super) fn in_words(&self) -> String {
        let part = |((_, name), part): (&(Source, &'static str), &Part)| {
            let why = part.in_words();
            format!("{name}: {} rows{}{why}", part.read, if why.is_empty() { "" } else { ", " })
        };
        // Tables that are not there say least, and are named where there is nothing else.
        let is_there =
            |(_, part): &(&(Source, &'static str), &Part)| part.read > 0 || !part.skipped.is_empty();
        let any = self.parts.iter().any(|part| is_there(&part));
        let parts = self
            .parts
            .iter()
            .filter(|part| !any || is_there(part))
            .map(part)
            .chain(self.notes.iter().map(|note| note.replace("; ", ": ")));
        parts.collect::<Vec<_>>().join("; ")
    }

    pub(super) fn part(&mut self, source: Source, table: &'static str) -> &mut Part {
        self.parts.entry((source, table)).or_default()
    }

    pub(super) fn leave(&mut self, why: &str) {
        let why = if self.unread.len() < MOST_WORDS || self.unread.contains_key(why) { why } else { OTHERS };
        *self.unread.entry(why.into()).or_default() += 1;
    }

    pub(super) fn note(&mut self, text: String) {
        if self.notes.len() < MOST_WORDS {
            self.notes.insert(text);
        }
    }
}
