//! Watches a device while one mail waits and keeps what matters to it.

use super::MailRow;
use crate::client::{BLOCKER_READS, DelayCause, blocker};
use crate::device::scheduler::Decided;
use crate::engine::Observer;
use crate::signal::{Check, CheckResult, Ended, Facts, Lock, Network, Process, Signal};
use crate::time::Time;

/// Something that happened while the mail waited.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// When.
    pub at: Time,
    /// What.
    pub what: What,
    /// What stood in the way from here on, where that changed.
    pub blocker: Option<DelayCause>,
}

/// What may happen while a mail waits.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// The scheduler decided about the client's request.
    Decided(Box<Decided>),
    /// The client checked, or tried to.
    Check(CheckTold),
    /// The phone was unlocked until it locked again, or to the end of the story.
    Unlocked(Option<Time>),
    /// There was no network until it came back, or to the end of the story.
    Offline(Option<Time>),
    /// The process ended; whether the key in its memory went with it.
    Ended(Ended, bool),
    /// Anything else.
    Signal(Signal),
}

/// A check and how it ended.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CheckTold {
    /// How it began.
    pub check: Check,
    /// Lock state when it began.
    pub lock: Lock,
    /// How and when it ended, unless it was still running.
    pub end: Option<(Time, CheckResult)>,
}

impl From<Decided> for Event {
    fn from(decided: Decided) -> Event {
        Event { at: decided.at, what: What::Decided(Box::new(decided)), blocker: None }
    }
}

impl Event {
    /// The order within one instant: what calls for a decision, the decision, what it brings about.
    pub(super) const fn rank(&self) -> u8 {
        match self.what {
            What::Decided(_) => 1,
            What::Check(_) | What::Signal(Signal::BudgetDenies(true)) => 2,
            What::Unlocked(_) | What::Offline(_) | What::Ended(..) | What::Signal(_) => 0,
        }
    }
}

/// Listens from the arrival of a mail until it is told.
pub(super) struct Watcher {
    arrived: Time,
    /// How many measured mails arrive before it, and since when mail is measured.
    before: u32,
    measured: Time,
    /// Counted per device from the origin, once it has arrived.
    number: u32,
    /// What it waits for while its push is under way.
    push: Option<DelayCause>,
    /// When its push was last in another stage, and what an extension said just before.
    pushed: Option<Time>,
    failed: Option<Signal>,
    told: Option<Time>,
    held_back: Option<Time>,
    over: bool,
    pub(super) arrival: Option<Facts>,
    pub(super) blocker_at_arrival: DelayCause,
    pub(super) events: Vec<Event>,
    blocker: DelayCause,
    /// The key left the memory at this instant.
    key_dropped: Option<Time>,
    /// Places in `events` of the check that runs, of the use and of the outage that go on.
    check: Option<usize>,
    unlocked: Option<usize>,
    offline: Option<usize>,
    /// Whether the mail arrived during an outage that goes on.
    began_offline: bool,
    /// Whether the unlocking before the last lock is told, so that the lock need not be.
    lock_is_told: bool,
}

impl Watcher {
    pub(super) fn new(row: &MailRow, measured: Time) -> Watcher {
        Watcher {
            arrived: row.arrived,
            before: row.mail,
            measured,
            number: 0,
            push: None,
            pushed: None,
            failed: None,
            told: row.told,
            held_back: row.held_back,
            over: false,
            arrival: None,
            blocker_at_arrival: DelayCause::NotScheduled,
            events: Vec::new(),
            blocker: DelayCause::NotScheduled,
            key_dropped: None,
            check: None,
            unlocked: None,
            offline: None,
            began_offline: false,
            lock_is_told: false,
        }
    }

    fn arrive(&mut self, now: Time, facts: &Facts) {
        self.number = facts.arrived - 1;
        self.blocker = blocker(facts, now);
        self.blocker_at_arrival = self.blocker;
        self.began_offline = facts.network == Network::None;
        // Where the client is open and online, there is nothing to tell of.
        self.over = facts.sees_mail_at_once();
        self.arrival = Some(facts.clone());
    }

    /// What a signal adds to the story.
    fn what(&mut self, now: Time, signal: Signal, facts: &Facts) -> Option<What> {
        let here = self.events.len();
        match signal {
            Signal::CheckStarted(check) => {
                self.check = Some(here);
                Some(What::Check(CheckTold { check, lock: facts.lock, end: None }))
            }
            // Of the pushes of other mail nothing is told.
            Signal::Push(push) if push.mail != self.number => None,
            // What wakes the client is told where it came with the push of this mail.
            Signal::BackgroundPush(_) => (self.pushed == Some(now)).then_some(What::Signal(signal)),
            Signal::Push(_) => Some(What::Signal(signal)),
            Signal::Unlocked => {
                self.unlocked = Some(here);
                Some(What::Unlocked(None))
            }
            Signal::Locked | Signal::KeychainClosed if self.lock_is_told => None,
            Signal::Network(Network::None) => {
                self.offline = Some(here);
                Some(What::Offline(None))
            }
            // An outage that the story began with has no line that could say when it ended.
            Signal::Network(_) if std::mem::take(&mut self.began_offline) => Some(What::Signal(signal)),
            // A launch that was refused, a force-quit and a restart are told already.
            Signal::Process(Process::NotRunning(
                why @ (Ended::Memory | Ended::Power | Ended::Update | Ended::Crash | Ended::Watchdog),
            )) => Some(What::Ended(why, self.key_dropped == Some(now))),
            Signal::Locked
            | Signal::PluggedIn
            | Signal::Unplugged
            | Signal::LowPowerMode(_)
            | Signal::PoweredOff
            | Signal::PoweredOn
            | Signal::BudgetDenies(_)
            | Signal::UnusedApp(_)
            | Signal::RefreshCancelled
            | Signal::AuthorizationExpired
            | Signal::ClientOpened(_)
            | Signal::ClientClosed
            | Signal::ForceQuit
            | Signal::Subscribed(_)
            | Signal::Rebooted(_) => Some(What::Signal(signal)),
            _ => None,
        }
    }

