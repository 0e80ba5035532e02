//! `bgsim help`: the manual, a page at a time.

mod pages;
mod plain;

use super::{Cli, End, Fault, NAME, command, painted_help, print, suggest, terminal_width};
use crate::report::wrap::paragraph;
use clap::CommandFactory;
use pages::PAGES;

/// A page of the manual.
pub(super) struct Page {
    /// The name of its file, and what one asks for.
    name: &'static str,
    /// What is found there.
    says: &'static str,
    /// The page itself, in Markdown.
    text: &'static str,
}

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim help                                       verbs and pages
  bgsim help questions                             each with one command and its answer
  bgsim help run                                   the same as bgsim run --help")]
pub(crate) struct Args {
    /// A page of the manual, or a verb.
    #[arg(add = suggest::verb_or(pages))]
    topic: Option<String>,
    /// Print a page in Markdown, as it stands in docs/.
    #[arg(long)]
    markdown: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let Some(topic) = &args.topic else { return print(contents()) };
    if let Some(page) = PAGES.iter().find(|page| page.name == topic) {
        return match args.markdown {
            true => print(page.text),
            false => print(plain::page(page.text, terminal_width())),
        };
    }
    let verbs = Cli::command().get_subcommands().map(|verb| verb.get_name().to_owned()).collect::<Vec<_>>();
    if verbs.contains(topic) {
        // Help is what clap calls an error; it prints itself as `bgsim VERB --help` does.
        let shown = command().color(painted_help(std::env::args_os())).term_width(terminal_width());
        if let Err(help) = shown.try_get_matches_from([NAME, topic, "--help"]) {
            help.print().map_err(|error| Fault::io("write to standard output", &error))?;
        }
        return Ok(End::Done);
    }
    let known = PAGES.iter().map(|page| page.name).chain(verbs.iter().map(String::as_str));
    let mut near: Vec<&str> = known.collect();
    // Who asks for what a page is about knows more of it than its letters.
    let lacks = |name: &str| topic.len() < 3 || !(name.contains(topic) || is_heading(name, topic));
    near.sort_by_key(|name| (lacks(name), strsim::osa_distance(name, topic)));
    let [a, b, c] = [near[0], near[1], near[2]];
    Err(Fault::Message(format!(
        "no page and no verb is called `{topic}`; nearest are `{a}`, `{b}` and `{c}`; `bgsim help` lists all"
    )))
}

fn pages() -> Vec<(String, String)> {
    PAGES.iter().map(|page| (page.name.into(), page.says.into())).collect()
}

/// Whether a heading of a page has the word.
fn is_heading(page: &str, word: &str) -> bool {
    let pages = PAGES.iter().filter(|known| known.name == page);
    let mut headings = pages.flat_map(|page| page.text.lines()).filter(|line| line.starts_with('#'));
    let word = word.to_lowercase();
    headings.any(|line| line.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|part| part == word))
}

/// All verbs and pages, a line each where it is wide enough.
fn contents() -> String {
    let width = terminal_width();
    let mut out = String::from("Verbs (bgsim VERB --help, or bgsim help VERB)\n\n");
    for verb in Cli::command().get_subcommands() {
        let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
        out += &paragraph(&format!("  {:<20}", verb.get_name()), &about, width);
    }
    out += "\nPages of the manual (bgsim help PAGE)\n\n";
    for page in PAGES {
        out += &paragraph(&format!("  {:<20}", page.name), page.says, width);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_is_called_as_a_verb_and_every_file_has_a_page() {
        let cli = Cli::command();
        let mut names: Vec<&str> = PAGES.iter().map(|page| page.name).collect();
        for name in &names {
            assert!(cli.find_subcommand(name).is_none(), "{name} is a verb");
        }
        names.sort_unstable();
        // These are for mdbook alone.
        let files = ["SUMMARY", "index"];
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".md").map(String::from))
            .filter(|name| !files.contains(&name.as_str()))
            .collect();
        found.sort_unstable();
        assert_eq!(names, found, "src/cli/help/pages.rs lists the pages of docs/");
    }
}
