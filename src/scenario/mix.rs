//! A mix: a scalar that is not one for all devices, but has shares of them, such as
//! `{ "4 GB" = 0.4, "8 GB" = 0.6 }`.

use super::diagnostic::{Diagnostic, nearest};
use super::tree::Sources;
use crate::dealing::{UNIT, key_of, quantile};
use crate::policy::{KeyAccess, TimeOfDay};
use crate::section::{Key, Shape};
use crate::time::Span;
use crate::units::{Bytes, Share};
use std::ops::Range;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

/// Where a mix stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Site {
    /// In a section, or in a table of one: it is every group's.
    Section(&'static str, Option<&'static str>),
    /// In a row of the fleet.
    Row(usize),
}

/// A setting with shares of the devices in place of a value.
#[derive(Clone, Debug)]
pub(super) struct Mix {
    pub(super) site: Site,
    /// Whether a scenario says so, or it holds where nothing is said.
    pub(super) is_written: bool,
    /// The key as it is written.
    pub(super) key: &'static str,
    /// Ascending by value.
    parts: Vec<Portion>,
}

/// One value of a mix.
#[derive(Clone, Debug)]
struct Portion {
    /// As a scenario prints it.
    name: String,
    share: f64,
    /// The first place in the unit interval that is no longer this value's.
    below: u64,
    text: String,
    kind: TomlKind,
    span: Range<usize>,
}

/// What TOML calls a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum TomlKind {
    Truth,
    Whole,
    Number,
    Text,
}

/// A value by its name.
struct Named {
    name: String,
    /// Where it stands among others of its kind.
    order: f64,
    kind: TomlKind,
}

/// Why a scalar key can be no mix, if it cannot, given its section or the path of the table in one that it stands
/// in; the empty section is the top of the file.
pub fn unmixed(section: &str, key: &Key) -> Option<&'static str> {
    match (section.split('.').next().unwrap_or_default(), key.name) {
        ("", _) => Some("it is one for all devices"),
        ("fleet", "time_zone") => Some("a group is at home in one zone; write a group for each value"),
        ("fleet", "name" | "title" | "persona" | "weight" | "devices") => {
            Some("it says what the group is; write a group for each value")
        }
        (_, "model") => Some("all devices have the same models"),
        ("mail" | "user" | "network" | "power", "align" | "dates") => {
            Some("a file of real input is read once for all devices")
        }
        ("policy", "from" | "to") => Some("the hours are a whole; write a group for each"),
        // The fleet's energy is worked out from counts of checks.
        ("client", "check_energy_mah") => Some("the fleet's energy is worked out with one value"),
        ("expect", _) => Some("it is no setting of a device"),
        _ => match key.shape {
            Shape::Truth | Shape::Whole | Shape::Number | Shape::Share => None,
            Shape::Length | Shape::LengthOrNever | Shape::Size | Shape::TimeOfDay | Shape::OneOf(_) => None,
            Shape::LengthOrTrue | Shape::DateTime | Shape::Instant => {
                Some("it is one for all whom it concerns")
            }
            Shape::Text => Some("only groups differ in it; write a group for each value"),
            Shape::List(..) | Shape::OneOrMore(_) | Shape::Settings | Shape::Table(_) => {
                Some("only single values can be mixed")
            }
        },
    }
}

/// What to write in place of a mix that cannot be one.
pub(super) fn instead(section: &str, key: &Key) -> &'static str {
    match key.shape {
        Shape::Table(_) | Shape::OneOrMore(_) if !section.is_empty() => {
            "write one value, and give those who have another a group of their own"
        }
        _ => "write a single value",
    }
}

/// Whether a table at a key that takes none is meant as a mix.
pub(super) fn is_meant(table: &DeTable<'_>) -> bool {
    !table.is_empty() && table.values().all(|value| share_of(value.get_ref()).is_some())
}

/// A share, written as a number or as `"40 %"`, whether or not it lies within bounds.
fn share_of(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Float(float) => float.as_str().parse().ok(),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|number| number as f64)
        }
        DeValue::String(text) => Some(text.trim().strip_suffix('%')?.trim().parse::<f64>().ok()? / 100.0),
        _ => None,
    }
}

