//! What is kept of a run: rows for those who want each mail, integer sums for everybody.

mod adoption;
mod cell;
mod common;
mod course;
mod ledger;
mod life;
mod parts;
mod prints;
mod products;
mod rows;
mod slices;
mod standing;
mod sums;
mod tally;
mod waiting;
mod week;

pub use adoption::{Adoption, Adoptions};
pub use cell::{CellKind, Column};
pub use common::{Interrupted, Pieces, Tool, days, rounded};
pub use course::{Course, IN_TIME, WITHIN};
pub use ledger::Ledger;
pub use parts::{Parts, cut};
pub use prints::Prints;
pub use products::{InTime, Products};
pub use rows::{MailRow, RecordFile, Rows, Said};
pub use slices::{LeanTally, SliceSums, Sliced};
pub use sums::{MOST, Sums};
pub use tally::{Carried, Counts, Outcome, Own, Request, Tally, Within};
pub use week::{Carriers, HOURS, Hour, Week};
