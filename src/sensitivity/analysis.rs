//! Tries the points: each unknown at both ends of its range, then all of them along random trajectories.

use super::morris::{Step, Trajectory, trajectories};
use super::unknowns::{Skipped, Unknown, sets, unknowns};
use super::{About, Effect, Sensitivity, Tried, sign, span};
use crate::comparison::{PairedFigure, Runs, run_each, samples};
use crate::experiment::{After, Plan, Watch};
use crate::figure::Figure;
use crate::record::{Interrupted, Pieces, Tool, rounded};
use crate::scenario::Scenario;
use crate::summary::Estimate;
use std::convert::Infallible;
use std::fmt::Display;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The figure.
    pub figure: Figure,
    /// Devices at each point.
    pub devices: u32,
    /// Trajectories of the screening.
    pub trajectories: usize,
    /// How the points are run.
    pub plan: &'a Plan,
    /// The command that makes the same again.
    pub command: String,
}

type Arms = Vec<(String, Scenario)>;

/// Points that are read before they are run, for each thread: enough that few wait for the last of them, and not so
/// many that the scenarios fill the memory.
const READ_AHEAD: usize = 16;
/// The least number of them.
const LEAST_AHEAD: usize = 64;

/// A point: where it is, in words, and what is set there.
struct Place {
    words: String,
    sets: Vec<String>,
    /// Whether the scenario is known to take it.
    is_known: bool,
}

/// Everything that is needed to try a point.
struct Bench<'a, O, L> {
    question: &'a Question<'a>,
    load: L,
    watch: &'a mut O,
    tried: Vec<Tried>,
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
    let mut bench = Bench { question, load, watch, tried: Vec::new() };
    let scenario = &base[0].1;
    let (unknowns, skipped) = bench.movable(base);
    let ways = trajectories(unknowns.len(), question.trajectories, scenario.seed);
    let as_it_is = Place { words: "with every number as it is".into(), sets: Vec::new(), is_known: true };
    let places: Vec<Place> = std::iter::once(as_it_is)
        .chain(one_at_a_time(&unknowns))
        .chain((1..).zip(&ways).flat_map(|(number, way)| in_company(&unknowns, way, number)))
        .collect();
    bench.watch.expect(question.devices.saturating_mul(places.len() as u32));
    let found = bench.attempt(&places)?;
    let Some(as_it_is) = found[0] else { return Ok(None) };
    let (ends, company) = found[1..].split_at(2 * unknowns.len());
    let ends = ends.chunks(2).map(|ends| [ends[0], ends[1]].map(Option::unwrap_or_default));
    let elementary = elementary(&ways, company, unknowns.len());
    let complete = !bench.watch.stops();
    let tried = bench.tried;
    let mut effects: Vec<Effect> = unknowns
        .into_iter()
        .zip(ends)
        .zip(&elementary)
        .map(|((unknown, [low, high]), elementary)| Effect::of(unknown, as_it_is, low, high, elementary))
        .collect();
    effects.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    let difference_to = base.get(1).map(|(label, _)| label.clone());
    Ok(Some(Sensitivity {
        schema: 1,
        tool: Tool::THIS,
        scenario: About {
            name: scenario.name.clone(),
            sha256: scenario.sha256(),
            seed: scenario.seed,
            devices: scenario.devices,
            command: question.command.clone(),
        },
        interrupted: (!complete).then(|| Interrupted {
            finished: tried.len() as u64,
            asked: planned(effects.len(), question.trajectories) as u64,
            of: Pieces::Points,
        }),
        figure: question.figure,
        base: as_it_is,
        span: span(&tried),
        points: tried.len(),
        complete,
        trajectories: question.trajectories,
        unknowns: effects,
        skipped,
        sign: difference_to.as_ref().and_then(|_| sign(as_it_is, &tried)),
        difference_to,
        conclusion: String::new(),
    }))
}

/// How many points there are to try.
pub(super) const fn planned(unknowns: usize, trajectories: usize) -> usize {
    1 + unknowns * 2 + trajectories * (unknowns + 1)
}

