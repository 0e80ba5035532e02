//! One model on its own: a script says what others would, and nothing else is there.

use bgsim::clock::Clock;
use bgsim::engine::{Context, Core, Engine, Model, Models, Observer, Setup, Slot, Timer, run};
use bgsim::persona::{FleetEntry, Persona, PersonaName};
use bgsim::policy::Policy;
use bgsim::random::Streams;
use bgsim::signal::{Facts, Habits, HabitsConfig, Signal};
use bgsim::time::{Span, Time};
use bgsim::trace::Traces;

/// What is said when, in order.
pub type Script = Vec<(Time, Signal)>;

/// The script has the first slot, the model the others.
struct Rig<M: Model> {
    script: Script,
    next: usize,
    model: M,
    client: fn(Signal, &mut Core),
}

impl<M: Model> Rig<M> {
    fn arm(&self, core: &mut Core) {
        if let Some((at, _)) = self.script.get(self.next) {
            core.calendar.arm(Slot(0), *at);
        }
    }
}

impl<M: Model> Models for Rig<M> {
    fn start(&mut self, core: &mut Core) {
        self.arm(core);
        self.model.start(&mut Context::new(core, 1));
    }

    fn fire(&mut self, slot: Slot, core: &mut Core) {
        if slot == Slot(0) {
            core.said.push(self.script[self.next].1);
            self.next += 1;
            self.arm(core);
        } else {
            let timer = M::Timer::ALL[usize::from(slot.0) - 1];
            self.model.fire(timer, &mut Context::new(core, 1));
        }
    }

    fn hear(&mut self, signal: Signal, core: &mut Core) {
        self.model.hear(signal, &mut Context::new(core, 1));
        (self.client)(signal, core);
    }
}

/// Runs a model for so many days, with a client that answers to signals; gives the public state at the
/// origin.
pub fn simulate<M: Model, S: Observer>(
    config: &M::Config,
    persona: &Persona,
    device: u32,
    script: Script,
    days: u64,
    client: fn(Signal, &mut Core),
    sink: &mut S,
) -> Facts {
    let clock = Clock::utc();
    let end = Time::ORIGIN + Span::DAY * days;
    let policy = Policy::try_from(&Default::default()).unwrap();
    let (streams, traces) = (Streams::new(1, "typical", device), Traces::default());
    let setup = Setup {
        config,
        policy: &policy,
        persona,
        clock: &clock,
        home: &clock,
        dates: &bgsim::event::Dates::NONE,
        seed: 1,
        streams,
        group: "typical",
        rank: device,
        traces: &traces,
        end,
    };
    let mut model = M::new(&setup);
    let mut facts = Facts::at_origin(policy, Habits::new(&HabitsConfig::default(), clock.clone()));
    model.at_origin(&mut facts);
    let origin = facts.clone();
    let mut core = Core::new(Engine::Fast, 1 + M::Timer::ALL.len() as u16, facts);
    run(&mut Rig { script, next: 0, model, client }, &mut core, end, sink);
    origin
}

/// A persona as the model has it.
pub fn persona(name: PersonaName) -> Persona {
    FleetEntry { persona: name, ..FleetEntry::default() }.resolve()
}
