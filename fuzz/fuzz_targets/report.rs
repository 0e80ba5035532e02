//! `cargo +nightly fuzz run report`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::report(bytes));
