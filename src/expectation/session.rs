//! Tests scenarios: simulates their devices, decides what is expected, and adds devices where a run of so
//! many cannot tell. All scenarios are simulated together, in rounds.

use super::baseline::{Baseline, config_changes};
use super::decide::{Against, Found, Ruling, Verdict, decide};
use super::outcome::{Changed, Checked, Outcome, arm_of, called};
use super::parse::Claim;
use super::rivals::{Rivals, rivals};
use super::run::Run;
use super::trial::{Trial, run_trials};
use super::{Assertion, Expectation, Watched};
use crate::clock::utc;
use crate::divergence::{Divergence, first_device};
use crate::engine::Engine;
use crate::experiment::{After, Plan, Watch};
use crate::figure::Sample;
use crate::record::Prints;
use crate::scenario::{self, Diagnostics, Scenario, SourceText};
use crate::slice::Slice;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Without a word about it, so many times the scenario's devices may decide.
const MOST_TIMES: u32 = 4;

/// Devices whose lives are compared before it is said that none was found to part.
const MOST_REPLAYED: u32 = 16;

/// A scenario to be tested: the reference of a file, or an arm. One of which nothing is expected is there for others to
/// compare with.
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

/// Why something cannot be tested.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CannotTest {
    /// An expectation speaks of devices of which there are none.
    #[error(transparent)]
    Nobody(#[from] SelectsNobody),
    /// An expectation compares what cannot be compared.
    #[error(transparent)]
    Apart(#[from] Diagnostics),
}

/// An assertion on its way to a verdict.
struct Case<'a> {
    expectation: &'a Expectation,
    assertion: &'a Assertion,
    /// The place of the session that it compares with.
    rival: Option<usize>,
    /// Its place among the laws, if it is one.
    law: Option<usize>,
    finding: Option<Ruling>,
}

impl Case<'_> {
    /// Whether more devices may decide it. A baseline has the devices it has.
    fn grows(&self) -> bool {
        let is_open = self.finding.as_ref().is_none_or(|found| found.verdict == Verdict::Undecided);
        is_open && !self.expectation.versus_baseline()
    }
}

/// A test that is under way.
struct Sitting<'a> {
    session: Session<'a>,
    /// The places of the sessions whose runs it looks at; its own is the first.
    looks_at: Vec<usize>,
    /// Up to how many devices are simulated next, and at most.
    until: u32,
    most: u32,
    /// What is compared with the baseline. One of fewer devices is compared with just these: their lives do not
    /// depend on the others.
    compared: Option<(u32, Sample, Prints)>,
    cases: Vec<Case<'a>>,
    is_over: bool,
}

/// Up to how many devices of a scenario are simulated where fewer cannot decide.
pub(super) fn most(scenario: &Scenario, asked: Option<u32>) -> u32 {
    asked.unwrap_or(scenario.devices.saturating_mul(MOST_TIMES)).max(scenario.devices)
}

