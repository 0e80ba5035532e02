//! What a calibration found, in numbers: what each observation ruled out, how far each number and each answer is
//! narrowed, and the members of the ensemble.

use super::ensemble::{Member, Observed};
use super::search::{Outcome, Question, Tried, Wave};
use super::space::{Axis, Space};
use super::target::{CUT, Look};
use super::verdict::Verdict;
use super::weight::{FEWEST, mean, quantile, thinned};
use crate::figure::Figure;
use crate::record::{Tool, rounded};
use serde::Serialize;

/// `calibration.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Calibration {
    /// The version of this format.
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// What was observed.
    pub observations: Observed,
    /// The command that makes the same again.
    pub command: String,
    /// Devices in each situation at each place.
    pub devices: u32,
    /// The scenario whose figures are the answers.
    pub scenario: String,
    /// What it says.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Places that were tried to see which numbers matter.
    pub screened: usize,
    /// All other places.
    pub tried: usize,
    /// Those that the scenarios refused.
    pub refused: usize,
    /// Each wave in turn.
    pub waves: Vec<Wave>,
    /// The part of the space that is not ruled out.
    pub left: f64,
    /// How many places of equal weight tell as much as those.
    pub effective: f64,
    /// Members of the ensemble.
    pub members: usize,
    /// The observations.
    pub targets: Vec<TargetFound>,
    /// The numbers, those that matter first, and of these the narrowed ones.
    pub unknown: Vec<Narrowed>,
    /// Numbers that some situation fixes itself, and that stay so there.
    pub fixed: Vec<String>,
    /// The figures of the scenario.
    pub answers: Vec<Answer>,
}

/// What became of an observation.
#[derive(Clone, Debug, Serialize)]
pub struct TargetFound {
    /// What it is called.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// What was observed.
    pub value: f64,
    /// Where it may lie all the same.
    pub range: [f64; 2],
    /// Whether it examined the others' result.
    pub exam: bool,
    /// Of the first wave the part that contradicts it.
    pub rules_out: f64,
    /// The part that contradicts it and nothing else.
    pub alone: f64,
    /// The part that met it as to how implausible it is in the end: the median of what is left, and the least of all.
    pub median: Option<f64>,
    /// The least of all places.
    pub nearest: Option<f64>,
    /// What the places that are left simulate: from 5 to 95 % of their weight.
    pub simulated: Option<[f64; 2]>,
}

/// How far a number is narrowed.
#[derive(Clone, Debug, Serialize)]
pub struct Narrowed {
    /// The number.
    #[serde(flatten)]
    pub axis: Axis,
    /// Whether anything that was looked at depends on it.
    pub matters: bool,
    /// From 5 to 95 % of what is left; nothing where too little is.
    pub left: Option<[f64; 2]>,
    /// How wide that is against the same of everything.
    pub width: Option<f64>,
}

/// A figure before and after.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// Which one.
    pub figure: Figure,
    /// From 5 to 95 % of everything that is plausible.
    pub before: Option<[f64; 2]>,
    /// From 5 to 95 % of what is left.
    pub after: Option<[f64; 2]>,
    /// The mean of what is left.
    pub mean: Option<f64>,
}

/// A number is narrowed whose middle 90 % are less than this part of what they were.
pub const NARROWED: f64 = 0.8;
/// Of a uniform law so much lies from 5 to 95 %.
const MIDDLE: [f64; 2] = [0.05, 0.95];

/// What a calibration is told of itself.
pub struct About {
    /// What was observed.
    pub observations: Observed,
    /// The command that makes the same again.
    pub command: String,
    /// Devices in each situation at each place.
    pub devices: u32,
    /// The scenario whose figures are the answers.
    pub scenario: String,
    /// The unit of each observation.
    pub units: Vec<&'static str>,
    /// Numbers that some situation fixes itself.
    pub fixed: Vec<String>,
    /// The figures that are kept.
    pub figures: Vec<Figure>,
}

impl Calibration {
    /// What an outcome comes to.
    pub fn of(question: &Question, space: &Space, outcome: &Outcome, about: About) -> Calibration {
        let verdict = Verdict::of(&question.targets, outcome);
        let About { observations, command, devices, scenario, units, fixed, figures } = about;
        let left = left(outcome);
        Calibration {
            schema: 1,
            tool: Tool::THIS,
            observations,
            command,
            devices,
            scenario,
            screened: outcome.screened,
            tried: outcome.tried.len(),
            refused: outcome.tried.iter().filter(|tried| tried.found.is_none()).count(),
            waves: outcome.waves.clone(),
            left: if verdict.allows() { outcome.waves.last().map_or(1.0, |wave| wave.left) } else { 0.0 },
            effective: rounded(outcome.effective),
            members: 0,
            targets: targets(question, outcome, &left, &units),
            unknown: narrowed(space, outcome, &left),
            fixed,
            answers: answers(outcome, &left, &figures),
            verdict,
        }
    }

    /// The observations of the clash.
    pub fn clash(&self) -> Vec<&TargetFound> {
        match &self.verdict {
            Verdict::Contradiction { clash, .. } => {
                clash.iter().filter_map(|place| self.targets.get(*place)).collect()
            }
            Verdict::Allowed | Verdict::NotFound { .. } => Vec::new(),
        }
    }

    /// Whether enough is left to tell shares of it.
    pub fn has_shares(&self) -> bool {
        self.effective >= FEWEST
    }
}

