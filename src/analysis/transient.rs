//! How much of the beginning of a run still shows the state it began in.
//!
//! MSER-5: means of five observations are taken together, and as many of them left out as makes the standard error
//! of the mean of the rest least. Source: K. P. White, M. J. Cobb and S. C. Spratt, "A comparison of five steady-state
//! truncation heuristics for simulation", Winter Simulation Conference (2000), 755.

/// So many observations are taken together.
const BATCH: usize = 5;

/// With fewer batches than these the least standard error says nothing (assumed).
const FEWEST_BATCHES: usize = 4;

/// How many observations to leave out at the beginning, of the first half: what is left of a few is even by chance.
/// Unknown where there are too few, or where to leave out all of that half is best: then the rest may be no steadier.
pub fn mser5(observations: &[f64]) -> Option<usize> {
    let means: Vec<f64> =
        observations.chunks_exact(BATCH).map(|batch| batch.iter().sum::<f64>() / BATCH as f64).collect();
    if means.len() < FEWEST_BATCHES {
        return None;
    }
    let error = |left_out: usize| {
        let rest = &means[left_out..];
        let many = rest.len() as f64;
        let mean = rest.iter().sum::<f64>() / many;
        rest.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (many * many)
    };
    let half = means.len() / 2;
    // Of equal ones the first is taken.
    let best = (0..=half).min_by(|a, b| error(*a).total_cmp(&error(*b)))?;
    (best < half).then_some(best * BATCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_course_is_kept_whole_and_a_transient_is_left_out() {
        let ripple = |day: usize| 0.01 * [0.3, -0.5, 0.2, 0.4, -0.4][day % 5];
        let steady: Vec<f64> = (0..40).map(|day| 0.6 + ripple(day)).collect();
        assert_eq!(mser5(&steady), Some(0));
        let risen: Vec<f64> =
            (0..40).map(|day| steady[day] - if day < 10 { 0.3 - 0.03 * day as f64 } else { 0.0 }).collect();
        assert_eq!(mser5(&risen), Some(10));
        assert_eq!(mser5(&[0.5; 40]), Some(0));
    }

    #[test]
    fn a_course_that_never_settles_or_is_short_says_nothing() {
        let grows: Vec<f64> = (0..40).map(|day| libm::exp(0.2 * f64::from(day))).collect();
        let turns: Vec<f64> = (0..40).map(|day| if day < 30 { 0.1 * f64::from(day) } else { 3.0 }).collect();
        assert_eq!((mser5(&turns), mser5(&grows[..19])), (None, None));
    }
}
