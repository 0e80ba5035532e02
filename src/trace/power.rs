//! The power of a phone from a CSV file: what its charge was, when it was on a charger and when in Low Power Mode.

use super::align::Alignment;
use super::stamp::Stamp;
use super::table::{Table, rows, shorten};
use super::text::in_utf8;
use super::{PowerColumns, Reading, TraceLevel};
use crate::time::{Span, Time};
use crate::units::Share;
use std::collections::BTreeMap;

/// A charge of this many per cent or less, on every row, is one that counts from 0 to 1.
const MOST_OF_SHARES: f64 = 1.0;

/// A row as the file has it: a blank says nothing.
struct Raw {
    at: Stamp,
    line: u64,
    percent: Option<f64>,
    plugged_in: Option<bool>,
    low_power_mode: Option<bool>,
}

/// A row of which all is known.
#[derive(Clone, Copy)]
struct Whole {
    at: Stamp,
    charge: f64,
    plugged_in: bool,
    low_power_mode: Option<bool>,
}

/// Reads what was known of power, one list per phone in the order in which the file names them.
///
/// Columns are `at` (or `time`, `timestamp`), `percent` (or `battery`, `charge`, `level`; 0 to 100), `charger` (or
/// `plugged_in`; true, false, yes, no, 1 or 0), where known `low_power_mode`, and where there are several phones `user` or
/// `device`. Without a header the first four columns are meant, in this order. A blank says nothing: charger and mode
/// stay what they were, and what is said first held before. Between two charges that are said it goes in a straight line.
/// Of two rows of one instant the later one in the file counts.
///
/// # Errors
/// With `label:line: what was found; what would be right` at the first row that cannot be read, and where nothing of a
/// phone falls into the simulated span.
pub fn read_power(
    bytes: &[u8],
    columns: &PowerColumns,
    reading: &Reading<'_>,
) -> Result<(Vec<Vec<TraceLevel>>, Vec<String>), String> {
    let label = reading.label;
    let text = in_utf8(bytes, label)?;
    let mut table = Table::open(&text, reading)?;
    let mut notes = Vec::new();
    let (names, mut phones) = phones(&mut table, columns, &mut notes)?;
    let raws = || phones.iter().flatten();
    let Some(first) = raws().map(|raw| raw.line).min() else {
        return Err(format!(
            "{label}:1: no row was found; one row for each change is needed, as 2026-03-02 09:00,57,false"
        ));
    };
    let levels = || raws().filter_map(|raw| raw.percent);
    if levels().any(|level| level > 0.0) && levels().all(|level| level <= MOST_OF_SHARES) {
        return Err(format!(
            "{label}:{first}: no charge in the file is above 1 %, so that they seem to be shares from 0 to 1; write per \
             cent, as 57 for 0.57"
        ));
    }
    let disorder = phones
        .iter()
        .flat_map(|raws| raws.windows(2))
        .filter(|pair| pair[1].at.unix_ms < pair[0].at.unix_ms)
        .count();
    if disorder > 0 {
        notes.push(format!("{label}: sorted by time; {} came before the one above", rows(disorder as u64)));
    }
    phones.iter_mut().for_each(|raws| raws.sort_by_key(|raw| raw.at.unix_ms));
    let of = |name: &str| if name.is_empty() { String::new() } else { format!(" of `{}`", shorten(name)) };
    let mut known = Vec::new();
    for (name, raws) in names.iter().zip(&phones) {
        known.push(whole(raws).map_err(|what| {
            let line = raws.iter().map(|raw| raw.line).min().unwrap_or(first);
            format!("{label}:{line}: no row{} says the {what}; one must", of(name))
        })?);
    }
    let instants = || known.iter().flatten().map(|row: &Whole| row.at);
    let ends = instants()
        .min()
        .zip(instants().max())
        .map_or([Stamp { unix_ms: 0, ahead_ms: None }; 2], |(a, b)| [a, b]);
    let mut alignment = Alignment::new(reading, ends);
    let mut batteries = Vec::new();
    for (name, rows) in names.iter().zip(&known) {
        let placed = place(rows, reading, &mut alignment);
        if placed.is_empty() {
            return Err(format!(
                "{label}: no row{} falls into the simulated span; `align = \"week\"` moves the first there, and a longer \
                 span may hold the others",
                of(name)
            ));
        }
        batteries.push(placed);
    }
    table.notes(&mut notes);
    alignment.notes(label, &mut notes);
    Ok((batteries, notes))
}

