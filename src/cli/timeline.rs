//! `bgsim timeline`

use super::arms::tell_notes;
use super::interrupt::Stop;
use super::options::{MachineOptions, ScenarioOptions};
use super::progress::{Progress, dropped};
use super::whose::Whose;
use super::{End, Fault, file, print, print_json, screen};
use crate::explanation::{Compete, known, mail, worst};
use crate::record::Tool;
use crate::report::charts::Chart;
use crate::report::day_chart::day_chart;
use crate::report::day_list;
use crate::report::human::{count, duration};
use crate::scenario::Scenario;
use crate::time::{Span, Time};
use crate::timeline::perfetto::{self, Written};
use crate::timeline::{self, Timeline};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    scenario: ScenarioOptions,
    #[command(flatten)]
    machine: MachineOptions,
    /// The device, counted from 0.
    #[arg(long, value_name = "N", required_unless_present_any = ["whose", "from", "until"])]
    device: Option<u32>,
    #[command(flatten)]
    whose: Whose,
    /// Only this local day, such as 2026-03-04; by default the whole measured span, or for a picture
    /// its first whole day, or that of the mail that waited longest where `--where`, `--from` or `--until` chose
    /// the device.
    #[arg(long, value_name = "DAY")]
    day: Option<String>,
    /// The file to write; its ending says what: .pftrace or .svg. Without it one day is printed as a list.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print JSON: the `device`, the file that was `written`, and its `title`; of a trace what it `holds` too; without
    /// `--out` the `entries[]` of a day, each with `at`, `what`, `detail` and `mail` as `events.csv` and `mail.csv` have
    /// them.
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Examples:
  bgsim timeline email-plus --device 7   one day as a list: mail, pushes, checks,
                                         notifications, openings
  bgsim timeline email-plus --device 7 --out device-7.pftrace
                                         a trace to look at in https://ui.perfetto.dev
  bgsim timeline email-plus --device 7 --day 2026-03-04 --out wednesday.svg
                                         one day as a picture, for a slide

Time in a trace is virtual and starts at 0; its first row shows the days and hours of the wall clock.
The device is replayed from the seed alone; no stored record is needed.";

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Perfetto,
    Picture,
    #[cfg(feature = "png")]
    Pixels,
}

impl Format {
    /// The endings of each.
    const ENDINGS: &[(&str, Format)] = &[
        ("pftrace", Format::Perfetto),
        ("perfetto-trace", Format::Perfetto),
        ("svg", Format::Picture),
        #[cfg(feature = "png")]
        ("png", Format::Pixels),
    ];

    fn of(path: &Path) -> Result<Format, String> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let known = Format::ENDINGS.iter().find(|(known, _)| *known == ending);
        known.map(|(_, format)| *format).ok_or_else(|| {
            format!(
                "`{}` {}; end it in .pftrace or .perfetto-trace (for ui.perfetto.dev), or in .svg (a picture of \
                 one day)",
                path.display(),
                match ending.as_str() {
                    "json" => "would be in Chrome's older format, which is written no more",
                    _ => "does not say what to write",
                }
            )
        })
    }

    /// Whether it is a trace rather than a picture of one day.
    fn is_trace(self) -> bool {
        self == Format::Perfetto
    }

    /// A picture as this format has it.
    fn picture(self, svg: &str) -> Result<Vec<u8>, String> {
        match self {
            #[cfg(feature = "png")]
            Format::Pixels => crate::report::png::png(svg),
            _ => Ok(svg.as_bytes().to_vec()),
        }
    }
}

/// A trace of more days would fill the memory of a browser, and of many a machine before.
const MOST_DAYS: u64 = 400;

