//! `bgsim compare`

use super::arms::{ArmAsked, asked, load, tell_notes};
use super::ensembles::{Asked, EnsembleOption, Over, below, with_ensemble};
use super::folder::{Folder, Kept, finish};
use super::interrupt::Stop;
use super::options::{ByOption, Changes, MachineOptions, ShardOption};
use super::parts::Parts;
use super::pictures::{Live, add_report};
use super::progress::Progress;
use super::rows_form::Form;
use super::sharing::{self, Points, Share};
use super::{End, Fault, inputs, note, print_result, screen, suggest};
use crate::command::Command;
use crate::comparison::{Aim, Answer, Question, Reach, Runs, compare, pairs_header, run_share, search};
use crate::expectation::{Condition, choose};
use crate::experiment::Plan;
use crate::figure::Figure;
use crate::report::arm::{Arm, DAYS};
use crate::report::compare_report::{Printed, compare_report, compare_table};
use crate::report::human::trimmed;
use crate::report::verdict::sentence;
use crate::scenario::Scenario;
use crate::shard::{Piece, Shard};
use crate::slice::cuts;
use crate::summary::Estimate;
use crate::timeline::typical_day;
use std::path::{Path, PathBuf};

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
    #[arg(long, value_name = "NAME | LABEL: KEY=VALUE ...", add = suggest::arm())]
    arm: Vec<String>,
    #[command(flatten)]
    common: Changes,
    #[command(flatten)]
    by: ByOption,
    #[command(flatten)]
    machine: MachineOptions,
    #[command(flatten)]
    shard: ShardOption,
    #[command(flatten)]
    ensemble: EnsembleOption,
    /// With --ensemble, a difference below is too small to matter: percentage points for shares, else per cent of the
    /// first arm's value.
    #[arg(long, value_name = "PERCENT", default_value = SMALLEST, value_parser = percent, requires = "ensemble")]
    smallest: f64,
    /// The figure that the verdict is about, as bgsim figures lists it: told_within(15m), or a path
    /// of summary.json.
    #[arg(long, value_name = "FIGURE", default_value_t = Figure::FIRST, value_parser = suggest::figure(), hide_possible_values = true)]
    figure: Figure,
    /// Of the arms that keep this, such as 'exposure(key_readable_while_locked) <= 2h', name the best; may be given
    /// several times.
    #[arg(long, value_name = "CONDITION", add = suggest::condition())]
    subject_to: Vec<Condition>,
    /// Add devices until the figure's 95 % interval reaches no further than this from the difference
    /// found: percentage points for shares, else per cent of the first arm's value; or of the difference itself, as in
    /// '10% of difference'.
    #[arg(long, value_name = "PERCENT", value_parser = reach, conflicts_with = "shard")]
    until_precision: Option<Reach>,
    /// With --until-precision, add no devices beyond so many.
    #[arg(long, value_name = "N", default_value_t = MAX_DEVICES)]
    max_devices: u32,
    /// Keep compare.json, report.html and its pictures in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// With --out, make brief.html too: the answer on two pages of paper, for who decides.
    #[arg(long, requires = "out", conflicts_with = "shard")]
    brief: bool,
    /// With --out, make explorer.html too: a page in which the numbers of the first scenario are turned, and which opens
    /// with what --set-b changes.
    #[arg(long, requires = "out", conflicts_with = "shard")]
    live: bool,
    /// With --out, keep a row per mail in pairs.csv too.
    #[arg(long, requires = "out")]
    pairs: bool,
    /// Print every figure, with what pairing was worth, and not only those that decide.
    #[arg(long, conflicts_with = "shard")]
    full: bool,
    /// Print the comparison as JSON.
    #[arg(long, conflicts_with = "shard")]
    json: bool,
}

const SMALLEST: &str = "1%";
const MAX_DEVICES: u32 = 20_000;
/// Where a row per mail goes.
const PAIRS: &str = "pairs.csv";

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

