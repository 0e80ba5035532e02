//! What would have told the user sooner: the same device, replayed under one change at a time.
//!
//! Arrivals, outages and the user's own day are drawn ahead of any policy (docs/semantics.md, "Pairing"), so the mail of
//! the changed world is the same mail, and the difference is the change's doing.

use super::mails;
use crate::engine::Engine;
use crate::policy::{Delivery, KeyAccess, Product};
use crate::record::MailRow;
use crate::scenario::{Own, Scenario};
use crate::time::{Span, Time};

/// A change that somebody could make.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// As `--set` takes it; several where they were made together.
    pub sets: Vec<String>,
    /// In words.
    pub words: String,
    /// What it costs, for whoever decides.
    pub price: String,
}

impl Change {
    fn together(changes: &[&Change]) -> Change {
        let each = |part: fn(&Change) -> &str| {
            changes.iter().map(|change| part(change)).collect::<Vec<_>>().join("; and ")
        };
        Change {
            sets: changes.iter().flat_map(|change| change.sets.clone()).collect(),
            words: each(|change| &change.words),
            price: each(|change| &change.price),
        }
    }
}

/// A change as `--set` takes it, in words, and what it costs.
type Attempt = (&'static str, &'static str, &'static str);

/// The changes that leave the key where it is, the least far-reaching first: of equal ones the first is named.
const CHANGES: [Attempt; 10] = [
    ("policy.background_app_refresh=true", "Background App Refresh switched on", "some energy"),
    (
        "client.refresh_interval=15m",
        "the client asks for its next check after 15 min",
        "more checks, hence energy",
    ),
    ("policy.working_hours=always", "no working hours", "notifications at any hour"),
    (
        "client.after_hours=announced_when_hours_begin",
        "what was held back announced when working hours begin",
        "nothing",
    ),
    (
        "user.force_quit_every_evening=false",
        "the user no longer swipes the client away every evening",
        "a habit",
    ),
    ("push.stored=newest", "APNs stores the newest push of a phone that is not reached", "nothing"),
    (
        "push.subscription.renewal=server",
        "the server renews the push subscription",
        "the vendor's service keeps credentials for it",
    ),
    ("push.outside_hours=all", "pushes at any hour", "notifications at any hour"),
    ("power.low_power_mode=off", "Low Power Mode never on", "a shorter battery life"),
    ("fleet.force_quitters=0", "the user never swipes the client away in passing", "a habit"),
];

/// The changes that bring the key within reach, and those that follow from them.
const fn reaching(access: KeyAccess) -> &'static [Attempt] {
    match access {
        // What takes the key away from the background helps nobody.
        KeyAccess::AppFlip => &[],
        KeyAccess::DeviceKeychain => &[
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
                CLASS,
                "the keychain item readable after the first unlock",
                "the key is readable while the phone is locked, until it restarts",
            ),
        ],
        KeyAccess::BackgroundAuthorize => &[(
            "policy.key_access=background_authorize",
            "the container open in the background (background_authorize)",
            "the key stays in reach while the phone is locked, until the authorization ends",
        )],
        KeyAccess::OsProtection => &[(
            "policy.key_access=os_protection",
            "no key of the client's own (os_protection)",
            "what protects the mail is the passcode of the phone alone",
        )],
    }
}

/// The changes of how mail is told, which come last.
const TELLING: [Attempt; 3] = [
    ("policy.delivery=system_longpoll", "the system's mail client keeps a connection open", "some energy"),
    (
        "policy.delivery=push_generic_then_detail",
        "a push that says that something came, and wakes the client",
        "more wakes, hence energy",
    ),
    (
        "policy.delivery=push_server_text",
        "a push with the text of the server",
        "the vendor's server reads the mail",
    ),
];

const CLASS: &str = "policy.keychain_class=after_first_unlock";

/// What the class comes to where it is that of files.
const FILES: (&str, &str) = (
    "the client's files readable after the first unlock",
    "the files are readable while the phone is locked, until it restarts",
);

