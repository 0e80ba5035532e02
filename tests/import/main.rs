//! What real phones keep, read and made into a scenario.

#[path = "../common/skip.rs"]
mod skip;

mod hostile;
mod phone;
mod real;
mod replay;
mod round_trip;
mod shapes;
mod silence;
mod written;
