//! The client as an app: it checks when it is opened and when the system lets it, tells the user,
//! and asks to be woken again.

use super::config::{AfterHours, Config, Expiry, KeyInMemory, OnMissingKey};
use super::endings::Endings;
use super::keys::{Ground, key_access, refuses_launch, stores_key};
use crate::clock::Clock;
use crate::engine::{Context, Model, Setup};
use crate::policy::WorkingHours;
use crate::random::Keyed;
use crate::signal::{
    Check, CheckResult, Ended, Facts, KeyFailure, KeySource, Lock, Network, Notice, Occurrence, Process,
    SLOT, Signal, SignalKind, SignalKinds, Termination, ToldBy, Trigger,
};
use crate::time::Span;

mod governed;
mod process;
mod running;
mod waking;

use running::Running;
use waking::Occasion;

crate::timers! {
    /// Alarms of the client.
    ClientTimer {
        /// The running check is over.
        CheckDone,
        /// The working hours begin, and held mail is announced.
        HoursBegin,
        /// An update of the app may be installed.
        Update,
        /// The key goes from the keychain.
        KeyLoss,
        /// AppConnect's own auto-lock.
        AppLock,
        /// The AppConnect passcode expires.
        PasscodeExpires,
    }
}

/// The client on one device.
pub struct Client {
    clock: Clock,
    config: Config,
    key_in_memory: KeyInMemory,
    /// When the request that is pending at the origin may run.
    first_request: Span,
    /// The check under way, and how it will end unless something ends it before.
    running: Option<Running>,
    /// What the next check need not do again.
    done: Span,
    keychain_errors: Keyed,
    endings: Endings,
    passcode_set: Keyed,
    /// Whether the key is in memory, counting what this instant has said already.
    has_key: bool,
    /// Whether held mail was to be announced while the phone was off: it is after the first unlock.
    owes: bool,
    /// The process, likewise: a restart takes an open client from the screen, and what the user
    /// says to that is heard before the end of the process is.
    process: Process,
}

/// Whether a client that finds this may take its key for gone, where it is only out of reach.
const fn looks_gone(reason: KeyFailure) -> bool {
    refuses_launch(reason) || matches!(reason, KeyFailure::KeychainError)
}

impl Client {
    fn begin(
        &mut self,
        trigger: Trigger,
        launched: bool,
        runtime: Option<Span>,
        cx: &mut Context<'_, ClientTimer>,
    ) {
        let ground = if trigger.is_in_background() { Ground::Background } else { Ground::Foreground };
        let key = self.ask_for_key(ground, cx);
        cx.say(Signal::CheckStarted(Check { trigger, launched, key }));
        let source = match key {
            Ok(source) => source,
            Err(reason) => return self.fail(reason, launched, cx),
        };
        self.read_key(source, cx);
        let missing = stores_key(&cx.facts().policy) && !cx.facts().key_stored;
        if ground == Ground::Foreground && (missing || cx.facts().key_lost) {
            cx.say(Signal::KeyStored);
        }
        if cx.facts().network == Network::None {
            cx.say(Signal::CheckEnded(CheckResult::NoNetwork));
            if ground == Ground::Background {
                self.suspend(cx);
            }
            return;
        }
        let left = Span::from_ms(self.work(cx.facts()).ms().saturating_sub(self.done.ms()));
        self.run(Running::new(trigger, left, cx.now(), runtime), cx);
    }

    fn ask_for_key(&self, ground: Ground, cx: &Context<'_, ClientTimer>) -> Result<KeySource, KeyFailure> {
        let key = key_access(cx.facts(), ground);
        // Keyed by the quarter of an hour, so that another policy meets the same luck.
        let quarter = cx.now().ms() / SLOT.ms();
        match key {
            Ok(KeySource::Keychain)
                if ground == Ground::Background
                    && self.keychain_errors.uniform(quarter) < self.config.keychain_errors.get() =>
            {
                Err(KeyFailure::KeychainError)
            }
            key => key,
        }
    }

    fn read_key(&mut self, source: KeySource, cx: &mut Context<'_, ClientTimer>) {
        if !std::mem::replace(&mut self.has_key, true) {
            cx.say(Signal::KeyRead(source));
        }
    }

    /// A background *launch* that finds its keychain closed ends the process; any other missing
    /// key leaves it running for the rest of its slot.
    fn fail(&mut self, reason: KeyFailure, launched: bool, cx: &mut Context<'_, ClientTimer>) {
        let refused = launched && refuses_launch(reason);
        cx.say(Signal::CheckEnded(if refused {
            CheckResult::LaunchRefused
        } else {
            CheckResult::KeyFailure
        }));
        if self.config.on_missing_key == OnMissingKey::SignedOutUntilOpened && looks_gone(reason) {
            cx.say(Signal::KeyLost);
        }
        match refused {
            true => self.turn(Process::NotRunning(Ended::Refused), cx),
            false => self.suspend(cx),
        }
    }

