//! `bgsim merge`

use super::parts::Parts;
use super::{Cli, End, Fault, NAME, Verb, compare, inputs, run, sensitivity, sweep};
use clap::Parser;
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Parts may lie in any folders, and be given in any order. Parts that are missing end it with exit code 75, since they may
come; parts of other work, of another version, or that are broken end it with 1, and are named. What a task that was
killed left is not looked at.
Examples:
  bgsim run email-plus --devices 1000000 --shard 1/8 --out parts
  bgsim merge parts --out reports/million")]
pub(crate) struct Args {
    /// Folders of parts.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Write what the command in one piece would write into this folder.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let parts = Parts::find(&args.folders)?;
    inputs::are(parts.work.inputs.clone());
    // As it was asked for, but that the result goes here.
    let words = [NAME.into()].into_iter().chain(parts.work.words.iter().map(OsString::from));
    let here = ["--out".into(), args.out.clone().into()];
    let words = words.chain(here).chain(args.json.then(|| "--json".into()));
    let asked =
        Cli::try_parse_from(words).map_err(|error| format!("the parts are of no command: {error}"))?;
    match &asked.verb {
        Verb::Run(asked) => run::merge(asked, &parts),
        Verb::Compare(asked) => compare::merge(asked, &parts),
        Verb::Sweep(asked) => sweep::merge(asked, &parts),
        Verb::Sensitivity(asked) => sensitivity::merge(asked, &parts),
        _ => Err(format!("`bgsim {}` has no parts", parts.work.words.join(" ")).into()),
    }
}
