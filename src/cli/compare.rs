//! `bgsim compare`

use super::arms::{asked, load, tell_notes};
use super::command::Command;
use super::folder::{Folder, Kept, finish};
use super::interrupt::Stop;
use super::options::{ByOption, Changes, MachineOptions};
use super::pictures::add_report;
use super::progress::Progress;
use super::{End, Fault, note, print_result, screen, suggest};
use crate::comparison::{Aim, Answer, Question, Reach, pairs_header, search};
use crate::expectation::{Condition, choose};
use crate::experiment::Plan;
use crate::figure::Figure;
use crate::report::arm::{Arm, DAYS};
use crate::report::compare_report::{Printed, compare_report, compare_table};
use crate::report::human::trimmed;
use crate::report::verdict::sentence;
use crate::slice::cuts;
use crate::summary::Estimate;
use crate::timeline::typical_day;
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim compare email-plus --set-b policy.allow_device_keychain=true
  bgsim compare email-plus device-keychain after-first-unlock --out reports/keys
  bgsim compare email-plus --arm \"short: policy.auto_lock=30s\" \\
    --arm \"long: policy.auto_lock=5m\"")]
pub(crate) struct Args {
    /// Scenario files or bundled names; the others are compared with the first.
    #[arg(required = true, value_name = "SCENARIO")]
    #[arg(add = suggest::scenarios())]
    scenarios: Vec<String>,
    /// Compare the first scenario with itself, this key changed; may be given several times, for one
    /// arm with all these changes.
    #[arg(long, value_name = "KEY=VALUE", value_parser = suggest::setting(), hide_possible_values = true)]
    set_b: Vec<String>,
    /// Compare the first scenario with itself, these keys changed, or with this arm of its file; may be given
    /// several times, for an arm each. Of a file alone all its arms are compared.
    #[arg(long, value_name = "NAME | LABEL: KEY=VALUE ...")]
    arm: Vec<String>,
    #[command(flatten)]
    common: Changes,
    #[command(flatten)]
    by: ByOption,
    #[command(flatten)]
    machine: MachineOptions,
    /// The figure that the verdict is about, as bgsim figures lists it: told_within(15m), or a path
    /// of summary.json.
    #[arg(long, value_name = "FIGURE", default_value_t = Figure::FIRST, value_parser = suggest::figure(), hide_possible_values = true)]
    figure: Figure,
    /// Of the arms that keep this, such as 'exposure(key_readable_while_locked) <= 2h', name the best; may be given
    /// several times.
    #[arg(long, value_name = "CONDITION")]
    subject_to: Vec<Condition>,
    /// Add devices until the figure's 95 % interval reaches no further than this from the difference
    /// found: percentage points for shares, else per cent of the first arm's value; or of the difference itself, as in
    /// '10% of difference'.
    #[arg(long, value_name = "PERCENT", value_parser = reach)]
    until_precision: Option<Reach>,
    /// With --until-precision, add no devices beyond so many.
    #[arg(long, value_name = "N", default_value_t = MAX_DEVICES)]
    max_devices: u32,
    /// Keep compare.json, report.html and its pictures in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// With --out, keep a row per mail in pairs.csv too.
    #[arg(long, requires = "out")]
    pairs: bool,
    /// Print every figure, with what pairing was worth, and not only those that decide.
    #[arg(long)]
    full: bool,
    /// Print the comparison as JSON.
    #[arg(long)]
    json: bool,
}

const MAX_DEVICES: u32 = 20_000;

const OF_DIFFERENCE: &str = "of difference";

fn reach(text: &str) -> Result<Reach, String> {
    match text.trim().strip_suffix(OF_DIFFERENCE) {
        Some(part) => percent(part).map(Reach::OfDifference),
        None => percent(text).map(Reach::OfFigure),
    }
}