impl<E, O, L> Bench<'_, O, L>
where
    E: Display,
    O: Watch<Vec<u8>, Fault = Infallible>,
    L: FnMut(&[String]) -> Result<Arms, E>,
{
    /// Tries these points; those are unknown that come after `watch` stopped it, and those in company that the
    /// scenario refuses.
    fn attempt(&mut self, places: &[Place]) -> Result<Vec<Option<Estimate>>, E> {
        let Question { figure, devices, plan, .. } = *self.question;
        let mut all = Vec::with_capacity(places.len());
        for places in places.chunks(LEAST_AHEAD.max(READ_AHEAD * plan.jobs)) {
            if self.watch.stops() {
                break;
            }
            let (mut points, mut of) = (Vec::new(), Vec::new());
            for place in places {
                match (self.load)(&place.sets) {
                    Ok(arms) => {
                        of.push(Some(points.len()));
                        points.push(arms);
                    }
                    Err(error) if place.is_known => return Err(error),
                    Err(_) => of.push(None),
                }
            }
            let mut found = vec![None; points.len()];
            let done = |point: usize, runs: Runs| {
                if runs.finished == devices {
                    found[point] = Some(estimate(figure, &points[point], &runs));
                }
                Ok(())
            };
            let before = devices.saturating_mul(all.len() as u32);
            let mut after = After { before, watch: &mut *self.watch };
            let Ok(()) = run_each(&points, 0..devices, plan, false, &mut after, done);
            let found: Vec<_> = of.into_iter().map(|point| point.and_then(|point| found[point])).collect();
            let words = places.iter().map(|place| place.words.clone());
            self.tried.extend(words.zip(&found).filter_map(|(words, found)| Some((words, (*found)?))));
            all.extend(found);
        }
        all.resize(places.len(), None);
        Ok(all)
    }

    /// The unknowns of any arm that can be set to both ends of their range, and the others with the
    /// reason: a setting may bring unknowns of its own into play.
    fn movable(&mut self, base: &Arms) -> (Vec<Unknown>, Vec<Skipped>) {
        let (mut found, mut skipped) = unknowns(&base[0].1);
        if let Some((_, other)) = base.get(1) {
            let known = found.len();
            let more = unknowns(other).0.into_iter();
            let more: Vec<_> =
                more.filter(|new| found[..known].iter().all(|known| known.key != new.key)).collect();
            found.extend(more);
        }
        found.retain(|unknown| {
            let mut refused = |end: f64| (self.load)(&sets([(unknown, end)].into_iter())).err();
            let Some(error) = unknown.range.into_iter().find_map(&mut refused) else { return true };
            let error = error.to_string();
            let why = error.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let why = format!("an end of its range is refused: {why}");
            skipped.push(Skipped { key: unknown.key.clone(), why });
            false
        });
        (found, skipped)
    }
}

/// The figure at a point, or the difference that the other arm makes to it.
fn estimate(figure: Figure, arms: &Arms, runs: &Runs) -> Estimate {
    match samples(arms, &runs.parts).as_slice() {
        [sample] => {
            let found = Estimate::of(sample, figure);
            Estimate { value: found.value.map(rounded), ..found }
        }
        samples => {
            let paired = PairedFigure::of(figure, samples);
            Estimate { value: paired.difference[1], ci95: paired.ci95[1] }
        }
    }
}

/// Each unknown at both ends of its range, the others as they are.
fn one_at_a_time(unknowns: &[Unknown]) -> impl Iterator<Item = Place> {
    let ends = unknowns.iter().flat_map(|unknown| unknown.range.map(|value| (unknown, value)));
    ends.map(|(unknown, value)| Place {
        words: format!("with {}", unknown.says(value)),
        sets: sets([(unknown, value)].into_iter()),
        is_known: true,
    })
}

/// The places of a trajectory.
fn in_company(unknowns: &[Unknown], way: &Trajectory, number: usize) -> Vec<Place> {
    let place = |parts: &[f64]| Place {
        words: format!("with all of them moved, on trajectory {number}"),
        sets: sets(unknowns.iter().zip(parts).map(|(unknown, part)| (unknown, unknown.at(*part)))),
        is_known: false,
    };
    let mut parts = way.start.clone();
    let mut places = vec![place(&parts)];
    for Step { unknown, by } in &way.steps {
        parts[*unknown] += by;
        places.push(place(&parts));
    }
    places
}

/// The elementary effects of each unknown, as changes over its whole range.
fn elementary(ways: &[Trajectory], found: &[Option<Estimate>], unknowns: usize) -> Vec<Vec<f64>> {
    let mut elementary = vec![Vec::new(); unknowns];
    for (way, found) in ways.iter().zip(found.chunks(unknowns + 1)) {
        let value = |found: Option<Estimate>| found.and_then(|found| found.value);
        for (Step { unknown, by }, pair) in way.steps.iter().zip(found.windows(2)) {
            let change = value(pair[0]).zip(value(pair[1])).map(|(last, next)| (next - last) / by);
            elementary[*unknown].extend(change);
        }
    }
    elementary
}
