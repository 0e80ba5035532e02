//! What can be observed of a phone from outside and measured on a simulated one: of every device one value,
//! worked out from its signals alone, as people work theirs out from the records of real phones.
//!
//! The catalogue has a row for every [`Measure`]. What they need of a life a [`Diary`] keeps.

mod catalogue;
mod day;
mod diary;
mod learner;
mod run;

pub use catalogue::Measure;
pub use day::Day;
pub use diary::{Diary, Visit};
pub use run::{Measured, measure};
