//! What the administrator does to a client that is out there: settings that reach it, AppConnect's own locks, and its
//! removal.

use super::{Client, ClientTimer};
use crate::client::keys::stores_key;
use crate::engine::Context;
use crate::policy::{Lapse, Setting};
use crate::signal::{Ended, Process, Signal};
use crate::time::Span;

impl Client {
    /// A setting is in force from here on. A check that runs ends as it began.
    pub(super) fn policy_reached(&mut self, setting: Setting, cx: &mut Context<'_, ClientTimer>) {
        match setting {
            Setting::KeyAccess(access) => {
                self.key_in_memory = self.config.key_in_memory(access);
                self.govern_key(cx);
            }
            Setting::KeychainClass(_) | Setting::Passcode(_) => self.govern_key(cx),
            Setting::AppconnectAutoLock(_) if self.process != Process::Foreground => self.arm_app_lock(cx),
            Setting::AppconnectPasscodeAge(_) => self.arm_passcode_expiry(cx),
            _ => {}
        }
    }

    /// Under a policy that stores no key the item is deleted, and the key leaves memory with it. Under one that does
    /// it is stored where the user has the client open, with the key just got.
    fn govern_key(&mut self, cx: &mut Context<'_, ClientTimer>) {
        let stored = cx.facts().key_stored;
        match stores_key(&cx.facts().policy) {
            false if stored => {
                cx.say(Signal::KeyDeleted);
                self.drop_key(cx);
            }
            true if !stored && self.has_key && self.process == Process::Foreground => {
                cx.say(Signal::KeyStored);
            }
            _ => {}
        }
    }

    /// AppConnect's own auto-lock counts from when the client leaves the screen; what is stored stays (inferred from
    /// the guide of Email+, not read in it).
    pub(super) fn arm_app_lock(&self, cx: &mut Context<'_, ClientTimer>) {
        match cx.facts().policy.appconnect_auto_lock {
            Lapse(Some(after)) => cx.arm(ClientTimer::AppLock, after),
            Lapse(None) => cx.disarm(ClientTimer::AppLock),
        }
    }

    /// The passcode of each device was set at some time of its own; a new one is set at the next opening (assumed).
    pub(super) fn arm_passcode_expiry(&self, cx: &mut Context<'_, ClientTimer>) {
        let Lapse(Some(age)) = cx.facts().policy.appconnect_passcode_age else {
            return cx.disarm(ClientTimer::PasscodeExpires);
        };
        let phase = Span::from_ms((self.passcode_set.uniform(0) * age.ms() as f64) as u64);
        // The next of the instants that lie one age apart.
        let passed = (cx.now().ms() + age.ms() - phase.ms()) / age.ms();
        let next = phase + age * passed;
        cx.arm(ClientTimer::PasscodeExpires, Span::from_ms(next.ms() - cx.now().ms()));
    }

    /// The device was given back: the client ends, and its item is deleted.
    pub(super) fn remove(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if cx.facts().key_stored {
            cx.say(Signal::KeyDeleted);
        }
        self.end(Ended::Removed, cx);
        self.process = Process::NotRunning(Ended::Removed);
    }
}
