//! `cargo +nightly fuzz run inventory_csv`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::inventory_csv(bytes));
