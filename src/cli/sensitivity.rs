//! `bgsim sensitivity`

use super::arms::{ArmAsked, asked, load, tell_notes};
use super::compare::percent;
use super::folder::{Folder, Kept, finish};
use super::interrupt::Stop;
use super::options::{Changes, MachineOptions, Settings, ShardOption};
use super::parts::Parts;
use super::pictures::add_report;
use super::progress::{Progress, dropped};
use super::sharing::{self, Points, Share};
use super::{End, Fault, inputs, note, print_result, screen, suggest};
use crate::command::Command;
use crate::experiment::Plan;
use crate::figure::Figure;
use crate::report::human::trimmed;
use crate::report::sensitivity_report::{sensitivity_report, sensitivity_table};
use crate::report::sensitivity_words::conclusion;
use crate::scenario::Scenario;
use crate::sensitivity::{
    Clarity, Design, Found, FoundBits, Question, Sensitivity, analyse, analyse_with, points_csv, try_points,
};
use crate::shard::{Piece, Shard};
use std::path::{Path, PathBuf};

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
    #[command(flatten)]
    shard: ShardOption,
    /// The figure that is asked about, as bgsim figures lists it: told_within(15m), or a path
    /// of summary.json.
    #[arg(long, value_name = "FIGURE", default_value_t = Figure::FIRST, value_parser = suggest::figure(), hide_possible_values = true)]
    figure: Figure,
    /// A difference below is too small to matter: percentage points for shares, else per cent of the figure as it is.
    #[arg(long, value_name = "PERCENT", default_value = SMALLEST, value_parser = percent)]
    smallest: f64,
    /// Give points at which the difference is unclear more devices, up to so many each.
    #[arg(long, value_name = "N", default_value_t = MAX_DEVICES, conflicts_with = "shard")]
    max_devices: u32,
    /// Give no point more devices for being unclear; with --shard that is so anyway.
    #[arg(long, conflicts_with = "max_devices")]
    fixed: bool,
    /// Trajectories of Morris' screening, each of as many points as there are unknowns, on a fourth of the devices; 0
    /// leaves it out.
    #[arg(long, value_name = "N", default_value_t = TRAJECTORIES)]
    trajectories: usize,
    /// Print so many unknowns.
    #[arg(long, value_name = "N", default_value_t = 15, conflicts_with = "shard")]
    top: usize,
    /// Keep sensitivity.json, points.csv, report.html and its picture in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the analysis as JSON.
    #[arg(long, conflicts_with = "shard")]
    json: bool,
}

const TRAJECTORIES: usize = 20;
/// Devices at each point where one number is moved, unless it is said otherwise.
const DEVICES: u32 = 32;
const MAX_DEVICES: u32 = 128;
/// So many points that stayed unclear are named when parts are put together.
const MOST_NAMED: usize = 12;
const SMALLEST: &str = "1%";

impl Args {
    /// Whether points stay at the devices that they begin with. Which ones are unclear no part can know.
    fn gives_no_more(&self) -> bool {
        self.fixed || self.shard.shard.is_some()
    }
}

/// What is asked, and of which arms.
struct Asked {
    arms: Vec<ArmAsked>,
    common: Changes,
    base: Vec<(String, Scenario)>,
    plan: Plan,
}

impl Asked {
    fn of(args: &Args) -> Result<Asked, Fault> {
        let mut arms =
            asked(std::slice::from_ref(&args.scenario), &args.set_b, args.arm.as_slice(), &args.common)?;
        // Of a file with arms the reference is asked about, unless one is named.
        arms.truncate(if args.set_b.is_empty() && args.arm.is_none() { 1 } else { 2 });
        let devices = args.common.devices.unwrap_or_else(|| DEVICES.min(args.max_devices));
        let common = Changes { devices: Some(devices), ..args.common.clone() };
        if !args.gives_no_more() && args.max_devices < devices {
            return Err(format!(
                "`--max-devices {}` is less than the {devices} of each point",
                args.max_devices
            )
            .into());
        }
        let base = load(&arms, &common)?;
        Ok(Asked { arms, common, base, plan: args.machine.plan()? })
    }

