//! `bgsim` simulates when a secure mail client on an iPhone can check for mail in the background.
//!
//! Read the modules in this order; each uses only those before it.

pub mod analysis;
pub mod client;
pub mod clock;
pub mod device;
pub mod engine;
pub mod number;
pub mod persona;
pub mod policy;
pub mod random;
pub mod registry;
pub mod report;
pub mod scenario;
pub mod signal;
pub mod time;
pub mod trace;
pub mod units;