/// Tests scenarios; `None` for those that `watch` stopped before they were decided. `most_devices` are simulated where
/// fewer cannot decide.
///
/// # Errors
/// If an expectation speaks of devices of which there are none, or compares what cannot be compared.
pub fn test<O>(
    sessions: &[Session<'_>],
    most_devices: Option<u32>,
    plan: &Plan,
    watch: &mut O,
) -> Result<Vec<Option<Tested>>, CannotTest>
where
    O: Watch<(), Fault = Infallible>,
{
    let rivals = rivals(sessions, most_devices)?;
    let places = 0..sessions.len();
    let mut runs: Vec<Run> = places
        .clone()
        .map(|place| Run::of(sessions[place].scenario, watched(place, sessions, &rivals)))
        .collect();
    let mut sittings: Vec<_> =
        places.map(|place| Sitting::of(place, &sessions[place], &rivals[place], most_devices)).collect();
    while sittings.iter().any(|sitting| !sitting.is_over) && !watch.stops() {
        round(&sittings, &mut runs, plan, watch);
        for sitting in sittings.iter_mut().filter(|sitting| sitting.is_ready(&runs)) {
            sitting.look(sessions, &runs)?;
        }
        let least = sittings.iter().filter(|sitting| !sitting.is_over).map(|sitting| sitting.until).min();
        runs.iter_mut().for_each(|run| run.forget_below(least.unwrap_or(u32::MAX)));
    }
    Ok(sittings.into_iter().map(Sitting::close).collect())
}

/// What is kept an eye on in a session: what it expects, and of whom those speak that compare with it.
fn watched(place: usize, sessions: &[Session<'_>], rivals: &Rivals) -> Watched {
    let pairs =
        sessions.iter().zip(rivals).flat_map(|(session, rivals)| session.expectations.iter().zip(rivals));
    let compares = pairs.filter(|(_, rival)| **rival == Some(place)).map(|(each, _)| each.slice.clone());
    Watched::of(sessions[place].expectations).with(compares)
}

/// Simulates every run up to the least number of devices at which somebody waits to look at it: nobody's look is
/// passed over.
fn round<O>(sittings: &[Sitting<'_>], runs: &mut [Run], plan: &Plan, watch: &mut O)
where
    O: Watch<(), Fault = Infallible>,
{
    let mut open: Vec<(usize, u32)> = Vec::new();
    let before = runs.iter().map(Run::finished).fold(0, u32::saturating_add);
    for (place, run) in runs.iter_mut().enumerate() {
        let looks = sittings.iter().filter(|sitting| !sitting.is_over && sitting.looks_at.contains(&place));
        if let Some(until) = looks.map(|sitting| sitting.until).filter(|until| *until > run.finished()).min()
        {
            run.reach(until);
            open.push((place, until));
        }
    }
    let more = open.iter().map(|(place, until)| until - runs[*place].finished()).fold(0, u32::saturating_add);
    watch.expect(before.saturating_add(more));
    let mut found: Vec<Option<Trial>> = vec![None; open.len()];
    let asked: Vec<_> = open.iter().map(|(place, until)| runs[*place].asks(*until)).collect();
    let done = |which: usize, trial| {
        found[which] = Some(trial);
        Ok(())
    };
    let Ok(()) = run_trials(&asked, plan, &mut After { before, watch: &mut *watch }, done);
    for ((place, _), trial) in open.into_iter().zip(found) {
        trial.iter().for_each(|trial| runs[place].take(trial));
    }
}

impl<'a> Sitting<'a> {
    fn of(place: usize, session: &Session<'a>, rivals: &[Option<usize>], asked: Option<u32>) -> Sitting<'a> {
        let Session { scenario, baseline, .. } = *session;
        let first = scenario.devices;
        Sitting {
            session: *session,
            looks_at: [place].into_iter().chain(rivals.iter().copied().flatten()).collect(),
            until: baseline.map_or(first, |kept| kept.devices_of(scenario.seed, first)),
            most: most(scenario, asked),
            compared: None,
            cases: session.cases(rivals),
            is_over: false,
        }
    }

    /// Whether all that it looks at next is simulated.
    fn is_ready(&self, runs: &[Run]) -> bool {
        !self.is_over && self.looks_at.iter().all(|place| runs[*place].at(self.until).is_some())
    }

    /// Looks at what was simulated, and decides whether more is to be.
    fn look(&mut self, sessions: &[Session<'_>], runs: &[Run]) -> Result<(), SelectsNobody> {
        let looks = Looks { sessions, runs, own: self.looks_at[0], devices: self.until };
        let Some(trial) = looks.trial(looks.own) else { return Ok(()) };
        let first = self.session.scenario.devices;
        let now = || {
            let sample = Sample::of(&trial.parts, self.session.scenario);
            (self.until, sample, Prints::of(&trial.parts.total()))
        };
        let (_, compared, prints) = self.compared.get_or_insert_with(now);
        let next = if self.until < first {
            first
        } else {
            self.session.judge(&mut self.cases, &looks, compared, prints)?;
            self.is_over = self.until >= self.most || !self.cases.iter().any(Case::grows);
            self.until.saturating_mul(2).min(self.most)
        };
        self.until = if self.is_over { self.until } else { next };
        Ok(())
    }

    /// What was found, if all is decided.
    fn close(self) -> Option<Tested> {
        let Sitting { session, until, cases, compared, is_over, .. } = self;
        let Session { scenario, .. } = session;
        let (part, compared, prints) = compared.filter(|_| is_over)?;
        let outcome = Outcome {
            scenario: scenario.name.clone(),
            arm: arm_of(scenario).map(String::from),
            file: session.file.into(),
            devices: until.into(),
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

/// What is looked at in one round: runs of so many devices.
struct Looks<'a> {
    sessions: &'a [Session<'a>],
    runs: &'a [Run],
    own: usize,
    devices: u32,
}

impl Looks<'_> {
    fn trial(&self, place: usize) -> Option<&Trial> {
        self.runs[place].at(self.devices)
    }

    /// The figures of a slice of a run.
    fn sample(&self, place: usize, slice: &Slice) -> Option<Sample> {
        let (trial, scenario) = (self.trial(place)?, self.sessions[place].scenario);
        Some(match slice.is_everything() {
            true => Sample::of(&trial.parts, scenario),
            false => Sample::of_slice(slice, (&trial.parts, &trial.slices), scenario, scenario),
        })
    }
}

impl<'a> Session<'a> {
    /// Every assertion, still open.
    fn cases(&self, rivals: &[Option<usize>]) -> Vec<Case<'a>> {
        let each = |expectation: &'_ Expectation| expectation.asserts.len();
        let mut cases: Vec<Case<'a>> = Vec::with_capacity(self.expectations.iter().map(each).sum());
        for (expectation, rival) in self.expectations.iter().zip(rivals) {
            for assertion in &expectation.asserts {
                let laws = cases.iter().filter(|case| case.law.is_some()).count();
                let law = matches!(assertion.claim, Claim::Never(_)).then_some(laws);
                cases.push(Case { expectation, assertion, rival: *rival, law, finding: None });
            }
        }
        cases
    }

    /// Decides what is still open.
    fn judge(
        &self,
        cases: &mut [Case<'_>],
        looks: &Looks<'_>,
        compared: &Sample,
        prints: &Prints,
    ) -> Result<(), SelectsNobody> {
        let runs = |case: &Case<'_>| [Some(looks.own), case.rival].into_iter().flatten();
        let mut samples: BTreeMap<(usize, &Slice), Sample> = BTreeMap::new();
        for case in cases.iter().filter(|case| case.grows()) {
            let slice = &case.expectation.slice;
            for place in
                runs(case).filter(|place| !samples.contains_key(&(*place, slice))).collect::<Vec<_>>()
            {
                samples.extend(looks.sample(place, slice).map(|sample| ((place, slice), sample)));
            }
        }
        let baseline =
            self.baseline.map(|baseline| Against::Baseline(baseline, baseline.prints() == *prints));
        for case in cases.iter_mut().filter(|case| case.finding.is_none() || case.grows()) {
            let of = |place: usize| samples.get(&(place, &case.expectation.slice));
            let (sample, against) = match (case.expectation.versus_baseline(), case.rival) {
                (true, _) => (compared, baseline),
                (false, rival) => (of(looks.own).unwrap_or(compared), rival.and_then(of).map(Against::Arm)),
            };
            if sample.all_devices() == 0 {
                let (expectation, devices) = (case.expectation.name.clone(), looks.devices);
                let scenario = called(&self.scenario.name, arm_of(self.scenario));
                return Err(SelectsNobody { expectation, scenario, devices });
            }
            let breaches = case.law.and_then(|law| Some(looks.trial(looks.own)?.breaches[law]));
            let is_new = self.updates && case.expectation.versus_baseline() && case.law.is_none();
            case.finding = Some(match is_new {
                // What is about to be written cannot differ from itself.
                true => {
                    Ruling { verdict: Verdict::Pass, found: Found::Identical, devices: sample.all_devices() }
                }
                false => decide(case.assertion, sample, breaches, against),
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
            versus: expectation.versus.clone(),
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
    let source = SourceText { label: "baseline".into(), text: baseline.config().into() };
    scenario::read(source, &[], &mut |_, _| Err("a baseline stands alone".into())).ok()
}

/// Where the lives of the first device that differs part, old against new.
fn divergence(old: &Scenario, new: &Scenario) -> Option<Divergence> {
    let traces = new.fleet.groups.iter().any(|group| !group.traces.is_empty());
    let same = traces || old.file_config() == new.file_config();
    let devices = MOST_REPLAYED.min(old.devices).min(new.devices);
    (!same).then(|| first_device(devices, [(old, Engine::Fast), (new, Engine::Fast)])).flatten()
}
