//! Observations as they are written: a list of entries, each of which says everything of one.

use super::{Confidence, Observation, Quantity};
use crate::analysis::statistic::Statistic;
use crate::figure::Figure;
use crate::measure::Measure;
use crate::scenario::{
    Diagnostic, Diagnostics, Fetch, Fragment, Place, Scenario, SourceText, load_fragment, nearest,
    unfit_texts,
};
use serde::Deserialize;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// The list, and the tables of an entry that are scenarios.
const LIST: &str = "observe";
const SCENARIO: &str = "scenario";
const AGAINST: &str = "against";

/// How far the model itself may be off: of one observation, or at the top of all that say nothing of it.
const DISCREPANCY: &str = "discrepancy";
/// Of the observed value; assumed, since nobody can know what a model leaves out.
const USUAL_DISCREPANCY: f64 = 0.1;
/// A model that is never off would be none, and one that may be off by more says nothing.
const DISCREPANCIES: RangeInclusive<f64> = 0.001..=10.0;

/// What an entry may say.
const KEYS: [&str; 15] = [
    "name",
    "measure",
    "figure",
    "statistic",
    "value",
    "range",
    "unit",
    "situation",
    "source",
    "confidence",
    "year",
    "exam",
    DISCREPANCY,
    SCENARIO,
    AGAINST,
];

const YEARS: RangeInclusive<u16> = 1990..=2100;

/// Reads the scenario of an observation again, or the one that it is compared with, in which `sets` are different.
///
/// # Errors
/// With everything that is wrong with it then.
pub fn read_again(
    source: &SourceText,
    (entry, which): (usize, Which),
    sets: &[String],
    fetch: Fetch<'_>,
) -> Result<Scenario, Diagnostics> {
    let key = match which {
        Which::Here => SCENARIO,
        Which::Against => AGAINST,
    };
    load_fragment(source, Fragment { list: LIST, entry, key }, sets, fetch)
}

/// Which scenario of an observation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// That of its situation.
    Here,
    /// The one that it is compared with.
    Against,
}

/// Reads observations, each with its scenario, in which `sets` are different this time; `fetch` gets what such a
/// scenario builds on.
///
/// # Errors
/// With everything that was found wrong.
pub fn read(source: &SourceText, sets: &[String], fetch: Fetch<'_>) -> Result<Vec<Observation>, Diagnostics> {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    let at = |span| Some(Place::new(source, span));
    if let Some(error) = errors.iter().min_by_key(|error| error.span().map(|span| span.start)) {
        let place = error.span().and_then(at);
        return Err(Diagnostic::new(format!("this is not TOML: {}", error.message()), place).into());
    }
    let mut faults = unfit_texts(document.get_ref(), source);
    let document = document.into_inner();
    let known = [LIST, DISCREPANCY];
    for key in document.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
        let message = format!("unknown key or section `{}`", key.get_ref());
        faults.push(Diagnostic::new(message, at(key.span())).help(HOW));
    }
    let entries = match document.get(LIST).map(Spanned::get_ref) {
        Some(DeValue::Array(entries)) => &entries[..],
        _ => &[],
    };
    let usual = document.get(DISCREPANCY).map_or(Some(USUAL_DISCREPANCY), |value| {
        let read = discrepancy(value);
        if read.is_none() {
            faults.push(Diagnostic::new(NOT_NEVER_OFF, at(value.span())).help(HOW_FAR));
        }
        read
    });
    let usual = usual.unwrap_or(USUAL_DISCREPANCY);
    let mut found: Vec<Observation> = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let mut reader = Entry { source, sets, fetch: &mut *fetch, index, usual, entry, faults: &mut faults };
        let Some(observation) = reader.observation() else { continue };
        if found.iter().any(|known| known.name == observation.name) {
            reader.fault("name", format!("another observation is called `{}`", observation.name), None);
        }
        found.push(observation);
    }
    if entries.is_empty() && faults.is_empty() {
        faults.push(Diagnostic::new(format!("`{}` has no observations", source.label), None).help(HOW));
    }
    if faults.is_empty() { Ok(found) } else { Err(Diagnostics(faults)) }
}

const NOT_NEVER_OFF: &str = "`discrepancy` must be a number from 0.001 to 10";
const HOW_FAR: &str =
    "it is how far the model itself may be off, as a part of the observed value: 0.1 for 10 %";

