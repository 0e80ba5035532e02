//! The subscription by which the server learns of new mail: it dies unseen, and somebody has to renew it.
//!
//! When it dies is drawn ahead of any policy; when it is renewed depends on what the product has for that.

use super::config::Config;
use super::{Parcel, Push, PushTimer, Step};
use crate::engine::{Context, Setup};
use crate::policy::Renewal;
use crate::random::{Exponential, Stream};
use crate::signal::{Network, Signal};
use crate::time::{Span, Time};

pub(super) struct Subscription {
    deaths: Stream,
    gap: Option<Exponential>,
    last: Time,
    /// Whether it lives.
    pub(super) lives: bool,
}

impl Subscription {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Subscription {
        let per_year = setup.config.subscription.deaths_per_year;
        Subscription {
            deaths: setup.streams.stream("push subscription"),
            gap: (per_year > 0.0).then(|| Exponential::with_mean(Span::YEAR.secs_f64() / per_year)),
            last: Time::ORIGIN,
            lives: true,
        }
    }

    /// When something ends it next, whether it lives then or not.
    pub(super) fn next_death(&mut self) -> Option<Time> {
        self.last = self.last + Span::from_secs_f64(self.gap?.draw(&mut self.deaths));
        Some(self.last)
    }
}

impl Push {
    fn renewal(&self, cx: &Context<'_, PushTimer>) -> Renewal {
        let policy = &cx.facts().policy;
        let of_product = policy.product.map(|product| product.facts().renewal);
        self.config.subscription.renewal.or(of_product).unwrap_or(policy.delivery.renewal())
    }

    pub(super) fn dies(&mut self, cx: &mut Context<'_, PushTimer>) {
        self.arm_death(cx);
        if self.subscription.lives && cx.facts().policy.delivery.is_push() {
            self.subscription.lives = false;
            cx.say(Signal::Subscribed(false));
            cx.arm(PushTimer::Noticed, self.config.subscription.detect);
        }
    }

    pub(super) fn arm_death(&mut self, cx: &mut Context<'_, PushTimer>) {
        if let Some(at) = self.subscription.next_death() {
            cx.arm_at(PushTimer::Death, at.max(cx.now()));
        }
    }

    /// The server misses the subscription.
    pub(super) fn noticed(&mut self, cx: &mut Context<'_, PushTimer>) {
        match self.renewal(cx) {
            Renewal::Server => self.renew(cx),
            Renewal::SilentPush => {
                if self.reaches_apns() {
                    self.silent += 1;
                    let parcel = Parcel::Wake(u32::MAX - self.silent);
                    self.send_on(self.way.relay(&self.config, parcel.number()), Step::Apns(parcel), cx);
                }
                cx.arm(PushTimer::Noticed, self.config.subscription.detect);
            }
            Renewal::Foreground => {}
        }
    }

    fn renew(&mut self, cx: &mut Context<'_, PushTimer>) {
        if !std::mem::replace(&mut self.subscription.lives, true) {
            cx.disarm(PushTimer::Noticed);
            cx.say(Signal::Subscribed(true));
        }
    }

    /// The client runs, and renews what it finds dead, as far as that is its task.
    pub(super) fn client_runs(&mut self, on_screen: bool, cx: &mut Context<'_, PushTimer>) {
        let renews = match self.renewal(cx) {
            Renewal::Server => false,
            Renewal::SilentPush => true,
            Renewal::Foreground => on_screen,
        };
        if renews && cx.facts().network != Network::None {
            self.renew(cx);
        }
    }
}
