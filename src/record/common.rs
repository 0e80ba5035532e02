//! What all files of results have in common: the program that made them, and how numbers stand in them.

use serde::Serialize;

/// The program.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    /// `bgsim`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

/// Six decimals are more than any interval supports and keep the file readable.
pub fn rounded(value: f64) -> f64 {
    // The sum turns a zero that lost its sign in rounding into a plain one.
    (value * 1e6).round() / 1e6 + 0.0
}
