//! The laws the models draw from: `rand_distr`, computed in a float that gives the same bits
//! everywhere (see [`Portable`]).

use super::{Portable, Stream};
use rand::distr::Distribution;

/// Declares a law: a wrapper of a distribution of `rand_distr` over [`Portable`].
macro_rules! law {
    ($(#[$what:meta])* $name:ident, $inner:ty) => {
        $(#[$what])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name($inner);
        impl $name {
            /// One variate.
            pub fn draw(&self, stream: &mut Stream) -> f64 {
                let Portable(value) = self.0.sample(stream);
                value
            }
        }
    };
}

law!(
    /// Exponential: the time to the next event of a Poisson process.
    Exponential, rand_distr::Exp<Portable>);
law!(
    /// Normal.
    Normal, rand_distr::Normal<Portable>);
law!(
    /// Lognormal.
    LogNormal, rand_distr::LogNormal<Portable>);
law!(
    /// Weibull.
    Weibull, rand_distr::Weibull<Portable>);

// Scenario values are checked to be finite and in range on reading; the floors here keep the
// remaining corner, zero, meaningful rather than a panic.
const LEAST: f64 = 1e-12;

impl Exponential {
    /// With this mean.
    pub fn with_mean(mean: f64) -> Exponential {
        Exponential(rand_distr::Exp::new(Portable(1.0 / mean.max(LEAST))).expect("a positive rate"))
    }
}

impl Normal {
    /// With this mean and standard deviation.
    pub fn new(mean: f64, sd: f64) -> Normal {
        Normal(rand_distr::Normal::new(Portable(mean), Portable(sd)).expect("finite parameters"))
    }
}

impl LogNormal {
    /// With this location and scale of the logarithm.
    pub fn new(mu: f64, sigma: f64) -> LogNormal {
        LogNormal(rand_distr::LogNormal::new(Portable(mu), Portable(sigma)).expect("finite parameters"))
    }

    /// With this median and scale of the logarithm.
    pub fn with_median(median: f64, sigma: f64) -> LogNormal {
        LogNormal::new(libm::log(median.max(LEAST)), sigma)
    }
}

impl Weibull {
    /// With scale 1 and this shape.
    pub fn with_shape(shape: f64) -> Weibull {
        Weibull(
            rand_distr::Weibull::new(Portable(1.0), Portable(shape.max(LEAST))).expect("a positive shape"),
        )
    }
}
