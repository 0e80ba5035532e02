//! Factors of persons: lognormal, capped, and of mean 1 after the cap.

/// Nobody has more of anything than so many times the mean.
pub const MOST: f64 = 5.0;
/// Each halves what is not known of the location; a double has no more bits.
const HALVINGS: u32 = 60;

/// By how much a person has more or less of something than the mean of all persons.
#[derive(Clone, Copy, Debug)]
pub struct Factor {
    mu: f64,
    sigma: f64,
}

impl Factor {
    /// With this standard deviation of the logarithm and mean 1.
    pub fn with_mean_one(sigma: f64) -> Factor {
        // Without a cap it would be the lower of the two, and the cap can only lower the mean.
        let (mut low, mut high) = (-sigma * sigma / 2.0, 0.0);
        for _ in 0..HALVINGS {
            let mu = (low + high) / 2.0;
            if (Factor { mu, sigma }).mean() < 1.0 { low = mu } else { high = mu }
        }
        Factor { mu: high, sigma }
    }

    /// That of one person, who is so far from the mean of the logarithm in its standard deviations.
    pub fn of(&self, person: f64) -> f64 {
        libm::exp(self.mu + self.sigma * person).min(MOST)
    }

    /// Mean after the cap: what lies below it, and the cap for the rest.
    fn mean(&self) -> f64 {
        let Factor { mu, sigma } = *self;
        let cap = if sigma > 0.0 { (libm::log(MOST) - mu) / sigma } else { f64::INFINITY };
        libm::exp(mu + sigma * sigma / 2.0) * normal_below(cap - sigma) + MOST * normal_below(-cap)
    }
}

/// The part of the standard normal law that lies below a value.
fn normal_below(value: f64) -> f64 {
    libm::erfc(-value * std::f64::consts::FRAC_1_SQRT_2) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    /// Simpson's rule over the normal variate, in two parts that meet where the cap begins.
    fn mean_by_quadrature(factor: &Factor) -> f64 {
        let Factor { mu, sigma } = *factor;
        let of = |z: f64| {
            let density = libm::exp(-z * z / 2.0) / (2.0 * std::f64::consts::PI).sqrt();
            libm::exp(mu + sigma * z).min(MOST) * density
        };
        let part = |from: f64, to: f64| {
            const STEPS: u32 = 4000;
            let step = (to - from) / f64::from(STEPS);
            let weight = |number: u32| match number {
                0 | STEPS => 1.0,
                number if number % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let at = |number: u32| of(from + step * f64::from(number));
            (0..=STEPS).map(|number| weight(number) * at(number)).sum::<f64>() * step / 3.0
        };
        let cap = ((libm::log(MOST) - mu) / sigma).clamp(-12.0, 12.0);
        part(-12.0, cap) + part(cap, 12.0)
    }

    #[test]
    fn the_capped_factor_has_mean_one() {
        for sigma in [0.0, 0.15, 0.25, 0.4, 0.45, 0.5, 0.6, 0.8, 1.0, 1.26, 1.5] {
            let factor = Factor::with_mean_one(sigma);
            let mean = if sigma > 0.0 { mean_by_quadrature(&factor) } else { libm::exp(factor.mu) };
            assert!((mean - 1.0).abs() < 1e-9, "{sigma}: {mean}");
        }
        // The location is known for 1; without the cap it would be -.5.
        assert!((Factor::with_mean_one(1.0).mu + 0.4475).abs() < 5e-5);
    }

    /// The seed is fixed; with others one in a million such sets of persons would lie outside.
    #[test]
    fn persons_have_mean_one_and_nobody_goes_beyond_the_cap() {
        const PERSONS: u32 = 20_000;
        for sigma in [0.25, 0.5, 1.0, 1.5] {
            let factor = Factor::with_mean_one(sigma);
            let of = |rank| factor.of(Streams::new(1, "office", rank).keyed("person").normal(0));
            let factors: Vec<f64> = (0..PERSONS).map(of).collect();
            assert!(factors.iter().all(|factor| (0.0..=MOST).contains(factor)));
            let n = f64::from(PERSONS);
            let mean = factors.iter().sum::<f64>() / n;
            let variance = factors.iter().map(|factor| (factor - mean) * (factor - mean)).sum::<f64>() / n;
            assert!((mean - 1.0).abs() < 5.0 * (variance / n).sqrt(), "{sigma}: {mean}");
        }
    }
}
