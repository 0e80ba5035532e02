//! `bgsim explain`

use super::arms::tell_notes;
use super::interrupt::Stop;
use super::options::{MachineOptions, ScenarioOptions};
use super::progress::{Progress, dropped};
use super::whose::Whose;
use super::{End, Fault, note, print, print_json, screen};
use crate::command::Command;
use crate::explanation::{
    Compete, Incident, Waited, instant, listed, mail, mails, remedies, story, worst, worst_incidents,
    worst_incidents_of_device,
};
use crate::record::MailRow;
use crate::report::story_json::{self, Told};
use crate::report::{story as text, verdicts};
use crate::scenario::Scenario;
use crate::slice::Slice;
use jiff::civil::DateTime;
use std::convert::Infallible;

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    scenario: ScenarioOptions,
    #[command(flatten)]
    machine: MachineOptions,
    /// The device, counted from 0.
    #[arg(long, value_name = "N")]
    device: Option<u32>,
    /// The mail, as mail.csv numbers it.
    #[arg(long, value_name = "N", requires = "device", conflicts_with_all = ["worst", "why_not"])]
    mail: Option<u32>,
    /// The mails that waited longest, of the fleet or of one device; of those of a device that had one end, told at
    /// one instant or not at all, the first.
    #[arg(long, value_name = "N", conflicts_with = "why_not")]
    worst: Option<usize>,
    /// Tell the worst mails in full, each alone.
    #[arg(long, requires = "worst")]
    full: bool,
    /// Explain one instant of the device, in its local time: "2026-03-04 14:05".
    #[arg(long, value_name = "WHEN", requires = "device")]
    why_not: Option<String>,
    #[command(flatten)]
    whose: Whose,
    /// Print JSON: `mails[]` with their record, `state`, `events[]`, `tried[]` and `sooner`, or `window`, or
    /// `instant`.
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Examples:
  bgsim explain device-keychain --device 7 --mail 3
  bgsim explain device-keychain --worst 5
  bgsim explain device-keychain --device 7 --why-not '2026-03-04 14:05'
  bgsim explain device-keychain --device 7 \\
    --from 2026-03-04T22:00 --until 2026-03-05T07:00
                                         what became of each mail of that night
  bgsim explain device-keychain --where persona=typical \\
    --from 2026-03-04T22:00 --until 2026-03-05T07:00
                                         the same of the device whose mail waited longest there
  bgsim explain device-keychain --where persona=typical,ram='4 GB'
                                         the mail that waited longest there

The device is replayed from the seed alone; no stored record is needed. At the end it is replayed
under one change at a time, to say which would have told this very mail soonest. A change that gains
less than a minute is no remedy.";

/// More stories than this are no longer read.
const MOST: usize = 1000;

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let scenario = args.scenario.load()?;
    tell_notes([&scenario]);
    match (args.device, args.mail, args.worst, &args.why_not) {
        (Some(device), ..) if args.whose.names_devices() => {
            Err(format!("`--device {device}` is one device already; leave `--where` out").into())
        }
        (Some(_), Some(_), ..) | (Some(_), _, _, Some(_)) if args.whose.is_given() => {
            Err("one mail or instant is asked for; leave `--from` and `--until` out".into())
        }
        (Some(device), Some(number), ..) => {
            let row = mail(&scenario, device, number, args.machine.engine)?;
            args.stories(&scenario, &[(device, row, 1)], true)
        }
        (_, _, Some(most), _) => args.worst(&scenario, most, args.full),
        (device, ..) if args.whose.names_time() => args.window(&scenario, device),
        (None, ..) if args.whose.is_given() => args.worst(&scenario, 1, true),
        (Some(device), _, _, Some(when)) => args.why_not(&scenario, device, when),
        (Some(device), ..) => {
            let last = mails(&scenario, device, args.machine.engine)?.len().saturating_sub(1);
            Err(format!(
                "which mail of device {device}, whose mail counts from 0 to {last}? Add `--mail N`, `--worst N`, \
                 `--from WHEN --until WHEN` or `--why-not WHEN`"
            )
            .into())
        }
        _ => Err("what is to be explained? Give `--device N --mail N`, `--worst N`, `--where KEY=VALUE`, \
                  `--device N --from WHEN --until WHEN`, or `--device N --why-not WHEN`"
            .into()),
    }
}

