//! The keys of a scenario, each declared once, where the model lives that reads it: its type, its
//! default, what it means, how far it may go, which models have it, who decides on it, and what its
//! value rests on. Parsing, limits, the schema and every list of keys follow from these rows.
//!
//! ```text
//! /// How long an answer of a policy is cached, hence the longest time between two looks.
//! answer_validity: Span = Span::MINUTE * 15,
//!     plausible("min", 5.0..180.0), from(DASD, "answers valid 900 s"), at_least(Span::SECOND);
//! ```
//!
//! A row is a field with its default, then what the methods of [`Row`] say of it. What is common
//! needs no words: a key belongs to every model, is part of the world, and has no limit.

mod held;
mod number;
mod row;
mod shown;

pub use held::{Amount, Held, Limit, Shape};
pub use number::{Cited, Number};
pub use row::{Key, Role, Row};
pub use shown::{Choices, Offer, Shown};

/// Declares a section of the scenario: a struct whose fields are its keys.
#[macro_export]
macro_rules! section {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[doc = $what:expr])+
                $(#[serde $serde:tt])?
                $field:ident : $type:ty = $default:expr
                $(, $facet:ident $( ( $($say:tt)* ) )? )* ;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $( $(#[doc = $what])+ $(#[serde $serde])? pub $field: $type, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )* }
            }
        }

        impl $name {
            /// Takes one value over from another.
            pub fn adopt(&mut self, key: &str, from: &Self) {
                match key {
                    $( stringify!($field) => self.$field.clone_from(&from.$field), )*
                    _ => {}
                }
            }
        }

        impl $crate::section::Held for $name {
            const SHAPE: $crate::section::Shape = $crate::section::Shape::Table(&[ $(
                $crate::row!($field: $type, concat!($($what),+) $(, $facet $( ( $($say)* ) )? )*)
            ),* ]);
        }
    };
}

/// One key, from what its row says of it.
#[macro_export]
macro_rules! row {
    ($field:ident : $type:ty, $what:expr $(, $facet:ident $( ( $($say:tt)* ) )? )*) => {{
        let row = $crate::section::Row::<$type>::new(stringify!($field), $what.trim_ascii());
        $( let row = $crate::facet!(row $facet $( ( $($say)* ) )?); )*
        row.key()
    }};
}

/// What a row says of its key: a method of `Row`. Models are variants of the
/// section's own `Kind`, and sources items of `source`.
#[macro_export]
macro_rules! facet {
    ($row:ident only ( $($model:ident),+ )) => { $row.only(&[$(Kind::$model.name()),+]) };
    ($row:ident except ( $($model:ident),+ )) => { $row.except(&[$(Kind::$model.name()),+]) };
    ($row:ident needed_by ( $model:ident )) => { $row.only(&[Kind::$model.name()]).required() };
    ($row:ident from ( $source:ident )) => { $row.from(&$crate::source::$source, "") };
    ($row:ident from ( $source:ident, $place:literal )) => { $row.from(&$crate::source::$source, $place) };
    ($row:ident assumed) => { $row.assumed("") };
    ($row:ident $facet:ident) => { $row.$facet() };
    ($row:ident $facet:ident ( $($say:tt)* )) => { $row.$facet($($say)*) };
}

/// Declares what a key may be set to by name: an enum whose variants a scenario writes in small letters.
#[macro_export]
macro_rules! choice {
    (
        $(#[doc = $about:literal])+
        pub enum $name:ident {
            $( $(#[doc = $what:literal])+ $variant:ident ),+ $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize,
            strum::VariantArray, strum::VariantNames,
        )]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $( $(#[doc = $what])+ $variant ),+ }

        $crate::named!($name);

        impl $crate::section::Held for $name {
            const SHAPE: $crate::section::Shape = $crate::section::Shape::OneOf(&[
                $( ($name::$variant.name(), concat!($($what),+).trim_ascii()) ),+
            ]);
        }
    };
}
