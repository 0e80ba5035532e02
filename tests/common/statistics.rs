//! Two tests of significance, each with a false-alarm rate below 1e-6 for one look.

/// How far a sample is from a law, in units of what chance explains: the greatest distance between
/// the two distribution functions over its bound by Dvoretzky, Kiefer and Wolfowitz,
/// P(D > e) <= 2 exp(-2 n e^2) = 1e-7. Above 1 the law is refuted. The bound holds for any law and
/// any n, and asks only for independent values.
pub fn distance(mut sample: Vec<f64>, law: impl Fn(f64) -> f64) -> f64 {
    assert!(!sample.is_empty());
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let greatest = sample.iter().enumerate().map(|(below, value)| {
        let expected = law(*value);
        (expected - below as f64 / n).abs().max((expected - (below + 1) as f64 / n).abs())
    });
    greatest.fold(0.0, f64::max) / (libm::log(2e7) / (2.0 * n)).sqrt()
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

/// Asserts that a sample follows a law, and that the test would notice a law a little different.
pub fn follows(name: &str, sample: &[f64], law: impl Fn(f64) -> f64, other: impl Fn(f64) -> f64) {
    let (right, wrong) = (distance(sample.to_vec(), law), distance(sample.to_vec(), other));
    println!("{name}: n = {}, distance {right:.2} of 1; from the wrong law {wrong:.2}", sample.len());
    assert!(right < 1.0, "{name}: distance {right:.2} exceeds what chance explains");
    assert!(wrong > 1.0, "{name}: the sample is too small to tell the law from a wrong one ({wrong:.2})");
}

/// Asserts that what each device counts, less its expectation, averages to zero, and that the test
/// would notice a slightly wrong expectation.
pub fn averages(name: &str, residuals: impl Fn(f64) -> Vec<f64>, expected: f64, other: f64) {
    let (right, wrong) = (errors_from_zero(&residuals(expected)), errors_from_zero(&residuals(other)));
    println!("{name}: expected {expected:.5}, off by {right:.2} standard errors; {other:.5} by {wrong:.2}");
    assert!(right.abs() < 5.0, "{name}: {right:.2} standard errors from {expected}");
    assert!(wrong.abs() > 5.0, "{name}: the sample is too small to tell {expected} from {other}");
}

/// The distribution function of an exponential law.
pub fn exponential(mean: f64) -> impl Fn(f64) -> f64 {
    move |value| 1.0 - libm::exp(-value / mean)
}

/// The distribution function of the uniform law on `[low, low + length)`.
pub fn uniform(low: f64, length: f64) -> impl Fn(f64) -> f64 {
    move |value| ((value - low) / length).clamp(0.0, 1.0)
}
