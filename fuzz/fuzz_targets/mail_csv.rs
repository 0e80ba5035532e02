//! `cargo +nightly fuzz run mail_csv`

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bgsim_fuzz::mail_csv(bytes));
