//! `bgsim man`: manual pages, one for the program and one for each verb.

use super::{Cli, End, Fault, file, note, print};
use clap::CommandFactory;
use std::fs;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim man | man -l -                the page of the program
  bgsim man ~/.local/share/man/man1   every page into a folder")]
pub(crate) struct Args {
    /// Write every page into this folder; without it the page of the program is printed.
    dir: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(dir) = &args.dir else {
        return print(page(&command)?);
    };
    fs::create_dir_all(dir).map_err(|error| Fault::io(format!("create {}", dir.display()), &error))?;
    let mut pages = 0;
    for command in [&command].into_iter().chain(command.get_subcommands()) {
        let name = command.get_display_name().unwrap_or(command.get_name()).to_string();
        let path = dir.join(format!("{name}.1"));
        file::write(&path, &page(command)?)?;
        pages += 1;
    }
    note(&format!("wrote {pages} pages into {}", dir.display()));
    Ok(End::Done)
}

fn page(command: &clap::Command) -> Result<Vec<u8>, Fault> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}
