//! What APNs makes of a push: it delivers it, or keeps the newest for a device that it does not reach. A push of
//! priority 5 may also wait for a device that is asleep (Apple, forum thread 775340).

use super::guards::{is_asleep, is_online};
use super::{Parcel, Priority, Push, PushTimer, Step, Stored};
use crate::engine::Context;
use crate::signal::{Facts, PushStage};

impl Push {
    /// Whether it leaves it to the phone when it comes.
    pub(super) fn is_low_priority(&self, parcel: Parcel) -> bool {
        match parcel {
            Parcel::Mail(_) => self.config.priority == Priority::PowerSaving,
            Parcel::Wake(_) => true,
        }
    }

    /// Whether APNs gets it to the device now.
    pub(super) fn reaches_device(&self, parcel: Parcel, facts: &Facts) -> bool {
        let waits = |push| self.way.waits_for_sleeper(&self.config, push);
        let sleeps_through = is_asleep(facts) && self.is_low_priority(parcel) && waits(parcel.number());
        is_online(facts) && !sleeps_through
    }

    pub(super) fn deliver(&mut self, parcel: Parcel, cx: &mut Context<'_, PushTimer>) {
        let takes = self.way.apns(&self.config, parcel.number()) + self.low_power_delay(parcel.number(), cx);
        self.send_on(takes, Step::Device(parcel), cx);
    }

    /// APNs cannot get it to the device.
    pub(super) fn store(&mut self, parcel: Parcel, cx: &mut Context<'_, PushTimer>) {
        let now = cx.now();
        let mut tell = |parcel, stage| {
            if let Parcel::Mail(mail) = parcel {
                Push::say(mail, stage, cx);
            }
        };
        if self.config.stored == Stored::Nothing {
            return tell(parcel, PushStage::Dropped);
        }
        if let Some((other, _)) = self.stored {
            // One that was delayed is not the newest.
            let is_newer =
                matches!((other, parcel), (Parcel::Mail(other), Parcel::Mail(this)) if other > this);
            if is_newer {
                return tell(parcel, PushStage::Displaced);
            }
            tell(other, PushStage::Displaced);
        }
        let again = self.was_stored.filter(|(stored, until)| *stored == parcel && *until > now);
        let expires = again.map_or(now + self.config.expiry, |(_, until)| until);
        tell(parcel, PushStage::Held);
        self.stored = Some((parcel, expires));
        cx.arm_at(PushTimer::Expiry, expires);
    }

    /// The device can be reached again, or is awake.
    pub(super) fn online(&mut self, cx: &mut Context<'_, PushTimer>) {
        if self.stored.is_some_and(|(parcel, _)| self.reaches_device(parcel, cx.facts())) {
            self.send_stored(cx);
        }
    }

    /// What is stored is on its way again; a push of priority 10 wakes the phone for it.
    pub(super) fn send_stored(&mut self, cx: &mut Context<'_, PushTimer>) {
        let Some((parcel, until)) = self.stored.take() else { return };
        self.was_stored = Some((parcel, until));
        cx.disarm(PushTimer::Expiry);
        if let Parcel::Mail(mail) = parcel {
            Push::say(mail, PushStage::Sent, cx);
        }
        self.deliver(parcel, cx);
    }
}