/// How far the model may be off, if that is what stands there.
fn discrepancy(value: &Spanned<DeValue<'_>>) -> Option<f64> {
    let read = f64::deserialize(ValueDeserializer::from(value.clone())).ok();
    read.filter(|part| DISCREPANCIES.contains(part))
}

const HOW: &str =
    "write each observation below its own `[[observe]]`, its scenario below `[observe.scenario]`";

/// An entry that is being read; what is wrong with it is added to the faults.
struct Entry<'a, 'b> {
    source: &'a SourceText,
    sets: &'a [String],
    fetch: Fetch<'b>,
    index: usize,
    usual: f64,
    entry: &'a Spanned<DeValue<'a>>,
    faults: &'b mut Vec<Diagnostic>,
}

impl<'a> Entry<'a, '_> {
    fn observation(&mut self) -> Option<Observation> {
        let Some(table) = self.entry.get_ref().as_table() else {
            let message = format!("`{LIST}[{}]` must be a table", self.index);
            self.faults.push(Diagnostic::new(message, self.place(self.entry.span())).help(HOW));
            return None;
        };
        for key in table.keys().filter(|key| !KEYS.contains(&key.get_ref().as_ref())) {
            let word = key.get_ref();
            let help = nearest(word, KEYS).map_or_else(
                || format!("an observation knows `{}`", KEYS.join("`, `")),
                |name| format!("did you mean `{name}`?"),
            );
            let message = format!("unknown key `{LIST}[{}].{word}`", self.index);
            self.faults.push(Diagnostic::new(message, self.place(key.span())).help(help));
        }
        let scenario = self.scenario(SCENARIO);
        let quantity = self.quantity();
        let (value, range) = (self.number("value"), self.range());
        if let (Some(value), Some([low, high])) = (value, range)
            && !(low < value && value < high)
        {
            let message = format!("`value` is {value}, and `range` goes from {low} to {high}");
            self.fault(
                "range",
                message,
                Some("the value lies within its range, at neither of its ends".into()),
            );
        }
        let unit = self.text("unit");
        if let (Some(quantity), Some(unit)) = (&quantity, unit)
            && unit != quantity.unit()
        {
            let message = format!("`unit` is `{unit}`, but this is measured in `{}`", quantity.unit());
            self.fault("unit", message, Some("write the value and its range in that unit".into()));
        }
        let year = self.value::<u16>("year", "a year such as 2026").filter(|year| {
            let known = YEARS.contains(year);
            if !known {
                let (first, last) = (YEARS.start(), YEARS.end());
                self.fault("year", format!("`year` is {year}; it must lie from {first} to {last}"), None);
            }
            known
        });
        let is_exam = self.entry.get_ref().get("exam").is_some() && self.value("exam", "true or false")?;
        let discrepancy = match self.entry.get_ref().get(DISCREPANCY) {
            Some(value) => discrepancy(value).or_else(|| {
                self.fault(DISCREPANCY, NOT_NEVER_OFF.into(), Some(HOW_FAR.into()));
                None
            }),
            None => Some(self.usual),
        };
        let (name, situation, source) = (self.text("name"), self.text("situation"), self.text("source"));
        let confidence = self.choice("confidence", Confidence::ALL, Confidence::name);
        Some(Observation {
            name: name?.into(),
            quantity: quantity?,
            value: value?,
            range: range?,
            situation: situation?.into(),
            source: source?.into(),
            confidence: confidence?,
            year: year?,
            scenario: scenario?,
            is_exam,
            discrepancy: discrepancy?,
            entry: self.index,
        })
    }

    /// What is held against it: a figure, a statistic of a measure, or a ratio of two means.
    fn quantity(&mut self) -> Option<Quantity> {
        let has = |entry: &Self, key: &str| entry.entry.get_ref().get(key).is_some();
        let against = if has(self, AGAINST) { Some(self.scenario(AGAINST)?) } else { None };
        if has(self, "figure") {
            for other in ["measure", "statistic", AGAINST] {
                if has(self, other) {
                    self.fault(
                        other,
                        format!("a figure is one number of a run and takes no `{other}`"),
                        None,
                    );
                }
            }
            let text = self.text("figure")?;
            return match text.parse::<Figure>() {
                Ok(figure) => Some(Quantity::Figure(figure)),
                Err(error) => {
                    self.fault("figure", error.message, Some(error.help));
                    None
                }
            };
        }
        if !has(self, "measure") {
            let message = format!("`{LIST}[{}]` lacks its key `measure`, or `figure`", self.index);
            let help = "bgsim figures --observable lists the measures, bgsim figures the figures";
            self.faults.push(Diagnostic::new(message, self.place(self.entry.span())).help(help));
            return None;
        }
        let measure = self.choice("measure", Measure::ALL, Measure::name)?;
        let statistic = match has(self, "statistic") {
            true => self.choice("statistic", Statistic::ALL, Statistic::name)?,
            false => Statistic::Mean,
        };
        match (against, statistic) {
            (None, statistic) => Some(Quantity::Statistic(measure, statistic)),
            (Some(against), Statistic::Mean) => Some(Quantity::Ratio(measure, Box::new(against))),
            (Some(_), Statistic::Median | Statistic::Sd | Statistic::LogSd) => {
                let message = format!("`{AGAINST}` compares means, and `statistic` is no mean");
                self.fault("statistic", message, Some("take the line out".into()));
                None
            }
        }
    }

    /// The scenario in a table of it.
    fn scenario(&mut self, key: &'static str) -> Option<Scenario> {
        if !self.found(key)?.get_ref().is_table() {
            let help = format!("write its keys below `[{LIST}.{key}]`");
            self.fault(key, format!("`{key}` must be a scenario"), Some(help));
            return None;
        }
        let fragment = Fragment { list: LIST, entry: self.index, key };
        match load_fragment(self.source, fragment, self.sets, self.fetch) {
            Ok(scenario) => Some(scenario),
            Err(faults) => {
                // A slip in `sets` is one in every scenario.
                for fault in faults.0 {
                    if !self.faults.contains(&fault) {
                        self.faults.push(fault);
                    }
                }
                None
            }
        }
    }

    fn range(&mut self) -> Option<[f64; 2]> {
        let range = self.value::<[f64; 2]>("range", "two numbers in brackets, the lower first")?;
        let [low, high] = range;
        if low < high && low.is_finite() && high.is_finite() {
            return Some(range);
        }
        let message = format!("`range` goes from {low} to {high}; its lower end comes first");
        self.fault("range", message, (high < low).then(|| format!("write range = [{high}, {low}]")));
        None
    }

    fn number(&mut self, key: &str) -> Option<f64> {
        let number = self.value::<f64>(key, "a number")?;
        if !number.is_finite() {
            self.fault(key, format!("`{key}` is {number}; it must be a number that can be measured"), None);
        }
        Some(number).filter(|number| number.is_finite())
    }

    /// A text that says something.
    fn text(&mut self, key: &str) -> Option<&'a str> {
        let value = self.found(key)?;
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.fault(key, format!("`{key}` must be a text in quotes that is not empty"), None);
        }
        text
    }

    /// One of these names.
    fn choice<T: Copy, const N: usize>(
        &mut self,
        key: &str,
        all: [T; N],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text(key)?;
        let found = all.into_iter().find(|choice| name(*choice) == text);
        if found.is_none() {
            let names = all.map(name);
            let help = nearest(text, names).map_or_else(
                || format!("write {}", names.join(", ")),
                |name| format!("did you mean `{name}`?"),
            );
            self.fault(key, format!("`{text}` is not a value of `{key}`"), Some(help));
        }
        found
    }

    fn value<T: Deserialize<'a>>(&mut self, key: &str, wanted: &str) -> Option<T> {
        let value = self.found(key)?.clone();
        let kind = value.get_ref().type_str();
        let read = T::deserialize(ValueDeserializer::from(value)).ok();
        if read.is_none() {
            self.fault(key, format!("`{key}` must be {wanted}, but is a {kind}"), None);
        }
        read
    }

    /// What stands behind a key that must be there.
    fn found(&mut self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let found = self.entry.get_ref().get(key);
        if found.is_none() {
            let message = format!("`{LIST}[{}]` lacks its key `{key}`", self.index);
            let help = match key {
                "scenario" => "write scenario = {} where the model's own situation is meant",
                _ => "bgsim observe --help says what an observation has",
            };
            self.faults.push(Diagnostic::new(message, self.place(self.entry.span())).help(help));
        }
        found
    }

    /// Something wrong with a key that is there.
    fn fault(&mut self, key: &str, message: String, help: Option<String>) {
        let span = self.entry.get_ref().get(key).map_or(self.entry.span(), Spanned::span);
        self.faults.push(Diagnostic { message, place: self.place(span), help });
    }

    fn place(&self, span: Range<usize>) -> Option<Place> {
        Some(Place::new(self.source, span))
    }
}
