//! Settings that somebody wrote and that change nothing, because of the others.

use super::{Look, codes};
use crate::client::{KeyInMemory, stores_key};
use crate::device::push::{Config as Push, is_read};
use crate::event::What;
use crate::persona::{self, FleetEntry};
use crate::policy::{Code, Delivery, KeyAccess, KeychainClass, OutsideHours, Passcode, Setting};
use crate::scenario::keys;
use crate::section::{Held, Shape};

pub(super) fn look(look: &mut Look<'_>) {
    let idle = [
        ("policy", "keychain_class", class(look)),
        ("policy", "max_age", max_age(look)),
        ("policy", "keychain_lock_grace", grace(look)),
        ("policy", "auto_lock", auto_lock(look)),
        ("policy", "background_app_refresh", asked(look)),
        ("client", "refresh_interval", asked(look)),
        ("client", "key_in_memory", memory(look)),
    ];
    for (section, key, why) in idle {
        if let (Some(reason), Some(value)) = (why, look.changed(section, key)) {
            let key = format!("{section}.{key}");
            let help = "delete it, or change what stands in its way";
            report(look, &key, &format!("{key} = {value}"), reason, help);
        }
    }
    push(look);
    push_at_hours(look);
    extension(look);
    fleet(look);
}

/// What of push no way of telling goes by that a device has.
fn push(look: &mut Look<'_>) {
    let deliveries = look.scenario.deliveries();
    let of_push = |place: &str| place == "push" || place.starts_with("push.");
    for (place, key) in keys().into_iter().filter(|(place, _)| of_push(place)) {
        let path = [place, key.name].join(".");
        let is_table = matches!(key.shape, Shape::Table(_));
        let place = if is_table { path.as_str() } else { place };
        let reads = |delivery: &Delivery| is_read(*delivery, place, key.name);
        // A table is told by what stands in it.
        let within = || {
            keys()
                .into_iter()
                .any(|(table, key)| table == path && look.is_written(&[table, key.name].join(".")))
        };
        if !look.is_written(&path) || deliveries.iter().any(reads) || is_table && within() {
            continue;
        }
        let (reason, help) = match look.scenario.pushes() {
            false => (
                "nothing but background refresh tells of mail here".into(),
                "delete it, or set `policy.delivery` or `policy.product`",
            ),
            true => {
                let names = deliveries.iter().map(|delivery| format!("`{}`", delivery.name()));
                let named = names.collect::<Vec<_>>().join(" and ");
                (format!("{named} does not go by it"), "delete it, or set another `policy.delivery`")
            }
        };
        report(look, &path, &path, reason, help);
    }
}

/// What is sent outside working hours, where there are none, and of whom, where nobody's mail is set apart.
fn push_at_hours(look: &mut Look<'_>) {
    let reads = |key: &str| look.scenario.deliveries().iter().any(|delivery| is_read(*delivery, "push", key));
    let published = |setting: Setting| matches!(setting, Setting::WorkingHours(Some(_)));
    let has_hours = look.variant.policy.working_hours.is_some() || look.scenario.dates.publish(published);
    if look.is_written("push.outside_hours") && reads("outside_hours") && !has_hours {
        let reason = "without working hours no mail arrives outside them".into();
        let help = "delete it, or set `policy.working_hours`";
        report(look, "push.outside_hours", "push.outside_hours", reason, help);
    }
    if look.is_written("push.vip") && reads("vip") && !sends_of_some(look) {
        let reason = "only `push.outside_hours = \"vip\"` sets the mail of some people apart".into();
        report(look, "push.vip", "push.vip", reason, "delete it, or set `push.outside_hours = \"vip\"`");
    }
}

/// Whether the mail of some people is pushed outside working hours, by what is written or by a product.
fn sends_of_some(look: &Look<'_>) -> bool {
    let scenario = look.scenario;
    let now = scenario.variants().into_iter();
    let vip = Some(OutsideHours::Vip);
    now.map(|variant| variant.sections.push.sent_outside_hours(variant.policy.product))
        .any(|sent| Some(sent) == vip)
        || scenario.push_settings().iter().any(|push| push.outside_hours == vip)
        || scenario.dates.publish(|setting| match setting {
            Setting::Product(product) => product.map(|product| product.facts().outside_hours) == vip,
            _ => false,
        })
}

/// What the extension goes by, where the client that a push wakes tells the content.
fn extension(look: &mut Look<'_>) {
    let deliveries = look.scenario.deliveries();
    let reads = deliveries.iter().any(|delivery| is_read(*delivery, "push.extension", "start"));
    let writes = |push: &Push| deliveries.iter().any(|delivery| push.writes_by_extension(*delivery));
    if !reads || look.scenario.push_settings().iter().any(writes) {
        return;
    }
    for (place, key) in keys().into_iter().filter(|(place, _)| *place == "push.extension") {
        let path = [place, key.name].join(".");
        if look.is_written(&path) {
            let reason = "under `push.detail_route = \"background\"` no extension writes the text".into();
            let help = "delete it, or set `push.detail_route = \"extension\"`";
            report(look, &path, &path, reason, help);
        }
    }
}

