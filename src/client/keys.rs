//! Whether the key can be had, and from where: a pure function of public state, of which the policy is part.

use crate::policy::{KeyAccess, KeychainClass, Passcode, Policy};
use crate::signal::{Facts, KeyFailure, KeySource, Lock};

/// Where the client runs when it asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ground {
    /// On the screen, where it can flip to the UEM client.
    Foreground,
    /// Anywhere else.
    Background,
}

/// Asks for the key: memory first, then the keychain, then an app flip.
///
/// # Errors
/// The first condition that stands in the way.
pub fn key_access(facts: &Facts, ground: Ground) -> Result<KeySource, KeyFailure> {
    if facts.key_in_memory {
        return Ok(KeySource::Memory);
    }
    match (stored_key(facts), ground) {
        (Ok(()), _) => Ok(KeySource::Keychain),
        (Err(_), Ground::Foreground) => Ok(KeySource::Flip),
        (Err(reason), Ground::Background) => Err(reason),
    }
}

/// Whether a process without a key in memory could read one now without the foreground: the client's, or the one that
/// its extension has of its own.
pub fn key_readable_without_process(facts: &Facts) -> bool {
    let of_extension =
        || facts.policy.delivery.has_own_item() && facts.readable(facts.extension_class).is_ok();
    !facts.powered_off && !facts.removed && (stored_key(facts).is_ok() || of_extension())
}

/// Whether the policy puts the key into the keychain at the first foreground check.
pub fn stores_key(policy: &Policy) -> bool {
    policy.key_access.stores_item() && class_exists(policy)
}

/// Whether a background *launch* that finds this ends the process, rather than leave it running for
/// the rest of its slot: Ivanti writes that iOS "cannot relaunch" the client then.
pub const fn refuses_launch(reason: KeyFailure) -> bool {
    matches!(reason, KeyFailure::KeychainLocked | KeyFailure::BeforeFirstUnlock)
}

fn stored_key(facts: &Facts) -> Result<(), KeyFailure> {
    match facts.policy.key_access {
        KeyAccess::AppFlip => Err(KeyFailure::NeedsAppFlip),
        _ if facts.key_lost => Err(KeyFailure::KeyLost),
        KeyAccess::DeviceKeychain if !facts.key_stored => Err(KeyFailure::KeyNotStored),
        KeyAccess::DeviceKeychain | KeyAccess::OsProtection => facts.readable(facts.policy.keychain_class),
        KeyAccess::BackgroundAuthorize => authorized(facts),
    }
}

/// Whether the key can be missing for this reason under a policy, whatever happens on the phone. It says yes where the
/// policy does not decide.
pub fn may_lack_key(policy: &Policy, reason: KeyFailure) -> bool {
    let access = policy.key_access;
    match reason {
        KeyFailure::NeedsAppFlip => access.needs_foreground(),
        KeyFailure::KeychainLocked => {
            access.goes_by_class() && policy.keychain_class != KeychainClass::AfterFirstUnlock
        }
        KeyFailure::AuthorizationExpired | KeyFailure::LowPower => access.goes_by_authentication(),
        KeyFailure::BeforeFirstUnlock | KeyFailure::KeyLost | KeyFailure::KeychainError => {
            !access.needs_foreground()
        }
        KeyFailure::KeyNotStored => access.goes_by_class(),
    }
}

fn class_exists(policy: &Policy) -> bool {
    policy.keychain_class != KeychainClass::WhenPasscodeSet || policy.passcode != Passcode::None
}

