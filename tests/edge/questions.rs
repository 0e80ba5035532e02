//! The page of questions quotes what its commands print. `UPDATE=1` writes the quotes anew.
//!
//! A quote begins with its command and goes on with lines of the output; `...` stands for lines left out. Every
//! command runs as it stands, with as many devices as it names: each takes about a second.

use crate::comments::words;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::Command;

const LEFT_OUT: &str = "...";

fn printed(command: &str) -> Vec<String> {
    let out = Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words(command)).output().unwrap();
    assert!(out.status.success(), "{command}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().lines().map(String::from).collect()
}

/// What a line begins with, whatever its numbers and however wide its columns.
fn beginning(line: &str) -> String {
    let words = line.split_whitespace().take_while(|word| !word.contains(|c: char| c.is_ascii_digit()));
    words.take(4).map(|word| word.trim_start_matches('─')).collect::<Vec<_>>().join(" ")
}

/// Where in an output those lines stand that were quoted of an older one: from a line that begins alike to one
/// that ends them alike, about as many.
fn found(quoted: &[&str], output: &[String]) -> Range<usize> {
    let (opens, ends) = (quoted[0], quoted[quoted.len() - 1]);
    let alike = |place: &usize, line: &str| beginning(&output[*place]) == beginning(line);
    let first = (0..output.len()).find(|place| alike(place, opens));
    let first = first.unwrap_or_else(|| panic!("nothing begins like `{opens}`; quote something else"));
    let last = (first..output.len()).filter(|place| alike(place, ends));
    let last = last.min_by_key(|last| (last - first).abs_diff(quoted.len() - 1));
    first..last.unwrap_or_else(|| panic!("nothing ends like `{ends}`; quote something else")) + 1
}

/// A quote made anew: its runs of lines, each where it stands in the output, with what is left out between.
fn quote(quoted: &[&str], output: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = output;
    for run in quoted.split(|line| *line == LEFT_OUT).filter(|run| !run.is_empty()) {
        let place = found(run, rest);
        lines.extend((place.start > 0).then(|| LEFT_OUT.into()));
        lines.extend_from_slice(&rest[place.clone()]);
        rest = &rest[place.end..];
    }
    lines.extend((!rest.is_empty()).then(|| LEFT_OUT.into()));
    lines
}

/// The numbers of a text.
fn numbers(text: &str) -> Vec<&str> {
    let part = |c: char| c.is_ascii_digit() || ".,".contains(c);
    let parts = text.split(|c: char| !part(c)).map(|number| number.trim_matches(['.', ',']));
    parts.filter(|number| !number.is_empty()).collect()
}

#[test]
fn the_page_of_questions_quotes_what_its_commands_print() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/questions.md");
    let page = fs::read_to_string(&path).unwrap();
    let mut made = String::new();
    let mut asked = 0;
    let parts: Vec<&str> = page.split("```").collect();
    assert!(parts.len() % 2 == 1, "a quote does not end");
    for (place, part) in parts.iter().enumerate() {
        if place % 2 == 0 {
            made += part;
            continue;
        }
        let mut lines = part.lines().skip(1);
        let command =
            lines.next().and_then(|line| line.strip_prefix("$ bgsim ")).expect("a quote has a command");
        let quoted: Vec<&str> = lines.collect();
        let quote = quote(&quoted, &printed(command)).join("\n");
        assert!(quote.lines().any(|line| line != LEFT_OUT), "`{command}` is quoted with nothing");
        made += &format!("```console\n$ bgsim {command}\n{quote}\n```");
        // What is said of a quote, up to the next heading, has no number that is not in it.
        let said = parts[place + 1].split("\n#").next().unwrap();
        let known = numbers(&quote).into_iter().chain(numbers(command)).collect::<Vec<_>>();
        for number in numbers(said) {
            assert!(known.contains(&number), "`{command}`: {number} is said, and not printed");
        }
        asked += 1;
    }
    assert!(asked >= 9, "{asked} commands");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).unwrap();
    } else {
        let changed = page.lines().zip(made.lines()).find(|(was, is)| was != is);
        assert!(page == made, "docs/questions.md has changed, first {changed:?}; UPDATE=1 writes it anew");
    }
}

#[test]
fn a_quote_follows_lines_that_have_moved_and_numbers_that_have_changed() {
    let lines = |text: &str| text.lines().map(String::from).collect::<Vec<_>>();
    let output =
        lines("title 5\n\nmail  told\n─────────\n notified  17 %\n on open  4 %\n\nWith b, 8 % more\nlast");
    let quoted = ["...", "mail told", "───", " on open  3 %", "...", "With b, 7 %"];
    let made = [
        "...",
        "mail  told",
        "─────────",
        " notified  17 %",
        " on open  4 %",
        "...",
        "With b, 8 % more",
        "...",
    ];
    assert_eq!(quote(&quoted, &output), made);
    assert_eq!(quote(&made, &output), made, "made again it is the same");
    assert_eq!(numbers("8,651 of 12.5 %, at 22:00."), ["8,651", "12.5", "22", "00"]);
}
