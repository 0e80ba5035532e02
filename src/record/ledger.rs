//! The ledger of one device: it hears every signal and books each mail, check and notification.
//!
//! How long each cause has held is kept as one running total per cause; a mail notes the totals when
//! it arrives, and the difference when it is told is its delay by cause. The totals grow by the same
//! milliseconds as the clock, so the causes of a mail sum to its latency exactly.

use super::rows::{CheckRow, EventRow, MailRow, NotificationRow, Rows};
use super::tally::{Outcome, Request, Tally};
use super::week::Week;
use crate::analysis::survival::WaitsIn;
use crate::client::{BLOCKER_READS, DelayCause, blocker, key_readable_without_process};
use crate::clock::Clock;
use crate::engine::{Fingerprint, Observer};
use crate::policy::Policy;
use crate::signal::{Check, CheckResult, Facts, Lock, Process, Signal, Trigger};
use crate::time::{Span, Time};
use std::hash::{Hash, Hasher};

type Totals = [u64; DelayCause::ALL.len()];

/// A mail that waits.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    /// Number among the measured mail, or `None` for mail of the warm-up.
    mail: Option<u32>,
    arrived: Time,
    totals: Totals,
}

/// The check that is running.
#[derive(Clone, Copy, Debug)]
struct Running {
    at: Time,
    check: Check,
    lock: Lock,
    sees: usize,
    totals: Totals,
    /// What becomes of the mail it finds.
    fate: Outcome,
}

/// Books of one device. Reused from device to device, so that it allocates once.
pub struct Ledger<'a> {
    policy: &'a Policy,
    clock: &'a Clock,
    start: Time,
    end: Time,
    device: u32,
    group: String,
    /// The first measured mail, counted from the origin.
    measured_from: Option<u32>,
    since: Time,
    looked_at: Time,
    cause: DelayCause,
    totals: Totals,
    readable_while_locked: bool,
    in_memory_while_locked: bool,
    waiting: Vec<Waiting>,
    running: Option<Running>,
    fingerprint: Fingerprint,
    mail_rows: Vec<MailRow>,
    keep_rows: bool,
    keep_events: bool,
    /// Whether each measured mail of a device stays at hand until the next is opened.
    pub keep_mails: bool,
    /// The sums of the device's group.
    pub tally: Tally,
    /// The sums by hour of the week, where they are kept.
    pub week: Option<Week>,
    /// The rows, where they are kept.
    pub rows: Rows,
}

