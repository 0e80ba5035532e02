//! The client as an app: it checks when it is opened and when the system lets it, tells the user,
//! and asks to be woken again.

use super::keys::{Ground, key_access, refuses_launch, stores_key};
use crate::clock::Clock;
use crate::engine::{Context, Model, Setup};
use crate::policy::{KeyAccess, Policy};
use crate::signal::{
    Check, CheckResult, Ended, Facts, KeyFailure, Network, Notice, Process, Signal, SignalKind, SignalKinds,
    Termination, ToldBy, Trigger, Wake,
};
use crate::time::{Span, Time};

crate::choice! {
    /// What becomes of the key in memory when the client leaves the screen.
    pub enum KeyInMemory {
        /// It is erased as soon as the process is suspended.
        DroppedInBackground,
        /// It stays for as long as the process lives.
        WhileProcessLives,
    }
}

crate::choice! {
    /// When mail is told that was found off the screen and outside working hours.
    pub enum AfterHours {
        /// When the client is next on the screen.
        UntilOpened,
        /// By one notification at the next beginning of the hours, prepared when it was found.
        AnnouncedWhenHoursBegin,
    }
}

crate::section! {
    /// `[client]`
    pub struct Config {
        /// What becomes of the key in memory; by default it lives with the process under `device_keychain`
        /// only.
        key_in_memory: Option<KeyInMemory> = None, decision;
        /// How long after a check the next one is asked for (`earliestBeginDate`).
        refresh_interval: Span = Span::MINUTE * 15,
            decision, plausible("min", 1.0..240.0),
            assumed("no source for Email+; the shortest interval that apps commonly ask for"),
            at_least(Span::SECOND);
        /// When mail is told that was found off the screen and outside working hours. What Email+ does is not
        /// published: the default is assumed.
        after_hours: AfterHours = AfterHours::UntilOpened, decision;
        /// How long a check takes, an app flip included.
        check_duration: Span = Span::from_secs(4),
            plausible("s", 0.0..30.0), assumed, within(Span::ZERO..=Span::HOUR);
        /// Energy of one background check.
        check_energy_mah: f64 = 0.3, plausible("mAh", 0.05..2.0), assumed;
    }
}

impl Config {
    /// The effective rule for the key in memory under a policy.
    pub fn key_in_memory(&self, access: KeyAccess) -> KeyInMemory {
        self.key_in_memory.unwrap_or(match access {
            KeyAccess::DeviceKeychain => KeyInMemory::WhileProcessLives,
            KeyAccess::AppFlip | KeyAccess::BackgroundAuthorize | KeyAccess::OsProtection => {
                KeyInMemory::DroppedInBackground
            }
        })
    }
}

crate::timers! {
    /// Alarms of the client.
    ClientTimer {
        /// The running check is over.
        CheckDone,
        /// The working hours begin, and held mail is announced.
        HoursBegin,
    }
}

/// The client on one device.
pub struct Client {
    policy: Policy,
    clock: Clock,
    config: Config,
    key_in_memory: KeyInMemory,
    /// When the request that is pending at the origin may run.
    first_request: Span,
    /// The check under way, and how it will end unless something ends it before.
    running: Option<Running>,
    /// Whether the key is in memory, counting what this instant has said already.
    has_key: bool,
    /// The process, likewise: a restart takes an open client from the screen, and what the user
    /// says to that is heard before the end of the process is.
    process: Process,
}

#[derive(Clone, Copy)]
struct Running {
    trigger: Trigger,
    will_expire: bool,
    ends: Time,
}

impl Client {
    fn begin(
        &mut self,
        trigger: Trigger,
        launched: bool,
        runtime: Option<Span>,
        cx: &mut Context<'_, ClientTimer>,
    ) {
        let ground = match trigger {
            Trigger::BackgroundRefresh => Ground::Background,
            Trigger::UserLaunch | Trigger::NetworkReturn => Ground::Foreground,
        };
        let key = key_access(&self.policy, cx.facts(), ground);
        cx.say(Signal::CheckStarted(Check { trigger, launched, key }));
        let source = match key {
            Ok(source) => source,
            Err(reason) => return self.fail(reason, launched, cx),
        };
        if !self.has_key {
            self.has_key = true;
            cx.say(Signal::KeyRead(source));
        }
        if ground == Ground::Foreground && stores_key(&self.policy) && !cx.facts().key_stored {
            cx.say(Signal::KeyStored);
        }
        if cx.facts().network == Network::None {
            cx.say(Signal::CheckEnded(CheckResult::NoNetwork));
            if ground == Ground::Background {
                self.suspend(cx);
            }
            return;
        }
        let will_expire = runtime.is_some_and(|runtime| runtime < self.config.check_duration);
        let length = runtime.filter(|_| will_expire).unwrap_or(self.config.check_duration);
        self.running = Some(Running { trigger, will_expire, ends: cx.now() + length });
        cx.arm(ClientTimer::CheckDone, length);
    }

    /// A background *launch* that finds its keychain closed ends the process; any other missing
    /// key leaves it running for the rest of its slot.
    fn fail(&mut self, reason: KeyFailure, launched: bool, cx: &mut Context<'_, ClientTimer>) {
        if launched && refuses_launch(reason) {
            cx.say(Signal::CheckEnded(CheckResult::LaunchRefused));
            self.turn(Process::NotRunning(Ended::Refused), cx);
        } else {
            cx.say(Signal::CheckEnded(CheckResult::KeyFailure));
            self.suspend(cx);
        }
    }

