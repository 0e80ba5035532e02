//! How the client is woken in the background, and when it asks for that.

use super::{Client, ClientTimer};
use crate::client::config::Requests;
use crate::engine::Context;
use crate::policy::Code;
use crate::signal::{Facts, Process, Signal, Trigger, Wake};

/// When the client may ask for its next refresh.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Occasion {
    Woken,
    Opened,
    Closed,
}

impl Client {
    pub(super) fn request_refresh(&self, at: Occasion, cx: &mut Context<'_, ClientTimer>) {
        let asks = match (self.config.requests, at) {
            (Requests::Open, at) => at == Occasion::Opened,
            (_, Occasion::Opened) => false,
            (Requests::CheckAndClose, _) => true,
            (Requests::IfNonePending, _) => cx.facts().pending_refresh.is_none(),
        };
        if asks && self.asks_for_refreshes(cx.facts()) {
            cx.say(Signal::RefreshRequested(cx.now() + self.config.refresh_interval));
        }
    }

    pub(super) fn asks_for_refreshes(&self, facts: &Facts) -> bool {
        facts.by_request && facts.policy.delivery.code() == Code::Client
    }

    pub(super) fn wake(&mut self, wake: Wake, trigger: Trigger, cx: &mut Context<'_, ClientTimer>) {
        let launched = match self.process {
            Process::Foreground => return,
            // It is looking already; but the request is used up, and someone must ask again.
            Process::BackgroundRunning => return self.request_refresh(Occasion::Woken, cx),
            Process::Suspended => false,
            Process::NotRunning(_) => true,
        };
        self.turn(Process::BackgroundRunning, cx);
        // Apple's own samples ask for the next refresh first thing in the handler.
        self.request_refresh(Occasion::Woken, cx);
        match self.running {
            Some(frozen) => self.thaw(frozen, wake, trigger, cx),
            None => self.begin(trigger, launched, Some(wake.runtime), cx),
        }
    }
}