/// The places that are left, with their weight.
fn left(outcome: &Outcome) -> Vec<(&Tried, f64)> {
    outcome.left.iter().map(|(place, weight)| (&outcome.tried[*place], *weight)).collect()
}

/// From 5 to 95 % of the weight, where there is enough of it.
fn middle(effective: f64, values: impl Iterator<Item = (f64, f64)>) -> Option<[f64; 2]> {
    let values: Vec<(f64, f64)> = values.collect();
    let ends = MIDDLE.map(|part| quantile(&values, part));
    if effective < FEWEST { None } else { Some([rounded(ends[0]?), rounded(ends[1]?)]) }
}

fn targets(
    question: &Question,
    outcome: &Outcome,
    left: &[(&Tried, f64)],
    units: &[&'static str],
) -> Vec<TargetFound> {
    let first = &outcome.tried[..outcome.whole];
    let far = |tried: &Tried, target: usize| {
        let look = tried.found.as_ref()?.looks[target];
        let far = question.targets[target].implausibility(look, outcome.least[target]);
        (look != Look::Skipped).then_some(far)
    };
    let beyond = |tried: &Tried, target: usize| far(tried, target).is_some_and(|far| far > CUT);
    let part = |count: usize| rounded(count as f64 / first.len().max(1) as f64);
    let used = |target: &usize| !question.targets[*target].is_exam;
    let of = |(place, target): (usize, &super::Target)| {
        let alone = |tried: &&Tried| {
            let mut others = (0..question.targets.len()).filter(used).filter(|other| *other != place);
            beyond(tried, place) && !others.any(|other| beyond(tried, other))
        };
        let weighed = |what: &dyn Fn(&Tried) -> Option<f64>| -> Vec<(f64, f64)> {
            left.iter().filter_map(|(tried, weight)| Some((what(tried)?, *weight))).collect()
        };
        let value = |tried: &Tried| tried.found.as_ref()?.looks[place].seen().map(|seen| seen.value);
        let nearest =
            outcome.tried.iter().filter_map(|tried| far(tried, place)).fold(f64::INFINITY, f64::min);
        TargetFound {
            name: target.name.clone(),
            unit: units.get(place).copied().unwrap_or_default(),
            value: target.value,
            range: target.range,
            exam: target.is_exam,
            rules_out: part(first.iter().filter(|tried| beyond(tried, place)).count()),
            alone: part(first.iter().filter(alone).count()),
            median: quantile(&weighed(&|tried| far(tried, place)), 0.5).map(rounded),
            nearest: nearest.is_finite().then(|| rounded(nearest)),
            simulated: middle(outcome.effective, weighed(&value).into_iter()),
        }
    };
    question.targets.iter().enumerate().map(of).collect()
}

fn narrowed(space: &Space, outcome: &Outcome, left: &[(&Tried, f64)]) -> Vec<Narrowed> {
    let of = |(place, axis): (usize, &Axis)| {
        let parts = left.iter().map(|(tried, weight)| (tried.place[place], *weight));
        let ends = middle(outcome.effective, parts);
        Narrowed {
            axis: axis.clone(),
            matters: outcome.active.contains(&place),
            left: ends.map(|ends| ends.map(|part| axis.at(part))),
            width: ends.map(|[low, high]| rounded((high - low) / (MIDDLE[1] - MIDDLE[0]))),
        }
    };
    let mut all: Vec<Narrowed> = space.0.iter().enumerate().map(of).collect();
    let key = |narrowed: &Narrowed| narrowed.width.unwrap_or(1.0);
    all.sort_by(|a, b| b.matters.cmp(&a.matters).then(key(a).total_cmp(&key(b))));
    all
}

fn answers(outcome: &Outcome, left: &[(&Tried, f64)], figures: &[Figure]) -> Vec<Answer> {
    let value = |tried: &Tried, figure: usize| {
        tried.found.as_ref()?.answers.get(figure).copied().flatten().map(|seen| seen.value)
    };
    let first = &outcome.tried[..outcome.whole];
    let of = |(place, figure): (usize, &Figure)| {
        let before: Vec<(f64, f64)> =
            first.iter().filter_map(|tried| Some((value(tried, place)?, 1.0))).collect();
        let after: Vec<(f64, f64)> =
            left.iter().filter_map(|(tried, weight)| Some((value(tried, place)?, *weight))).collect();
        Answer {
            figure: *figure,
            before: middle(before.len() as f64, before.into_iter()),
            after: middle(outcome.effective, after.iter().copied()),
            mean: mean(&after).map(rounded),
        }
    };
    figures.iter().enumerate().map(of).collect()
}

/// The members of an ensemble of so many: places that are left, far from each other along the numbers that matter.
pub fn members(space: &Space, outcome: &Outcome, count: usize) -> Vec<Member> {
    let left = left(outcome);
    let along = |tried: &Tried| outcome.active.iter().map(|axis| tried.place[*axis]).collect::<Vec<f64>>();
    let places: Vec<Vec<f64>> = left.iter().map(|(tried, _)| along(tried)).collect();
    let weights: Vec<f64> = left.iter().map(|(_, weight)| *weight).collect();
    let member =
        |(place, weight): (usize, f64)| Member { weight, values: space.values(&left[place].0.place) };
    thinned(&places, &weights, count).into_iter().map(member).collect()
}
