//! `[[expect]]`: what a scenario promises, as it is written. What the words mean is worked out where
//! figures are known; here they only keep their place.

use super::arm::Arm;
use super::diagnostic::{Place, SourceText};
use crate::persona::PersonaName;
use crate::policy::Passcode;
use crate::section::{Held, Row, Shape};
use crate::units::Bytes;
use serde::de::{self, IntoDeserializer, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

crate::section! {
    /// An entry of `[[expect]]` as it is written.
    pub struct ExpectEntry {
        /// What is expected, in the writer's own words.
        name: String = String::new(), study;
        /// Of which phones and of what time it speaks; of all where it is left out.
        #[serde(rename = "where")]
        selects: Option<Selects> = None, study, named("where");
        /// The arm of the file of which it speaks; of the reference where it is left out.
        arm: Option<String> = None, study;
        /// What it compares with: baseline, the committed figures of an earlier run, or an arm by its name; with
        /// nothing where it is left out.
        versus: Option<String> = None, study;
        /// What is asserted, such as told_within(15m) >= 80 %.
        assert: Vec<String> = Vec::new(), study;
    }
}

/// The part of the fleet and of the time that an expectation speaks of.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selects {
    /// The phones of these groups.
    #[serde(skip_serializing_if = "Few::is_empty")]
    pub group: Few<String>,
    /// Those of these kinds of users.
    #[serde(skip_serializing_if = "Few::is_empty")]
    pub persona: Few<PersonaName>,
    /// Those with so much memory.
    #[serde(skip_serializing_if = "Few::is_empty")]
    pub ram: Few<Bytes>,
    /// Those with these passcodes.
    #[serde(skip_serializing_if = "Few::is_empty")]
    pub passcode: Few<Passcode>,
    /// Those that are at home in these time zones.
    #[serde(skip_serializing_if = "Few::is_empty")]
    pub time_zone: Few<String>,
    /// Mail from this instant on, and what else happens then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Up to but not including this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl Selects {
    /// Its keys.
    pub(super) const KEYS: [&str; 7] = ["group", "persona", "ram", "passcode", "time_zone", "from", "until"];
}

impl Held for Selects {
    const SHAPE: Shape = Shape::Table(&[
        Row::<Few<String>>::new("group", "The phones of these groups.").study().key(),
        Row::<Few<PersonaName>>::new("persona", "The phones of these kinds of users.").study().key(),
        Row::<Few<Bytes>>::new("ram", "The phones with so much memory.").study().key(),
        Row::<Few<Passcode>>::new("passcode", "The phones with these passcodes.").study().key(),
        Row::<Few<String>>::new("time_zone", "The phones at home in these time zones.").study().key(),
        Row::<Option<String>>::new("from", "What happens from this date or time on.").study().key(),
        Row::<Option<String>>::new("until", "What happens before this date or time.").study().key(),
    ]);
}

/// A value, or a list of some; none where the key is left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Few<T>(pub Vec<T>);

impl<T> Default for Few<T> {
    fn default() -> Few<T> {
        Few(Vec::new())
    }
}

impl<T> Few<T> {
    /// Whether the key is left out.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Held> Held for Few<T> {
    const SHAPE: Shape = Shape::OneOrMore(&T::SHAPE);
}

impl<T: Serialize> Serialize for Few<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => one.serialize(to),
            several => several.serialize(to),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Few<T>, D::Error> {
        struct Reads<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reads<T> {
            type Value = Few<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or a list of some")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Few<T>, E> {
                T::deserialize(text.into_deserializer()).map(|one| Few(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Few<T>, A::Error> {
                let mut few = Vec::new();
                while let Some(item) = items.next_element()? {
                    few.push(item);
                }
                match few.is_empty() {
                    true => Err(de::Error::invalid_length(0, &"one at least")),
                    false => Ok(Few(few)),
                }
            }
        }
        from.deserialize_any(Reads(PhantomData))
    }
}

/// What stands for the committed figures of an earlier run where an arm could stand.
pub(super) const BASELINE: &str = "baseline";

/// What an expectation compares with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Versus {
    /// The committed figures of an earlier run.
    Baseline,
    /// An arm of the same file, or its reference by name, on the same devices.
    Arm(Arm),
}

impl Versus {
    /// As it is written.
    pub fn name(&self) -> &str {
        match self {
            Versus::Baseline => BASELINE,
            Versus::Arm(arm) => &arm.name,
        }
    }
}

/// An expectation of a scenario.
#[derive(Clone, Debug)]
pub struct Expect {
    /// What is expected, in the writer's own words.
    pub name: String,
    /// Of which phones and of what time it speaks; of all where there is none.
    pub selects: Option<Selects>,
    /// Where the keys of that stand.
    pub selects_at: Vec<(&'static str, Option<Place>)>,
    /// The arm of which it speaks; none for the reference.
    pub arm: Option<Arm>,
    /// What it compares with.
    pub versus: Option<Versus>,
    /// Where that is said.
    pub versus_at: Option<Place>,
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
