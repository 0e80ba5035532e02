//! `cargo +nightly fuzz run user_csv`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::user_csv(bytes));
