//! Counts of lengths of time, in bins narrow enough for percentiles and exact at the times people ask
//! about.
//!
//! Only integers are kept, so that merging is exact and the order of recording or merging leaves no trace.
//! The bins are log-linear, as in Gil Tene's HdrHistogram (<https://hdrhistogram.org>), but on a scale of
//! 2048/1875 to the millisecond. A minute is 32 · 1875 ms, so every minute count that is small or round in
//! binary falls on a bin's edge, and "within 15 min" is counted to the mail, not to the bin.

use super::mixture::Mixture;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::ops::{AddAssign, SubAssign};

/// 512 bins to the octave: a bin is never wider than 1/512 (0.195 %) of the lengths in it.
pub type Histogram = Bins<9>;

/// The longest length [`Span`] reads; anything longer is counted as this.
const LONGEST_MS: u64 = 100 * 366 * 86_400_000;

/// How many lengths fell in each bin, two to the power of `SUB_BITS` to the octave, and their exact sum.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct Bins<const SUB_BITS: u32> {
    /// As long as the longest length recorded asked for, in whole octaves: recording allocates a handful
    /// of times in a run.
    counts: Vec<u64>,
    total: u64,
    sum_ms: u128,
}

/// A histogram as it is written down: its bins that are not empty, and its sum.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(super) struct Written {
    bins: Vec<(usize, u64)>,
    sum_ms: u128,
}

impl Written {
    /// No histogram that is written down has more in it, so that sums of many cannot overflow.
    const MOST: u64 = 1 << 40;

    /// Bins in rising order and their sum, where no scale has more bins than this one and no count is out of bounds.
    pub(super) fn checked<const SUB_BITS: u32>(self) -> Result<(Vec<(usize, u64)>, u128), String> {
        let last = Bins::<SUB_BITS>::index(LONGEST_MS);
        let is_sound = |(bin, count): &(usize, u64)| *bin <= last && (1..=Written::MOST).contains(count);
        let is_rising = self.bins.is_sorted_by(|(one, _), (next, _)| one < next);
        let total = || self.bins.iter().map(|(_, count)| count).sum::<u64>();
        let is_bounded = self.sum_ms <= u128::from(Written::MOST) * u128::from(LONGEST_MS);
        match is_rising && is_bounded && self.bins.iter().all(is_sound) && total() <= Written::MOST {
            true => Ok((self.bins, self.sum_ms)),
            false => Err("these are no bins of a histogram".into()),
        }
    }

    pub(super) fn of(bins: Vec<(usize, u64)>, sum_ms: u128) -> Written {
        Written { bins, sum_ms }
    }
}

impl<const SUB_BITS: u32> From<Bins<SUB_BITS>> for Written {
    fn from(bins: Bins<SUB_BITS>) -> Written {
        let counted = bins.counts.iter().copied().enumerate().filter(|(_, count)| *count > 0);
        Written::of(counted.collect(), bins.sum_ms)
    }
}

impl<const SUB_BITS: u32> TryFrom<Written> for Bins<SUB_BITS> {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        written.checked::<SUB_BITS>().map(|(bins, sum_ms)| Bins::of(bins.into_iter(), sum_ms))
    }
}

/// A bin that is not empty: all the lengths from `low` to `high`, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bin {
    /// The shortest length of the bin.
    pub low: Span,
    /// The longest length of the bin.
    pub high: Span,
    /// How many were recorded.
    pub count: u64,
}

impl<const SUB_BITS: u32> Bins<SUB_BITS> {
    const SUB_BINS: usize = 1 << SUB_BITS;

    /// Counts one length.
    #[inline]
    pub fn record(&mut self, span: Span) {
        let (index, ms) = Self::place(span);
        if index >= self.counts.len() {
            self.grow(index);
        }
        self.counts[index] += 1;
        self.total += 1;
        self.sum_ms += u128::from(ms);
    }

    /// The bin of a length, and the milliseconds that it counts as.
    #[inline]
    pub(super) fn place(span: Span) -> (usize, u64) {
        let ms = span.ms().min(LONGEST_MS);
        (Self::index(ms), ms)
    }

    /// So many lengths in each of these bins.
    pub(super) fn of(bins: impl Iterator<Item = (usize, u64)>, sum_ms: u128) -> Self {
        let mut all = Bins { sum_ms, ..Bins::default() };
        for (index, count) in bins {
            if index >= all.counts.len() {
                all.grow(index);
            }
            all.counts[index] += count;
            all.total += count;
        }
        all
    }

    #[cold]
    fn grow(&mut self, index: usize) {
        self.counts.resize((index / Self::SUB_BINS + 1) * Self::SUB_BINS, 0);
    }

