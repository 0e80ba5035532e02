//! History matching in waves: what contradicts an observation is ruled out, and the next wave looks where the last one
//! left something.
//!
//! The first wave fills the space evenly. Each further one begins with the quarter that is least implausible, or with
//! all that is not ruled out any more, and moves each place a little; a move counts that is no more implausible than the
//! worst of these, else the place counts once more. So every wave is spread as evenly over what is left as the first
//! over everything, and how much is left is the product of what each wave left. Once that is all that is not ruled out,
//! places are drawn by their weight, and moves count as often as keeps them so.
//!
//! Sources: I. Vernon, M. Goldstein and R. Bower, Bayesian Anal. 5 (2010), 619–670 (history matching); S.-K. Au and
//! J. L. Beck, Probab. Eng. Mech. 16 (2001), 263–277 (waves through ever smaller sets, which keep the law of the first).

use super::screen::Screening;
use super::sobol::{EVEN_AXES, Sobol};
use super::target::{CUT, Look, Seen, Target};
use super::weight::{FEWEST, effective, weight};
use crate::random::{Keyed, RngExt, Streams};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is searched, and how hard.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// What was observed.
    pub targets: Vec<Target>,
    /// How many numbers are unknown.
    pub axes: usize,
    /// Places of the first wave; each other has half of them.
    pub points: usize,
    /// Waves at most.
    pub waves: usize,
    /// The seed of the places.
    pub seed: u64,
}

/// What was found at a place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Found {
    /// One for each target.
    pub looks: Vec<Look>,
    /// Figures that people ask for; none where the place is ruled out.
    pub answers: Vec<Option<Seen>>,
    /// What could be observed of the same devices, but for what is: the mean of every measure; likewise.
    #[serde(default)]
    pub measures: Vec<Option<f64>>,
}

/// How a place is looked at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Effort<'a> {
    /// Whether it is one of many that only tell what matters.
    pub is_screening: bool,
    /// What is more implausible need not be looked at any further.
    pub level: f64,
    /// The variance over devices that every run has, one for each target.
    pub least: &'a [f64],
}

/// What came of trying a place.
#[derive(Clone, PartialEq, Debug)]
pub enum Attempt {
    /// It was looked at.
    Found(Found),
    /// The scenario refuses it: together these numbers mean nothing.
    Refused,
    /// Somebody wants it to end.
    Stopped,
}

/// A place that was tried.
#[derive(Clone, PartialEq, Debug)]
pub struct Tried {
    /// Where it is, from 0 to 1 on each axis.
    pub place: Vec<f64>,
    /// What was found; nothing where it was refused.
    pub found: Option<Found>,
    /// How implausible its worst observation makes it.
    pub worst: f64,
}

/// What a wave left.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Wave {
    /// Places that it tried.
    pub tried: usize,
    /// What is more implausible is left out of the next.
    pub level: f64,
    /// The part of the space that is left.
    pub left: f64,
}

/// What the search came to.
#[derive(Clone, PartialEq, Debug)]
pub struct Outcome {
    /// Every place that was tried, the screening left out, the first wave first.
    pub tried: Vec<Tried>,
    /// Places of the screening.
    pub screened: usize,
    /// The axes along which it searched, those that matter most first.
    pub active: Vec<usize>,
    /// The variance over devices that every run has, one for each target.
    pub least: Vec<f64>,
    /// Each wave in turn.
    pub waves: Vec<Wave>,
    /// What is not ruled out: the number of the place, and its weight.
    pub left: Vec<(usize, f64)>,
    /// How many places of equal weight tell as much.
    pub effective: f64,
}

/// So much of a wave the next begins with.
const KEPT: f64 = 0.25;
/// It has enough of what is left with so many effective places.
const ENOUGH: f64 = 1.5 * FEWEST;
/// So many axes a move goes along, beside those that nothing depends on.
const MOVED: f64 = 5.0;
/// Moves are longer where more of them count, and shorter where fewer do.
const COUNTING: [f64; 2] = [0.15, 0.4];
const LONGER: [f64; 2] = [0.6, 1.5];
const LENGTHS: [f64; 2] = [0.02, 2.0];

