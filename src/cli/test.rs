//! `bgsim test`

use super::baselines::Baselines;
use super::interrupt::Stop;
use super::options::{Changes, MachineOptions};
use super::progress::{Progress, dropped};
use super::{End, Fault, note, print};
use crate::expectation::{Session, Tested, Verdict, read, test};
use crate::observation::holds_observations;
use crate::report::test_formats::{Format, render};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Args {
    /// Scenario files, folders of them, or names of bundled scenarios; by default the folder scenarios/.
    paths: Vec<String>,
    /// How to report.
    #[arg(short, long, value_enum, default_value = "text")]
    output: Format,
    /// Only scenarios whose name contains this.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Stop at the first scenario that fails.
    #[arg(long)]
    fail_fast: bool,
    /// Fail if there is nothing to test, or a scenario expects nothing.
    #[arg(long)]
    fail_on_empty: bool,
    /// Fail if an expectation cannot be decided.
    #[arg(long)]
    fail_on_undecided: bool,
    #[command(flatten)]
    changes: Changes,
    /// Where an estimate is undecided, add devices up to so many; by default four times as many.
    #[arg(long, value_name = "N")]
    max_devices: Option<u32>,
    /// Write the baselines anew.
    #[arg(long)]
    update: bool,
    /// Where the baselines lie.
    #[arg(long, value_name = "DIR", default_value = "reports/baseline")]
    baselines: PathBuf,
    #[command(flatten)]
    machine: MachineOptions,
}

const AFTER_HELP: &str = "\
In a scenario:
  [[expect]]
  name   = \"people hear of mail\"
  where  = { persona = \"typical\" }        # optional: group, persona, ram, passcode, time_zone, each a value
                                         # or a list; from, until: a date or a time
  assert = [\"told_within(15m) >= 80 %\", \"latency(p95) < 2h\", \"outcomes(undelivered) <= 1 %\",
            \"key_failures(needs_app_flip) == 0\", \"never(new_mail while before_first_unlock)\"]

  [[expect]]
  versus = \"baseline\"                      # written by bgsim test --update
  assert = [\"latency(p50) <= +5 %\", \"exposure(key_readable_while_locked) <= +0 %\"]

Figures: bgsim figures lists them, by short name and by their path in summary.json. Counts are
decided exactly, on the scenario's own devices; estimates with their 95 % interval: pass, fail, or
undecided.
Expectations are not inherited by scenarios that extend this one.

Laws: never(EVENT while CONDITION)
  events      new_mail, no_mail, key_failure, no_network, expired, launch_refused,
              background_check, notified
  conditions  before_first_unlock, locked, unlocked, key_missing, offline, low_power_mode,
              refresh_off, force_quit, outside_working_hours

Exit codes: 0 every expectation holds (undecided is no failure); 1 could not run; 2 one failed.";

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let mut cases = Vec::new();
    for path in files(&args.paths)? {
        let scenario = args.changes.load(&path, None, &[])?;
        if args.filter.as_ref().is_none_or(|part| scenario.name.contains(part) || path.contains(part)) {
            cases.push((path, read(&scenario)?, scenario));
        }
    }
    if let (Some(part), true) = (&args.filter, cases.is_empty()) {
        return Err(format!("`--filter {part}`: no scenario among them has that in its name or path").into());
    }
    // All baselines are read before any work: a missing one is a fault of the setting, not a finding.
    let baselines = Baselines::open(&args.baselines, &cases, args.update)?;
    let stop = Stop::on_interrupt()?;
    let plan = args.machine.plan()?;
    let sessions: Vec<_> = cases
        .iter()
        .map(|(path, expectations, scenario)| Session {
            scenario,
            file: path,
            expectations,
            baseline: baselines.get(scenario),
            updates: args.update,
            most_devices: args.max_devices,
        })
        .collect();
    let mut outcomes = Vec::new();
    // Whoever stops at the first failure looks at one after the other.
    let at_once = if args.fail_fast { 1 } else { sessions.len().max(1) };
    for sessions in sessions.chunks(at_once) {
        for (session, tested) in
            sessions.iter().zip(test(sessions, &plan, &mut Progress::new(0, &stop, dropped))?)
        {
            let Some(Tested { outcome, baseline }) = tested else { continue };
            baseline.map_or(Ok(()), |baseline| baselines.write(session.scenario, &baseline))?;
            outcomes.push(outcome);
        }
        if args.fail_fast && outcomes.last().is_some_and(|last| last.verdict() == Verdict::Fail) {
            break;
        }
    }
    print(&render(args.output, &outcomes)?)?;
    if stop.is_set() {
        note("interrupted: the report covers the scenarios that were finished");
        return Ok(End::Interrupted);
    }
    let any = |verdict: Verdict| outcomes.iter().any(|outcome| outcome.count(verdict) > 0);
    let empty: Vec<&str> =
        outcomes.iter().filter(|o| o.checked.is_empty()).map(|o| o.scenario.as_str()).collect();
    if args.fail_on_empty && (cases.is_empty() || !empty.is_empty()) {
        let what = if cases.is_empty() { "there is no scenario to test".into() } else { empty.join(", ") };
        note(&format!("--fail-on-empty: nothing is expected: {what}"));
        return Ok(End::Failed);
    }
    let failed = any(Verdict::Fail) || (args.fail_on_undecided && any(Verdict::Undecided));
    Ok(if failed { End::Failed } else { End::Done })
}

/// The scenarios that are meant: every `.toml` of a folder, in order of name.
fn files(paths: &[String]) -> Result<Vec<String>, Fault> {
    const FOLDER: &str = "scenarios";
    let folder = [FOLDER.to_string()];
    let paths = match paths {
        [] if Path::new(FOLDER).is_dir() => &folder[..],
        [] => return Err("there is no folder scenarios/ here; name the scenarios to test".into()),
        paths => paths,
    };
    let mut found = Vec::new();
    for path in paths {
        if !Path::new(path).is_dir() {
            found.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|error| format!("`{path}` cannot be read: {error}"))?;
        let inside = entries.flatten().map(|entry| entry.path());
        let is_scenario = |path: &PathBuf| {
            let is_other = || std::fs::read_to_string(path).is_ok_and(|text| holds_observations(&text));
            path.extension().is_some_and(|end| end == "toml") && !is_other()
        };
        let mut inside: Vec<PathBuf> = inside.filter(is_scenario).collect();
        inside.sort();
        found.extend(inside.into_iter().map(|path| path.display().to_string()));
    }
    Ok(found)
}
