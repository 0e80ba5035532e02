//! Of which devices and of what time an expectation speaks. One that speaks of nobody would hold whatever happened.

use crate::scenario::{Diagnostic, Expect, Scenario, Selects};
use crate::slice::{Slice, Trait, Who, instant, within};
use crate::units::Bytes;

/// The values of a trait that are meant.
fn values(selects: &Selects, of: Trait) -> Vec<String> {
    match of {
        Trait::Group => selects.group.0.clone(),
        Trait::Persona => selects.persona.0.iter().map(|name| name.name().into()).collect(),
        Trait::Ram => selects.ram.0.iter().map(Bytes::to_string).collect(),
        Trait::Passcode => selects.passcode.0.iter().map(|code| code.name().into()).collect(),
        Trait::TimeZone => selects.time_zone.0.clone(),
    }
}

/// A key of `where` that selects nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SelectsNothing {
    /// Which.
    pub key: &'static str,
    /// What is the matter with it.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

/// What is meant in this scenario; all of it where nothing is said.
///
/// # Errors
/// With the first key that selects nothing.
pub fn slice_of(scenario: &Scenario, selects: &Selects) -> Result<Slice, SelectsNothing> {
    let mut who = Who::default();
    for of in Trait::ALL {
        let meant = values(selects, of);
        if meant.is_empty() {
            continue;
        }
        who = who.among(scenario, of, meant).map_err(|nobody| SelectsNothing {
            key: of.name(),
            message: format!("`where` selects nothing: {nobody}"),
            help: Some(format!("the fleet has {}", nobody.known)),
        })?;
    }
    let fault = |key, message| SelectsNothing { key, message, help: None };
    let at = |key: &'static str, text: &Option<String>| {
        let read = text.as_ref().map(|text| instant(text, &scenario.clock)).transpose();
        read.map_err(|what| fault(key, format!("`where`: {what}")))
    };
    let (from, until) = (at("from", &selects.from)?, at("until", &selects.until)?);
    let window = within(scenario, from, until).map_err(|what| {
        let key = if from.is_some() { "from" } else { "until" };
        fault(key, format!("`where` selects nothing: {what}"))
    })?;
    Ok(Slice { who, window })
}

/// What an expectation speaks of; where it selects nothing, what is the matter, at its place, is added to `faults`.
pub(super) fn slice(scenario: &Scenario, expect: &Expect, faults: &mut Vec<Diagnostic>) -> Slice {
    let Some(selects) = &expect.selects else { return Slice::default() };
    slice_of(scenario, selects).unwrap_or_else(|SelectsNothing { key, message, help }| {
        let place = expect.selects_at.iter().find(|(known, _)| *known == key);
        let place = place.and_then(|(_, place)| place.clone());
        faults.push(Diagnostic { help, ..Diagnostic::new(message, place) });
        Slice::default()
    })
}

/// The same in words, to stand behind a number of devices: ` of the group office, with 3 GB`.
pub fn whose(selects: &Selects) -> String {
    let mut words = Vec::new();
    for of in Trait::ALL {
        let meant = values(selects, of);
        let said = match of {
            Trait::Group => "of the group",
            Trait::Persona => "of the persona",
            Trait::Ram => "with",
            Trait::Passcode => "with the passcode",
            Trait::TimeZone => "at home in",
        };
        words.extend((!meant.is_empty()).then(|| format!("{said} {}", meant.join(" or "))));
    }
    words.extend(selects.from.as_ref().map(|from| format!("from {from}")));
    words.extend(selects.until.as_ref().map(|until| format!("until {until}")));
    if words.is_empty() { String::new() } else { format!(" {}", words.join(", ")) }
}
