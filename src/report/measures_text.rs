//! The measures for people to read: how each is written, what it is measured in, and what it means.

use super::wrap::paragraph;
use crate::measure::Measure;

/// All of them, in the order of their list.
pub fn text(width: usize) -> String {
    let entry = |measure: Measure| {
        let head = format!("{:<30}  {}\n", measure.name(), measure.unit());
        head + &paragraph("    ", measure.words(), width)
    };
    Measure::ALL.map(entry).join("\n")
}
