//! The bar that a score must clear: high until the best moment in the window, relaxing afterwards
//! toward the deadline. Reverse engineering of one iOS 18.2 build.

use super::{Config, Window};
use crate::signal::SLOT;
use crate::time::{Span, Time};
use strum::{VariantArray, VariantNames};

crate::named!(Outlook);

/// The time that remains after the best moment is told in this many parts.
const TENTHS: u32 = 10;

/// The share of the optimal score that is required in each tenth of the time that remains after the best
/// moment; 0 is before it, 10 at the deadline and later.
pub type Shares = [f64; TENTHS as usize + 1];

/// The shares of the priority class that an app refresh has: `Background`.
pub fn required_shares(config: &Config) -> Shares {
    relaxing(config.threshold_before.get(), config.relaxation_scale, config.relaxation_exponent)
}

/// Starts at `before` and falls with a power of the time, which is told in per cent, as the scale is.
fn relaxing(before: f64, scale: f64, exponent: f64) -> Shares {
    let percent = f64::from(100 / TENTHS);
    std::array::from_fn(|tenth| before * (1.0 - libm::pow(percent * tenth as f64 / scale, exponent)))
}

/// What the best moment of a window rests on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Outlook {
    /// The client is expected to be opened then.
    Expected,
    /// It is more likely to be opened then than at another time, though not likely.
    Hoped,
    /// No moment stands out; the client was last used at this time of day (assumed).
    LastUse,
    /// Nothing is known of the client: no moment is good (assumed).
    Unknown,
}

/// The best moment in a window, as predicted at submission.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Optimum {
    /// When the score is expected to be best; the deadline where nothing is known.
    pub(super) at: Time,
    /// What it is expected to be.
    pub score: f64,
    /// What that rests on.
    pub outlook: Outlook,
    /// Before it the request does not run, whatever the score; `None` where no time of its own comes.
    look_from: Option<Time>,
}

/// How a window is scanned for its best moment.
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    step: Span,
    good_enough: f64,
    farthest_look_ahead: Span,
    hopeful: Option<f64>,
}

impl Scan {
    /// A step that is expected to score no more than `hopeful` turns out at most at `otherwise`. Where that
    /// cannot clear the bar of a moment that is good enough, such steps need no look when their time comes.
    pub fn new(config: &Config, hopeful: f64, otherwise: f64) -> Scan {
        let good_enough = config.good_enough.get();
        let bar = config.threshold_before.get() * good_enough;
        // Between two steps that are farther apart than predictions are, anything may be missed.
        let is_sure = bar >= otherwise && config.scan_step <= SLOT;
        Scan {
            step: config.scan_step,
            good_enough,
            farthest_look_ahead: config.look_ahead + config.look_ahead_spread,
            hopeful: is_sure.then_some(hopeful),
        }
    }

    /// The same, with other steps.
    pub fn by(self, step: Span) -> Scan {
        Scan { step, ..self }
    }
}

impl Optimum {
    /// Scans a window from its earliest instant and stops at the first step that is good enough. Where no step
    /// is, the scores of the system leave the request to run at once, by day and by night. Phones do not do
    /// that: those of new users begin with few refreshes or none. So it waits for the best step, or where all
    /// steps are alike for the time of day of the last use (assumed).
    pub fn find(
        window: Window,
        scan: &Scan,
        last_use: Option<Time>,
        predict: impl Fn(Time) -> f64,
    ) -> Optimum {
        let Scan { step, good_enough, farthest_look_ahead, .. } = *scan;
        // Where any step may clear the bar, the first is worth a look.
        let hopeful = scan.hopeful.unwrap_or(f64::NEG_INFINITY);
        let score = predict(window.earliest);
        let mut best = Optimum { at: window.earliest, score, outlook: Outlook::Expected, look_from: None };
        let mut worst = score;
        let mut hope_from = (score > hopeful).then_some(window.earliest);
        let mut at = window.earliest + step;
        while best.score <= good_enough && at < window.deadline {
            let score = predict(at);
            if score > hopeful {
                hope_from.get_or_insert(at);
            }
            if score > best.score {
                best = Optimum { at, score, ..best };
            }
            worst = worst.min(score);
            at = at + step;
        }
        // The application policy looks ahead.
        if best.score > good_enough {
            best.look_from = Some(hope_from.unwrap_or(best.at).back(farthest_look_ahead));
        } else if best.score > worst {
            best.outlook = Outlook::Hoped;
            best.look_from = Some(best.at.back(farthest_look_ahead));
        } else if let Some(used) = last_use {
            best.outlook = Outlook::LastUse;
            best.at = used + Span::DAY * window.earliest.since(used).ms().div_ceil(Span::DAY.ms());
            best.look_from = Some(best.at);
        } else {
            best.outlook = Outlook::Unknown;
            best.at = window.deadline;
        }
        best
    }

    /// When the score is expected to be best, unless nothing is known.
    pub fn expected_at(self) -> Option<Time> {
        (self.outlook != Outlook::Unknown).then_some(self.at)
    }

