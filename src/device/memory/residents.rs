//! Which apps are in memory and in which order they leave it. Pure: it knows neither time nor chance
//! beyond what it is told.

use crate::time::{Span, Time};
use crate::units::Bytes;

/// An app by its place in the list; the mail client is the first.
pub(super) type Seat = u16;

/// The mail client.
pub(super) const CLIENT: Seat = 0;

/// Who leaves before whom within a band: the one used longer ago, where a large app counts as older
/// than it is; of two that are alike the first by seat.
type Rank = i64;

/// No app of the idle band has it.
const NOT_IDLE: Rank = Rank::MAX;

/// Amounts of available memory, in bytes, at which the kernel acts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Thresholds {
    /// Below it any suspended app may end.
    pub critical: i64,
    /// Below it apps in the idle band end.
    pub idle: i64,
}

#[derive(Clone, Copy)]
struct Resident {
    /// What it holds whenever it is in memory.
    size: i64,
    /// What it holds on top of that: what it demanded on the screen, until it ends or demands anew.
    demand: i64,
    /// How much older it counts for all that, in milliseconds.
    handicap: i64,
    /// When it was last suspended.
    suspended_at: Time,
    present: bool,
    running: bool,
}

impl Resident {
    fn footprint(&self) -> i64 {
        self.size + self.demand
    }
}

/// The apps in memory.
pub(super) struct Residents {
    apps: Box<[Resident]>,
    /// Band 0, suspended apps that were not used lately: the rank of each app, or that it is not among them.
    /// To look for the least costs less than to keep them in order, since few ever leave.
    idle: Box<[Rank]>,
    /// Band 30, "docked apps on iOS": the apps used last, the latest at the end.
    dock: Vec<Seat>,
    docked: usize,
    weight: f64,
    lean: f64,
    held: i64,
}

impl Residents {
    /// No app in memory. Each doubling of a footprint above `lean` makes an app `weight` older.
    pub(super) fn new(footprints: &[Bytes], docked: usize, weight: Span, lean: Bytes) -> Residents {
        let resident = |bytes: &Bytes| Resident {
            size: bytes.get() as i64,
            demand: 0,
            handicap: 0,
            suspended_at: Time::ORIGIN,
            present: false,
            running: false,
        };
        let mut residents = Residents {
            apps: footprints.iter().map(resident).collect(),
            idle: vec![NOT_IDLE; footprints.len()].into(),
            dock: Vec::with_capacity(docked + 1),
            docked,
            weight: weight.ms() as f64,
            lean: lean.get().max(1) as f64,
            held: 0,
        };
        (0..residents.apps.len()).for_each(|app| residents.weigh(app));
        residents
    }

    /// Settles how much older an app counts for what it holds.
    fn weigh(&mut self, app: usize) {
        let doublings = libm::log2(self.apps[app].footprint().max(1) as f64 / self.lean);
        self.apps[app].handicap = (doublings.max(0.0) * self.weight) as i64;
    }

    /// Bytes held by all apps together.
    pub(super) fn held(&self) -> i64 {
        self.held
    }

    /// What an app holds when it demands nothing.
    pub(super) fn size(&self, app: Seat) -> i64 {
        self.apps[usize::from(app)].size
    }

    /// The last place of the list.
    pub(super) fn last(&self) -> Seat {
        (self.apps.len() - 1) as Seat
    }

    /// Whether an app is in memory.
    #[cfg(test)]
    pub(super) fn is_present(&self, app: Seat) -> bool {
        self.apps[usize::from(app)].present
    }

    /// An app runs, in the foreground or not: it cannot end for want of memory.
    pub(super) fn run(&mut self, app: Seat) {
        let resident = &mut self.apps[usize::from(app)];
        if !resident.present {
            self.held += resident.footprint();
        }
        resident.present = true;
        resident.running = true;
        self.idle[usize::from(app)] = NOT_IDLE;
    }

