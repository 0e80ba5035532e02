//! What is kept of a run: rows for those who want each mail, integer sums for everybody.

mod ledger;
mod prints;
mod rows;
mod summary;
mod tally;
mod week;

pub use ledger::Ledger;
pub use prints::Prints;
pub use rows::{MailRow, Rows, Table};
pub use summary::{Figure, Figures, PERCENTILES, Summary, Tool, WITHIN, is_headline, rounded, summarise};
pub use tally::{Counts, GROUPS, Outcome, Request, Tally, group_of};
pub use week::{HOURS, Hour, Week};
