//! The fuzz targets over their corpus, and over what a few thousand small changes make of it. A fuzzer goes further:
//! `cargo +nightly fuzz run scenario -- -max_total_time=600`.

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use bgsim::random::{RngExt, Streams};
use std::fs;
use std::path::Path;

/// What a change puts in.
const PIECES: [&str; 14] = [
    "\"",
    "\n",
    "[",
    "]]",
    "=",
    ",",
    ".",
    "-1",
    "1e308",
    "\0",
    "\u{202e}",
    "..",
    "ü",
    "99999999999999999999",
];

#[test]
fn every_target_holds_over_its_corpus_and_near_it() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut tried = 0;
    for (name, target) in targets::TARGETS {
        let mut files: Vec<_> =
            fs::read_dir(corpus.join(name)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has no corpus");
        let seeds: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
        let mut draws = Streams::new(1, "fuzz", 0).stream(name);
        for seed in &seeds {
            target(seed);
            for _ in 0..100 {
                let mut bytes = seed.clone();
                for _ in 0..draws.random_range(1..4) {
                    let at = draws.random_range(0..=bytes.len());
                    let until = draws.random_range(at..=bytes.len().min(at + 8));
                    let piece = PIECES[draws.random_range(0..PIECES.len())].as_bytes();
                    match draws.random_range(0..3) {
                        0 => drop(bytes.splice(at..until, piece.iter().copied())),
                        1 => drop(bytes.drain(at..until)),
                        _ => {
                            let other = &seeds[draws.random_range(0..seeds.len())];
                            let from = draws.random_range(0..=other.len());
                            bytes.splice(at..until, other[from..].iter().copied());
                        }
                    }
                }
                target(&bytes);
                tried += 1;
            }
        }
    }
    assert!(tried > 2000, "{tried}");
}
