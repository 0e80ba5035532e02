//! What a shell completes where any text may stand: keys of the scenario with their values, and figures.

use super::command;
use super::outputs::Output;
use crate::figure::Figure;
use crate::scenario::{BUNDLED, settings};
use clap::ValueEnum;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter};
use std::ffi::OsStr;

/// Takes any text, and knows some that make sense, each with what it means.
#[derive(Clone)]
struct Suggested(fn() -> Vec<(String, String)>);

impl TypedValueParser for Suggested {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        option: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, option, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let known = (self.0)().into_iter().map(|(name, what)| PossibleValue::new(name).help(what));
        Some(Box::new(known))
    }
}

/// A key with a value, as `--set` takes it.
pub(super) fn setting() -> impl TypedValueParser<Value = String> {
    Suggested(settings)
}

/// Whatever begins as what is typed, behind what stands before it.
fn candidates(
    before: &str,
    typed: &str,
    known: impl IntoIterator<Item = (String, String)>,
) -> Vec<CompletionCandidate> {
    let fitting = known.into_iter().filter(|(text, _)| text.starts_with(typed));
    fitting
        .map(|(text, what)| CompletionCandidate::new(format!("{before}{text}")).help(Some(what.into())))
        .collect()
}

/// A key, behind which several values stand.
pub(super) fn varied() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed = typed.to_string_lossy();
        let mut keys = settings();
        let Some((key, values)) = typed.split_once('=') else {
            keys.iter_mut()
                .for_each(|(text, _)| text.truncate(text.find('=').map_or(text.len(), |at| at + 1)));
            keys.dedup_by(|next, before| next.0 == before.0);
            return candidates("", &typed, keys);
        };
        let (before, value) = typed.split_at(typed.rfind([',', '=']).map_or(0, |at| at + 1));
        let named = keys.into_iter().filter_map(|(text, what)| {
            let (_, name) = text.split_once('=').filter(|(of, name)| *of == key && !name.is_empty())?;
            (!values.split(',').any(|known| known == name)).then(|| (name.to_owned(), what))
        });
        candidates(before, value, named)
    })
}

/// Keys with values, a label before them.
pub(super) fn arm() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed = typed.to_string_lossy();
        let label = typed.find(':').filter(|at| !typed[..*at].contains('='));
        let (before, last) = typed.split_at(typed.rfind(' ').or(label).map_or(0, |at| at + 1));
        candidates(before, last, settings())
    })
}

/// The figure of a condition.
pub(super) fn condition() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| candidates("", &typed.to_string_lossy(), figures()))
}

/// A verb, and after them other words.
pub(super) fn verb_or(others: fn() -> Vec<(String, String)>) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| {
        let command = command();
        let verbs = command.get_subcommands().map(|verb| {
            (verb.get_name().to_owned(), verb.get_about().map(ToString::to_string).unwrap_or_default())
        });
        candidates("", &typed.to_string_lossy(), verbs.chain(others()))
    })
}

/// A bundled scenario.
pub(super) fn bundled() -> impl TypedValueParser<Value = String> {
    Suggested(|| BUNDLED.iter().map(|bundled| (bundled.name.into(), bundled.question().into())).collect())
}

/// Bundled scenarios, and files and folders where others may lie.
pub(super) fn scenarios() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let files = PathCompleter::any()
            .filter(|path| path.is_dir() || path.extension().is_some_and(|end| end == "toml"))
            .complete(typed);
        let typed = typed.to_string_lossy();
        let known = BUNDLED.iter().filter(|bundled| bundled.name.starts_with(&*typed));
        let known = known.map(|bundled| {
            CompletionCandidate::new(bundled.name).help(Some(bundled.question().to_string().into()))
        });
        known.chain(files).collect()
    })
}

/// So many devices, however the number is written.
pub(super) fn devices(text: &str) -> Result<u32, String> {
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',' | '\'')).collect();
    if let (Ok(number), true) = (text.parse(), plain == text) {
        return Ok(number);
    }
    let meant =
        plain.parse::<f64>().ok().filter(|number| number.fract() == 0.0 && (1.0..4e9).contains(number));
    Err(meant.map_or("write a whole number".into(), |number| format!("write {number:.0}")))
}

/// A format, with the file that it goes into where one is named.
pub(super) fn output<F>() -> impl TypedValueParser<Value = Output<F>>
where
    F: ValueEnum + Send + Sync + 'static,
{
    let known = || {
        let known = F::value_variants().iter().filter_map(F::to_possible_value);
        let what = |value: &PossibleValue| value.get_help().map(ToString::to_string).unwrap_or_default();
        known.map(|value| (value.get_name().to_owned(), what(&value))).collect()
    };
    Suggested(known).try_map(|text| text.parse::<Output<F>>())
}

/// A figure, by its short name or its path.
pub(super) fn figure() -> impl TypedValueParser<Value = Figure> {
    Suggested(figures).try_map(|text| text.parse::<Figure>())
}

fn figures() -> Vec<(String, String)> {
    Figure::listed().map(|known| (known.short(), known.meaning().into())).collect()
}
