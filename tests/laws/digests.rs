//! What every bundled scenario comes to, down to the last byte. A change of results cannot pass unsaid: it
//! changes `tests/digests.txt`, and that belongs into a commit with its entry in the CHANGELOG.

use crate::common::{run, scenario};
use bgsim::record::{Prints, RecordFile};
use bgsim::scenario::BUNDLED;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Enough for every persona to be met, and few enough to be simulated by every test run.
const DEVICES: &str = "devices=48";

fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    parts.into_iter().for_each(|part| hash.update(part));
    hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The summary without what a release changes by itself.
fn summary_of(text: &str) -> String {
    text.replace(concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\""), "\"version\": \"\"")
}

#[test]
fn every_bundled_scenario_comes_to_what_is_committed() {
    let mut found = String::from("# scenario fingerprint books rows summary, of 48 devices each\n");
    for bundled in BUNDLED {
        let run = run(scenario(&format!("extends = {:?}\n", bundled.name), &[DEVICES]));
        let Prints { fingerprint, books } = Prints::of(&run.total());
        let named =
            run.files.iter().zip(RecordFile::ALL).flat_map(|(file, table)| [table.name().as_bytes(), file]);
        let (rows, summary) = (digest(named), digest([summary_of(&run.summary()).as_bytes()]));
        found += &format!("{} {fingerprint} {books} {rows} {summary}\n", bundled.name);
    }
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/digests.txt");
    if fs::read_to_string(&committed).unwrap_or_default() != found {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("digests.txt");
        fs::write(&fresh, &found).unwrap();
        panic!("results changed; what they are now is in {}:\n{found}", fresh.display());
    }
}
