//! Push: from the mail server by APNs to the device, and what the device makes of it; and the system's own mail
//! client, which needs no push of a vendor.
//!
//! What a push takes on its way, and when a subscription dies, are drawn ahead of any policy, by mail or by device.
//! APNs keeps one push for a device that it does not reach, the newest (Apple, Sending notification requests to APNs).

mod apns;
mod config;
mod extension;
pub mod guards;
mod sending;
mod shown;
mod subscription;
mod system;
mod wakes;
mod way;

pub use config::{Config, DetailRoute, Priority, Stored, is_in_use, is_read};

use crate::clock::Clock;
use crate::engine::{Context, Model, Setup};
use crate::event::Change;
use crate::policy::{Code, Delivery, Policy, Setting};
use crate::signal::{
    ExtensionFailure, Facts, Occurrence, Process, Push as Stage, PushStage, Signal, SignalKind, SignalKinds,
};
use crate::time::{Span, Time};
use extension::Extension;
use guards::is_online;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use subscription::Subscription;
use wakes::Wakes;
use way::Way;

crate::timers! {
    /// Alarms of push.
    PushTimer {
        /// Something that is on its way gets further.
        Further,
        /// What APNs stores is no longer to be delivered.
        Expiry,
        /// The subscription dies.
        Death,
        /// Whoever renews it has noticed.
        Noticed,
        /// Another push is sent to wake the client, or the system fetches.
        Interval,
        /// Enough time has passed between two wakes for background pushes.
        Apart,
    }
}

/// The push of a mail, or one without a mail, which only wakes the client; each has a number by which its way is drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Parcel {
    Mail(u32),
    Wake(u32),
}

impl Parcel {
    /// By what its way is drawn: no two have the same.
    fn number(self) -> u64 {
        match self {
            Parcel::Mail(mail) => u64::from(mail),
            Parcel::Wake(wake) => u64::from(u32::MAX) + 1 + u64::from(wake),
        }
    }
}

/// Where something that is on its way gets to next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// To APNs.
    Apns(Parcel),
    /// To the device.
    Device(Parcel),
    /// On the screen, as the extension wrote it, or as it was.
    Screen(u32, Written),
    /// The system's own mail client has fetched, having heard of a mail or without.
    Fetched(Option<u32>),
}

/// What stands in a push that an extension had in hand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Written {
    Content,
    AsItWas(ExtensionFailure),
}

/// Push on one device.
pub struct Push {
    config: Config,
    clock: Clock,
    /// What people decided, whether it has reached the device or not: the server hears of it at once.
    published: Policy,
    changes: Vec<Change>,
    /// Whether anything but background refresh ever tells of mail here.
    concerns: bool,
    way: Way,
    on_its_way: BinaryHeap<Reverse<(Time, Step)>>,
    /// What APNs stores, and until when; and when what it stored last expires, which it keeps if it is stored again.
    stored: Option<(Parcel, Time)>,
    was_stored: Option<(Parcel, Time)>,
    subscription: Subscription,
    /// How many dates keep pushes away for a while now, and whether one does for good.
    kept_away: u32,
    ended: bool,
    wakes: Wakes,
    extension: Extension,
    /// The part of an interval that passes until the first of them.
    phase: f64,
    intervals: u32,
    /// Whether another interval was published, and holds from here on.
    turns_anew: bool,
    /// How many were sent without a mail, but for those at intervals.
    silent: u32,
}

impl Push {
    fn say(mail: u32, stage: PushStage, cx: &mut Context<'_, PushTimer>) {
        cx.say(Signal::Push(Stage { mail, stage }));
    }

    fn send_on(&mut self, after: Span, step: Step, cx: &mut Context<'_, PushTimer>) {
        self.on_its_way.push(Reverse((cx.now() + after, step)));
        self.arm_further(cx);
    }

    fn arm_further(&self, cx: &mut Context<'_, PushTimer>) {
        match self.on_its_way.peek() {
            Some(Reverse((at, _))) => cx.arm_at(PushTimer::Further, (*at).max(cx.now())),
            None => cx.disarm(PushTimer::Further),
        }
    }

