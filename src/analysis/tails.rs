//! Tails of distributions: how often chance alone comes to as much.
//!
//! Sources: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964), 6.5.29, 6.5.31, 26.5.8 and
//! 26.7.1; W. J. Lentz, Appl. Opt. 15 (1976), 668, for continued fractions.

/// Terms after which a series or a fraction is as exact as its digits.
const MOST_TERMS: u32 = 100_000;
const EXACT: f64 = 1e-15;
/// From so many degrees of freedom on, Student's t is normal as far as its digits tell.
const NORMAL_FROM: f64 = 1e7;
/// Stands for zero where a fraction divides by it.
const TINY: f64 = 1e-300;

/// How often a variate of the standard normal distribution is at least `z`.
pub fn normal_tail(z: f64) -> f64 {
    libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2) / 2.0
}

/// How often one of Student's t with so many degrees of freedom is at least `t`.
pub fn t_tail(t: f64, freedom: f64) -> f64 {
    if t < 0.0 {
        return 1.0 - t_tail(-t, freedom);
    }
    if freedom > NORMAL_FROM {
        return normal_tail(t);
    }
    incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t)) / 2.0
}

/// What one of Student's t exceeds in this part of all cases, which is less than a half.
pub fn t_reach(tail: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while t_tail(high, freedom) > tail && high < 1e12 {
        (low, high) = (high, high * 2.0);
    }
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        if t_tail(middle, freedom) > tail { low = middle } else { high = middle }
    }
    high
}

/// How often a Poisson variate of this mean is at least `count`, which need not be whole.
pub fn poisson_at_least(count: f64, mean: f64) -> f64 {
    if count <= 0.0 { 1.0 } else { 1.0 - poisson_below(count, mean) }
}

/// How often it is at most `count`.
pub fn poisson_at_most(count: f64, mean: f64) -> f64 {
    poisson_below(count + 1.0, mean)
}

/// The upper part of the gamma function, Q(shape, mean).
fn poisson_below(shape: f64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 1.0;
    }
    let scale = libm::exp(shape * libm::log(mean) - mean - libm::lgamma(shape));
    if mean < shape + 1.0 {
        let (mut term, mut sum) = (1.0 / shape, 1.0 / shape);
        for place in 1..MOST_TERMS {
            term *= mean / (shape + f64::from(place));
            sum += term;
            if term < sum * EXACT {
                break;
            }
        }
        return 1.0 - scale * sum;
    }
    let first = mean + 1.0 - shape;
    scale
        / fraction(first, |place| {
            let place = f64::from(place);
            (-place * (place - shape), first + 2.0 * place)
        })
}

fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let front = libm::exp(front + a * libm::log(x) + b * libm::log1p(-x)) / a;
    let term = |place: u32| {
        let half = f64::from(place / 2);
        let numerator = match place % 2 {
            0 => half * (b - half) * x / ((a + 2.0 * half - 1.0) * (a + 2.0 * half)),
            _ => -(a + half) * (a + b + half) * x / ((a + 2.0 * half) * (a + 2.0 * half + 1.0)),
        };
        (numerator, 1.0)
    };
    front / fraction(1.0, term)
}

/// A continued fraction: a first term, then each numerator over what follows its denominator.
fn fraction(first: f64, term: impl Fn(u32) -> (f64, f64)) -> f64 {
    let off_zero = |number: f64| if number.abs() < TINY { TINY } else { number };
    let mut value = off_zero(first);
    let (mut above, mut below) = (value, 0.0);
    for place in 1..MOST_TERMS {
        let (numerator, denominator) = term(place);
        below = 1.0 / off_zero(denominator + numerator * below);
        above = off_zero(denominator + numerator / above);
        value *= above * below;
        if (above * below - 1.0).abs() < EXACT {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_near(found: f64, expected: f64, part: f64) {
        assert!((found / expected - 1.0).abs() < part, "{found} {expected}");
    }

    /// Abramowitz and Stegun, tables 26.10 and 26.1.
    #[test]
    fn tails_of_t_are_those_published() {
        for (t, freedom, tail) in [
            (6.314, 1.0, 0.05),
            (2.132, 4.0, 0.05),
            (2.776, 4.0, 0.025),
            (3.169, 10.0, 0.005),
            (2.042, 30.0, 0.025),
            (1.658, 120.0, 0.05),
            (4.144, 10.0, 0.001),
        ] {
            assert_near(t_tail(t, freedom), tail, 0.002);
            assert_near(t_reach(tail, freedom), t, 0.001);
            assert_near(t_tail(-t, freedom), 1.0 - tail, 0.001);
        }
        assert_near(t_tail(1.0, 1.0), 0.25, 1e-12);
        assert_near(t_tail(3.0, 9e6), normal_tail(3.0), 1e-5);
        assert_near(t_reach(0.05, f64::MAX), 1.644_853_626_951_472_6, 1e-9);
        assert_near(normal_tail(1.959_963_984_540_054), 0.025, 1e-12);
        assert!((t_tail(0.0, 7.0) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn tails_of_poisson_are_their_sums() {
        for mean in [0.1, 1.0, 3.0, 12.5, 60.0] {
            let (mut term, mut sum) = (libm::exp(-mean), 0.0);
            for count in 0..90 {
                let at_least: f64 = 1.0 - sum;
                assert!(
                    (poisson_at_least(f64::from(count), mean) - at_least).abs() < 1e-10,
                    "{mean} {count}"
                );
                sum += term;
                assert!((poisson_at_most(f64::from(count), mean) - sum).abs() < 1e-10, "{mean} {count}");
                term *= mean / f64::from(count + 1);
            }
        }
        // Large ones are nearly normal.
        assert!((poisson_at_most(10_000.0, 10_000.0) - 0.5).abs() < 0.01);
    }
}
