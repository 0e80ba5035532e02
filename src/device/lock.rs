//! Lock state and data protection: auto-lock, the grace of the keychain, restarts, first unlock.

use crate::clock::Clock;
use crate::engine::{Context, Model, Moments, Setup};
use crate::policy::{Setting, TimeOfDay};
use crate::random::{Exponential, Stream, uniform};
use crate::signal::{Facts, Lock as State, Occurrence, Reboot, ScreenOff, Signal, SignalKind, SignalKinds};
use crate::time::{Span, Time};
use crate::units::Share;

crate::choice! {
    /// Which model of the lock is used.
    pub enum Kind {
        /// The user unlocks it; the side button and auto-lock lock it.
        User,
        /// Never locked.
        AlwaysUnlocked,
        /// Locked throughout, after a first unlock.
        AlwaysLocked,
        /// Locked and unlocked for exponential times in turn.
        Alternating,
    }
}

crate::section! {
    /// `[lock]`
    pub struct Config {
        /// Which model is used.
        model: Kind = Kind::User, study;
        /// Mean time locked.
        mean_locked: Option<Span> = None, needed_by(Alternating), at_least(Span::SECOND);
        /// Mean time unlocked.
        mean_unlocked: Option<Span> = None, needed_by(Alternating), at_least(Span::SECOND);
        /// The device restarts every night at this local time, beside the persona's own restarts.
        reboot_at: Option<TimeOfDay> = None, decision, only(User);
        /// In Low Power Mode the screen stays on untouched for no longer than this.
        low_power_auto_lock: Span = Span::from_secs(30),
            only(User), plausible("s", 15.0..120.0), from(LOW_POWER, "auto-lock after 30 s"),
            at_least(Span::SECOND);
        /// Share of the persona's restarts that are for updates: these wait for a night on the charger, unused.
        reboots_at_night: Share = Share::new(0.7), only(User), plausible("1", 0.0..1.0), assumed;
        /// When these begin, since midnight of the user's own day (`shift`).
        night_from: Span = Span::HOUR * 2,
            only(User), plausible("h", 0.0..4.0), assumed("updates are said to be installed from 02:00 to 05:00"),
            within(Span::ZERO..=Span::hours(24));
        /// For how long they are spread over a night.
        night_length: Span = Span::HOUR * 3,
            only(User), plausible("h", 1.0..6.0), assumed("updates are said to be installed from 02:00 to 05:00"),
            within(Span::from_ms(1)..=Span::hours(24));
        /// How long a restart keeps the user waiting.
        boot: Span = Span::MINUTE,
            only(User), plausible("s", 15.0..180.0), assumed, within(Span::ZERO..=Span::hours(24));
        /// A device that was not unlocked for this long restarts by itself.
        inactivity_reboot: Span = Span::HOUR * 72,
            only(User), plausible("h", 24.0..168.0), from(HEXORDIA, "72 h since iOS 18.1, 168 h in 18.0"),
            at_least(Span::MINUTE);
    }
}

crate::timers! {
    /// Alarms of the lock.
    LockTimer {
        /// The screen times out.
        AutoLock,
        /// The keychain closes.
        Grace,
        /// A restart is due, or the update that calls for one.
        Reboot,
        /// The restart of an update, in the night that follows.
        Update,
        /// The nightly restart.
        NightlyReboot,
        /// Nobody has unlocked the device for long.
        Inactivity,
        /// The user waits for the restarted device.
        Booted,
        /// The last authentication gets old.
        Authorization,
        /// The alternating lock changes.
        Flip,
    }
}

/// The lock of one device.
pub struct LockModel {
    config: Config,
    clock: Clock,
    flips: Stream,
    reboots: Moments,
    /// When the last restart is over.
    ready_at: Time,
    /// What is due next: an update that restarts the device at this time of night, or a restart by itself.
    next_update: Option<Span>,
    /// The time of night of an update that waits for one.
    update_at: Span,
    /// When nights begin of a user whose whole day may run later, since midnight.
    night_from: Span,
}

/// How long an authentication counts, where the policy asks.
fn max_age(facts: &Facts) -> Option<Span> {
    facts.policy.key_access.goes_by_authentication().then_some(facts.policy.max_age)
}

impl LockModel {
    fn by_user(&self) -> bool {
        self.config.model == Kind::User
    }

    fn means(&self) -> (f64, f64) {
        let mean = |span: Option<Span>| span.unwrap_or(Span::HOUR).secs_f64();
        (mean(self.config.mean_locked), mean(self.config.mean_unlocked))
    }

