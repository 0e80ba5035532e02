//! The App Privacy Report: a JSON object a line, of what each app met of each server in a week.

use super::gathered::Desk;
use super::kinds::Contact;
use super::lines::Lines;
use super::stamp::{Bare, wall};
use serde::Deserialize;
use std::borrow::Cow;
use std::io::Read;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow, rename = "bundleID")]
    bundle: Option<Cow<'a, str>>,
    #[serde(borrow)]
    first_time_stamp: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time_stamp: Option<Cow<'a, str>>,
    hits: Option<u64>,
}

pub(super) fn begins(head: &str) -> bool {
    let line = head.lines().next().unwrap_or_default();
    line.starts_with('{') && (line.contains("\"networkActivity\"") || line.contains("\"accessor\""))
}

pub(super) fn read(lines: &mut Lines<&mut dyn Read>, desk: &mut Desk<'_>) -> Result<(), String> {
    let Desk { source, log, account, .. } = desk;
    loop {
        let Some(text) = lines.next().map_err(|error| format!("it breaks off: {error}"))? else {
            return Ok(());
        };
        if text.trim().is_empty() {
            continue;
        }
        let Ok(line) = serde_json::from_str::<Line<'_>>(&text) else {
            account.part(*source, "networkActivity").skip("no JSON object of the report");
            continue;
        };
        if line.kind != "networkActivity" {
            account.part(*source, "access").skip("which sensors an app used");
            continue;
        }
        let part = account.part(*source, "networkActivity");
        let at = |text: Option<Cow<'_, str>>| wall(&text?, Bare::Refused);
        let (Some(bundle), Some((until, ahead))) = (line.bundle, at(line.time_stamp)) else {
            part.skip("no app, or no instant");
            continue;
        };
        let from = at(line.first_time_stamp).map_or(until, |(from, _)| from).min(until);
        *log.ahead.entry(ahead).or_default() += 1;
        let app = log.app(&bundle);
        log.contacts.push(*source, from, Contact { app, until, hits: line.hits.unwrap_or(1) });
        part.read += 1;
    }
}
