//! How mail and background checks fared by hour of the week: what the heat maps are drawn from.

use crate::analysis::survival::CoarseWaits;
use crate::clock::Clock;
use crate::signal::ResultKind;
use crate::time::{Span, Time};
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

/// Devices that have a part in something, which are counted one after the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Carriers {
    devices: u64,
    #[serde(skip)]
    last: Option<u32>,
}

impl Carriers {
    /// One more, if it is not the one that was added last.
    pub fn add(&mut self, device: u32) {
        self.devices += u64::from(self.last.replace(device) != Some(device));
    }

    /// How many there are.
    pub fn devices(self) -> u64 {
        self.devices
    }
}

/// Sums over all weeks of one hour.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Hour {
    /// Whose mail that is.
    pub mailed: Carriers,
    /// On which such checks began.
    pub checked: Carriers,
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
        let carriers = |hour: &Hour| [hour.mailed, hour.checked].map(Carriers::devices);
        let mut numbers = self.hours.iter().flat_map(|hour| hour.checks.into_iter().chain(carriers(hour)));
        numbers.all(|count| count <= most)
    }

    /// A mail of a device, which arrived at such an instant, was told after so long or was still untold then.
    pub(super) fn mail(&mut self, device: u32, clock: &Clock, arrived: Time, told: bool, waited: Span) {
        let hour = &mut self.hours[hour_of_week(clock, arrived)];
        hour.waits.record(told, waited);
        hour.mailed.add(device);
    }

    /// A background check of a device.
    pub(super) fn check(&mut self, device: u32, clock: &Clock, began: Time, result: ResultKind) {
        let hour = &mut self.hours[hour_of_week(clock, began)];
        hour.checks[result as usize] += 1;
        hour.checked.add(device);
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
            hour.mailed.devices += more.mailed.devices;
            hour.checked.devices += more.checked.devices;
        }
    }
}
