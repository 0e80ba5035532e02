//! `bgsim report`

use super::pictures::{files, read};
use super::{End, Fault, file, print};
use std::path::PathBuf;

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
    // All or nothing, as far as can be foreseen.
    for (name, _) in &files {
        file::check_free(&args.folder.join(name))?;
    }
    for (name, content) in &files {
        file::write(&args.folder.join(name), content)?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    print(format!("made {} in {}\n", names.join(", "), args.folder.display()))
}
