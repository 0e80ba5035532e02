//! A test that cannot run here says so where it is read: past the capture of the test runner, and into the
//! file that `BGSIM_SKIPPED` names, from which `.ci/run` repeats it.

use std::fs::OpenOptions;
use std::io::Write;

/// Says loudly that a test was skipped, and why.
pub fn skip(test: &str, why: &str) {
    let line = format!("SKIPPED {test}: {why}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    if let Some(file) = std::env::var_os("BGSIM_SKIPPED") {
        OpenOptions::new().create(true).append(true).open(file).unwrap().write_all(line.as_bytes()).unwrap();
    }
}
