//! Does something again whenever the files of scenarios change, or what they extend.

use super::interrupt::Stop;
use super::scenario_files::scenario_files;
use super::{End, Fault, note, tell};
use crate::scenario::{SourceText, fetch};
use std::collections::BTreeMap;
use std::iter::successors;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

/// How often is looked.
const EVERY: Duration = Duration::from_millis(300);

/// No chain of scenarios is longer.
const LONGEST_CHAIN: usize = 32;

/// What the files say by now: a file that is touched and stays as it was is no change.
type Texts = BTreeMap<String, Arc<str>>;

/// Does it once, and again after each change, until `stop` is set. What is wrong with a file is told and waited for.
pub(crate) fn watch(
    paths: &[String],
    stop: &Stop,
    mut act: impl FnMut() -> Result<End, Fault>,
) -> Result<End, Fault> {
    loop {
        let before = texts(paths);
        match act() {
            Err(Fault::ClosedPipe) => return Err(Fault::ClosedPipe),
            Err(fault) => tell(&fault),
            Ok(_) => {}
        }
        if !stop.is_set() {
            let files = if before.len() == 1 { "1 file".into() } else { format!("{} files", before.len()) };
            note(&format!("watching {files}; Ctrl-C ends it"));
        }
        while !stop.is_set() && texts(paths) == before {
            sleep(EVERY);
        }
        if stop.is_set() {
            return Ok(End::of(stop));
        }
    }
}

fn texts(paths: &[String]) -> Texts {
    let nowhere = SourceText { label: String::new(), text: "".into() };
    let mut texts = Texts::new();
    for file in scenario_files(paths).unwrap_or_default() {
        let chain = successors(fetch(&file.path, &nowhere).ok(), |source| {
            let table: toml::Table = source.text.parse().ok()?;
            fetch(table.get("extends")?.as_str()?, source).ok()
        });
        texts.extend(chain.take(LONGEST_CHAIN).map(|source| (source.label, source.text)));
    }
    texts
}
