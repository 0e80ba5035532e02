//! The network of a phone from a CSV file: when which path was there.

use super::align::Alignment;
use super::stamp::Stamp;
use super::table::{Table, rows, shorten};
use super::text::in_utf8;
use super::{NetworkColumns, Reading, TracePath, TraceStretch};
use crate::time::Span;
use std::collections::BTreeMap;

/// Reads stretches, one list per phone in the order in which the file names them.
///
/// Columns are `from`, `until` and `network` (or `path`; `none`, `cellular` or `wifi`), and where there are
/// several phones `user` or `device`. Without a header the first three columns are meant, in this order. A stretch that
/// reaches into the next is cut there; between two there is no network.
///
/// # Errors
/// With `label:line: what was found; what would be right` at the first row that cannot be read, and if no
/// stretch falls into the simulated span.
pub fn read_network(
    bytes: &[u8],
    columns: &NetworkColumns,
    reading: &Reading<'_>,
) -> Result<(Vec<Vec<TraceStretch>>, Vec<String>), String> {
    let label = reading.label;
    let text = in_utf8(bytes, label)?;
    let mut table = Table::open(&text, reading)?;
    let from = table.column(&columns.from, &["from"], Some(0))?;
    let until = table.column(&columns.until, &["until"], Some(1))?;
    let path = table.column(&columns.network, &["network", "path"], Some(2))?;
    let user = table.column(&columns.device, &["user", "device"], None)?;
    if from.is_none() || until.is_none() || path.is_none() {
        let right =
            "it needs the columns from, until and network, or `network.columns` that says which they are";
        return Err(table.fault(&format!("{}; {right}", table.says_header())));
    }
    let mut notes = Vec::new();
    table.settle_dates(&[from, until], "network.dates", &mut notes)?;
    let mut names = BTreeMap::new();
    let mut raws: Vec<(Stamp, Stamp, TracePath, usize)> = Vec::new();
    while table.advance()? {
        let begins = table.required(from, "time at which the stretch begins")?;
        let ends = table.required(until, "time at which the stretch ends")?;
        if ends.unix_ms < begins.unix_ms {
            let right = "the later time belongs in the column until";
            return Err(table.fault(&format!("the stretch ends before it begins; {right}")));
        }
        let text = table.field(path)?.unwrap_or_default();
        let is = |path: &TracePath| path.name().eq_ignore_ascii_case(text);
        let path = TracePath::ALL.into_iter().find(is).ok_or_else(|| {
            table.fault(&format!("`{}` is no network; write none, cellular or wifi", shorten(text)))
        })?;
        let name = table.field(user)?.unwrap_or_default();
        let next = names.len();
        let user = *names.entry(name.to_string()).or_insert(next);
        raws.push((begins, ends, path, user));
    }
    let disorder = raws.windows(2).filter(|pair| pair[1].0.unix_ms < pair[0].0.unix_ms).count() as u64;
    if disorder > 0 && names.len() < 2 {
        notes.push(format!("{label}: sorted by time; {} came before the one above", rows(disorder)));
    }
    raws.sort_by_key(|(from, ..)| *from);
    let Some((&(first, ..), &(last, ..))) = raws.first().zip(raws.last()) else {
        return Err(format!(
            "{label}:1: no stretch was found; one row a stretch is needed, as from,until,wifi"
        ));
    };
    let mut alignment = Alignment::new(reading, [first, last]);
    let mut networks: Vec<Vec<TraceStretch>> = vec![Vec::new(); names.len()];
    let mut cut = 0;
    for (from, until, path, user) in raws {
        let length = Span::from_ms((until.unix_ms - from.unix_ms) as u64);
        let Some(from) = alignment.place(from) else { continue };
        if let Some(last) = networks[user].last_mut().filter(|last| last.until > from) {
            last.until = from;
            cut += 1;
        }
        networks[user].push(TraceStretch { from, until: from + length, path });
    }
    table.notes(&mut notes);
    alignment.notes(label, &mut notes);
    if cut > 0 {
        notes.push(format!("{label}: cut {} that reached into the next", rows(cut)));
    }
    if networks.iter().all(Vec::is_empty) {
        return Err(format!(
            "{label}: no stretch falls into the simulated span; `align = \"week\"` moves them there"
        ));
    }
    Ok((networks, notes))
}
