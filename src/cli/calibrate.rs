//! `bgsim calibrate`: which iPhones the observations allow.
//!
//! JSON: `calibration.json`, which [`crate::calibration::Calibration`] tells field by field.

use super::folder::Folder;
use super::interrupt::Stop;
use super::journal::Journal;
use super::observe::open;
use super::options::{Changes, MachineOptions};
use super::pictures::add_report;
use super::progress::{Progress, dropped};
use super::{End, Fault, file, note, print, print_json, screen, suggest};
use crate::calibration::{
    About, Attempt, Bench, Calibration, Effort, Ensemble, Found, Left, MOST_MEMBERS, Observed, Outcome,
    Question, Reread, Searched, members, search,
};
use crate::command::Command;
use crate::figure::Figure;
use crate::observation::{BUNDLED, Observation, Which, bundled_text, read, read_again};
use crate::record::Tool;
use crate::report::calibration_text::{next_text, report, text};
use crate::scenario::{Scenario, SourceText, fetch, fetch_bundled};
use crate::sweep::journal::header;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
Each place is a combination of all numbers that nobody published (bgsim sensitivity moves the same ones). A place is ruled out
where an observation is more than 3 standard deviations from what it simulates: of the observation, of the devices, and of
what the model leaves out (discrepancy, 10 % of the value unless the file says otherwise). An observation with exam = true,
or named by --hold-out, rules nothing out and is scored instead.
Examples:
  bgsim calibrate --out reports/calibrated
  bgsim calibrate mine.toml --devices 32 --points 512 --out reports/mine
  bgsim compare email-plus --set-b policy.allow_device_keychain=true \\
    --ensemble reports/calibrated/ensemble.toml
  bgsim calibrate --out reports/calibrated --what-next 'told_within(15m)'

Exit codes: 0 iPhones are left; 1 could not run; 2 the observations contradict the model, or none was found that they allow.")]
pub(crate) struct Args {
    /// A file of observations; by default those that come with the program.
    #[arg(value_name = "OBSERVATIONS")]
    file: Option<PathBuf>,
    /// Places of the first wave; each other has half of them.
    #[arg(long, value_name = "N", default_value_t = POINTS, value_parser = clap::value_parser!(u32).range(8..=1_000_000))]
    points: u32,
    /// Waves at most.
    #[arg(long, value_name = "N", default_value_t = WAVES, value_parser = clap::value_parser!(u32).range(1..=1000))]
    waves: u32,
    /// Members of the ensemble.
    #[arg(long, value_name = "N", default_value_t = MEMBERS, value_parser = clap::value_parser!(u32).range(1..=MOST_MEMBERS as i64))]
    members: u32,
    /// Keep this observation out, and score what is left by it; may be given several times.
    #[arg(long, value_name = "NAME")]
    hold_out: Vec<String>,
    /// The scenario whose figures are told before and after.
    #[arg(long, value_name = "SCENARIO", default_value = ANSWERS, add = suggest::scenarios())]
    scenario: String,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    machine: MachineOptions,
    /// Keep ensemble.toml, calibration.json, report.html and its pictures in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Go on with an interrupted calibration of the same command.
    #[arg(long, requires = "out")]
    resume: bool,
    /// Of the calibration that is kept in the folder of --out, say what to observe next to narrow this figure: no new run.
    #[arg(long, value_name = "FIGURE", requires = "out", value_parser = suggest::figure(), hide_possible_values = true)]
    what_next: Option<Figure>,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

const POINTS: u32 = 256;
const WAVES: u32 = 12;
const MEMBERS: u32 = 64;
/// Devices of each situation at each place, of its own.
const DEVICES: u32 = 16;
const ANSWERS: &str = "device-keychain";
/// What was found in every place that is left.
const LEFT: &str = "left.json";

/// Where scenarios are read from.
struct Texts<'a> {
    source: &'a SourceText,
    is_bundled: bool,
    sets: Vec<String>,
    scenario: &'a str,
    changes: &'a Changes,
}

