//! `bgsim sweep`

use super::arms::tell_notes;
use super::ensembles::{Asked, EnsembleOption, Over};
use super::folder::Folder;
use super::interrupt::Stop;
use super::journal::Journal;
use super::options::{ByOption, MachineOptions, ScenarioOptions, ShardOption};
use super::parts::Parts;
use super::pictures::add_report;
use super::progress::{Progress, dropped};
use super::sharing::{self, Points, Share};
use super::{End, Fault, inputs, print, print_result, screen, suggest};
use crate::calibration::Band;
use crate::command::Command;
use crate::expectation::{Condition, choose};
use crate::experiment::{Fleet, Plan, run_some};
use crate::figure::Figure;
use crate::record::{Interrupted, Pieces, Rows, Tool};
use crate::report::choice_words;
use crate::report::ensemble_text::{add_points, points_text};
use crate::report::human::{EACH_ALONE, ONE_READER, last_part};
use crate::report::sweep_report::{part_tables, sweep_report, sweep_text};
use crate::scenario::Scenario;
use crate::shard::{Piece, Shard};
use crate::slice::{Dimension, cuts};
use crate::sweep::journal::{header, on_grid};
use crate::sweep::{Axis, GridPoint, Point, csv_header, csv_rows, found, grid, run_points};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    #[arg(long, required = true, value_name = "KEY=VALUES", add = suggest::varied())]
    vary: Vec<String>,
    #[command(flatten)]
    by: ByOption,
    #[command(flatten)]
    machine: MachineOptions,
    #[command(flatten)]
    shard: ShardOption,
    #[command(flatten)]
    ensemble: EnsembleOption,
    /// The figure that the table shows first, as bgsim figures lists it: told_within(15m), or a path
    /// of summary.json.
    #[arg(long, value_name = "FIGURE", default_value_t = Figure::FIRST, value_parser = suggest::figure(), hide_possible_values = true)]
    figure: Figure,
    /// Of the points that keep this, such as 'exposure(key_readable_while_locked) <= 2h', name the best; may be given
    /// several times.
    #[arg(long, value_name = "CONDITION", add = suggest::condition())]
    subject_to: Vec<Condition>,
    /// Keep sweep.csv, sweep.json, report.html and its picture in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Go on with a sweep into the same folder that was interrupted.
    #[arg(long, requires = "out", conflicts_with = "shard")]
    resume: bool,
    /// Print the sweep as JSON.
    #[arg(long, conflicts_with = "shard")]
    json: bool,
}

/// The grid that is asked for.
struct Grid {
    axes: Vec<Axis>,
    places: Vec<GridPoint>,
    scenarios: Vec<Scenario>,
}

impl Args {
    /// Reads all points before the first is run: a bad value shows at once.
    fn grid(&self) -> Result<Grid, Fault> {
        if let Some(odd) = self.subject_to.iter().find(|condition| !condition.figure.is_kept()) {
            return Err(format!(
                "a sweep does not keep `{}`; bgsim figures says which have an interval",
                odd.figure
            )
            .into());
        }
        let axes: Vec<Axis> = self.vary.iter().map(|text| Axis::parse(text)).collect::<Result<_, _>>()?;
        let places = grid(&axes)?;
        let load = |place: &GridPoint| {
            let sets: Vec<String> = place.iter().map(|(key, value)| format!("{key}={value}")).collect();
            self.scenario.load_with(&sets)
        };
        let scenarios: Vec<Scenario> = places.iter().map(load).collect::<Result<_, _>>()?;
        scenarios.iter().try_for_each(|scenario| cuts(scenario, &self.by.by).map(drop))?;
        Ok(Grid { axes, places, scenarios })
    }

    fn plan(&self) -> Result<Plan, Fault> {
        Ok(Plan { by: self.by.by.clone(), ..self.machine.plan()? })
    }

    /// The command that runs the same points.
    fn points_command(&self) -> Command {
        self.by.to(self.scenario.command("sweep").each("--vary", &self.vary))
    }

