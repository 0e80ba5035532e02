//! What the numbers of a run say: pure functions of what was counted, without printing.

pub mod histogram;
pub mod jackknife;
pub mod lean;
#[cfg(test)]
mod jackknife_tests;
pub mod mixture;
pub mod ratio;
pub mod statistic;
#[cfg(test)]
mod statistic_tests;
pub mod survival;
#[cfg(test)]
mod survival_tests;
pub mod tails;
pub mod transient;