impl Args {
    fn worst(&self, scenario: &Scenario, most: usize, full: bool) -> Result<End, Fault> {
        if most == 0 || most > MOST {
            return Err(format!("`--worst {most}`: between 1 and {MOST} mails can be told").into());
        }
        let slice = self.whose.slice(scenario)?;
        let found = match self.device {
            Some(device) => {
                let mails = mails(scenario, device, self.machine.engine)?;
                worst_incidents_of_device(device, &mails, slice.window(scenario), most)
            }
            None => {
                let mut progress =
                    Progress::new(scenario.devices, &Stop::default(), dropped::<(), Infallible>);
                let Ok(found) = worst_incidents(scenario, &slice, most, &self.machine.plan()?, &mut progress);
                found
            }
        };
        if found.is_empty() {
            note("no mail waited: there is nothing to explain");
        }
        let rows = found.into_iter().map(|Incident { longest: (_, device, number), mails }| {
            Ok((device, mail(scenario, device, number, self.machine.engine)?, mails))
        });
        let rows = rows.collect::<Result<Vec<_>, String>>()?;
        self.stories(scenario, &rows, full)
    }

    fn longest(
        &self,
        scenario: &Scenario,
        slice: &Slice,
        compete: Compete,
        most: usize,
    ) -> Result<Vec<Waited>, Fault> {
        let mut progress = Progress::new(scenario.devices, &Stop::default(), dropped::<(), Infallible>);
        let Ok(found) = worst(scenario, slice, compete, most, &self.machine.plan()?, &mut progress);
        Ok(found)
    }

    /// What became of each mail, of the device or of that whose mail waited longest.
    fn window(&self, scenario: &Scenario, device: Option<u32>) -> Result<End, Fault> {
        let slice = self.whose.slice(scenario)?;
        let device = match device {
            Some(device) => device,
            None => {
                let longest = self.longest(scenario, &slice, Compete::All, 1)?;
                longest.first().ok_or_else(|| "no mail arrived there".to_string())?.1
            }
        };
        let listed = listed(scenario, device, slice.window(scenario), self.machine.engine)?;
        let tell = |mail: u32| {
            let command = self.scenario.command("explain").each("--device", [device]);
            command.each("--mail", [mail]).text()
        };
        self.print(
            scenario,
            || verdicts::verdicts(scenario, &listed, screen(), tell),
            || Told::Window(story_json::window(scenario, &listed)),
        )
    }

    fn stories(&self, scenario: &Scenario, rows: &[(u32, MailRow, u32)], full: bool) -> Result<End, Fault> {
        let screen = screen();
        let mut texts = Vec::new();
        let mut values = Vec::new();
        let load = |sets: &[String]| self.scenario.load_with(sets).ok();
        for (device, row, mails) in rows {
            let tried = remedies(scenario, *device, row, self.machine.engine, load);
            let story = || story(scenario, *device, *row, self.machine.engine);
            if self.json {
                let mut value = story_json::story(scenario, &story(), &tried);
                if self.worst.is_some() {
                    value["incident_mails"] = (*mails).into();
                }
                values.push(value);
            } else if full {
                texts.push(text::story(scenario, &story(), &tried, screen));
            } else {
                texts.push(text::brief(scenario, *device, (row, *mails), &tried, screen));
            }
        }
        let between = if full { format!("\n{}\n", "═".repeat(screen.width)) } else { "\n".into() };
        self.print(scenario, || texts.join(&between), || Told::Mails(values))
    }

    fn why_not(&self, scenario: &Scenario, device: u32, when: &str) -> Result<End, Fault> {
        let wall: DateTime = when
            .parse()
            .map_err(|_| format!("`{when}` is no local time; write for example '2026-03-04 14:05'"))?;
        let instant = instant(scenario, device, wall, self.machine.engine)?;
        self.print(
            scenario,
            || text::instant(scenario, &instant, screen()),
            || Told::Instant(story_json::instant(scenario, &instant)),
        )
    }

    fn print(
        &self,
        scenario: &Scenario,
        text: impl FnOnce() -> String,
        told: impl FnOnce() -> Told,
    ) -> Result<End, Fault> {
        match self.json {
            true => print_json(&story_json::answer(scenario, &self.command().text(), told())),
            false => print(text()),
        }
    }

    fn command(&self) -> Command {
        let command =
            self.scenario.command("explain").each("--device", self.device).each("--mail", self.mail);
        let command = command.each("--worst", self.worst).when(self.full, "--full");
        self.whose.to(command.each("--why-not", &self.why_not))
    }
}
