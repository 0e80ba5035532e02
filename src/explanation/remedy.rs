//! What would have told the user sooner: the same device, replayed under one change at a time.
//!
//! Arrivals, outages and the user's own day are drawn ahead of any policy (SPEC 7), so the mail of
//! the changed world is the same mail, and the difference is the change's doing.

use super::{mail, told};
use crate::engine::Engine;
use crate::record::MailRow;
use crate::scenario::Scenario;
use crate::time::{Span, Time};

/// A change that somebody could make.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    /// As `--set` takes it.
    pub set: &'static str,
    /// In words.
    pub words: &'static str,
    /// What it costs, for whoever decides.
    pub price: &'static str,
}

/// The changes that are tried, the least far-reaching first: of equal ones the first is named.
pub const CHANGES: [Change; 8] = [
    Change {
        set: "policy.background_app_refresh=true",
        words: "Background App Refresh switched on",
        price: "some energy",
    },
    Change {
        set: "client.refresh_interval=1m",
        words: "the client asks for its next check after 1 min",
        price: "more checks, hence energy",
    },
    Change {
        set: "policy.working_hours={days=[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"],from=\"00:00\",to=\"00:00\"}",
        words: "no working hours",
        price: "notifications at any hour",
    },
    Change {
        set: "user.force_quit_every_evening=false",
        words: "the user no longer swipes the client away every evening",
        price: "a habit",
    },
    Change {
        set: "power.low_power_mode=off",
        words: "Low Power Mode never on",
        price: "a shorter battery life",
    },
    Change {
        set: "policy.allow_device_keychain=true",
        words: "the key in the device keychain (allow_device_keychain)",
        price: "the key is readable without the UEM client while the phone is unlocked",
    },
    Change {
        set: "client.key_in_memory=while_process_lives",
        words: "the key stays in memory while the process lives",
        price: "the key is in memory while the phone is locked",
    },
    Change {
        set: "policy.keychain_class=after_first_unlock",
        words: "the keychain item readable after the first unlock",
        price: "the key is readable while the phone is locked, until it restarts",
    },
];

/// What a change would have done to a mail.
#[derive(Clone, Copy, Debug)]
pub struct Tried {
    /// The change.
    pub change: Change,
    /// The mail under it.
    pub row: MailRow,
}

/// Replays the mail under every change that `load` can make. One that cannot be made, or that is in
/// force already, is left out.
pub fn remedies(
    scenario: &Scenario,
    device: u32,
    row: &MailRow,
    engine: Engine,
    load: impl Fn(&str) -> Option<Scenario>,
) -> Vec<Tried> {
    let hours = scenario.policy.working_hours.is_some();
    let changes = CHANGES.into_iter().filter(|change| hours || !change.set.contains("working_hours"));
    let replay = |change: Change| {
        let changed = load(change.set).filter(|changed| changed.effective != scenario.effective)?;
        let changed = mail(&changed, device, row.mail, engine).ok()?;
        // Where the arrivals themselves moved, it would be another mail.
        (changed.arrived == row.arrived).then_some(Tried { change, row: changed })
    };
    changes.filter_map(replay).collect()
}

/// The change that tells the mail soonest, and by how much sooner: to the horizon if it was not told
/// at all. `None` where no change tells it sooner.
pub fn sooner<'a>(scenario: &Scenario, row: &MailRow, tried: &'a [Tried]) -> Option<(&'a Tried, Span)> {
    let at = |row: &MailRow| told(row).unwrap_or(Time::NEVER);
    let best = tried.iter().min_by_key(|tried| at(&tried.row))?;
    let (before, after) = (at(row), at(&best.row));
    (after < before).then(|| (best, before.min(scenario.end).since(after)))
}
