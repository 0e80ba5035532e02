//! `bgsim schema`: the JSON Schema of scenario files, or with `--list` the names of the schemas that
//! the `--json` outputs carry. JSON of the list: `[{schema, verb, what}]`.

use super::{End, Fault, print};
use crate::report::table::{Align, Table};
use crate::schema::scenario_schema;
use serde_json::json;

#[derive(clap::Args)]
#[command(after_help = "\
Save it and name it on the first line of a scenario, and editors complete and check its keys:
  bgsim schema > bgsim.schema.json
  #:schema ./bgsim.schema.json")]
pub(crate) struct Args {
    /// List the schemas of the JSON that other verbs print.
    #[arg(long)]
    list: bool,
    /// With --list, print JSON.
    #[arg(long, requires = "list")]
    json: bool,
}

/// Which JSON each verb prints; its first lines of documentation describe it.
const OUTPUTS: &[(&str, &str, &str)] = &[
    (
        super::table::SCHEMA,
        "table --json",
        "columns[{policy, key_access, keychain_class, passcode}], rows[{state, cells[{verdict, why, words}]}]",
    ),
    (
        super::lint::SCHEMA,
        "lint --json",
        "findings[{code, severity, message, reason, source, help, file, line, column}], counts{error, warning, info}",
    ),
    (super::lint::LIST_SCHEMA, "lint --list --json", "codes[{code, severity, what, source}]"),
    (
        super::assumptions::SCHEMA,
        "assumptions --json",
        "numbers[{key, what, value, written, unit, tag, source, range, overridden}]",
    ),
];

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if args.list && args.json {
        let list: Vec<_> = OUTPUTS
            .iter()
            .map(|(schema, verb, what)| json!({ "schema": schema, "verb": verb, "what": what }))
            .collect();
        print(&format!("{:#}\n", json!(list)))?;
    } else if args.list {
        let mut table =
            Table::new([("schema", Align::Left), ("printed by", Align::Left), ("holds", Align::Left)]);
        for (schema, verb, what) in OUTPUTS {
            table.row([*schema, &format!("bgsim {verb}"), *what]);
        }
        print(&table.to_string())?;
    } else {
        print(&format!("{:#}\n", scenario_schema()?))?;
    }
    Ok(End::Done)
}
