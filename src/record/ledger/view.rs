//! What can be asked of the ledger of a device.

use super::Ledger;
use crate::analysis::survival::KaplanMeier;
use crate::client::DelayCause;
use crate::policy::Policy;
use crate::record::course::{Course, WITHIN};
use crate::record::products::InTime;
use crate::record::rows::{DeviceRow, MailRow};
use crate::record::tally::{Counts, Own, Within};
use crate::time::Time;
use crate::units::Bytes;
use std::hash::Hasher;

impl Ledger<'_> {
    /// Adds the row of the device whose books are closed: whose phone it is, and how it fared.
    pub fn device_row(&mut self, persona: &'static str, ram: Bytes, time_zone: &str) {
        let counts = self.counts();
        let of = |row: &MailRow| (row.wait(), row.told.is_some());
        let waits = self.mail_rows.iter().filter(|row| row.in_hours).map(of).collect();
        let (device, policy, waits) = (self.device, &self.published, KaplanMeier::from_mail(waits));
        let row = DeviceRow {
            device,
            persona,
            ram,
            time_zone,
            policy,
            counts,
            waits,
            adopted: self.life.adopted(),
        };
        self.rows.device(&row, &self.group, self.clock);
    }

    /// What the device whose books are closed has counted.
    pub fn counts(&self) -> Counts {
        let mut counts = self.tally.counts.clone();
        counts -= &self.before;
        counts
    }

    /// What the device whose books are closed comes to, where its mails are kept.
    pub fn own(&self) -> Own {
        Own { counts: self.counts(), within: self.told_within(), in_time: self.in_time() }
    }

    /// Its mail of which it is known whether it was told in time, and how much of it was.
    pub(super) fn in_time(&self) -> InTime {
        let now = self.tally.course.sums(Course::measured(self.measured.from));
        [0, 1].map(|which| now[which] - self.before_in_time[which])
    }

    /// How many of its mails inside working hours it was told of within each time, where its mails are kept.
    fn told_within(&self) -> Within {
        let in_hours = || self.mail_rows.iter().filter(|row| row.in_hours && row.told.is_some());
        WITHIN.map(|within| in_hours().filter(|row| row.wait() <= within).count() as u64)
    }

    /// The hash over everything this device did.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint.finish()
    }

    /// What a mail waits for now that no running check sees.
    pub fn cause(&self) -> DelayCause {
        self.standing.cause
    }

    /// What the mail that has waited longest waits for now, be it its push; nothing where none waits.
    pub fn cause_of_waiting(&self) -> Option<DelayCause> {
        let oldest = self.waiting.first()?;
        Some(oldest.push.map_or(self.standing.cause, |phase| phase.cause))
    }

    /// The same, of mail that is held back too: it is older than what no check has found.
    pub fn cause_of_oldest(&self) -> Option<DelayCause> {
        if self.held.is_empty() { self.cause_of_waiting() } else { Some(DelayCause::OF_HELD) }
    }

    /// What people have decided by now, whether it has reached the device or not.
    pub fn published(&self) -> &Policy {
        &self.published
    }

    /// How much mail was found and is held back.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// The measured mails of the device whose end is known, where they are kept: in the order in which they
    /// were told, and in order of arrival once the books are closed.
    pub fn mails(&self) -> &[MailRow] {
        &self.mail_rows
    }

    /// The mail that is held back since an instant.
    pub fn held_at(&self, at: Time) -> impl Iterator<Item = u32> + '_ {
        self.held.iter().filter(move |held| held.held_back == Some(at)).filter_map(|held| held.mail)
    }
}
