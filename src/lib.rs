//! `bgsim` simulates when a secure mail client on an iPhone can check for mail in the background.
//!
//! The modules stand in reading order, and each uses only those before it; a test holds them to it.

pub mod time;
pub mod units;
pub mod names;
pub mod source;
pub mod section;
pub mod clock;
pub mod analysis;
pub mod policy;
pub mod hardware;
pub mod persona;
pub mod trace;
pub mod random;
pub mod dealing;
pub mod signal;
pub mod event;
pub mod engine;
pub mod device;
pub mod client;
pub mod registry;
pub mod scenario;
pub mod inventory;
#[cfg(feature = "import")]
pub mod import;
pub mod schema;
pub mod access_table;
pub mod lint;
pub mod slice;
pub mod record;
pub mod figure;
pub mod summary;
pub mod experiment;
pub mod measure;
pub mod observation;
pub mod divergence;
pub mod expectation;
pub mod comparison;
pub mod sweep;
pub mod sensitivity;
pub mod explanation;
pub mod timeline;
pub mod report;
pub mod reference;
#[cfg(feature = "cli")]
pub mod cli;
