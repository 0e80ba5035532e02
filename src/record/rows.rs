//! The rows of the CSV files. They are written by hand into byte buffers, because one row through
//! a general writer costs more than the mail it tells of costs to simulate; no cell can hold a
//! comma, a quote or a line break, and a test reads every file back with the `csv` crate.
//!
//! A column is declared once, with its heading and what its cell holds: headers and rows are written from
//! the same list and cannot disagree, and neither can those who write the same rows in another form.

use super::cell::{Cell, Column};
use super::course::IN_TIME;
use super::tally::{Counts, Outcome};
use crate::analysis::survival::KaplanMeier;
use crate::client::DelayCause;
use crate::clock::Clock;
use crate::policy::Policy;
use crate::signal::{
    Check, CheckResult, Ended, ExtensionFailure, KeyFailure, KeySource, Lock, ResultKind, ToldBy,
};
use crate::time::{Span, Time};
use crate::units::Bytes;
use std::fmt::Display;
use strum::{VariantArray, VariantNames};

crate::named!(RecordFile, Said);

/// A CSV file of the record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case", suffix = ".csv")]
pub enum RecordFile {
    /// One row per device.
    Devices,
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

impl RecordFile {
    /// Its columns, in order.
    pub fn columns(self) -> Vec<Column> {
        let mut columns = Vec::new();
        match self {
            RecordFile::Devices => device(&mut columns),
            RecordFile::Mail => mail(&mut columns),
            RecordFile::Checks => check(&mut columns),
            RecordFile::Notifications => notification(&mut columns),
            RecordFile::KeyFailures => key_failure(&mut columns),
            RecordFile::Events => event(&mut columns),
        }
        columns
    }

    /// The first line of the file.
    pub fn header(self) -> String {
        let headings: Vec<String> = self.columns().into_iter().map(|column| column.heading).collect();
        headings.join(",") + "\n"
    }
}

/// One device, as its row tells it.
#[derive(Clone, Debug)]
pub struct DeviceRow<'a> {
    /// Which one.
    pub device: u32,
    /// Who holds it.
    pub persona: &'static str,
    /// Its memory.
    pub ram: Bytes,
    /// The IANA name of its time zone.
    pub time_zone: &'a str,
    /// What people have decided for it.
    pub policy: &'a Policy,
    /// What was counted of it.
    pub counts: Counts,
    /// How long its mail waited, of mail inside working hours.
    pub waits: KaplanMeier,
    /// Changes that were published for it, and those that had their effect.
    pub adopted: [u64; 2],
}

fn device<'a>(to: &mut impl Columns<&'a DeviceRow<'a>>) {
    to.column("device", |row| row.device);
    to.group();
    to.column("persona", |row| row.persona);
    to.column("ram_bytes", |row| row.ram.get());
    to.column("passcode", |row| row.policy.passcode.name());
    to.column("key_access", |row| row.policy.key_access.name());
    to.column("time_zone", |row| row.time_zone);
    to.column("mails", |row| row.counts.arrived);
    to.column("told_within_15m", |row| row.waits.told_within(IN_TIME));
    to.column("latency_p50_ms", |row| row.waits.percentile(0.5));
    for result in ResultKind::ALL {
        to.column(format_args!("checks_{}", result.name()), |row| {
            row.counts.checks.iter().map(|by| by[result as usize]).sum::<u64>()
        });
    }
    to.column("key_failures", |row| row.counts.key_failures.iter().sum::<u64>());
    to.column("openings", |row| row.counts.openings);
    for why in Ended::ALL.into_iter().filter(|why| why.is_termination()) {
        to.column(format_args!("terminations_{}", why.name()), |row| row.counts.terminations[why as usize]);
    }
    to.column("changes_published", |row| row.adopted[0]);
    to.column("changes_adopted", |row| row.adopted[1]);
}