    fn lock(&mut self, cx: &mut Context<'_, LockTimer>) {
        cx.disarm(LockTimer::AutoLock);
        cx.say(Signal::Locked);
        match cx.facts().policy.keychain_lock_grace {
            Span::ZERO => cx.say(Signal::KeychainClosed),
            grace => cx.arm(LockTimer::Grace, grace),
        }
    }

    fn unlock(&mut self, cx: &mut Context<'_, LockTimer>) {
        cx.disarm(LockTimer::Grace);
        cx.say(Signal::Unlocked);
    }

    /// What is off does not restart.
    fn reboot(&mut self, why: Reboot, cx: &mut Context<'_, LockTimer>) {
        if cx.facts().powered_off {
            return;
        }
        cx.disarm(LockTimer::AutoLock);
        cx.disarm(LockTimer::Grace);
        cx.say(Signal::Rebooted(why));
        self.ready_at = cx.now() + self.config.boot;
        if cx.facts().in_hand {
            cx.arm_at(LockTimer::Booted, self.ready_at);
        }
    }

    fn arm_flip(&mut self, unlocked: bool, cx: &mut Context<'_, LockTimer>) {
        let (locked_s, unlocked_s) = self.means();
        let stay = Exponential::with_mean(if unlocked { unlocked_s } else { locked_s });
        cx.arm(LockTimer::Flip, Span::from_secs_f64(stay.draw(&mut self.flips)));
    }

    fn arm_reboot(&mut self, cx: &mut Context<'_, LockTimer>) {
        let Some((due, draw)) = self.reboots.draw() else { return };
        let at_night = uniform(draw) < self.config.reboots_at_night.get();
        let within = uniform(draw) * self.config.night_length.ms() as f64;
        let within = Span::from_ms(within as u64);
        let night = Span::from_ms((self.night_from + within).ms() % Span::DAY.ms());
        self.next_update = at_night.then_some(night);
        cx.arm_at(LockTimer::Reboot, due);
    }

    /// What was due has come. Of two updates the later takes the place of one that still waits.
    fn reboot_is_due(&mut self, cx: &mut Context<'_, LockTimer>) {
        match self.next_update {
            Some(night) => {
                self.update_at = night;
                cx.arm_at(LockTimer::Update, self.clock.next(night, cx.now()));
            }
            None => self.reboot(Reboot::Planned, cx),
        }
        self.arm_reboot(cx);
    }

    fn arm_nightly(&mut self, cx: &mut Context<'_, LockTimer>) {
        if let Some(time) = self.config.reboot_at {
            cx.arm_at(LockTimer::NightlyReboot, self.clock.next(time.dial(), cx.now()));
        }
    }

    /// Alarms that depend on the last unlock are set once and look again when they go off, so that
    /// an unlock, which happens a hundred times a day, need not move them.
    fn look_again(&mut self, timer: LockTimer, limit: Span, cx: &mut Context<'_, LockTimer>) -> bool {
        let since = if cx.facts().lock == State::Unlocked { cx.now() } else { cx.facts().unlocked_at };
        let due = since + limit;
        let is_due = due <= cx.now();
        if !is_due {
            cx.arm_at(timer, due);
        }
        is_due
    }
}

