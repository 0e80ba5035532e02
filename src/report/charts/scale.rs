//! A logarithmic axis of time with the ticks people think in.

/// Each tick, its milliseconds, and how readily it is given up where there is no room for all.
const TICKS: [(&str, u64, u8); 14] = [
    ("1 s", 1000, 0),
    ("10 s", 10_000, 2),
    ("1 min", 60_000, 0),
    ("5 min", 300_000, 2),
    ("15 min", 900_000, 1),
    ("1 h", 3_600_000, 0),
    ("4 h", 14_400_000, 1),
    ("8 h", 28_800_000, 2),
    ("1 d", 86_400_000, 0),
    ("1 week", 604_800_000, 1),
    ("4 weeks", 2_419_200_000, 2),
    ("1 year", 31_536_000_000, 0),
    ("10 years", 315_360_000_000, 1),
    ("100 years", 3_153_600_000_000, 0),
];

/// What an axis spans at least: one that spans less exaggerates.
const LEAST_RATIO: u64 = 60;

/// Maps milliseconds to pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeScale {
    from_ms: u64,
    to_ms: u64,
    /// Whether lengths shorter than the scale's start stand there.
    cut: bool,
    start: f64,
    end: f64,
}

impl TimeScale {
    /// A scale from one of these pixels to the other that shows all of `lengths`: from the tick before the
    /// shortest, or an earlier one where that would span too little (but not before a second), to a little after
    /// the longest, or a second to a day where there are none. It never runs on past what was observed.
    pub(super) fn showing(lengths: impl Iterator<Item = u64> + Clone, start: f64, end: f64) -> TimeScale {
        let shortest = lengths.clone().min().unwrap_or(1000);
        let longest = lengths.max().unwrap_or(86_400_000);
        let to_ms = (longest / 4).saturating_mul(5).max(1000 * LEAST_RATIO);
        let begins = |tick: &&(&str, u64, u8)| tick.1 < shortest && tick.1 <= to_ms / LEAST_RATIO;
        let from_ms = TICKS.iter().rev().find(begins).map_or(1000, |tick| tick.1);
        TimeScale { from_ms, to_ms, cut: shortest < from_ms, start, end }
    }

    /// The pixel of a length; what is off the scale stands at its end.
    pub(super) fn at(&self, ms: u64) -> f64 {
        let log = |ms: u64| libm::log(ms as f64);
        let share = (log(ms.max(self.from_ms)) - log(self.from_ms)) / (log(self.to_ms) - log(self.from_ms));
        self.start + share.min(1.0) * (self.end - self.start)
    }

    /// The ticks on the scale with their pixels, in order of time and no two closer than `apart`.
    pub(super) fn ticks(&self, apart: f64) -> Vec<(&'static str, f64)> {
        let on_scale = |tick: &&(&str, u64, u8)| (self.from_ms..=self.to_ms).contains(&tick.1);
        let mut by_rank: Vec<_> = TICKS.iter().filter(on_scale).collect();
        by_rank.sort_by_key(|tick| tick.2);
        let mut shown: Vec<(u64, &str, f64)> = Vec::new();
        for &(name, ms, _) in by_rank {
            let at = self.at(ms);
            // Mail told at once has no place on a logarithmic axis but before its start.
            let name = if self.cut && ms == self.from_ms { "≤ 1 s" } else { name };
            if shown.iter().all(|other| (at - other.2).abs() >= apart) {
                shown.push((ms, name, at));
            }
        }
        shown.sort_by_key(|tick| tick.0);
        shown.into_iter().map(|(_, name, at)| (name, at)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(lengths: &[u64]) -> Vec<&'static str> {
        let scale = TimeScale::showing(lengths.iter().copied(), 0.0, 640.0);
        scale.ticks(30.0).into_iter().map(|tick| tick.0).collect()
    }

    #[test]
    fn ticks_are_those_people_think_in() {
        assert_eq!(names(&[1200, 28_800_000])[..4], ["1 s", "10 s", "1 min", "5 min"]);
        assert_eq!(names(&[]), ["1 s", "10 s", "1 min", "5 min", "15 min", "1 h", "4 h", "8 h", "1 d"]);
        // A single length stands inside the axis and not at its edge.
        assert_eq!(names(&[900_000]), ["10 s", "1 min", "5 min", "15 min"]);
        // Nor does the axis run on from two weeks to a year.
        assert_eq!(names(&[14 * 86_400_000]), ["4 h", "8 h", "1 d", "1 week"]);
        assert_eq!(names(&[0]), ["≤ 1 s", "10 s", "1 min"]);
    }

    #[test]
    fn where_room_is_scarce_the_ticks_people_ask_for_stay() {
        let ticks = |longest, apart| {
            let scale = TimeScale::showing([1001, longest].into_iter(), 0.0, 588.0);
            scale.ticks(apart).into_iter().map(|tick| tick.0).collect::<Vec<_>>()
        };
        let three_days = 3 * 86_400_000;
        assert_eq!(ticks(three_days, 46.0), ["1 s", "10 s", "1 min", "5 min", "15 min", "1 h", "4 h", "1 d"]);
        assert_eq!(ticks(three_days, 53.0), ["1 s", "10 s", "1 min", "15 min", "1 h", "4 h", "1 d"]);
        assert_eq!(ticks(three_days, 110.0), ["1 s", "1 min", "1 h", "1 d"]);
    }

    #[test]
    fn a_scale_may_run_upwards() {
        let scale = TimeScale::showing([60_000, 3_600_000].into_iter(), 400.0, 100.0);
        let ticks = scale.ticks(20.0);
        assert!(ticks.len() > 3 && ticks.windows(2).all(|w| w[0].1 - w[1].1 >= 20.0), "{ticks:?}");
    }

    #[test]
    fn whatever_the_span_ticks_keep_apart_and_on_the_axis() {
        for longest in TICKS.map(|tick| tick.1 + 1) {
            let scale = TimeScale::showing([0, longest].into_iter(), 100.0, 740.0);
            let ticks = scale.ticks(46.0);
            assert!(ticks.len() >= 2 && ticks.windows(2).all(|w| w[1].1 - w[0].1 >= 46.0), "{ticks:?}");
            assert!(ticks.iter().all(|tick| (100.0..=740.0).contains(&tick.1)));
            assert_eq!((scale.at(0), scale.at(u64::MAX)), (100.0, 740.0));
            let endless = TimeScale::showing([longest, u64::MAX].into_iter(), 100.0, 740.0);
            assert!(endless.at(longest) < 400.0 && endless.at(u64::MAX) > 700.0);
        }
    }
}
