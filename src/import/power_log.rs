//! The power log, a row a table.
//!
//! Its clock is one of its own: how far the wall clock was from it, one of its tables says, and the last row before an
//! instant counts. Columns come and go with versions of iOS; what is not there is empty. What is said here of tables and
//! columns was read in a log of iPadOS 15.0.2 and in open parsers; what the states of apps mean is inferred there.

use super::database::{Row, Store};
use super::gathered::Desk;
use super::kinds::{Exit, ExitReason, Notice, Opening, Path, Push, Run, Why};
use super::log::DeviceLog;
use super::source::Source;
use super::stamp::Utc;
use std::collections::BTreeMap;

const OFFSETS: &str = "PLStorageOperator_EventForward_TimeOffset";
const APPS: &str = "PLApplicationAgent_EventForward_Application";

/// In the foreground.
const FOREGROUND: i64 = 8;
/// The home screen is in the foreground where no app is.
const HOME: &str = "com.apple.springboard";
/// No phone runs more apps at once.
const MOST_OPEN: usize = 4096;

/// How far the wall clock is ahead of the log's own, in seconds from an instant of that on.
pub(super) struct Clock(Vec<(f64, f64)>);

impl Clock {
    /// By the table that says it.
    pub(super) fn read(store: &Store, table: &str, desk: &mut Desk<'_>) -> Result<Clock, String> {
        let mut offsets = Vec::new();
        let most = desk.limits.rows as usize;
        store.each(table, &["timestamp", "system"], desk.part("TimeOffset"), |row| {
            let found = row.number(0).zip(row.number(1)).filter(|_| offsets.len() < most).ok_or(NO_TIME)?;
            offsets.push(found);
            Ok(())
        })?;
        Ok(Clock::of(offsets))
    }

    fn of(mut offsets: Vec<(f64, f64)>) -> Clock {
        offsets.sort_by(|one: &(f64, f64), other| one.0.total_cmp(&other.0));
        Clock(offsets)
    }

    /// That it is not said, where instants depend on it.
    fn noted(self, desk: &mut Desk<'_>) -> Clock {
        if self.0.is_empty() {
            desk.account.note(format!(
                "{}: it does not say how far its clock was off; its instants are taken as they stand",
                desk.source.called()
            ));
        }
        self
    }

    pub(super) fn wall(&self, at: f64) -> Option<Utc> {
        let next = self.0.partition_point(|(from, _)| *from <= at);
        let offset = self.0.get(next.saturating_sub(1)).map_or(0.0, |(_, offset)| *offset);
        Utc::from_seconds(at + offset)
    }
}

const NO_TIME: &str = "no instant";
const NO_VALUE: &str = "no value";

