//! Which numbers move anything that was observed, or any answer: by Morris' trajectories, as in [`crate::sensitivity`].
//!
//! Only these are searched along. The others are not fixed: they stay free at random, since they belong to what is not
//! known.

use super::search::{Found, Question};
use crate::sensitivity::{Step, Trajectory, chance, elementary, trajectories};

/// So few numbers are all searched along.
const FEW: usize = 12;
/// Each takes a step on each of so many trajectories; devices are the same everywhere, so that what a number does not
/// touch stays as it is to the last bit.
const TRAJECTORIES: usize = 2;
/// A number counts that moves something by more than this part of how far it moved over all trajectories.
const COUNTS: f64 = 0.01;
/// One that does nothing moves all others by this part of the way to the middle.
const NUDGE: f64 = 1e-3;

/// The trajectories of a question: of each number and one that does nothing, which comes last.
pub(super) struct Screening {
    ways: Vec<Trajectory>,
    axes: usize,
}

impl Screening {
    pub(super) fn of(question: &Question) -> Screening {
        let axes = question.axes;
        let ways = match axes {
            0..=FEW => Vec::new(),
            _ => trajectories(axes + 1, TRAJECTORIES, question.seed),
        };
        Screening { ways, axes }
    }

    /// Where it looks, in order.
    pub(super) fn places(&self) -> Vec<Vec<f64>> {
        let place = |parts: &[f64]| -> Vec<f64> {
            let nudge = parts[self.axes] * NUDGE;
            let near = |part: &f64| chance(*part) + nudge * (0.5 - chance(*part));
            parts[..self.axes].iter().map(near).collect()
        };
        let way = |way: &Trajectory| {
            let mut parts = way.start.clone();
            let mut places = vec![place(&parts)];
            for Step { unknown, by } in &way.steps {
                parts[*unknown] += by;
                places.push(place(&parts));
            }
            places
        };
        self.ways.iter().flat_map(way).collect()
    }

    /// The numbers that count, those that do most first, from what was found at these places.
    pub(super) fn active(&self, found: &[Option<Found>]) -> Vec<usize> {
        if self.ways.is_empty() {
            return (0..self.axes).collect();
        }
        let seen = |place: &Option<Found>, quantity: usize| {
            let looks = place.as_ref()?;
            let look = looks.looks.iter().map(|look| look.seen()).chain(looks.answers.iter().copied());
            look.into_iter().nth(quantity)?.map(|seen| seen.value)
        };
        let quantities = found.iter().flatten().map(|found| found.looks.len() + found.answers.len()).max();
        let mut weights = vec![0.0_f64; self.axes];
        for quantity in 0..quantities.unwrap_or(0) {
            let values: Vec<Option<f64>> = found.iter().map(|place| seen(place, quantity)).collect();
            let known = || values.iter().copied().flatten();
            let extent = known().fold(f64::MIN, f64::max) - known().fold(f64::MAX, f64::min);
            let effects = elementary(&self.ways, &values, self.axes + 1);
            let size =
                |effects: &Vec<f64>| effects.iter().fold(0.0_f64, |most, effect| most.max(effect.abs()));
            let floor = effects.last().map_or(0.0, size);
            for (weight, effects) in weights.iter_mut().zip(&effects) {
                let size = size(effects);
                if size > floor && size > COUNTS * extent {
                    *weight = weight.max(size / extent);
                }
            }
        }
        let mut active: Vec<usize> = (0..self.axes).filter(|axis| weights[*axis] > 0.0).collect();
        active.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]));
        active
    }
}
