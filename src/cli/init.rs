//! `bgsim init`

use super::{End, Fault, note, print};
use crate::scenario::init_text;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to write it; `-` is standard output.
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if args.file.as_os_str() == "-" {
        return print(init_text());
    }
    let path = args.file.display();
    let mut file = OpenOptions::new().write(true).create_new(true).open(&args.file).map_err(|error| {
        match error.kind() {
            ErrorKind::AlreadyExists => format!("{path} exists already; name another file"),
            _ => format!("cannot create {path}: {error}"),
        }
    })?;
    file.write_all(init_text().as_bytes()).map_err(|error| format!("cannot write {path}: {error}"))?;
    note(&format!("wrote {path}; run it with: bgsim run {path}"));
    Ok(End::Done)
}
