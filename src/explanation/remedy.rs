//! What would have told the user sooner: the same device, replayed under one change at a time.
//!
//! Arrivals, outages and the user's own day are drawn ahead of any policy (docs/semantics.md, "Pairing"), so the mail of
//! the changed world is the same mail, and the difference is the change's doing.

use super::mails;
use crate::engine::Engine;
use crate::record::MailRow;
use crate::scenario::Scenario;
use crate::time::{Span, Time};

/// A change that somebody could make.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// As `--set` takes it.
    pub set: String,
    /// In words.
    pub words: &'static str,
    /// What it costs, for whoever decides.
    pub price: &'static str,
}

/// The changes that are always tried, the least far-reaching first: of equal ones the first is named.
const CHANGES: [(&str, &str, &str); 9] = [
    ("policy.background_app_refresh=true", "Background App Refresh switched on", "some energy"),
    (
        "client.refresh_interval=1m",
        "the client asks for its next check after 1 min",
        "more checks, hence energy",
    ),
    (
        "policy.working_hours={days=[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"],from=\"00:00\",to=\"00:00\"}",
        "no working hours",
        "notifications at any hour",
    ),
    (
        "user.force_quit_every_evening=false",
        "the user no longer swipes the client away every evening",
        "a habit",
    ),
    ("power.low_power_mode=off", "Low Power Mode never on", "a shorter battery life"),
    ("fleet.force_quitters=0", "the user never swipes the client away in passing", "a habit"),
    (
        "policy.allow_device_keychain=true",
        "the key in the device keychain (allow_device_keychain)",
        "the key is readable without the UEM client while the phone is unlocked",
    ),
    (
        "client.key_in_memory=while_process_lives",
        "the key stays in memory while the process lives",
        "the key is in memory while the phone is locked",
    ),
    (
        "policy.keychain_class=after_first_unlock",
        "the keychain item readable after the first unlock",
        "the key is readable while the phone is locked, until it restarts",
    ),
];

/// The changes that are tried on a device.
pub fn changes(scenario: &Scenario, device: u32) -> Vec<Change> {
    let hours = scenario.own(scenario.member(device)).policy.working_hours.is_some();
    let apply = CHANGES.into_iter().filter(|(set, ..)| hours || !set.contains("working_hours"));
    apply.map(|(set, words, price)| Change { set: set.into(), words, price }).collect()
}

/// What a change would have done to a mail.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The change.
    pub change: Change,
    /// The mail under it.
    pub row: MailRow,
    /// Whether the device's other mail waits longer under it, taken together: then it is no remedy.
    pub hurts_others: bool,
}

/// How long all mail but one waits, none for longer than a day: beyond it a single mail would outweigh the rest.
fn wait_of_others(mails: &[MailRow], mail: u32) -> Span {
    mails.iter().filter(|row| row.mail != mail).map(|row| row.wait().min(Span::DAY)).sum()
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
    let now = mails(scenario, device, engine).map_or(Span::ZERO, |mails| wait_of_others(&mails, row.mail));
    let replay = |change: Change| {
        let changed = load(&change.set).filter(|changed| changed.file_config() != scenario.file_config())?;
        let mails = mails(&changed, device, engine).ok()?;
        // Where the arrivals themselves moved, it would be another mail.
        let changed = *mails.get(row.mail as usize).filter(|changed| changed.arrived == row.arrived)?;
        Some(Tried { change, row: changed, hurts_others: wait_of_others(&mails, row.mail) > now })
    };
    changes(scenario, device).into_iter().filter_map(replay).collect()
}

/// What a person notices: a change that gains less is no remedy.
pub const NOTICED: Span = Span::MINUTE;

/// The change that tells the mail soonest, and by how much sooner: to the horizon if it was not told
/// at all. `None` where no change tells it sooner, by as much as is noticed, without making the device's other
/// mail later.
pub fn sooner<'a>(scenario: &Scenario, row: &MailRow, tried: &'a [Tried]) -> Option<(&'a Tried, Span)> {
    let at = |row: &MailRow| row.told.unwrap_or(Time::NEVER);
    let best = tried.iter().filter(|tried| !tried.hurts_others).min_by_key(|tried| at(&tried.row))?;
    let (before, after) = (at(row), at(&best.row));
    (after + NOTICED <= before).then(|| (best, before.min(scenario.end).since(after)))
}
