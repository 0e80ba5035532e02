//! `cargo +nightly fuzz run axis`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::axis(bytes));
