//! Where alarms stand.

/// A place in the calendar. It holds at most one alarm, so a stale alarm cannot exist.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Slot(pub u16);
