//! How long mail waits until its user is told, where the run ended before some of it was: the estimate of
//! Kaplan and Meier.
//!
//! Mail still waiting at the horizon is neither dropped nor taken for told: it counts as waiting for as long
//! as it was seen to wait. Source: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete
//! observations", J. Am. Stat. Assoc. 53 (1958), 457–481.

use super::histogram::Bins;
use super::mixture::Mixture;
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
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct WaitsIn<const SUB_BITS: u32> {
    /// Latencies of the mail that was told.
    pub told: Bins<SUB_BITS>,
    /// How long mail had waited that was still untold at the horizon.
    pub censored: Bins<SUB_BITS>,
}

impl<const SUB_BITS: u32> WaitsIn<SUB_BITS> {
    /// A mail that was told after so long, or was still untold then.
    pub fn record(&mut self, told: bool, waited: Span) {
        let bins = if told { &mut self.told } else { &mut self.censored };
        bins.record(waited);
    }

    /// The bin of a wait, and the milliseconds that it counts as.
    pub(super) fn bin(waited: Span) -> (usize, u64) {
        Bins::<SUB_BITS>::place(waited)
    }
}

/// The estimated share of mail still waiting after each length of time.
#[derive(Clone, Debug)]
pub struct KaplanMeier {
    mail: f64,
    steps: Vec<Step>,
    /// Where mail was censored, and how much of it.
    censored: Vec<(Span, f64)>,
    last: Span,
}

/// A place where mail was told, and the estimate after it.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// Where its bin begins: what is told in it is told evenly between there and `at`, as far as is known.
    from: Span,
    at: Span,
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

    /// The estimate from these waits.
    pub fn estimate(&self) -> KaplanMeier {
        Mixture { plain: self, scaled: &WaitsIn::default(), by: 0.0 }.estimate()
    }
}

