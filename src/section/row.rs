//! A key, and the words in which its row is written.

use super::{Amount, Choices, Cited, Held, Limit, Number, Offer, Shape, Shown};
use crate::source::{Source, Tag};
use crate::time::Span;
use crate::units::{Bytes, Share};
use std::marker::PhantomData;
use std::ops::{Range, RangeInclusive};

/// A key of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name within its section.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub what: &'static str,
    /// How its values are written.
    pub shape: Shape,
    /// How far they may go.
    pub limit: Option<Limit>,
    /// What may have been meant by a value beyond that.
    pub hint: Option<&'static str>,
    /// Whether it is a list of weights: were all zero, nothing could be drawn by them.
    pub weights: bool,
    /// The models of its section that have it; all where none is named.
    pub models: &'static [&'static str],
    /// The models of its section that do without it, where all others have it.
    pub except: &'static [&'static str],
    /// Whether those models cannot do without it.
    pub required: bool,
    /// The section whose model reads it, where that is not its own.
    pub read_by: Option<&'static str>,
    /// Where by default it has shares of the devices in place of one value: whose, and the mix as a scenario
    /// writes it. The field's own default is then the commonest of them.
    pub mixed: &'static [(&'static str, &'static str)],
    /// Whether nobody has published which of its values holds, so that the default is assumed.
    pub unpublished: bool,
    /// Who decides on it.
    pub role: Role,
    /// What its value rests on, where it is a number of the model.
    pub number: Option<Number>,
    /// How people turn it, where it is one of the few that an explorer puts before them.
    pub shown: Option<Shown>,
    label: Option<&'static str>,
}

impl Key {
    /// What people call it.
    pub fn label(&self) -> String {
        self.label.map_or_else(|| self.name.replace('_', " "), String::from)
    }

    /// What it means, and with which models if not with all.
    pub fn says(&self) -> String {
        said([self.models, self.except], self.what)
    }

    /// Whether it belongs to this model of its section.
    pub fn belongs_to(&self, model: &str) -> bool {
        (self.models.is_empty() || self.models.contains(&model)) && !self.except.contains(&model)
    }
}

/// What a key means, with the models that have it or those that do not.
pub(super) fn said([models, except]: [&[&str]; 2], what: &str) -> String {
    match (models, except) {
        ([], []) => what.into(),
        ([], except) => format!("Not with `{}`: {what}", except.join("` or `")),
        (models, _) => format!("With `{}`: {what}", models.join("` or `")),
    }
}

/// Who decides on the value of a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// An administrator or an engineer: it can be chosen.
    Decision,
    /// Nobody: phones and people are that way.
    World,
    /// Whoever asks the question: what is simulated, and how much of it.
    Study,
}

/// A row under way: the key of a field of type `T`, and what has been said of its value.
pub struct Row<T> {
    key: Key,
    plausible: Option<(&'static str, f64, f64)>,
    cited: [Option<Cited>; 2],
    note: &'static str,
    assumed: bool,
    holds: PhantomData<T>,
}

impl<T: Held> Row<T> {
    /// A key that belongs to every model, is part of the world, and has no limit.
    pub const fn new(name: &'static str, what: &'static str) -> Row<T> {
        let key = Key {
            name,
            what,
            shape: T::SHAPE,
            limit: None,
            hint: None,
            unpublished: false,
            weights: false,
            models: &[],
            except: &[],
            required: false,
            read_by: None,
            mixed: &[],
            role: Role::World,
            number: None,
            shown: None,
            label: None,
        };
        Row { key, plausible: None, cited: [None; 2], note: "", assumed: false, holds: PhantomData }
    }

    /// It is a number of the model, and these values of it are plausible.
    pub const fn plausible(mut self, unit: &'static str, range: Range<f64>) -> Row<T> {
        assert!(range.start < range.end, "a range goes up");
        self.plausible = Some((unit, range.start, range.end));
        self
    }

    /// Where the number was found; its tag is that of the source named first.
    pub const fn from(mut self, source: &'static Source, place: &'static str) -> Row<T> {
        let free = self.cited[0].is_some() as usize;
        assert!(self.cited[free].is_none(), "a number has two sources at most");
        self.cited[free] = Some(Cited { source, place });
        self
    }

    /// The number does not follow from its sources, if it has any. Why, if there is something to say.
    pub const fn assumed(mut self, note: &'static str) -> Row<T> {
        self.assumed = true;
        self.note(note)
    }

    /// What else is to be said of the number.
    pub const fn note(mut self, note: &'static str) -> Row<T> {
        self.note = note;
        self
    }