/// Searches. `attempt` is given the number of a place, where it is, and how it is to be looked at; it answers the same
/// whenever it is asked the same. `None` where it was stopped.
///
/// # Errors
/// If an attempt fails.
pub fn search<E>(
    question: &Question,
    mut attempt: impl FnMut(usize, &[f64], Effort<'_>) -> Result<Attempt, E>,
) -> Result<Option<Outcome>, E> {
    let mut least = vec![0.0; question.targets.len()];
    let screening = Screening::of(question);
    let places = screening.places();
    let screened = places.len();
    let mut found = Vec::with_capacity(screened);
    for (number, place) in places.iter().enumerate() {
        let effort = Effort { is_screening: true, level: f64::INFINITY, least: &least };
        found.push(match attempt(number, place, effort)? {
            Attempt::Found(found) => Some(found),
            Attempt::Refused => None,
            Attempt::Stopped => return Ok(None),
        });
    }
    let active = screening.active(&found);
    let mut search = Search { question, screened, tried: Vec::new() };
    let first = first_wave(question, &active);
    if !search.look(&first, f64::INFINITY, &least, &mut attempt)? {
        return Ok(None);
    }
    least = search.variances();
    search.judge(0, &least);
    let mut population: Vec<usize> = (0..search.tried.len()).collect();
    let (mut waves, mut share, mut length) = (Vec::new(), 1.0, 0.5);
    let mut left: BTreeMap<usize, f64> = BTreeMap::new();
    let mut weighed: Vec<Vec<usize>> = Vec::new();
    let mut tried = search.tried.len();
    let (accepted, mut is_weighed) = (Streams::new(question.seed, "", 0).keyed("accept"), false);
    loop {
        // After the last wave only what is not ruled out counts, however little that is.
        let is_last = waves.len() + 1 >= question.waves;
        let meets = |place: &usize| search.tried[*place].worst <= CUT;
        let level = match is_last && population.iter().any(meets) {
            true => CUT,
            false => search.level(&population),
        };
        let is_within =
            |place: &usize| search.tried[*place].worst.is_finite() && search.tried[*place].worst <= level;
        let mut within: Vec<usize> = population.iter().copied().filter(is_within).collect();
        share *= within.len() as f64 / population.len().max(1) as f64;
        waves.push(Wave { tried, level, left: share });
        if level == CUT {
            // Once places were drawn by their weight, how often one is met is what it weighs; the earlier waves, in which
            // the few that were drawn first stand many times, are left out.
            if is_weighed {
                weighed.push(within.clone());
            }
            left.clear();
            let later = weighed[weighed.len() / 2..].iter().flatten().map(|place| (*place, 1.0));
            let only = within.iter().filter(|_| !is_weighed);
            for (place, own) in later.chain(only.map(|place| (*place, weight(search.tried[*place].worst)))) {
                *left.entry(place).or_default() += own;
            }
        }
        let is_enough = effective(left.values().copied()) >= ENOUGH;
        if is_enough || within.is_empty() || !level.is_finite() || is_last {
            break;
        }
        if level == CUT && !is_weighed {
            within = drawn(&within, |place| weight(search.tried[place].worst));
            is_weighed = true;
        }
        let moves = Moves::of(&search.tried, &within, &active, length);
        let before = search.tried.len();
        let count = (question.points / 2).max(1);
        let chosen = |number: usize| match within.len() > count {
            true => number * within.len() / count,
            false => number % within.len(),
        };
        let parents: Vec<usize> = (0..count).map(|number| within[chosen(number)]).collect();
        let mut counted = 0;
        population.clear();
        // Until then those that were kept count beside what became of them; from then on each is what became of it.
        let stays = |place: &usize| !is_weighed || (0..count).all(|number| chosen(number) != *place);
        population.extend((0..within.len()).filter(stays).map(|place| within[place]));
        for (number, parent) in parents.into_iter().enumerate() {
            let (at, number) = (before + number, screened + before + number);
            let place = moves.from(&search.tried[parent].place, question.seed, number);
            // A move counts with the chance that its weight is of that before, as N. Metropolis and others have it (1953):
            // drawn first, it says how implausible the place may be.
            let own = match is_weighed {
                true => least_likely(search.tried[parent].worst, accepted.uniform(number as u64)).min(level),
                false => level,
            };
            if !search.look(std::slice::from_ref(&place), own, &least, &mut attempt)? {
                return Ok(None);
            }
            search.judge(at, &least);
            let counts = search.tried[at].worst <= own;
            counted += usize::from(counts);
            population.push(if counts { at } else { parent });
        }
        let part = counted as f64 / count as f64;
        let longer = match part {
            _ if part < COUNTING[0] => LONGER[0],
            _ if part > COUNTING[1] => LONGER[1],
            _ => 1.0,
        };
        length = (length * longer).clamp(LENGTHS[0], LENGTHS[1]);
        tried = count;
    }
    let effective = effective(left.values().copied());
    let Search { tried, .. } = search;
    Ok(Some(Outcome { tried, screened, active, least, waves, left: left.into_iter().collect(), effective }))
}

/// As many of these as there are, each as often as its weight is of all: evenly, not by chance.
fn drawn(places: &[usize], weight: impl Fn(usize) -> f64) -> Vec<usize> {
    let step = places.iter().map(|place| weight(*place)).sum::<f64>() / places.len() as f64;
    let (mut drawn, mut sum) = (Vec::with_capacity(places.len()), 0.0);
    for place in places {
        sum += weight(*place);
        while drawn.len() < places.len() && (drawn.len() as f64 + 0.5) * step <= sum {
            drawn.push(*place);
        }
    }
    drawn
}

/// How implausible a place may be that takes the place of this one: of which the weight is this part of its own at least.
fn least_likely(worst: f64, part: f64) -> f64 {
    libm::sqrt(worst * worst - 2.0 * libm::log(part.max(1e-300)))
}

struct Search<'a> {
    question: &'a Question,
    screened: usize,
    tried: Vec<Tried>,
}

