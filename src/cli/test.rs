//! `bgsim test`

use super::arms::tell_notes;
use super::baselines::{Baselines, Kept};
use super::interrupt::Stop;
use super::options::{Changes, MachineOptions};
use super::outputs::{Output, Outputs};
use super::progress::{Progress, dropped};
use super::scenario_files::{FOLDER, ScenarioFile, scenario_files};
use super::watching::watch;
use super::{End, Fault, note, screen, stopwatch, suggest};
use crate::command::Command;
use crate::expectation::{
    CONDITIONS, EVENTS, Expectation, Outcome, Session, Suite, SuiteOutcome, Tested, Verdict, promises, read,
    test,
};
use crate::experiment::Plan;
use crate::report::test_formats::{Format, render};
use crate::report::test_list::{self, Listed};
use crate::report::test_table::Detail;
use crate::report::wrap::paragraph;
use crate::scenario::{Arm, Expect, Scenario, Versus};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = after_help())]
pub(crate) struct Args {
    /// Scenario files, names of bundled scenarios, or folders, which are searched to the bottom; by default the
    /// folder scenarios/.
    paths: Vec<String>,
    /// How to report, and into which file: text by default, several at once, as in -o github -o junit=FILE; what has
    /// no file is printed.
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_parser = suggest::output::<Format>())]
    output: Vec<Output<Format>>,
    /// Print JSON; the same as -o json.
    #[arg(long, conflicts_with = "output")]
    json: bool,
    /// As text: what holds too, with what was found, how long it took, and what all of it has exercised.
    #[arg(short, long)]
    verbose: bool,
    /// List what would be tested, and simulate nothing.
    #[arg(long, conflicts_with_all = ["update", "watch"])]
    list: bool,
    /// Test again whenever a scenario changes, or what it extends, until Ctrl-C.
    #[arg(long, conflicts_with = "update")]
    watch: bool,
    /// Only scenarios whose name contains this.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Stop at the first scenario that fails.
    #[arg(long)]
    fail_fast: bool,
    /// Fail if one of the scenarios expects nothing; that none does is an error in any case.
    #[arg(long)]
    fail_on_empty: bool,
    /// Let the build go on where an expectation cannot be decided.
    #[arg(long)]
    allow_undecided: bool,
    /// That an expectation cannot be decided fails the build by now, unless it is allowed.
    #[arg(long, hide = true, conflicts_with = "allow_undecided")]
    fail_on_undecided: bool,
    #[command(flatten)]
    changes: Changes,
    /// Where a promise is undecided, add devices up to so many; by default four times as many.
    #[arg(long, value_name = "N")]
    max_devices: Option<u32>,
    /// Write the baselines anew.
    #[arg(long)]
    update: bool,
    /// Where the baselines lie: that of each file under its path below the folder that is tested.
    #[arg(long, value_name = "DIR", default_value = BASELINES)]
    baselines: PathBuf,
    #[command(flatten)]
    machine: MachineOptions,
}

const BASELINES: &str = "reports/baseline";

/// The command that tests the same, without what only says how it is told.
fn command(args: &Args) -> Command {
    let command = Command::new("test").words(&args.paths);
    let command = command.unless(BASELINES.to_owned(), "--baselines", args.baselines.display().to_string());
    args.changes.to(command)
}

/// What the command line has no room for; the words of laws come from where they are declared.
fn after_help() -> String {
    let list =
        |word: &str, names: Vec<&str>| paragraph(&format!("  {word:<12}"), &names.join(", "), HELP_WIDTH);
    let laws = list("events", EVENTS.iter().map(|event| event.name).collect())
        + &list("conditions", CONDITIONS.iter().map(|condition| condition.name).collect());
    BEFORE_LAWS.to_owned() + &laws + AFTER_LAWS
}

/// No terminal breaks lines of so many letters.
const HELP_WIDTH: usize = 78;

