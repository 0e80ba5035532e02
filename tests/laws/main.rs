//! What must hold of the models and of their books, whatever a command line looks like: laws in closed
//! form, mails worked by hand, published facts, and random scenarios.

mod alone;
mod appconnect;
mod background_push;
mod chance;
#[path = "../common/mod.rs"]
mod common;

mod closed_form;
mod coverage;
mod dates;
mod design_effect;
mod digests;
mod drift;
mod events;
mod explore;
mod facts;
mod fold;
mod golden_mails;
mod habits;
mod hardware;
mod histories;
mod identity;
mod invariants;
mod mean;
mod measures;
mod memory;
mod mixes;
mod nature;
mod network;
mod people;
mod plans;
mod power;
mod process;
mod publishing;
mod push;
mod ranges;
mod recorded_power;
mod slices;
mod usage;
mod worlds;
