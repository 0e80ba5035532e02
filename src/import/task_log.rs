//! The log of background tasks, from iOS 26 on: every run, and who registered it.
//!
//! Names of its tables end in how long they are kept, which varies. Starts and ends are on the wall clock already; when a
//! task was registered is on the log's own.

use super::database::{Store, TABLE};
use super::gathered::Desk;
use super::kinds::{Run, Why};
use super::power_log::Clock;
use super::stamp::Utc;
use std::collections::BTreeMap;

const RUNS: &str = "BackgroundProcessing_TaskInstanceData";
const TASKS: &str = "BackgroundProcessing_TaskMetadata";
const OFFSETS: &str = "BackgroundProcessing_TimeOffset";

/// Who registered a task, what for, and when.
type Task = (Option<Utc>, String, Why);

/// A table by what its name begins with; tables of arrays beside it are others.
fn called<'a>(store: &'a Store, begins: &str) -> impl Iterator<Item = &'a str> {
    let begins = begins.to_owned();
    store
        .tables()
        .filter(move |name| name.strip_prefix(begins.as_str()).is_some_and(|rest| !rest.contains("_Array_")))
}

pub(super) fn read(store: &Store, desk: &mut Desk<'_>) -> Result<(), String> {
    let clock = Clock::read(store, OFFSETS, desk)?;
    let Desk { source, log, account, .. } = desk;
    for (table, name) in [(TASKS, "TaskMetadata"), (RUNS, "TaskInstanceData")] {
        if called(store, table).next().is_none() {
            account.part(*source, name).missing.insert(TABLE);
        }
    }
    let mut tasks: BTreeMap<i64, Vec<Task>> = BTreeMap::new();
    let columns = ["TaskID", "BundleID", "Name", "ServiceName", "LaunchReason", "timestamp"];
    for table in called(store, TASKS) {
        store.each(table, &columns, account.part(*source, "TaskMetadata"), |row| {
            let id = row.whole(0).ok_or("no task")?;
            let who = row.text(1).or_else(|| row.text(2)).or_else(|| row.text(3)).ok_or("no name")?;
            // The launch reason and the name of a task both may say it.
            let said = [row.text(4), row.text(2), row.text(3)].into_iter().flatten();
            let why = said.map(Why::of).find(|why| *why != Why::Other).unwrap_or(Why::Other);
            let at = row.number(5).and_then(|at| clock.wall(at));
            tasks.entry(id).or_default().push((at, who.into(), why));
            Ok(())
        })?;
    }
    tasks.values_mut().for_each(|of| of.sort_by_key(|(at, ..)| *at));
    let columns = ["StartDate", "EndDate", "ProcessName", "StartedOnBattery", "TaskID"];
    for table in called(store, RUNS) {
        store.each(table, &columns, account.part(*source, "TaskInstanceData"), |row| {
            let at = row.number(0).and_then(Utc::from_seconds).ok_or("no instant")?;
            // Numbers are given again: of those who had one, it is who had it last before the run.
            let task = row.whole(4).and_then(|id| tasks.get(&id)).and_then(|of| {
                let registered = of.partition_point(|(since, ..)| *since <= Some(at));
                of.get(registered.saturating_sub(1))
            });
            let (who, why) = match task {
                Some((_, who, why)) => (who.as_str(), *why),
                None => (row.text(2).ok_or("neither task nor process")?, Why::Other),
            };
            let until = row.number(1).and_then(Utc::from_seconds).filter(|until| *until >= at);
            let app = log.app(who);
            log.runs.push(*source, at, Run { app, why, until, on_battery: row.flag(3) });
            Ok(())
        })?;
    }
    Ok(())
}
