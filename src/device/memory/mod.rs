//! Memory: who is resident, who must go when it runs short, and whether that is the mail client.

mod demand;
mod lru;
mod notice;
mod ram;
mod residents;

use crate::engine::{Context, Model, Setup};
use crate::random::{Exponential, Stream};
use crate::signal::{Process, Signal, SignalKind, SignalKinds, Termination};
use crate::time::Span;
use crate::units::{Bytes, Share};
use lru::Lru;

crate::choice! {
    /// Which model of memory is used.
    pub enum Kind {
        /// Apps with footprints fill the memory; the kernel's rules empty it.
        Lru,
        /// The suspended client ends at a constant rate.
        Poisson,
        /// The client ends as soon as it is suspended, hence before every background wake.
        BeforeEachWake,
        /// Nothing ever ends.
        Off,
    }
}

crate::section! {
    /// `[memory]`
    pub struct Config {
        /// Which model is used.
        model: Kind = Kind::Lru, study;
        /// Mean time that the suspended client survives.
        mean_survival: Span = Span::HOUR * 4,
            only(Poisson), plausible("h", 0.5..48.0),
            assumed("no published distribution of survival on iOS"), at_least(Span::SECOND);
        /// Memory that the system and its daemons hold, on every phone alike; unset it goes by the phone's
        /// memory.
        system: Option<Bytes> = None;
        /// What they hold on a phone of 2 GB.
        system_2_gb: Bytes = Bytes::megabytes(600),
            plausible("GB", 0.4..0.8), from(APP_LIMITS, "an app may have 1.4 GB"),
            assumed("no more than that leaves");
        /// What they hold on a phone of 3 GB.
        system_3_gb: Bytes = Bytes::megabytes(1_000),
            plausible("GB", 0.7..1.4), from(APP_LIMITS, "an app may have 1.4 to 2.0 GB"),
            assumed("no more than that leaves");
        /// What they hold on a phone of 4 GB.
        system_4_gb: Bytes = Bytes::megabytes(1_600),
            plausible("GB", 1.0..2.0), from(APP_LIMITS, "an app may have 2.0 to 2.1 GB"),
            from(AFTER_BOOT, "1.87 GiB used, of it 0.54 wired"), assumed("between the two");
        /// What they hold on a phone of 6 GB.
        system_6_gb: Bytes = Bytes::megabytes(2_000),
            plausible("GB", 1.4..2.5), from(APP_LIMITS, "an app may have 3.1 GB"),
            assumed("less than that leaves");
        /// What they hold on a phone of 8 GB.
        system_8_gb: Bytes = Bytes::megabytes(2_400),
            plausible("GB", 1.8..3.2), assumed("0.3 to 0.5 GB more while a model of language is loaded");
        /// What they hold on a phone of 12 GB.
        system_12_gb: Bytes = Bytes::megabytes(3_000), plausible("GB", 2.2..4.5), assumed;
        /// Median footprint of an app other than the client.
        app: Bytes = Bytes::megabytes(90),
            plausible("MB", 40.0..250.0), from(WIRE, "1.7 ends a day of a lean messenger"),
            from(POWER_LOG, "suspended apps of one iPad held 7 to 64 MB"),
            assumed("calibrated: 1 to 3 ends a day over all phones, 30 to 45 % of openings cold on 4 GB, \
                     5 to 15 % in the mean of 8 and 12 GB");
        /// Scale of its lognormal, drawn once for each app of a device.
        app_sigma: f64 = 0.8, plausible("1", 0.3..1.2), assumed, within(0.0..=5.0);
        /// Median footprint of the mail client.
        client: Bytes = Bytes::megabytes(95), plausible("MB", 60.0..150.0), assumed;
        /// Scale of its lognormal, dealt to the devices of a group.
        client_sigma: f64 = 0.25,
            plausible("1", 0.0..0.6), assumed("no source; nine in ten then hold 60 to 150 MB"),
            within(0.0..=5.0);
        /// How many of a user's apps demand much more while they are on the screen: a camera, a game.
        burst_apps: u32 = 2,
            plausible("1", 1.0..3.0), assumed("any of the user's apps, each as likely"), within(0..=500);
        /// How long such an app is on the screen before it does.
        burst_after: Span = Span::from_secs(5), plausible("s", 1.0..20.0), assumed;
        /// Median of that demand.
        burst_size: Bytes = Bytes::megabytes(700), plausible("MB", 300.0..1500.0), assumed;
        /// Scale of its lognormal, drawn once for each opening.
        burst_sigma: f64 = 0.5, plausible("1", 0.0..1.0), assumed, within(0.0..=5.0);
        /// The memory of the phone on which that demand is as it is written.
        burst_phone: Bytes = Bytes::megabytes(4_000),
            plausible("GB", 3.0..8.0), assumed,
            within(Bytes::megabytes(256)..=Bytes::megabytes(1_000_000));
        /// Power of the memory, relative to that phone, with which that demand grows.
        burst_growth: f64 = 0.5,
            plausible("1", 0.0..0.8), assumed("less than the room for apps does"), within(0.0..=1.0);
        /// Share of the phone's memory that no app exceeds by it.
        burst_limit: Share = Share::new(0.5),
            plausible("1", 0.35..0.7), from(APP_LIMITS, "50 to 68 % of 2 to 6 GB, 38 % of 8 GB without more"),
            assumed("one share for all phones");
        /// How many of the apps used last are kept in the higher band.
        docked: u32 = 2,
            plausible("1", 0.0..4.0),
            from(XNU, "kern_memorystatus.h names band 30 \"docked apps on iOS\""),
            assumed("how many is assumed; the dock holds four"), within(0..=500);
        /// How much older an app is taken to be for each doubling of its footprint above `lean`.
        weight: Span = Span::MINUTE * 90,
            plausible("min", 0.0..240.0), from(FORUM_828150, "the most memory goes first"),
            assumed("by how much is assumed");
        /// The footprint up to which an app is not taken to be older.
        lean: Bytes = Bytes::megabytes(50),
            plausible("MB", 20.0..100.0), from(WWDC20_10078, "aim for less than 50 MB when suspended"),
            assumed("advice to apps; that the system counts from there is assumed");
        /// Available share below which any suspended app ends, on phones up to 3 GB.
        critical_to_3_gb: Share = Share::new(0.05),
            plausible("1", 0.02..0.10), from(XNU, "kern_memorystatus.c");
        /// Available share below which idle apps end, on phones up to 3 GB.
        idle_to_3_gb: Share = Share::new(0.10),
            plausible("1", 0.04..0.20), from(XNU, "kern_memorystatus.c");
        /// Available share below which any suspended app ends, on phones up to 6 GB.
        critical_to_6_gb: Share = Share::new(0.04),
            plausible("1", 0.02..0.10), from(XNU, "kern_memorystatus.c");
        /// Available share below which idle apps end, on phones up to 6 GB.
        idle_to_6_gb: Share = Share::new(0.09),
            plausible("1", 0.04..0.20), from(XNU, "kern_memorystatus.c");
        /// Available share below which any suspended app ends, on larger phones.
        critical: Share = Share::new(0.04),
            plausible("1", 0.02..0.10), from(XNU, "kern_memorystatus.c");
        /// Available share below which idle apps end, on larger phones.
        idle: Share = Share::new(0.08), plausible("1", 0.04..0.20), from(XNU, "kern_memorystatus.c");
        /// Share of what apps hold that lies in the compressor.
        compressed: Share = Share::new(0.65),
            plausible("1", 0.6..0.8), from(WIRE, "1.7 ends a day of a lean messenger"),
            assumed("calibrated together with `app`: there is pressure where apps fill the phone");
        /// There is pressure when less than this share of memory lies outside the compressor.
        warning: Share = Share::new(0.5),
            plausible("1", 0.3..0.6), from(XNU, "memorystatus_notify.md, 50 %");
        /// It is over once this many times that share does.
        relief: f64 = 1.2,
            plausible("1", 1.0..1.6), from(XNU, "memorystatus_notify.md, back to normal at 1.2 times"),
            within(1.0..=100.0);
        /// Pressure is critical when less than this share does.
        critical_warning: Share = Share::new(0.30),
            plausible("1", 0.1..0.4), from(XNU, "memorystatus_notify.md, 1.2 times 25 %");
        /// It is critical no more once this share does.
        critical_eases: Share = Share::new(0.35),
            plausible("1", 0.2..0.5), from(XNU, "memorystatus_notify.md, falls at 35 %");
        /// How long pressure may last before all idle apps end.
        sustained: Span = Span::MINUTE * 10,
            plausible("min", 2.0..30.0), from(XNU, "kern_memorystatus_notify.c, 10 min at warning");
        /// Time between two of these ends.
        between_kills: Span = Span::from_ms(500),
            plausible("s", 0.1..5.0), from(XNU, "kern_memorystatus_notify.c, 500 ms"),
            within(Span::from_ms(1)..=Span::hours(24));
        /// How often that is repeated while the same pressure lasts.
        passes: u32 = 2,
            plausible("1", 1.0..5.0), from(XNU, "memorystatus_kills.md, at most 2 passes"), within(0..=100);
    }
}

