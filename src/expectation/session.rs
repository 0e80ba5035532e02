//! Tests scenarios: simulates their devices, decides what is expected, and adds devices where a run of so
//! many cannot tell. All scenarios are simulated together, in rounds.

use super::baseline::{Baseline, config_changes};
use super::decide::{Found, Ruling, Verdict, decide};
use super::outcome::{Changed, Checked, Outcome};
use super::parse::Claim;
use super::trial::{Asked, Trial, run_trials};
use super::{Assertion, Expectation, Watched};
use crate::clock::utc;
use crate::divergence::{Divergence, first_device};
use crate::engine::Engine;
use crate::experiment::{After, Plan, Watch};
use crate::figure::Sample;
use crate::record::Prints;
use crate::scenario::{self, Scenario, SourceText};
use crate::slice::Slice;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Without a word about it, so many times the scenario's devices may decide.
const MOST_TIMES: u32 = 4;

/// Devices whose lives are compared before it is said that none was found to part.
const MOST_REPLAYED: u32 = 16;

/// A scenario to be tested.
#[derive(Clone, Copy, Debug)]
pub struct Session<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The file, or the bundled name.
    pub file: &'a str,
    /// What is expected of it.
    pub expectations: &'a [Expectation],
    /// What it was, where that is kept.
    pub baseline: Option<&'a Baseline>,
    /// Whether it is to become the baseline, from which nothing can then differ.
    pub updates: bool,
    /// Up to how many devices are simulated where fewer cannot decide.
    pub most_devices: Option<u32>,
}

/// What became of a test.
#[derive(Clone, Debug)]
pub struct Tested {
    /// What was found.
    pub outcome: Outcome,
    /// The new baseline, where it was asked for.
    pub baseline: Option<Baseline>,
}

/// Nobody is there of whom something is expected.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "`{expectation}` of `{scenario}` selects nothing: none of its {devices} devices is one that `where` names"
)]
pub struct SelectsNobody {
    /// What is expected.
    pub expectation: String,
    /// Of which scenario.
    pub scenario: String,
    /// How many devices it has.
    pub devices: u32,
}

/// An assertion on its way to a verdict.
struct Case<'a> {
    expectation: &'a Expectation,
    assertion: &'a Assertion,
    /// Its place among the laws, if it is one.
    law: Option<usize>,
    finding: Option<Ruling>,
}

impl Case<'_> {
    /// Whether more devices may decide it. A baseline has the devices it has.
    fn grows(&self) -> bool {
        let is_open = self.finding.as_ref().is_none_or(|found| found.verdict == Verdict::Undecided);
        is_open && !self.expectation.versus_baseline
    }
}

/// A test that is under way.
struct Sitting<'a> {
    session: Session<'a>,
    watched: Watched,
    /// The scenario with as many devices as are simulated by now.
    reached: Scenario,
    trial: Trial,
    /// Up to how many devices are simulated next, and at most.
    until: u32,
    most: u32,
    /// What is compared with the baseline. One of fewer devices is compared with just these: their lives do not
    /// depend on the others.
    compared: Option<(u32, Sample, Prints)>,
    cases: Vec<Case<'a>>,
    is_over: bool,
}

