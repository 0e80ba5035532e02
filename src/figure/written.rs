//! Figures as text: the path in `summary.json`, or the short name of an assertion. Both are read
//! everywhere, and the path is written.

use super::catalogue::Figure;
use crate::scenario::nearest;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// Why a text names no figure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoFigure {
    /// In a sentence.
    pub message: String,
    /// The part of the text at fault.
    pub part: Range<usize>,
    /// What would be right.
    pub help: String,
}

impl fmt::Display for NoFigure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.help)
    }
}

impl std::error::Error for NoFigure {}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.filled(self.facts().path))
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Figure, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl FromStr for Figure {
    type Err = NoFigure;

    fn from_str(text: &str) -> Result<Figure, NoFigure> {
        let written = match call(text) {
            Some((name, argument, true)) => format!("{}({})", name.trim(), argument.trim()),
            _ => text.trim().into(),
        };
        let of = |family: &Vec<Figure>| {
            let first = family.first()?;
            let facts = first.facts();
            [facts.path, facts.short].into_iter().find_map(|pattern| first.matching(pattern, &written))
        };
        Figure::families().iter().find_map(of).ok_or_else(|| NoFigure::of(text))
    }
}

/// What is before and within the brackets, and whether they are closed.
fn call(text: &str) -> Option<(&str, &str, bool)> {
    let (name, rest) = text.split_once('(')?;
    let rest = rest.trim_end();
    let argument = rest.strip_suffix(')');
    Some((name, argument.unwrap_or(rest), argument.is_some()))
}

impl Figure {
    /// Its short name: `told_within(15m)`.
    pub fn short(self) -> String {
        self.filled(self.facts().short)
    }

    /// A pattern of its facts with its argument.
    pub fn filled(self, pattern: &str) -> String {
        pattern.replace("{}", &self.argument().unwrap_or_default())
    }

    /// A pattern as lists have it: `told_within(TIME)`.
    pub fn general(self, pattern: &str) -> String {
        pattern.replace("{}", self.place().map_or("", |place| place.name))
    }

    /// The figure of this row that a text means.
    fn matching(self, pattern: &str, text: &str) -> Option<Figure> {
        match pattern.split_once("{}") {
            None => (pattern == text).then_some(self),
            Some((head, tail)) => self.with(text.strip_prefix(head)?.strip_suffix(tail)?),
        }
    }
}

/// Names of 0.1.0, and what they are called now.
const RENAMED: [(&str, &str); 4] = [
    ("outcomes(quiet)", "held_back(total)"),
    ("mail.outcomes.quiet", "mail.held_back"),
    ("outside_working_hours(quiet)", "held_back(total)"),
    ("mail.outside_working_hours.quiet", "mail.held_back"),
];

impl NoFigure {
    fn of(text: &str) -> NoFigure {
        let tight: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        if let Some((old, new)) = RENAMED.into_iter().find(|(old, _)| tight == *old) {
            let message =
                format!("there is no figure `{old}` since 0.1.0: such mail is held back and told later");
            return NoFigure { message, part: 0..text.len(), help: format!("write `{new}`") };
        }
        let part = |part: &str| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            start..start + part.len()
        };
        let listed: Vec<Figure> = Figure::listed().collect();
        let short = |figure: &Figure| {
            let short = figure.short();
            call(&short).map_or(short.clone(), |(name, ..)| name.into())
        };
        // Who knows of what there is a figure, and not how it is called.
        let of_it = |argument: &str| {
            let shorts = listed.iter().map(|figure| figure.short());
            let all: Vec<String> = shorts
                .filter(|short| call(short).is_some_and(|(_, known, _)| known == argument))
                .map(|short| format!("`{short}`"))
                .collect();
            (!all.is_empty()).then(|| format!("did you mean {}?", all.join(" or ")))
        };
        let arguments: Vec<String> =
            listed.iter().filter_map(|figure| Some(call(&figure.short())?.1.to_owned())).collect();
        let of_nearly = |argument: &str| {
            of_it(argument).or_else(|| of_it(nearest(argument, arguments.iter().map(String::as_str))?))
        };
        let Some((name, argument, is_closed)) = call(text) else {
            let text = text.trim();
            let of_family = |name: &str| listed.iter().find(|figure| short(figure) == name);
            // What stands before the brackets is what one remembers.
            let names: Vec<String> =
                listed.iter().flat_map(|f| [f.to_string(), f.short(), short(f)]).collect();
            let help = match of_family(text) {
                Some(figure) => format!("write for example `{}`", figure.short()),
                None => nearest(text, names.iter().map(String::as_str)).map_or_else(
                    || {
                        if let Some(help) = of_nearly(text) {
                            return help;
                        }
                        format!(
                            "write for example `{}` or `{}`; bgsim figures lists them",
                            Figure::MEDIAN,
                            Figure::FIRST.short()
                        )
                    },
                    |name| match of_family(name).map(|figure| figure.short()).filter(|short| short != name) {
                        Some(short) => format!("did you mean `{name}`, for example `{short}`?"),
                        None => format!("did you mean `{name}`?"),
                    },
                ),
            };
            return NoFigure { message: format!("there is no figure `{text}`"), part: part(text), help };
        };
        let (name, argument) = (name.trim(), argument.trim());
        let family: Vec<Figure> = listed.iter().copied().filter(|figure| short(figure) == name).collect();
        if family.is_empty() {
            let names: Vec<String> = listed.iter().map(short).collect();
            let help = nearest(name, names.iter().map(String::as_str))
                .map(|name| format!("did you mean `{name}`?"))
                .or_else(|| of_nearly(name))
                .or_else(|| of_nearly(argument))
                .unwrap_or("bgsim figures lists them".into());
            return NoFigure { message: format!("there is no figure `{name}`"), part: part(name), help };
        }
        if !is_closed {
            let message = format!("`{}` lacks its closing bracket", text.trim());
            return NoFigure { message, part: part(text.trim()), help: format!("write `{})`", text.trim()) };
        }
        let shorts: Vec<String> = family.iter().map(|figure| figure.short()).collect();
        let known: Vec<&str> = shorts.iter().filter_map(|short| Some(call(short)?.1)).collect();
        let help = match (
            nearest(argument, known.iter().copied()),
            family[0].place().and_then(|place| place.wanted),
        ) {
            (_, Some(wanted)) => format!("write {wanted}"),
            (Some(name), None) => format!("did you mean `{name}`?"),
            (None, None) => format!("write {}", known.join(", ")),
        };
        NoFigure { message: format!("there is no `{name}` of `{argument}`"), part: part(argument), help }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Unit;

