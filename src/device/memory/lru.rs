//! Memory after the kernel's rules: apps fill it, a camera or a game demands more for a while, and
//! whoever was used longest ago makes room.
//!
//! What is left out: the reaper of long-idle daemons, soft and hard limits of single processes, the
//! freezer, and any growth of an app while it is used.

use super::residents::{CLIENT, Residents, Seat, Thresholds};
use super::{Config, MemoryTimer};
use crate::engine::{Context, Setup};
use crate::random::{Exponential, Keyed, LogNormal};
use crate::signal::{App, Pressure, Process, Signal, Termination};
use crate::time::{Span, Time};
use crate::units::Bytes;

/// Memory that fills and empties.
pub(super) struct Lru {
    residents: Residents,
    /// The app on the screen, unless it is the client.
    foreground: Option<Seat>,
    /// Whether the client was on the screen since it was last suspended.
    client_used: bool,
    /// What the system leaves to apps.
    room: i64,
    /// What a demanding app holds on top of its footprint.
    demand: i64,
    thresholds: Thresholds,
    /// Below it there is pressure, and from `relieved` on no more.
    pressed: i64,
    relieved: i64,
    pressure: Pressure,
    /// How often the idle band was emptied under the pressure that now lasts.
    passes: u32,
    config: Config,
    /// Demand by the moment of opening, so that a session more or less shifts no other.
    demands: Keyed,
    burst_size: LogNormal,
    burst_length: Exponential,
}

impl Lru {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Lru {
        let config = setup.config.clone();
        let ram = setup.persona.ram.get();
        let part = |share: f64| (ram as f64 * share) as i64;
        let [critical, idle, pressure] = shares(&config, setup.persona.ram);
        let room = ram as i64 - config.system.get() as i64;
        let reference = config.burst_phone.get() as i64 - config.system.get() as i64;
        let growth = libm::pow(room.max(1) as f64 / reference.max(1) as f64, config.burst_growth);
        let burst = config.burst_size.get() as f64 * growth;
        let (lean, docked) = (config.lean, config.docked as usize);
        Lru {
            residents: Residents::new(&footprints(setup), docked, config.weight, lean),
            foreground: None,
            client_used: false,
            room,
            demand: 0,
            thresholds: Thresholds { critical: part(critical), idle: part(idle) },
            pressed: part(pressure),
            relieved: part(pressure * config.relief),
            pressure: Pressure::Normal,
            passes: 0,
            demands: setup.streams.keyed("memory demand"),
            burst_size: LogNormal::with_median(burst, config.burst_sigma),
            burst_length: Exponential::with_mean(config.burst_length.secs_f64()),
            config,
        }
    }

    /// The client was opened once before the origin and is suspended.
    pub(super) fn start(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        self.client(cx.facts().process, cx);
    }

    pub(super) fn hear(&mut self, signal: Signal, cx: &mut Context<'_, MemoryTimer>) {
        match signal {
            Signal::AppOpened(app) => self.opened(app, cx),
            Signal::Process(process) => self.client(process, cx),
            Signal::PutDown(_) => self.leave(cx.now()),
            Signal::Rebooted(_) => self.reboot(cx),
            _ => {}
        }
    }

    fn opened(&mut self, app: App, cx: &mut Context<'_, MemoryTimer>) {
        let place = app.0.saturating_add(1).min(self.residents.last());
        if self.foreground != Some(place) {
            self.leave(cx.now());
            self.residents.run(place);
            self.foreground = Some(place);
        }
        let occasion = cx.now().ms() << 16 | u64::from(app.0);
        if self.demands.uniform(occasion) < self.config.burst.get() {
            let mut draw = self.demands.at(occasion);
            // More than any phone has is all the same, and must not overflow.
            self.demand = (self.burst_size.draw(&mut draw) as i64).min(i64::MAX / 2);
            let length = self.burst_length.draw(&mut draw);
            cx.arm(MemoryTimer::BurstEnds, Span::from_secs_f64(length));
        }
        self.settle(cx);
    }

