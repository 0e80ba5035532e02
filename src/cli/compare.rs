//! `bgsim compare`

use super::arms::{ArmAsked, CommonOptions, asked, check_figure, load, tell_notes};
use super::folder::Folder;
use super::options::{MachineOptions, quoted};
use super::pictures::add_report;
use super::progress::Progress;
use super::run::stop_on_interrupt;
use super::{End, Fault, note, print};
use crate::comparison::{Compared, Comparison, FIGURE, Precision, Runs, compare, pairs_header, run_arms};
use crate::experiment::{Plan, Watch};
use crate::record::{GROUPS, Week};
use crate::report::arm_charts::Arm;
use crate::report::compare_report::compare_report;
use crate::report::compare_table::compare_table;
use crate::report::figure::Kind;
use crate::report::verdict::sentence;
use crate::scenario::Scenario;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim compare email-plus --set-b policy.allow_device_keychain=true
  bgsim compare email-plus device-keychain after-first-unlock --out reports/keys
  bgsim compare email-plus --arm \"short: policy.auto_lock=30s\" --arm \"long: policy.auto_lock=5m\"")]
pub(crate) struct Args {
    /// Scenario files or bundled names; the others are compared with the first.
    #[arg(required = true, value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Compare the first scenario with itself, this key changed; may be given several times, for one
    /// arm with all these changes.
    #[arg(long, value_name = "KEY=VALUE")]
    set_b: Vec<String>,
    /// Compare the first scenario with itself, these keys changed; may be given several times, for
    /// an arm each.
    #[arg(long, value_name = "LABEL: KEY=VALUE ...")]
    arm: Vec<String>,
    #[command(flatten)]
    common: CommonOptions,
    #[command(flatten)]
    machine: MachineOptions,
    /// The figure that the verdict is about, by its path in summary.json.
    #[arg(long, value_name = "PATH", default_value = FIGURE)]
    figure: String,
    /// Add devices until the figure's 95 % interval reaches no further than this from the difference
    /// found: percentage points for shares, else per cent of the first arm's value.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    until_precision: Option<f64>,
    /// With --until-precision, add no devices beyond so many.
    #[arg(long, value_name = "N", default_value_t = MAX_DEVICES)]
    max_devices: u32,
    /// Keep compare.json, report.html and its pictures in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// With --out, keep a row per mail in pairs.csv too.
    #[arg(long, requires = "out")]
    pairs: bool,
    /// Print the comparison as JSON.
    #[arg(long)]
    json: bool,
}

const MAX_DEVICES: u32 = 20_000;

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end().parse::<f64>();
    let number = number.ok().filter(|number| *number > 0.0 && number.is_finite());
    let number = number.ok_or("write a part of a hundred above 0, such as 2% or 0.5%")?;
    if text.contains('%') { Ok(number / 100.0) } else { Err(format!("write {number}%")) }
}

/// Writes pairs as they come and shows how far the run is.
struct Watcher {
    pairs: Option<BufWriter<File>>,
    progress: Progress,
    /// Devices of earlier rounds.
    before: u32,
}

impl Watch<Vec<u8>> for Watcher {
    fn rows(&mut self, rows: Vec<u8>) -> Result<(), String> {
        let written = self.pairs.as_mut().map_or(Ok(()), |pairs| pairs.write_all(&rows));
        written.map_err(|error| format!("cannot write pairs.csv: {error}"))
    }

