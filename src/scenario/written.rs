//! Where each key of a scenario is written, for those who have something to say about it.

use super::diagnostic::Place;
use super::tree::{Path, Sources, Step};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The keys of a scenario that somebody wrote, in whichever of its layers.
#[derive(Clone)]
pub struct Written {
    sources: Sources,
    spans: Spans,
}

type Spans = BTreeMap<String, Range<usize>>;

impl Written {
    /// Where every value of a document stands that was made of these sources.
    pub(super) fn of(document: &DeTable<'_>, sources: &Sources) -> Written {
        let mut spans = Spans::new();
        add_table(document, &Path::default(), &mut spans);
        Written { sources: sources.clone(), spans }
    }

    /// Whether this key, such as `policy.passcode` or `fleet[0].ram`, is written anywhere.
    pub fn has(&self, key: &str) -> bool {
        self.spans.contains_key(key)
    }

    /// Where the value of this key stands.
    pub fn place(&self, key: &str) -> Option<Place> {
        self.sources.place(self.spans.get(key)?.clone())
    }

    /// Every key that is written.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.spans.keys().map(String::as_str)
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spans.fmt(f)
    }
}

fn add_table(table: &DeTable<'_>, here: &Path, spans: &mut Spans) {
    for (key, value) in table {
        add(value, &here.with(Step::Key(key.get_ref().to_string())), spans);
    }
}

fn add(value: &Spanned<DeValue<'_>>, here: &Path, spans: &mut Spans) {
    spans.insert(here.to_string(), value.span());
    match value.get_ref() {
        DeValue::Table(table) => add_table(table, here, spans),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                add(item, &here.with(Step::Index(index)), spans);
            }
        }
        _ => {}
    }
}