    /// A mail has reached the mailbox.
    fn mail_arrived(&mut self, cx: &mut Context<'_, PushTimer>) {
        let mail = cx.facts().arrived - 1;
        let Some(stage) = self.first_stage(Some(mail), cx.facts(), cx.now()) else { return };
        Push::say(mail, stage, cx);
        if stage != PushStage::Sent {
            return;
        }
        let notice = self.way.notice(&self.config, mail.into());
        if cx.facts().policy.delivery == Delivery::SystemLongpoll {
            let unnoticed = self.way.unnoticed(&self.config, mail.into());
            let in_low_power = self.low_power_delay(mail.into(), cx);
            return self.fetch_after(notice + unnoticed + in_low_power, Some(mail), cx);
        }
        let parcel = Parcel::Mail(mail);
        self.send_on(notice + self.way.relay(&self.config, parcel.number()), Step::Apns(parcel), cx);
    }

    fn low_power_delay(&self, push: u64, cx: &Context<'_, PushTimer>) -> Span {
        match cx.facts().low_power_enforced(cx.now()) {
            true => self.way.in_low_power(&self.config, push),
            false => Span::ZERO,
        }
    }

    fn further(&mut self, step: Step, cx: &mut Context<'_, PushTimer>) {
        match step {
            Step::Apns(parcel) if !self.reaches_device(parcel, cx.facts()) => self.store(parcel, cx),
            Step::Device(parcel) if !is_online(cx.facts()) => self.store(parcel, cx),
            Step::Apns(parcel) => self.deliver(parcel, cx),
            Step::Device(parcel) => self.reached(parcel, cx),
            Step::Screen(mail, written) => self.show_what_is_written(mail, written, cx),
            Step::Fetched(of) => self.fetched(of, cx),
        }
    }

    /// It has reached the device.
    fn reached(&mut self, parcel: Parcel, cx: &mut Context<'_, PushTimer>) {
        if cx.facts().removed {
            return;
        }
        if let Parcel::Mail(mail) = parcel {
            self.show(mail, cx);
        }
        if !self.is_low_priority(parcel) {
            self.send_stored(cx);
        }
        if guards::wakes_client(&self.config, cx.facts()) {
            self.background_push_came(cx);
        }
    }

    fn interval(&mut self, cx: &mut Context<'_, PushTimer>) {
        let delivery = cx.facts().policy.delivery;
        if delivery == Delivery::SystemFetch {
            self.fetch_in_turn(cx);
        } else if delivery == Delivery::PushInterval && self.sends() {
            let parcel = Parcel::Wake(self.intervals);
            if self.is_sent_now(None, cx.now()) {
                self.send_on(self.way.relay(&self.config, parcel.number()), Step::Apns(parcel), cx);
            }
        }
        self.intervals += 1;
        self.arm_interval(delivery, cx);
    }

    fn arm_interval(&self, delivery: Delivery, cx: &mut Context<'_, PushTimer>) {
        let every = match delivery {
            Delivery::PushInterval => self.config.interval,
            Delivery::SystemFetch => self.config.fetch_every,
            _ => return cx.disarm(PushTimer::Interval),
        };
        let first = Span::from_ms((self.phase * every.ms() as f64) as u64);
        cx.arm(PushTimer::Interval, if self.intervals == 0 { first } else { every });
    }
}

