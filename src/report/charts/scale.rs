//! A logarithmic axis of time with the ticks people think in.

/// Each tick and its milliseconds.
const TICKS: [(&str, u64); 14] = [
    ("1 s", 1000),
    ("10 s", 10_000),
    ("1 min", 60_000),
    ("5 min", 300_000),
    ("15 min", 900_000),
    ("1 h", 3_600_000),
    ("4 h", 14_400_000),
    ("8 h", 28_800_000),
    ("1 d", 86_400_000),
    ("1 week", 604_800_000),
    ("4 weeks", 2_419_200_000),
    ("1 year", 31_536_000_000),
    ("10 years", 315_360_000_000),
    ("100 years", 3_153_600_000_000),
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
    left: f64,
    right: f64,
}

impl TimeScale {
    /// A scale between these pixels that shows all of `lengths`: from the tick before the shortest (but not
    /// before a second) to a little after the longest, or a second to a day where there are none.
    pub(super) fn showing(lengths: impl Iterator<Item = u64> + Clone, left: f64, right: f64) -> TimeScale {
        let shortest = lengths.clone().min().unwrap_or(1000);
        let longest = lengths.max().unwrap_or(86_400_000);
        let from_ms = TICKS.iter().rev().find(|tick| tick.1 < shortest).map_or(1000, |tick| tick.1);
        let to_ms = (longest / 4 * 5).max(from_ms * LEAST_RATIO);
        TimeScale { from_ms, to_ms, cut: shortest < from_ms, left, right }
    }

    /// The pixel of a length; what is off the scale stands at its end.
    pub(super) fn x(&self, ms: u64) -> f64 {
        let log = |ms: u64| libm::log(ms as f64);
        let share = (log(ms.max(self.from_ms)) - log(self.from_ms)) / (log(self.to_ms) - log(self.from_ms));
        self.left + share.min(1.0) * (self.right - self.left)
    }

    /// The ticks on the scale with their pixels, none closer to the one before than `apart`.
    pub(super) fn ticks(&self, apart: f64) -> Vec<(&'static str, f64)> {
        let mut shown: Vec<(&str, f64)> = Vec::new();
        for (name, ms) in TICKS {
            let x = self.x(ms);
            // Mail told at once has no place on a logarithmic axis but before its start.
            let name = if self.cut && ms == self.from_ms { "≤ 1 s" } else { name };
            let fits = shown.last().is_none_or(|last| x - last.1 >= apart);
            if (self.from_ms..=self.to_ms).contains(&ms) && fits {
                shown.push((name, x));
            }
        }
        shown
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
        assert_eq!(names(&[900_000]), ["5 min", "15 min", "1 h", "4 h"]);
        assert_eq!(names(&[0]), ["≤ 1 s", "10 s", "1 min"]);
    }

    #[test]
    fn whatever_the_span_ticks_keep_apart_and_on_the_axis() {
        for longest in TICKS.map(|tick| tick.1 + 1) {
            let scale = TimeScale::showing([0, longest].into_iter(), 100.0, 740.0);
            let ticks = scale.ticks(46.0);
            assert!(ticks.len() >= 2 && ticks.windows(2).all(|w| w[1].1 - w[0].1 >= 46.0), "{ticks:?}");
            assert!(ticks.iter().all(|tick| (100.0..=740.0).contains(&tick.1)));
            assert_eq!((scale.x(0), scale.x(u64::MAX)), (100.0, 740.0));
        }
    }
}
