//! The journal of a sweep: a line that says what is swept, then one for each finished point, so that an
//! interruption of any kind loses none of them. Here is its text; where it lies is the edge's business.

use super::Point;
use crate::record::Tool;
use crate::scenario::Scenario;
use serde_json::json;
use sha2::{Digest, Sha256};

/// What an earlier sitting left.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Left {
    /// The points that it finished, in order.
    pub points: Vec<Point>,
    /// How many bytes of the text are whole lines: what follows was torn by the interruption.
    pub whole: usize,
}

/// Why a journal cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It is of other work.
    #[error("was begun by another command, scenario or version; repeat that, or delete it:\n  {0}")]
    Other(String),
    /// A line of it is no point.
    #[error("is no journal of a sweep; delete it: line {0}: {1}")]
    Line(usize, serde_json::Error),
}

/// The first line: whatever could make the points others.
pub fn header(command: &str, scenarios: &[Scenario]) -> String {
    let mut hash = Sha256::new();
    scenarios.iter().for_each(|scenario| hash.update(scenario.effective().as_bytes()));
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "tool": Tool::THIS, "command": command, "sha256": hash }).to_string()
}

/// The line of a finished point, without its end.
pub fn line(point: &Point) -> String {
    serde_json::to_string(point).expect("a point is made of names and numbers")
}

/// Reads what an earlier sitting of the same work left. A text without a whole line leaves nothing.
///
/// # Errors
/// If it is the journal of other work, or none.
pub fn read(text: &str, header: &str) -> Result<Left, Unfit> {
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    let mut lines = (1..).zip(text[..whole].lines());
    match lines.next() {
        Some((_, begun)) if begun != header => return Err(Unfit::Other(begun.into())),
        _ => {}
    }
    let point = |(number, line)| serde_json::from_str(line).map_err(|error| Unfit::Line(number, error));
    Ok(Left { points: lines.map(point).collect::<Result<_, _>>()?, whole })
}
