//! A point: where it is, and what was found there.

use super::judge::Clarity;
use super::unknowns::{Unknown, sets};
use crate::comparison::{PairedFigure, Runs, samples};
use crate::figure::{Figure, Sample};
use crate::record::rounded;
use crate::scenario::Scenario;
use crate::summary::Estimate;
use serde::{Deserialize, Serialize};

/// The scenario, and the arm whose difference from it is asked about, if one is.
pub(super) type Arms = Vec<(String, Scenario)>;

/// How a point came to be tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PointKind {
    /// Every number as it is.
    Base,
    /// One number at an end of its range.
    End,
    /// One number half way to an end of its range.
    Inside,
    /// All of them moved, after so many steps of a trajectory.
    Trajectory {
        /// Which one, from 1.
        number: usize,
        /// How many steps were taken.
        step: usize,
    },
}

/// A place in the ranges.
#[derive(Clone, PartialEq, Debug)]
pub struct Place {
    /// How it came to be tried.
    pub kind: PointKind,
    /// The number that moved last; the dummy comes after all others.
    pub changed: Option<usize>,
    /// The value of every number, in the unit of its range.
    pub values: Vec<f64>,
    /// How far the dummy is, from 0 to 1.
    pub dummy: f64,
    /// The seed of its devices, where it is not that of the scenario.
    pub seed: Option<u32>,
}

/// What was found at a point.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Found {
    /// The figure of the scenario, and that of the arm where one is asked about.
    pub arms: [Option<f64>; 2],
    /// The figure, or the difference between these.
    pub estimate: Estimate,
    /// Its standard error, where devices enough carry it and no group has only one.
    pub error: Option<f64>,
    /// The degrees of freedom of that.
    pub freedom: Option<f64>,
    /// Devices it rests on.
    pub devices: u32,
}

/// A point that was tried.
#[derive(Clone, PartialEq, Debug)]
pub struct Tried {
    /// Where.
    pub place: Place,
    /// On as many devices as all points of its kind.
    pub first: Found,
    /// On all devices that it got.
    pub last: Found,
    /// What it says of the difference, where one is asked about.
    pub clarity: Option<Clarity>,
}

/// The dummy moves every number by so much of the way to the middle of what it may be, which no answer should notice.
const NUDGE: f64 = 1e-3;

impl Place {
    /// Where every number is as it is.
    pub(super) fn as_it_is(unknowns: &[Unknown]) -> Place {
        let values = unknowns.iter().map(|unknown| unknown.now).collect();
        Place { kind: PointKind::Base, changed: None, values, dummy: 0.0, seed: None }
    }

    /// From there, one number at each end of its range.
    pub(super) fn at_ends(&self, number: usize, unknowns: &[Unknown]) -> Vec<Place> {
        unknowns[number].range.map(|value| self.moved(PointKind::End, number, value)).into()
    }

    /// Or half way to each.
    pub(super) fn inside(&self, number: usize, unknowns: &[Unknown]) -> Vec<Place> {
        let values = unknowns[number].inside().into_iter();
        values.map(|value| self.moved(PointKind::Inside, number, value)).collect()
    }

    fn moved(&self, kind: PointKind, number: usize, value: f64) -> Place {
        let mut place = Place { kind, changed: Some(number), ..self.clone() };
        place.values[number] = value;
        place
    }

    /// What `--set` would take to be there.
    pub(super) fn sets(&self, unknowns: &[Unknown]) -> Vec<String> {
        let seed = self.seed.map(|seed| format!("seed={seed}"));
        let moved: Vec<String> = match self.kind {
            PointKind::Base => Vec::new(),
            PointKind::End | PointKind::Inside => {
                let moved = self.changed.into_iter().map(|moved| (&unknowns[moved], self.values[moved]));
                sets(moved)
            }
            PointKind::Trajectory { .. } => {
                let nudge = self.dummy * NUDGE;
                let value = |(unknown, value): (_, f64)| {
                    let unknown: &Unknown = unknown;
                    (unknown, value + nudge * (unknown.quantile(0.5) - value))
                };
                sets(unknowns.iter().zip(self.values.iter().copied()).map(value))
            }
        };
        seed.into_iter().chain(moved).collect()
    }

