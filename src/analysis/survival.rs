//! How long mail waits until its user is told, where the run ended before some of it was: the estimate of
//! Kaplan and Meier.
//!
//! Mail still waiting at the horizon is neither dropped nor taken for told: it counts as waiting for as long
//! as it was seen to wait. Source: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete
//! observations", J. Am. Stat. Assoc. 53 (1958), 457–481.

use crate::analysis::histogram::{Bin, Histogram};
use crate::time::Span;
use std::ops::{AddAssign, SubAssign};

/// The 0.975 quantile of the normal law, for bands of 95 %.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// Shares that differ by less are the same share, rounded differently.
const ROUNDING: f64 = 1e-12;

/// How long mail waited: what the estimate is made from, and what groups of devices add up.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Waits {
    /// Latencies of the mail that was told.
    pub told: Histogram,
    /// How long mail had waited that was still untold at the horizon.
    pub censored: Histogram,
    /// Mail that can never be told: it waits for ever.
    pub never: u64,
}

/// The estimated share of mail still waiting after each length of time.
#[derive(Clone, Debug)]
pub struct KaplanMeier {
    mail: u64,
    steps: Vec<Step>,
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
#[derive(Clone, Copy, PartialEq, Debug)]
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

impl Waits {
    /// How many mails there are, whatever became of them.
    pub fn mail(&self) -> u64 {
        self.told.total() + self.censored.total() + self.never
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

impl AddAssign<&Waits> for Waits {
    fn add_assign(&mut self, other: &Waits) {
        self.told += &other.told;
        self.censored += &other.censored;
        self.never += other.never;
    }
}

impl SubAssign<&Waits> for Waits {
    fn sub_assign(&mut self, other: &Waits) {
        self.told -= &other.told;
        self.censored -= &other.censored;
        self.never -= other.never;
    }
}

impl KaplanMeier {
    /// The estimate from single mails, exact to the millisecond: how long each waited, and whether it was
    /// told (or else censored) then. `never` more wait for ever.
    pub fn from_mail(mut mail: Vec<(Span, bool)>, never: u64) -> KaplanMeier {
        mail.sort_unstable();
        let bins = mail.chunk_by(|a, b| a.0 == b.0).map(|same| {
            let at = same[0].0;
            let told = same.iter().filter(|(_, told)| *told).count() as u64;
            let bin = |count| (count > 0).then_some(Bin { low: at, high: at, count });
            (bin(told), bin(same.len() as u64 - told))
        });
        KaplanMeier::from_bins(mail.len() as u64 + never, bins)
    }

    /// From pairs of the told and the censored of the same bin, in order of time.
    fn from_bins(mail: u64, bins: impl Iterator<Item = (Option<Bin>, Option<Bin>)>) -> KaplanMeier {
        let mut estimate = KaplanMeier { mail, steps: Vec::new(), last: Span::ZERO };
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

    /// How long the longest wait was that ended, by telling or by the horizon.
    pub fn last(&self) -> Span {
        self.last
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

impl Step {
    /// The band of 95 % for the share told, from Greenwood's variance on the scale of log(−log S), where it
    /// cannot leave 0 to 1; `None` once nobody waits, where the variance is unknown.
    ///
    /// Sources: M. Greenwood, "The natural duration of cancer" (1926); J. D. Kalbfleisch and R. L. Prentice,
    /// "The Statistical Analysis of Failure Time Data", 2nd ed. (2002), section 1.4. Mails count as
    /// independent here; for an interval in which devices do, see [`crate::analysis::jackknife`].
    fn band(&self) -> Option<(f64, f64)> {
        let log = libm::log(self.waiting);
        let reach = NORMAL_975 * libm::sqrt(self.greenwood) / -log;
        let waiting = |factor| libm::pow(self.waiting, factor);
        (self.waiting > 0.0).then(|| (1.0 - waiting(libm::exp(-reach)), 1.0 - waiting(libm::exp(reach))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTES: [u64; 6] = [1, 5, 15, 60, 240, 1440];

    fn waits(mail: &[(Span, bool)], never: u64) -> Waits {
        let mut waits = Waits { never, ..Waits::default() };
        for &(span, told) in mail {
            if told { waits.told.record(span) } else { waits.censored.record(span) }
        }
        waits
    }

    fn near(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() <= within, "{found}, not {expected}");
    }

    /// Remission of 21 leukaemia patients on 6-MP, in weeks: Freireich et al., Blood 21 (1963), as in
    /// D. G. Kleinbaum and M. Klein, "Survival Analysis", 3rd ed. (2012), table 2.3.
    fn freireich() -> Vec<(Span, bool)> {
        let relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        let weeks = |w: u64, told| (Span::DAY * (7 * w), told);
        relapsed.map(|w| weeks(w, true)).into_iter().chain(censored.map(|w| weeks(w, false))).collect()
    }

    #[test]
    fn the_textbook_table_comes_out() {
        let table =
            [(6, 0.8571), (7, 0.8067), (10, 0.7529), (13, 0.6902), (16, 0.6275), (22, 0.5378), (23, 0.4482)];
        for estimate in [KaplanMeier::from_mail(freireich(), 0), waits(&freireich(), 0).estimate()] {
            for (week, waiting) in table {
                // A day later, since weeks are not all edges of bins.
                let told = estimate.told_within(Span::DAY * (7 * week + 1)).unwrap();
                near(1.0 - told, waiting, 0.00005);
            }
            assert_eq!(estimate.percentile(0.5).unwrap().days_f64().round(), 7.0 * 23.0);
            assert_eq!(estimate.percentile(0.6), None);
        }
    }

    #[test]
    fn the_band_is_that_of_r() {
        // R: summary(survfit(Surv(time, status) ~ 1, conf.type = "log-log")) on the same data, whose first
        // interval for S is 0.620 to 0.952 and whose standard error there is 0.0764.
        let first = KaplanMeier::from_mail(freireich(), 0).curve(100)[0];
        near(1.0 - first.high, 0.620, 0.0005);
        near(1.0 - first.low, 0.952, 0.0005);
    }

    #[test]
    fn mail_that_can_never_be_told_waits_for_ever() {
        let estimate = waits(&[(Span::MINUTE, true)], 3).estimate();
        assert_eq!(estimate.told_within(Span::DAY), Some(0.25));
        assert_eq!((estimate.percentile(0.25), estimate.percentile(0.5)), (Some(Span::MINUTE), None));
    }

    #[test]
    fn no_mail_and_no_told_mail_have_sensible_answers() {
        let none = Waits::default().estimate();
        assert_eq!(
            (none.told_within(Span::DAY), none.told_by_end(), none.percentile(0.5)),
            (None, None, None)
        );
        assert_eq!(none.curve(10), []);
        let untold = waits(&[(Span::HOUR, false)], 0).estimate();
        assert_eq!((untold.told_by_end(), untold.percentile(0.01)), (Some(0.0), None));
        assert_eq!(untold.curve(10), [Point { ms: 3_600_000, told: 0.0, low: 0.0, high: 0.0 }]);
        let all = waits(&[(Span::HOUR, true)], 0).estimate();
        assert_eq!(all.curve(10), [Point { ms: 3_600_000, told: 1.0, low: 0.0, high: 1.0 }]);
    }

    fn mail() -> impl Strategy<Value = Vec<(Span, bool)>> {
        let length = (0u32..31, any::<u64>()).prop_map(|(octave, bits)| bits & ((2 << octave) - 1));
        proptest::collection::vec((length.prop_map(Span::from_ms), any::<bool>()), 1..150)
    }

    /// The product limit by its definition, in one line for each moment of telling.
    fn brute_force(mail: &[(Span, bool)], never: u64, limit: Span) -> f64 {
        let mut moments: Vec<Span> = mail.iter().filter(|m| m.1 && m.0 <= limit).map(|m| m.0).collect();
        moments.sort();
        moments.dedup();
        let factor = |t: &Span| {
            let told = mail.iter().filter(|m| m.1 && m.0 == *t).count() as f64;
            let at_risk = mail.iter().filter(|m| m.0 >= *t).count() as f64 + never as f64;
            1.0 - told / at_risk
        };
        1.0 - moments.iter().map(factor).product::<f64>()
    }

    proptest! {
        #[test]
        fn single_mails_agree_with_the_definition(mail in mail(), never in 0u64..20, limit in 0u64..1 << 31) {
            let limit = Span::from_ms(limit);
            let told = KaplanMeier::from_mail(mail.clone(), never).told_within(limit).unwrap();
            prop_assert!((told - brute_force(&mail, never, limit)).abs() < 1e-9);
        }

        #[test]
        fn with_nothing_censored_early_the_thresholds_are_exact(mail in mail(), never in 0u64..20) {
            let told: Vec<_> = mail.into_iter().map(|m| (m.0, true)).collect();
            let (binned, exact) = (waits(&told, never).estimate(), KaplanMeier::from_mail(told.clone(), never));
            for limit in MINUTES.map(|m| Span::MINUTE * m) {
                let within = told.iter().filter(|m| m.0 <= limit).count() as f64;
                let share = 1.0 - (told.len() as f64 + never as f64 - within) / (told.len() as f64 + never as f64);
                prop_assert_eq!(binned.told_within(limit), Some(share));
                prop_assert_eq!(exact.told_within(limit), Some(share));
            }
        }

        #[test]
        fn bins_change_little(mail in mail(), never in 0u64..20, share in 0.01..0.99f64) {
            // Moved to its bin's upper edge, every mail is where the histogram believes it to be.
            let moved: Vec<_> = mail.iter().map(|&(span, told)| {
                let single = waits(&[(span, true)], 0);
                (single.told.bins().next().unwrap().high, told)
            }).collect();
            let (binned, exact) = (waits(&mail, never).estimate(), KaplanMeier::from_mail(moved, never));
            for limit in MINUTES.map(|m| Span::MINUTE * m) {
                let (a, b) = (binned.told_within(limit).unwrap(), exact.told_within(limit).unwrap());
                prop_assert!((a - b).abs() < 1e-12);
            }
            prop_assert_eq!(binned.percentile(share), exact.percentile(share));
        }

        #[test]
        fn a_curve_is_short_rises_and_keeps_its_end(mail in mail(), most in 2usize..60) {
            let estimate = KaplanMeier::from_mail(mail, 1);
            let curve = estimate.curve(most);
            prop_assert!(curve.len() <= most);
            prop_assert!(curve.windows(2).all(|w| w[0].ms < w[1].ms && w[0].told <= w[1].told));
            prop_assert!(curve.iter().all(|p| 0.0 <= p.low && p.low <= p.told && p.told <= p.high && p.high <= 1.0));
            let end = curve[curve.len() - 1];
            prop_assert_eq!((end.ms, Some(end.told)), (estimate.last().ms(), estimate.told_by_end()));
        }
    }
}
