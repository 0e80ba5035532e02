//! How each cause of delay looks: its sentence in a story, its colour in charts.
//!
//! Colours come in families by who stands in the way: the key in warm ones, iOS in cool ones, the network, the
//! user and a running check in greys. No two are equally light, so that a print in black and white reads.

use super::terms::{Keeper, Terms};
use crate::client::DelayCause;
use plotters::style::RGBColor;

/// How a cause looks.
pub(super) struct Looks {
    /// What it means, after its name.
    pub(super) sentence: &'static str,
    /// Hues that people who are colour-blind tell apart across families. Causes that are common stand well
    /// apart in lightness too, and the rare ones between them.
    pub(super) colour: RGBColor,
}

/// How this cause looks.
pub(super) const fn looks(cause: DelayCause) -> Looks {
    let (sentence, (red, green, blue)) = match cause {
        // The key: warm.
        DelayCause::KeyNotStored => ("the key was never stored in the keychain", (0x75, 0x32, 0x1B)),
        DelayCause::BeforeFirstUnlock => {
            ("the phone restarted and was not unlocked since", (0xCD, 0x4A, 0x3E))
        }
        DelayCause::NeedsAppFlip => {
            ("only an app flip gives the key, and that needs the user to open the client", (0xFF, 0x8F, 0x35))
        }
        DelayCause::AuthorizationExpired => ("the user last authenticated too long ago", (0xFD, 0x95, 0x8B)),
        DelayCause::KeychainLocked => {
            ("the key is only in the keychain, which is closed while the phone is locked", (0xFA, 0xC5, 0x4B))
        }
        // iOS: cool.
        DelayCause::MemoryPressure => {
            ("memory is short, and nothing starts in the background", (0x5F, 0x3D, 0xA1))
        }
        DelayCause::Boot => {
            ("the phone has just restarted, and nothing but the needful starts", (0xA7, 0x3C, 0xBF))
        }
        DelayCause::Herd => (
            "user, charger or Wi-Fi came back after long, and iOS lets waiting work pass by and by",
            (0x7C, 0x8D, 0xD9),
        ),
        DelayCause::NeverRefreshed => {
            ("this phone gets no background refresh, and nobody knows why (assumed)", (0x10, 0x33, 0x41))
        }
        DelayCause::Spacing => (
            "the least time that the system leaves between two refreshes of the client has not passed",
            (0x05, 0x56, 0x63),
        ),
        DelayCause::ClientInterval => {
            ("the client itself asked to be woken later (earliestBeginDate)", (0x0E, 0x95, 0x4F))
        }
        DelayCause::NoRequest => ("the client has not asked to be woken", (0x7D, 0xCA, 0x96)),
        DelayCause::NotScheduled => ("a check would succeed; iOS does not grant one yet", (0x04, 0x61, 0x98)),
        DelayCause::Budget => {
            ("the system's budget of energy or cellular data is exhausted", (0x29, 0xAE, 0xBC))
        }
        DelayCause::LowPower => {
            ("Low Power Mode is on, or the battery is critically low without a charger", (0x7D, 0xCB, 0xEA))
        }
        DelayCause::KeyLost => {
            ("the key is gone from the keychain until the client is opened", (0x53, 0x14, 0x08))
        }
        DelayCause::KeychainError => ("the keychain gave no answer to the last check", (0x6F, 0x51, 0x43)),
        // Push: pinks.
        DelayCause::SubscriptionLost => (
            "no push of it was sent: there was no subscription, or pushes were kept away",
            (0xC2, 0x00, 0x74),
        ),
        DelayCause::PushHeld => ("APNs stores its push: the phone cannot be reached", (0xCA, 0x65, 0xB2)),
        DelayCause::PushInFlight => ("its push is on its way", (0xF8, 0xAE, 0xE7)),
        DelayCause::PushLost => (
            "its push has told nothing, and no code runs that could until the client is opened",
            (0x66, 0x14, 0x2D),
        ),
        DelayCause::PushThrottled => (
            "the least time that the system leaves between two wakes of the client has not passed",
            (0x85, 0xAC, 0xB2),
        ),
        // The network, the user, and a running check: neutral.
        DelayCause::RefreshOff => ("Background App Refresh is switched off", (0x92, 0x99, 0xA0)),
        DelayCause::DeviceOff => ("the battery is empty and the phone is off", (0x16, 0x18, 0x1B)),
        DelayCause::NoNetwork => ("there is no network", (0x34, 0x3A, 0x40)),
        DelayCause::ForceQuit => {
            ("the user swiped the client away: nothing launches it until they open it", (0x76, 0x7D, 0x84))
        }
        DelayCause::UnusedApp => {
            ("the client was not opened for so long that iOS stops its background work", (0x5B, 0x61, 0x69))
        }
        DelayCause::QuietHours => (
            "a check found it outside working hours, and it is held back as client.after_hours says: under until_opened it may \
             wait longer so than if nothing had looked for it",
            (0x75, 0x89, 0x8E),
        ),
        DelayCause::Checking => ("a check is looking for it", (0xCF, 0xD5, 0xDC)),
    };
    Looks { sentence, colour: RGBColor(red, green, blue) }
}