    fn client(&mut self, process: Process, cx: &mut Context<'_, MemoryTimer>) {
        match process {
            Process::Foreground => {
                self.leave(cx.now());
                self.residents.run(CLIENT);
                self.client_used = true;
            }
            Process::BackgroundRunning => self.residents.run(CLIENT),
            Process::Suspended => {
                let used = std::mem::take(&mut self.client_used);
                self.residents.suspend(CLIENT, cx.now(), used);
            }
            Process::NotRunning(_) => {
                self.client_used = false;
                self.residents.end(CLIENT);
            }
        }
        self.settle(cx);
    }

    /// Suspends the app on the screen; the client says for itself when it is.
    fn leave(&mut self, now: Time) {
        if let Some(app) = self.foreground.take() {
            self.residents.suspend(app, now, true);
        }
    }

    fn reboot(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        self.residents.clear();
        self.foreground = None;
        self.demand = 0;
        cx.disarm(MemoryTimer::BurstEnds);
        cx.disarm(MemoryTimer::NextKill);
        self.settle(cx);
    }

    pub(super) fn burst_ends(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        self.demand = 0;
        self.settle(cx);
    }

    /// Pressure has lasted: the idle band is emptied, whether or not that much is needed.
    pub(super) fn sustained(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        self.passes += 1;
        if self.passes < self.config.passes {
            cx.arm(MemoryTimer::Sustained, self.config.sustained);
        }
        self.next_kill(cx);
    }

    pub(super) fn next_kill(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        if let Some(app) = self.residents.first_idle() {
            self.end(app, cx);
            cx.arm(MemoryTimer::NextKill, self.config.between_kills);
            self.settle(cx);
        }
    }

    /// Ends whom the thresholds demand, and says what pressure remains.
    fn settle(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        while let Some(app) = self.residents.victim(self.available(), self.thresholds) {
            self.end(app, cx);
        }
        let available = self.available();
        let pressed = if self.pressure == Pressure::Normal { self.pressed } else { self.relieved };
        let pressure = if available < self.thresholds.critical {
            Pressure::Critical
        } else if available < pressed {
            Pressure::Warning
        } else {
            Pressure::Normal
        };
        if pressure == self.pressure {
            return;
        }
        if self.pressure == Pressure::Normal {
            self.passes = 0;
            cx.arm(MemoryTimer::Sustained, self.config.sustained);
        } else if pressure == Pressure::Normal {
            cx.disarm(MemoryTimer::Sustained);
        }
        self.pressure = pressure;
        cx.say(Signal::MemoryPressure(pressure));
    }

    fn available(&self) -> i64 {
        self.room - self.demand - self.residents.held()
    }

    fn end(&mut self, app: Seat, cx: &mut Context<'_, MemoryTimer>) {
        self.residents.end(app);
        cx.say(match app {
            CLIENT => Signal::Terminated(Termination::Memory),
            other => Signal::AppTerminated(App(other - 1)),
        });
    }
}

/// The client's footprint, then those of the other apps by rank.
fn footprints(setup: &Setup<'_, Config>) -> Vec<Bytes> {
    let config = setup.config;
    let mut draw = setup.streams.stream("memory footprints");
    let client = LogNormal::with_median(config.client.get() as f64, config.client_sigma);
    let app = LogNormal::with_median(config.app.get() as f64, config.app_sigma);
    let others = setup.persona.apps_in_use.clamp(1, u32::from(u16::MAX - 1));
    let laws = std::iter::once(client).chain((0..others).map(|_| app));
    laws.map(|law| Bytes::new(law.draw(&mut draw) as u64)).collect()
}

/// Critical, idle and pressure as shares of this much memory.
fn shares(config: &Config, ram: Bytes) -> [f64; 3] {
    let row = if ram <= Bytes::megabytes(3_000) {
        [config.critical_to_3_gb, config.idle_to_3_gb, config.pressure_to_3_gb]
    } else if ram <= Bytes::megabytes(6_000) {
        [config.critical_to_6_gb, config.idle_to_6_gb, config.pressure_to_6_gb]
    } else {
        [config.critical, config.idle, config.pressure]
    };
    row.map(|share| share.get())
}
