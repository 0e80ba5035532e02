//! Whether the measured span is still moving: its last week against its first. What is measured after too short a
//! warm-up is that of a phone which has not settled.

use super::Estimate;
use crate::analysis::transient::mser5;
use crate::figure::{Figure, Figures, Sample};
use crate::lint::Warning;
use crate::record::{Course, rounded};
use crate::scenario::Scenario;
use crate::slice::dates_divide;
use crate::time::{Span, Time};
use serde::Serialize;
use std::ops::Range;

/// Warns that the last measured week is not like the first.
pub const DRIFTS: &str = "drifts";

const WEEK: usize = 7;

/// How the last measured week compares with the first, in the figure that verdicts go by.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Drift {
    /// Why nobody looked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_looked_for: Option<NotLooked>,
    /// The last week less the first, paired by devices.
    pub last_week_less_first: Estimate,
    /// How many days from the origin on MSER-5 leaves out; unknown where the course is short or never settles.
    pub mser5_days: Option<usize>,
    /// Whether it shows: chance alone would hardly do it, and it is no trifle against the figure's own interval.
    pub shows: bool,
}

/// Why no drift was looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotLooked {
    /// What happens on dates divides the span, so its ends may well differ.
    DatesDivideIt,
    /// There are no two weeks.
    ShorterThanTwoWeeks,
}

impl Drift {
    /// Looks at the figures of a run.
    pub fn of(scenario: &Scenario, sample: &Sample) -> Drift {
        let first_measured = Course::first_measured(scenario.start);
        let measured = (scenario.measured().ms() / Span::DAY.ms()) as usize;
        let days = first_measured..first_measured + measured;
        let not_looked_for = match () {
            () if dates_divide(scenario) => Some(NotLooked::DatesDivideIt),
            () if measured < 2 * WEEK => Some(NotLooked::ShorterThanTwoWeeks),
            () => None,
        };
        if not_looked_for.is_some() {
            let last_week_less_first = Estimate::default();
            return Drift { not_looked_for, last_week_less_first, mser5_days: None, shows: false };
        }
        let all = &sample.replicates.all;
        let difference = |figures: &Figures| weeks_apart(figures, &days);
        let interval = sample.replicates.interval(difference).filter(|ends| !ends.is_point());
        let value = difference(all);
        let half = sample.interval(Figure::FIRST).map(|ends| (ends.high - ends.low) / 2.0);
        // Where the figure itself has no interval there is nothing that would make a trifle of what is clear.
        let is_trifle = |value: f64| half.is_some_and(|half| value.abs() <= half / 2.0);
        let shows =
            value.zip(interval).is_some_and(|(value, ends)| ends.leaves_zero_out() && !is_trifle(value));
        // A first day that is shorter than the others is none of them.
        let from = usize::from(!scenario.start.since(Time::ORIGIN).ms().is_multiple_of(Span::DAY.ms()));
        let course: Option<Vec<f64>> = (from..days.end).map(|day| all.in_time(day..day + 1)).collect();
        Drift {
            not_looked_for,
            last_week_less_first: Estimate {
                value: value.map(rounded),
                ci95: interval.map(|ends| [rounded(ends.low), rounded(ends.high)]),
            },
            mser5_days: course.and_then(|course| mser5(&course)),
            shows,
        }
    }

    /// What is to be said to whoever reads the result.
    pub fn warning(&self, scenario: &Scenario) -> Option<Warning> {
        let Estimate { value: Some(value), ci95: Some([low, high]) } = self.last_week_less_first else {
            return None;
        };
        let points = |part: f64| format!("{:+.1}", part * 100.0);
        let mser = match self.mser5_days {
            Some(days) => format!("MSER-5 would leave {days} days from the origin out"),
            None => "MSER-5 finds no day from which on it is steady".into(),
        };
        let words = format!(
            "from the first measured week to the last {} moves by {} points [{}, {}]: what the phones were like at the \
             start may still show. The warm-up is {}; {mser}",
            Figure::FIRST.short(),
            points(value),
            points(low),
            points(high),
            scenario.start.since(Time::ORIGIN),
        );
        self.shows.then_some(Warning { code: DRIFTS, words })
    }
}

fn weeks_apart(figures: &Figures, days: &Range<usize>) -> Option<f64> {
    let [first, last] = [days.start..days.start + WEEK, days.end - WEEK..days.end];
    Some(figures.in_time(last)? - figures.in_time(first)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Plan, run_fleet};
    use crate::scenario::load;

    fn drift(name: &str, sets: &[&str]) -> (Drift, Sample) {
        let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
        let scenario = load(name, &sets).unwrap_or_else(|errors| panic!("{errors}"));
        let Ok(fleet) = run_fleet(&scenario, &Plan::default(), &mut ());
        let sample = Sample::of(&fleet.parts, &scenario);
        (Drift::of(&scenario, &sample), sample)
    }

    #[test]
    fn only_what_happens_in_the_measured_span_divides_it() {
        let offline = |at: &str, length: &str| {
            let events = format!("event=[{{ name = \"it\", at = \"{at}\", offline = \"{length}\" }}]");
            let sets = ["devices=2", "start=2026-03-02T00:00", "warmup=7d", "measure=14d", &events];
            drift("device-keychain", &sets).0.not_looked_for
        };
        assert_eq!(offline("2026-02-26T08:00", "8h"), None);
        assert_eq!(offline("2026-03-01T16:00", "8h"), None);
        assert_eq!(offline("2026-03-01T16:00", "9h"), Some(NotLooked::DatesDivideIt));
        assert_eq!(offline("2026-03-02T08:00", "8h"), Some(NotLooked::DatesDivideIt));
    }

    #[test]
    fn a_clear_drift_of_few_devices_shows_though_their_figure_has_no_interval() {
        let (found, sample) = drift("new-phone", &["devices=16"]);
        assert!(sample.interval(Figure::FIRST).is_none(), "{found:?}");
        assert!(
            found.last_week_less_first.ci95.is_some_and(|[low, _]| low > 0.0) && found.shows,
            "{found:?}"
        );
    }
}