type Arms = Vec<(String, Scenario)>;

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if args.shard.shard.is_some() {
        inputs::remember();
    }
    let asked = asked(&args.scenarios, &args.set_b, &args.arm, &args.common)?;
    if asked.len() < 2 {
        return Err(
            "there is nothing to compare with; name a second scenario, write arms into the file, or say \
                    what is different, as in --set-b policy.allow_device_keychain=true"
                .into(),
        );
    }
    let arms = load(&asked, &args.common)?;
    tell_notes(arms.iter().map(|(_, scenario)| scenario));
    cuts(&arms[0].1, &args.by.by)?;
    let devices = arms[0].1.devices;
    if args.until_precision.is_some() && args.max_devices < devices {
        return Err(
            format!("`--max-devices {}` is less than the {devices} to begin with", args.max_devices).into()
        );
    }
    let plan = plan(args)?;
    let ensemble = args.ensemble.read()?;
    args.live().check()?;
    if let (Some(shard), Some(out)) = (args.shard.shard, &args.out) {
        return part(args, &arms, &plan, shard, out);
    }
    let folder = args.out.as_deref().map(|out| Folder::begin(out, |_| None)).transpose()?;
    let mut pairs = match &folder {
        Some(folder) if args.pairs => Some(folder.rows(&pairs_form(&arms))?),
        _ => None,
    };
    let stop = Stop::on_interrupt()?;
    let question = Question {
        figure: args.figure,
        aim: args.until_precision.map(|reach| Aim { reach, most_devices: args.max_devices }),
        pairs: args.pairs,
        plan: &plan,
        command: command(args).text(),
    };
    let on = |devices| load(&asked, &Changes { devices: Some(devices), ..args.common.clone() });
    let full = |error: std::io::Error| Fault::io("write pairs.csv", &error);
    let keep = |rows: Vec<u8>| pairs.as_mut().map_or(Ok(()), |pairs| pairs.append(&rows)).map_err(full);
    let answer = search::<Fault, _>(arms, &question, on, &mut Progress::new(devices, &stop, keep))?;
    let Some(answer) = answer else {
        note("interrupted before a device was finished; nothing was written");
        return Ok(End::of(&stop));
    };
    pairs.map_or(Ok(()), |pairs| pairs.finish().map(drop)).map_err(full)?;
    conclude(args, answer, &plan, (folder, ensemble.map(|ensemble| (ensemble, asked))), &stop)
}

impl Args {
    fn live(&self) -> Live<'_> {
        let sets = [self.common.settings.sets.as_slice(), &self.set_b].concat();
        Live { scenario: &self.scenarios[0], sets, is_made: self.live }
    }
}

fn plan(args: &Args) -> Result<Plan, Fault> {
    Ok(Plan { week: args.out.is_some(), by: args.by.by.clone(), ..args.machine.plan()? })
}

/// The file of paired results.
fn pairs_form(arms: &Arms) -> Form {
    Form::csv(PAIRS, pairs_header(arms.len()))
}

/// The command that makes the comparison again, with what decides which rows are kept.
fn words(args: &Args) -> Vec<String> {
    command(args).when(args.pairs, "--pairs").list()
}

/// Computes a part of a comparison.
fn part(args: &Args, arms: &Arms, plan: &Plan, shard: Shard, out: &Path) -> Result<End, Fault> {
    let share =
        Share::of(shard, words(args), Points::Of(&[&arms[0].1]), arms.iter().map(|(_, scenario)| scenario));
    let rows: Vec<_> = args.pairs.then(|| pairs_form(arms)).into_iter().collect();
    share.compute(out, &rows, |file, stop| {
        let Some((_, devices)) = share.pieces().first().cloned() else { return Ok(true) };
        let mut progress = Progress::of_part(&share, stop, |rows: Vec<u8>| file.append(0, &rows));
        let runs = run_share(arms, devices.clone(), plan, args.pairs, &mut progress)?;
        drop(progress);
        let (is_whole, devices) = (runs.finished as usize == devices.len(), [devices.start, devices.end]);
        if is_whole {
            file.piece(Piece { point: 0, devices, sums: runs.into_sums(plan) })?;
        }
        Ok(is_whole)
    })
}