/// The changes that are tried on a device.
pub fn changes(scenario: &Scenario, device: u32) -> Vec<Change> {
    let own = scenario.own(scenario.member(device));
    let reaching = KeyAccess::ALL.into_iter().flat_map(reaching).copied();
    let all = CHANGES.into_iter().chain(reaching).chain(TELLING);
    let apply = all.filter(|(set, ..)| concerns(set, &own));
    let access = own.policy.key_access;
    let has_files = access.goes_by_class() && !access.stores_item();
    let change = |(set, words, price): Attempt| {
        let (words, price) = match set {
            CLASS if has_files => FILES,
            _ => (words, price),
        };
        Change { sets: vec![set.into()], words: words.into(), price: price.into() }
    };
    apply.map(change).collect()
}

/// Whether a change can make a difference on a device, and does not make the fleet worse: those of push where mail is
/// pushed, a shorter interval where it is longer than what the system keeps to by default. Asking sooner than that moves
/// single mails by chance (`bgsim compare device-keychain --set-b client.refresh_interval=1m` tells less).
fn concerns(set: &str, own: &Own<'_>) -> bool {
    let policy = own.policy;
    let hours = policy.working_hours.is_some();
    let is_push = policy.delivery.is_push();
    match set.split('=').next().unwrap_or(set) {
        "client.refresh_interval" => own.sections.client.refresh_interval > Span::MINUTE * 15,
        // A key of Ivanti's clients.
        "policy.allow_device_keychain" => policy.product.is_none_or(Product::is_ivanti),
        "policy.working_hours" | "client.after_hours" => hours,
        "push.outside_hours" => hours && is_push,
        "push.stored" | "push.subscription.renewal" => is_push,
        "policy.delivery" if set.ends_with("longpoll") => policy.delivery == Delivery::SystemFetch,
        "policy.delivery" => is_push,
        _ => true,
    }
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
/// force already, is left out. Where none by itself is a remedy, so many as are needed together are the last.
pub fn remedies(
    scenario: &Scenario,
    device: u32,
    row: &MailRow,
    engine: Engine,
    load: impl Fn(&[String]) -> Option<Scenario>,
) -> Vec<Tried> {
    let now = mails(scenario, device, engine).map_or(Span::ZERO, |mails| wait_of_others(&mails, row.mail));
    let replay = |change: Change| {
        let changed = load(&change.sets).filter(|changed| changed.file_config() != scenario.file_config())?;
        let mails = mails(&changed, device, engine).ok()?;
        // Where the arrivals themselves moved, it would be another mail.
        let changed = *mails.get(row.mail as usize).filter(|changed| changed.arrived == row.arrived)?;
        Some(Tried { change, row: changed, hurts_others: wait_of_others(&mails, row.mail) > now })
    };
    let mut tried: Vec<Tried> = changes(scenario, device).into_iter().filter_map(replay).collect();
    if sooner(scenario, row, &tried).is_none() && row.wait() >= NOTICED {
        tried.extend(together(scenario, row, &tried, replay));
    }
    tried
}

/// A remedy of several changes, of which none can be spared: all at once, and then each left out that does not
/// matter, the most far-reaching first.
fn together(
    scenario: &Scenario,
    row: &MailRow,
    tried: &[Tried],
    replay: impl Fn(Change) -> Option<Tried>,
) -> Option<Tried> {
    let remedy = |changes: &[&Change]| {
        let found = replay(Change::together(changes))?;
        sooner(scenario, row, std::slice::from_ref(&found)).is_some().then_some(found)
    };
    // Of the ways to reach the key, or to tell of mail, only one can hold, and the more far-reaching have been tried
    // alone.
    let mut changes: Vec<&Change> = Vec::new();
    for one in tried {
        let sets = |keys: &[&str], change: &Change| keys.iter().any(|key| change.sets[0].starts_with(key));
        let excludes =
            |other: &&Change| ONE_OF.iter().any(|keys| sets(keys, &one.change) && sets(keys, other));
        if !changes.iter().any(excludes) {
            changes.push(&one.change);
        }
    }
    let mut found = remedy(&changes)?;
    for place in (0..changes.len()).rev() {
        let fewer: Vec<&Change> = changes
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, change)| *change)
            .collect();
        if let Some(smaller) = (!fewer.is_empty()).then(|| remedy(&fewer)).flatten() {
            (changes, found) = (fewer, smaller);
        }
    }
    Some(found)
}

/// The keys that say how the key is reached, and those that say how mail is told.
const ONE_OF: [&[&str]; 2] = [&["policy.allow_device_keychain", "policy.key_access"], &["policy.delivery"]];

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
