//! Why the client's process ends beside memory, power and its user: updates, crashes, the watchdog; and why
//! its key goes.

use super::config::Config;
use crate::clock::Clock;
use crate::engine::Setup;
use crate::random::{Exponential, Keyed, Stream};
use crate::signal::SLOT;
use crate::time::{Span, Time};
use crate::units::Share;

/// What counts in 30 days are counted in.
const MONTH: Span = Span::hours(24 * 30);

/// The luck of one device. It is keyed by time, so that another policy meets the same.
pub(super) struct Endings {
    clock: Clock,
    crashes: (Share, Keyed),
    watchdog: (Share, Keyed),
    updates: Keyed,
    per_night: f64,
    from: Span,
    spread: Span,
    /// Whether an update waits for a night in which it can be installed.
    waits: bool,
    losses: Stream,
    between_losses: Option<Exponential>,
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
            from: updates_from,
            spread: updates_for,
            waits: false,
            losses: setup.streams.stream("losses of the key"),
            between_losses: (key_losses_per_30d > 0.0)
                .then(|| Exponential::with_mean(MONTH.secs_f64() / key_losses_per_30d)),
        }
    }

    pub(super) fn crashes(&self, now: Time) -> bool {
        happens(self.crashes, now)
    }

    pub(super) fn watchdog_strikes(&self, now: Time) -> bool {
        happens(self.watchdog, now)
    }

    /// When the next update may be installed, if there are any.
    pub(super) fn next_update(&self, now: Time) -> Option<Time> {
        let today = self.clock.local(now).day;
        let at = |day: u32| {
            let later = self.updates.uniform(u64::from(day) << 1) * self.spread.ms() as f64;
            self.clock.at(day, self.from + Span::from_ms(later as u64))
        };
        // Today's may have passed.
        let days = [today, today + 1];
        (self.per_night > 0.0).then(|| days.map(at).into_iter().find(|at| *at > now)).flatten()
    }

    /// Whether an update is installed now.
    pub(super) fn is_due(&mut self, now: Time, ready: bool) -> bool {
        let night = u64::from(self.clock.local(now).day);
        self.waits |= self.updates.uniform(night << 1 | 1) < self.per_night;
        let due = self.waits && ready;
        self.waits &= !due;
        due
    }

    pub(super) fn until_key_loss(&mut self) -> Option<Span> {
        let law = self.between_losses.as_ref()?;
        Some(Span::from_secs_f64(law.draw(&mut self.losses)))
    }
}

fn happens((share, luck): (Share, Keyed), now: Time) -> bool {
    luck.uniform(now.ms() / SLOT.ms()) < share.get()
}
