//! History matching in waves: what contradicts an observation is ruled out, and the next wave looks where the last one
//! left something.
//!
//! The first wave fills the space evenly; where it is large, most of it is looked at no further than what rules it out,
//! and if that leaves enough there is no other. Each further one begins with the quarter that is least implausible, or with
//! all that is not ruled out any more, and moves each place a little; a move counts that is no more implausible than the
//! worst of these, else the place counts once more. So every wave is spread as evenly over what is left as the first
//! over everything, and how much is left is the product of what each wave left. Once that is all that is not ruled out,
//! places are drawn by their weight, and moves count as often as keeps them so.
//!
//! Sources: I. Vernon, M. Goldstein and R. Bower, Bayesian Anal. 5 (2010), 619–670 (history matching); S.-K. Au and
//! J. L. Beck, Probab. Eng. Mech. 16 (2001), 263–277 (waves through ever smaller sets, which keep the law of the first).

use super::places::{Moves, first_wave};
use super::screen::Screening;
use super::target::{CUT, Look, Seen, Target};
use super::weight::{FEWEST, Family, strangers, weight};
use crate::random::Streams;
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
    /// The part of everything that each target rules out: what rules out most is best looked at first. Empty while
    /// nothing is known of it.
    pub ruling: &'a [f64],
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
    /// The place of the first wave that it stems from by moves, by its number: its own, where it is one of these.
    pub root: usize,
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
    /// So many of the first places were looked at in full, whatever ruled them out.
    pub whole: usize,
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

/// Of the first wave so many places are looked at in full. They tell what an observation rules out, which of two clash,
/// and where to look first in the rest of it.
const WHOLE: usize = 256;
/// So much of a wave the next begins with.
const KEPT: f64 = 0.25;
/// It has enough of what is left with so many effective places.
const ENOUGH: f64 = 1.5 * FEWEST;
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
        let effort = Effort { is_screening: true, level: f64::INFINITY, least: &least, ruling: &[] };
        found.push(match attempt(number, place, effort)? {
            Attempt::Found(found) => Some(found),
            Attempt::Refused => None,
            Attempt::Stopped => return Ok(None),
        });
    }
    let active = screening.active(&found);
    let mut search = Search { question, screened, tried: Vec::new(), ruling: Vec::new() };
    let first = first_wave(question, &active);
    let whole = first.len().min(WHOLE);
    if !search.look(&first[..whole], f64::INFINITY, &least, &mut attempt)? {
        return Ok(None);
    }
    least = search.variances();
    search.judge(0, &least);
    search.ruling = search.rules_out(&least);
    let first_level = search.first_level();
    if !search.look(&first[whole..], first_level, &least, &mut attempt)? {
        return Ok(None);
    }
    search.judge(whole, &least);
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
        let level = match waves.is_empty() {
            true => first_level,
            false => search.level(&population),
        };
        let level = if is_last && population.iter().any(meets) { CUT } else { level };
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
        let is_enough = search.worth(&left, &active) >= ENOUGH;
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
            search.tried[at].root = search.tried[parent].root;
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
    let effective = search.worth(&left, &active);
    let Search { tried, .. } = search;
    Ok(Some(Outcome {
        tried,
        screened,
        whole,
        active,
        least,
        waves,
        left: left.into_iter().collect(),
        effective,
    }))
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
    ruling: Vec<f64>,
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
            let effort = Effort { is_screening: false, level, least, ruling: &self.ruling };
            let found = match attempt(self.screened + self.tried.len(), place, effort)? {
                Attempt::Found(found) => Some(found),
                Attempt::Refused => None,
                Attempt::Stopped => return Ok(false),
            };
            let root = self.tried.len();
            self.tried.push(Tried { place: place.clone(), found, worst: f64::INFINITY, root });
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

    /// Of each target the part of the places so far that it rules out.
    fn rules_out(&self, least: &[f64]) -> Vec<f64> {
        let of = |(number, target): (usize, &Target)| {
            let looks = self.tried.iter().filter_map(|tried| tried.found.as_ref());
            let out = |found: &&Found| target.implausibility(found.looks[number], least[number]) > CUT;
            match target.is_exam {
                true => 0.0,
                false => looks.filter(out).count() as f64 / self.tried.len().max(1) as f64,
            }
        };
        self.question.targets.iter().enumerate().map(of).collect()
    }

    /// What the first wave leaves out, by its first places: what is ruled out, if all of it is thought to leave enough
    /// by itself, so that no place need stem from another.
    fn first_level(&self) -> f64 {
        let all: Vec<usize> = (0..self.tried.len()).collect();
        let meet = self.tried.iter().filter(|tried| tried.worst <= CUT).count();
        let left = meet as f64 * self.question.points as f64 / all.len().max(1) as f64;
        if left >= ENOUGH { CUT } else { self.level(&all) }
    }

    /// How many places of equal weight, none of which stems from another, tell as much as those that are left.
    fn worth(&self, left: &BTreeMap<usize, f64>, active: &[usize]) -> f64 {
        let along = |tried: &Tried| active.iter().map(|axis| tried.place[*axis]).collect();
        let mut families: BTreeMap<usize, Family> = BTreeMap::new();
        for (place, weight) in left {
            let tried = &self.tried[*place];
            families.entry(tried.root).or_default().push((along(tried), *weight));
        }
        strangers(&families.into_values().collect::<Vec<Family>>())
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
