//! Findings the way compilers write them.

use super::paint::Screen;
use super::wrap::paragraph;
use crate::lint::{CODES, Finding, Severity};

/// One finding; where its key is written nowhere, it stands at the file as a whole.
pub fn finding(finding: &Finding, file: &str, screen: Screen) -> String {
    let Finding { code, message, reason, help, place, .. } = finding;
    let Screen { width, paint } = screen;
    let mut out = paint.severity(&format!("{}[{}]: {message}\n", code.severity.name(), code.code));
    let margin = " ".repeat(place.as_ref().map_or(0, |place| place.margin()));
    match place {
        Some(place) => out += &format!("{place}\n"),
        None => out += &format!("--> {file}\n"),
    }
    if let Some(whom) = finding.holds_for() {
        out += &paragraph(&format!("{margin} = holds for: "), &whom, width);
    }
    out += &paragraph(&format!("{margin} = reason: "), reason, width);
    out += &paragraph(&format!("{margin} = source: "), code.source, width);
    out += &paragraph(&format!("{margin} = help: "), help, width);
    out
}

/// How many findings of each severity, in words.
pub fn tally(counts: &[(Severity, usize)]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| {
            let plural = if *count == 1 || *severity == Severity::Info { "" } else { "s" };
            format!("{count} {}{plural}", severity.name())
        })
        .collect();
    if parts.is_empty() { "nothing found".into() } else { parts.join(", ") }
}

/// What no setting mends, where mail waits for refreshes.
pub fn unknown(waits_for_refreshes: bool, width: usize) -> String {
    if !waits_for_refreshes {
        return String::new();
    }
    paragraph(
        "",
        "What matters most is not known: how far apart a phone keeps the refreshes of the client, and whether it \
         refreshes it at all (scheduler.spacing and never_refreshed, assumed; bgsim sensitivity varies them).",
        width,
    )
}

/// Which arms of files were not looked at.
pub fn not_seen(arms: &[String], width: usize) -> String {
    if arms.is_empty() {
        return String::new();
    }
    let arms = arms.join(", ");
    "\n".to_owned()
        + &paragraph("", &format!("Of arms only the reference was looked at; the others: {arms}."), width)
}

/// Every kind of finding.
pub fn list(Screen { width, paint }: Screen) -> String {
    let each = CODES.iter().map(|code| {
        let head = paint.severity(&format!("{}[{}]\n", code.severity.name(), code.code));
        head + &paragraph("    ", code.what, width) + &paragraph("    source: ", code.source, width)
    });
    each.collect::<Vec<_>>().join("\n")
}
