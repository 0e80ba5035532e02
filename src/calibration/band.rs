//! An answer over all members of an ensemble, with two bands that are not one another's: chance, which more devices
//! narrow, and ignorance, which only more observations do.

use super::ensemble::Ensemble;
use super::space::Mover;
use super::weight::{FEWEST, mean, quantile};
use crate::analysis::jackknife::Strata;
use crate::comparison::{Runs, run_each, samples};
use crate::experiment::{After, Plan, Watch};
use crate::figure::{Direction, Figure, Sample};
use crate::record::rounded;
use crate::scenario::Scenario;
use crate::time::Span;
use serde::Serialize;
use std::convert::Infallible;

/// Each member has so many devices at least.
pub const LEAST_DEVICES: u32 = 64;
/// Members that are in memory at once.
const AT_A_TIME: usize = 16;
/// Ends of the band of ignorance.
const ENDS: [f64; 2] = [0.05, 0.95];

/// The arms of a scenario in every member that they do not refuse.
#[derive(Debug)]
pub struct Answers {
    weights: Vec<f64>,
    effective: f64,
    /// The arms' samples in each.
    members: Vec<Vec<Sample>>,
    strata: Strata,
    parts: usize,
    /// Devices of each member.
    pub devices: u32,
    /// Numbers of the ensemble that some arm says itself, and that stay so.
    pub fixed: Vec<String>,
    /// Members that were refused, with why.
    pub refused: Vec<(usize, String)>,
}

/// What is known of a number over the members.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Band {
    /// Its mean by weight.
    pub mean: Option<f64>,
    /// The 95 % interval of that mean, devices being what is drawn.
    pub chance: Option<[f64; 2]>,
    /// From 5 to 95 % of the weight, what chance makes members differ by taken out; nothing where too few places of the
    /// search stand behind the ensemble.
    pub ignorance: Option<[f64; 2]>,
    /// The least and the greatest of any member.
    pub extent: Option<[f64; 2]>,
    /// The weight of the members that know it.
    pub known: f64,
}

/// How an arm fares against the first over the members.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Standing {
    /// The weight of the members in which it is better.
    pub better: f64,
    /// By the smallest difference that matters at least.
    pub clearly: f64,
    /// In which it is worse.
    pub worse: f64,
}

/// How many devices each member has where all have so many.
pub fn share(devices: u32, members: usize) -> u32 {
    (devices / u32::try_from(members.max(1)).unwrap_or(u32::MAX)).max(LEAST_DEVICES)
}

/// Runs the arms in every member on the same devices. `load` reads an arm, by its place, with some keys set. `None` where
/// `watch` stopped it.
///
/// # Errors
/// If every member is refused: with why the first is.
pub fn answers<E, O>(
    ensemble: &Ensemble,
    arms: &[(String, Scenario)],
    mut load: impl FnMut(usize, &[String]) -> Result<Scenario, E>,
    plan: &Plan,
    watch: &mut O,
) -> Result<Option<Answers>, E>
where
    E: ToString,
    O: Watch<Vec<u8>, Fault = Infallible>,
{
    let (space, count) = (ensemble.space(), ensemble.member.len());
    let devices = share(arms[0].1.devices, count);
    let movers: Vec<Mover> = arms.iter().map(|(_, scenario)| Mover::of(&space, scenario)).collect();
    let mut fixed: Vec<String> = movers.iter().flat_map(|mover| mover.fixed.clone()).collect();
    fixed.sort();
    fixed.dedup();
    let (mut weights, mut members, mut refused, mut why) = (Vec::new(), Vec::new(), Vec::new(), None);
    let all = devices.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
    watch.expect(all);
    for (chunk, some) in ensemble.member.chunks(AT_A_TIME).enumerate() {
        let mut read: Vec<(f64, Vec<(String, Scenario)>)> = Vec::with_capacity(some.len());
        for (place, member) in some.iter().enumerate() {
            let arm = |(arm, (label, _)): (usize, &(String, Scenario))| {
                let sets = movers[arm].sets(&space, &member.values);
                let sets = [sets, vec![format!("devices={devices}")]].concat();
                load(arm, &sets).map(|scenario| (label.clone(), scenario))
            };
            match arms.iter().enumerate().map(arm).collect() {
                Ok(arms) => read.push((member.weight, arms)),
                Err(error) => {
                    let words: E = error;
                    refused.push((chunk * AT_A_TIME + place + 1, words.to_string()));
                    why.get_or_insert(words);
                }
            }
        }
        let before = devices.saturating_mul((chunk * AT_A_TIME) as u32);
        let mut found: Vec<Option<Vec<Sample>>> = vec![None; read.len()];
        let runs: Vec<&[_]> = read.iter().map(|(_, arms)| arms.as_slice()).collect();
        let plan = Plan { week: false, by: Vec::new(), ..plan.clone() };
        let done = |place: usize, runs: Runs| {
            found[place] = (runs.finished == devices).then(|| samples(&read[place].1, &runs.parts));
            Ok(())
        };
        let Ok(()) = run_each(&runs, 0..devices, &plan, false, &mut After { before, watch }, done);
        for ((weight, _), found) in read.iter().zip(found) {
            let Some(found) = found else { return Ok(None) };
            weights.push(*weight);
            members.push(found);
        }
    }
    let Some(first) = members.first().and_then(|arms: &Vec<Sample>| arms.first()) else {
        return why.map_or(Ok(None), Err);
    };
    let (strata, parts) = (first.replicates.strata.clone(), first.replicates.without.len());
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    let effective = ensemble.search.effective;
    Ok(Some(Answers { weights, effective, members, strata, parts, devices, fixed, refused }))
}

