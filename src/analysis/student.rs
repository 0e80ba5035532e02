//! Student's t far out in its tails, where many intervals are to hold together and tables end.

/// The chance that Student's t lies farther from zero than this, on either side: the incomplete beta function
/// I(x; a, b) at x = ν/(ν + t²), a = ν/2, b = 1/2. Source: M. Abramowitz and I. A. Stegun, "Handbook of
/// Mathematical Functions" (1964), 26.7.1, with the continued fraction 26.5.8.
pub fn beyond(t: f64, freedom: f64) -> f64 {
    let x = freedom / (freedom + t * t);
    let (a, b) = (freedom / 2.0, 0.5);
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - log_beta);
    match x < (a + 1.0) / (a + b + 2.0) {
        true => front * fraction(x, a, b) / a,
        false => 1.0 - front * fraction(1.0 - x, b, a) / b,
    }
}

/// How far from zero Student's t lies with no more than this chance, on either side.
pub fn reach(chance: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 2.0);
    while beyond(high, freedom) > chance && high < 1e12 {
        (low, high) = (high, 2.0 * high);
    }
    // Half of it a step: after so many the ends are the same number, or its neighbours.
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if beyond(middle, freedom) > chance { low = middle } else { high = middle }
    }
    high
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let kept = |number: f64| if number.abs() < 1e-300 { 1e-300 } else { number };
    let mut c = 1.0;
    let mut d = 1.0 / kept(1.0 - (a + b) * x / (a + 1.0));
    let mut found = d;
    for step in 1..2000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut by = 1.0;
        for term in [even, odd] {
            d = 1.0 / kept(1.0 + term * d);
            c = kept(1.0 + term / c);
            by = c * d;
            found *= by;
        }
        if (by - 1.0).abs() < 1e-14 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With one degree of freedom it is Cauchy's law, with two there is a closed form.
    #[test]
    fn tails_are_those_of_closed_forms() {
        for t in [0.1, 0.5, 1.0, 2.0, 5.0, 40.0, 3000.0] {
            let cauchy = 2.0 / std::f64::consts::PI * libm::atan(1.0 / t);
            assert!((beyond(t, 1.0) / cauchy - 1.0).abs() < 1e-10, "{t}");
            let root = libm::sqrt(t * t + 2.0);
            let two = 2.0 / (root * (root + t));
            assert!((beyond(t, 2.0) / two - 1.0).abs() < 1e-10, "{t}");
        }
    }

    /// Values of tables, and a normal tail that lies beyond them.
    #[test]
    fn it_reaches_as_far_as_tables_say() {
        for (chance, freedom, wanted) in [
            (0.05, 4.0, 2.776_445),
            (0.05, 29.0, 2.045_230),
            (0.01, 10.0, 3.169_273),
            (0.001, 5.0, 6.868_827),
            (1e-6, 1e5, 4.891_943),
        ] {
            let found = reach(chance, freedom);
            assert!((found - wanted).abs() < 2e-5, "{chance} {freedom}: {found}");
        }
    }

    #[test]
    fn what_holds_for_more_at_once_reaches_farther() {
        for freedom in [4.0, 7.3, 30.0, 1000.0] {
            let reaches: Vec<f64> = (0..8).map(|more| reach(0.05 / f64::from(1 << more), freedom)).collect();
            assert!(reaches.is_sorted(), "{reaches:?}");
        }
    }
}
