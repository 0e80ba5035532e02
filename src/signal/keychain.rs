//! When the operating system gives out what lies under a class of the keychain, or files of it.

use super::{Facts, KeyFailure, Lock};
use crate::policy::{KeychainClass, Passcode};

impl Facts {
    /// Whether an item of a class can be read now.
    ///
    /// Apple's accessibility constants: `WhenUnlocked` between unlock and lock, `AfterFirstUnlock` from the first
    /// unlock until reboot (Apple DTS, forum thread 682669). Without a passcode nothing is protected, and
    /// `WhenPasscodeSet` items cannot exist.
    ///
    /// # Errors
    /// What closes it.
    pub fn readable(&self, class: KeychainClass) -> Result<(), KeyFailure> {
        match (self.policy.passcode, class) {
            (Passcode::None, KeychainClass::WhenPasscodeSet) => Err(KeyFailure::KeyNotStored),
            (Passcode::None, _) => Ok(()),
            _ if self.lock == Lock::BeforeFirstUnlock => Err(KeyFailure::BeforeFirstUnlock),
            (_, KeychainClass::AfterFirstUnlock) => Ok(()),
            (_, KeychainClass::WhenUnlocked | KeychainClass::WhenPasscodeSet) if self.keychain_open => Ok(()),
            (_, KeychainClass::WhenUnlocked | KeychainClass::WhenPasscodeSet) => {
                Err(KeyFailure::KeychainLocked)
            }
        }
    }
}