impl Answers {
    /// How many members there are.
    pub fn members(&self) -> usize {
        self.members.len()
    }

    /// A figure of an arm.
    pub fn value(&self, arm: usize, figure: Figure) -> Band {
        self.band(|arms, left_out| arms[arm].without(figure, left_out))
    }

    /// What an arm's figure is more than that of the first, within each member.
    pub fn difference(&self, arm: usize, figure: Figure) -> Band {
        self.band(|arms, left_out| {
            Some(arms[arm].without(figure, left_out)? - arms[0].without(figure, left_out)?)
        })
    }

    /// In how many an arm is better than the first; nothing of a figure of which no way is better.
    pub fn standing(&self, arm: usize, figure: Figure, smallest: f64) -> Option<Standing> {
        let sign = match figure.facts().better? {
            Direction::More => 1.0,
            Direction::Less => -1.0,
        };
        let gain = |arms: &Vec<Sample>| Some(sign * (arms[arm].value(figure)? - arms[0].value(figure)?));
        let weight = |is: &dyn Fn(f64) -> bool| {
            let those = self.members.iter().zip(&self.weights).filter(|(arms, _)| gain(arms).is_some_and(is));
            rounded(those.map(|(_, weight)| weight).sum())
        };
        Some(Standing {
            better: weight(&|gain| gain > 0.0),
            clearly: weight(&|gain| gain > 0.0 && gain >= smallest),
            worse: weight(&|gain| gain < 0.0),
        })
    }

    /// The shares of mail that an arm tells within these times, from 5 to 95 % of what is not known.
    pub fn curve(&self, arm: usize, times: &[Span]) -> Vec<(Span, [f64; 2])> {
        let band = |within: &Span| {
            let told =
                |arms: &[Sample], left_out| arms[arm].replicates.get(left_out).curve.told_within(*within);
            let band = self.band(told);
            band.ignorance.or(band.extent).map(|ends| (*within, ends.map(|end| end.clamp(0.0, 1.0))))
        };
        times.iter().filter_map(band).collect()
    }

    /// The bands of a number that each member has, of all devices or without a part of them. What all members have in
    /// common, meeting the same devices, is chance; of how they differ a part is chance as well, as the parts tell, and
    /// is taken out of how far they are apart.
    fn band(&self, of: impl Fn(&[Sample], Option<usize>) -> Option<f64>) -> Band {
        let table: Vec<(f64, f64, Vec<Option<f64>>)> = self
            .members
            .iter()
            .zip(&self.weights)
            .filter_map(|(arms, weight)| {
                let value = of(arms, None)?;
                Some((value, *weight, (0..self.parts).map(|part| of(arms, Some(part))).collect()))
            })
            .collect();
        let known: f64 = table.iter().map(|(_, weight, _)| weight).sum();
        let values: Vec<(f64, f64)> = table.iter().map(|(value, weight, _)| (*value, *weight)).collect();
        let Some(middle) = mean(&values) else {
            return Band { mean: None, chance: None, ignorance: None, extent: None, known: 0.0 };
        };
        let means: Vec<Option<f64>> = (0..self.parts)
            .map(|part| {
                let all = table.iter().map(|(_, weight, without)| Some((without[part]?, *weight)));
                mean(&all.collect::<Option<Vec<_>>>()?)
            })
            .collect();
        let chance = self.strata.interval(|part| part.map_or(Some(middle), |part| means[part]));
        let apart = |(value, _, without): &(f64, f64, Vec<Option<f64>>)| {
            let off = |part: Option<usize>| match part {
                Some(part) => Some(without[part]? - means[part]?),
                None => Some(value - middle),
            };
            self.strata.variance(off).unwrap_or(0.0)
        };
        let by_chance: f64 = table.iter().map(|row| row.1 / known * apart(row)).sum();
        let in_all: f64 =
            values.iter().map(|(value, weight)| weight / known * (value - middle) * (value - middle)).sum();
        let shrink = if in_all > 0.0 { libm::sqrt((1.0 - by_chance / in_all).max(0.0)) } else { 0.0 };
        let shrunk: Vec<(f64, f64)> =
            values.iter().map(|(value, weight)| (middle + shrink * (value - middle), *weight)).collect();
        let ends = ENDS.map(|part| quantile(&shrunk, part).map(rounded));
        let extent = values
            .iter()
            .fold([f64::MAX, f64::MIN], |[low, high], (value, _)| [low.min(*value), high.max(*value)]);
        Band {
            mean: Some(rounded(middle)),
            chance: chance.map(|ends| [rounded(ends.low), rounded(ends.high)]),
            ignorance: ends[0].zip(ends[1]).map(<[f64; 2]>::from).filter(|_| self.effective >= FEWEST),
            extent: Some(extent.map(rounded)),
            known: rounded(known),
        }
    }
}
