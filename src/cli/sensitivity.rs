//! `bgsim sensitivity`

use super::arms::{asked, load, tell_notes};
use super::command::Command;
use super::compare::percent;
use super::folder::{Folder, Kept, finish};
use super::interrupt::Stop;
use super::options::{Changes, MachineOptions, Settings};
use super::pictures::add_report;
use super::progress::{Progress, dropped};
use super::{End, Fault, note, print_result, screen, suggest};
use crate::figure::Figure;
use crate::report::human::trimmed;
use crate::report::sensitivity_report::{sensitivity_report, sensitivity_table};
use crate::report::sensitivity_words::conclusion;
use crate::sensitivity::{Question, analyse, points_csv};
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Each number tagged `assumed` or `reverse-engineered` (bgsim assumptions lists them), and each of the `field` whose
range spans a factor of 3, is set to both ends of its range, and half way to them where both move the figure the same
way; then all are moved together along random trajectories (Morris' screening). Groups that differ keep their own
value, times a factor. Of a difference it is said that it holds at every point tried, that it reverses somewhere, or
that this many devices cannot tell.
Examples:
  bgsim sensitivity email-plus --set-b policy.allow_device_keychain=true
  bgsim sensitivity device-keychain --figure 'latency(p50)' --devices 200")]
pub(crate) struct Args {
    /// A scenario file, the name of a bundled scenario, or - for standard input.
    #[arg(add = suggest::scenarios())]
    scenario: String,
    /// Ask about the difference that this makes; may be given several times.
    #[arg(long, value_name = "KEY=VALUE", value_parser = suggest::setting(), hide_possible_values = true)]
    set_b: Vec<String>,
    /// Ask about the difference that this arm of the file makes.
    #[arg(long, value_name = "NAME", conflicts_with = "set_b")]
    arm: Option<String>,
    #[command(flatten)]
    common: Changes,
    #[command(flatten)]
    machine: MachineOptions,
    /// The figure that is asked about, as bgsim figures lists it: told_within(15m), or a path
    /// of summary.json.
    #[arg(long, value_name = "FIGURE", default_value_t = Figure::FIRST, value_parser = suggest::figure(), hide_possible_values = true)]
    figure: Figure,
    /// A difference below is too small to matter: percentage points for shares, else per cent of the figure as it is.
    #[arg(long, value_name = "PERCENT", default_value = SMALLEST, value_parser = percent)]
    smallest: f64,
    /// Give points at which the difference is unclear more devices, up to so many each.
    #[arg(long, value_name = "N", default_value_t = MAX_DEVICES)]
    max_devices: u32,
    /// Trajectories of Morris' screening, each of as many points as there are unknowns, on a fourth of the devices; 0
    /// leaves it out.
    #[arg(long, value_name = "N", default_value_t = TRAJECTORIES)]
    trajectories: usize,
    /// Print so many unknowns.
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,
    /// Keep sensitivity.json, points.csv, report.html and its picture in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the analysis as JSON.
    #[arg(long)]
    json: bool,
}

const TRAJECTORIES: usize = 20;
/// Devices at each point where one number is moved, unless it is said otherwise.
const DEVICES: u32 = 32;
const MAX_DEVICES: u32 = 128;
const SMALLEST: &str = "1%";

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let mut asked =
        asked(std::slice::from_ref(&args.scenario), &args.set_b, args.arm.as_slice(), &args.common)?;
    // Of a file with arms the reference is asked about, unless one is named.
    asked.truncate(if args.set_b.is_empty() && args.arm.is_none() { 1 } else { 2 });
    let devices = args.common.devices.unwrap_or_else(|| DEVICES.min(args.max_devices));
    let common = Changes { devices: Some(devices), ..args.common.clone() };
    if args.max_devices < devices {
        return Err(
            format!("`--max-devices {}` is less than the {devices} of each point", args.max_devices).into()
        );
    }
    let base = load(&asked, &common)?;
    tell_notes(&base);
    if let Some(out) = &args.out {
        // Better refused now than after minutes of work.
        Folder::can_begin(out)?;
    }
    let stop = Stop::on_interrupt()?;
    let plan = args.machine.plan()?;
    let question = Question {
        figure: args.figure,
        devices,
        most_devices: args.max_devices,
        smallest: args.smallest,
        trajectories: args.trajectories,
        plan: &plan,
        command: command(args).text(),
    };
    // The arms with these numbers set in all of them.
    let with = |sets: &[String]| {
        let settings = Settings { sets: [&common.settings.sets, sets].concat() };
        load(&asked, &Changes { settings, ..common.clone() })
    };
    let analysis = analyse(&question, &base, with, &mut Progress::new(devices, &stop, dropped));
    let Some(mut analysis) = analysis? else {
        note("interrupted before a point was finished; nothing was written");
        return Ok(End::of(&stop));
    };
    analysis.conclusion = conclusion(&analysis);
    let json = serde_json::to_string_pretty(&analysis)? + "\n";
    let mut kept = Kept::Not("nothing is kept without --out".into());
    if let Some(out) = &args.out {
        let folder = Folder::begin(out, |_| None)?;
        folder.add("sensitivity.json", json.as_bytes())?;
        folder.add("points.csv", points_csv(&analysis).as_bytes())?;
        add_report(&folder, &sensitivity_report(&base, &analysis))?;
        kept = finish(folder, analysis.interrupted.is_some(), args.out.as_deref())?;
    }
    let text = if args.json { json } else { sensitivity_table(&analysis, args.top, screen(), kept.place()) };
    let (points, planned) = (analysis.points, analysis.planned);
    let covers = || format!("{points} of {planned} points were finished; {}", kept.words());
    print_result(&text, analysis.interrupted.map(|_| (End::of(&stop), covers())))
}

/// The command that makes the analysis again.
fn command(args: &Args) -> Command {
    let command = Command::new("sensitivity").words([&args.scenario]);
    let command = command.each("--set-b", &args.set_b).each("--arm", &args.arm);
    let command = args.common.to(command).unless(Figure::FIRST, "--figure", args.figure);
    let command = command.unless(MAX_DEVICES, "--max-devices", args.max_devices);
    let command = match percent(SMALLEST) {
        Ok(usual) if usual == args.smallest => command,
        _ => command.each("--smallest", [format!("{}%", trimmed(args.smallest * 100.0, 9))]),
    };
    command.unless(TRAJECTORIES, "--trajectories", args.trajectories)
}
