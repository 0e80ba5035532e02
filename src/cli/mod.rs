//! The edge: arguments, files, the terminal. Only here is anything printed, and only here does the
//! program end.

mod arms;
mod baselines;
mod command;
mod file;
mod folder;
mod interrupt;
mod journal;
mod options;
mod pictures;
mod progress;
mod scenario_files;
mod stopwatch;
mod suggest;
mod whose;

use crate::expectation::CannotTest;
use crate::scenario::Diagnostics;
use clap::{Parser, Subcommand};
use serde_json::Value;
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

Exit codes: 0 done; 1 could not run; 2 an expectation failed, lint found\nsomething, or observations contradict the model; 130 interrupted.";

macro_rules! verbs {
    ($(#[doc = $does:literal] $Verb:ident($module:ident),)*) => {
        $( mod $module; )*

        #[derive(Subcommand)]
        enum Verb {
            $( #[doc = $does] $Verb($module::Args), )*
        }

        impl Verb {
            fn run(&self) -> Result<End, Fault> {
                match self { $( Verb::$Verb(args) => $module::run(args), )* }
            }
        }
    };
}

// The list. Adding a verb is a file and a line here.
verbs! {
    /// Simulate a fleet and keep its record.
    Run(run),
    /// Compare scenarios on the same devices, mail by mail.
    Compare(compare),
    /// Vary keys over a grid of values.
    Sweep(sweep),
    /// Find the unknown numbers that matter, and whether a comparison survives them.
    Sensitivity(sensitivity),
    /// Check what scenarios expect, and compare them with their baselines.
    Test(test),
    /// Check that a scenario gives the same results however it is run.
    CheckDeterminism(check_determinism),
    /// Tell the life of one mail: why it was late, and what would have told it sooner.
    Explain(explain),
    /// Make a report and its pictures again from a record.
    Report(report),
    /// Show the life of one device: as a trace for ui.perfetto.dev, or a day of it as a picture.
    Timeline(timeline),
    /// List the bundled scenarios and the question each asks.
    Scenarios(scenarios),
    /// Write a commented scenario to start from.
    Init(init),
    /// List every number of the model with its tag, range and source.
    Assumptions(assumptions),
    /// List every figure that can be asked of a run: how it is written, its unit, and what it means.
    Figures(figures),
    /// Hold what was observed of real phones and people against the model.
    Observe(observe),
    /// Show what a check would do in each state, under each key-access policy.
    Table(table),
    /// Find what is unwise in scenarios, or has no effect, without simulating them.
    Lint(lint),
    /// Print the JSON Schema of scenario files, from which editors complete.
    Schema(schema),
    /// Print a script that makes a shell complete the command line.
    Completions(completions),
    /// Print the manual page, or write them all into a folder.
    Man(man),
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
    /// Standard output was closed early, by `head` for example: nothing to complain about.
    #[error("standard output was closed")]
    ClosedPipe,
    /// The user has been told already.
    #[error("see above")]
    Told,
}

macro_rules! in_a_sentence {
    ($($error:ty),*) => { $(
        impl From<$error> for Fault {
            fn from(error: $error) -> Fault {
                Fault::Message(error.to_string())
            }
        }
    )* };
}
in_a_sentence!(String, &str, serde_json::Error, csv::Error, io::Error);

impl From<CannotTest> for Fault {
    fn from(why: CannotTest) -> Fault {
        match why {
            CannotTest::Nobody(nobody) => Fault::Message(nobody.to_string()),
            CannotTest::Apart(diagnostics) => Fault::Scenario(diagnostics),
        }
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
    match cli.verb.run() {
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

/// Prints to standard output, with which a verb is done.
pub(crate) fn print(text: impl AsRef<[u8]>) -> Result<End, Fault> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Ok(()) => Ok(End::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Fault::ClosedPipe),
        Err(error) => Err(Fault::Message(format!("cannot write to standard output: {error}"))),
    }
}

/// Prints JSON in lines.
pub(crate) fn print_json(json: &Value) -> Result<End, Fault> {
    print(format!("{json:#}\n"))
}

/// Prints a result, and tells what it covers if it was interrupted. Ctrl-C ends the whole pipeline: that nobody
/// reads any more must not hide the interruption.
pub(crate) fn print_result(text: &str, interrupted: Option<String>) -> Result<End, Fault> {
    match (print(text), interrupted) {
        (Ok(_) | Err(Fault::ClosedPipe), Some(covers)) => {
            note(&format!("interrupted: {covers}"));
            Ok(End::Interrupted)
        }
        (printed, _) => printed,
    }
}

/// How many characters fit on a line: those of the terminal within reason, 100 where there is none.
pub(crate) fn terminal_width() -> usize {
    terminal_size::terminal_size_of(io::stdout())
        .map_or(100, |(width, _)| usize::from(width.0).clamp(60, 180))
}

/// Tells the user something beside the result.
pub(crate) fn note(text: &str) {
    // What came from a file must not steer the terminal.
    let plain = |c: char| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c };
    let text: String = text.chars().map(plain).collect();
    let _ = writeln!(io::stderr(), "{text}");
}
