//! What push does to the books: a phase of a mail's wait before the common one, mail that is told without a check,
//! and the moment in which its user first learns that something came.

use super::Ledger;
use crate::client::DelayCause;
use crate::record::rows::{NotificationRow, Said};
use crate::record::tally::Outcome;
use crate::record::waiting::{PushPhase, Waiting};
use crate::signal::{Notice, Push, PushStage, ToldBy};
use crate::time::Time;

impl Ledger<'_> {
    /// The push of a mail is in another stage.
    pub(super) fn push_stage(&mut self, now: Time, Push { mail: number, stage }: Push) {
        self.settle(now);
        self.heard_of_pushes = true;
        let why = self.failed.take();
        if self.is_measured(now) {
            self.count(now, |counts| counts.pushes[stage as usize] += 1);
        }
        if matches!(stage, PushStage::Signalled | PushStage::Late) {
            let said = if stage == PushStage::Late { Said::Late } else { Said::Generic };
            self.notify(now, Notice { first: number, mails: 1, by: ToldBy::ServerText }, said, why);
        }
        let Ok(place) = self.waiting.binary_search_by_key(&number, |waiting| waiting.number) else { return };
        let outside = !self.is_in_hours(now);
        let mail = &mut self.waiting[place];
        match DelayCause::of_push(stage) {
            Some(cause) => mail.enter_push(PushPhase { cause, since: now }, &self.totals),
            None => mail.enter_common_after_push(now, &self.totals),
        }
        if stage == PushStage::Signalled && mail.signalled.is_none() {
            (mail.signalled, mail.signalled_outside) = (Some(now), outside);
        }
    }

    /// A push, or the system's own client, tells of mail that no check has found.
    pub(super) fn told_without_check(&mut self, now: Time, notice: Notice) {
        self.settle(now);
        let told = Some((now, notice.by));
        if notice.by == ToldBy::SystemMail {
            if let Some(running) = &mut self.running {
                running.sees = 0;
            }
            let mut waiting = std::mem::take(&mut self.waiting);
            for mut mail in waiting.drain(..) {
                mail.end_phase(now, &self.totals);
                self.book(mail, Outcome::Notified, told);
            }
            self.waiting = waiting;
        } else if let Ok(place) = self.waiting.binary_search_by_key(&notice.first, |waiting| waiting.number) {
            let mut mail = self.waiting.remove(place);
            if let Some(running) = &mut self.running {
                running.sees -= usize::from(place < running.sees);
            }
            mail.end_phase(now, &self.totals);
            self.book(mail, Outcome::Notified, told);
        }
        self.notify(now, notice, Said::Content, None);
    }

    /// Counts a notification, whatever it says.
    pub(super) fn notify(
        &mut self,
        now: Time,
        notice: Notice,
        said: Said,
        failure: Option<crate::signal::ExtensionFailure>,
    ) {
        if !self.is_measured(now) {
            return;
        }
        self.count(now, |counts| {
            counts.notifications += 1;
            if let Some(why) = failure {
                counts.extension_failures[why as usize] += 1;
            }
        });
        if self.keep_rows {
            let first_mail = self.measured_from.and_then(|from| notice.first.checked_sub(from));
            let row = NotificationRow {
                device: self.device,
                at: now,
                mails: notice.mails,
                first_mail,
                said,
                failure,
            };
            self.rows.notification(&row, &self.group, self.clock);
        }
    }

    /// Keeps how things stand with the push of each mail that the check sees, as it begins.
    pub(super) fn keep_pushes(&mut self) {
        if self.heard_of_pushes {
            self.waiting.iter_mut().for_each(Waiting::keep_push);
        }
    }
}
