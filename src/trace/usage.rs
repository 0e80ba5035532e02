//! The use of a phone from a CSV file: sessions row by row, or the events of an Android phone.

use super::align::Alignment;
use super::stamp::{Stamp, is_no_heading};
use super::table::{Table, rows, shorten};
use super::text::in_utf8;
use super::{Reading, TraceSession, UserColumns};
use crate::time::Span;
use std::collections::BTreeMap;

/// A session as the file has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Raw {
    on: Stamp,
    off: Stamp,
    unlocked: bool,
    client: Option<(Stamp, Stamp)>,
}

/// Reads sessions, one list per user in the order in which the file names them.
///
/// Columns are `on` (or `from`), `off` (or `until`), `unlocked` (or `unl`; true, false, yes, no, 1
/// or 0; true if there is no such column), and where known `client_from` and `client_until`, when
/// the mail client was in focus, and `user` or `device`. Without a header the first three columns are meant, in
/// this order. Equal rows are one session. A session that reaches into the next is cut there.
///
/// A file without a header whose rows are milliseconds, app and event code is read as the log of
/// Android's `UsageEvents`: screen on 15 and off 16, keyguard shown 17 and hidden 18, app resumed 1
/// and paused 2; an app with `mail` in its name is the mail client.
///
/// # Errors
/// With `label:line: what was found; what would be right` at the first row that cannot be read, and
/// if no session falls into the simulated span.
pub fn read_user(
    bytes: &[u8],
    columns: &UserColumns,
    reading: &Reading<'_>,
) -> Result<(Vec<Vec<TraceSession>>, Vec<String>), String> {
    let label = reading.label;
    let text = in_utf8(bytes, label)?;
    let mut table = Table::open(&text, reading)?;
    let is_event = |row: &csv::ByteRecord| {
        let code = row.get(2).and_then(|code| std::str::from_utf8(code).ok());
        let is_instant = std::str::from_utf8(&row[1]).is_ok_and(is_no_heading);
        !is_instant && code.is_some_and(|code| code.parse::<u8>().is_ok())
    };
    let mut notes = Vec::new();
    let mut users = match table.first().is_some_and(|row| row.len() > 2 && is_event(row)) {
        true => vec![events(&mut table)?],
        false => sessions(&mut table, columns, &mut notes)?,
    };

    let disorder = users
        .iter()
        .flat_map(|raws| raws.windows(2))
        .filter(|pair| pair[1].on.unix_ms < pair[0].on.unix_ms)
        .count();
    if disorder > 0 {
        notes.push(format!("{label}: sorted by time; {} came before the one above", rows(disorder as u64)));
    }
    let before: usize = users.iter().map(Vec::len).sum();
    for raws in &mut users {
        raws.sort();
        raws.dedup();
    }
    let after: usize = users.iter().map(Vec::len).sum();
    if after < before {
        notes.push(format!("{label}: dropped {} equal to another", rows((before - after) as u64)));
    }
    let on = || users.iter().flatten().map(|raw| raw.on);
    let Some((first, last)) = on().min().zip(on().max()) else {
        return Err(format!(
            "{label}:1: no session was found; one row a session is needed, as on,off,unlocked"
        ));
    };
    let mut alignment = Alignment::new(reading, [first, last]);
    let users: Vec<_> = users.iter().map(|raws| place(raws, &mut alignment)).collect();
    table.notes(&mut notes);
    alignment.notes(label, &mut notes);
    let cut: u64 = users.iter().map(|(_, cut)| cut).sum();
    if cut > 0 {
        notes.push(format!("{label}: cut {} that reached into the next", rows(cut)));
    }
    let users: Vec<_> = users.into_iter().map(|(sessions, _)| sessions).collect();
    if users.iter().all(Vec::is_empty) {
        return Err(format!(
            "{label}: no session falls into the simulated span; `align = \"week\"` moves them there"
        ));
    }
    Ok((users, notes))
}

/// Lays one user's sessions over the span and tells how many had to be cut.
fn place(raws: &[Raw], alignment: &mut Alignment<'_>) -> (Vec<TraceSession>, u64) {
    let length = |from: Stamp, until: Stamp| Span::from_ms((until.unix_ms - from.unix_ms).max(0) as u64);
    let mut sessions: Vec<TraceSession> = raws
        .iter()
        .filter_map(|raw| {
            let from = alignment.place(raw.on)?;
            let client =
                raw.client.map(|(opened, closed)| (from + length(raw.on, opened), length(opened, closed)));
            Some(TraceSession { from, until: from + length(raw.on, raw.off), unlocked: raw.unlocked, client })
        })
        .collect();
    sessions.sort_by_key(|session| (session.from, session.until));
    let mut cut = 0;
    for index in 1..sessions.len() {
        let next = sessions[index].from;
        let session = &mut sessions[index - 1];
        if session.until > next {
            session.until = next;
            session.client = session
                .client
                .filter(|(opened, _)| *opened <= next)
                .map(|(opened, length)| (opened, length.min(next - opened)));
            cut += 1;
        }
    }
    (sessions, cut)
}