/// Dates that keep pushes away where there are none.
pub(super) fn no_push(look: &mut Look<'_>) {
    if look.scenario.deliveries().iter().any(|delivery| delivery.is_push()) {
        return;
    }
    let names: Vec<(usize, String)> = look
        .scenario
        .dates
        .events
        .iter()
        .enumerate()
        .filter(|(_, event)| matches!(event.what, What::NoPush(_)))
        .map(|(place, event)| (place, event.name.clone()))
        .collect();
    for (place, name) in names {
        let key = format!("event[{place}].no_push");
        let reason = "no mail is pushed through APNs here".into();
        let help = "delete it, or set `policy.delivery` or `policy.product`";
        report(look, &key, &format!("event.{name}.no_push"), reason, help);
    }
}

fn report(look: &mut Look<'_>, key: &str, written: &str, reason: String, help: &str) {
    look.find(&codes::no_effect, key, format!("`{written}` has no effect"), reason, help);
}

fn access(look: &Look<'_>) -> KeyAccess {
    look.variant.policy.key_access
}

fn class(look: &Look<'_>) -> Option<String> {
    match access(look) {
        KeyAccess::AppFlip => Some("under `app_flip` nothing lies in the keychain".into()),
        KeyAccess::BackgroundAuthorize => {
            Some("`background_authorize` goes by the age of the authentication, not by a class".into())
        }
        // The class without an item is a finding of its own.
        _ if look.variant.policy.passcode == Passcode::None && stores_key(&look.variant.policy) => {
            Some("without a passcode every class is readable at all times".into())
        }
        KeyAccess::DeviceKeychain | KeyAccess::OsProtection => None,
    }
}

fn max_age(look: &Look<'_>) -> Option<String> {
    (!access(look).goes_by_authentication())
        .then(|| "only `background_authorize` asks how old an authentication is".into())
}

fn grace(look: &Look<'_>) -> Option<String> {
    let class = look.variant.policy.keychain_class;
    match look.model("lock") {
        _ if !access(look).goes_by_class() => Some("no keychain item is read under this key access".into()),
        _ if class == KeychainClass::AfterFirstUnlock => {
            Some("an `after_first_unlock` item does not close when the device locks".into())
        }
        _ if look.variant.policy.passcode == Passcode::None => {
            Some("without a passcode nothing closes".into())
        }
        model @ ("always_unlocked" | "always_locked") => {
            Some(format!("with `lock.model = \"{model}\"` the device never locks anew"))
        }
        _ => None,
    }
}

fn auto_lock(look: &Look<'_>) -> Option<String> {
    let model = look.model("lock");
    (model != "user").then(|| format!("`lock.model = \"{model}\"` locks by itself and ignores the screen"))
}

/// What only the system's own scheduler asks for, of a client that runs in the background.
fn asked(look: &Look<'_>) -> Option<String> {
    let model = look.model("scheduler");
    let delivery = look.variant.policy.delivery;
    if delivery.code() != Code::Client {
        return Some(format!(
            "under `policy.delivery = \"{}\"` the client does not run in the background",
            delivery.name()
        ));
    }
    (model != "das")
        .then(|| format!("`scheduler.model = \"{model}\"` wakes without a request and asks no gate"))
}

/// Where the class is readable whenever a process can live, the key in memory opens nothing more.
fn memory(look: &Look<'_>) -> Option<String> {
    let policy = &look.variant.policy;
    if look.variant.sections.client.key_in_memory != Some(KeyInMemory::WhileProcessLives) {
        return None;
    }
    let readable = match policy.key_access {
        KeyAccess::DeviceKeychain if !stores_key(policy) => false,
        KeyAccess::DeviceKeychain | KeyAccess::OsProtection => {
            policy.passcode == Passcode::None || policy.keychain_class == KeychainClass::AfterFirstUnlock
        }
        KeyAccess::AppFlip | KeyAccess::BackgroundAuthorize => false,
    };
    readable.then(|| {
        "a process that lives has been unlocked since the restart, and then this class is readable anyway; \
         only the exposure of the key in memory grows"
            .into()
    })
}

/// Rows of a persona whose model was replaced by a simple one.
fn fleet(look: &mut Look<'_>) {
    for index in 0..look.scenario.fleet.groups.len() {
        for row in FleetEntry::SHAPE.keys().iter().filter(|row| row.number.is_some()) {
            let key = format!("fleet[{index}].{}", row.name);
            let section = persona::reader(row);
            if look.is_written(&key) && !look.is_full(section) {
                let model = look.model(section);
                let reason = format!("`{section}.model = \"{model}\"` does not read it");
                report(look, &key, &key, reason, "delete it, or use the full model");
            }
        }
    }
}