impl Mix {
    /// Reads a mix; faults say what is wrong with it.
    pub(super) fn read(
        site: Site,
        key: &'static Key,
        path: &str,
        written: &Spanned<DeValue<'_>>,
        sources: &Sources,
    ) -> Result<Mix, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut fault = |span: Range<usize>, message: String, help: String| {
            faults.push(Diagnostic::new(message, sources.place(span)).help(help));
        };
        let mut parts: Vec<(f64, Portion)> = Vec::new();
        let table = written.get_ref().as_table().into_iter().flatten();
        for (name, share) in table {
            let (text, span): (&str, _) = (name.get_ref(), name.span());
            let Some(named) = named(&key.shape, text) else {
                let message = format!("`{text}` in the mix of `{path}` is not a value of it");
                fault(span, message, right(&key.shape, text));
                continue;
            };
            let part = |share| Portion {
                name: named.name,
                share,
                below: 0,
                text: text.into(),
                kind: named.kind,
                span,
            };
            match share_of(share.get_ref()) {
                Some(share) if (0.0..=1.0).contains(&share) => parts.push((named.order, part(share))),
                Some(found) => {
                    let message =
                        format!("the share of `{text}` in `{path}` is {found}; it must lie from 0 to 1");
                    fault(share.span(), message, "write for example 0.4 or \"40 %\"".into());
                }
                None => {
                    let kind = share.get_ref().type_str();
                    let message =
                        format!("the share of `{text}` in `{path}` must be a number, but is a {kind}");
                    let help = "write for example 0.4 or \"40 %\"; a value with a point needs quotes: { \"0.5\" = 0.4 }";
                    fault(share.span(), message, help.into());
                }
            }
        }
        parts.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        for pair in parts.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            let message = format!("`{path}` has two shares of the value {}", pair[1].1.name);
            fault(pair[1].1.span.clone(), message, "write the value once, with the sum of both".into());
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut total = 0.0;
        for (_, part) in &mut parts {
            total += part.share;
            part.below = (total * UNIT as f64).round() as u64;
        }
        let sum = parts.last().map_or(0, |(_, last)| last.below);
        if sum != UNIT {
            let (message, help) = match parts.as_slice() {
                [] => (format!("the mix of `{path}` is empty"), example(&key.shape)),
                _ => (
                    format!("the shares of `{path}` add up to {}", sum as f64 / UNIT as f64),
                    "they must add up to 1".into(),
                ),
            };
            return Err(vec![Diagnostic::new(message, sources.place(written.span())).help(help)]);
        }
        Ok(Mix {
            site,
            is_written: true,
            key: key.name,
            parts: parts.into_iter().map(|(_, part)| part).collect(),
        })
    }

    /// The mix that a row of the fleet is by default, if a persona has one.
    pub(super) fn by_default(row: usize, key: &'static Key, persona: &str, sources: &Sources) -> Option<Mix> {
        let (_, text) = key.mixed.iter().find(|(name, _)| *name == persona)?;
        let mix = DeValue::parse(text).ok()?;
        let mix = Mix::read(Site::Row(row), key, key.name, &mix, sources).ok()?;
        Some(Mix { is_written: false, ..mix })
    }

    /// How many values it has.
    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    /// The value with the largest share, the least of several.
    pub(super) fn commonest(&self) -> usize {
        let larger = |best: usize, part: usize| {
            if self.parts[part].share > self.parts[best].share { part } else { best }
        };
        (0..self.parts.len()).fold(0, larger)
    }

    /// Which of its values a member of a group has.
    pub(super) fn pick(&self, group: &str, rank: u32) -> usize {
        let place = quantile(key_of(&["mix", group, &self.path()]), rank.into());
        self.parts.iter().position(|part| place < part.below).unwrap_or(self.parts.len() - 1)
    }

    /// The value, as if it stood alone in the file.
    pub(super) fn value(&self, part: usize) -> Spanned<DeValue<'_>> {
        let Portion { text, kind, span, .. } = &self.parts[part];
        let as_text = || DeValue::String(text.as_str().into());
        let value = match kind {
            TomlKind::Truth => DeValue::Boolean(text == "true"),
            TomlKind::Whole | TomlKind::Number => {
                DeValue::parse(text).map_or_else(|_| as_text(), Spanned::into_inner)
            }
            TomlKind::Text => as_text(),
        };
        Spanned::new(span.clone(), value)
    }

    /// The share of the devices that have a value.
    pub(super) fn share(&self, part: usize) -> f64 {
        let below = part.checked_sub(1).map_or(0, |before| self.parts[before].below);
        (self.parts[part].below - below) as f64 / UNIT as f64
    }

    /// A value as it is printed.
    pub(super) fn name(&self, part: usize) -> String {
        self.printed_name(&self.parts[part])
    }

    /// A value as it would stand in a file.
    pub(super) fn plain(&self, part: usize) -> Value {
        let Portion { text, name, kind, .. } = &self.parts[part];
        match kind {
            TomlKind::Truth => Value::Boolean(text == "true"),
            TomlKind::Whole => name.parse().map_or_else(|_| Value::String(name.clone()), Value::Integer),
            TomlKind::Number => name.parse().map_or_else(|_| Value::String(name.clone()), Value::Float),
            TomlKind::Text => Value::String(name.clone()),
        }
    }

    /// The key as it is printed and dealt by: key access has two spellings, and is one setting.
    pub(super) fn setting(&self) -> &'static str {
        if self.is_key_access() { "key_access" } else { self.key }
    }

    /// The way to its setting from the top, or from the row it stands in.
    pub(super) fn path(&self) -> String {
        let (section, table) = match self.site {
            Site::Section(section, table) => (Some(section), table),
            Site::Row(_) => (None, None),
        };
        section.into_iter().chain(table).chain([self.setting()]).collect::<Vec<_>>().join(".")
    }

    /// Whether it is of the key access, in either spelling.
    pub(super) fn is_key_access(&self) -> bool {
        self.site == Site::Section("policy", None)
            && matches!(self.key, "key_access" | "allow_device_keychain")
    }

    /// The mix as a scenario prints it.
    pub(super) fn printed(&self) -> Value {
        let shares = self.parts.iter().map(|part| (self.printed_name(part), Value::Float(part.share)));
        Value::Table(shares.collect::<Table>())
    }

    fn printed_name(&self, part: &Portion) -> String {
        match (self.key, part.name.as_str()) {
            ("allow_device_keychain", "true") => KeyAccess::DeviceKeychain.name().into(),
            ("allow_device_keychain", _) => KeyAccess::AppFlip.name().into(),
            (_, name) => name.to_string(),
        }
    }
}