    /// How many lengths were recorded.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many were recorded in the bins that end at `limit` or before: exactly those no longer than
    /// `limit` where it is an edge, as [`Bins::is_edge`] tells.
    pub fn count_within(&self, limit: Span) -> u64 {
        self.counts[..Self::ended(limit).min(self.counts.len())].iter().sum()
    }

    /// The exact mean in milliseconds, or `None` where nothing was recorded.
    pub fn mean_ms(&self) -> Option<f64> {
        (self.total > 0).then(|| self.sum_ms as f64 / self.total as f64)
    }

    /// The smallest length that at least `share` of all do not exceed (the nearest-rank percentile): the end
    /// of its bin, so never too short and less than 0.2 % too long. `None` where nothing was recorded.
    pub fn percentile(&self, share: f64) -> Option<Span> {
        let rank = (libm::ceil(share * self.total as f64 - 1e-9)).max(1.0) as u64;
        let mut seen = 0;
        self.bins().find_map(|bin| {
            seen += bin.count;
            (seen >= rank).then_some(bin.high)
        })
    }

    /// The bins that are not empty, the shortest lengths first.
    pub fn bins(&self) -> impl Iterator<Item = Bin> + '_ {
        let counted = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        counted.map(|(index, &count)| Bin { low: Self::low(index), high: Self::high(index), count })
    }

    /// The bins that are not empty in a mixture of two: the longest length of each, and how many.
    pub fn mixed(mixture: Mixture<'_, Self>) -> impl Iterator<Item = (Span, f64)> + '_ {
        let Mixture { plain, scaled, by } = mixture;
        let last = plain.counts.len().max(scaled.counts.len());
        let count = |bins: &Self, index: usize| bins.counts.get(index).copied().unwrap_or(0) as f64;
        let mixed = move |index| (index, count(plain, index) + by * count(scaled, index));
        let counted = (0..last).map(mixed).filter(|(_, count)| *count > 0.0);
        counted.map(|(index, count)| (Self::high(index), count))
    }

    /// All lengths together, in milliseconds.
    pub fn sum_ms(&self) -> f64 {
        self.sum_ms as f64
    }

    /// Every number in it, the same for histograms that are equal.
    pub fn each_number(&self, take: &mut impl FnMut(u64)) {
        let (low, high) = (self.sum_ms as u64, (self.sum_ms >> 64) as u64);
        [self.total, low, high].into_iter().for_each(&mut *take);
        for bin in self.bins() {
            [bin.low.ms(), bin.count].into_iter().for_each(&mut *take);
        }
    }

    /// Whether a bin ends with `span`, so that counts within it are exact.
    pub fn is_edge(span: Span) -> bool {
        Self::high(Self::index(span.ms())) == span
    }

    /// The bin of a length: bin 0 is no time at all, and the others are log-linear in the scaled length. The
    /// scale starts at 1 ms so that bins include their *upper* end: "within t" includes t.
    #[inline]
    fn index(ms: u64) -> usize {
        let Some(above) = ms.min(LONGEST_MS).checked_sub(1) else { return 0 };
        let scaled = above * 2048 / 1875;
        let octave = (63 - (scaled | 1).leading_zeros()).saturating_sub(SUB_BITS);
        1 + octave as usize * Self::SUB_BINS + (scaled >> octave) as usize
    }

    /// How many bins end at `limit` or before; they are the first ones.
    fn ended(limit: Span) -> usize {
        let last = Self::index(limit.ms());
        if Self::high(last) <= limit { last + 1 } else { last }
    }

    /// Where the bin begins that ends with `high`; what fell there is in the bin before.
    pub fn beginning(high: Span) -> Span {
        Self::index(high.ms()).checked_sub(1).map_or(Span::ZERO, Self::high)
    }

    fn low(index: usize) -> Span {
        if index == 0 { Span::ZERO } else { Span::from_ms(Self::high(index - 1).ms() + 1) }
    }

    fn high(index: usize) -> Span {
        let Some(bin) = index.checked_sub(1) else { return Span::ZERO };
        let octave = (bin / Self::SUB_BINS).saturating_sub(1);
        let next_scaled = ((bin - octave * Self::SUB_BINS + 1) as u64) << octave;
        Span::from_ms((next_scaled * 1875).div_ceil(2048))
    }
}

/// Histograms are equal that counted the same, however far each has grown.
impl<const SUB_BITS: u32> PartialEq for Bins<SUB_BITS> {
    fn eq(&self, other: &Bins<SUB_BITS>) -> bool {
        self.sum_ms == other.sum_ms && self.total == other.total && self.bins().eq(other.bins())
    }
}

