//! `bgsim run`

use super::arms::tell_notes;
use super::ensembles::{Asked, EnsembleOption, Over, below, with_ensemble};
use super::folder::{Folder, Kept, finish};
use super::interrupt::Stop;
use super::options::{ByOption, MachineOptions, ScenarioOptions, ShardOption};
use super::parts::Parts;
use super::pictures::{Live, add_report};
use super::progress::Progress;
use super::rows_form::RowsFormat;
use super::sharing::{self, Points, Share};
use super::stopwatch::{self, CLOCK};
use super::{End, Fault, inputs, note, print, print_json, print_result, screen};
use crate::command::Command;
use crate::experiment::{Fleet, KeepRows, Plan, Work, Worker, each_device, run_some};
use crate::figure::{Figure, Sample};
use crate::record::{RecordFile, Rows, Tool};
use crate::report::arm::Arm;
use crate::report::by_table::shown;
use crate::report::run_report::{Timing, run_report, run_table};
use crate::scenario::Scenario;
use crate::shard::{Piece, Shard};
use crate::slice::cuts;
use crate::summary::{Brief, summarise};
use crate::timeline::typical_day;
use clap::ValueEnum;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scenario: ScenarioOptions,
    #[command(flatten)]
    by: ByOption,
    #[command(flatten)]
    machine: MachineOptions,
    #[command(flatten)]
    shard: ShardOption,
    #[command(flatten)]
    ensemble: EnsembleOption,
    /// Keep the record in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// With --out, make brief.html too: the answer on two pages of paper, for who decides.
    #[arg(long, requires = "out", conflicts_with = "shard")]
    brief: bool,
    /// With --out, make explorer.html too: a page in which the numbers of the scenario are turned.
    #[arg(long, requires = "out", conflicts_with = "shard")]
    live: bool,
    /// Whose rows are kept: by default everybody's up to 2,000 devices, else those of a sample.
    #[arg(long, value_enum)]
    rows: Option<WhoseRows>,
    /// What rows are written as.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    rows_format: RowsFormat,
    /// Keep every signal of these devices in events.csv: 7 or 0,7,12.
    #[arg(long, value_name = "DEVICES", value_delimiter = ',')]
    events: Vec<u32>,
    /// Print the summary as JSON.
    #[arg(long, conflicts_with = "shard")]
    json: bool,
    /// Print every effective value of the scenario and stop.
    #[arg(long, conflicts_with = "shard")]
    print_config: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WhoseRows {
    /// Nobody's.
    None,
    /// Those of 1,000 devices, of each group in proportion.
    Sample,
    /// Everybody's.
    All,
}

const SAMPLE: u32 = 1000;
const MOST_WITHOUT_SAMPLING: u32 = 2000;

/// A worker by the clock.
struct Timed<W> {
    worker: W,
    busy: Duration,
}

impl<W: Work> Work for Timed<W> {
    type Rows = W::Rows;
    type Books = (W::Books, Duration);

    fn simulate(&mut self, device: u32) -> u64 {
        let begun = stopwatch::now();
        let events = self.worker.simulate(device);
        self.busy += stopwatch::now().saturating_sub(begun);
        events
    }

    fn take_rows(&mut self) -> W::Rows {
        self.worker.take_rows()
    }

