//! Memory on its own: a scripted user, a client that only lives and dies, and the memory model.

use bgsim::clock::Clock;
use bgsim::device::Memory;
use bgsim::engine::{Core, Cx, Engine, Model, Models, Setup, Sink, Slot, Timer, run};
use bgsim::persona::{FleetEntry, Persona, PersonaName};
use bgsim::policy::Policy;
use bgsim::random::{RngExt, Streams, uniform};
use bgsim::signal::{
    App, Ended, Facts, Habits, HabitsProfile, Pressure, Process, Reason, ScreenOff, Signal, Termination,
};
use bgsim::time::{Span, Time};
use bgsim::trace::Traces;
use bgsim::units::Bytes;

type Config = <Memory as Model>::Config;

/// The script has the first slot, memory the others.
struct Rig {
    script: Vec<(Time, Signal)>,
    next: usize,
    memory: Memory,
}

impl Rig {
    fn arm(&self, core: &mut Core) {
        if let Some((at, _)) = self.script.get(self.next) {
            core.calendar.arm(Slot(0), *at);
        }
    }
}

impl Models for Rig {
    fn start(&mut self, core: &mut Core) {
        self.arm(core);
        self.memory.start(&mut Cx::new(core, 1));
    }

    fn fire(&mut self, slot: Slot, core: &mut Core) {
        if slot == Slot(0) {
            core.said.push_back(self.script[self.next].1);
            self.next += 1;
            self.arm(core);
        } else {
            let timer = <Memory as Model>::Timer::ALL[usize::from(slot.0) - 1];
            self.memory.fire(timer, &mut Cx::new(core, 1));
        }
    }

    fn hear(&mut self, signal: Signal, core: &mut Core) {
        self.memory.hear(signal, &mut Cx::new(core, 1));
        match signal {
            Signal::ClientOpened(_) => core.said.push_back(Signal::Process(Process::Foreground)),
            Signal::ClientClosed => core.said.push_back(Signal::Process(Process::Suspended)),
            Signal::Terminated(_) if core.facts.process == Process::Suspended => {
                core.said.push_back(Signal::Process(Process::NotRunning(Ended::Memory)));
            }
            Signal::Rebooted(_) => {
                core.said.push_back(Signal::Process(Process::NotRunning(Ended::Reboot)));
            }
            _ => {}
        }
    }
}

/// What was said, and when.
#[derive(Default)]
struct Record(Vec<(Time, Signal)>);

impl Sink for Record {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        self.0.push((now, signal));
    }
}

fn persona(name: PersonaName) -> Persona {
    FleetEntry { persona: name, ..FleetEntry::default() }.resolve()
}

fn config(text: &str) -> Config {
    toml::from_str(text).unwrap()
}

fn simulate<S: Sink>(config: &Config, persona: &Persona, device: u32, script: Vec<(Time, Signal)>, days: u64, sink: &mut S) {
    let clock = Clock::utc();
    let end = Time::ORIGIN + Span::DAY * days;
    let policy = Policy::try_from(&Default::default()).unwrap();
    let (streams, traces) = (Streams::new(1, device), Traces::default());
    let setup =
        Setup { config, policy: &policy, persona, clock: &clock, streams, device, traces: &traces, end };
    let mut memory = Memory::new(&setup);
    let mut facts = Facts::at_origin(Habits::new(HabitsProfile::Ios26, clock.clone()));
    memory.at_origin(&mut facts);
    let slots = 1 + <Memory as Model>::Timer::ALL.len() as u16;
    let mut core = Core::new(Engine::Fast, slots, facts);
    run(&mut Rig { script, next: 0, memory }, &mut core, end, sink);
}

/// A plain user: sessions at random between 07:00 and 23:00, 1.8 apps of a minute each, some mail.
fn user(persona: &Persona, device: u32, days: u64) -> Vec<(Time, Signal)> {
    let mut rng = Streams::new(9, device).stream("plain user");
    let apps = persona.apps_in_use as usize;
    let mut total = 0.0;
    let ranks: Vec<f64> = (1..=apps)
        .map(|rank| {
            total += libm::pow(rank as f64, -persona.app_zipf);
            total
        })
        .collect();
    let mut script = Vec::new();
    for day in 0..days {
        let mut starts: Vec<u64> =
            (0..persona.unlocks_per_day as u64).map(|_| rng.random_range(7 * 3600..23 * 3600)).collect();
        starts.sort_unstable();
        let mut now = Time::ORIGIN;
        for start in starts {
            now = now.max(Time::ORIGIN + Span::DAY * day + Span::from_secs(start));
            script.push((now, Signal::PickedUp(Reason::Own)));
            loop {
                if uniform(&mut rng) < persona.mail_opens_per_weekday / persona.unlocks_per_day / persona.apps_per_session {
                    script.push((now, Signal::ClientOpened(Reason::Own)));
                    now = now + Span::MINUTE;
                    script.push((now, Signal::ClientClosed));
                } else {
                    let at = uniform(&mut rng) * total;
                    let rank = ranks.partition_point(|sum| *sum < at);
                    script.push((now, Signal::AppOpened(App(rank as u16))));
                    now = now + Span::MINUTE;
                }
                if uniform(&mut rng) < 1.0 / persona.apps_per_session {
                    break;
                }
            }
            script.push((now, Signal::PutDown(ScreenOff::SideButton)));
            now = now + Span::SECOND;
        }
    }
    script
}

