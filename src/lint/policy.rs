//! Findings about the key, the passcode that guards it, and working hours.

use super::{Look, codes, guessing};
use crate::client::{KeyInMemory, stores_key};
use crate::policy::{Code, KeyAccess, KeychainClass, OutsideHours, Passcode, Policy, Product, Shows};
use crate::signal::HabitsProfile;

pub(super) fn look(look: &mut Look<'_>) {
    passcode(look);
    class(look);
    working_hours(look);
    refresh(look);
    push(look);
    hours_of_cns(look);
    profile(look);
}

/// What the passcode guards, if it guards anything.
fn guarded(access: KeyAccess) -> Option<&'static str> {
    match access {
        KeyAccess::AppFlip => None,
        KeyAccess::DeviceKeychain => Some("the key in the device keychain"),
        KeyAccess::BackgroundAuthorize => Some("the container that opens in the background"),
        KeyAccess::OsProtection => Some("the client's files"),
    }
}

fn passcode(look: &mut Look<'_>) {
    let policy = &look.variant.policy;
    let Some(guarded) = guarded(policy.key_access) else { return };
    let bypassed = |passcode| guessing(passcode).map(|guess| guess.bypassed()).unwrap_or_default();
    let letters = bypassed(Passcode::Alphanumeric);
    let help = format!(
        "require `policy.passcode = \"alphanumeric\"` first (six letters and digits: {letters} without the \
         delays), or at least six digits ({})",
        bypassed(Passcode::SixDigits)
    );
    let key = if look.written.has("policy.passcode") { "policy.passcode" } else { access_key(look) };
    let Some(guess) = guessing(policy.passcode) else {
        if policy.keychain_class != KeychainClass::WhenPasscodeSet {
            let reason = "without a passcode iOS protects nothing: whoever holds the device reads it";
            look.find(&codes::passcode_none, key, format!("nothing guards {guarded}"), reason, help);
        }
        return;
    };
    let words = format!("{}; passcodes that people choose fall sooner", guess.words());
    match policy.passcode {
        Passcode::None | Passcode::Alphanumeric => {}
        Passcode::FourDigits => {
            look.find(&codes::passcode_not_strong, key, format!("four digits guard {guarded}"), words, help);
        }
        Passcode::SixDigits => {
            let help = format!(
                "`policy.passcode = \"alphanumeric\"` does not rest on the delays alone: six letters and \
                 digits take {letters} without them"
            );
            look.find(&codes::passcode_six_digits, key, format!("six digits guard {guarded}"), words, help);
        }
    }
}