    /// An app that runs holds so much on top of its size, in place of what it demanded before.
    pub(super) fn demand(&mut self, app: Seat, bytes: i64) {
        self.run(app);
        let resident = &mut self.apps[usize::from(app)];
        self.held += bytes - resident.demand;
        resident.demand = bytes;
        self.weigh(usize::from(app));
    }

    /// An app runs no longer. One that was `used` moves into the dock, and another may leave it;
    /// one that ran unseen gets a fresh place in its band, as the kernel appends it there.
    pub(super) fn suspend(&mut self, app: Seat, now: Time, used: bool) {
        self.run(app);
        let resident = &mut self.apps[usize::from(app)];
        resident.running = false;
        resident.suspended_at = now;
        if used && self.docked > 0 {
            self.dock(app);
        }
        self.place(app);
    }

    /// Settles whether an app is in the idle band, and its rank there.
    fn place(&mut self, app: Seat) {
        let Resident { present, running, .. } = self.apps[usize::from(app)];
        let is_idle = present && !running && !self.dock.contains(&app);
        self.idle[usize::from(app)] = if is_idle { self.rank(app) } else { NOT_IDLE };
    }

    fn dock(&mut self, app: Seat) {
        self.dock.retain(|other| *other != app);
        if self.dock.len() == self.docked {
            let left = self.dock.remove(0);
            self.place(left);
        }
        self.dock.push(app);
    }

    /// An app is gone, and with it all that it held.
    pub(super) fn end(&mut self, app: Seat) {
        let resident = &mut self.apps[usize::from(app)];
        if resident.present {
            self.held -= resident.footprint();
            resident.present = false;
            resident.running = false;
            self.idle[usize::from(app)] = NOT_IDLE;
            self.dock.retain(|other| *other != app);
            if std::mem::take(&mut resident.demand) != 0 {
                self.weigh(usize::from(app));
            }
        }
    }

    /// All apps are gone.
    pub(super) fn clear(&mut self) {
        for app in 0..self.apps.len() {
            self.end(app as Seat);
        }
    }

    /// The first of the idle band.
    pub(super) fn first_idle(&self) -> Option<Seat> {
        // Without a branch: who is next is as good as random.
        let least = self.idle.iter().fold(NOT_IDLE, |least, rank| least.min(*rank));
        let app = self.idle.iter().position(|rank| *rank == least)?;
        (least != NOT_IDLE).then_some(app as Seat)
    }

    /// Who has to end when this much is available.
    pub(super) fn victim(&self, available: i64, at: Thresholds) -> Option<Seat> {
        if available >= at.idle {
            return None;
        }
        self.first_idle().or_else(|| (available < at.critical).then(|| self.first_docked()).flatten())
    }

    /// In the dock the size does not count: the one left last is the last to go, whatever it holds.
    fn first_docked(&self) -> Option<Seat> {
        self.dock.iter().copied().find(|app| !self.apps[usize::from(*app)].running)
    }

    fn rank(&self, app: Seat) -> Rank {
        let resident = &self.apps[usize::from(app)];
        resident.suspended_at.ms() as i64 - resident.handicap
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngExt, Streams};

    const LEAN: Bytes = Bytes::megabytes(50);

    fn residents(megabytes: &[u64], docked: usize) -> Residents {
        let footprints: Vec<Bytes> = megabytes.iter().map(|mb| Bytes::megabytes(*mb)).collect();
        Residents::new(&footprints, docked, Span::MINUTE * 30, LEAN)
    }

    fn minute(minutes: u64) -> Time {
        Time::ORIGIN + Span::MINUTE * minutes
    }

    #[test]
    fn fact_26_idle_apps_end_below_8_per_cent_and_docked_apps_below_4() {
        let gb = 8_000_000_000;
        let at = Thresholds { critical: gb * 4 / 100, idle: gb * 8 / 100 };
        let mut apps = residents(&[50, 50, 50], 1);
        for (app, now) in [(1, 1), (2, 2)] {
            apps.suspend(app, minute(now), true);
        }
        assert_eq!(apps.victim(at.idle, at), None);
        assert_eq!(apps.victim(at.idle - 1, at), Some(1));
        apps.end(1);
        assert_eq!(apps.victim(at.critical, at), None);
        assert_eq!(apps.victim(at.critical - 1, at), Some(2));
        apps.run(2);
        assert_eq!(apps.victim(0, at), None, "what runs stays");
    }

