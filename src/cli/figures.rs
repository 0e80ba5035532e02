//! `bgsim figures`: every figure that can be asked of a run.
//!
//! JSON: `{schema, tool{name, version}, figures[{path, short, pattern, unit, better, headline, price, words,
//! meaning}]}`, in the order of `summary.json`. `pattern` is the short name with what stands for its
//! argument; `better` is `more`, `less` or null. With `--observable`: `{schema, tool, measures[{name, unit, words}]}`.

use super::{End, Fault, print, print_json, terminal_width};
use crate::figure::{Direction, Figure};
use crate::measure::Measure;
use crate::record::Tool;
use crate::report::figure::name;
use crate::report::{figures_text, measures_text};
use serde_json::{Value, json};

#[derive(clap::Args)]
#[command(after_help = "\
A figure is written in either way wherever one is asked for: in `assert`, and behind --figure.
Examples:
  bgsim figures                                    how each is written, and what it means
  bgsim figures --observable                       the measures that observations name
  bgsim compare email-plus --set-b policy.allow_device_keychain=true \\
    --figure 'told_within(10m)'")]
pub(crate) struct Args {
    /// List what can be observed of a phone from outside instead, for bgsim observe.
    #[arg(long)]
    observable: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if args.observable {
        let measures = Measure::ALL.map(
            |measure| json!({ "name": measure.name(), "unit": measure.unit(), "words": measure.words() }),
        );
        return match args.json {
            true => print_json(&json!({ "schema": 1, "tool": Tool::THIS, "measures": measures.to_vec() })),
            false => print(measures_text::text(terminal_width())),
        };
    }
    if args.json {
        let figures: Vec<Value> = Figure::listed().map(to_json).collect();
        print_json(&json!({ "schema": 1, "tool": Tool::THIS, "figures": figures }))
    } else {
        print(figures_text::text(terminal_width()))
    }
}

fn to_json(figure: Figure) -> Value {
    let facts = figure.facts();
    let better = facts.better.map(|better| match better {
        Direction::More => "more",
        Direction::Less => "less",
    });
    json!({
        "path": figure, "short": figure.short(), "pattern": figure.general(facts.short),
        "unit": facts.unit.name(), "better": better, "headline": figure.is_headline(),
        "price": facts.price.is_some(), "words": name(figure), "meaning": figure.meaning(),
    })
}
