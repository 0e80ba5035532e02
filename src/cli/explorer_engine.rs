//! The engine for a page: that of this program's version, which it carries, or one from a file.

use super::{Fault, file};
use crate::engine;
use crate::experiment::{Plan, run_fleet};
use crate::record::Prints;
use crate::scenario::load;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

#[cfg(has_engine)]
const CARRIED: Option<(&[u8], &str)> =
    Some((include_bytes!("../../explorer/engine.wasm.gz"), include_str!("../../explorer/engine.json")));
#[cfg(not(has_engine))]
const CARRIED: Option<(&[u8], &str)> = None;

/// No engine has more bytes.
const MOST_BYTES: u64 = 16 << 20;
/// How a file begins that gzip made.
const GZIP: [u8; 2] = [0x1f, 0x8b];
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
                match bytes.starts_with(&GZIP) {
                    true => Ok(Engine { bytes: bytes.into() }),
                    false => Err(format!("{} is not compressed by gzip; {MAKE_IT}", path.display()).into()),
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