    fn finish(self) -> (W::Books, Duration) {
        (self.worker.finish(), self.busy)
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let begun = Instant::now();
    if args.shard.shard.is_some() {
        inputs::remember();
    }
    let scenario = args.scenario.load()?;
    if args.print_config {
        return match args.json {
            true => print_json(&json!({ "schema": 1, "tool": Tool::THIS, "config": scenario.config() })),
            false => print(scenario.effective()),
        };
    }
    tell_notes([&scenario]);
    for (group, size) in scenario.fleet.groups.iter().zip(scenario.sizes(scenario.devices)) {
        if size == 0 {
            let (name, devices) = (&group.name, scenario.devices);
            note(&format!(
                "note: none of the {devices} devices is in the group `{name}`, which these figures leave out"
            ));
        }
    }
    if let Some(device) = args.events.iter().find(|device| **device >= scenario.devices) {
        let last = scenario.devices - 1;
        return Err(
            format!("`--events {device}`: there is no such device; they count from 0 to {last}").into()
        );
    }
    cuts(&scenario, &args.by.by)?;
    let plan = args.plan(&scenario)?;
    // Better refused now than after the run.
    args.live().check()?;
    let ensemble = args.ensemble.read()?;
    if let (Some(shard), Some(out)) = (args.shard.shard, &args.out) {
        return part(args, &scenario, &plan, shard, out);
    }
    let mut folder = args.folder(&scenario, &plan)?;
    let stop = Stop::on_interrupt()?;
    let mut writing = Duration::ZERO;
    let mut progress = Progress::new(scenario.devices, &stop, |rows: Rows| {
        let begun = Instant::now();
        let written = folder.as_mut().map_or(Ok(()), |folder| folder.append(&rows));
        writing += begun.elapsed();
        written
    });
    let hire = || Timed { worker: Worker::new(&scenario, &plan), busy: Duration::ZERO };
    let (books, finished) = each_device(0..scenario.devices, plan.jobs, &mut progress, hire)?;
    drop(progress);
    let simulating: Duration = books.iter().map(|(_, busy)| *busy).sum();
    let fleet = Fleet::of(books.into_iter().map(|(books, _)| books), finished);
    if fleet.finished == 0 {
        note("interrupted before a device was finished; nothing was written");
        return Ok(End::of(&stop));
    }
    let timing = Timing {
        simulating: simulating.as_secs_f64(),
        clock: CLOCK,
        writing: writing.as_secs_f64(),
        summarising: 0.0,
        wall: 0.0,
        jobs: plan.jobs,
    };
    conclude(args, &scenario, &plan, &fleet, folder, (Some((begun, timing)), ensemble), &stop)
}

impl Args {
    fn live(&self) -> Live<'_> {
        Live { is_made: self.live, ..self.scenario.live() }
    }

    /// How the fleet is run.
    fn plan(&self, scenario: &Scenario) -> Result<Plan, Fault> {
        self.rows_format.check()?;
        let rows = match (self.rows, &self.out) {
            (_, None) | (Some(WhoseRows::None), _) => KeepRows::None,
            (Some(WhoseRows::All), _) => KeepRows::All,
            (Some(WhoseRows::Sample), _) => KeepRows::Sample(SAMPLE),
            (None, _) if scenario.devices > MOST_WITHOUT_SAMPLING => KeepRows::Sample(SAMPLE),
            (None, _) => KeepRows::All,
        };
        let (events, by) = (self.events.clone(), self.by.by.clone());
        Ok(Plan { rows, events, week: self.out.is_some(), by, ..self.machine.plan()? })
    }

    /// The tables that are kept, and as what.
    fn tables(&self, plan: &Plan) -> impl Fn(RecordFile) -> Option<RowsFormat> + use<> {
        let (events, rows, format) = (!self.events.is_empty(), plan.rows != KeepRows::None, self.rows_format);
        move |table| if table == RecordFile::Events { events } else { rows }.then_some(format)
    }

    /// The folder of the record, if one is kept.
    fn folder(&self, scenario: &Scenario, plan: &Plan) -> Result<Option<Folder>, Fault> {
        let tables = self.tables(plan);
        let mut folder = self.out.as_deref().map(|out| Folder::begin(out, tables)).transpose()?;
        if let Some(folder) = &mut folder {
            folder.expect(match plan.rows {
                KeepRows::None => 0,
                KeepRows::Sample(most) => most.min(scenario.devices),
                KeepRows::All => scenario.devices,
            });
        }
        Ok(folder)
    }

    /// The command that makes the same again.
    fn command(&self) -> Command {
        self.ensemble.to(self.by.to(self.scenario.command("run")))
    }

    /// The same with what decides which rows are kept.
    fn words(&self) -> Vec<String> {
        let rows = self.rows.and_then(|rows| rows.to_possible_value());
        let rows = rows.map(|rows| rows.get_name().to_owned());
        let format = (self.rows_format != RowsFormat::default()).then(|| self.rows_format.name());
        let events: Vec<String> = self.events.iter().map(u32::to_string).collect();
        let events = (!events.is_empty()).then(|| events.join(","));
        self.command().each("--rows", rows).each("--rows-format", format).each("--events", events).list()
    }
}

