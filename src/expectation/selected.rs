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

/// What is meant in this scenario; all of it where nothing is said.
///
/// # Errors
/// With the first key that selects nothing, and what is the matter with it.
pub fn slice_of(scenario: &Scenario, selects: &Selects) -> Result<Slice, (&'static str, Diagnostic)> {
    let mut who = Who::default();
    for of in Trait::ALL {
        let meant = values(selects, of);
        if meant.is_empty() {
            continue;
        }
        who = who.among(scenario, of, meant).map_err(|nobody| {
            let fault = Diagnostic::new(format!("`where` selects nothing: {nobody}"), None);
            (of.name(), Diagnostic { help: Some(format!("the fleet has {}", nobody.known)), ..fault })
        })?;
    }
    let at = |key: &'static str, text: &Option<String>| {
        let read = text.as_ref().map(|text| instant(text, &scenario.clock)).transpose();
        read.map_err(|fault| (key, Diagnostic::new(format!("`where`: {fault}"), None)))
    };
    let (from, until) = (at("from", &selects.from)?, at("until", &selects.until)?);
    let window = within(scenario, from, until).map_err(|fault| {
        let key = if from.is_some() { "from" } else { "until" };
        (key, Diagnostic::new(format!("`where` selects nothing: {fault}"), None))
    })?;
    Ok(Slice { who, window })
}

/// What an expectation speaks of.
///
/// # Errors
/// With what is the matter, at its place.
pub(super) fn slice(scenario: &Scenario, expect: &Expect) -> Result<Slice, Diagnostic> {
    let Some(selects) = &expect.selects else { return Ok(Slice::default()) };
    slice_of(scenario, selects).map_err(|(key, fault)| {
        let place = expect.selects_at.iter().find(|(known, _)| *known == key);
        Diagnostic { place: place.and_then(|(_, place)| place.clone()), ..fault }
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
