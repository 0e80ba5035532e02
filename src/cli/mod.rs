//! The edge: arguments, files, the terminal. Only here is anything printed, and only here does the
//! program end.

mod arms;
mod baselines;
mod ensembles;
mod explorer_engine;
mod explorer_page;
mod explorer_still;
mod fault;
mod file;
mod folder;
mod footer;
mod inputs;
mod interrupt;
mod journal;
mod leftovers;
mod man_page;
mod moving;
mod options;
mod outputs;
mod part_file;
#[cfg_attr(not(feature = "parquet"), path = "no_parquet_rows.rs")]
mod parquet_rows;
mod parts;
mod pictures;
mod place;
mod progress;
mod room;
mod rows_form;
mod scenario_files;
mod sharing;
mod stopwatch;
mod suggest;
mod terminal;
mod unknown;
mod watching;
mod whose;

pub(crate) use fault::{End, Fault};
pub(crate) use terminal::{note, print, print_json, print_result, screen, terminal_width};

use anstream::ColorChoice;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::CompleteEnv;
use std::ffi::OsString;
use std::process::ExitCode;

/// Simulates iOS background scheduling for a secure mail client.
#[derive(Parser)]
#[command(name = "bgsim", version, about, arg_required_else_help = true, after_help = AFTER_HELP)]
#[command(disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Whether words are painted: auto is as the terminal wants it, and NO_COLOR, CLICOLOR_FORCE and TERM say.
    #[arg(long, global = true, value_name = "WHEN", value_parser = colours(), default_value = "auto", hide_possible_values = true, display_order = 900)]
    color: ColorChoice,
}

const COLOURS: [(&str, ColorChoice); 3] =
    [("auto", ColorChoice::Auto), ("always", ColorChoice::Always), ("never", ColorChoice::Never)];

fn colours() -> impl clap::builder::TypedValueParser<Value = ColorChoice> {
    options::one_of(COLOURS)
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
    ($(#[doc = $does:literal] $(#[cfg(feature = $feature:literal)])? $Verb:ident($module:ident),)*) => {
        $( $(#[cfg(feature = $feature)])? mod $module; )*

        #[derive(Subcommand)]
        enum Verb {
            $( #[doc = $does] $(#[cfg(feature = $feature)])? $Verb($module::Args), )*
        }

        impl Verb {
            fn run(&self) -> Result<End, Fault> {
                match self { $( $(#[cfg(feature = $feature)])? Verb::$Verb(args) => $module::run(args), )* }
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
    /// Put the parts together that --shard left in folders, to the bytes of a run in one piece.
    Merge(merge),
    /// Tell the life of one mail: why it was late, and what would have told it sooner.
    Explain(explain),
    /// Make a page that simulates: turn a key, and see what it does.
    Explore(explore),
    /// Make a report and its pictures again from a record.
    Report(report),
    /// Show the life of one device: as a trace for ui.perfetto.dev, or a day of it as a picture.
    Timeline(timeline),
    /// List the bundled scenarios and the question each asks.
    Scenarios(scenarios),
    /// Write a commented scenario to start from.
    Init(init),
    /// Read what real phones keep, and make a scenario of the phone.
    #[cfg(feature = "import")]
    Import(import),
    /// Live the record of a real phone again, and score what the model says of its refreshes.
    Replay(replay),
    /// List every number of the model with its tag, range and source.
    Assumptions(assumptions),
    /// List every figure that can be asked of a run: how it is written, its unit, and what it means.
    Figures(figures),
    /// Hold what was observed of real phones and people against the model.
    Observe(observe),
    /// Find the iPhones that the observations allow, or which observations contradict the model.
    Calibrate(calibrate),
    /// Show what a check would do in each state, under each key-access policy.
    Table(table),
    /// Find what is unwise in scenarios, or has no effect, without simulating them.
    Lint(lint),
    /// Print the JSON Schema of scenario files, from which editors complete.
    Schema(schema),
    /// Print a script that makes a shell complete the command line.
    Completions(completions),
    /// Show the manual page of a verb, or write them all into a folder.
    Man(man),
    /// Show a page of the manual, or the help of a verb.
    Help(help),
}

/// What the program is called.
const NAME: &str = "bgsim";

/// The command line, the prose below its options in lines of any length.
fn command() -> clap::Command {
    let reflow = |command: clap::Command| match command.get_after_help().map(ToString::to_string) {
        Some(text) => command.after_help(footer::reflowed(&text)),
        None => command,
    };
    reflow(Cli::command()).mut_subcommands(reflow)
}

/// Whether help is painted, and what is wrong with a command line: that must be known before it is read.
fn painted_help(args: impl Iterator<Item = OsString>) -> clap::ColorChoice {
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    let said = args.iter().enumerate().rev().find_map(|(place, arg)| match arg.strip_prefix("--color")? {
        "" => args.get(place + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    });
    said.and_then(|said| said.parse().ok()).unwrap_or_default()
}

/// Runs the program.
pub fn main() -> ExitCode {
    interrupt::survive_full_files();
    CompleteEnv::with_factory(command).bin(NAME).completer(NAME).complete();
    let command = command().color(painted_help(std::env::args_os())).term_width(terminal_width());
    let parsed = command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return unknown::told(&error),
    };
    cli.color.write_global();
    match cli.verb.run() {
        Ok(end) => end.code(),
        Err(fault) => {
            tell(&fault);
            fault.code()
        }
    }
}

/// Says why something could not be done.
fn tell(fault: &Fault) {
    match fault {
        Fault::Told | Fault::ClosedPipe => {}
        // Of several faults each says itself that it is one.
        Fault::Scenario(diagnostics) => note(&diagnostics.to_string()),
        fault => note(&format!("error: {fault}")),
    }
}
