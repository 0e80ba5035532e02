//! The same calendar on the `priority-queue` crate, as the oracle of the winner tree.

use super::slot::Slot;
use crate::time::Time;
use priority_queue::PriorityQueue;
use std::cmp::Reverse;

/// Slots by due time. The slot is part of the priority, since the crate leaves ties open.
#[derive(Debug, Default)]
pub struct ReferenceCalendar(PriorityQueue<Slot, Reverse<(Time, Slot)>>);

impl ReferenceCalendar {
    /// Sets or moves the alarm of a slot.
    pub fn arm(&mut self, slot: Slot, at: Time) {
        self.0.push(slot, Reverse((at, slot)));
    }

    /// Empties a slot.
    pub fn disarm(&mut self, slot: Slot) {
        self.0.remove(&slot);
    }

    /// Takes out the next alarm before `end`.
    pub fn pop_before(&mut self, end: Time) -> Option<(Time, Slot)> {
        let (_, Reverse((at, _))) = self.0.peek()?;
        if *at >= end {
            return None;
        }
        self.0.pop().map(|(slot, Reverse((at, _)))| (at, slot))
    }
}
