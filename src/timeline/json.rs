//! The JSON that Chrome's tracing once wrote and many tools still read (Google's "Trace Event
//! Format"): complete events, instants, counters, flows and the names of rows. Times are in
//! microseconds.
//!
//! Perfetto calls it legacy. It has no room for a flow that touches an instant, so an instant with a
//! flow is written as a slice of one microsecond, which is below the clock of the simulation.

use super::layout::{Arg, Args, Content, Item, Layout, Row};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const US_PER_MS: u64 = 1000;

/// The whole document.
pub fn encode(layout: &Layout) -> Value {
    let mut events = vec![named(layout, "process_name", None, json!({ "name": layout.name }))];
    let mut timed: Vec<(u64, Value)> = Vec::new();
    let mut steps = count_steps(layout);
    for (place, row) in layout.rows.iter().enumerate() {
        match &row.content {
            Content::Items(items) => {
                let row_number = Some(place as u64 + 1);
                events.push(named(layout, "thread_name", row_number, json!({ "name": row.name })));
                events.push(named(layout, "thread_sort_index", row_number, json!({ "sort_index": place })));
                timed.extend(items.iter().map(|item| (item.at, event(layout, place, item))));
            }
            Content::Samples(_, samples) => {
                timed.extend(samples.iter().map(|(at, value)| (*at, sample(layout, row, *at, *value))));
            }
        }
    }
    timed.extend(flows(layout, &mut steps));
    timed.sort_by_key(|(at, _)| *at);
    events.extend(timed.into_iter().map(|(_, event)| event));
    json!({
        "displayTimeUnit": "ms",
        "otherData": { "time_0": layout.zero, "tool": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") },
        "traceEvents": events,
    })
}

fn named(layout: &Layout, what: &str, row: Option<u64>, args: Value) -> Value {
    json!({ "ph": "M", "name": what, "pid": layout.id, "tid": row.unwrap_or(0), "args": args })
}

fn event(layout: &Layout, place: usize, item: &Item) -> Value {
    let mut event = json!({
        "name": item.name, "ph": "i", "ts": item.at * US_PER_MS, "pid": layout.id, "tid": place + 1,
    });
    match (item.length, item.flows.is_empty()) {
        (None, true) => event["s"] = "t".into(),
        (length, _) => {
            event["ph"] = "X".into();
            event["dur"] = (length.unwrap_or(0) * US_PER_MS).max(1).into();
        }
    }
    if !item.args.is_empty() {
        event["args"] = args(&item.args);
    }
    event
}

fn args(of: &Args) -> Value {
    let value = |arg: &Arg| match arg {
        Arg::Text(text) => text.as_str().into(),
        Arg::Whole(number) => (*number).into(),
        Arg::Number(number) => (*number).into(),
        Arg::Flag(flag) => (*flag).into(),
        Arg::Group(group) => args(group),
    };
    of.iter().map(|(name, arg)| ((*name).into(), value(arg))).collect::<Map<String, Value>>().into()
}

fn sample(layout: &Layout, row: &Row, at: u64, value: f64) -> Value {
    json!({
        "name": row.name, "ph": "C", "ts": at * US_PER_MS, "pid": layout.id, "args": { "value": value },
    })
}

/// How many steps each flow has.
fn count_steps(layout: &Layout) -> BTreeMap<u64, (u32, u32)> {
    let mut steps: BTreeMap<u64, (u32, u32)> = BTreeMap::new();
    for (_, _, item) in touched(layout) {
        item.flows.iter().for_each(|flow| steps.entry(*flow).or_default().1 += 1);
    }
    steps
}

/// Every item that a flow touches, in order of time.
fn touched(layout: &Layout) -> Vec<(u64, usize, &Item)> {
    let mut items = Vec::new();
    for (place, row) in layout.rows.iter().enumerate() {
        if let Content::Items(all) = &row.content {
            items.extend(all.iter().filter(|item| !item.flows.is_empty()).map(|item| (item.at, place, item)));
        }
    }
    items.sort_by_key(|(at, ..)| *at);
    items
}

/// A flow starts at its first step, passes the others and finishes at its last.
fn flows(layout: &Layout, steps: &mut BTreeMap<u64, (u32, u32)>) -> Vec<(u64, Value)> {
    let mut events = Vec::new();
    for (at, place, item) in touched(layout) {
        for flow in &item.flows {
            let (taken, all) = steps.entry(*flow).or_default();
            *taken += 1;
            let phase = match *taken {
                1 => "s",
                last if last == *all => "f",
                _ => "t",
            };
            let mut event = json!({
                "name": "mail", "cat": "mail", "ph": phase, "id": flow, "ts": at * US_PER_MS,
                "pid": layout.id, "tid": place + 1,
            });
            if phase == "f" {
                // Bound to the slice around it, not to the next.
                event["bp"] = "e".into();
            }
            events.push((at, event));
        }
    }
    events
}
