//! `bgsim man`: manual pages, one for the program and one for each verb.

use super::man_page::Page;
use super::{End, Fault, command, file, note, print, screen, suggest, unknown};
use std::fs;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim man run                             the page of a verb
  bgsim man run --roff | man -l -           the same in the reader of manuals
  bgsim man --out ~/.local/share/man/man1   every page into a folder")]
pub(crate) struct Args {
    /// The verb whose page is shown; without it the page of the program.
    #[arg(add = suggest::verb_or(Vec::new))]
    verb: Option<String>,
    /// Print it as man reads it.
    #[arg(long)]
    roff: bool,
    /// Write every page into this folder, as man reads it.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["verb", "roff"])]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let mut command = command().disable_help_subcommand(true);
    command.build();
    let Some(dir) = &args.out else {
        let found = match &args.verb {
            None => &command,
            Some(verb) => command.find_subcommand(verb).ok_or_else(|| unknown::verb(verb))?,
        };
        let page = Page::of(found);
        return print(if args.roff { page.roff() } else { page.text(screen()) });
    };
    fs::create_dir_all(dir).map_err(|error| Fault::io(format!("create {}", dir.display()), &error))?;
    let mut pages = 0;
    for command in [&command].into_iter().chain(command.get_subcommands()) {
        let name = command.get_display_name().unwrap_or(command.get_name()).to_string();
        let path = dir.join(format!("{name}.1"));
        file::write(&path, Page::of(command).roff().as_bytes())?;
        pages += 1;
    }
    note(&format!("wrote {pages} pages into {}", dir.display()));
    Ok(End::Done)
}
