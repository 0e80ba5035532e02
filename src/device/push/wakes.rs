//! Background pushes that reached the device: the system holds one, keeps wakes for them apart, and asks its gates,
//! but not how likely the client is to be used (WWDC20 10063). Beside that the moment needs a score above 0.01 (dasd of
//! one iOS 18.2 build), which every moment has at which no gate is closed: laws hold both, so no score is worked out here.

use super::config::Config;
use super::guards::{gates_are_open, is_barred, is_on_screen};
use super::{Push, PushTimer};
use crate::engine::{Context, Setup};
use crate::signal::{Held, Process, Signal, Wake};
use crate::time::Span;

pub(super) struct Wakes {
    /// On this phone none wakes the client.
    never: bool,
    held: bool,
    /// Whether the last wake keeps others away.
    apart: bool,
}

impl Wakes {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Wakes {
        let never = setup.is_among(setup.config.background_never, "background_never");
        Wakes { never, held: false, apart: false }
    }
}

impl Push {
    /// One has reached the device.
    pub(super) fn background_push_came(&mut self, cx: &mut Context<'_, PushTimer>) {
        if is_on_screen(cx.facts()) {
            return cx.say(Signal::BackgroundPush(Held::HandedOver));
        }
        if self.wakes.never || is_barred(cx.facts()) {
            return cx.say(Signal::BackgroundPush(Held::Discarded));
        }
        let had_one = std::mem::replace(&mut self.wakes.held, true);
        cx.say(Signal::BackgroundPush(if had_one { Held::TookItsPlace } else { Held::Came }));
        self.wake_if_allowed(cx);
    }

    /// Something changed: wakes the client for what is held, if that may be.
    pub(super) fn wake_if_allowed(&mut self, cx: &mut Context<'_, PushTimer>) {
        if !self.wakes.held || self.wakes.apart {
            return;
        }
        // One that runs already gets it when it is done (assumed).
        let runs = matches!(cx.facts().process, Process::Foreground | Process::BackgroundRunning);
        if runs || !gates_are_open(cx.facts(), cx.now()) {
            return;
        }
        self.wakes.held = false;
        cx.say(Signal::PushLaunched(Wake { runtime: self.config.background_runtime }));
        if self.config.background_spacing > Span::ZERO {
            self.wakes.apart = true;
            cx.arm(PushTimer::Apart, self.config.background_spacing);
            cx.say(Signal::PushSpacing(true));
        }
    }

    /// Enough time has passed since the last wake.
    pub(super) fn no_longer_apart(&mut self, cx: &mut Context<'_, PushTimer>) {
        self.wakes.apart = false;
        cx.say(Signal::PushSpacing(false));
        self.wake_if_allowed(cx);
    }

    /// The client is opened, and gets what is held.
    pub(super) fn hand_over(&mut self, cx: &mut Context<'_, PushTimer>) {
        if std::mem::take(&mut self.wakes.held) {
            cx.say(Signal::BackgroundPush(Held::HandedOver));
        }
    }

    /// The client was ended, or may not be woken any more: what is held goes (Apple, Pushing background updates).
    pub(super) fn discard(&mut self, cx: &mut Context<'_, PushTimer>) {
        if std::mem::take(&mut self.wakes.held) {
            cx.say(Signal::BackgroundPush(Held::Discarded));
        }
    }
}
