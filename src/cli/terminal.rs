//! The terminal: how wide it is, whether it shows colours, and everything that is printed to it.

use super::{End, Fault};
use crate::report::paint::{Paint, Screen};
use crate::report::wrap::paragraph;
use crate::scenario::shown;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use serde_json::Value;
use std::io::{self, Write};

/// Prints to standard output, with which a verb is done.
pub(crate) fn print(text: impl AsRef<[u8]>) -> Result<End, Fault> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Ok(()) => Ok(End::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Fault::ClosedPipe),
        Err(error) => Err(Fault::io("write to standard output", &error)),
    }
}

/// Prints JSON in lines.
pub(crate) fn print_json(json: &Value) -> Result<End, Fault> {
    print(format!("{json:#}\n"))
}

/// Prints a result, and tells what it covers if it was interrupted. Ctrl-C ends the whole pipeline: that nobody
/// reads any more must not hide the interruption.
pub(crate) fn print_result(text: &str, interrupted: Option<(End, String)>) -> Result<End, Fault> {
    match (print(text), interrupted) {
        (Ok(_) | Err(Fault::ClosedPipe), Some((end, covers))) => {
            note(&format!("interrupted: {covers}"));
            Ok(end)
        }
        (printed, _) => printed,
    }
}

/// What standard output is: how wide, and whether it shows colours.
pub(crate) fn screen() -> Screen {
    let width = said_width().or_else(|| own_width(&io::stdout()));
    Screen { width: width.unwrap_or(Screen::PAPER.width).clamp(LEAST, MOST), paint: paint_of(&io::stdout()) }
}

/// Lines are neither shorter nor longer than people read.
const LEAST: usize = 40;
const MOST: usize = 180;

/// How many characters fit on a line.
pub(crate) fn terminal_width() -> usize {
    screen().width
}

/// What COLUMNS says, which goes before what the terminal is.
fn said_width() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.trim().parse().ok().filter(|width| *width > 0)
}

#[cfg(unix)]
fn own_width(stream: &impl std::os::fd::AsFd) -> Option<usize> {
    Some(usize::from(terminal_size::terminal_size_of(stream)?.0.0))
}

#[cfg(windows)]
fn own_width(stream: &impl std::os::windows::io::AsHandle) -> Option<usize> {
    Some(usize::from(terminal_size::terminal_size_of(stream)?.0.0))
}

/// `--color` decides, else NO_COLOR, CLICOLOR and CLICOLOR_FORCE, TERM, and whether it is a terminal.
fn paint_of(stream: &impl RawStream) -> Paint {
    match AutoStream::choice(stream) {
        ColorChoice::Never => Paint::Plain,
        _ => Paint::Colour,
    }
}

/// Tells the user something beside the result.
pub(crate) fn note(text: &str) {
    // What came from a file must not steer the terminal, nor who reads a log of it.
    let text = text.split('\n').map(shown).collect::<Vec<_>>().join("\n");
    // What a program reads keeps its lines.
    let width = said_width().or_else(|| own_width(&io::stderr()));
    let text = width.map_or(text.clone(), |width| broken(&text, width.clamp(LEAST, MOST)));
    let text = paint_of(&io::stderr()).severity(&text);
    let _ = writeln!(io::stderr(), "{text}");
}

/// A text whose sentences fit; excerpts of files, which are indented, stay as they are.
fn broken(text: &str, width: usize) -> String {
    let line = |line: &str| {
        let help = line.find("= help: ").map(|at| at + "= help: ".len());
        let begins = match help {
            Some(end) if line[..end].trim_start().starts_with("= help") => end,
            _ if line.starts_with([' ', '-']) || line.is_empty() => return line.to_string(),
            _ => 0,
        };
        paragraph(&line[..begins], &line[begins..], width).trim_end().to_string()
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn sentences_break_and_excerpts_do_not() {
        let text = "error: unknown key `policy.autolock` of many\n --> --set policy.autolock=1m and more:1:8\n  |\n1 | policy.autolock = \"1m\" and so on and on\n  = help: did you mean `auto_lock`, or another?";
        let shown = "error: unknown key `policy.autolock` of\nmany\n --> --set policy.autolock=1m and more:1:8\n  |\n1 | policy.autolock = \"1m\" and so on and on\n  = help: did you mean `auto_lock`, or\n          another?";
        let lines = |text: &str| text.lines().map(String::from).collect::<Vec<_>>();
        let found = lines(&broken(text, 40));
        // Of an excerpt the line begins with its number.
        assert_eq!(found[..3], lines(shown)[..3]);
        assert_eq!(found[found.len() - 2..], lines(shown)[5..]);
    }
}
