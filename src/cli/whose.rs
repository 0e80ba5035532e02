//! `--where`, `--from` and `--until`: the part of a fleet and of its time that is looked at.

use super::Fault;
use crate::command::Command;
use crate::scenario::{Scenario, nearest};
use crate::slice::{Slice, Trait, Who, instant, within};
use crate::units::Bytes;
use std::collections::BTreeMap;

/// Which devices, and when.
#[derive(clap::Args, Clone)]
pub(crate) struct Whose {
    /// Of these devices alone: group=office,ram="3 GB"; a key may come again, for one value or the other. The keys
    /// are group, persona, ram, passcode and time_zone.
    #[arg(long = "where", value_name = "KEY=VALUE", value_delimiter = ',')]
    whose: Vec<String>,
    /// Of mail that arrived from this date or time on: 2026-03-04, 2026-03-04T14:05.
    #[arg(long, value_name = "WHEN")]
    from: Option<String>,
    /// Of mail that arrived before this date or time.
    #[arg(long, value_name = "WHEN")]
    until: Option<String>,
}

impl Whose {
    /// Whether any of them is given.
    pub(crate) fn is_given(&self) -> bool {
        self.names_devices() || self.names_time()
    }

    /// Whether some devices are meant.
    pub(crate) fn names_devices(&self) -> bool {
        !self.whose.is_empty()
    }

    /// Whether some of the time is meant.
    pub(crate) fn names_time(&self) -> bool {
        self.from.is_some() || self.until.is_some()
    }

    /// What they mean in a scenario.
    pub(crate) fn slice(&self, scenario: &Scenario) -> Result<Slice, Fault> {
        let mut meant: BTreeMap<Trait, Vec<String>> = BTreeMap::new();
        for text in &self.whose {
            let (of, value) = pair(text)?;
            meant.entry(of).or_default().push(value);
        }
        let mut who = Who::default();
        for (of, values) in meant {
            who = who.among(scenario, of, values).map_err(|nobody| {
                format!("`--where` selects nothing: {nobody}; the fleet has {}", nobody.known)
            })?;
        }
        let at = |option: &str, text: &Option<String>| {
            let read = text.as_ref().map(|text| instant(text, &scenario.clock)).transpose();
            read.map_err(|fault| format!("`{option}`: {fault}"))
        };
        let (from, until) = (at("--from", &self.from)?, at("--until", &self.until)?);
        Ok(Slice { who, window: within(scenario, from, until)? })
    }

    pub(crate) fn to(&self, command: Command) -> Command {
        let all = (!self.whose.is_empty()).then(|| self.whose.join(","));
        command.each("--where", all).each("--from", &self.from).each("--until", &self.until)
    }
}

/// A trait and a value, as files spell it.
fn pair(text: &str) -> Result<(Trait, String), String> {
    let names = || Trait::ALL.map(Trait::name);
    let fault = |what: String| {
        format!("`--where {text}`: {what}; write for example group=office, with {}", names().join(", "))
    };
    let (key, value) = text.split_once('=').ok_or_else(|| fault("a key needs a value".into()))?;
    let (key, value) = (key.trim(), value.trim().trim_matches('"'));
    let of = Trait::ALL.into_iter().find(|of| of.name() == key).ok_or_else(|| {
        let near = nearest(key, names()).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        fault(format!("there is no key `{key}`{near}"))
    })?;
    let value = match of {
        Trait::Ram => value.parse::<Bytes>().map_err(fault)?.to_string(),
        _ => value.into(),
    };
    Ok((of, value))
}
