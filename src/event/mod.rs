//! Dated events: what happens on a date to some devices, as a scenario writes it and as a device lives it.
//!
//! Which devices an event concerns, and when within its span each has its turn, is dealt by their place in the
//! group: nothing is drawn, so an event leaves every random stream alone.

mod at;
mod entry;
mod publish;

pub use at::At;
pub use entry::{Entry, NoPush, Settings, Travel};
pub use publish::{Change, Channel, Part};

use crate::clock::Clock;
use crate::dealing::{UNIT, key_of, quantile};
use crate::policy::Setting;
use crate::signal::{ChangeId, Occurrence};
use crate::time::{Span, Time};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// An event, once it is known to be whole.
#[derive(Clone, Debug)]
pub struct Event {
    /// What it is called.
    pub name: String,
    /// When it begins.
    pub at: At,
    /// Over how long its devices have their turns.
    pub over: Span,
    /// Of each group concerned, which members are: those whose place is below this.
    pub below: BTreeMap<String, u64>,
    /// What happens.
    pub what: What,
}

/// What happens to a device.
#[derive(Clone, Debug)]
pub enum What {
    /// It restarts.
    Restart,
    /// It is given back, and the wipe travels so.
    Retire(Channel),
    /// It has no network for this long.
    Offline(Span),
    /// No push is sent to it for this long, or ever again.
    NoPush(Option<Span>),
    /// Its charge is this all at once.
    Charge(u64),
    /// It is taken to another time zone for this long.
    Travel(TimeZone, Span),
    /// This is published for it.
    Publish(ChangeId),
}

impl Event {
    /// By what the members of a group that an event concerns are dealt.
    pub fn deal(name: &str, group: &str) -> u64 {
        key_of(&["event", group, name])
    }

    /// When a member of a group has its turn, on its own clock; never, where the event does not concern it.
    pub fn turn(&self, group: &str, rank: u32, clock: &Clock) -> Option<Time> {
        let below = *self.below.get(group)?;
        if quantile(Event::deal(&self.name, group), rank.into()) >= below {
            return None;
        }
        let place = quantile(key_of(&["turn", group, &self.name]), rank.into());
        let later = u128::from(self.over.ms()) * u128::from(place) / u128::from(UNIT);
        Some(self.at.on(clock)? + Span::from_ms(later as u64))
    }
}

/// All that happens on dates, and all that is published on them.
#[derive(Clone, Debug, Default)]
pub struct Dates {
    /// The events, as they are written.
    pub events: Vec<Event>,
    /// What is published, by its number.
    pub changes: Vec<Change>,
}

impl Dates {
    /// No dates.
    pub const NONE: Dates = Dates { events: Vec::new(), changes: Vec::new() };

    /// The clock of a member of a group: that of its home, but for its trips.
    pub fn clock_of(&self, group: &str, rank: u32, home: &Clock) -> Clock {
        let mut clock = home.clone();
        for event in &self.events {
            if let (What::Travel(zone, stay), Some(at)) = (&event.what, event.turn(group, rank, home)) {
                clock = clock.on_a_trip(zone, at, at + *stay);
            }
        }
        clock
    }

    /// What happens to a member of a group and when, in order of time.
    pub fn of(&self, group: &str, rank: u32, home: &Clock, clock: &Clock) -> Vec<(Time, Occurrence)> {
        let mut plan = Vec::new();
        for event in &self.events {
            let Some(at) = event.turn(group, rank, home) else { continue };
            let elsewhere = |at: Time| (at, Occurrence::Elsewhere(clock.ahead_of_utc_min(at)));
            match event.what {
                What::Restart => plan.push((at, Occurrence::Restart)),
                What::Retire(_) => plan.push((at, Occurrence::Retired)),
                What::Offline(length) => {
                    plan.extend([(at, Occurrence::Offline(true)), (at + length, Occurrence::Offline(false))]);
                }
                What::NoPush(None) => plan.push((at, Occurrence::PushEnded)),
                What::NoPush(Some(length)) => {
                    plan.extend([(at, Occurrence::NoPush(true)), (at + length, Occurrence::NoPush(false))]);
                }
                What::Charge(charge) => plan.push((at, Occurrence::Charge(charge))),
                What::Travel(_, stay) => plan.extend([elsewhere(at), elsewhere(at + stay)]),
                What::Publish(change) => plan.push((at, Occurrence::Published(change))),
            }
        }
        // What happens to a device in one instant happens in the order in which it is written.
        plan.sort_by_key(|(at, _)| *at);
        plan
    }

    /// Whether a setting of this kind is published.
    pub fn publish(&self, is_it: impl Fn(Setting) -> bool) -> bool {
        self.changes.iter().flat_map(Change::settings).any(is_it)
    }

    /// Whether any device is given back.
    pub fn retires(&self) -> bool {
        self.events.iter().any(|event| matches!(event.what, What::Retire(_)))
    }

    /// By what the wipe of a member of a group travels, where that is given back.
    pub fn wipe_of(&self, group: &str, rank: u32, home: &Clock) -> Option<Channel> {
        self.events.iter().find_map(|event| match event.what {
            What::Retire(channel) => event.turn(group, rank, home).map(|_| channel),
            _ => None,
        })
    }
}