const BEFORE_LAWS: &str = "\
Examples:
  bgsim test policies -v
  bgsim test policies -o github -o junit=policies.xml
  bgsim test policies --watch --devices 64

In a scenario:
  [[expect]]
  name   = \"people hear of mail\"
  where  = { persona = \"typical\" }      # optional: group, persona, ram,
                                       # passcode, time_zone, each a value or
                                       # a list; from, until: a date or a time
  assert = [\"told_within(15m) >= 80 %\", \"latency(p95) < 2h\",
            \"outcomes(undelivered) <= 1 %\",
            \"key_failures(needs_app_flip) == 0\",
            \"never(new_mail while before_first_unlock)\"]

  [[expect]]
  versus = \"baseline\"                  # written by bgsim test --update
  assert = [\"latency(p50) <= +5 %\",
            \"exposure(key_readable_while_locked) <= +0 %\"]

  [[expect]]
  arm    = \"keychain\"                  # of this [[arm]] of the file; of its
                                       # reference where it is left out
  versus = \"today\"                     # an arm, or the reference by its name:
                                       # the same phones, one less the other
  assert = [\"told_within(15m) >= +20 points\", \"latency(p50) <= -10 min\"]

Figures: bgsim figures lists them, by short name and by their path in
summary.json. A suite whose promises are all kept fails in at most 5 of 100
tests, whatever number of promises, looks and devices it has; a promise that is
broken passes in at most 5 of 100. What is neither is undecided, and closes the
gate unless --allow-undecided. What nobody was watched for, as being told
within a month in a run of two weeks, is undecided too. Expectations, and the
name, are not inherited by scenarios that extend this one.

Laws: never(EVENT while CONDITION)
";

const AFTER_LAWS: &str = "
With -o github the report is also appended, as Markdown, to the file that
GITHUB_STEP_SUMMARY names.

Exit codes: 0 every expectation holds; 1 could not run, or there is nothing to
test, or a baseline is missing or of another span; 2 one failed, or stayed
undecided.";

/// A scenario to be tested: the reference of a file, or an arm that its promises name.
pub(crate) struct Case {
    pub file: ScenarioFile,
    pub scenario: Scenario,
    pub expectations: Vec<Expectation>,
    /// Whether others compare with it, and nothing is said of it.
    pub is_rival_only: bool,
}

impl Case {
    /// The reference of a file, if anything is said of it or nothing of any, and the arms that its promises name.
    fn of_file(file: &ScenarioFile, changes: &Changes) -> Result<Vec<Case>, Fault> {
        let reference = changes.load(&file.path, None, &[])?;
        let names = |arm: Option<&Arm>, expect: &Expect| {
            let other = match &expect.versus {
                Some(Versus::Arm(other)) => Some((!other.is_reference).then_some(other)),
                Some(Versus::Baseline) | None => None,
            };
            [Some(expect.arm.as_ref()), other].contains(&Some(arm))
        };
        let is_named = |arm: Option<&Arm>| reference.expects.iter().any(|expect| names(arm, expect));
        let mut cases = Vec::new();
        for arm in reference.arms.iter().filter(|arm| is_named(Some(arm))) {
            let scenario = changes.load(&file.path, Some(&arm.name), &[])?;
            cases.push(Case::of(file, scenario)?);
        }
        if is_named(None) || reference.expects.is_empty() {
            cases.insert(0, Case::of(file, reference)?);
        }
        Ok(cases)
    }

    fn of(file: &ScenarioFile, scenario: Scenario) -> Result<Case, Fault> {
        let expectations = read(&scenario)?;
        let is_rival_only = expectations.is_empty() && !scenario.expects.is_empty();
        Ok(Case { file: file.clone(), scenario, expectations, is_rival_only })
    }

    /// What is kept of it is called so: an arm by its file and its name.
    pub(crate) fn key(&self) -> String {
        match &self.scenario.arm {
            Some(arm) => format!("{}@{}", self.file.key, arm.name),
            None => self.file.key.clone(),
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let usual = if args.json { Format::Json } else { Format::Text };
    let outputs = Outputs::of(&args.output, usual)?;
    if args.list {
        return list(args, &outputs);
    }
    if args.watch {
        let stop = Stop::on_interrupt()?;
        return watch(&paths(args)?, &stop, || tested(args, cases(args)?, &outputs, &stop));
    }
    // What is read may be a pipe, and whoever waits for one is to be interrupted as any program is.
    let cases = cases(args)?;
    tested(args, cases, &outputs, &Stop::on_interrupt()?)
}

fn tested(args: &Args, mut cases: Vec<Case>, outputs: &Outputs<Format>, stop: &Stop) -> Result<End, Fault> {
    tell_notes(cases.iter().map(|case| &case.scenario));
    // All baselines are read before any work.
    let (folder, update, paths) = (&args.baselines, args.update, &args.paths[..]);
    let baselines = Baselines { folder, update, paths, command: command(args) };
    baselines.check_room(&cases)?;
    let kept = baselines.of(&cases);
    for (case, kept) in cases.iter_mut().zip(&kept) {
        // Without its baseline nothing is compared with it; what else is promised can be told all the same.
        case.expectations.retain(|each| kept.is_ok() || !each.versus_baseline());
    }
    let plan = Plan { clock: Some(stopwatch::now), ..args.machine.plan()? };
    let sessions: Vec<_> = cases.iter().zip(&kept).map(|(case, kept)| session(args, case, kept)).collect();
    let suite = Suite { most_devices: args.max_devices, promises: promises(&sessions) };
    let mut outcomes = Vec::new();
    // Whoever stops at the first failure looks at one file after the other.
    let mut rest = sessions.as_slice();
    for cases in cases.chunk_by(|one, next| !args.fail_fast || one.file == next.file) {
        let (sessions, later) = rest.split_at(cases.len());
        rest = later;
        let tested = test(sessions, suite, &plan, &mut Progress::new(0, stop, dropped))?;
        for (case, tested) in cases.iter().zip(tested).filter(|(case, _)| !case.is_rival_only) {
            let Some(Tested { outcome, baseline }) = tested else { continue };
            baseline.map_or(Ok(()), |baseline| baselines.write(case, &baseline))?;
            outcomes.push(outcome);
        }
        if args.fail_fast && outcomes.iter().any(|outcome| outcome.verdict() == Verdict::Fail) {
            break;
        }
    }
    tell_apart(&mut outcomes);
    let suite = SuiteOutcome {
        outcomes,
        promises: suite.promises,
        allows_undecided: args.allow_undecided && !args.fail_on_undecided,
        is_interrupted: stop.is_set(),
    };
    let detail = if args.verbose { Detail::Full } else { Detail::Brief };
    outputs.write(|format, screen| render(format, &suite, detail, screen))?;
    if outputs.has(Format::Github) {
        step_summary(&render(Format::Markdown, &suite, detail, screen())?);
    }
    if stop.is_set() {
        note("interrupted: the report covers the scenarios that were finished");
        return Ok(End::of(stop));
    }
    let mut faults: Vec<&String> = kept.iter().filter_map(|kept| kept.as_ref().err()).collect();
    faults.dedup();
    faults.iter().for_each(|fault| note(&format!("error: {fault}")));
    let empty: Vec<&str> =
        suite.outcomes.iter().filter(|o| o.checked.is_empty()).map(|o| o.scenario.as_str()).collect();
    if !faults.is_empty() {
        return Err(Fault::Told);
    }
    if args.fail_on_empty && !empty.is_empty() {
        note(&format!("--fail-on-empty: nothing is expected: {}", empty.join(", ")));
        return Ok(End::Failed);
    }
    Ok(if suite.is_open() { End::Done } else { End::Failed })
}

/// Appends to the summary of a step of a GitHub workflow, where this is one. That it cannot is no verdict.
fn step_summary(markdown: &str) {
    let Some(place) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|place| !place.is_empty()) else {
        return;
    };
    let markdown = match markdown.len() > LONGEST_SUMMARY {
        true => "The report is longer than a summary may be; it stands in the log.\n",
        false => markdown,
    };
    let file = fs::OpenOptions::new().create(true).append(true).open(&place);
    if let Err(error) = file.and_then(|mut file| file.write_all(markdown.as_bytes())) {
        note(&format!("note: GITHUB_STEP_SUMMARY cannot be written: {error}"));
    }
}

/// GitHub takes a MiB of each step.
const LONGEST_SUMMARY: usize = 1_000_000;

/// What would be tested.
fn list(args: &Args, outputs: &Outputs<Format>) -> Result<End, Fault> {
    let cases: Vec<Case> = cases(args)?.into_iter().filter(|case| !case.is_rival_only).collect();
    let listed: Vec<Listed<'_>> = cases
        .iter()
        .map(|case| Listed {
            scenario: &case.scenario,
            file: &case.file.path,
            expectations: &case.expectations,
        })
        .collect();
    outputs.write(|format, _| match format {
        Format::Text => Ok(test_list::text(&listed)),
        Format::Json => Ok(format!("{:#}\n", test_list::json(&listed))),
        _ => Err("`--list` is given as text or JSON".into()),
    })?;
    Ok(End::Done)
}

/// What is named on the command line, or the folder of scenarios.
fn paths(args: &Args) -> Result<Vec<String>, Fault> {
    match &args.paths[..] {
        [] if Path::new(FOLDER).is_dir() => Ok(vec![FOLDER.into()]),
        [] => Err("there is no folder scenarios/ here; name the scenarios to test".into()),
        paths => Ok(paths.to_vec()),
    }
}

/// What is to be tested; that it is nothing is an error, since it passes whatever happens.
fn cases(args: &Args) -> Result<Vec<Case>, Fault> {
    let mut cases = Vec::new();
    for file in scenario_files(&paths(args)?)? {
        let of_file = Case::of_file(&file, &args.changes)?;
        let is_called = |part: &str| of_file.iter().any(|case| case.scenario.name.contains(part));
        let is_meant = |part: &String| file.path.contains(part) || is_called(part);
        if args.filter.as_ref().is_none_or(is_meant) {
            cases.extend(of_file);
        }
    }
    if let (Some(part), true) = (&args.filter, cases.is_empty()) {
        return Err(format!("`--filter {part}`: no scenario among them has that in its name or path").into());
    }
    if !args.update && cases.iter().all(|case| case.expectations.is_empty()) {
        let which: Vec<String> = cases.iter().take(3).map(|case| format!("`{}`", case.file.path)).collect();
        let more = if cases.len() > which.len() { " and the others" } else { "" };
        let help = "promise something in `[[expect]]`, as `bgsim test --help` shows";
        let which = which.join(", ");
        return Err(format!(
            "nothing is expected of {which}{more}; there is nothing to test\n  = help: {help}"
        )
        .into());
    }
    Ok(cases)
}

/// Names scenarios that are called alike by their files as well.
fn tell_apart(outcomes: &mut [Outcome]) {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Outcome { scenario, file, .. } in &*outcomes {
        files.entry(scenario.clone()).or_default().insert(file.clone());
    }
    for outcome in outcomes.iter_mut().filter(|outcome| files[&outcome.scenario].len() > 1) {
        outcome.scenario = format!("{}, {}", outcome.scenario, outcome.file);
    }
}

fn session<'a>(args: &Args, case: &'a Case, kept: &'a Kept) -> Session<'a> {
    Session {
        scenario: &case.scenario,
        file: &case.file.path,
        expectations: &case.expectations,
        baseline: kept.as_ref().ok().and_then(Option::as_ref),
        fault: kept.as_ref().err().map(String::as_str),
        updates: args.update && kept.is_ok() && !case.is_rival_only,
    }
}
