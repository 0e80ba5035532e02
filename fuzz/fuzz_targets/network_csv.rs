//! `cargo +nightly fuzz run network_csv`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::network_csv(bytes));
