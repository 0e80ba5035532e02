//! The report of every verb: its files, what they say, and what becomes of one that was tampered with.

mod bench;
mod folder;
mod hostile;
mod mutated;
mod names;
mod says;
mod timeline;
mod xml;
