//! What is kept of a run: rows for those who want each mail, integer sums for everybody.

mod ledger;
mod rows;
mod summary;
mod tally;
mod week;

pub use ledger::Ledger;
pub(crate) use ledger::may_change_a_cause;
pub use rows::{FILES, MailRow, Rows, Table};
pub use summary::{Figure, Figures, PERCENTILES, Summary, Tool, WITHIN, is_headline, rounded, summarise};
pub use tally::{Counts, GROUPS, Outcome, Tally, group_of};
pub use week::{HOURS, Hour, Week};
