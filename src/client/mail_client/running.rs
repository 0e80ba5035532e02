//! A check under way: how long it takes, and what becomes of it where its time does not suffice.

use super::{Client, ClientTimer};
use crate::client::config::{Config, Expiry};
use crate::client::keys::Ground;
use crate::engine::Context;
use crate::signal::{CheckResult, Ended, Facts, Network, Signal, Trigger, Wake};
use crate::time::{Span, Time};

#[derive(Clone, Copy)]
pub(super) struct Running {
    pub(super) trigger: Trigger,
    /// What there is left to do.
    pub(super) left: Span,
    /// When it stops: that done, or its time over.
    pub(super) ends: Time,
    /// How long it runs until then; frozen, it does not.
    pub(super) length: Span,
}

impl Running {
    pub(super) fn new(trigger: Trigger, left: Span, now: Time, runtime: Option<Span>) -> Running {
        let length = runtime.map_or(left, |runtime| runtime.min(left));
        Running { trigger, left, ends: now + length, length }
    }

    pub(super) fn will_expire(self) -> bool {
        self.length < self.left
    }
}

impl Client {
    /// How long a check takes that begins now.
    pub(super) fn work(&self, facts: &Facts) -> Span {
        let Config { check_duration, check_per_mail, check_most_mails, check_on_cellular, .. } = self.config;
        let work =
            check_duration + check_per_mail * u64::from((facts.waiting.len() as u32).min(check_most_mails));
        match facts.network {
            Network::Cellular => Span::from_ms((work.ms() as f64 * check_on_cellular) as u64),
            Network::None | Network::Wifi => work,
        }
    }

    pub(super) fn run(&mut self, running: Running, cx: &mut Context<'_, ClientTimer>) {
        self.running = Some(running);
        cx.arm_at(ClientTimer::CheckDone, running.ends);
    }

    /// The time of a check is over before its work is done.
    pub(super) fn expire(&mut self, running: Running, cx: &mut Context<'_, ClientTimer>) {
        let left = Span::from_ms(running.left.ms() - running.length.ms());
        match self.config.expiry {
            Expiry::Suspended => {
                self.running = Some(Running { left, length: Span::ZERO, ..running });
                return self.suspend(cx);
            }
            Expiry::Kept => self.done += running.length,
            Expiry::Lost => {}
        }
        cx.say(Signal::CheckEnded(CheckResult::Expired));
        match running.trigger.is_in_background() && self.endings.watchdog_strikes(cx.now()) {
            true => self.end(Ended::Watchdog, cx),
            false => self.suspend(cx),
        }
    }

    /// A frozen check goes on, if it still has its key. Else its work is lost, and another begins.
    pub(super) fn thaw(
        &mut self,
        frozen: Running,
        wake: Wake,
        trigger: Trigger,
        cx: &mut Context<'_, ClientTimer>,
    ) {
        let key = self.ask_for_key(Ground::Background, cx).ok();
        let Some(source) = key.filter(|_| cx.facts().network != Network::None) else {
            self.running = None;
            cx.say(Signal::CheckEnded(CheckResult::Expired));
            return self.begin(trigger, false, Some(wake.runtime), cx);
        };
        self.read_key(source, cx);
        self.run(Running::new(frozen.trigger, frozen.left, cx.now(), Some(wake.runtime)), cx);
    }
}
