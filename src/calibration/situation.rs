//! Places of the space as iPhones: each observation in its own situation, its scenario moved to the place.

use super::search::{Attempt, Effort, Found, Question, worst};
use super::space::{Mover, Space};
use super::target::{Look, Seen, Target};
use crate::analysis::statistic::Statistic;
use crate::experiment::{Plan, Watch, run_fleet};
use crate::figure::{Figure, Sample};
use crate::measure::{Measure, measure};
use crate::observation::{Observation, Quantity, Which, hold};
use crate::random::{RngExt, Streams};
use crate::record::Rows;
use crate::scenario::Scenario;
use std::convert::Infallible;

/// Reads a scenario again, with these keys set: that of an observation, by its place, or that of the answers.
///
/// ```
/// use bgsim::calibration::{Bench, Reread};
/// use bgsim::experiment::Plan;
/// use bgsim::figure::Figure;
/// use bgsim::observation::{Which, bundled_text, read, read_again};
/// use bgsim::scenario::{Diagnostics, Scenario, SourceText, fetch_bundled, load};
///
/// struct Bundled(SourceText);
///
/// impl Reread for Bundled {
///     type Fault = Diagnostics;
///
///     fn observation(&mut self, entry: usize, which: Which, sets: &[String]) -> Result<Scenario, Diagnostics> {
///         read_again(&self.0, (entry, which), sets, &mut fetch_bundled)
///     }
///
///     fn answers(&mut self, sets: &[String]) -> Result<Scenario, Diagnostics> {
///         load("device-keychain", sets)
///     }
/// }
///
/// let observations = read(&bundled_text(), &[], &mut fetch_bundled).unwrap();
/// let answers = load("device-keychain", &[]).unwrap();
/// let plan = Plan::default();
/// let asked = Some((&answers, vec![Figure::FIRST]));
/// let mut bench = Bench::new(observations, asked, Bundled(bundled_text()), &plan);
/// assert!(bench.question(8, 1, 1).axes > 100);
/// ```
pub trait Reread {
    /// Why it cannot be.
    type Fault;

    /// Reads that of an observation.
    ///
    /// # Errors
    /// If it is refused so.
    fn observation(&mut self, entry: usize, which: Which, sets: &[String]) -> Result<Scenario, Self::Fault>;

    /// Reads that of the answers.
    ///
    /// # Errors
    /// If it is refused so.
    fn answers(&mut self, sets: &[String]) -> Result<Scenario, Self::Fault>;
}

/// What is looked at in every place.
#[derive(Debug)]
pub struct Bench<'a, R> {
    reread: R,
    plan: &'a Plan,
    observations: Vec<Observation>,
    targets: Vec<Target>,
    situations: Vec<Situation>,
    answers: Option<Answers>,
    /// The numbers that are moved.
    pub space: Space,
    /// From which the devices of each place are drawn.
    seed: u64,
    /// Devices that were simulated, and that may be in all.
    done: u32,
    all: u32,
}

/// Observations that share their scenarios.
#[derive(Debug)]
struct Situation {
    sha256: [Option<String>; 2],
    members: Vec<usize>,
    here: Mover,
    against: Option<Mover>,
    /// Simulated days of a device.
    days: f64,
    /// Devices that are simulated.
    devices: u32,
}

/// Figures that people ask for.
#[derive(Debug)]
struct Answers {
    mover: Mover,
    figures: Vec<Figure>,
    devices: u32,
}

/// A screening needs fewer devices by this factor.
const FEWER: u32 = 4;
/// But so many.
const FEWEST: u32 = 4;

