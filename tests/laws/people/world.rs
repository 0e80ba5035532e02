//! A device that is nothing but a user and their mail, and what can be asked of its record.

use bgsim::clock::Clock;
use bgsim::device::{Mail, User};
use bgsim::engine::{Context, Core, Engine, Model, Models, Observer, Setup, Slot, Timer, run};
use bgsim::persona::{FleetEntry, Persona, PersonaName};
use bgsim::policy::{self, Policy};
use bgsim::random::Streams;
use bgsim::signal::{Facts, Habits, HabitsConfig, Notice, Reason, Reboot, Signal, ToldBy};
use bgsim::time::{Span, Time};
use bgsim::trace::Traces;

pub(crate) type UserConfig = <User as Model>::Config;
pub(crate) type MailConfig = <Mail as Model>::Config;

/// A device that is nothing but a user and their mail, each mail found and announced at once by a check in the
/// background if asked for.
pub(crate) struct People {
    mail: Mail,
    user: User,
    announces: bool,
    reboots_when_opened: bool,
}

pub(crate) const USER: u16 = <Mail as Model>::Timer::ALL.len() as u16;
pub(crate) const SLOTS: u16 = USER + <User as Model>::Timer::ALL.len() as u16;

impl Models for People {
    fn start(&mut self, core: &mut Core) {
        self.mail.start(&mut Context::new(core, 0));
        self.user.start(&mut Context::new(core, USER));
    }

    fn fire(&mut self, slot: Slot, core: &mut Core) {
        match slot.0.checked_sub(USER) {
            Some(index) => {
                let timer = <User as Model>::Timer::ALL[usize::from(index)];
                self.user.fire(timer, &mut Context::new(core, USER));
            }
            None => {
                self.mail.fire(<Mail as Model>::Timer::ALL[usize::from(slot.0)], &mut Context::new(core, 0))
            }
        }
    }

    fn hear(&mut self, signal: Signal, core: &mut Core) {
        self.mail.hear(signal, &mut Context::new(core, 0));
        self.user.hear(signal, &mut Context::new(core, USER));
        match signal {
            Signal::MailArrived if self.announces => {
                let first = core.facts.arrived - 1;
                core.said.push(Signal::Notified(Notice { first, mails: 1, by: ToldBy::BackgroundRefresh }));
            }
            Signal::ClientOpened(_) if self.reboots_when_opened => {
                core.said.push(Signal::Rebooted(Reboot::Planned));
            }
            _ => {}
        }
    }
}

pub(crate) type Record = Vec<(Time, Signal)>;

pub(crate) struct Recorder(Record);

impl Observer for Recorder {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        self.0.push((now, signal));
    }
}

/// What a test chooses; the rest is as by default, in UTC from a Monday at midnight.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) user: UserConfig,
    pub(crate) mail: MailConfig,
    pub(crate) persona: Persona,
    pub(crate) clock: Clock,
    pub(crate) traces: Traces,
    pub(crate) seed: u64,
    pub(crate) device: u32,
    pub(crate) days: u64,
    pub(crate) announces: bool,
    pub(crate) reboots_when_opened: bool,
}

impl World {
    pub(crate) fn new(name: PersonaName, seed: u64) -> World {
        World {
            user: UserConfig::default(),
            mail: MailConfig::default(),
            persona: FleetEntry { persona: name, ..FleetEntry::default() }.resolve(),
            clock: Clock::utc(),
            traces: Traces::default(),
            seed,
            device: 0,
            days: 28,
            announces: false,
            reboots_when_opened: false,
        }
    }

    pub(crate) fn typical(seed: u64) -> World {
        World::new(PersonaName::Typical, seed)
    }

    pub(crate) fn with_user(mut self, toml: &str) -> World {
        self.user = toml::from_str(toml).unwrap();
        self
    }

    pub(crate) fn with_mail(mut self, toml: &str) -> World {
        self.mail = toml::from_str(toml).unwrap();
        self
    }

    pub(crate) fn simulate<S: Observer>(&self, sink: &mut S) {
        let policy = &Policy::try_from(&policy::Config::default()).unwrap();
        let World { persona, clock, traces, device, .. } = self;
        let (group, rank, end) = ("typical", *device, Time::ORIGIN + Span::DAY * self.days);
        let streams = Streams::new(self.seed, group, rank);
        let (seed, dates) = (self.seed, &bgsim::event::Dates::NONE);
        let mail = Setup {
            config: &self.mail,
            policy,
            persona,
            clock,
            home: clock,
            dates,
            seed,
            streams,
            group,
            rank,
            traces,
            end,
        };
        let user = Setup {
            config: &self.user,
            policy,
            persona,
            clock,
            home: clock,
            dates,
            seed,
            streams,
            group,
            rank,
            traces,
            end,
        };
        let mut people = People {
            mail: Mail::new(&mail),
            user: User::new(&user),
            announces: self.announces,
            reboots_when_opened: self.reboots_when_opened,
        };
        let habits = Habits::new(&HabitsConfig::default(), clock.clone());
        let mut core = Core::new(Engine::Fast, SLOTS, Facts::at_origin(*policy, habits));
        run(&mut people, &mut core, end, sink);
    }

    pub(crate) fn run(&self) -> Record {
        let mut recorder = Recorder(Vec::new());
        self.simulate(&mut recorder);
        recorder.0
    }
}

pub(crate) fn times(record: &Record, wanted: impl Fn(Signal) -> bool) -> Vec<Time> {
    record.iter().filter(|(_, signal)| wanted(*signal)).map(|(at, _)| *at).collect()
}

pub(crate) fn own(signal: Signal) -> bool {
    matches!(signal, Signal::PickedUp(Reason::Own) | Signal::OwnUseBegins)
}

pub(crate) fn answered(signal: Signal) -> bool {
    signal == Signal::ClientOpened(Reason::Notification)
}

pub(crate) fn arrived(signal: Signal) -> bool {
    signal == Signal::MailArrived
}

pub(crate) fn opened(signal: Signal) -> bool {
    matches!(signal, Signal::ClientOpened(_))
}

pub(crate) fn berlin(start: &str, days: u64) -> Clock {
    Clock::new(start.parse().unwrap(), "Europe/Berlin", Span::ZERO, Span::DAY * days).unwrap()
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub(crate) fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() - 1) as f64
}

pub(crate) fn share(values: &[f64], test: impl Fn(f64) -> bool) -> f64 {
    values.iter().filter(|value| test(**value)).count() as f64 / values.len() as f64
}

#[track_caller]
pub(crate) fn within(what: &str, value: f64, low: f64, high: f64) {
    println!("{what}: {value:.3} (asked for {low} to {high})");
    assert!((low..=high).contains(&value), "{what}: {value:.4} lies outside {low} to {high}");
}
