//! How a check is booked, and what it tells of.

use super::Ledger;
use crate::record::rows::{CheckRow, Said};
use crate::record::tally::Outcome;
use crate::record::waiting::{Fate, Running};
use crate::signal::{Check, CheckResult, Facts, Notice, ToldBy};
use crate::time::Time;

impl Ledger<'_> {
    pub(super) fn check_started(&mut self, now: Time, check: Check, facts: &Facts) {
        self.settle(now);
        let sees = self.waiting.len();
        debug_assert_eq!(sees, facts.seen as usize);
        let (lock, totals) = (facts.lock, self.totals);
        self.running = Some(Running { at: now, check, lock, sees, totals, fate: Fate::Seen });
        self.keep_pushes();
    }

    /// What a notification or its holding back means for the mail that it covers.
    pub(super) fn noticed(&mut self, now: Time, notice: Notice, fate: Fate) {
        match (notice.by, &mut self.running) {
            (ToldBy::HoursBegin, _) | (_, None) => self.release(now, Some((Outcome::Notified, notice.by))),
            (_, Some(running)) => running.fate = fate,
        }
    }

    pub(super) fn notified(&mut self, now: Time, notice: Notice) {
        match notice.by {
            ToldBy::ServerText | ToldBy::Extension | ToldBy::SystemMail => {
                self.told_without_check(now, notice)
            }
            _ => {
                self.noticed(now, notice, Fate::Notified);
                self.notify(now, notice, Said::Content, None);
            }
        }
    }

    /// Books a check: one that began before the measured span, or is running at its end, is in no count.
    pub(super) fn check_ended(&mut self, now: Time, result: CheckResult) {
        let Some(running) = self.running.take() else { return };
        if let CheckResult::NewMail(_) = result {
            self.find(now, &running);
        }
        let Running { at, check, lock, .. } = running;
        if !self.is_measured(at) {
            return;
        }
        let in_background = check.trigger.is_in_background();
        self.count(at, |counts| {
            counts.checks[check.trigger as usize][result.kind() as usize] += 1;
            if in_background {
                counts.background_checks += 1;
                counts.background_launches += u64::from(check.launched);
            }
            if let Err(reason) = check.key {
                counts.key_failures[reason as usize] += 1;
            }
        });
        if let (Some(week), true) = (&mut self.week, in_background) {
            week.check(self.device, &self.own_clock, at, result.kind());
        }
        if self.keep_rows {
            let row = CheckRow { device: self.device, at, check, lock, result, duration: now - at };
            self.rows.check(&row, &self.group, self.clock);
        }
    }
}
