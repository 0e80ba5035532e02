//! How long mail waits until its user is told, where the run ended before some of it was: the estimate of
//! Kaplan and Meier.
//!
//! Mail still waiting at the horizon is neither dropped nor taken for told: it counts as waiting for as long
//! as it was seen to wait. Source: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete
//! observations", J. Am. Stat. Assoc. 53 (1958), 457–481.

use crate::analysis::histogram::{Bin, Bins};
use crate::analysis::jackknife::Replicates;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::ops::{AddAssign, SubAssign};

/// The 0.975 quantile of the normal law, for bands of 95 %.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// Shares that differ by less are the same share, rounded differently.
const ROUNDING: f64 = 1e-12;

/// How long mail waited, counted finely.
pub type Waits = WaitsIn<9>;

/// How long mail waited, counted coarsely, for where many are kept side by side.
pub type CoarseWaits = WaitsIn<5>;

/// How long mail waited: what the estimate is made from, and what groups of devices add up.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct WaitsIn<const SUB_BITS: u32> {
    /// Latencies of the mail that was told.
    pub told: Bins<SUB_BITS>,
    /// How long mail had waited that was still untold at the horizon.
    pub censored: Bins<SUB_BITS>,
}

/// The estimated share of mail still waiting after each length of time.
#[derive(Clone, Debug)]
pub struct KaplanMeier {
    mail: u64,
    steps: Vec<Step>,
    /// Where mail was censored, and how much of it.
    censored: Vec<(Span, u64)>,
    last: Span,
}

/// A place where mail was told, and the estimate after it.
#[derive(Clone, Copy, Debug)]
struct Step {
    bin: Bin,
    waiting: f64,
    /// Greenwood's sum of d / (n (n - d)) so far.
    greenwood: f64,
}

/// A point of a curve: the share told within `ms`, with a band of 95 %.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Point {
    /// The length of time in milliseconds.
    pub ms: u64,
    /// The share of mail told within it.
    pub told: f64,
    /// The lower end of the band.
    pub low: f64,
    /// The upper end of the band.
    pub high: f64,
}

impl<const SUB_BITS: u32> WaitsIn<SUB_BITS> {
    /// How many mails there are, whatever became of them.
    pub fn mail(&self) -> u64 {
        self.told.total() + self.censored.total()
    }

    /// Every number in them, the same for equal waits.
    pub fn each_number(&self, take: &mut impl FnMut(u64)) {
        self.told.each_number(take);
        self.censored.each_number(take);
    }

    /// The estimate from these waits. It is exact up to the bins' width, and at bin edges exact wherever
    /// none was censored before; within a bin, mail is told before it is censored, as is the custom.
    pub fn estimate(&self) -> KaplanMeier {
        let mut told = self.told.bins().peekable();
        let mut censored = self.censored.bins().peekable();
        let bins = std::iter::from_fn(|| {
            let next = match (told.peek(), censored.peek()) {
                (Some(a), Some(b)) => a.low.min(b.low),
                (Some(a), None) => a.low,
                (None, b) => b?.low,
            };
            Some((told.next_if(|bin| bin.low == next), censored.next_if(|bin| bin.low == next)))
        });
        KaplanMeier::from_bins(self.mail(), bins)
    }
}

impl<const SUB_BITS: u32> AddAssign<&WaitsIn<SUB_BITS>> for WaitsIn<SUB_BITS> {
    fn add_assign(&mut self, other: &WaitsIn<SUB_BITS>) {
        self.told += &other.told;
        self.censored += &other.censored;
    }
}

impl<const SUB_BITS: u32> SubAssign<&WaitsIn<SUB_BITS>> for WaitsIn<SUB_BITS> {
    fn sub_assign(&mut self, other: &WaitsIn<SUB_BITS>) {
        self.told -= &other.told;
        self.censored -= &other.censored;
    }
}

impl KaplanMeier {
    /// The estimate from single mails, exact to the millisecond: how long each waited, and whether it was
    /// told (or else censored) then.
    pub fn from_mail(mut mail: Vec<(Span, bool)>) -> KaplanMeier {
        mail.sort_unstable();
        let bins = mail.chunk_by(|a, b| a.0 == b.0).map(|same| {
            let at = same[0].0;
            let told = same.iter().filter(|(_, told)| *told).count() as u64;
            let bin = |count| (count > 0).then_some(Bin { low: at, high: at, count });
            (bin(told), bin(same.len() as u64 - told))
        });
        KaplanMeier::from_bins(mail.len() as u64, bins)
    }

    /// From pairs of the told and the censored of the same bin, in order of time.
    fn from_bins(mail: u64, bins: impl Iterator<Item = (Option<Bin>, Option<Bin>)>) -> KaplanMeier {
        let mut estimate = KaplanMeier { mail, steps: Vec::new(), censored: Vec::new(), last: Span::ZERO };
        let mut at_risk = mail;
        // The product telescopes as long as nothing is censored: S = base · at risk / risk at the base.
        // That keeps shares exact where they are plain fractions, as "60 of 80 told" is.
        let (mut base, mut base_risk) = (1.0, mail);
        let (mut waiting, mut greenwood) = (1.0, 0.0);
        for (told, censored) in bins {
            if let Some(bin) = told {
                let left = at_risk - bin.count;
                greenwood += bin.count as f64 / (at_risk as f64 * left as f64);
                at_risk = left;
                waiting = base * (left as f64 / base_risk as f64);
                estimate.steps.push(Step { bin, waiting, greenwood });
                estimate.last = bin.high;
            }
            if let Some(bin) = censored {
                at_risk -= bin.count;
                (base, base_risk) = (waiting, at_risk);
                estimate.censored.push((bin.high, bin.count));
                estimate.last = bin.high;
            }
        }
        estimate
    }

