//! Texts that come from outside: what of them reaches a terminal, a log, a page or a file must be what it seems.

use super::diagnostic::{Diagnostic, Place, SourceText};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Whether a character is not seen itself but would change what is: controls, marks that turn the direction
/// of text, what has no width and joins nothing, tags, line separators, and what XML does not allow.
pub fn is_unseen(c: char) -> bool {
    let turns =
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    // By them two names that look alike are two. Joiners stay: scripts need them.
    let hides = matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    turns
        || hides
        || c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// What begins a command to a build server that reads a log: the one anywhere, the other at the beginning of a line,
/// which a cell of a table breaks where it must.
const COMMANDS: [&str; 2] = ["##[", "::"];

/// Why a text from outside cannot be taken, if it cannot: what of it stands there.
pub(crate) fn unfit(text: &str) -> Option<String> {
    if let Some(unseen) = text.chars().find(|c| is_unseen(*c)) {
        let kind = if unseen.is_control() { "a control character" } else { "a character that is not seen" };
        return Some(format!("{kind}, U+{:04X}, stands in this text", u32::from(unseen)));
    }
    let command = COMMANDS.into_iter().find(|command| text.contains(command))?;
    Some(format!(
        "`{command}` stands in this text, which a build server that reads a log takes for a command"
    ))
}

/// The text with a sign in the place of every such character, and within every such command.
pub fn shown(text: &str) -> String {
    harmless(text, '\u{fffd}')
}

/// The same with another sign for what is not seen. It is as long as the text.
pub(super) fn harmless(text: &str, unseen: char) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let begins = |line: &str| line.is_empty() || line.ends_with(char::is_whitespace);
        let ends_command = match c {
            '[' => shown.ends_with("##"),
            // Paths of many a language have it within a word.
            ':' => shown.strip_suffix(':').is_some_and(begins),
            _ => false,
        };
        shown.push(match c {
            _ if ends_command => '\u{fffd}',
            c if is_unseen(c) => unseen,
            c => c,
        });
    }
    shown
}

/// The text as near to itself as can be taken.
pub(crate) fn fit(text: &str) -> String {
    let mut fit = String::with_capacity(text.len());
    for c in text.chars() {
        if COMMANDS.iter().any(|command| command.strip_suffix(c).is_some_and(|before| fit.ends_with(before)))
        {
            fit.push(' ');
        }
        fit.push(if is_unseen(c) { ' ' } else { c });
    }
    fit
}

/// The texts and keys of a source that cannot be taken: what is not seen means nothing there, and what is printed
/// into a log could be a command to who reads it.
pub(crate) fn unfit_texts(document: &DeTable<'_>, source: &SourceText) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    in_table(document, &mut |text, span| {
        if let Some(why) = unfit(text) {
            let help = "texts of a scenario are of one line, and of characters that are seen as they are";
            faults.push(Diagnostic::new(why, Some(Place::new(source, span))).help(help));
        }
    });
    faults
}

type See<'a> = &'a mut dyn FnMut(&str, std::ops::Range<usize>);

fn in_table(table: &DeTable<'_>, see: See<'_>) {
    for (key, value) in table {
        see(key.get_ref(), key.span());
        in_value(value, see);
    }
}

fn in_value(value: &Spanned<DeValue<'_>>, see: See<'_>) {
    match value.get_ref() {
        DeValue::String(text) => see(text, value.span()),
        DeValue::Table(table) => in_table(table, see),
        DeValue::Array(items) => items.iter().for_each(|item| in_value(item, see)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_refused_and_what_joins_letters_is_not() {
        for c in ['\u{AD}', '\u{200B}', '\u{2060}', '\u{2064}', '\u{FFF9}', '\u{E0041}', '\u{202E}', '\t'] {
            let text = format!("a{c}b");
            assert!(unfit(&text).is_some() && unfit(&shown(&text)).is_none() && unfit(&fit(&text)).is_none());
        }
        for text in ["می\u{200C}خواهم", "👩\u{200D}💻", "受信箱 — Ω̈́", "a: b", "C:\\x", "[##]", "a:b:c"]
        {
            assert_eq!((unfit(text), shown(text), fit(text)), (None, text.into(), text.into()));
        }
    }

    #[test]
    fn no_command_is_shown_and_none_is_left_in_what_fits() {
        for (text, shows, fits) in [
            ("::error::a", ":\u{fffd}error::a", ": :error: :a"),
            ("a ::b", "a :\u{fffd}b", "a : :b"),
            ("x##[b]", "x##\u{fffd}b]", "x## [b]"),
            (":::", ":\u{fffd}:", ": : :"),
        ] {
            assert_eq!((shown(text).as_str(), fit(text).as_str()), (shows, fits));
            assert!(unfit(text).is_some() && unfit(fits).is_none());
        }
    }
}