impl Model for Push {
    type Config = Config;
    type Timer = PushTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[
        SignalKind::MailArrived,
        SignalKind::Network,
        SignalKind::PoweredOn,
        SignalKind::PluggedIn,
        SignalKind::Battery,
        SignalKind::LowPowerMode,
        SignalKind::MemoryPressure,
        SignalKind::PutDown,
        SignalKind::Unlocked,
        SignalKind::Rebooted,
        SignalKind::HerdQuiet,
        SignalKind::BootQuiet,
        SignalKind::BudgetDenies,
        SignalKind::Process,
        SignalKind::ForceQuit,
        SignalKind::ClientOpened,
        SignalKind::PolicyReached,
        SignalKind::ClientConfigured,
        SignalKind::Occurred,
    ]);

    fn new(setup: &Setup<'_, Config>) -> Push {
        let Setup { config, policy, clock, dates, streams, .. } = *setup;
        let tells = |setting| matches!(setting, Setting::Delivery(delivery) if delivery != Delivery::Refresh);
        Push {
            config: config.clone(),
            clock: clock.clone(),
            published: *policy,
            changes: dates.changes.clone(),
            concerns: policy.delivery != Delivery::Refresh || dates.publish(tells),
            way: Way::new(setup),
            on_its_way: BinaryHeap::new(),
            stored: None,
            was_stored: None,
            subscription: Subscription::new(setup),
            kept_away: 0,
            ended: false,
            wakes: Wakes::new(setup),
            extension: Extension::new(setup),
            phase: streams.keyed("push interval").uniform(0),
            intervals: 0,
            turns_anew: false,
            silent: 0,
        }
    }

    fn at_origin(&mut self, facts: &mut Facts) {
        facts.extension_class = self.config.extension.class;
    }

    fn start(&mut self, cx: &mut Context<'_, PushTimer>) {
        if self.concerns {
            self.arm_death(cx);
            self.arm_interval(cx.facts().policy.delivery, cx);
        }
    }

    fn adopt(&mut self, keys: &[&str], from: &Config, _: &Facts) {
        let turns = |config: &Config| (config.interval, config.fetch_every);
        let before = turns(&self.config);
        // Of a table within the section the whole is taken over.
        let names = keys.iter().map(|key| key.split('.').next().unwrap_or(key));
        names.for_each(|name| self.config.adopt(name, from));
        self.turns_anew |= turns(&self.config) != before;
    }

    fn fire(&mut self, timer: PushTimer, cx: &mut Context<'_, PushTimer>) {
        match timer {
            // One at a time, however many are due: what one of them tells is heard before the next is looked at.
            PushTimer::Further => {
                if let Some(Reverse((_, step))) = self.on_its_way.pop() {
                    self.further(step, cx);
                }
                self.arm_further(cx);
            }
            PushTimer::Expiry => {
                if let Some((Parcel::Mail(mail), _)) = self.stored.take() {
                    Push::say(mail, PushStage::Expired, cx);
                }
            }
            PushTimer::Death => self.dies(cx),
            PushTimer::Noticed => self.noticed(cx),
            PushTimer::Interval => self.interval(cx),
            PushTimer::Apart => self.no_longer_apart(cx),
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, PushTimer>) {
        if !self.concerns {
            return;
        }
        match signal {
            Signal::MailArrived => self.mail_arrived(cx),
            Signal::Network(_) | Signal::PoweredOn if is_online(cx.facts()) => {
                self.online(cx);
                self.system_reaches(cx);
            }
            Signal::Unlocked => {
                self.online(cx);
                self.system_reaches(cx);
            }
            Signal::PluggedIn => self.online(cx),
            Signal::Rebooted(_) => self.extension.restart(cx.now()),
            Signal::ForceQuit | Signal::Process(Process::NotRunning(_)) => self.discard(cx),
            Signal::ClientOpened(_) => {
                self.hand_over(cx);
                self.client_runs(true, cx);
            }
            Signal::Process(Process::BackgroundRunning) => self.client_runs(false, cx),
            Signal::PolicyReached(setting) => {
                if let Setting::Delivery(delivery) = setting {
                    self.arm_interval(delivery, cx);
                    if delivery.code() != Code::Client {
                        self.discard(cx);
                    }
                }
                if cx.facts().refresh_off {
                    self.discard(cx);
                }
            }
            Signal::ClientConfigured(_) => {
                if std::mem::take(&mut self.turns_anew) {
                    self.arm_interval(cx.facts().policy.delivery, cx);
                }
                if self.config.extension.class != cx.facts().extension_class {
                    cx.say(Signal::ExtensionItem(self.config.extension.class));
                }
            }
            Signal::Occurred(what) => self.occurs(what, cx),
            _ => {}
        }
        self.wake_if_allowed(cx);
    }
}

impl Push {
    fn occurs(&mut self, what: Occurrence, cx: &mut Context<'_, PushTimer>) {
        match what {
            Occurrence::Published(change) => {
                let settings = self.changes.get(usize::from(change.0)).into_iter().flat_map(Change::settings);
                settings.for_each(|setting| self.published.set(setting));
            }
            Occurrence::NoPush(true) => self.kept_away += 1,
            Occurrence::NoPush(false) => self.kept_away -= 1,
            Occurrence::PushEnded => self.ended = true,
            Occurrence::Wiped => self.discard(cx),
            _ => {}
        }
    }
}
