//! A knockout tournament over the slots: the root is the next alarm.

use super::slot::Slot;
use crate::time::Time;

/// Slots a tree has room for. A power of two, so that an index can be masked instead of checked.
pub const LEAVES: usize = 64;

/// A winner tree. A leaf packs `time << 16 | slot`, so that comparing integers compares times and
/// then slots; an inner node is the lesser of its children. Arming stores a leaf and replays its
/// path for as long as something changes on it; nothing is allocated.
#[derive(Debug)]
pub struct WinnerTree {
    nodes: Box<[u64; 2 * LEAVES]>,
    /// The slot that went off last, if its leaf was not stored to since. It still stands in the
    /// tree: most alarms are set again at once, and then one replay serves for both changes.
    spent: Option<Slot>,
}

const EMPTY: u64 = u64::MAX;

impl WinnerTree {
    /// An empty tree for at most [`LEAVES`] slots.
    pub fn with_slots(slots: u16) -> WinnerTree {
        assert!(usize::from(slots) <= LEAVES, "the tree has {LEAVES} leaves and not {slots}");
        WinnerTree { nodes: Box::new([EMPTY; 2 * LEAVES]), spent: None }
    }

    /// Sets or moves the alarm of a slot.
    pub fn arm(&mut self, slot: Slot, at: Time) {
        self.put(slot, at.ms() << 16 | u64::from(slot.0));
    }

    /// Empties a slot.
    pub fn disarm(&mut self, slot: Slot) {
        if self.nodes[LEAVES + usize::from(slot.0)] != EMPTY {
            self.put(slot, EMPTY);
        }
    }

    /// Takes out the next alarm before `end`.
    pub fn pop_before(&mut self, end: Time) -> Option<(Time, Slot)> {
        if let Some(slot) = self.spent {
            self.disarm(slot);
        }
        let next = self.nodes[1];
        let (at, slot) = (Time::from_ms(next >> 16), Slot(next as u16));
        if at >= end || next == EMPTY {
            return None;
        }
        self.spent = Some(slot);
        Some((at, slot))
    }

    #[inline]
    fn put(&mut self, slot: Slot, key: u64) {
        if self.spent == Some(slot) {
            self.spent = None;
        }
        const MASK: usize = 2 * LEAVES - 1;
        let mut node = (LEAVES + usize::from(slot.0)) & MASK;
        self.nodes[node] = key;
        while node > 1 {
            let lesser = self.nodes[node].min(self.nodes[node ^ 1]);
            node /= 2;
            if self.nodes[node] == lesser {
                break;
            }
            self.nodes[node] = lesser;
        }
    }
}
