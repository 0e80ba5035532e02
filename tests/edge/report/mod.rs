//! The report of every verb: its files, what they say, and what is no report.

mod bench;
mod folder;
mod names;
mod refused;
mod says;
mod timeline;
mod xml;
