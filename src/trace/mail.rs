//! Arrivals of mail from a CSV file.

use super::Align;
use super::table::{Alignment, Stamp, Table, rows};
use crate::clock::Clock;
use crate::time::Time;
use std::collections::BTreeMap;

/// Reads arrival times, one list per mailbox in the order in which the file names them.
///
/// The times stand in the column `arrived`, `time` or `timestamp`, else in the first column. A
/// column `mailbox` holds any name; without it all mail is of one mailbox. The header row may be
/// left out. Two equal rows are two mails, since a burst may share a second; a note counts them.
///
/// # Errors
/// With `label:line: what was found; what would be right` at the first row that cannot be read, and
/// if no row falls into the simulated span.
pub fn read_mail(
    bytes: &[u8],
    label: &str,
    align: Align,
    clock: &Clock,
    end: Time,
) -> Result<(Vec<Vec<Time>>, Vec<String>), String> {
    let mut table = Table::open(bytes, label)?;
    let arrived = table.column(&["arrived", "time", "timestamp"], Some(0)).or(Some(0));
    let mailbox = table.column(&["mailbox"], None);
    let mut names = BTreeMap::new();
    let mut mails: Vec<(Stamp, usize)> = Vec::new();
    while table.advance()? {
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

    let mut notes = Vec::new();
    let disorder = mails.windows(2).filter(|pair| pair[1].0.unix_ms < pair[0].0.unix_ms).count() as u64;
    if disorder > 0 {
        notes.push(format!("{label}: sorted by time; {} came before the one above", rows(disorder)));
    }
    mails.sort();
    let equal = mails.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
    if equal > 0 {
        notes.push(format!("{label}: {} equal to another, kept as mails of their own", rows(equal)));
    }
    let Some(&(first, _)) = mails.first() else {
        return Err(format!("{label}:1: there is no row under the header; one row a mail is needed"));
    };
    let mut alignment = Alignment::new(align, first, clock, end);
    let mut mailboxes = vec![Vec::new(); names.len()];
    for (stamp, index) in mails {
        mailboxes[index].extend(alignment.place(stamp));
    }
    // Rows with different offsets may change places where the clock does.
    mailboxes.iter_mut().for_each(|times| times.sort());
    alignment.notes(label, &mut notes);
    if mailboxes.iter().all(Vec::is_empty) {
        return Err(format!(
            "{label}: no row falls into the simulated span; `align = \"week\"` moves them there"
        ));
    }
    Ok((mailboxes, notes))
}