impl<const SUB_BITS: u32> AddAssign<&Bins<SUB_BITS>> for Bins<SUB_BITS> {
    fn add_assign(&mut self, other: &Bins<SUB_BITS>) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.total += other.total;
        self.sum_ms += other.sum_ms;
    }
}

/// Takes out a histogram that had been added, as leaving one group out of a total does.
impl<const SUB_BITS: u32> SubAssign<&Bins<SUB_BITS>> for Bins<SUB_BITS> {
    fn sub_assign(&mut self, other: &Bins<SUB_BITS>) {
        debug_assert!(other.counts.len() <= self.counts.len(), "only what was added can be taken out");
        for (count, less) in self.counts.iter_mut().zip(&other.counts) {
            *count -= less;
        }
        self.total -= other.total;
        self.sum_ms -= other.sum_ms;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn histogram(lengths: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        for &ms in lengths {
            histogram.record(Span::from_ms(ms));
        }
        histogram
    }

    fn lengths() -> impl Strategy<Value = Vec<u64>> {
        // Uniform in the octave, so that every scale is met.
        let length = (0u32..42, any::<u64>()).prop_map(|(octave, bits)| bits & ((2 << octave) - 1));
        proptest::collection::vec(length.prop_map(|ms| ms.min(LONGEST_MS)), 0..200)
    }

    #[test]
    fn what_people_ask_about_lies_on_an_edge() {
        let minutes = [1, 2, 5, 10, 15, 30, 60, 240, 480, 720, 1440, 2 * 1440, 7 * 1440, 14 * 1440];
        for limit in minutes.map(|m| Span::MINUTE * m).into_iter().chain([Span::SECOND]) {
            assert!(Histogram::is_edge(limit), "{limit}");
            let below = histogram(&[limit.ms() - 1, limit.ms(), limit.ms() + 1]).count_within(limit);
            assert_eq!(below, 2, "{limit}");
        }
    }

    #[test]
    fn the_bins_meet_without_gap_and_none_is_wider_than_a_512th() {
        let bins = Histogram::index(LONGEST_MS);
        assert!(bins < 20_000, "{bins} bins are more than a cache holds");
        for bin in 1..=bins {
            let (low, high) = (Histogram::low(bin).ms(), Histogram::high(bin).ms());
            if low > high {
                continue; // Below half a second the scale is finer than a millisecond.
            }
            assert_eq!((Histogram::index(low), Histogram::index(high)), (bin, bin));
            assert!(Histogram::index(high + 1) > bin || bin == bins);
            assert!((high - low) * 512 <= low, "{low} to {high}");
        }
    }

    #[test]
    fn nothing_recorded_has_neither_mean_nor_percentile() {
        let empty = Histogram::default();
        assert_eq!((empty.mean_ms(), empty.percentile(0.5), empty.count_within(Span::DAY)), (None, None, 0));
        let mut long = histogram(&[0]);
        long.record(Span::from_ms(u64::MAX));
        assert_eq!((long.total(), long.count_within(Span::from_ms(u64::MAX))), (2, 2));
    }

    proptest! {
        #[test]
        fn a_percentile_is_at_most_a_512th_too_long(mut all in lengths(), share in 0.0..1.0f64) {
            let Some(found) = histogram(&all).percentile(share) else { return Ok(()) };
            all.sort_unstable();
            let rank = libm::ceil(share * all.len() as f64).max(1.0) as usize;
            let exact = all[rank - 1];
            prop_assert!(exact <= found.ms() && (found.ms() - exact) * 512 <= exact, "{found} for {exact}");
        }

        #[test]
        fn merging_leaves_no_trace_of_the_order(all in lengths(), parts in 1usize..5) {
            let groups: Vec<Histogram> =
                (0..parts).map(|p| histogram(&all.iter().copied().skip(p).step_by(parts).collect::<Vec<_>>()))
                    .collect();
            let mut forwards = Histogram::default();
            let mut backwards = Histogram::default();
            groups.iter().for_each(|g| forwards += g);
            groups.iter().rev().for_each(|g| backwards += g);
            prop_assert_eq!(&forwards, &histogram(&all));
            prop_assert_eq!(&forwards, &backwards);
            forwards -= &groups[0];
            groups[1..].iter().for_each(|g| forwards -= g);
            prop_assert_eq!(forwards, Histogram::default());
        }

        #[test]
        fn the_mean_is_exact(all in lengths()) {
            let sum: u128 = all.iter().map(|&ms| u128::from(ms)).sum();
            let mean = (!all.is_empty()).then(|| sum as f64 / all.len() as f64);
            prop_assert_eq!(histogram(&all).mean_ms(), mean);
        }
    }
}
