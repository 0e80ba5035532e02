//! What is kept of a run: rows for those who want each mail, integer sums for everybody.

mod common;
mod ledger;
mod prints;
mod rows;
mod tally;
mod waiting;
mod week;

pub use common::{Tool, rounded};
pub use ledger::Ledger;
pub use prints::Prints;
pub use rows::{MailRow, RecordFile, Rows};
pub use tally::{Counts, GROUPS, Outcome, Request, Tally, group_of};
pub use week::{HOURS, Hour, Week};
