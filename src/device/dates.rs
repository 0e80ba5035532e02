//! What happens on dates: the device's own part of the scenario's events, and what was published on its way to it.
//!
//! How AppConnect and the MDM carry settings: an app check-in needs the UEM client in the foreground, hence an
//! opening of an app, an interval that ran out, and a network; a command of the MDM needs a device that is on and
//! online; a managed configuration is read when the app next runs.

use crate::engine::{Context, Model, Setup};
use crate::event::{Change, Channel, Entry};
use crate::policy::Setting;
use crate::signal::{ChangeId, Network, Occurrence, Process, Signal, SignalKind, SignalKinds};
use crate::time::Time;
use std::mem::discriminant;

crate::timers! {
    /// Alarms of the dates.
    DateTimer {
        /// What is next on the device's list.
        Next,
        /// The interval of the app check-in runs out while the client is open.
        CheckIn,
    }
}

/// What was published and has not reached the device.
struct Pending {
    cargo: Cargo,
    channel: Channel,
    /// Whether a managed configuration is on the device, and only has to be read.
    is_here: bool,
}

enum Cargo {
    Change { change: ChangeId, settings: Vec<Setting>, client: bool },
    Wipe,
}

/// The dates of one device.
pub struct Dates {
    plan: Vec<(Time, Occurrence)>,
    next: usize,
    changes: Vec<Change>,
    wipe: Channel,
    pending: Vec<Pending>,
    checked_in: Time,
    is_open: bool,
    /// Whether the device was wiped: nothing reaches it any more.
    is_over: bool,
}

impl Dates {
    fn arm_next(&mut self, cx: &mut Context<'_, DateTimer>) {
        if let Some((at, _)) = self.plan.get(self.next).filter(|_| !self.is_over) {
            cx.arm_at(DateTimer::Next, *at);
        }
    }

    fn publish(&mut self, change: ChangeId) {
        let Some(published) = self.changes.get(usize::from(change.0)) else { return };
        for part in &published.parts {
            // What was published later takes the place of what is still on its way.
            for pending in &mut self.pending {
                if let Cargo::Change { settings, .. } = &mut pending.cargo {
                    let stays = |old: &Setting| {
                        !part.settings.iter().any(|new| discriminant(new) == discriminant(old))
                    };
                    settings.retain(stays);
                }
            }
            let cargo = Cargo::Change { change, settings: part.settings.clone(), client: part.client };
            self.pending.push(Pending { cargo, channel: part.channel, is_here: false });
        }
    }

    /// Whether the UEM client checks in now, the user having an app of it open.
    fn checks_in(&mut self, cx: &mut Context<'_, DateTimer>) -> bool {
        if !self.is_open || cx.facts().network == Network::None {
            return false;
        }
        let due = self.checked_in + cx.facts().policy.appconnect_check_in_interval;
        let is_due = due <= cx.now();
        if is_due {
            self.checked_in = cx.now();
        } else {
            cx.arm_at(DateTimer::CheckIn, due);
        }
        is_due
    }

    /// Lets what is on its way arrive, as far as it can.
    fn deliver(&mut self, cx: &mut Context<'_, DateTimer>) {
        if self.is_over {
            return;
        }
        let checks_in = self.checks_in(cx);
        let facts = cx.facts();
        let online = !facts.powered_off && facts.network != Network::None;
        let runs = self.is_open || matches!(facts.process, Process::Foreground | Process::BackgroundRunning);
        let arrived = |pending: &mut Pending| {
            pending.is_here |= online;
            match pending.channel {
                Channel::AtOnce => true,
                Channel::MdmCommand => online,
                Channel::ManagedConfig => pending.is_here && runs,
                Channel::AppCheckin => checks_in,
            }
        };
        let arrived: Vec<Pending> = self.pending.extract_if(.., arrived).collect();
        for pending in arrived {
            self.arrive(pending.cargo, cx);
        }
    }

    fn arrive(&mut self, cargo: Cargo, cx: &mut Context<'_, DateTimer>) {
        match cargo {
            Cargo::Wipe => {
                self.is_over = true;
                cx.say(Signal::Occurred(Occurrence::Wiped));
            }
            Cargo::Change { change, settings, client } => {
                for setting in settings {
                    if !cx.facts().policy.has(setting) {
                        cx.say(Signal::PolicyReached(setting));
                    }
                }
                if client {
                    cx.say(Signal::ClientConfigured(change));
                }
                let is_whole = |pending: &Pending| match pending.cargo {
                    Cargo::Change { change: other, .. } => other != change,
                    Cargo::Wipe => true,
                };
                if self.pending.iter().all(is_whole) {
                    cx.say(Signal::Occurred(Occurrence::Reached(change)));
                }
            }
        }
    }
}

impl Model for Dates {
    type Config = Vec<Entry>;
    type Timer = DateTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[
        SignalKind::ClientOpened,
        SignalKind::ClientClosed,
        SignalKind::Network,
        SignalKind::PoweredOn,
        SignalKind::Process,
    ]);

    fn new(setup: &Setup<'_, Vec<Entry>>) -> Dates {
        let Setup { dates, group, rank, home, clock, .. } = *setup;
        Dates {
            plan: dates.of(group, rank, home, clock),
            next: 0,
            changes: dates.changes.clone(),
            wipe: dates.wipe_of(group, rank, home).unwrap_or(Channel::MdmCommand),
            pending: Vec::new(),
            checked_in: Time::ORIGIN,
            is_open: false,
            is_over: false,
        }
    }

    fn start(&mut self, cx: &mut Context<'_, DateTimer>) {
        self.arm_next(cx);
    }

    fn fire(&mut self, timer: DateTimer, cx: &mut Context<'_, DateTimer>) {
        if let DateTimer::Next = timer {
            let Some(&(_, what)) = self.plan.get(self.next) else { return };
            self.next += 1;
            cx.say(Signal::Occurred(what));
            match what {
                Occurrence::Published(change) => self.publish(change),
                Occurrence::Retired => {
                    self.pending.push(Pending { cargo: Cargo::Wipe, channel: self.wipe, is_here: false });
                }
                _ => {}
            }
            self.arm_next(cx);
        }
        self.deliver(cx);
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, DateTimer>) {
        // Where nothing happens on dates, nobody has to know when the app checked in.
        if self.plan.is_empty() {
            return;
        }
        match signal {
            Signal::ClientOpened(_) => self.is_open = true,
            Signal::ClientClosed => {
                self.is_open = false;
                cx.disarm(DateTimer::CheckIn);
            }
            _ => {}
        }
        self.deliver(cx);
    }
}
