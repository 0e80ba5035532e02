//! A knockout tournament over the slots: the root is the next alarm.

use super::calendar::Slot;
use crate::time::Time;

/// A winner tree. A leaf packs `time << 16 | slot`, so that comparing integers compares times and
/// then slots; an inner node is the lesser of its children. Arming stores a leaf and replays its
/// path, which costs the depth of the tree and no allocation.
#[derive(Debug)]
pub struct WinnerTree(Box<[u64]>);

const EMPTY: u64 = u64::MAX;

impl WinnerTree {
    /// An empty tree.
    pub fn with_slots(slots: u16) -> WinnerTree {
        WinnerTree(vec![EMPTY; 2 * usize::from(slots.max(2)).next_power_of_two()].into())
    }

    /// Sets or moves the alarm of a slot.
    pub fn arm(&mut self, slot: Slot, at: Time) {
        self.put(slot, at.ms() << 16 | u64::from(slot.0));
    }

    /// Empties a slot.
    pub fn disarm(&mut self, slot: Slot) {
        self.put(slot, EMPTY);
    }

    /// Takes out the next alarm before `end`.
    pub fn pop_before(&mut self, end: Time) -> Option<(Time, Slot)> {
        let (at, slot) = (Time::from_ms(self.0[1] >> 16), Slot(self.0[1] as u16));
        if at < end && self.0[1] != EMPTY {
            self.disarm(slot);
            Some((at, slot))
        } else {
            None
        }
    }

    fn put(&mut self, slot: Slot, key: u64) {
        let mut node = self.0.len() / 2 + usize::from(slot.0);
        self.0[node] = key;
        while node > 1 {
            let lesser = self.0[node].min(self.0[node ^ 1]);
            node /= 2;
            self.0[node] = lesser;
        }
    }
}
