//! `bgsim lint`: what is unwise in scenarios, or has no effect, without simulating them.
//!
//! JSON: `{schema, tool{name, version}, findings[{code, severity, message, reason, source, help, share, file, line, column}],
//! counts{error, warning, info}, unreadable[{file, message}]}`; `share` is that of the devices for which it holds; `line` and `column` are null where
//! nobody wrote the key, and `file` is then the scenario itself. With `--list`: `{schema, tool,
//! codes[{code, severity, what, source}]}`.

use super::arms::tell_notes;
use super::options::{Changes, one_of};
use super::outputs::{Output, Outputs};
use super::scenario_files::scenario_files;
use super::{End, Fault, note, suggest};
use crate::expectation;
use crate::lint::{CODES, Finding, Severity, lint};
use crate::policy::Code;
use crate::record::Tool;
use crate::report::lint_formats::Linted;
use crate::report::lint_text;
use crate::report::paint::Screen;
use crate::scenario::{self, Asked};
use clap::ValueEnum;
use serde_json::{Value, json};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim lint my.toml
  bgsim lint scenarios --severity error
  bgsim lint email-plus --set policy.passcode=none
  bgsim lint policies -o github -o sarif=lint.sarif
  bgsim lint --list

Exit codes: 0 nothing of the chosen severity; 1 a file cannot be read;
2 findings of it or above.")]
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
    /// How to tell them, and into which file: text by default, several at once, as in -o github -o sarif=FILE; what has
    /// no file is printed.
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_parser = suggest::output::<Format>())]
    output: Vec<Output<Format>>,
    /// Print JSON; the same as -o json.
    #[arg(long, conflicts_with = "output")]
    json: bool,
    /// List every kind of finding.
    #[arg(long, conflicts_with = "scenarios")]
    list: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
    /// SARIF 2.1.0, which services for code scanning read.
    Sarif,
    /// JUnit XML, which every build service reads.
    Junit,
}

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let usual = if args.json { Format::Json } else { Format::Text };
    let outputs = Outputs::of(&args.output, usual)?;
    if args.list {
        outputs.write(|format, screen| match format {
            Format::Text => Ok(lint_text::list(screen)),
            Format::Json => Ok(format!("{:#}\n", json!({ "schema": 1, "tool": Tool::THIS, "codes": CODES }))),
            _ => Err("`--list` is given as text or JSON".into()),
        })?;
        return Ok(End::Done);
    }
    let mut findings = Vec::new();
    let mut unreadable = Vec::new();
    let mut arms = Vec::new();
    // Of what cannot be read nothing is known.
    let mut waits_for_refreshes = false;
    let files = scenario_files(&args.scenarios)?;
    let sets = args.changes.as_sets();
    for name in files.iter().map(|file| &file.path) {
        let asked = Asked { sets: &sets, arm: args.arm.as_deref(), then: &[] };
        // A slip in what it promises is told by every verb, not only by the one that keeps promises.
        let read = scenario::load_without_traces(name, asked)
            .and_then(|scenario| expectation::read(&scenario).map(|_| scenario));
        match read {
            Ok(scenario) => {
                tell_notes([&scenario]);
                let others = scenario.arms.iter().filter(|arm| !arm.is_reference && args.arm.is_none());
                arms.extend(others.map(|arm| format!("--arm {}", arm.name)));
                waits_for_refreshes |=
                    scenario.deliveries().iter().any(|delivery| delivery.code() == Code::Client);
                findings.extend(lint(&scenario).into_iter().map(|finding| (name.as_str(), finding)));
            }
            Err(faults) => {
                waits_for_refreshes = true;
                unreadable.push((name.as_str(), faults.to_string()));
            }
        }
    }
    let counts = SEVERITIES.map(|severity| {
        (severity, findings.iter().filter(|(_, finding)| finding.code.severity == severity).count())
    });
    let is_read = |name: &&str| !unreadable.iter().any(|(unread, _)| unread == name);
    let read: Vec<&str> = files.iter().map(|file| file.path.as_str()).filter(is_read).collect();
    let linted = Linted { files: &read, findings: &findings, unreadable: &unreadable, least: args.severity };
    outputs.write(|format, screen| {
        Ok(match format {
            Format::Text => {
                text(linted, &counts, waits_for_refreshes, screen) + &lint_text::not_seen(&arms, screen.width)
            }
            Format::Json => format!("{:#}\n", to_json(&findings, &counts, &unreadable)),
            Format::Github => linted.github() + &format!("{}\n", last_line(linted, &counts)),
            Format::Sarif => format!("{:#}\n", linted.sarif()),
            Format::Junit => linted.junit()? + "\n",
        })
    })?;
    unreadable.iter().for_each(|(_, message)| note(message));
    match findings.iter().any(|(_, finding)| finding.code.severity >= args.severity) {
        _ if !unreadable.is_empty() => Err(Fault::Told),
        true => Ok(End::Failed),
        false => Ok(End::Done),
    }
}

fn text(
    linted: Linted<'_>,
    counts: &[(Severity, usize)],
    waits_for_refreshes: bool,
    screen: Screen,
) -> String {
    let told = |(file, finding): &(&str, Finding)| lint_text::finding(finding, file, screen) + "\n";
    let texts: String = linted.findings.iter().map(told).collect();
    let unknown = lint_text::unknown(waits_for_refreshes, screen.width);
    texts + &last_line(linted, counts) + "\n" + &unknown
}

fn last_line(Linted { files, unreadable, .. }: Linted<'_>, counts: &[(Severity, usize)]) -> String {
    let all = files.len() + unreadable.len();
    let which = match (files, unreadable.len()) {
        ([file], 0) => (*file).to_owned(),
        (_, 0) => format!("{all} scenarios"),
        (read, _) => format!("{} of {all} scenarios could be read", read.len()),
    };
    match files {
        [] => which,
        _ => format!("{which}: {}", lint_text::tally(counts)),
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
