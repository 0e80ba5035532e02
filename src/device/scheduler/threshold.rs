//! The bar that a score must clear: high until the best moment in the window, relaxing afterwards
//! toward the deadline. Reverse engineering of one iOS 18.2 build.

use super::Window;
use crate::time::{Span, Time};

/// Priority classes of activities. An app refresh is `Background`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Priority {
    /// What the user waits for.
    UserInitiated,
    /// What an app asks for without a class.
    Default,
    /// Long-running work the user knows of.
    Utility,
    /// Work the user does not know of: refreshes and fetches.
    Background,
    /// The system's own housekeeping.
    Maintenance,
}

impl Priority {
    /// The share of the optimal score required before the best moment, and how it relaxes: the
    /// exponent and the scale of the decay.
    const fn relaxation(self) -> (f64, f64, f64) {
        match self {
            Priority::UserInitiated => (0.75, 100.0, 1.0),
            Priority::Default => (0.9, 105.0, 1.2),
            Priority::Utility => (0.925, 110.0, 1.35),
            Priority::Background => (0.95, 120.0, 1.5),
            Priority::Maintenance => (0.975, 130.0, 1.7),
        }
    }

    /// Share of the optimal score required in the `step`th tenth of the time that remains after the
    /// best moment; 0 is before it, 10 at the deadline and later.
    pub fn required(self, step: u32) -> f64 {
        let (before, scale, exponent) = self.relaxation();
        before * (1.0 - libm::pow(10.0 * f64::from(step) / scale, exponent))
    }
}

/// The required shares of one priority, computed once.
pub fn required_shares(priority: Priority) -> [f64; 11] {
    std::array::from_fn(|step| priority.required(step as u32))
}

/// The best moment in a window, as predicted at submission.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Optimum {
    /// When the score is expected to be best.
    pub at: Time,
    /// What it is expected to be.
    pub score: f64,
    /// Until half an hour before this instant no score can suffice.
    hope_from: Time,
}

/// Steps in which a window for an app launch is scanned.
const STEP: Span = Span::from_secs(900);
/// The application policy looks at most this far ahead.
const FARTHEST_LOOK_AHEAD: Span = Span::from_secs(1800);
/// A score this good is not improved upon.
const GOOD_ENOUGH: f64 = 0.9;

impl Optimum {
    /// Scans a window from its earliest instant and stops at the first step that is good enough.
    /// Steps before the first that exceeds `hopeful` need no look when their time comes.
    pub fn find(window: Window, hopeful: f64, predict: impl Fn(Time) -> f64) -> Optimum {
        let score = predict(window.earliest);
        let mut best = Optimum { at: window.earliest, score, hope_from: window.earliest };
        let mut hope_from = (score > hopeful).then_some(window.earliest);
        let mut at = window.earliest + STEP;
        while best.score <= GOOD_ENOUGH && at < window.deadline {
            let score = predict(at);
            if score > hopeful {
                hope_from.get_or_insert(at);
            }
            if score > best.score {
                best = Optimum { at, score, ..best };
            }
            at = at + STEP;
        }
        // Where nothing good was found the threshold is low, and any step may clear it.
        if best.score > GOOD_ENOUGH {
            best.hope_from = hope_from.unwrap_or(best.at);
        }
        best
    }

    /// The first instant worth a look: the application policy looks half an hour ahead.
    pub fn worth_a_look_from(self) -> Time {
        self.hope_from.back(FARTHEST_LOOK_AHEAD)
    }

    /// The score required now.
    pub fn threshold(self, now: Time, deadline: Time, shares: &[f64; 11]) -> f64 {
        self.score * shares[self.step(now, deadline) as usize]
    }

    /// Which tenth of the time between the best moment and the deadline it is now.
    pub fn step(self, now: Time, deadline: Time) -> u32 {
        let tenth = (deadline.since(self.at).ms() / 10).max(1);
        match now {
            _ if now < self.at => 0,
            _ if now >= deadline => 10,
            _ => ((now - self.at).ms() / tenth + 1).min(10) as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table published for the five priorities, to three decimals.
    #[test]
    fn thresholds_relax_as_published() {
        for (priority, row) in [
            (
                Priority::UserInitiated,
                [0.750, 0.675, 0.600, 0.525, 0.450, 0.375, 0.300, 0.225, 0.150, 0.075, 0.000],
            ),
            (
                Priority::Default,
                [0.900, 0.846, 0.777, 0.700, 0.617, 0.531, 0.440, 0.347, 0.251, 0.152, 0.051],
            ),
            (
                Priority::Utility,
                [0.925, 0.889, 0.832, 0.765, 0.689, 0.606, 0.517, 0.422, 0.323, 0.220, 0.112],
            ),
            (
                Priority::Background,
                [0.950, 0.927, 0.885, 0.831, 0.767, 0.694, 0.614, 0.527, 0.433, 0.333, 0.227],
            ),
            (
                Priority::Maintenance,
                [0.975, 0.963, 0.935, 0.894, 0.844, 0.783, 0.713, 0.635, 0.548, 0.453, 0.351],
            ),
        ] {
            for (step, expected) in row.into_iter().enumerate() {
                let found = priority.required(step as u32);
                assert!((found - expected).abs() < 0.0006, "{priority:?} {step}: {found} is not {expected}");
            }
        }
    }

    #[test]
    fn fact_24_at_the_deadline_a_background_task_needs_0_227_of_the_optimum() {
        let (at, deadline) = (Time::ORIGIN + Span::HOUR, Time::ORIGIN + Span::HOUR * 24);
        let optimum = Optimum { at, score: 0.8, hope_from: at };
        let shares = required_shares(Priority::Background);
        for late in [deadline, deadline + Span::DAY] {
            assert!((optimum.threshold(late, deadline, &shares) - 0.8 * 0.227).abs() < 0.001);
        }
        assert!((optimum.threshold(Time::ORIGIN, deadline, &shares) - 0.8 * 0.95).abs() < 1e-12);
    }

    #[test]
    fn the_scan_stops_at_the_first_good_enough_step_and_else_keeps_the_best() {
        let window = Window { earliest: Time::ORIGIN, deadline: Time::ORIGIN + Span::DAY };
        let good = Optimum::find(window, 0.9, |t| if t >= Time::ORIGIN + Span::HOUR { 0.95 } else { 0.5 });
        assert_eq!(good.at, Time::ORIGIN + Span::HOUR);
        let best = Optimum::find(window, 0.9, |t| if t == Time::ORIGIN + Span::HOUR * 3 { 0.8 } else { 0.5 });
        assert_eq!((best.at, best.score), (Time::ORIGIN + Span::HOUR * 3, 0.8));
        assert_eq!(Optimum::find(window, 0.9, |_| 0.5).at, Time::ORIGIN);
    }
}
