//! Where each number comes from: every section of a scenario declares its keys together with their
//! default, unit, tag, plausible range and source, so that no number stands without them.

use serde::Serialize;
use strum::{IntoStaticStr, VariantArray};

crate::named!(Tag);

/// What a number rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, VariantArray, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Tag {
    /// Apple's documentation, or Apple staff.
    Apple,
    /// Apple's open-source kernel.
    Xnu,
    /// Published device logs, or documents of vendors.
    Field,
    /// Public reverse engineering of one build of iOS.
    ReverseEngineered,
    /// Fitted from measured data.
    Measured,
    /// No source exists.
    Assumed,
}

/// A number of the model, as `bgsim assumptions` lists it.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Number {
    /// The key within its section.
    pub key: &'static str,
    /// What it means, in one sentence.
    pub what: &'static str,
    /// What it rests on.
    pub tag: Tag,
    /// The unit of `range`.
    pub unit: &'static str,
    /// The values that are plausible.
    pub range: (f64, f64),
    /// Where it was found.
    pub source: &'static str,
}

/// Declares a section of the scenario: a struct whose fields have defaults, and beside each number
/// its provenance as `[Tag, "unit", low..high, "source"]`.
#[macro_export]
macro_rules! section {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( #[doc = $what:literal] $(#[$field_meta:meta])* $field:ident : $type:ty = $default:expr
               $(, [$tag:ident, $unit:literal, $low:literal .. $high:literal, $source:literal])? ; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $( #[doc = $what] $(#[$field_meta])* pub $field: $type, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default, )* }
            }
        }

        impl $name {
            /// The section's keys and what each means.
            pub const KEYS: &'static [(&'static str, &'static str)] =
                &[ $( (stringify!($field), $what.trim_ascii()), )* ];

            /// The section's numbers and where they come from.
            pub const NUMBERS: &'static [$crate::number::Number] = &[
                $( $( $crate::number::Number {
                    key: stringify!($field),
                    what: $what.trim_ascii(),
                    tag: $crate::number::Tag::$tag,
                    unit: $unit,
                    range: ($low, $high),
                    source: $source,
                }, )? )*
            ];
        }
    };
}
