//! Tries the points: each unknown at both ends of its range, then all of them along random trajectories.

use super::morris::{Step, trajectories};
use super::unknowns::{Skipped, Unknown, sets, unknowns};
use super::{About, Effect, Sensitivity, Tried, sign, span};
use crate::comparison::{PairedFigure, run_arms, samples};
use crate::experiment::{After, Plan, Watch};
use crate::figure::Figure;
use crate::record::{Tool, rounded};
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
    bench
        .watch
        .expect(question.devices.saturating_mul(planned(unknowns.len(), question.trajectories) as u32));
    let Some(as_it_is) = bench.attempt(base, "with every number as it is".into()) else { return Ok(None) };
    let ends = bench.one_at_a_time(scenario, &unknowns)?;
    let elementary = bench.in_company(scenario, &unknowns);
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
    /// Simulates a point; `None` once stopped.
    fn attempt(&mut self, arms: &Arms, at: String) -> Option<Estimate> {
        let Question { figure, devices, plan, .. } = *self.question;
        let before = devices.saturating_mul(self.tried.len() as u32);
        let mut after = After { before, watch: &mut *self.watch };
        let Ok(runs) = run_arms(arms, 0..devices, plan, false, &mut after);
        if runs.finished < devices {
            return None;
        }
        let samples = samples(arms, &runs.parts);
        let found = match samples.as_slice() {
            [sample] => {
                let found = Estimate::of(sample, figure);
                Estimate { value: found.value.map(rounded), ..found }
            }
            samples => {
                let paired = PairedFigure::of(figure, samples);
                Estimate { value: paired.difference[1], ci95: paired.ci95[1] }
            }
        };
        self.tried.push((at, found));
        Some(found)
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
            let mut refused = |end: f64| (self.load)(&sets(&base[0].1, [(unknown, end)].into_iter())).err();
            let Some(error) = unknown.range.into_iter().find_map(&mut refused) else { return true };
            let error = error.to_string();
            let why = error.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let why = format!("an end of its range is refused: {why}");
            skipped.push(Skipped { key: unknown.key.clone(), why });
            false
        });
        (found, skipped)
    }

    /// What is found with each unknown at both ends of its range, the others as they are.
    fn one_at_a_time(&mut self, scenario: &Scenario, unknowns: &[Unknown]) -> Result<Vec<[Estimate; 2]>, E> {
        let mut all = vec![[Estimate::default(); 2]; unknowns.len()];
        for (unknown, ends) in unknowns.iter().zip(&mut all) {
            for (value, end) in unknown.range.into_iter().zip(ends) {
                let arms = (self.load)(&sets(scenario, [(unknown, value)].into_iter()))?;
                let Some(found) = self.attempt(&arms, format!("with {}", unknown.says(value))) else { break };
                *end = found;
            }
        }
        Ok(all)
    }

    /// The elementary effects of each unknown, as changes over its whole range.
    fn in_company(&mut self, scenario: &Scenario, unknowns: &[Unknown]) -> Vec<Vec<f64>> {
        let mut elementary = vec![Vec::new(); unknowns.len()];
        let ways = trajectories(unknowns.len(), self.question.trajectories, scenario.seed);
        for (number, way) in (1..).zip(ways) {
            let mut place = way.start;
            let mut last = self.at(scenario, unknowns, &place, number);
            for Step { unknown, by } in way.steps {
                place[unknown] += by;
                let next = self.at(scenario, unknowns, &place, number);
                elementary[unknown].extend(last.zip(next).map(|(last, next)| (next - last) / by));
                last = next;
            }
        }
        elementary
    }

    /// Tries a place in company. It is unknown once stopped, or where the scenario refuses it.
    fn at(&mut self, scenario: &Scenario, unknowns: &[Unknown], place: &[f64], number: usize) -> Option<f64> {
        if self.watch.stops() {
            return None;
        }
        let values = unknowns.iter().zip(place).map(|(unknown, part)| (unknown, unknown.at(*part)));
        let arms = (self.load)(&sets(scenario, values)).ok()?;
        self.attempt(&arms, format!("with all of them moved, on trajectory {number}"))?.value
    }
}