impl<'a> Ledger<'a> {
    /// Books for devices under a policy, measured from `start` to `end`.
    pub fn new(policy: &'a Policy, clock: &'a Clock, start: Time, end: Time) -> Ledger<'a> {
        Ledger {
            policy,
            clock,
            start,
            end,
            device: 0,
            group: String::new(),
            measured_from: None,
            since: Time::ORIGIN,
            looked_at: Time::ORIGIN,
            cause: DelayCause::NotScheduled,
            totals: [0; DelayCause::ALL.len()],
            readable_while_locked: false,
            in_memory_while_locked: false,
            waiting: Vec::with_capacity(512),
            running: None,
            fingerprint: Fingerprint::default(),
            mail_rows: Vec::new(),
            keep_rows: false,
            keep_events: false,
            keep_mails: false,
            tally: Tally::default(),
            week: None,
            rows: Rows::default(),
        }
    }

    /// Turns to another device of a group, whose public state at the origin is given.
    pub fn open(&mut self, device: u32, group: &str, facts: &Facts, keep_rows: bool, keep_events: bool) {
        self.device = device;
        group.clone_into(&mut self.group);
        self.measured_from = None;
        self.since = Time::ORIGIN;
        self.totals = [0; DelayCause::ALL.len()];
        self.waiting.clear();
        self.running = None;
        self.fingerprint = Fingerprint::default();
        device.hash(&mut self.fingerprint);
        self.mail_rows.clear();
        self.keep_rows = keep_rows;
        self.keep_events = keep_events;
        self.look(Time::ORIGIN, facts);
    }

    /// Closes the books at the horizon.
    pub fn close(&mut self, facts: &Facts, events: u64) {
        self.settle(self.end);
        for waiting in std::mem::take(&mut self.waiting) {
            self.deliver(waiting, Outcome::Undelivered, None, None);
        }
        self.mail_rows.sort_unstable_by_key(|row| row.mail);
        if self.keep_rows {
            for row in &self.mail_rows {
                self.rows.mail(row, &self.group, self.clock);
            }
        }
        let counts = &mut self.tally.counts;
        counts.devices += 1;
        counts.events += events;
        counts.requests_pending += u64::from(facts.pending_refresh.is_some());
        counts.fingerprint = counts.fingerprint.wrapping_add(self.fingerprint.finish());
    }

    /// The hash over everything this device did.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint.finish()
    }

    /// What a mail waits for now that no running check sees.
    pub fn cause(&self) -> DelayCause {
        self.cause
    }

    /// The measured mails of the device whose end is known, where they are kept: in the order in which they
    /// were told, and in order of arrival once the books are closed.
    pub fn mails(&self) -> &[MailRow] {
        &self.mail_rows
    }

    /// Books the time since the last signal.
    fn settle(&mut self, now: Time) {
        let passed = (now - self.since).ms();
        if passed == 0 {
            return;
        }
        self.totals[self.cause as usize] += passed;
        if self.readable_while_locked || self.in_memory_while_locked {
            let measured = now.since(self.since.max(self.start)).ms();
            let counts = &mut self.tally.counts;
            counts.readable_while_locked_ms += if self.readable_while_locked { measured } else { 0 };
            counts.in_memory_while_locked_ms += if self.in_memory_while_locked { measured } else { 0 };
            counts.in_reach_while_locked_ms += measured;
        }
        self.since = now;
    }

    /// Looks at what holds from now on.
    fn look(&mut self, now: Time, facts: &Facts) {
        self.looked_at = now;
        self.cause = blocker(self.policy, facts, now);
        (self.readable_while_locked, self.in_memory_while_locked) = self.exposure(facts);
    }

    /// Whether the key is readable without a process, and whether it is in memory, on a locked device.
    fn exposure(&self, facts: &Facts) -> (bool, bool) {
        let locked = facts.lock != Lock::Unlocked;
        (locked && key_readable_without_process(self.policy, facts), locked && facts.key_in_memory)
    }

    /// Whether nothing has changed since the last look but the time.
    fn is_as_seen(&self, facts: &Facts) -> bool {
        (self.readable_while_locked, self.in_memory_while_locked) == self.exposure(facts)
            && self.cause == blocker(self.policy, facts, self.looked_at)
    }

    fn is_measured(&self, now: Time) -> bool {
        now >= self.start
    }

    fn arrive(&mut self, now: Time, facts: &Facts) {
        self.settle(now);
        let number = facts.arrived - 1;
        let mail = self.is_measured(now).then(|| number - *self.measured_from.get_or_insert(number));
        let waiting = Waiting { mail, arrived: now, totals: self.totals };
        if facts.sees_mail_at_once() {
            self.deliver(waiting, Outcome::OnOpen, Some(now), None);
        } else {
            self.waiting.push(waiting);
        }
    }

    /// Books what became of a mail. Its totals, taken from those now, leave its delay by cause.
    fn deliver(&mut self, waiting: Waiting, outcome: Outcome, told: Option<Time>, by: Option<&Running>) {
        let Some(mail) = waiting.mail else { return };
        let until = told.unwrap_or(self.end);
        let mut causes_ms = by.map_or(self.totals, |running| running.totals);
        causes_ms.iter_mut().zip(waiting.totals).for_each(|(total, at_arrival)| *total -= at_arrival);
        causes_ms[DelayCause::Checking as usize] += by.map_or(0, |running| (until - running.at).ms());
        debug_assert_eq!(causes_ms.iter().sum::<u64>(), (until - waiting.arrived).ms());

        let hours = self.policy.working_hours.as_ref();
        let in_hours = hours.is_none_or(|hours| hours.contain(self.clock, waiting.arrived));
        let Tally { counts, waits } = &mut self.tally;
        counts.arrived += 1;
        counts.outcomes[outcome as usize] += 1;
        if in_hours {
            let waited = until - waiting.arrived;
            book_wait(waits, outcome, waited);
            if let Some(week) = &mut self.week {
                book_wait(&mut week.at(self.clock, waiting.arrived).waits, outcome, waited);
            }
            let sums = match outcome {
                Outcome::Notified | Outcome::OnOpen => Some(&mut counts.told_causes_ms),
                Outcome::Undelivered => Some(&mut counts.undelivered_causes_ms),
                Outcome::Quiet => None,
            };
            if let Some(sums) = sums {
                sums.iter_mut().zip(causes_ms).for_each(|(sum, ms)| *sum += ms);
            }
        } else {
            counts.arrived_outside += 1;
            counts.outcomes_outside[outcome as usize] += 1;
        }
        if self.keep_rows || self.keep_mails {
            let by = by.map(|running| running.check.trigger);
            let arrived = waiting.arrived;
            let device = self.device;
            self.mail_rows.push(MailRow { device, mail, arrived, outcome, told, by, causes_ms, in_hours });
        }
    }

    fn check_started(&mut self, now: Time, check: Check, facts: &Facts) {
        self.settle(now);
        let fate = match check.trigger {
            Trigger::BackgroundRefresh => Outcome::Notified,
            Trigger::UserLaunch | Trigger::NetworkReturn => Outcome::OnOpen,
        };
        let sees = self.waiting.len();
        debug_assert_eq!(sees, facts.seen as usize);
        self.running = Some(Running { at: now, check, lock: facts.lock, sees, totals: self.totals, fate });
        if self.is_measured(now) && check.trigger == Trigger::BackgroundRefresh {
            let counts = &mut self.tally.counts;
            counts.background_checks += 1;
            counts.background_launches += u64::from(check.launched);
        }
    }

    fn check_ended(&mut self, now: Time, result: CheckResult) {
        let Some(running) = self.running.take() else { return };
        if let CheckResult::NewMail(_) = result {
            let mut found = std::mem::take(&mut self.waiting);
            for waiting in found.drain(..running.sees) {
                self.deliver(waiting, running.fate, Some(now), Some(&running));
            }
            self.waiting = found;
        }
        if self.is_measured(running.at) {
            let Running { at, check, lock, .. } = running;
            let counts = &mut self.tally.counts;
            counts.checks[check.trigger as usize][result.kind() as usize] += 1;
            if let (Some(week), Trigger::BackgroundRefresh) = (&mut self.week, check.trigger) {
                week.at(self.clock, at).checks[result.kind() as usize] += 1;
            }
            if let Err(reason) = check.key {
                counts.key_failures[reason as usize] += 1;
            }
            if self.keep_rows {
                let row = CheckRow { device: self.device, at, check, lock, result, duration: now - at };
                self.rows.check(&row, &self.group, self.clock);
            }
        }
    }

    fn book(&mut self, now: Time, signal: Signal, facts: &Facts) {
        let measured = self.is_measured(now);
        let counts = &mut self.tally.counts;
        match signal {
            Signal::MailArrived => self.arrive(now, facts),
            Signal::CheckStarted(check) => self.check_started(now, check, facts),
            Signal::CheckEnded(result) => self.check_ended(now, result),
            Signal::KeptQuiet(_) => {
                if let Some(running) = &mut self.running {
                    running.fate = Outcome::Quiet;
                }
            }
            Signal::Notified(notice) if measured => {
                counts.notifications += 1;
                if self.keep_rows {
                    let first_mail = self.measured_from.and_then(|from| notice.first.checked_sub(from));
                    let row =
                        NotificationRow { device: self.device, at: now, mails: notice.mails, first_mail };
                    self.rows.notification(&row, &self.group, self.clock);
                }
            }
            Signal::Process(Process::NotRunning(why)) if measured => counts.terminations[why as usize] += 1,
            Signal::RefreshRequested(_) => counts.requests[Request::Submitted as usize] += 1,
            Signal::RefreshLaunched(_) => counts.requests[Request::Run as usize] += 1,
            Signal::RefreshReplaced => counts.requests[Request::Replaced as usize] += 1,
            Signal::RefreshCancelled => counts.requests[Request::Cancelled as usize] += 1,
            _ => {}
        }
    }
}

impl Observer for Ledger<'_> {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        (now, signal).hash(&mut self.fingerprint);
        // Between two looks the same cause holds, so the time need not be booked in between.
        let looks = BLOCKER_READS.has(signal.word());
        if looks {
            self.settle(now);
        }
        debug_assert!(looks || self.is_as_seen(facts), "{signal:?} changed unseen what the blocker reads");
        self.book(now, signal, facts);
        if looks {
            self.look(now, facts);
        }
        if self.keep_events && self.is_measured(now) {
            let (signal, detail) = signal.words(self.clock);
            self.rows.event(&EventRow { device: self.device, at: now, signal, detail }, self.clock);
        }
    }
}

/// Books how long a mail waited, and how that ended.
fn book_wait<const SUB_BITS: u32>(waits: &mut WaitsIn<SUB_BITS>, outcome: Outcome, waited: Span) {
    match outcome {
        Outcome::Notified | Outcome::OnOpen => waits.told.record(waited),
        Outcome::Undelivered => waits.censored.record(waited),
        // A slow policy must not gain by overshooting the end of the day.
        Outcome::Quiet => waits.never += 1,
    }
}
