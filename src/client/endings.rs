//! Why the client's process ends beside memory, power and its user: updates, crashes, the watchdog; and why
//! its key goes.

use super::config::Config;
use crate::clock::Clock;
use crate::engine::{Moments, Setup};
use crate::random::Keyed;
use crate::signal::SLOT;
use crate::time::{Span, Time};
use crate::units::Share;

/// What counts in 30 days are counted in.
const MONTH: Span = Span::hours(24 * 30);

/// What an update of the app waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Update {
    /// There is none.
    None,
    /// A night in which it can be installed.
    Night,
    /// That the client leaves the screen: what is in use is not replaced (assumed).
    Leaving,
}

/// The luck of one device. It is keyed by date and time, so that another policy meets the same.
pub(super) struct Endings {
    clock: Clock,
    crashes: (Share, Keyed),
    watchdog: (Share, Keyed),
    updates: Keyed,
    per_night: f64,
    /// When nights begin of a user whose whole day may run later, since midnight.
    from: Span,
    spread: Span,
    update: Update,
    losses: Moments,
}

impl Endings {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Endings {
        let Config {
            crashes, watchdog, updates_per_30d, updates_from, updates_for, key_losses_per_30d, ..
        } = *setup.config;
        Endings {
            clock: setup.clock.clone(),
            crashes: (crashes, setup.streams.keyed("crashes")),
            watchdog: (watchdog, setup.streams.keyed("watchdog")),
            updates: setup.streams.keyed("updates of the app"),
            per_night: updates_per_30d / MONTH.days_f64(),
            from: updates_from + setup.persona.shift,
            spread: updates_for,
            update: Update::None,
            losses: Moments::new(
                setup,
                setup.streams.keyed("losses of the key"),
                key_losses_per_30d / MONTH.days_f64(),
            ),
        }
    }

    pub(super) fn crashes(&self, now: Time) -> bool {
        self.happens(self.crashes, now)
    }

    pub(super) fn watchdog_strikes(&self, now: Time) -> bool {
        self.happens(self.watchdog, now)
    }

    fn happens(&self, (share, luck): (Share, Keyed), now: Time) -> bool {
        luck.uniform(self.clock.unix_ms(now).unsigned_abs() / SLOT.ms()) < share.get()
    }

    /// When the next update may be installed, if there are any.
    pub(super) fn next_update(&self, now: Time) -> Option<Time> {
        let today = self.clock.local(now).day;
        let at = |day: u32| {
            let later = self.updates.uniform(self.clock.date(day.into()) << 1) * self.spread.ms() as f64;
            let dial = self.from + Span::from_ms(later as u64);
            self.clock.at(day, Span::from_ms(dial.ms() % Span::DAY.ms()))
        };
        // Today's may have passed, and where the clock was taken west, so may tomorrow's.
        let mut days = (today..).map(at);
        (self.per_night > 0.0).then(|| days.find(|at| *at > now)).flatten()
    }

    /// Whether an update is installed now. Where it could be but for the client on the screen, it is once that has
    /// left.
    pub(super) fn is_due(&mut self, now: Time, ready: bool, on_screen: bool) -> bool {
        let night = self.clock.date(self.clock.local(now).day.into());
        if self.update == Update::None && self.updates.uniform(night << 1 | 1) < self.per_night {
            self.update = Update::Night;
        }
        let due = self.update != Update::None && ready;
        if due {
            self.update = if on_screen { Update::Leaving } else { Update::None };
        }
        due && !on_screen
    }

    pub(super) fn waits_for_leaving(&self) -> bool {
        self.update == Update::Leaving
    }

    /// The client has left the screen, or has ended: what waited for that is installed.
    pub(super) fn left(&mut self) {
        if self.waits_for_leaving() {
            self.update = Update::None;
        }
    }

    pub(super) fn next_key_loss(&mut self) -> Option<Time> {
        self.losses.draw().map(|(at, _)| at)
    }
}
