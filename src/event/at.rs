//! When an event begins: by the dial of each device, or at one instant.

use crate::clock::Clock;
use crate::section::{Held, Shape};
use crate::time::Time;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A date and time as an event has it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum At {
    /// When the clock of a device shows this.
    Wall(DateTime),
    /// At this instant, whatever clocks show.
    Instant(Timestamp),
}

impl At {
    /// The instant, for a device with this clock; none before the origin.
    pub fn on(self, clock: &Clock) -> Option<Time> {
        match self {
            At::Wall(wall) => clock.from_wall(wall),
            At::Instant(instant) => clock.from_unix_ms(instant.as_millisecond()),
        }
    }
}

impl Held for At {
    const SHAPE: Shape = Shape::Instant;
}

impl fmt::Display for At {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Wall(wall) => wall.fmt(out),
            At::Instant(instant) => instant.fmt(out),
        }
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<At, D::Error> {
        struct Ats;
        impl Visitor<'_> for Ats {
            type Value = At;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a date and time such as \"2026-03-09T03:00\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<At, E> {
                // What has an offset reads as a local time too, without it.
                let instant = text.parse().map(At::Instant);
                instant.or_else(|_| text.parse().map(At::Wall)).map_err(|_| {
                    E::custom(format!(
                        "`{text}` is no date and time; write for example \"2026-03-09T03:00\" for the time on \
                         each device, or \"2026-03-09T02:00Z\" for one instant"
                    ))
                })
            }
        }
        deserializer.deserialize_str(Ats)
    }
}
