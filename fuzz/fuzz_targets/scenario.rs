//! `cargo +nightly fuzz run scenario`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::scenario(bytes));
