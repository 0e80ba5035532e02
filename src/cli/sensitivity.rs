//! `bgsim sensitivity`

use super::arms::{ArmAsked, CommonOptions, asked, check_figure, load, tell_notes};
use super::folder::Folder;
use super::options::{MachineOptions, quoted};
use super::pictures::add_report;
use super::progress::Counting;
use super::run::stop_on_interrupt;
use super::{End, Fault, note, print};
use crate::comparison::{FIGURE, paired_figures, run_arms};
use crate::experiment::Plan;
use crate::record::Tool;
use crate::report::sensitivity_report::sensitivity_report;
use crate::report::sensitivity_table::{conclusion, sensitivity_table};
use crate::scenario::Scenario;
use crate::sensitivity::{
    About, Effect, Found, Sensitivity, Skipped, Step, Tried, Unknown, sets, sign, span, trajectories,
    unknowns,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(clap::Args)]
#[command(after_help = "\
Each number tagged `assumed` or `reverse-engineered` (bgsim assumptions lists them) is set to both ends of
its range, then all are moved together along random trajectories (Morris' screening).
Examples:
  bgsim sensitivity email-plus --set-b policy.allow_device_keychain=true
  bgsim sensitivity device-keychain --figure mail.latency_s.p50 --devices 200")]
pub(crate) struct Args {
    /// A scenario file, or the name of a bundled scenario.
    scenario: String,
    /// Ask about the difference that this makes; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set_b: Vec<String>,
    #[command(flatten)]
    common: CommonOptions,
    #[command(flatten)]
    machine: MachineOptions,
    /// The figure that is asked about, by its path in summary.json.
    #[arg(long, value_name = "PATH", default_value = FIGURE)]
    figure: String,
    /// Trajectories of Morris' screening, each of as many points as there are unknowns; 0 leaves it out.
    #[arg(long, value_name = "N", default_value_t = TRAJECTORIES)]
    trajectories: usize,
    /// Print so many unknowns.
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,
    /// Keep sensitivity.json, report.html and its picture in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the analysis as JSON.
    #[arg(long)]
    json: bool,
}

const TRAJECTORIES: usize = 4;
/// Devices at each point, unless it is said otherwise: one in each group of the jackknife.
const DEVICES: u32 = 32;

/// Everything that is needed to try a point.
struct Bench<'a> {
    args: &'a Args,
    asked: Vec<ArmAsked>,
    devices: u32,
    plan: Plan,
    stop: Arc<AtomicBool>,
    watcher: Counting,
    tried: Vec<Tried>,
}

impl Bench<'_> {
    /// The arms with these numbers set in all of them.
    fn arms(&self, sets: Vec<String>) -> Result<Vec<(String, Scenario)>, Fault> {
        let mut common = self.args.common.clone();
        common.sets.extend(sets);
        load(&self.asked, &common, Some(self.devices))
    }

    /// Simulates a point; `None` once interrupted.
    fn attempt(&mut self, arms: &[(String, Scenario)], at: String) -> Result<Option<Found>, Fault> {
        let runs = run_arms(arms, 0..self.devices, &self.plan, false, &self.stop, &mut self.watcher)?;
        self.watcher.past(self.devices);
        if runs.finished < self.devices {
            return Ok(None);
        }
        let (figures, replicates) = paired_figures(arms, &runs.groups);
        let chosen = figures.iter().find(|figure| figure.name == self.args.figure);
        let found = chosen.map_or(Found::default(), |chosen| match arms.len() {
            1 => {
                let value = |figures: &crate::record::Figures| figures.get(&chosen.name)?.value(1.0);
                let interval = replicates[0].interval(value);
                Found { value: chosen.values[0], ci95: interval.map(|ends| [ends.low, ends.high]) }
            }
            _ => Found { value: chosen.difference[1], ci95: chosen.ci95[1] },
        });
        self.tried.push((at, found));
        Ok(Some(found))
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let asked = asked(std::slice::from_ref(&args.scenario), &args.set_b, &[])?;
    let devices = args.common.devices.unwrap_or(DEVICES);
    let base = load(&asked, &args.common, Some(devices))?;
    check_figure(&args.figure, &base[0].1)?;
    tell_notes(&base);
    if let Some(out) = &args.out {
        // Better refused now than after minutes of work.
        drop(Folder::begin(out, |_| false)?);
    }
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_interrupt(&stop)?;
    let plan = Plan { jobs: args.machine.jobs()?, engine: args.machine.engine, ..Plan::default() };
    let watcher = Counting::new(devices);
    let mut bench = Bench { args, asked, devices, plan, stop, watcher, tried: Vec::new() };

    // Numbers that either arm rests on: a setting may bring unknowns of its own into play.
    let mut found = unknowns(&base[0].1);
    if let Some((_, other)) = base.get(1) {
        let more =
            unknowns(other).0.into_iter().filter(|new| found.0.iter().all(|known| known.key != new.key));
        found.0.extend(more.collect::<Vec<_>>());
    }
    let (unknowns, skipped) = movable(&bench, &base[0].1, found);
    let points = 1 + unknowns.len() * 2 + args.trajectories * (unknowns.len() + 1);
    bench.watcher.progress.expect(devices.saturating_mul(points as u32));
    let analysis = analyse(&mut bench, &base, unknowns, skipped);
    bench.watcher.progress.finish();
    let Some(analysis) = analysis? else {
        note("interrupted before a point was finished; nothing was written");
        return Ok(End::Interrupted);
    };
    let json = serde_json::to_string_pretty(&analysis)? + "\n";
    if let Some(out) = &args.out {
        let folder = Folder::begin(out, |_| false)?;
        folder.add("sensitivity.json", json.as_bytes())?;
        add_report(&folder, &sensitivity_report(&base, &analysis))?;
        folder.finish()?;
    }
    let out = args.out.as_ref().map(|out| out.display().to_string());
    print(&if args.json { json } else { sensitivity_table(&analysis, args.top, out.as_deref()) })?;
    if !analysis.complete {
        note(&format!("interrupted: {} of {points} points were finished", analysis.points));
        return Ok(End::Interrupted);
    }
    Ok(End::Done)
}

