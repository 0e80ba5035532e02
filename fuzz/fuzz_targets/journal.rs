//! `cargo +nightly fuzz run journal`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::journal(bytes));
