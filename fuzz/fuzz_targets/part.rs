//! `cargo +nightly fuzz run part`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::part(bytes));
