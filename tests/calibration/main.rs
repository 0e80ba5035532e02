//! What an honest calibrator must pass: it finds again what was put in, makes nothing of no observations, refuses another
//! model, is not told twice, is examined by what it did not see, and leaves the same bytes however it is run.

mod closed_loop;
mod command;
mod ensembles;
mod toys;
