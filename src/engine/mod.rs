//! The discrete-event engine: a calendar of alarms, a queue of signals, one loop. It knows no model.

mod calendar;
mod hasher;
mod model;
mod moments;
mod reference;
mod run;
mod slot;
mod winner_tree;

pub use calendar::{Calendar, Engine};
pub use hasher::Fingerprint;
pub use model::{Context, Model, Setup, Timer};
pub use moments::Moments;
pub use run::{Core, Models, Observer, run, run_on};
pub use slot::Slot;
