//! What stands in the way of each route, as pure functions of the public state: a simulation asks them, and so does
//! the table of what each product shows.

use super::config::{Config, DetailRoute};
use crate::policy::Shows;
use crate::signal::{Facts, Lock, Network, Process};
use crate::time::Time;

/// What the push of a mail shows under the policy in force, where each mail has one.
pub fn shows(config: &Config, facts: &Facts) -> Option<Shows> {
    match facts.policy.delivery.shows() {
        Some(Shows::Generic) if config.detail_route == DetailRoute::Extension => Some(Shows::Extension),
        shows => shows,
    }
}

/// Whether a push also wakes the client.
pub fn wakes_client(config: &Config, facts: &Facts) -> bool {
    let delivery = facts.policy.delivery;
    let by_extension =
        delivery.shows() == Some(Shows::Generic) && config.detail_route == DetailRoute::Extension;
    delivery.wakes_client() && !by_extension
}

/// Whether the device can be reached.
pub fn is_online(facts: &Facts) -> bool {
    !facts.powered_off && facts.network != Network::None
}

/// Whether the device is asleep, so that a push of priority 5 may wait: locked and off a charger (assumed).
pub fn is_asleep(facts: &Facts) -> bool {
    facts.lock != Lock::Unlocked && !facts.plugged_in
}

/// Whether the client may not be woken, so that a push for it is not kept: swiped away, or its background refresh
/// is off.
pub fn is_barred(facts: &Facts) -> bool {
    facts.force_quit || facts.refresh_off || facts.removed
}

/// Whether every gate that the system asks before it wakes the client for a push is open.
pub fn gates_are_open(facts: &Facts, now: Time) -> bool {
    let starts_nothing =
        facts.memory_refuses() || facts.herd_refuses() || facts.boot_quiet || facts.budget_denies;
    let saves_power = facts.low_power_enforced(now) || facts.critically_low(now);
    is_online(facts) && facts.lock != Lock::BeforeFirstUnlock && !starts_nothing && !saves_power
}

/// Whether the extension can read its item: one of its own, or where it writes for the client the client's.
pub fn extension_has_key(facts: &Facts) -> bool {
    if facts.policy.delivery.has_own_item() {
        return facts.readable(facts.extension_class).is_ok();
    }
    let policy = &facts.policy;
    let access = policy.key_access;
    let opens = !access.goes_by_class() || facts.readable(policy.keychain_class).is_ok();
    let is_there = !access.stores_item() || facts.key_stored && !facts.key_lost;
    let is_young = facts.authorized && facts.lock != Lock::BeforeFirstUnlock;
    !access.needs_foreground() && opens && is_there && (is_young || !access.goes_by_authentication())
}

/// Whether the system's own mail client can fetch: its account is closed before the first unlock.
pub fn system_can_fetch(facts: &Facts) -> bool {
    is_online(facts) && facts.lock != Lock::BeforeFirstUnlock
}

/// Whether it does so in its turn; Low Power Mode pauses that (Apple, Energy Efficiency Guide).
pub fn system_fetches_in_turn(facts: &Facts, now: Time) -> bool {
    system_can_fetch(facts) && !facts.low_power_enforced(now)
}

/// Whether the client shows what it has, so that a push adds nothing.
pub fn is_on_screen(facts: &Facts) -> bool {
    facts.process == Process::Foreground
}