/// What it means, where this keeps what opens the mail.
pub(super) const fn sentence(cause: DelayCause, terms: Terms) -> &'static str {
    match (terms.keeper, cause) {
        (_, DelayCause::PushInFlight) if terms.by_connection => {
            "the server is telling the system's mail client"
        }
        (Keeper::Files, DelayCause::KeychainLocked) => {
            "the client's files are closed while the phone is locked"
        }
        (Keeper::Files, DelayCause::KeyNotStored) => "the client's files cannot be read",
        (Keeper::Files, DelayCause::KeyLost) => "the client's files cannot be read until it is opened",
        (Keeper::Container, DelayCause::KeyLost) => {
            "the key is gone from the container until the client is opened"
        }
        (Keeper::Files | Keeper::Container, DelayCause::KeychainError) => "the last check got no key",
        _ => looks(cause).sentence,
    }
}

/// Its words, where these terms hold.
pub(super) const fn words(cause: DelayCause, terms: Terms) -> &'static str {
    match (terms.keeper, cause) {
        (_, DelayCause::PushInFlight) if terms.by_connection => "server tells the system",
        (Keeper::Files, DelayCause::KeychainLocked) => "files closed",
        (Keeper::Files, DelayCause::KeyNotStored) => "files unreadable",
        (Keeper::Files, DelayCause::KeyLost) => "files lost until opened",
        (Keeper::Container, DelayCause::KeychainLocked) => "container closed",
        (Keeper::Files | Keeper::Container, DelayCause::KeychainError) => "no key was given",
        _ => cause.words(),
    }
}

/// The same in as few words as fit a column.
pub(super) const fn phrase(cause: DelayCause) -> &'static str {
    match cause {
        DelayCause::KeyNotStored => "the key was never stored",
        DelayCause::BeforeFirstUnlock => "not unlocked since restart",
        DelayCause::NeedsAppFlip => "the key needs an app flip",
        DelayCause::AuthorizationExpired => "authenticated too long ago",
        DelayCause::KeychainLocked => "key locked in the keychain",
        DelayCause::MemoryPressure => "memory is short",
        DelayCause::Boot => "the phone just restarted",
        DelayCause::Herd => "a crowd of waiting work",
        DelayCause::NeverRefreshed => "never refreshed by iOS",
        DelayCause::Spacing => "too soon after a refresh",
        DelayCause::ClientInterval => "asked to be woken later",
        DelayCause::NoRequest => "has not asked to be woken",
        DelayCause::NotScheduled => "iOS grants no check yet",
        DelayCause::Budget => "the system's budget is out",
        DelayCause::LowPower => "Low Power Mode, low charge",
        DelayCause::KeyLost => "the key is lost",
        DelayCause::KeychainError => "no answer by the keychain",
        DelayCause::RefreshOff => "background refresh is off",
        DelayCause::SubscriptionLost => "no push was sent",
        DelayCause::PushHeld => "push stored by APNs",
        DelayCause::PushInFlight => "push on its way",
        DelayCause::PushLost => "push has told nothing",
        DelayCause::PushThrottled => "too soon after a wake",
        DelayCause::DeviceOff => "the phone is off",
        DelayCause::NoNetwork => "no network",
        DelayCause::ForceQuit => "swiped away by the user",
        DelayCause::UnusedApp => "not opened for long",
        DelayCause::QuietHours => "held back for the hours",
        DelayCause::Checking => "a check is running",
    }
}