/// The guards of BlackBerry's Background Authorize: not in Low Power Mode, unlocked since boot,
/// authenticated within the maximum age (BlackBerry Dynamics SDK for iOS 14).
fn authorized(facts: &Facts) -> Result<(), KeyFailure> {
    if facts.low_power_mode {
        Err(KeyFailure::LowPower)
    } else if facts.policy.passcode == Passcode::None {
        Ok(())
    } else if facts.lock == Lock::BeforeFirstUnlock {
        Err(KeyFailure::BeforeFirstUnlock)
    } else if !facts.authorized {
        Err(KeyFailure::AuthorizationExpired)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::policy;
    use crate::signal::{Habits, HabitsConfig};

    fn policy(access: KeyAccess, class: KeychainClass, passcode: Passcode) -> Policy {
        let config = policy::Config {
            key_access: Some(access),
            keychain_class: Some(class),
            passcode,
            ..policy::Config::default()
        };
        Policy::try_from(&config).unwrap()
    }

    fn facts(policy: Policy, lock: Lock, keychain_open: bool) -> Facts {
        let mut facts = Facts::at_origin(policy, Habits::new(&HabitsConfig::default(), Clock::utc()));
        facts.lock = lock;
        facts.keychain_open = keychain_open;
        facts.key_stored = true;
        facts
    }

    use KeyAccess::*;
    use KeyFailure::*;
    use KeychainClass::*;
    use Lock::*;

    const LOCKS: [(Lock, bool); 4] =
        [(Lock::BeforeFirstUnlock, false), (Unlocked, true), (Locked, true), (Locked, false)];

    #[test]
    fn the_table_of_the_specification_holds() {
        let six = Passcode::SixDigits;
        let bfu = Err(KeyFailure::BeforeFirstUnlock);
        let (open, locked) = (Ok(KeySource::Keychain), Err(KeychainLocked));
        for (access, class, expected) in [
            (AppFlip, WhenUnlocked, [Err(NeedsAppFlip); 4]),
            (DeviceKeychain, WhenUnlocked, [bfu, open, open, locked]),
            (DeviceKeychain, WhenPasscodeSet, [bfu, open, open, locked]),
            (DeviceKeychain, AfterFirstUnlock, [bfu, open, open, open]),
            (OsProtection, WhenUnlocked, [bfu, open, open, locked]),
            (OsProtection, AfterFirstUnlock, [bfu, open, open, open]),
            (BackgroundAuthorize, WhenUnlocked, [bfu, open, open, open]),
        ] {
            for ((lock, keychain_open), expected) in LOCKS.into_iter().zip(expected) {
                let found =
                    key_access(&facts(policy(access, class, six), lock, keychain_open), Ground::Background);
                assert_eq!(found, expected, "{access:?} {class:?} {lock:?}");
            }
        }
    }

    #[test]
    fn the_foreground_always_has_a_key_and_memory_comes_first() {
        for access in KeyAccess::ALL {
            for class in KeychainClass::ALL {
                for (lock, open) in LOCKS {
                    for passcode in [Passcode::None, Passcode::SixDigits] {
                        let mut facts = facts(policy(access, class, passcode), lock, open);
                        assert!(key_access(&facts, Ground::Foreground).is_ok());
                        facts.key_in_memory = true;
                        assert_eq!(key_access(&facts, Ground::Background), Ok(KeySource::Memory));
                    }
                }
            }
        }
    }

    #[test]
    fn what_a_policy_excludes_is_the_reason_in_no_state_of_a_phone() {
        let policies = KeyAccess::ALL.into_iter().flat_map(|access| {
            let passcodes = [Passcode::None, Passcode::SixDigits];
            let of_class = move |class| passcodes.map(|passcode| policy(access, class, passcode));
            KeychainClass::ALL.into_iter().flat_map(of_class)
        });
        for policy in policies {
            for (state, (lock, open)) in (0..16).flat_map(|state| LOCKS.map(|lock| (state, lock))) {
                let mut facts = facts(policy, lock, open);
                facts.key_lost = state & 1 > 0;
                facts.key_stored = state & 2 > 0;
                facts.authorized = state & 4 > 0;
                facts.low_power_mode = state & 8 > 0;
                if let Err(reason) = key_access(&facts, Ground::Background) {
                    assert!(may_lack_key(&policy, reason), "{policy:?} {reason:?}");
                }
            }
        }
    }

    #[test]
    fn without_a_passcode_nothing_is_protected_and_when_passcode_set_cannot_exist() {
        for (lock, open) in LOCKS {
            let open_class = policy(DeviceKeychain, WhenUnlocked, Passcode::None);
            assert_eq!(
                key_access(&facts(open_class, lock, open), Ground::Background),
                Ok(KeySource::Keychain)
            );
            let bound = policy(DeviceKeychain, WhenPasscodeSet, Passcode::None);
            assert_eq!(key_access(&facts(bound, lock, open), Ground::Background), Err(KeyNotStored));
            assert!(!stores_key(&bound) && stores_key(&open_class));
        }
    }

    #[test]
    fn background_authorize_asks_for_power_first_unlock_and_a_young_authentication() {
        let policy = policy(BackgroundAuthorize, WhenUnlocked, Passcode::SixDigits);
        let mut facts = facts(policy, Locked, false);
        facts.authorized = false;
        assert_eq!(key_access(&facts, Ground::Background), Err(AuthorizationExpired));
        facts.low_power_mode = true;
        assert_eq!(key_access(&facts, Ground::Background), Err(LowPower));
    }

    #[test]
    fn a_key_that_was_not_stored_is_missing_where_it_goes_by_a_class_and_a_lost_one_everywhere() {
        for (access, expected) in
            [(DeviceKeychain, Err(KeyNotStored)), (OsProtection, Ok(KeySource::Keychain))]
        {
            let mut facts = facts(policy(access, AfterFirstUnlock, Passcode::SixDigits), Locked, false);
            facts.key_stored = false;
            assert_eq!(key_access(&facts, Ground::Background), expected);
            facts.key_lost = true;
            assert_eq!(key_access(&facts, Ground::Background), Err(KeyFailure::KeyLost));
        }
    }

    #[test]
    fn only_a_closed_keychain_refuses_a_launch() {
        let refusing: Vec<KeyFailure> =
            KeyFailure::ALL.into_iter().filter(|why| refuses_launch(*why)).collect();
        assert_eq!(refusing, [KeyFailure::BeforeFirstUnlock, KeychainLocked]);
    }

    /// An extension has an item of its own, under a class of its own.
    #[test]
    fn what_can_be_read_without_a_process_is_the_clients_key_or_its_extensions() {
        let mut facts = facts(policy(AppFlip, WhenUnlocked, Passcode::SixDigits), Locked, false);
        assert!(!key_readable_without_process(&facts));
        facts.policy.delivery = crate::policy::Delivery::PushExtension;
        facts.extension_class = AfterFirstUnlock;
        assert!(key_readable_without_process(&facts));
        facts.extension_class = WhenUnlocked;
        assert!(!key_readable_without_process(&facts));
        facts.policy.key_access = OsProtection;
        facts.policy.keychain_class = AfterFirstUnlock;
        assert!(key_readable_without_process(&facts));
        let changes: [fn(&mut Facts); 2] = [|facts| facts.powered_off = true, |facts| facts.removed = true];
        for change in changes {
            let mut facts = facts.clone();
            change(&mut facts);
            assert!(!key_readable_without_process(&facts));
        }
    }
}
