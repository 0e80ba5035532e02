//! The user and the mail alone.

mod behaviour;
mod files;
mod measured;
mod world;
