//! A float whose transcendental functions come from the pure-Rust `libm` crate.
//!
//! `rand_distr` computes in whatever float it is given. Given `f64`, it calls the platform's `exp`
//! and `ln` as soon as any crate in the build (here `plotters`) turns on `num-traits/std`, and then
//! the last bits differ between systems. Given [`Portable`], it cannot leave `libm`, so that the
//! same seed gives the same bits on every platform that keeps to IEEE 754.

use super::Stream;
use num_traits::{Float, FloatConst, Num, NumCast, One, ToPrimitive, Zero};
use rand::Rng;
use rand::distr::{Distribution, Open01, OpenClosed01, StandardUniform};
use rand_distr::{Exp1, StandardNormal};
use std::num::FpCategory;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// An `f64` that never calls the platform's mathematics library.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default)]
pub struct Portable(pub f64);

macro_rules! operators {
    ($($trait:ident $method:ident),*) => { $(
        impl $trait for Portable {
            type Output = Portable;
            fn $method(self, other: Portable) -> Portable { Portable($trait::$method(self.0, other.0)) }
        }
    )* };
}
operators!(Add add, Sub sub, Mul mul, Div div, Rem rem);

impl Neg for Portable {
    type Output = Portable;
    fn neg(self) -> Portable {
        Portable(-self.0)
    }
}

impl Zero for Portable {
    fn zero() -> Portable {
        Portable(0.0)
    }
    fn is_zero(&self) -> bool {
        self.0 == 0.0
    }
}

impl One for Portable {
    fn one() -> Portable {
        Portable(1.0)
    }
}

impl Num for Portable {
    type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;
    fn from_str_radix(text: &str, radix: u32) -> Result<Portable, Self::FromStrRadixErr> {
        f64::from_str_radix(text, radix).map(Portable)
    }
}

impl ToPrimitive for Portable {
    fn to_i64(&self) -> Option<i64> {
        self.0.to_i64()
    }
    fn to_u64(&self) -> Option<u64> {
        self.0.to_u64()
    }
    fn to_f64(&self) -> Option<f64> {
        Some(self.0)
    }
}

impl NumCast for Portable {
    fn from<T: ToPrimitive>(value: T) -> Option<Portable> {
        value.to_f64().map(Portable)
    }
}

/// Functions that IEEE 754 fixes, which the standard library may compute.
macro_rules! exact {
    ($($method:ident($($other:ident),*)),* $(,)?) => { $(
        fn $method(self $(, $other: Portable)*) -> Portable { Portable(f64::$method(self.0 $(, $other.0)*)) }
    )* };
}

/// Functions that only `libm` computes alike everywhere.
macro_rules! by_libm {
    ($($method:ident = $function:ident($($other:ident),*)),* $(,)?) => { $(
        fn $method(self $(, $other: Portable)*) -> Portable { Portable(libm::$function(self.0 $(, $other.0)*)) }
    )* };
}

macro_rules! constants {
    ($($method:ident = $value:expr),* $(,)?) => { $( fn $method() -> Portable { Portable($value) } )* };
}

macro_rules! questions {
    ($($method:ident),*) => { $( fn $method(self) -> bool { f64::$method(self.0) } )* };
}

impl Float for Portable {
    constants!(
        nan = f64::NAN,
        infinity = f64::INFINITY,
        neg_infinity = f64::NEG_INFINITY,
        neg_zero = -0.0,
        min_value = f64::MIN,
        min_positive_value = f64::MIN_POSITIVE,
        max_value = f64::MAX,
        epsilon = f64::EPSILON,
    );
    questions!(is_nan, is_infinite, is_finite, is_normal, is_sign_positive, is_sign_negative);
    exact!(
        floor(),
        ceil(),
        round(),
        trunc(),
        fract(),
        abs(),
        signum(),
        recip(),
        sqrt(),
        max(other),
        min(other)
    );
    by_libm!(
        exp = exp(),
        exp2 = exp2(),
        ln = log(),
        log2 = log2(),
        log10 = log10(),
        cbrt = cbrt(),
        sin = sin(),
        cos = cos(),
        tan = tan(),
        asin = asin(),
        acos = acos(),
        atan = atan(),
        sinh = sinh(),
        cosh = cosh(),
        tanh = tanh(),
        asinh = asinh(),
        acosh = acosh(),
        atanh = atanh(),
        exp_m1 = expm1(),
        ln_1p = log1p(),
        powf = pow(power),
        hypot = hypot(other),
        atan2 = atan2(other),
        abs_sub = fdim(other),
        mul_add = fma(factor, term),
    );
    fn powi(self, power: i32) -> Portable {
        Portable(libm::pow(self.0, power.into()))
    }
    fn log(self, base: Portable) -> Portable {
        self.ln() / base.ln()
    }
    fn sin_cos(self) -> (Portable, Portable) {
        (self.sin(), self.cos())
    }
    fn classify(self) -> FpCategory {
        self.0.classify()
    }
    fn integer_decode(self) -> (u64, i16, i8) {
        Float::integer_decode(self.0)
    }
}

