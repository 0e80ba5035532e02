//! The terms in which a device's story is told: they speak of a keychain where there is one, and of a push where one is
//! sent.

use crate::policy::{Delivery, KeyAccess, Policy};

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

/// The terms that a policy calls for.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Terms {
    /// What keeps that which opens the mail.
    pub(super) keeper: Keeper,
    /// Whether the server tells the system's own mail client over an open connection, and sends no push.
    pub(super) by_connection: bool,
}

impl Terms {
    /// Those of a policy.
    pub(super) fn of(policy: &Policy) -> Terms {
        let keeper = match policy.key_access {
            KeyAccess::AppFlip | KeyAccess::DeviceKeychain => Keeper::Keychain,
            KeyAccess::OsProtection => Keeper::Files,
            KeyAccess::BackgroundAuthorize => Keeper::Container,
        };
        Terms { keeper, by_connection: policy.delivery == Delivery::SystemLongpoll }
    }
}
