//! The user and the mail alone.

#[path = "people/behaviour.rs"]
mod behaviour;
#[path = "people/files.rs"]
mod files;
#[path = "people/measured.rs"]
mod measured;
#[path = "people/world.rs"]
mod world;
