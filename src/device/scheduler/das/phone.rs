//! How phones differ for reasons that nobody publishes.

use super::{Config, Das, Identifier, Optimum, Outlook, Pending, SchedulerTimer};
use crate::engine::{Context, Setup};
use crate::random::Keyed;
use crate::signal::{SLOT, Signal};
use crate::time::{Span, Time};

/// Whether the user has Background App Refresh off where nobody decides for them.
pub(super) fn is_refresh_off_by_user(setup: &Setup<'_, Config>) -> bool {
    setup.is_among(setup.persona.refresh_off, "refresh_off")
}

/// Of two phones that are used alike one is refreshed and one never (assumed: for the phone's life).
pub(super) fn is_never_refreshed(setup: &Setup<'_, Config>) -> bool {
    setup.is_among(setup.config.never_refreshed, "never_refreshed")
}

/// The least time between two refreshes of the client on this phone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spacing {
    least: Span,
    jitter: Span,
    draws: Keyed,
    /// When the last refresh began, and when another may.
    last: Option<(Time, Time)>,
    /// Whether the client waits for that.
    stands: bool,
}

impl Spacing {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Spacing {
        let Config { min_spacing, spacing, spacing_jitter: jitter, .. } = *setup.config;
        let drawn = match spacing.median {
            Span::ZERO => Span::ZERO,
            median => {
                let more = libm::exp(spacing.sigma * setup.by_nature("spacing of refreshes"));
                Span::from_secs_f64(median.secs_f64() * more)
            }
        };
        let draws = setup.streams.keyed("spacing jitter");
        Spacing { least: drawn.max(min_spacing), jitter, draws, last: None, stands: false }
    }

    /// A refresh begins.
    pub(super) fn launched(&mut self, now: Time) {
        // Keyed by the quarter of an hour, so that another policy meets the same.
        let more = self.draws.uniform(now.ms() / SLOT.ms()) * self.jitter.ms() as f64;
        self.last = Some((now, now + self.least + Span::from_ms(more as u64)));
    }
}

impl Das {
    pub(super) fn spacing_ends(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        self.judge_spacing(cx);
        self.look_now(cx);
    }

    /// The least time grows, and with it the first moment at which the request may run.
    pub(super) fn lies_unopened(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        self.judge_spacing(cx);
        self.look_for_another_moment(cx);
    }

    pub(super) fn look_for_another_moment(&mut self, cx: &Context<'_, SchedulerTimer>) {
        if let Some(pending) = self.pending {
            let optimum = self.optimum(pending.window, cx);
            self.pending = Some(Pending { optimum, ..pending });
        }
    }

    /// More is known of the client than when it asked: where nothing stood out then, something may by now.
    pub(super) fn learn(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        let now = cx.now();
        // A moment that has come is not put off: from then on the bar falls.
        let still_waits = |Optimum { at, outlook, .. }: Optimum| match outlook {
            Outlook::Unknown => true,
            Outlook::LastUse => at > now,
            Outlook::Expected | Outlook::Hoped => false,
        };
        if self.pending.is_some_and(|pending| still_waits(pending.optimum)) {
            self.look_for_another_moment(cx);
            self.look_now(cx);
        }
    }

    /// Until when the least time since the last refresh stands in the way, if it does. It is longer while the
    /// client lies unopened.
    pub(super) fn spaced_until(&self, now: Time) -> Option<Time> {
        let (last, mut until) = self.spacing.last?;
        if now.since(self.opened_at) >= self.config.unopened_after {
            until = until.max(last + self.config.unopened_spacing);
        }
        Some(until).filter(|until| *until > now)
    }

    pub(super) fn judge_spacing(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        if cx.facts().powered_off {
            return;
        }
        let until = self.spaced_until(cx.now());
        match until {
            Some(until) => cx.arm_at(SchedulerTimer::Spacing, until),
            None => cx.disarm(SchedulerTimer::Spacing),
        }
        let stands = until.is_some();
        if std::mem::replace(&mut self.spacing.stands, stands) != stands {
            cx.say(Signal::RefreshSpacing(stands));
        }
    }

    /// Whether the requests that were pending are known after a restart nobody says (assumed).
    pub(super) fn restart(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        let survives = self.restarts.uniform(cx.now().ms()) < self.config.requests_survive_restart.get();
        if !survives && self.pending.take().is_some() {
            self.requests.remove(Identifier::Client);
            cx.say(Signal::RefreshCancelled);
        }
    }
}