impl Reread for Texts<'_> {
    type Fault = Fault;

    fn observation(&mut self, entry: usize, which: Which, sets: &[String]) -> Result<Scenario, Fault> {
        let sets = [&self.sets, sets].concat();
        Ok(match self.is_bundled {
            true => read_again(self.source, (entry, which), &sets, &mut fetch_bundled)?,
            false => read_again(self.source, (entry, which), &sets, &mut fetch)?,
        })
    }

    fn answers(&mut self, sets: &[String]) -> Result<Scenario, Fault> {
        self.changes.load(self.scenario, None, sets)
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if let (Some(figure), Some(out)) = (args.what_next, &args.out) {
        return what_next(args, figure, out);
    }
    let changes = Changes { devices: Some(args.changes.devices.unwrap_or(DEVICES)), ..args.changes.clone() };
    let source = args.file.as_ref().map_or_else(|| Ok(bundled_text()), |file| open(file))?;
    let (is_bundled, sets) = (args.file.is_none(), changes.as_sets());
    let mut observations = match is_bundled {
        true => read(&source, &sets, &mut fetch_bundled)?,
        false => read(&source, &sets, &mut fetch)?,
    };
    hold_out(args, &mut observations)?;
    let answered = changes.load(&args.scenario, None, &[])?;
    args.out.as_deref().map_or(Ok(()), Folder::can_begin)?;
    let plan = args.machine.plan()?;
    let sha256: String =
        Sha256::digest(source.text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let (mut journal, mut done) = (None, BTreeMap::new());
    if let Some(out) = &args.out {
        let scenarios = observations.iter().map(|observation| &observation.scenario).chain([&answered]);
        let header = header(&format!("{} {sha256}", command(args).text()), scenarios);
        let take = |_: usize, json: &str| serde_json::from_str::<Option<Found>>(json).ok();
        let (begun, left) = Journal::open(out, "calibration", &header, take, args.resume)?;
        (journal, done) = (Some(begun), left);
    }
    let stop = Stop::on_interrupt()?;
    let texts = Texts { source: &source, is_bundled, sets, scenario: &args.scenario, changes: &changes };
    let units = observations.iter().map(|observation| observation.quantity.unit()).collect();
    let observed = Observed {
        file: args.file.as_ref().map_or(BUNDLED.into(), |file| file.display().to_string()),
        sha256,
        used: observations.iter().filter(|observation| !observation.is_exam).count(),
        held_out: observations.iter().filter(|held| held.is_exam).map(|held| held.name.clone()).collect(),
    };
    let figures = Figure::kept_with(Figure::FIRST, answered.pushes());
    let mut bench = Bench::new(observations, Some((&answered, figures.clone())), texts, &plan);
    let (points, waves) = (args.points as usize, args.waves as usize);
    let question = bench.question(points, waves, answered.seed);
    let Some(outcome) = searched(&question, &mut bench, &mut done, &mut journal, &stop)? else {
        note(&match &journal {
            Some(journal) => format!(
                "interrupted; the places that were tried are kept in {}: go on with --resume",
                journal.shown().display()
            ),
            None => "interrupted; nothing is kept without --out".into(),
        });
        return Ok(End::of(&stop));
    };
    let about = About {
        observations: observed,
        command: command(args).text(),
        devices: answered.devices,
        scenario: answered.name.clone(),
        units,
        fixed: bench.fixed(),
        figures,
    };
    let found = Calibration::of(&question, &bench.space, &outcome, about);
    conclude(args, found, &question, &outcome, &bench, journal)
}

/// No file of what is left is longer.
const MOST_BYTES: u64 = 256 << 20;

/// Ranks what could be observed by what it would tell.
fn what_next(args: &Args, figure: Figure, out: &Path) -> Result<End, Fault> {
    let path = out.join(LEFT);
    let unread = |why: &dyn std::fmt::Display| {
        format!(
            "`{}` cannot be read: {why}; bgsim calibrate --out writes it where iPhones are left",
            path.display()
        )
    };
    let bytes = file::read(&path, MOST_BYTES).map_err(|error| unread(&error))?;
    let left: Left = serde_json::from_slice(&bytes).map_err(|error| unread(&error))?;
    if left.version != Tool::THIS.version {
        return Err(format!(
            "`{}` is of bgsim {}, and this is {}",
            path.display(),
            left.version,
            Tool::THIS.version
        )
        .into());
    }
    let candidates = left.candidates(figure)?;
    match args.json {
        true => print_json(&json!({
            "schema": 1, "tool": Tool::THIS, "figure": figure, "scenario": left.scenario, "candidates": candidates,
        })),
        false => print(next_text(figure, &left.scenario, &candidates, screen())),
    }
}

/// Marks what is kept out.
fn hold_out(args: &Args, observations: &mut [Observation]) -> Result<(), Fault> {
    for name in &args.hold_out {
        let Some(known) = observations.iter_mut().find(|observation| observation.name == *name) else {
            return Err(format!("`--hold-out {name}`: no observation is called so").into());
        };
        known.is_exam = true;
    }
    match observations.iter().all(|observation| observation.is_exam) {
        true => Err("every observation is held out; none is left to calibrate by".into()),
        false => Ok(()),
    }
}

fn searched(
    question: &Question,
    bench: &mut Bench<'_, Texts<'_>>,
    done: &mut BTreeMap<usize, Option<Found>>,
    journal: &mut Option<Journal>,
    stop: &Stop,
) -> Result<Option<Outcome>, Fault> {
    let mut progress = Progress::new(0, stop, dropped);
    search(question, |number, place: &[f64], effort: Effort<'_>| {
        let found = match done.remove(&number) {
            Some(found) => {
                bench.recall();
                found
            }
            None => {
                let found = match bench.attempt(number, place, effort, &mut progress) {
                    Attempt::Found(found) => Some(found),
                    Attempt::Refused => None,
                    Attempt::Stopped => return Ok(Attempt::Stopped),
                };
                let json = serde_json::to_string(&found)?;
                journal.as_mut().map_or(Ok(()), |journal| journal.add(number, &json))?;
                // By way of its line, so that what was resumed cannot differ from a whole one.
                serde_json::from_str(&json)?
            }
        };
        Ok(found.map_or(Attempt::Refused, Attempt::Found))
    })
}