    fn progress(&mut self, devices: u32, events: u64) {
        self.progress.tell(self.before + devices, events);
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let asked = asked(&args.scenarios, &args.set_b, &args.arm)?;
    if asked.len() < 2 {
        return Err("there is nothing to compare with; name a second scenario, or say what is different, \
                    as in --set-b policy.allow_device_keychain=true"
            .into());
    }
    let arms = load(&asked, &args.common, None)?;
    check_figure(&args.figure, &arms[0].1)?;
    tell_notes(&arms);
    let devices = arms[0].1.devices;
    if args.until_precision.is_some() && args.max_devices < devices {
        return Err(
            format!("`--max-devices {}` is less than the {devices} to begin with", args.max_devices).into()
        );
    }
    let folder = args.out.as_deref().map(|out| Folder::begin(out, |_| false)).transpose()?;
    let pairs = match &folder {
        Some(folder) if args.pairs => Some(folder.stream("pairs.csv", &pairs_header(arms.len()))?),
        _ => None,
    };
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_interrupt(&stop)?;
    let (jobs, engine) = (args.machine.jobs()?, args.machine.engine);
    let plan = Plan { jobs, engine, week: args.out.is_some(), ..Plan::default() };
    let mut watcher = Watcher { pairs, progress: Progress::new(devices), before: 0 };
    let found = search(args, &asked, arms, &plan, &stop, &mut watcher);
    watcher.progress.finish();
    let Some(Found { arms, weeks, compared: (mut comparison, figures) }) = found? else {
        note("interrupted before a device was finished; nothing was written");
        return Ok(End::Interrupted);
    };
    for arm in 1..comparison.arms.len() {
        comparison.verdict.findings[arm - 1].sentence = sentence(&comparison, arm);
    }
    let json = serde_json::to_string_pretty(&comparison)? + "\n";
    if let Some(folder) = folder {
        if let Some(pairs) = &mut watcher.pairs {
            pairs.flush().map_err(|error| format!("cannot write pairs.csv: {error}"))?;
        }
        folder.add("compare.json", json.as_bytes())?;
        let devices = comparison.scenario.devices;
        let found: Vec<Arm<'_>> = arms
            .iter()
            .zip(figures.iter().zip(&weeks))
            .map(|((label, scenario), (figures, week))| Arm { label, scenario, devices, figures, week })
            .collect();
        add_report(&folder, &compare_report(&arms, &comparison, &found))?;
        folder.finish()?;
    }
    let out = args.out.as_ref().map(|out| out.display().to_string());
    let printed = print(&if args.json { json } else { compare_table(&comparison, out.as_deref()) });
    // Ctrl-C ends the whole pipeline: that nobody reads any more must not hide the interruption.
    if stop.load(Ordering::Relaxed) && !matches!(printed, Err(Fault::Message(_))) {
        note(&format!(
            "interrupted: the comparison covers the {} devices that were finished",
            comparison.scenario.devices
        ));
        return Ok(End::Interrupted);
    }
    printed.map(|()| End::Done)
}

/// What a comparison found, with the arms as they were simulated in the end.
struct Found {
    arms: Vec<(String, Scenario)>,
    weeks: Vec<Week>,
    compared: Compared,
}

/// Runs the arms, on ever more devices where a precision was asked for. `None` if interrupted before
/// anything was finished.
fn search(
    args: &Args,
    asked: &[ArmAsked],
    mut arms: Vec<(String, Scenario)>,
    plan: &Plan,
    stop: &AtomicBool,
    watcher: &mut Watcher,
) -> Result<Option<Found>, Fault> {
    let mut runs = Runs::none(&arms);
    let mut from = 0;
    loop {
        let devices = arms[0].1.devices;
        watcher.progress.expect(devices);
        runs += &run_arms(&arms, from..devices, plan, args.pairs, stop, watcher)?;
        watcher.before = runs.finished;
        if runs.finished == 0 {
            return Ok(None);
        }
        let (mut comparison, figures) = compare(&arms, &runs, &args.figure, canonical(args));
        let interrupted = stop.load(Ordering::Relaxed);
        let next = match args.until_precision {
            Some(precision) => judge(&mut comparison, precision, interrupted, args.max_devices),
            None => devices,
        };
        if next <= devices || interrupted {
            return Ok(Some(Found { arms, weeks: runs.weeks, compared: (comparison, figures) }));
        }
        from = devices;
        // The scenario is that of a plain run on as many devices, to the hash.
        arms = load(asked, &args.common, Some(next))?;
    }
}

/// Whether the interval is tight enough; returns how many devices to have next.
fn judge(comparison: &mut Comparison, precision: f64, interrupted: bool, most: u32) -> u32 {
    let devices = comparison.scenario.devices as u32;
    let Some(chosen) = comparison.get(&comparison.verdict.figure) else { return devices };
    let base = match Kind::of(&chosen.name) {
        Kind::Share => 1.0,
        _ => chosen.values[0].unwrap_or(0.0),
    };
    let wanted = precision * base;
    let halves: Option<Vec<f64>> = (1..comparison.arms.len()).map(|arm| chosen.half_width(arm)).collect();
    let reached = halves.map(|halves| halves.into_iter().fold(0.0, f64::max));
    let enough = reached.is_some_and(|reached| reached <= wanted);
    let stopped_by = match (enough, interrupted) {
        (true, _) => "precision",
        (false, true) => "interrupt",
        (false, false) => "max_devices",
    };
    comparison.precision = Some(Precision { wanted, reached, stopped_by });
    if enough {
        return devices;
    }
    // The interval narrows with the square root of the devices; a tenth more spares another round,
    // and no round trusts the variance of the last one for more than a fourfold fleet.
    let factor = reached.map_or(2.0, |reached| reached / wanted);
    let next = (f64::from(devices) * (1.1 * factor * factor).clamp(1.25, 4.0)) as u32;
    next.next_multiple_of(GROUPS as u32).min(most)
}

/// The command that makes the comparison again, without what cannot change it.
fn canonical(args: &Args) -> String {
    let mut words: Vec<String> = ["bgsim", "compare"].map(String::from).to_vec();
    words.extend(args.scenarios.iter().map(|scenario| quoted(scenario)));
    words.extend(args.set_b.iter().flat_map(|set| ["--set-b".into(), quoted(set)]));
    words.extend(args.arm.iter().flat_map(|arm| ["--arm".into(), quoted(arm)]));
    words.extend(args.common.words());
    if args.figure != FIGURE {
        words.extend(["--figure".into(), quoted(&args.figure)]);
    }
    if let Some(precision) = args.until_precision {
        let percent = crate::report::human::trimmed(precision * 100.0, 9);
        words.extend(["--until-precision".into(), format!("{percent}%")]);
        if args.max_devices != MAX_DEVICES {
            words.extend(["--max-devices".into(), args.max_devices.to_string()]);
        }
    }
    words.join(" ")
}
