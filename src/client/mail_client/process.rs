//! The process of the client: what it turns to, and what ends it.

use super::{Client, ClientTimer};
use crate::client::config::KeyInMemory;
use crate::engine::Context;
use crate::signal::{Ended, Network, Process, Signal};

impl Client {
    pub(super) fn turn(&mut self, process: Process, cx: &mut Context<'_, ClientTimer>) {
        self.process = process;
        cx.say(Signal::Process(process));
    }

    pub(super) fn suspend(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if self.key_in_memory == KeyInMemory::DroppedInBackground {
            self.drop_key(cx);
        }
        self.turn(Process::Suspended, cx);
    }

    pub(super) fn drop_key(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if std::mem::take(&mut self.has_key) {
            cx.say(Signal::KeyDropped);
        }
    }

    pub(super) fn end(&mut self, why: Ended, cx: &mut Context<'_, ClientTimer>) {
        self.endings.left();
        if self.process.is_alive() {
            self.cut_short(cx);
            self.drop_key(cx);
            self.turn(Process::NotRunning(why), cx);
        }
    }

    /// Updates are installed at night, on the charger and on Wi-Fi (as reported; the hours are assumed).
    pub(super) fn update(&mut self, cx: &mut Context<'_, ClientTimer>) {
        let ready = cx.facts().plugged_in && cx.facts().network == Network::Wifi;
        if self.endings.is_due(cx.now(), ready, self.process == Process::Foreground) {
            self.end(Ended::Update, cx);
        }
        if let Some(at) = self.endings.next_update(cx.now()) {
            cx.arm_at(ClientTimer::Update, at);
        }
    }

    pub(super) fn arm_key_loss(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if let Some(at) = self.endings.next_key_loss() {
            cx.arm_at(ClientTimer::KeyLoss, at);
        }
    }
}
