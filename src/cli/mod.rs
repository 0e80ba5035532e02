//! The edge: arguments, files, the terminal. Only here is anything printed, and only here does the
//! program end.

mod arms;
mod assumptions;
mod baselines;
mod check_determinism;
mod command;
mod compare;
mod completions;
mod explain;
mod figures;
mod file;
mod folder;
mod init;
mod interrupt;
mod journal;
mod lint;
mod man;
mod options;
mod pictures;
mod progress;
mod report;
mod run;
mod scenarios;
mod schema;
mod sensitivity;
mod suggest;
mod sweep;
mod test;
mod table;
mod timeline;

use crate::expectation::SelectsNobody;
use crate::scenario::Diagnostics;
use clap::{Parser, Subcommand};
use std::io::{self, Write};
use std::process::ExitCode;

/// Simulates iOS background scheduling for a secure mail client.
#[derive(Parser)]
#[command(name = "bgsim", version, about, arg_required_else_help = true, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

const AFTER_HELP: &str = "\
Examples:
  bgsim run email-plus                       the bundled scenario, summary on the terminal
  bgsim run email-plus --out reports/mine    the same, with its record in a folder
  bgsim compare email-plus --set-b policy.allow_device_keychain=true
                                             what a change would do, mail by mail
  bgsim run my.toml --set policy.allow_device_keychain=true --devices 200

Exit codes: 0 done; 1 could not run; 2 an expectation failed, or lint found\nsomething; 130 interrupted.";

#[derive(Subcommand)]
enum Verb {
    /// Simulate a fleet and keep its record.
    Run(run::Args),
    /// Compare scenarios on the same devices, mail by mail.
    Compare(compare::Args),
    /// Vary keys over a grid of values.
    Sweep(sweep::Args),
    /// Find the unknown numbers that matter, and whether a comparison survives them.
    Sensitivity(sensitivity::Args),
    /// Check what scenarios expect, and compare them with their baselines.
    Test(test::Args),
    /// Check that a scenario gives the same results however it is run.
    CheckDeterminism(check_determinism::Args),
    /// Tell the life of one mail: why it was late, and what would have told it sooner.
    Explain(explain::Args),
    /// Make a report and its pictures again from a record.
    Report(report::Args),
    /// Show the life of one device: as a trace for ui.perfetto.dev, or a day of it as a picture.
    Timeline(timeline::Args),
    /// List the bundled scenarios and the question each asks.
    Scenarios(scenarios::Args),
    /// Write a commented scenario to start from.
    Init(init::Args),
    /// List every number of the model with its tag, range and source.
    Assumptions(assumptions::Args),
    /// List every figure that can be asked of a run: how it is written, its unit, and what it means.
    Figures(figures::Args),
    /// Show what a check would do in each state, under each key-access policy.
    Table(table::Args),
    /// Find what is unwise in scenarios, or has no effect, without simulating them.
    Lint(lint::Args),
    /// Print the JSON Schema of scenario files, from which editors complete.
    Schema(schema::Args),
    /// Print a script that makes a shell complete the command line.
    Completions(completions::Args),
    /// Print the manual page, or write them all into a folder.
    Man(man::Args),
}

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// Everything was done.
    Done,
    /// An expectation failed, or results that must agree differ.
    Failed,
    /// The user interrupted it; what was finished is kept.
    Interrupted,
}

/// Why something could not be run, in words for the user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// A sentence.
    #[error("{0}")]
    Message(String),
    /// What is wrong with a scenario, each at its place.
    #[error(transparent)]
    Scenario(#[from] Diagnostics),
    /// An expectation speaks of nobody.
    #[error(transparent)]
    SelectsNobody(#[from] SelectsNobody),
    /// A document cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Rows cannot be written as CSV.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A manual page cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The defaults cannot be shown.
    #[error(transparent)]
    Defaults(#[from] Box<dyn std::error::Error>),
    /// Standard output was closed early, by `head` for example: nothing to complain about.
    #[error("standard output was closed")]
    ClosedPipe,
    /// The user has been told already.
    #[error("see above")]
    Told,
}

impl From<String> for Fault {
    fn from(sentence: String) -> Fault {
        Fault::Message(sentence)
    }
}

impl From<&str> for Fault {
    fn from(sentence: &str) -> Fault {
        Fault::Message(sentence.into())
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers; everything else is a bad command line, which is 1 here
            // and not clap's 2, since 2 says that an expectation failed.
            let code = u8::from(error.use_stderr());
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let ended = match cli.verb {
        Verb::Run(args) => run::run(&args),
        Verb::Compare(args) => compare::run(&args),
        Verb::Sweep(args) => sweep::run(&args),
        Verb::Sensitivity(args) => sensitivity::run(&args),
        Verb::Test(args) => test::run(&args),
        Verb::CheckDeterminism(args) => check_determinism::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Report(args) => report::run(&args),
        Verb::Timeline(args) => timeline::run(&args),
        Verb::Scenarios(args) => scenarios::run(&args),
        Verb::Init(args) => init::run(&args),
        Verb::Assumptions(args) => assumptions::run(&args),
        Verb::Figures(args) => figures::run(&args),
        Verb::Table(args) => table::run(&args),
        Verb::Lint(args) => lint::run(&args),
        Verb::Schema(args) => schema::run(&args),
        Verb::Completions(args) => completions::run(&args),
        Verb::Man(args) => man::run(&args),
    };
    match ended {
        Ok(End::Done) | Err(Fault::ClosedPipe) => ExitCode::SUCCESS,
        Ok(End::Failed) => ExitCode::from(2),
        Ok(End::Interrupted) => ExitCode::from(130),
        Err(fault) => {
            match fault {
                Fault::Told => {}
                // Of several faults each says itself that it is one.
                Fault::Scenario(diagnostics) => note(&diagnostics.to_string()),
                fault => note(&format!("error: {fault}")),
            }
            ExitCode::from(1)
        }
    }
}

/// Prints to standard output.
pub(crate) fn print(text: impl AsRef<[u8]>) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Fault::ClosedPipe),
        Err(error) => Err(Fault::Message(format!("cannot write to standard output: {error}"))),
    }
}

/// How many characters fit on a line: those of the terminal within reason, 100 where there is none.
pub(crate) fn terminal_width() -> usize {
    terminal_size::terminal_size_of(io::stdout())
        .map_or(100, |(width, _)| usize::from(width.0).clamp(60, 180))
}

/// Tells the user something beside the result.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
