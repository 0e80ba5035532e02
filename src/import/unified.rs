//! The unified log as `log show` prints it: a JSON object a line, or columns with messages that go on over lines.
//!
//! A phone writes tens of millions of messages in the days that it keeps: they are looked at one by one, and only
//! those of dasd are taken apart.

use super::account::Part;
use super::lines::Lines;
use super::stamp::{Bare, Utc, wall};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

/// The process whose messages count.
const WHO: &str = "dasd";
/// No message of it is longer.
const MOST_MESSAGE: usize = 1 << 20;
/// Where in a line its instant ends: its date, its time, and how far that is ahead of UTC.
const STAMP: std::ops::Range<usize> = 24..34;
/// Of so many columns one is the process.
const COLUMNS: usize = 8;
/// So far into a text there may be something else, such as what `log show` was asked.
const LINES_BEFORE: usize = 20;

pub(super) const OTHERS: &str = "of another process";

/// Whether a text begins like it.
pub(super) fn begins(head: &str) -> bool {
    let is_object = |line: &str| line.starts_with('{') && line.contains("\"eventMessage\"");
    let is_heading = |line: &str| line.starts_with("Timestamp ") && line.contains(" Thread ");
    head.lines().next().is_some_and(is_object)
        || head.lines().take(LINES_BEFORE).any(|line| is_heading(line) || stamped(line).is_some())
}

/// The instant that a line begins with, and what stands behind it.
fn stamped(line: &str) -> Option<((Utc, i32), &str)> {
    let bytes = line.as_bytes();
    if bytes.len() < STAMP.start || bytes[4] != b'-' || bytes[10] != b' ' || bytes[13] != b':' {
        return None;
    }
    let second_blank = bytes[11..].iter().position(|byte| *byte == b' ')? + 11;
    let stamp = line.get(..second_blank).filter(|_| STAMP.contains(&second_blank))?;
    Some((wall(stamp, Bare::Refused)?, &line[second_blank..]))
}

/// What dasd says in a line of columns; `None` where somebody else speaks.
fn spoken(columns: &str) -> Option<&str> {
    let mut rest = columns;
    for _ in 0..COLUMNS {
        rest = rest.trim_start();
        let (word, behind) = rest.split_once(' ')?;
        let is_who = |word: &str| {
            let name = word.strip_suffix(':').and_then(|word| word.strip_prefix(WHO));
            name.is_some_and(|pid| pid.is_empty() || pid.starts_with('['))
        };
        if is_who(word) {
            return Some(without(without(behind, '(', ')'), '[', ']'));
        }
        rest = behind;
    }
    None
}

/// A message without the library or the subsystem before it.
fn without(text: &str, opens: char, closes: char) -> &str {
    let text = text.trim_start();
    let rest = text.strip_prefix(opens).and_then(|text| text.split_once(closes));
    rest.map_or(text, |(_, rest)| rest.trim_start())
}

/// A line of JSON.
#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(borrow, rename = "eventMessage")]
    message: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "processImagePath")]
    process: Option<Cow<'a, str>>,
}

/// Hands over each message of dasd; `said` says why one tells nothing.
pub(super) fn each(
    lines: &mut Lines<&mut dyn Read>,
    part: &mut Part,
    ahead: &mut BTreeMap<i32, u64>,
    mut said: impl FnMut(Utc, &str) -> Result<(), &'static str>,
) -> Result<(), String> {
    // A message under way, and its instant; what follows somebody else's is not kept.
    let mut message = String::new();
    let mut at = None;
    let mut tell = |at: Utc, text: &str, part: &mut Part| match said(at, text) {
        Ok(()) => part.read += 1,
        Err(why) => part.skip(why),
    };
    while let Some(line) = lines.next().map_err(|error| format!("it breaks off: {error}"))? {
        if let Some((instant, columns)) = stamped(&line) {
            if let Some(at) = at.take() {
                tell(at, &message, part);
            }
            *ahead.entry(instant.1).or_default() += 1;
            match spoken(columns) {
                Some(text) => {
                    message.clear();
                    message.push_str(text);
                    at = Some(instant.0);
                }
                None => part.skip(OTHERS),
            }
        } else if line.starts_with('{') && at.is_none() {
            if !line.contains(WHO) {
                part.skip(OTHERS);
                continue;
            }
            let Ok(object) = serde_json::from_str::<Object<'_>>(&line) else {
                part.skip("no JSON object of the log");
                continue;
            };
            let is_who = object.process.is_some_and(|path| path.rsplit('/').next() == Some(WHO));
            match (wall(&object.timestamp, Bare::Refused), object.message) {
                (Some((at, by)), Some(message)) if is_who => {
                    *ahead.entry(by).or_default() += 1;
                    tell(at, &message, part);
                }
                (Some(_), _) if !is_who => part.skip(OTHERS),
                _ => part.skip("no instant, or no message"),
            }
        } else if at.is_some() && message.len() + line.len() < MOST_MESSAGE {
            message.push('\n');
            message.push_str(&line);
        }
    }
    if let Some(at) = at {
        tell(at, &message, part);
    }
    Ok(())
}
