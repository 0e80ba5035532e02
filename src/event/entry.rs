//! An entry of `[[event]]` as it is written.

use super::{At, Channel};
use crate::section::{Held, Shape};
use crate::time::Span;
use crate::units::Share;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

crate::section! {
    /// An entry of `[[event]]`: which devices, when, and one thing that happens to them.
    pub struct Entry {
        /// What the event is called: letters, digits, `_` and `-`.
        name: String = String::new(), study;
        /// When: on the clock of each device, or with `Z` or an offset at one instant.
        at: Option<At> = None, study;
        /// Over how long it is spread, evenly over its devices.
        over: Span = Span::ZERO, study, at_least(Span::ZERO);
        /// The groups that it concerns; all where none is named.
        groups: Vec<String> = Vec::new(), study;
        /// How many of their devices; all where neither this nor `share` is written.
        devices: Option<u32> = None, study, within(1..=10_000_000);
        /// Which share of their devices, dealt within each group.
        share: Option<Share> = None, study;
        /// The device restarts, as for an update.
        restart: Option<bool> = None, study;
        /// The device is given back: it is measured no longer, and wiped as soon as that reaches it.
        retire: Option<bool> = None, study;
        /// The device has no network for this long.
        offline: Option<Span> = None, study, at_least(Span::from_ms(1));
        /// No push is sent to the device for this long; `true` means for good.
        no_push: Option<NoPush> = None, study;
        /// The battery has this charge all at once.
        battery: Option<Share> = None, study;
        /// The device is taken to another time zone.
        travel: Option<Travel> = None, study;
        /// Settings of `policy` and `client` that are published.
        set: Option<Settings> = None, study;
        /// By what these, or the wipe, travel to the device; each setting has a way of its own where nothing is said.
        by: Option<Channel> = None, study;
    }
}

crate::section! {
    /// A trip.
    pub struct Travel {
        /// IANA name of the time zone.
        time_zone: String = String::new(), study;
        /// For how long.
        #[serde(rename = "for")]
        stay: Span = Span::DAY * 7, study, named("for"), at_least(Span::from_ms(1));
    }
}

/// For how long no push is sent: for good where no length is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoPush(pub Option<Span>);

impl Held for NoPush {
    const SHAPE: Shape = Shape::LengthOrTrue;
}

impl Serialize for NoPush {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(length) => length.serialize(to),
            None => to.serialize_bool(true),
        }
    }
}

impl<'de> Deserialize<'de> for NoPush {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<NoPush, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "write a length such as \"1d\", or true for good")]
        enum Said {
            ForGood(bool),
            For(String),
        }
        match Said::deserialize(from)? {
            Said::ForGood(true) => Ok(NoPush(None)),
            Said::ForGood(false) => {
                Err(D::Error::custom("nothing happens where it is false; take the event out"))
            }
            Said::For(length) => match length.parse::<Span>().map_err(D::Error::custom)? {
                Span::ZERO => Err(D::Error::custom("it must be longer than nothing, or true for good")),
                length => Ok(NoPush(Some(length))),
            },
        }
    }
}

/// Settings by their paths, as tables or as keys with dots.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Settings(pub toml::Table);

impl Held for Settings {
    const SHAPE: Shape = Shape::Settings;
}
