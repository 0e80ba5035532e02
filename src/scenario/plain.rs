//! Texts that come from outside: what of them reaches a terminal, a log, a page or a file must be what it seems.

use super::diagnostic::{Diagnostic, Place, SourceText};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Whether a character is not seen itself but would change what is: controls, marks that turn the direction
/// of text, line separators, and what XML does not allow.
pub fn is_unseen(c: char) -> bool {
    let turns =
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The text with every such character shown as one that stands for it.
pub fn shown(text: &str) -> String {
    text.replace(is_unseen, "\u{fffd}")
}

/// The texts and keys of a source that hold such a character: none means anything there, and what is written into
/// a log could be a command to who reads it.
pub(crate) fn unseen(document: &DeTable<'_>, source: &SourceText) -> Vec<Diagnostic> {
    faults(document, source, 0)
}

/// The same of a source whose places are counted from `base`.
fn faults(document: &DeTable<'_>, source: &SourceText, base: usize) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    in_table(document, &mut |text, span| {
        if let Some(unseen) = text.chars().find(|c| is_unseen(*c)) {
            let place = Place::new(source, span.start - base..span.end - base);
            let kind =
                if unseen.is_control() { "a control character" } else { "a character that is not seen" };
            let message = format!("{kind}, U+{:04X}, stands in this text", u32::from(unseen));
            let help = "texts of a scenario are of one line, and of characters that are seen as they are";
            faults.push(Diagnostic::new(message, Some(place)).help(help));
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