/// One mail, as its row tells it.
#[derive(Clone, Copy, Debug)]
pub struct MailRow {
    /// Whose it is.
    pub device: u32,
    /// Number among the device's measured mail.
    pub mail: u32,
    /// When it arrived.
    pub arrived: Time,
    /// What became of it.
    pub outcome: Outcome,
    /// When the user learnt of it.
    pub told: Option<Time>,
    /// What told the user.
    pub by: Option<ToldBy>,
    /// When the user first learnt that something came, without content.
    pub signalled: Option<Time>,
    /// When a check found it outside working hours and held it back.
    pub held_back: Option<Time>,
    /// Waiting by cause in milliseconds, to the horizon if need be.
    pub causes_ms: [u64; DelayCause::ALL.len()],
    /// Whether it arrived inside working hours.
    pub in_hours: bool,
}

impl MailRow {
    /// How long it waited, to the horizon if need be.
    pub fn wait(&self) -> Span {
        Span::from_ms(self.causes_ms.iter().sum())
    }
}

fn mail<'a>(to: &mut impl Columns<&'a MailRow>) {
    to.column("device", |row| row.device);
    to.group();
    to.column("mail", |row| row.mail);
    to.column("arrived", |row| row.arrived);
    to.column("outcome", |row| row.outcome.name());
    to.column("told", |row| row.told);
    to.column("latency_ms", |row| row.told.map(|told| told - row.arrived));
    to.column("notified_by", |row| row.by.map(ToldBy::name));
    to.column("signalled", |row| row.signalled);
    to.column("held_back", |row| row.held_back);
    for cause in DelayCause::ALL {
        to.column(format_args!("{}_ms", cause.name()), |row| row.causes_ms[cause as usize]);
    }
    to.column("in_working_hours", |row| row.in_hours);
}

/// One check, as its row tells it, and that of its key failure.
#[derive(Clone, Copy, Debug)]
pub struct CheckRow {
    /// Whose it is.
    pub device: u32,
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

impl CheckRow {
    fn process(&self) -> &'static str {
        if self.check.launched { "launched" } else { "resumed" }
    }

    fn new_mails(&self) -> u32 {
        if let CheckResult::NewMail(mails) = self.result { mails } else { 0 }
    }
}

fn check<'a>(to: &mut impl Columns<&'a CheckRow>) {
    to.column("device", |row| row.device);
    to.group();
    to.column("time", |row| row.at);
    to.column("trigger", |row| row.check.trigger.name());
    to.column("process", CheckRow::process);
    to.column("lock", |row| row.lock.name());
    to.column("key", |row| row.check.key.map_or_else(KeyFailure::name, KeySource::name));
    to.column("result", |row| row.result.name());
    to.column("new_mails", CheckRow::new_mails);
    to.column("duration_ms", |row| row.duration);
}

fn key_failure<'a>(to: &mut impl Columns<&'a CheckRow>) {
    to.column("device", |row| row.device);
    to.group();
    to.column("time", |row| row.at);
    to.column("reason", |row| row.check.key.err().map(KeyFailure::name));
    to.column("process", CheckRow::process);
    to.column("lock", |row| row.lock.name());
    to.column("result", |row| row.result.name());
}

/// One notification, as its row tells it.
#[derive(Clone, Copy, Debug)]
pub struct NotificationRow {
    /// Whose it is.
    pub device: u32,
    /// When it was posted.
    pub at: Time,
    /// How many mails it covers.
    pub mails: u32,
    /// The first of them, unless that is mail of the warm-up.
    pub first_mail: Option<u32>,
    /// What it says.
    pub said: Said,
    /// Why an extension did not make more of it.
    pub failure: Option<ExtensionFailure>,
}

/// What a notification says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Said {
    /// What came.
    Content,
    /// That something came.
    Generic,
    /// What its user knows already.
    Late,
}