impl Model for LockModel {
    type Config = Config;
    type Timer = LockTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[
        SignalKind::PickedUp,
        SignalKind::PutDown,
        SignalKind::Unlocked,
        SignalKind::BatteryEmpty,
        SignalKind::PoweredOff,
        SignalKind::PoweredOn,
        SignalKind::PolicyReached,
        SignalKind::Occurred,
    ]);

    fn new(setup: &Setup<'_, Config>) -> LockModel {
        LockModel {
            config: setup.config.clone(),
            clock: setup.clock.clone(),
            flips: setup.streams.stream("lock flips"),
            reboots: Moments::new(
                setup,
                setup.streams.keyed("reboots"),
                setup.persona.reboots_per_30d / 30.0,
            ),
            ready_at: Time::ORIGIN,
            next_update: None,
            update_at: Span::ZERO,
            night_from: setup.config.night_from + setup.persona.shift,
        }
    }

    fn at_origin(&mut self, facts: &mut Facts) {
        let unlocked = match self.config.model {
            Kind::User | Kind::AlwaysLocked => false,
            Kind::AlwaysUnlocked => true,
            Kind::Alternating => {
                let (locked_s, unlocked_s) = self.means();
                uniform(&mut self.flips) < unlocked_s / (locked_s + unlocked_s)
            }
        };
        facts.lock = if unlocked { State::Unlocked } else { State::Locked };
        facts.keychain_open = unlocked;
    }

    fn start(&mut self, cx: &mut Context<'_, LockTimer>) {
        if let Some(max_age) = max_age(cx.facts()) {
            cx.arm(LockTimer::Authorization, max_age);
        }
        match self.config.model {
            Kind::User => {
                cx.arm(LockTimer::Inactivity, self.config.inactivity_reboot);
                self.arm_reboot(cx);
                self.arm_nightly(cx);
            }
            Kind::Alternating => self.arm_flip(cx.facts().lock == State::Unlocked, cx),
            Kind::AlwaysUnlocked | Kind::AlwaysLocked => {}
        }
    }

    fn fire(&mut self, timer: LockTimer, cx: &mut Context<'_, LockTimer>) {
        match timer {
            LockTimer::AutoLock => self.lock(cx),
            LockTimer::Grace => cx.say(Signal::KeychainClosed),
            LockTimer::Reboot => self.reboot_is_due(cx),
            // Installed on the charger and locked; it waits for another night where the user is at it. What
            // answers to notifications do moves no restart.
            LockTimer::Update if cx.facts().in_use || !cx.facts().plugged_in => {
                cx.arm_at(LockTimer::Update, self.clock.next(self.update_at, cx.now()));
            }
            LockTimer::Update => self.reboot(Reboot::Planned, cx),
            LockTimer::NightlyReboot => {
                self.reboot(Reboot::Planned, cx);
                self.arm_nightly(cx);
            }
            LockTimer::Inactivity => {
                let limit = self.config.inactivity_reboot;
                // A device that has restarted already has nothing left to close.
                if cx.facts().lock == State::BeforeFirstUnlock {
                    cx.arm(timer, limit);
                } else if self.look_again(timer, limit, cx) {
                    self.reboot(Reboot::Inactivity, cx);
                    cx.arm(timer, limit);
                }
            }
            LockTimer::Booted => {
                if cx.facts().in_hand && cx.facts().lock == State::BeforeFirstUnlock {
                    self.unlock(cx);
                }
            }
            LockTimer::Authorization => {
                if let Some(max_age) = max_age(cx.facts())
                    && self.look_again(timer, max_age, cx)
                {
                    cx.say(Signal::AuthorizationExpired);
                }
            }
            LockTimer::Flip => {
                let unlocked = cx.facts().lock != State::Unlocked;
                if unlocked {
                    self.unlock(cx)
                } else {
                    self.lock(cx)
                }
                self.arm_flip(unlocked, cx);
            }
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, LockTimer>) {
        match signal {
            Signal::PickedUp(_) if self.by_user() => {
                cx.disarm(LockTimer::AutoLock);
                match cx.facts().lock {
                    State::Unlocked => {}
                    State::BeforeFirstUnlock if cx.now() < self.ready_at => {
                        cx.arm_at(LockTimer::Booted, self.ready_at);
                    }
                    State::BeforeFirstUnlock | State::Locked => self.unlock(cx),
                }
            }
            Signal::PutDown(how) if self.by_user() && cx.facts().lock == State::Unlocked => match how {
                ScreenOff::SideButton => self.lock(cx),
                ScreenOff::AutoLock if cx.facts().low_power_mode => {
                    cx.arm(
                        LockTimer::AutoLock,
                        cx.facts().policy.auto_lock.min(self.config.low_power_auto_lock),
                    );
                }
                ScreenOff::AutoLock => cx.arm(LockTimer::AutoLock, cx.facts().policy.auto_lock),
            },
            // In hand it locks as it is put down.
            Signal::BatteryEmpty
                if self.by_user() && !cx.facts().in_hand && cx.facts().lock == State::Unlocked =>
            {
                self.lock(cx)
            }
            Signal::PoweredOff => {
                cx.disarm(LockTimer::Grace);
                cx.disarm(LockTimer::Authorization);
            }
            Signal::Occurred(Occurrence::Restart) if self.by_user() => self.reboot(Reboot::Planned, cx),
            // What counts from now on may be too old already.
            Signal::PolicyReached(Setting::KeyAccess(_) | Setting::MaxAge(_))
                if max_age(cx.facts()).is_some() && cx.facts().authorized =>
            {
                cx.arm(LockTimer::Authorization, Span::ZERO);
            }
            Signal::PoweredOn => {
                // What went by while it was off is told now.
                if max_age(cx.facts()).is_some() && cx.facts().authorized {
                    cx.arm(LockTimer::Authorization, Span::ZERO);
                }
                if self.by_user() {
                    self.reboot(Reboot::Empty, cx);
                }
            }
            // Signals that follow an unlock in the same instant see it already expired or not.
            Signal::Unlocked => {
                if let Some(max_age) = max_age(cx.facts()) {
                    cx.arm(LockTimer::Authorization, max_age);
                }
            }
            _ => {}
        }
    }
}
