//! Where scenarios come from where there are no files: those that are bundled, and a text that somebody pasted.

use crate::scenario::{Diagnostics, Files, SourceText, TraceFile, fetch_bundled};

/// No text may have more bytes.
const MOST_BYTES: usize = 1 << 20;

/// A text by its name, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pasted<'a> {
    pub(super) name: &'a str,
    pub(super) text: Option<&'a str>,
}

impl Files for Pasted<'_> {
    fn scenario(&mut self, name: &str, from: Option<&SourceText>) -> Result<SourceText, String> {
        match (self.text, from) {
            (Some(text), None) if text.len() > MOST_BYTES => {
                Err("the text is larger than 1 MiB, which no scenario is".into())
            }
            (Some(text), None) => {
                Ok(SourceText { label: self.name.into(), text: text.trim_start_matches('\u{feff}').into() })
            }
            (_, from) => {
                let nowhere = SourceText { label: String::new(), text: "".into() };
                fetch_bundled(name, from.unwrap_or(&nowhere))
            }
        }
    }

    fn trace(&mut self, file: &TraceFile) -> Result<Vec<u8>, Diagnostics> {
        Err(file.fault(format!("no file can be read here, so not `{}`; take the key out", file.label())))
    }
}
