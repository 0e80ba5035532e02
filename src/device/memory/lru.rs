//! Memory after the kernel's rules: apps fill it, a camera or a game demands more while it is on the
//! screen, and whoever was used longest ago makes room.
//!
//! Two mechanisms act, each by its own numbers: apps end when little memory is available (`ram`), and
//! pressure is told of when the compressor holds much (`notice`).
//!
//! What an app demanded it keeps when it is left (assumed), which makes it the first to end; one that is
//! launched anew holds its plain size. What is left out: the freezer, in which some suspended apps live on
//! (that nobody is frozen is assumed), the reaper of long-idle daemons, soft and hard limits of single
//! processes, and any other growth of an app while it is used. What an app holds counts as it lies in
//! memory, compressed or not.

use super::demand::Demands;
use super::notice::Notice;
use super::ram;
use super::residents::{CLIENT, Residents, Seat, Thresholds};
use super::{Config, MemoryTimer};
use crate::engine::{Context, Setup};
use crate::random::LogNormal;
use crate::signal::{App, Pressure, Process, Signal, Termination};
use crate::time::Time;
use crate::units::Bytes;

/// Memory that fills and empties.
pub(super) struct Lru {
    residents: Residents,
    /// The app on the screen, unless it is the client, and since when.
    foreground: Option<(Seat, Time)>,
    /// Whether the client was on the screen since it was last suspended.
    client_used: bool,
    /// What the system leaves to apps.
    room: i64,
    thresholds: Thresholds,
    demands: Demands,
    notice: Notice,
    /// How often the idle band was emptied under the pressure that now lasts.
    passes: u32,
    config: Config,
}

impl Lru {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Lru {
        let config = setup.config.clone();
        let memory = setup.persona.ram;
        let room = memory.get() as i64 - ram::system(&config, memory);
        let (lean, docked) = (config.lean, config.docked as usize);
        let residents = Residents::new(&footprints(setup), docked, config.weight, lean);
        Lru {
            foreground: None,
            client_used: false,
            room,
            thresholds: ram::thresholds(&config, memory),
            demands: Demands::new(setup, residents.last()),
            notice: Notice::new(&config, room),
            passes: 0,
            residents,
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
            Signal::PutDown(_) => {
                self.leave(cx);
                self.settle(cx);
            }
            Signal::Rebooted(_) | Signal::BatteryEmpty => self.reboot(cx),
            _ => {}
        }
    }

    fn opened(&mut self, app: App, cx: &mut Context<'_, MemoryTimer>) {
        let place = app.0.saturating_add(1).min(self.residents.last());
        if self.foreground.is_some_and(|(other, _)| other == place) {
            return;
        }
        self.leave(cx);
        self.residents.run(place);
        self.foreground = Some((place, cx.now()));
        if self.demands.is_of(place) {
            cx.arm(MemoryTimer::Demands, self.config.burst_after);
        }
        self.settle(cx);
    }

    /// The app on the screen has been there for long enough to demand more.
    pub(super) fn demands(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        if let Some((place, since)) = self.foreground {
            let size = self.residents.size(place);
            self.residents.demand(place, self.demands.draw(App(place - 1), since, size));
            self.settle(cx);
        }
    }

    fn client(&mut self, process: Process, cx: &mut Context<'_, MemoryTimer>) {
        match process {
            Process::Foreground => {
                self.leave(cx);
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
    fn leave(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        if let Some((app, _)) = self.foreground.take() {
            cx.disarm(MemoryTimer::Demands);
            self.residents.suspend(app, cx.now(), true);
        }
    }

    fn reboot(&mut self, cx: &mut Context<'_, MemoryTimer>) {
        self.residents.clear();
        self.foreground = None;
        cx.disarm(MemoryTimer::Demands);
        cx.disarm(MemoryTimer::NextKill);
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
        while let Some(app) = self.residents.victim(self.room - self.residents.held(), self.thresholds) {
            self.end(app, cx);
        }
        let before = self.notice.level;
        if let Some(pressure) = self.notice.changes(self.residents.held()) {
            if before == Pressure::Normal {
                self.passes = 0;
                cx.arm(MemoryTimer::Sustained, self.config.sustained);
            } else if pressure == Pressure::Normal {
                cx.disarm(MemoryTimer::Sustained);
            }
            cx.say(Signal::MemoryPressure(pressure));
        }
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
    let client =
        config.client.get() as f64 * libm::exp(config.client_sigma * setup.by_nature("memory of the client"));
    let app = LogNormal::with_median(config.app.get() as f64, config.app_sigma);
    let others = setup.persona.apps_in_use.clamp(1, u32::from(u16::MAX - 1));
    let apps = (0..others).map(|_| app.draw(&mut draw));
    std::iter::once(client).chain(apps).map(|bytes| Bytes::new(bytes as u64)).collect()
}
