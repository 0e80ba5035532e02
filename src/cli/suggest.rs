//! What a shell completes where any text may stand: keys of the scenario with their values, and figures.

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

/// A key, behind which several values stand.
pub(super) fn varied() -> impl TypedValueParser<Value = String> {
    Suggested(|| {
        let mut keys = settings();
        keys.iter_mut().for_each(|(text, _)| text.truncate(text.find('=').map_or(text.len(), |at| at + 1)));
        keys.dedup_by(|next, before| next.0 == before.0);
        keys
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
    let listed =
        Suggested(|| Figure::listed().map(|known| (known.short(), known.meaning().into())).collect());
    listed.try_map(|text| text.parse::<Figure>())
}
