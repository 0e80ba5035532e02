//! Gamma and Poisson by inversion: one uniform, one variate, and a greater one for a greater uniform or mean.
//!
//! `rand_distr` draws both by rejection, which takes as many variates as it happens to need: what is drawn
//! next from the same stream would then depend on the parameters. Only `libm` is used, so that the bits are
//! the same everywhere.

use super::portable::normal_quantile;
use super::{Stream, open_uniform, uniform};

/// The relative precision of a gamma variate, which Halley's method reaches in two or three steps.
const PRECISION: f64 = 1e-10;
const MOST_STEPS: usize = 20;
const MOST_TERMS: u32 = 100_000;
/// No key goes beyond; with shapes below, most of the law is too small for a number.
const SHAPES: (f64, f64) = (0.05, 1e6);

/// Gamma.
#[derive(Clone, Copy, Debug)]
pub struct Gamma {
    shape: f64,
    /// Logarithm of the gamma function at the shape.
    log_gamma: f64,
}

impl Gamma {
    /// With mean 1 and this shape.
    pub fn with_mean_one(shape: f64) -> Gamma {
        let shape = shape.clamp(SHAPES.0, SHAPES.1);
        Gamma { shape, log_gamma: libm::lgamma(shape) }
    }

    /// One variate.
    pub fn draw(&self, stream: &mut Stream) -> f64 {
        self.quantile(open_uniform(stream))
    }

    /// The value below which a part of the law lies, in (0, 1).
    pub fn quantile(&self, part: f64) -> f64 {
        let shape = self.shape;
        let mut x = self.guess(part);
        for _ in 0..MOST_STEPS {
            if x < f64::MIN_POSITIVE {
                return 0.0;
            }
            let (below, above) = self.parts(x);
            // Each half is looked at from its own end, where the numbers are small and exact.
            let off = if part <= 0.5 { below - part } else { (1.0 - part) - above };
            let step = off / self.density(x);
            let bend = (step * ((shape - 1.0) / x - 1.0)).min(1.0);
            let step = step / (1.0 - bend / 2.0);
            if !step.is_finite() {
                break;
            }
            let next = x - step;
            let moved = (next - x).abs();
            x = if next > 0.0 { next } else { x / 2.0 };
            if moved < PRECISION * x {
                break;
            }
        }
        x / shape
    }

    /// Wilson and Hilferty's cube of a normal variate; for small shapes a power or an exponential.
    fn guess(&self, part: f64) -> f64 {
        let shape = self.shape;
        if shape > 1.0 {
            let root = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(part) / (3.0 * shape.sqrt());
            return shape * (root * root * root).max(1e-3);
        }
        let knee = 1.0 - shape * (0.253 + shape * 0.12);
        if part < knee {
            libm::pow(part / knee, 1.0 / shape)
        } else {
            1.0 - libm::log(1.0 - (part - knee) / (1.0 - knee))
        }
    }

    fn density(&self, x: f64) -> f64 {
        libm::exp((self.shape - 1.0) * libm::log(x) - x - self.log_gamma)
    }

    /// The parts of the law below and above a value: the regularised incomplete gamma functions, by their
    /// series below the mean and by Lentz's continued fraction above it.
    fn parts(&self, x: f64) -> (f64, f64) {
        let shape = self.shape;
        let front = x * self.density(x);
        if x < shape + 1.0 {
            let (mut term, mut sum, mut n) = (1.0 / shape, 1.0 / shape, shape);
            while term > sum * f64::EPSILON {
                n += 1.0;
                term *= x / n;
                sum += term;
            }
            let below = front * sum;
            return (below, 1.0 - below);
        }
        let mut b = x + 1.0 - shape;
        let (mut c, mut d) = (f64::MAX, 1.0 / b);
        let mut fraction = d;
        for n in 1..MOST_TERMS {
            let a = f64::from(n) * (shape - f64::from(n));
            b += 2.0;
            d = 1.0 / (a * d + b);
            c = b + a / c;
            fraction *= c * d;
            if (c * d - 1.0).abs() <= f64::EPSILON {
                break;
            }
        }
        let above = front * fraction;
        (1.0 - above, above)
    }
}

/// Poisson counts.
#[derive(Clone, Copy, Debug)]
pub struct Poisson {
    mean: f64,
    /// The least count that is looked at, and its probability.
    least: f64,
    at_least: f64,
}

