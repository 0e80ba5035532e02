//! `bgsim schema`: the JSON Schema of scenario files, or with `--list` what the `--json` of each verb
//! holds. JSON of the list: `{schema, tool{name, version}, outputs[{verb, holds}]}`.

use super::{End, Fault, print, print_json, terminal_width};
use crate::record::Tool;
use crate::report::wrap::paragraph;
use crate::schema::scenario_schema;
use serde_json::json;

#[derive(clap::Args)]
#[command(after_help = "\
Save it and name it on the first line of a scenario, and editors complete and check its keys:
  bgsim schema > bgsim.schema.json
  #:schema ./bgsim.schema.json")]
pub(crate) struct Args {
    /// List what the JSON of each verb holds.
    #[arg(long)]
    list: bool,
    /// With --list, print JSON.
    #[arg(long)]
    json: bool,
}

/// Which JSON each verb prints. `schema` in each is the version of its shape: it rises when a key
/// changes its meaning or goes, and not when one is added.
const OUTPUTS: &[(&str, &str)] = &[
    (
        "run --json",
        "summary.json: scenario, mail, checks, key_failures, notifications, process, warnings, ...",
    ),
    (
        "table --json",
        "columns[{policy, share, key_access, keychain_class, passcode}], rows[{state, cells[{verdict, why, words}]}], \
         products[{product, title, delivery, key_access, renewal, server_reads_mail, key_leaves_device, source, assumed, \
         states[{state, at_once, told_later, of_ten}]}]",
    ),
    (
        "lint --json",
        "findings[{code, severity, message, reason, source, help, share, file, line, column}], counts{error, warning, info}, unreadable[{file, message}]",
    ),
    ("lint --list --json", "codes[{code, severity, what, source}]"),
    (
        "assumptions --json",
        "personas[], numbers[{key, what, value, written, unit, tag, source, cited[], range[], overridden}], sources[{name, title, address, date, tag}]",
    ),
    (
        "observe --json",
        "observations{file, command, devices}, held[{name, asks, statistic, unit, value, range[], simulated, ci95[], apart, verdict, situation, source, confidence, year}], counts{agrees, outside, undecided}",
    ),
    ("figures --observable --json", "measures[{name, unit, words}]"),
    ("scenarios --json", "scenarios[{name, question}]; of a NAME its text too"),
    (
        "compare --json",
        "compare.json: arms[], differs[{key, values}], figures[{name, values, difference, ci95, variance_reduction}], moves[], verdict, by, assumed[]",
    ),
    (
        "sweep --json",
        "sweep.json: vary[{key, values}], points[{values, figures, ci95, by}]; choice with --subject-to",
    ),
    (
        "sensitivity --json",
        "sensitivity.json: figure, base, span, unknowns[{key, range, at_low, at_high, mu_star, sigma}], skipped[], verdict, conclusion",
    ),
    (
        "calibrate --json",
        "calibration.json: observations, verdict, clash[], waves[], left, effective, targets[], unknown[], answers[]; with --what-next figure, candidates[]",
    ),
    (
        "explain --json",
        "mails[{device, mail, arrived, outcome, told, delay_causes_ms, events[], tried[], sooner}], window, instant",
    ),
    ("figures --json", "figures[{path, short, pattern, unit, better, headline, price, words, meaning}]"),
    ("test -o json", "the outcome of each scenario, with each of its promises"),
    ("run --print-config --json", "config: every effective value, as a scenario has it"),
    (
        "check-determinism --json",
        "scenario{name, devices, seed}, fingerprint, books, ways[{way, same}], differs{device, event, first, other} or null",
    ),
    (
        "timeline --json",
        "scenario, device, title, written; holds{slices, decisions, mails, and where mail is pushed pushes, \
         generic_notifications, late_notifications, badges, extension_failures, push_wakes} of a trace; without --out holds, and \
         entries[{at, what, detail}], with mail, signalled, told and by of what arrives, mail of a push, process, lock, key, result and ended of a check, \
         mails[] of a notification",
    ),
    ("explore --json", "written, bytes, devices, fingerprint, books"),
    ("report --json", "folder, made[]"),
];

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if args.list && args.json {
        let list = OUTPUTS.iter().map(|(verb, holds)| json!({ "verb": verb, "holds": holds }));
        print_json(&json!({ "schema": 1, "tool": Tool::THIS, "outputs": list.collect::<Vec<_>>() }))
    } else if args.list {
        let lines = OUTPUTS
            .iter()
            .map(|(verb, holds)| format!("bgsim {verb}\n{}", paragraph("    ", holds, terminal_width())));
        print(lines.collect::<String>())
    } else if args.json {
        Err("without --list this verb has no `--json`: the schema that it prints is JSON already; bgsim schema --list \
             says which verbs print JSON, and what"
            .into())
    } else {
        print_json(&scenario_schema())
    }
}
