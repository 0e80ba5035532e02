//! How the books of a device end: at the horizon, or where it is retired.

use super::Ledger;
use crate::policy::Policy;
use crate::record::tally::{Counts, Outcome};
use crate::record::waiting::Waiting;
use crate::signal::Facts;
use crate::slice::Window;
use crate::time::Time;
use std::hash::Hasher;

impl Ledger<'_> {
    /// Closes the books at the horizon.
    pub fn close(&mut self, facts: &Facts, events: u64) {
        self.settle(self.measured.until);
        self.give_up(self.measured.until);
        self.life.close(self.measured.from, self.measured.until, &mut self.tally);
        let not_lived = Window {
            from: self.life.end(self.measured.until).max(self.measured.from),
            until: self.measured.until,
        };
        self.slices.during(not_lived, |counts, ms| counts.not_lived_ms += ms);
        self.price(&facts.policy);
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
        let mail = self.tally.waits.mail() - self.before_mail;
        self.tally.carry(&self.before, mail);
        let in_time = self.in_time();
        self.tally.alike.add(in_time, in_time);
    }

    /// What its delivery costs beside energy, whatever of the time is asked about.
    fn price(&mut self, policy: &Policy) {
        let leaves = policy.product.is_some_and(|product| product.facts().key_leaves_device);
        let add = |counts: &mut Counts| {
            counts.server_reads += u64::from(policy.delivery.server_reads_mail());
            counts.key_leaves += u64::from(leaves);
        };
        add(&mut self.tally.counts);
        self.slices.during(self.measured, |counts, _| add(counts));
    }

    /// What waits now is not told any more, as far as anybody looks.
    fn give_up(&mut self, now: Time) {
        let mut waiting = std::mem::take(&mut self.waiting);
        for mut mail in waiting.drain(..).filter(Waiting::is_measured) {
            mail.end_phase(now, &self.totals);
            self.book(mail, Outcome::Undelivered, None);
        }
        self.waiting = waiting;
        self.release(now, None);
    }

    /// Its measured life ends here; what of the key is in reach counts on until the device is wiped.
    pub(super) fn retire(&mut self, now: Time) {
        self.settle(now);
        self.life.retire(now);
        self.give_up(now);
        self.running = None;
    }
}
