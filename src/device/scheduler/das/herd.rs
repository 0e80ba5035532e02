//! Herd moments: what many apps wait for is back after long, and the system lets their work pass by and by.

use super::{Das, SchedulerTimer};
use crate::engine::Context;
use crate::signal::{HerdQuiet, Signal};
use crate::time::{Span, Time};

impl Das {
    /// Something many apps wait for is back; after long this is a herd moment.
    pub(super) fn note_return(&mut self, since: Option<Time>, cx: &mut Context<'_, SchedulerTimer>) {
        let is_herd = since.is_some_and(|since| cx.now().since(since) >= self.config.herd_absence);
        if is_herd && self.config.herd_quiet.max(self.config.herd_in_use) > Span::ZERO {
            self.turn_herd(HerdQuiet::Always, cx);
            cx.arm(SchedulerTimer::Herd, self.config.herd_quiet);
        }
    }

    fn turn_herd(&self, quiet: HerdQuiet, cx: &mut Context<'_, SchedulerTimer>) {
        if cx.facts().herd_quiet != quiet {
            cx.say(Signal::HerdQuiet(quiet));
        }
    }

    /// The quiet lasts longer while the device is in hand.
    pub(super) fn herd_passes(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        let longer = self.config.herd_in_use.ms().saturating_sub(self.config.herd_quiet.ms());
        if cx.facts().herd_quiet == HerdQuiet::Always && longer > 0 {
            self.turn_herd(HerdQuiet::InHand, cx);
            cx.arm(SchedulerTimer::Herd, Span::from_ms(longer));
        } else {
            self.turn_herd(HerdQuiet::Over, cx);
        }
        self.look_now(cx);
    }
}