    /// Whether the scenario is known to take it: what is refused in company is left out.
    pub(super) fn is_known(&self) -> bool {
        !matches!(self.kind, PointKind::Trajectory { .. })
    }

    /// Where it is, in words.
    pub fn words(&self, unknowns: &[Unknown]) -> String {
        match (self.kind, self.changed) {
            (PointKind::Trajectory { number, step }, _) => {
                let steps = if step == 1 { "step" } else { "steps" };
                format!("with all of them moved, on trajectory {number} after {step} {steps}")
            }
            (PointKind::Base, _) | (_, None) => "with every number as it is".into(),
            (PointKind::End | PointKind::Inside, Some(moved)) => {
                format!("with {}", unknowns[moved].says(self.values[moved]))
            }
        }
    }

    /// The values that differ from those as it is, in words; the numbers in the order of these.
    pub fn differs(&self, unknowns: &[Unknown], order: &[usize]) -> Vec<String> {
        let differ = order.iter().filter(|number| self.values[**number] != unknowns[**number].now);
        differ.map(|number| unknowns[*number].says(self.values[*number])).collect()
    }
}

/// What was found at a point as it travels between machines: to the last bit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FoundBits {
    numbers: [Option<u64>; 7],
    devices: u32,
}

impl From<Found> for FoundBits {
    fn from(found: Found) -> FoundBits {
        let Found { arms: [one, other], estimate: Estimate { value, ci95 }, error, freedom, devices } = found;
        let [low, high] = ci95.map_or([None; 2], |ends| ends.map(Some));
        let numbers = [one, other, value, low, high, error, freedom];
        FoundBits { numbers: numbers.map(|number| number.map(f64::to_bits)), devices }
    }
}

impl From<FoundBits> for Found {
    fn from(FoundBits { numbers, devices }: FoundBits) -> Found {
        let [one, other, value, low, high, error, freedom] = numbers.map(|bits| bits.map(f64::from_bits));
        let ci95 = low.zip(high).map(|(low, high)| [low, high]);
        Found { arms: [one, other], estimate: Estimate { value, ci95 }, error, freedom, devices }
    }
}

impl Found {
    /// What was found at a point: the figure, or the difference that the other arm makes to it.
    pub(super) fn of(figure: Figure, arms: &Arms, runs: &Runs) -> Found {
        let samples = samples(arms, &runs.parts);
        let first = &samples[0];
        let value = |sample: &Sample| sample.value(figure).map(rounded);
        let (estimate, spread) = match samples.as_slice() {
            [sample] => {
                let found = Estimate::of(sample, figure);
                let strata = &sample.replicates.strata;
                let spread = strata.spread(|left_out| sample.without(figure, left_out));
                (Estimate { value: found.value.map(rounded), ..found }, spread)
            }
            samples => {
                let paired = PairedFigure::of(figure, samples);
                let strata = &first.replicates.strata;
                let difference =
                    |left_out| Some(samples[1].without(figure, left_out)? - first.without(figure, left_out)?);
                (Estimate { value: paired.difference[1], ci95: paired.ci95[1] }, strata.spread(difference))
            }
        };
        // What has no interval has no error that could be trusted, and of a group's only device nobody knows how it
        // would vary.
        let is_lone = arms[0].1.sizes(runs.finished).contains(&1);
        let spread = spread.filter(|_| estimate.ci95.is_some() && !is_lone);
        Found {
            arms: [Some(first), samples.get(1)].map(|sample| sample.and_then(value)),
            estimate,
            error: spread.map(|spread| spread.textbook()[0]),
            freedom: spread.map(|spread| spread.textbook()[1]),
            devices: runs.finished,
        }
    }
}
