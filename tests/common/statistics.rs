//! Two tests of significance, each with a false-alarm rate below 1e-6 for one look.

/// What chance explains of the greatest distance between the distribution function of n independent
/// values and their law, by Dvoretzky, Kiefer and Wolfowitz: P(D > e) <= 2 exp(-2 n e^2) = 1e-7.
/// It holds for any law and any n.
fn explained_by_chance(n: f64) -> f64 {
    (libm::log(2e7) / (2.0 * n)).sqrt()
}

/// How far the mean of independent values is from zero, in standard errors. Beyond 5 it is refuted:
/// P(|z| > 5) = 5.7e-7 for the normal law, which sums over 500 devices and more are close to.
pub fn errors_from_zero(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    assert!(n >= 500.0, "too few independent values for the normal law");
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    assert!(variance > 0.0, "a constant is no sample");
    mean / (variance / n).sqrt()
}

/// Asserts that a sample follows a law. The other law must lie twice what chance explains away from
/// it: then no sample can follow both, and a model that obeys the other one fails here for certain.
pub fn follows(name: &str, sample: &[f64], law: impl Fn(f64) -> f64, other: impl Fn(f64) -> f64) {
    let mut sample = sample.to_vec();
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let unit = explained_by_chance(n);
    let greatest = |distances: &dyn Fn(usize, f64) -> f64| {
        sample.iter().enumerate().map(|(below, value)| distances(below, *value)).fold(0.0, f64::max) / unit
    };
    let distance = greatest(&|below, value| {
        let (low, high) = (below as f64 / n, (below + 1) as f64 / n);
        (law(value) - low).abs().max((law(value) - high).abs())
    });
    let apart = greatest(&|_, value| (law(value) - other(value)).abs());
    println!("{name}: n = {n}, distance {distance:.2} of 1, {apart:.2} from the law that must fail");
    assert!(distance < 1.0, "{name}: the distance is {distance:.2} times what chance explains");
    assert!(apart > 2.0, "{name}: too few values to tell the laws apart ({apart:.2})");
}

/// Asserts that what each device counts, less its expectation, averages to zero. The other
/// expectation must lie ten standard errors away: then nothing can agree with both, and a model that
/// obeys the other one fails here for certain.
pub fn averages(name: &str, residuals: impl Fn(f64) -> Vec<f64>, expected: f64, other: f64) {
    let errors = errors_from_zero(&residuals(expected));
    let apart = (errors - errors_from_zero(&residuals(other))).abs();
    println!("{name}: {expected:.5}, off by {errors:.2} standard errors, {apart:.1} from {other:.5}");
    assert!(errors.abs() < 5.0, "{name}: {errors:.2} standard errors from {expected}");
    assert!(apart > 10.0, "{name}: too few values to tell {expected} from {other} ({apart:.1})");
}

/// The distribution function of an exponential law.
pub fn exponential(mean: f64) -> impl Fn(f64) -> f64 {
    move |value| 1.0 - libm::exp(-value / mean)
}

/// The distribution function of the uniform law on `[low, low + length)`.
pub fn uniform(low: f64, length: f64) -> impl Fn(f64) -> f64 {
    move |value| ((value - low) / length).clamp(0.0, 1.0)
}
