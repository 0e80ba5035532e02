//! `bgsim explain`

use super::command::Command;
use super::interrupt::Stop;
use super::options::{MachineOptions, ScenarioOptions};
use super::progress::{Progress, dropped};
use super::whose::Whose;
use super::{End, Fault, note, print, print_json};
use crate::explanation::{instant, mail, mails, remedies, story, worst, worst_of_device};
use crate::record::MailRow;
use crate::report::{story as text, story_json};
use crate::scenario::Scenario;
use jiff::civil::DateTime;
use serde_json::Value;
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
    /// The mails that waited longest, of the fleet or of one device.
    #[arg(long, value_name = "N", conflicts_with = "why_not")]
    worst: Option<usize>,
    /// Tell the worst mails in full.
    #[arg(long, requires = "worst")]
    full: bool,
    /// Explain one instant of the device, in its local time: "2026-03-04 14:05".
    #[arg(long, value_name = "WHEN", requires = "device")]
    why_not: Option<String>,
    #[command(flatten)]
    whose: Whose,
    /// Print JSON: `mails[]` with their record, `state`, `events[]`, `tried[]` and `sooner`, or `instant`.
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Examples:
  bgsim explain device-keychain --device 7 --mail 3
  bgsim explain device-keychain --worst 5
  bgsim explain device-keychain --device 7 --why-not '2026-03-04 14:05'
  bgsim explain device-keychain --where persona=typical,ram='4 GB' --from 2026-03-04 --until 2026-03-05
                                         the mail that waited longest there

The device is replayed from the seed alone; no stored record is needed. At the end it is replayed
under one change at a time, to say which would have told this very mail soonest. A change that gains
less than a minute is no remedy.";

/// More stories than this are no longer read.
const MOST: usize = 1000;

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let scenario = args.scenario.load()?;
    match (args.device, args.mail, args.worst, &args.why_not) {
        (Some(device), ..) if args.whose.is_given() => Err(format!(
            "`--device {device}` is one device already; leave `--where`, `--from` and `--until` out"
        )
        .into()),
        (Some(device), Some(number), ..) => {
            let row = mail(&scenario, device, number, args.machine.engine)?;
            args.stories(&scenario, &[(device, row)], true)
        }
        (_, _, Some(most), _) => args.worst(&scenario, most, args.full),
        (None, _, None, _) if args.whose.is_given() => args.worst(&scenario, 1, true),
        (Some(device), _, _, Some(when)) => args.why_not(&scenario, device, when),
        (Some(device), ..) => {
            let last = mails(&scenario, device, args.machine.engine)?.len().saturating_sub(1);
            Err(format!("which mail of device {device}, whose mail counts from 0 to {last}? Add `--mail N`, `--worst N` or `--why-not WHEN`").into())
        }
        _ => Err("what is to be explained? Give `--device N --mail N`, `--worst N`, `--where KEY=VALUE`, or `--device N --why-not WHEN`".into()),
    }
}

impl Args {
    fn worst(&self, scenario: &Scenario, most: usize, full: bool) -> Result<End, Fault> {
        if most == 0 || most > MOST {
            return Err(format!("`--worst {most}`: between 1 and {MOST} mails can be told").into());
        }
        let found = match self.device {
            Some(device) => {
                let mails = mails(scenario, device, self.machine.engine)?;
                worst_of_device(scenario, device, &mails, most)
            }
            None => {
                let slice = self.whose.slice(scenario)?;
                let mut progress =
                    Progress::new(scenario.devices, &Stop::default(), dropped::<(), Infallible>);
                let Ok(found) = worst(scenario, &slice, most, &self.machine.plan()?, &mut progress);
                found
            }
        };
        if found.is_empty() {
            note("no mail waited: there is nothing to explain");
        }
        let rows = found
            .into_iter()
            .map(|(_, device, number)| Ok((device, mail(scenario, device, number, self.machine.engine)?)));
        let rows = rows.collect::<Result<Vec<_>, String>>()?;
        self.stories(scenario, &rows, full)
    }

    fn stories(&self, scenario: &Scenario, rows: &[(u32, MailRow)], full: bool) -> Result<End, Fault> {
        let mut texts = Vec::new();
        let mut values = Vec::new();
        let load = |set: &str| self.scenario.load_with(&[set.into()]).ok();
        for (device, row) in rows {
            let tried = remedies(scenario, *device, row, self.machine.engine, load);
            let story = || story(scenario, *device, *row, self.machine.engine);
            if self.json {
                values.push(story_json::story(scenario, &story(), &tried));
            } else if full {
                texts.push(text::story(scenario, &story(), &tried));
            } else {
                texts.push(text::brief(scenario, *device, row, &tried));
            }
        }
        let between = if full { format!("\n{}\n", "═".repeat(100)) } else { "\n".into() };
        self.print(scenario, &texts.join(&between), values, None)
    }

    fn why_not(&self, scenario: &Scenario, device: u32, when: &str) -> Result<End, Fault> {
        let wall: DateTime = when
            .parse()
            .map_err(|_| format!("`{when}` is no local time; write for example '2026-03-04 14:05'"))?;
        let instant = instant(scenario, device, wall, self.machine.engine)?;
        let value = story_json::instant(scenario, &instant);
        self.print(scenario, &text::instant(scenario, &instant), Vec::new(), Some(value))
    }

    fn print(
        &self,
        scenario: &Scenario,
        text: &str,
        mails: Vec<Value>,
        instant: Option<Value>,
    ) -> Result<End, Fault> {
        match self.json {
            true => print_json(&story_json::answer(scenario, &self.command().text(), mails, instant)),
            false => print(text),
        }
    }

    fn command(&self) -> Command {
        let command =
            self.scenario.command("explain").each("--device", self.device).each("--mail", self.mail);
        let command = command.each("--worst", self.worst).words(self.full.then_some("--full"));
        self.whose.to(command.each("--why-not", &self.why_not))
    }
}