/// The rows of each phone, with the names of the phones.
fn phones(
    table: &mut Table<'_>,
    columns: &PowerColumns,
    notes: &mut Vec<String>,
) -> Result<(Vec<String>, Vec<Vec<Raw>>), String> {
    let at = table.column(&columns.at, &["at", "time", "timestamp"], Some(0))?;
    let percent = table.column(&columns.percent, &["percent", "battery", "charge", "level"], Some(1))?;
    let charger = table.column(&columns.charger, &["charger", "plugged_in"], Some(2))?;
    let mode = table.column(&columns.low_power_mode, &["low_power_mode"], Some(3))?;
    let user = table.column(&columns.device, &["user", "device"], None)?;
    let lacks = [("at", at), ("percent", percent), ("charger", charger)];
    if let Some((lacks, _)) = lacks.iter().find(|(_, column)| column.is_none()) {
        // That a charge rises says nothing of one that stays full.
        let right =
            "it needs the columns at, percent and charger, or `power.columns` that says which they are";
        return Err(table.fault(&format!("{} and has no `{lacks}`; {right}", table.says_header())));
    }
    table.settle_dates(&[at], "power.dates", notes)?;
    let (mut numbers, mut names) = (BTreeMap::new(), Vec::new());
    let mut phones: Vec<Vec<Raw>> = Vec::new();
    while table.advance()? {
        let raw = Raw {
            at: table.required(at, "time")?,
            line: table.line(),
            percent: table.field(percent)?.map(|text| per_cent(text, table)).transpose()?,
            plugged_in: table.flag(charger)?,
            low_power_mode: table.flag(mode)?,
        };
        let name = table.field(user)?.unwrap_or_default();
        let number = *numbers.entry(name.to_string()).or_insert_with(|| {
            phones.push(Vec::new());
            names.push(name.to_string());
            names.len() - 1
        });
        phones[number].push(raw);
    }
    Ok((names, phones))
}

/// A charge, with a comma or a point before its parts, and with its sign or without.
fn per_cent(text: &str, table: &Table<'_>) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim_end().replacen(',', ".", 1);
    let level = number.parse().ok().filter(|level| (0.0..=100.0).contains(level));
    level.ok_or_else(|| {
        table.fault(&format!("`{}` is no charge; write per cent, from 0 to 100", shorten(text)))
    })
}

/// What was known at each row, or what never was.
fn whole(raws: &[Raw]) -> Result<Vec<Whole>, &'static str> {
    let said = |at: usize| raws[at].percent.map(|percent| (raws[at].at, percent / 100.0));
    let first = raws.iter().find_map(|raw| raw.percent).ok_or("charge")? / 100.0;
    let mut plugged_in = raws.iter().find_map(|raw| raw.plugged_in).ok_or("charger")?;
    let mut low_power_mode = raws.iter().find_map(|raw| raw.low_power_mode);
    // The charge that was said last, and that which is said next, from which row on.
    let (mut last, mut next) = (None, (0, None));
    let mut found = Vec::with_capacity(raws.len());
    for (place, raw) in raws.iter().enumerate() {
        plugged_in = raw.plugged_in.unwrap_or(plugged_in);
        low_power_mode = raw.low_power_mode.or(low_power_mode);
        if next.0 <= place {
            let after = (place..raws.len()).find_map(|at| Some((at + 1, said(at)?)));
            next = after.map_or((raws.len(), None), |(from, said)| (from, Some(said)));
        }
        let charge = match (said(place), last, next.1) {
            (Some((_, charge)), ..) => charge,
            (None, Some(last), Some(next)) => between(last, next, raw.at),
            (None, Some((_, charge)), None) => charge,
            (None, None, _) => first,
        };
        last = said(place).or(last);
        found.push(Whole { at: raw.at, charge, plugged_in, low_power_mode });
    }
    Ok(found)
}

/// The charge on the line from one to the next.
fn between((from, first): (Stamp, f64), (until, next): (Stamp, f64), at: Stamp) -> f64 {
    let [gone, all] = [at, until].map(|stamp| (stamp.unix_ms - from.unix_ms) as f64);
    if all > 0.0 { first + (next - first) * (gone / all) } else { next }
}

