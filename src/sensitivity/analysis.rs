//! Tries the points: each number at both ends of its range, then all of them along random trajectories.

use super::bench::{Bench, SoFar};
use super::design::{Design, in_company};
use super::judge::{Judge, LEVEL, Sign, Tally};
use super::morris::{LEVELS, Screened, elementary};
use super::point::{Arms, Found, Place, Tried};
use super::unknowns::Unknown;
use super::{About, Effect, Inside, Reversal, Sensitivity, Verdict, span};
use crate::experiment::{Plan, Watch};
use crate::figure::Figure;
use crate::record::{Interrupted, Pieces, Tool, rounded};
use crate::summary::Estimate;
use std::convert::Infallible;
use std::fmt::Display;
use std::ops::Range;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The figure.
    pub figure: Figure,
    /// Devices at each point where one number is moved.
    pub devices: u32,
    /// No point gets more than these.
    pub most_devices: u32,
    /// The smallest difference that matters: as a share where the figure is one, else as a part of the figure of the
    /// scenario as it is.
    pub smallest: f64,
    /// Trajectories of the screening.
    pub trajectories: usize,
    /// Whether no point gets more devices for being unclear, so that each can be tried without the others.
    pub fixed: bool,
    /// How the points are run.
    pub plan: &'a Plan,
    /// The command that makes the same again.
    pub command: String,
}

/// Devices of a point on a trajectory are so many times fewer: each trajectory has people of its own.
const FEWER: u32 = 4;
/// So many reversals are told of.
const MOST_TOLD: usize = 20;

impl Question<'_> {
    /// Devices at each point of a trajectory.
    pub(super) fn in_company(&self) -> u32 {
        (self.devices / FEWER).max(2).min(self.devices)
    }

    /// How often a point is looked at, at most.
    fn looks(&self) -> usize {
        let most = if self.fixed { 0 } else { self.most_devices };
        let doublings = |devices: &u32| Some(devices.saturating_mul(2)).filter(|_| *devices < most);
        std::iter::successors(Some(self.in_company()), doublings).count()
    }
}

/// Tries all points. `base` is the scenario, and the arm whose difference from it is asked about, if one
/// is; `load` reads both anew with some numbers set, or says why it cannot be. `None` if `watch` stopped
/// it before the first point was finished. The sentence that concludes it is left to who shows it.
///
/// # Errors
/// If an end of a range that was accepted is no longer.
pub fn analyse<E, O>(
    question: &Question<'_>,
    base: &Arms,
    load: impl FnMut(&[String]) -> Result<Arms, E>,
    watch: &mut O,
) -> Result<Option<Sensitivity>, E>
where
    E: Display,
    O: Watch<Vec<u8>, Fault = Infallible>,
{
    analyse_with(question, base, load, watch, None)
}

