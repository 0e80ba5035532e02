//! What the numbers of a run say: pure functions of what was counted, without printing.

pub mod histogram;
pub mod jackknife;
pub mod survival;
