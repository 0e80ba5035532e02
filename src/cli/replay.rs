//! `bgsim replay`
//!
//! JSON: `{schema, tool{name, version}, scenario, devices, learns_from, follows[], slots, refreshed, score,
//! against{name: {score, better_by, interval[low, high], verdict}}, calibration[{from, until, slots, forecast, observed}],
//! forecasts[{at, ran, model, constant, hour_of_day, as_yesterday}]}`.

use super::{End, Fault, file, print, print_json, screen};
use crate::clock::utc;
use crate::engine::Engine;
use crate::record::{Tool, rounded};
use crate::replay::{Learning, Record, Replay, Rival, followed, replay};
use crate::report::replay_text::{text, verdict};
use crate::scenario::{Scenario, load};
use crate::timeline;
use serde_json::{Map, Value, json};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
The folder is one that `bgsim import --client BUNDLE --out DIR` wrote. Phones that follow what is \
recorded of use, network, power and restarts say for each quarter of an hour how likely the client is refreshed in it, and that is scored against when it was, \
beside a constant rate, a rate by hour of the day, and the day before. Beside each refresh stands what the scheduler of \
the phone had said, where its log has it, and that of a simulated one.

Examples:
  bgsim import sysdiagnose.tar.gz --client com.example.mail --out phone
  bgsim replay phone
  bgsim replay phone --set scheduler.min_spacing=30m")]
pub(crate) struct Args {
    /// The folder of an import.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// How many phones to simulate.
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    devices: u32,
    /// Change a key of its scenario, such as policy.background_app_refresh=false; may be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Print JSON, with the forecast of each quarter of an hour.
    #[arg(long)]
    json: bool,
}

/// Neither a record nor what an import says of it is longer.
const MOST_BYTES: u64 = 256 << 20;

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let import = part(&args.folder, "import.json")?.ok_or_else(|| {
        let folder = args.folder.display();
        format!("`{folder}` has no import.json; name a folder that `bgsim import --out` wrote")
    })?;
    let (runs, decisions) = (part(&args.folder, "runs.csv")?, part(&args.folder, "decisions.csv")?);
    let record = Record::read(&import, runs.as_deref(), decisions.as_deref())?;
    let sets = [args.sets.clone(), vec![format!("devices={}", args.devices)]].concat();
    let path = args.folder.join("device.toml");
    let whole = load(&path.to_string_lossy(), &sets)?;
    let learning = Learning::of(&whole);
    let scenario = load(&path.to_string_lossy(), &[learning.sets(&whole), sets].concat())?;
    let replay = replay(&scenario, &record, learning, Engine::default())?;
    if args.json {
        return print_json(&to_json(&scenario, &replay));
    }
    let span = (scenario.start, scenario.end);
    let decisions = timeline::timeline(&scenario, 0, span, Engine::default())?.decisions;
    print(text(&scenario, &record, &replay, &decisions, screen()))
}

/// A file of the folder, if it is there.
fn part(folder: &Path, name: &str) -> Result<Option<String>, Fault> {
    let path = folder.join(name);
    let fault =
        |error: &dyn std::fmt::Display| Fault::from(format!("`{}` cannot be read: {error}", path.display()));
    match file::read(&path, MOST_BYTES) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| fault(&error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fault(&error)),
    }
}

fn to_json(scenario: &Scenario, replay: &Replay) -> Value {
    let Replay { slots, ran, model, rivals, devices, learning, score } = replay;
    let against: Map<String, Value> = Rival::ALL
        .into_iter()
        .zip(&score.against)
        .map(|(rival, difference)| {
            let interval = difference.interval.map(|ends| ends.map(rounded));
            let said = json!({
                "score": rounded(difference.rival), "better_by": rounded(difference.better_by),
                "interval": interval, "verdict": verdict(difference),
            });
            (rival.name().into(), said)
        })
        .collect();
    let calibration = score.calibration.iter().map(|bin| {
        json!({
            "from": bin.from, "until": bin.until, "slots": bin.slots, "forecast": rounded(bin.forecast),
            "observed": rounded(bin.observed),
        })
    });
    let forecasts = slots.iter().enumerate().map(|(place, slot)| {
        let mut row = json!({
            "at": utc(scenario.clock.unix_ms(*slot)), "ran": ran[place], "model": rounded(model[place]),
        });
        for rival in Rival::ALL {
            row[rival.name()] = json!(rounded(rivals[rival as usize][place]));
        }
        row
    });
    json!({
        "schema": 1, "tool": Tool::THIS, "scenario": scenario.name, "devices": devices, "learns_from": learning,
        "follows": followed(scenario), "slots": slots.len(),
        "refreshed": ran.iter().filter(|ran| **ran).count(), "score": rounded(score.model), "against": against,
        "calibration": calibration.collect::<Vec<_>>(), "forecasts": forecasts.collect::<Vec<_>>(),
    })
}
