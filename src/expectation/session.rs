//! Tests scenarios: simulates their devices, decides what is expected, and adds devices where a run of so
//! many cannot tell. All scenarios are simulated together, in rounds.

use super::baseline::Baseline;
use super::case::Case;
use super::chance::{Ruling, Schedule, Track, close};
use super::decide::{Against, Found, Look, Verdict, decide};
use super::exercised::occurred;
use super::outcome::{Outcome, arm_of, called};
use super::past::Settings;
use super::rivals::{Rivals, rivals};
use super::run::Run;
use super::trial::{Trial, run_trials};
use super::{Expectation, Watched};
use crate::experiment::{After, Plan, Watch};
use crate::figure::Sample;
use crate::record::Prints;
use crate::scenario::{Diagnostics, Scenario};
use crate::slice::Slice;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

/// Without a word about it, so many times the scenario's devices may decide.
const MOST_TIMES: u32 = 4;

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
    /// Why what it was cannot be told, though something is compared with it.
    pub fault: Option<&'a str>,
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

/// A test that is under way.
struct Sitting<'a> {
    session: Session<'a>,
    settings: &'a Settings,
    /// The places of the sessions whose runs it looks at; its own is the first.
    looks_at: Vec<usize>,
    /// Up to how many devices are simulated next.
    until: u32,
    /// At how many it is looked at.
    schedule: Schedule,
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

/// How a suite is tested, of which these scenarios may be a part.
#[derive(Clone, Copy, Debug)]
pub struct Suite {
    /// How many devices are simulated where fewer cannot decide; by default four times those of the scenario.
    pub most_devices: Option<u32>,
    /// How many of its promises chance could fail, as [`promises`](super::promises) counts them.
    pub promises: usize,
}

/// Tests scenarios; `None` for those that `watch` stopped before they were decided.
///
/// # Errors
/// If an expectation speaks of devices of which there are none, or compares what cannot be compared.
pub fn test<O>(
    sessions: &[Session<'_>],
    suite: Suite,
    plan: &Plan,
    watch: &mut O,
) -> Result<Vec<Option<Tested>>, CannotTest>
where
    O: Watch<(), Fault = Infallible>,
{
    let Suite { most_devices, promises } = suite;
    let rivals = rivals(sessions, most_devices)?;
    let settings: Vec<Settings> = sessions.iter().map(Settings::of).collect();
    let mut runs: Vec<Run> = (0..sessions.len())
        .map(|place| Run::of(sessions[place].scenario, watched(place, sessions, &rivals)))
        .collect();
    let mut scenarios: Vec<&Scenario> = sessions.iter().map(|session| session.scenario).collect();
    let mut sittings = Vec::with_capacity(sessions.len());
    for (place, (session, settings)) in sessions.iter().zip(&settings).enumerate() {
        let old = settings.scenario().map(|old| {
            runs.push(Run::of(old, Watched::default()));
            scenarios.push(old);
            runs.len() - 1
        });
        sittings.push(Sitting::of((place, old), session, settings, &rivals[place], most_devices));
    }
    while sittings.iter().any(|sitting| !sitting.is_over) && !watch.stops() {
        round(&sittings, &mut runs, plan, watch);
        for sitting in sittings.iter_mut().filter(|sitting| sitting.is_ready(&runs)) {
            sitting.look(&scenarios, &runs, promises)?;
        }
        let least = sittings.iter().filter(|sitting| !sitting.is_over).map(|sitting| sitting.until).min();
        runs.iter_mut().for_each(|run| run.forget_below(least.unwrap_or(u32::MAX)));
    }
    let over = sittings.iter_mut().filter(|sitting| sitting.is_over);
    close(over.flat_map(|sitting| &mut sitting.cases).flat_map(Case::tracks), promises);
    let busy = |sitting: &Sitting<'_>| runs[sitting.looks_at[0]].busy();
    Ok(sittings
        .into_iter()
        .map(|sitting| (busy(&sitting), sitting))
        .map(|(busy, sitting)| sitting.close(busy))
        .collect())
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
    fn of(
        (place, old): (usize, Option<usize>),
        session: &Session<'a>,
        settings: &'a Settings,
        rivals: &[Option<usize>],
        asked: Option<u32>,
    ) -> Sitting<'a> {
        let Session { scenario, baseline, .. } = *session;
        let first = scenario.devices;
        let schedule = Schedule::new(first, most(scenario, asked));
        Sitting {
            session: *session,
            settings,
            looks_at: [Some(place), old].iter().chain(rivals).copied().flatten().collect(),
            until: baseline.map_or(first, |kept| kept.devices_of(scenario.seed, first)),
            schedule,
            compared: None,
            cases: Case::of_session(session, rivals, old, schedule),
            is_over: false,
        }
    }

    /// Whether all that it looks at next is simulated.
    fn is_ready(&self, runs: &[Run]) -> bool {
        !self.is_over && self.looks_at.iter().all(|place| runs[*place].at(self.until).is_some())
    }

    /// Looks at what was simulated, and decides whether more is to be.
    fn look(&mut self, scenarios: &[&Scenario], runs: &[Run], promises: usize) -> Result<(), SelectsNobody> {
        let settings_differ = !matches!(self.settings, Settings::Same);
        let (own, devices) = (self.looks_at[0], self.until);
        let looks = Looks { scenarios, runs, own, devices, promises, settings_differ };
        let Some(trial) = looks.trial(looks.own) else { return Ok(()) };
        let first = self.schedule.first;
        let now = || {
            let sample = Sample::of(&trial.parts, self.session.scenario);
            (self.until, sample, Prints::of(&trial.parts.total()))
        };
        let (_, compared, prints) = self.compared.get_or_insert_with(now);
        if self.until < first {
            self.until = first;
            return Ok(());
        }
        self.session.judge(&mut self.cases, &looks, compared, prints)?;
        match self.schedule.after(self.until).filter(|_| self.cases.iter().any(Case::grows)) {
            Some(next) => self.until = next,
            None => self.is_over = true,
        }
        Ok(())
    }

    /// What was found, if all is decided.
    fn close(self, busy: Duration) -> Option<Tested> {
        let Sitting { session, settings, until, cases, compared, is_over, .. } = self;
        let Session { scenario, .. } = session;
        let (part, compared, prints) = compared.filter(|_| is_over)?;
        let outcome = Outcome {
            scenario: scenario.name.clone(),
            arm: arm_of(scenario).map(String::from),
            file: session.file.into(),
            fault: session.fault.map(String::from),
            devices: until.into(),
            seed: scenario.seed,
            changed: session.changed(settings, &compared, &prints, part == scenario.devices),
            checked: Case::close_all(cases, &session),
            updated: session.updates,
            occurred: occurred(&compared),
            busy,
            prints,
        };
        let baseline =
            session.updates.then(|| Baseline::of(scenario, session.file, &compared, &outcome.prints));
        Some(Tested { outcome, baseline })
    }
}