impl<const SUB_BITS: u32> Mixture<'_, WaitsIn<SUB_BITS>> {
    /// The estimate from these waits. It is exact up to the bins' width, and at bin edges exact wherever
    /// none was censored before; within a bin, mail is told before it is censored, as is the custom.
    pub fn estimate(&self) -> KaplanMeier {
        let mut told = Bins::mixed(self.piece(|waits| &waits.told)).peekable();
        let mut censored = Bins::mixed(self.piece(|waits| &waits.censored)).peekable();
        let bins = std::iter::from_fn(|| {
            let at = match (told.peek(), censored.peek()) {
                (Some(a), Some(b)) => a.0.min(b.0),
                (Some(a), None) => a.0,
                (None, b) => b?.0,
            };
            let count = |bin: Option<(Span, f64)>| bin.map_or(0.0, |(_, count)| count);
            let (told, censored) = (told.next_if(|bin| bin.0 == at), censored.next_if(|bin| bin.0 == at));
            Some((Bins::<SUB_BITS>::beginning(at), at, count(told), count(censored)))
        });
        KaplanMeier::from_bins(self.number(|waits| waits.mail() as f64), bins)
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
            let told = same.iter().filter(|(_, told)| *told).count();
            (same[0].0, same[0].0, told as f64, (same.len() - told) as f64)
        });
        KaplanMeier::from_bins(mail.len() as f64, bins)
    }

    /// From the bins in which mail was told or censored, in order: beginning, end, and how much of either.
    fn from_bins(mail: f64, bins: impl Iterator<Item = (Span, Span, f64, f64)>) -> KaplanMeier {
        let mut estimate = KaplanMeier { mail, steps: Vec::new(), censored: Vec::new(), last: Span::ZERO };
        let mut at_risk = mail;
        // The product telescopes as long as nothing is censored: S = base · at risk / risk at the base.
        // That keeps shares exact where they are plain fractions, as "60 of 80 told" is.
        let (mut base, mut base_risk) = (1.0, mail);
        let (mut waiting, mut greenwood) = (1.0, 0.0);
        for (from, at, told, censored) in bins {
            estimate.last = at;
            if told > 0.0 {
                // What counts in fractions may leave a trace of rounding where nobody is left.
                let left = (at_risk - told).max(0.0);
                greenwood += told / (at_risk * left);
                at_risk = left;
                waiting = base * (left / base_risk);
                estimate.steps.push(Step { from, at, waiting, greenwood });
            }
            if censored > 0.0 {
                at_risk = (at_risk - censored).max(0.0);
                (base, base_risk) = (waiting, at_risk);
                estimate.censored.push((at, censored));
            }
        }
        estimate
    }

    /// The share of mail told within `limit`, or `None` where there was no mail. After the last observation
    /// the estimate stays as it is (Gill's convention), which [`KaplanMeier::last`] tells. A limit within a bin has
    /// its part of what was told there.
    pub fn told_within(&self, limit: Span) -> Option<f64> {
        let steps = self.steps.partition_point(|step| step.at <= limit);
        let told = self.told_before(steps);
        let in_bin = self.steps.get(steps).filter(|step| step.from < limit).map_or(0.0, |step| {
            let part = (limit - step.from).ms() as f64 / (step.at - step.from).ms() as f64;
            part * (1.0 - step.waiting - told)
        });
        (self.mail > 0.0).then_some(told + in_bin)
    }

    /// Whether the share told within `limit` was seen: later than the last observation it is only known to be no less
    /// than it was there, unless nobody was waiting any more.
    pub fn is_seen(&self, limit: Span) -> bool {
        limit <= self.last || self.told_by_end().is_none_or(|told| told > 1.0 - ROUNDING)
    }

    /// The share told before this step.
    fn told_before(&self, step: usize) -> f64 {
        step.checked_sub(1).map_or(0.0, |last| 1.0 - self.steps[last].waiting)
    }

    /// The share told by the time of the last observation, or `None` where there was no mail.
    pub fn told_by_end(&self) -> Option<f64> {
        self.told_within(self.last)
    }

    /// The shortest time within which at least `share` of the mail is told; `None` where that share is not
    /// reached. It lies within its bin as far as the share does, so it is off by less than 0.2 %, and it is within
    /// `limit` exactly where `told_within(limit)` reaches `share`.
    pub fn percentile(&self, share: f64) -> Option<Span> {
        let before = self.steps.partition_point(|step| 1.0 - step.waiting < share - ROUNDING);
        let Step { from, at, waiting, .. } = *self.steps.get(before)?;
        let told = self.told_before(before);
        let part = ((share - ROUNDING - told) / (1.0 - waiting - told)).clamp(0.0, 1.0);
        Some(from + Span::from_ms(libm::ceil(part * (at - from).ms() as f64) as u64))
    }

    /// The mean wait where none counts for longer than `limit`: the area under the curve of mail still
    /// waiting. Censoring does not bend it as it bends the mean of told mail. `None` where there was no mail.
    pub fn restricted_mean(&self, limit: Span) -> Option<f64> {
        let (mut area, mut from, mut waiting) = (0.0, Span::ZERO, 1.0);
        for step in self.steps.iter().take_while(|step| step.at < limit) {
            area += waiting * (step.at - from).secs_f64();
            (from, waiting) = (step.at, step.waiting);
        }
        (self.mail > 0.0).then(|| area + waiting * (limit - from).secs_f64())
    }

    /// How long the longest wait was that ended, by telling or by the horizon.
    pub fn last(&self) -> Span {
        self.last
    }

    /// The share of the mail that was still untold at the horizon, or nothing where there was no mail.
    pub fn untold(&self) -> f64 {
        let untold: f64 = self.censored.iter().map(|(_, count)| count).sum();
        if self.mail > 0.0 { untold / self.mail } else { 0.0 }
    }

    /// How long mail that was still untold at the horizon had waited, thinned to at most `most` evenly spaced
    /// quantiles. Equal ones are given once.
    pub fn censored(&self, most: usize) -> Vec<Span> {
        let total: f64 = self.censored.iter().map(|(_, count)| count).sum();
        let marks = (total as u64).min(most as u64);
        let mut found: Vec<Span> = Vec::new();
        let mut waits = self.censored.iter();
        let (mut seen, mut wait) = (0.0, Span::ZERO);
        for mark in 0..marks {
            // The middle of each of `marks` equal parts, so that neither end is favoured.
            let rank = (mark as f64 + 0.5) / marks as f64 * total;
            while seen < rank
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
                points.push(Point { ms: step.at.ms(), told, low: band.0, high: band.1 });
            }
        }
        if self.mail > 0.0 && points.last().is_none_or(|kept| kept.ms < self.last.ms()) {
            points.truncate(most.max(2) - 1);
            points.push(Point { ms: self.last.ms(), told: reached, low: band.0, high: band.1 });
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
