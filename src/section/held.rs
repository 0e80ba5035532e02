//! What may stand for the value of a key.

use super::Key;
use crate::time::Span;
use crate::units::{Bytes, Share};

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
    /// A size with its unit.
    Size,
    /// A time of day.
    TimeOfDay,
    /// A local time.
    DateTime,
    /// Any text.
    Text,
    /// One of these names, each with what it means.
    OneOf(&'static [(&'static str, &'static str)]),
    /// A list, of this many items if that is fixed.
    List(&'static Shape, Option<usize>),
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

/// A type that a key can have.
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
