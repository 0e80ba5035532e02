//! The report of every verb: its files, what they say, and what becomes of one that was tampered with.

#[path = "report/bench.rs"]
mod bench;
#[path = "report/folder.rs"]
mod folder;
#[path = "report/hostile.rs"]
mod hostile;
#[path = "report/mutated.rs"]
mod mutated;
#[path = "report/names.rs"]
mod names;
#[path = "report/says.rs"]
mod says;
#[path = "report/timeline.rs"]
mod timeline;
#[path = "report/xml.rs"]
mod xml;