fn notification<'a>(to: &mut impl Columns<&'a NotificationRow>) {
    to.column("device", |row| row.device);
    to.group();
    to.column("time", |row| row.at);
    to.column("mails", |row| row.mails);
    to.column("first_mail", |row| row.first_mail);
    to.column("says", |row| row.said.name());
    to.column("extension_failure", |row| row.failure.map(ExtensionFailure::name));
}

/// One signal, as its row tells it.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// Whose it is.
    pub device: u32,
    /// When it was said.
    pub at: Time,
    /// Its name.
    pub signal: &'static str,
    /// What it carries.
    pub detail: String,
}

fn event<'a>(to: &mut impl Columns<&'a EventRow>) {
    to.column("device", |row| row.device);
    to.column("time", |row| row.at);
    to.column("signal", |row| row.signal);
    to.column("detail", |row| row.detail.as_str());
}

/// Rows of some devices, one buffer per file.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The text of each file, in the order of [`RecordFile::ALL`].
    pub text: [Vec<u8>; RecordFile::ALL.len()],
}

impl Rows {
    /// Adds the row of a device.
    pub fn device(&mut self, row: &DeviceRow<'_>, group: &str, clock: &Clock) {
        self.row(RecordFile::Devices, row, group, clock, device);
    }

    /// Adds the row of a mail.
    pub fn mail(&mut self, row: &MailRow, group: &str, clock: &Clock) {
        self.row(RecordFile::Mail, row, group, clock, mail);
    }

    /// Adds the row of a check, and that of its key failure.
    pub fn check(&mut self, row: &CheckRow, group: &str, clock: &Clock) {
        self.row(RecordFile::Checks, row, group, clock, check);
        if row.check.key.is_err() {
            self.row(RecordFile::KeyFailures, row, group, clock, key_failure);
        }
    }

    /// Adds the row of a notification.
    pub fn notification(&mut self, row: &NotificationRow, group: &str, clock: &Clock) {
        self.row(RecordFile::Notifications, row, group, clock, notification);
    }

    /// Adds the row of a signal.
    pub fn event(&mut self, row: &EventRow, clock: &Clock) {
        self.row(RecordFile::Events, row, "", clock, event);
    }

    fn row<'a, R>(
        &'a mut self,
        table: RecordFile,
        row: &'a R,
        group: &'a str,
        clock: &'a Clock,
        columns: impl Fn(&mut Cells<'a, R>),
    ) {
        let mut cells = Cells { row, group, clock, text: &mut self.text[table as usize] };
        columns(&mut cells);
        // The last cell is closed by the end of the line.
        if let Some(end) = cells.text.last_mut() {
            *end = b'\n';
        }
    }
}

/// Takes the columns of a file in order.
trait Columns<R> {
    /// A column: its heading and what its cell holds.
    fn column<C: Cell>(&mut self, heading: impl Display, cell: impl Fn(R) -> C);
    /// The column of the group, which no row has to carry.
    fn group(&mut self);
}

impl<R> Columns<R> for Vec<Column> {
    fn column<C: Cell>(&mut self, heading: impl Display, _: impl Fn(R) -> C) {
        self.push(Column { heading: heading.to_string(), kind: C::KIND, is_required: C::IS_REQUIRED });
    }

    fn group(&mut self) {
        Columns::<R>::column(self, "group", |_| "");
    }
}

/// Writes the cells of a row, each with the comma that ends it.
struct Cells<'a, R> {
    row: &'a R,
    group: &'a str,
    clock: &'a Clock,
    text: &'a mut Vec<u8>,
}

impl<'a, R> Columns<&'a R> for Cells<'a, R> {
    #[inline(always)]
    fn column<C: Cell>(&mut self, _: impl Display, cell: impl Fn(&'a R) -> C) {
        cell(self.row).write(self.text, self.clock);
        self.text.push(b',');
    }

    fn group(&mut self) {
        self.group.write(self.text, self.clock);
        self.text.push(b',');
    }
}
