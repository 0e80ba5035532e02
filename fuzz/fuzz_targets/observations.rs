//! `cargo +nightly fuzz run observations`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::observations(bytes));