crate::timers! {
    /// Alarms of memory.
    MemoryTimer {
        /// The app on the screen demands more.
        Demands,
        /// Pressure has lasted long enough.
        Sustained,
        /// The next idle app ends.
        NextKill,
        /// Under `poisson`: if the client is suspended now, it ends.
        Reclaim,
    }
}

/// What no app can have on a phone of so much memory, because the system and its daemons hold it.
pub fn held_by_system(config: &Config, ram: Bytes) -> Option<Bytes> {
    let held = ram::system(config, ram).unsigned_abs();
    (config.model == Kind::Lru).then_some(Bytes::new(held))
}

/// The memory of one device.
pub struct Memory {
    kind: Kind,
    lru: Lru,
    reclaims: Stream,
    between_reclaims: Exponential,
}

impl Memory {
    /// The next moment at which a suspended client would end. Since survival has no memory, drawing
    /// it anew at each suspension is the same law as one Poisson process of such moments, and the
    /// process does not shift when another policy suspends the client at other times.
    fn arm_reclaim(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        let gap = Span::from_secs_f64(self.between_reclaims.draw(&mut self.reclaims));
        cx.arm(MemoryTimer::Reclaim, gap);
    }

    /// Ends the client if it is suspended.
    fn end_client(cx: &mut Context<'_, MemoryTimer>) {
        if cx.facts().process == Process::Suspended {
            cx.say(Signal::Terminated(Termination::Memory));
        }
    }
}

