//! Screening by elementary effects: from a random point of the grid, one unknown after the other takes a
//! step, until each has taken one.
//!
//! Source: M. D. Morris, "Factorial sampling plans for preliminary computational experiments",
//! Technometrics 33 (1991), 161–174; μ* from F. Campolongo, J. Cariboni and A. Saltelli, "An effective
//! screening design for sensitivity analysis of large models", Environ. Model. Softw. 22 (2007), 1509–1518.

use crate::random::{RngExt, Streams};

/// Into how many levels each range is divided.
pub const LEVELS: u32 = 4;

/// The step that makes all levels equally likely: p / (2 (p − 1)).
const STEP: f64 = LEVELS as f64 / (2 * (LEVELS - 1)) as f64;

/// A way through the unknowns' ranges, from 0 to 1 each.
#[derive(Clone, PartialEq, Debug)]
pub struct Trajectory {
    /// Where it begins.
    pub start: Vec<f64>,
    /// Each unknown's step, in the order in which they are taken.
    pub steps: Vec<Step>,
}

/// One unknown moves, and the others stay.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    /// Which unknown.
    pub unknown: usize,
    /// By how much of its range, with the sign.
    pub by: f64,
}

/// Random trajectories through so many unknowns.
pub fn trajectories(unknowns: usize, count: usize, seed: u64) -> Vec<Trajectory> {
    let mut stream = Streams::new(seed, "", 0).stream("morris");
    let mut trajectory = |_| {
        let mut order: Vec<usize> = (0..unknowns).collect();
        for last in (1..unknowns).rev() {
            order.swap(last, stream.random_range(0..=last));
        }
        let mut start = Vec::with_capacity(unknowns);
        let mut by = Vec::with_capacity(unknowns);
        for _ in 0..unknowns {
            let level = f64::from(stream.random_range(0..LEVELS / 2)) / f64::from(LEVELS - 1);
            let is_up = stream.random_range(0..2_u32) == 1;
            start.push(if is_up { level } else { level + STEP });
            by.push(if is_up { STEP } else { -STEP });
        }
        let steps = order.into_iter().map(|unknown| Step { unknown, by: by[unknown] }).collect();
        Trajectory { start, steps }
    };
    (0..count).map(&mut trajectory).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The effects of y = 3 a − 2 b + 0 c are 3, −2 and 0 wherever they are measured.
    #[test]
    fn effects_of_a_plane_are_its_slopes() {
        let y = |x: &[f64]| 3.0 * x[0] - 2.0 * x[1];
        let slopes = [3.0, -2.0, 0.0];
        for Trajectory { mut start, steps } in trajectories(3, 50, 7) {
            let mut taken: Vec<usize> = steps.iter().map(|step| step.unknown).collect();
            for Step { unknown, by } in steps {
                let before = y(&start);
                start[unknown] += by;
                assert!(start.iter().all(|x| (-1e-9..=1.0 + 1e-9).contains(x)), "{start:?}");
                assert!(((y(&start) - before) / by - slopes[unknown]).abs() < 1e-9);
            }
            taken.sort();
            assert_eq!(taken, [0, 1, 2]);
        }
        assert_eq!(trajectories(3, 2, 7), trajectories(3, 2, 7));
    }
}
