//! A manual page of a verb, from what its options say: as text, and as `man` reads it.

use super::footer::{Passage, parts};
use crate::report::paint::Screen;
use clap::{Arg, ArgAction, Command};

/// A page.
pub(super) struct Page {
    name: String,
    sections: Vec<(&'static str, Vec<Block>)>,
}

/// A part of a section.
enum Block {
    Prose(String),
    /// Lines that stay as they are.
    Lines(Vec<String>),
    /// Something and what it is.
    Item(String, String),
}

impl Page {
    /// The page of a verb, or of the program.
    pub(super) fn of(command: &Command) -> Page {
        let name = command.get_display_name().unwrap_or(command.get_name()).to_string();
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let mut sections = vec![
            ("NAME", vec![Block::Prose(format!("{name} - {about}"))]),
            ("SYNOPSIS", vec![Block::Prose(synopsis(command))]),
        ];
        let (positional, options): (Vec<&Arg>, Vec<&Arg>) =
            command.get_arguments().filter(|arg| !arg.is_hide_set()).partition(|arg| arg.is_positional());
        let items = |args: Vec<&Arg>| args.into_iter().map(item).collect::<Vec<_>>();
        sections.push(("ARGUMENTS", items(positional)));
        sections.push(("OPTIONS", items(options)));
        let verbs = command.get_subcommands().filter(|verb| !verb.is_hide_set());
        let verbs = verbs.map(|verb| {
            let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
            Block::Item(verb.get_name().into(), about)
        });
        sections.push(("VERBS", verbs.collect()));
        sections.extend(footer(command));
        sections.retain(|(_, blocks)| !blocks.is_empty());
        Page { name, sections }
    }

    /// As text.
    pub(super) fn text(&self, screen: Screen) -> String {
        let mut out = String::new();
        for (title, blocks) in &self.sections {
            out += &format!("{}{title}\n", if out.is_empty() { "" } else { "\n" });
            for (place, block) in blocks.iter().enumerate() {
                out += if place > 0 { "\n" } else { "" };
                match block {
                    Block::Prose(text) => out += &screen.paragraph("    ", text),
                    Block::Lines(lines) => {
                        lines
                            .iter()
                            .for_each(|line| out += &format!("{}\n", format!("    {line}").trim_end()));
                    }
                    Block::Item(what, text) => {
                        out += &screen.paragraph("    ", what);
                        out += &screen.paragraph("        ", text);
                    }
                }
            }
        }
        out
    }

