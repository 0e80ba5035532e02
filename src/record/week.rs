//! How mail and background checks fared by hour of the week: what the heat maps are drawn from.

use crate::analysis::survival::CoarseWaits;
use crate::clock::Clock;
use crate::signal::ResultKind;
use crate::time::Time;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// Hours of a week.
pub const HOURS: usize = 168;

/// Sums by hour of the week in local time, the first being Monday from midnight.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Week {
    /// One for each hour.
    pub hours: Vec<Hour>,
}

/// Sums over all weeks of one hour.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Hour {
    /// Latencies of the mail that arrived in it, of mail inside working hours where some are set.
    pub waits: CoarseWaits,
    /// Background checks that began in it, by result.
    pub checks: [u64; ResultKind::ALL.len()],
}

impl Default for Week {
    fn default() -> Week {
        Week { hours: vec![Hour::default(); HOURS] }
    }
}

impl Week {
    /// Whether no count in it is larger.
    pub(super) fn is_bounded(&self, most: u64) -> bool {
        self.hours.iter().flat_map(|hour| hour.checks).all(|count| count <= most)
    }

    /// The hour that holds an instant.
    pub fn at(&mut self, clock: &Clock, time: Time) -> &mut Hour {
        &mut self.hours[hour_of_week(clock, time)]
    }
}

/// Which hour of the week holds an instant.
pub(super) fn hour_of_week(clock: &Clock, time: Time) -> usize {
    let local = clock.local(time);
    clock.weekday(local.day).index() * 24 + local.hour()
}

impl AddAssign<&Week> for Week {
    fn add_assign(&mut self, other: &Week) {
        for (hour, more) in self.hours.iter_mut().zip(&other.hours) {
            hour.waits += &more.waits;
            hour.checks.iter_mut().zip(more.checks).for_each(|(sum, more)| *sum += more);
        }
    }
}
