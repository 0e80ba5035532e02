//! Arrivals of mail from a CSV file.

use super::align::Alignment;
use super::stamp::Stamp;
use super::table::{Table, rows};
use super::text::in_utf8;
use super::{MailColumns, Reading};
use crate::time::Time;
use std::collections::BTreeMap;

/// The columns by which a message trace of Exchange is known, as Get-MessageTraceV2 has them; its times are of UTC
/// (learn.microsoft.com, Get-MessageTraceV2).
const MESSAGE_TRACE: [&str; 3] = ["Received", "RecipientAddress", "Status"];

/// Reads arrival times, one list per mailbox in the order in which the file names them.
///
/// The times stand in the column `arrived`, `time` or `timestamp`, else in the first column. A
/// column `mailbox` or `device` holds any name; without it all mail is of one mailbox. The header row may be
/// left out. Two equal rows are two mails, since a burst may share a second; a note counts them.
///
/// A message trace of Exchange is read as it is exported: `Received` in UTC, a mailbox for each
/// `RecipientAddress`, and of it what was delivered.
///
/// # Errors
/// With `label:line: what was found; what would be right` at the first row that cannot be read, and
/// if no row falls into the simulated span.
pub fn read_mail(
    bytes: &[u8],
    columns: &MailColumns,
    reading: &Reading<'_>,
) -> Result<(Vec<Vec<Time>>, Vec<String>), String> {
    let label = reading.label;
    let text = in_utf8(bytes, label)?;
    let mut table = Table::open(&text, reading)?;
    let is_trace = MESSAGE_TRACE.iter().all(|name| table.named(name).is_some());
    let [received, recipient, status] = MESSAGE_TRACE;
    let arrived = table.column(&columns.arrived, &["arrived", "time", "timestamp", received], Some(0))?;
    let arrived = arrived.or(Some(0));
    let mailbox = table.column(&columns.device, &["mailbox", "device", recipient], None)?;
    let status = table.named(status).filter(|_| is_trace);
    if is_trace {
        table.take_for_utc();
    }
    let mut notes = Vec::new();
    table.settle_dates(&[arrived], "mail.dates", &mut notes)?;
    let mut names = BTreeMap::new();
    let mut mails: Vec<(Stamp, usize)> = Vec::new();
    let mut undelivered: BTreeMap<String, u64> = BTreeMap::new();
    while table.advance()? {
        let became = table.field(status)?.unwrap_or("Delivered");
        if !became.eq_ignore_ascii_case("Delivered") {
            *undelivered.entry(became.into()).or_default() += 1;
            continue;
        }
        let stamp = table.required(arrived, "arrival time")?;
        let name = table.field(mailbox)?.unwrap_or_default();
        let index = match names.get(name) {
            Some(index) => *index,
            None => {
                let index = names.len();
                names.insert(name.to_string(), index);
                index
            }
        };
        mails.push((stamp, index));
    }
    if is_trace {
        let became = undelivered.iter().map(|(status, count)| format!("{status} {count}"));
        let became: Vec<String> = became.collect();
        let others = match became.as_slice() {
            [] => String::new(),
            became => format!("; what was not delivered does not count ({})", became.join(", ")),
        };
        let (mails, mailboxes) = (mails.len(), names.len());
        notes.push(format!(
            "{label}: read as a message trace of Exchange, in UTC: {mails} mails to {mailboxes} mailboxes{others}"
        ));
    }

    let disorder = mails.windows(2).filter(|pair| pair[1].0.unix_ms < pair[0].0.unix_ms).count() as u64;
    if disorder > 0 {
        notes.push(format!("{label}: sorted by time; {} came before the one above", rows(disorder)));
    }
    mails.sort();
    let equal = mails.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
    if equal > 0 {
        notes.push(format!("{label}: {} equal to another, kept as mails of their own", rows(equal)));
    }
    let Some((&(first, _), &(last, _))) = mails.first().zip(mails.last()) else {
        let of_those = if is_trace { " of a mail that was delivered" } else { "" };
        return Err(format!(
            "{label}:1: there is no row{of_those} under the header; one row a mail is needed"
        ));
    };
    let mut alignment = Alignment::new(reading, [first, last]);
    let mut mailboxes = vec![Vec::new(); names.len()];
    for (stamp, index) in mails {
        mailboxes[index].extend(alignment.place(stamp));
    }
    // Rows with different offsets may change places where the clock does.
    mailboxes.iter_mut().for_each(|times| times.sort());
    table.notes(&mut notes);
    alignment.notes(label, &mut notes);
    if mailboxes.iter().all(Vec::is_empty) {
        return Err(format!(
            "{label}: no row falls into the simulated span; `align = \"week\"` moves them there"
        ));
    }
    Ok((mailboxes, notes))
}
