//! What keeps that which opens the mail: stories speak of a keychain where there is one.

use crate::policy::{KeyAccess, Policy};

/// What keeps that which opens the mail, where the client has it in no memory of its own.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) enum Keeper {
    /// An item in the keychain, or the UEM client.
    #[default]
    Keychain,
    /// Files that are closed by the class of the operating system; there is no key of the client's own.
    Files,
    /// The container of the vendor, while an authentication is young.
    Container,
}

impl Keeper {
    /// That of a policy.
    pub(super) fn of(policy: &Policy) -> Keeper {
        match policy.key_access {
            KeyAccess::AppFlip | KeyAccess::DeviceKeychain => Keeper::Keychain,
            KeyAccess::OsProtection => Keeper::Files,
            KeyAccess::BackgroundAuthorize => Keeper::Container,
        }
    }
}
