//! `bgsim scenarios`

use super::{End, Fault, print, print_json, screen};
use crate::record::Tool;
use crate::report::table::Align::Left;
use crate::report::table::Table;
use crate::scenario::BUNDLED;
use serde_json::json;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Print the text of this scenario.
    name: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if let Some(name) = &args.name {
        let Some(found) = BUNDLED.iter().find(|bundled| bundled.name == name) else {
            let nearest = BUNDLED
                .iter()
                .map(|bundled| bundled.name)
                .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
            let nearest = nearest.unwrap_or_default();
            return Err(format!("no bundled scenario is called `{name}`; did you mean `{nearest}`?").into());
        };
        print(found.text)
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
