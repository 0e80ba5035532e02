//! The user and the mail alone.

mod behaviour;
mod compensation;
mod exports;
mod files;
mod measured;
mod rhythm;
pub(crate) mod world;