/// The key by which the scenario chose its key access.
fn access_key(look: &Look<'_>) -> &'static str {
    match look.written.has("policy.key_access") {
        true => "policy.key_access",
        false => "policy.allow_device_keychain",
    }
}

fn class(look: &mut Look<'_>) {
    let policy = &look.variant.policy;
    if !policy.key_access.stores_item() {
        return;
    }
    let key = "policy.keychain_class";
    if !stores_key(policy) {
        let reason = "an item of class `when_passcode_set` cannot be stored on a device without a passcode: \
                      once the process has ended, every background check fails with `key_not_stored`";
        let help = "require a passcode";
        look.find(&codes::key_never_stored, key, "the key is never stored", reason, help);
    } else if policy.passcode != Passcode::None && policy.keychain_class == KeychainClass::AfterFirstUnlock {
        let reason = "a lost or stolen device gives the key out although it is locked; `when_unlocked` \
                      closes it soon after locking";
        let help = "compare with `policy.keychain_class = \"when_unlocked\"`, which still checks while the \
                    device is unlocked or the process lives; keep this class only if mail told while the \
                    device is locked is worth the exposure";
        let message = "the key stays readable while the device is locked";
        look.find(&codes::class_weaker_than_needed, key, message, reason, help);
    } else if policy.passcode != Passcode::None && policy.keychain_class == KeychainClass::WhenUnlocked {
        let reason = "`when_passcode_set` is readable at the same times, and the item is deleted when the \
                      passcode is removed";
        let help = "if the client offers it, use `policy.keychain_class = \"when_passcode_set\"`";
        let message = "the key outlives the passcode";
        let key = if look.is_written(key) { key } else { access_key(look) };
        look.find(&codes::class_without_passcode_guard, key, message, reason, help);
    }
}

fn working_hours(look: &mut Look<'_>) {
    let policy = &look.variant.policy;
    let Some(hours) = &policy.working_hours else { return };
    let key = "policy.working_hours";
    if hours.is_never() {
        let help = "name the days, or take `policy.working_hours` out";
        let reason = "every mail is found outside working hours, and held back for good";
        look.find(&codes::working_hours_empty, key, "no day has working hours", reason, help);
    }
    if hours.has_whole_days() {
        let help = "write other hours, or take `from` and `to` out if whole days are meant";
        let message = "working hours end at the time at which they begin";
        let reason = "they are taken to last the whole of each of their days";
        look.find(&codes::working_hours_whole_day, key, message, reason, help);
    }
    let memory = look.variant.sections.client.key_in_memory(policy.key_access);
    // What a push shows, or the system's own client, needs no key of the client's, and of pushes the server keeps the hours.
    let (shows, code) = (policy.delivery.shows(), policy.delivery.code());
    let tells_alone = code == Code::Client && matches!(shows, None | Some(Shows::Badge));
    if tells_alone && policy.key_access.needs_foreground() && memory == KeyInMemory::DroppedInBackground {
        let reason = "under `app_flip` the background never has the key: no check that begins there gets as far \
                      as asking whether it is working time, and only one that the user began by opening the client can \
                      end in a notification";
        let help = "set `policy.allow_device_keychain = true` with a strong passcode, or take the hours out";
        let message = "working hours can never be verified in the background";
        look.find(&codes::working_hours_cannot_be_verified, key, message, reason, help);
    }
}

fn push(look: &mut Look<'_>) {
    let policy = look.variant.policy;
    let memory = look.variant.sections.client.key_in_memory(policy.key_access);
    let never_has_key = policy.key_access.needs_foreground() && memory == KeyInMemory::DroppedInBackground;
    // Where the server's own text tells, the client has nothing to add that this tells of.
    if never_has_key && policy.delivery.wakes_client() && !policy.delivery.server_reads_mail() {
        let (message, says) = match policy.delivery.shows() {
            None => {
                ("no push is ever followed by a notification", "a push shows nothing by itself, and mail")
            }
            Some(Shows::Badge) => (
                "no push is followed by content before its user opens the client",
                "a push counts up a number on the icon, and what came",
            ),
            Some(_) => (
                "no push is followed by content before its user opens the client",
                "a push says that something came, and what came",
            ),
        };
        let reason = format!(
            "under `app_flip` the background never has the key: {says} is told when the user opens the client"
        );
        let help = "set `policy.allow_device_keychain = true` with a strong passcode, or a `policy.delivery` that needs no \
                    code of the client";
        let key = if look.written.has("policy.product") { "policy.product" } else { "policy.delivery" };
        look.find(&codes::push_without_key, key, message, reason, help);
    }
}

fn hours_of_cns(look: &mut Look<'_>) {
    let Policy { product, working_hours, .. } = look.variant.policy;
    let is_cns = matches!(product, Some(Product::EmailPlusCns | Product::EmailPlusCnsKey));
    let sent = look.variant.sections.push.sent_outside_hours(product);
    if is_cns && working_hours.is_some() && sent != OutsideHours::Nothing {
        let message = format!(
            "CNS sends nothing outside working hours, though `push.outside_hours` is \"{}\"",
            sent.name()
        );
        let reason = "since 3.13 the Cloud Notification Service has sent nothing outside working hours";
        let help = "set `push.outside_hours = \"nothing\"`, or another product, such as \"email_plus_ens\"";
        look.find(&codes::cns_keeps_hours, "push.outside_hours", message, reason, help);
    }
}

fn profile(look: &mut Look<'_>) {
    if look.variant.sections.habits.profile == HabitsProfile::Ios27 {
        let reason = "nothing that changed in the scheduling of iOS 27 was found, so `ios27` computes what `ios26` does";
        let message = "what holds of iOS 26 is taken to hold of iOS 27";
        let help = "read results as those of iOS 26";
        look.find(&codes::ios27_as_ios26, "habits.profile", message, reason, help);
    }
}

fn refresh(look: &mut Look<'_>) {
    let Policy { delivery, background_app_refresh, .. } = look.variant.policy;
    if delivery.code() != Code::Client {
        return;
    }
    if background_app_refresh == Some(false) && delivery.wakes_client() {
        let left = match delivery.shows() {
            None => "nothing is left, as it shows nothing by itself",
            Some(_) => "what is left is what it shows by itself",
        };
        let reason = format!(
            "a push that is to wake the client is discarded where Background App Refresh is off: {left}"
        );
        let help = "set `policy.background_app_refresh = true`, or a `policy.delivery` that needs no code of the client";
        let message = "no push wakes the client";
        look.find(&codes::push_wakes_nobody, "policy.background_app_refresh", message, reason, help);
    } else if background_app_refresh == Some(false) && look.model("scheduler") == "das" {
        let reason = "the user is told only by opening the client; Apple publishes no MDM key that \
                      switches it on again";
        let help = "set `policy.background_app_refresh = true` to see what the switch costs";
        let message = "nothing is checked in the background";
        look.find(&codes::background_app_refresh_off, "policy.background_app_refresh", message, reason, help);
    }
}