    /// The first instant worth a look: before it the request does not run. `None` where it waits for the client's
    /// first use, whenever that is.
    pub fn worth_a_look_from(self) -> Option<Time> {
        self.look_from
    }

    /// Whether the request may run now, as far as its moment goes.
    pub fn is_worth_a_look(self, now: Time) -> bool {
        self.look_from.is_some_and(|from| from <= now)
    }

    /// The score required now.
    pub fn threshold(self, now: Time, deadline: Time, shares: &Shares) -> f64 {
        self.score * shares[self.step(now, deadline) as usize]
    }

    /// Which tenth of the time between the best moment and the deadline it is now.
    pub fn step(self, now: Time, deadline: Time) -> u32 {
        let tenth = (deadline.since(self.at).ms() / u64::from(TENTHS)).max(1);
        match now {
            _ if now < self.at => 0,
            _ if now >= deadline => TENTHS,
            _ => ((now - self.at).ms() / tenth + 1).min(u64::from(TENTHS)) as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table published for the five priorities, to three decimals: user-initiated, default, utility,
    /// background, which is that of an app refresh, and maintenance.
    #[test]
    fn thresholds_relax_as_published() {
        for ((before, scale, exponent), row) in [
            (
                (0.75, 100.0, 1.0),
                [0.750, 0.675, 0.600, 0.525, 0.450, 0.375, 0.300, 0.225, 0.150, 0.075, 0.000],
            ),
            (
                (0.9, 105.0, 1.2),
                [0.900, 0.846, 0.777, 0.700, 0.617, 0.531, 0.440, 0.347, 0.251, 0.152, 0.051],
            ),
            (
                (0.925, 110.0, 1.35),
                [0.925, 0.889, 0.832, 0.765, 0.689, 0.606, 0.517, 0.422, 0.323, 0.220, 0.112],
            ),
            (
                (0.95, 120.0, 1.5),
                [0.950, 0.927, 0.885, 0.831, 0.767, 0.694, 0.614, 0.527, 0.433, 0.333, 0.227],
            ),
            (
                (0.975, 130.0, 1.7),
                [0.975, 0.963, 0.935, 0.894, 0.844, 0.783, 0.713, 0.635, 0.548, 0.453, 0.351],
            ),
        ] {
            for (found, expected) in relaxing(before, scale, exponent).into_iter().zip(row) {
                assert!((found - expected).abs() < 0.0006, "{before}: {found} is not {expected}");
            }
        }
        assert_eq!(required_shares(&Config::default()), relaxing(0.95, 120.0, 1.5));
    }

    /// Thresholds in logs of devices (iOS 2022, macOS 2026), and what they say of the optimum that was found.
    #[test]
    fn thresholds_in_published_logs_are_these_shares_of_an_optimum() {
        let utility = relaxing(0.925, 110.0, 1.35);
        // The third tenth of a step that ended the scan, hence just above 0.9.
        let optimum = 0.694_377 / utility[3];
        assert!((0.9..0.91).contains(&optimum), "{optimum}");
        // A processing task, before its best moment, at background or maintenance priority.
        for (before, expected) in [(0.95, 0.957_70), (0.975, 0.933_14)] {
            let optimum = 0.909_811 / relaxing(before, 120.0, 1.5)[0];
            assert!((optimum - expected).abs() < 5e-6, "{optimum}");
        }
    }

    #[test]
    fn fact_24_at_the_deadline_a_background_task_needs_0_227_of_the_optimum() {
        let (at, deadline) = (Time::ORIGIN + Span::HOUR, Time::ORIGIN + Span::HOUR * 24);
        let optimum = Optimum { at, score: 0.8, outlook: Outlook::Expected, look_from: Some(at) };
        let shares = required_shares(&Config::default());
        for late in [deadline, deadline + Span::DAY] {
            assert!((optimum.threshold(late, deadline, &shares) - 0.8 * 0.227).abs() < 0.001);
        }
        assert!((optimum.threshold(Time::ORIGIN, deadline, &shares) - 0.8 * 0.95).abs() < 1e-12);
    }

    #[test]
    fn the_scan_stops_at_the_first_good_enough_step_and_else_keeps_the_best() {
        let window = Window { earliest: Time::ORIGIN, deadline: Time::ORIGIN + Span::DAY };
        let scan = Scan::new(&Config::default(), 0.9, 0.8);
        let good =
            Optimum::find(window, &scan, None, |t| if t >= Time::ORIGIN + Span::HOUR { 0.95 } else { 0.5 });
        assert_eq!(good.at, Time::ORIGIN + Span::HOUR);
        let best =
            Optimum::find(
                window,
                &scan,
                None,
                |t| if t == Time::ORIGIN + Span::HOUR * 3 { 0.8 } else { 0.5 },
            );
        assert_eq!((best.at, best.score), (Time::ORIGIN + Span::HOUR * 3, 0.8));
    }

    #[test]
    fn where_no_moment_stands_out_it_waits_for_the_time_of_day_of_the_last_use() {
        let window =
            Window { earliest: Time::ORIGIN + Span::DAY * 3, deadline: Time::ORIGIN + Span::DAY * 4 };
        let scan = Scan::new(&Config::default(), 0.9, 0.8);
        let used = Time::ORIGIN + Span::HOUR * 14;
        let flat = Optimum::find(window, &scan, Some(used), |_| 0.5);
        assert_eq!((flat.outlook, flat.at), (Outlook::LastUse, used + Span::DAY * 3));
        assert_eq!(flat.worth_a_look_from(), Some(flat.at));
        let unknown = Optimum::find(window, &scan, None, |_| 0.5);
        assert_eq!((unknown.outlook, unknown.worth_a_look_from()), (Outlook::Unknown, None));
        assert_eq!((unknown.expected_at(), unknown.is_worth_a_look(window.deadline)), (None, false));
        let noon = window.earliest + Span::HOUR * 12;
        let hoped = Optimum::find(window, &scan, Some(used), |t| if t == noon { 0.6 } else { 0.5 });
        assert_eq!((hoped.outlook, hoped.at), (Outlook::Hoped, noon));
        assert_eq!(hoped.worth_a_look_from(), Some(noon.back(Span::MINUTE * 30)));
    }

    #[test]
    fn the_first_step_of_which_more_is_hoped_is_the_first_worth_a_look() {
        let hour = |hour: u64| Time::ORIGIN + Span::HOUR * hour;
        let (window, ahead) = (Window { earliest: hour(1), deadline: hour(24) }, Span::MINUTE * 30);
        let scan = Scan::new(&Config::default(), 0.5, 0.8);
        let found = |good: Time, hoped: Time| {
            let score = |at| if at == good { 0.95 } else { [0.5, 0.6][usize::from(at == hoped)] };
            Optimum::find(window, &scan, None, score)
        };
        // A step that scores as much as is always hoped for is none of more hope.
        for hoped in [hour(1), hour(5), hour(9)] {
            assert_eq!(found(hour(9), hoped).worth_a_look_from(), Some(hoped.back(ahead)));
        }
        // The deadline is not in the window.
        assert_eq!(found(window.deadline, hour(48)).outlook, Outlook::Unknown);
        let wide = scan.by(Span::HOUR * 5);
        assert_eq!(
            Optimum::find(window, &wide, None, |at| if at == hour(9) { 0.95 } else { 0.5 }).at,
            window.deadline
        );
    }

    #[test]
    fn of_steps_alike_the_first_is_the_best_and_what_is_good_enough_must_be_better_than_that() {
        let hour = |hour: u64| Time::ORIGIN + Span::HOUR * hour;
        let window = Window { earliest: hour(0), deadline: hour(24) };
        let scan = Scan::new(&Config::default(), 0.9, 0.8);
        let best = Config::default().good_enough.get();
        let found = Optimum::find(window, &scan, None, |at| if at >= hour(3) { best } else { 0.5 });
        assert_eq!((found.outlook, found.expected_at()), (Outlook::Hoped, Some(hour(3))));
    }

    #[test]
    fn the_time_after_the_best_moment_has_ten_tenths() {
        let minute = |minute: u64| Time::ORIGIN + Span::MINUTE * minute;
        let step = |best: u64, now: u64, deadline: u64| {
            let at = minute(best);
            let optimum = Optimum { at, score: 0.8, outlook: Outlook::Expected, look_from: Some(at) };
            optimum.step(minute(now), minute(deadline))
        };
        for (now, tenth) in
            [(0, 0), (29, 0), (30, 1), (32, 1), (33, 2), (45, 6), (59, 10), (60, 10), (90, 10)]
        {
            assert_eq!(step(30, now, 60), tenth, "{now}");
        }
        assert_eq!([step(60, 59, 60), step(60, 60, 60)], [0, 10]);
    }

    #[test]
    fn steps_are_passed_over_only_where_nothing_can_be_missed() {
        let window = Window { earliest: Time::ORIGIN + Span::HOUR, deadline: Time::ORIGIN + Span::DAY };
        let good = Time::ORIGIN + Span::HOUR * 9;
        let look_from = |config: &Config| {
            let scan = Scan::new(config, 0.9, 0.8);
            Optimum::find(window, &scan, None, |t| if t == good { 0.95 } else { 0.5 }).worth_a_look_from()
        };
        let published = Config::default();
        let ahead = Span::MINUTE * 30;
        assert_eq!(look_from(&published), Some(good.back(ahead)));
        let coarse = Config { scan_step: Span::MINUTE * 30, ..Config::default() };
        let lenient = Config { threshold_before: crate::units::Share::new(0.85), ..Config::default() };
        for config in [coarse, lenient] {
            assert_eq!(look_from(&config), Some(window.earliest.back(ahead)));
        }
    }
}