    /// The command that makes the same again. A figure that is kept anyway does not change the points, so that a sweep
    /// may be resumed with another.
    fn command(&self) -> Command {
        let command = self.points_command().unless(Figure::FIRST, "--figure", self.figure);
        let command = self.ensemble.to(command);
        command.each("--subject-to", &self.subject_to)
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if args.shard.shard.is_some() {
        inputs::remember();
    }
    let grid = args.grid()?;
    let Grid { places, scenarios, .. } = &grid;
    tell_notes(&scenarios[..1]);
    let plan = args.plan()?;
    let ensemble = args.ensemble.read()?;
    if let (Some(shard), Some(out)) = (args.shard.shard, &args.out) {
        return part(args, scenarios, &plan, shard, out);
    }
    let (mut journal, mut done) = (None, BTreeMap::new());
    if let Some(out) = &args.out {
        // Better refused now than after hours of work.
        Folder::can_begin(out)?;
        let points = match args.figure.is_kept() {
            true => args.points_command().text(),
            false => args.points_command().each("--figure", [args.figure]).text(),
        };
        let header = header(&points, scenarios);
        let (begun, left) = Journal::open(out, "sweep", &header, on_grid(places), args.resume)?;
        (journal, done) = (Some(begun), left);
    }
    let stop = Stop::on_interrupt()?;
    let keep =
        |place: usize, point: &str| journal.as_mut().map_or(Ok(()), |journal| journal.add(place, point));
    let mut progress = Progress::new(0, &stop, dropped);
    let points = run_points(places, scenarios, args.figure, done, &plan, keep, &mut progress)?;
    drop(progress);
    conclude(args, &grid, points, (journal, ensemble, plan), &stop)
}

/// Computes a part of a sweep.
fn part(args: &Args, scenarios: &[Scenario], plan: &Plan, shard: Shard, out: &Path) -> Result<End, Fault> {
    let points: Vec<&Scenario> = scenarios.iter().collect();
    let share = Share::of(shard, args.command().list(), Points::Of(&points), scenarios);
    share.compute(out, &[], |file, stop| {
        let own = share.pieces();
        let scenarios: Vec<&Scenario> = own.iter().map(|(point, _)| points[*point]).collect();
        let devices: Vec<_> = own.iter().map(|(_, devices)| devices.clone()).collect();
        let mut whole = 0;
        let mut progress = Progress::of_part(&share, stop, dropped::<Rows, Fault>);
        run_some(&scenarios, &devices, plan, &mut progress, |place, fleet| {
            let (point, devices) = &own[place];
            if fleet.finished as usize == devices.len() {
                whole += 1;
                let devices = [devices.start, devices.end];
                file.piece(Piece { point: *point, devices, sums: fleet.into_sums(plan) })?;
            }
            Ok(())
        })?;
        Ok(whole == own.len())
    })
}

/// Makes of parts what the sweep in one piece makes.
pub(super) fn merge(args: &Args, parts: &Parts) -> Result<End, Fault> {
    let grid = args.grid()?;
    let Grid { places, scenarios, .. } = &grid;
    let all: Vec<&Scenario> = scenarios.iter().collect();
    sharing::check(parts, &args.command().list(), Points::Of(&all), scenarios)?;
    let plan = args.plan()?;
    args.out.as_deref().map_or(Ok(()), Folder::can_begin)?;
    let pushes = scenarios.iter().any(Scenario::pushes);
    let mut points = BTreeMap::new();
    parts.each_point(
        |point, sums, devices| Fleet::of_sums(sums, scenarios.get(point)?, &plan, devices),
        |sum, more| *sum += more,
        |place, fleet| {
            let (_, point) = found(&places[place], &scenarios[place], args.figure, pushes, &plan, &fleet);
            points.insert(place, point);
            Ok(())
        },
    )?;
    conclude(args, &grid, points, (None, None, plan), &Stop::default())
}

/// Says what was found, writes and prints.
fn conclude(
    args: &Args,
    grid: &Grid,
    points: BTreeMap<usize, Point>,
    (mut journal, ensemble, plan): (Option<Journal>, Option<Asked>, Plan),
    stop: &Stop,
) -> Result<End, Fault> {
    let Grid { axes, places, scenarios } = grid;
    let command = args.command().text();
    let (finished, points): (Vec<usize>, Vec<Point>) = points.into_iter().unzip();

    let is_whole = points.len() == places.len();
    let over = match &ensemble {
        Some(ensemble) if is_whole => over(args, grid, ensemble, &plan, stop)?,
        _ => None,
    };
    let choice = (!args.subject_to.is_empty()).then(|| {
        choose(args.figure, &args.subject_to, points.len(), |point, figure| points[point].surely(figure))
    });
    let best = choice.as_ref().map(|choice| {
        let labels: Vec<String> = finished.iter().map(|place| words(&places[*place])).collect();
        choice_words::choice(choice, args.figure, &labels, |point| points[point].figure(args.figure).value)
    });
    let mut sweep = json!({
        "schema": 1,
        "tool": Tool::THIS,
        "scenario": { "name": scenarios[0].name, "seed": scenarios[0].seed, "command": command },
        "vary": axes,
        "points": points,
    });
    let kept = Figure::kept_with(args.figure, scenarios.iter().any(Scenario::pushes));
    for (place, over) in over.iter().flatten().enumerate() {
        sweep["points"][place]["ensemble"] = over.json(&kept, &|_| 0.0);
    }
    let told: Option<Vec<(String, Band)>> = over.as_ref().map(|over| {
        let of = |(over, place): (&Over<'_>, &GridPoint)| (words(place), over.value(args.figure));
        over.iter().zip(places).map(of).collect()
    });
    let interrupted = (!is_whole).then_some(Interrupted {
        finished: points.len() as u64,
        asked: places.len() as u64,
        of: Pieces::Points,
    });
    if let Some(interrupted) = interrupted {
        sweep["interrupted"] = json!(interrupted);
    }
    if let Some(choice) = &choice {
        sweep["choice"] = json!(choice);
    }
    let json = serde_json::to_string_pretty(&sweep)? + "\n";
    if let (Some(out), true) = (&args.out, is_whole) {
        let folder = Folder::begin(out, |_| None)?;
        folder.add("sweep.csv", &csv(axes, &points, &args.by.by)?)?;
        folder.add("sweep.json", json.as_bytes())?;
        let mut report = sweep_report(&scenarios[0], axes, &points, args.figure, &args.by.by, &command);
        report.verdict.extend(best.clone());
        told.iter().for_each(|told| add_points(&mut report, args.figure, told));
        add_report(&folder, &report, false)?;
        folder.finish()?;
        journal.take().map_or(Ok(()), Journal::finish)?;
    }
    let table = || {
        let parts = part_tables(axes, &points, args.figure, &args.by.by);
        let parts: String = parts.iter().map(|(_, table)| format!("\n{}", table.on(screen()))).collect();
        let best = best.iter().map(|best| format!("\n{}", screen().paragraph("", best))).collect::<String>();
        let over = told.as_ref().map_or(String::new(), |told| points_text(args.figure, told, screen()));
        let notes = [EACH_ALONE, ONE_READER].map(|note| screen().paragraph("", note)).concat();
        let partly = interrupted.iter().map(|partly| screen().paragraph("", &partly.to_string()) + "\n");
        format!(
            "{}{}{parts}{best}{over}\n{notes}",
            partly.collect::<String>(),
            sweep_text(axes, &points, args.figure, screen())
        )
    };
    let text = if args.json { json } else { table() };
    if !is_whole {
        let kept = journal.as_ref().map_or("nothing is kept without --out".into(), |journal| {
            format!("they are kept in {}: go on with --resume", journal.shown().display())
        });
        let covers = format!("{} of {} points were finished; {kept}", points.len(), places.len());
        return print_result(&text, Some((End::of(stop), covers)));
    }
    print(&text)?;
    if let (Some(out), false) = (&args.out, args.json) {
        print(format!("\nrecord in {}\n", out.display()))?;
    }
    Ok(End::Done)
}

/// Every point in all iPhones of an ensemble; none where it was stopped. Points may differ in their mail, so that each is
/// for itself.
fn over<'a>(
    args: &Args,
    grid: &Grid,
    ensemble: &'a Asked,
    plan: &Plan,
    stop: &Stop,
) -> Result<Option<Vec<Over<'a>>>, Fault> {
    let mut all = Vec::with_capacity(grid.places.len());
    for (place, scenario) in grid.places.iter().zip(&grid.scenarios) {
        let own: Vec<String> = place.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let load = |_: usize, sets: &[String]| args.scenario.load_with(&[&own, sets].concat());
        let arms = [(words(place), scenario.clone())];
        let Some(found) = ensemble.over(&arms, load, plan, stop)? else { return Ok(None) };
        if all.is_empty() {
            found.tell();
        }
        all.push(found);
    }
    Ok(Some(all))
}

/// A point in words: its settings.
fn words(place: &GridPoint) -> String {
    let setting = |(key, value): &(String, String)| format!("{}={value}", last_part(key));
    place.iter().map(setting).collect::<Vec<_>>().join(", ")
}

fn csv(axes: &[Axis], points: &[Point], by: &[Dimension]) -> Result<Vec<u8>, Fault> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if let Some(first) = points.first() {
        writer.write_record(csv_header(axes, first, by))?;
    }
    for row in points.iter().flat_map(|point| csv_rows(point, by)) {
        writer.write_record(row)?;
    }
    Ok(writer.into_inner().map_err(|error| error.to_string())?)
}