/// Computes a part of a run.
fn part(args: &Args, scenario: &Scenario, plan: &Plan, shard: Shard, out: &Path) -> Result<End, Fault> {
    let share = Share::of(shard, args.words(), Points::Of(&[scenario]), [scenario]);
    let wanted = args.tables(plan);
    let tables = RecordFile::ALL.into_iter().filter_map(|table| Some((table, wanted(table)?.of(table))));
    let (tables, rows): (Vec<_>, Vec<_>) = tables.unzip();
    share.compute(out, &rows, |file, stop| {
        let Some((_, devices)) = share.pieces().first().cloned() else { return Ok(true) };
        let mut fleet = Fleet::default();
        let mut progress = Progress::of_part(&share, stop, |rows: Rows| {
            let each = tables.iter().enumerate();
            each.into_iter().try_for_each(|(place, table)| file.append(place, &rows.text[*table as usize]))
        });
        run_some(&[scenario], std::slice::from_ref(&devices), plan, &mut progress, |_, found| {
            fleet = found;
            Ok(())
        })?;
        drop(progress);
        let (is_whole, devices) = (fleet.finished as usize == devices.len(), [devices.start, devices.end]);
        let piece = Piece { point: 0, devices, sums: fleet.into_sums(plan) };
        if is_whole {
            file.piece(piece)?
        };
        Ok(is_whole)
    })
}

/// Makes of parts what the run in one piece makes.
pub(super) fn merge(args: &Args, parts: &Parts) -> Result<End, Fault> {
    let scenario = args.scenario.load()?;
    sharing::check(parts, &args.words(), Points::Of(&[&scenario]), [&scenario])?;
    let plan = args.plan(&scenario)?;
    let mut fleet = None;
    parts.each_point(
        |_, sums, devices| Fleet::of_sums(sums, &scenario, &plan, devices),
        |sum, more| *sum += more,
        |_, whole| {
            fleet = Some(whole);
            Ok(())
        },
    )?;
    let fleet = fleet.ok_or("the parts hold no device")?;
    let mut folder = args.folder(&scenario, &plan)?;
    if let Some(folder) = &mut folder {
        folder.copy(|form, to| parts.copy_rows(form, to))?;
    }
    conclude(args, &scenario, &plan, &fleet, folder, (None, None), &Stop::default())
}

/// Works the figures out, writes and prints.
fn conclude(
    args: &Args,
    scenario: &Scenario,
    plan: &Plan,
    fleet: &Fleet,
    folder: Option<Folder>,
    (timing, ensemble): (Option<(Instant, Timing)>, Option<Asked>),
    stop: &Stop,
) -> Result<End, Fault> {
    let arms = [(scenario.name.clone(), scenario.clone())];
    let over =
        ensemble.as_ref().map(|asked| asked.over(&arms, |_, sets| args.scenario.load_with(sets), plan, stop));
    let over = over.transpose()?.flatten();
    over.iter().for_each(Over::tell);
    let summarising = Instant::now();
    let cuts = cuts(scenario, &args.by.by)?;
    let figures = Sample::of(&fleet.parts, scenario);
    let by = fleet.by(scenario, &cuts, &figures, Brief::of);
    let summary = summarise(scenario, &fleet.parts, &figures, &by, args.command().text());
    let shown = shown(&by, &args.by.by);
    let kept_figures = Figure::kept_with(Figure::FIRST, scenario.pushes());
    let told = over.as_ref().map(|over| over.told(Figure::FIRST, 0.0));
    let json = with_ensemble(&summary, over.as_ref(), &kept_figures, &|_| 0.0)?;
    let mut kept = Kept::Not("nothing is kept without --out".into());
    if let Some(folder) = folder {
        folder.add("summary.json", json.as_bytes())?;
        let arm = Arm {
            label: &scenario.name,
            scenario,
            devices: summary.scenario.devices,
            figures: &figures,
            week: &fleet.week,
            day: typical_day(scenario, plan.engine),
        };
        let mut report = run_report(scenario, &summary, &arm, &shown);
        told.iter().for_each(|told| told.add_to(&mut report));
        args.live().add_to(&mut report, &folder, plan.jobs)?;
        add_report(&folder, &report, args.brief)?;
        kept = finish(folder, summary.interrupted.is_some(), args.out.as_deref())?;
    }
    let timing = timing.map(|(begun, timing)| Timing {
        summarising: summarising.elapsed().as_secs_f64(),
        wall: begun.elapsed().as_secs_f64(),
        ..timing
    });
    let text = match args.json {
        true => json,
        false => {
            let place = kept.place().filter(|_| told.is_none());
            let text = run_table(scenario, &summary, &figures, &shown, timing.as_ref(), screen(), place);
            text + &told.map_or(String::new(), |told| below(&told, kept.place()))
        }
    };
    let (finished, all) = (fleet.finished, scenario.devices);
    let covers =
        || format!("the results cover the {finished} of {all} devices that were finished; {}", kept.words());
    print_result(&text, (finished < all).then(|| (End::of(stop), covers())))
}
