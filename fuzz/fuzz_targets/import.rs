//! `cargo +nightly fuzz run import`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::import(bytes));
