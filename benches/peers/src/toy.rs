//! The work, said once: a device is woken every quarter of an hour; a check ends 4 s later and tells of the mail
//! that was there at the wake; mail comes by chance. What a simulator has to bring is the calendar.

use bgsim::random::mix;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// Between two wakes, in ms.
pub const EVERY: u64 = 900_000;
/// From a wake to the end of its check.
pub const CHECK: u64 = 4_000;
/// Mails a day.
pub const PER_DAY: f64 = 20.0;
const DAY: f64 = 86_400_000.0;
/// Days of a device.
pub const DAYS: u64 = 14;
/// Nothing happens from here on.
pub const END: u64 = DAYS * 86_400_000;

/// What can be due. The order is that of events of the same instant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Due {
    /// The device is woken.
    Wake,
    /// A check ends.
    CheckDone,
    /// A mail arrives.
    Mail,
}

/// A device.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub struct Device {
    random: u64,
    waiting: Vec<u64>,
    seen: usize,
}

impl Device {
    /// A device before its first event.
    pub fn new(number: u32) -> Device {
        Device { random: mix(u64::from(number) + 1), ..Device::default() }
    }

    /// What is due first, and in how many ms.
    pub fn start(&mut self) -> [(Due, u64); 2] {
        let phase = (self.uniform() * EVERY as f64) as u64;
        [(Due::Wake, phase), (Due::Mail, self.gap())]
    }

    /// Something is due now. What it makes due is handed on, with the ms until then.
    pub fn on(&mut self, due: Due, now: u64, mut arm: impl FnMut(Due, u64)) {
        EVENTS.set(EVENTS.get() + 1);
        match due {
            Due::Wake => {
                self.seen = self.waiting.len();
                arm(Due::Wake, EVERY);
                arm(Due::CheckDone, CHECK);
            }
            Due::CheckDone => self.waiting.drain(..self.seen).for_each(|arrived| book(now - arrived)),
            Due::Mail => {
                self.waiting.push(now);
                arm(Due::Mail, self.gap());
            }
        }
    }

    fn gap(&mut self) -> u64 {
        (-(1.0 - self.uniform()).ln() * DAY / PER_DAY) as u64
    }

    /// SplitMix64.
    fn uniform(&mut self) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        (mix(self.random) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Bins of the histogram, of 4 s each: no wait reaches their end.
const BINS: usize = 256;

// One for all, so that no simulator pays for the way that its models hand results on.
thread_local! {
    static EVENTS: Cell<u64> = const { Cell::new(0) };
    static WAITS: Cell<u64> = const { Cell::new(0) };
    static HISTOGRAM: [Cell<u64>; BINS] = const { [const { Cell::new(0) }; BINS] };
}

fn book(wait: u64) {
    WAITS.set(WAITS.get() + wait);
    HISTOGRAM.with(|bins| {
        let bin = &bins[(wait / CHECK) as usize];
        bin.set(bin.get() + 1);
    });
}

/// What a run came to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Outcome {
    /// Alarms that went off.
    pub events: u64,
    /// Mails that were told of.
    pub told: u64,
    /// Their mean wait in seconds.
    pub mean: f64,
}

/// What has come about on this thread since this was last asked.
pub fn take_outcome() -> Outcome {
    let told = HISTOGRAM.with(|bins| bins.iter().map(Cell::take).sum());
    Outcome { events: EVENTS.take(), told, mean: WAITS.take() as f64 / 1e3 / told as f64 }
}
