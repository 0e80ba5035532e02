//! A report of ends for lack of memory: a line of JSON that says what it is, and a JSON object of all processes, of
//! which those that were ended have a reason.

use super::gathered::Desk;
use super::kinds::{Exit, ExitKind, ExitReason};
use super::stamp::{Bare, wall};
use serde::Deserialize;
use std::borrow::Cow;

#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    date: Option<Cow<'a, str>>,
    #[serde(borrow)]
    processes: Option<Vec<Process<'a>>>,
}

#[derive(Deserialize)]
struct Process<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    reason: Option<Cow<'a, str>>,
}

pub(super) fn begins(head: &str) -> bool {
    head.starts_with('{') && head.lines().next().is_some_and(|line| line.contains("\"bug_type\""))
}

pub(super) fn read(text: &str, desk: &mut Desk<'_>) -> Result<(), String> {
    let text = text.trim_start_matches('\u{feff}');
    let (first, rest) = text.split_once('\n').ok_or("it is a report that ends with its first line")?;
    let header: Header<'_> = serde_json::from_str(first).map_err(|_| {
        "it is a report whose first line is no JSON object; the file as the phone wrote it is needed"
            .to_owned()
    })?;
    let body: Body<'_> = serde_json::from_str(rest)
        .map_err(|_| "it is a report of something else than memory, as its second part shows".to_owned())?;
    let processes =
        body.processes.ok_or("it is a report of something else than memory; it has no processes")?;
    let date = body.date.or(header.timestamp).unwrap_or_default();
    let (at, ahead) =
        wall(&date, Bare::Refused).ok_or("it is a report that does not say when; a date is needed")?;
    let Desk { source, log, account, .. } = desk;
    let part = account.part(*source, "processes");
    *log.ahead.entry(ahead).or_default() += 1;
    for process in processes {
        match (process.name, process.reason) {
            (Some(name), Some(reason)) => {
                let word = reason.replace('-', "_");
                let kind =
                    ExitKind::ALL.into_iter().find(|kind| kind.name() == word).unwrap_or(ExitKind::Other);
                let app = log.app(&name);
                log.exits.push(*source, at, Exit { app, reason: ExitReason::Memory(kind) });
                part.read += 1;
            }
            (Some(_), None) => part.skip("lived on"),
            (None, _) => part.skip("no name"),
        }
    }
    Ok(())
}
