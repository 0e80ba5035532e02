//! The ledger of one device: it hears every signal and books each mail, check and notification.
//!
//! A mail's wait is a chain of phases. In the common phase all mail has one blocker, whose time is kept as
//! running totals by cause: what they grew by is a mail's share of it. Every other phase has a cause of its
//! own and its plain length. Each phase ends where the next begins, and totals grow by the milliseconds of
//! the clock, so the causes of a mail sum to its latency exactly, in whatever order mail is told.

mod checks;
mod end;
mod push;
mod view;

use super::course::Course;
use super::life::Life;
use super::products::InTime;
use super::rows::{EventRow, MailRow, Rows};
use super::slices::Sliced;
use super::standing::Standing;
use super::tally::{Counts, Outcome, Request, Tally};
use super::waiting::{Fate, Running, Totals, Waiting};
use super::week::{Week, hour_of_week};
use crate::client::{BLOCKER_READS, DelayCause};
use crate::clock::Clock;
use crate::engine::{Fingerprint, Observer};
use crate::event::Change;
use crate::policy::Policy;
use crate::signal::{Ended, ExtensionFailure, Facts, Occurrence, Process, Signal, ToldBy};
use crate::slice::Window;
use crate::time::Time;
use std::hash::Hash;

/// Books of one device. Reused from device to device, so that it allocates once.
pub struct Ledger<'a> {
    /// What people decided, whether it has reached the device or not.
    published: Policy,
    clock: &'a Clock,
    /// That of the device: it may be elsewhere.
    own_clock: Clock,
    life: Life<'a>,
    measured: Window,
    device: u32,
    group: String,
    /// The first measured mail, counted from the origin.
    measured_from: Option<u32>,
    since: Time,
    standing: Standing,
    /// Whether what that goes by has changed since the last look.
    must_look: bool,
    /// Whether no cause is booked for now.
    passes_over: bool,
    totals: Totals,
    waiting: Vec<Waiting>,
    /// Mail that was found and is held back.
    held: Vec<Waiting>,
    running: Option<Running>,
    /// Whether any mail is pushed, so that users may learn of it before they are told.
    pub pushes: bool,
    /// Whether a push of this device was heard of.
    heard_of_pushes: bool,
    /// Why an extension leaves the push as it was that is shown now.
    failed: Option<ExtensionFailure>,
    fingerprint: Fingerprint,
    /// What had been counted when the device was opened, and how much mail.
    before: Counts,
    before_mail: u64,
    before_in_time: InTime,
    mail_rows: Vec<MailRow>,
    keep_rows: bool,
    keep_events: bool,
    /// Whether each measured mail of a device stays at hand until the next is opened.
    pub keep_mails: bool,
    /// The sums of the device's group.
    pub tally: Tally,
    /// The sums by hour of the week, where they are kept.
    pub week: Option<Week>,
    /// The sums of slices, where some are asked for.
    pub slices: Sliced,
    /// The rows, where they are kept.
    pub rows: Rows,
}