impl Search<'_> {
    /// Tries places. Whether it came to the end of them.
    fn look<E>(
        &mut self,
        places: &[Vec<f64>],
        level: f64,
        least: &[f64],
        attempt: &mut impl FnMut(usize, &[f64], Effort<'_>) -> Result<Attempt, E>,
    ) -> Result<bool, E> {
        for place in places {
            let effort = Effort { is_screening: false, level, least };
            let found = match attempt(self.screened + self.tried.len(), place, effort)? {
                Attempt::Found(found) => Some(found),
                Attempt::Refused => None,
                Attempt::Stopped => return Ok(false),
            };
            self.tried.push(Tried { place: place.clone(), found, worst: f64::INFINITY });
        }
        Ok(true)
    }

    /// Of each target the variance over devices that half the places of the first wave exceed.
    fn variances(&self) -> Vec<f64> {
        let of = |target: usize| {
            let found = self.tried.iter().filter_map(|tried| tried.found.as_ref());
            let mut all: Vec<f64> = found.filter_map(|found| found.looks[target].seen()?.variance).collect();
            all.sort_by(f64::total_cmp);
            all.get(all.len() / 2).copied().unwrap_or(0.0)
        };
        (0..self.question.targets.len()).map(of).collect()
    }

    /// Says how implausible the places from this one on are.
    fn judge(&mut self, first: usize, least: &[f64]) {
        for tried in &mut self.tried[first..] {
            tried.worst = tried
                .found
                .as_ref()
                .map_or(f64::INFINITY, |found| worst(&self.question.targets, &found.looks, least));
        }
    }

    /// What the next wave leaves out: all but a part, or what is ruled out.
    fn level(&self, population: &[usize]) -> f64 {
        let mut heights: Vec<f64> = population.iter().map(|place| self.tried[*place].worst).collect();
        heights.sort_by(f64::total_cmp);
        let kept = (heights.len() as f64 * KEPT) as usize;
        // Of places that cannot be, none is kept.
        let last = heights.iter().take(kept + 1).rfind(|height| height.is_finite());
        last.map_or(f64::INFINITY, |height| height.max(CUT))
    }
}

