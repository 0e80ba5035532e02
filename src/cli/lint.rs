//! `bgsim lint`: what is unwise in scenarios, or has no effect, without simulating them.
//!
//! JSON: `{schema, tool{name, version}, findings[{code, severity, message, reason, source, help, share, file, line, column}],
//! counts{error, warning, info}, unreadable[{file, message}]}`; `share` is that of the devices for which it holds; `line` and `column` are null where
//! nobody wrote the key, and `file` is then the scenario itself. With `--list`: `{schema, tool,
//! codes[{code, severity, what, source}]}`.

use super::options::{Changes, one_of};
use super::scenario_files::scenario_files;
use super::{End, Fault, note, print, print_json, terminal_width};
use crate::lint::{CODES, Finding, Severity, lint};
use crate::record::Tool;
use crate::report::lint_text;
use crate::scenario::{self, Asked};
use clap::ValueEnum;
use serde_json::{Value, json};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim lint my.toml
  bgsim lint scenarios --severity error
  bgsim lint email-plus --set policy.passcode=none
  bgsim lint --list

Exit codes: 0 nothing of the chosen severity; 1 a file cannot be read; 2 findings of it or above.")]
pub(crate) struct Args {
    /// Scenario files, bundled names, or folders, which are searched to the bottom.
    #[arg(required_unless_present = "list")]
    scenarios: Vec<String>,
    /// Look at this arm of them, in place of the reference.
    #[arg(long, value_name = "NAME")]
    arm: Option<String>,
    #[command(flatten)]
    changes: Changes,
    /// From which severity on findings make it exit with 2.
    #[arg(long, value_parser = one_of(SEVERITIES.map(|each| (each.name(), each))), default_value = "warning")]
    severity: Severity,
    /// How to print them.
    #[arg(short, long, value_enum, default_value = "text")]
    output: Output,
    /// Print JSON; the same as -o json.
    #[arg(long, conflicts_with = "output")]
    json: bool,
    /// List every kind of finding.
    #[arg(long, conflicts_with = "scenarios")]
    list: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    Text,
    Json,
}

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let as_json = args.json || args.output == Output::Json;
    if args.list {
        return match as_json {
            true => print_json(&json!({ "schema": 1, "tool": Tool::THIS, "codes": CODES })),
            false => print(lint_text::list(terminal_width())),
        };
    }
    let mut findings = Vec::new();
    let mut unreadable = Vec::new();
    let files = scenario_files(&args.scenarios)?;
    let sets = args.changes.as_sets();
    for name in files.iter().map(|file| &file.path) {
        let asked = Asked { sets: &sets, arm: args.arm.as_deref(), then: &[] };
        match scenario::load_without_traces(name, asked) {
            Ok(scenario) => {
                findings.extend(lint(&scenario).into_iter().map(|finding| (name.as_str(), finding)));
            }
            Err(faults) => unreadable.push((name.as_str(), faults.to_string())),
        }
    }
    let counts = SEVERITIES.map(|severity| {
        (severity, findings.iter().filter(|(_, finding)| finding.code.severity == severity).count())
    });
    if as_json {
        print_json(&to_json(&findings, &counts, &unreadable))?;
    } else {
        let width = terminal_width();
        let texts = findings.iter().map(|(file, finding)| lint_text::finding(finding, file, width) + "\n");
        let read = files.len() - unreadable.len();
        let which = match (files.len(), unreadable.len()) {
            (1, 0) => files[0].path.clone(),
            (all, 0) => format!("{all} scenarios"),
            (all, _) => format!("{read} of {all} scenarios could be read"),
        };
        let last = format!("{which}: {}\n", lint_text::tally(&counts));
        print(&(texts.collect::<String>() + &last + &lint_text::unknown(width)))?;
    }
    unreadable.iter().for_each(|(_, message)| note(message));
    match findings.iter().any(|(_, finding)| finding.code.severity >= args.severity) {
        _ if !unreadable.is_empty() => Err(Fault::Told),
        true => Ok(End::Failed),
        false => Ok(End::Done),
    }
}

fn to_json(
    findings: &[(&str, Finding)],
    counts: &[(Severity, usize)],
    unreadable: &[(&str, String)],
) -> Value {
    let findings = findings.iter().map(|(file, finding)| {
        let Finding { code, message, reason, help, place, share } = finding;
        json!({
            "code": code.code, "severity": code.severity, "message": message, "reason": reason,
            "source": code.source, "help": help, "share": share,
            "file": place.as_ref().map_or(*file, |place| place.label.as_str()),
            "line": place.as_ref().map(|place| place.line),
            "column": place.as_ref().map(|place| place.column),
        })
    });
    let counts: serde_json::Map<String, Value> =
        counts.iter().map(|(severity, count)| (severity.name().into(), json!(count))).collect();
    let unreadable = unreadable.iter().map(|(file, message)| json!({ "file": file, "message": message }));
    json!({
        "schema": 1, "tool": Tool::THIS, "findings": findings.collect::<Vec<_>>(), "counts": counts,
        "unreadable": unreadable.collect::<Vec<_>>(),
    })
}
