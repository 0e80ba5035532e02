//! Laws about single events: `never(event while condition)`, watched on every event of every device in
//! the measured span. For a check the condition is that under which it began, as in `checks.csv`.

use crate::clock::Clock;
use crate::engine::Observer;
use crate::signal::{CheckResult, Facts, Lock, Network, ResultKind, Signal, Trigger};
use crate::slice::Window;
use crate::time::Time;

/// A condition: what holds on a device at an instant.
#[derive(Clone, Copy)]
pub struct Condition {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub what: &'static str,
    holds: fn(&Facts, Time, &Clock) -> bool,
}

/// Something that may happen.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub what: &'static str,
}

/// Every event; the first six are the results of a check, in the order of [`ResultKind`].
pub const EVENTS: [Event; 9] = [
    Event { name: "new_mail", what: "a check found new mail" },
    Event { name: "no_mail", what: "a check found none" },
    Event { name: "key_failure", what: "a check had no key" },
    Event { name: "no_network", what: "a check had no network" },
    Event { name: "expired", what: "a check was cut short" },
    Event { name: "launch_refused", what: "a background launch found no key" },
    Event { name: "background_check", what: "a background check ended, whatever its result" },
    Event { name: "background_new_mail", what: "a background check found new mail" },
    Event { name: "notified", what: "a notification was posted" },
];
const BACKGROUND_CHECK: usize = 6;
const BACKGROUND_NEW_MAIL: usize = 7;
const NOTIFIED: usize = 8;

/// Every condition.
pub const CONDITIONS: [Condition; 9] = [
    Condition {
        name: "before_first_unlock",
        what: "restarted and not yet unlocked",
        holds: |facts, _, _| facts.lock == Lock::BeforeFirstUnlock,
    },
    Condition {
        name: "locked",
        what: "locked, or not yet unlocked",
        holds: |facts, _, _| facts.lock != Lock::Unlocked,
    },
    Condition {
        name: "unlocked",
        what: "in use, or not yet locked again",
        holds: |facts, _, _| facts.lock == Lock::Unlocked,
    },
    Condition {
        name: "key_missing",
        what: "the check that runs has no key",
        holds: |facts, _, _| facts.check.is_some_and(|check| check.key.is_err()),
    },
    Condition {
        name: "offline",
        what: "there is no network",
        holds: |facts, _, _| facts.network == Network::None,
    },
    Condition {
        name: "low_power_mode",
        what: "Low Power Mode is on",
        holds: |facts, _, _| facts.low_power_mode,
    },
    Condition {
        name: "refresh_off",
        what: "Background App Refresh is off",
        holds: |facts, _, _| facts.refresh_off || facts.policy.background_app_refresh == Some(false),
    },
    Condition {
        name: "force_quit",
        what: "the user swiped the client away and has not opened it since",
        holds: |facts, _, _| facts.force_quit,
    },
    Condition {
        name: "outside_working_hours",
        what: "working hours are set, and this is outside them",
        holds: |facts, now, clock| {
            let hours = facts.policy.working_hours;
            hours.is_some_and(|hours| !hours.contain(clock, now))
        },
    },
];

/// An event that must never happen under a condition, both by their places above.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Law {
    /// The event.
    pub event: usize,
    /// The condition.
    pub condition: usize,
}

/// How often a law was broken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Breaches {
    /// How often.
    pub count: u64,
    /// The first time, on the first device.
    pub first: Option<(u32, Time)>,
}

impl Breaches {
    /// Adds those of other devices.
    pub fn add(&mut self, other: Breaches) {
        self.count += other.count;
        self.first = [self.first, other.first].into_iter().flatten().min();
    }
}

/// Listens for breaches on one device.
pub(super) struct Witness {
    pub(super) device: u32,
    /// What its clock shows.
    pub(super) clock: Clock,
    /// Each law with when it holds, and with its breaches, where it binds this device.
    pub(super) laws: Vec<(Law, Window, Option<Breaches>)>,
    /// When the running check began, and which conditions held.
    pub(super) began: Option<(Time, Trigger, [bool; CONDITIONS.len()])>,
}

impl Witness {
    fn conditions(&self, now: Time, facts: &Facts) -> [bool; CONDITIONS.len()] {
        CONDITIONS.map(|condition| (condition.holds)(facts, now, &self.clock))
    }

    fn happened(&mut self, at: Time, held: [bool; CONDITIONS.len()], event: usize) {
        for (law, window, breaches) in &mut self.laws {
            if let Some(breaches) = breaches
                && window.holds(at)
                && law.event == event
                && held[law.condition]
            {
                breaches.add(Breaches { count: 1, first: Some((self.device, at)) });
            }
        }
    }
}

impl Observer for Witness {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        if self.laws.is_empty() {
            return;
        }
        match signal {
            Signal::CheckStarted(check) => {
                self.began = Some((now, check.trigger, self.conditions(now, facts)));
            }
            Signal::CheckEnded(result) => {
                if let Some((at, trigger, held)) = self.began.take() {
                    self.happened(at, held, result.kind() as usize);
                    if trigger.is_in_background() {
                        self.happened(at, held, BACKGROUND_CHECK);
                        if let CheckResult::NewMail(_) = result {
                            self.happened(at, held, BACKGROUND_NEW_MAIL);
                        }
                    }
                }
            }
            Signal::Notified(_) => self.happened(now, self.conditions(now, facts), NOTIFIED),
            _ => {}
        }
    }
}

const _: () = assert!(ResultKind::ALL.len() == BACKGROUND_CHECK);
