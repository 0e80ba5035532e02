//! What real phones keep of themselves, read into one log of typed timelines.
//!
//! What an input is, its content says and never its name: a database is known by its tables, a text by its
//! beginning, an archive by its header. What can be read is read, and everything else is accounted for: rows
//! that were skipped and why, columns that are not there, files of an archive that say nothing of use.
//!
//! Inputs come from strangers. Nothing is written from them but what the timelines hold, no path of an archive
//! is ever used, and every size has a bound ([`Limits`]): what is beyond it is counted, not kept.

mod account;
mod database;
mod dasd;
mod gaps;
mod gathered;
mod input;
mod jetsam;
mod kinds;
mod knowledge;
mod lines;
mod log;
mod metric_kit;
mod observed;
mod power;
mod power_log;
mod privacy_report;
mod scenario;
mod sessions;
mod source;
mod spans;
mod stamp;
mod tar;
mod task_log;
mod text;
mod timelines;
mod unified;

pub use account::{Account, Part};
pub use dasd::{Activity, Scored, Told, told};
pub use gaps::Gap;
pub use gathered::Gathered;
pub use input::{Importer, Limits};
pub use kinds::{
    Contact, Counted, Counter, Decision, Exit, ExitKind, ExitReason, Notice, Opening, Path, Push, Ruling,
    Run, Why,
};
pub use log::{App, DeviceLog, Entry, Policy, Summary, Track};
pub use source::Source;
pub use stamp::Utc;
pub use text::{Named, Written};
