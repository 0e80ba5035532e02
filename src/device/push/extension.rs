//! The extension of the client that writes the text of a push: a process of its own, which the system starts for
//! each push whatever the client does, with a key of its own.

use super::config::Config;
use super::guards::extension_has_key;
use crate::engine::Setup;
use crate::random::Keyed;
use crate::signal::{ExtensionFailure, Facts, Network};
use crate::time::{Span, Time};

pub(super) struct Extension {
    starts: Keyed,
    kills: Keyed,
    days: Keyed,
    /// Whether the system starts it no longer, and up to which day that was asked.
    stopped: bool,
    asked_until: u64,
}

impl Extension {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Extension {
        let streams = setup.streams;
        Extension {
            starts: streams.keyed("extension starts"),
            kills: streams.keyed("extension memory"),
            days: streams.keyed("extension days"),
            stopped: false,
            asked_until: 0,
        }
    }

    /// The device restarts, and the system starts it again.
    pub(super) fn restart(&mut self, now: Time) {
        (self.stopped, self.asked_until) = (false, day_of(now) + 1);
    }

    /// What comes of a push: after how long its text is written, or why it is not, and after how long.
    pub(super) fn run(
        &mut self,
        config: &Config,
        facts: &Facts,
        now: Time,
        push: u64,
    ) -> Result<Span, (ExtensionFailure, Span)> {
        let of = config.extension;
        for day in self.asked_until..=day_of(now) {
            self.stopped |= self.days.uniform(day) < of.stops_per_day.get();
        }
        self.asked_until = self.asked_until.max(day_of(now) + 1);
        let at_once = |why| Err((why, Span::ZERO));
        if self.stopped {
            return at_once(ExtensionFailure::NotStarted);
        }
        let start = of.start.secs_f64() * libm::exp(of.start_sigma * self.starts.normal(push));
        let takes = Span::from_secs_f64(start) + of.fetch;
        if self.kills.uniform(push) < of.memory_kill.get() {
            Err((ExtensionFailure::Memory, takes.min(of.runtime)))
        } else if !extension_has_key(facts) {
            at_once(ExtensionFailure::NoKey)
        } else if facts.network == Network::None {
            Err((ExtensionFailure::NoNetwork, of.runtime))
        } else if takes > of.runtime {
            Err((ExtensionFailure::Time, of.runtime))
        } else {
            Ok(takes)
        }
    }
}

fn day_of(now: Time) -> u64 {
    now.ms() / Span::DAY.ms()
}
