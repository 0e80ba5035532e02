//! What README and manual quote is what the program prints: `trycmd` runs each ```` ```console ```` block, in which
//! `...` stands for lines left out and `[..]` for the rest of a line.
//!
//! `UPDATE=1 cargo test --all-features --test edge console` makes the quotes anew. `TRYCMD=overwrite` would do so too, but a
//! line that follows `...` and has changed makes it give up what was left out, and write the whole output. Here the
//! runs of lines that were quoted are found again by what they begin with, whatever their numbers.

use crate::comments::words;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use trycmd::TestCases;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const LEFT_OUT: &str = "...";
const FENCE: &str = "```console\n";
/// The terminal of a reader: 80 columns without colour.
const TERMINAL: [(&str, &str); 2] = [("COLUMNS", "80"), ("NO_COLOR", "1")];

/// What a command prints, results before notes, and its exit code where that is not 0, as `trycmd` writes it.
fn printed(command: &str) -> Vec<String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    let out = program.args(words(command)).envs(TERMINAL).current_dir(ROOT).output().unwrap();
    let code = out.status.code().filter(|code| *code != 0).map(|code| format!("? {code}"));
    let text = String::from_utf8([out.stdout, out.stderr].concat()).unwrap();
    code.into_iter().chain(text.lines().map(String::from)).collect()
}

/// What a line begins with, whatever its numbers and however wide its columns; of one that begins with a number the
/// words behind it.
fn beginning(line: &str) -> String {
    let is_number = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let words = || line.split_whitespace().map(|word| word.trim_start_matches('─'));
    let first: Vec<&str> = words().take_while(|word| !is_number(word)).take(4).collect();
    if first.is_empty() { words().filter(|word| !is_number(word)).take(4).collect::<Vec<_>>() } else { first }
        .join(" ")
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

/// A page with its quotes made anew.
fn made(page: &str) -> String {
    let mut parts = page.split(FENCE);
    let mut made = parts.next().unwrap().to_owned();
    for part in parts {
        let (block, said) = part.split_once("```").expect("a quote ends");
        made += FENCE;
        for command in block.split("$ bgsim ").skip(1) {
            let mut lines = command.lines().map(str::trim_end);
            let command = lines.next().unwrap();
            let mut quoted: Vec<&str> = lines.collect();
            while quoted.last().is_some_and(|line| line.is_empty()) {
                quoted.pop();
            }
            let quote = quote(&quoted, &printed(command));
            // To `trycmd` the last line break belongs to the block, so that of a whole output is one more.
            let end = if quote.last().is_some_and(|line| line == LEFT_OUT) { "" } else { "\n" };
            made += &format!("$ bgsim {command}\n{}\n{end}", quote.join("\n"));
        }
        made += &format!("```{said}");
    }
    made
}

/// Which pages quote what is printed.
fn pages() -> Vec<PathBuf> {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = docs.chain([Path::new(ROOT).join("README.md")]);
    let mut pages: Vec<PathBuf> = pages
        .filter(|page| page.extension().is_some_and(|end| end == "md"))
        .filter(|page| fs::read_to_string(page).unwrap().contains(FENCE))
        .collect();
    pages.sort();
    pages
}

#[test]
fn every_console_block_is_true() {
    if std::env::var_os("UPDATE").is_some() {
        for path in pages() {
            let page = fs::read_to_string(&path).unwrap();
            fs::write(&path, made(&page)).unwrap();
        }
    }
    let cases = TestCases::new();
    cases.register_bin("bgsim", Path::new(env!("CARGO_BIN_EXE_bgsim")));
    TERMINAL.into_iter().for_each(|(name, value)| {
        cases.env(name, value);
    });
    pages().into_iter().for_each(|page| {
        cases.case(page);
    });
}

/// What is said of the quotes of the page of questions, up to the next heading, has no number that is not in them.
#[test]
fn no_number_is_said_of_a_quote_that_it_does_not_have() {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/questions.md")).unwrap();
    let mut asked = 0;
    for question in page.split("\n## ").skip(1) {
        let (quotes, said): (Vec<_>, Vec<_>) = {
            let parts = question.split("```").enumerate().skip(1);
            let parts: Vec<(usize, &str)> = parts.collect();
            parts.into_iter().partition(|(place, _)| place % 2 == 1)
        };
        let known: Vec<&str> = quotes.iter().flat_map(|(_, quote)| numbers(quote)).collect();
        for number in said.iter().flat_map(|(_, said)| numbers(said)) {
            assert!(known.contains(&number), "{number} is said, and not printed: {question}");
        }
        asked += quotes.len();
    }
    assert!(asked >= 9, "{asked} quotes");
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