/// Tests scenarios; `None` for those that `watch` stopped before they were decided.
///
/// # Errors
/// If an expectation speaks of devices of which there are none.
pub fn test<O>(
    sessions: &[Session<'_>],
    plan: &Plan,
    watch: &mut O,
) -> Result<Vec<Option<Tested>>, SelectsNobody>
where
    O: Watch<(), Fault = Infallible>,
{
    let mut sittings: Vec<_> = sessions.iter().map(Sitting::of).collect();
    let mut nobody = None;
    while sittings.iter().any(|sitting| !sitting.is_over) && nobody.is_none() && !watch.stops() {
        let before = sittings.iter().map(|sitting| sitting.trial.finished).fold(0, u32::saturating_add);
        watch.expect(sittings.iter().map(|sitting| sitting.until).fold(0, u32::saturating_add));
        let open: Vec<usize> = (0..sittings.len()).filter(|place| !sittings[*place].is_over).collect();
        let mut found: Vec<Option<Trial>> = vec![None; open.len()];
        let asked: Vec<_> = open.iter().map(|place| sittings[*place].asks()).collect();
        let done = |which: usize, trial| {
            found[which] = Some(trial);
            Ok(())
        };
        let Ok(()) = run_trials(&asked, plan, &mut After { before, watch: &mut *watch }, done);
        for (place, trial) in open.into_iter().zip(found) {
            let taken = trial.map_or(Ok(()), |trial| sittings[place].take(&trial));
            nobody = nobody.or(taken.err());
        }
    }
    match nobody {
        Some(nobody) => Err(nobody),
        None => Ok(sittings.into_iter().map(Sitting::close).collect()),
    }
}

impl<'a> Sitting<'a> {
    fn of(session: &Session<'a>) -> Sitting<'a> {
        let Session { scenario, baseline, .. } = *session;
        let first = scenario.devices;
        let watched = Watched::of(session.expectations);
        let until = baseline.map_or(first, |kept| kept.devices_of(scenario.seed, first));
        let mut reached = scenario.clone();
        reached.fleet.mark(until);
        Sitting {
            session: *session,
            trial: Trial::none(watched.laws.len()),
            watched,
            reached,
            until,
            most: session.most_devices.unwrap_or(first.saturating_mul(MOST_TIMES)).max(first),
            compared: None,
            cases: session.cases(),
            is_over: false,
        }
    }

    /// What is to be simulated.
    fn asks(&self) -> Asked<'_> {
        (&self.reached, self.trial.finished..self.until, &self.watched)
    }

    /// Takes what was simulated, and decides whether more is to be.
    fn take(&mut self, more: &Trial) -> Result<(), SelectsNobody> {
        self.trial.add(more);
        if self.trial.finished < self.until {
            return Ok(());
        }
        let first = self.session.scenario.devices;
        let now = || {
            let sample = Sample::of(&self.trial.parts, self.session.scenario);
            (self.until, sample, Prints::of(&self.trial.parts.total()))
        };
        let (_, compared, prints) = self.compared.get_or_insert_with(now);
        let next = if self.until < first {
            first
        } else {
            self.session.judge(&mut self.cases, &self.trial, compared, prints)?;
            self.is_over = self.until >= self.most || !self.cases.iter().any(Case::grows);
            self.until.saturating_mul(2).min(self.most)
        };
        if !self.is_over {
            self.until = next;
            self.reached.fleet.mark(next);
        }
        Ok(())
    }

    /// What was found, if all is decided.
    fn close(self) -> Option<Tested> {
        let Sitting { session, trial, cases, compared, is_over, .. } = self;
        let Session { scenario, .. } = session;
        let (part, compared, prints) = compared.filter(|_| is_over)?;
        let outcome = Outcome {
            scenario: scenario.name.clone(),
            file: session.file.into(),
            devices: trial.finished.into(),
            seed: scenario.seed,
            changed: session.changed(&compared, &prints, part == scenario.devices),
            checked: cases.into_iter().filter_map(|case| session.checked(case)).collect(),
            updated: session.updates,
            prints,
        };
        let baseline =
            session.updates.then(|| Baseline::of(scenario, session.file, &compared, &outcome.prints));
        Some(Tested { outcome, baseline })
    }
}

impl<'a> Session<'a> {
    /// Every assertion, still open.
    fn cases(&self) -> Vec<Case<'a>> {
        let each = |expectation: &'_ Expectation| expectation.asserts.len();
        let mut cases: Vec<Case<'a>> = Vec::with_capacity(self.expectations.iter().map(each).sum());
        for expectation in self.expectations {
            for assertion in &expectation.asserts {
                let laws = cases.iter().filter(|case| case.law.is_some()).count();
                let law = matches!(assertion.claim, Claim::Never(_)).then_some(laws);
                cases.push(Case { expectation, assertion, law, finding: None });
            }
        }
        cases
    }

    /// Decides what is still open.
    fn judge(
        &self,
        cases: &mut [Case<'_>],
        trial: &Trial,
        compared: &Sample,
        prints: &Prints,
    ) -> Result<(), SelectsNobody> {
        let all = Sample::of(&trial.parts, self.scenario);
        let sums = (&trial.parts, &trial.slices);
        let spoken_of =
            self.expectations.iter().map(|each| &each.slice).filter(|slice| !slice.is_everything());
        let own: BTreeMap<&Slice, Sample> = spoken_of
            .map(|slice| (slice, Sample::of_slice(slice, sums, self.scenario, self.scenario)))
            .collect();
        let sample = |expectation: &Expectation| match expectation.versus_baseline {
            true => compared,
            false => own.get(&expectation.slice).unwrap_or(&all),
        };
        if let Some(nobody) = self.expectations.iter().find(|each| sample(each).all_devices() == 0) {
            let (expectation, scenario) = (nobody.name.clone(), self.scenario.name.clone());
            return Err(SelectsNobody { expectation, scenario, devices: trial.finished });
        }
        let baseline = self.baseline.map(|baseline| (baseline, baseline.prints() == *prints));
        for case in cases.iter_mut().filter(|case| case.finding.is_none() || case.grows()) {
            let sample = sample(case.expectation);
            let breaches = case.law.map(|law| trial.breaches[law]);
            let is_new = self.updates && case.expectation.versus_baseline && case.law.is_none();
            case.finding = Some(match is_new {
                // What is about to be written cannot differ from itself.
                true => {
                    Ruling { verdict: Verdict::Pass, found: Found::Identical, devices: sample.all_devices() }
                }
                false => decide(case.assertion, sample, breaches, baseline),
            });
        }
        Ok(())
    }

    fn checked(&self, case: Case<'_>) -> Option<Checked> {
        let Case { expectation, assertion, finding, .. } = case;
        let finding = finding?;
        let first = match &finding.found {
            Found::Breaches(breaches) => breaches.first,
            _ => None,
        };
        let first_breach =
            first.map(|(device, at)| format!("device {device} at {}", utc(self.scenario.clock.unix_ms(at))));
        Some(Checked {
            expectation: expectation.name.clone(),
            selects: expectation.selects.clone(),
            text: assertion.written.text.clone(),
            place: assertion.written.whole(),
            claim: assertion.claim.clone(),
            finding,
            first_breach,
        })
    }

    /// What is different from the baseline, if anything is.
    fn changed(&self, compared: &Sample, prints: &Prints, is_whole: bool) -> Option<Changed> {
        let baseline = self.baseline.filter(|baseline| baseline.prints() != *prints)?;
        let old = scenario_of(baseline);
        // Keys that came later have their defaults; what cannot be read as a scenario is as it is written.
        let written = || baseline.config().parse().unwrap_or_default();
        let keys =
            config_changes(old.as_ref().map_or_else(written, Scenario::config), self.scenario.config());
        Some(Changed {
            figures: baseline.changes(compared),
            keys: keys.into_iter().filter(|key| is_whole || !key.starts_with("devices ")).collect(),
            divergence: old.and_then(|old| divergence(&old, self.scenario)),
            version: baseline.version().into(),
        })
    }
}

/// The scenario of a baseline, as far as its configuration holds it: real input is not kept.
fn scenario_of(baseline: &Baseline) -> Option<Scenario> {
    let source = SourceText { label: "baseline".into(), text: baseline.config() };
    scenario::read(source, &[], &mut |_, _| Err("a baseline stands alone".into())).ok()
}

/// Where the lives of the first device that differs part, old against new.
fn divergence(old: &Scenario, new: &Scenario) -> Option<Divergence> {
    let traces = new.fleet.groups.iter().any(|group| !group.traces.is_empty());
    let same = traces || old.file_config() == new.file_config();
    let devices = MOST_REPLAYED.min(old.devices).min(new.devices);
    (!same).then(|| first_device(devices, [(old, Engine::Fast), (new, Engine::Fast)])).flatten()
}
