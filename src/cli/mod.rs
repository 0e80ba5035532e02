//! The edge: arguments, files, the terminal. Only here is anything printed, and only here does the
//! program end.

mod arms;
mod baselines;
mod command;
mod fault;
mod file;
mod folder;
mod interrupt;
mod journal;
mod leftovers;
mod moving;
mod options;
mod pictures;
mod place;
mod progress;
mod scenario_files;
mod stopwatch;
mod suggest;
mod whose;

pub(crate) use fault::{End, Fault};

use crate::scenario::is_unseen;
use clap::{Parser, Subcommand};
use serde_json::Value;
use std::io::{self, Write};
use std::process::ExitCode;

/// Simulates iOS background scheduling for a secure mail client.
#[derive(Parser)]
#[command(name = "bgsim", version, about, arg_required_else_help = true, after_help = AFTER_HELP)]
#[command(disable_help_subcommand = true)]
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

Exit codes: 0 done; 1 could not run; 2 an expectation failed, lint found
something, or observations contradict the model; 75 could not finish here (no room, no memory, somebody else at work),
try again; 129, 130 and 143 ended by SIGHUP, SIGINT (Ctrl-C) and SIGTERM, what was finished being kept.";

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
    /// Find the unknown numbers that matter, and whether a comparison holds over them.
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
    /// Show a page of the manual, or the help of a verb.
    Help(help),
}

/// Runs the program.
pub fn main() -> ExitCode {
    interrupt::survive_full_files();
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
        Ok(end) => end.code(),
        Err(fault) => {
            match &fault {
                Fault::Told | Fault::ClosedPipe => {}
                // Of several faults each says itself that it is one.
                Fault::Scenario(diagnostics) => note(&diagnostics.to_string()),
                fault => note(&format!("error: {fault}")),
            }
            fault.code()
        }
    }
}

/// Prints to standard output, with which a verb is done.
pub(crate) fn print(text: impl AsRef<[u8]>) -> Result<End, Fault> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Ok(()) => Ok(End::Done),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Fault::ClosedPipe),
        Err(error) => Err(Fault::io("write to standard output", &error)),
    }
}

/// Prints JSON in lines.
pub(crate) fn print_json(json: &Value) -> Result<End, Fault> {
    print(format!("{json:#}\n"))
}

/// Prints a result, and tells what it covers if it was interrupted. Ctrl-C ends the whole pipeline: that nobody
/// reads any more must not hide the interruption.
pub(crate) fn print_result(text: &str, interrupted: Option<(End, String)>) -> Result<End, Fault> {
    match (print(text), interrupted) {
        (Ok(_) | Err(Fault::ClosedPipe), Some((end, covers))) => {
            note(&format!("interrupted: {covers}"));
            Ok(end)
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
    let text = text.replace(|c: char| is_unseen(c) && c != '\n' && c != '\t', "\u{fffd}");
    let _ = writeln!(io::stderr(), "{text}");
}