impl Poisson {
    /// With this mean.
    pub fn with_mean(mean: f64) -> Poisson {
        let mean = mean.max(0.0);
        // What lies nine standard deviations below adds nothing that a sum of doubles could hold.
        let least = (mean - 9.0 * mean.sqrt()).floor().max(0.0);
        let log = if least > 0.0 { least * libm::log(mean) - libm::lgamma(least + 1.0) } else { 0.0 };
        Poisson { mean, least, at_least: libm::exp(log - mean) }
    }

    /// One variate.
    pub fn draw(&self, stream: &mut Stream) -> u32 {
        self.quantile(uniform(stream))
    }

    /// The least count up to which more than a part of the law lies, in [0, 1).
    pub fn quantile(&self, part: f64) -> u32 {
        let (mut count, mut probability) = (self.least, self.at_least);
        let mut sum = probability;
        while sum <= part && (count < self.mean || probability > f64::EPSILON / 4.0) {
            count += 1.0;
            probability *= self.mean / count;
            sum += probability;
        }
        count as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_quantiles_agree_with_those_published_of_chi_squared() {
        // Half a chi-squared variate of 2 k degrees of freedom is gamma of shape k (Abramowitz and Stegun,
        // table 26.8).
        for (degrees, above, value) in [
            (1.0, 0.5, 0.454_936),
            (1.0, 0.05, 3.841_46),
            (1.0, 0.995, 3.927_04e-5),
            (2.0, 0.5, 1.386_29),
            (10.0, 0.05, 18.3070),
            (17.0, 0.5, 16.3382),
            (30.0, 0.995, 13.7867),
            (60.0, 0.001, 99.6072),
            (100.0, 0.5, 99.3341),
            (100.0, 0.005, 140.169),
        ] {
            let quantile = Gamma::with_mean_one(degrees / 2.0).quantile(1.0 - above) * degrees;
            assert!((quantile / value - 1.0).abs() < 5e-6, "{degrees} {above}: {quantile} for {value}");
        }
        // An exponential law, far out on either side.
        for part in [1e-300, 1e-12, 0.3, 1.0 - 1e-15] {
            let exact = -libm::log1p(-part);
            let quantile = Gamma::with_mean_one(1.0).quantile(part);
            assert!((quantile / exact - 1.0).abs() < 1e-9, "{part}: {quantile} for {exact}");
        }
    }

    #[test]
    fn every_shape_is_drawn_with_mean_one_and_in_step() {
        for shape in [0.05, 0.3, 1.0, 8.5, 30.0, 1000.0, 1e9] {
            let law = Gamma::with_mean_one(shape);
            let parts = 20_000;
            let quantiles: Vec<f64> =
                (0..parts).map(|part| law.quantile((f64::from(part) + 0.5) / f64::from(parts))).collect();
            assert!(quantiles.is_sorted(), "{shape}");
            let mean = quantiles.iter().sum::<f64>() / f64::from(parts);
            assert!((mean - 1.0).abs() < 5e-3, "{shape}: {mean}");
            for part in [f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0] {
                assert!(law.quantile(part).is_finite(), "{shape}");
            }
        }
    }

    #[test]
    fn counts_have_the_law_of_poisson_at_every_mean() {
        for mean in [0.0, 1e-9, 0.35, 1.0, 72.0, 81.5, 700.0, 5000.0, 1e6] {
            let law = Poisson::with_mean(mean);
            let parts = 2000;
            let counts: Vec<f64> = (0..parts)
                .map(|part| f64::from(law.quantile((f64::from(part) + 0.5) / f64::from(parts))))
                .collect();
            assert!(counts.is_sorted(), "{mean}");
            let average = counts.iter().sum::<f64>() / f64::from(parts);
            let variance = counts.iter().map(|count| (count - mean) * (count - mean)).sum::<f64>();
            assert!((average - mean).abs() < 1e-3 + mean * 1e-3, "{mean}: {average}");
            assert!((variance / f64::from(parts) - mean).abs() < 2e-3 + mean * 0.01, "{mean}");
            assert!(law.quantile(0.0) as f64 <= mean);
            assert!(f64::from(law.quantile(1.0 - f64::EPSILON / 2.0)) < mean + 10.0 * mean.sqrt() + 20.0);
        }
        // e^-1, and what is left of 1 beyond 0 and 1.
        let law = Poisson::with_mean(1.0);
        assert_eq!([0.367_8, 0.367_9, 0.735_7, 0.735_8].map(|part| law.quantile(part)), [0, 1, 1, 2]);
    }
}
