//! Who is who in a fleet, without chance: when the members of each group come, which value of a mix each
//! has, and which user of a trace each follows.
//!
//! A device is the k-th member of its group, whatever else the fleet holds. Nothing here depends on the seed,
//! and all arithmetic is on whole numbers.

mod key;
mod order;
mod sequence;
mod users;

pub use key::key_of;
pub use order::{Order, Walk};
pub use sequence::{UNIT, quantile};
pub use users::user_of;
