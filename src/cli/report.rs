//! `bgsim report`

use super::pictures::{files, read};
use super::{End, Fault, file, print, print_json, screen};
use crate::record::Tool;
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim run email-plus --out results && bgsim report results
  bgsim report reports/allow-device-keychain --brief

Nothing is simulated: page and pictures come from report.json alone, which every verb that takes --out
writes. They look as this version of bgsim draws them; the figures stay those of the run.")]
pub(crate) struct Args {
    /// The folder of a record.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Make brief.html too: the answer on two pages of paper, for who decides.
    #[arg(long)]
    brief: bool,
    /// Print JSON: the `folder` and the files that were `made[]`.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let report = read(&args.folder)?;
    let files = files(&report, args.brief)?;
    // All or nothing, as far as can be foreseen.
    for (name, _) in &files {
        file::check_free(&args.folder.join(name))?;
    }
    for (name, content) in &files {
        file::write(&args.folder.join(name), content)?;
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let folder = args.folder.display().to_string();
    if args.json {
        return print_json(&json!({ "schema": 1, "tool": Tool::THIS, "folder": folder, "made": names }));
    }
    print(screen().paragraph("", &format!("made {} in {folder}", names.join(", "))))
}