    /// People may choose among these.
    pub const fn offers(mut self, label: &'static str, offers: &'static [Offer]) -> Row<T> {
        self.key.shown = Some(Shown { label, choice: Choices::Few(offers), needs: None });
        self
    }

    /// People may turn it along these stops; `half` is half a sentence in which the value stands for `{}`.
    pub const fn turns(
        mut self,
        label: &'static str,
        half: &'static str,
        stops: &'static [&'static str],
    ) -> Row<T> {
        self.key.shown = Some(Shown { label, choice: Choices::Scale { half, stops }, needs: None });
        self
    }

    /// It is put before people only where another key has one of these values.
    pub const fn where_key(mut self, key: &'static str, values: &'static [&'static str]) -> Row<T> {
        let Some(shown) = &mut self.key.shown else { panic!("it is put before nobody") };
        shown.needs = Some((key, values));
        self
    }

    /// The key, once all is said.
    pub const fn key(self) -> Key {
        let Row { mut key, plausible, cited, note, assumed, .. } = self;
        let tag = match &cited[0] {
            Some(first) if !assumed => first.source.tag,
            _ => Tag::Assumed,
        };
        if let Some((unit, low, high)) = plausible {
            assert!(assumed || cited[0].is_some(), "a number is assumed, or found somewhere");
            let (name, what, models, except) = (key.name, key.what, key.models, key.except);
            let range = (low, high);
            key.number = Some(Number { key: name, what, models, except, tag, unit, range, cited, note });
        } else {
            assert!(!assumed && cited[0].is_none(), "what is found or assumed has a plausible range");
        }
        key
    }
}

macro_rules! words {
    ($($(#[doc = $what:literal])+ $word:ident($($said:ident: $type:ty)?) => $field:ident = $value:expr;)*) => {
        impl<T> Row<T> {
            $(
                $(#[doc = $what])+
                pub const fn $word(mut self $(, $said: $type)?) -> Row<T> {
                    self.key.$field = $value;
                    self
                }
            )*
        }
    };
}

// What is said of a key alone, and not of its number.
words! {
    /// An administrator or an engineer chooses it.
    decision() => role = Role::Decision;
    /// Nobody has published which of its values holds: the default is assumed.
    unpublished() => unpublished = true;
    /// It belongs to the question.
    study() => role = Role::Study;
    /// What people call it, where that is not its name.
    label(label: &'static str) => label = Some(label);
    /// How scenarios write it, where that is a word of Rust.
    named(name: &'static str) => name = name;
    /// What may have been meant by a value that goes too far.
    hint(hint: &'static str) => hint = Some(hint);
    /// It means something to these models only.
    only(models: &'static [&'static str]) => models = models;
    /// It means nothing to these models.
    except(models: &'static [&'static str]) => except = models;
    /// Its models cannot do without it.
    required() => required = true;
    /// The model of another section reads it.
    read_by(section: &'static str) => read_by = Some(section);
    /// By default it is a mix.
    mixed(mixes: &'static [(&'static str, &'static str)]) => mixed = mixes;
    /// It is a list of weights, of which not all may be zero.
    weights() => weights = true;
}

macro_rules! limits {
    ($($type:ty: $value:ident => $amount:expr;)*) => { $(
        limits!(@ $type, $type, $value, $amount);
        limits!(@ Option<$type>, $type, $value, $amount);
    )* };
    (@ $field:ty, $type:ty, $value:ident, $amount:expr) => {
        impl Row<$field> {
            /// The least and the greatest value.
            pub const fn within(mut self, limits: RangeInclusive<$type>) -> Row<$field> {
                const fn amount($value: $type) -> Amount {
                    $amount
                }
                self.key.limit = Some(Limit { least: amount(*limits.start()), most: amount(*limits.end()) });
                self
            }
        }
    };
}

limits! {
    f64: value => Amount::Number(value);
    u32: value => Amount::Number(value as f64);
    Share: value => Amount::Number(value.get());
    Span: value => Amount::Length(value);
    Bytes: value => Amount::Size(value);
}

/// Ten years: no length is longer.
const LONGEST: Span = Span::from_ms(3_653 * Span::DAY.ms());

macro_rules! at_least {
    ($($field:ty),*) => { $(
        impl Row<$field> {
            /// The least length. A second is where zero would repeat itself for ever at one instant.
            pub const fn at_least(self, least: Span) -> Row<$field> {
                self.within(least..=LONGEST)
            }
        }
    )* };
}
at_least!(Span, Option<Span>);
