//! `bgsim sweep`

use super::arms::check_figure;
use super::folder::Folder;
use super::journal::Journal;
use super::options::{MachineOptions, ScenarioOptions, quoted};
use super::pictures::add_report;
use super::progress::Counting;
use super::run::stop_on_interrupt;
use super::{End, Fault, note, print};
use crate::comparison::FIGURE;
use crate::experiment::{Plan, run_fleet};
use crate::record::{Tool, summarise};
use crate::report::sweep_report::sweep_report;
use crate::report::sweep_table::sweep_table;
use crate::scenario::{self, Scenario};
use crate::sweep::{Axis, Place, Point, csv_header, csv_row, grid};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(clap::Args)]
#[command(after_help = "\
Values: a list (30s,1m,5m), a range with its number of values (1..4:4), a logarithmic one (1..100:5:log).
Examples:
  bgsim sweep device-keychain --vary policy.auto_lock=30s,1m,2m,5m
  bgsim sweep email-plus --vary policy.allow_device_keychain=false,true \\
    --vary scheduler.energy_per_refresh=0.5..6:4 --devices 200 --out reports/grid")]
pub(crate) struct Args {
    #[command(flatten)]
    scenario: ScenarioOptions,
    /// Vary a key over these values; of several, every combination is run.
    #[arg(long, required = true, value_name = "KEY=VALUES")]
    vary: Vec<String>,
    #[command(flatten)]
    machine: MachineOptions,
    /// The figure that the table shows first, by its path in summary.json.
    #[arg(long, value_name = "PATH", default_value = FIGURE)]
    figure: String,
    /// Keep sweep.csv, sweep.json, report.html and its picture in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Go on with a sweep into the same folder that was interrupted.
    #[arg(long, requires = "out")]
    resume: bool,
    /// Print the sweep as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let axes: Vec<Axis> = args.vary.iter().map(|text| Axis::parse(text)).collect::<Result<_, _>>()?;
    let places = grid(&axes)?;
    // All points are read before the first is run: a bad value shows at once.
    let scenarios: Vec<Scenario> = places.iter().map(|place| load(args, place)).collect::<Result<_, _>>()?;
    check_figure(&args.figure, &scenarios[0])?;
    scenarios[0].traces.notes.iter().for_each(|about| note(&format!("note: {about}")));
    let points_command = canonical(args);
    let command = with_figure(&points_command, &args.figure);
    let mut journal = None;
    if let Some(out) = &args.out {
        // Better refused now than after hours of work.
        drop(Folder::begin(out, |_| false)?);
        journal = Some(Journal::open(out, &header(&points_command, &scenarios), args.resume)?);
    }
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_interrupt(&stop)?;
    let plan = Plan { jobs: args.machine.jobs()?, engine: args.machine.engine, ..Plan::default() };

    let all = scenarios.iter().fold(0_u32, |sum, scenario| sum.saturating_add(scenario.devices));
    let mut watcher = Counting::new(all);
    let done = journal.as_mut().map(|journal| std::mem::take(&mut journal.done)).unwrap_or_default();
    let mut points = Vec::new();
    for (index, (place, scenario)) in places.iter().zip(&scenarios).enumerate() {
        let line = match done.get(index) {
            Some(line) => line.clone(),
            None => {
                let fleet = run_fleet(scenario, &plan, &stop, &mut watcher)?;
                if fleet.finished < scenario.devices {
                    break;
                }
                let (summary, figures) = summarise(scenario, &fleet.groups, String::new());
                let line = serde_json::to_string(&Point::of(place, &summary, &figures))?;
                if let Some(journal) = &mut journal {
                    journal.add(&line)?;
                }
                line
            }
        };
        // Always by way of the journal's line, so that a resumed sweep cannot differ from a whole one.
        points.push(serde_json::from_str::<Point>(&line)?);
        watcher.past(scenario.devices);
    }
    watcher.progress.finish();

    let is_whole = points.len() == places.len();
    let sweep = json!({
        "schema": 1,
        "tool": Tool::THIS,
        "scenario": { "name": scenarios[0].name, "seed": scenarios[0].seed, "command": command },
        "vary": axes,
        "points": points,
    });
    let json = serde_json::to_string_pretty(&sweep)? + "\n";
    if let (Some(out), true) = (&args.out, is_whole) {
        let folder = Folder::begin(out, |_| false)?;
        folder.add("sweep.csv", &csv(&axes, &points)?)?;
        folder.add("sweep.json", json.as_bytes())?;
        add_report(&folder, &sweep_report(&scenarios[0], &axes, &points, &args.figure, &command))?;
        folder.finish()?;
        journal.map_or(Ok(()), Journal::finish)?;
    }
    print(&if args.json { json } else { sweep_table(&axes, &points, &args.figure).to_string() })?;
    if stop.load(Ordering::Relaxed) && !is_whole {
        let kept = if args.out.is_some() { "; go on with --resume" } else { "" };
        note(&format!("interrupted: {} of {} points were finished{kept}", points.len(), places.len()));
        return Ok(End::Interrupted);
    }
    if let (Some(out), false) = (&args.out, args.json) {
        print(&format!("\nrecord in {}\n", out.display()))?;
    }
    Ok(End::Done)
}

fn load(args: &Args, place: &Place) -> Result<Scenario, Fault> {
    let options = &args.scenario;
    let mut sets = options.sets.clone();
    sets.extend(options.devices.map(|devices| format!("devices={devices}")));
    sets.extend(options.seed.map(|seed| format!("seed={seed}")));
    sets.extend(place.iter().map(|(key, value)| format!("{key}={value}")));
    Ok(scenario::load(&options.scenario, &sets)?)
}

/// The command that makes the points again, without what cannot change them.
fn canonical(args: &Args) -> String {
    let vary = args.vary.iter().map(|vary| format!(" --vary {}", quoted(vary)));
    vary.fold(args.scenario.canonical("sweep"), |command, vary| command + &vary)
}

/// The command that makes the report again too. Its figure does not change the points, so that a sweep may be
/// resumed with another.
fn with_figure(command: &str, figure: &str) -> String {
    match figure {
        FIGURE => command.into(),
        _ => format!("{command} --figure {}", quoted(figure)),
    }
}

/// The first line of the journal: whatever could make the points others.
fn header(command: &str, scenarios: &[Scenario]) -> String {
    let mut hash = Sha256::new();
    scenarios.iter().for_each(|scenario| hash.update(scenario.effective().as_bytes()));
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "tool": Tool::THIS, "command": command, "sha256": hash }).to_string()
}

fn csv(axes: &[Axis], points: &[Point]) -> Result<Vec<u8>, Fault> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if let Some(first) = points.first() {
        writer.write_record(csv_header(axes, first))?;
    }
    for point in points {
        writer.write_record(csv_row(point))?;
    }
    Ok(writer.into_inner().map_err(|error| error.to_string())?)
}