    /// The share of mail told within `limit`, or `None` where there was no mail. After the last observation
    /// the estimate stays as it is (Gill's convention), which [`KaplanMeier::last`] tells.
    pub fn told_within(&self, limit: Span) -> Option<f64> {
        let steps = self.steps.partition_point(|step| step.bin.high <= limit);
        let waiting = steps.checked_sub(1).map_or(1.0, |last| self.steps[last].waiting);
        (self.mail > 0).then_some(1.0 - waiting)
    }

    /// The share told by the time of the last observation, or `None` where there was no mail.
    pub fn told_by_end(&self) -> Option<f64> {
        self.told_within(self.last)
    }

    /// The shortest time within which at least `share` of the mail is told; `None` where that share is not
    /// reached. It is the end of a bin: less than 0.2 % too long, and within `limit` exactly where
    /// `told_within(limit)` reaches `share`.
    pub fn percentile(&self, share: f64) -> Option<Span> {
        let before = self.steps.partition_point(|step| 1.0 - step.waiting < share - ROUNDING);
        self.steps.get(before).map(|step| step.bin.high)
    }

    /// The mean wait where none counts for longer than `limit`: the area under the curve of mail still
    /// waiting. Censoring does not bend it as it bends the mean of told mail. `None` where there was no mail.
    pub fn restricted_mean(&self, limit: Span) -> Option<f64> {
        let (mut area, mut from, mut waiting) = (0.0, Span::ZERO, 1.0);
        for step in self.steps.iter().take_while(|step| step.bin.high < limit) {
            area += waiting * (step.bin.high - from).secs_f64();
            (from, waiting) = (step.bin.high, step.waiting);
        }
        (self.mail > 0).then(|| area + waiting * (limit - from).secs_f64())
    }

    /// How long the longest wait was that ended, by telling or by the horizon.
    pub fn last(&self) -> Span {
        self.last
    }

    /// How long mail that was still untold at the horizon had waited, thinned to at most `most` evenly spaced
    /// quantiles. Equal ones are given once.
    pub fn censored(&self, most: usize) -> Vec<Span> {
        let total: u64 = self.censored.iter().map(|(_, count)| count).sum();
        let marks = total.min(most as u64);
        let mut found: Vec<Span> = Vec::new();
        let mut waits = self.censored.iter();
        let (mut seen, mut wait) = (0, Span::ZERO);
        for mark in 0..marks {
            // The middle of each of `marks` equal parts, so that neither end is favoured.
            let rank = (mark as f64 + 0.5) / marks as f64 * total as f64;
            while (seen as f64) < rank
                && let Some((next, count)) = waits.next()
            {
                (seen, wait) = (seen + count, *next);
            }
            if found.last() != Some(&wait) {
                found.push(wait);
            }
        }
        found
    }

    /// The curve of the share told, thinned to at most `most` points (two or more) that are at least that
    /// fraction of its height apart. It ends at the last observation.
    pub fn curve(&self, most: usize) -> Vec<Point> {
        let reached = self.steps.last().map_or(0.0, |step| 1.0 - step.waiting);
        let apart = reached / most.saturating_sub(2).max(1) as f64;
        let mut points: Vec<Point> = Vec::new();
        let mut band = (0.0, 0.0);
        for step in &self.steps {
            band = step.band().unwrap_or((band.0, 1.0));
            let told = 1.0 - step.waiting;
            // The first step is the curve's start; after it, only what rises enough to be seen.
            if points.last().is_none_or(|kept| told - kept.told >= apart - ROUNDING) {
                points.push(Point { ms: step.bin.high.ms(), told, low: band.0, high: band.1 });
            }
        }
        if self.mail > 0 && points.last().is_none_or(|kept| kept.ms < self.last.ms()) {
            points.truncate(most.max(2) - 1);
            points.push(Point { ms: self.last.ms(), told: reached, low: band.0, high: band.1 });
        }
        points
    }
}

impl Replicates<KaplanMeier> {
    /// The curve of all groups, as [`KaplanMeier::curve`] thins it, with a band in which devices and not
    /// mails are independent: the jackknife's at each point. For a single group the band stays Greenwood's.
    pub fn curve(&self, most: usize) -> Vec<Point> {
        let mut points = self.all.curve(most);
        for point in &mut points {
            let told = |estimate: &KaplanMeier| estimate.told_within(Span::from_ms(point.ms));
            if let Some(interval) = self.interval(told) {
                let within = interval.clamp(0.0, 1.0);
                (point.low, point.high) = (within.low, within.high);
            }
        }
        points
    }
}

impl Step {
    /// The band of 95 % for the share told, from Greenwood's variance on the scale of log(−log S), where it
    /// cannot leave 0 to 1; `None` once nobody waits, where the variance is unknown.
    ///
    /// Sources: M. Greenwood, "The natural duration of cancer" (1926); J. D. Kalbfleisch and R. L. Prentice,
    /// "The Statistical Analysis of Failure Time Data", 2nd ed. (2002), section 1.4. Mails count as
    /// independent here.
    fn band(&self) -> Option<(f64, f64)> {
        let log = libm::log(self.waiting);
        let reach = NORMAL_975 * libm::sqrt(self.greenwood) / -log;
        let waiting = |factor| libm::pow(self.waiting, factor);
        (self.waiting > 0.0).then(|| (1.0 - waiting(libm::exp(-reach)), 1.0 - waiting(libm::exp(reach))))
    }
}