/// What is looked at in one round: runs of so many devices.
struct Looks<'a> {
    /// Of each run.
    scenarios: &'a [&'a Scenario],
    runs: &'a [Run],
    own: usize,
    devices: u32,
    promises: usize,
    /// Whether the settings of the baseline are others.
    settings_differ: bool,
}

impl Looks<'_> {
    fn trial(&self, place: usize) -> Option<&Trial> {
        self.runs[place].at(self.devices)
    }

    /// The figures of a slice of a run.
    fn sample(&self, place: usize, slice: &Slice) -> Option<Sample> {
        let (trial, scenario) = (self.trial(place)?, self.scenarios[place]);
        Some(match slice.is_everything() {
            true => Sample::of(&trial.parts, scenario),
            false => Sample::of_slice(slice, (&trial.parts, &trial.slices), scenario, scenario),
        })
    }
}

impl Session<'_> {
    /// Looks at what is still open, and at what passed unseen.
    fn judge(
        &self,
        cases: &mut [Case<'_>],
        looks: &Looks<'_>,
        compared: &Sample,
        prints: &Prints,
    ) -> Result<(), SelectsNobody> {
        let mut samples: BTreeMap<(usize, &Slice), Sample> = BTreeMap::new();
        for case in cases.iter().filter(|case| case.is_watched()) {
            let slice = &case.expectation.slice;
            let old = case.settings.as_ref().map(|(old, _)| *old);
            for place in [Some(looks.own), case.rival, old].into_iter().flatten() {
                if !samples.contains_key(&(place, slice)) {
                    samples.extend(looks.sample(place, slice).map(|sample| ((place, slice), sample)));
                }
            }
        }
        let is_same = self.baseline.is_some_and(|baseline| baseline.prints() == *prints);
        let record = self.baseline.map(|baseline| Against::Baseline(baseline, is_same));
        let is_first = looks.devices == self.scenario.devices;
        let grown = f64::from(looks.devices) / f64::from(self.scenario.devices.max(1));
        for case in cases.iter_mut().filter(|case| case.is_watched()) {
            let slice = &case.expectation.slice;
            let of = |place: usize| samples.get(&(place, slice));
            let own = of(looks.own).unwrap_or(compared);
            let (sample, against) = match (case.expectation.versus_baseline(), case.rival) {
                // At first the same devices as those of the record, and then as many as there are.
                (true, _) => (if is_first { compared } else { own }, record),
                (false, rival) => (own, rival.and_then(of).map(Against::Arm)),
            };
            if sample.all_devices() == 0 {
                let (expectation, devices) = (case.expectation.name.clone(), looks.devices);
                let scenario = called(&self.scenario.name, arm_of(self.scenario));
                return Err(SelectsNobody { expectation, scenario, devices });
            }
            if self.updates && case.expectation.versus_baseline() && case.law.is_none() {
                // What is about to be written cannot differ from itself.
                case.main.settle(Ruling::sure(Verdict::Pass, Found::Identical, sample.all_devices()));
                continue;
            }
            let breaches = case.law.and_then(|law| Some(looks.trial(looks.own)?.breaches[law]));
            let settings_differ = looks.settings_differ;
            let look =
                Look { sample, grown, breaches, against, settings_differ, scenario: Some(self.scenario) };
            let listens = |track: &Track| track.is_open() || track.may_be_refuted();
            if listens(&case.main) {
                let seen = decide(case.assertion, &look);
                case.main.take(looks.devices, seen, sample.all_devices(), looks.promises);
            }
            if let Some((old, track)) = &mut case.settings
                && let Some(other) = of(*old)
                && listens(track)
            {
                let against = match is_same {
                    true => record,
                    false => Some(Against::Arm(other)),
                };
                let seen = decide(case.assertion, &Look { sample: own, against, ..look });
                track.take(looks.devices, seen, own.all_devices(), looks.promises);
            }
        }
        Ok(())
    }
}