/// Makes of parts what the comparison in one piece makes.
pub(super) fn merge(args: &Args, parts: &Parts) -> Result<End, Fault> {
    let arms = load(&asked(&args.scenarios, &args.set_b, &args.arm, &args.common)?, &args.common)?;
    sharing::check(
        parts,
        &words(args),
        Points::Of(&[&arms[0].1]),
        arms.iter().map(|(_, scenario)| scenario),
    )?;
    let plan = plan(args)?;
    let mut runs = None;
    parts.each_point(
        |_, sums, devices| Runs::of_sums(sums, &arms, &plan, devices),
        |sum, more| *sum += more,
        |_, whole| {
            runs = Some(whole);
            Ok(())
        },
    )?;
    let runs = runs.ok_or("the parts hold no device")?;
    let folder = args.out.as_deref().map(|out| Folder::begin(out, |_| None)).transpose()?;
    if let (Some(folder), true) = (&folder, args.pairs) {
        let form = pairs_form(&arms);
        let mut pairs = folder.rows(&form)?;
        parts.copy_rows(&form, &mut pairs)?;
        pairs.finish().map_err(|error| Fault::io("write pairs.csv", &error))?;
    }
    let compared = compare(&arms, &runs, args.figure, &plan.by, command(args).text());
    let answer = Answer { arms, weeks: runs.weeks, compared };
    conclude(args, answer, &plan, (folder, None), &Stop::default())
}

/// Says what was found, writes and prints.
fn conclude(
    args: &Args,
    answer: Answer,
    plan: &Plan,
    (folder, ensemble): (Option<Folder>, Option<(Asked, Vec<ArmAsked>)>),
    stop: &Stop,
) -> Result<End, Fault> {
    let over = ensemble.as_ref().map(|(ensemble, asked)| {
        ensemble.over(&answer.arms, |arm, sets| asked[arm].load(&args.common, sets), plan, stop)
    });
    let over = over.transpose()?.flatten();
    over.iter().for_each(Over::tell);
    let Answer { arms, weeks, compared: (mut comparison, figures) } = answer;
    let estimate = |arm: usize, figure: Figure| Estimate::of(&figures[arm], figure);
    comparison.choice = (!args.subject_to.is_empty())
        .then(|| choose(args.figure, &args.subject_to, comparison.arms.len(), estimate));
    for arm in 1..comparison.arms.len() {
        comparison.verdict.findings[arm - 1].sentence = sentence(&comparison, arm);
    }
    let smallest = |figure: Figure| figure.smallest(args.smallest, figures[0].value(figure));
    let told = over.as_ref().map(|over| over.told(args.figure, smallest(args.figure)));
    let of: Vec<Figure> = comparison.figures.iter().map(|paired| paired.figure).collect();
    let json = with_ensemble(&comparison, over.as_ref(), &of, &smallest)?;
    let mut kept = Kept::Not("nothing is kept without --out".into());
    if let Some(folder) = folder {
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
        let mut report = compare_report(&arms, &comparison, &found, &args.by.by);
        told.iter().for_each(|told| told.add_to(&mut report));
        args.live().add_to(&mut report, &folder, plan.jobs)?;
        add_report(&folder, &report, args.brief)?;
        kept = finish(folder, comparison.interrupted.is_some(), args.out.as_deref())?;
    }
    let printed = Printed { full: args.full, screen: screen(), by: &args.by.by };
    let table = || {
        let place = kept.place().filter(|_| told.is_none());
        compare_table(&comparison, printed, place)
            + &told.map_or(String::new(), |told| below(&told, kept.place()))
    };
    let text = if args.json { json } else { table() };
    let devices = comparison.scenario.devices;
    let covers =
        || format!("the comparison covers the {devices} devices that were finished; {}", kept.words());
    print_result(&text, comparison.interrupted.map(|_| (End::of(stop), covers())))
}

/// The command that makes the comparison again.
fn command(args: &Args) -> Command {
    let command = Command::new("compare").words(&args.scenarios).each("--set-b", &args.set_b);
    let command = args.by.to(args.common.to(command.each("--arm", &args.arm)));
    let command =
        command.unless(Figure::FIRST, "--figure", args.figure).each("--subject-to", &args.subject_to);
    let command = args.ensemble.to(command);
    let command = match percent(SMALLEST) {
        Ok(usual) if usual == args.smallest => command,
        _ => command.each("--smallest", [format!("{}%", trimmed(args.smallest * 100.0, 9))]),
    };
    let Some(precision) = args.until_precision else { return command };
    let percent = |part: f64| trimmed(part * 100.0, 9) + "%";
    let precision = match precision {
        Reach::OfFigure(part) => percent(part),
        Reach::OfDifference(part) => format!("{} {OF_DIFFERENCE}", percent(part)),
    };
    command.each("--until-precision", [precision]).unless(MAX_DEVICES, "--max-devices", args.max_devices)
}