/// The same, of points that were tried already, where some are given.
///
/// # Errors
/// If an end of a range that was accepted is no longer.
pub fn analyse_with<E, O>(
    question: &Question<'_>,
    base: &Arms,
    mut load: impl FnMut(&[String]) -> Result<Arms, E>,
    watch: &mut O,
    given: Option<Vec<Option<Found>>>,
) -> Result<Option<Sensitivity>, E>
where
    E: Display,
    O: Watch<Vec<u8>, Fault = Infallible>,
{
    let scenario = &base[0].1;
    let design = Design::of(question, base, &mut load);
    let given = given.map(|found| design.given(found));
    let Design { unknowns, skipped, ways, .. } = design;
    let count = unknowns.len();
    let few = question.in_company();
    let most_points = 1 + 4 * count + ways.len() * (count + 2);
    let comparisons = most_points * question.looks();
    let mut bench = Bench {
        figure: question.figure,
        plan: question.plan,
        load,
        watch,
        so_far: SoFar {
            judge: None,
            most_devices: question.most_devices.max(question.devices),
            fixed: question.fixed,
            reverses: false,
            gave_up: false,
        },
        given,
        tried: Vec::new(),
        done: 0,
        expected: 0,
    };
    bench.expect(question.devices as usize * (1 + 2 * count) + few as usize * ways.len() * (count + 2));
    let as_it_is = Place::as_it_is(&unknowns);
    let has_difference = base.len() > 1;
    // Of the base its sign is asked alone, on as many devices as that takes: on few it may be chance's.
    let own = Judge { sign: Sign::Own, smallest: 0.0, chance: (1.0 - LEVEL) / comparisons as f64 };
    bench.so_far.judge = has_difference.then_some(own);
    let Some(at_base) = bench.attempt(std::slice::from_ref(&as_it_is), &unknowns, question.devices)?[0]
    else {
        return Ok(None);
    };
    let last = bench.tried[0].last;
    let judge = own.against(&last, smallest(question, &last));
    if has_difference {
        bench.tried[0].clarity = Some(judge.says(&last));
        bench.so_far.judge = Some(judge);
    }
    let ends: Vec<Place> = (0..count).flat_map(|number| as_it_is.at_ends(number, &unknowns)).collect();
    let ends = bench.attempt(&ends, &unknowns, question.devices)?;
    // Where both ends lie on one side, what is between them may lie on the other.
    let inside: Vec<Place> = (0..count)
        .filter(|number| is_on_one_side(&at_base, &ends[2 * number..2 * number + 2]))
        .flat_map(|number| as_it_is.inside(number, &unknowns))
        .collect();
    bench.expect(question.devices as usize * inside.len());
    let found_inside = bench.attempt(&inside, &unknowns, question.devices)?;
    let company: Vec<Place> =
        (1..).zip(&ways).flat_map(|(number, way)| in_company(&unknowns, way, number)).collect();
    let found = bench.attempt(&company, &unknowns, few)?;
    let values: Vec<Option<f64>> =
        found.iter().map(|found| found.and_then(|found| found.estimate.value)).collect();
    let mut screened: Vec<Screened> =
        elementary(&ways, &values, count + 1).iter().map(|effects| Screened::of(effects)).collect();
    let dummy = screened.pop().filter(|_| !ways.is_empty());
    let planned = 1 + 2 * count + inside.len() + company.len();
    let complete = !bench.watch.stops();
    let (tried, most_devices) = (bench.tried, bench.so_far.most_devices);
    let inside = |number: usize| {
        let of = inside.iter().zip(&found_inside).filter(move |(place, _)| place.changed == Some(number));
        of.filter_map(move |(place, found)| {
            Some(Inside { at: place.values[number], found: (*found)?.estimate })
        })
    };
    let mut effects: Vec<(usize, Effect)> = unknowns
        .iter()
        .enumerate()
        .map(|(number, unknown)| {
            let [low, high] = [2 * number, 2 * number + 1]
                .map(|end| ends[end].map_or_else(Estimate::default, |found| found.estimate));
            let inside = inside(number).collect();
            let effect = Effect::of(unknown.clone(), at_base.estimate, [low, high], inside, screened[number]);
            (number, effect.against(dummy.as_ref()))
        })
        .collect();
    effects.sort_by(|a, b| b.1.weight().total_cmp(&a.1.weight()));
    let order: Vec<usize> = effects.iter().map(|(number, _)| *number).collect();
    let verdict = has_difference.then(|| {
        let verdict = verdict(&tried, judge, &unknowns, &order);
        Verdict { looks: question.looks(), comparisons, most_devices, ..verdict }
    });
    Ok(Some(Sensitivity {
        schema: 2,
        tool: Tool::THIS,
        scenario: About {
            name: scenario.name.clone(),
            sha256: scenario.sha256(),
            seed: scenario.seed,
            devices: scenario.devices,
            command: question.command.clone(),
        },
        interrupted: (!complete).then_some(Interrupted {
            finished: tried.len() as u64,
            asked: planned as u64,
            of: Pieces::Points,
        }),
        figure: question.figure,
        difference_to: base.get(1).map(|(label, _)| label.clone()),
        base: at_base.estimate,
        span: span(&tried),
        points: tried.len(),
        planned,
        complete,
        trajectories: question.trajectories,
        levels: LEVELS,
        devices_in_company: few,
        noise_floor: dummy.and_then(|dummy| dummy.mu_star),
        dummy,
        unknowns: effects.into_iter().map(|(_, effect)| effect).collect(),
        skipped,
        verdict,
        conclusion: String::new(),
        tried,
        moved: unknowns,
    }))
}

