//! `knowledgeC.db`: what a phone up to iOS 18 remembers of its use. Times are seconds since 2001.

use super::database::Store;
use super::gathered::Desk;
use super::kinds::Opening;
use super::stamp::Utc;

const COLUMNS: [&str; 7] = [
    "ZSTREAMNAME",
    "ZVALUESTRING",
    "ZVALUEINTEGER",
    "ZVALUEDOUBLE",
    "ZSTARTDATE",
    "ZENDDATE",
    "ZSECONDSFROMGMT",
];

/// The streams that are read.
const STREAMS: [&str; 6] = [
    "/app/inFocus",
    "/app/usage",
    "/display/isBacklit",
    "/device/isLocked",
    "/device/isPluggedIn",
    "/device/batteryPercentage",
];

pub(super) fn read(store: &Store, desk: &mut Desk<'_>) -> Result<(), String> {
    for stream in STREAMS {
        let mut rows = desk.part(stream).clone();
        let Desk { source, log, limits, .. } = desk;
        let mut others = 0;
        let mut states = Vec::new();
        let most = limits.rows as usize;
        store.each("ZOBJECT", &COLUMNS, &mut rows, |row| {
            if row.text(0) != Some(stream) {
                others += 1;
                return Err(ANOTHER);
            }
            let at = row.number(4).and_then(Utc::from_reference).ok_or("no instant")?;
            let until = row.number(5).and_then(Utc::from_reference).filter(|until| *until >= at);
            let value = || row.whole(2).map(|value| value as f64).or_else(|| row.number(3)).ok_or("no value");
            if let Some(ahead) = row.whole(6).and_then(|ahead| i32::try_from(ahead).ok()) {
                *log.ahead.entry(ahead.clamp(-50_400, 50_400)).or_default() += 1;
            }
            match stream {
                "/app/inFocus" => {
                    let app = log.app(row.text(1).ok_or("no app")?);
                    log.openings.push(*source, at, Opening { app, until });
                }
                // The same times once more, as they are counted for the battery.
                "/app/usage" => {}
                "/display/isBacklit" | "/device/isLocked" | "/device/isPluggedIn" => {
                    let on = value()? != 0.0;
                    if states.len() < most {
                        states.push((at, until, on));
                    }
                }
                _ => {
                    let level =
                        value().ok().filter(|level| (0.0..=100.0).contains(level)).ok_or("no value")?;
                    log.battery.push(*source, at, level);
                }
            }
            Ok(())
        })?;
        let track = match stream {
            "/display/isBacklit" => Some(&mut log.screen),
            "/device/isLocked" => Some(&mut log.locked),
            "/device/isPluggedIn" => Some(&mut log.charger),
            _ => None,
        };
        if let Some(track) = track {
            changes(states).into_iter().for_each(|(at, on)| track.push(*source, at, on));
        }
        rows.skipped.remove(ANOTHER);
        let is_there = others == 0 || rows.read > 0 || !rows.skipped.is_empty();
        if is_there {
            *desk.part(stream) = rows;
        } else {
            desk.account.parts.remove(&(desk.source, stream));
        }
    }
    Ok(())
}

const ANOTHER: &str = "another stream";

/// Rows of a state as its changes: what is on is on until its row ends, unless another row goes on from there. When what is
/// off ends, nothing is known that was not.
fn changes(mut rows: Vec<(Utc, Option<Utc>, bool)>) -> Vec<(Utc, bool)> {
    rows.sort_by_key(|(at, ..)| *at);
    let mut changes = Vec::with_capacity(rows.len());
    let mut on_until: Option<Utc> = None;
    for (place, (at, until, on)) in rows.iter().enumerate() {
        changes.push((*at, *on));
        // A row of no length tells when it began, and nothing of its end.
        on_until = if *on { on_until.max(until.filter(|until| until > at)) } else { None };
        let next = rows.get(place + 1);
        if let Some(end) = on_until.filter(|end| next.is_none_or(|(at, ..)| at > end)) {
            changes.push((end, false));
            on_until = None;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_ends_with_its_row() {
        let at = |second: i64| Utc::from_ms(1_700_000_000_000 + second * 1000).unwrap();
        let row = |from, until: Option<i64>, on| (at(from), until.map(at), on);
        let of = |rows: Vec<_>| -> Vec<(i64, bool)> {
            let told = changes(rows).into_iter();
            told.map(|(when, on)| ((when.ms() - at(0).ms()) / 1000, on)).collect()
        };
        assert_eq!(of(vec![row(0, Some(60), true)]), [(0, true), (60, false)]);
        // Apart, one after the other without a gap, one within the other, and out of order.
        assert_eq!(
            of(vec![row(90, Some(95), true), row(0, Some(60), true)]),
            [(0, true), (60, false), (90, true), (95, false)]
        );
        assert_eq!(of(vec![row(0, Some(60), true), row(60, Some(70), false)]), [(0, true), (60, false)]);
        assert_eq!(
            of(vec![row(0, Some(60), true), row(20, Some(30), true)]),
            [(0, true), (20, true), (60, false)]
        );
        // Where no end is said, it goes on.
        assert_eq!(of(vec![row(0, None, true), row(20, Some(20), true)]), [(0, true), (20, true)]);
    }
}