/// How implausible the worst observation makes a place, those of the exam left out.
pub fn worst(targets: &[Target], looks: &[Look], least: &[f64]) -> f64 {
    let each = targets.iter().zip(looks).zip(least).filter(|((target, _), _)| !target.is_exam);
    each.map(|((target, look), least)| target.implausibility(*look, *least)).fold(0.0, f64::max)
}

/// Evenly along the axes that matter most, taken together; along each of the others by itself, one place in each slice.
fn first_wave(question: &Question, active: &[usize]) -> Vec<Vec<f64>> {
    let even = &active[..active.len().min(EVEN_AXES)];
    let (points, sobol) = (question.points, Sobol::new(even.len(), question.seed));
    let mut places: Vec<Vec<f64>> =
        (0..points).map(|number| by_chance(free(question.seed), number, question.axes)).collect();
    let dealt = Streams::new(question.seed, "", 0).keyed("deal");
    for axis in (0..question.axes).filter(|axis| !even.contains(axis)) {
        let key = |place: &usize| dealt.uniform((axis as u64) << 32 | *place as u64);
        let mut order: Vec<usize> = (0..points).collect();
        order.sort_by(|a, b| key(a).total_cmp(&key(b)));
        for (slice, place) in order.into_iter().enumerate() {
            places[place][axis] = (slice as f64 + places[place][axis]) / points as f64;
        }
    }
    for (number, place) in places.iter_mut().enumerate() {
        even.iter().zip(sobol.point(number as u32)).for_each(|(axis, part)| place[*axis] = part);
    }
    places
}

fn free(seed: u64) -> Keyed {
    Streams::new(seed, "", 0).keyed("free")
}

fn by_chance(free: Keyed, number: usize, axes: usize) -> Vec<f64> {
    let mut stream = free.at(number as u64);
    (0..axes).map(|_| stream.random::<f64>()).collect()
}

/// How places are moved.
struct Moves<'a> {
    active: &'a [usize],
    /// How far along each of these.
    reach: Vec<f64>,
}

impl<'a> Moves<'a> {
    /// As far as those that were kept are spread, or a part of it.
    fn of(tried: &[Tried], kept: &[usize], active: &'a [usize], length: f64) -> Moves<'a> {
        let reach = |axis: &usize| {
            let parts = || kept.iter().map(|place| tried[*place].place[*axis]);
            let mean = parts().sum::<f64>() / kept.len() as f64;
            let variance = parts().map(|part| (part - mean) * (part - mean)).sum::<f64>() / kept.len() as f64;
            length * libm::sqrt(variance.max(1e-4))
        };
        Moves { active, reach: active.iter().map(reach).collect() }
    }

    /// A place near this one: as near from there as this from it, so that moving keeps what is even.
    fn from(&self, place: &[f64], seed: u64, number: usize) -> Vec<f64> {
        let mut moved = by_chance(free(seed), number, place.len());
        let mut stream = Streams::new(seed, "", 0).keyed("move").at(number as u64);
        let normal = Streams::new(seed, "", 0).keyed("step");
        let chance = MOVED / self.active.len().max(1) as f64;
        let sure = if self.active.is_empty() { 0 } else { stream.random_range(0..self.active.len()) };
        for (rank, (axis, reach)) in self.active.iter().zip(&self.reach).enumerate() {
            let goes = stream.random::<f64>() < chance || rank == sure;
            let step = if goes { reach * normal.normal((number as u64) << 16 ^ rank as u64) } else { 0.0 };
            moved[*axis] = reflected(place[*axis] + step);
        }
        moved
    }
}

/// Back into the range, as from a mirror at each end.
fn reflected(part: f64) -> f64 {
    let turn = (part.abs()) % 2.0;
    if turn > 1.0 { 2.0 - turn } else { turn }
}