/// From here on a viewer takes its time.
const LARGE_MB: usize = 20;

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let file = args.out.as_deref().map(|out| Ok::<_, String>((out, Format::of(out)?))).transpose()?;
    if let Some((out, _)) = file {
        file::check_free(out)?;
    }
    let scenario = args.scenario.load()?;
    tell_notes([&scenario]);
    let (device, day) = args.device(&scenario)?;
    known(&scenario, device)?;
    let is_trace = file.is_some_and(|(_, format)| format.is_trace());
    let span = args.span(&scenario, is_trace, device, day)?;
    let timeline = timeline::timeline(&scenario, device, span, args.machine.engine)?;
    let mut json = json!({ "schema": 1, "tool": Tool::THIS, "scenario": scenario.name, "device": device });
    let chart = || day_chart(&scenario, &scenario.name, &timeline);
    let said = match file {
        None => {
            let day = chart();
            json["title"] = json!(day.heading.title);
            json["holds"] = holds(&timeline);
            json["entries"] = json!(day_list::json(&timeline));
            if !args.json {
                let title = [&day.heading.title, &day.heading.subtitle, &day.why].map(String::as_str);
                return print(day_list::text(&timeline, &title, screen()));
            }
            String::new()
        }
        Some((out, Format::Perfetto)) => {
            let layout = timeline.layout();
            let (name, zero) = (layout.name.clone(), layout.zero.clone());
            let Written { bytes, slices } = file::write_by(out, |to| perfetto::write(layout, to))?;
            json["written"] = json!(out.display().to_string());
            json["title"] = json!(name);
            json["holds"] = holds(&timeline);
            json["holds"]["slices"] = json!(slices);
            let what = format!("wrote {}: {} of {name}", out.display(), says(&timeline, slices));
            let size = args.size(bytes).unwrap_or_default();
            format!("{what}\n{size}Time 0 is {zero}. Open it at https://ui.perfetto.dev\n")
        }
        Some((out, format)) => {
            let chart = Chart::from(chart());
            file::write(out, &format.picture(&chart.svg())?)?;
            json["written"] = json!(out.display().to_string());
            json["title"] = json!(chart.heading().title);
            format!("wrote {}: {}\nOpen it in a browser.\n", out.display(), chart.heading().title)
        }
    };
    if args.json {
        return print_json(&json);
    }
    print(said.lines().map(|line| screen().paragraph("", line)).collect::<String>())
}

impl Args {
    /// A word about a trace that takes viewers long to open.
    fn size(&self, bytes: usize) -> Option<String> {
        let megabytes = (bytes + 500_000) / 1_000_000;
        let hint = if self.day.is_none() { "; choose a day with --day for a smaller one" } else { "" };
        (megabytes >= LARGE_MB).then(|| format!("{megabytes} MB{hint}\n"))
    }

    /// The device, and the day of its mail that waited longest where that chose it.
    fn device(&self, scenario: &Scenario) -> Result<(u32, Option<Date>), Fault> {
        if let Some(device) = self.device {
            return match self.whose.is_given() {
                true => Err(format!(
                    "`--device {device}` is one device already; leave `--where`, `--from` and `--until` out"
                )
                .into()),
                false => Ok((device, None)),
            };
        }
        let slice = self.whose.slice(scenario)?;
        let plan = self.machine.plan()?;
        let mut progress = Progress::new(scenario.devices, &Stop::default(), dropped::<(), Infallible>);
        let Ok(found) = worst(scenario, &slice, Compete::InHours, 1, &plan, &mut progress);
        let Some((_, device, number)) = found.first().copied() else {
            return Err("no mail arrived there".into());
        };
        let row = mail(scenario, device, number, self.machine.engine)?;
        Ok((device, Some(scenario.own(scenario.member(device)).clock.wall(row.arrived).date())))
    }

    fn span(
        &self,
        scenario: &Scenario,
        is_trace: bool,
        device: u32,
        worst: Option<Date>,
    ) -> Result<(Time, Time), String> {
        match &self.day {
            Some(text) => {
                let date: Date = text
                    .parse()
                    .map_err(|_| format!("`--day {text}` is no date; write for example 2026-03-04"))?;
                timeline::day(scenario, device, date)
            }
            None if !is_trace => match worst {
                Some(date) => timeline::day(scenario, device, date),
                None => Ok(timeline::first_day(scenario, device)),
            },
            None if scenario.measured() > Span::DAY * MOST_DAYS => Err(format!(
                "a trace of {} would be too large to look at; choose a day with --day, or measure at most {MOST_DAYS} d",
                duration(scenario.measured())
            )),
            None => Ok(timeline::measured(scenario)),
        }
    }
}

/// What a timeline holds; of pushes, where there are any.
fn holds(timeline: &Timeline) -> Value {
    let mut holds = json!({ "decisions": timeline.decisions.len(), "mails": timeline.mails.len() });
    let counts = day_list::counts(timeline);
    if counts.iter().any(|(_, many)| *many > 0) {
        counts.into_iter().for_each(|(what, many)| holds[what] = many.into());
    }
    holds
}

/// What a trace holds, in words.
fn says(timeline: &Timeline, slices: usize) -> String {
    let number =
        |many: usize, one: &str| format!("{} {one}{}", count(many as u64), if many == 1 { "" } else { "s" });
    let (slices, decisions) = (number(slices, "slice"), number(timeline.decisions.len(), "decision"));
    format!("{slices}, {decisions} and {}", number(timeline.mails.len(), "mail"))
}
