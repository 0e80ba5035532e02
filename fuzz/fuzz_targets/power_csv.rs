//! `cargo +nightly fuzz run power_csv`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::power_csv(bytes));