impl FloatConst for Portable {
    constants!(
        E = std::f64::consts::E,
        PI = std::f64::consts::PI,
        LN_2 = std::f64::consts::LN_2,
        LN_10 = std::f64::consts::LN_10,
        LOG2_E = std::f64::consts::LOG2_E,
        LOG10_E = std::f64::consts::LOG10_E,
        SQRT_2 = std::f64::consts::SQRT_2,
        FRAC_1_PI = std::f64::consts::FRAC_1_PI,
        FRAC_1_SQRT_2 = std::f64::consts::FRAC_1_SQRT_2,
        FRAC_2_PI = std::f64::consts::FRAC_2_PI,
        FRAC_2_SQRT_PI = std::f64::consts::FRAC_2_SQRT_PI,
        FRAC_PI_2 = std::f64::consts::FRAC_PI_2,
        FRAC_PI_3 = std::f64::consts::FRAC_PI_3,
        FRAC_PI_4 = std::f64::consts::FRAC_PI_4,
        FRAC_PI_6 = std::f64::consts::FRAC_PI_6,
        FRAC_PI_8 = std::f64::consts::FRAC_PI_8,
    );
}

macro_rules! uniform {
    ($($law:ident),*) => { $(
        impl Distribution<Portable> for $law {
            fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Portable {
                Portable(Distribution::<f64>::sample(self, rng))
            }
        }
    )* };
}
// Uniform variates are made of shifts and exact products: they need no mathematics library.
uniform!(StandardUniform, Open01, OpenClosed01);

impl Distribution<Portable> for Exp1 {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Portable {
        let Portable(uniform) = OpenClosed01.sample(rng);
        Portable(-libm::log(uniform))
    }
}

impl Distribution<Portable> for StandardNormal {
    /// By inversion: one uniform, one variate.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Portable {
        Portable(normal_quantile(Open01.sample(rng)))
    }
}

/// The quantile function of the standard normal, to 1e-16 relative (Wichura 1988, AS 241 PPND16).
#[expect(clippy::excessive_precision, reason = "the constants stand as published")]
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 8] = [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ];
    const B: [f64; 8] = [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_545,
    ];
    const C: [f64; 8] = [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ];
    const D: [f64; 8] = [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ];
    const E: [f64; 8] = [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ];
    const F: [f64; 8] = [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_445_9e-7,
        2.044_263_103_389_939_8e-15,
    ];
    let polynomial = |c: &[f64; 8], x: f64| c.iter().rev().fold(0.0, |sum, &k| sum * x + k);
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(&A, r) / polynomial(&B, r);
    }
    let r = (-libm::log(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let tail = if r <= 5.0 {
        polynomial(&C, r - 1.6) / polynomial(&D, r - 1.6)
    } else {
        polynomial(&E, r - 5.0) / polynomial(&F, r - 5.0)
    };
    if q < 0.0 { -tail } else { tail }
}

/// A uniform variate in (0, 1).
pub fn open_uniform(stream: &mut Stream) -> f64 {
    Distribution::<f64>::sample(&Open01, stream)
}

/// A uniform variate in [0, 1).
pub fn uniform(stream: &mut Stream) -> f64 {
    Distribution::<f64>::sample(&StandardUniform, stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;

    #[test]
    fn normal_quantiles_agree_with_the_published_test_values() {
        // Wichura 1988 gives p = 0.25, 0.001 and 1e-20.
        for (p, z) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
        ] {
            assert!((normal_quantile(p) / z - 1.0_f64).abs() < 1e-14, "{p}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
    }

    /// Any change of these bits changes every result of every user: it must be deliberate.
    #[test]
    fn variates_have_the_same_bits_on_every_platform() {
        let mut stream = Streams::new(1, "typical", 0).stream("bits");
        let mut hash = 0_u64;
        for _ in 0..10_000 {
            for value in [
                crate::random::Exponential::with_mean(3.0).draw(&mut stream),
                crate::random::Normal::new(1.0, 2.0).draw(&mut stream),
                crate::random::LogNormal::new(3.4, 1.62).draw(&mut stream),
                crate::random::Weibull::with_shape(0.5).draw(&mut stream),
                crate::random::Gamma::with_mean_one(8.5).draw(&mut stream),
                crate::random::Poisson::with_mean(0.35).draw(&mut stream).into(),
            ] {
                hash = crate::random::mix(hash ^ value.to_bits());
            }
        }
        assert_eq!(hash, 0x6362_791f_125f_37d2, "{hash:#018x}");
    }
}
