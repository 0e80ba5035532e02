//! How far a figure of a run may be off by chance: intervals of 95 % by leaving out parts of the devices.
//!
//! Mails of one device resemble each other, devices do not; so whole parts of the devices are left out in
//! turn, and the figure's movement shows its error. It works for any figure, percentiles and ratios included.
//! Devices of one group resemble each other more than those of another, and how many each group has is no
//! chance: groups are strata, and what differs between them is no error. Sources: J. W. Tukey, Ann. Math. Stat.
//! 29 (1958), 614; J. Shao and D. Tu, "The Jackknife and Bootstrap" (1995), sections 1.3, 2.3 and 6.2.
//!
//! Most of what is rare stands on few parts, and those that are not there would count most. So an interval reaches
//! farther to the side where large parts lie, by Hall's cubic transformation of t (P. Hall, J. R. Stat. Soc. B 54
//! (1992), 221), has fewer degrees of freedom where few parts make most of the variance, and reckons with one part
//! more like the largest (assumed: the study of coverage chose it).

use super::mixture::Mixture;
use super::survival::{KaplanMeier, Point};
use super::tails::t_reach;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::ops::{AddAssign, SubAssign};

/// With fewer degrees of freedom than these an interval would say little more than that little is known: the
/// words `few devices` stand in its place. Five equal parts have four, but for rounding.
pub(super) const FEWEST_FREEDOM: f64 = 4.0 - 1e-9;

/// Movements of a figure that are smaller, against its size, are rounding and no movement.
const ROUNDING: f64 = 1e-12;

/// An interval that holds the true figure in 95 of 100 runs with other seeds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// The interval cut to what the figure can be: a share does not exceed 1.
    pub fn clamp(self, lowest: f64, highest: f64) -> Interval {
        Interval { low: self.low.clamp(lowest, highest), high: self.high.clamp(lowest, highest) }
    }

    /// Whether it leaves zero out.
    pub fn leaves_zero_out(self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// Whether nothing varied. It decides what is promised as the figure alone would, but nobody is shown it
    /// as an interval: that no part differs does not mean that no device would.
    pub fn is_point(self) -> bool {
        self.low == self.high
    }
}

/// How the devices of a sample are cut: for each stratum, how many devices each of its parts has.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Strata(Vec<Vec<u64>>);

/// How a figure varies: powers of what each part moves it by, summed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spread {
    /// Its variance over runs with other seeds.
    pub variance: f64,
    third: f64,
    fourth: f64,
    /// What the part moves it by that moves it most.
    largest: f64,
    /// Squares of the variance of each stratum over its degrees of freedom, summed: Satterthwaite's denominator.
    squares: f64,
    /// The degrees of freedom of all strata together.
    freedom: f64,
}

impl Strata {
    /// Devices that are cut into parts of these sizes. A stratum of one part has nothing to vary against, and its
    /// part is not counted.
    pub fn of(sizes: impl IntoIterator<Item = Vec<u64>>) -> Strata {
        Strata(sizes.into_iter().filter(|parts| parts.len() > 1).collect())
    }

    /// The interval of a figure. `estimate` computes it from all devices, or without one part, parts being
    /// counted through all strata. `None` where it is unknown even once, since an interval that ignored this
    /// would be too narrow, and where too few devices carry it.
    pub fn interval(&self, estimate: impl Fn(Option<usize>) -> Option<f64>) -> Option<Interval> {
        let all = estimate(None)?;
        self.spread(estimate)?.around(all)
    }

    /// The interval of `now` less `before`, which are of two runs that were cut each in its own way: as if they had
    /// nothing in common, which is too wide where they have.
    pub fn apart(
        &self,
        now: impl Fn(Option<usize>) -> Option<f64>,
        other: &Strata,
        before: impl Fn(Option<usize>) -> Option<f64>,
    ) -> Option<Interval> {
        let found = now(None)? - before(None)?;
        self.spread_apart(now, other, before)?.around(found)
    }

    /// How that difference varies.
    pub fn spread_apart(
        &self,
        now: impl Fn(Option<usize>) -> Option<f64>,
        other: &Strata,
        before: impl Fn(Option<usize>) -> Option<f64>,
    ) -> Option<Spread> {
        Some(self.spread(now)?.less(other.spread(before)?))
    }

    /// The variance of a figure; `None` where it is unknown even once.
    pub fn variance(&self, estimate: impl Fn(Option<usize>) -> Option<f64>) -> Option<f64> {
        self.spread(estimate).map(|spread| spread.variance)
    }

