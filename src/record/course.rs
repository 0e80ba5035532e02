//! How mail fared day by day, the warm-up included: by it one sees whether the start still shows.

use crate::slice::Window;
use crate::time::{Span, Time};
use serde::{Deserialize, Serialize};
use std::ops::{AddAssign, Range, SubAssign};

/// Mail that is told so soon is told in time: what verdicts go by unless they are asked for something else.
pub const IN_TIME: Span = Span::from_secs(900);

/// Times within which people ask to be told: those that stand in files.
pub const WITHIN: [Span; 6] =
    [Span::MINUTE, Span::from_secs(300), IN_TIME, Span::HOUR, Span::from_secs(4 * 3600), Span::DAY];

/// The mail inside working hours of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
struct Day {
    arrived: u64,
    in_time: u64,
}

/// The days from the origin on. The measured span begins with a day, so the first of the warm-up may be shorter.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Course(Vec<Day>);

impl Course {
    /// The number of the day that begins with the measured span.
    pub fn first_measured(start: Time) -> usize {
        start.ms().div_ceil(Span::DAY.ms()) as usize
    }

    /// The days of the measured span.
    pub fn measured(start: Time) -> Range<usize> {
        Course::first_measured(start)..usize::MAX
    }

    fn day(&mut self, start: Time, at: Time) -> &mut Day {
        let shift = Course::first_measured(start) as u64 * Span::DAY.ms() - start.ms();
        let day = ((at.ms() + shift) / Span::DAY.ms()) as usize;
        if self.0.len() <= day {
            self.0.resize(day + 1, Day::default());
        }
        &mut self.0[day]
    }

    /// A mail arrived; it counts where the measured span leaves time enough for it.
    pub(super) fn arrived(&mut self, measured: Window, at: Time) {
        if at + IN_TIME <= measured.until {
            self.day(measured.from, at).arrived += 1;
        }
    }

    /// A mail was told.
    pub(super) fn told(&mut self, measured: Window, arrived: Time, told: Time) {
        if arrived + IN_TIME <= measured.until && told - arrived <= IN_TIME {
            self.day(measured.from, arrived).in_time += 1;
        }
    }

    /// Whether no number in it is larger.
    pub(super) fn is_bounded(&self, most: u64) -> bool {
        self.0.iter().all(|day| day.arrived <= most && day.in_time <= most)
    }

    /// How much mail arrived on some days, and how much of it was told in time.
    pub fn sums(&self, days: Range<usize>) -> [u64; 2] {
        let days = self.0.iter().skip(days.start).take(days.len());
        days.fold([0, 0], |[arrived, in_time], day| [arrived + day.arrived, in_time + day.in_time])
    }
}

impl AddAssign<&Course> for Course {
    fn add_assign(&mut self, other: &Course) {
        self.0.resize(self.0.len().max(other.0.len()), Day::default());
        for (day, more) in self.0.iter_mut().zip(&other.0) {
            day.arrived += more.arrived;
            day.in_time += more.in_time;
        }
    }
}

impl SubAssign<&Course> for Course {
    fn sub_assign(&mut self, other: &Course) {
        for (day, less) in self.0.iter_mut().zip(&other.0) {
            day.arrived -= less.arrived;
            day.in_time -= less.in_time;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measured_days_begin_with_the_measured_span() {
        let at = |hours: u64| Time::ORIGIN + Span::HOUR * hours;
        let measured = Window { from: at(36), until: at(61) };
        let mut course = Course::default();
        for hours in [0, 11, 12, 35, 36, 59, 60, 61] {
            course.arrived(measured, at(hours));
        }
        course.told(measured, at(59), at(59) + IN_TIME);
        course.told(measured, at(60), at(61));
        course.told(measured, at(61), at(61));
        assert_eq!(Course::first_measured(measured.from), 2);
        assert_eq!([0, 1, 2, 3].map(|day| course.sums(day..day + 1)), [[2, 0], [2, 0], [2, 1], [1, 0]]);
        assert_eq!(course.sums(2..9), [3, 1]);
    }
}
