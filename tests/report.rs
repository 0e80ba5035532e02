//! The report of every verb: its files, what they say, and what becomes of one that was tampered with.

// The other laws come with what they are about.
#[allow(dead_code)]
#[path = "report/bench.rs"]
mod bench;
#[path = "report/hostile.rs"]
mod hostile;
#[path = "report/mutated.rs"]
mod mutated;
#[path = "report/xml.rs"]
mod xml;
