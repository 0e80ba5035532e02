//! Whether the server sends a push, and what becomes of it first.

use super::Push;
use crate::policy::{Code, Delivery, OutsideHours};
use crate::signal::{Facts, PushStage};
use crate::time::Time;

impl Push {
    /// The first stage of the push of a mail that arrives now; nothing where mail waits for code alone. Of mail that
    /// has no number yet nobody knows whether it is important.
    pub(crate) fn first_stage(&self, mail: Option<u32>, facts: &Facts, now: Time) -> Option<PushStage> {
        let delivery = facts.policy.delivery;
        if !self.concerns || delivery != Delivery::SystemLongpoll && delivery.shows().is_none() {
            return None;
        }
        if delivery == Delivery::SystemLongpoll {
            return Some(PushStage::Sent);
        }
        // Where pushes have ended for good, mail waits for the code that is left.
        if !self.is_sent_now(mail, now) || self.ended && delivery.code() != Code::None {
            return None;
        }
        Some(if self.sends() { PushStage::Sent } else { PushStage::Unsubscribed })
    }

    /// Whether the server hears of mail, and nothing keeps it from sending.
    pub(super) fn sends(&self) -> bool {
        self.subscription.lives && self.reaches_apns()
    }

    pub(super) fn reaches_apns(&self) -> bool {
        self.kept_away == 0 && !self.ended
    }

    /// Whether the server sends anything at this hour, be it of a mail or without one.
    pub(super) fn is_sent_now(&self, mail: Option<u32>, now: Time) -> bool {
        let outside = self.published.working_hours.is_some_and(|hours| !hours.contain(&self.clock, now));
        !outside
            || match self.config.sent_outside_hours(self.published.product) {
                OutsideHours::Nothing => false,
                OutsideHours::Vip => mail.is_some_and(|mail| self.way.is_vip(&self.config, mail.into())),
                OutsideHours::All => true,
            }
    }
}
