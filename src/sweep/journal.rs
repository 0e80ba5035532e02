//! The journal of work at many points, a sweep or a calibration: a line that says what it is, then one for each finished point, so that an
//! interruption of any kind loses none of them. Each line names its point of the grid and carries a hash over that, the
//! point and the first line: one that was torn, changed, or written for other work is not taken for what it says, and
//! its point is run again. Here is its text; where it lies is the edge's business.

use super::{GridPoint, Point};
use crate::record::Tool;
use crate::scenario::Scenario;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;

/// What an earlier sitting left.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Left<P = Point> {
    /// The points that it finished, by their place.
    pub points: BTreeMap<usize, P>,
    /// The lines that are broken: their number, and their bytes without the end of the line.
    pub broken: Vec<(usize, Range<usize>)>,
    /// How many bytes of the text are whole lines: what follows was torn by the interruption.
    pub whole: usize,
}

/// Why a journal cannot be gone on with: it is of other work.
#[derive(Debug, thiserror::Error)]
#[error("was begun by another command, scenario or version; repeat that, or delete it:\n  {0}")]
pub struct OtherWork(String);

/// The first line: whatever could make the points others.
pub fn header<'a>(command: &str, scenarios: impl IntoIterator<Item = &'a Scenario>) -> String {
    let mut hash = Sha256::new();
    scenarios.into_iter().for_each(|scenario| hash.update(scenario.effective().as_bytes()));
    let hash = hexadecimal(&hash.finalize());
    json!({ "tool": Tool::THIS, "command": command, "sha256": hash }).to_string()
}

/// The line of a finished point of the grid, without its end.
pub fn line(header: &str, place: usize, point: &str) -> String {
    format!("{place} {} {point}", hash(header, place, point))
}

fn hash(header: &str, place: usize, point: &str) -> String {
    let mut hash = Sha256::new();
    [header, "\n", &place.to_string(), "\n", point].iter().for_each(|part| hash.update(part.as_bytes()));
    hexadecimal(&hash.finalize()[..8])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is a point of this grid.
pub fn on_grid(grid: &[GridPoint]) -> impl Fn(usize, &str) -> Option<Point> {
    |place, json| {
        let point: Point = serde_json::from_str(json).ok()?;
        grid.get(place).is_some_and(|own| point.is_at(own)).then_some(point)
    }
}

/// Reads what an earlier sitting of the same work left; `take` makes a point of its line. A text without a whole line leaves nothing; where two lines are
/// of one point, the later counts.
///
/// # Errors
/// If it is the journal of other work, or none.
pub fn read<P>(
    text: &[u8],
    header: &str,
    take: impl Fn(usize, &str) -> Option<P>,
) -> Result<Left<P>, OtherWork> {
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let (mut left, mut at) = (Left { whole, points: BTreeMap::new(), broken: Vec::new() }, 0);
    for (number, bytes) in (1..).zip(text[..whole].split_inclusive(|byte| *byte == b'\n')) {
        let bytes = &bytes[..bytes.len() - 1];
        let range = at..at + bytes.len();
        at = range.end + 1;
        match std::str::from_utf8(bytes) {
            Ok(begun) if number == 1 && begun == header => {}
            _ if number == 1 => return Err(OtherWork(String::from_utf8_lossy(bytes).into_owned())),
            // What was broken and was run again is blank.
            Ok(blank) if blank.trim().is_empty() => {}
            line => match line.ok().and_then(|line| point(line, header, &take)) {
                Some((place, point)) => drop(left.points.insert(place, point)),
                None => left.broken.push((number, range)),
            },
        }
    }
    Ok(left)
}

/// The point of a line, if the line is what was written.
fn point<P>(line: &str, header: &str, take: impl Fn(usize, &str) -> Option<P>) -> Option<(usize, P)> {
    let mut parts = line.splitn(3, ' ');
    let (place, said, json) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    let is_whole = said == hash(header, place, json);
    is_whole.then(|| take(place, json)).flatten().map(|point| (place, point))
}
