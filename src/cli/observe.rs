//! `bgsim observe`: what was observed of real phones and people, against the model.
//!
//! JSON: `{schema, tool{name, version}, observations{file, command, devices}, held[{name, asks, statistic, unit, value,
//! range[low, high], simulated, ci95[low, high], apart, verdict, situation, source, confidence, year}],
//! counts{agrees, outside, undecided}}`, in the order of the file. `asks` is the measure or the figure; `simulated`
//! and `apart` are null where the run cannot tell, and `ci95` is as in `summary.json`.

use super::folder::Folder;
use super::interrupt::Stop;
use super::options::{Changes, MachineOptions};
use super::progress::{Progress, dropped};
use super::{End, Fault, file, note, print, screen};
use crate::command::Command;
use crate::observation::{BUNDLED, Held, Observation, Verdict, bundled, hold, read};
use crate::record::{Tool, rounded};
use crate::report::observations_text::{HOW_TO_READ, NOBODY_KNOWS, about, count, markdown, table};
use crate::report::wrap::paragraph;
use crate::scenario::{SourceText, fetch};
use crate::summary::ends;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// A file of observations; by default those that come with the program.
    file: Option<PathBuf>,
    /// Only observations whose name contains this; what is known of each is printed too.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    machine: MachineOptions,
    /// Keep observations.json and observations.md in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
An observation in a file:
  [[observe]]
  name       = \"pick-ups at weekends\"
  measure    = \"pickups_weekend_ratio\"   # or figure = \"openings_per_day\"
  statistic  = \"median\"                  # over devices: mean (default), median, sd, log_sd
  value      = 0.87
  range      = [0.74, 0.95]              # where the value may lie all the same: 90 %
  unit       = \"ratio\"
  situation  = \"28 students\"
  source     = \"a study of 2024\"
  confidence = \"measured\"                # or fleet, survey, one_device, inferred
  year       = 2024
  scenario   = { measure = \"60d\" }       # the situation for the simulator: any keys of a scenario

With a second scenario as `against` it is of the ratio of the means in both, on the same devices.
bgsim figures --observable lists the measures. Each situation is simulated with 256 devices unless
--devices says otherwise.

Examples:
  bgsim observe
  bgsim observe --name pick-ups
  bgsim observe mine.toml --set scheduler.min_spacing=30m --out reports/observed

Exit codes: 0 none is outside its range (undecided is no contradiction); 1 could not run; 2 one is.";

/// Devices of each situation, unless it is said otherwise: median persons are known within a few per cent.
const DEVICES: u32 = 256;

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let devices = args.changes.devices.unwrap_or(DEVICES);
    let changes = Changes { devices: Some(devices), ..args.changes.clone() };
    let sets = changes.as_sets();
    let mut observations = match &args.file {
        Some(file) => read(&open(file)?, &sets, &mut fetch)?,
        None => bundled(&sets)?,
    };
    if let Some(part) = &args.name {
        observations.retain(|observation| observation.name.contains(part.as_str()));
        if observations.is_empty() {
            return Err(format!("`--name {part}`: no observation has that in its name").into());
        }
    }
    if let Some(out) = &args.out {
        // Better refused now than after the work.
        Folder::can_begin(out)?;
    }
    let stop = Stop::on_interrupt()?;
    let plan = args.machine.plan()?;
    let Some(held) = hold(&observations, &plan, &mut Progress::new(0, &stop, dropped)) else {
        note("interrupted before all situations were simulated; nothing was written");
        return Ok(End::of(&stop));
    };
    let rows: Vec<(&Observation, Held)> = observations.iter().zip(held).collect();
    let command = command(args).text();
    let file = args.file.as_ref().map_or(BUNDLED.into(), |file| file.display().to_string());
    let json = serde_json::to_string_pretty(&to_json(&rows, &file, &command, devices))? + "\n";
    if let Some(out) = &args.out {
        let folder = Folder::begin(out, |_| None)?;
        folder.add("observations.json", json.as_bytes())?;
        folder.add("observations.md", markdown(&rows, &command).as_bytes())?;
        folder.finish()?;
    }
    print(&if args.json { json } else { text(args, &rows) })?;
    Ok(if count(&rows, Verdict::Outside) > 0 { End::Failed } else { End::Done })
}

/// No file of observations is longer.
const MOST_BYTES: u64 = 1 << 20;

pub(super) fn open(path: &Path) -> Result<SourceText, Fault> {
    let label = path.display().to_string();
    let bytes = file::read(path, MOST_BYTES).map_err(|error| format!("`{label}` cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| format!("`{label}` cannot be read: {error}"))?;
    Ok(SourceText { label, text: text.trim_start_matches('\u{feff}').into() })
}

fn text(args: &Args, rows: &[(&Observation, Held)]) -> String {
    let width = screen().width;
    let mut out = table(rows, screen());
    if args.name.is_some() {
        rows.iter().for_each(|(observation, _)| out += &format!("\n{}", about(observation, width)));
    }
    out += &format!("\n{}", paragraph("", &HOW_TO_READ.replace('`', ""), width));
    out += &paragraph("", NOBODY_KNOWS, width);
    out + &args.out.as_ref().map_or(String::new(), |out| format!("\nrecord in {}\n", out.display()))
}

/// The command that makes the table again.
fn command(args: &Args) -> Command {
    let file = args.file.as_ref().map(|file| file.display().to_string());
    args.changes.to(Command::new("observe").words(file).each("--name", &args.name))
}

fn to_json(rows: &[(&Observation, Held)], file: &str, command: &str, devices: u32) -> Value {
    let held = rows.iter().map(|(observation, held)| {
        let Observation { name, quantity, value, range, situation, source, confidence, year, .. } = observation;
        json!({
            "name": name, "asks": quantity.name(), "statistic": quantity.statistic(), "unit": quantity.unit(),
            "value": value, "range": range, "simulated": held.value.map(rounded),
            "ci95": ends(held.value, held.interval), "apart": held.apart.map(rounded), "verdict": held.verdict,
            "situation": situation, "source": source, "confidence": confidence, "year": year,
        })
    });
    let counts: serde_json::Map<String, Value> =
        Verdict::ALL.iter().map(|verdict| (verdict.name().into(), json!(count(rows, *verdict)))).collect();
    json!({
        "schema": 1, "tool": Tool::THIS,
        "observations": { "file": file, "command": command, "devices": devices },
        "held": held.collect::<Vec<_>>(), "counts": counts,
    })
}