/// Says what was found, writes and prints.
fn conclude(
    args: &Args,
    mut found: Calibration,
    question: &Question,
    outcome: &Outcome,
    bench: &Bench<'_, Texts<'_>>,
    journal: Option<Journal>,
) -> Result<End, Fault> {
    let members = members(&bench.space, outcome, args.members as usize);
    found.members = members.len();
    let searched = Searched { tried: found.tried, left: found.left, effective: found.effective };
    let (observed, allows) = (found.observations.clone(), found.verdict.allows());
    let json = serde_json::to_string_pretty(&found)? + "\n";
    if let Some(out) = &args.out {
        let folder = Folder::begin(out, |_| None)?;
        folder.add("calibration.json", json.as_bytes())?;
        if allows {
            let ensemble = Ensemble::new(found.command.clone(), observed, searched, &bench.space, members);
            folder.add("ensemble.toml", ensemble.text().as_bytes())?;
            let left = Left::of(outcome, &found.scenario, bench.figures());
            folder.add(LEFT, (serde_json::to_string(&left)? + "\n").as_bytes())?;
        }
        add_report(&folder, &report(&found, question, &bench.space, outcome), false)?;
        folder.finish()?;
        journal.map_or(Ok(()), Journal::finish)?;
    }
    print(&if args.json { json } else { text(&found, screen(), args.out.as_deref()) })?;
    Ok(if allows { End::Done } else { End::Failed })
}

/// The command that makes the same again.
fn command(args: &Args) -> Command {
    let file = args.file.as_ref().map(|file| file.display().to_string());
    let command = Command::new("calibrate").words(file).unless(POINTS, "--points", args.points);
    let command = command.unless(WAVES, "--waves", args.waves).unless(MEMBERS, "--members", args.members);
    let command = command.each("--hold-out", &args.hold_out);
    args.changes.to(command.unless(ANSWERS.to_owned(), "--scenario", args.scenario.clone()))
}