/// The unknowns that can be set to both ends of their range, and the others with the reason.
fn movable(
    bench: &Bench<'_>,
    scenario: &Scenario,
    (unknowns, mut skipped): (Vec<Unknown>, Vec<Skipped>),
) -> (Vec<Unknown>, Vec<Skipped>) {
    let refused = |unknown: &Unknown| {
        unknown.range.iter().find_map(|end| match bench.arms(sets(scenario, [(unknown, *end)].into_iter())) {
            Err(Fault::Message(error)) => Some(error.lines().next().unwrap_or_default().to_string()),
            _ => None,
        })
    };
    let keep = |unknown: &Unknown| match refused(unknown) {
        Some(why) => {
            let why = format!("an end of its range is refused: {}", why.trim_start_matches("error: "));
            skipped.push(Skipped { key: unknown.key.clone(), why });
            false
        }
        None => true,
    };
    let mut unknowns = unknowns;
    unknowns.retain(keep);
    (unknowns, skipped)
}

/// Tries all points. `None` if interrupted before the first was finished.
fn analyse(
    bench: &mut Bench<'_>,
    base: &[(String, Scenario)],
    unknowns: Vec<Unknown>,
    skipped: Vec<Skipped>,
) -> Result<Option<Sensitivity>, Fault> {
    let args = bench.args;
    let scenario = &base[0].1;
    let Some(as_it_is) = bench.attempt(base, "with every number as it is".into())? else { return Ok(None) };
    let mut ends = vec![[Found::default(); 2]; unknowns.len()];
    for (unknown, ends) in unknowns.iter().zip(&mut ends) {
        for (value, end) in unknown.range.into_iter().zip(ends) {
            let arms = bench.arms(sets(scenario, [(unknown, value)].into_iter()))?;
            let Some(found) = bench.attempt(&arms, format!("with {}", unknown.says(value)))? else { break };
            *end = found;
        }
    }
    let mut elementary = vec![Vec::new(); unknowns.len()];
    for (number, way) in (1..).zip(trajectories(unknowns.len(), args.trajectories, scenario.seed)) {
        let mut place = way.start;
        let mut last = try_place(bench, scenario, &unknowns, &place, number)?;
        for Step { unknown, by } in way.steps {
            place[unknown] += by;
            let next = try_place(bench, scenario, &unknowns, &place, number)?;
            elementary[unknown].extend(last.zip(next).map(|(last, next)| (next - last) / by));
            last = next;
        }
    }
    let complete = !bench.stop.load(Ordering::Relaxed);
    let mut effects: Vec<Effect> = unknowns
        .into_iter()
        .zip(ends)
        .zip(&elementary)
        .map(|((unknown, [low, high]), elementary)| Effect::of(unknown, as_it_is, low, high, elementary))
        .collect();
    effects.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let difference_to = base.get(1).map(|(label, _)| label.clone());
    let mut analysis = Sensitivity {
        schema: 1,
        tool: Tool::THIS,
        scenario: About {
            name: scenario.name.clone(),
            sha256: scenario.sha256(),
            seed: scenario.seed,
            devices: scenario.devices,
            command: canonical(args),
        },
        figure: args.figure.clone(),
        base: as_it_is,
        span: span(&bench.tried),
        points: bench.tried.len(),
        complete,
        trajectories: args.trajectories,
        unknowns: effects,
        skipped,
        sign: difference_to.as_ref().and_then(|_| sign(as_it_is, &bench.tried)),
        difference_to,
        conclusion: String::new(),
    };
    analysis.conclusion = conclusion(&analysis);
    Ok(Some(analysis))
}

/// Tries a place in company. It is unknown once interrupted, or where the scenario refuses it.
fn try_place(
    bench: &mut Bench<'_>,
    scenario: &Scenario,
    unknowns: &[Unknown],
    place: &[f64],
    trajectory: usize,
) -> Result<Option<f64>, Fault> {
    if bench.stop.load(Ordering::Relaxed) {
        return Ok(None);
    }
    let values = unknowns.iter().zip(place).map(|(unknown, part)| (unknown, unknown.at(*part)));
    match bench.arms(sets(scenario, values)) {
        Ok(arms) => {
            let at = format!("with all of them moved, on trajectory {trajectory}");
            Ok(bench.attempt(&arms, at)?.and_then(|found| found.value))
        }
        Err(Fault::Message(_)) => Ok(None),
        Err(closed) => Err(closed),
    }
}

/// The command that makes the analysis again, without what cannot change it.
fn canonical(args: &Args) -> String {
    let mut words = vec!["bgsim".into(), "sensitivity".into(), quoted(&args.scenario)];
    words.extend(args.set_b.iter().flat_map(|set| ["--set-b".into(), quoted(set)]));
    words.extend(args.common.words());
    if args.figure != FIGURE {
        words.extend(["--figure".into(), quoted(&args.figure)]);
    }
    if args.trajectories != TRAJECTORIES {
        words.extend(["--trajectories".into(), args.trajectories.to_string()]);
    }
    words.join(" ")
}