    #[test]
    fn fact_28_a_large_app_ends_before_a_small_one_of_its_age() {
        let mut rng = Streams::new(1, "typical", 0).stream("ages");
        let mut first = 0;
        for _ in 0..1000 {
            let mut apps = residents(&[50, 210, 50], 0);
            // Of one age: both put away within the same quarter of an hour, in either order.
            apps.suspend(1, Time::from_ms(rng.random_range(0..900_000)), true);
            apps.suspend(2, Time::from_ms(rng.random_range(0..900_000)), true);
            first += u32::from(apps.first_idle() == Some(1));
        }
        assert!(first > 700, "{first} of 1000");
    }

    #[test]
    fn the_dock_keeps_the_apps_used_last() {
        let mut apps = residents(&[50; 5], 2);
        for app in 1..5 {
            apps.suspend(app, minute(u64::from(app)), true);
        }
        assert_eq!(apps.first_idle(), Some(1));
        apps.suspend(1, minute(9), true);
        assert_eq!(apps.first_idle(), Some(2), "1 was used again, 3 left the dock");
        apps.suspend(2, minute(10), false);
        assert_eq!(apps.first_idle(), Some(3), "2 ran unseen: a fresh place in its band, no dock");
        apps.end(3);
        assert_eq!(apps.first_idle(), Some(2));
    }

    #[test]
    fn of_the_docked_the_one_left_last_goes_last_whatever_it_holds() {
        let at = Thresholds { critical: 1, idle: 2 };
        let mut apps = residents(&[50, 50, 400], 2);
        apps.suspend(1, minute(1), true);
        apps.demand(2, 2_000_000_000);
        apps.suspend(2, minute(2), true);
        assert_eq!(apps.victim(0, at), Some(1));
        apps.run(1);
        assert_eq!(apps.victim(0, at), Some(2), "what runs stays");
        apps.suspend(1, minute(3), true);
        assert_eq!(apps.victim(0, at), Some(2));
    }

    #[test]
    fn what_is_held_is_the_sum_of_those_present() {
        let sizes = [100, 200, 300, 400, 500];
        let mut apps = residents(&sizes, 2);
        let mut rng = Streams::new(2, "typical", 0).stream("walk");
        for step in 0..10_000 {
            let app = rng.random_range(0..5_u16);
            match rng.random_range(0..4) {
                0 => apps.run(app),
                1 => apps.suspend(app, minute(step), true),
                2 => apps.suspend(app, minute(step), false),
                _ => apps.end(app),
            }
            let sum: u64 = (0..5).filter(|app| apps.is_present(*app)).map(|app| sizes[app as usize]).sum();
            assert_eq!(apps.held(), sum as i64 * 1_000_000);
        }
        apps.clear();
        assert_eq!((apps.held(), apps.first_idle()), (0, None));
    }

    #[test]
    fn a_demand_is_held_by_its_app_on_the_screen_and_off_it_and_ends_with_it() {
        const MB: i64 = 1_000_000;
        let mut apps = residents(&[50, 100, 100], 1);
        apps.suspend(0, minute(0), true);
        apps.run(1);
        apps.demand(1, 800 * MB);
        apps.demand(1, 700 * MB);
        assert_eq!(apps.held(), 850 * MB, "the second is in place of the first");
        apps.suspend(1, minute(5), true);
        assert_eq!(apps.held(), 850 * MB);
        apps.suspend(2, minute(6), true);
        assert_eq!(apps.first_idle(), Some(1), "four doublings above 50 MB count two hours");
        apps.end(1);
        assert_eq!(apps.held(), 150 * MB);
        apps.suspend(1, minute(7), false);
        assert_eq!(apps.held(), 250 * MB, "launched anew it demands nothing yet");
    }
}