    /// How a figure varies; `None` where it is unknown even once. A square counts as much as makes the variance of a
    /// mean right, also where parts differ in size.
    pub fn spread(&self, estimate: impl Fn(Option<usize>) -> Option<f64>) -> Option<Spread> {
        let all = estimate(None)?;
        let mut sum = Spread::NONE;
        let mut parts = 0;
        for stratum in &self.0 {
            let devices = stratum.iter().sum::<u64>() as f64;
            let mut own = 0.0;
            for (place, part) in stratum.iter().enumerate() {
                // With the part the figure is moved the other way.
                let off = all - estimate(Some(parts + place))?;
                let is_moved = off.abs() > ROUNDING * all.abs();
                let moved = if is_moved { libm::sqrt(1.0 - *part as f64 / devices) * off } else { 0.0 };
                own += moved * moved;
                sum.third += moved * moved * moved;
                sum.fourth += moved * moved * moved * moved;
                sum.largest = if moved.abs() > sum.largest.abs() { moved } else { sum.largest };
            }
            parts += stratum.len();
            sum.variance += own;
            sum.squares += own * own / (stratum.len() as f64 - 1.0);
        }
        sum.freedom = (parts - self.0.len()) as f64;
        Some(sum)
    }
}

impl Spread {
    const NONE: Spread =
        Spread { variance: 0.0, third: 0.0, fourth: 0.0, largest: 0.0, squares: 0.0, freedom: 0.0 };

    /// How the difference to an independent figure varies.
    fn less(self, other: Spread) -> Spread {
        let is_larger = self.largest.abs() > other.largest.abs();
        Spread {
            variance: self.variance + other.variance,
            third: self.third - other.third,
            fourth: self.fourth + other.fourth,
            largest: if is_larger { self.largest } else { -other.largest },
            squares: self.squares + other.squares,
            freedom: self.freedom.min(other.freedom),
        }
    }

    /// The same with one part more like the largest.
    fn with_one_more(self) -> Spread {
        let square = self.largest * self.largest;
        Spread {
            variance: self.variance + square,
            third: self.third + square * self.largest,
            fourth: self.fourth + square * square,
            ..self
        }
    }

    /// Satterthwaite's degrees of freedom over strata, or fewer where few parts make most of the variance: of parts
    /// that vary normally the fourth powers are three times the square over their number.
    pub fn freedom(self) -> f64 {
        let few = |spread: Spread| 3.0 * spread.variance * spread.variance / spread.fourth;
        match self.squares > 0.0 {
            true => (self.variance * self.variance / self.squares)
                .min(few(self))
                .min(few(self.with_one_more()))
                .min(self.freedom),
            false => self.freedom,
        }
    }

    /// The standard error and Satterthwaite's degrees of freedom as if parts varied normally. At the level of thousands
    /// of points together nothing prudent would ever be clear.
    pub fn textbook(self) -> [f64; 2] {
        let satterthwaite = self.variance * self.variance / self.squares;
        [libm::sqrt(self.variance), if self.squares > 0.0 { satterthwaite } else { self.freedom }]
    }

    /// The same with no more degrees of freedom than another.
    pub fn limited_by(self, other: Spread) -> Spread {
        Spread { freedom: self.freedom().min(other.freedom()), ..self }
    }

    /// Whether there are degrees of freedom enough to say more than that little is known.
    pub fn is_known(self) -> bool {
        self.freedom() >= FEWEST_FREEDOM
    }

    /// The variance with one part more like the largest.
    pub fn prudent_variance(self) -> f64 {
        self.with_one_more().variance
    }

    /// The standard error with that part, and the skewness.
    fn shape(self) -> (f64, f64) {
        let wide = self.with_one_more();
        let error = libm::sqrt(wide.variance);
        (error, wide.third / (wide.variance * error))
    }

    /// What is Student's t of a figure that was found so far above what is asked about. The transformation levels out
    /// far from zero, where skewness is no reason to doubt: no more than half of t is taken away.
    pub fn t(self, off: f64) -> f64 {
        let (error, skew) = self.shape();
        let t = off / error;
        let [a, b] = [t / 2.0, 2.0 * t];
        skewed(t, skew).clamp(a.min(b), a.max(b))
    }

    /// How far a figure may lie below and above what was found, of Student's t this.
    fn reach(self, t: f64) -> [f64; 2] {
        let (error, skew) = self.shape();
        if error == 0.0 { [0.0, 0.0] } else { [t, -t].map(|t| (error * unskewed(t, skew)).abs()) }
    }

    /// The interval around a figure.
    pub fn around(self, figure: f64) -> Option<Interval> {
        let [below, above] = self.reach(t_reach(0.025, self.freedom()));
        self.is_known().then_some(Interval { low: figure - below, high: figure + above })
    }
}

/// Hall's transformation of t for a sum of this skewness.
fn skewed(t: f64, skew: f64) -> f64 {
    t + skew * t * t / 3.0 + skew * skew * t * t * t / 27.0 + skew / 6.0
}

