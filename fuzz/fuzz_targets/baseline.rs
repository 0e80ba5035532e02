//! `cargo +nightly fuzz run baseline`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::baseline(bytes));
