//! `[[expect]]`: what a scenario promises, as it is written. What the words mean is worked out where
//! figures are known; here they only keep their place.

use super::diagnostic::{Place, SourceText};
use crate::persona::PersonaName;
use crate::section::{Held, Row, Shape};
use serde::{Deserialize, Serialize};
use std::ops::Range;

crate::section! {
    /// An entry of `[[expect]]` as it is written.
    pub struct ExpectEntry {
        /// What is expected, in the writer's own words.
        name: String = String::new(), study;
        /// Whose phones it speaks of; everybody's where it is left out.
        #[serde(rename = "where")]
        selects: Option<Selects> = None, study, named("where");
        /// What it compares with; with nothing where it is left out.
        versus: Option<Versus> = None, study;
        /// What is asserted, such as told_within(15m) >= 80 %.
        assert: Vec<String> = Vec::new(), study;
    }
}

/// The part of the fleet that an expectation speaks of.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selects {
    /// The phones of this kind of user.
    pub persona: PersonaName,
}

impl Held for Selects {
    const SHAPE: Shape =
        Shape::Table(&[Row::<PersonaName>::new("persona", "The phones of this kind of user.").study().key()]);
}

crate::choice! {
    /// What an expectation compares with.
    pub enum Versus {
        /// The committed figures of an earlier run.
        Baseline,
    }
}

/// An expectation of a scenario.
#[derive(Clone, Debug)]
pub struct Expect {
    /// What is expected, in the writer's own words.
    pub name: String,
    /// Whose phones it speaks of.
    pub persona: Option<PersonaName>,
    /// Whether it compares with the baseline.
    pub versus_baseline: bool,
    /// What is asserted.
    pub asserts: Vec<Quoted>,
}

/// A text with the place where it was written.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// What it says.
    pub text: String,
    pub(super) from: Option<(SourceText, Range<usize>)>,
}

impl Quoted {
    /// A text that stands in no file.
    pub fn nowhere(text: &str) -> Quoted {
        Quoted { text: text.into(), from: None }
    }

    /// The place of a part of the text; of the whole where an escape has moved its parts.
    pub fn place(&self, part: Range<usize>) -> Option<Place> {
        let (source, span) = self.from.as_ref()?;
        let begin = span.start + 1;
        let plain = source.text.get(begin..).is_some_and(|rest| rest.starts_with(&self.text));
        let span = if plain { begin + part.start..begin + part.end } else { span.clone() };
        Some(Place::new(source, span))
    }

    /// The place of the whole text.
    pub fn whole(&self) -> Option<Place> {
        self.place(0..self.text.len())
    }
}
