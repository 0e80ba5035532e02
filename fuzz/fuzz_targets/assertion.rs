//! `cargo +nightly fuzz run assertion`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::assertion(bytes));