/// Lays the rows of a phone over the span. Where it begins or ends between two of them, it does on the line from one to
/// the other.
fn place(rows: &[Whole], reading: &Reading<'_>, alignment: &mut Alignment<'_>) -> Vec<TraceLevel> {
    let level = |at: Time, charge: f64, row: &Whole| TraceLevel {
        at,
        charge: Share::new(charge.clamp(0.0, 1.0)),
        plugged_in: row.plugged_in,
        low_power_mode: row.low_power_mode,
    };
    let on_the_way = |last: &Whole, next: &Whole, gone: i64| {
        let at = Stamp { unix_ms: last.at.unix_ms + gone, ..last.at };
        between((last.at, last.charge), (next.at, next.charge), at)
    };
    let mut found: Vec<TraceLevel> = Vec::new();
    let (mut before, mut is_cut): (Option<&Whole>, _) = (None, false);
    for row in rows {
        match (alignment.place(row.at), before) {
            (Some(at), Some(last)) if found.is_empty() && at > Time::ORIGIN => {
                let gone = row.at.unix_ms - last.at.unix_ms - at.since(Time::ORIGIN).ms() as i64;
                found.push(level(Time::ORIGIN, on_the_way(last, row, gone), last));
                found.push(level(at, row.charge, row));
            }
            (Some(at), _) => found.push(level(at, row.charge, row)),
            (None, Some(last)) if !found.is_empty() && !is_cut => {
                is_cut = true;
                let end = reading.end.back(Span::from_ms(1));
                if let Some(gone) =
                    found.last().map(|found| end.since(found.at).ms()).filter(|gone| *gone > 0)
                {
                    found.push(level(end, on_the_way(last, row, gone as i64), last));
                }
            }
            (None, _) => {}
        }
        before = Some(row);
    }
    // Rows with different offsets may change places where the clock does.
    found.sort_by_key(|level| level.at);
    found
}

#[cfg(test)]
mod tests {
    use super::super::Align;
    use super::*;
    use crate::clock::Clock;

    fn read(text: &str) -> Result<(Vec<Vec<TraceLevel>>, Vec<String>), String> {
        let clock = Clock::utc();
        let reading = Reading::new("p.csv", Align::None, &clock, Time::ORIGIN + Span::DAY * 7);
        let (mut batteries, notes) = read_power(text.as_bytes(), &PowerColumns::default(), &reading)?;
        // What lies between two rows is a fraction that was rounded.
        for level in batteries.iter_mut().flatten() {
            level.charge = Share::new((level.charge.get() * 1e9).round() / 1e9);
        }
        Ok((batteries, notes))
    }

    fn at(hours: u64) -> Time {
        Time::ORIGIN + Span::hours(hours)
    }

    fn level(hours: u64, percent: f64, plugged_in: bool, low_power_mode: Option<bool>) -> TraceLevel {
        TraceLevel { at: at(hours), charge: Share::new(percent / 100.0), plugged_in, low_power_mode }
    }

    #[test]
    fn a_blank_says_nothing() {
        let text = "at,percent,charger,low_power_mode\n2026-03-02 01:00,,yes,\n2026-03-02 02:00,40,,no\n\
                    2026-03-02 05:00,,no,\n2026-03-02 06:00,60,,yes\n2026-03-02 07:00,,,no\n";
        let (batteries, notes) = read(text).unwrap();
        assert_eq!(
            batteries,
            [[
                level(1, 40.0, true, Some(false)),
                level(2, 40.0, true, Some(false)),
                level(5, 55.0, false, Some(false)),
                level(6, 60.0, false, Some(true)),
                level(7, 60.0, false, Some(false)),
            ]]
        );
        assert!(notes.is_empty(), "{notes:?}");
    }

    #[test]
    fn it_is_read_as_people_write_it() {
        let expected = [[level(9, 57.5, true, None), level(10, 58.0, false, None)]];
        for text in [
            "2026-03-02 09:00,57.5,1\n2026-03-02 10:00,58,0\n",
            "sep=;\nTime;Battery;Plugged_In\n02.03.2026 09:00;57,5 %;TRUE\n02.03.2026 10:00;58%;false\n",
            "level\tcharger\ttimestamp\n58\tno\t2026-03-02T10:00Z\n57.5\tyes\t2026-03-02T10:00+01:00\n",
        ] {
            let (batteries, notes) = read(text).unwrap();
            assert_eq!(batteries, expected, "{text}");
            assert_eq!(notes.len(), usize::from(text.starts_with("level")), "{notes:?}");
        }
        let (batteries, _) = read("13/03/2026 09:00,50,1\n03/03/2026 09:00,40,1\n").unwrap();
        assert_eq!(batteries[0][0], level(33, 40.0, true, None));
    }

