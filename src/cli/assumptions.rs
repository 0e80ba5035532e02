//! `bgsim assumptions`: every number of the model, with what it rests on.
//!
//! JSON: `{schema, tool{name, version}, scenario, personas[], numbers[{key, what, value, written, unit, tag, source,
//! cited[{source, place}], range[low, high], overridden}], choices[{key, what, value, or[], overridden}], sources[{name,
//! title, address, date, tag}]}`. `choices` are made by name, and nobody has published which holds. `value` is in `unit`, as `range` is, and `written` is how a
//! scenario spells it; for `fleet.*` both are lists with an item for each of `personas`. Both are
//! null where the number belongs to a model that is not in force.

use super::options::{Settings, one_of};
use super::{End, Fault, print, print_json, terminal_width};
use crate::record::Tool;
use crate::report::assumptions_text::text;
use crate::report::entry::{Entry, Unpublished, Values};
use crate::scenario::numbers;
use crate::source::{SOURCES, Tag};
use serde_json::{Value, json};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim assumptions                 every number and what it rests on
  bgsim assumptions --tag assumed   those without a source
  bgsim assumptions my.toml         the values in force; * marks what the scenario overrides")]
pub(crate) struct Args {
    /// A scenario file or bundled name, whose values are shown.
    #[arg(add = crate::cli::suggest::scenarios())]
    scenario: Option<String>,
    /// An arm of it, in place of its reference.
    #[arg(long, value_name = "NAME", requires = "scenario")]
    arm: Option<String>,
    #[command(flatten)]
    settings: Settings,
    /// Show only numbers with this tag; may be given several times.
    #[arg(long, value_parser = one_of(Tag::ALL.map(|tag| (tag.name(), tag))))]
    tag: Vec<Tag>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let chosen = args.settings.load(args.scenario.as_ref(), args.arm.as_deref())?;
    let values = match &chosen {
        Some(scenario) => Values::of(scenario),
        None => Values::by_default(),
    };
    let wanted = |tag: Tag| args.tag.is_empty() || args.tag.contains(&tag);
    let entries: Vec<(Entry, Value)> = numbers()
        .into_iter()
        .filter(|(_, number)| wanted(number.tag))
        .map(|(section, number)| values.entry(section, number))
        .collect();
    let choices: Vec<Unpublished> = values.unpublished().filter(|_| wanted(Tag::Assumed)).collect();
    let names: Vec<&str> = values.personas().collect();
    if args.json {
        let numbers: Vec<Value> = entries.iter().map(|(entry, written)| to_json(entry, written)).collect();
        let json = json!({
            "schema": 1, "tool": Tool::THIS, "scenario": chosen.as_ref().map(|scenario| &scenario.name),
            "personas": names, "numbers": numbers, "choices": choices.iter().map(choice).collect::<Vec<_>>(),
            "sources": SOURCES,
        });
        print_json(&json)
    } else {
        let entries: Vec<Entry> = entries.into_iter().map(|(entry, _)| entry).collect();
        print(text(&entries, &choices, &names.join(" / "), terminal_width()))
    }
}

fn choice(choice: &Unpublished) -> Value {
    let Unpublished { key, what, value, or, overridden } = choice;
    json!({ "key": key, "what": what, "value": value.trim_matches('"'), "or": or, "overridden": overridden })
}

fn to_json(entry: &Entry, written: &Value) -> Value {
    let number = entry.number;
    let value = match entry.section {
        _ if entry.list => written.clone(),
        "fleet" => json!(entry.values),
        _ => json!(entry.values.first()),
    };
    json!({
        "key": format!("{}.{}", entry.section, number.key), "what": number.says(), "value": value,
        "written": written, "unit": number.unit, "tag": number.tag, "source": number.source(), "cited": number.cited.iter().flatten().collect::<Vec<_>>(),
        "range": [number.range.0, number.range.1], "overridden": entry.overridden,
    })
}
