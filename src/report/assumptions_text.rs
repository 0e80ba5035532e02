//! The numbers of the model for people to read: one head line each, then what it means and where it
//! was found.

use super::entry::{Entry, Unpublished};
use super::labels::{letters, padding};
use super::wrap::paragraph;
use crate::section::Number;
use crate::source::{SOURCES, Source};

/// All of them, by section, and what is chosen by name. `personas` names the values of the fleet.
pub fn text(entries: &[Entry], choices: &[Unpublished], personas: &str, width: usize) -> String {
    let mut out = String::new();
    let longest = |part: fn(&Entry) -> usize| entries.iter().map(part).max().unwrap_or(0);
    let key = longest(|entry| entry.number.key.len());
    let value = longest(|entry| letters(&entry.value()));
    let tag = longest(|entry| entry.number.tag.name().len());
    let mut section = "";
    for entry in entries {
        if entry.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            section = entry.section;
            out += &match section {
                "fleet" => format!("{gap}[[fleet]]  values of {personas}\n"),
                _ => format!("{gap}[{section}]\n"),
            };
        }
        let mark = if entry.overridden { "*" } else { " " };
        let Number { key: name, tag: rests_on, .. } = entry.number;
        let head = format!(
            "{mark} {name:<key$}  {}{}  {:<tag$}  {}\n",
            entry.value(),
            padding(&entry.value(), value),
            rests_on.name(),
            entry.range()
        );
        let said = [entry.value(), rests_on.name().into(), entry.range()].join("  ");
        out += &match letters(&head) <= width {
            true => head,
            false => format!("{mark} {name}\n{}", paragraph("      ", &said, width)),
        };
        let text = format!("{} {}.", entry.number.says(), sourced(&entry.number.source()));
        out += &paragraph("      ", &text, width);
    }
    if !choices.is_empty() {
        out += &format!(
            "\n{}",
            paragraph("", "Not published which of them holds: what is chosen is assumed", width)
        );
    }
    for Unpublished { key, what, value, or, overridden } in choices {
        let mark = if *overridden { "*" } else { " " };
        let or = or.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" or ");
        out += &format!("{mark} {key}\n{}", paragraph("      ", &format!("{value}, or {or}. {what}"), width));
    }
    let overridden = entries.iter().filter(|entry| entry.overridden).count()
        + choices.iter().filter(|choice| choice.overridden).count();
    let stars =
        if overridden > 0 { format!("; * {overridden} overridden by the scenario") } else { String::new() };
    let cited: Vec<_> = entries.iter().flat_map(|entry| entry.number.cited).flatten().collect();
    out += "\nSources\n";
    for source in SOURCES.iter().filter(|source| cited.iter().any(|cited| cited.source == **source)) {
        let Source { name, title, date, .. } = source;
        let address = source.address.unwrap_or("address not known");
        out += &paragraph("  ", &format!("{name}: {title}; {date}; {address}"), width);
    }
    out + &format!("\n{} numbers: key, value, tag, plausible range{stars}\n", entries.len())
}

/// Where it was found, as a sentence.
fn sourced(source: &str) -> String {
    let source = source.trim_end_matches('.');
    match source.strip_prefix("no ") {
        Some(nothing) => format!("No {nothing}"),
        None => format!("Source: {source}"),
    }
}