type Put = fn(&mut DeviceLog, Source, Utc, &Row<'_>, &Clock) -> Result<(), &'static str>;

/// A table: what it is called, what it is called here, the columns after its instant, and what a row says.
const TABLES: [(&str, &str, &[&str], Put); 14] = [
    (
        "PLSpringBoardAgent_EventForward_SBLock",
        "SBLock",
        &["timestamp", "Locked"],
        |log, from, at, row, _| {
            log.locked.push(from, at, row.flag(1).ok_or(NO_VALUE)?);
            Ok(())
        },
    ),
    (
        "PLSpringBoardAgent_EventForward_SBBlank",
        "SBBlank",
        &["timestamp", "Blanked"],
        |log, from, at, row, _| {
            log.screen.push(from, at, !row.flag(1).ok_or(NO_VALUE)?);
            Ok(())
        },
    ),
    (
        "PLSleepWakeAgent_EventForward_PowerState",
        "PowerState",
        &["timestamp", "Event", "KernelSleepDate"],
        |log, from, at, row, _| {
            match row.whole(1).ok_or(NO_VALUE)? {
                0 => log.awake.push(from, at, true),
                // When it slept is on the wall clock.
                4 => log.awake.push(from, row.number(2).and_then(Utc::from_seconds).unwrap_or(at), false),
                _ => return Err("a step on the way to sleep"),
            }
            Ok(())
        },
    ),
    (
        "PLBatteryAgent_EventBackward_BatteryUI",
        "BatteryUI",
        &["timestamp", "Level"],
        |log, from, at, row, _| {
            let level = row.number(1).filter(|level| (0.0..=100.0).contains(level)).ok_or(NO_VALUE)?;
            log.battery.push(from, at, level);
            Ok(())
        },
    ),
    (
        "PLBatteryAgent_EventBackward_Battery",
        "Battery",
        &["timestamp", "ExternalConnected"],
        |log, from, at, row, _| {
            log.charger.push(from, at, row.flag(1).ok_or(NO_VALUE)?);
            Ok(())
        },
    ),
    (
        "PLDuetService_EventForward_BatterySaverMode",
        "BatterySaverMode",
        &["timestamp", "Value"],
        |log, from, at, row, _| {
            log.low_power.push(from, at, row.flag(1).ok_or(NO_VALUE)?);
            Ok(())
        },
    ),
    (
        "PLSCDynamicStoreAgent_EventForward_WifiActive",
        "WifiActive",
        &["timestamp", "Active"],
        |log, from, at, row, _| {
            // Whether there is a cellular network without Wi-Fi, it does not say; that there is, is assumed.
            let path = if row.flag(1).ok_or(NO_VALUE)? { Path::Wifi } else { Path::Cellular };
            log.network.push(from, at, path);
            Ok(())
        },
    ),
    (
        "PLLocaleAgent_EventForward_TimeZone",
        "TimeZone",
        &["timestamp", "TimeZoneName"],
        |log, _, at, row, _| match log.was_in(row.text(1).ok_or(NO_VALUE)?, at) {
            true => Ok(()),
            false => Err("no time zone that is known"),
        },
    ),
    (
        "PLConfigAgent_EventNone_Config",
        "Config",
        &["timestamp", "DeviceBootTime"],
        |log, from, _, row, clock| {
            // On the log's own clock, as comparing it with its row shows.
            let at = row.number(1).and_then(|at| clock.wall(at)).ok_or(NO_VALUE)?;
            log.restarts.push(from, at, ());
            Ok(())
        },
    ),
    (
        "PLDuetService_EventNone_DASActivity",
        "DASActivity",
        &["timestamp", "taskName", "bundleID", "duration"],
        |log, from, at, row, _| {
            let task = row.text(1).ok_or(NO_VALUE)?;
            let why = Why::of(task);
            let app = log.app(row.text(2).unwrap_or(task));
            // None lasted less than nothing.
            let seconds = row.number(3).filter(|seconds| *seconds >= 0.0);
            let until = seconds.and_then(|seconds| at.plus_ms((seconds * 1000.0) as i64));
            log.runs.push(from, at, Run { app, why, until, on_battery: None });
            Ok(())
        },
    ),
    ("PLXPCAgent_EventPoint_MailFetch", "MailFetch", &["timestamp"], |log, from, at, _, _| {
        // Of the system's own client; how long it took is in no known unit.
        let app = log.app("com.apple.mobilemail");
        log.runs.push(from, at, Run { app, why: Why::Fetch, until: None, on_battery: None });
        Ok(())
    }),
    (
        "PLApplicationAgent_EventPoint_ApplicationExitReason",
        "ApplicationExitReason",
        &["timestamp", "Identifier", "Reason"],
        |log, from, at, row, _| {
            let reason = ExitReason::Code(row.whole(2).ok_or(NO_VALUE)?);
            let app = log.app(row.text(1).ok_or(NO_VALUE)?);
            log.exits.push(from, at, Exit { app, reason });
            Ok(())
        },
    ),
    (
        "PLSpringBoardAgent_EventPoint_SBNotifications",
        "SBNotifications",
        &["timestamp", "NotificationBundleID", "UIShown", "NSEStartTime", "NSEEndTime"],
        |log, from, at, row, _| {
            let app = log.app(row.text(1).ok_or(NO_VALUE)?);
            let ran = row.number(3).zip(row.number(4)).map(|(began, ended)| ended - began);
            let extension_ms =
                ran.filter(|ran| (0.0..3600.0).contains(ran)).map(|ran| libm::round(ran * 1000.0) as i64);
            log.notifications.push(from, at, Notice { app, shown: row.flag(2), extension_ms });
            Ok(())
        },
    ),
    (
        "PLPushAgent_EventPoint_ReceivedPush",
        "ReceivedPush",
        &["timestamp", "BundleID", "Topic", "IsDropped"],
        |log, from, at, row, _| {
            let app = log.app(row.text(1).or_else(|| row.text(2)).ok_or(NO_VALUE)?);
            log.pushes.push(from, at, Push { app, dropped: row.flag(3) });
            Ok(())
        },
    ),
];

pub(super) fn read(store: &Store, desk: &mut Desk<'_>) -> Result<(), String> {
    let clock = Clock::read(store, OFFSETS, desk)?.noted(desk);
    for (table, called, columns, put) in TABLES {
        let Desk { source, log, account, .. } = desk;
        store.each(table, columns, account.part(*source, called), |row| {
            let at = row.number(0).and_then(|at| clock.wall(at)).ok_or(NO_TIME)?;
            put(log, *source, at, row, &clock)
        })?;
    }
    openings(store, desk, &clock)
}

/// An app is in the foreground from when it says so until it says anything else.
fn openings(store: &Store, desk: &mut Desk<'_>, clock: &Clock) -> Result<(), String> {
    let Desk { source, log, account, limits } = desk;
    let mut states = Vec::new();
    let most = limits.rows as usize;
    store.each(APPS, &["timestamp", "Identifier", "State"], account.part(*source, "Application"), |row| {
        let at = row.number(0).and_then(|at| clock.wall(at)).ok_or(NO_TIME)?;
        let (name, state) = row.text(1).zip(row.whole(2)).ok_or(NO_VALUE)?;
        if name == HOME {
            return Err("the home screen");
        }
        if states.len() < most {
            states.push((at, log.app(name), state == FOREGROUND));
        }
        Ok(())
    })?;
    states.sort();
    let mut open = BTreeMap::new();
    for (at, app, in_front) in states {
        match (in_front, open.remove(&app)) {
            (true, before) if open.len() < MOST_OPEN => {
                open.insert(app, before.unwrap_or(at));
            }
            (_, Some(from)) => log.openings.push(*source, from, Opening { app, until: Some(at) }),
            (_, None) => {}
        }
    }
    open.into_iter().for_each(|(app, from)| log.openings.push(*source, from, Opening { app, until: None }));
    Ok(())
}