/// Its inverse.
fn unskewed(t: f64, skew: f64) -> f64 {
    if skew.abs() < 1e-6 {
        return t;
    }
    (libm::cbrt(1.0 + skew * (t - skew / 6.0)) - 1.0) * 3.0 / skew
}

/// Something worked out from all devices, and from all but each part: the dear half of an interval, done once
/// for any number of figures.
#[derive(Clone, Debug)]
pub struct Replicates<T> {
    /// From all devices.
    pub all: T,
    /// Without each part, through all strata.
    pub without: Vec<T>,
    /// How they are cut.
    pub strata: Strata,
}

impl<T> Replicates<T> {
    /// Works `what` out for these strata, each a list of parts with their devices. Where a part is left out, the
    /// others of its stratum count more, so that every stratum keeps its weight. A stratum of one part has
    /// nothing to vary against.
    pub fn of<A>(strata: &[Vec<(u64, &A)>], what: impl Fn(Mixture<'_, A>) -> T) -> Replicates<T>
    where
        A: Default + for<'a> AddAssign<&'a A> + for<'a> SubAssign<&'a A>,
    {
        let nothing = A::default();
        let mut total = A::default();
        strata.iter().flatten().for_each(|(_, part)| total += part);
        let all = what(Mixture { plain: &total, scaled: &nothing, by: 0.0 });
        let cut: Vec<_> = strata.iter().filter(|parts| parts.len() > 1).collect();
        let mut without = Vec::with_capacity(cut.iter().map(|parts| parts.len()).sum());
        for parts in &cut {
            let mut own = A::default();
            parts.iter().for_each(|(_, part)| own += part);
            total -= &own;
            let devices: u64 = parts.iter().map(|(devices, _)| devices).sum();
            for (left_out, part) in parts.iter() {
                own -= part;
                let by = devices as f64 / (devices - left_out) as f64;
                without.push(what(Mixture { plain: &total, scaled: &own, by }));
                own += part;
            }
            total += &own;
        }
        let sizes = |parts: &&Vec<(u64, &A)>| parts.iter().map(|(devices, _)| *devices).collect();
        Replicates { all, without, strata: Strata::of(cut.iter().map(sizes)) }
    }

    /// The replicate without this part, or the one of all devices.
    pub fn get(&self, left_out: Option<usize>) -> &T {
        left_out.map_or(&self.all, |part| &self.without[part])
    }

    /// A piece of each.
    pub fn each<P: ?Sized>(&self, piece: impl Fn(&T) -> &P) -> Replicates<&P> {
        let without = self.without.iter().map(&piece).collect();
        Replicates { all: piece(&self.all), without, strata: self.strata.clone() }
    }

    /// The interval of one figure.
    pub fn interval(&self, figure: impl Fn(&T) -> Option<f64>) -> Option<Interval> {
        self.strata.interval(|left_out| figure(self.get(left_out)))
    }

    /// The interval of a figure of two runs over the same devices, such as a difference: paired, so that what
    /// both runs share drops out of the error. `None` where they are cut otherwise.
    pub fn paired<O>(
        &self,
        other: &Replicates<O>,
        figure: impl Fn(&T, &O) -> Option<f64>,
    ) -> Option<Interval> {
        let both = |left_out| figure(self.get(left_out), other.get(left_out));
        (self.strata == other.strata).then(|| self.strata.interval(both)).flatten()
    }
}

impl<K: Borrow<KaplanMeier>> Replicates<K> {
    /// The curve of all devices, as [`KaplanMeier::curve`] thins it, with a band in which devices and not mails
    /// are independent: the jackknife's at each point. A curve only rises: where a point has no interval, the band
    /// reaches from the lower end before it to the upper end behind it. For too few devices, where none has one, the
    /// band stays Greenwood's.
    pub fn curve(&self, most: usize) -> Vec<Point> {
        let mut points = self.all.borrow().curve(most);
        let interval = |point: &Point| {
            let told = |estimate: &K| estimate.borrow().told_within(Span::from_ms(point.ms));
            self.interval(told).map(|interval| interval.clamp(0.0, 1.0))
        };
        let ends: Vec<Option<Interval>> = points.iter().map(interval).collect();
        if ends.iter().any(Option::is_some) {
            let (mut low, mut high) = (0.0, 1.0);
            for (point, ends) in points.iter_mut().zip(&ends) {
                low = ends.map_or(low, |ends| ends.low);
                point.low = f64::min(low, point.told);
            }
            for (point, ends) in points.iter_mut().zip(&ends).rev() {
                high = ends.map_or(high, |ends| ends.high);
                point.high = f64::max(high, point.told);
            }
        }
        points
    }
}