    fn finish(&mut self, cx: &mut Context<'_, ClientTimer>) {
        let Some(running) = self.running.take() else { return };
        if running.will_expire() {
            return self.expire(running, cx);
        }
        self.done = Span::ZERO;
        let trigger = running.trigger;
        let Facts { seen: mails, .. } = *cx.facts();
        let first = cx.facts().waiting.front().copied().unwrap_or_default();
        let notice = Notice { first, mails, by: ToldBy::from(trigger) };
        let result = match notice.mails {
            0 => CheckResult::NoMail,
            mails => CheckResult::NewMail(mails),
        };
        // Mail is seen on the screen; if the user has left meanwhile, it takes a notification.
        if let CheckResult::NewMail(_) = result
            && self.process != Process::Foreground
        {
            self.announce(notice, cx);
        }
        cx.say(Signal::CheckEnded(result));
        match self.process {
            Process::Foreground => self.catch_up(cx, notice.mails),
            _ if trigger.is_in_background() && self.endings.crashes(cx.now()) => {
                self.end(Ended::Crash, cx);
            }
            _ => self.suspend(cx),
        }
    }

    /// The working hours, where there are any and this is outside them.
    fn hours_that_are_over(&self, cx: &Context<'_, ClientTimer>) -> Option<WorkingHours> {
        cx.facts().policy.working_hours.filter(|hours| !hours.contain(&self.clock, cx.now()))
    }

    /// Notifies, unless it is outside working hours.
    fn announce(&mut self, notice: Notice, cx: &mut Context<'_, ClientTimer>) {
        let Some(hours) = self.hours_that_are_over(cx) else { return cx.say(Signal::Notified(notice)) };
        cx.say(Signal::HeldBack(notice));
        let begin = hours.next_beginning(&self.clock, cx.now());
        if let (AfterHours::AnnouncedWhenHoursBegin, Some(begin)) = (self.config.after_hours, begin) {
            cx.arm_at(ClientTimer::HoursBegin, begin);
        }
    }

    /// Announces all that is held back. The system shows what the client prepared: it takes no process, key
    /// or network.
    fn announce_held(&mut self, cx: &mut Context<'_, ClientTimer>) {
        let Facts { first_held: first, held: mails, powered_off, lock, .. } = *cx.facts();
        if powered_off || self.owes && lock == Lock::BeforeFirstUnlock {
            self.owes = true;
            return;
        }
        self.owes = false;
        // Where the phone was off or locked away for so long that the hours are over, it is for the next ones.
        let hours = self.hours_that_are_over(cx);
        if let Some(begin) = hours.and_then(|hours| hours.next_beginning(&self.clock, cx.now())) {
            return cx.arm_at(ClientTimer::HoursBegin, begin);
        }
        if mails > 0 {
            cx.say(Signal::Notified(Notice { first, mails, by: ToldBy::HoursBegin }));
        }
    }

    /// Ends the running check before its time.
    fn cut_short(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if self.running.take().is_some() {
            cx.disarm(ClientTimer::CheckDone);
            cx.say(Signal::CheckEnded(CheckResult::Expired));
        }
    }

    /// Mail that arrived without a network while the client is open needs a check of its own.
    fn catch_up(&mut self, cx: &mut Context<'_, ClientTimer>, found: u32) {
        let left = cx.facts().waiting.len() as u32 - found;
        if self.running.is_none() && left > 0 && cx.facts().network != Network::None {
            self.begin(Trigger::NetworkReturn, false, None, cx);
        }
    }

    fn opened(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if self.process == Process::Foreground {
            return;
        }
        let launched = !self.process.is_alive();
        // A check under way in the background gives way to the one that opening starts.
        self.cut_short(cx);
        self.turn(Process::Foreground, cx);
        cx.disarm(ClientTimer::HoursBegin);
        self.owes = false;
        self.request_refresh(Occasion::Opened, cx);
        self.begin(Trigger::UserLaunch, launched, None, cx);
    }

    fn closed(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if self.process != Process::Foreground {
            return;
        }
        // What a check finds in the instant of leaving is still seen.
        if self.running.is_some_and(|running| running.ends == cx.now()) {
            cx.disarm(ClientTimer::CheckDone);
            self.finish(cx);
        }
        self.request_refresh(Occasion::Closed, cx);
        match self.running {
            // The check began on the screen and may go on in the background for a while (UIApplication
            // background task).
            Some(running) => {
                let done = running.length.ms() - running.ends.since(cx.now()).ms();
                let left = Span::from_ms(running.left.ms() - done);
                if self.config.expiry == Expiry::Kept {
                    self.done += Span::from_ms(done);
                }
                self.run(Running::new(running.trigger, left, cx.now(), Some(self.config.finish_runtime)), cx);
                self.turn(Process::BackgroundRunning, cx);
            }
            None => self.suspend(cx),
        }
        if self.endings.waits_for_leaving() {
            self.end(Ended::Update, cx);
        }
    }
}

