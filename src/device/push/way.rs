//! The way of a push from the mail server to the device. What it takes is drawn by the mail and by nothing else, so
//! that every delivery, policy and phone meets the same.

use super::config::{Config, LowPower, Stale};
use crate::engine::Setup;
use crate::random::Keyed;
use crate::time::Span;

/// What the stages take.
pub(super) struct Way {
    notice: Keyed,
    relay: Keyed,
    apns: Keyed,
    stale: Keyed,
    low_power: Keyed,
    vip: Keyed,
    sleep: Keyed,
}

/// A lognormal of this median, at a standard normal variate.
fn lognormal(median: Span, sigma: f64, at: f64) -> Span {
    Span::from_secs_f64(median.secs_f64() * libm::exp(sigma * at))
}

/// A rare delay: with this probability, and then each up to the longest as likely.
fn rare(draws: Keyed, occasion: u64, probability: f64, most: Span) -> Span {
    // One variate serves both: given that it is below the probability, it is as likely anywhere there.
    let drawn = draws.uniform(occasion);
    if drawn < probability {
        Span::from_ms((drawn / probability * most.ms() as f64) as u64)
    } else {
        Span::ZERO
    }
}

impl Way {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Way {
        let streams = setup.streams;
        Way {
            notice: streams.keyed("push notice"),
            relay: streams.keyed("push relay"),
            apns: streams.keyed("push apns"),
            stale: streams.keyed("push stale connection"),
            low_power: streams.keyed("push in Low Power Mode"),
            vip: streams.keyed("push of important mail"),
            sleep: streams.keyed("push of priority 5"),
        }
    }

    /// From the arrival of a mail until its server tells of it.
    pub(super) fn notice(&self, config: &Config, mail: u64) -> Span {
        let notice = config.server_notice;
        lognormal(notice.median, notice.sigma, self.notice.normal(mail)).min(notice.most)
    }

    /// From then until it reaches APNs.
    pub(super) fn relay(&self, config: &Config, push: u64) -> Span {
        lognormal(config.relay.median, config.relay.sigma, self.relay.normal(push))
    }

    /// From APNs to a device that is online.
    pub(super) fn apns(&self, config: &Config, push: u64) -> Span {
        let Stale { probability, extra_max } = config.stale_connection;
        let stale = rare(self.stale, push, probability.get(), extra_max);
        lognormal(config.apns.median, config.apns.sigma, self.apns.normal(push)) + stale
    }

    /// How much later it is shown in Low Power Mode.
    pub(super) fn in_low_power(&self, config: &Config, push: u64) -> Span {
        let LowPower { probability, extra_max } = config.low_power_delay;
        rare(self.low_power, push, probability.get(), extra_max)
    }

    /// How long the system's own connection is dead unnoticed.
    pub(super) fn unnoticed(&self, config: &Config, mail: u64) -> Span {
        rare(self.stale, mail, config.stale_connection.probability.get(), config.heartbeat)
    }

    /// Whether a mail is from those whose mail is marked as important.
    pub(super) fn is_vip(&self, config: &Config, mail: u64) -> bool {
        self.vip.uniform(mail) < config.vip.get()
    }
    /// Whether one of priority 5 waits for a phone that is asleep.
    pub(super) fn waits_for_sleeper(&self, config: &Config, push: u64) -> bool {
        self.sleep.uniform(push) < config.low_priority_waits.get()
    }
}
