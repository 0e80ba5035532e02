//! The ways in which a client comes by its key, and what follows from each.

use crate::section::Offer;

crate::choice! {
    /// How the client comes by its key.
    pub enum KeyAccess {
        /// From the UEM client, by an app flip in the foreground (Email+ as delivered).
        AppFlip,
        /// From the device keychain too (`allow_device_keychain = true`).
        DeviceKeychain,
        /// From the container while the user has authenticated recently (BlackBerry).
        BackgroundAuthorize,
        /// No key of its own: only the operating system protects the data (Outlook, Intune).
        OsProtection,
    }
}

/// The names of those of which this is so.
macro_rules! names_of_those {
    ($is_so:ident) => {{
        const FOUND: ([&str; KeyAccess::ALL.len()], usize) = {
            let (mut names, mut found, mut place) = ([""; KeyAccess::ALL.len()], 0, 0);
            while place < names.len() {
                if KeyAccess::ALL[place].$is_so() {
                    names[found] = KeyAccess::ALL[place].name();
                    found += 1;
                }
                place += 1;
            }
            (names, found)
        };
        FOUND.0.split_at(FOUND.1).0
    }};
}

impl KeyAccess {
    /// Every one as it is put before people.
    pub const OFFERS: [Offer; KeyAccess::ALL.len()] = {
        let (mut offers, mut place) = ([("", "", ""); KeyAccess::ALL.len()], 0);
        while place < offers.len() {
            let access = KeyAccess::ALL[place];
            let (label, half) = access.offer();
            offers[place] = (access.name(), label, half);
            place += 1;
        }
        offers
    };

    /// Those that the keychain class matters to.
    pub const BY_CLASS: &[&str] = names_of_those!(goes_by_class);

    /// Those that the age of the last authentication matters to.
    pub const BY_AUTHENTICATION: &[&str] = names_of_those!(goes_by_authentication);

    /// What it is called, and half a sentence that says it.
    const fn offer(self) -> (&'static str, &'static str) {
        match self {
            KeyAccess::AppFlip => ("App flip", "the key from an app flip in the foreground"),
            KeyAccess::DeviceKeychain => ("Device keychain", "the key in the device keychain"),
            KeyAccess::BackgroundAuthorize => {
                ("Recent sign-in", "the key in reach for some time after each sign-in")
            }
            KeyAccess::OsProtection => ("No key of its own", "no key but the protection of iOS itself"),
        }
    }

    /// Whether the client puts the key into the keychain, as an item of its own.
    pub const fn stores_item(self) -> bool {
        match self {
            KeyAccess::DeviceKeychain => true,
            KeyAccess::AppFlip | KeyAccess::BackgroundAuthorize | KeyAccess::OsProtection => false,
        }
    }

    /// Whether the keychain class says when the key, or the files that need none, can be read.
    pub const fn goes_by_class(self) -> bool {
        match self {
            KeyAccess::DeviceKeychain | KeyAccess::OsProtection => true,
            KeyAccess::AppFlip | KeyAccess::BackgroundAuthorize => false,
        }
    }

    /// Whether the age of the last authentication says so.
    pub const fn goes_by_authentication(self) -> bool {
        match self {
            KeyAccess::BackgroundAuthorize => true,
            KeyAccess::AppFlip | KeyAccess::DeviceKeychain | KeyAccess::OsProtection => false,
        }
    }

    /// Whether nothing but the foreground gives the key to a process that has none in memory.
    pub const fn needs_foreground(self) -> bool {
        match self {
            KeyAccess::AppFlip => true,
            KeyAccess::DeviceKeychain | KeyAccess::BackgroundAuthorize | KeyAccess::OsProtection => false,
        }
    }
}
