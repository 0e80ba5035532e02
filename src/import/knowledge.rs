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
        let Desk { source, log, .. } = desk;
        let mut others = 0;
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
                "/display/isBacklit" => log.screen.push(*source, at, value()? != 0.0),
                "/device/isLocked" => log.locked.push(*source, at, value()? != 0.0),
                "/device/isPluggedIn" => log.charger.push(*source, at, value()? != 0.0),
                _ => {
                    let level =
                        value().ok().filter(|level| (0.0..=100.0).contains(level)).ok_or("no value")?;
                    log.battery.push(*source, at, level);
                }
            }
            Ok(())
        })?;
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
