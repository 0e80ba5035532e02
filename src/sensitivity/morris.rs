//! Screening by elementary effects: from a random point of the grid, one number after the other takes a
//! step, until each has taken one.
//!
//! Each way of a number, a level to begin at and a direction, is taken equally often over the trajectories: dealt,
//! not drawn, so that two seeds differ by less.
//!
//! Source: M. D. Morris, "Factorial sampling plans for preliminary computational experiments",
//! Technometrics 33 (1991), 161–174; μ* from F. Campolongo, J. Cariboni and A. Saltelli, "An effective
//! screening design for sensitivity analysis of large models", Environ. Model. Softw. 22 (2007), 1509–1518.

use crate::analysis::tails::t_reach;
use crate::random::{RngExt, Stream, Streams};
use crate::record::rounded;
use serde::Serialize;

/// How many levels a number has.
pub const LEVELS: u32 = 4;

/// The step that makes all levels equally likely: p / (2 (p − 1)).
const STEP: f64 = LEVELS as f64 / (2 * (LEVELS - 1)) as f64;

/// With fewer trajectories an interval of μ* would say little more than that little is known, as elsewhere.
const FEWEST: usize = 5;

/// The chance that a number lies below a level, these being from 0 to 1: in the middle of its part of all chances, so
/// that not half of all points have it at an end of its range, where little else may matter.
pub const fn chance(level: f64) -> f64 {
    (level * (LEVELS - 1) as f64 + 0.5) / LEVELS as f64
}

/// A way through the numbers' levels, from 0 to 1 each.
#[derive(Clone, PartialEq, Debug)]
pub struct Trajectory {
    /// Where it begins.
    pub start: Vec<f64>,
    /// Each number's step, in the order in which they are taken.
    pub steps: Vec<Step>,
    /// The seed of its devices: other people on other days than those of any other trajectory.
    pub seed: u32,
}

/// One number moves, and the others stay.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    /// Which one.
    pub unknown: usize,
    /// By how much of the way from its lowest level to its highest, with the sign.
    pub by: f64,
}

/// Random trajectories through so many numbers.
pub fn trajectories(unknowns: usize, count: usize, seed: u64) -> Vec<Trajectory> {
    let mut stream = Streams::new(seed, "", 0).stream("morris");
    let ways: Vec<Vec<u32>> = (0..unknowns).map(|_| dealt(count, &mut stream)).collect();
    let mut trajectory = |number: usize| {
        let mut order: Vec<usize> = (0..unknowns).collect();
        shuffle(&mut order, &mut stream);
        let mut start = Vec::with_capacity(unknowns);
        let mut by = Vec::with_capacity(unknowns);
        for ways in &ways {
            let level = f64::from(ways[number] / 2) / f64::from(LEVELS - 1);
            let is_up = ways[number] % 2 == 1;
            start.push(if is_up { level } else { level + STEP });
            by.push(if is_up { STEP } else { -STEP });
        }
        let steps = order.into_iter().map(|unknown| Step { unknown, by: by[unknown] }).collect();
        Trajectory { start, steps, seed: stream.random_range(0..=u32::MAX) }
    };
    (0..count).map(&mut trajectory).collect()
}

/// The way of a number on each trajectory: half the levels to begin at, twice the directions, each as often as the
/// others within one.
fn dealt(count: usize, stream: &mut Stream) -> Vec<u32> {
    let begin = stream.random_range(0..LEVELS);
    let mut ways: Vec<u32> = (0..LEVELS).cycle().skip(begin as usize).take(count).collect();
    shuffle(&mut ways, stream);
    ways
}

fn shuffle<T>(list: &mut [T], stream: &mut Stream) {
    for last in (1..list.len()).rev() {
        list.swap(last, stream.random_range(0..=last));
    }
}

/// The elementary effects of each number, as changes from its lowest level to its highest, from what was found at the points of each
/// trajectory in turn.
pub fn elementary(ways: &[Trajectory], found: &[Option<f64>], unknowns: usize) -> Vec<Vec<f64>> {
    let mut elementary = vec![Vec::new(); unknowns];
    for (way, found) in ways.iter().zip(found.chunks(unknowns + 1)) {
        for (Step { unknown, by }, pair) in way.steps.iter().zip(found.windows(2)) {
            let change = pair[0].zip(pair[1]).map(|(last, next)| (next - last) / by);
            elementary[*unknown].extend(change);
        }
    }
    elementary
}

/// What the elementary effects of a number are in all.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Screened {
    /// Morris' μ*: their mean size, as a change from the lowest level to the highest.
    pub mu_star: Option<f64>,
    /// Its 95 % interval, trajectories being the independent units: they differ in where they lead and in their
    /// devices. Unknown of fewer than five.
    pub mu_star_ci95: Option<[f64; 2]>,
    /// Morris' σ: their standard deviation, which is large where the effect depends on the others.
    pub sigma: Option<f64>,
    /// How many they are.
    pub steps: usize,
}