/// Tries some points of a design, from one number up to another, each on its first devices. What is found at each is handed
/// to `keep`, in order; nothing of those that the scenario refuses. It is less than all where `watch` stopped it.
///
/// # Errors
/// If an end of a range that was accepted is no longer, or it cannot be kept.
pub fn try_points<E, O>(
    question: &Question<'_>,
    design: &Design,
    numbers: Range<usize>,
    load: impl FnMut(&[String]) -> Result<Arms, E>,
    watch: &mut O,
    mut keep: impl FnMut(usize, Option<Found>) -> Result<(), E>,
) -> Result<(), E>
where
    E: Display,
    O: Watch<Vec<u8>, Fault = Infallible>,
{
    let so_far = SoFar { judge: None, most_devices: 0, fixed: true, reverses: false, gave_up: false };
    let (figure, plan) = (question.figure, question.plan);
    let mut bench =
        Bench { figure, plan, load, watch, so_far, given: None, tried: Vec::new(), done: 0, expected: 0 };
    let all = design.places[numbers.clone()].chunk_by(|one, other| one.1 == other.1);
    bench.expect(design.places[numbers.clone()].iter().map(|(_, devices)| *devices as usize).sum());
    let mut number = numbers.start;
    for alike in all {
        // Few at a time, so that what is found can be kept.
        for some in alike.chunks(AT_A_TIME) {
            let places: Vec<Place> = some.iter().map(|(place, _)| place.clone()).collect();
            let found = bench.attempt(&places, &design.unknowns, some[0].1)?;
            if bench.watch.stops() {
                return Ok(());
            }
            for found in found {
                keep(number, found)?;
                number += 1;
            }
        }
    }
    Ok(())
}

/// So many points of a part are tried before they are kept.
const AT_A_TIME: usize = 64;

/// The smallest difference that matters, in the unit of the figure.
fn smallest(question: &Question<'_>, at_base: &Found) -> f64 {
    question.figure.smallest(question.smallest, at_base.arms[0])
}

/// Whether the figure at both ends lies on one side of what it is, or the range ends where the number is.
fn is_on_one_side(base: &Found, ends: &[Option<Found>]) -> bool {
    let value = |found: &Found| found.estimate.value;
    let off = |end: &Option<Found>| Some(value(end.as_ref()?)? - value(base)?);
    match (off(&ends[0]), off(&ends[1])) {
        (Some(low), Some(high)) => low * high >= 0.0 && (low, high) != (0.0, 0.0),
        _ => false,
    }
}

/// What all points say.
fn verdict(tried: &[Tried], judge: Judge, unknowns: &[Unknown], order: &[usize]) -> Verdict {
    let mut counts = Tally::default();
    tried.iter().filter_map(|point| point.clarity).for_each(|clarity| counts.count(clarity));
    let sign = if let Sign::Base(sign) = judge.sign { Some(sign) } else { None };
    let favour = |point: &Tried| point.last.estimate.value.unwrap_or(0.0) * sign.unwrap_or(1.0);
    let mut known: Vec<(usize, &Tried)> =
        (1..).zip(tried).filter(|(_, point)| point.last.estimate.value.is_some()).collect();
    known.sort_by(|a, b| favour(a.1).total_cmp(&favour(b.1)));
    let told = |(row, point): &(usize, &Tried)| Reversal {
        point: *row,
        at: point.place.words(unknowns),
        difference: point.last.estimate,
        devices: point.last.devices,
        differs: point.place.differs(unknowns, order),
    };
    let contrary = known.iter().filter(|(_, point)| point.clarity == Some(super::judge::Clarity::Contrary));
    Verdict {
        verdict: counts.answer(),
        sign,
        counts,
        level: LEVEL,
        looks: 0,
        comparisons: 0,
        smallest: rounded(judge.smallest),
        most_devices: 0,
        least: known.first().map(told),
        reversals: contrary.take(MOST_TOLD).map(told).collect(),
    }
}