    /// Ends what goes on.
    fn end(&mut self, now: Time, signal: Signal) {
        match signal {
            Signal::KeyDropped => self.key_dropped = Some(now),
            Signal::ExtensionFailed(_) => self.failed = Some(signal),
            Signal::Push(push) => {
                let failed = self.failed.take();
                if push.mail == self.number {
                    (self.push, self.pushed) = (DelayCause::of_push(push.stage), Some(now));
                    let told =
                        failed.map(|failed| Event { at: now, what: What::Signal(failed), blocker: None });
                    self.events.extend(told);
                }
            }
            Signal::Notified(notice) if !notice.by.is_check() && self.told == Some(now) => self.over = true,
            Signal::Unlocked | Signal::Rebooted(_) => self.lock_is_told = false,
            Signal::Locked => {
                self.lock_is_told = self.unlocked.is_some();
                if let Some(place) = self.unlocked.take() {
                    self.events[place].what = What::Unlocked(Some(now));
                }
            }
            Signal::Network(network) if network != Network::None => {
                if let Some(place) = self.offline.take() {
                    self.events[place].what = What::Offline(Some(now));
                }
            }
            Signal::CheckEnded(result) => {
                let running = self.check.take().and_then(|place| self.events.get_mut(place));
                if let Some(Event { what: What::Check(check), .. }) = running {
                    check.end = Some((now, result));
                    let found = self.held_back.or(self.told) == Some(now);
                    self.over = matches!(result, CheckResult::NewMail(_)) && found;
                }
            }
            _ => {}
        }
    }
}

impl Observer for Watcher {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        if self.over || now < self.measured {
            return;
        }
        if self.arrival.is_none() {
            if signal == Signal::MailArrived {
                match self.before.checked_sub(1) {
                    Some(left) => self.before = left,
                    None => self.arrive(now, facts),
                }
            }
            return;
        }
        self.end(now, signal);
        // While a check looks for the mail, nothing else is in its way.
        // What a launch brings with it is told with the check that follows, once that has ended.
        let launches = matches!(
            signal,
            Signal::RefreshLaunched(_)
                | Signal::RefreshSpacing(true)
                | Signal::PushLaunched(_)
                | Signal::PushSpacing(true)
        ) || facts.process == Process::BackgroundRunning && facts.check.is_none();
        let looks = BLOCKER_READS.has(signal.word()) && self.check.is_none() && !launches;
        let blocker = match signal {
            Signal::HeldBack(_) if self.held_back == Some(now) => DelayCause::QuietHours,
            Signal::Push(push) if push.mail == self.number => self.push.unwrap_or(blocker(facts, now)),
            _ if self.push.is_some() => self.blocker,
            _ if looks => blocker(facts, now),
            _ => self.blocker,
        };
        // In the instant in which it arrives, its wait begins with what all that is said has made of it.
        let begins = now == self.arrived && self.push.is_some();
        if begins {
            self.blocker_at_arrival = blocker;
        }
        let changed = (blocker != self.blocker && !begins).then_some(blocker);
        self.blocker = blocker;
        match (self.what(now, signal, facts), changed) {
            // The key that goes with its process is told of with it, and so is what that changes.
            (Some(what @ What::Ended(_, true)), changed) => {
                let key = |last: &mut Event| last.at == now && last.what == What::Signal(Signal::KeyDropped);
                let blocker = changed.or(self.events.pop_if(key).and_then(|key| key.blocker));
                self.events.push(Event { at: now, what, blocker });
            }
            (Some(what), blocker) => self.events.push(Event { at: now, what, blocker }),
            (None, None) => {}
            (None, Some(blocker)) => self.note(now, signal, blocker),
        }
    }
}

impl Watcher {
    /// A blocker changed by something that has no line of its own.
    fn note(&mut self, now: Time, signal: Signal, blocker: DelayCause) {
        let ends_check = |last: &Event| {
            matches!((&last.what, signal), (What::Check(_), Signal::Process(_))) && self.check.is_none()
        };
        let last = self.events.last_mut().filter(|last| last.at == now || ends_check(last));
        match last {
            Some(last) => last.blocker = Some(blocker),
            // The keychain closes a moment after each lock that ends a use of the phone, and the
            // end of an outage is told with its beginning.
            None if signal == Signal::KeychainClosed && self.lock_is_told => {}
            None if matches!(signal, Signal::Network(_)) => {}
            None => {
                self.events.push(Event { at: now, what: What::Signal(signal), blocker: Some(blocker) });
            }
        }
    }
}