    /// As `man` reads it.
    pub(super) fn roff(&self) -> String {
        let tool = format!("bgsim {}", env!("CARGO_PKG_VERSION"));
        let mut out = format!(".TH {} 1 \"\" \"{tool}\"\n", self.name.to_uppercase());
        for (title, blocks) in &self.sections {
            out += &format!(".SH \"{title}\"\n");
            for (place, block) in blocks.iter().enumerate() {
                match block {
                    Block::Prose(text) if place == 0 => out += &format!("{}\n", escaped(text)),
                    Block::Prose(text) => out += &format!(".PP\n{}\n", escaped(text)),
                    Block::Lines(lines) => {
                        let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
                        out += &format!(".PP\n.nf\n{}\n.fi\n", lines.join("\n"));
                    }
                    Block::Item(what, text) => {
                        out += &format!(".TP\n\\fB{}\\fR\n{}\n", escaped(what), escaped(text))
                    }
                }
            }
        }
        out
    }
}

/// A text that `man` shows as it is.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

fn takes_value(arg: &Arg) -> bool {
    !arg.is_positional() && matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

fn value(arg: &Arg) -> String {
    arg.get_value_names().map_or_else(|| arg.get_id().to_string().to_uppercase(), |names| names.join(" "))
}

/// An argument as it is written: `--set KEY=VALUE`.
fn written(arg: &Arg) -> String {
    match arg.get_long() {
        Some(long) if takes_value(arg) => format!("--{long} {}", value(arg)),
        Some(long) => format!("--{long}"),
        None => value(arg),
    }
}

/// Everything that may be written.
fn synopsis(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_string();
    let mut words = vec![name];
    let shown: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_hide_set()).collect();
    let (positional, options): (Vec<&Arg>, Vec<&Arg>) =
        shown.into_iter().partition(|arg| arg.is_positional());
    for arg in options.into_iter().chain(positional) {
        let many = if matches!(arg.get_action(), ArgAction::Append) { "..." } else { "" };
        let text = written(arg) + many;
        words.push(if arg.is_required_set() { text } else { format!("[{text}]") });
    }
    if command.has_subcommands() {
        words.push("VERB".into());
    }
    words.join(" ")
}

fn item(arg: &Arg) -> Block {
    let short = arg.get_short().map_or(String::new(), |short| format!("-{short}, "));
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !text.ends_with('.') {
        text += ".";
    }
    let choices = arg.get_possible_values();
    if !choices.is_empty() && !arg.is_hide_possible_values_set() && takes_value(arg) {
        let names: Vec<&str> = choices.iter().map(|choice| choice.get_name()).collect();
        text += &format!(" One of {}.", names.join(", "));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() && takes_value(arg) {
        text += &format!(" By default {}.", defaults.join(", "));
    }
    Block::Item(short + &written(arg), text)
}

/// What stands below the options, by its headings.
fn footer(command: &Command) -> Vec<(&'static str, Vec<Block>)> {
    let (mut notes, mut examples, mut codes) = (Vec::new(), Vec::new(), Vec::new());
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut in_examples = false;
    for part in parts(&text) {
        match part {
            Passage::Prose(text) if text == "Examples:" => in_examples = true,
            Passage::Prose(text) => {
                in_examples = false;
                match text.strip_prefix("Exit codes: ") {
                    Some(said) => codes.extend(said.split("; ").map(|code| {
                        let (code, what) = code.split_once(' ').unwrap_or((code, ""));
                        Block::Item(code.into(), what.into())
                    })),
                    None => notes.push(Block::Prose(text)),
                }
            }
            Passage::Lines(lines) if in_examples => examples.push(Block::Lines(lines)),
            Passage::Lines(lines) => notes.push(Block::Lines(lines)),
        }
    }
    if codes.is_empty() {
        let usual = [
            ("0", "It was done."),
            ("1", "It could not be run."),
            ("75", "Try again: no room, no memory, or somebody else at work."),
        ];
        codes.extend(usual.map(|(code, what)| Block::Item(code.into(), what.into())));
    }
    vec![("NOTES", notes), ("EXAMPLES", examples), ("EXIT STATUS", codes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let command = Command::new("mend")
            .about("Mends a thing")
            .arg(Arg::new("set").long("set").short('s').value_name("KEY=VALUE").action(ArgAction::Append).help("Change a key"))
            .arg(Arg::new("thing").required(true).value_name("THING").help("What to mend"))
            .after_help("It takes\na while.\n\nExamples:\n  mend --set a=.5 it\n\nExit codes: 0 mended; 2 it is beyond that, alas.");
        Page::of(&command)
    }

    #[test]
    fn a_page_says_values_examples_and_codes_under_their_names() {
        let text = page().text(Screen::PAPER);
        let shown = "\
SYNOPSIS
    mend [--set KEY=VALUE...] THING

ARGUMENTS
    THING
        What to mend.

OPTIONS
    -s, --set KEY=VALUE
        Change a key.

NOTES
    It takes a while.

EXAMPLES
    mend --set a=.5 it

EXIT STATUS
    0
        mended

    2
        it is beyond that, alas.
";
        assert_eq!(text.split_once("\n\n").unwrap().1, shown);
    }

    #[test]
    fn man_reads_what_would_be_a_request_as_text() {
        let roff = page().roff();
        assert!(roff.contains(".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\nmended\n"), "{roff}");
        assert!(roff.contains("\nmend [\\-\\-set KEY=VALUE...] THING\n"), "{roff}");
        assert_eq!(escaped(".5 \\n"), "\\&.5 \\en");
    }
}