    #[test]
    fn every_figure_is_read_by_its_path_and_by_its_short_name() {
        let listed: Vec<Figure> = Figure::listed().collect();
        assert!(listed.len() >= 80, "{}", listed.len());
        for figure in &listed {
            for text in [figure.to_string(), figure.short()] {
                assert_eq!(text.parse(), Ok(*figure), "{text}");
            }
            let facts = figure.facts();
            assert!(!facts.words.is_empty() && figure.meaning().ends_with('.'), "{figure}");
            let (part, whole) = (figure.unit(), facts.whole.map(|(whole, _)| whole.unit()));
            assert!(whole.is_none_or(|whole| (part, whole) == (Unit::Count, Unit::Count)), "{figure}");
        }
        let mut paths: Vec<String> = listed.iter().map(Figure::to_string).collect();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), listed.len());
    }

    #[test]
    fn of_what_there_is_a_figure_finds_it() {
        for text in [
            "not_scheduled",
            "not_scheduled(p50)",
            "delay_causes(not_scheduled)",
            "not_sheduled",
            "not_sheduled(p50)",
            "delay_causes(not_sheduled)",
        ] {
            let help = "did you mean `delay(not_scheduled)` or `undelivered_delay(not_scheduled)`?";
            assert_eq!(text.parse::<Figure>().unwrap_err().help, help);
        }
    }

    #[test]
    fn any_deadline_and_any_percentile_is_a_figure_in_either_language() {
        for (one, other) in [
            ("told_within(10m)", "mail.told_within.10m"),
            ("told_within( 1h 30m )", "mail.told_within.1h30m"),
            ("told_within(1d)", "mail.told_within.24h"),
            ("told_within(60s)", "mail.told_within.1m"),
            ("latency(p99.5)", "mail.latency_s.p99.5"),
            ("latency(p50.0)", "mail.latency_s.p50"),
            ("latency (mean)", "mail.latency_s.mean"),
            ("key_failures(keychain_locked)", "key_failures.by_reason.keychain_locked"),
        ] {
            let figure: Figure = one.parse().unwrap();
            assert_eq!((figure, figure.to_string().as_str()), (other.parse().unwrap(), other));
        }
    }

    #[test]
    fn what_is_no_figure_is_told_the_nearest() {
        for (text, part, help) in [
            ("mail.told_wthin.1h", "mail.told_wthin.1h", "did you mean `mail.told_within.1h`?"),
            ("told_wihtin(15m)", "told_wihtin", "did you mean `told_within`?"),
            ("told_withn", "told_withn", "did you mean `told_within`, for example `told_within(1m)`?"),
            ("launchs", "launchs", "did you mean `launches`"),
            ("latncy", "latncy", "did you mean `latency`, for example `latency(mean)`?"),
            ("exposre", "exposre", "did you mean `exposure`"),
            ("told_within", "told_within", "write for example `told_within(1m)`"),
            ("told_within(soon)", "soon", "write a length of time"),
            ("outcomes(undeliverd)", "undeliverd", "did you mean `undelivered`?"),
            ("latency(p0)", "p0", "write mean, restricted_mean_24h, or a percentile"),
            ("latency(p100)", "p100", "write mean, restricted_mean_24h, or a percentile"),
            ("latency(p50.00001)", "p50.00001", "write mean, restricted_mean_24h, or a percentile"),
            ("latency(p-5)", "p-5", "write mean, restricted_mean_24h, or a percentile"),
            ("latency(p50", "latency(p50", "write `latency(p50)`"),
            ("ü", "ü", "bgsim figures lists them"),
            ("", "", "bgsim figures lists them"),
            ("outcomes(quiet)", "outcomes(quiet)", "write `held_back(total)`"),
            ("outcomes( quiet )", "outcomes( quiet )", "write `held_back(total)`"),
            (
                "mail.outside_working_hours.quiet",
                "mail.outside_working_hours.quiet",
                "write `mail.held_back`",
            ),
        ] {
            let fault = text.parse::<Figure>().unwrap_err();
            assert_eq!(&text[fault.part.clone()], part, "{fault}");
            assert!(fault.help.contains(help), "{fault}");
        }
    }
}
