//! Time without any network: how often it begins where the user is, and how long it lasts.

use super::{Config, Stretch};
use crate::engine::Setup;
use crate::random::{Exponential, Keyed, LogNormal, Stream};
use crate::time::{Span, Time};

/// How often outages begin, in each millisecond that is none, where they are to take this share of the time.
pub(super) fn rate(config: &Config, share: f64) -> f64 {
    let Config { outage, outage_sigma, .. } = *config;
    let mean = outage.ms() as f64 * libm::exp(outage_sigma * outage_sigma / 2.0);
    let share = share.min(0.999);
    share / (1.0 - share) / mean
}

/// The outages of one device. Those of a day are drawn by its date.
pub(super) struct Outages {
    days: Keyed,
    of_day: Stream,
    length: LogNormal,
    /// All that is simulated.
    longest: Span,
    unit: Exponential,
    rate: f64,
    /// What has to pass of the rate, from an instant on, until the next one begins; nothing while one lasts.
    left: Option<f64>,
    since: Time,
}

impl Outages {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Outages {
        let Config { outage, outage_sigma, .. } = *setup.config;
        let days = setup.streams.keyed("network outages");
        Outages {
            days,
            of_day: days.at(0),
            length: LogNormal::with_median(outage.secs_f64(), outage_sigma),
            longest: setup.end.since(Time::ORIGIN),
            unit: Exponential::with_mean(1.0),
            rate: 0.0,
            left: Some(0.0),
            since: Time::ORIGIN,
        }
    }

    pub(super) fn is_out(&self) -> bool {
        self.left.is_none()
    }

    /// From here on they come at the rate of this stretch. What is left of a day is drawn anew, which is the
    /// same law.
    pub(super) fn enter(&mut self, stretch: &Stretch) {
        let passed = self.rate * (stretch.from - self.since).ms() as f64;
        self.left = self.left.map(|left| (left - passed).max(0.0));
        (self.rate, self.since) = (stretch.outages, stretch.from);
        if let Some(date) = stretch.begins {
            self.of_day = self.days.at(date);
            let anew = self.unit.draw(&mut self.of_day);
            self.left = self.left.map(|_| anew);
        }
    }

    /// When the next one begins, if nothing changes.
    pub(super) fn due(&self) -> Option<Time> {
        let left = self.left.filter(|_| self.rate > 0.0)?;
        Some(self.since + Span::from_ms((left / self.rate) as u64))
    }

    /// One begins; it is over after this time.
    pub(super) fn begin(&mut self) -> Span {
        self.left = None;
        // A lognormal knows no bound.
        Span::from_secs_f64(self.length.draw(&mut self.of_day)).min(self.longest)
    }

    /// It is over.
    pub(super) fn end(&mut self, now: Time) {
        self.left = Some(self.unit.draw(&mut self.of_day));
        self.since = now;
    }
}
