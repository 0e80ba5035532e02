//! A command line that cannot be read, in words of this program: what may have been meant.

use super::{Fault, command, note};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::process::ExitCode;

/// What others call verbs.
const CALLED: [(&[&str], &str); 10] = [
    (&["simulate", "sim", "start", "exec"], "run"),
    (&["diff", "ab", "versus", "vs"], "compare"),
    (&["vary", "grid", "optimise", "optimize", "best"], "sweep"),
    (&["tornado", "uncertainty", "morris"], "sensitivity"),
    (&["why", "trace", "worst"], "explain"),
    (&["verify", "expect", "ci"], "test"),
    (&["list", "ls", "examples", "bundled"], "scenarios"),
    (&["keys", "numbers", "parameters", "params", "defaults", "sources"], "assumptions"),
    (&["new", "create", "template"], "init"),
    (&["validate", "check", "warnings"], "lint"),
];

/// That there is no such verb, with at most three that may be meant.
pub(super) fn verb(word: &str) -> Fault {
    let command = command();
    let called = CALLED.iter().find(|(words, _)| words.contains(&word)).map(|(_, verb)| *verb);
    let mut near: Vec<(usize, &str)> = command
        .get_subcommands()
        .filter(|known| !known.is_hide_set())
        .map(|known| known.get_name())
        .filter_map(|known| {
            let apart = strsim::osa_distance(known, word);
            let is_near = apart <= (known.len() / 3).max(1) || (word.len() > 1 && known.starts_with(word));
            is_near.then_some((apart, known))
        })
        .collect();
    near.sort();
    let names: Vec<String> = match called {
        Some(verb) => vec![format!("`{verb}`")],
        None => near.into_iter().take(3).map(|(_, known)| format!("`{known}`")).collect(),
    };
    let help = match names.as_slice() {
        [] => "bgsim --help lists them".into(),
        names => format!("did you mean {}?", names.join(" or ")),
    };
    format!("there is no verb `{word}`; {help}").into()
}

/// Which verbs take an option of just this name.
fn taking(option: &str) -> Vec<String> {
    let Some(name) = option.strip_prefix("--") else { return Vec::new() };
    let takes = |verb: &&clap::Command| verb.get_arguments().any(|arg| arg.get_long() == Some(name));
    command().get_subcommands().filter(takes).map(|verb| verb.get_name().to_owned()).collect()
}

/// Whose option it is, in words.
fn elsewhere(verbs: &[String]) -> String {
    match verbs {
        [] => "no verb has it".into(),
        [verb] => format!("`{verb}` has it"),
        [first @ .., last] => format!(
            "{} and `{last}` have it",
            first.iter().map(|verb| format!("`{verb}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// Says what is wrong, or gives the help that was asked for.
pub(super) fn told(error: &clap::Error) -> ExitCode {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    match (error.kind(), said(ContextKind::InvalidSubcommand), said(ContextKind::InvalidArg)) {
        (ErrorKind::InvalidSubcommand, Some(word), _) => note(&format!("error: {}", verb(word))),
        (ErrorKind::UnknownArgument, _, Some("--json")) => {
            note(
                "error: this verb has no `--json`: what it prints or writes is a text; bgsim schema --list says which verbs print JSON, and what",
            );
        }
        (ErrorKind::UnknownArgument, _, Some(option)) if !taking(option).is_empty() => {
            note(&format!("error: `{option}` is not taken here: {}", elsewhere(&taking(option))));
        }
        _ => {
            let _ = error.print();
        }
    }
    // Help and version are answers; everything else is a bad command line, which is 1 here
    // and not clap's 2, since 2 says that an expectation failed.
    ExitCode::from(u8::from(error.use_stderr()))
}
