//! The engine for a page: that of this program's version, which it carries, or one from a file.

use super::{Fault, file};
use crate::engine;
use crate::experiment::{Plan, run_fleet};
use crate::record::Prints;
use crate::scenario::load;
use flate2::bufread::GzDecoder;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

#[cfg(has_engine)]
const CARRIED: Option<(&[u8], &str)> =
    Some((include_bytes!("../../explorer/engine.wasm.gz"), include_str!("../../explorer/engine.json")));
#[cfg(not(has_engine))]
const CARRIED: Option<(&[u8], &str)> = None;

/// No engine has more bytes, as it is or unpacked.
const MOST_BYTES: u64 = 16 << 20;
const MOST_UNPACKED: u64 = 64 << 20;
/// How a file begins that gzip made.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How WebAssembly begins, with its version.
const WASM: [u8; 8] = *b"\0asm\x01\0\0\0";
/// What helps where there is no engine that fits.
const MAKE_IT: &str = ".ci/wasm makes one, and --module FILE takes it";

/// An engine as a page takes it.
pub(super) struct Engine {
    /// WebAssembly, compressed.
    pub(super) bytes: Cow<'static, [u8]>,
}

/// What is known of the engine that the program carries.
#[derive(Deserialize)]
struct About {
    /// How many devices of each scenario were simulated.
    devices: u32,
    /// What tells whether two runs of them did the same, by scenario.
    prints: BTreeMap<String, Known>,
}

/// [`Prints`] as they are kept.
#[derive(Deserialize)]
struct Known {
    fingerprint: String,
    books: String,
}

impl Engine {
    /// The engine from a file, or else that which the program carries, if both compute the same.
    pub(super) fn of(module: Option<&Path>) -> Result<Engine, Fault> {
        match module {
            Some(path) => {
                let bytes = file::read(path, MOST_BYTES)
                    .map_err(|error| Fault::io(format_args!("read {}", path.display()), &error))?;
                match not_an_engine(&bytes) {
                    None => Ok(Engine { bytes: bytes.into() }),
                    Some(why) => Err(format!("{} is no engine: {why}; {MAKE_IT}", path.display()).into()),
                }
            }
            None => {
                let (bytes, about) =
                    CARRIED.ok_or_else(|| format!("this program carries no engine for a page; {MAKE_IT}"))?;
                check(&serde_json::from_str(about)?)?;
                Ok(Engine { bytes: bytes.into() })
            }
        }
    }
}

/// What a page would stumble over in this file, where it would: it is told here who can mend it.
fn not_an_engine(mut bytes: &[u8]) -> Option<String> {
    if !bytes.starts_with(&GZIP) {
        return Some(format!("it begins with {} and is not compressed by gzip", first(bytes)));
    }
    let mut unpacked = Vec::new();
    let read = GzDecoder::new(&mut bytes).take(MOST_UNPACKED + 1).read_to_end(&mut unpacked);
    match read {
        Err(error) => Some(format!("gzip cannot unpack it ({error})")),
        Ok(length) if length as u64 > MOST_UNPACKED => {
            Some(format!("unpacked it has more than {} MiB", MOST_UNPACKED >> 20))
        }
        Ok(_) if !unpacked.starts_with(&WASM) => Some(format!(
            "unpacked it begins with {}, and WebAssembly of version 1 with {}",
            first(&unpacked),
            first(&WASM)
        )),
        Ok(_) if !bytes.is_empty() => Some("something follows what gzip packed".into()),
        Ok(_) => None,
    }
}

/// How a file begins, in hexadecimal.
fn first(bytes: &[u8]) -> String {
    let shown: Vec<String> = bytes.iter().take(WASM.len()).map(|byte| format!("{byte:02x}")).collect();
    if shown.is_empty() { "nothing".into() } else { shown.join(" ") }
}

/// Between them a key, pushes that end on a date, a night of restarts, and two groups with hours of their own.
const MUCH_HAPPENS: [&str; 4] = ["device-keychain", "ews-retired", "update-night", "two-shifts"];

/// Makes sure that this program computes what the engine does, by scenarios in which much happens.
fn check(about: &About) -> Result<(), Fault> {
    MUCH_HAPPENS.into_iter().try_for_each(|scenario| check_by(about, scenario))
}

fn check_by(about: &About, name: &str) -> Result<(), Fault> {
    let Some(known) = about.prints.get(name) else {
        return Err(format!("nothing is known of the engine that this program carries; {MAKE_IT}").into());
    };
    let scenario = load(name, &[format!("devices={}", about.devices)])?;
    let plan = Plan { engine: engine::Engine::Fast, ..Plan::default() };
    let Ok(fleet) = run_fleet(&scenario, &plan, &mut ());
    let Prints { fingerprint, books } = Prints::of(&fleet.total());
    match fingerprint == known.fingerprint && books == known.books {
        true => Ok(()),
        false => Err(format!(
            "this program no longer computes what the engine does that it carries for a page: of {} devices of \
             {name} the fingerprint and the books are {fingerprint} {books} here, and {} {} there; {MAKE_IT}",
            about.devices, known.fingerprint, known.books
        )
        .into()),
    }
}
