//! `bgsim test`

use super::baselines::{Baselines, divergence, scenario_of};
use super::options::{MachineOptions, ScenarioOptions};
use super::progress::Counting;
use super::run::stop_on_interrupt;
use super::{End, Fault, note, print};
use crate::clock::utc;
use crate::expectation::{
    Breaches, Changed, Checked, Claim, Expectation, Outcome, Sample, Trial, Verdict, config_changes, decide,
    laws, personas, read, run_trial,
};
use crate::experiment::Plan;
use crate::report::test_formats::{Format, render};
use crate::scenario::Scenario;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// Simulate this many devices first.
    #[arg(long, value_name = "N")]
    devices: Option<u32>,
    /// Where an estimate is undecided, add devices up to so many; by default four times as many.
    #[arg(long, value_name = "N")]
    max_devices: Option<u32>,
    /// Use this seed.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Change a key in every scenario, such as policy.auto_lock=30s; may be given several times.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
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
  where  = { persona = \"typical\" }        # optional
  assert = [\"told_within(15m) >= 80 %\", \"latency(p95) < 2h\", \"outcomes(undelivered) <= 1 %\",
            \"key_failures(needs_app_flip) == 0\", \"never(new_mail while before_first_unlock)\"]

  [[expect]]
  versus = \"baseline\"                      # written by bgsim test --update
  assert = [\"latency(p50) <= +5 %\", \"exposure(key_readable_while_locked) <= +0 %\"]

Figures: told_within(TIME), latency, delay, outcomes, checks, key_failures, notifications,
terminations, exposure, energy, or any path of summary.json. Counts are decided exactly, on the
scenario's own devices; estimates with their 95 % interval: pass, fail, or undecided.
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
        let options = ScenarioOptions {
            scenario: path.clone(),
            devices: args.devices,
            seed: args.seed,
            sets: args.sets.clone(),
        };
        let scenario = options.load()?;
        if args.filter.as_ref().is_none_or(|part| scenario.name.contains(part) || path.contains(part)) {
            cases.push((path, read(&scenario)?, scenario));
        }
    }
    if let (Some(part), true) = (&args.filter, cases.is_empty()) {
        return Err(format!("`--filter {part}`: no scenario among them has that in its name or path").into());
    }
    // All baselines are read before any work: a missing one is a fault of the setting, not a finding.
    let baselines = Baselines::open(&args.baselines, &cases, args.update)?;
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_interrupt(&stop)?;
    let plan = Plan { jobs: args.machine.jobs()?, engine: args.machine.engine, ..Plan::default() };
    let mut outcomes = Vec::new();
    for (path, expectations, scenario) in &cases {
        let outcome = test(args, path, expectations, scenario, &baselines, &plan, &stop)?;
        let Some(outcome) = outcome else { break };
        let failed = outcome.verdict() == Verdict::Fail;
        outcomes.push(outcome);
        if failed && args.fail_fast {
            break;
        }
    }
    print(&render(args.output, &outcomes)?)?;
    if stop.load(Ordering::Relaxed) {
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
        let mut inside: Vec<PathBuf> =
            inside.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
        inside.sort();
        found.extend(inside.into_iter().map(|path| path.display().to_string()));
    }
    Ok(found)
}

/// Tests one scenario; `None` if it was interrupted.
fn test(
    args: &Args,
    path: &str,
    expectations: &[Expectation],
    scenario: &Scenario,
    baselines: &Baselines,
    plan: &Plan,
    stop: &AtomicBool,
) -> Result<Option<Outcome>, Fault> {
    let (personas, laws) = (personas(expectations), laws(expectations));
    let first = scenario.devices;
    let cap = args.max_devices.unwrap_or(first.saturating_mul(4)).max(first);
    let mut watcher = Counting::new(cap);
    let mut trial = Trial::none(&personas, laws.len());
    // Adds devices up to so many; false if that was interrupted.
    let mut grow = |trial: &mut Trial, until: u32| -> Result<bool, Fault> {
        watcher.progress.expect(until);
        let devices = trial.finished..until.max(trial.finished);
        trial.add(&run_trial(scenario, devices, &personas, &laws, plan, stop, &mut watcher)?);
        watcher.before = trial.finished;
        watcher.progress.finish();
        Ok(trial.finished >= until)
    };
    // A baseline of fewer devices is compared with just these: their lives do not depend on the others.
    let part = baselines.get(scenario).map_or(first, |kept| kept.devices_of(scenario.seed, first));
    if !grow(&mut trial, part)? {
        return Ok(None);
    }
    let compared = Sample::of(&trial.groups, scenario);
    let prints = trial.groups.iter().map(|group| group.counts.fingerprint);
    let mut outcome = Outcome {
        scenario: scenario.name.clone(),
        file: path.into(),
        devices: 0,
        seed: scenario.seed,
        fingerprint: format!("{:016x}", prints.fold(0, u64::wrapping_add)),
        checked: Vec::new(),
        changed: None,
        updated: args.update,
    };
    if args.update {
        baselines.write(scenario, &compared, &outcome.fingerprint)?;
    }
    if let Some(baseline) = baselines.get(scenario)
        && baseline.fingerprint != outcome.fingerprint
    {
        let old = scenario_of(baseline);
        let keys = config_changes(&baseline.config(), &scenario.effective());
        outcome.changed = Some(Changed {
            figures: baseline.changes(&compared),
            keys: keys.into_iter().filter(|key| part == first || !key.starts_with("devices ")).collect(),
            divergence: old.and_then(|old| divergence(&old, scenario)),
            version: baseline.version().into(),
        });
    }
    let mut checked = Vec::<Checked>::new();
    let mut until = first;
    loop {
        if !grow(&mut trial, until)? {
            return Ok(None);
        }
        let again = judge(expectations, scenario, &trial, &compared, baselines, &outcome, &mut checked)?;
        if !again || until >= cap {
            break;
        }
        until = until.saturating_mul(2).min(cap);
    }
    outcome.devices = u64::from(trial.finished);
    outcome.checked = checked;
    Ok(Some(outcome))
}

/// Decides what is still open; returns whether more devices may decide more.
fn judge(
    expectations: &[Expectation],
    scenario: &Scenario,
    trial: &Trial,
    compared: &Sample,
    baselines: &Baselines,
    outcome: &Outcome,
    checked: &mut Vec<Checked>,
) -> Result<bool, Fault> {
    let (mut place, mut laws, mut again) = (0, 0, false);
    let all = Sample::of(&trial.groups, scenario);
    for expectation in expectations {
        let own = expectation.persona.map(|_| Sample::of(trial.groups_of(expectation.persona), scenario));
        let sample = match expectation.versus_baseline {
            true => compared,
            false => own.as_ref().unwrap_or(&all),
        };
        if sample.all_devices() == 0 {
            return Err(format!(
                "`{}` of `{}` selects nothing: none of its {} devices was drawn for that persona",
                expectation.name, scenario.name, trial.finished
            )
            .into());
        }
        for assertion in &expectation.asserts {
            let breaches: Option<Breaches> = matches!(assertion.claim, Claim::Never(_)).then(|| {
                laws += 1;
                trial.breaches[laws - 1]
            });
            let baseline = match outcome.updated {
                true => baselines.get(scenario).map(|baseline| (baseline, true)),
                false => baselines.get(scenario).map(|b| (b, b.fingerprint == outcome.fingerprint)),
            };
            let first_breach = breaches
                .and_then(|breaches| breaches.first)
                .map(|(device, at)| format!("device {device} at {}", utc(scenario.clock.unix_ms(at))));
            let finding = match (outcome.updated && expectation.versus_baseline, breaches) {
                // What has just been written cannot differ from itself.
                (true, None) => crate::expectation::Finding {
                    verdict: Verdict::Pass,
                    found: crate::expectation::Found::Identical,
                    devices: sample.all_devices(),
                },
                _ => decide(assertion, sample, breaches, baseline),
            };
            let decided = Checked {
                expectation: expectation.name.clone(),
                persona: expectation.persona,
                text: assertion.written.text.clone(),
                place: assertion.written.whole(),
                claim: assertion.claim.clone(),
                finding,
                first_breach,
            };
            // A baseline has the devices it has; more on one side would not decide.
            let open = |checked: &Checked| checked.finding.verdict == Verdict::Undecided;
            let grows = open(&decided) && !expectation.versus_baseline;
            match checked.get_mut(place) {
                None => {
                    again |= grows;
                    checked.push(decided);
                }
                Some(before) if open(before) && !expectation.versus_baseline => {
                    again |= grows;
                    *before = decided;
                }
                Some(_) => {}
            }
            place += 1;
        }
    }
    Ok(again)
}