pub(super) fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches('%').trim_end().parse::<f64>();
    let number = number.ok().filter(|number| *number > 0.0 && number.is_finite());
    let number =
        number.ok_or("write a part of a hundred above 0, such as 2% or 0.5%, or '10% of difference'")?;
    if text.contains('%') { Ok(number / 100.0) } else { Err(format!("write {number}%")) }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let asked = asked(&args.scenarios, &args.set_b, &args.arm, &args.common)?;
    if asked.len() < 2 {
        return Err(
            "there is nothing to compare with; name a second scenario, write arms into the file, or say \
                    what is different, as in --set-b policy.allow_device_keychain=true"
                .into(),
        );
    }
    let arms = load(&asked, &args.common)?;
    tell_notes(&arms);
    cuts(&arms[0].1, &args.by.by)?;
    let devices = arms[0].1.devices;
    if args.until_precision.is_some() && args.max_devices < devices {
        return Err(
            format!("`--max-devices {}` is less than the {devices} to begin with", args.max_devices).into()
        );
    }
    let folder = args.out.as_deref().map(|out| Folder::begin(out, |_| false)).transpose()?;
    let mut pairs = match &folder {
        Some(folder) if args.pairs => Some(folder.rows("pairs.csv", &pairs_header(arms.len()))?),
        _ => None,
    };
    let stop = Stop::on_interrupt()?;
    let plan = Plan { week: args.out.is_some(), by: args.by.by.clone(), ..args.machine.plan()? };
    let question = Question {
        figure: args.figure,
        aim: args.until_precision.map(|reach| Aim { reach, most_devices: args.max_devices }),
        pairs: args.pairs,
        plan: &plan,
        command: command(args).text(),
    };
    let on = |devices| load(&asked, &Changes { devices: Some(devices), ..args.common.clone() });
    let full = |error: std::io::Error| Fault::io("write pairs.csv", &error);
    let keep = |rows: Vec<u8>| pairs.as_mut().map_or(Ok(()), |pairs| pairs.write_all(&rows)).map_err(full);
    let answer = search::<Fault, _>(arms, &question, on, &mut Progress::new(devices, &stop, keep))?;
    let Some(Answer { arms, weeks, compared: (mut comparison, figures) }) = answer else {
        note("interrupted before a device was finished; nothing was written");
        return Ok(End::of(&stop));
    };
    let estimate = |arm: usize, figure: Figure| Estimate::of(&figures[arm], figure);
    comparison.choice = (!args.subject_to.is_empty())
        .then(|| choose(args.figure, &args.subject_to, comparison.arms.len(), estimate));
    for arm in 1..comparison.arms.len() {
        comparison.verdict.findings[arm - 1].sentence = sentence(&comparison, arm);
    }
    let json = serde_json::to_string_pretty(&comparison)? + "\n";
    let mut kept = Kept::Not("nothing is kept without --out".into());
    if let Some(folder) = folder {
        pairs.as_mut().map_or(Ok(()), Write::flush).map_err(full)?;
        folder.add("compare.json", json.as_bytes())?;
        let devices = comparison.scenario.devices;
        let found: Vec<Arm<'_>> = arms
            .iter()
            .zip(figures.iter().zip(&weeks))
            .enumerate()
            .map(|(place, ((label, scenario), (figures, week)))| {
                let day = (place < DAYS).then(|| typical_day(scenario, plan.engine)).flatten();
                Arm { label, scenario, devices, figures, week, day }
            })
            .collect();
        add_report(&folder, &compare_report(&arms, &comparison, &found, &args.by.by))?;
        kept = finish(folder, comparison.interrupted.is_some(), args.out.as_deref())?;
    }
    let printed = Printed { full: args.full, screen: screen(), by: &args.by.by };
    let text = if args.json { json } else { compare_table(&comparison, printed, kept.place()) };
    let devices = comparison.scenario.devices;
    let covers =
        || format!("the comparison covers the {devices} devices that were finished; {}", kept.words());
    print_result(&text, comparison.interrupted.map(|_| (End::of(&stop), covers())))
}

/// The command that makes the comparison again.
fn command(args: &Args) -> Command {
    let command = Command::new("compare").words(&args.scenarios).each("--set-b", &args.set_b);
    let command = args.by.to(args.common.to(command.each("--arm", &args.arm)));
    let command =
        command.unless(Figure::FIRST, "--figure", args.figure).each("--subject-to", &args.subject_to);
    let Some(precision) = args.until_precision else { return command };
    let percent = |part: f64| trimmed(part * 100.0, 9) + "%";
    let command = match precision {
        Reach::OfFigure(part) => command.plain(&format!(" --until-precision {}", percent(part))),
        Reach::OfDifference(part) => {
            command.plain(&format!(" --until-precision '{} {OF_DIFFERENCE}'", percent(part)))
        }
    };
    command.unless(MAX_DEVICES, "--max-devices", args.max_devices)
}