/// The value that a name means to a key of this shape.
fn named(shape: &Shape, text: &str) -> Option<Named> {
    let of = |name: String, order: f64, kind: TomlKind| Some(Named { name, order, kind });
    let number = || {
        let value = DeValue::parse(text).ok()?.into_inner();
        let kind = if matches!(value, DeValue::Integer(_)) { TomlKind::Whole } else { TomlKind::Number };
        let number = share_of(&value).filter(|_| !value.is_str())?;
        of(number.to_string(), number, kind)
    };
    match shape {
        Shape::Truth => {
            let truth: bool = text.parse().ok()?;
            of(text.into(), truth.into(), TomlKind::Truth)
        }
        Shape::Whole => number().filter(|named| named.kind == TomlKind::Whole),
        Shape::Number => number(),
        Shape::Share => number().or_else(|| {
            let share = text.parse::<Share>().ok()?.get();
            of(share.to_string(), share, TomlKind::Text)
        }),
        // What never comes is the latest of all.
        Shape::LengthOrNever if text == "never" => of(text.into(), f64::INFINITY, TomlKind::Text),
        Shape::Length | Shape::LengthOrNever => {
            let span: Span = text.parse().ok()?;
            of(span.to_string(), span.ms() as f64, TomlKind::Text)
        }
        Shape::Size => {
            let bytes: Bytes = text.parse().ok()?;
            of(bytes.to_string(), bytes.get() as f64, TomlKind::Text)
        }
        Shape::TimeOfDay => {
            let time = TimeOfDay::read(text)?;
            of(time.to_string(), time.dial().ms() as f64, TomlKind::Text)
        }
        Shape::OneOf(choices) => {
            let place = choices.iter().position(|(name, _)| *name == text)?;
            of(text.into(), place as f64, TomlKind::Text)
        }
        _ => None,
    }
}

/// What would be right in place of a name.
fn right(shape: &Shape, text: &str) -> String {
    match shape {
        Shape::OneOf(choices) => match nearest(text, choices.iter().map(|(name, _)| *name)) {
            Some(name) => format!("did you mean `{name}`?"),
            None => {
                let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
                format!("its values are {}", names.join(", "))
            }
        },
        _ => example(shape),
    }
}

fn example(shape: &Shape) -> String {
    let mix = match shape {
        Shape::Truth => "{ true = 0.88, false = 0.12 }",
        Shape::Whole => "{ 20 = 0.4, 30 = 0.6 }",
        Shape::Number => "{ \"0.5\" = 0.4, \"1.5\" = 0.6 }",
        Shape::Share => "{ \"10 %\" = 0.4, \"20 %\" = 0.6 }",
        Shape::LengthOrNever => "{ \"1h 30m\" = 0.4, \"never\" = 0.6 }",
        Shape::Length => "{ \"2m\" = 0.4, \"1h 30m\" = 0.6 }",
        Shape::Size => "{ \"4 GB\" = 0.4, \"8 GB\" = 0.6 }",
        Shape::TimeOfDay => "{ \"03:00\" = 0.4, \"04:30\" = 0.6 }",
        Shape::OneOf([(first, _), (second, _), ..]) => {
            return format!("write values with their shares, such as {{ {first} = 0.4, {second} = 0.6 }}");
        }
        _ => "{ value = 1 }",
    };
    format!("write values with their shares, such as {mix}")
}
