//! `bgsim assumptions`

use super::{End, Fault, print};
use crate::report::human::trimmed;
use crate::report::table::{Align, Table};
use crate::scenario::{self, numbers};
use serde_json::json;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Show what this scenario overrides.
    scenario: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let defaults = scenario::read(
        scenario::Source { label: "defaults".into(), text: String::new() },
        &[],
        &mut scenario::fetch,
    )?;
    let chosen = args.scenario.as_ref().map(|name| scenario::load(name, &[])).transpose()?;
    let table_of = |scenario: &scenario::Scenario| scenario.effective.parse::<toml::Table>();
    let defaults = table_of(&defaults)?;
    let chosen = chosen.as_ref().map(table_of).transpose()?;
    let overridden = |section: &str, key: &str| match section {
        "fleet" => chosen
            .as_ref()
            .and_then(|table| table.get("fleet")?.as_array())
            .is_some_and(|fleet| fleet.iter().any(|entry| entry.get(key).is_some())),
        _ => chosen.as_ref().is_some_and(|table| {
            table.get(section).and_then(|s| s.get(key)) != defaults.get(section).and_then(|s| s.get(key))
        }),
    };
    if args.json {
        let list: Vec<_> = numbers()
            .into_iter()
            .map(|(section, number)| {
                json!({
                    "key": format!("{section}.{}", number.key), "what": number.what, "tag": number.tag,
                    "unit": number.unit, "range": [number.range.0, number.range.1], "source": number.source,
                    "overridden": overridden(section, number.key),
                })
            })
            .collect();
        print(&format!("{:#}\n", json!(list)))?;
        return Ok(End::Done);
    }
    let mut table = Table::new([
        ("key", Align::Left),
        ("tag", Align::Left),
        ("plausible range", Align::Left),
        ("source", Align::Left),
    ]);
    for (section, number) in numbers() {
        let mark = if overridden(section, number.key) { " (overridden)" } else { "" };
        let range =
            format!("{} to {} {}", trimmed(number.range.0, 4), trimmed(number.range.1, 4), number.unit);
        table.row([
            format!("{section}.{}{mark}", number.key),
            number.tag.name().into(),
            range,
            number.source.into(),
        ]);
    }
    print(&table.to_string())?;
    Ok(End::Done)
}