impl<'a, R: Reread> Bench<'a, R> {
    /// Where these are looked at; `answers` is the scenario whose figures are kept.
    pub fn new(
        observations: Vec<Observation>,
        answers: Option<(&Scenario, Vec<Figure>)>,
        reread: R,
        plan: &'a Plan,
    ) -> Bench<'a, R> {
        let against = |observation: &'_ Observation| match &observation.quantity {
            Quantity::Ratio(_, against) => Some((**against).clone()),
            Quantity::Figure(_) | Quantity::Statistic(..) => None,
        };
        let others: Vec<Scenario> = observations.iter().filter_map(against).collect();
        let answered = answers.as_ref().map(|(scenario, _)| *scenario);
        let scenarios: Vec<&Scenario> = observations
            .iter()
            .map(|observation| &observation.scenario)
            .chain(&others)
            .chain(answered)
            .collect();
        let space = Space::of(&scenarios);
        let mut situations: Vec<Situation> = Vec::new();
        for (place, observation) in observations.iter().enumerate() {
            let other = against(observation);
            let here = Mover::of(&space, &observation.scenario);
            let sha256 = [Some(observation.scenario.sha256()), other.as_ref().map(Scenario::sha256)];
            let same = |known: &&mut Situation| known.sha256 == sha256 && known.here.fixed == here.fixed;
            let runs = Run::of(observation, other.as_ref());
            match situations.iter_mut().find(same) {
                Some(known) => known.members.push(place),
                None => situations.push(Situation {
                    sha256,
                    members: vec![place],
                    against: other.map(|other| Mover::of(&space, &other)),
                    here,
                    days: runs.days,
                    devices: runs.devices,
                }),
            }
        }
        // What costs least may spare the rest.
        situations.sort_by(|a, b| a.days.total_cmp(&b.days));
        let answers = answers.map(|(scenario, figures)| Answers {
            mover: Mover::of(&space, scenario),
            figures,
            devices: scenario.devices,
        });
        let targets = observations.iter().map(Target::of).collect();
        Bench { reread, plan, observations, targets, situations, answers, space, seed: 0, done: 0, all: 0 }
    }

    /// What is asked of it.
    pub fn question(&mut self, points: usize, waves: usize, seed: u64) -> Question {
        let axes = self.space.len();
        let places = points + points / 2 * waves.saturating_sub(1) + 2 * (axes + 2) / FEWER as usize;
        self.all = self.devices().saturating_mul(u32::try_from(places).unwrap_or(u32::MAX));
        self.seed = seed;
        Question { targets: self.targets.clone(), axes, points, waves, seed }
    }

    /// What was observed.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// The figures that are kept.
    pub fn figures(&self) -> &[Figure] {
        self.answers.as_ref().map_or(&[], |answers| &answers.figures)
    }

    /// The numbers of which some scenario says something itself.
    pub fn fixed(&self) -> Vec<String> {
        let movers =
            self.situations.iter().flat_map(|known| std::iter::once(&known.here).chain(&known.against));
        let movers = movers.chain(self.answers.iter().map(|answers| &answers.mover));
        let mut fixed: Vec<String> = movers.flat_map(|mover| mover.fixed.clone()).collect();
        fixed.sort();
        fixed.dedup();
        fixed
    }

    /// Devices at each place.
    fn devices(&self) -> u32 {
        let devices = self.situations.iter().map(|known| known.devices);
        devices.chain(self.answers.as_ref().map(|answers| answers.devices)).fold(0, u32::saturating_add)
    }

    /// Says that a place is known already.
    pub fn recall(&mut self) {
        self.done = self.done.saturating_add(self.devices());
    }

    /// Looks at a place, by its number.
    pub fn attempt<O>(&mut self, number: usize, place: &[f64], effort: Effort<'_>, watch: &mut O) -> Attempt
    where
        O: Watch<Rows, Fault = Infallible>,
    {
        let values = self.space.values(place);
        let begun = self.done;
        let mut looks = vec![Look::Skipped; self.observations.len()];
        let nothing = vec![None; self.figures().len()];
        for situation in self.order(effort.ruling) {
            let Some(observations) = self.moved(situation, &values, number, effort) else {
                return Attempt::Refused;
            };
            let mut counted = Counted { before: self.done, all: self.all, watch };
            let Some(held) = hold(&observations, self.plan, &mut counted) else { return Attempt::Stopped };
            let known = &self.situations[situation];
            self.done = self.done.saturating_add(known.devices);
            for (place, held) in known.members.iter().zip(&held) {
                looks[*place] = Seen::of(held).map_or(Look::Unknown, Look::Seen);
            }
            if worst(&self.targets, &looks, effort.least) > effort.level {
                self.done = begun.saturating_add(self.devices());
                return Attempt::Found(Found { looks, answers: nothing, measures: Vec::new() });
            }
        }
        let Some(Answers { mover, figures, devices }) = &self.answers else {
            return Attempt::Found(Found { looks, answers: nothing, measures: Vec::new() });
        };
        let own = self.devices_at(number, self.situations.len(), *devices, effort);
        let sets = [mover.sets(&self.space, &values), own].concat();
        let Ok(scenario) = self.reread.answers(&sets) else { return Attempt::Refused };
        let mut counted = Counted { before: self.done, all: self.all, watch };
        let Ok(fleet) = run_fleet(&scenario, self.plan, &mut counted);
        if fleet.finished < scenario.devices {
            return Attempt::Stopped;
        }
        self.done = self.done.saturating_add(*devices);
        // A screening asks for what moves, and not for what could be observed.
        let measures = match effort.is_screening {
            true => Vec::new(),
            false => {
                let mut counted = Counted { before: self.done, all: self.all, watch };
                let Ok(measured) = measure(&scenario, &Measure::ALL, self.plan, &mut counted);
                let Some(measured) = measured else { return Attempt::Stopped };
                let mean = |measure: Measure| measured.of(measure).statistic(Statistic::Mean).0;
                Measure::ALL.map(|measure| mean(measure).filter(|mean| mean.is_finite())).into()
            }
        };
        let sample = Sample::of(&fleet.parts, &scenario);
        let answer = |figure: &Figure| {
            let strata = &sample.replicates.strata;
            let variance = strata.variance(|left_out| sample.without(*figure, left_out));
            let value = sample.value(*figure).filter(|value| value.is_finite())?;
            Some(Seen { value, variance: variance.filter(|variance| variance.is_finite()) })
        };
        Attempt::Found(Found { looks, answers: figures.iter().map(answer).collect(), measures })
    }

    /// The situations, those first that rule out most for what they cost.
    fn order(&self, ruling: &[f64]) -> Vec<usize> {
        let rules_out = |known: &Situation| {
            let each = known.members.iter().map(|place| ruling.get(*place).copied().unwrap_or(0.0));
            each.fold(0.0, f64::max)
        };
        let worth = |number: &usize| {
            let known = &self.situations[*number];
            rules_out(known) / (known.days * f64::from(known.devices))
        };
        let mut order: Vec<usize> = (0..self.situations.len()).collect();
        order.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        order
    }

    /// The devices of a place in a situation: its own, so that what chance does to a few of them is not the same in all
    /// places that are left. A screening has fewer, and the same everywhere: what a number does not change must not
    /// move.
    fn devices_at(&self, number: usize, situation: usize, devices: u32, effort: Effort<'_>) -> Vec<String> {
        match effort.is_screening {
            true => vec![format!("devices={}", (devices / FEWER).max(FEWEST).min(devices))],
            false => {
                let own = (number * (self.situations.len() + 1) + situation) as u64;
                let seed = Streams::new(self.seed, "", 0).keyed("devices").at(own).random::<u64>() >> 12;
                vec![format!("seed={seed}")]
            }
        }
    }

    /// The observations of a situation, moved to some values; none where it refuses them.
    fn moved(
        &mut self,
        situation: usize,
        values: &[f64],
        number: usize,
        effort: Effort<'_>,
    ) -> Option<Vec<Observation>> {
        let Situation { members, here, against, .. } = &self.situations[situation];
        let first = &self.observations[*members.first()?];
        let devices = self.devices_at(number, situation, first.scenario.devices, effort);
        let mut read = |mover: &Mover, which: Which| {
            let sets = [mover.sets(&self.space, values), devices.clone()].concat();
            self.reread.observation(first.entry, which, &sets).ok()
        };
        let scenario = read(here, Which::Here)?;
        let other = match against {
            Some(mover) => Some(read(mover, Which::Against)?),
            None => None,
        };
        let moved = |place: &usize| {
            let own = &self.observations[*place];
            let quantity = match (&own.quantity, &other) {
                (Quantity::Ratio(measure, _), Some(other)) => {
                    Quantity::Ratio(*measure, Box::new(other.clone()))
                }
                (quantity, _) => quantity.clone(),
            };
            Observation { quantity, scenario: scenario.clone(), ..own.clone() }
        };
        Some(members.iter().map(moved).collect())
    }
}

/// What an observation costs.
struct Run {
    days: f64,
    devices: u32,
}

impl Run {
    fn of(observation: &Observation, other: Option<&Scenario>) -> Run {
        let scenarios = || std::iter::once(&observation.scenario).chain(other);
        let days = scenarios().map(|scenario| scenario.end.since(crate::time::Time::ORIGIN).days_f64());
        Run { days: days.sum(), devices: scenarios().map(|scenario| scenario.devices).sum() }
    }
}

/// Watches one of many runs, of which it is known how many devices they may have in all.
struct Counted<'a, W> {
    before: u32,
    all: u32,
    watch: &'a mut W,
}

impl<R, W: Watch<R>> Watch<R> for Counted<'_, W> {
    type Fault = W::Fault;

    fn rows(&mut self, rows: R) -> Result<(), W::Fault> {
        self.watch.rows(rows)
    }

    fn expect(&mut self, _: u32) {
        self.watch.expect(self.all.max(self.before));
    }

    fn progress(&mut self, devices: u32, events: u64) {
        self.watch.progress(self.before.saturating_add(devices), events);
    }

    fn stops(&self) -> bool {
        self.watch.stops()
    }
}