impl<'a> Ledger<'a> {
    /// Books for devices under a policy, measured from `start` to `end`.
    pub fn new(policy: &'a Policy, clock: &'a Clock, start: Time, end: Time) -> Ledger<'a> {
        Ledger {
            published: *policy,
            clock,
            own_clock: clock.clone(),
            life: Life::default(),
            measured: Window { from: start, until: end },
            device: 0,
            group: String::new(),
            measured_from: None,
            since: Time::ORIGIN,
            standing: Standing::UNKNOWN,
            must_look: false,
            passes_over: false,
            totals: [0; DelayCause::ALL.len()],
            waiting: Vec::with_capacity(512),
            held: Vec::new(),
            running: None,
            pushes: false,
            heard_of_pushes: false,
            failed: None,
            fingerprint: Fingerprint::default(),
            before: Counts::default(),
            before_mail: 0,
            before_in_time: [0, 0],
            mail_rows: Vec::new(),
            keep_rows: false,
            keep_events: false,
            keep_mails: false,
            tally: Tally::default(),
            week: None,
            slices: Sliced::default(),
            rows: Rows::default(),
        }
    }

    /// The device to be opened next is under this policy at the origin and under these changes later, and its
    /// clock shows this.
    pub fn goes_by(&mut self, policy: &Policy, clock: Clock, changes: &'a [Change]) {
        (self.published, self.own_clock) = (*policy, clock);
        self.life = Life::under(changes);
    }

    /// Turns to another device of a group, whose public state at the origin is given.
    pub fn open(&mut self, device: u32, group: &str, facts: &Facts, keep_rows: bool, keep_events: bool) {
        self.device = device;
        group.clone_into(&mut self.group);
        self.measured_from = None;
        self.since = Time::ORIGIN;
        self.life.begin();
        self.must_look = false;
        self.passes_over = false;
        self.totals = [0; DelayCause::ALL.len()];
        self.waiting.clear();
        self.held.clear();
        (self.running, self.failed, self.heard_of_pushes) = (None, None, false);
        self.fingerprint = Fingerprint::default();
        device.hash(&mut self.fingerprint);
        self.mail_rows.clear();
        self.keep_rows = keep_rows;
        self.before.clone_from(&self.tally.counts);
        self.before_mail = self.tally.waits.mail();
        self.before_in_time = self.tally.course.sums(Course::measured(self.measured.from));
        self.keep_events = keep_events;
        self.look(Time::ORIGIN, facts);
        if self.measured.from == Time::ORIGIN {
            self.tell_state(facts);
        }
    }

    /// Books no cause until the measured span begins: mail that arrives before is in no book.
    pub fn pass_over_warm_up(&mut self) {
        self.passes_over = true;
    }

    /// The measured span begins, unless it began at the origin: events are told from this state on.
    pub fn begin(&mut self, facts: &Facts) {
        if std::mem::take(&mut self.passes_over) {
            self.since = self.measured.from;
            self.look(self.measured.from, facts);
        }
        if self.measured.from > Time::ORIGIN {
            self.tell_state(facts);
        }
    }

    fn tell_state(&mut self, facts: &Facts) {
        if self.keep_events {
            let detail = facts.words(self.clock);
            let row = EventRow { device: self.device, at: self.measured.from, signal: "state", detail };
            self.rows.event(&row, self.clock);
        }
    }

    /// Books the time since the last signal.
    fn settle(&mut self, now: Time) {
        if self.passes_over || now == self.since {
            return;
        }
        let Standing { cause, unlocked, readable_while_locked, in_memory_while_locked, .. } = self.standing;
        self.totals[cause as usize] += (now - self.since).ms();
        if unlocked || readable_while_locked || in_memory_while_locked {
            let measured = Window { from: self.since.max(self.measured.from), until: now };
            let is_retired = self.life.is_retired();
            let add = |counts: &mut Counts, ms: u64| {
                let of = |holds: bool| if holds { ms } else { 0 };
                counts.unlocked_ms += of(unlocked && !is_retired);
                counts.readable_while_locked_ms += of(readable_while_locked);
                counts.in_memory_while_locked_ms += of(in_memory_while_locked);
                counts.in_reach_while_locked_ms += of(!unlocked);
                counts.in_reach_when_retired_ms += of(!unlocked && is_retired);
            };
            add(&mut self.tally.counts, measured.length().ms());
            self.slices.during(measured, add);
        }
        self.since = now;
    }

    /// Looks at what holds from now on.
    fn look(&mut self, now: Time, facts: &Facts) {
        self.standing = Standing::of(facts, now);
    }

    /// Which hour of its device's week holds an instant.
    pub fn hour_of_week(&self, at: Time) -> usize {
        hour_of_week(&self.own_clock, at)
    }

    fn is_measured(&self, now: Time) -> bool {
        now >= self.measured.from
    }

    /// Whether this is in the working hours that are published, or there are none.
    fn is_in_hours(&self, at: Time) -> bool {
        self.published.working_hours.is_none_or(|hours| hours.contain(&self.own_clock, at))
    }

    fn arrive(&mut self, now: Time, facts: &Facts) {
        self.settle(now);
        let number = facts.arrived - 1;
        let mail = self.is_measured(now).then(|| number - *self.measured_from.get_or_insert(number));
        let in_hours = self.is_in_hours(now);
        if in_hours {
            self.tally.course.arrived(self.measured, now);
        }
        let mut waiting = Waiting::new(number, mail, now, in_hours);
        if facts.sees_mail_at_once() {
            self.book(waiting, Outcome::OnOpen, Some((now, ToldBy::ClientOpen)));
        } else {
            waiting.enter_common(&self.totals);
            self.waiting.push(waiting);
        }
    }

    /// What the running check has found leaves the common phase, in which it was until the check began.
    fn find(&mut self, now: Time, running: &Running) {
        let mut waiting = std::mem::take(&mut self.waiting);
        for mut mail in waiting.drain(..running.sees) {
            mail.end_phase_at_check(running.at, &running.totals);
            mail.pass(DelayCause::Checking, now - running.at);
            let told = Some((now, ToldBy::from(running.check.trigger)));
            match running.fate {
                Fate::Seen => self.book(mail, Outcome::OnOpen, told),
                Fate::Notified => self.book(mail, Outcome::Notified, told),
                Fate::HeldBack => self.held.push(Waiting { held_back: Some(now), ..mail }),
            }
        }
        self.waiting = waiting;
    }

    /// Mail is held back no longer: it is told, or the horizon has come.
    fn release(&mut self, now: Time, by: Option<(Outcome, ToldBy)>) {
        let mut held = std::mem::take(&mut self.held);
        for mut mail in held.drain(..) {
            mail.pass(DelayCause::QuietHours, now.since(mail.held_back.unwrap_or(now)));
            match by {
                Some((outcome, by)) => self.book(mail, outcome, Some((now, by))),
                None => self.book(mail, Outcome::Undelivered, None),
            }
        }
        self.held = held;
    }

    /// Counts something that happened, in the whole and in every window that holds it.
    fn count(&mut self, at: Time, add: impl Fn(&mut Counts)) {
        add(&mut self.tally.counts);
        self.slices.at(at).for_each(|tally| add(&mut tally.counts));
    }

    /// Books what became of a mail, all of whose phases are over.
    fn book(&mut self, waiting: Waiting, outcome: Outcome, told: Option<(Time, ToldBy)>) {
        let Waiting { mail, arrived, in_hours, causes_ms, held_back, .. } = waiting;
        let (told, by) = told.unzip();
        let heard = waiting.first_heard(told);
        if let (true, Some(told)) = (in_hours, told) {
            self.tally.course.told(self.measured, arrived, told);
        }
        let Some(mail) = mail else { return };
        let waited = told.unwrap_or(self.life.end(self.measured.until)) - arrived;
        debug_assert_eq!(causes_ms.iter().sum::<u64>(), waited.ms());
        let told_outside = outcome == Outcome::Notified && told.is_some_and(|at| !self.is_in_hours(at));
        let notified_outside = match waiting.signalled_before(told) {
            Some(_) => waiting.signalled_outside,
            None => told_outside,
        };

        let add = |counts: &mut Counts| {
            counts.arrived += 1;
            counts.held_back += u64::from(held_back.is_some());
            counts.notified_outside += u64::from(notified_outside);
            counts.outcomes[outcome as usize] += 1;
            if let Some(by) = by {
                counts.told_by[by as usize] += 1;
            }
            if in_hours {
                let sums = match told {
                    Some(_) => &mut counts.told_causes_ms,
                    None => &mut counts.undelivered_causes_ms,
                };
                sums.iter_mut().zip(causes_ms).for_each(|(sum, ms)| *sum += ms);
            } else {
                counts.arrived_outside += 1;
                counts.outcomes_outside[outcome as usize] += 1;
            }
        };
        self.count(arrived, add);
        if in_hours {
            self.tally.waits.record(told.is_some(), waited);
            self.slices.at(arrived).for_each(|tally| tally.waits.record(told.is_some(), waited));
            if self.pushes {
                let until = heard.unwrap_or(self.life.end(self.measured.until)) - arrived;
                self.tally.signals.record(heard.is_some(), until);
                self.slices.at(arrived).for_each(|tally| tally.signals.record(heard.is_some(), until));
                if let Some(signalled) = waiting.signalled_before(told) {
                    let until = told.unwrap_or(self.life.end(self.measured.until)) - signalled;
                    self.tally.details.record(told.is_some(), until);
                    self.slices.at(arrived).for_each(|tally| tally.details.record(told.is_some(), until));
                }
            }
            if let Some(week) = &mut self.week {
                week.mail(self.device, &self.own_clock, arrived, told.is_some(), waited);
            }
        }
        if self.keep_rows || self.keep_mails {
            let device = self.device;
            self.mail_rows.push(MailRow {
                device,
                mail,
                arrived,
                outcome,
                told,
                by,
                signalled: waiting.signalled_before(told),
                held_back,
                causes_ms,
                in_hours,
            });
        }
    }

    fn hear(&mut self, now: Time, signal: Signal, facts: &Facts) {
        let measured = self.is_measured(now);
        match signal {
            Signal::Occurred(Occurrence::Retired) => return self.retire(now),
            Signal::Occurred(what) => return self.life.occurs(now, what, facts, &mut self.published),
            Signal::KeyStored => return self.life.stored(now),
            Signal::Process(Process::NotRunning(Ended::Removed)) => {}
            Signal::RefreshRequested(_) | Signal::RefreshLaunched(_) => {}
            Signal::RefreshReplaced | Signal::RefreshCancelled => {}
            _ if self.life.is_retired() => return,
            _ => {}
        }
        let requests = &mut self.tally.counts.requests;
        match signal {
            Signal::MailArrived => self.arrive(now, facts),
            Signal::CheckStarted(check) => self.check_started(now, check, facts),
            Signal::CheckEnded(result) => self.check_ended(now, result),
            Signal::HeldBack(notice) => self.noticed(now, notice, Fate::HeldBack),
            Signal::Notified(notice) => self.notified(now, notice),
            Signal::Process(Process::Foreground) => {
                self.release(now, Some((Outcome::OnOpen, ToldBy::ClientOpen)));
            }
            Signal::ClientOpened(_) if measured => self.count(now, |counts| counts.openings += 1),
            Signal::Process(Process::NotRunning(why)) if measured => {
                self.count(now, |counts| counts.terminations[why as usize] += 1);
            }
            Signal::RefreshRequested(_) => requests[Request::Submitted as usize] += 1,
            Signal::RefreshLaunched(_) => requests[Request::Run as usize] += 1,
            Signal::RefreshReplaced => requests[Request::Replaced as usize] += 1,
            Signal::Push(push) => self.push_stage(now, push),
            Signal::ExtensionFailed(why) => self.failed = Some(why),
            Signal::BackgroundPush(held) if measured => {
                self.count(now, |counts| counts.background_pushes[held as usize] += 1);
            }
            Signal::PushLaunched(_) if measured => self.count(now, |counts| counts.push_wakes += 1),
            Signal::CheckedElsewhere if measured => self.count(now, |counts| counts.background_checks += 1),
            Signal::RefreshCancelled => requests[Request::Cancelled as usize] += 1,
            _ => {}
        }
    }
}

impl Observer for Ledger<'_> {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        (now, signal).hash(&mut self.fingerprint);
        // Between two looks the same cause holds, so the time need not be booked in between.
        if !self.passes_over && BLOCKER_READS.has(signal.word()) {
            self.settle(now);
            self.must_look = true;
        }
        let is_seen = self.must_look || self.passes_over;
        debug_assert!(
            is_seen || self.standing.still_holds(facts),
            "{signal:?} changed unseen what the blocker reads"
        );
        self.hear(now, signal, facts);
        if self.keep_events && self.is_measured(now) && !self.life.is_over(now) {
            let (signal, detail) = signal.words(self.clock);
            self.rows.event(&EventRow { device: self.device, at: now, signal, detail }, self.clock);
        }
    }

    /// No time passes between what is said in one instant, so one look at its end serves.
    fn all_said(&mut self, now: Time, facts: &Facts) {
        if std::mem::take(&mut self.must_look) {
            self.look(now, facts);
        }
    }
}
