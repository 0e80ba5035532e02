//! The bibliography as a page, by what its items make of a number.

use crate::scenario::numbers;
use crate::source::{SOURCES, Source, Tag};

const HEAD: &str = "# Sources

Made from `src/source.rs`; a test keeps it so. Every number of the model cites one of these or is `assumed`
([keys.md](keys.md), `bgsim assumptions`). A number has no better tag than its source.

| tag | numbers of the model | sources |
|---|--:|--:|
";

/// The page.
pub(super) fn markdown() -> String {
    let mut out = String::from(HEAD);
    for tag in Tag::ALL {
        let resting = numbers().iter().filter(|(_, number)| number.tag == tag).count();
        let sources = SOURCES.iter().filter(|source| source.tag == tag).count();
        out += &format!("| `{}` | {resting} | {sources} |\n", tag.name());
    }
    for tag in Tag::ALL {
        let items: Vec<&Source> = SOURCES.iter().copied().filter(|source| source.tag == tag).collect();
        if items.is_empty() {
            continue;
        }
        out += &format!("\n## `{}`\n\n", tag.name());
        for Source { name, title, date, address, .. } in items {
            let address = address.map_or("address not known".into(), |at| format!("<https://{at}>"));
            out += &format!("- **{name}**: {title}; {date}; {address}\n");
        }
    }
    out
}
