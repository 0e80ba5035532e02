//! `bgsim run`

use super::folder::{Folder, Kept, finish};
use super::interrupt::Stop;
use super::options::{ByOption, MachineOptions, ScenarioOptions};
use super::pictures::add_report;
use super::progress::Progress;
use super::stopwatch::{self, CLOCK};
use super::{End, Fault, note, print, print_json, print_result, screen};
use crate::experiment::{Fleet, KeepRows, Plan, Work, Worker, each_device};
use crate::figure::Sample;
use crate::record::{RecordFile, Rows, Tool};
use crate::report::arm::Arm;
use crate::report::by_table::shown;
use crate::report::run_report::{Timing, run_report, run_table};
use crate::slice::cuts;
use crate::summary::{Brief, summarise};
use crate::timeline::typical_day;
use clap::ValueEnum;
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scenario: ScenarioOptions,
    #[command(flatten)]
    by: ByOption,
    #[command(flatten)]
    machine: MachineOptions,
    /// Keep the record in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Whose rows are kept: by default everybody's up to 2,000 devices, else those of a sample.
    #[arg(long, value_enum)]
    rows: Option<WhoseRows>,
    /// Keep every signal of these devices in events.csv: 7 or 0,7,12.
    #[arg(long, value_name = "DEVICES", value_delimiter = ',')]
    events: Vec<u32>,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
    /// Print every effective value of the scenario and stop.
    #[arg(long)]
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
    let scenario = args.scenario.load()?;
    if args.print_config {
        return match args.json {
            true => print_json(&json!({ "schema": 1, "tool": Tool::THIS, "config": scenario.config() })),
            false => print(scenario.effective()),
        };
    }
    scenario.notes.iter().for_each(|about| note(&format!("note: {about}")));
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
    let cuts = cuts(&scenario, &args.by.by)?;
    let rows = match (args.rows, &args.out) {
        (_, None) | (Some(WhoseRows::None), _) => KeepRows::None,
        (Some(WhoseRows::All), _) => KeepRows::All,
        (Some(WhoseRows::Sample), _) => KeepRows::Sample(SAMPLE),
        (None, _) if scenario.devices > MOST_WITHOUT_SAMPLING => KeepRows::Sample(SAMPLE),
        (None, _) => KeepRows::All,
    };
    let wanted = |table| match table {
        RecordFile::Events => !args.events.is_empty(),
        _ => rows != KeepRows::None,
    };
    let mut folder = args.out.as_deref().map(|out| Folder::begin(out, wanted)).transpose()?;
    if let Some(folder) = &mut folder {
        folder.expect(match rows {
            KeepRows::None => 0,
            KeepRows::Sample(most) => most.min(scenario.devices),
            KeepRows::All => scenario.devices,
        });
    }
    let stop = Stop::on_interrupt()?;

    let (events, by) = (args.events.clone(), args.by.by.clone());
    let plan = Plan { rows, events, week: args.out.is_some(), by, ..args.machine.plan()? };
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

    let summarising = Instant::now();
    let figures = Sample::of(&fleet.parts, &scenario);
    let by = fleet.by(&scenario, &cuts, &figures, Brief::of);
    let command = args.by.to(args.scenario.command("run")).text();
    let summary = summarise(&scenario, &fleet.parts, &figures, &by, command);
    let shown = shown(&by, &args.by.by);
    let json = serde_json::to_string_pretty(&summary)? + "\n";
    let mut kept = Kept::Not("nothing is kept without --out".into());
    if let Some(folder) = folder {
        folder.add("summary.json", json.as_bytes())?;
        let arm = Arm {
            label: &scenario.name,
            scenario: &scenario,
            devices: summary.scenario.devices,
            figures: &figures,
            week: &fleet.week,
            day: typical_day(&scenario, plan.engine),
        };
        add_report(&folder, &run_report(&scenario, &summary, &arm, &shown))?;
        kept = finish(folder, summary.interrupted.is_some(), args.out.as_deref())?;
    }
    let timing = Timing {
        simulating: simulating.as_secs_f64(),
        clock: CLOCK,
        writing: writing.as_secs_f64(),
        summarising: summarising.elapsed().as_secs_f64(),
        wall: begun.elapsed().as_secs_f64(),
        jobs: plan.jobs,
    };
    let text = match args.json {
        true => json,
        false => run_table(&scenario, &summary, &figures, &shown, &timing, screen(), kept.place()),
    };
    let (finished, all) = (fleet.finished, scenario.devices);
    let covers =
        || format!("the results cover the {finished} of {all} devices that were finished; {}", kept.words());
    print_result(&text, (finished < all).then(|| (End::of(&stop), covers())))
}