/// How long the suspended client survives, and how often it is opened cold.
#[derive(Default)]
struct Survival {
    suspended: Option<Time>,
    /// Lengths of suspension, and whether each ended in death.
    spells: Vec<(Span, bool)>,
    opens: u32,
    cold: u32,
    alive: bool,
    warned: Option<Time>,
    under_pressure: Span,
    worst: Pressure,
}

impl Survival {
    fn new() -> Survival {
        Survival { suspended: Some(Time::ORIGIN), alive: true, ..Survival::default() }
    }

    fn spell_ends(&mut self, now: Time, died: bool) {
        if let Some(since) = self.suspended.take() {
            self.spells.push((now - since, died));
        }
    }

    /// Kaplan and Meier: the client opened again is censored.
    fn median_h(&mut self) -> f64 {
        self.spells.sort_unstable();
        let mut alive = 1.0;
        let mut at_risk = self.spells.len() as f64;
        for (length, died) in &self.spells {
            if *died {
                alive *= 1.0 - 1.0 / at_risk;
            }
            if alive <= 0.5 {
                return length.secs_f64() / 3600.0;
            }
            at_risk -= 1.0;
        }
        f64::INFINITY
    }
}

impl Sink for Survival {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        match signal {
            Signal::ClientOpened(_) => {
                self.opens += 1;
                self.cold += u32::from(!self.alive);
            }
            Signal::Process(Process::Suspended) => self.suspended = Some(now),
            Signal::Process(Process::Foreground) => {
                self.spell_ends(now, false);
                self.alive = true;
            }
            Signal::Terminated(Termination::Memory) => {
                self.spell_ends(now, true);
                self.alive = false;
            }
            Signal::MemoryPressure(pressure) => {
                self.worst = self.worst.max(pressure);
                match (pressure, self.warned) {
                    (Pressure::Normal, Some(since)) => {
                        self.under_pressure += now - since;
                        self.warned = None;
                    }
                    (Pressure::Normal, None) | (_, Some(_)) => {}
                    (_, None) => self.warned = Some(now),
                }
            }
            _ => {}
        }
    }
}

fn measure(config: &Config, persona: &Persona) -> (f64, f64) {
    const DAYS: u64 = 28;
    let mut all = Survival::new();
    let mut ended = 0;
    for device in 0..100 {
        let mut one = Survival::new();
        simulate(config, persona, device, user(persona, device, DAYS), DAYS, &mut one);
        ended += one.spells.iter().filter(|(_, died)| *died).count();
        all.spells.append(&mut one.spells);
        all.opens += one.opens;
        all.cold += one.cold;
        all.under_pressure += one.under_pressure;
        all.worst = all.worst.max(one.worst);
    }
    let median = all.median_h();
    let cold = f64::from(all.cold) / f64::from(all.opens);
    println!(
        "{}: median survival {median:.2} h, {:.1} % of mail opens cold, {:.2} ends a day, pressure {:.1} % of time, worst {:?}",
        persona.ram,
        cold * 100.0,
        ended as f64 / (100 * DAYS) as f64,
        all.under_pressure.days_f64() / DAYS as f64,
        all.worst,
    );
    (median, cold)
}

#[test]
fn survival_is_as_calibrated() {
    let typical = persona(PersonaName::Typical);
    let config: Config = toml::from_str(&std::env::var("MEM").unwrap_or_default()).unwrap();
    for gigabytes in [4, 6, 8] {
        let phone = Persona { ram: Bytes::megabytes(gigabytes * 1000), ..typical.clone() };
        let (median, cold) = measure(&config, &phone);
        let _ = (median, cold);
    }
    for name in [PersonaName::Light, PersonaName::Heavy] {
        measure(&config, &persona(name));
    }
}
