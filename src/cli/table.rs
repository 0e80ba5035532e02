//! `bgsim table`: what a check would do in each state, under each key-access policy.
//!
//! JSON: `{schema, tool{name, version}, scenario, columns[{policy, share, key_access, keychain_class, passcode}], rows[{state,
//! cells[{verdict, why, words}]}], products[{product, title, delivery, key_access, renewal, server_reads_mail,
//! key_leaves_device, source, date, assumed, states[{state, at_once, told_later, of_ten, assumed}]}],
//! own[{policy, states[{state, at_once, told_later, of_ten}]}]}`, one cell for each column, in order. `verdict` is `notifies`,
//! `keeps_quiet`, `no_key`, `launch_refused` or `no_check`; `why` is where the key came from, or
//! the reason in the words of `key_failures.csv` and of the delay causes.

use super::options::Settings;
use super::{End, Fault, print, print_json, terminal_width};
use crate::access_table::{AccessTable, Rules, STATES};
use crate::record::Tool;
use crate::report::access_text;
use clap::ValueEnum;
use serde_json::{Value, json};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim table                        the six policies that products use
  bgsim table my.toml                and the scenario's own, with its passcode
  bgsim table email-plus --set policy.passcode=none
  bgsim table -o markdown > table-4.md")]
pub(crate) struct Args {
    /// A scenario file or bundled name; its policy becomes a column of its own, or several where it is mixed.
    #[arg(add = crate::cli::suggest::scenarios())]
    scenario: Option<String>,
    /// An arm of it, in place of its reference.
    #[arg(long, value_name = "NAME", requires = "scenario")]
    arm: Option<String>,
    #[command(flatten)]
    settings: Settings,
    /// How to print it.
    #[arg(short, long, value_enum, default_value = "text")]
    output: Output,
    /// Print JSON; the same as -o json.
    #[arg(long, conflicts_with = "output")]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For a terminal.
    Text,
    /// For a document.
    Markdown,
    /// For a script.
    Json,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let scenario = args.settings.load(args.scenario.as_ref(), args.arm.as_deref())?;
    let table = AccessTable::new(scenario.as_ref(), Rules::default())?;
    let output = if args.json { Output::Json } else { args.output };
    match output {
        Output::Text => print(access_text::text(&table, terminal_width())),
        Output::Markdown => print(access_text::markdown(&table)),
        Output::Json => print_json(&to_json(&table, scenario.as_ref().map(|s| s.name.as_str()))),
    }
}

fn to_json(table: &AccessTable, scenario: Option<&str>) -> Value {
    let columns = table.columns.iter().map(|column| {
        let policy = &column.policy;
        json!({
            "policy": column.name, "share": column.share, "key_access": policy.key_access,
            "keychain_class": policy.keychain_class, "passcode": policy.passcode,
        })
    });
    let rows = table.rows.iter().map(|(state, cells)| {
        let cells = cells.iter().zip(&table.columns).map(|(cell, column)| {
            json!({ "verdict": cell.verdict(), "why": cell.why(), "words": access_text::words(*cell, column) })
        });
        json!({
            "state": table.columns.first().map(|column| state.words(&column.policy)),
            "cells": cells.collect::<Vec<_>>(),
        })
    });
    let products = table.products.iter().map(|row| {
        let facts = row.product.facts();
        let states = STATES.iter().zip(row.cells).zip(row.assumed).map(|((state, cell), assumed)| {
            let at_once: &str = cell.at_once.into();
            json!({ "state": state.name(), "at_once": at_once, "told_later": cell.told_later, "of_ten": cell.of_ten,
                    "assumed": assumed })
        });
        json!({
            "product": row.product, "title": facts.title, "delivery": facts.delivery, "key_access": facts.key_access,
            "renewal": facts.renewal, "server_reads_mail": facts.delivery.server_reads_mail(),
            "key_leaves_device": facts.key_leaves_device, "source": facts.source.name, "date": facts.source.date, "assumed": facts.assumed,
            "states": states.collect::<Vec<_>>(),
        })
    });
    let own = table.own.iter().map(|row| {
        let states = STATES.iter().zip(row.cells).map(|(state, cell)| {
            let at_once: &str = cell.at_once.into();
            json!({ "state": state.name(), "at_once": at_once, "told_later": cell.told_later, "of_ten": cell.of_ten })
        });
        json!({ "policy": row.name, "states": states.collect::<Vec<_>>() })
    });
    json!({
        "schema": 1, "tool": Tool::THIS, "scenario": scenario,
        "columns": columns.collect::<Vec<_>>(), "rows": rows.collect::<Vec<_>>(),
        "products": products.collect::<Vec<_>>(), "own": own.collect::<Vec<_>>(),
    })
}
