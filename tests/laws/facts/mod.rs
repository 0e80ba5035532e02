//! What is published of iOS as rules (facts/ios.md, section 10), each test named after its row: whole
//! devices run, and every signal is held against the rule. A rule that nothing met would prove
//! nothing, so each test also counts the occasions on which it could have been broken.
//!
//! Elsewhere: row 18 in `tests/laws/process.rs`, row 24 in `device::scheduler::threshold`, row 21 by identifier in
//! `device::scheduler::requests`, rows 26 and 27 in `tests/memory.rs`, row 28 in
//! `device::memory::residents`.

mod gates;
mod keys;
mod logs;
mod requests;
mod world;
