//! What may stand for the value of a key, and how far it may go before a simulation would hang or exhaust the
//! machine.

use super::Key;
use crate::time::Span;
use crate::units::{Bytes, Share};
use std::fmt;
use toml::Value;

/// How a scenario writes the values of a type.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// `true` or `false`.
    Truth,
    /// A whole number, 0 or more.
    Whole,
    /// A number.
    Number,
    /// A part of a whole.
    Share,
    /// A length of time with its unit.
    Length,
    /// The same, or `never`.
    LengthOrNever,
    /// The same, or `true`.
    LengthOrTrue,
    /// A size with its unit.
    Size,
    /// A time of day.
    TimeOfDay,
    /// A local time.
    DateTime,
    /// A local time, or with `Z` or an offset an instant.
    Instant,
    /// Any text.
    Text,
    /// One of these names, each with what it means.
    OneOf(&'static [(&'static str, &'static str)]),
    /// A list, of this many items if that is fixed.
    List(&'static Shape, Option<usize>),
    /// One of these, or a list of them.
    OneOrMore(&'static Shape),
    /// A table of settings by their paths.
    Settings,
    /// A table with these keys.
    Table(&'static [Key]),
}

impl Shape {
    /// The keys of a table, or of the tables of a list.
    pub const fn keys(&self) -> &'static [Key] {
        match self {
            Shape::Table(keys) | Shape::List(Shape::Table(keys), _) => keys,
            _ => &[],
        }
    }
}

/// A type that a key can have. `section!` makes one of a struct, and `choice!` of an enum.
///
/// ```
/// use bgsim::section::Held;
/// use bgsim::time::Span;
///
/// bgsim::section! {
///     /// A section of a scenario.
///     pub struct Kettle {
///         /// How long it takes.
///         takes: Span = Span::MINUTE * 3, plausible("min", 1.0..10.0), assumed("an example");
///     }
/// }
/// let [takes] = Kettle::SHAPE.keys() else { panic!("it has one key") };
/// assert_eq!((takes.name, takes.what), ("takes", "How long it takes."));
/// ```
pub trait Held {
    /// How its values are written.
    const SHAPE: Shape;
}

macro_rules! held {
    ($($type:ty: $shape:ident),* $(,)?) => {
        $( impl Held for $type { const SHAPE: Shape = Shape::$shape; } )*
    };
}

held! {
    bool: Truth,
    u32: Whole,
    u64: Whole,
    f64: Number,
    Share: Share,
    Span: Length,
    Bytes: Size,
    jiff::civil::DateTime: DateTime,
    String: Text,
}

impl<T: Held> Held for Option<T> {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: Held> Held for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE, None);
}

impl<T: Held, const N: usize> Held for [T; N] {
    const SHAPE: Shape = Shape::List(&T::SHAPE, Some(N));
}

/// The least and the greatest value of a key.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limit {
    /// The least.
    pub least: Amount,
    /// The greatest.
    pub most: Amount,
}

impl Limit {
    /// Whether an amount lies within. One of another kind does, since the reader has refused it.
    pub fn has(&self, amount: Amount) -> bool {
        self.least <= amount && amount <= self.most
    }
}

/// A value that can be compared with others of its kind.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug)]
pub enum Amount {
    /// A number.
    Number(f64),
    /// A length of time.
    Length(Span),
    /// A size.
    Size(Bytes),
}

impl Amount {
    /// The amount of a value as a scenario writes it.
    pub fn of(value: &Value) -> Option<Amount> {
        match value {
            Value::Float(number) => Some(Amount::Number(*number)),
            Value::Integer(number) => Some(Amount::Number(*number as f64)),
            Value::String(text) => {
                let length = text.parse().ok().map(Amount::Length);
                length.or_else(|| text.parse().ok().map(Amount::Size))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Number(number) => number.fmt(f),
            Amount::Length(span) => span.fmt(f),
            Amount::Size(bytes) => bytes.fmt(f),
        }
    }
}