    fn finish(&mut self, cx: &mut Context<'_, ClientTimer>) {
        let Some(Running { trigger, will_expire, .. }) = self.running.take() else { return };
        let Facts { first_waiting: first, seen: mails, .. } = *cx.facts();
        let notice = Notice { first, mails, by: ToldBy::from(trigger) };
        let result = match notice.mails {
            _ if will_expire => CheckResult::Expired,
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
            _ => self.suspend(cx),
        }
    }

    /// Notifies, unless it is outside working hours.
    fn announce(&mut self, notice: Notice, cx: &mut Context<'_, ClientTimer>) {
        let hours = self.policy.working_hours.as_ref().filter(|hours| !hours.contain(&self.clock, cx.now()));
        let Some(hours) = hours else { return cx.say(Signal::Notified(notice)) };
        cx.say(Signal::HeldBack(notice));
        let begin = hours.next_beginning(&self.clock, cx.now());
        if let (AfterHours::AnnouncedWhenHoursBegin, Some(begin)) = (self.config.after_hours, begin) {
            cx.arm_at(ClientTimer::HoursBegin, begin);
        }
    }

    /// Announces all that is held back. The system shows what the client prepared: it takes no process, key
    /// or network.
    fn announce_held(&self, cx: &mut Context<'_, ClientTimer>) {
        let Facts { first_held: first, held: mails, .. } = *cx.facts();
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
        let left = cx.facts().waiting - found;
        if self.running.is_none() && left > 0 && cx.facts().network != Network::None {
            self.begin(Trigger::NetworkReturn, false, None, cx);
        }
    }

    fn turn(&mut self, process: Process, cx: &mut Context<'_, ClientTimer>) {
        self.process = process;
        cx.say(Signal::Process(process));
    }

    fn suspend(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if self.key_in_memory == KeyInMemory::DroppedInBackground {
            self.drop_key(cx);
        }
        self.turn(Process::Suspended, cx);
    }

    fn drop_key(&mut self, cx: &mut Context<'_, ClientTimer>) {
        if std::mem::take(&mut self.has_key) {
            cx.say(Signal::KeyDropped);
        }
    }

    fn end(&mut self, why: Ended, cx: &mut Context<'_, ClientTimer>) {
        if self.process.is_alive() {
            self.cut_short(cx);
            self.drop_key(cx);
            self.turn(Process::NotRunning(why), cx);
        }
    }

    fn request_refresh(&self, cx: &mut Context<'_, ClientTimer>) {
        if cx.facts().by_request {
            cx.say(Signal::RefreshRequested(cx.now() + self.config.refresh_interval));
        }
    }

    fn wake(&mut self, wake: Wake, cx: &mut Context<'_, ClientTimer>) {
        let launched = match self.process {
            Process::Foreground => return,
            // It is looking already; but the request is used up, and someone must ask again.
            Process::BackgroundRunning => return self.request_refresh(cx),
            Process::Suspended => false,
            Process::NotRunning(_) => true,
        };
        self.turn(Process::BackgroundRunning, cx);
        // Apple's own samples ask for the next refresh first thing in the handler.
        self.request_refresh(cx);
        self.begin(Trigger::BackgroundRefresh, launched, Some(wake.runtime), cx);
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
        self.request_refresh(cx);
        match self.running {
            // The check began on the screen and is finished in the background (UIApplication
            // background task, about 30 s since iOS 13).
            Some(_) => self.turn(Process::BackgroundRunning, cx),
            None => self.suspend(cx),
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
        SignalKind::Network,
        SignalKind::ForceQuit,
        SignalKind::Terminated,
        SignalKind::Rebooted,
    ]);

    fn new(setup: &Setup<'_, Config>) -> Client {
        let key_in_memory = setup.config.key_in_memory(setup.policy.key_access);
        let interval = setup.config.refresh_interval.ms() as f64;
        Client {
            policy: setup.policy.clone(),
            clock: setup.clock.clone(),
            config: setup.config.clone(),
            key_in_memory,
            first_request: Span::from_ms((setup.streams.keyed("first request").uniform(0) * interval) as u64),
            running: None,
            has_key: key_in_memory == KeyInMemory::WhileProcessLives,
            process: Process::Suspended,
        }
    }

    fn at_origin(&mut self, facts: &mut Facts) {
        facts.process = self.process;
        facts.key_in_memory = self.has_key;
        facts.key_stored = stores_key(&self.policy);
    }

    fn start(&mut self, cx: &mut Context<'_, ClientTimer>) {
        // It last asked at some time before the origin, each phone at its own.
        if cx.facts().by_request {
            cx.say(Signal::RefreshRequested(cx.now() + self.first_request));
        }
    }

    fn fire(&mut self, timer: ClientTimer, cx: &mut Context<'_, ClientTimer>) {
        match timer {
            ClientTimer::CheckDone => self.finish(cx),
            ClientTimer::HoursBegin => self.announce_held(cx),
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, ClientTimer>) {
        match signal {
            Signal::ClientOpened(_) => self.opened(cx),
            Signal::ClientClosed => self.closed(cx),
            Signal::RefreshLaunched(wake) => self.wake(wake, cx),
            Signal::Network(_) if self.process == Process::Foreground => self.catch_up(cx, 0),
            Signal::ForceQuit => self.end(Ended::ForceQuit, cx),
            // A process that was woken in the same instant is no longer the one that was ended.
            Signal::Terminated(why) if self.process == Process::Suspended => match why {
                Termination::Memory => self.end(Ended::Memory, cx),
                Termination::Power => self.end(Ended::Power, cx),
            },
            Signal::Rebooted(_) => self.end(Ended::Reboot, cx),
            _ => {}
        }
    }
}