    fn question<'a>(&'a self, args: &Args) -> Question<'a> {
        Question {
            figure: args.figure,
            devices: self.base[0].1.devices,
            most_devices: args.max_devices,
            smallest: args.smallest,
            trajectories: args.trajectories,
            fixed: args.gives_no_more(),
            plan: &self.plan,
            command: command(args).text(),
        }
    }

    /// The arms with these numbers set in all of them.
    fn with(&self, sets: &[String]) -> Result<Vec<(String, Scenario)>, Fault> {
        let settings = Settings { sets: [&self.common.settings.sets, sets].concat() };
        load(&self.arms, &Changes { settings, ..self.common.clone() })
    }

    fn scenarios(&self) -> impl Iterator<Item = &Scenario> {
        self.base.iter().map(|(_, scenario)| scenario)
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if args.shard.shard.is_some() {
        inputs::remember();
    }
    let asked = Asked::of(args)?;
    tell_notes(asked.base.iter().map(|(_, scenario)| scenario));
    if let (Some(shard), Some(out)) = (args.shard.shard, &args.out) {
        return part(args, &asked, shard, out);
    }
    if let Some(out) = &args.out {
        // Better refused now than after minutes of work.
        Folder::can_begin(out)?;
    }
    let stop = Stop::on_interrupt()?;
    let question = asked.question(args);
    let mut progress = Progress::new(question.devices, &stop, dropped);
    let analysis = analyse(&question, &asked.base, |sets| asked.with(sets), &mut progress)?;
    drop(progress);
    let Some(analysis) = analysis else {
        note("interrupted before a point was finished; nothing was written");
        return Ok(End::of(&stop));
    };
    conclude(args, &asked, analysis, &stop)
}

/// Computes a part: some of the points, each on its first devices.
fn part(args: &Args, asked: &Asked, shard: Shard, out: &Path) -> Result<End, Fault> {
    let question = asked.question(args);
    let load = |sets: &[String]| asked.with(sets);
    let design = Design::of(&question, &asked.base, &mut { load });
    let points = Points::Alike(&asked.base[0].1, design.points());
    let share = Share::of(shard, command(args).list(), points, asked.scenarios());
    share.compute(out, &[], |file, stop| {
        let own = share.pieces();
        let (Some((first, _)), Some((last, _))) = (own.first(), own.last()) else { return Ok(true) };
        let mut kept = 0;
        let mut progress = Progress::of_part(&share, stop, dropped);
        try_points(&question, &design, *first..last + 1, load, &mut progress, |point, found| {
            kept += 1;
            file.piece(Piece { point, devices: [0, 1], sums: found.map(FoundBits::from) })
        })?;
        Ok(kept == own.len())
    })
}

/// Makes of parts what the analysis in one piece makes.
pub(super) fn merge(args: &Args, parts: &Parts) -> Result<End, Fault> {
    let asked = Asked::of(args)?;
    let question = asked.question(args);
    let design = Design::of(&question, &asked.base, &mut |sets: &[String]| asked.with(sets));
    let points = Points::Alike(&asked.base[0].1, design.points());
    sharing::check(parts, &command(args).list(), points, asked.scenarios())?;
    args.out.as_deref().map_or(Ok(()), Folder::can_begin)?;
    let mut given: Vec<Option<Found>> = Vec::new();
    parts.each_point(
        |_, found: Option<FoundBits>, _| Some(found.map(Found::from)),
        |_, _| (),
        |_, found| {
            given.push(found);
            Ok(())
        },
    )?;
    let mut silent = Stop::default();
    let analysis = analyse_with(&question, &asked.base, |sets| asked.with(sets), &mut silent, Some(given))?;
    let analysis = analysis.ok_or("the parts hold nothing of the scenario as it is")?;
    let unclear = (1..).zip(&analysis.tried).filter(|(_, point)| point.clarity == Some(Clarity::Unclear));
    let unclear: Vec<(u32, _)> = unclear.collect();
    for (row, point) in unclear.iter().take(MOST_NAMED) {
        note(&format!("point {row} stayed unclear: {}", point.place.words(&analysis.moved)));
    }
    if let Some(more) = unclear.len().checked_sub(MOST_NAMED + 1) {
        note(&format!("{} more stayed unclear; points.csv has them", more + 1));
    }
    conclude(args, &asked, analysis, &silent)
}

/// Says what was found, writes and prints.
fn conclude(args: &Args, asked: &Asked, mut analysis: Sensitivity, stop: &Stop) -> Result<End, Fault> {
    analysis.conclusion = conclusion(&analysis);
    let json = serde_json::to_string_pretty(&analysis)? + "\n";
    let mut kept = Kept::Not("nothing is kept without --out".into());
    if let Some(out) = &args.out {
        let folder = Folder::begin(out, |_| None)?;
        folder.add("sensitivity.json", json.as_bytes())?;
        folder.add("points.csv", points_csv(&analysis).as_bytes())?;
        add_report(&folder, &sensitivity_report(&asked.base, &analysis), false)?;
        kept = finish(folder, analysis.interrupted.is_some(), args.out.as_deref())?;
    }
    let text = if args.json { json } else { sensitivity_table(&analysis, args.top, screen(), kept.place()) };
    let (points, planned) = (analysis.points, analysis.planned);
    let covers = || format!("{points} of {planned} points were finished; {}", kept.words());
    print_result(&text, analysis.interrupted.map(|_| (End::of(stop), covers())))
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
    let command = command.unless(TRAJECTORIES, "--trajectories", args.trajectories);
    command.when(args.gives_no_more(), "--fixed")
}