impl Model for Memory {
    type Config = Config;
    type Timer = MemoryTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[
        SignalKind::AppOpened,
        SignalKind::Process,
        SignalKind::PutDown,
        SignalKind::BatteryEmpty,
        SignalKind::Rebooted,
    ]);

    fn new(setup: &Setup<'_, Config>) -> Memory {
        let survival = setup.config.mean_survival;
        Memory {
            kind: setup.config.model,
            lru: Lru::new(setup),
            reclaims: setup.streams.stream("memory reclaims"),
            between_reclaims: Exponential::with_mean(survival.secs_f64()),
        }
    }

    fn start(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        match self.kind {
            Kind::Lru => self.lru.start(cx),
            Kind::Poisson => self.arm_reclaim(cx),
            Kind::BeforeEachWake => Memory::end_client(cx),
            Kind::Off => {}
        }
    }

    fn fire(&mut self, timer: MemoryTimer, cx: &mut Context<'_, MemoryTimer>) {
        match timer {
            MemoryTimer::Reclaim => {
                Memory::end_client(cx);
                self.arm_reclaim(cx);
            }
            MemoryTimer::Demands => self.lru.demands(cx),
            MemoryTimer::Sustained => self.lru.sustained(cx),
            MemoryTimer::NextKill => self.lru.next_kill(cx),
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, MemoryTimer>) {
        match self.kind {
            Kind::Lru => self.lru.hear(signal, cx),
            // A wake finds no process either way: between suspension and wake nobody could tell
            // whether it ended early or late, and no signal has to overtake the client's own.
            Kind::BeforeEachWake if signal == Signal::Process(Process::Suspended) => Memory::end_client(cx),
            Kind::BeforeEachWake | Kind::Poisson | Kind::Off => {}
        }
    }
}
