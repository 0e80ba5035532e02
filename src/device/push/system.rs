//! The system's own mail client: a process of the system, which no force-quit ends and no refresh switch stops.

use super::config::FetchWhen;
use super::guards::{is_on_screen, system_can_fetch, system_fetches_in_turn};
use super::{Push, PushTimer, Step};
use crate::engine::Context;
use crate::policy::Delivery;
use crate::signal::{Network, Notice, PushStage, Signal, ToldBy};
use crate::time::Span;

impl Push {
    /// It begins to fetch after this long, having heard of a mail or without.
    pub(super) fn fetch_after(&mut self, after: Span, of: Option<u32>, cx: &mut Context<'_, PushTimer>) {
        self.send_on(after + self.config.system_sync, Step::Fetched(of), cx);
    }

    /// It has fetched, if nothing stood in the way, and tells of all there is.
    pub(super) fn fetched(&mut self, of: Option<u32>, cx: &mut Context<'_, PushTimer>) {
        let facts = cx.facts();
        let waits = of.filter(|mail| facts.is_waiting(*mail));
        if is_on_screen(facts) || !system_can_fetch(facts) {
            let stage = if is_on_screen(facts) { PushStage::Unneeded } else { PushStage::Dropped };
            return waits.into_iter().for_each(|mail| Push::say(mail, stage, cx));
        }
        cx.say(Signal::CheckedElsewhere);
        let facts = cx.facts();
        if let Some(&first) = facts.waiting.front() {
            let mails = facts.waiting.len() as u32;
            cx.say(Signal::Notified(Notice { first, mails, by: ToldBy::SystemMail }));
        }
    }

    /// Where it keeps a connection open, it opens it anew as soon as it can.
    pub(super) fn system_reaches(&mut self, cx: &mut Context<'_, PushTimer>) {
        let facts = cx.facts();
        let keeps_one = facts.policy.delivery == Delivery::SystemLongpoll;
        if keeps_one && system_can_fetch(facts) && !facts.waiting.is_empty() {
            self.fetch_after(Span::ZERO, None, cx);
        }
    }

    /// It is its turn to ask.
    pub(super) fn fetch_in_turn(&mut self, cx: &mut Context<'_, PushTimer>) {
        let facts = cx.facts();
        let now_and_here = match self.config.fetch_when {
            FetchWhen::Always => true,
            FetchWhen::ChargingOnWifi => facts.plugged_in && facts.network == Network::Wifi,
        };
        if now_and_here && system_fetches_in_turn(facts, cx.now()) {
            self.fetch_after(Span::ZERO, None, cx);
        }
    }
}
