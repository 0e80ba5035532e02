//! `bgsim report`

use super::folder::open_to_others;
use super::pictures::{files, read};
use super::{End, Fault, print};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim run email-plus --out results && bgsim report results
  bgsim report reports/allow-device-keychain

Nothing is simulated: page and pictures come from report.json alone, which every verb that takes --out
writes. They look as this version of bgsim draws them; the figures stay those of the run.")]
pub(crate) struct Args {
    /// The folder of a record.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let report = read(&args.folder)?;
    let files = files(&report)?;
    for (name, content) in &files {
        replace(&args.folder, name, content)?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    print(&format!("made {} in {}\n", names.join(", "), args.folder.display()))?;
    Ok(End::Done)
}

/// Writes a file beside its place and moves it there when it is whole.
fn replace(folder: &Path, name: &str, content: &[u8]) -> Result<(), Fault> {
    let place = folder.join(name);
    let fault = |error: &std::io::Error| format!("cannot write {}: {error}", place.display());
    let mut named = tempfile::Builder::new();
    let mut file = named.prefix(".bgsim-").tempfile_in(folder).map_err(|error| fault(&error))?;
    file.write_all(content).map_err(|error| fault(&error))?;
    open_to_others(file.path(), 0o644);
    file.persist(&place).map_err(|error| fault(&error.error))?;
    Ok(())
}
