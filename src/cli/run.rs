//! `bgsim run`

use super::folder::Folder;
use super::options::{MachineOptions, ScenarioOptions};
use super::pictures::add_report;
use super::progress::Progress;
use super::{End, Fault, note, print};
use crate::experiment::{KeepRows, Plan, Watch, run_fleet};
use crate::record::{Rows, Table, summarise};
use crate::report::arm_charts::Arm;
use crate::report::run_report::run_report;
use crate::report::run_table::{Timing, run_table};
use clap::ValueEnum;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scenario: ScenarioOptions,
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
    /// Those of 1,000 evenly spaced devices.
    Sample,
    /// Everybody's.
    All,
}

const SAMPLE: u32 = 1000;
const MOST_WITHOUT_SAMPLING: u32 = 2000;

/// Writes rows as they come and shows how far the run is.
struct Watcher {
    folder: Option<Folder>,
    progress: Progress,
    writing: Duration,
}

impl Watch for Watcher {
    fn rows(&mut self, rows: Rows) -> Result<(), String> {
        let begun = Instant::now();
        let written = self.folder.as_mut().map_or(Ok(()), |folder| folder.append(&rows));
        self.writing += begun.elapsed();
        written
    }

    fn progress(&mut self, devices: u32, events: u64) {
        self.progress.tell(devices, events);
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let begun = Instant::now();
    let scenario = args.scenario.load()?;
    if args.print_config {
        print(&scenario.effective())?;
        return Ok(End::Done);
    }
    scenario.traces.notes.iter().for_each(|about| note(&format!("note: {about}")));
    if let Some(device) = args.events.iter().find(|device| **device >= scenario.devices) {
        let last = scenario.devices - 1;
        return Err(
            format!("`--events {device}`: there is no such device; they count from 0 to {last}").into()
        );
    }
    let rows = match (args.rows, &args.out) {
        (_, None) | (Some(WhoseRows::None), _) => KeepRows::None,
        (Some(WhoseRows::All), _) => KeepRows::All,
        (Some(WhoseRows::Sample), _) => KeepRows::Sample(SAMPLE),
        (None, _) if scenario.devices > MOST_WITHOUT_SAMPLING => KeepRows::Sample(SAMPLE),
        (None, _) => KeepRows::All,
    };
    let events_name = crate::record::FILES[Table::Events as usize].1;
    let wanted = |name: &str| match name {
        _ if name == events_name => !args.events.is_empty(),
        _ => rows != KeepRows::None,
    };
    let folder = args.out.as_deref().map(|out| Folder::begin(out, wanted)).transpose()?;
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_interrupt(&stop)?;

    let plan = Plan {
        jobs: args.machine.jobs()?,
        engine: args.machine.engine,
        rows,
        events: args.events.clone(),
        week: args.out.is_some(),
    };
    let mut watcher = Watcher { folder, progress: Progress::new(scenario.devices), writing: Duration::ZERO };
    let ran = run_fleet(&scenario, &plan, &stop, &mut watcher);
    watcher.progress.finish();
    let fleet = ran?;
    let interrupted = fleet.finished < scenario.devices;
    if fleet.finished == 0 {
        note("interrupted before a device was finished; nothing was written");
        return Ok(End::Interrupted);
    }

    let summarising = Instant::now();
    let (summary, figures) = summarise(&scenario, &fleet.groups, args.scenario.canonical("run"));
    let json = serde_json::to_string_pretty(&summary)? + "\n";
    if let Some(folder) = watcher.folder {
        folder.add("summary.json", json.as_bytes())?;
        let arm = Arm {
            label: &scenario.name,
            scenario: &scenario,
            devices: summary.scenario.devices,
            figures: &figures,
            week: &fleet.week,
        };
        add_report(&folder, &run_report(&scenario, &summary, &arm))?;
        folder.finish()?;
    }
    let timing = Timing {
        simulating: fleet.simulating,
        writing: watcher.writing,
        summarising: summarising.elapsed(),
        wall: begun.elapsed(),
        jobs: plan.jobs,
    };
    let out = args.out.as_ref().map(|out| out.display().to_string());
    let printed =
        print(&if args.json { json } else { run_table(&summary, &figures, &timing, out.as_deref()) });
    // Ctrl-C ends the whole pipeline: that nobody reads any more must not hide the interruption.
    if interrupted && !matches!(printed, Err(Fault::Message(_))) {
        note(&format!(
            "interrupted: the results cover the {} of {} devices that were finished",
            fleet.finished, scenario.devices
        ));
        return Ok(End::Interrupted);
    }
    printed.map(|()| End::Done)
}

/// The first Ctrl-C lets devices under way finish; a second one, unless it is an echo of the first
/// (terminals and `timeout` may signal twice), ends the program at once.
pub(super) fn stop_on_interrupt(stop: &Arc<AtomicBool>) -> Result<(), Fault> {
    const ECHO: Duration = Duration::from_millis(500);
    let stop = Arc::clone(stop);
    let mut first = None;
    ctrlc::set_handler(move || {
        stop.store(true, Ordering::Relaxed);
        if first.get_or_insert_with(Instant::now).elapsed() > ECHO {
            std::process::exit(130);
        }
    })
    .map_err(|error| Fault::Message(format!("cannot listen for Ctrl-C: {error}")))
}
