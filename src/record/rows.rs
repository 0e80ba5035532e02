//! The rows of the CSV files. They are written by hand into byte buffers, because one row through
//! a general writer costs more than the mail it tells of costs to simulate; no cell can hold a
//! comma, a quote or a line break, and a test reads every file back with the `csv` crate.

use super::tally::Outcome;
use crate::client::Cause;
use crate::clock::{Clock, write_utc};
use crate::signal::{Check, CheckResult, KeyFailure, KeySource, Lock, Notice, Signal, Trigger};
use crate::time::{Span, Time};

/// A CSV file of the record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    /// One row per mail.
    Mail,
    /// One row per check.
    Checks,
    /// One row per notification.
    Notifications,
    /// One row per key failure.
    KeyFailures,
    /// Every signal of chosen devices.
    Events,
}

/// The files and their headers. Columns are only ever appended.
pub const FILES: [(Table, &str, &str); 5] = [
    (
        Table::Mail,
        "mail.csv",
        "device,mail,arrived,outcome,told,latency_ms,notified_by,\
         checking_ms,no_network_ms,refresh_off_ms,force_quit_ms,unused_app_ms,low_power_ms,\
         before_first_unlock_ms,keychain_locked_ms,needs_app_flip_ms,key_not_stored_ms,\
         authorization_expired_ms,budget_ms,not_scheduled_ms,in_working_hours\n",
    ),
    (
        Table::Checks,
        "checks.csv",
        "device,time,trigger,process,lock,key,result,new_mails,duration_ms\n",
    ),
    (Table::Notifications, "notifications.csv", "device,time,mails,first_mail\n"),
    (Table::KeyFailures, "key_failures.csv", "device,time,reason,process,lock,result\n"),
    (Table::Events, "events.csv", "device,time,signal,detail\n"),
];

/// One mail, as its row tells it.
#[derive(Clone, Copy, Debug)]
pub struct MailRow {
    /// Number among the device's measured mail.
    pub mail: u32,
    /// When it arrived.
    pub arrived: Time,
    /// What became of it.
    pub outcome: Outcome,
    /// When the user learnt of it, or a check found it and kept quiet.
    pub told: Option<Time>,
    /// What told the user; `None` where the client was open anyway.
    pub by: Option<Trigger>,
    /// Waiting by cause in milliseconds; unused for `quiet`.
    pub causes_ms: [u64; Cause::ALL.len()],
    /// Whether it arrived inside working hours.
    pub in_hours: bool,
}

/// One check, as its row tells it.
#[derive(Clone, Copy, Debug)]
pub struct CheckRow {
    /// When it began.
    pub at: Time,
    /// How it began.
    pub check: Check,
    /// Lock state when it began.
    pub lock: Lock,
    /// How it ended.
    pub result: CheckResult,
    /// How long it took.
    pub duration: Span,
}

/// Rows of some devices, one buffer per file.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The text of each file, in the order of [`FILES`].
    pub text: [Vec<u8>; FILES.len()],
}

impl Rows {
    /// Adds the row of a mail.
    pub fn mail(&mut self, device: u32, row: &MailRow, clock: &Clock) {
        let mut line = Line::new(&mut self.text[Table::Mail as usize]);
        line.number(u64::from(device)).number(u64::from(row.mail));
        line.instant(row.arrived, clock).word(row.outcome.name());
        match (row.outcome, row.told) {
            (Outcome::Undelivered, _) | (_, None) => line.empty().empty().empty(),
            (Outcome::Quiet, Some(told)) => line.instant(told, clock).empty().empty(),
            (Outcome::Notified | Outcome::OnOpen, Some(told)) => line
                .instant(told, clock)
                .number((told - row.arrived).ms())
                .word(row.by.map_or("client_open", Trigger::name)),
        };
        for cause_ms in row.causes_ms {
            if row.outcome == Outcome::Quiet { line.empty() } else { line.number(cause_ms) };
        }
        line.word(if row.in_hours { "true" } else { "false" });
    }

    /// Adds the row of a check, and that of its key failure.
    pub fn check(&mut self, device: u32, row: &CheckRow, clock: &Clock) {
        let process = if row.check.launched { "launched" } else { "resumed" };
        let new_mails = if let CheckResult::NewMail(mails) = row.result { mails } else { 0 };
        Line::new(&mut self.text[Table::Checks as usize])
            .number(u64::from(device))
            .instant(row.at, clock)
            .word(row.check.trigger.name())
            .word(process)
            .word(row.lock.name())
            .word(row.check.key.map_or_else(KeyFailure::name, KeySource::name))
            .word(row.result.name())
            .number(u64::from(new_mails))
            .number(row.duration.ms());
        if let Err(reason) = row.check.key {
            Line::new(&mut self.text[Table::KeyFailures as usize])
                .number(u64::from(device))
                .instant(row.at, clock)
                .word(reason.name())
                .word(process)
                .word(row.lock.name())
                .word(row.result.name());
        }
    }

    /// Adds the row of a notification; `measured_from` is the first mail of the measured span.
    pub fn notification(&mut self, device: u32, at: Time, notice: Notice, measured_from: Option<u32>, clock: &Clock) {
        let mut line = Line::new(&mut self.text[Table::Notifications as usize]);
        line.number(u64::from(device)).instant(at, clock).number(u64::from(notice.mails));
        match measured_from.and_then(|from| notice.first.checked_sub(from)) {
            Some(first) => line.number(u64::from(first)),
            None => line.empty(),
        };
    }

    /// Adds the row of a signal.
    pub fn event(&mut self, device: u32, at: Time, signal: Signal, clock: &Clock) {
        let (name, detail) = signal.words(clock);
        let mut line = Line::new(&mut self.text[Table::Events as usize]);
        line.number(u64::from(device)).instant(at, clock).word(name).word(&detail);
    }
}

/// A row under construction: cells are separated as they come, and the end closes it.
struct Line<'a> {
    text: &'a mut Vec<u8>,
    begun: bool,
}

impl<'a> Line<'a> {
    fn new(text: &'a mut Vec<u8>) -> Line<'a> {
        Line { text, begun: false }
    }

    fn empty(&mut self) -> &mut Self {
        if self.begun {
            self.text.push(b',');
        }
        self.begun = true;
        self
    }

    fn word(&mut self, word: &str) -> &mut Self {
        self.empty().text.extend_from_slice(word.as_bytes());
        self
    }

    fn instant(&mut self, time: Time, clock: &Clock) -> &mut Self {
        write_utc(clock.unix_ms(time), self.empty().text);
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        let text = &mut self.empty().text;
        if number < 10 {
            text.push(b'0' + number as u8);
            return self;
        }
        let mut digits = [0; 20];
        let (mut place, mut rest) = (digits.len(), number);
        while rest > 0 {
            place -= 1;
            digits[place] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        text.extend_from_slice(&digits[place..]);
        self
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.text.push(b'\n');
    }
}