impl Model for Client {
    type Config = Config;
    type Timer = ClientTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[
        SignalKind::ClientOpened,
        SignalKind::ClientClosed,
        SignalKind::RefreshLaunched,
        SignalKind::PushLaunched,
        SignalKind::Network,
        SignalKind::ForceQuit,
        SignalKind::Terminated,
        SignalKind::BatteryEmpty,
        SignalKind::PoweredOn,
        SignalKind::Unlocked,
        SignalKind::Rebooted,
        SignalKind::PolicyReached,
        SignalKind::Occurred,
    ]);

    fn new(setup: &Setup<'_, Config>) -> Client {
        let key_in_memory = setup.config.key_in_memory(setup.policy.key_access);
        let interval = setup.config.refresh_interval.ms() as f64;
        Client {
            clock: setup.clock.clone(),
            config: setup.config.clone(),
            key_in_memory,
            first_request: Span::from_ms((setup.streams.keyed("first request").uniform(0) * interval) as u64),
            running: None,
            done: Span::ZERO,
            keychain_errors: setup.streams.keyed("keychain errors"),
            endings: Endings::new(setup),
            passcode_set: setup.streams.keyed("AppConnect passcode"),
            has_key: key_in_memory == KeyInMemory::WhileProcessLives,
            owes: false,
            process: Process::Suspended,
        }
    }

    fn at_origin(&mut self, facts: &mut Facts) {
        facts.process = self.process;
        facts.key_in_memory = self.has_key;
        facts.key_stored = stores_key(&facts.policy);
    }

    fn start(&mut self, cx: &mut Context<'_, ClientTimer>) {
        // It last asked at some time before the origin, each phone at its own.
        if self.asks_for_refreshes(cx.facts()) {
            cx.say(Signal::RefreshRequested(cx.now() + self.first_request));
        }
        self.endings.next_update(cx.now()).into_iter().for_each(|at| cx.arm_at(ClientTimer::Update, at));
        self.arm_key_loss(cx);
        self.arm_app_lock(cx);
        self.arm_passcode_expiry(cx);
    }

    fn fire(&mut self, timer: ClientTimer, cx: &mut Context<'_, ClientTimer>) {
        if cx.facts().removed {
            return;
        }
        match timer {
            ClientTimer::CheckDone => self.finish(cx),
            ClientTimer::HoursBegin => self.announce_held(cx),
            ClientTimer::Update => self.update(cx),
            ClientTimer::KeyLoss => {
                let Facts { key_stored, key_lost, powered_off, .. } = *cx.facts();
                if key_stored && !key_lost && !powered_off {
                    cx.say(Signal::KeyLost);
                }
                self.arm_key_loss(cx);
            }
            ClientTimer::AppLock => self.drop_key(cx),
            ClientTimer::PasscodeExpires => {
                // On the screen the user sets a new one at once (assumed).
                if self.process != Process::Foreground {
                    self.drop_key(cx);
                }
                self.arm_passcode_expiry(cx);
            }
        }
    }

    fn adopt(&mut self, keys: &[&str], from: &Config, facts: &Facts) {
        keys.iter().for_each(|key| self.config.adopt(key, from));
        self.key_in_memory = self.config.key_in_memory(facts.policy.key_access);
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, ClientTimer>) {
        if cx.facts().removed && self.process == Process::NotRunning(Ended::Removed) {
            return;
        }
        match signal {
            Signal::ClientOpened(_) => {
                cx.disarm(ClientTimer::AppLock);
                self.opened(cx);
            }
            Signal::ClientClosed => {
                self.arm_app_lock(cx);
                self.closed(cx);
            }
            Signal::RefreshLaunched(wake) => self.wake(wake, Trigger::BackgroundRefresh, cx),
            Signal::PushLaunched(wake) => self.wake(wake, Trigger::BackgroundPush, cx),
            Signal::Network(_) if self.process == Process::Foreground => self.catch_up(cx, 0),
            Signal::ForceQuit => self.end(Ended::ForceQuit, cx),
            // A process that was woken in the same instant is no longer the one that was ended.
            Signal::Terminated(why) if self.process == Process::Suspended => match why {
                Termination::Memory => self.end(Ended::Memory, cx),
                Termination::Power => self.end(Ended::Power, cx),
            },
            Signal::Rebooted(_) | Signal::BatteryEmpty => self.end(Ended::Reboot, cx),
            // Whether it is unlocked is known once all of this instant is said.
            Signal::PoweredOn | Signal::Unlocked if self.owes => {
                cx.arm(ClientTimer::HoursBegin, Span::ZERO);
            }
            Signal::PolicyReached(setting) => self.policy_reached(setting, cx),
            Signal::Occurred(Occurrence::Wiped) => self.remove(cx),
            _ => {}
        }
    }
}
