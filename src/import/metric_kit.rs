//! A day of MetricKit, as the client can keep it: counts of its ends in the background, and how long it ran.

use super::gathered::Desk;
use super::kinds::{Counted, Counter};
use super::stamp::{Bare, Utc, wall};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    #[serde(borrow)]
    time_stamp_begin: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time_stamp_end: Option<Cow<'a, str>>,
    #[serde(borrow)]
    application_exit_metrics: Option<Exits<'a>>,
    #[serde(borrow)]
    application_time_metrics: Option<BTreeMap<Cow<'a, str>, Amount<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Exits<'a> {
    #[serde(borrow)]
    background_exit_data: Option<BTreeMap<Cow<'a, str>, Amount<'a>>>,
}

/// A measurement with its unit, such as `40 sec`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Amount<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(f64),
    Other(IgnoredAny),
}

/// Of what is counted in a day no phone has more: of ends, and of seconds in a week of payloads that were put together.
const MOST_ENDS: f64 = 1e6;
const MOST_SECONDS: f64 = 1e6;

impl Amount<'_> {
    fn ends(&self) -> Option<f64> {
        match self {
            Amount::Number(number) => Some(*number),
            Amount::Text(_) | Amount::Other(_) => None,
        }
    }

    fn seconds(&self) -> Option<f64> {
        match self {
            Amount::Text(text) => text.split_whitespace().next()?.replace(',', "").parse().ok(),
            Amount::Number(number) => Some(*number),
            Amount::Other(_) => None,
        }
    }
}

const EXITS: [(&str, Counter); 10] = [
    ("cumulativeNormalAppExitCount", Counter::Normal),
    ("cumulativeMemoryPressureExitCount", Counter::MemoryPressure),
    ("cumulativeMemoryResourceLimitExitCount", Counter::MemoryLimit),
    ("cumulativeCPUResourceLimitExitCount", Counter::CpuLimit),
    ("cumulativeBackgroundTaskAssertionTimeoutExitCount", Counter::TaskTimeout),
    ("cumulativeSuspendedWithLockedFileExitCount", Counter::LockedFile),
    ("cumulativeAppWatchdogExitCount", Counter::Watchdog),
    ("cumulativeBadAccessExitCount", Counter::Crash),
    ("cumulativeIllegalInstructionExitCount", Counter::Crash),
    ("cumulativeAbnormalExitCount", Counter::Crash),
];

const TIMES: [(&str, Counter); 2] = [
    ("cumulativeBackgroundTime", Counter::BackgroundSeconds),
    ("cumulativeForegroundTime", Counter::ForegroundSeconds),
];

pub(super) fn begins(head: &str) -> bool {
    head.starts_with(['{', '[']) && head.contains("\"timeStampBegin\"")
}

pub(super) fn read(text: &str, desk: &mut Desk<'_>) -> Result<(), String> {
    let text = text.trim_start_matches('\u{feff}');
    // Not what was found there, which may be anybody's.
    let fault = |error: serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        format!(
            "its JSON is none of MetricKit from {line}:{column} on; a payload as the client gets it is needed"
        )
    };
    let payloads: Vec<Payload<'_>> = match text.trim_start().starts_with('[') {
        true => serde_json::from_str(text).map_err(fault)?,
        false => vec![serde_json::from_str(text).map_err(fault)?],
    };
    payloads.iter().for_each(|payload| one(payload, desk));
    Ok(())
}

fn one(payload: &Payload<'_>, desk: &mut Desk<'_>) {
    let Desk { source, log, account, .. } = desk;
    let part = account.part(*source, "payloads");
    // Where no offset is said, UTC is assumed.
    let at = |text: &Option<Cow<'_, str>>| wall(text.as_deref()?, Bare::InUtc).map(|(at, _)| at);
    let span = at(&payload.time_stamp_begin).zip(at(&payload.time_stamp_end));
    let Some((from, until)) = span.filter(|(from, until): &(Utc, Utc)| from <= until) else {
        part.skip("no span");
        return;
    };
    let mut counted: BTreeMap<Counter, f64> = BTreeMap::new();
    // What is not there, or cannot be, is no count of none.
    let mut add = |field, what, value: Option<f64>, most: f64| match value {
        Some(value) if (0.0..=most).contains(&value) => *counted.entry(what).or_default() += value,
        _ => {
            part.missing.insert(field);
        }
    };
    let exits =
        payload.application_exit_metrics.as_ref().and_then(|exits| exits.background_exit_data.as_ref());
    if let Some(exits) = exits {
        for (field, what) in EXITS {
            add(field, what, exits.get(field).and_then(Amount::ends), MOST_ENDS);
        }
    }
    for (field, what) in TIMES {
        let found = payload.application_time_metrics.as_ref().and_then(|times| times.get(field));
        add(field, what, found.and_then(Amount::seconds), MOST_SECONDS);
    }
    if exits.is_none() {
        part.missing.insert("applicationExitMetrics.backgroundExitData");
    }
    part.read += 1;
    counted
        .into_iter()
        .for_each(|(what, value)| log.counts.push(*source, from, Counted { what, until, value }));
}
