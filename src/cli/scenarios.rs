//! `bgsim scenarios`

use super::{End, Fault, print, print_json, screen, suggest};
use crate::record::Tool;
use crate::report::table::Align::Left;
use crate::report::table::Table;
use crate::scenario::{BUNDLED, likest, one_of};
use serde_json::json;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim scenarios                        which there are
  bgsim scenarios two-shifts > my.toml   one to change")]
pub(crate) struct Args {
    /// Print the text of this scenario.
    #[arg(value_parser = suggest::bundled(), hide_possible_values = true)]
    name: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if let Some(name) = &args.name {
        let Some(found) = BUNDLED.iter().find(|bundled| bundled.name == name) else {
            let near = one_of(&likest(name, BUNDLED.iter().map(|bundled| bundled.name)));
            return Err(format!("no bundled scenario is called `{name}`; nearest are {near}").into());
        };
        match args.json {
            true => print_json(&json!({
                "schema": 1, "tool": Tool::THIS,
                "scenarios": [{ "name": found.name, "question": found.question(), "text": found.text }],
            })),
            false => print(found.text),
        }
    } else if args.json {
        let list: Vec<_> = BUNDLED
            .iter()
            .map(|bundled| json!({ "name": bundled.name, "question": bundled.question() }))
            .collect();
        print_json(&json!({ "schema": 1, "tool": Tool::THIS, "scenarios": list }))
    } else {
        let mut table = Table::new(&[("scenario", Left), ("the question it asks", Left)]);
        for bundled in BUNDLED {
            table.row([bundled.name, bundled.question()]);
        }
        print(table.on(screen()))
    }
}