fn sessions(
    table: &mut Table<'_>,
    columns: &UserColumns,
    notes: &mut Vec<String>,
) -> Result<Vec<Vec<Raw>>, String> {
    let on = table.column(&columns.on, &["on", "from"], Some(0))?;
    let off = table.column(&columns.off, &["off", "until"], Some(1))?;
    let unlocked = table.column(&columns.unlocked, &["unlocked", "unl"], Some(2))?;
    let client_from = table.column(&columns.client_from, &["client_from"], None)?;
    let client_until = table.column(&columns.client_until, &["client_until"], None)?;
    let user = table.column(&columns.device, &["user", "device"], None)?;
    if on.is_none() || off.is_none() {
        let right = "it needs the columns on and off, or `user.columns` that says which they are";
        return Err(table.fault(&format!("{}; {right}", table.says_header())));
    }
    table.settle_dates(&[on, off, client_from, client_until], "user.dates", notes)?;
    let mut names = BTreeMap::new();
    let mut users: Vec<Vec<Raw>> = Vec::new();
    while table.advance()? {
        let on = table.required(on, "time at which the screen went on")?;
        let off = table.required(off, "time at which the screen went off")?;
        if off.unix_ms < on.unix_ms {
            return Err(table
                .fault("the screen goes off before it goes on; the later time belongs in the column off"));
        }
        let unlocked = table.flag(unlocked)?.unwrap_or(true);
        let client = match (table.instant(client_from)?, table.instant(client_until)?) {
            (None, None) => None,
            (Some(from), Some(until))
                if unlocked
                    && on.unix_ms <= from.unix_ms
                    && from.unix_ms <= until.unix_ms
                    && until.unix_ms <= off.unix_ms =>
            {
                Some((from, until))
            }
            _ => {
                return Err(table.fault(
                    "the client is not in focus within an unlocked session; give both client_from and \
                     client_until, between on and off, or neither",
                ));
            }
        };
        let name = table.field(user)?.unwrap_or_default();
        let index = match names.get(name) {
            Some(index) => *index,
            None => {
                users.push(Vec::new());
                names.insert(name.to_string(), users.len() - 1);
                users.len() - 1
            }
        };
        users[index].push(Raw { on, off, unlocked, client });
    }
    Ok(users)
}

/// Folds the events of a phone into sessions.
fn events(table: &mut Table<'_>) -> Result<Vec<Raw>, String> {
    let mut raws: Vec<Raw> = Vec::new();
    let mut on: Option<Raw> = None;
    let mut keyguard = true;
    while table.advance()? {
        let at = table.required(Some(0), "time of the event")?;
        let app = table.field(Some(1))?.unwrap_or_default();
        let code = table.field(Some(2))?.unwrap_or_default();
        let code: u8 = code.parse().map_err(|_| {
            table.fault(&format!(
                "`{}` is not a code of Android's UsageEvents; write a number such as 15",
                shorten(code)
            ))
        })?;
        match code {
            // Of two in a row the later counts: how long the earlier lasted is not known.
            15 => on = Some(Raw { on: at, off: at, unlocked: !keyguard, client: None }),
            16 => raws.extend(
                on.take().filter(|raw| raw.on.unix_ms <= at.unix_ms).map(|raw| Raw { off: at, ..raw }),
            ),
            17 => keyguard = true,
            18 => {
                keyguard = false;
                if let Some(raw) = &mut on {
                    raw.unlocked = true;
                }
            }
            1 | 2 if app.to_lowercase().contains("mail") => {
                if let Some(raw) = on.as_mut().filter(|raw| raw.unlocked && raw.on.unix_ms <= at.unix_ms) {
                    let opened = raw.client.map_or(at, |(opened, _)| opened);
                    raw.client = (opened.unix_ms <= at.unix_ms).then_some((opened, at));
                }
            }
            _ => {}
        }
    }
    for raw in &mut raws {
        raw.client = raw.client.filter(|(_, closed)| closed.unix_ms <= raw.off.unix_ms);
    }
    Ok(raws)
}
