//! The phone and the world around it. No file here imports a sibling: they meet in signals only.

mod dates;
mod habits;
mod lock;
mod mail;
mod memory;
mod network;
mod power;
pub mod push;
pub mod scheduler;
mod user;

pub use dates::Dates;
pub use habits::HabitsModel;
pub use lock::LockModel;
pub use mail::Mail;
pub use memory::{Memory, held_by_system};
pub use network::NetworkModel;
pub use power::Power;
pub use push::Push;
pub use scheduler::Scheduler;
pub use user::User;