    #[test]
    fn of_two_rows_of_an_instant_the_later_counts_and_each_phone_has_its_own() {
        let text = "device,at,percent,charger\nb,2026-03-02 03:00,30,yes\na,2026-03-02 02:00,80,no\n\
                    b,2026-03-02 01:00,50,no\nb,2026-03-02 03:00,20,no\n";
        let (batteries, notes) = read(text).unwrap();
        let of_b = vec![level(1, 50.0, false, None), level(3, 30.0, true, None), level(3, 20.0, false, None)];
        assert_eq!(batteries, [of_b, vec![level(2, 80.0, false, None)]]);
        assert_eq!(notes, ["p.csv: sorted by time; 1 row came before the one above"]);
    }

    #[test]
    fn what_lies_beyond_the_span_still_says_where_the_charge_goes() {
        let text = "2026-03-01 12:00,100,1\n2026-03-02 12:00,50,0\n2026-03-08 12:00,62,0\n2026-03-09 12:00,74,0\n\
                    2026-03-10 12:00,1,0\n";
        let (batteries, notes) = read(text).unwrap();
        let [first, second, third, last] = batteries[0][..] else { panic!("{batteries:?}") };
        assert_eq!((first, second), (level(0, 75.0, true, None), level(12, 50.0, false, None)));
        assert_eq!((third, last.at), (level(156, 62.0, false, None), at(168).back(Span::from_ms(1))));
        assert!((last.charge.get() - 0.68).abs() < 1e-6);
        assert_eq!(
            notes,
            [
                "p.csv: dropped 1 row that lie before the origin",
                "p.csv: dropped 2 rows that lie after the horizon"
            ]
        );
    }

    #[test]
    fn what_is_no_power_is_refused_with_its_line() {
        let row = |row: &str| format!("at,percent,charger,low_power_mode\n2026-03-02 09:00,{row}\n");
        for (text, says) in [
            (row("NaN,1,"), "p.csv:2: `NaN` is no charge; write per cent, from 0 to 100"),
            (row("101,1,"), "p.csv:2: `101` is no charge"),
            (row("-1,1,"), "p.csv:2: `-1` is no charge"),
            (row("inf,1,"), "p.csv:2: `inf` is no charge"),
            (row("full,1,"), "p.csv:2: `full` is no charge"),
            (row("50,maybe,"), "p.csv:2: `maybe` is neither true nor false"),
            (row("50,1,2"), "p.csv:2: `2` is neither true nor false"),
            (row(",1,"), "p.csv:2: no row says the charge; one must"),
            (row("50,,1"), "p.csv:2: no row says the charger; one must"),
            (row("0.57,1,"), "p.csv:2: no charge in the file is above 1 %, so that they seem to be shares"),
            (
                "at,percent\n2026-03-02 09:00,50\n".into(),
                "p.csv:1: the header is `at,percent` and has no `charger`; it needs",
            ),
            ("at,charger\n2026-03-02 09:00,1\n".into(), "has no `percent`"),
            ("when,percent,charger\n".into(), "has no `at`"),
            ("at,percent,charger\n".into(), "p.csv:1: no row was found"),
            ("at,percent,charger\n,50,1\n".into(), "p.csv:2: the row has no time"),
            ("at,percent,charger\nnoon,50,1\n".into(), "p.csv:2: in the column `at`"),
            ("2026-04-02 09:00,50,1\n".into(), "p.csv: no row falls into the simulated span"),
            (
                "device,at,percent,charger\na,2026-03-02 09:00,50,1\nb,2026-04-02 09:00,50,1\n".into(),
                "p.csv: no row of `b` falls into the simulated span",
            ),
            (
                "device,at,percent,charger\na,2026-03-02 09:00,50,1\nb,2026-03-02 09:00,50,\n".into(),
                "p.csv:3: no row of `b` says the charger",
            ),
            (String::new(), "p.csv:1: the file is empty"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
        // A phone that is empty all the time is no share.
        assert!(read(&row("0,0,")).is_ok());
    }

    #[test]
    fn a_long_record_with_few_charges_is_read_at_once() {
        let mut text = String::from("at,percent,charger\n1772409600000,90,1\n");
        for row in 1..200_000_u64 {
            text += &format!("{},,{}\n", 1_772_409_600_000 + row * 1000, row % 2);
        }
        text += "1772609600000,40,1\n";
        let (batteries, _) = read(&text).unwrap();
        assert_eq!(batteries[0].len(), 200_001);
        assert!((batteries[0][100_000].charge.get() - 0.65).abs() < 1e-9);
    }
}