impl Screened {
    /// That of these elementary effects.
    pub fn of(elementary: &[f64]) -> Screened {
        let steps = elementary.len();
        let sizes: Vec<f64> = elementary.iter().map(|effect| effect.abs()).collect();
        let mu_star = (steps > 0).then(|| mean(&sizes));
        let ends = |mu: f64| {
            let error = deviation(&sizes)? / libm::sqrt(steps as f64);
            let far = t_reach(0.025, steps as f64 - 1.0) * error;
            (steps >= FEWEST).then_some([(mu - far).max(0.0), mu + far].map(rounded))
        };
        Screened {
            mu_star: mu_star.map(rounded),
            mu_star_ci95: mu_star.and_then(ends),
            sigma: deviation(elementary).map(rounded),
            steps,
        }
    }
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// The standard deviation, where there is more than one.
fn deviation(numbers: &[f64]) -> Option<f64> {
    let mean = mean(numbers);
    let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
    (numbers.len() > 1).then(|| libm::sqrt(squares / (numbers.len() as f64 - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The effects of y = 3 a − 2 b + 0 c are 3, −2 and 0 wherever they are measured.
    #[test]
    fn effects_of_a_plane_are_its_slopes() {
        let y = |x: &[f64]| 3.0 * x[0] - 2.0 * x[1];
        let slopes = [3.0, -2.0, 0.0];
        let ways = trajectories(3, 50, 7);
        let mut found = Vec::new();
        for Trajectory { mut start, steps, .. } in ways.clone() {
            let mut taken: Vec<usize> = steps.iter().map(|step| step.unknown).collect();
            found.push(Some(y(&start)));
            for Step { unknown, by } in steps {
                start[unknown] += by;
                assert!(start.iter().all(|x| (-1e-9..=1.0 + 1e-9).contains(x)), "{start:?}");
                found.push(Some(y(&start)));
            }
            taken.sort();
            assert_eq!(taken, [0, 1, 2]);
        }
        for (effects, slope) in elementary(&ways, &found, 3).iter().zip(slopes) {
            assert_eq!(effects.len(), 50);
            assert!(effects.iter().all(|effect| (effect - slope).abs() < 1e-9));
            let Screened { mu_star, sigma, .. } = Screened::of(effects);
            assert!((mu_star.unwrap() - f64::abs(slope)).abs() < 1e-9 && sigma.unwrap() < 1e-9);
        }
        // A point that was refused takes both steps with it, and no others.
        found[1] = None;
        assert_eq!(elementary(&ways, &found, 3).iter().map(Vec::len).sum::<usize>(), 148);
        assert_eq!(trajectories(3, 2, 7), trajectories(3, 2, 7));
        assert_ne!(ways[0].seed, ways[1].seed);
    }

    #[test]
    fn each_level_and_direction_is_taken_as_often_as_the_others() {
        for way in 0..4 {
            let (is_up, level) = (way % 2 == 1, f64::from(way / 2) / 3.0);
            let start = if is_up { level } else { level + STEP };
            for unknown in 0..5 {
                let ways = trajectories(5, 22, 3);
                let by = |way: &Trajectory| way.steps.iter().find(|step| step.unknown == unknown).unwrap().by;
                let taken = ways.iter().filter(|way| way.start[unknown] == start && (by(way) > 0.0) == is_up);
                assert!((5..=6).contains(&taken.count()), "{way}");
            }
        }
    }

    /// By hand: sizes 1, 2, 3, 4, 5 have the mean 3 and the standard error √(2.5 / 5); t is 2.776 with 4 degrees.
    #[test]
    fn the_interval_of_a_mean_size_is_students() {
        let Screened { mu_star, mu_star_ci95, sigma, steps } = Screened::of(&[1.0, -2.0, 3.0, -4.0, 5.0]);
        assert_eq!((mu_star, steps), (Some(3.0), 5));
        let [low, high] = mu_star_ci95.unwrap();
        let far = 2.776_445 * libm::sqrt(0.5);
        assert!((low - 3.0 + far).abs() < 1e-5 && (high - 3.0 - far).abs() < 1e-5);
        assert!((sigma.unwrap() - libm::sqrt(13.3)).abs() < 1e-6);
        let few = Screened::of(&[1.0, 2.0, 3.0, 4.0]);
        assert!(few.mu_star_ci95.is_none() && few.sigma.is_some());
        assert_eq!(Screened::of(&[]), Screened::default());
        assert_eq!(Screened::of(&[-2.0]).mu_star, Some(2.0));
    }
}
