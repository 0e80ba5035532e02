//! `bgsim merge`

use super::interrupt::Stop;
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
    /// Of a run or a comparison, make brief.html too.
    #[arg(long)]
    brief: bool,
    /// Of a comparison, print every figure.
    #[arg(long)]
    full: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let parts = Parts::find(&args.folders, Stop::on_interrupt()?)?;
    inputs::are(parts.work.inputs.clone());
    // As it was asked for, but that the result goes here.
    let (verb, rest) = parts.work.words.split_first().ok_or("the parts are of no command")?;
    let mut out = OsString::from("--out=");
    out.push(&args.out);
    let shown = [(args.json, "--json"), (args.full, "--full"), (args.brief, "--brief")]
        .into_iter()
        .filter(|(is_on, _)| *is_on);
    let here = [NAME.into(), verb.into(), out].into_iter().chain(shown.map(|(_, option)| option.into()));
    let asked = Cli::try_parse_from(here.chain(rest.iter().map(OsString::from))).map_err(|error| {
        let error = error.to_string();
        let why = error.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let words = parts.work.words.join(" ");
        format!("these are parts of `bgsim {words}`, which cannot be done so: {why}")
    })?;
    match &asked.verb {
        Verb::Run(asked) => run::merge(asked, &parts),
        Verb::Compare(asked) => compare::merge(asked, &parts),
        Verb::Sweep(asked) => sweep::merge(asked, &parts),
        Verb::Sensitivity(asked) => sensitivity::merge(asked, &parts),
        _ => Err(format!("`bgsim {}` has no parts", parts.work.words.join(" ")).into()),
    }
}
