//! What a number rests on.

use super::row::said;
use crate::source::{Source, Tag};
use serde::{Serialize, Serializer};
use std::fmt;

/// A number of the model, as `bgsim assumptions` lists it.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// The key within its section.
    pub key: &'static str,
    /// What it means, in one sentence.
    pub what: &'static str,
    /// The models that have it; all where none is named.
    pub models: &'static [&'static str],
    /// The models that do without it, where all others have it.
    pub except: &'static [&'static str],
    /// What it rests on.
    pub tag: Tag,
    /// The unit of `range`.
    pub unit: &'static str,
    /// The values that are plausible.
    pub range: (f64, f64),
    /// Where it was found, the first being what its tag goes by.
    pub cited: [Option<Cited>; 2],
    /// What else is to be said of it.
    pub note: &'static str,
}

/// A source, and where in it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cited {
    /// The item of the bibliography; others name it.
    #[serde(serialize_with = "name")]
    pub source: &'static Source,
    /// The place in it, or what it says; empty where the source is about nothing else.
    pub place: &'static str,
}

impl Number {
    /// What it means, and with which models if not with all.
    pub fn says(&self) -> String {
        said([self.models, self.except], self.what)
    }

    /// An amount with its unit, which 1 is none.
    pub fn in_unit(&self, amount: impl fmt::Display) -> String {
        if self.unit == "1" { amount.to_string() } else { format!("{amount} {}", self.unit) }
    }

    /// The values that are plausible, in words.
    pub fn plausible(&self) -> String {
        self.in_unit(format_args!("{} to {}", self.range.0, self.range.1))
    }

    /// Where it was found, in words.
    pub fn source(&self) -> String {
        let cited = self.cited.iter().flatten().map(|Cited { source, place }| match *place {
            "" => source.name.into(),
            place => format!("{}: {place}", source.name),
        });
        let note = Some(self.note.to_string()).filter(|note| !note.is_empty());
        let parts: Vec<String> = cited.chain(note).collect();
        if parts.is_empty() { "no source".into() } else { parts.join("; ") }
    }
}

fn name<S: Serializer>(source: &Source, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(source.name)
}
