//! When each alarm is due: one slot per alarm, the earliest first, equal times by slot.

use super::reference::ReferenceCalendar;
use super::slot::Slot;
use super::winner_tree::WinnerTree;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// Which calendar drives the simulation. Both give the same order, hence the same results.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// A winner tree.
    #[default]
    Fast,
    /// The `priority-queue` crate: slower, simpler, and the oracle of the first.
    Reference,
}

/// The alarms of one device.
#[derive(Debug)]
pub enum Calendar {
    /// See [`Engine::Fast`].
    Fast(WinnerTree),
    /// See [`Engine::Reference`].
    Reference(ReferenceCalendar),
}

impl Calendar {
    /// An empty calendar with `slots` slots.
    pub fn new(engine: Engine, slots: u16) -> Calendar {
        match engine {
            Engine::Fast => Calendar::Fast(WinnerTree::with_slots(slots)),
            Engine::Reference => Calendar::Reference(ReferenceCalendar::default()),
        }
    }

    /// Sets the alarm of a slot, moving one that is there.
    pub fn arm(&mut self, slot: Slot, at: Time) {
        debug_assert!(at < Time::NEVER, "no alarm can be set past the end of time");
        match self {
            Calendar::Fast(tree) => tree.arm(slot, at),
            Calendar::Reference(queue) => queue.arm(slot, at),
        }
    }

    /// Empties a slot.
    pub fn disarm(&mut self, slot: Slot) {
        match self {
            Calendar::Fast(tree) => tree.disarm(slot),
            Calendar::Reference(queue) => queue.disarm(slot),
        }
    }

    /// Takes out the next alarm before `end`: the earliest, and among equals the lowest slot.
    pub fn pop_before(&mut self, end: Time) -> Option<(Time, Slot)> {
        match self {
            Calendar::Fast(tree) => tree.pop_before(end),
            Calendar::Reference(queue) => queue.pop_before(end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Streams;
    use rand::RngExt;

    /// A million random steps: both calendars must answer alike, alarm for alarm.
    #[test]
    fn the_winner_tree_equals_the_priority_queue() {
        let mut rng = Streams::new(7, "typical", 0).stream("calendar fuzz");
        for slots in [1_u16, 2, 9, 24, 33] {
            let mut fast = Calendar::new(Engine::Fast, slots);
            let mut reference = Calendar::new(Engine::Reference, slots);
            let mut now = Time::ORIGIN;
            for _ in 0..200_000 {
                let slot = Slot(rng.random_range(0..slots));
                match rng.random_range(0..5) {
                    0 => {
                        fast.disarm(slot);
                        reference.disarm(slot);
                    }
                    1 | 2 => {
                        // A narrow range of delays makes ties common.
                        let at = Time::from_ms(now.ms() + rng.random_range(0..8));
                        fast.arm(slot, at);
                        reference.arm(slot, at);
                    }
                    _ => {
                        let end = Time::from_ms(now.ms() + rng.random_range(0..12));
                        let next = fast.pop_before(end);
                        assert_eq!(next, reference.pop_before(end));
                        now = next.map_or(now, |(at, _)| at);
                    }
                }
            }
        }
    }
}
